//! What can be read of an object although it is external: the views that `@provides` opens.

use schema::{FieldId, FieldSet, Model, SetItem, TypeId};

use crate::maps::HashMap;

/// A view, by number; 0 is the plain view that provides nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub(crate) struct View(u32);

impl View {
    /// Its number.
    pub(super) fn number(self) -> u64 {
        u64::from(self.0)
    }
}

/// All views met while planning an operation.
pub(crate) struct Views {
    /// Of each view but the plain one.
    sets: Vec<Vec<FieldSet>>,
    numbers: HashMap<Vec<FieldSet>, View>,
}

impl Views {
    pub(crate) fn new() -> Self {
        Self { sets: Vec::new(), numbers: HashMap::default() }
    }

    /// Whether the view opens the field on an object of that type.
    pub(crate) fn opens(&self, schema: &Model, view: View, object: TypeId, field: FieldId) -> bool {
        view != View::default() && !self.below(schema, view, object, field).is_empty()
    }

    /// The view of the position below a field: what the view of its parent says of it, and what
    /// the field itself provides.
    pub(crate) fn child(
        &mut self,
        schema: &Model,
        view: View,
        (object, field): (TypeId, FieldId),
        provides: Option<&FieldSet>,
    ) -> View {
        if view == View::default() && provides.is_none() {
            return view;
        }
        let mut sets: Vec<FieldSet> = self.below(schema, view, object, field);
        sets.extend(provides.cloned());
        sets.retain(|set| !set.is_empty());
        if sets.is_empty() {
            return View::default();
        }
        if let Some(view) = self.numbers.get(&sets) {
            return *view;
        }
        self.sets.push(sets.clone());
        let number = View(u32::try_from(self.sets.len()).expect("bounded by the work budget"));
        self.numbers.insert(sets, number);
        number
    }

    fn below(&self, schema: &Model, view: View, object: TypeId, field: FieldId) -> Vec<FieldSet> {
        let mut found = Vec::new();
        let sets = (view.0 as usize).checked_sub(1).map_or(&[][..], |at| &self.sets[at]);
        for set in sets {
            collect(schema, set, object, field, &mut found);
        }
        found
    }
}

// Fields are compared by name: the set may say it of the interface, the source of the object. Neither
// the client's aliases nor its arguments matter, since what is provided is the field.
fn collect(
    schema: &Model,
    set: &FieldSet,
    object: TypeId,
    field: FieldId,
    found: &mut Vec<FieldSet>,
) {
    for item in &set.items {
        match item {
            SetItem::Field { field: other, selection, .. }
                if schema.field(*other).name == schema.field(field).name =>
            {
                found.push(selection.clone());
            }
            SetItem::Fragment { on, selection } if schema.ty(*on).possible.contains(object) => {
                collect(schema, selection, object, field, found);
            }
            _ => {}
        }
    }
}
