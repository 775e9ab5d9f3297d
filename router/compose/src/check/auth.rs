//! `AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE`, `MISSING_TRANSITIVE_AUTH_REQUIREMENTS`.

use sdl::Name;

use crate::diagnostic::{Code, Diagnostic, Label};
use crate::maps::HashMap;
use crate::merge::authorization::{both, choices};
use crate::merge::{Merged, MergedField, MergedType};
use crate::subgraph::field_set::{self, Selected};
use crate::subgraph::from_context::{setters, split};
use crate::subgraph::{AUTHORIZATION, Applied, FieldView, Kind, TypeView, View, Views};

/// Authorization stands on what is resolved, not on interfaces.
pub(super) fn on_interfaces(view: &View, out: &mut Vec<Diagnostic>) {
    for ty in view.types.values() {
        let mut told = |place: &str, at| {
            let message = format!("`{place}` has an authorization directive.");
            let found = Diagnostic::new(Code::AuthRequirementsAppliedOnInterface, message)
                .label(view.label(at, "not on an interface"))
                .help(format!("put it on the object types that implement {}", ty.name));
            out.push(found);
        };
        if matches!(ty.kind, Kind::Interface | Kind::InterfaceObject) && ty.marks.is_guarded() {
            told(&ty.name, ty.at);
        }
        if ty.kind == Kind::Interface {
            for field in ty.fields.values().filter(|field| field.marks.is_guarded()) {
                told(&format!("{}.{}", ty.name, field.name), field.at);
            }
        }
    }
}

/// A field that is computed from others asks for at least what they ask for.
pub(super) fn transitive(views: &Views<'_>, merged: &Merged, out: &mut Vec<Diagnostic>) {
    let guarded = |view: &View| view.kept_names.keys().any(|name| AUTHORIZATION.contains(name));
    if !views.all.iter().any(guarded) {
        return;
    }
    let types = merged.types.iter().map(|ty| (&ty.name, ty)).collect();
    let rule = Rule { views, types };
    for (view, ty) in views.each().filter(|(_, ty)| ty.is_object()) {
        for field in ty.fields.values() {
            rule.check(view, ty, field, out);
        }
    }
}

struct Rule<'a> {
    views: &'a Views<'a>,
    types: HashMap<&'a Name, &'a MergedType>,
}

/// What a field is computed from: an element of the merged schema, by type and field.
type Source<'s> = (&'s Name, Option<&'s Name>);

impl Rule<'_> {
    fn check(&self, view: &View, ty: &TypeView, field: &FieldView, out: &mut Vec<Diagnostic>) {
        let requires = field.requires.as_ref().and_then(|set| set.text.as_deref());
        let contextual = field.arguments.values().filter_map(|a| a.from_context.as_deref());
        let mut read: Vec<(&str, Vec<Selected>)> = Vec::new();
        read.extend(requires.map(|text| ("@requires", field_set::read(view, &ty.name, text).0)));
        for text in contextual {
            let Some((name, selection)) = split(text) else { continue };
            for setter in setters(view, name) {
                let (selected, _) = field_set::read(view, &setter.name, selection);
                let whole = Selected::On { ty: setter.name.clone(), inner: selected };
                read.push(("@fromContext", vec![whole]));
            }
        }
        if read.is_empty() {
            return;
        }
        let own = self.demand((&ty.name, None)).and(self.demand((&ty.name, Some(&field.name))));
        for (directive, selected) in &read {
            self.each(selected, &mut |source| {
                let needed = self.demand(source);
                if !needed.implied_by(&own) {
                    out.push(self.told(view, (ty, field), source, (directive, &needed)));
                }
            });
        }
    }

    /// Every element that a selection reads, each type on the way among them.
    fn each<'s>(&'s self, selected: &'s [Selected], look: &mut impl FnMut(Source<'s>)) {
        for one in selected {
            match one {
                Selected::Typename(_) => {}
                Selected::On { ty, inner } => {
                    look((ty, None));
                    self.each(inner, look);
                }
                Selected::Field { owner, name, inner, .. } => {
                    look((owner, Some(name)));
                    if let Some(field) = self.field(owner, name) {
                        look((field.ty.inner_named_type(), None));
                    }
                    self.each(inner, look);
                }
            }
        }
    }

    fn field(&self, ty: &Name, name: &Name) -> Option<&MergedField> {
        self.types.get(ty)?.fields.iter().find(|field| field.name == *name)
    }

    /// What an element itself asks for in the merged schema.
    fn demand(&self, (ty, field): Source<'_>) -> Demand {
        let applied = match field {
            None => self.types.get(ty).map(|ty| &ty.applied),
            Some(field) => self.field(ty, field).map(|field| &field.applied),
        };
        applied.map_or_else(Demand::none, |applied| Demand::of(applied))
    }

    fn told(
        &self,
        view: &View,
        (ty, field): (&TypeView, &FieldView),
        source: Source<'_>,
        (directive, needed): (&str, &Demand),
    ) -> Diagnostic {
        let place = format!("{}.{}", ty.name, field.name);
        let from = match source {
            (ty, None) => ty.to_string(),
            (ty, Some(field)) => format!("{ty}.{field}"),
        };
        let message = format!(
            "`{place}` reads `{from}` by {directive} but does not ask for the authorization that \
             `{from}` asks for."
        );
        Diagnostic::new(Code::MissingTransitiveAuthRequirements, message)
            .label(view.label(field.at, "computed from it here"))
            .labels(self.guarded(source))
            .help(format!("add {} to {place} in {}", needed.directives(), view.name))
    }

    /// Where an element is guarded: itself, or what implements it.
    fn guarded(&self, (ty, field): Source<'_>) -> Option<Label> {
        let implements = |other: &TypeView| other.implements.contains(ty);
        let types = self.views.each().filter(|(_, other)| other.name == *ty || implements(other));
        let mut places = types.filter_map(|(view, ty)| match field {
            None => Some((view, ty.at, &ty.marks)),
            Some(field) => ty.fields.get(field).map(|field| (view, field.at, &field.marks)),
        });
        let (view, at, _) = places.find(|(_, _, marks)| marks.is_guarded())?;
        Some(view.label(at, "guarded here"))
    }
}

/// What must be held: each of the directives by itself.
#[derive(Clone, Debug, Default)]
struct Demand {
    authenticated: bool,
    scopes: Vec<Vec<Name>>,
    policies: Vec<Vec<Name>>,
}

impl Demand {
    fn none() -> Self {
        Self::default()
    }

    fn of(applied: &[Applied]) -> Self {
        let one = |name| applied.iter().find(|applied| applied.name == name);
        Self {
            authenticated: one("authenticated").is_some(),
            scopes: one("requiresScopes").map(choices).unwrap_or_default(),
            policies: one("policy").map(choices).unwrap_or_default(),
        }
    }

    fn and(self, other: Self) -> Self {
        Self {
            authenticated: self.authenticated || other.authenticated,
            scopes: both(self.scopes, other.scopes),
            policies: both(self.policies, other.policies),
        }
    }

    /// Whether whoever meets `own` meets this too.
    fn implied_by(&self, own: &Self) -> bool {
        let implied = |needed: &[Vec<Name>], held: &[Vec<Name>]| {
            let covered = |held: &Vec<Name>| {
                needed.iter().any(|needed| needed.iter().all(|name| held.contains(name)))
            };
            // No choice at all demands nothing, and gives nothing.
            needed.is_empty()
                || match held.is_empty() {
                    true => covered(&Vec::new()),
                    false => held.iter().all(covered),
                }
        };
        (own.authenticated || !self.authenticated)
            && implied(&self.scopes, &own.scopes)
            && implied(&self.policies, &own.policies)
    }

    /// As one would write it.
    fn directives(&self) -> String {
        let list = |name: &str, argument: &str, choices: &[Vec<Name>]| {
            let quoted = |set: &Vec<Name>| {
                let set: Vec<String> = set.iter().map(|name| format!("\"{name}\"")).collect();
                format!("[{}]", set.join(", "))
            };
            let sets: Vec<String> = choices.iter().map(quoted).collect();
            format!("@{name}({argument}: [{}])", sets.join(", "))
        };
        let mut all = Vec::new();
        if self.authenticated {
            all.push("@authenticated".to_owned());
        }
        if !self.scopes.is_empty() {
            all.push(list("requiresScopes", "scopes", &self.scopes));
        }
        if !self.policies.is_empty() {
            all.push(list("policy", "policies", &self.policies));
        }
        all.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scopes(sets: &[&[&str]]) -> Demand {
        let sets = sets.iter().map(|set| set.iter().map(|&name| Name::new(name)).collect());
        Demand { scopes: sets.collect(), ..Demand::default() }
    }

    #[test]
    fn a_demand_is_implied_by_a_stricter_one() {
        assert!(scopes(&[&["a"], &["b"]]).implied_by(&scopes(&[&["a"]])));
        assert!(scopes(&[&["a"]]).implied_by(&scopes(&[&["a", "b"]])));
        assert!(!scopes(&[&["a"]]).implied_by(&scopes(&[&["a"], &["b"]])));
        assert!(!scopes(&[&["a"]]).implied_by(&Demand::none()));
        assert!(Demand::none().implied_by(&scopes(&[&["a"]])));
        assert!(scopes(&[&[]]).implied_by(&Demand::none()));
        let both = scopes(&[&["a"]]).and(scopes(&[&["b"]]));
        assert!(scopes(&[&["a", "b"]]).implied_by(&both));
    }

    #[test]
    fn a_demand_is_written_as_directives() {
        let demand = Demand { authenticated: true, ..scopes(&[&["a", "b"], &["c"]]) };
        let expected = r#"@authenticated @requiresScopes(scopes: [["a", "b"], ["c"]])"#;
        assert_eq!(demand.directives(), expected);
    }
}
