//! A supergraph with too many choices: seven subgraphs, and every field in four of them.
//!
//! Whatever one subgraph resolves, three others could have, so that the number of plans grows with
//! the power of the fields. It is what planning is at its worst.

use std::fmt::Write as _;

use compose::SubgraphSource;

const SUBGRAPHS: usize = 7;

/// Which subgraphs have the fields of a number, counted from it: every two differ.
const HOLDERS: [usize; 4] = [0, 2, 3, 5];

/// How many levels of objects the operation asks for.
const LEVELS: usize = 4;

/// The subgraphs.
pub(crate) fn sources() -> Vec<SubgraphSource> {
    let source = |s: usize| {
        let mut sdl = String::from(
            "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.3\", import: [\"@key\", \"@shareable\"])\n\
             type Query { machine: Part @shareable }\n\
             type Part @key(fields: \"id\") {\n  id: ID!\n",
        );
        for field in 0..SUBGRAPHS {
            if HOLDERS.contains(&((s + SUBGRAPHS - field) % SUBGRAPHS)) {
                let _ = writeln!(
                    sdl,
                    "  part{field}: Part @shareable\n  note{field}: String @shareable"
                );
            }
        }
        sdl.push_str("}\n");
        let name = format!("s{s}");
        SubgraphSource { url: format!("http://{name}"), file: format!("{name}.graphql"), name, sdl }
    };
    (0..SUBGRAPHS).map(source).collect()
}

/// An operation of about 1,700 lines: four parts of each part, four notes of each of the last.
pub(crate) fn operation() -> String {
    let mut text = String::from("query Choices {\n  machine {\n");
    let mut turn = 0;
    level(&mut text, LEVELS, &mut turn);
    text.push_str("  }\n}\n");
    text
}

fn level(text: &mut String, left: usize, turn: &mut usize) {
    // Steps of different lengths, so that neighbours ask for different fields.
    let (first, step) = (*turn / 3, 1 + *turn % (SUBGRAPHS - 1));
    for at in 0..4 {
        let field = (first + at * step) % SUBGRAPHS;
        if left == 0 {
            let _ = writeln!(text, "note{field}");
        } else {
            let _ = writeln!(text, "part{field} {{");
            *turn += 1;
            level(text, left - 1, turn);
            text.push_str("}\n");
        }
    }
}
