//! What holds for whatever subgraphs answer.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use json::{Json, Object};
use operation::{Selected, SelectionSet};
use plan::{WireField, WireSet};
use proptest::collection::vec;
use proptest::prelude::*;
use schema::{Id, Kind, Schema, TypeId, TypeRef};

use super::World;
use crate::merge::Merge;
use crate::{SubgraphRequest, SubgraphResponse, Upstream, UpstreamError};

/// Subgraphs that answer as a function says.
struct Answers<F>(F);

impl<F> Upstream for Answers<F>
where
    F: Fn(usize, &Json) -> SubgraphResponse + Send + Sync,
{
    fn send(
        &self,
        request: SubgraphRequest,
    ) -> BoxFuture<'_, Result<SubgraphResponse, UpstreamError>> {
        let body = json::parse(&request.body, 500).unwrap();
        std::future::ready(Ok((self.0)(request.subgraph.index(), &body))).boxed()
    }
}

fn response(status: u16, body: String) -> SubgraphResponse {
    SubgraphResponse::new(status, Bytes::from(body))
}

/// JSON that is often nearly what was asked for.
fn value() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::Bool),
        prop_oneof![Just("1"), Just("-2.5e400"), Just("99999999999999999999")]
            .prop_map(|text| Json::Number(text.to_owned())),
        prop_oneof![
            Just("1"),
            Just("Book"),
            Just("Pen"),
            Just("Ghost"),
            Just("RED"),
            Just("\u{1f600}")
        ]
        .prop_map(Json::from),
    ];
    leaf.prop_recursive(6, 60, 6, |inner| {
        prop_oneof![
            1 => vec(inner.clone(), 0..4).prop_map(Json::List),
            3 => vec((key(), inner), 0..8).prop_map(|members| {
                members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<Json>()
            }),
        ]
    })
}

const KEYS: [&str; 24] = [
    "data",
    "errors",
    "path",
    "message",
    "extensions",
    "code",
    "_entities",
    "__typename",
    "id",
    "name",
    "products",
    "sure",
    "book",
    "grid",
    "shelves",
    "place",
    "space",
    "twin",
    "price",
    "stock",
    "_e0",
    "_e1",
    "weight",
    "_presence",
];

fn key() -> impl Strategy<Value = &'static str> {
    (0..KEYS.len()).prop_map(|index| KEYS[index])
}

/// An answer that gets past the first checks.
fn answer() -> impl Strategy<Value = String> {
    let object = vec((key(), value()), 0..8).prop_map(|members| {
        members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<Json>()
    });
    let item =
        prop_oneof![key().prop_map(Json::from), (0usize..3).prop_map(Json::from), Just(Json::Null)];
    let error = vec(item, 0..5).prop_map(|path| {
        Json::from_iter([("message", Json::from("m")), ("path", Json::List(path))])
    });
    let errors = vec(prop_oneof![3 => error, 1 => value()], 0..3);
    prop_oneof![
        6 => (object, errors).prop_map(|(data, errors)| {
            Json::from_iter([("data", data), ("errors", Json::List(errors))]).to_string()
        }),
        1 => value().prop_map(|value| value.to_string()),
        1 => ".*",
    ]
}

/// Reading the supergraph takes longer than most cases.
static WORLD: LazyLock<World> = LazyLock::new(World::new);
static PLANS: LazyLock<Vec<plan::Plan>> =
    LazyLock::new(|| OPERATIONS.iter().map(|operation| WORLD.plan(operation)).collect());

const OPERATIONS: [&str; 5] = [
    "{ products { ... on Book { code stock } } }",
    "{ products { __typename id name ... on Book { price stock shipping weight blob color pages twin { id title } } } }",
    "{ sure { __typename twin { __typename name ... on Pen { stock } } } must { tax price } }",
    "{ grid { id a: price(in: \"EUR\") price tax twin { twin { stock } } } shelves { place space } open }",
    "mutation { a: restock(id: 1) { name twin { tax } } b: rename(id: 2) { stock title } }",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn whatever_subgraphs_answer_the_answer_is_of_its_types(
        operation in 0..OPERATIONS.len(),
        answers in vec((prop_oneof![4 => Just(200u16), 1 => Just(500)], answer()), 1..6),
    ) {
        let (world, plan) = (&*WORLD, &PLANS[operation]);
        let turn = std::sync::atomic::AtomicUsize::new(0);
        let upstream = Answers(|_: usize, _: &Json| {
            let turn = turn.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let (status, body) = &answers[turn % answers.len()];
            response(*status, body.clone())
        });
        let answer = world.execute(plan, &upstream);
        let text = answer.clone().into_body(None);
        prop_assert!(json::parse(&text, 1_000).is_ok());
        prop_assert!(answer.errors.len() <= world.options.most_errors.get() + 1);
        let schema = world.graph.schema();
        if let Json::Object(data) = &answer.data.to_json() {
            fits_object(schema, plan.answer.ty, &[&plan.answer], data)?;
        } else {
            prop_assert!(!answer.errors.is_empty());
        }
    }

    #[test]
    fn each_position_gets_what_its_representation_was_answered(
        ids in vec(prop_oneof![Just(None), (0u8..6).prop_map(Some)], 0..20),
    ) {
        let (world, plan) = (&*WORLD, &PLANS[0]);
        let upstream = Answers(|subgraph: usize, body: &Json| {
            if subgraph == 0 {
                let items = ids.iter().map(|id| match id {
                    None => "null".to_owned(),
                    Some(id) => format!(r#"{{"__typename":"Book","id":"{id}"}}"#),
                });
                let items: Vec<String> = items.collect();
                return response(200, format!(r#"{{"data":{{"products":[{}]}}}}"#, items.join(",")));
            }
            let asked = body.get("variables").unwrap().get("representations").unwrap();
            let asked = asked.as_list().unwrap();
            let distinct: BTreeSet<String> = asked.iter().map(Json::to_string).collect();
            assert_eq!(distinct.len(), asked.len(), "a representation is sent twice");
            let entities = asked.iter().map(|asked| {
                let id = asked.get("id").unwrap().as_str().unwrap();
                format!(r#"{{"code":"c{id}","stock":{id}}}"#)
            });
            let entities: Vec<String> = entities.collect();
            response(200, format!(r#"{{"data":{{"_entities":[{}]}}}}"#, entities.join(",")))
        });
        let answer = world.execute(plan, &upstream);
        let expected = ids.iter().map(|id| match id {
            None => "null".to_owned(),
            Some(id) => format!(r#"{{"code":"c{id}","stock":{id}}}"#),
        });
        let expected: Vec<String> = expected.collect();
        prop_assert_eq!(answer.data.to_json().to_string(), format!(r#"{{"products":[{}]}}"#, expected.join(",")));
        prop_assert!(answer.errors.is_empty());
    }

    #[test]
    fn disjoint_answers_merge_to_the_same_in_any_order(
        shape in shape(),
        order in Just((0..3).collect::<Vec<usize>>()).prop_shuffle(),
    ) {
        let merged = |order: &[usize]| {
            let mut merged = Json::Object(Object::new());
            for turn in order {
                let (wire, value) = shape.cut(*turn);
                let mut merge = Merge::new(1 << 20);
                merge.value(&mut merged, &value, &wire);
                assert_eq!(merge.misfit, None);
            }
            merged
        };
        prop_assert_eq!(merged(&[0, 1, 2]), merged(&order));
    }
}

/// An object of which each of several answers has a part: every leaf is in one answer, every
/// composite value in all.
#[derive(Clone, Debug)]
enum Shape {
    Leaf {
        of: usize,
        value: u8,
    },
    Object(Vec<(String, Shape)>),
    /// A list of objects of one shape; `None` is null.
    List(Vec<Option<()>>, Box<Shape>),
}

fn shape() -> impl Strategy<Value = Shape> {
    let leaf = (0usize..3, any::<u8>()).prop_map(|(of, value)| Shape::Leaf { of, value });
    let shape = leaf.prop_recursive(4, 30, 4, |inner| {
        prop_oneof![
            object(inner.clone()),
            (vec(prop_oneof![Just(None), Just(Some(()))], 0..4), object(inner))
                .prop_map(|(items, item)| Shape::List(items, Box::new(item))),
        ]
    });
    object(shape)
}

fn object(inner: impl Strategy<Value = Shape>) -> impl Strategy<Value = Shape> {
    vec(inner, 0..4).prop_map(|fields| {
        let named = fields.into_iter().enumerate();
        Shape::Object(named.map(|(index, field)| (format!("f{index}"), field)).collect())
    })
}

impl Shape {
    /// What one answer has of it, and how that is read. Response keys differ by answer.
    fn cut(&self, turn: usize) -> (WireSet, Json) {
        match self {
            Shape::Leaf { .. } => unreachable!("leaves are cut by their objects"),
            Shape::List(items, item) => {
                let (wire, value) = item.cut(turn);
                let items = items.iter().map(|item| match item {
                    Some(()) => value.clone(),
                    None => Json::Null,
                });
                (wire, Json::List(items.collect()))
            }
            Shape::Object(fields) => {
                let mut wires = WireSet::default();
                let mut members = Object::new();
                for (key, field) in fields {
                    let wire = format!("_{turn}_{key}");
                    let selection = match field {
                        Shape::Leaf { of, .. } if *of != turn => continue,
                        Shape::Leaf { value, .. } => {
                            members.insert(wire.clone(), Json::Number(value.to_string()));
                            None
                        }
                        composite => {
                            let (below, value) = composite.cut(turn);
                            members.insert(wire.clone(), value);
                            Some(below)
                        }
                    };
                    wires.fields.push(WireField { wire, key: key.clone(), selection });
                }
                (wires, Json::Object(members))
            }
        }
    }
}

/// Whether an object of an answer has exactly what was asked for, of the types that it has.
fn fits_object(
    schema: &Schema,
    ty: TypeId,
    sets: &[&SelectionSet],
    object: &Object,
) -> Result<(), TestCaseError> {
    let said = object.get("__typename").and_then(Json::as_str);
    let runtime = match (schema.ty(ty).kind, said) {
        (Kind::Object, _) => Some(ty),
        (_, Some(name)) => schema.type_by_name(name),
        (_, None) => None,
    };
    let mut asked: HashMap<&str, (Option<&TypeRef>, Vec<&SelectionSet>)> = HashMap::new();
    for field in sets.iter().flat_map(|set| &set.fields) {
        if runtime.is_some_and(|runtime| !field.types.contains(runtime)) {
            continue;
        }
        let own = match field.what {
            Selected::Field(id) => {
                let name = &schema.field(id).name;
                let own = runtime.and_then(|runtime| schema.ty(runtime).fields.get(name));
                Some(&schema.field(*own.unwrap_or(&id)).ty)
            }
            _ => None,
        };
        let entry = asked.entry(&field.response_key).or_insert((own, Vec::new()));
        entry.1.extend(&field.selection);
    }
    for key in object.keys() {
        prop_assert!(asked.contains_key(key.as_str()), "{key} was not asked for");
    }
    for (key, (ty, sets)) in &asked {
        let value = object.get(*key);
        prop_assert!(value.is_some() || runtime.is_none(), "{key} is not there");
        if let (Some(ty), Some(value)) = (ty, value) {
            fits_value(schema, ty, sets, value)?;
        }
    }
    Ok(())
}

fn fits_value(
    schema: &Schema,
    ty: &TypeRef,
    sets: &[&SelectionSet],
    value: &Json,
) -> Result<(), TestCaseError> {
    match (ty, value) {
        (ty, Json::Null) => prop_assert!(!ty.non_null(), "null in {}", schema.type_text(ty)),
        (TypeRef::List(item, _), Json::List(items)) => {
            for value in items {
                fits_value(schema, item, sets, value)?;
            }
        }
        (TypeRef::Named(id, _), value) => {
            let def = schema.ty(*id);
            match (def.name.as_str(), value) {
                ("Int", Json::Number(text)) => prop_assert!(text.parse::<i32>().is_ok(), "{text}"),
                ("Color", value) => prop_assert_eq!(value.as_str(), Some("RED")),
                ("Blob", _) | ("Float" | "ID", Json::Number(_)) => {}
                ("String" | "ID", Json::String(_)) | ("Boolean", Json::Bool(_)) => {}
                (_, Json::Object(object)) if def.is_composite() => {
                    fits_object(schema, *id, sets, object)?;
                }
                _ => prop_assert!(false, "{value} is no {}", def.name),
            }
        }
        _ => prop_assert!(false, "{value} is no {}", schema.type_text(ty)),
    }
    Ok(())
}
