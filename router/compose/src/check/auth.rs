//! `AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE`, `MISSING_TRANSITIVE_AUTH_REQUIREMENTS`.

use crate::diagnostic::{Code, Diagnostic};
use crate::subgraph::field_set::{each_field, read};
use crate::subgraph::{Auth, FieldView, Kind, TypeView, View, Views};

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
        let bare = Auth::default();
        if matches!(ty.kind, Kind::Interface | Kind::InterfaceObject) && ty.marks.auth != bare {
            told(&ty.name, ty.at);
        }
        if ty.kind == Kind::Interface {
            for field in ty.fields.values().filter(|field| field.marks.auth != bare) {
                told(&format!("{}.{}", ty.name, field.name), field.at);
            }
        }
    }
}

/// A field that is computed from others asks for at least what they ask for.
pub(super) fn transitive(views: &Views<'_>, out: &mut Vec<Diagnostic>) {
    for view in views.all {
        for ty in view.types.values().filter(|ty| ty.is_object()) {
            for field in ty.fields.values() {
                let text = field.requires.as_ref().and_then(|set| set.text.as_deref());
                if let Some(text) = text {
                    check_field(views, view, ty, field, text, out);
                }
            }
        }
    }
}

fn check_field(
    views: &Views<'_>,
    view: &View,
    ty: &TypeView,
    field: &FieldView,
    text: &str,
    out: &mut Vec<Diagnostic>,
) {
    let own = of_field(views, &ty.name, &field.name).and(of_type(views, &ty.name));
    let (selected, _) = read(view, &ty.name, text);
    each_field(&selected, &mut |owner, name, _| {
        let mut needed = of_field(views, owner, name);
        if needed.implied_by(&own) {
            for object in view.possible(owner).into_iter().filter(|object| *object != owner) {
                needed = needed.and(of_field(views, object, name));
            }
        }
        if needed.implied_by(&own) {
            return;
        }
        let place = format!("{}.{}", ty.name, field.name);
        let message = format!(
            "`{place}` requires `{owner}.{name}` but does not ask for the authorization that it needs."
        );
        let guarded = views
            .field(owner, name)
            .filter(|(_, _, field)| !field.external && field.marks.auth != Auth::default());
        let guarded = guarded.map(|(view, _, field)| view.label(field.at, "guarded here"));
        let found = Diagnostic::new(Code::MissingTransitiveAuthRequirements, message)
            .label(view.label(field.at, "computed from it here"))
            .labels(guarded)
            .help(format!(
                "repeat the authorization of {owner}.{name} on {place} in {}",
                view.name
            ));
        out.push(found);
    });
}

/// What it takes to see a field: its own demands and those of its type, from all subgraphs.
fn of_field(views: &Views<'_>, ty: &str, field: &str) -> Demand {
    let mut demand = Demand::none();
    let mut target = None;
    for (_, _, field) in views.field(ty, field) {
        demand = demand.and(Demand::of(&field.marks.auth));
        target = Some(field.ty.inner_named_type().as_str());
    }
    target.map_or_else(Demand::none, |target| of_type(views, target)).and(demand)
}

fn of_type(views: &Views<'_>, name: &str) -> Demand {
    let demands = views.of(name).iter().map(|(_, ty)| Demand::of(&ty.marks.auth));
    demands.fold(Demand::none(), Demand::and)
}

/// Alternatives of things that must all be held; no alternative at all never occurs.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Demand {
    alternatives: Vec<Vec<String>>,
}

/// Products of alternatives are cut here: a demand that is dropped makes the rule stricter for the
/// required field and laxer for none, and no real schema comes near.
const MAX_ALTERNATIVES: usize = 4096;

impl Demand {
    fn none() -> Self {
        Self { alternatives: vec![Vec::new()] }
    }

    fn of(auth: &Auth) -> Self {
        let choice = |kind: &str, sets: &[Vec<sdl::Name>]| {
            let named =
                |set: &Vec<sdl::Name>| set.iter().map(|name| format!("{kind}:{name}")).collect();
            let alternatives: Vec<_> = sets.iter().map(named).collect();
            if alternatives.is_empty() { Self::none() } else { Self { alternatives } }
        };
        let signed_in = if auth.authenticated { vec!["authenticated".to_owned()] } else { vec![] };
        Self { alternatives: vec![signed_in] }
            .and(choice("scope", &auth.scopes))
            .and(choice("policy", &auth.policies))
    }

    fn and(self, other: Self) -> Self {
        if other == Self::none() {
            return self;
        }
        if self == Self::none() {
            return other;
        }
        let mut alternatives = Vec::new();
        for one in &self.alternatives {
            for two in &other.alternatives {
                let mut both: Vec<_> = one.iter().chain(two).cloned().collect();
                both.sort_unstable();
                both.dedup();
                alternatives.push(both);
            }
        }
        alternatives.sort_unstable();
        alternatives.dedup();
        alternatives.truncate(MAX_ALTERNATIVES);
        Self { alternatives }
    }

    /// Whether whoever meets `own` meets this too.
    fn implied_by(&self, own: &Self) -> bool {
        own.alternatives.iter().all(|held| {
            self.alternatives.iter().any(|needed| needed.iter().all(|name| held.contains(name)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scopes(sets: &[&[&str]]) -> Demand {
        let sets = sets.iter().map(|set| set.iter().map(|&name| sdl::Name::new(name)).collect());
        Demand::of(&Auth { scopes: sets.collect(), ..Auth::default() })
    }

    #[test]
    fn a_demand_is_implied_by_a_stricter_one() {
        assert!(scopes(&[&["a"], &["b"]]).implied_by(&scopes(&[&["a"]])));
        assert!(scopes(&[&["a"]]).implied_by(&scopes(&[&["a", "b"]])));
        assert!(!scopes(&[&["a"]]).implied_by(&scopes(&[&["a"], &["b"]])));
        assert!(!scopes(&[&["a"]]).implied_by(&Demand::none()));
        assert!(Demand::none().implied_by(&scopes(&[&["a"]])));
        let both = scopes(&[&["a"]]).and(scopes(&[&["b"]]));
        assert!(scopes(&[&["a", "b"]]).implied_by(&both));
    }
}
