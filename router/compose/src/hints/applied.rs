//! Directives on an element that can stand there once: whether all subgraphs give them the same
//! arguments.

use sdl::{Name, Value};

use super::element::{One, Place};
use super::uses::{Use, Uses};
use super::{
    inconsistent_non_repeatable_directive_arguments as inconsistent,
    merged_non_repeatable_directive_arguments as merged,
};
use crate::diagnostic::Diagnostic;
use crate::maps::HashMap;
use crate::merge::MergedDirective;
use crate::subgraph::{Applied, Marks};

/// Asks the two rules about arguments of the directives on an element.
pub(super) struct Once<'a> {
    /// The composed directives that can't be repeated.
    composed: HashMap<&'a str, &'a MergedDirective>,
    reason: Value,
}

/// The rule of a directive that stands on an element once.
#[derive(Clone, Copy)]
enum Rule<'a> {
    /// The most common arguments are taken.
    Taken(Option<&'a MergedDirective>),
    /// Arguments are merged.
    Merged,
}

impl<'a> Once<'a> {
    pub(super) fn new(directives: &'a [MergedDirective]) -> Self {
        let once = directives.iter().filter(|directive| !directive.repeatable);
        let composed = once.map(|directive| (directive.name.as_str(), directive)).collect();
        Self { composed, reason: Value::String(Name::new("No longer supported")) }
    }

    /// Asks them of one element.
    pub(super) fn check<T>(
        &self,
        place: Place<'_>,
        all: &[One<'_, T>],
        marks: impl Fn(&T) -> &Marks,
        out: &mut Vec<Diagnostic>,
    ) {
        self.check_only(&[], place, all, marks, out);
    }

    /// Asks them of one element about these directives only; about all if none is named.
    pub(super) fn check_only<T>(
        &self,
        only: &[&str],
        place: Place<'_>,
        all: &[One<'_, T>],
        marks: impl Fn(&T) -> &Marks,
        out: &mut Vec<Diagnostic>,
    ) {
        let marked = || all.iter().filter(|one| !marks(one.item).applied.is_empty());
        if marked().nth(1).is_none() {
            return;
        }
        let mut uses: Vec<Uses<'_>> = Vec::new();
        for one in marked() {
            let named = |applied: &&Applied| only.is_empty() || only.contains(&&*applied.name);
            for applied in marks(one.item).applied.iter().filter(named) {
                let Some(rule) = self.rule(&applied.name) else { continue };
                let arguments = self.arguments(applied, rule);
                let used = Use { view: one.view, applied, arguments };
                match uses.iter_mut().find(|known| known.name == applied.name) {
                    Some(known) => known.all.push(used),
                    None => uses.push(Uses { name: &applied.name, all: vec![used] }),
                }
            }
        }
        for uses in uses {
            if uses.all.iter().all(|one| one.arguments == uses.all[0].arguments) {
                continue;
            }
            match self.rule(uses.name) {
                Some(Rule::Merged) => merged::check(place, &uses, out),
                _ => inconsistent::check(place, &uses, out),
            }
        }
    }

    fn rule(&self, name: &str) -> Option<Rule<'a>> {
        match name {
            "cost" | "listSize" | "requiresScopes" | "policy" => Some(Rule::Merged),
            "deprecated" | "specifiedBy" => Some(Rule::Taken(None)),
            _ => self.composed.get(name).map(|definition| Rule::Taken(Some(definition))),
        }
    }

    fn arguments<'u>(&'u self, applied: &'u Applied, rule: Rule<'u>) -> Vec<(&'u Name, &'u Value)> {
        let default = |name: &Name| match rule {
            Rule::Taken(Some(directive)) => {
                let argument = directive.arguments.iter().find(|known| known.name == *name);
                argument.and_then(|argument| argument.default.as_ref())
            }
            Rule::Taken(None) => (name == "reason").then_some(&self.reason),
            Rule::Merged => (name == "requireOneSlicingArgument").then_some(&Value::Boolean(true)),
        };
        let all = applied.arguments.iter().map(|(name, value)| (name, value));
        let mut all: Vec<_> = all.filter(|(name, value)| default(name) != Some(*value)).collect();
        all.sort_by(|a, b| a.0.cmp(b.0));
        all
    }
}
