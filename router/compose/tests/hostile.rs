//! Subgraphs that mean harm, or were never finished: told with a code, in bounded time, never a
//! panic.

use std::fmt::Write;
use std::num::NonZeroUsize;

use tributary_compose::{Code, Options, SubgraphSource, compose};

const LINK: &str = "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.9\", \
                    import: [\"@key\", \"@requires\", \"@external\", \"@shareable\"])\n";

/// The codes of the errors of one subgraph; none when it composes.
fn codes(sdl: &str) -> Vec<Code> {
    codes_within(sdl, &Options::default())
}

fn codes_within(sdl: &str, options: &Options) -> Vec<Code> {
    let source = SubgraphSource {
        name: "a".into(),
        url: "http://a".into(),
        sdl: sdl.into(),
        file: "a.graphql".into(),
    };
    match compose(&[source], options) {
        Ok(_) => Vec::new(),
        Err(report) => {
            assert!(report.has_errors());
            // The report can be shown, whatever stands in it.
            assert!(!report.render(false).is_empty());
            let mut codes: Vec<Code> = report.errors().map(|found| found.code).collect();
            codes.dedup();
            codes
        }
    }
}

#[test]
fn text_that_is_no_schema_is_told() {
    for sdl in ["{", "type", "\u{0}", "type Query {", "\"\"\"", "query { a }", "🦀", "#"] {
        assert!(!codes(sdl).is_empty(), "{sdl:?}");
    }
    assert_eq!(codes(""), [Code::InvalidGraphql]);
}

#[test]
fn deep_nesting_is_told() {
    let list = format!("type Query {{ a: {}Int{} }}", "[".repeat(20_000), "]".repeat(20_000));
    assert_eq!(codes(&list), [Code::InvalidGraphql]);
    let value = format!("type Query {{ a(b: Int = {}1): Int }}", "[".repeat(20_000));
    assert_eq!(codes(&value), [Code::InvalidGraphql]);
    let set = "a { ".repeat(20_000);
    let sdl = format!("{LINK}type Query {{ t: T }} type T @key(fields: \"{set}\") {{ a: T }}");
    assert_eq!(codes(&sdl), [Code::KeyInvalidFields]);
}

#[test]
fn large_texts_are_read_or_told() {
    let long = "x".repeat(1 << 20);
    assert!(codes(&format!("\"{long}\" type Query {{ a: Int }}")).is_empty());
    assert!(codes(&format!("type Query {{ {long}: Int }}")).is_empty());
    let small = Options { bytes: NonZeroUsize::new(1000).unwrap(), ..Options::default() };
    assert_eq!(codes_within(&long, &small), [Code::InvalidGraphql]);
    let few = Options { tokens: NonZeroUsize::new(10).unwrap(), ..Options::default() };
    assert_eq!(codes_within("type Query { a: Int b: Int c: Int }", &few), [Code::InvalidGraphql]);
}

#[test]
fn many_types_compose() {
    let mut sdl = format!("{LINK}type Query {{ t0: T0 }}\n");
    for n in 0..5_000 {
        let next = (n + 1) % 5_000;
        writeln!(sdl, "type T{n} @key(fields: \"id\") {{ id: ID! next: T{next} }}").unwrap();
    }
    assert!(codes(&sdl).is_empty());
}

#[test]
fn a_hundred_thousand_types_are_read_or_told() {
    let mut sdl = format!("{LINK}type Query {{ a: Int }}\n");
    for n in 0..100_000 {
        writeln!(sdl, "type T{n} {{ a: Int }}").unwrap();
    }
    let report = codes(&sdl);
    assert!(report.is_empty() || report == [Code::InvalidGraphql], "{report:?}");
}

#[test]
fn as_many_errors_are_told_as_there_are() {
    let mut sdl = format!("{LINK}type Query {{ a: Int }}\n");
    for n in 0..10_000 {
        writeln!(sdl, "type T{n} @key(fields: \"nothing\") {{ id: ID! }}").unwrap();
    }
    let source =
        SubgraphSource { name: "a".into(), url: "http://a".into(), sdl, file: "a.graphql".into() };
    let report = compose(&[source], &Options::default()).unwrap_err();
    assert_eq!(report.errors().count(), 10_000);
    assert!(report.render(false).len() < 20 << 20);
}

#[test]
fn a_mistake_of_many_subgraphs_is_told_in_bounded_space() {
    let source = |n: usize| SubgraphSource {
        name: format!("s{n}"),
        url: "http://s".into(),
        sdl: format!("{LINK}type Query {{ a: {} }}", if n < 1_000 { "Int" } else { "String" }),
        file: format!("s{n}.graphql"),
    };
    let sources: Vec<_> = (0..2_000).map(source).collect();
    let report = compose(&sources, &Options::default()).unwrap_err();
    assert!(report.render(false).len() < 4 << 20, "{}", report.render(false).len());
}

#[test]
fn circles_end() {
    assert_eq!(
        codes(
            "type Query { a: A } interface A implements B { x: Int } interface B implements A { x: Int }"
        ),
        [Code::InvalidGraphql]
    );
    assert_eq!(
        codes(
            "directive @a(x: Int @b) on ARGUMENT_DEFINITION directive @b(x: Int @a) on ARGUMENT_DEFINITION type Query { a: Int }"
        ),
        [Code::InvalidGraphql]
    );
    assert_eq!(codes("type Query { a(i: I): Int } input I { i: I! }"), [Code::InvalidGraphql]);
    let requires = format!(
        "{LINK}type Query {{ t: T }} type T @key(fields: \"id\") {{ id: ID! a: Int @external \
         b: Int @external c: Int @requires(fields: \"a\") }}"
    );
    assert!(!codes(&requires).is_empty());
}

#[test]
fn links_that_make_no_sense_are_told() {
    for (link, code) in [
        ("url: \"nonsense\"", Code::InvalidLinkIdentifier),
        ("as: \"x\"", Code::InvalidLinkDirectiveUsage),
        ("url: \"https://specs.apollo.dev/federation/v9.9\"", Code::UnknownFederationLinkVersion),
        ("url: \"https://specs.apollo.dev/link/v7.0\"", Code::UnknownLinkVersion),
        ("url: \"https://specs.apollo.dev/connect/v0.1\"", Code::ConnectorsUnsupported),
        (
            "url: \"https://specs.apollo.dev/federation/v2.3\", import: [7]",
            Code::InvalidLinkDirectiveUsage,
        ),
        (
            "url: \"https://specs.apollo.dev/federation/v2.3\", import: [\"@cost\"]",
            Code::InvalidLinkDirectiveUsage,
        ),
    ] {
        let sdl = format!("extend schema @link({link}) type Query {{ a: Int }}");
        assert_eq!(codes(&sdl), [code], "{link}");
    }
}

#[test]
fn subgraphs_without_a_proper_name_are_told() {
    let source = |name: &str| SubgraphSource {
        name: name.into(),
        url: String::new(),
        sdl: "type Query { a: Int }".into(),
        file: "a.graphql".into(),
    };
    let report = compose(&[source("a"), source("a")], &Options::default()).unwrap_err();
    assert_eq!(report.errors().next().unwrap().code, Code::InvalidSubgraphName);
    assert!(compose(&[source("")], &Options::default()).is_err());
    assert!(compose(&[], &Options::default()).is_err());
}
