//! Documents that mean harm: refused with a code, in time that is linear in their text.

use std::fmt::Write;

use super::{refused, schema};
use crate::{Code, Document, Limits};

#[test]
fn text_that_is_no_graphql_is_refused_with_its_place() {
    let errors =
        Document::parse(&schema(), "{ node(id: 1 { id } }", &Limits::default()).unwrap_err();
    assert_eq!(errors[0].code, Code::ParseFailed);
    assert_eq!(errors[0].locations, [(1, 14)]);
    assert!(errors.iter().all(|error| !error.message.contains("CURLY")), "{errors:?}");
    assert_eq!(refused("")[0].0, Code::ParseFailed);
    assert_eq!(refused("\u{0}\u{feff}{")[0].0, Code::ParseFailed);
}

#[test]
fn what_the_schema_does_not_know_is_refused_with_its_place() {
    let errors =
        Document::parse(&schema(), "{ node(id: 1) { no } }", &Limits::default()).unwrap_err();
    assert_eq!(errors[0].code, Code::ValidationFailed);
    assert!(errors[0].message.contains("no"), "{}", errors[0].message);
    assert_eq!(errors[0].locations, [(1, 17)]);
    assert_eq!(refused("{ node(id: 1) { ... on Nothing { id } } }")[0].0, Code::ValidationFailed);
    assert_eq!(refused("type A { b: Int } { __typename }")[0].0, Code::ValidationFailed);
}

#[test]
fn deep_nesting_is_refused_in_selections_and_values() {
    let deep =
        |n: usize| format!("{{ node(id: 1) {{ {} id {} }} }}", "self {".repeat(n), "}".repeat(n));
    assert!(Document::parse(&schema(), &deep(50), &Limits::default()).is_ok());
    for n in [101, 10_000] {
        let (code, message) = refused(&deep(n)).remove(0);
        assert_eq!(code, Code::TooLarge, "{n}: {message}");
        assert!(message.contains("nesting"), "{n}: {message}");
    }
    let list = format!("{{ order(ids: {}{}) }}", "[".repeat(12_000), "]".repeat(2_000));
    assert_eq!(refused(&list)[0].0, Code::TooLarge);
}

#[test]
fn long_documents_are_refused() {
    let many = |n: usize| format!("{{ node(id: 1) {{ {} }} }}", "id ".repeat(n));
    assert!(Document::parse(&schema(), &many(7_000), &Limits::default()).is_ok());
    let (code, message) = refused(&many(20_000)).remove(0);
    assert_eq!(code, Code::TooLarge);
    assert!(message.contains("15000") || message.contains("15_000"), "{message}");
    assert_eq!(refused(&" ".repeat(300_000))[0].0, Code::TooLarge);
}

#[test]
fn fragments_that_explode_are_refused_before_they_do() {
    let mut text = "{ node(id: 1) { ...f0 } }\n".to_owned();
    for n in 0..60 {
        let next = n + 1;
        writeln!(text, "fragment f{n} on Node {{ a: self {{ ...f{next} }} ...f{next} }}").unwrap();
    }
    text.push_str("fragment f60 on Node { id }");
    let (code, message) = refused(&text).remove(0);
    assert_eq!(code, Code::TooLarge);
    assert!(message.contains("far more") || message.contains("selections"), "{message}");
}

#[test]
fn fragments_that_spread_themselves_are_refused() {
    let text = "{ node(id: 1) { ...a } } fragment a on Node { ...b } fragment b on Node { ...a }";
    assert_eq!(refused(text)[0].0, Code::ValidationFailed);
}

#[test]
fn many_findings_are_cut() {
    let text = format!("{{ {} }}", "nothing ".repeat(5_000));
    let errors = refused(&text);
    assert!((1..=50).contains(&errors.len()), "{}", errors.len());
}
