//! Plan hints: what an operator knows better than the price. A hint takes a way of resolving a field
//! out of the search; what is left is planned as ever, so that no hint makes an answer wrong.

use graph::Graph;
use schema::{FieldId, SubgraphId};

/// What is never taken from where, made of `Type.field@subgraph`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hints {
    /// For [`crate::Options::avoided`]; sorted, each once.
    pub avoided: Vec<(SubgraphId, FieldId)>,
}

impl Hints {
    /// Reads hints against a supergraph: `avoid` never takes a field from a subgraph, `pin` takes it
    /// from no other.
    ///
    /// # Errors
    /// When a hint is not written as `Type.field@subgraph`, names what is not there or does nothing,
    /// or when nobody is left to resolve a field.
    pub fn read(graph: &Graph, avoid: &[String], pin: &[String]) -> Result<Self, String> {
        let mut avoided = Vec::new();
        let mut hinted = Vec::new();
        for hint in avoid {
            let (place, subgraph, sources) = find(graph, hint)?;
            let own = sources.iter().filter(|(source, _)| *source == subgraph);
            avoided.extend(own.copied());
            hinted.push((hint, place, sources));
        }
        for hint in pin {
            let (place, subgraph, sources) = find(graph, hint)?;
            let others = sources.iter().filter(|(source, _)| *source != subgraph);
            avoided.extend(others.copied());
            hinted.push((hint, place, sources));
        }
        for (hint, place, sources) in hinted {
            if sources.iter().all(|source| avoided.contains(source)) {
                return Err(format!(
                    "the hint {hint:?} leaves no subgraph to resolve {place}: take back another hint \
                     about it, or this one"
                ));
            }
        }
        avoided.sort_unstable();
        avoided.dedup();
        Ok(Self { avoided })
    }

    /// The hints as sentences: `Product.name is not taken from stock`.
    pub fn told(&self, graph: &Graph) -> Vec<String> {
        let schema = graph.schema();
        let one = |(subgraph, field): &(SubgraphId, FieldId)| {
            let field = schema.field(*field);
            let (ty, name) = (&schema.ty(field.parent).name, &field.name);
            format!("{ty}.{name} is not taken from {}", schema.subgraph(*subgraph).name)
        };
        self.avoided.iter().map(one).collect()
    }
}

/// Who resolves a field, as pairs for [`crate::Options::avoided`].
type Sources = Vec<(SubgraphId, FieldId)>;

/// What a hint names: the place, the subgraph, and all who resolve the field.
fn find<'h>(graph: &Graph, hint: &'h str) -> Result<(&'h str, SubgraphId, Sources), String> {
    let schema = graph.schema();
    let written = || format!("the hint {hint:?} is not written as Type.field@subgraph");
    let (place, name) = hint.split_once('@').ok_or_else(written)?;
    let (ty, field) = place.split_once('.').ok_or_else(written)?;
    let subgraph = schema.subgraphs().find(|(_, known)| known.name == name).map(|(id, _)| id);
    let subgraph = subgraph.ok_or_else(|| {
        let known: Vec<&str> = schema.subgraphs().map(|(_, known)| known.name.as_str()).collect();
        format!("the hint {hint:?} names no subgraph; there are {}", known.join(", "))
    })?;
    let known = schema.type_by_name(ty);
    let ty = known.ok_or_else(|| format!("the hint {hint:?}: there is no type `{ty}`"))?;
    let id = schema.ty(ty).fields.get(field).copied();
    let id = id.ok_or_else(|| format!("the hint {hint:?}: there is no field `{place}`"))?;
    let sources = graph.sources(ty, id).iter().filter(|source| {
        let join = source.join(schema);
        !join.external && !join.used_overridden
    });
    let sources: Sources = sources.map(|source| (source.subgraph, source.field)).collect();
    if sources.iter().all(|(source, _)| *source != subgraph) {
        return Err(format!("the hint {hint:?} does nothing: {name} does not resolve {place}"));
    }
    Ok((place, subgraph, sources))
}
