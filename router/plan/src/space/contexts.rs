//! Arguments from contexts: what they are read of is asked of the objects that set them.
//!
//! A field with such an argument needs a value of some object above it. So the selections of each
//! position say what they want from above, and where a position can set it, what is read of it is
//! asked there, before anything else.

use std::rc::Rc;

use graph::ContextId;
use schema::{FieldSet, OperationKind, SetItem, TypeId, TypeSet};

use super::{Space, Task};

/// What is read for an argument, of objects of some types of a position.
struct Read {
    id: ContextId,
    selection: FieldSet,
    types: TypeSet,
}

impl Space<'_> {
    /// Adds to the tasks of a position what arguments from contexts below them are read of. The
    /// second value is what is wanted from above.
    pub(super) fn with_contexts(
        &mut self,
        ty: TypeId,
        mut tasks: Vec<Rc<Task>>,
    ) -> (Vec<Rc<Task>>, Vec<ContextId>) {
        let mut wants = Vec::new();
        if !self.graph.has_contexts() {
            return (tasks, wants);
        }
        let mut reads: Vec<Read> = Vec::new();
        let mut done = 0;
        let mut asked = 0;
        // What is read may need contexts itself.
        while done < tasks.len() {
            for task in &tasks[done..] {
                self.own(task, &mut wants);
                self.below_contexts(ty, task, &mut reads, &mut wants);
            }
            done = tasks.len();
            while asked < reads.len() {
                let found = self.read(ty, &reads[asked]);
                found.into_iter().for_each(|task| put(&mut tasks, task));
                asked += 1;
            }
        }
        // Stable, so that the client's order stays: what is read comes first.
        tasks.sort_by_key(|task| task.contexts.is_empty());
        (tasks, wants)
    }

    /// What the field of a task needs itself, from objects above its own.
    fn own(&self, task: &Task, wants: &mut Vec<ContextId>) {
        for object in task.types.iter().chain([task.parent]) {
            let Some(field) = self.field_of(object, &task.name) else { continue };
            for id in self.graph.contexts(field) {
                want(wants, *id);
            }
        }
    }

    /// What is needed below a task, as far as the objects of its own position set it: else it is
    /// wanted from above.
    fn below_contexts(
        &self,
        ty: TypeId,
        task: &Task,
        reads: &mut Vec<Read>,
        wants: &mut Vec<ContextId>,
    ) {
        let Some(child) = task.child else { return };
        // A mutation field is not asked for the sake of others.
        let sets = self.schema.root(OperationKind::Mutation) != Some(ty);
        for id in &self.sel(child).wants {
            let mut open = task.types.clone();
            for setter in self.graph.context(*id).setters.iter().filter(|_| sets) {
                let types = setter.types.intersection(&task.types);
                if types.is_empty() {
                    continue;
                }
                open = open.difference(&types);
                let selection = &setter.selection;
                let same = |read: &&mut Read| read.id == *id && read.selection == *selection;
                match reads.iter_mut().find(same) {
                    Some(read) if types.is_subset(&read.types) => {}
                    _ => reads.push(Read { id: *id, selection: selection.clone(), types }),
                }
            }
            if !open.is_empty() {
                want(wants, *id);
            }
        }
    }

    fn read(&mut self, ty: TypeId, read: &Read) -> Vec<Rc<Task>> {
        let all = self.schema.ty(ty).possible.clone();
        // The selection was written for the type that sets the context.
        let on = read.selection.items.iter().find_map(|item| match item {
            SetItem::Field { field, .. } => Some(self.schema.field(*field).parent),
            _ => None,
        });
        let set = [&read.selection];
        let (tasks, _) = self.sets_tasks(&set, on.unwrap_or(ty), (&read.types, &all));
        let contexts = vec![read.id];
        let marked =
            |task: Rc<Task>| Rc::new(Task { contexts: contexts.clone(), ..Task::clone(&task) });
        tasks.into_iter().map(marked).collect()
    }
}

/// Adds what is read to the tasks. A leaf that is asked for already becomes what is read.
fn put(tasks: &mut Vec<Rc<Task>>, read: Rc<Task>) {
    let same = |task: &Rc<Task>| {
        task.key == read.key && task.types == read.types && task.child == read.child
    };
    match tasks.iter().position(same) {
        None => tasks.push(read),
        Some(at) => {
            let known = &tasks[at];
            let mut contexts = known.contexts.clone();
            read.contexts.iter().for_each(|id| want(&mut contexts, *id));
            let conditional = known.conditional && read.conditional;
            tasks[at] = Rc::new(Task { contexts, conditional, ..Task::clone(known) });
        }
    }
}

fn want(wants: &mut Vec<ContextId>, id: ContextId) {
    if !wants.contains(&id) {
        wants.push(id);
    }
}
