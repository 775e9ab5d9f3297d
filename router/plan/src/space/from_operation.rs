//! The client's selections become tasks.

use std::rc::Rc;

use operation::{Field, Selected, SelectionSet};
use schema::{FieldId, SubgraphSet, TypeId, TypeSet};
use smallvec::SmallVec;

use super::{Sel, SelId, Space, Task, names};
use crate::maps::HashMap;

/// Fields of one key, parent and type set, with all their selections.
struct Group<'o> {
    field: &'o Field,
    below: SmallVec<[&'o SelectionSet; 2]>,
}

/// So many fields are found faster by looking at each of them.
const FEW: usize = 12;

/// The fields of a position, and whether its objects' type is asked for.
fn group<'o>(sets: &[&'o SelectionSet]) -> (Vec<Group<'o>>, bool) {
    let count: usize = sets.iter().map(|set| set.fields.len()).sum();
    let mut groups: Vec<Group<'o>> = Vec::with_capacity(count.min(FEW));
    let mut index = HashMap::default();
    let mut typename = false;
    for field in sets.iter().flat_map(|set| &set.fields) {
        match field.what {
            Selected::Typename => typename = true,
            Selected::Introspection => {}
            Selected::Field(_) => {
                let next = groups.len();
                let same = |other: &Field| {
                    other.key == field.key
                        && other.parent == field.parent
                        && other.types == field.types
                };
                let at = match count {
                    0..=FEW => groups.iter().position(|group| same(group.field)).unwrap_or(next),
                    _ => *index
                        .entry((field.key.as_str(), field.parent, &field.types))
                        .or_insert(next),
                };
                if at == next {
                    groups.push(Group { field, below: SmallVec::new() });
                }
                groups[at].below.extend(&field.selection);
            }
        }
    }
    (groups, typename)
}

impl Space<'_> {
    /// Adds the root selections of an operation.
    pub(crate) fn operation(&mut self, root: &SelectionSet) -> SelId {
        let everyone = self.schema.ty(root.ty).subgraphs();
        self.selections(root.ty, &[root], &everyone, None)
    }

    /// Adds the selections of a position that any of `reach` may hold. `only` leaves out fields of
    /// other object types.
    fn selections(
        &mut self,
        ty: TypeId,
        sets: &[&SelectionSet],
        reach: &SubgraphSet,
        only: Option<&TypeSet>,
    ) -> SelId {
        let (groups, typename) = group(sets);
        let mut tasks = Vec::with_capacity(groups.len());
        for group in &groups {
            self.tasks(ty, group, (reach, only), &mut tasks);
        }
        let (tasks, wants) = self.with_contexts(ty, tasks);
        self.share(Sel { ty, tasks, typename, wants })
    }

    /// The same for what several classes of objects have below them: it is taken apart once.
    fn selections_once(
        &mut self,
        ty: TypeId,
        sets: &[&SelectionSet],
        reach: &SubgraphSet,
        only: Option<&TypeSet>,
    ) -> SelId {
        let places = sets.iter().map(|set| std::ptr::from_ref(*set).addr()).collect();
        let position = (ty, places, reach.clone(), only.cloned());
        match self.positions.get(&position).filter(|_| self.share) {
            Some(known) => *known,
            None => {
                let sel = self.selections(ty, sets, reach, only);
                self.positions.insert(position, sel);
                sel
            }
        }
    }

    fn tasks(
        &mut self,
        ty: TypeId,
        group: &Group<'_>,
        (reach, only): (&SubgraphSet, Option<&TypeSet>),
        tasks: &mut Vec<Rc<Task>>,
    ) {
        let field = group.field;
        let Selected::Field(id) = field.what else { return };
        let (name, key) = names(&self.schema.field(id).name, &field.key);
        let arguments = self.arguments(&field.arguments);
        let conditional = field.types != self.schema.ty(ty).possible;
        let types = only.map_or_else(|| field.types.clone(), |only| field.types.intersection(only));
        let classes = self.classes(&types, &name);
        let several = classes.len() > 1;
        for class in classes {
            if self.is_full() {
                break;
            }
            self.tasks += 1;
            let child = self.type_below(class.field).map(|below| {
                let (reach, only) = self.below(class.field, reach);
                match several {
                    true => self.selections_once(below, &group.below, &reach, only.as_ref()),
                    false => self.selections(below, &group.below, &reach, only.as_ref()),
                }
            });
            tasks.push(Rc::new(Task {
                types: class.types,
                field: class.field,
                parent: field.parent,
                name: Rc::clone(&name),
                key: Rc::clone(&key),
                arguments: Rc::clone(&arguments),
                child,
                conditional,
                contexts: Vec::new(),
            }));
        }
    }

    /// Who may hold the position below a field; and, for a union with other members in different
    /// ones of them, the members that all of them have: which one will be asked must not decide
    /// whether a member's fields are shown.
    fn below(&self, field: FieldId, reach: &SubgraphSet) -> (SubgraphSet, Option<TypeSet>) {
        let object = self.schema.field(field).parent;
        let entries = self.graph.entries(object);
        let candidates = self.graph.sources(object, field).iter().filter(|source| {
            let join = source.join(self.schema);
            let entered =
                || entries.iter().any(|entry| entry.subgraph == source.subgraph && !entry.back);
            !join.external
                && !join.used_overridden
                && (reach.contains(source.subgraph) || entered())
        });
        let mut next = SubgraphSet::default();
        let mut common: Option<TypeSet> = None;
        let mut differ = false;
        let below = self.schema.ty(self.schema.field(field).ty.named());
        let is_union = below.kind == schema::Kind::Union;
        for source in candidates {
            next.insert(source.subgraph);
            if !is_union {
                continue;
            }
            let there =
                source.join(self.schema).ty.as_ref().unwrap_or(&self.schema.field(field).ty);
            let ty = self.schema.ty(there.named());
            let Some(join) = ty.join(source.subgraph) else { continue };
            common = Some(match common {
                None => join.possible.clone(),
                Some(common) => {
                    differ |= common != join.possible;
                    common.intersection(&join.possible)
                }
            });
        }
        let reach = if next.is_empty() { reach.clone() } else { next };
        (reach, common.filter(|_| differ))
    }
}
