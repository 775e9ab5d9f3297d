//! The checker: proves a finished plan sound, from its documents alone.
//!
//! It shares nothing with the search or the building. Each document is validated against its
//! subgraph and read back; what it yields is noted in a symbolic answer, position by position, with
//! the object types that it is yielded for. Then each input must have been yielded by fetches that
//! ended before, and each field that the client asked for must be yielded for every object type
//! that can stand at its position.
//!
//! What stands under one key of objects of several types is told apart by the type right above it,
//! not by those further up. The comparison with one merged server covers that.

mod contexts;

use std::collections::{BTreeSet, HashMap};

use operation::{Selected, SelectionSet};
use schema::{
    DocumentField, FieldId, FieldSet, Kind, OperationKind, Schema, SetItem, SubgraphId, TypeId,
    TypeSet, store_key,
};

use crate::model::{Fetch, Input, Part, PathStep, Plan, Target, WireSet};

/// Proves a plan sound. Each finding is one sentence.
///
/// # Errors
/// All findings, when there are any.
pub fn check(schema: &Schema, plan: &Plan) -> Result<(), Vec<String>> {
    let root = schema.ty(plan.answer.ty).possible.clone();
    let occurs = vec![Known { fetch: None, parents: None, types: root.clone() }];
    let spots = vec![Spot { occurs, ..Spot::default() }];
    let mut check = Check { schema, root, spots, before: Vec::new(), findings: Vec::new() };
    for (index, fetch) in plan.fetches.iter().enumerate() {
        check.order(plan, index, fetch);
        check.fetch(index, fetch);
    }
    let all = schema.ty(plan.answer.ty).possible.clone();
    check.answer((0, None), &plan.answer, &all, "");
    if check.findings.is_empty() { Ok(()) } else { Err(check.findings) }
}

/// The fields of those objects that are represented at all.
fn entered(inputs: &[Input], fields: &[DocumentField]) -> Vec<DocumentField> {
    let all = inputs.iter().any(|input| input.types.is_none());
    let types = inputs.iter().filter_map(|input| input.types.as_ref());
    let types = types.fold(TypeSet::default(), |all, types| all.union(types));
    let mut fields = fields.to_vec();
    if !all {
        fields.iter_mut().for_each(|field| field.types = field.types.intersection(&types));
    }
    fields
}

/// Each of the types, or all at once where it is not known which.
fn each(types: Option<&TypeSet>) -> Vec<Option<TypeId>> {
    types.map_or_else(|| vec![None], |types| types.iter().map(Some).collect())
}

/// A position of the symbolic answer.
#[derive(Default)]
struct Spot {
    /// The object types that can stand here.
    occurs: Vec<Known>,
    /// For each key: for which object types it is yielded.
    yields: HashMap<String, Vec<Known>>,
    /// The positions below.
    below: HashMap<String, usize>,
}

/// Object types of a position, as a fetch tells of them.
struct Known {
    /// The fetch; `None` for what is there from the start.
    fetch: Option<usize>,
    /// The types of the objects right above that it is true for; `None` for all.
    parents: Option<TypeSet>,
    types: TypeSet,
}

impl Known {
    fn is_below(&self, parent: Option<TypeId>) -> bool {
        match (&self.parents, parent) {
            (Some(parents), Some(parent)) => parents.contains(parent),
            _ => true,
        }
    }
}

/// What the path alone tells of the objects at its end.
struct Static {
    /// The object types that they can have.
    types: TypeSet,
    /// Whether each of them has the type that its field says.
    known: bool,
}

struct Check<'a> {
    schema: &'a Schema,
    /// The type of the root.
    root: TypeSet,
    spots: Vec<Spot>,
    /// For each fetch all that have ended before it.
    before: Vec<BTreeSet<usize>>,
    findings: Vec<String>,
}

impl Check<'_> {
    fn order(&mut self, plan: &Plan, index: usize, fetch: &Fetch) {
        let mut before = BTreeSet::new();
        for earlier in &fetch.after {
            if *earlier >= index {
                self.findings.push(format!("fetch {} waits for a later one", index + 1));
                continue;
            }
            before.insert(*earlier);
            before.extend(&self.before[*earlier]);
        }
        let serial = plan.kind == OperationKind::Mutation && fetch.kind == OperationKind::Mutation;
        if serial && before.len() != index {
            self.findings
                .push(format!("mutation fetch {} does not wait for all others", index + 1));
        }
        self.before.push(before);
    }

    fn fetch(&mut self, index: usize, fetch: &Fetch) {
        let view = match self.schema.view(fetch.subgraph) {
            Ok(view) => view,
            Err(error) => return self.findings.push(error),
        };
        let fields = match view.read(self.schema, &fetch.document) {
            Ok(fields) => fields,
            Err(error) => {
                let name = &self.schema.subgraph(fetch.subgraph).name;
                let finding = format!("not valid in {name}: {}\n{error}", fetch.document);
                return self.findings.push(finding);
            }
        };
        for part in &fetch.parts {
            self.part((index, fetch.subgraph), part, &fields);
        }
    }

    fn part(
        &mut self,
        (index, subgraph): (usize, SubgraphId),
        part: &Part,
        fields: &[DocumentField],
    ) {
        let path = match &part.target {
            Target::Root { path } | Target::Entities { path, .. } => path,
        };
        let Some(spot) = self.spot(index, path) else {
            let keys: Vec<&str> = path.iter().map(|step| step.key.as_str()).collect();
            let place = keys.join(".");
            return self.findings.push(format!(
                "fetch {} is for `{place}`, which nothing before it yields",
                index + 1
            ));
        };
        self.types_are_known(index, &part.target);
        let parents = path.last().and_then(|step| step.types.as_ref());
        match &part.target {
            Target::Root { .. } => self.yields((index, parents), spot, fields, &part.selection),
            Target::Entities { wire, inputs, contexts, .. } => {
                for input in inputs {
                    self.one_name_one_value(index, input);
                    for set in std::iter::once(&input.key).chain(&input.requires) {
                        self.input((index, parents), spot, set, input.types.as_ref());
                    }
                }
                let entities = fields.iter().find(|field| field.response_key == *wire);
                let selection = entities.and_then(|field| field.selection.as_ref());
                let selection = selection.map_or(&[][..], Vec::as_slice);
                for input in inputs {
                    self.requirements_ride_along(subgraph, index, input, selection);
                }
                let selection = self.without_contexts((index, subgraph), contexts, selection);
                for context in contexts {
                    self.context_is_set(index, path, context);
                }
                let selection = entered(inputs, &selection);
                self.yields((index, parents), spot, &selection, &part.selection);
            }
        }
    }

    /// Where a path goes on for some types only, and where representations are made for some types
    /// only, the types are known before the fetch.
    fn types_are_known(&mut self, index: usize, target: &Target) {
        let (path, inputs) = match target {
            Target::Root { path } => (path, &[][..]),
            Target::Entities { path, inputs, .. } => (path, inputs.as_slice()),
        };
        let mut spot = 0;
        let mut here = Static { types: self.root.clone(), known: true };
        for step in path {
            if let Some(types) = &step.types {
                self.typed(index, spot, &here, types);
                here.types = here.types.intersection(types);
            }
            here = self.statically_below(&here.types, &step.key);
            let Some(below) = self.spots[spot].below.get(&step.key) else { return };
            spot = *below;
        }
        for types in inputs.iter().filter_map(|input| input.types.as_ref()) {
            self.typed(index, spot, &here, types);
        }
    }

    /// What is known of the objects below a field of objects of some types.
    fn statically_below(&self, parents: &TypeSet, key: &str) -> Static {
        let name = key.split('(').next().unwrap_or(key);
        let mut below = Static { types: TypeSet::default(), known: true };
        for parent in parents.iter() {
            let Some(field) = self.schema.ty(parent).fields.get(name) else { continue };
            let ty = self.schema.ty(self.schema.field(*field).ty.named());
            below.known &= ty.kind == Kind::Object;
            below.types = below.types.union(&ty.possible);
        }
        below
    }

    /// Which objects are of some types is known before the fetch.
    fn typed(&mut self, index: usize, spot: usize, here: &Static, types: &TypeSet) {
        let known = self.known((spot, None), "__typename", Some(index));
        let occurs = self.occurs((spot, None), Some(index));
        let needed = types.intersection(&here.types).intersection(&occurs);
        if !here.known && !needed.is_subset(&known) {
            let (at, names) = (index + 1, self.names(&needed));
            self.findings.push(format!("fetch {at} is for {names}, but types are not known then"));
        }
    }

    /// A field that requires others is asked only of objects that bring them along.
    fn requirements_ride_along(
        &mut self,
        subgraph: SubgraphId,
        index: usize,
        input: &Input,
        fields: &[DocumentField],
    ) {
        for field in fields {
            let types = match &input.types {
                Some(types) => field.types.intersection(types),
                None => field.types.iter().collect(),
            };
            for object in types.iter() {
                let requires = self.requires(subgraph, object, &field.name);
                if requires.is_some_and(|set| !input.requires.contains(set)) {
                    let (at, name) = (index + 1, &self.schema.ty(object).name);
                    let field = &field.name;
                    self.findings
                        .push(format!("fetch {at} asks `{name}.{field}` without what it requires"));
                }
            }
        }
    }

    /// What a field of an object requires in a subgraph, which may know the object only through an
    /// interface object.
    fn requires(&self, subgraph: SubgraphId, object: TypeId, name: &str) -> Option<&FieldSet> {
        let schema = self.schema;
        let own = std::iter::once(object).filter(|ty| schema.ty(*ty).join(subgraph).is_some());
        let stands_in = |interface: &TypeId| {
            let join = schema.ty(*interface).join(subgraph);
            join.is_some_and(|join| join.interface_object)
        };
        let interfaces = schema.ty(object).implements.iter().copied().filter(stands_in);
        own.chain(interfaces).find_map(|ty| {
            let field = schema.field(*schema.ty(ty).fields.get(name)?);
            field.join(subgraph)?.requires.as_ref()
        })
    }

    /// A representation has one value for each name, so what it is made of must agree on the
    /// arguments of each field.
    fn one_name_one_value(&mut self, index: usize, input: &Input) {
        let sets: Vec<&FieldSet> = std::iter::once(&input.key).chain(&input.requires).collect();
        if !crate::sets::agree(self.schema, &sets) {
            self.findings.push(format!("fetch {} needs one field in two ways", index + 1));
        }
    }

    /// The position at the end of a path, each step of which was yielded before the fetch.
    fn spot(&self, index: usize, path: &[PathStep]) -> Option<usize> {
        let mut spot = 0;
        for step in path {
            let known = self.spots[spot].yields.get(&step.key)?;
            known.iter().find(|known| self.is_before(known.fetch, Some(index)))?;
            spot = *self.spots[spot].below.get(&step.key)?;
        }
        Some(spot)
    }

    fn yields(
        &mut self,
        (index, parents): (usize, Option<&TypeSet>),
        spot: usize,
        fields: &[DocumentField],
        wires: &WireSet,
    ) {
        for field in fields {
            let Some(wire) = wires.fields.iter().find(|wire| wire.wire == field.response_key)
            else {
                let key = &field.response_key;
                self.findings.push(format!("fetch {} does not read `{key}`", index + 1));
                continue;
            };
            let key = store_key(&field.name, &field.arguments);
            let own = wire.key == key || wire.key == "__presence" && key == "__typename";
            // The key of a mutation field names the client's response key as well.
            let base = wire.key.split(" #").next().and_then(|key| key.split("(#").next());
            if !own && base.is_none_or(|base| !key.starts_with(base)) {
                self.findings.push(format!("`{key}` is read as `{}`", wire.key));
            }
            let yields = self.spots[spot].yields.entry(wire.key.clone()).or_default();
            let (fetch, parents) = (Some(index), parents.cloned());
            yields.push(Known { fetch, parents, types: field.types.clone() });
            let (Some(selection), Some(wires)) = (&field.selection, &wire.selection) else {
                continue;
            };
            let below = self.below(spot, &wire.key);
            let (parents, types) = (Some(field.types.clone()), field.objects.clone());
            self.spots[below].occurs.push(Known { fetch, parents, types });
            self.yields((index, Some(&field.types)), below, selection, wires);
        }
    }

    fn below(&mut self, spot: usize, key: &str) -> usize {
        if let Some(below) = self.spots[spot].below.get(key) {
            return *below;
        }
        self.spots.push(Spot::default());
        let below = self.spots.len() - 1;
        self.spots[spot].below.insert(key.to_owned(), below);
        below
    }

    /// Each member of a set must be yielded, before the fetch, for all of the objects.
    fn input(
        &mut self,
        (index, parents): (usize, Option<&TypeSet>),
        spot: usize,
        set: &FieldSet,
        types: Option<&TypeSet>,
    ) {
        for item in &set.items {
            match item {
                SetItem::Typename => {}
                SetItem::Fragment { on, selection } => {
                    let possible = &self.schema.ty(*on).possible;
                    let types =
                        types.map_or_else(|| possible.clone(), |t| t.intersection(possible));
                    self.input((index, parents), spot, selection, Some(&types));
                }
                SetItem::Field { key, selection, .. } => {
                    let mut all = TypeSet::default();
                    for parent in each(parents) {
                        let occurs = self.occurs((spot, parent), Some(index));
                        let needed =
                            types.map_or_else(|| occurs.clone(), |t| t.intersection(&occurs));
                        let known = self.known((spot, parent), key, Some(index));
                        if !needed.is_subset(&known) {
                            let missing = self.names(&needed.difference(&known));
                            let at = index + 1;
                            self.findings
                                .push(format!("fetch {at} needs `{key}` of {missing} too early"));
                        }
                        all = all.union(&needed);
                    }
                    if let Some(below) = self.spots[spot].below.get(key).copied() {
                        self.input((index, Some(&all)), below, selection, None);
                    }
                }
            }
        }
    }

    /// The object types that can stand at a position. Below objects of one type these are those that
    /// every fetch which yields the position may bring, since all of them bring the same objects.
    fn occurs(&self, (spot, parent): (usize, Option<TypeId>), before: Option<usize>) -> TypeSet {
        let told = self.spots[spot].occurs.iter();
        told.filter(|known| known.is_below(parent) && self.is_before(known.fetch, before))
            .map(|known| known.types.clone())
            .reduce(|all, types| match parent {
                Some(_) => all.intersection(&types),
                None => all.union(&types),
            })
            .unwrap_or_default()
    }

    fn known(
        &self,
        (spot, parent): (usize, Option<TypeId>),
        key: &str,
        before: Option<usize>,
    ) -> TypeSet {
        let yields = self.spots[spot].yields.get(key).into_iter().flatten();
        yields
            .filter(|known| known.is_below(parent) && self.is_before(known.fetch, before))
            .fold(TypeSet::default(), |all, known| all.union(&known.types))
    }

    fn is_before(&self, fetch: Option<usize>, before: Option<usize>) -> bool {
        match (fetch, before) {
            (Some(fetch), Some(index)) => self.before[index].contains(&fetch),
            _ => true,
        }
    }

    /// Each field that the client asked for is yielded for each object type that can occur.
    fn answer(
        &mut self,
        (spot, parents): (usize, Option<&TypeSet>),
        set: &SelectionSet,
        shown: &TypeSet,
        path: &str,
    ) {
        for field in &set.fields {
            let Selected::Field(id) = field.what else { continue };
            let path = format!("{path}.{}", field.response_key);
            let mut all = TypeSet::default();
            for parent in each(parents) {
                let occurs = self.occurs((spot, parent), None);
                let needed = field.types.intersection(&occurs).intersection(shown);
                let known = self.known((spot, parent), &field.key, None);
                if !needed.is_subset(&known) {
                    let missing = self.names(&needed.difference(&known));
                    self.findings.push(format!("nothing yields `{path}` of {missing}"));
                }
                all = all.union(&needed);
            }
            if let (Some(below), Some(selection)) =
                (self.spots[spot].below.get(&field.key).copied(), &field.selection)
            {
                let shown = self.shown(id, &field.types);
                self.answer((below, Some(&all)), selection, &shown, &path);
            }
        }
    }

    /// The object types below a field whose fields are shown: for a union only the members that
    /// all of the field's subgraphs have must be.
    fn shown(&self, id: FieldId, objects: &TypeSet) -> TypeSet {
        let name = &self.schema.field(id).name;
        let ty = self.schema.ty(self.schema.field(id).ty.named());
        if ty.kind != Kind::Union {
            return ty.possible.clone();
        }
        let mut shown = ty.possible.clone();
        for object in objects.iter() {
            let Some(field) = self.schema.ty(object).fields.get(name) else { continue };
            let field = self.schema.field(*field);
            for join in field.joins.iter().filter(|join| !join.external) {
                let ty = join.ty.as_ref().unwrap_or(&field.ty).named();
                if let Some(there) = self.schema.ty(ty).join(join.subgraph) {
                    shown = shown.intersection(&there.possible);
                }
            }
        }
        shown
    }

    fn names(&self, types: &TypeSet) -> String {
        let names: Vec<&str> = types.iter().map(|id| self.schema.ty(id).name.as_str()).collect();
        names.join(", ")
    }
}
