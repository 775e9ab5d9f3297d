//! The plan: which subgraph is asked what, in which order, with which inputs.

use std::sync::Arc;

use operation::SelectionSet;
use schema::{ContextArgument, FieldSet, OperationKind, SubgraphId, TypeSet};

use crate::repeat::Repeats;

/// A sound way to answer an operation. Made by [`crate::plan`] only.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The kind of the operation.
    pub kind: OperationKind,
    /// The requests, each after those that it waits for.
    pub fetches: Vec<Fetch>,
    /// What the client asked for: how the merged answer becomes the client's.
    pub answer: Arc<SelectionSet>,
    /// Whether it is proven that no plan has a lower price: whoever resolves each field, alone or
    /// divided with others, and whether or not requests wait for each other.
    pub optimal: bool,
    /// By how much the price is above what any plan must cost at least, in thousandths; 0 when the
    /// plan is optimal.
    pub gap: u64,
}

/// One request to one subgraph.
#[derive(Clone, Debug)]
pub struct Fetch {
    /// Who is asked.
    pub subgraph: SubgraphId,
    /// Indices of the fetches that must have ended before; all smaller than its own.
    pub after: Vec<usize>,
    /// The kind of operation that is sent.
    pub kind: OperationKind,
    /// The GraphQL document.
    pub document: String,
    /// The names of the client's variables that the document uses.
    pub variables: Vec<String>,
    /// What weights add to what the request costs by itself, in thousandths; less than 0 where a
    /// weight makes it cheaper.
    pub weight: i64,
    /// The parts of the document; several when entity fetches of one wave travel together.
    pub parts: Vec<Part>,
    /// How the document is written when arguments from contexts have several sets of values.
    pub repeats: Option<Repeats>,
}

/// A part of a request: root fields, or one `_entities` field.
#[derive(Clone, Debug)]
pub struct Part {
    /// Where its answer goes.
    pub target: Target,
    /// How the answer is read.
    pub selection: WireSet,
    /// Of entities, the number that it has in common with all parts that ask the same subgraph for
    /// the same: who was asked about by one of them need not be asked about by another. `None` where
    /// there is no other.
    pub share: Option<usize>,
}

/// Where the answer of a part goes, and what it needs.
#[derive(Clone, Debug)]
pub enum Target {
    /// The answer's `data` is merged into the objects at `path`: the root when it is empty, else
    /// each object of a root type that stands there.
    Root {
        /// The way to the objects.
        path: Vec<PathStep>,
    },
    /// The items of `data.{wire}` are merged into the objects at `path`, one for each
    /// representation.
    Entities {
        /// The response key of the `_entities` field.
        wire: String,
        /// The variable that carries the representations.
        variable: String,
        /// The way to the objects.
        path: Vec<PathStep>,
        /// How the representation of an object is made: by the first input that has its type.
        inputs: Vec<Input>,
        /// The arguments that come from objects above.
        contexts: Vec<Context>,
    },
}

/// An argument whose value comes from an object above that which has the field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Context {
    /// The variable that carries the value.
    pub variable: String,
    /// Of which objects what is read.
    pub argument: ContextArgument,
}

/// One step from an object into the merged answer; lists of any depth are walked through.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PathStep {
    /// Only objects of these types are followed; `None` follows all. An object whose type is not
    /// known (it was only seen through an interface object) is followed only by `None`.
    pub types: Option<TypeSet>,
    /// The key in the merged answer.
    pub key: String,
}

/// How the representation of an object is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// The object types it is for; `None` is for all, also for objects of unknown type.
    pub types: Option<TypeSet>,
    /// The `__typename` to send; `None` sends the object's own.
    pub typename: Option<String>,
    /// The key: a representation with a missing or null member is not sent.
    pub key: FieldSet,
    /// What fields of the fetch require: a null is sent, but nothing may be missing.
    pub requires: Vec<FieldSet>,
}

/// How the objects of an answer are read: response keys of the document to keys of the merged
/// answer. Fragments are dissolved: at most one field of an object has a given key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WireSet {
    /// The fields, by response key.
    pub fields: Vec<WireField>,
}

/// How one field of an answer is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WireField {
    /// The response key in the document.
    pub wire: String,
    /// The key in the merged answer.
    pub key: String,
    /// Its selections, when it is of a composite type; a leaf is taken as it is.
    pub selection: Option<WireSet>,
}
