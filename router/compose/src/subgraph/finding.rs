//! What is wrong with one document.

use sdl::Spot;

use super::model::View;
use crate::diagnostic::{Code, Diagnostic};

/// A finding in a document.
pub(super) struct Finding {
    pub code: Code,
    /// One sentence.
    pub message: String,
    pub at: Spot,
    /// What to do about it.
    pub help: Option<String>,
}

/// What is wrong with a document, in the order in which it is told: what comes first hides the rest.
#[derive(Default)]
pub(super) struct Validated {
    /// Names that are defined twice, types that are not defined.
    pub first: Vec<Finding>,
    /// What makes no schema, told together with wrong definitions of federation's own.
    pub built: Vec<Finding>,
    /// What breaks a rule of schemas.
    pub rest: Vec<Finding>,
}

impl Finding {
    /// The finding as it is told; the help says in which subgraph.
    pub(super) fn tell(self, view: &View) -> Diagnostic {
        let told = Diagnostic::new(self.code, self.message).label(view.label(self.at, "here"));
        match self.help {
            Some(help) => told.help(format!("{help} (in {})", view.name)),
            None => told,
        }
    }
}
