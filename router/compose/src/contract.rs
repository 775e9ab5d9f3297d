//! Contracts: a supergraph that shows only what some clients shall see, chosen by `@tag`.
//!
//! Hidden elements stay for the router, marked `@inaccessible`: keys and requirements still use
//! them. What is left over is made whole: nothing visible speaks of something hidden, and types
//! that no operation can reach any more are hidden as well.

use std::collections::HashSet;

use apollo_compiler::ast;

use crate::diagnostic::{Code, Diagnostic};
use crate::merge::{Merged, MergedArgument, MergedField, MergedType, is_root};
use crate::source::Contract;
use crate::subgraph::{Applied, Kind, Spot};

/// Hides what a contract does not show.
///
/// # Errors
/// When nothing is left to query.
pub(crate) fn apply(merged: &mut Merged, contract: &Contract) -> Result<(), Diagnostic> {
    let mut filter = Filter { contract, hidden: Hidden::default() };
    for ty in &merged.types {
        filter.choose(ty);
    }
    filter.close(merged);
    filter.prune(merged);
    let hidden = filter.hidden;
    if hidden.types.contains("Query") || merged.types.iter().all(|ty| ty.name != "Query") {
        let message = "The contract leaves nothing to query.";
        return Err(Diagnostic::new(Code::QueryRootTypeInaccessible, message)
            .help("tag at least one field of Query, and what it leads to, with an included tag"));
    }
    for ty in &mut merged.types {
        hidden.mark(ty);
    }
    Ok(())
}

/// What is hidden, by name.
#[derive(Default)]
struct Hidden {
    types: HashSet<String>,
    fields: HashSet<(String, String)>,
    arguments: HashSet<(String, String, String)>,
    values: HashSet<(String, String)>,
}

struct Filter<'c> {
    contract: &'c Contract,
    hidden: Hidden,
}

impl Filter<'_> {
    /// Hides what the tags of a type and its parts say, and what was hidden anyway.
    fn choose(&mut self, ty: &MergedType) {
        let hidden = &mut self.hidden;
        if self.contract.excludes(&ty.applied) {
            hidden.types.insert(ty.name.clone());
        }
        let whole = self.contract.includes(&ty.applied);
        let chosen = matches!(ty.kind, Kind::Object | Kind::Interface);
        for field in &ty.fields {
            let out = self.contract.excludes(&field.applied)
                || chosen && !whole && !self.contract.includes(&field.applied);
            if out {
                hidden.fields.insert((ty.name.clone(), field.name.clone()));
            }
            for argument in &field.arguments {
                if self.contract.excludes(&argument.applied) {
                    let key = (ty.name.clone(), field.name.clone(), argument.name.clone());
                    hidden.arguments.insert(key);
                }
            }
        }
        for value in ty.values.iter().filter(|value| self.contract.excludes(&value.applied)) {
            hidden.values.insert((ty.name.clone(), value.name.clone()));
        }
    }

    /// Hides what speaks of something hidden, until nothing does.
    fn close(&mut self, merged: &Merged) {
        loop {
            let before = self.hidden.count();
            for ty in &merged.types {
                for field in &ty.fields {
                    self.close_field(ty, field);
                }
                if ty.kind == Kind::Interface {
                    self.close_interface(merged, ty);
                }
                if self.is_empty(ty) {
                    self.hidden.types.insert(ty.name.clone());
                }
            }
            if self.hidden.count() == before {
                return;
            }
        }
    }

    fn close_field(&mut self, ty: &MergedType, field: &MergedField) {
        let mut out = self.hidden.is_type(&field.ty);
        for argument in &field.arguments {
            let key = (ty.name.clone(), field.name.clone(), argument.name.clone());
            if self.hidden.is_type(&argument.ty) {
                self.hidden.arguments.insert(key.clone());
            }
            out |= is_required(argument) && self.hidden.arguments.contains(&key);
        }
        if out {
            self.hidden.fields.insert((ty.name.clone(), field.name.clone()));
            let required = field.ty.is_non_null() && field.default.is_none();
            if ty.kind == Kind::Input && required {
                self.hidden.types.insert(ty.name.clone());
            }
        }
    }

    /// An interface shows only fields that all of its visible implementations show.
    fn close_interface(&mut self, merged: &Merged, interface: &MergedType) {
        for ty in merged.types.iter().filter(|ty| ty.implements.contains(&interface.name)) {
            if self.hidden.types.contains(&ty.name) {
                continue;
            }
            for field in &interface.fields {
                if self.hidden.fields.contains(&(ty.name.clone(), field.name.clone())) {
                    self.hidden.fields.insert((interface.name.clone(), field.name.clone()));
                }
            }
        }
    }

    /// Whether nothing of a type is left.
    fn is_empty(&self, ty: &MergedType) -> bool {
        let name = || ty.name.clone();
        match ty.kind {
            Kind::Scalar => false,
            Kind::Union => ty.members.iter().all(|(member, _)| self.hidden.types.contains(member)),
            Kind::Enum => {
                let hidden = &self.hidden.values;
                ty.values.iter().all(|value| hidden.contains(&(name(), value.name.clone())))
            }
            _ => {
                let hidden = &self.hidden.fields;
                ty.fields.iter().all(|field| hidden.contains(&(name(), field.name.clone())))
            }
        }
    }

    /// Hides the types that no operation can reach.
    fn prune(&mut self, merged: &Merged) {
        let mut reached: HashSet<&str> = HashSet::new();
        let mut open: Vec<&MergedType> =
            merged.types.iter().filter(|ty| is_root(&ty.name)).collect();
        while let Some(ty) = open.pop() {
            if self.hidden.types.contains(&ty.name) || !reached.insert(&ty.name) {
                continue;
            }
            let mut next: HashSet<&str> = HashSet::new();
            for field in &ty.fields {
                if self.hidden.fields.contains(&(ty.name.clone(), field.name.clone())) {
                    continue;
                }
                next.insert(field.ty.inner_named_type());
                next.extend(field.arguments.iter().filter_map(|argument| {
                    let key = (ty.name.clone(), field.name.clone(), argument.name.clone());
                    let shown = !self.hidden.arguments.contains(&key);
                    shown.then(|| argument.ty.inner_named_type().as_str())
                }));
            }
            next.extend(ty.members.iter().map(|(member, _)| member.as_str()));
            next.extend(ty.implements.iter().map(String::as_str));
            let follows = |other: &&MergedType| {
                next.contains(other.name.as_str())
                    || ty.kind == Kind::Interface && other.implements.contains(&ty.name)
            };
            open.extend(merged.types.iter().filter(follows));
        }
        let lost = merged.types.iter().filter(|ty| !reached.contains(ty.name.as_str()));
        self.hidden.types.extend(lost.map(|ty| ty.name.clone()));
    }
}

impl Contract {
    fn includes(&self, applied: &[Applied]) -> bool {
        self.include.is_empty() || tags(applied).any(|tag| self.include.iter().any(|t| t == tag))
    }

    /// Whether an element is hidden: by the contract, or for everyone.
    fn excludes(&self, applied: &[Applied]) -> bool {
        applied.iter().any(|applied| applied.name == "inaccessible")
            || tags(applied).any(|tag| self.exclude.iter().any(|t| t == tag))
    }
}

fn tags(applied: &[Applied]) -> impl Iterator<Item = &str> {
    let tags = applied.iter().filter(|applied| applied.name == "tag");
    tags.flat_map(|tag| &tag.arguments).filter_map(|(_, value)| value.as_str())
}

fn is_required(argument: &MergedArgument) -> bool {
    argument.ty.is_non_null() && argument.default.is_none()
}

impl Hidden {
    fn count(&self) -> usize {
        self.types.len() + self.fields.len() + self.arguments.len() + self.values.len()
    }

    fn is_type(&self, ty: &ast::Type) -> bool {
        self.types.contains(ty.inner_named_type().as_str())
    }

    /// Marks what is hidden of a type.
    fn mark(&self, ty: &mut MergedType) {
        let name = ty.name.clone();
        if self.types.contains(&name) {
            hide(&mut ty.applied);
            return;
        }
        for field in &mut ty.fields {
            if self.fields.contains(&(name.clone(), field.name.clone())) {
                hide(&mut field.applied);
                continue;
            }
            for argument in &mut field.arguments {
                let key = (name.clone(), field.name.clone(), argument.name.clone());
                if self.arguments.contains(&key) {
                    hide(&mut argument.applied);
                }
            }
        }
        for value in &mut ty.values {
            if self.values.contains(&(name.clone(), value.name.clone())) {
                hide(&mut value.applied);
            }
        }
    }
}

fn hide(applied: &mut Vec<Applied>) {
    if applied.iter().all(|applied| applied.name != "inaccessible") {
        let at = Spot::default();
        applied.push(Applied { name: "inaccessible".into(), arguments: Vec::new(), at });
    }
}
