//! Plan hints: what an operator knows better than the price. A hint takes a way of resolving a field
//! out of the search, or makes it dearer; what is left is planned as ever, so that no hint makes an
//! answer wrong.
//! [`sound`] proves that hints leave a way to every field.

mod sound;

use graph::Graph;
use schema::{FieldId, SubgraphId, SubgraphSet};

use crate::price::units;
use crate::weights::Weights;

/// What is never taken from where, made of `Type.field@subgraph`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hints {
    /// For [`crate::Options::avoided`]; sorted, each once.
    pub avoided: Vec<(SubgraphId, FieldId)>,
    /// For [`crate::Options::weights`].
    pub weights: Weights,
    /// For [`crate::Options::disabled`].
    pub disabled: SubgraphSet,
}

/// Hints as they are written.
#[derive(Clone, Copy, Debug, Default)]
pub struct Written<'h> {
    /// `Type.field@subgraph`: the field is never taken from there.
    pub avoid: &'h [String],
    /// `Type.field@subgraph`: the field is taken from nowhere else.
    pub pin: &'h [String],
    /// `subgraph=2.5`: a request to it counts so many times; `Type.field@subgraph=30`: taking the
    /// field from there costs so much more.
    pub weigh: &'h [String],
    /// Names of subgraphs that are not asked for anything.
    pub disable: &'h [String],
}

impl Hints {
    /// Reads hints against a supergraph.
    ///
    /// # Errors
    /// When a hint is not written as it should be, names what is not there or does nothing, or when a
    /// field is left that nobody resolves, or that nobody can reach any more. Of what a disabled
    /// subgraph alone resolves nothing is said here: that is refused when it is asked for.
    pub fn read(graph: &Graph, written: Written<'_>) -> Result<Self, String> {
        let Written { avoid, pin, weigh, disable } = written;
        let mut avoided = Sources::new();
        let mut hinted = Vec::new();
        let kinds = [(avoid, false), (pin, true)];
        let all = kinds.iter().flat_map(|(hints, pin)| hints.iter().map(move |hint| (hint, *pin)));
        for (hint, pin) in all {
            let (place, subgraph, sources) = find(graph, hint, hint)?;
            let taken = |source: &&(SubgraphId, FieldId)| (source.0 == subgraph) != pin;
            avoided.extend(sources.iter().filter(taken));
            hinted.push((hint, place, sources, avoided.len()));
        }
        for (hint, place, sources, _) in &hinted {
            if sources.iter().all(|source| avoided.contains(source)) {
                return Err(format!(
                    "the hint {hint:?} leaves no subgraph to resolve {place}: take back another hint \
                     about it, or this one"
                ));
            }
        }
        if sound::lost(graph, &avoided).is_some() {
            // The first hint with which, after those before it, there is no way.
            for (hint, _, _, so_far) in &hinted {
                if let Some((coordinate, query)) = sound::lost(graph, &avoided[..*so_far]) {
                    return Err(format!(
                        "the hint {hint:?} makes plans impossible: with it, no subgraph that `{query}` \
                         can stand in leads to {coordinate}; take it back, or give the subgraphs \
                         that are left a key in common"
                    ));
                }
            }
        }
        avoided.sort_unstable();
        avoided.dedup();
        let mut weights = Weights::default();
        for hint in weigh {
            weigh_one(graph, hint, &mut weights)?;
        }
        let mut disabled = SubgraphSet::default();
        for name in disable {
            disabled.insert(subgraph(graph, name, name)?);
        }
        Ok(Self { avoided, weights, disabled })
    }

    /// The hints as sentences: `Product.name is not taken from stock`.
    pub fn told(&self, graph: &Graph) -> Vec<String> {
        let schema = graph.schema();
        let one = |(subgraph, field): &(SubgraphId, FieldId)| {
            let field = schema.field(*field);
            let (ty, name) = (&schema.ty(field.parent).name, &field.name);
            format!("{ty}.{name} is not taken from {}", schema.subgraph(*subgraph).name)
        };
        let mut told: Vec<String> = self.avoided.iter().map(one).collect();
        told.extend(self.weights.requests.iter().map(|(subgraph, weight)| {
            let name = &schema.subgraph(*subgraph).name;
            format!("a request to {name} counts {} times", units(u64::from(*weight)))
        }));
        told.extend(self.weights.fields.iter().map(|((subgraph, field), points)| {
            let field = schema.field(*field);
            let (ty, name) = (&schema.ty(field.parent).name, &field.name);
            let subgraph = &schema.subgraph(*subgraph).name;
            format!("{ty}.{name} from {subgraph} costs {} more", units(*points))
        }));
        let disabled = self.disabled.iter().map(|id| &schema.subgraph(id).name);
        told.extend(
            disabled.map(|name| format!("{name} is disabled: it is not asked for anything")),
        );
        told
    }
}

/// Reads a weight.
fn weigh_one(graph: &Graph, hint: &str, weights: &mut Weights) -> Result<(), String> {
    let written =
        || format!("the weight {hint:?} is not written as subgraph=2.5 or Type.field@subgraph=30");
    let (what, number) = hint.split_once('=').ok_or_else(written)?;
    let number = thousandths(number).ok_or_else(written)?;
    if what.contains('@') {
        if number > MOST_POINTS {
            return Err(format!("the weight {hint:?} is more than {}", units(MOST_POINTS)));
        }
        let (_, subgraph, sources) = find(graph, hint, what)?;
        let own = sources.into_iter().filter(|(source, _)| *source == subgraph);
        weights.fields.extend(own.map(|source| (source, number)));
        return Ok(());
    }
    let subgraph = subgraph(graph, hint, what)?;
    match u32::try_from(number).ok().filter(|number| Weights::RANGE.contains(number)) {
        Some(number) => weights.requests.push((subgraph, number)),
        None => {
            let [least, most] = [Weights::RANGE.start(), Weights::RANGE.end()]
                .map(|bound| units(u64::from(*bound)));
            return Err(format!("the weight {hint:?} is not between {least} and {most}"));
        }
    }
    Ok(())
}

/// The most that a field can be weighted with: more is no preference.
const MOST_POINTS: u64 = 100_000_000;

/// A decimal number with at most three digits after the point, in thousandths.
fn thousandths(text: &str) -> Option<u64> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || rest.len() > 3 || !digits(whole) || !digits(rest) {
        return None;
    }
    format!("{whole}{rest:0<3}").parse().ok()
}

/// Who resolves a field, as pairs for [`crate::Options::avoided`].
type Sources = Vec<(SubgraphId, FieldId)>;

/// What a hint names: the place, the subgraph, and all who resolve the field.
fn find<'h>(
    graph: &Graph,
    hint: &str,
    what: &'h str,
) -> Result<(&'h str, SubgraphId, Sources), String> {
    let schema = graph.schema();
    let written = || format!("the hint {hint:?} is not written as Type.field@subgraph");
    let (place, name) = what.split_once('@').ok_or_else(written)?;
    let (ty, field) = place.split_once('.').ok_or_else(written)?;
    let subgraph = subgraph(graph, hint, name)?;
    let known = schema.type_by_name(ty);
    let ty = known.ok_or_else(|| format!("the hint {hint:?}: there is no type `{ty}`"))?;
    let id = schema.ty(ty).fields.get(field).copied();
    let id = id.ok_or_else(|| format!("the hint {hint:?}: there is no field `{place}`"))?;
    // What is said of an interface is said of each of its implementations.
    let own = std::iter::once((ty, id));
    let objects = schema.ty(ty).possible.iter().filter(|object| *object != ty);
    let implementations =
        objects.filter_map(|object| Some((object, *schema.ty(object).fields.get(field)?)));
    let sources = own.chain(implementations).flat_map(|(ty, id)| graph.sources(ty, id));
    let sources = sources.filter(|source| {
        let join = source.join(schema);
        !join.external && !join.used_overridden
    });
    let mut sources: Sources = sources.map(|source| (source.subgraph, source.field)).collect();
    sources.sort_unstable();
    sources.dedup();
    if sources.iter().all(|(source, _)| *source != subgraph) {
        return Err(format!("the hint {hint:?} does nothing: {name} does not resolve {place}"));
    }
    Ok((place, subgraph, sources))
}

fn subgraph(graph: &Graph, hint: &str, name: &str) -> Result<SubgraphId, String> {
    let schema = graph.schema();
    let found = schema.subgraphs().find(|(_, known)| known.name == name);
    found.map(|(id, _)| id).ok_or_else(|| {
        let known: Vec<&str> = schema.subgraphs().map(|(_, known)| known.name.as_str()).collect();
        format!("the hint {hint:?} names no subgraph; there are {}", known.join(", "))
    })
}
