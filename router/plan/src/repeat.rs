//! Documents that ask for entities with arguments from contexts: once for each set of values.
//!
//! A field has one value for each of its arguments, so entities whose values differ can't be asked
//! for in one `_entities` field. They still travel in one request: the field is repeated under
//! other aliases, with variables of its own. How often is known when the values are.

/// Stands behind the name of each variable that is repeated; no document has it otherwise.
pub(crate) const MARK: char = '\0';

/// The pieces of a document, to be put together for so many sets of values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repeats {
    /// `query`, or what else it is.
    pub(crate) keyword: &'static str,
    /// The definitions of the client's variables: `$name: Type`.
    pub(crate) definitions: Vec<String>,
    /// The parts.
    pub(crate) parts: Vec<Piece>,
}

/// A part of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Root fields.
    Root(String),
    /// An `_entities` field.
    Entities {
        /// Its response key.
        wire: String,
        /// The variable of the representations.
        variable: String,
        /// The variables of its arguments from contexts, with their types.
        contexts: Vec<(String, String)>,
        /// What is selected of the entities, with marks.
        text: String,
    },
}

/// What stands behind a name of a document in a repetition, from 0.
pub fn suffix(repetition: usize) -> String {
    match repetition {
        0 => String::new(),
        other => format!("_{other}"),
    }
}

impl Repeats {
    /// The document in which each part is there so many times.
    pub fn document(&self, times: &[usize]) -> String {
        let all = || {
            let each = self.parts.iter().zip(times);
            each.flat_map(|(piece, times)| (0..piece.times(*times)).map(move |at| (piece, at)))
        };
        let size: usize = all().map(|(piece, _)| piece.size()).sum();
        let mut out = String::with_capacity(size + 16 + 24 * self.definitions.len());
        out.push_str(self.keyword);
        let start = out.len();
        for (piece, at) in all() {
            piece.define(at, start, &mut out);
        }
        for definition in &self.definitions {
            next_definition(start, &mut out);
            out.push_str(definition);
        }
        if out.len() > start {
            out.push(')');
        }
        out.push_str(" {");
        for (piece, at) in all() {
            out.push(' ');
            piece.write(at, &mut out);
        }
        out.push_str(" }");
        out
    }

    /// The document in which each part is there once.
    pub(crate) fn once(&self) -> String {
        self.document(&vec![1; self.parts.len()])
    }
}

/// Begins one more definition of a variable, where the first stands at `start`.
fn next_definition(start: usize, out: &mut String) {
    out.push_str(if out.len() == start { "(" } else { ", " });
}

impl Piece {
    /// What is selected of entities.
    pub(crate) fn selected(self) -> Option<String> {
        match self {
            Piece::Root(_) => None,
            Piece::Entities { text, .. } => Some(text),
        }
    }

    /// How often it stands in the document: root fields are never repeated.
    fn times(&self, times: usize) -> usize {
        if matches!(self, Piece::Root(_)) { 1 } else { times }
    }

    /// About how long it is.
    fn size(&self) -> usize {
        match self {
            Piece::Root(text) => text.len() + 1,
            Piece::Entities { wire, variable, text, contexts } => {
                let names = wire.len() + 2 * variable.len();
                64 + names + text.len() + 32 * contexts.len()
            }
        }
    }

    fn define(&self, at: usize, start: usize, out: &mut String) {
        let Piece::Entities { variable, contexts, .. } = self else { return };
        let suffix = suffix(at);
        next_definition(start, out);
        for text in ["$", variable, &suffix, ": [_Any!]!"] {
            out.push_str(text);
        }
        for (name, ty) in contexts {
            for text in [", $", name, &suffix, ": ", ty] {
                out.push_str(text);
            }
        }
    }

    fn write(&self, at: usize, out: &mut String) {
        let (wire, variable, text) = match self {
            Piece::Root(text) => return out.push_str(text),
            Piece::Entities { wire, variable, text, .. } => (wire, variable, text),
        };
        let suffix = suffix(at);
        if wire != "_entities" || at > 0 {
            for text in [wire, &suffix, ": "] {
                out.push_str(text);
            }
        }
        for text in ["_entities(representations: $", variable, &suffix, ") { "] {
            out.push_str(text);
        }
        for (at, text) in text.split(MARK).enumerate() {
            out.push_str(if at > 0 { &suffix } else { "" });
            out.push_str(text);
        }
        out.push_str(" }");
    }
}
