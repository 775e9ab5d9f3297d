//! Directives as they stand on elements: known ones by what they mean, whatever their local name.

use std::collections::BTreeMap;

use sdl::{Directive, Name, Value};

use super::links::Links;
use super::model::{Applied, Auth, FieldsArgument, ListSize, Marks};
use super::spec;

/// Reads directives of one document.
pub(super) struct Reader<'a> {
    pub links: &'a Links,
    /// Composed directives: the local name, and the name in the supergraph.
    pub composed: BTreeMap<Name, Name>,
}

impl<'a> Reader<'a> {
    /// The directives of a meaning, in order.
    pub(super) fn all<'d>(
        &'d self,
        directives: &'d [Directive],
        meaning: &'d str,
    ) -> impl Iterator<Item = &'d Directive> {
        directives
            .iter()
            .filter(move |directive| self.links.known(&directive.name) == Some(meaning))
    }

    /// Whether there is a directive of a meaning.
    pub(super) fn has(&self, directives: &[Directive], meaning: &str) -> bool {
        self.all(directives, meaning).next().is_some()
    }

    /// The `fields` of a directive. Federation 1 took lists of strings, and even bare names.
    pub(super) fn fields(&self, directive: &Directive) -> FieldsArgument {
        let Some(given) = directive.arguments.iter().find(|given| given.name == "fields") else {
            return FieldsArgument { text: None, at: directive.at };
        };
        let lenient = self.links.federation.is_none();
        let text = match &given.value {
            Value::String(text) => Some(text.clone()),
            Value::Enum(name) if lenient => Some(name.clone()),
            Value::List(items) if lenient => {
                let words = items.iter().map(|item| match item {
                    Value::String(text) => Some(text.clone()),
                    Value::Enum(name) => Some(name.clone()),
                    _ => None,
                });
                words.collect::<Option<Vec<_>>>().map(|words| Name::from(words.join(" ")))
            }
            _ => None,
        };
        FieldsArgument { text, at: given.value_at }
    }

    /// What a `@listSize` says.
    pub(super) fn list_size(&self, directive: &Directive) -> ListSize {
        let value = |name| directive.argument(name);
        let strings = |name| {
            let items = value(name)?.as_list()?;
            Some(items.iter().filter_map(Value::as_str).cloned().collect())
        };
        ListSize {
            assumed: value("assumedSize").and_then(|value| match value {
                Value::Int(number) => number.as_str().parse().ok(),
                _ => None,
            }),
            slicing_arguments: strings("slicingArguments").unwrap_or_default(),
            sized_fields: strings("sizedFields"),
            at: directive.at,
        }
    }

    /// Adds what directives of an element mean to its marks.
    pub(super) fn mark(&self, marks: &mut Marks, directives: &[Directive]) {
        for directive in directives.iter() {
            let local = directive.name.as_str();
            let known = self.links.known(local).or(match local {
                "deprecated" => Some("deprecated"),
                "specifiedBy" => Some("specifiedBy"),
                _ => None,
            });
            let kept = match known {
                Some(known) if spec::MERGED.contains(&known) => Name::new_static(known),
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
                arguments: arguments.map(|a| (a.name.clone(), a.value.clone())).collect(),
                at: directive.at,
            });
        }
    }

    fn meaning(&self, marks: &mut Marks, known: Option<&str>, directive: &Directive) {
        let choices = |name| directive.argument(name).map(choices).unwrap_or_default();
        let Auth { authenticated, scopes, policies } = &mut marks.auth;
        match known {
            Some("inaccessible") => marks.inaccessible = true,
            Some("authenticated") => *authenticated = true,
            Some("requiresScopes") => scopes.extend(choices("scopes")),
            Some("policy") => policies.extend(choices("policies")),
            _ => {}
        }
    }
}

/// A list of lists of strings; a single value stands for a list of one.
fn choices(value: &Value) -> Vec<Vec<Name>> {
    let strings = |value: &Value| match value {
        Value::List(items) => items.iter().filter_map(Value::as_str).cloned().collect(),
        Value::String(text) => vec![text.clone()],
        _ => Vec::new(),
    };
    match value {
        Value::List(items) => items.iter().map(strings).collect(),
        Value::String(text) => vec![vec![text.clone()]],
        _ => Vec::new(),
    }
}
