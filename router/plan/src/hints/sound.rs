//! Whether hints leave a way to every field: a walk over all that a client could ask, once with the
//! hints and once without.
//!
//! Goes from the root types along one field after the other. At each position it keeps all holders
//! in which the object can have been reached; a field is lost when with the hints none of them
//! resolves it or leads to who does, though without them one would. Each type with the same holders
//! is looked at once, so that cycles of types end.

use std::collections::{BTreeSet, VecDeque};
use std::num::NonZeroU64;
use std::rc::Rc;

use graph::Graph;
use schema::{FieldId, OperationKind, SubgraphId, TypeId, TypeSet};

use crate::PlanError;
use crate::maps::{HashMap, HashSet};
use crate::options::Options;
use crate::search::{Holder, Search};
use crate::space::{SelId, Task};

/// How much work the walk may take; beyond it nothing is said against the hints, and an operation
/// that they leave without a way is planned without them.
const WORK: NonZeroU64 = NonZeroU64::new(20_000_000).expect("not zero");

/// A position: its type, who may hold it without the hints and with them, and how it is asked for.
struct Position {
    ty: TypeId,
    free: BTreeSet<Holder>,
    hinted: BTreeSet<Holder>,
    path: Vec<String>,
}

/// The query that the hints leave without a way, when they leave one, and the field that it ends in.
pub(super) fn lost(graph: &Graph, avoided: &[(SubgraphId, FieldId)]) -> Option<(String, String)> {
    let all = graph.schema().override_labels().to_vec();
    let labels = if all.is_empty() { vec![all] } else { vec![Vec::new(), all] };
    labels.into_iter().find_map(|override_labels| {
        let free = Options { override_labels, work_budget: WORK, ..Options::default() };
        let hinted = Options { avoided: avoided.to_vec(), ..free.clone() };
        let (free, hinted) = (Side::new(graph, &free), Side::new(graph, &hinted));
        // Who can't be told apart in time is taken to be sound.
        Walk { free, hinted }.lost().unwrap_or_default()
    })
}

struct Walk<'g> {
    free: Side<'g>,
    hinted: Side<'g>,
}

/// One of the two searches.
struct Side<'g> {
    search: Search<'g>,
    /// The selections of one field, by the type of the position and that of the object.
    alone: HashMap<(TypeId, TypeId, FieldId), (Rc<Task>, SelId)>,
}

impl Walk<'_> {
    fn lost(&mut self) -> Result<Option<(String, String)>, PlanError> {
        let schema = self.free.search.space.schema;
        let mut todo: VecDeque<Position> = VecDeque::new();
        for kind in [OperationKind::Query, OperationKind::Mutation] {
            let path = vec![kind.keyword().to_owned()];
            let (free, hinted) = (BTreeSet::new(), BTreeSet::new());
            todo.extend(schema.root(kind).map(|ty| Position { ty, free, hinted, path }));
        }
        let mut seen = HashSet::default();
        while let Some(position) = todo.pop_front() {
            let Position { ty, free, hinted, path } = &position;
            if !seen.insert((*ty, free.iter().copied().collect::<Vec<_>>(), hinted.to_owned())) {
                continue;
            }
            for object in schema.ty(*ty).possible.iter() {
                let mut fields: Vec<FieldId> = schema.ty(object).fields.values().copied().collect();
                fields.sort_unstable();
                for field in fields {
                    let definition = schema.field(field);
                    if definition.inaccessible {
                        continue;
                    }
                    let of = (*ty, object, field);
                    let Some(free) = self.free.below(of, free)? else { continue };
                    let mut path = path.to_vec();
                    if object != *ty {
                        path.push(format!("... on {}", schema.ty(object).name));
                    }
                    path.push(definition.name.to_owned());
                    let Some(hinted) = self.hinted.below(of, hinted)? else {
                        let (parent, name) = (&schema.ty(object).name, &definition.name);
                        let coordinate = format!("{parent}.{name}");
                        return Ok(Some((coordinate, query(&path))));
                    };
                    let ty = definition.ty.named();
                    if schema.ty(ty).is_composite() {
                        todo.push_back(Position { ty, free, hinted, path });
                    }
                }
            }
        }
        Ok(None)
    }
}

impl<'g> Side<'g> {
    fn new(graph: &'g Graph, options: &'g Options) -> Self {
        Self { search: Search::new(graph, options), alone: HashMap::default() }
    }

    /// Who can hold the values of a field, whichever of the holders its object was reached in; `None`
    /// when nobody resolves it.
    fn below(
        &mut self,
        (ty, object, field): (TypeId, TypeId, FieldId),
        holders: &BTreeSet<Holder>,
    ) -> Result<Option<BTreeSet<Holder>>, PlanError> {
        let (task, sel) = self.alone(ty, object, field);
        if holders.is_empty() {
            return self.from(&task, sel, &Rc::from([]));
        }
        let mut found: Option<BTreeSet<Holder>> = None;
        for holder in holders {
            let holders: Rc<[Holder]> = Rc::from([*holder]);
            if let Some(below) = self.from(&task, sel, &holders)? {
                found.get_or_insert_default().extend(below);
            }
        }
        Ok(found)
    }

    fn from(
        &mut self,
        task: &Task,
        sel: SelId,
        holders: &Rc<[Holder]>,
    ) -> Result<Option<BTreeSet<Holder>>, PlanError> {
        let search = &mut self.search;
        let Some(decision) = search.decide(sel, holders)? else { return Ok(None) };
        let mut holders = Rc::clone(holders);
        if let Some((who, index)) = &decision.recover {
            let moves = search.moves(who, &holders)?;
            holders = Search::with_recovered(&holders, &moves[*index], who.ty());
        }
        // No object of the type can have been reached in these holders.
        let Some(who) = search.who(task, &holders) else { return Ok(None) };
        let mut below = BTreeSet::new();
        let ways = decision.alternatives.iter().flat_map(|(_, ways)| ways);
        for slot in ways.flat_map(|way| &way.slots) {
            let (subgraph, via, view) = search.place(slot, &holders)?;
            if let Some((source, object)) = search.source_in(&who, task, subgraph, via) {
                below.insert(search.holder_below(&source, view, object, 0));
            }
        }
        Ok(Some(below))
    }

    fn alone(&mut self, ty: TypeId, object: TypeId, field: FieldId) -> (Rc<Task>, SelId) {
        if let Some((task, sel)) = self.alone.get(&(ty, object, field)) {
            return (Rc::clone(task), *sel);
        }
        let space = &mut self.search.space;
        let name: Rc<str> = space.schema.field(field).name.as_str().into();
        let task = Rc::new(Task {
            types: TypeSet::one(object),
            parent: object,
            field,
            name: Rc::clone(&name),
            key: name,
            arguments: Rc::default(),
            child: None,
            conditional: ty != object,
            contexts: Vec::new(),
        });
        let sel = space.alone(ty, &task);
        self.alone.insert((ty, object, field), (Rc::clone(&task), sel));
        (task, sel)
    }
}

/// A path as the query that asks for it: `query { a { ... on B { c } } }`.
fn query(path: &[String]) -> String {
    path.join(" { ") + &" }".repeat(path.len() - 1)
}
