//! Wrong configurations end the process with a message that helps.

use crate::folder::Folder;
use crate::router::tributary;

/// What `serve` says of a configuration that can't be served.
fn told(text: &str, flags: &[&str]) -> String {
    let folder = Folder::new();
    folder.write("tributary.yaml", text);
    let mut command = tributary();
    command.current_dir(folder.path()).args(["serve", "--config", "tributary.yaml"]).args(flags);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn an_unknown_key_is_shown_with_the_one_that_was_meant() {
    let said = told("limits:\n  body_byte: 2MB\n", &[]);
    let expected = "\
error: tributary.yaml:2:3: unknown key `body_byte`
  |
2 |   body_byte: 2MB
  |   ^^^^^^^^^
help: did you mean `body_bytes`?
";
    assert_eq!(said, expected);
    assert!(!said.contains('\u{1b}'), "no colours into a pipe");
}

#[test]
fn every_mistake_is_told() {
    let sdl =
        "subgraphs: {a: {routing_url: 'http://a/', schema: {sdl: 'type Query { a: Int }'}}}\n";
    let cases = [
        (String::new(), &[][..], "there is nothing to serve"),
        ("supergraph: nowhere.graphql\n".to_owned(), &[], "nowhere.graphql can't be read"),
        (format!("{sdl}planning: {{avoid: [Query.b@a]}}\n"), &[], "there is no field `Query.b`"),
        (format!("{sdl}planning: {{pin: [Query.a]}}\n"), &[], "Type.field@subgraph"),
        (format!("{sdl}planning: {{avoid: [Query.a@a]}}\n"), &[], "leaves no subgraph to resolve"),
        (format!("{sdl}planning: {{disable: [b]}}\n"), &[], "\"b\" names no subgraph; there are a"),
        ("limits: {body_bytes: 2 parsecs}\n".to_owned(), &[], "2MB or 512KiB"),
        ("profile: fast\n".to_owned(), &[], "production"),
        ("a: [".to_owned(), &[], "tributary.yaml:1:"),
        (format!("{sdl}limits: {{head_bytes: 1KiB}}\n"), &[], "limits.head_bytes must be 8192"),
        (format!("{sdl}cors: {{origins: [app.example]}}\n"), &[], "is no origin"),
        (format!("{sdl}log: {{format: loud}}\n"), &[], "json, pretty or auto"),
        (format!("{sdl}listen: ${{NOWHERE_AT_ALL}}\n"), &[], "NOWHERE_AT_ALL"),
        (sdl.to_owned(), &["--listen", "nowhere:http"], "--listen HOST:PORT"),
        ("subgraphs: {a: {routing_url: 'http://a/'}}\n".to_owned(), &[], "it has no schema"),
    ];
    for (text, flags, expected) in cases {
        let said = told(&text, flags);
        assert!(said.contains(expected), "no {expected:?} in\n{said}");
    }
}

#[test]
fn a_variable_of_the_environment_that_is_wrong_is_named() {
    let output = tributary()
        .args(["serve", "--supergraph", "x"])
        .env("TRIBUTARY_LIMITS_TOKENS", "many")
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("TRIBUTARY_LIMITS_TOKENS") && said.contains("whole number"), "{said}");
}

#[test]
fn the_command_line_teaches() {
    let said = |arguments: &[&str]| {
        let output = tributary().args(arguments).output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(text).unwrap())
    };
    let (status, version) = said(&["--version"]);
    assert_eq!((status, version.as_str()), (Some(0), "tributary 0.1.0\n"));
    let (status, help) = said(&["--help"]);
    assert!(status == Some(0) && help.contains("Examples:") && !help.contains('\u{1b}'), "{help}");
    let (status, help) = said(&["serve", "--lisen", "x"]);
    assert!(status == Some(2) && help.contains("--listen"), "{help}");
    let (status, help) = said(&["sreve"]);
    assert!(status == Some(2) && help.contains("'serve'"), "{help}");
}
