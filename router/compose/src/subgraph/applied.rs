//! Directives as they stand on elements: known ones by what they mean, whatever their local name.

use std::collections::BTreeMap;

use apollo_compiler::Node;
use apollo_compiler::ast::{Directive, DirectiveList, Value};
use apollo_compiler::parser::{SourceMap, SourceSpan};

use super::complete::node_span;
use super::links::Links;
use super::model::{Applied, Auth, FieldsArgument, ListSize, Marks, Spot};
use super::spec;

/// Reads directives of one document.
pub(super) struct Reader<'a> {
    pub links: &'a Links,
    pub sources: &'a SourceMap,
    /// Composed directives: the local name, and the name in the supergraph.
    pub composed: BTreeMap<String, String>,
}

impl<'a> Reader<'a> {
    /// The directives of a meaning, in order.
    pub(super) fn all<'d>(
        &'d self,
        directives: &'d DirectiveList,
        meaning: &'d str,
    ) -> impl Iterator<Item = &'d Node<Directive>> {
        directives
            .iter()
            .filter(move |directive| self.links.known(&directive.name) == Some(meaning))
    }

    /// Whether there is a directive of a meaning.
    pub(super) fn has(&self, directives: &DirectiveList, meaning: &str) -> bool {
        self.all(directives, meaning).next().is_some()
    }

    /// The `fields` of a directive. Federation 1 took lists of strings, and even bare names.
    pub(super) fn fields(&self, directive: &Node<Directive>) -> FieldsArgument {
        let Some(value) = directive.specified_argument_by_name("fields") else {
            return FieldsArgument { text: None, at: self.node(directive) };
        };
        let lenient = self.links.federation.is_none();
        let text = match &**value {
            Value::String(text) => Some(text.clone()),
            Value::Enum(name) if lenient => Some(name.to_string()),
            Value::List(items) if lenient => {
                let words = items.iter().map(|item| match &**item {
                    Value::String(text) => Some(text.clone()),
                    Value::Enum(name) => Some(name.to_string()),
                    _ => None,
                });
                words.collect::<Option<Vec<_>>>().map(|words| words.join(" "))
            }
            _ => None,
        };
        FieldsArgument { text, at: self.node(value) }
    }

    /// What a `@listSize` says.
    pub(super) fn list_size(&self, directive: &Node<Directive>) -> ListSize {
        let value = |name| directive.specified_argument_by_name(name);
        let strings = |name| {
            let items = value(name)?.as_list()?;
            Some(items.iter().filter_map(|item| item.as_str()).map(str::to_owned).collect())
        };
        ListSize {
            assumed: value("assumedSize").and_then(|value| match &**value {
                Value::Int(number) => number.as_str().parse().ok(),
                _ => None,
            }),
            slicing_arguments: strings("slicingArguments").unwrap_or_default(),
            sized_fields: strings("sizedFields"),
            at: self.node(directive),
        }
    }

    /// Adds what directives of an element mean to its marks.
    pub(super) fn mark(&self, marks: &mut Marks, directives: &DirectiveList) {
        for directive in directives.iter() {
            let local = directive.name.as_str();
            let known = self.links.known(local).or(match local {
                "deprecated" => Some("deprecated"),
                "specifiedBy" => Some("specifiedBy"),
                _ => None,
            });
            let kept = match known {
                Some(known) if spec::MERGED.contains(&known) => known.to_owned(),
                Some(_) => continue,
                None => match self.composed.get(local) {
                    Some(name) => name.clone(),
                    None => continue,
                },
            };
            self.meaning(marks, known, directive);
            marks.merged.push(kept.clone());
            let arguments = directive.arguments.iter();
            marks.applied.push(Applied {
                name: kept,
                arguments: arguments.map(|a| (a.name.to_string(), (*a.value).clone())).collect(),
                at: self.node(directive),
            });
        }
    }

    fn meaning(&self, marks: &mut Marks, known: Option<&str>, directive: &Directive) {
        let choices = |name| {
            let value = directive.specified_argument_by_name(name);
            value.map(|value| choices(value)).unwrap_or_default()
        };
        let Auth { authenticated, scopes, policies } = &mut marks.auth;
        match known {
            Some("inaccessible") => marks.inaccessible = true,
            Some("authenticated") => *authenticated = true,
            Some("requiresScopes") => scopes.extend(choices("scopes")),
            Some("policy") => policies.extend(choices("policies")),
            _ => {}
        }
    }

    /// Where a node stands.
    pub(super) fn node<T>(&self, node: &Node<T>) -> Spot {
        node_span(node, self.sources).map_or_else(Spot::default, spot)
    }

    /// Where a stretch stands.
    pub(super) fn spot(&self, at: Option<SourceSpan>) -> Spot {
        let range = at.and_then(|at| at.line_column_range(self.sources));
        let Some(range) = range else { return Spot::default() };
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let length = range.end.column.saturating_sub(range.start.column).max(1);
        let length = if range.start.line == range.end.line { number(length) } else { 1 };
        Spot { line: number(range.start.line), column: number(range.start.column), length }
    }
}

/// Line, column and length as a place.
pub(super) fn spot((line, column, length): (u32, u32, u32)) -> Spot {
    Spot { line, column, length }
}

/// A list of lists of strings; a single value stands for a list of one.
fn choices(value: &Value) -> Vec<Vec<String>> {
    let strings = |value: &Value| match value {
        Value::List(items) => {
            items.iter().filter_map(|item| item.as_str()).map(str::to_owned).collect()
        }
        Value::String(text) => vec![text.clone()],
        _ => Vec::new(),
    };
    match value {
        Value::List(items) => items.iter().map(|item| strings(item)).collect(),
        Value::String(text) => vec![vec![text.clone()]],
        _ => Vec::new(),
    }
}
