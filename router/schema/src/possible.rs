//! Which object types an object of a type can have: over all subgraphs, and in each of them.

use std::collections::HashMap;

use crate::ids::{Id, SubgraphId, TypeId, TypeSet};
use crate::model::{Kind, TypeDef};

/// What the supergraph says of implementations and union members, by name.
#[derive(Default)]
pub(crate) struct Memberships {
    /// `(subgraph, interface, implementing object or interface)`
    pub implements: Vec<(SubgraphId, String, String)>,
    /// `(subgraph, union, member)`
    pub members: Vec<(SubgraphId, String, String)>,
    /// `(union, all of its members)`
    pub unions: Vec<(String, Vec<String>)>,
}

/// Fills `possible` of each type and of each of its joins.
pub(crate) fn fill(
    types: &mut [TypeDef],
    by_name: &HashMap<String, TypeId>,
    memberships: &Memberships,
) {
    let id = |name: &str| by_name.get(name).copied();
    let mut overall: Vec<TypeSet> = vec![TypeSet::default(); types.len()];
    for (index, ty) in types.iter().enumerate() {
        if ty.kind == Kind::Object {
            overall[index].insert(TypeId::from_index(index));
            for interface in &ty.implements {
                overall[interface.index()].insert(TypeId::from_index(index));
            }
        }
    }
    for (union, members) in &memberships.unions {
        if let Some(union) = id(union) {
            overall[union.index()] = members.iter().filter_map(|member| id(member)).collect();
        }
    }
    let mut declared: HashMap<(TypeId, SubgraphId), TypeSet> = HashMap::new();
    for (graph, container, member) in memberships.implements.iter().chain(&memberships.members) {
        if let (Some(container), Some(member)) = (id(container), id(member))
            && types[member.index()].kind == Kind::Object
        {
            declared.entry((container, *graph)).or_default().insert(member);
        }
    }
    let present: Vec<Vec<SubgraphId>> =
        types.iter().map(|ty| ty.joins.iter().map(|join| join.subgraph).collect()).collect();
    for (index, ty) in types.iter_mut().enumerate() {
        let this = TypeId::from_index(index);
        ty.possible = overall[index].clone();
        // Supergraphs of early join versions say nothing of memberships by subgraph; then each
        // subgraph that has both types has the membership.
        let said = match ty.kind {
            Kind::Interface => !memberships.implements.is_empty(),
            Kind::Union => !memberships.members.is_empty(),
            _ => false,
        };
        for join in &mut ty.joins {
            join.possible = match (ty.kind, said) {
                (Kind::Object, _) => TypeSet::one(this),
                (_, true) => declared.remove(&(this, join.subgraph)).unwrap_or_default(),
                (_, false) => overall[index]
                    .iter()
                    .filter(|member| present[member.index()].contains(&join.subgraph))
                    .collect(),
            };
        }
    }
}
