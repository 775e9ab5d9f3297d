//! Merging: the types of all subgraphs become one schema, with who joins in what.
//!
//! [`types`] merges type references, [`fields`] objects and interfaces with their [`arguments`],
//! [`inputs`] and [`enums`] what clients send, [`applied`] the directives on elements,
//! [`definitions`] those that are defined; [`validity`] looks at the result. What can't be merged is told and left out.

mod applied;
mod arguments;
pub(crate) mod authorization;
mod definitions;
mod enums;
mod external;
mod fields;
mod inputs;
mod model;
mod names;
mod source;
mod types;
pub(crate) mod validity;
mod values;

use std::collections::BTreeMap;

use crate::check::overrides::Overrides;
use crate::diagnostic::{Code, Diagnostic};
use crate::maps::HashSet;
use crate::subgraph::{Kind, TypeView, View, Views};
use sdl::Name;
use source::{Merge, Source, description};

pub(crate) use model::{
    GraphEntry, JoinField, JoinType, Joins, Kept, Merged, MergedArgument, MergedDirective,
    MergedField, MergedLink, MergedType, Said,
};
pub(crate) use names::name as name_directives;

/// Merges all subgraphs. What conflicts is left out of the result and told.
pub(crate) fn merge(views: &Views<'_>, overrides: &Overrides) -> (Merged, Vec<Diagnostic>) {
    let graphs = graphs(views);
    let mut merge = Merge::new(views, overrides, &graphs);
    let description = description(views.all.iter().map(|view| view.description.as_ref()));
    let marks = views.all.iter().map(|view| (view.graph, &view.schema_marks));
    let applied = applied::merge(&merge.once, marks);
    let mut merged = Merged { graphs, description, applied, ..Merged::default() };
    // What an enum is merged to depends on what uses it.
    let (enums, others): (Vec<_>, Vec<_>) =
        views.types.values().map(|of| of[0].1).partition(|ty| ty.kind == Kind::Enum);
    merged.types.extend(others.into_iter().filter_map(|named| ty(&mut merge, &named.name)));
    definitions::merge(&mut merge, &mut merged);
    merged.types.extend(enums.into_iter().filter_map(|named| ty(&mut merge, &named.name)));
    merged.types.sort_by(|a, b| a.name.cmp(&b.name));
    everyone_has_queries(views, &mut merged.types);
    defaults_by_type(&mut merged.types);
    inherit(&mut merged.types, views);
    authorization::inherit(&mut merged.types);
    (merged, merge.found)
}

/// Writes the defaults of custom scalars, and of ids.
fn defaults_by_type(types: &mut [MergedType]) {
    let custom = types.iter().filter(|ty| ty.kind == Kind::Scalar);
    let custom: HashSet<Name> = custom.map(|ty| ty.name.clone()).collect();
    let by_type = |ty: &sdl::Type, default: &mut Option<sdl::Value>| {
        let Some(default) = default else { return };
        match ty.inner_named_type() {
            id if id == "ID" => values::of_id(default),
            name if custom.contains(name) => values::of_scalar(default),
            _ => {}
        }
    };
    for field in types.iter_mut().flat_map(|ty| &mut ty.fields) {
        by_type(&field.ty, &mut field.default);
        for argument in &mut field.arguments {
            by_type(&argument.ty, &mut argument.default);
        }
    }
}

/// The values of `join__Graph`: names in capitals, made distinct.
fn graphs(views: &Views<'_>) -> Vec<GraphEntry> {
    let value = |name: &str| {
        let letter = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
        let value: String = name.chars().map(letter).collect();
        if value.starts_with(|c: char| c.is_ascii_digit()) { format!("_{value}") } else { value }
    };
    let mut all: BTreeMap<String, usize> = BTreeMap::new();
    for view in views.all {
        *all.entry(value(&view.name)).or_default() += 1;
    }
    let mut used: BTreeMap<String, usize> = BTreeMap::new();
    let entry = |view: &View| {
        let base = value(&view.name);
        let value = if all[&base] > 1 {
            let count = used.entry(base.clone()).or_default();
            loop {
                *count += 1;
                let numbered = format!("{base}_{count}");
                // A subgraph may be called that.
                if !all.contains_key(&numbered) {
                    break numbered;
                }
            }
        } else {
            base
        };
        GraphEntry { value, name: view.name.clone(), url: view.url.clone() }
    };
    views.all.iter().map(entry).collect()
}

const BUILT_IN: [&str; 5] = ["Boolean", "Float", "ID", "Int", "String"];

fn ty(merge: &mut Merge<'_>, name: &Name) -> Option<MergedType> {
    let sources = merge.sources(name);
    if merge.views.mixed.contains_key(name.as_str()) {
        mixed(merge, name);
        return None;
    }
    let kind = sources.first()?.item.kind.plain();
    if kind == Kind::Scalar && BUILT_IN.contains(&name.as_str()) {
        // A subgraph may define what GraphQL has already; the supergraph must not.
        return None;
    }
    let description = {
        let all = sources.iter().map(|source| source.item.description.as_ref());
        description(all)
    };
    let mut merged = MergedType {
        name: name.clone(),
        kind,
        description,
        joins: sources.iter().flat_map(join_types).collect(),
        implements: Vec::new(),
        join_implements: Vec::new(),
        members: Vec::new(),
        fields: Vec::new(),
        values: Vec::new(),
        usage: merge.usage(name),
        contexts: Vec::new(),
        applied: applied::merge(
            &merge.once,
            sources.iter().map(|source| (source.graph, &source.item.marks)),
        ),
    };
    for source in &sources {
        for interface in &source.item.implements {
            merged.join_implements.push((source.graph, interface.clone()));
            if !merged.implements.contains(interface) {
                merged.implements.push(interface.clone());
            }
        }
        for (context, _) in &source.item.contexts {
            merged.contexts.push(format!("{}__{context}", source.view.name));
        }
    }
    match kind {
        Kind::Object | Kind::Interface | Kind::InterfaceObject => {
            merged.fields = fields::merge(merge, name, &sources);
        }
        Kind::Union => merged.members = members(&sources),
        Kind::Enum => merged.values = enums::merge(merge, name, &sources),
        Kind::Input => merged.fields = inputs::merge(merge, name, &sources),
        Kind::Scalar => {}
    }
    merged.fields.shrink_to_fit();
    Some(merged)
}

/// Tells that a type is not the same kind in all subgraphs.
fn mixed(merge: &mut Merge<'_>, name: &str) {
    let Some(all) = merge.views.mixed.get(name) else { return };
    let message = format!("`{name}` is not the same kind of type in all subgraphs.");
    let labels = all.iter().map(|(view, ty)| view.label(ty.at, ty.kind.noun()));
    let found = Diagnostic::new(Code::TypeKindMismatch, message)
        .labels(labels)
        .help(format!("make `{name}` the same kind everywhere, or rename it where it differs"));
    merge.found.push(found);
}

fn join_types(source: &Source<'_, TypeView>) -> Vec<JoinType> {
    let ty = source.item;
    let plain = JoinType {
        graph: source.graph,
        key: None,
        resolvable: true,
        extension: false,
        interface_object: ty.kind == Kind::InterfaceObject,
    };
    if ty.keys.is_empty() {
        return vec![plain];
    }
    let keys = ty.keys.iter().filter_map(|key| Some((key, key.fields.text.as_ref()?)));
    let mut joins: Vec<JoinType> = Vec::new();
    for (key, text) in keys {
        let (resolvable, extension) = (key.resolvable, key.extension);
        let join = JoinType { key: Some(text.to_string()), resolvable, extension, ..plain };
        if !joins.contains(&join) {
            joins.push(join);
        }
    }
    joins
}

pub(crate) fn is_root(name: &str) -> bool {
    matches!(name, "Query" | "Mutation" | "Subscription")
}

fn members(sources: &[Source<'_, TypeView>]) -> Vec<(Name, Vec<usize>)> {
    let mut members: Vec<(Name, Vec<usize>)> = Vec::new();
    for source in sources {
        for member in &source.item.members {
            match members.iter_mut().find(|(name, _)| name == member) {
                Some((_, graphs)) => graphs.push(source.graph),
                None => members.push((member.clone(), vec![source.graph])),
            }
        }
    }
    members
}

/// Every subgraph has the query root, if only to be entered there.
fn everyone_has_queries(views: &Views<'_>, types: &mut [MergedType]) {
    let Some(query) = types.iter_mut().find(|ty| ty.name == "Query") else { return };
    for graph in 0..views.all.len() {
        if query.joins.iter().any(|join| join.graph == graph) {
            continue;
        }
        // Whoever joins without fields must not be taken to resolve those that all others do.
        for field in &mut query.fields {
            if matches!(field.joins, Joins::All) {
                let joins = query.joins.iter().map(|join| join.graph);
                let joins = joins.map(|graph| JoinField::new(graph, false, Said::NOTHING));
                field.joins = Joins::Some(joins.collect());
            }
        }
        // The new ones come after, so that the loop above sees only those with fields.
    }
    let missing: Vec<usize> = (0..views.all.len())
        .filter(|graph| query.joins.iter().all(|join| join.graph != *graph))
        .collect();
    for graph in missing {
        query.joins.push(JoinType {
            graph,
            key: None,
            resolvable: true,
            extension: false,
            interface_object: false,
        });
    }
    query.joins.sort_by_key(|join| join.graph);
}

/// What interface objects add to an interface, its implementations have too.
fn inherit(types: &mut [MergedType], views: &Views<'_>) {
    let mut inherited: Vec<(Name, MergedField)> = Vec::new();
    for interface in types.iter().filter(|ty| ty.kind == Kind::Interface) {
        let stands_in = |graph: usize| {
            let ty = views.all[graph].types.get(&interface.name);
            ty.is_some_and(|ty| ty.kind == Kind::InterfaceObject)
        };
        for field in &interface.fields {
            let from_stand_in = match &field.joins {
                Joins::Some(joins) => {
                    joins.iter().any(|join| !join.external && stands_in(join.graph))
                }
                Joins::All => interface.joins.iter().any(|join| stands_in(join.graph)),
                Joins::Inherited => false,
            };
            if from_stand_in {
                let joins = Joins::Inherited;
                inherited.push((interface.name.clone(), MergedField { joins, ..field.clone() }));
            }
        }
    }
    for ty in types.iter_mut().filter(|ty| ty.kind == Kind::Object) {
        for (interface, field) in &inherited {
            let has = ty.fields.iter().any(|known| known.name == field.name);
            if ty.implements.contains(interface) && !has {
                ty.fields.push(field.clone());
            }
        }
    }
}
