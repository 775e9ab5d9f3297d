//! `CONTEXT_NAME_INVALID`, `CONTEXT_NOT_SET`, `NO_CONTEXT_IN_SELECTION`,
//! `CONTEXT_NO_RESOLVABLE_KEY`, `CONTEXT_INVALID_SELECTION`, and between subgraphs
//! `CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS`.

use crate::diagnostic::{Code, Diagnostic};
use crate::subgraph::field_set::{Selected, read};
use crate::subgraph::{ArgumentView, FieldView, Kind, TypeView, View, Views};

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
            return;
        }
        if !ty.keys.iter().any(|key| key.resolvable) {
            let why = "its type has no resolvable key";
            let mend = format!("add a @key to {}", ty.name);
            out.push(self.told(Code::ContextNoResolvableKey, why, &mend));
        }
        let Some((name, selection)) = split(text) else {
            let why = "it names no context";
            let mend = "begin with `$` and the name of a context";
            out.push(self.told(Code::NoContextInSelection, why, mend));
            return;
        };
        let setters: Vec<_> = self
            .view
            .types
            .values()
            .filter(|ty| ty.contexts.iter().any(|(context, _)| context == name))
            .collect();
        if setters.is_empty() {
            let why = format!("the context `{name}` is set nowhere in {}", self.view.name);
            let mend = format!("add @context(name: \"{name}\") to the type that gives the value");
            out.push(self.told(unset, &why, &mend));
        }
        for setter in setters {
            if let Err(why) = self.select(setter, selection) {
                let mend = format!("select one field of {} of a fitting type", setter.name);
                out.push(self.told(Code::ContextInvalidSelection, &why, &mend));
            }
        }
    }

    /// Whether the selection yields one value of the argument's type on a type that sets the
    /// context.
    fn select(&self, setter: &TypeView, selection: &str) -> Result<(), String> {
        let (selected, troubles) = read(self.view, &setter.name, selection);
        if !troubles.is_empty() {
            return Err(format!("the selection is not valid for `{}`", setter.name));
        }
        let mut objects = self.view.possible(&setter.name);
        objects.retain(|object| self.applies(&selected, object));
        if objects.is_empty() && !self.applies(&selected, &setter.name) {
            return Err(format!("the selection does not apply to `{}`", setter.name));
        }
        let ty = self.value(&selected, &setter.name)?;
        if fits(&ty, &self.argument.ty) {
            Ok(())
        } else {
            Err(format!("it yields a `{ty}`, which is no `{}`", self.argument.ty))
        }
    }

    fn applies(&self, selected: &[Selected], object: &str) -> bool {
        selected.iter().any(|one| match one {
            Selected::On { ty, .. } => ty == object || self.view.is_possible(ty, object),
            _ => true,
        })
    }

    /// The type of the one value that is selected of an object.
    fn value(&self, selected: &[Selected], object: &str) -> Result<sdl::Type, String> {
        let mut found = None;
        for one in selected {
            let ty = match one {
                Selected::Typename(_) => return Err("it selects `__typename`".to_owned()),
                Selected::On { ty, inner } => {
                    let applies = ty == object
                        || self.view.is_possible(ty, object)
                        || self.view.is_possible(object, ty);
                    if !applies {
                        continue;
                    }
                    self.value(inner, ty)?
                }
                Selected::Field { owner, name, inner, .. } => {
                    let field = &self.view.types[owner.as_str()].fields[name.as_str()].ty;
                    if inner.is_empty() {
                        field.clone()
                    } else {
                        rewrap(field, self.value(inner, field.inner_named_type())?)
                    }
                }
            };
            let fragment = matches!(one, Selected::On { .. });
            if found.replace(ty).is_some() && !fragment {
                return Err("it selects more than one field".to_owned());
            }
        }
        found.ok_or_else(|| "it selects nothing".to_owned())
    }

    fn told(&self, code: Code, why: &str, mend: &str) -> Diagnostic {
        let message = format!("`{}` can't be read from a context: {why}.", self.place);
        Diagnostic::new(code, message)
            .label(self.view.label(self.argument.at, "from a context"))
            .help(format!("{mend} ({} in {})", self.place, self.view.name))
    }
}

/// `$name selection`, taken apart.
fn split(text: &str) -> Option<(&str, &str)> {
    let rest = text.trim_start().strip_prefix('$')?;
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
    let (name, selection) = rest.split_at(end);
    (!name.is_empty()).then_some((name, selection))
}

fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric())
}

/// The type of a field below another: a list if that is one, nullable if either is.
fn rewrap(outer: &sdl::Type, inner: sdl::Type) -> sdl::Type {
    let list = |inner| sdl::Type::List(Box::new(inner));
    match outer {
        sdl::Type::Named(_) => inner.nullable(),
        sdl::Type::NonNullNamed(_) => inner,
        sdl::Type::List(item) => list(rewrap(item, inner)),
        sdl::Type::NonNullList(item) => list(rewrap(item, inner)).non_null(),
    }
}

fn fits(value: &sdl::Type, argument: &sdl::Type) -> bool {
    if argument.is_non_null() && !value.is_non_null() {
        return false;
    }
    match (value.is_list(), argument.is_list()) {
        (true, true) => fits(value.item_type(), argument.item_type()),
        (false, false) => value.inner_named_type() == argument.inner_named_type(),
        _ => false,
    }
}
