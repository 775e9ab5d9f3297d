//! Documents as they are sent: without the white space that only people need.

/// The same document, shorter. Strings stay as they are.
pub fn minified(document: &str) -> String {
    let mut out = String::with_capacity(document.len());
    let mut rest = document.chars().peekable();
    let mut string = false;
    while let Some(char) = rest.next() {
        match char {
            '"' => string = !string,
            '\\' if string => {
                out.push(char);
                out.extend(rest.next());
                continue;
            }
            ' ' if !string => {
                // Names and numbers are the only tokens that nothing else keeps apart.
                let word = |char: &char| char.is_alphanumeric() || *char == '_';
                if !(out.chars().next_back().is_some_and(|last| word(&last))
                    && rest.peek().is_some_and(word))
                {
                    continue;
                }
            }
            _ => {}
        }
        out.push(char);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::minified;

    #[test]
    fn only_what_separates_names_is_kept() {
        for (document, expected) in [
            ("query { a b { c } d }", "query{a b{c}d}"),
            (
                "query($r: [_Any!]!) { _entities(representations: $r) { ... on User { name } } }",
                "query($r:[_Any!]!){_entities(representations:$r){...on User{name}}}",
            ),
            (
                r#"{ x: a(s: "a  b \" { c", n: [1, -2], o: {k: E}) { __typename } }"#,
                r#"{x:a(s:"a  b \" { c",n:[1,-2],o:{k:E}){__typename}}"#,
            ),
            (r#"{ a(s: "\\", t: "  ") b }"#, r#"{a(s:"\\",t:"  ")b}"#),
        ] {
            assert_eq!(minified(document), expected);
        }
    }
}
