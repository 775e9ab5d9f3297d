//! `INVALID_FIELD_SHARING`.

use sdl::Name;

use super::overrides::Overrides;
use crate::diagnostic::{Code, Diagnostic};
use crate::maps::{HashMap, HashSet};
use crate::subgraph::field_set::{each_field, read};
use crate::subgraph::{FieldView, Kind, View, Views};

/// A subgraph that resolves a field: by itself, or through an interface object.
struct Resolver<'a> {
    view: &'a View,
    field: &'a FieldView,
    owner: &'a str,
    shareable: bool,
}

/// A field that several subgraphs resolve is shareable in each of them.
pub(super) fn check(views: &Views<'_>, overrides: &Overrides, out: &mut Vec<Diagnostic>) {
    let implicit: HashMap<_, _> =
        views.all.iter().map(|v| (v.name.as_str(), implicit(v))).collect();
    let stand_ins = stand_ins(views);
    for (name, of) in &views.types {
        if !of.iter().any(|(_, ty)| ty.kind == Kind::Object) {
            continue;
        }
        let mut resolvers: HashMap<&str, Vec<Resolver<'_>>> = HashMap::default();
        let owners =
            std::iter::once(*name).chain(stand_ins.get(name).into_iter().flatten().copied());
        for owner in owners {
            for (view, ty) in views.of(owner).iter().filter(|(_, ty)| ty.is_object()) {
                for field in ty.fields.values() {
                    // In federation 1 what several subgraphs have could be shared, but for the
                    // events of subscriptions.
                    let old = view.federation_1 && owner != "Subscription";
                    let old = old && is_had_besides(views, view, owner, field);
                    let shareable = resolves(view, owner, field, overrides, &implicit);
                    if let Some(shareable) = shareable.map(|shareable| shareable || old) {
                        let resolver = Resolver { view, field, owner, shareable };
                        resolvers.entry(field.name.as_str()).or_default().push(resolver);
                    }
                }
            }
        }
        for (field, resolvers) in resolvers {
            let alone = resolvers.len() < 2;
            if !alone && resolvers.iter().any(|resolver| !resolver.shareable) {
                out.push(told(views, name, field, &resolvers));
            }
        }
    }
    subscriptions(views, out);
}

/// Whether a subgraph resolves a field, and if so, whether it says that others may as well.
fn resolves(
    view: &View,
    owner: &str,
    field: &FieldView,
    overrides: &Overrides,
    implicit: &HashMap<&str, Implicit>,
) -> Option<bool> {
    if overrides.is_overridden(&view.name, owner, &field.name) {
        return None;
    }
    let implicit = &implicit[view.name.as_str()];
    let coordinate = (Name::new(owner), field.name.clone());
    let provided = implicit.provided.contains(&coordinate);
    if field.external {
        return provided.then_some(true);
    }
    Some(field.shareable || provided || implicit.keys.contains(&coordinate))
}

/// Whether another subgraph has the field too.
fn is_had_besides(views: &Views<'_>, view: &View, owner: &str, field: &FieldView) -> bool {
    let mut all = views.field(owner, &field.name);
    all.any(|(other, _, _)| other.name != view.name)
}

/// Fields that are shareable without saying so, as (type, field).
struct Implicit {
    keys: HashSet<(Name, Name)>,
    provided: HashSet<(Name, Name)>,
}

fn implicit(view: &View) -> Implicit {
    let mut found = Implicit { keys: HashSet::default(), provided: HashSet::default() };
    let select = |parent: &str, text: &str, into: &mut HashSet<(Name, Name)>| {
        let (selected, _) = read(view, parent, text);
        each_field(&selected, &mut |owner, name, _| {
            into.insert((owner.clone(), name.clone()));
            for object in view.possible(owner) {
                into.insert((object.clone(), name.clone()));
            }
        });
    };
    for ty in view.types.values() {
        for text in ty.keys.iter().filter_map(|key| key.fields.text.as_deref()) {
            select(&ty.name, text, &mut found.keys);
        }
        for field in ty.fields.values() {
            let provides = field.provides.as_ref().and_then(|set| set.text.as_deref());
            if let Some(text) = provides {
                select(field.ty.inner_named_type().as_str(), text, &mut found.provided);
            }
        }
    }
    // Only what is external needs to be provided; the rest is resolved like any other field.
    found.provided.retain(|(ty, field)| {
        let field = view.types.get(ty).and_then(|ty| ty.fields.get(field));
        field.is_some_and(|field| field.external)
    });
    found
}

/// For each object type, the interface objects that stand for it.
fn stand_ins<'a>(views: &Views<'a>) -> HashMap<&'a str, Vec<&'a str>> {
    let mut found: HashMap<&str, Vec<&str>> = HashMap::default();
    for (name, of) in &views.types {
        if !of.iter().any(|(_, ty)| ty.kind == Kind::InterfaceObject) {
            continue;
        }
        for (view, _) in of.iter().filter(|(_, ty)| ty.kind == Kind::Interface) {
            for object in view.possible(name) {
                let names = found.entry(object).or_default();
                if !names.contains(name) {
                    names.push(name);
                }
            }
        }
    }
    found
}

fn told(views: &Views<'_>, ty: &str, field: &str, resolvers: &[Resolver<'_>]) -> Diagnostic {
    let message = format!(
        "`{ty}.{field}` is resolved by {} subgraphs, but not all of them mark it @shareable.",
        resolvers.len()
    );
    let labels = resolvers.iter().map(|Resolver { view, field, owner, shareable }| {
        let through = if *owner == ty { String::new() } else { format!(" through `{owner}`") };
        let text = if *shareable { "shareable" } else { "not shareable" };
        view.label(field.at, format!("resolved here{through}, {text}"))
    });
    Diagnostic::new(Code::InvalidFieldSharing, message)
        .labels(labels)
        .help(mend(views, ty, field, resolvers))
}

/// What to do: to correct an override that takes nothing away, to share the field, or to keep one.
fn mend(views: &Views<'_>, ty: &str, field: &str, resolvers: &[Resolver<'_>]) -> String {
    let lacking: Vec<_> = resolvers
        .iter()
        .filter(|resolver| !resolver.shareable)
        .map(|resolver| format!("{}.{field} in {}", resolver.owner, resolver.view.name))
        .collect();
    let share = format!("add @shareable to {}", lacking.join(" and to "));
    let missing = |name: &Name| views.all.iter().all(|view| view.name != *name);
    let idle = resolvers.iter().find_map(|resolver| {
        let used = resolver.field.overrides.as_deref()?;
        missing(&used.from).then_some((resolver.view, &used.from))
    });
    if let Some((view, from)) = idle {
        return format!(
            "correct @override(from: \"{from}\") of {ty}.{field} in {}, since there is no subgraph \
             {from}; or {share}",
            view.name
        );
    }
    let entity = resolvers
        .iter()
        .any(|resolver| resolver.view.types.get(ty).is_some_and(|ty| !ty.keys.is_empty()));
    match entity {
        true => format!("{share}; or keep {ty}.{field} in one subgraph only"),
        false => share,
    }
}

fn subscriptions(views: &Views<'_>, out: &mut Vec<Diagnostic>) {
    for (view, ty) in views.of("Subscription") {
        for field in
            ty.fields.values().filter(|field| field.shareable_here > 0 && !view.federation_1)
        {
            let message = format!("The subscription `{}` is marked @shareable.", field.name);
            let found = Diagnostic::new(Code::InvalidFieldSharing, message)
                .label(view.label(field.at, "one subgraph must own a stream of events"))
                .help(format!("remove @shareable from Subscription.{}", field.name));
            out.push(found);
        }
    }
}
