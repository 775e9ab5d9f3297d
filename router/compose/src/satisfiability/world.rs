//! What satisfiability is proven over: every type, and what each subgraph can say of it, by number.

use crate::maps::HashMap;

/// A name, interned.
pub(super) type Name = u32;
/// A type of the supergraph.
pub(super) type TypeIx = u32;
/// A subgraph, by its place in the input.
pub(super) type SubIx = u16;
/// An interned selection set; 0 is the empty one.
pub(super) type SetId = u32;
/// A context of a subgraph.
pub(super) type ContextIx = u32;
/// An override label, by its place in [`World::labels`].
pub(super) type LabelIx = u32;

/// The merged types and the subgraphs' parts of them.
#[derive(Default)]
pub(super) struct World {
    pub names: Interner<sdl::Name>,
    pub sets: Interner<Vec<Item>>,
    pub subgraphs: Vec<String>,
    pub types: Vec<Type>,
    pub labels: Vec<String>,
    /// The root types that exist, queries first.
    pub roots: Vec<(Root, TypeIx)>,
}

/// The three kinds of operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Root {
    Query,
    Mutation,
    Subscription,
}

/// What a type is in the supergraph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Leaf,
    Object,
    Abstract,
}

/// A type of the supergraph.
pub(super) struct Type {
    pub name: Name,
    pub kind: Kind,
    /// Whether clients see it.
    pub visible: bool,
    /// The fields that clients see, of objects only.
    pub fields: Vec<ApiField>,
    /// The object types that an object of it can have; of an object type, itself.
    pub possible: Vec<TypeIx>,
    /// What each subgraph that has the type says of it, in the order of the subgraphs.
    pub local: Vec<(SubIx, Local)>,
    /// The keys by which an object of it can be reached from anywhere.
    pub hops: Vec<Hop>,
    /// The contexts that an object of it sets for everything below it.
    pub contexts: Vec<ContextIx>,
}

/// A field that clients see.
pub(super) struct ApiField {
    pub name: Name,
    pub ty: TypeIx,
    /// Its required arguments in parentheses, as an example writes them.
    pub arguments: Option<Box<str>>,
}

/// A type as one subgraph has it.
#[derive(Default)]
pub(super) struct Local {
    pub interface_object: bool,
    pub fields: LocalFields,
    pub keys: Vec<Key>,
    /// The object types that this subgraph can give; of an object type, itself.
    pub possible: Vec<TypeIx>,
}

/// The fields of a type in one subgraph, in the order of their names' numbers: most types have a
/// few, and a map for each would take more than the fields do.
#[derive(Default)]
pub(super) struct LocalFields(Box<[(Name, LocalField)]>);

/// A field as one subgraph has it.
#[derive(Clone, Default)]
pub(super) struct LocalField {
    pub ty: TypeIx,
    pub external: bool,
    pub requires: SetId,
    pub provides: SetId,
    /// The contexts that must be set above it, for its arguments.
    pub contexts: Box<[ContextIx]>,
    pub taken: Taken,
}

/// Whether another subgraph has taken a field over, or this one has from another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Taken {
    #[default]
    No,
    /// Another subgraph resolves it, always.
    Away,
    /// Another subgraph resolves it while the label is on.
    AwayWhile(LabelIx),
    /// This subgraph resolves it only while the label is on.
    HereWhile(LabelIx),
}

/// A `@key` of a subgraph's type.
pub(super) struct Key {
    pub text: String,
    pub set: SetId,
    pub resolvable: bool,
}

/// A way into a subgraph: by this key of this type, which may be an interface object.
pub(super) struct Hop {
    pub local: TypeIx,
    pub subgraph: SubIx,
    pub key: usize,
}

/// A selection of a field set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Item {
    Field(Name, SetId),
    On(TypeIx, SetId),
    Typename,
}

/// Equal things get equal numbers; the empty thing is number 0.
pub(super) struct Interner<T> {
    index: HashMap<T, u32>,
    things: Vec<T>,
}

impl<T: Clone + Eq + std::hash::Hash + Default> Default for Interner<T> {
    fn default() -> Self {
        let mut empty = Self { index: HashMap::default(), things: Vec::new() };
        empty.add(T::default());
        empty
    }
}

impl<T: Clone + Eq + std::hash::Hash + Default> Interner<T> {
    pub(super) fn add(&mut self, thing: T) -> u32 {
        if let Some(known) = self.index.get(&thing) {
            return *known;
        }
        let id = self.things.len() as u32;
        self.things.push(thing.clone());
        self.index.insert(thing, id);
        id
    }

    pub(super) fn get(&self, id: u32) -> &T {
        &self.things[id as usize]
    }
}

impl LocalFields {
    pub(super) fn new(mut fields: Vec<(Name, LocalField)>) -> Self {
        fields.sort_unstable_by_key(|(name, _)| *name);
        Self(fields.into())
    }

    pub(super) fn get(&self, name: Name) -> Option<&LocalField> {
        let at = self.0.binary_search_by_key(&name, |(known, _)| *known).ok()?;
        Some(&self.0[at].1)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = Name> {
        self.0.iter().map(|(name, _)| *name)
    }
}

impl World {
    pub(super) fn ty(&self, ix: TypeIx) -> &Type {
        &self.types[ix as usize]
    }

    pub(super) fn local(&self, ix: TypeIx, subgraph: SubIx) -> Option<&Local> {
        let local = &self.ty(ix).local;
        let at = local.binary_search_by_key(&subgraph, |(known, _)| *known).ok()?;
        Some(&local[at].1)
    }

    pub(super) fn name(&self, name: Name) -> &str {
        self.names.get(name)
    }

    pub(super) fn type_name(&self, ix: TypeIx) -> &str {
        self.name(self.ty(ix).name)
    }

    pub(super) fn subgraph(&self, ix: SubIx) -> &str {
        &self.subgraphs[ix as usize]
    }

    /// Whether objects of type `object` are also of type `ty`.
    pub(super) fn is(&self, object: TypeIx, ty: TypeIx) -> bool {
        object == ty || self.ty(ty).possible.contains(&object)
    }

    /// The selections of `field` in a set, as it applies to objects of type `object`: whether it
    /// is selected, and what is selected in it.
    pub(super) fn select(&self, set: SetId, object: TypeIx, field: Name) -> Option<Vec<Item>> {
        let mut found = None;
        let mut open = vec![set];
        while let Some(set) = open.pop() {
            for item in self.sets.get(set) {
                match *item {
                    Item::Field(name, inner) if name == field => {
                        found.get_or_insert_with(Vec::new).extend(self.sets.get(inner));
                    }
                    Item::On(ty, inner) if self.is(object, ty) => open.push(inner),
                    _ => {}
                }
            }
        }
        found
    }
}
