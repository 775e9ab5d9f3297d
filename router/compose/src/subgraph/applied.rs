//! Directives as they stand on elements: known ones by what they mean, whatever their local name.

use std::cell::RefCell;
use std::collections::BTreeMap;

use sdl::{Directive, Name, Value};

use super::links::Links;
use super::model::{Applied, FieldsArgument, ListSize, Marks};
use super::spec;

/// Reads directives of one document.
pub(super) struct Reader<'a> {
    pub links: &'a Links,
    /// Composed directives: the local name, and the name in the supergraph.
    pub composed: BTreeMap<Name, Name>,
    /// The directives that were used so far, of those that the supergraph keeps, and how the
    /// document names them.
    used: RefCell<BTreeMap<&'static str, Name>>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(links: &'a Links, composed: BTreeMap<Name, Name>) -> Self {
        Self { links, composed, used: RefCell::default() }
    }

    /// The directives that the supergraph keeps and the document uses, with their names here.
    pub(super) fn used(self) -> BTreeMap<&'static str, Name> {
        self.used.into_inner()
    }

    /// Notes that a directive is used.
    pub(super) fn uses(&self, known: &'static str, local: &Name) {
        self.used.borrow_mut().entry(known).or_insert_with(|| local.clone());
    }

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
            return FieldsArgument { text: None, meant: String::new(), at: directive.at };
        };
        let word = |value: &Value| match value {
            Value::String(text) => Some(text.clone()),
            Value::Enum(name) => Some(name.clone()),
            _ => None,
        };
        let meant = match &given.value {
            Value::List(items) => {
                let words = items.iter().map(word).collect::<Option<Vec<_>>>();
                words.map(|words| Name::from(words.join(" ")))
            }
            single => word(single),
        };
        let lenient = self.links.federation.is_none();
        let (text, meant) = match (&given.value, meant) {
            (Value::String(_), text) => (text, String::new()),
            (_, text) if lenient => (text, String::new()),
            (_, meant) => (None, meant.map(|meant| meant.to_string()).unwrap_or_default()),
        };
        FieldsArgument { text, meant, at: given.value_at }
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
                Some(known) if spec::MERGED.contains(&known) => {
                    self.uses(known, &directive.name);
                    Name::new_static(known)
                }
                Some(_) => continue,
                None => match self.composed.get(local) {
                    Some(name) => name.clone(),
                    None => continue,
                },
            };
            marks.inaccessible |= known == Some("inaccessible");
            marks.merged.push(kept.clone());
            let arguments = directive.arguments.iter();
            marks.applied.push(Applied {
                name: kept,
                arguments: arguments.map(|a| (a.name.clone(), a.value.clone())).collect(),
                at: directive.at,
            });
        }
    }
}
