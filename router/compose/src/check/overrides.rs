//! `OVERRIDE_FROM_SELF_ERROR`, `OVERRIDE_SOURCE_HAS_OVERRIDE`, `OVERRIDE_ON_INTERFACE`,
//! `OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE`, `OVERRIDE_LABEL_INVALID`.

use super::from_subgraph_does_not_exist;
use crate::diagnostic::{Code, Diagnostic};
use crate::maps::HashMap;
use sdl::Name;

use crate::subgraph::{FieldView, Kind, Override, TypeView, View, Views};

/// The overrides that hold: for each (subgraph, type, field) that is overridden, by whom and while
/// which label.
#[derive(Default)]
pub(crate) struct Overrides {
    taken: HashMap<(Name, Name, Name), (Name, Option<Name>)>,
}

impl Overrides {
    /// Whether another subgraph takes the field over, always or while a label is on.
    pub(crate) fn is_overridden(&self, subgraph: &str, ty: &str, field: &str) -> bool {
        self.label(subgraph, ty, field).is_some()
    }

    /// The label of the override that takes the field over, if one does.
    pub(crate) fn label(&self, subgraph: &str, ty: &str, field: &str) -> Option<Option<&str>> {
        if self.taken.is_empty() {
            return None;
        }
        let key = (Name::new(subgraph), Name::new(ty), Name::new(field));
        self.taken.get(&key).map(|(_, label)| label.as_deref())
    }
}

/// Every override takes a plain field over from another subgraph.
pub(super) fn check(views: &Views<'_>, out: &mut Vec<Diagnostic>) -> Overrides {
    let mut holding = Overrides::default();
    for (view, ty) in views.each() {
        for field in ty.fields.values() {
            if let Some(used) = &field.overrides {
                let rule = Rule { views, view, ty, field, used };
                rule.check(&mut holding, out);
            }
        }
    }
    holding
}

struct Rule<'a> {
    views: &'a Views<'a>,
    view: &'a View,
    ty: &'a TypeView,
    field: &'a FieldView,
    used: &'a Override,
}

impl Rule<'_> {
    fn check(&self, holding: &mut Overrides, out: &mut Vec<Diagnostic>) {
        if let Some(found) = self.alone() {
            out.push(found);
            return;
        }
        let from = self.used.from.as_str();
        let Some(source) = self.views.all.iter().find(|view| view.name == from) else {
            let place = self.place();
            let views = self.views.all;
            out.push(from_subgraph_does_not_exist::told(&place, self.view, self.used, views));
            return;
        };
        // Nothing is taken over from what is a type of another kind.
        let ty = source.types.get(&self.ty.name);
        let ty = ty.filter(|ty| ty.kind.plain() == self.ty.kind.plain());
        let known = ty.and_then(|ty| ty.fields.get(&self.field.name));
        if known.is_none() && self.stands_in(source) {
            let message = format!("{from} resolves {} as a field of an interface.", self.place());
            let mend = "take the @override away";
            out.push(self.told(Code::OverrideCollisionWithAnotherDirective, message, mend));
            return;
        }
        // Nothing is taken over from a subgraph that doesn't have the field, so nothing collides.
        if let Some(found) = known.and_then(|_| self.external()) {
            out.push(found);
            return;
        }
        let Some(known) = known.filter(|known| !known.external) else {
            out.extend(known.and_then(|_| self.label()));
            return;
        };
        if let Some(found) = self.with_source(source, known) {
            out.push(found);
            return;
        }
        out.extend(self.label());
        let key = (source.name.clone(), self.ty.name.clone(), self.field.name.clone());
        holding.taken.insert(key, (self.view.name.clone(), self.used.label.clone()));
    }

    /// Whether the source has the field for an interface that the type implements.
    fn stands_in(&self, source: &View) -> bool {
        let mut stand_ins = source
            .types
            .values()
            .filter(|ty| ty.kind == Kind::InterfaceObject)
            .filter(|ty| ty.fields.get(&self.field.name).is_some_and(|field| !field.external));
        let of = self.views.of(&self.ty.name);
        stand_ins.any(|stand_in| of.iter().any(|(_, ty)| ty.implements.contains(&stand_in.name)))
    }

    /// What is wrong with the override by itself.
    fn alone(&self) -> Option<Diagnostic> {
        let place = self.place();
        let collision = Code::OverrideCollisionWithAnotherDirective;
        if self.ty.kind == Kind::Interface {
            let message = format!("@override stands on the interface field {place}.");
            let mend = "put it on the fields of the object types";
            return Some(self.told(Code::OverrideOnInterface, message, mend));
        }
        if self.ty.kind == Kind::InterfaceObject {
            let message = format!("@override stands on {place}, a field of an interface object.");
            return Some(self.told(collision, message, "remove the @override"));
        }
        if self.used.from == self.view.name {
            let message = format!("{place} is overridden from its own subgraph.");
            let mend = "name the subgraph that resolved the field before";
            return Some(self.told(Code::OverrideFromSelfError, message, mend));
        }
        None
    }

    /// Whether it stands on a field that the subgraph does not resolve.
    fn external(&self) -> Option<Diagnostic> {
        // That nobody resolves a field is told by a rule of its own.
        let mut all = self.views.field(&self.ty.name, &self.field.name);
        let external = self.field.external && all.any(|(_, _, other)| !other.external);
        external.then(|| {
            let message = format!("{} has both @override and @external.", self.place());
            let collision = Code::OverrideCollisionWithAnotherDirective;
            self.told(collision, message, "remove one of the two")
        })
    }

    /// What is wrong with its label.
    fn label(&self) -> Option<Diagnostic> {
        let place = self.place();
        let label = self.used.label.as_deref()?;
        if is_label(label) {
            return None;
        }
        let message = format!("The label `{label}` of the override of {place} is not valid.");
        let mend = "write `percent(n)`, or letters, digits and `_-:./` that begin with a letter";
        Some(self.told(Code::OverrideLabelInvalid, message, mend))
    }

    /// What is wrong with it in the light of the field it overrides.
    fn with_source(&self, source: &View, known: &FieldView) -> Option<Diagnostic> {
        let place = self.place();
        if let Some(other) = &known.overrides {
            let message =
                format!("{place} is overridden from {}, which overrides it too.", source.name);
            let mend = "keep one @override for each field";
            let found = self.told(Code::OverrideSourceHasOverride, message, mend);
            return Some(found.label(source.label(other.at, "overridden here too")));
        }
        let marks =
            [("requires", known.requires.is_some()), ("provides", known.provides.is_some())];
        let (name, _) = marks.into_iter().find(|(_, present)| *present)?;
        let message = format!("{place} is overridden from {}, where it has @{name}.", source.name);
        let mend = format!("remove @{name} from {place} in {} first", source.name);
        let code = Code::OverrideCollisionWithAnotherDirective;
        let found = self.told(code, message, &mend);
        Some(found.label(source.label(known.at, format!("has @{name}"))))
    }

    fn place(&self) -> String {
        format!("`{}.{}`", self.ty.name, self.field.name)
    }

    fn told(&self, code: Code, message: String, mend: &str) -> Diagnostic {
        Diagnostic::new(code, message)
            .label(self.view.label(self.used.at, "the override"))
            .help(format!("{mend} ({} in {})", self.place(), self.view.name))
    }
}

/// `percent(n)` with up to eight decimals below 100, or a name.
fn is_label(label: &str) -> bool {
    if let Some(number) = label.strip_prefix("percent(").and_then(|rest| rest.strip_suffix(')')) {
        let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
        let digits = |text: &str, most| {
            (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
        };
        return number == "100" || digits(whole, 2) && digits(part, 8);
    }
    label.starts_with(|first: char| first.is_ascii_alphabetic())
        && label.chars().all(|c| c.is_ascii_alphanumeric() || "_-:./".contains(c))
}

#[cfg(test)]
mod tests {
    use super::is_label;

    #[test]
    fn labels() {
        for good in ["percent(0)", "percent(100)", "percent(12.5)", "a", "my-label_1:x./"] {
            assert!(is_label(good), "{good}");
        }
        for bad in [
            "percent(101)",
            "percent()",
            "percent(1.)",
            "percent(-1)",
            "percent(100.0)",
            "1a",
            "",
            "a b",
        ] {
            assert!(!is_label(bad), "{bad}");
        }
    }
}
