//! What a router must answer: what one server says that holds the data of all subgraphs and knows
//! neither plans nor fetches.

use json::{Json, Object};
use schema::Schema;
use testkit::Merged;

use crate::data;

/// How the rows of the data are found.
const KEYS: &str = "type Query { me: User }
    type User @key(fields: \"id\") { id: ID! }
    type Product @key(fields: \"upc\") { upc: String! }
    type Review @key(fields: \"id\") { id: ID! }";

/// The answers to bodies of requests, each as JSON in one line.
pub(crate) fn answers(supergraph: &str, bodies: &str) -> Result<Vec<String>, String> {
    let schema = Schema::read(supergraph).map_err(|error| error.to_string())?;
    let merged = Merged::new(KEYS, &merged().to_string())?;
    let answer = |body: &str| {
        let body = json::parse(body.as_bytes(), 100).map_err(|error| error.to_string())?;
        let query = body.get("query").and_then(Json::as_str).ok_or("a body has no query")?;
        let none = Object::new();
        let variables = body.get("variables").and_then(Json::as_object).unwrap_or(&none);
        Ok(merged.answer(&schema, query, variables)?.to_string())
    };
    bodies.lines().map(answer).collect()
}

/// The data of all subgraphs: rows of one type stand in the same order in each.
fn merged() -> Json {
    let mut all = Object::new();
    for (name, _) in data::SUBGRAPHS {
        let Ok(Json::Object(of_one)) = json::parse(data::of(name).as_bytes(), 100) else {
            continue;
        };
        for (ty, value) in of_one {
            unite(all.entry(ty).or_default(), value);
        }
    }
    Json::Object(all)
}

fn unite(into: &mut Json, from: Json) {
    match (into, from) {
        (Json::Object(into), Json::Object(from)) => {
            for (key, value) in from {
                unite(into.entry(key).or_default(), value);
            }
        }
        (Json::List(into), Json::List(from)) => {
            into.iter_mut().zip(from).for_each(|(into, from)| unite(into, from));
        }
        (into, from) => *into = from,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::subgraphs;

    #[test]
    fn the_benchmark_is_answered_in_full() -> Result<(), String> {
        let supergraph = subgraphs::supergraph(0, None)?;
        let bodies = data::requests(data::OPERATION, 0).join("\n");
        let answers = answers(&supergraph, &bodies)?;
        let [answer] = answers.as_slice() else { return Err("not one answer".to_owned()) };
        assert!((80_000..90_000).contains(&answer.len()), "{} bytes", answer.len());
        assert!(!answer.contains("null") && !answer.contains("\"errors\""));
        Ok(())
    }

    #[test]
    fn distinct_operations_have_answers_of_their_own() -> Result<(), String> {
        let supergraph = subgraphs::supergraph(0, None)?;
        let bodies = data::requests(data::OPERATION, 3).join("\n");
        let answers = answers(&supergraph, &bodies)?;
        assert_eq!(answers.len(), 3);
        assert!(answers[0].starts_with("{\"data\":{\"user\":{\"id\":\"1\",\"name\":"));
        Ok(())
    }
}
