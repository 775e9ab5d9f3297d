//! The field sets of keys and requirements become tasks.

use std::rc::Rc;

use schema::{FieldSet, SetItem, TypeId, TypeSet};

use super::{Sel, SelId, Space, Task, names};

/// A field of a set, with the object types that it is for.
struct Wanted<'s> {
    types: TypeSet,
    parent: TypeId,
    item: &'s SetItem,
}

impl<'g> Space<'g> {
    /// Adds a field set, selected on `parent` for the object types `types` of a position of that type.
    /// The same set is added once.
    pub(crate) fn set(&mut self, set: &'g FieldSet, parent: TypeId, types: &TypeSet) -> SelId {
        let key = (std::ptr::from_ref(set), parent, types.clone());
        if let Some(id) = self.sets.get(&key) {
            return *id;
        }
        let written = (set, parent, types.clone());
        let id = match self.written.get(&written) {
            Some(known) => *known,
            None => {
                let id = self.sets_selections(&[set], parent, types);
                self.written.insert(written, id);
                id
            }
        };
        self.sets.insert(key, id);
        id
    }

    fn sets_selections(&mut self, sets: &[&FieldSet], parent: TypeId, types: &TypeSet) -> SelId {
        let (tasks, typename) = self.sets_tasks(sets, parent, (types, types));
        let (tasks, wants) = self.with_contexts(parent, tasks);
        self.push(Sel { ty: parent, tasks, typename, wants })
    }

    /// The tasks of sets for the object types `types` of a position, and whether they ask for its
    /// `__typename`. A field that is not for `all` is asked under a condition.
    pub(super) fn sets_tasks(
        &mut self,
        sets: &[&FieldSet],
        parent: TypeId,
        (types, all): (&TypeSet, &TypeSet),
    ) -> (Vec<Rc<Task>>, bool) {
        let mut wanted = Vec::new();
        let mut typename = false;
        for set in sets {
            self.flatten(set, parent, types, &mut wanted, &mut typename);
        }
        // One task for all mentions of a field, so that `a { x } a { y }` is one position.
        let mut merged: Vec<(Wanted<'_>, Vec<&FieldSet>)> = Vec::new();
        for want in wanted {
            let SetItem::Field { key, selection, .. } = want.item else { continue };
            let same = merged.iter_mut().find(|(other, _)| {
                matches!(other.item, SetItem::Field { key: k, .. } if k == key)
                    && other.types == want.types
            });
            match same {
                Some((_, below)) => below.push(selection),
                None => merged.push((want, vec![selection])),
            }
        }
        let mut tasks = Vec::new();
        for (want, below) in merged {
            self.set_tasks(&want, &below, all, &mut tasks);
        }
        (tasks, typename)
    }

    fn flatten<'s>(
        &self,
        set: &'s FieldSet,
        parent: TypeId,
        types: &TypeSet,
        wanted: &mut Vec<Wanted<'s>>,
        typename: &mut bool,
    ) {
        for item in &set.items {
            match item {
                SetItem::Typename => *typename = true,
                SetItem::Field { .. } => {
                    wanted.push(Wanted { types: types.clone(), parent, item });
                }
                SetItem::Fragment { on, selection } => {
                    let types = types.intersection(&self.schema.ty(*on).possible);
                    if !types.is_empty() {
                        self.flatten(selection, *on, &types, wanted, typename);
                    }
                }
            }
        }
    }

    fn set_tasks(
        &mut self,
        want: &Wanted<'_>,
        below: &[&FieldSet],
        all: &TypeSet,
        tasks: &mut Vec<Rc<Task>>,
    ) {
        let SetItem::Field { field, arguments, key, .. } = want.item else { return };
        let (name, key) = names(&self.schema.field(*field).name, key);
        let arguments = self.arguments(arguments);
        for class in self.classes(&want.types, &name) {
            let child = self.type_below(class.field).map(|ty| {
                let possible = self.schema.ty(ty).possible.clone();
                self.sets_selections(below, ty, &possible)
            });
            tasks.push(Rc::new(Task {
                types: class.types,
                field: class.field,
                parent: want.parent,
                name: Rc::clone(&name),
                key: Rc::clone(&key),
                arguments: Rc::clone(&arguments),
                child,
                conditional: want.types != *all,
                contexts: Vec::new(),
            }));
        }
    }
}
