//! What the field sets of federation 1 say of fields that are not external: nothing, and nobody
//! minded.

use sdl::{FieldSelection, Name, Selection};

use super::field_set::{parse, read};
use super::model::{FieldView, FieldsArgument, TypeView, View};

/// Which of the two field sets of a field.
#[derive(Clone, Copy)]
enum Which {
    Requires,
    Provides,
}

impl Which {
    fn of(self, field: &FieldView) -> Option<&FieldsArgument> {
        match self {
            Self::Requires => field.requires.as_deref(),
            Self::Provides => field.provides.as_deref(),
        }
    }
}

/// Drops what is not external from each `@requires` and `@provides`, and those of which nothing is
/// left. Sets that make no sense stay, to be told.
pub(super) fn drop(view: &mut View) {
    let mut changed: Vec<(Name, Name, Which, String)> = Vec::new();
    for ty in view.types.values() {
        for field in ty.fields.values() {
            let target = field.ty.inner_named_type().as_str();
            for (which, parent) in [(Which::Requires, ty.name.as_str()), (Which::Provides, target)]
            {
                let text = which.of(field).and_then(|set| set.text.as_deref());
                if let Some(left) = text.and_then(|text| left(view, parent, text)) {
                    changed.push((ty.name.clone(), field.name.clone(), which, left));
                }
            }
        }
    }
    for (ty, field, which, left) in changed {
        let ty = view.types.get_mut(&ty);
        let Some(field) = ty.and_then(|ty| ty.fields.get_mut(&field)) else { continue };
        let set = match which {
            Which::Requires => &mut field.requires,
            Which::Provides => &mut field.provides,
        };
        match set {
            Some(set) if !left.is_empty() => set.text = Some(Name::new(&left)),
            _ => *set = None,
        }
    }
}

/// What is left of a field set, if that is not all of it.
fn left(view: &View, parent: &str, text: &str) -> Option<String> {
    if !view.types.get(parent).is_some_and(TypeView::is_composite) {
        return Some(String::new());
    }
    if !read(view, parent, text).1.is_empty() {
        return None;
    }
    let all = parse(text).ok()?;
    let left = external(view, parent, &all);
    let text = |selections: &[Selection]| {
        let words: Vec<String> = selections.iter().map(Selection::to_string).collect();
        words.join(" ")
    };
    (left != all).then(|| text(&left))
}

/// The selections of a set that are external, each with all that is below it.
fn external(view: &View, parent: &str, selections: &[Selection]) -> Vec<Selection> {
    let left = |selection: &Selection| match selection {
        Selection::Field(field) if is_external(view, parent, &field.name) => {
            Some(selection.clone())
        }
        Selection::Field(field) => {
            let known = view.types.get(parent)?.fields.get(&field.name)?;
            let target = known.ty.inner_named_type();
            let inner = external(view, target, field.inner.as_deref()?);
            let rest = || FieldSelection { inner: Some(inner.clone()), ..field.clone() };
            (!inner.is_empty()).then(|| Selection::Field(rest()))
        }
        Selection::On { ty, at, directives, inner } => {
            // A condition on a type that is not here says nothing.
            let known = ty.as_deref().filter(|ty| view.types.contains_key(*ty));
            let on = known.unwrap_or(parent);
            let inner = external(view, on, inner);
            let (ty, directives) = (ty.clone(), directives.clone());
            (!inner.is_empty()).then_some(Selection::On { ty, at: *at, directives, inner })
        }
        Selection::Spread(_) => Some(selection.clone()),
    };
    selections.iter().filter_map(left).collect()
}

/// Whether a field is external, of the type or of what implements it.
fn is_external(view: &View, ty: &str, field: &str) -> bool {
    let marked = |ty: &str| {
        let field = view.types.get(ty).and_then(|ty| ty.fields.get(field));
        field.is_some_and(|field| field.external)
    };
    marked(ty) || view.possible(ty).into_iter().any(|object| marked(object))
}
