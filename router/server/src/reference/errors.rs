//! The page of the error codes.

use std::fmt::Write;

use engine::Blame;

use crate::http::Kind;

const HEAD: &str = "\
# Error codes

Written from the program's own tables. Every error that a client gets has a code at `errors[].extensions.code`; every finding
of composition has one too.

## Refused at the edge

The request never became an operation: no subgraph was asked.

| Code | Status | What it means |
|---|---|---|
";

const ENGINE: &str = "
## Answered

The status counts where the request is refused with the code; 200 marks codes inside an answer, beside `data`. A request
that accepts `application/json` only gets 200 instead of 400. A subgraph's own codes are passed on.

| Code | Status | Fault of | What it means |
|---|---|---|---|
";

const COMPOSITION: &str = "
## Composition

What `tributary compose` finds. Errors forbid composition; hints don't. The names are those that other composers of
federation use. `tributary compose --explain CODE` prints the page of one: what to do, a set of subgraphs that gets it with
the report, and the set mended.

| Code, with an example | What it means | Why |
|---|---|---|
";

/// The text of `docs/reference/errors.md`.
pub fn errors() -> String {
    let mut page = HEAD.to_owned();
    for kind in Kind::ALL {
        let status = kind.status().as_u16();
        let _ = writeln!(page, "| `{}` | {status} | {} |", kind.code(), kind.help());
    }
    page.push_str(ENGINE);
    for row in engine::ERRORS.iter().filter(|row| !at_the_edge(row.code)) {
        let blame = match row.blame {
            Blame::Client => "client",
            Blame::Subgraph => "subgraph",
            Blame::Router => "router",
        };
        let _ = writeln!(page, "| `{}` | {} | {blame} | {} |", row.code, row.status, row.help);
    }
    page.push_str(COMPOSITION);
    for code in compose::Code::ALL {
        let why = code.why();
        let _ = writeln!(
            page,
            "| [`{code}`](../../router/compose/codes/{code}.md) | {} | {}{}. |",
            code.summary(),
            upper(why),
            &why[1..]
        );
    }
    page
}

/// Codes that both tables have mean the same in both.
fn at_the_edge(code: &str) -> bool {
    Kind::ALL.iter().any(|kind| kind.code() == code)
}

/// The first letter of half a sentence that becomes a whole one.
fn upper(text: &str) -> String {
    text.chars().next().map(|first| first.to_ascii_uppercase().to_string()).unwrap_or_default()
}
