//! What the client asked for, as what is written one after the other.

use std::collections::HashMap;

use indexmap::IndexMap;
use json::quoted;
use operation::{Field, Selected, SelectionSet};
use schema::{Kind, TypeId, TypeRef};

use super::tree::Tree;
use crate::fast::program::{ByType, Class, Objects, OutCost, OutField, OutKind, OutValue, Place};

/// How many fields a program may write. Fragments on many types make more of few.
const MOST_FIELDS: usize = 20_000;

/// What is written of the root, and the classes of objects.
pub(super) fn output(tree: &Tree<'_>, answer: &SelectionSet) -> Option<(Objects, Vec<Class>)> {
    let mut output = Output { tree, classes: Vec::new(), fields: 0, counters: 0 };
    let root = output.objects(0, answer.ty, &[answer])?;
    Some((root, output.classes))
}

struct Output<'t, 'p> {
    tree: &'t Tree<'p>,
    classes: Vec<Class>,
    fields: usize,
    counters: usize,
}

/// A field, and the selections of all that have its response key.
struct Asked<'a> {
    field: &'a Field,
    /// The type of the field for the object.
    ty: Option<&'a TypeRef>,
    selections: Vec<&'a SelectionSet>,
}

type Collected<'a> = IndexMap<&'a str, Asked<'a>>;

impl<'p> Output<'_, 'p> {
    /// Objects of a node, of a static type.
    fn objects(&mut self, node: usize, ty: TypeId, sets: &[&'p SelectionSet]) -> Option<Objects> {
        let schema = self.tree.schema;
        if ty != self.tree.ty(node) {
            return None;
        }
        let def = schema.ty(ty);
        if def.kind == Kind::Object {
            let collected = self.collect(ty, sets)?;
            let class = self.class(node, Some(ty), &collected)?;
            return Some(Objects { node, by_type: ByType::Same(class) });
        }
        let mut alike: HashMap<Vec<usize>, usize> = HashMap::new();
        let mut classes = Vec::new();
        for ty in def.possible.iter().filter(|ty| !schema.ty(*ty).inaccessible) {
            let collected = self.collect(ty, sets)?;
            let class = match alike.get(&identity(&collected)) {
                Some(class) => *class,
                None => {
                    let class = self.class(node, None, &collected)?;
                    alike.insert(identity(&collected), class);
                    class
                }
            };
            classes.push((ty, class));
        }
        let told = !self.tree.sources(node, "__typename").is_empty();
        let by_type = match classes.first() {
            // Nobody needs to know the type: all are asked for the same.
            Some((_, class)) if !told => {
                let hidden = def.possible.iter().any(|ty| schema.ty(ty).inaccessible);
                let same = !hidden && alike.len() == 1;
                let mut fields = self.classes[*class].fields.iter();
                let untyped = fields.all(|field| !matches!(field.value, OutValue::Typename));
                if !same || !untyped {
                    return None;
                }
                ByType::Same(*class)
            }
            Some(_) => ByType::Classes(classes),
            None => return None,
        };
        Some(Objects { node, by_type })
    }

    /// CollectFields of the GraphQL specification, for one object type.
    fn collect(&self, ty: TypeId, sets: &[&'p SelectionSet]) -> Option<Collected<'p>> {
        let schema = self.tree.schema;
        let mut fields: Collected<'p> = IndexMap::new();
        for field in sets.iter().flat_map(|set| &set.fields) {
            if !field.types.contains(ty) {
                continue;
            }
            let own = match field.what {
                Selected::Introspection => return None,
                Selected::Typename => None,
                Selected::Field(id) => {
                    let own = schema.ty(ty).fields.get(&schema.field(id).name);
                    Some(&schema.field(own.copied().unwrap_or(id)).ty)
                }
            };
            let asked = fields.entry(&field.response_key).or_insert_with(|| Asked {
                field,
                ty: own,
                selections: Vec::new(),
            });
            if asked.field.key == field.key {
                asked.selections.extend(&field.selection);
            }
        }
        Some(fields)
    }

    fn class(
        &mut self,
        node: usize,
        ty: Option<TypeId>,
        collected: &Collected<'p>,
    ) -> Option<usize> {
        let mut fields = Vec::new();
        for (response_key, asked) in collected {
            self.fields += 1;
            if self.fields > MOST_FIELDS {
                return None;
            }
            let begin = if fields.is_empty() { '{' } else { ',' };
            let literal = format!("{begin}{}:", quoted(response_key));
            let (value, cost) = match (asked.ty, ty) {
                (None, Some(ty)) => {
                    (OutValue::Literal(quoted(&self.tree.schema.ty(ty).name)), None)
                }
                (None, None) => (OutValue::Typename, None),
                (Some(ty), _) => (self.value(node, ty, asked)?, self.cost(asked.field)),
            };
            fields.push(OutField { literal, value, cost });
        }
        self.classes.push(Class { fields });
        Some(self.classes.len() - 1)
    }

    fn value(&mut self, node: usize, ty: &TypeRef, asked: &Asked<'p>) -> Option<OutValue> {
        let key = &asked.field.key;
        let schema = self.tree.schema;
        let mut non_null = vec![ty.non_null()];
        let mut inner = ty;
        while let TypeRef::List(item, _) = inner {
            non_null.push(item.non_null());
            inner = item;
        }
        let sources = self.tree.sources(node, key);
        let def = schema.ty(inner.named());
        let kind = match (def.kind, def.name.as_str()) {
            // Nobody brings it, so it is null.
            _ if sources.is_empty() && !ty.non_null() => {
                return Some(OutValue::Literal("null".to_owned()));
            }
            _ if sources.is_empty() => return None,
            (Kind::Scalar, "String") => OutKind::String,
            (Kind::Scalar, "ID") => OutKind::Id,
            (Kind::Scalar, "Int") => OutKind::Int,
            (Kind::Scalar, "Float") => OutKind::Float,
            (Kind::Scalar, "Boolean") => OutKind::Boolean,
            (Kind::Scalar, _) => OutKind::Any,
            (Kind::Enum, _) => {
                let quoted = |value: &String| quoted(value).into_bytes().into();
                OutKind::Enum(def.enum_values.iter().map(quoted).collect())
            }
            _ => {
                let child = self.tree.child(node, key)?;
                OutKind::Objects(self.objects(child, inner.named(), &asked.selections)?)
            }
        };
        let place = Place::new(sources, self.tree.table(node));
        Some(OutValue::Value { place, non_null, kind })
    }

    fn cost(&mut self, field: &Field) -> Option<OutCost> {
        let Selected::Field(id) = field.what else { return None };
        let costs = self.tree.schema.costs();
        let mut arguments = field.arguments.iter();
        let free = costs.of_field(self.tree.schema, id) == 0
            && arguments.all(|(name, _)| costs.argument(id, name).is_none());
        if free {
            return None;
        }
        let counter = self.counters;
        self.counters += 2;
        Some(OutCost { counter, field: id, arguments: field.arguments.clone() })
    }
}

/// What tells collected fields from others: the selections, by where they are, and the types.
fn identity(collected: &Collected<'_>) -> Vec<usize> {
    let mut identity = Vec::new();
    for asked in collected.values() {
        identity.push(std::ptr::from_ref(asked.field).addr());
        identity.push(asked.selections.len());
        identity.extend(asked.selections.iter().map(|set| std::ptr::from_ref(*set).addr()));
        let mut ty = asked.ty;
        while let Some(of) = ty {
            identity.push(usize::from(of.non_null()));
            ty = match of {
                TypeRef::List(item, _) => Some(item),
                TypeRef::Named(..) => None,
            };
        }
        identity.push(asked.ty.map_or(0, |ty| schema::Id::index(ty.named())));
    }
    identity
}
