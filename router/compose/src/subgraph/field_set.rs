//! Field sets (`@key`, `@requires`, `@provides`) read against the types of one subgraph.

use sdl::{Directive, FieldSelection, Limits, Name, Selection, Spot, Type, Value};

use super::{Kind, View, nearest};

/// A selection of a field set, bound to the type that it is made on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Selected {
    /// `__typename` of this type.
    Typename(Name),
    /// With the names of the arguments that are given.
    Field {
        owner: Name,
        name: Name,
        arguments: Vec<Name>,
        inner: Vec<Selected>,
    },
    On {
        ty: Name,
        inner: Vec<Selected>,
    },
}

/// What a field set holds that a rule may not like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// It is no selection of the type.
    Invalid(Wrong),
    /// It uses this directive.
    Directive(Name),
    /// It selects of a type that no object here can have.
    Never(String),
}

/// Why a field set is no selection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wrong {
    /// Half a sentence.
    pub why: String,
    /// The word of the text that is at fault, where it is one.
    pub word: Option<Name>,
    /// Where in the text that is.
    pub at: Option<Spot>,
    /// A word that may have been meant instead.
    pub near: Option<String>,
}

impl From<String> for Wrong {
    fn from(why: String) -> Self {
        Self { why, word: None, at: None, near: None }
    }
}

/// Whether a rule about the fields that a set selects has something to look at: it is read.
pub(crate) fn is_valid(troubles: &[Trouble]) -> bool {
    !troubles.iter().any(|trouble| matches!(trouble, Trouble::Invalid(_)))
}

/// The troubles that are worth telling: a set that makes no sense is not told to use a directive as
/// well, and what selects of no object is told only if nothing `else_wrong` is.
pub(crate) fn told_troubles(
    troubles: Vec<Trouble>,
    else_wrong: bool,
) -> impl Iterator<Item = Trouble> {
    let valid = is_valid(&troubles);
    troubles.into_iter().filter(move |trouble| match trouble {
        Trouble::Invalid(_) => true,
        Trouble::Never(_) => valid && !else_wrong,
        Trouble::Directive(_) => valid,
    })
}

/// Field sets nest deeper than this in no real schema; the bound keeps recursion off the stack.
const MAX_DEPTH: usize = 64;

/// Reads a field set: nothing of one that makes no sense, with what is wrong with it first.
pub(crate) fn read(view: &View, parent: &str, text: &str) -> (Vec<Selected>, Vec<Trouble>) {
    let (selected, mut reader) = read_as_far(view, parent, text, true);
    if !reader.broken {
        return (selected, reader.troubles);
    }
    reader.troubles.retain(|trouble| matches!(trouble, Trouble::Invalid(_)));
    (Vec::new(), reader.troubles)
}

/// What a field set selects, up to what makes no sense in it, whatever its fields are given.
pub(crate) fn mentioned(view: &View, parent: &str, text: &str) -> Vec<Selected> {
    read_as_far(view, parent, text, false).0
}

fn read_as_far<'a>(
    view: &'a View,
    parent: &str,
    text: &str,
    arguments: bool,
) -> (Vec<Selected>, Reader<'a>) {
    let mut reader = Reader { view, troubles: Vec::new(), broken: false, arguments };
    let selected = match parse(text) {
        Ok(selections) => reader.selections(parent, &selections, 0),
        Err(wrong) => {
            reader.fail_with(wrong);
            Vec::new()
        }
    };
    (selected, reader)
}

/// Parses a field set, with or without braces around it; an error is half a sentence.
pub(crate) fn parse(text: &str) -> Result<Vec<Selection>, Wrong> {
    let limits = Limits { bytes: 1 << 20, tokens: 100_000, nesting: MAX_DEPTH };
    let wrong = |error: sdl::Error| {
        let message = error.message.trim_end_matches('.');
        let mut letters = message.chars();
        let first = letters.next().map(|first| first.to_ascii_lowercase()).unwrap_or_default();
        let why = format!("`{text}` is not a valid selection: {first}{}", letters.as_str());
        Wrong { at: Some(error.at), ..Wrong::from(why) }
    };
    sdl::field_set(text, limits).map_err(wrong)
}

struct Reader<'a> {
    view: &'a View,
    troubles: Vec<Trouble>,
    /// Whether it makes no sense: then the rest is not looked at.
    broken: bool,
    /// Whether it is looked at what fields are given, and that something is selected of them.
    arguments: bool,
}

impl Reader<'_> {
    fn selections(
        &mut self,
        parent: &str,
        selections: &[Selection],
        depth: usize,
    ) -> Vec<Selected> {
        if depth > MAX_DEPTH {
            self.fail(format!("it nests deeper than {MAX_DEPTH}"));
            return Vec::new();
        }
        if selections.is_empty() {
            self.fail(format!("it selects nothing of `{parent}`"));
        }
        let mut selected = Vec::with_capacity(selections.len());
        for selection in selections {
            if self.broken {
                break;
            }
            selected.extend(self.selection(parent, selection, depth));
        }
        selected
    }

    fn selection(&mut self, parent: &str, selection: &Selection, depth: usize) -> Option<Selected> {
        match selection {
            Selection::Field(field) => {
                self.directives(&field.directives);
                if self.broken {
                    return None;
                }
                self.field(parent, field, depth)
            }
            Selection::On { ty, directives, inner, .. } => {
                self.directives(directives);
                let ty = ty.as_ref().map_or(parent, Name::as_str);
                let known = self.view.types.get_key_value(ty);
                if known.is_none() && ty == "Query" {
                    // Federation gives one to every subgraph, with nothing in it that is the
                    // subgraph's own.
                    self.selections(ty, inner, depth + 1);
                }
                // A condition on a type that is not here says nothing.
                let (ty, _) = known.or_else(|| self.view.types.get_key_value(parent))?;
                if !self.overlap(parent, ty) {
                    let why = format!("no `{parent}` is a `{ty}` in {}", self.view.name);
                    self.troubles.push(Trouble::Never(why));
                }
                let inner = self.selections(ty, inner, depth + 1);
                Some(Selected::On { ty: ty.clone(), inner })
            }
            Selection::Spread(name) => {
                self.fail(format!("it spreads the fragment `{name}`"));
                None
            }
        }
    }

    fn field(&mut self, parent: &str, field: &FieldSelection, depth: usize) -> Option<Selected> {
        if let Some(alias) = &field.alias {
            let why = format!("it uses the alias `{alias}`");
            self.fail_with(Wrong { at: Some(field.at), ..Wrong::from(why) });
        }
        if field.name == "__typename" {
            if let Some(given) = field.arguments.first() {
                self.fail(format!("`__typename` has no argument `{}`", given.name));
            }
            return Some(Selected::Typename(Name::new(parent)));
        }
        let view = self.view;
        let owner = view.types.get(parent);
        let known = owner.and_then(|ty| Some((ty, ty.fields.get(&field.name)?)));
        let Some((owner, known)) = known else {
            let known = owner.iter().flat_map(|ty| ty.fields.keys()).map(|name| name.as_str());
            let near = nearest(&field.name, known).map(str::to_owned);
            let why = format!("`{parent}` has no field `{}` in {}", field.name, view.name);
            self.fail_at((&field.name, field.at), why, near);
            return None;
        };
        if self.arguments {
            self.arguments(parent, field, known);
        }
        let target = known.ty.inner_named_type().as_str();
        let composite = view.types.get(target).is_some_and(super::TypeView::is_composite);
        let inner = match (composite, field.inner.as_deref()) {
            (true, Some(selections)) => self.selections(target, selections, depth + 1),
            (true, None) if !self.arguments => Vec::new(),
            (true, None) => {
                let why = format!("it selects nothing of `{parent}.{}`", field.name);
                self.fail_at((&field.name, field.at), why, None);
                Vec::new()
            }
            (false, None) => Vec::new(),
            (false, Some(_)) => {
                let why = format!("`{parent}.{}` has no fields to select", field.name);
                self.fail_at((&field.name, field.at), why, None);
                Vec::new()
            }
        };
        let (owner, name) = (owner.name.clone(), known.name.clone());
        let arguments = field.arguments.iter().map(|given| given.name.clone()).collect();
        Some(Selected::Field { owner, name, arguments, inner })
    }

    fn arguments(&mut self, parent: &str, field: &FieldSelection, known: &super::FieldView) {
        for given in &field.arguments {
            match known.arguments.get(given.name.as_str()) {
                None => {
                    let near =
                        nearest(&given.name, known.arguments.keys().map(|name| name.as_str()));
                    let why = format!("`{parent}.{}` has no argument `{}`", field.name, given.name);
                    self.fail_at((&given.name, given.at), why, near.map(str::to_owned));
                }
                Some(argument) if !accepts(self.view, &argument.ty, &given.value) => {
                    let (value, ty) = (&given.value, &argument.ty);
                    let why = format!("`{value}` is no `{ty}` for `{}`", given.name);
                    self.fail_with(Wrong { at: Some(given.value_at), ..Wrong::from(why) });
                }
                Some(_) => {}
            }
        }
        for (name, argument) in &known.arguments {
            let given = field.arguments.iter().any(|given| given.name.as_str() == name);
            if argument.ty.is_non_null() && argument.default.is_none() && !given {
                let why = format!("it leaves out the argument `{name}` of `{}`", field.name);
                self.fail_at((&field.name, field.at), why, None);
            }
        }
    }

    fn directives(&mut self, directives: &[Directive]) {
        for used in directives {
            if self.view.directive_names.contains(&used.name) {
                self.troubles.push(Trouble::Directive(used.name.clone()));
            } else {
                let why = format!("it uses @{}, which is not defined", used.name);
                self.fail_with(Wrong { at: Some(used.at), ..Wrong::from(why) });
            }
        }
    }

    /// Whether there can be an object of both types.
    fn overlap(&self, a: &str, b: &str) -> bool {
        let (of_a, of_b) = (self.view.possible(a), self.view.possible(b));
        a == b || of_a.iter().any(|ty| of_b.contains(ty))
    }

    fn fail(&mut self, why: String) {
        self.fail_with(why.into());
    }

    /// One word is at fault; perhaps another was meant.
    fn fail_at(&mut self, (word, at): (&Name, Spot), why: String, near: Option<String>) {
        self.fail_with(Wrong { why, word: Some(word.clone()), at: Some(at), near });
    }

    /// Only the first is told: what follows may follow from it.
    fn fail_with(&mut self, wrong: Wrong) {
        if !std::mem::replace(&mut self.broken, true) {
            self.troubles.push(Trouble::Invalid(wrong));
        }
    }
}

/// Whether a literal is a value of a type.
pub(crate) fn accepts(view: &View, ty: &Type, value: &Value) -> bool {
    match value {
        Value::Null => return !ty.is_non_null(),
        Value::Variable(_) => return false,
        _ => {}
    }
    if ty.is_list() {
        return match value {
            Value::List(items) => items.iter().all(|item| accepts(view, ty.item_type(), item)),
            single => accepts(view, ty.item_type(), single),
        };
    }
    let name = ty.inner_named_type().as_str();
    match name {
        "Int" => matches!(value, Value::Int(_)),
        "Float" => matches!(value, Value::Int(_) | Value::Float(_)),
        "String" => matches!(value, Value::String(_)),
        "Boolean" => matches!(value, Value::Boolean(_)),
        "ID" => matches!(value, Value::String(_) | Value::Int(_)),
        _ => view.types.get(name).is_none_or(|ty| match (ty.kind, value) {
            (Kind::Enum, Value::Enum(name)) => ty.values.contains_key(name.as_str()),
            (Kind::Enum, _) => false,
            (Kind::Input, Value::Object(fields)) => fields.iter().all(|(name, value)| {
                let field = ty.fields.get(name.as_str());
                field.is_some_and(|field| accepts(view, &field.ty, value))
            }),
            (Kind::Input, _) => false,
            _ => true,
        }),
    }
}

/// Calls `see` for every field in a field set with whether it is a leaf of it, outermost first.
pub(crate) fn each_field<'a>(
    selected: &'a [Selected],
    see: &mut dyn FnMut(&'a Name, &'a Name, bool),
) {
    for one in selected {
        match one {
            Selected::Typename(_) => {}
            Selected::Field { owner, name, inner, .. } => {
                see(owner, name, inner.is_empty());
                each_field(inner, see);
            }
            Selected::On { inner, .. } => each_field(inner, see),
        }
    }
}
