//! The program: a plan, compiled to slots.

use std::ops::Range;
use std::sync::Arc;

use schema::{Arguments, FieldId, TypeId, TypeSet};

/// What the fast executor needs of a plan. Made by [`Program::compile`].
#[derive(Debug)]
pub struct Program {
    /// The composite positions of the merged answer; the first is the root.
    pub(super) nodes: Vec<Node>,
    /// One for each fetch of the plan.
    pub(super) fetches: Vec<FetchProgram>,
    /// The parts of all fetches, in order.
    pub(super) parts: Vec<PartProgram>,
    pub(super) classes: Vec<Class>,
    /// The client's selection of the root.
    pub(super) root: Objects,
}

/// A position of objects in the merged answer.
#[derive(Debug)]
pub(super) struct Node {
    /// Its static type.
    pub ty: TypeId,
    /// The table that its rows are in: a fetch, or one behind the last for the root.
    pub table: usize,
    /// The list of its rows, and the slot where a row tells its number in the list; of meaning only
    /// where a part is about its objects.
    pub rows: usize,
    pub number: usize,
    /// Where the name of an object's type is told; not looked at when `ty` is an object type.
    pub typename: Sources,
    /// The object types that it can have, when `ty` is abstract, by their names in quotes.
    pub names: Vec<(Box<[u8]>, TypeId)>,
}

/// How the objects of an answer are laid out; the first is that of `data`. It says nothing of who
/// asks, so that whoever asks the same can share what was read.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Shapes {
    pub shapes: Vec<Shape>,
    /// How many of them have a list of their rows.
    pub lists: usize,
}

/// How a row is laid out, and how it is read from JSON.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Shape {
    /// Read in this order if they come so. The slot of a field is its index.
    pub fields: Vec<ShapeField>,
    /// The list of its rows, where parts are about them: then each row has its number in the list
    /// in the slot behind the fields.
    pub rows: Option<usize>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct ShapeField {
    /// The response key, in quotes.
    pub wire: Box<[u8]>,
    /// How many lists are around its values.
    pub levels: u8,
    /// The shape of its objects; `None` for a leaf.
    pub child: Option<usize>,
}

/// How bodies are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct How {
    /// How deep they may nest.
    pub depth: usize,
    /// Whether members are expected in the order in which they were asked for.
    pub ordered: bool,
}

/// Where a value can be; the first that has one counts, by the order in which the fetches ended.
pub(super) type Sources = Vec<Source>;

/// One place where a value can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Source {
    /// The link that leads to the row, or none for the node's own row.
    pub link: Option<Link>,
    /// The table of the row.
    pub table: usize,
    /// The slot of the value.
    pub slot: usize,
}

/// What a part brought for an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Link {
    pub part: usize,
    /// The slot where the object's row tells its number.
    pub number: usize,
}

#[derive(Debug)]
pub(super) struct FetchProgram {
    pub shapes: Arc<Shapes>,
    /// Its parts.
    pub parts: Range<usize>,
    /// Whether any of them asks what others ask.
    pub shares: bool,
    /// The slots of `data` that must be there, as a root field must.
    pub needed: Vec<usize>,
    /// The request's body up to the document's end: `{"query":"…"`.
    pub head: String,
    /// The fetches that wait for it.
    pub before: Vec<usize>,
}

#[derive(Debug)]
pub(super) struct PartProgram {
    /// The node whose objects it is about.
    pub node: usize,
    /// The way to the node, when some of its objects are not asked for.
    pub walk: Option<Vec<WalkStep>>,
    /// How the objects are represented; `None` for root fields.
    pub entities: Option<EntitiesProgram>,
    /// Who asks the same.
    pub share: Option<Share>,
}

/// One step of a way on which not all objects are followed.
#[derive(Debug)]
pub(super) struct WalkStep {
    pub types: Option<TypeSet>,
    pub sources: Sources,
    /// The node that it leads to.
    pub node: usize,
}

#[derive(Debug)]
pub(super) struct EntitiesProgram {
    /// The slot of `data` where the list of entities is.
    pub slot: usize,
    /// The variable that carries the representations, as it stands in the request: `"name":[`.
    pub variable: String,
    pub inputs: Vec<Template>,
}

/// What is to be known of an entity part where others ask the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Share {
    /// What they have in common.
    pub number: usize,
    /// Whether only leaves are selected.
    pub flat: bool,
    /// Whether a later part of the same request asks the same.
    pub again: bool,
    /// Whether another request does.
    pub elsewhere: bool,
}

/// How an object is represented.
#[derive(Debug)]
pub(super) struct Template {
    /// The object types it is for; `None` for all.
    pub types: Option<TypeSet>,
    /// `{"__typename":"Name"`, or none when the object's own type is sent.
    pub head: Option<String>,
    pub fields: Vec<TemplateField>,
}

#[derive(Debug)]
pub(super) struct TemplateField {
    /// `"name":`
    pub name: String,
    pub sources: Sources,
    /// Whether null is sent; else an object with a null can't be represented.
    pub nullable: bool,
    pub inner: TemplateValue,
}

#[derive(Debug)]
pub(super) enum TemplateValue {
    Leaf,
    /// Objects of a node; whether their `__typename` is sent.
    Objects {
        node: usize,
        typename: bool,
        fields: Vec<TemplateField>,
    },
}

/// What is written of the objects of a position.
#[derive(Debug)]
pub(super) struct Objects {
    pub node: usize,
    pub by_type: ByType,
}

#[derive(Debug)]
pub(super) enum ByType {
    /// All alike, and the name of the type is not needed to know it.
    Same(usize),
    /// By the object's type.
    Classes(Vec<(TypeId, usize)>),
}

/// What is written of an object of some types.
#[derive(Debug)]
pub(super) struct Class {
    pub fields: Vec<OutField>,
}

#[derive(Debug)]
pub(super) struct OutField {
    /// `{"key":` for the first field of an object, `,"key":` for the others.
    pub literal: String,
    pub value: OutValue,
    /// What it costs, when that is anything.
    pub cost: Option<OutCost>,
}

/// What is counted of a field, to tell what the operation really cost.
#[derive(Debug)]
pub(super) struct OutCost {
    /// Where its occurrences are counted; its values are counted in the next.
    pub counter: usize,
    pub field: FieldId,
    pub arguments: Arguments,
}

#[derive(Debug)]
pub(super) enum OutValue {
    /// Always the same text.
    Literal(String),
    /// The name of the object's type.
    Typename,
    Value {
        place: Place,
        /// Whether the value and the items of its lists, from outside, can't be null.
        non_null: Vec<bool>,
        kind: OutKind,
    },
}

/// Where a value is found.
#[derive(Debug)]
pub(super) enum Place {
    /// In the object's own row.
    Own(usize),
    /// At one of several places, or in a row that is linked.
    Sources(Sources),
}

impl Place {
    /// The place that sources stand for, in rows of a table.
    pub(super) fn new(sources: Sources, table: usize) -> Self {
        match *sources {
            [Source { link: None, table: own, slot }] if own == table => Place::Own(slot),
            _ => Place::Sources(sources),
        }
    }
}

#[derive(Debug)]
pub(super) enum OutKind {
    Any,
    String,
    Id,
    Int,
    Float,
    Boolean,
    /// The values that clients know, in quotes.
    Enum(Vec<Box<[u8]>>),
    Objects(Objects),
}
