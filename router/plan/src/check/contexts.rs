//! Arguments from contexts: given where they must be, and read of an object above that is there.

use schema::{ContextArgument, DocumentField, SubgraphId, TypeSet, Value};

use super::Check;
use crate::model::{Context, PathStep};

impl Check<'_> {
    /// The fields without their arguments from contexts, which the merged answer does not know.
    /// Each must be given, by the variable that carries it.
    pub(super) fn without_contexts(
        &mut self,
        (index, subgraph): (usize, SubgraphId),
        contexts: &[Context],
        fields: &[DocumentField],
    ) -> Vec<DocumentField> {
        let mut plain = fields.to_vec();
        for field in &mut plain {
            for argument in self.needed(subgraph, field) {
                let given = field.arguments.iter().position(|(name, _)| *name == argument.name);
                let given = given.map(|at| field.arguments.remove(at).1);
                let carries = |context: &Context| {
                    given == Some(Value::Variable(context.variable.clone()))
                        && context.argument == argument
                };
                if !contexts.iter().any(carries) {
                    let (at, name) = (index + 1, &field.name);
                    let what = &argument.name;
                    self.findings.push(format!(
                        "fetch {at} asks `{name}` without its argument `{what}` from a context"
                    ));
                }
            }
            if let Some(selection) = field.selection.take() {
                field.selection = Some(self.without_contexts((index, subgraph), &[], &selection));
            }
        }
        plain
    }

    /// The arguments from contexts that a field has in a subgraph, for any of the object types that
    /// it is selected for, also where the subgraph knows these as an interface object.
    fn needed(&self, subgraph: SubgraphId, field: &DocumentField) -> Vec<ContextArgument> {
        let mut found: Vec<ContextArgument> = Vec::new();
        for object in field.types.iter() {
            let ty = self.schema.ty(object);
            let stands_in = ty.implements.iter().copied().filter(|interface| {
                let join = self.schema.ty(*interface).join(subgraph);
                join.is_some_and(|join| join.interface_object)
            });
            for ty in std::iter::once(object).chain(stands_in) {
                let Some(id) = self.schema.ty(ty).fields.get(&field.name) else { continue };
                let join = self.schema.field(*id).join(subgraph);
                for argument in join.map_or(&[][..], |join| &join.contexts) {
                    if !found.contains(argument) {
                        found.push(argument.clone());
                    }
                }
            }
        }
        found
    }

    /// Goes up from the objects at the end of a path: whatever types the objects above have, one of
    /// them sets the context, and what is read of it was yielded before.
    pub(super) fn context_is_set(&mut self, index: usize, path: &[PathStep], context: &Context) {
        let mut above = Vec::new();
        let (mut spot, mut types) = (0, self.root.clone());
        for step in path {
            let followed = match &step.types {
                Some(some) => types.intersection(some),
                None => types,
            };
            above.push((spot, followed.clone()));
            types = self.statically_below(&followed, &step.key).types;
            let Some(below) = self.spots[spot].below.get(&step.key) else { return };
            spot = *below;
        }
        for (spot, types) in above.into_iter().rev() {
            let occurs = types.intersection(&self.occurs((spot, None), Some(index)));
            let mut open = occurs.clone();
            for setter in &context.argument.setters {
                let setting: TypeSet = setter.types.intersection(&occurs);
                if !setting.is_empty() {
                    self.input((index, None), spot, &setter.selection, Some(&setting));
                    open = open.difference(&setting);
                }
            }
            if open.is_empty() {
                return;
            }
        }
        let (at, variable) = (index + 1, &context.variable);
        self.findings.push(format!("fetch {at} has no object above that tells `${variable}`"));
    }
}
