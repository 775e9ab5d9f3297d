//! What field sets of a subgraph use.

use sdl::Name;

use super::field_set::{each_field, mentioned};
use super::from_context::{setters, split};
use super::model::{FieldView, TypeView, View};
use crate::maps::HashSet;

/// Every field that a field set of the subgraph selects, as (type, field).
pub(crate) fn used(view: &View) -> HashSet<(Name, Name)> {
    let mut used = HashSet::default();
    let mut note = |parent: &str, text: Option<&Name>| {
        let Some(text) = text else { return };
        let selected = mentioned(view, parent, text);
        each_field(&selected, &mut |owner, name, _| {
            used.insert((owner.clone(), name.clone()));
            for object in view.possible(owner) {
                used.insert((object.clone(), name.clone()));
            }
        });
    };
    for ty in view.types.values() {
        for key in &ty.keys {
            note(&ty.name, key.fields.text.as_ref());
        }
        for field in ty.fields.values() {
            let target = field.ty.inner_named_type().as_str();
            note(&ty.name, field.requires.as_ref().and_then(|set| set.text.as_ref()));
            let contextual = field.arguments.values().filter_map(|a| a.from_context.as_deref());
            for (context, selection) in contextual.filter_map(split) {
                let selection = Name::new(selection);
                setters(view, context).for_each(|setter| note(&setter.name, Some(&selection)));
            }
            note(target, field.provides.as_ref().and_then(|set| set.text.as_ref()));
        }
    }
    used
}

/// Whether anything in the subgraph needs an external field.
pub(crate) fn is_used(
    view: &View,
    used: &HashSet<(Name, Name)>,
    ty: &TypeView,
    field: &FieldView,
) -> bool {
    used.contains(&(ty.name.clone(), field.name.clone()))
        || ty.is_object()
            && ty.implements.iter().any(|interface| {
                let interface = view.types.get(interface);
                interface.is_some_and(|interface| interface.fields.contains_key(&field.name))
            })
}
