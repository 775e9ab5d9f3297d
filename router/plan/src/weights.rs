//! What is dearer or cheaper than the price says by itself: requests to a subgraph, and fields taken
//! from one.

use schema::{FieldId, SubgraphId};

use crate::price::{Cost, REQUEST};

/// Weights: what operators say of subgraphs and fields, and what was observed of subgraphs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Weights {
    /// How many times as dear as others a request to a subgraph is, in thousandths; one that is not
    /// named is as dear as others.
    pub requests: Vec<(SubgraphId, u32)>,
    /// What it costs besides to take a field from a subgraph, in thousandths of the unit of prices;
    /// the field as the subgraph knows it.
    pub fields: Vec<((SubgraphId, FieldId), u64)>,
}

impl Weights {
    /// The least and the most that a request can be weighted with, in thousandths: a request is
    /// never free, and what can be added up never overflows.
    pub const RANGE: std::ops::RangeInclusive<u32> = 100..=100_000;

    /// What a request to a subgraph costs.
    pub(crate) fn request(&self, subgraph: SubgraphId) -> Cost {
        let said = self.requests.iter().find(|(of, _)| *of == subgraph);
        said.map_or(REQUEST, |(_, weight)| REQUEST * Cost::from(*weight) / 1_000)
    }

    /// What a field costs more when it is taken from a subgraph.
    pub(crate) fn field(&self, subgraph: SubgraphId, field: FieldId) -> Cost {
        let said = self.fields.iter().find(|(of, _)| *of == (subgraph, field));
        said.map_or(0, |(_, points)| *points)
    }

    /// Whether nothing is weighted.
    pub fn is_empty(&self) -> bool {
        self.requests.is_empty() && self.fields.is_empty()
    }
}
