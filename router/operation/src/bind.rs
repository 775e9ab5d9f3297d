//! Binding: names become ids, conditions are decided, fragments dissolve.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use apollo_compiler::executable::{self, ExecutableDocument, Selection, Type};
use schema::{Schema, TypeId, TypeSet, arguments, store_key};

use crate::document::Request;
use crate::model::{Field, Operation, Selected, SelectionSet, Variable};

/// The values of the variables that decide `@skip` and `@include`. One that is missing is false.
pub type Conditions = BTreeMap<String, bool>;

impl Request {
    /// Binds the operation. The work is linear in its expanded selections.
    pub fn bind(&self, schema: &Schema, conditions: &Conditions) -> Operation {
        let root = schema.root(self.kind()).expect("validation refuses kinds without a root type");
        let binder = Binder { schema, document: &self.document, conditions };
        let variables = self.operation.variables.iter().map(|variable| Variable {
            name: variable.name.as_str().to_owned(),
            ty: type_text(&variable.ty),
        });
        Operation {
            kind: self.kind(),
            name: self.name().map(str::to_owned),
            variables: variables.collect(),
            selection: Arc::new(binder.position(root, &[&self.operation.selection_set])),
        }
    }
}

/// A type as GraphQL text.
fn type_text(ty: &Type) -> String {
    let (text, bang) = match ty {
        Type::Named(name) => return name.as_str().to_owned(),
        Type::NonNullNamed(name) => return [name.as_str(), "!"].concat(),
        Type::List(item) => (type_text(item), ""),
        Type::NonNullList(item) => (type_text(item), "!"),
    };
    ["[", &text, "]", bang].concat()
}

struct Binder<'a> {
    schema: &'a Schema,
    document: &'a ExecutableDocument,
    conditions: &'a Conditions,
}

/// The fields of a position, in order of first appearance, with the selections of each gathered.
/// Validation sees to it that one response key has one field and one set of arguments for the objects
/// of one type.
struct Fields<'a> {
    fields: Vec<(Field, Option<TypeId>, Vec<&'a executable::SelectionSet>)>,
    /// Their response keys, as the document has them.
    names: Vec<&'a str>,
    /// The fields of each response key, once there are more than [`FEW`] in all.
    index: HashMap<&'a str, Vec<usize>, foldhash::fast::RandomState>,
}

/// So many fields are found faster by looking at each of them.
const FEW: usize = 12;

impl<'a> Fields<'a> {
    fn with_room(count: usize) -> Self {
        let (fields, names) = (Vec::with_capacity(count), Vec::with_capacity(count));
        Self { fields, names, index: HashMap::default() }
    }

    /// The field to which further selections of a response key, for objects of some types, belong. One
    /// that the same objects were asked for otherwise in between is not it: what comes now comes after
    /// that in the answer.
    fn find(&self, name: &'a str, parent: TypeId, types: &TypeSet) -> Option<usize> {
        let same = |at: &usize| {
            let field = &self.fields[*at].0;
            field.parent == parent && field.types == *types
        };
        let others = |at: &usize| {
            let (field, below, _) = &self.fields[*at];
            below.is_some() && !field.types.is_disjoint(types)
        };
        let last = |at: &usize| same(at) || others(at);
        let found = match self.fields.len() {
            0..=FEW => {
                let named = |at: &usize| self.fields[*at].0.response_key == name;
                (0..self.fields.len()).rev().filter(named).find(last)
            }
            _ => self.index.get(name)?.iter().rev().copied().find(last),
        };
        found.filter(same)
    }

    /// Adds a field, and remembers all of them by `names` once they are many.
    fn add(&mut self, field: Field, below: Option<TypeId>, name: &'a str) -> usize {
        self.names.push(name);
        self.fields.push((field, below, Vec::new()));
        let added = self.fields.len() - 1;
        if added >= FEW {
            let known = if added == FEW { 0 } else { added };
            for (at, name) in self.names.iter().enumerate().skip(known) {
                self.index.entry(name).or_default().push(at);
            }
        }
        added
    }
}

impl<'a> Binder<'a> {
    fn position(&self, ty: TypeId, sets: &[&'a executable::SelectionSet]) -> SelectionSet {
        let count: usize = sets.iter().map(|set| set.selections.len()).sum();
        // Fragments have more: at least as much room as a list gets with its first item.
        let mut found = Fields::with_room(count.clamp(4, FEW));
        let possible = &self.schema.ty(ty).possible;
        for set in sets {
            self.collect(ty, possible, set, &mut found);
        }
        let fields = found.fields.into_iter().map(|(field, below, sets)| Field {
            selection: below.map(|below| self.position(below, &sets)),
            ..field
        });
        SelectionSet { ty, fields: fields.collect() }
    }

    fn collect(
        &self,
        on: TypeId,
        types: &TypeSet,
        set: &'a executable::SelectionSet,
        found: &mut Fields<'a>,
    ) {
        for selection in &set.selections {
            match selection {
                Selection::Field(field) if self.enabled(&field.directives) => {
                    self.field(on, types, field, found);
                }
                Selection::InlineFragment(fragment) if self.enabled(&fragment.directives) => {
                    let to = fragment.type_condition.as_ref().map(|name| name.as_str());
                    self.fragment((on, to), types, &fragment.selection_set, found);
                }
                Selection::FragmentSpread(spread) if self.enabled(&spread.directives) => {
                    if let Some(fragment) = self.document.fragments.get(&spread.fragment_name) {
                        let to = Some(fragment.type_condition().as_str());
                        self.fragment((on, to), types, &fragment.selection_set, found);
                    }
                }
                _ => {}
            }
        }
    }

    fn fragment(
        &self,
        (on, to): (TypeId, Option<&str>),
        types: &TypeSet,
        set: &'a executable::SelectionSet,
        found: &mut Fields<'a>,
    ) {
        let to = to.and_then(|name| self.schema.type_by_name(name)).unwrap_or(on);
        let types = types.intersection(&self.schema.ty(to).possible);
        if !types.is_empty() {
            self.collect(to, &types, set, found);
        }
    }

    fn field(
        &self,
        on: TypeId,
        types: &TypeSet,
        field: &'a executable::Field,
        found: &mut Fields<'a>,
    ) {
        let parent = types.only().unwrap_or(on);
        let what = match field.name.as_str() {
            "__typename" => Selected::Typename,
            "__schema" | "__type" => Selected::Introspection,
            name => match self.schema.ty(parent).fields.get(name) {
                Some(id) => Selected::Field(*id),
                None => return,
            },
        };
        let name = field.response_name().as_str();
        let at = found.find(name, parent, types).unwrap_or_else(|| {
            let below = match what {
                Selected::Field(id) => Some(self.schema.field(id).ty.named()),
                _ => None,
            };
            let below = below.filter(|ty| self.schema.ty(*ty).is_composite());
            let (types, response_key) = (TypeSet::clone(types), name.to_owned());
            let arguments = arguments(&field.arguments);
            let key = store_key(&field.name, &arguments);
            let field =
                Field { types, parent, what, response_key, key, arguments, selection: None };
            found.add(field, below, name)
        });
        found.fields[at].2.extend(&field.selection_set);
    }

    /// Whether `@skip` and `@include` let a selection stand.
    fn enabled(&self, directives: &executable::DirectiveList) -> bool {
        let value = |name: &str| {
            let value = directives.get(name)?.specified_argument_by_name("if")?;
            let variable = || value.as_variable().map(|name| self.variable(name));
            value.to_bool().or_else(variable)
        };
        value("skip") != Some(true) && value("include") != Some(false)
    }

    fn variable(&self, name: &str) -> bool {
        self.conditions.get(name).copied().unwrap_or(false)
    }
}
