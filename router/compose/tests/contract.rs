//! Contracts, each a small story: what is tagged, what is asked for, what clients see.

use schema::Schema;
use tributary_compose::{Code, Contract, Options, SubgraphSource, compose};

const LINK: &str = "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.3\", \
                    import: [\"@key\", \"@tag\", \"@inaccessible\", \"@shareable\"])\n";

/// The public schema under a contract, or the code of the error.
fn api(subgraphs: &[&str], include: &[&str], exclude: &[&str]) -> Result<String, Code> {
    let source = |(index, sdl): (usize, &&str)| SubgraphSource {
        name: format!("s{index}"),
        url: format!("http://s{index}"),
        sdl: format!("{LINK}{sdl}"),
        file: format!("s{index}.graphql"),
    };
    let sources: Vec<SubgraphSource> = subgraphs.iter().enumerate().map(source).collect();
    let names = |tags: &[&str]| tags.iter().map(|tag| (*tag).to_owned()).collect();
    let contract = Contract { include: names(include), exclude: names(exclude) };
    let options = Options { contract: Some(contract), ..Options::default() };
    match compose(&sources, &options) {
        Ok(supergraph) => {
            let schema = Schema::read(&supergraph.sdl).expect("what was composed can be read");
            Ok(schema.api().schema.serialize().no_indent().to_string())
        }
        Err(report) => Err(report.errors().next().expect("a report of errors has one").code),
    }
}

#[track_caller]
fn shows(api: &str, shown: &[&str], hidden: &[&str]) {
    for text in shown {
        assert!(api.contains(text), "no {text:?} in {api}");
    }
    for text in hidden {
        assert!(!api.contains(text), "{text:?} in {api}");
    }
}

#[test]
fn partners_see_what_is_tagged_for_them() {
    let catalog = "type Query { book: Book @tag(name: \"partner\") margin: Int }
        type Book @key(fields: \"id\") { id: ID! title: String @tag(name: \"partner\") cost: Int }";
    let api = api(&[catalog], &["partner"], &[]).expect("it composes");
    shows(&api, &["book: Book", "title: String"], &["margin", "cost", "id: ID"]);
}

#[test]
fn what_is_experimental_is_left_out() {
    let catalog = "type Query { book: Book draft: Draft @tag(name: \"experimental\") }
        type Book { title: String mood: Mood @tag(name: \"experimental\") }
        enum Mood { GOOD BAD } type Draft { text: String }";
    let api = api(&[catalog], &[], &["experimental"]).expect("it composes");
    shows(&api, &["title: String"], &["mood", "Mood", "Draft", "draft"]);
}

#[test]
fn exclude_beats_include() {
    let catalog = "type Query @tag(name: \"public\") { a: Int b: Int @tag(name: \"internal\") }";
    let api = api(&[catalog], &["public"], &["internal"]).expect("it composes");
    shows(&api, &["a: Int"], &["b: Int"]);
}

#[test]
fn what_speaks_of_something_hidden_is_hidden_and_what_nobody_reaches_too() {
    let catalog = "type Query { find(by: By, mode: Mode = FAST): [Item] old(by: Secret!): Item }
        input By { id: ID secret: Secret } input Secret @tag(name: \"x\") { key: String }
        enum Mode { FAST SLOW @tag(name: \"x\") } union Item = Book | Vault
        type Book { title: String owner: Owner } type Vault @tag(name: \"x\") { code: Int }
        interface Owner { name: String ssn: String }
        type Person implements Owner { name: String ssn: String @tag(name: \"x\") }";
    let api = api(&[catalog], &[], &["x"]).expect("it composes");
    shows(
        &api,
        &["find(by: By, mode: Mode = FAST)", "union Item = Book", "name: String"],
        &["Vault", "Secret", "SLOW", "old", "ssn", "secret"],
    );
}

#[test]
fn hidden_keys_still_join_subgraphs() {
    let users = "type Query { me: User @tag(name: \"app\") }
        type User @key(fields: \"id\") { id: ID! name: String @tag(name: \"app\") }";
    let posts = "type User @key(fields: \"id\") { id: ID! posts: Int @tag(name: \"app\") }";
    let api = api(&[users, posts], &["app"], &[]).expect("it composes");
    shows(&api, &["name: String", "posts: Int"], &["id: ID"]);
}

#[test]
fn a_contract_that_leaves_nothing_is_an_error() {
    let found = api(&["type Query { a: Int }"], &["nobody"], &[]);
    assert_eq!(found, Err(Code::QueryRootTypeInaccessible));
    let source = SubgraphSource {
        name: "s".into(),
        url: "http://s".into(),
        sdl: format!("{LINK}type Query {{ a: Int @tag(name: \"partner\") }}"),
        file: "s.graphql".into(),
    };
    let contract = Contract { include: vec!["partners".into()], exclude: Vec::new() };
    let options = Options { contract: Some(contract), ..Options::default() };
    let report = compose(&[source], &options).expect_err("nothing is left");
    assert!(report.render(false).contains("did you mean `partner`?"), "{report}");
}
