//! `CONTEXT_NAME_INVALID`, `CONTEXT_NOT_SET`, `NO_CONTEXT_IN_SELECTION`,
//! `CONTEXT_NO_RESOLVABLE_KEY`, `CONTEXT_INVALID_SELECTION`, and between subgraphs
//! `CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS`.

use sdl::{Name, Selection, Type};

use crate::diagnostic::{Code, Diagnostic};
use crate::subgraph::field_set::{self, Selected, Trouble, Wrong, read};
use crate::subgraph::from_context::{setters, split};
use crate::subgraph::{ArgumentView, FieldView, Kind, TypeView, View, Views, nearest};

/// Contexts have good names, and each one that is used is set, and yields the argument's value.
pub(super) fn check(view: &View, out: &mut Vec<Diagnostic>) {
    for ty in view.types.values() {
        for (name, at) in ty.contexts.iter().filter(|(name, _)| !is_name(name)) {
            let message = format!("`{name}` can't be the name of a context.");
            let found = Diagnostic::new(Code::ContextNameInvalid, message)
                .label(view.label(*at, "set here"))
                .help("use letters and digits only, and begin with a letter");
            out.push(found);
        }
        for field in ty.fields.values() {
            for (name, argument) in &field.arguments {
                if let Some(text) = &argument.from_context {
                    let place = format!("{}.{}({name}:)", ty.name, field.name);
                    let rule = Rule { view, place, argument };
                    rule.check(ty, field, text, out);
                }
            }
        }
    }
    for (directive, definition) in &view.directives {
        for (name, argument) in &definition.arguments {
            if argument.from_context.is_some() {
                let rule = Rule { view, place: format!("@{directive}({name}:)"), argument };
                let why = "only arguments of fields can come from a context";
                out.push(rule.told(Code::ContextNotSet, why, "remove @fromContext"));
            }
        }
    }
}

/// Where an argument comes from a context in one subgraph, no other asks clients for it.
pub(super) fn elsewhere(views: &Views<'_>, out: &mut Vec<Diagnostic>) {
    for view in views.all {
        for ty in view.types.values() {
            for field in ty.fields.values() {
                let contextual =
                    field.arguments.iter().filter(|(_, argument)| argument.from_context.is_some());
                for (name, argument) in contextual {
                    let others = views.field(&ty.name, &field.name);
                    for (other, _, known) in others.filter(|(other, _, _)| other.name != view.name)
                    {
                        let asked = known.arguments.get(name).filter(|asked| {
                            let required = asked.ty.is_non_null() && asked.default.is_none();
                            required && asked.from_context.is_none()
                        });
                        let Some(asked) = asked else { continue };
                        let place = format!("{}.{}({name}:)", ty.name, field.name);
                        let message =
                            format!("`{place}` comes from a context in {} only.", view.name);
                        let code = Code::ContextualArgumentNotContextualInAllSubgraphs;
                        let found = Diagnostic::new(code, message)
                            .label(other.label(asked.at, "required of clients here"))
                            .label(view.label(argument.at, "from a context here"))
                            .help(format!("make {place} optional in {}", other.name));
                        out.push(found);
                    }
                }
            }
        }
    }
}

struct Rule<'a> {
    view: &'a View,
    place: String,
    argument: &'a ArgumentView,
}

impl Rule<'_> {
    fn check(&self, ty: &TypeView, field: &FieldView, text: &str, out: &mut Vec<Diagnostic>) {
        let unset = Code::ContextNotSet;
        if self.argument.default.is_some() {
            out.push(self.told(
                unset,
                "an argument from a context can't have a default",
                "remove the default",
            ));
        }
        if ty.kind == Kind::Interface {
            out.push(self.told(
                unset,
                "only fields of object types can read a context",
                "remove @fromContext",
            ));
            return;
        }
        let inherited = ty.implements.iter().any(|interface| {
            let interface = self.view.types.get(interface);
            interface.is_some_and(|interface| interface.fields.contains_key(&field.name))
        });
        if inherited {
            let why = "a field of an interface can't read a context";
            out.push(self.told(unset, why, "remove the field from the interface"));
        }
        let named = split(text).filter(|(_, selection)| !selection.trim().is_empty());
        let Some((name, selection)) = named else {
            let why = "it names no context, or selects nothing of it";
            let mend = "write `$`, the name of a context, and a selection: `$name { field }`";
            out.push(self.told(Code::NoContextInSelection, why, mend));
            return;
        };
        if !ty.keys.iter().any(|key| key.resolvable) {
            let why = "its type has no resolvable key";
            let mend = format!("add a @key to {}", ty.name);
            out.push(self.told(Code::ContextNoResolvableKey, why, &mend));
        }
        let setters: Vec<_> = setters(self.view, name).collect();
        if setters.is_empty() {
            let why = format!("the context `{name}` is set nowhere in {}", self.view.name);
            let contexts = self.view.types.values().flat_map(|ty| &ty.contexts);
            let mend = match nearest(name, contexts.map(|(known, _)| known.as_str())) {
                Some(near) => format!("write `${near}` instead of `${name}`"),
                None => format!("add @context(name: \"{name}\") to the type that gives the value"),
            };
            out.push(self.told(unset, &why, &mend));
            return;
        }
        for (why, mend) in self.select(&setters, selection) {
            out.push(self.told(Code::ContextInvalidSelection, &why, &mend));
        }
    }

    /// What is wrong with a selection that has to yield one value of the argument's type on each
    /// type that sets the context, and how to mend it.
    fn select(&self, setters: &[&TypeView], selection: &str) -> Vec<(String, String)> {
        let parsed = match field_set::parse(selection) {
            Ok(parsed) => parsed,
            Err(wrong) => return vec![(wrong.why, "write `$name { field }`".to_owned())],
        };
        let conditions: Vec<Option<&Name>> = parsed.iter().filter_map(condition).collect();
        let wrong = match conditions.len() {
            0 if parsed.len() > 1 => Some("it selects more than one field"),
            0 => None,
            some if some < parsed.len() => Some("it mixes fields and fragments"),
            _ => self.wrong_conditions(&conditions),
        };
        if let Some(why) = wrong {
            let mend = "select one field, or one field in `... on Type { }` for each type";
            return vec![(why.to_owned(), mend.to_owned())];
        }
        let mut wrong = Vec::new();
        let conditions: Vec<&Name> = conditions.into_iter().flatten().collect();
        let possible = |setter: &&TypeView| self.view.possible(&setter.name);
        let all: Vec<&Name> = setters.iter().flat_map(possible).collect();
        for unused in conditions.iter().filter(|condition| !all.contains(condition)) {
            let why = format!("no `{unused}` sets the context");
            wrong.push((why, format!("remove `... on {unused}`")));
        }
        for setter in setters {
            let here = self.view.possible(&setter.name);
            if !conditions.is_empty() && !here.iter().any(|object| conditions.contains(object)) {
                let why = format!("it selects nothing of `{}`, which sets it too", setter.name);
                wrong.push((why, format!("add `... on {} {{ }}`", setter.name)));
                continue;
            }
            wrong.extend(self.select_on(setter, selection).err());
        }
        wrong
    }

    fn wrong_conditions(&self, conditions: &[Option<&Name>]) -> Option<&'static str> {
        let distinct = (1..conditions.len()).all(|at| !conditions[..at].contains(&conditions[at]));
        let is_object = |name: &&Name| {
            let ty = self.view.types.get(name.as_str());
            ty.is_some_and(TypeView::is_object)
        };
        if !conditions.iter().all(|condition| condition.as_ref().is_some_and(is_object)) {
            return Some("a fragment of it is not on an object type");
        }
        (!distinct).then_some("two fragments of it are on the same type")
    }

    /// Whether the selection yields one value of the argument's type on a type; if not, why and how
    /// to mend it.
    fn select_on(&self, setter: &TypeView, selection: &str) -> Result<(), (String, String)> {
        let mend = || format!("select one field of {} of a fitting type", setter.name);
        let (selected, troubles) = read(self.view, &setter.name, selection);
        // Fragments on types that are no part of this one are for others that set the context.
        let other = troubles.into_iter().find(|trouble| !matches!(trouble, Trouble::Never(_)));
        match other {
            Some(Trouble::Invalid(Wrong { why, word: Some(word), near: Some(near), .. })) => {
                return Err((why, format!("write `{near}` instead of `{word}`")));
            }
            Some(Trouble::Invalid(wrong)) => return Err((wrong.why, mend())),
            Some(_) => {
                let why = format!("the selection is not valid for `{}`", setter.name);
                return Err((why, mend()));
            }
            None => {}
        }
        let possible = self.view.possible(&setter.name);
        for one in &selected {
            let ty = match one {
                Selected::On { ty, .. } if !possible.contains(&ty) => continue,
                Selected::On { inner, .. } => self.value(inner),
                _ => self.value(std::slice::from_ref(one)),
            };
            let ty = ty.map_err(|why| (why, mend()))?;
            if !fits(&ty, &self.argument.ty) {
                let wanted = &self.argument.ty;
                let loose = bare(wanted);
                return Err(match fits(&ty, &loose) {
                    true => (
                        format!(
                            "what stands above may be null, and the argument's type is `{wanted}`"
                        ),
                        format!("make the argument a `{loose}`"),
                    ),
                    false => (format!("it yields a `{ty}`, which is no `{wanted}`"), mend()),
                });
            }
        }
        Ok(())
    }

    /// The type of the one value that is selected. Whatever stands above may be null, so it may be
    /// null too.
    fn value(&self, selected: &[Selected]) -> Result<Type, String> {
        match selected {
            [Selected::Typename(_)] => Ok(Type::Named(Name::new_static("String"))),
            [Selected::Field { owner, name, inner, .. }] => {
                let owner = &self.view.types[owner.as_str()];
                if owner.kind == Kind::InterfaceObject {
                    return Err(format!("`{}` is an interface object", owner.name));
                }
                let field = &owner.fields[name.as_str()].ty;
                match &inner[..] {
                    [] => Ok(bare(field)),
                    inner => Ok(rewrap(field, self.value(inner)?)),
                }
            }
            [Selected::On { .. }] => Err("it has a fragment below a field".to_owned()),
            [] => Err("it selects nothing".to_owned()),
            _ => Err("it selects more than one field".to_owned()),
        }
    }

    fn told(&self, code: Code, why: &str, mend: &str) -> Diagnostic {
        let message = format!("`{}` can't be read from a context: {why}.", self.place);
        Diagnostic::new(code, message)
            .label(self.view.label(self.argument.at, "from a context"))
            .help(format!("{mend} ({} in {})", self.place, self.view.name))
    }
}

/// The type of a fragment, if a selection is one.
fn condition(selection: &Selection) -> Option<Option<&Name>> {
    match selection {
        Selection::On { ty, .. } => Some(ty.as_ref()),
        _ => None,
    }
}

fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric())
}

/// The type of a field below another: a list if that is one.
fn rewrap(outer: &Type, inner: Type) -> Type {
    match outer {
        Type::Named(_) | Type::NonNullNamed(_) => inner,
        Type::List(item) | Type::NonNullList(item) => Type::List(Box::new(rewrap(item, inner))),
    }
}

/// A type with nothing in it that may not be null.
fn bare(ty: &Type) -> Type {
    match ty {
        Type::Named(name) | Type::NonNullNamed(name) => Type::Named(name.clone()),
        Type::List(item) | Type::NonNullList(item) => Type::List(Box::new(bare(item))),
    }
}

fn fits(value: &Type, argument: &Type) -> bool {
    if argument.is_non_null() && !value.is_non_null() {
        return false;
    }
    match (value.is_list(), argument.is_list()) {
        (true, true) => fits(value.item_type(), argument.item_type()),
        (false, false) => value.inner_named_type() == argument.inner_named_type(),
        _ => false,
    }
}
