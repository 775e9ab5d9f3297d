//! The parser against the grammar, by tables and against serde_json.

use proptest::prelude::*;

use super::*;

#[test]
fn numbers_keep_their_text() {
    for text in ["0", "-0", "1.10", "18446744073709551616", "1e400", "-1.5E+3"] {
        assert_eq!(parse(text.as_bytes(), 1).expect("JSON").to_string(), text);
    }
}

#[test]
fn what_the_grammar_refuses_is_refused() {
    let texts: [&[u8]; 24] = [
        b"",
        b" ",
        b"01",
        b"1.",
        b".5",
        b"+1",
        b"1e",
        b"-",
        b"nul",
        b"[1,]",
        b"[,1]",
        b"{\"a\":1,}",
        b"{a:1}",
        b"{\"a\" 1}",
        b"\"a",
        b"\"\\x\"",
        b"\"\\u12\"",
        b"\"\n\"",
        b"[1",
        b"1 2",
        b"\xef\xbb\xbf1",
        b"\"\xff\"",
        b"{\"a\":}",
        b"NaN",
    ];
    for text in texts {
        parse(text, 8).expect_err(&String::from_utf8_lossy(text));
    }
}

#[test]
fn members_come_one_by_one() {
    let members = |text: &str| {
        let mut members = Vec::new();
        let read = parse_members(text.as_bytes(), 2, |key, value| {
            members.push(format!("{key}={}", value.read()?));
            Ok(())
        });
        read.map(|is_object| (is_object, members.join(" ")))
    };
    let two = r#" { "a" : [1] , "\u0061" : null } "#;
    assert_eq!(members(two), Ok((true, "a=[1] a=null".to_owned())));
    assert_eq!(members("{}"), Ok((true, String::new())));
    assert_eq!(members("[1]"), Ok((false, String::new())));
    let strings = r#"{"a":"\"\\","b":"","c":"\\\"x"}"#;
    let same = r#"a="\"\\" b="" c="\\\"x""#;
    assert_eq!(members(strings), Ok((true, same.to_owned())));
    for wrong in [r#"{"a":"}"#, r#"{"a":"\"}"#, r#"{"a":"\x"}"#, "{\"a\":\"\n\"}"] {
        assert_eq!(members(wrong).unwrap_err(), parse(wrong.as_bytes(), 2).unwrap_err());
    }
    for wrong in ["", "{", "{} 1", "{\"a\":[[1]]}", "[[[1]]]", "{\"a\":1,}", "[1] x"] {
        assert!(members(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn the_rules_of_the_grammar_hold() {
    for text in cases::valid() {
        parse(&text, 100).unwrap_or_else(|error| panic!("{error}: {}", text.escape_ascii()));
    }
    for text in cases::invalid() {
        assert!(parse(&text, 600).is_err(), "{}", text.escape_ascii());
    }
    for text in cases::either() {
        // What is taken is printed as JSON again.
        if let Ok(read) = parse(&text, 600) {
            assert_eq!(parse(read.to_string().as_bytes(), 600), Ok(read));
        }
    }
}

#[test]
fn depth_is_bounded() {
    let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    parse(nested(8).as_bytes(), 8).expect("within");
    let error = parse(nested(9).as_bytes(), 8).expect_err("beyond");
    assert_eq!((error.what, error.at), ("too deeply nested array", 8));
    parse("[".repeat(1_000_000).as_bytes(), 128).expect_err("hostile");
    parse("{\"a\":".repeat(1_000_000).as_bytes(), 128).expect_err("hostile");
}

#[test]
fn strings_are_unescaped() {
    let parsed = parse(br#""a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00\ud83d""#, 1).expect("JSON");
    assert_eq!(parsed.as_str(), Some("a\"\\/\u{8}\u{c}\n\r\té😀\u{fffd}"));
}

#[test]
fn the_last_of_duplicate_keys_counts() {
    assert_eq!(parse(br#"{"a":1,"a":2}"#, 1).expect("JSON").to_string(), r#"{"a":2}"#);
}

fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("{".to_owned()),
        Just("}".to_owned()),
        Just("[".to_owned()),
        Just("]".to_owned()),
        Just(",".to_owned()),
        Just(":".to_owned()),
        Just(" ".to_owned()),
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("\"a\"".to_owned()),
        Just("\"".to_owned()),
        Just("\\u00e9".to_owned()),
        "[0-9]{1,3}",
        "-?[0-9]{1,2}(\\.[0-9]{0,2})?(e[0-9]{0,2})?",
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn verdicts_agree_with_serde_json(text in texts()) {
        // As a raw value, since serde_json else refuses numbers that no float can hold.
        let theirs = serde_json::from_str::<&serde_json::value::RawValue>(&text).is_ok();
        prop_assert_eq!(parse(text.as_bytes(), 64).is_ok(), theirs, "{}", text);
    }

    #[test]
    fn strings_agree_with_serde_json(
        pieces in proptest::collection::vec(
            r#"[ -!#-\[\]-~\u{e9}\u{1f600}]{0,40}|\\["\\/bfnrt]|\\u[0-9a-cA-C]{4}|\\ud83d\\ude00"#, 0..40)
    ) {
        let text = format!("\"{}\"", pieces.concat());
        let theirs: String = serde_json::from_str(&text).expect("a string");
        prop_assert_eq!(parse(text.as_bytes(), 1), Ok(Json::String(theirs)));
    }

    #[test]
    fn members_agree_with_the_tree(
        text in r#"\{("[a-c]":("(\\\\|\\"|\\n|[a-z{}":,é]|\\q){0,40}"|[0-9]|\[\]),?){0,4}\}"#
    ) {
        let mut members = Object::new();
        let read = parse_members(text.as_bytes(), 64, |key, value| {
            members.insert(key.into_owned(), value.read()?);
            Ok(())
        });
        let read = read.map(|_| Json::Object(members));
        prop_assert_eq!(read, parse(text.as_bytes(), 64), "{}", text);
    }

    #[test]
    fn printing_and_parsing_is_the_identity(text in ".*") {
        let value = Json::List(vec![Json::String(text), Json::Number("1.0".into()), Json::Null]);
        prop_assert_eq!(parse(value.to_string().as_bytes(), 2), Ok(value));
    }
}
