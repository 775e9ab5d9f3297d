//! Which subgraphs an object can be continued in, from each place where it can be held.
//!
//! An *entry* is an object at hand: of a type, in a subgraph, with a view (what a `@provides`
//! above it adds). Its closure is every entry that the same object can be had in by keys. Keys may
//! need keys (nested, compound, circular), and a `@requires` may need closures of other entries, so
//! all closures grow together as the least fixed point of one work list.

use super::world::{ContextIx, Hop, Item, Kind, LabelIx, Name, SetId, SubIx, Taken, TypeIx, World};
use crate::maps::{HashMap, HashSet};

/// The number of an [`Entry`].
pub(super) type EntryId = u32;

/// An object at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Entry {
    /// What is known of the object's type: an object type, or the abstract type it is held as.
    pub at: TypeIx,
    /// The type by which the subgraph knows it: `at`, or an interface object for it.
    pub local: TypeIx,
    pub subgraph: SubIx,
    /// External fields that can be read here all the same.
    pub view: SetId,
}

/// Where a resolved field leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Child {
    Leaf,
    At(EntryId),
}

/// All entries that were met, with their closures.
pub(super) struct Reach<'a> {
    pub world: &'a mut World,
    labels_on: HashSet<LabelIx>,
    /// The contexts that are set where the walk stands; none while closures are computed.
    contexts: Vec<ContextIx>,
    entries: Vec<Entry>,
    index: HashMap<Entry, EntryId>,
    closures: Vec<Vec<EntryId>>,
    /// The entries of each root type in all subgraphs that have it, for those types whose objects
    /// are had everywhere.
    roots: HashMap<TypeIx, Option<Vec<EntryId>>>,
    /// Who read the closure of an entry, and must look again when it grows.
    readers: Vec<HashSet<EntryId>>,
    queue: Vec<EntryId>,
    queued: Vec<bool>,
    /// Whose closure is being computed.
    current: Option<EntryId>,
    /// The requirements that are being looked into: what needs itself can't be had.
    busy: HashSet<(EntryId, SetId)>,
    /// The requirements that were met; more closures only add to them.
    met: HashSet<(EntryId, SetId)>,
}

impl<'a> Reach<'a> {
    pub(super) fn new(world: &'a mut World, labels_on: HashSet<LabelIx>) -> Self {
        Self {
            world,
            labels_on,
            contexts: Vec::new(),
            entries: Vec::new(),
            index: HashMap::default(),
            closures: Vec::new(),
            roots: HashMap::default(),
            readers: Vec::new(),
            queue: Vec::new(),
            queued: Vec::new(),
            current: None,
            busy: HashSet::default(),
            met: HashSet::default(),
        }
    }

    pub(super) fn entry(&self, id: EntryId) -> Entry {
        self.entries[id as usize]
    }

    pub(super) fn intern(&mut self, entry: Entry) -> EntryId {
        if let Some(known) = self.index.get(&entry) {
            return *known;
        }
        let id = self.entries.len() as EntryId;
        self.entries.push(entry);
        self.index.insert(entry, id);
        self.closures.push(vec![id]);
        self.readers.push(HashSet::default());
        self.queued.push(true);
        self.queue.push(id);
        id
    }

    /// Runs the work list dry: afterwards every closure that is known is complete.
    fn settle(&mut self) {
        while let Some(id) = self.queue.pop() {
            self.queued[id as usize] = false;
            self.current = Some(id);
            if self.grow(id) {
                let readers: Vec<_> = self.readers[id as usize].iter().copied().collect();
                readers.into_iter().for_each(|reader| self.enqueue(reader));
            }
        }
        self.current = None;
    }

    /// A look at the closures once nothing more can be added to them.
    pub(super) fn stable<T>(&mut self, look: impl Fn(&mut Self) -> T) -> T {
        loop {
            let seen = look(self);
            if self.queue.is_empty() {
                return seen;
            }
            self.settle();
        }
    }

    /// The entries in whose subgraph the object has a field, by the field.
    pub(super) fn having(&self, held: &[EntryId]) -> HashMap<Name, Vec<EntryId>> {
        let mut having: HashMap<Name, Vec<EntryId>> = HashMap::default();
        for id in held {
            let entry = self.entry(*id);
            let local = self.world.local(entry.local, entry.subgraph);
            for name in local.into_iter().flat_map(|local| local.fields.names()) {
                having.entry(name).or_default().push(*id);
            }
        }
        having
    }

    /// Every way to resolve a field where these contexts are set.
    pub(super) fn children_within(
        &mut self,
        held: &[EntryId],
        field: Name,
        contexts: &[ContextIx],
    ) -> Vec<Child> {
        self.stable(|reach| {
            reach.contexts.extend(contexts);
            let children = reach.children(held, field);
            reach.contexts.clear();
            children
        })
    }

    /// The entry of a root object in a subgraph.
    pub(super) fn root(&mut self, ty: TypeIx, subgraph: SubIx) -> EntryId {
        self.intern(Entry { at: ty, local: ty, subgraph, view: 0 })
    }

    fn enqueue(&mut self, id: EntryId) {
        if !std::mem::replace(&mut self.queued[id as usize], true) {
            self.queue.push(id);
        }
    }

    /// Whether an object of a type is had in every subgraph that has the type, with nothing in hand,
    /// as a root is.
    fn is_everywhere(&mut self, ty: TypeIx) -> bool {
        if self.world.roots.iter().all(|(_, root)| *root != ty) {
            return false;
        }
        if let Some(known) = self.roots.get(&ty) {
            return known.is_some();
        }
        let set =
            |hop: &Hop| self.world.local(hop.local, hop.subgraph).map(|l| l.keys[hop.key].set);
        let hops = &self.world.ty(ty).hops;
        let everywhere = hops.iter().all(|hop| hop.local == ty && set(hop) == Some(0));
        let local = self.world.ty(ty).local.iter();
        let subgraphs: Vec<_> = local.map(|(subgraph, _)| *subgraph).collect();
        let entries = |reach: &mut Self| {
            subgraphs.into_iter().map(|subgraph| reach.root(ty, subgraph)).collect()
        };
        let entries = everywhere.then(|| entries(self));
        self.roots.insert(ty, entries);
        everywhere
    }

    /// The closure of a root: it is the same from everywhere, and there are many subgraphs.
    fn grow_root(&mut self, id: EntryId) -> bool {
        let entry = self.entry(id);
        if self.closures[id as usize].len() > 1 {
            return false;
        }
        let others = self.roots.get(&entry.at).into_iter().flatten().flatten().copied();
        let others = others.filter(|other| self.entry(*other).subgraph != entry.subgraph);
        let others: Vec<_> = others.collect();
        self.closures[id as usize].extend(&others);
        !others.is_empty()
    }

    /// Adds what can be added to the closure of one entry.
    fn grow(&mut self, id: EntryId) -> bool {
        let entry = self.entry(id);
        if self.is_everywhere(entry.at) {
            return self.grow_root(id);
        }
        if self.world.ty(entry.at).kind == Kind::Abstract && !self.is_interface_object(entry) {
            return false;
        }
        let mut grown = false;
        loop {
            let held = self.closures[id as usize].clone();
            let mut here: HashSet<_> =
                held.iter().map(|e| (self.entry(*e).local, self.entry(*e).subgraph)).collect();
            let mut added = Vec::new();
            for hop in 0..self.world.ty(entry.at).hops.len() {
                let hop = &self.world.ty(entry.at).hops[hop];
                let (local, subgraph, key) = (hop.local, hop.subgraph, hop.key);
                let next = Entry { at: entry.at, local, subgraph, view: 0 };
                if here.contains(&(local, subgraph)) {
                    continue;
                }
                let set = self.world.local(local, subgraph).map_or(0, |l| l.keys[key].set);
                if self.obtain(&held, set) {
                    here.insert((local, subgraph));
                    added.push(next);
                }
            }
            if added.is_empty() {
                return grown;
            }
            grown = true;
            let added: Vec<_> = added.into_iter().map(|next| self.intern(next)).collect();
            self.closures[id as usize].extend(added);
        }
    }

    /// The closure of an entry as far as it is known, and a promise to look again.
    pub(super) fn closure(&mut self, id: EntryId) -> Vec<EntryId> {
        if let Some(reader) = self.current
            && reader != id
        {
            self.readers[id as usize].insert(reader);
        }
        self.closures[id as usize].clone()
    }

    pub(super) fn is_interface_object(&self, entry: Entry) -> bool {
        self.world.local(entry.local, entry.subgraph).is_some_and(|local| local.interface_object)
    }

    /// Whether all of a field set can be had for one object that is held in these entries.
    pub(super) fn obtain(&mut self, held: &[EntryId], set: SetId) -> bool {
        let Some(first) = held.first() else { return false };
        let at = self.entry(*first).at;
        (0..self.world.sets.get(set).len()).all(|item| match self.world.sets.get(set)[item] {
            Item::Typename => true,
            Item::On(ty, inner) => !self.world.is(at, ty) || self.obtain(held, inner),
            Item::Field(name, inner) => {
                let children = self.children(held, name);
                !children.is_empty() && (inner == 0 || self.obtain_below(&children, inner))
            }
        })
    }

    fn obtain_below(&mut self, children: &[Child], set: SetId) -> bool {
        let entries: Vec<_> = children.iter().filter_map(Child::entry).collect();
        let types = self.runtime_types(&entries);
        !types.is_empty()
            && types.into_iter().all(|object| {
                let held = self.as_object(&entries, object);
                self.obtain(&held, set)
            })
    }

    /// Every way to resolve a field of an object that is held in these entries.
    pub(super) fn children(&mut self, held: &[EntryId], field: Name) -> Vec<Child> {
        let mut found = Vec::new();
        for entry in held {
            if let Some(child) = self.resolve(*entry, field)
                && !found.contains(&child)
            {
                found.push(child);
            }
        }
        found
    }

    /// Resolves a field in the subgraph of one entry, if it can.
    pub(super) fn resolve(&mut self, id: EntryId, field: Name) -> Option<Child> {
        let entry = self.entry(id);
        let local = self.world.local(entry.local, entry.subgraph)?.fields.get(field)?.clone();
        let seen = match entry.view {
            0 => None,
            view => self.world.select(view, entry.at, field),
        };
        let taken = match local.taken {
            Taken::No => false,
            Taken::Away => true,
            Taken::AwayWhile(label) => self.labels_on.contains(&label),
            Taken::HereWhile(label) => !self.labels_on.contains(&label),
        };
        let unset = local.contexts.iter().any(|context| !self.contexts.contains(context));
        if taken || unset || (local.external && seen.is_none()) {
            return None;
        }
        if local.requires != 0 && !self.requirements_met(id, local.requires) {
            return None;
        }
        if self.world.ty(local.ty).kind == Kind::Leaf {
            return Some(Child::Leaf);
        }
        let view = match seen {
            None => local.provides,
            Some(mut seen) => {
                seen.extend(self.world.sets.get(local.provides));
                self.world.sets.add(seen)
            }
        };
        let (at, subgraph) = (local.ty, entry.subgraph);
        Some(Child::At(self.intern(Entry { at, local: at, subgraph, view })))
    }

    /// Whether the fields of a `@requires` can be had from here, and the object be resumed here.
    pub(super) fn requirements_met(&mut self, id: EntryId, requires: SetId) -> bool {
        if self.met.contains(&(id, requires)) {
            return true;
        }
        if !self.busy.insert((id, requires)) {
            return false;
        }
        // What is required is fetched from the object alone, with nothing above it.
        let contexts = std::mem::take(&mut self.contexts);
        let here = self.obtain(&[id], requires);
        let met = here || {
            let held = self.known_from(id);
            self.obtain(&held, requires) && self.can_resume(id)
        };
        self.contexts = contexts;
        self.busy.remove(&(id, requires));
        if met {
            self.met.insert((id, requires));
        }
        met
    }

    /// The entries that can be gone to with nothing at hand but this one. Who has an interface object
    /// knows no type of it, and goes on by the keys of the interface alone.
    fn known_from(&mut self, id: EntryId) -> Vec<EntryId> {
        let mut held = self.closure(id);
        let entry = self.entry(id);
        if entry.local != entry.at {
            let untyped = self.intern(Entry { at: entry.local, ..entry });
            if self.typed_sources(untyped).is_empty() {
                held.retain(|other| self.entry(*other).local == entry.local);
            }
        }
        held
    }

    /// Whether the object can be left and come back to by a key of its own subgraph. A root object
    /// has none: it is entered from anywhere, but with nothing in hand.
    pub(super) fn can_resume(&mut self, id: EntryId) -> bool {
        let entry = self.entry(id);
        let keys: Vec<_> = self
            .world
            .local(entry.local, entry.subgraph)
            .map(|local| local.keys.iter().map(|key| key.set).filter(|set| *set != 0).collect())
            .unwrap_or_default();
        keys.into_iter().any(|key| self.obtain(&[id], key))
    }

    /// The object types that an object can turn out to have, seen from these entries.
    pub(super) fn runtime_types(&mut self, entries: &[EntryId]) -> Vec<TypeIx> {
        let mut types = Vec::new();
        for id in entries {
            for source in self.typed_sources(*id) {
                let source = self.entry(source);
                if let Some(local) = self.world.local(source.local, source.subgraph) {
                    types.extend(&local.possible);
                }
            }
        }
        types.sort_unstable();
        types.dedup();
        types
    }

    /// The entries that can tell the object's type: itself, or where an interface object leads.
    pub(super) fn typed_sources(&mut self, id: EntryId) -> Vec<EntryId> {
        let entry = self.entry(id);
        if entry.at != entry.local || !self.is_interface_object(entry) {
            return vec![id];
        }
        let mut sources = self.closure(id);
        sources.retain(|other| !self.is_interface_object(self.entry(*other)));
        sources
    }

    /// Every entry in which an object can be continued once its type is known. Who has it as an
    /// interface object has it still, whether or not it could be come back to.
    pub(super) fn as_object(&mut self, entries: &[EntryId], object: TypeIx) -> Vec<EntryId> {
        let mut held = Vec::new();
        let everywhere = self.is_everywhere(object);
        for id in entries {
            let entry = self.entry(*id);
            for source in self.typed_sources(*id) {
                let Entry { local, subgraph, view, .. } = self.entry(source);
                let possible = self
                    .world
                    .local(local, subgraph)
                    .is_some_and(|local| local.possible.contains(&object));
                if possible {
                    let cast = Entry { at: object, local: object, subgraph, view };
                    let cast = self.intern(cast);
                    if everywhere && !held.is_empty() {
                        // All but the entry itself is there already.
                        held.push(cast);
                    } else {
                        held.extend(self.closure(cast));
                    }
                    if source != *id {
                        let stays = self.intern(Entry { at: object, ..entry });
                        held.extend(self.closure(stays));
                    }
                }
            }
        }
        held.sort_unstable();
        held.dedup();
        held
    }
}

impl Child {
    pub(super) fn entry(&self) -> Option<EntryId> {
        match self {
            Child::Leaf => None,
            Child::At(id) => Some(*id),
        }
    }
}
