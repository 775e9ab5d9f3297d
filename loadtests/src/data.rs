//! The benchmark's subgraphs, their data, and the requests.
//!
//! Shape and size are those of the public federation benchmark (6 users, 5 products, 11 reviews, an
//! answer of about 87 kB); the texts are our own.

use std::fmt::Write as _;

use json::quoted;

/// Names and SDL, by name.
pub(crate) const SUBGRAPHS: [(&str, &str); 4] = [
    ("accounts", include_str!("../benchmark/accounts.graphql")),
    ("inventory", include_str!("../benchmark/inventory.graphql")),
    ("products", include_str!("../benchmark/products.graphql")),
    ("reviews", include_str!("../benchmark/reviews.graphql")),
];

/// The benchmark's own operation.
pub(crate) const OPERATION: &str = include_str!("../benchmark/operation.graphql");

const PEOPLE: [(&str, &str); 6] = [
    ("ada", "Ada Lovelace"),
    ("grace", "Grace Hopper"),
    ("edsger", "Edsger Dijkstra"),
    ("barbara", "Barbara Liskov"),
    ("alan", "Alan Turing"),
    ("katherine", "Katherine Johnson"),
];

/// Name, price, weight, in stock, and its reviews.
const PRODUCTS: [(&str, u32, u32, bool, &[usize]); 5] = [
    ("Table", 899, 100, true, &[1, 2, 3, 4]),
    ("Couch", 1299, 1000, false, &[5, 6, 7, 8]),
    ("Glass", 15, 20, false, &[9]),
    ("Chair", 499, 100, false, &[10, 11]),
    ("Lamp", 129, 12, true, &[]),
];

const REVIEWS: usize = 11;

/// The data of a subgraph, as the testkit reads it.
pub(crate) fn of(subgraph: &str) -> String {
    let list = |items: Vec<String>| format!("[{}]", items.join(","));
    let people = 1..=PEOPLE.len();
    match subgraph {
        "accounts" => {
            let row = |(index, (username, name)): (usize, &(&str, &str))| {
                let id = index + 1;
                format!(
                    r#"{{"id":"{id}","name":"{name}","username":"{username}","birthday":{id}}}"#
                )
            };
            let rows = PEOPLE.iter().enumerate().map(row).collect();
            let all = people.map(|id| format!(r#"{{"id":"{id}"}}"#)).collect();
            let (all, rows) = (list(all), list(rows));
            format!(
                r#"{{"Query":{{"users":{all},"me":{{"id":"1"}},"user":{{"id":"1"}}}},"User":{rows}}}"#
            )
        }
        "inventory" => {
            let row = |(index, product): (usize, &(&str, u32, u32, bool, &[usize]))| {
                let (upc, in_stock, shipping) = (index + 1, product.3, product.2 / 2);
                format!(r#"{{"upc":"{upc}","inStock":{in_stock},"shippingEstimate":{shipping}}}"#)
            };
            let rows = list(PRODUCTS.iter().enumerate().map(row).collect());
            format!(r#"{{"Product":{rows}}}"#)
        }
        "products" => {
            let row = |(index, product): (usize, &(&str, u32, u32, bool, &[usize]))| {
                let (name, price, weight, ..) = product;
                let upc = index + 1;
                format!(
                    r#"{{"upc":"{upc}","name":"{name}","price":{price},"weight":{weight},"notes":"{name}","internal":"i{upc}"}}"#
                )
            };
            let rows = list(PRODUCTS.iter().enumerate().map(row).collect());
            let top = (1..=PRODUCTS.len()).map(|upc| format!(r#"{{"upc":"{upc}"}}"#)).collect();
            format!(r#"{{"Query":{{"topProducts":{}}},"Product":{rows}}}"#, list(top))
        }
        _ => {
            let review = |id: &usize| format!(r#"{{"id":"{id}"}}"#);
            let reviews = (1..=REVIEWS).map(|id| {
                let of = |reviews: &&[usize]| reviews.contains(&id);
                let upc = PRODUCTS.iter().position(|product| of(&product.4)).unwrap_or(0) + 1;
                let (username, _) = PEOPLE[0];
                format!(
                    r#"{{"id":"{id}","body":{},"product":{{"upc":"{upc}"}},"author":{{"id":"1","username":"{username}"}}}}"#,
                    quoted(&text(id))
                )
            });
            let product = |(index, product): (usize, &(&str, u32, u32, bool, &[usize]))| {
                let reviews = list(product.4.iter().map(review).collect());
                format!(r#"{{"upc":"{}","reviews":{reviews}}}"#, index + 1)
            };
            let user =
                |id: usize| format!(r#"{{"id":"{id}","reviews":[{{"id":"1"}},{{"id":"2"}}]}}"#);
            format!(
                r#"{{"Review":{},"Product":{},"User":{}}}"#,
                list(reviews.collect()),
                list(PRODUCTS.iter().enumerate().map(product).collect()),
                list(people.map(user).collect()),
            )
        }
    }
}

/// The text of a review, from about 290 to about 445 bytes.
fn text(id: usize) -> String {
    const SENTENCES: [&str; 4] = [
        "It came a day early, in a box that two people could hardly carry up the stairs.",
        "The wood is darker than in the pictures, which we have come to like very much.",
        "One screw was missing; a message to the shop and it lay in the letter box on Monday.",
        "After a year of daily use nothing creaks, nothing wobbles, and the cat has moved in.",
    ];
    let mut text = String::new();
    let sentences = if id.is_multiple_of(2) { 3 } else { 5 };
    for turn in 0..sentences {
        let sentence = SENTENCES[(id + turn) % SENTENCES.len()];
        // Writing to a string can't fail.
        let _ = write!(text, "{}{sentence}", if turn == 0 { "" } else { " " });
    }
    text
}

/// The bodies of requests: one, or `distinct` of different operations and variables.
pub(crate) fn requests(document: &str, distinct: usize) -> Vec<String> {
    if distinct == 0 {
        return vec![format!("{{\"query\":{}}}", quoted(document))];
    }
    let request = |index: usize| {
        let document = format!(
            "query Distinct{index}($id: ID!) {{ user(id: $id) {{ id name }} {} }}\n{}",
            fields(document),
            fragments(document),
        );
        format!("{{\"query\":{},\"variables\":{{\"id\":\"u{index}\"}}}}", quoted(&document))
    };
    (1..=distinct).map(request).collect()
}

/// What stands between the braces of the document's operation.
fn fields(document: &str) -> &str {
    let (start, end) = operation(document);
    let text = &document[start..end];
    let open = text.find('{').map_or(0, |at| at + 1);
    text[open..].trim_end().trim_end_matches('}')
}

/// What stands beside the document's operation.
fn fragments(document: &str) -> String {
    let (start, end) = operation(document);
    format!("{}{}", &document[..start], &document[end..])
}

/// Where the document's operation begins and ends: from `query` to the brace that closes it.
fn operation(document: &str) -> (usize, usize) {
    let start = document.find("query").unwrap_or(0);
    let mut depth = 0;
    for (at, byte) in document.bytes().enumerate().skip(start) {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => continue,
        }
        if depth == 0 {
            return (start, at + 1);
        }
    }
    (start, document.len())
}
