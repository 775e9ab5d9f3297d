//! Documents that ask for entities with arguments from contexts: once for each set of values.
//!
//! A field has one value for each of its arguments, so entities whose values differ can't be asked
//! for in one `_entities` field. They still travel in one request: the field is repeated under
//! other aliases, with variables of its own. How often is known when the values are.

use std::fmt::Write as _;

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
        let mut definitions = Vec::new();
        let mut fields = Vec::new();
        for (piece, times) in self.parts.iter().zip(times) {
            match piece {
                Piece::Root(text) => fields.push(text.clone()),
                Piece::Entities { .. } => {
                    (0..*times).for_each(|at| piece.repeat(at, &mut definitions, &mut fields));
                }
            }
        }
        definitions.extend(self.definitions.iter().cloned());
        let (keyword, body) = (self.keyword, fields.join(" "));
        if definitions.is_empty() {
            format!("{keyword} {{ {body} }}")
        } else {
            format!("{keyword}({}) {{ {body} }}", definitions.join(", "))
        }
    }

    /// The document in which each part is there once.
    pub(crate) fn once(&self) -> String {
        self.document(&vec![1; self.parts.len()])
    }
}

impl Piece {
    fn repeat(&self, at: usize, definitions: &mut Vec<String>, fields: &mut Vec<String>) {
        let Piece::Entities { wire, variable, contexts, text } = self else { return };
        let suffix = suffix(at);
        definitions.push(format!("${variable}{suffix}: [_Any!]!"));
        definitions.extend(contexts.iter().map(|(name, ty)| format!("${name}{suffix}: {ty}")));
        let mut field = String::new();
        if wire != "_entities" || at > 0 {
            let _ = write!(field, "{wire}{suffix}: ");
        }
        let text = text.replace(MARK, &suffix);
        let _ = write!(field, "_entities(representations: ${variable}{suffix}) {{ {text} }}");
        fields.push(field);
    }
}
