//! Contracts: a supergraph that shows only what some clients shall see, chosen by `@tag`.
//!
//! Hidden elements stay for the router, marked `@inaccessible`: keys and requirements still use
//! them. What is left over is made whole: nothing visible speaks of something hidden, and types
//! that no operation can reach any more are hidden as well.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic};
use crate::maps::{HashMap, HashSet};
use crate::merge::{Merged, MergedArgument, MergedField, MergedType, is_root};
use crate::source::Contract;
use crate::subgraph::{Applied, Kind, nearest};
use sdl::Spot;

/// Hides what a contract does not show.
///
/// # Errors
/// When nothing is left to query.
pub(crate) fn apply(merged: &mut Merged, contract: &Contract) -> Result<(), Diagnostic> {
    let hidden = Filter::new(&merged.types, contract).hide();
    let query = merged.types.iter().position(|ty| ty.name == "Query");
    if query.is_none_or(|query| hidden.types.contains(&query)) {
        let message = "The contract leaves nothing to query.";
        return Err(Diagnostic::new(Code::QueryRootTypeInaccessible, message)
            .help(mend_emptiness(&merged.types, contract)));
    }
    for (index, ty) in merged.types.iter_mut().enumerate() {
        hidden.mark(index, ty);
    }
    Ok(())
}

/// What to do when nothing is left: a tag may be misspelt.
fn mend_emptiness(types: &[MergedType], contract: &Contract) -> String {
    let fields = || types.iter().flat_map(|ty| &ty.fields);
    let used: BTreeSet<&str> = types
        .iter()
        .flat_map(|ty| tags(&ty.applied))
        .chain(fields().flat_map(|field| tags(&field.applied)))
        .collect();
    let unknown = contract.include.iter().find(|tag| !used.contains(tag.as_str()));
    let near = unknown.and_then(|tag| Some((tag, nearest(tag, used.iter().copied())?)));
    match near {
        Some((tag, near)) => format!("nothing has the tag `{tag}`: did you mean `{near}`?"),
        None => {
            "tag at least one field of Query, and what it leads to, with an included tag".into()
        }
    }
}

/// What is hidden, by places in the lists of the merged schema.
#[derive(Default)]
struct Hidden {
    types: HashSet<usize>,
    fields: HashSet<(usize, usize)>,
    arguments: HashSet<(usize, usize, usize)>,
    values: HashSet<(usize, usize)>,
}

struct Filter<'a> {
    types: &'a [MergedType],
    index: HashMap<&'a str, usize>,
    contract: &'a Contract,
    hidden: Hidden,
}

impl<'a> Filter<'a> {
    fn new(types: &'a [MergedType], contract: &'a Contract) -> Self {
        let index = types.iter().enumerate().map(|(at, ty)| (ty.name.as_str(), at)).collect();
        Self { types, index, contract, hidden: Hidden::default() }
    }

    fn hide(mut self) -> Hidden {
        for (at, ty) in self.types.iter().enumerate() {
            self.choose(at, ty);
        }
        self.close();
        self.prune();
        self.hidden
    }

    /// Hides what the tags of a type and its parts say, and what was hidden anyway.
    fn choose(&mut self, at: usize, ty: &MergedType) {
        let (hidden, contract) = (&mut self.hidden, self.contract);
        if contract.excludes(&ty.applied) {
            hidden.types.insert(at);
        }
        let whole = contract.includes(&ty.applied);
        let chosen = matches!(ty.kind, Kind::Object | Kind::Interface);
        for (place, field) in ty.fields.iter().enumerate() {
            let left_out = chosen && !whole && !contract.includes(&field.applied);
            if left_out || contract.excludes(&field.applied) {
                hidden.fields.insert((at, place));
            }
            for (argument, known) in field.arguments.iter().enumerate() {
                if contract.excludes(&known.applied) {
                    hidden.arguments.insert((at, place, argument));
                }
            }
        }
        for (place, value) in ty.values.iter().enumerate() {
            if contract.excludes(&value.applied) {
                hidden.values.insert((at, place));
            }
        }
    }

    /// Hides what speaks of something hidden, until nothing does.
    fn close(&mut self) {
        loop {
            let before = self.hidden.count();
            for (at, ty) in self.types.iter().enumerate() {
                for (place, field) in ty.fields.iter().enumerate() {
                    self.close_field((at, ty), (place, field));
                }
                if ty.kind == Kind::Interface {
                    self.close_interface(at, ty);
                }
                if self.is_empty(at, ty) {
                    self.hidden.types.insert(at);
                }
            }
            if self.hidden.count() == before {
                return;
            }
        }
    }

    fn close_field(
        &mut self,
        (at, ty): (usize, &MergedType),
        (place, field): (usize, &MergedField),
    ) {
        let mut out = self.is_hidden(&field.ty);
        for (argument, known) in field.arguments.iter().enumerate() {
            if self.is_hidden(&known.ty) {
                self.hidden.arguments.insert((at, place, argument));
            }
            out |= is_required(known) && self.hidden.arguments.contains(&(at, place, argument));
        }
        if out {
            self.hidden.fields.insert((at, place));
            let required = field.ty.is_non_null() && field.default.is_none();
            if ty.kind == Kind::Input && required {
                self.hidden.types.insert(at);
            }
        }
    }

    /// An interface shows only fields that all of its visible implementations show.
    fn close_interface(&mut self, at: usize, interface: &MergedType) {
        for (other, ty) in self.types.iter().enumerate() {
            if !ty.implements.contains(&interface.name) || self.hidden.types.contains(&other) {
                continue;
            }
            for (place, field) in interface.fields.iter().enumerate() {
                let own = ty.fields.iter().position(|own| own.name == field.name);
                if own.is_some_and(|own| self.hidden.fields.contains(&(other, own))) {
                    self.hidden.fields.insert((at, place));
                }
            }
        }
    }

    /// Whether nothing of a type is left.
    fn is_empty(&self, at: usize, ty: &MergedType) -> bool {
        match ty.kind {
            Kind::Scalar => false,
            Kind::Union => ty.members.iter().all(|(member, _)| self.is_hidden_name(member)),
            Kind::Enum => {
                (0..ty.values.len()).all(|place| self.hidden.values.contains(&(at, place)))
            }
            _ => (0..ty.fields.len()).all(|place| self.hidden.fields.contains(&(at, place))),
        }
    }

    /// Hides the types that no operation can reach.
    fn prune(&mut self) {
        let mut reached: HashSet<usize> = HashSet::default();
        let roots = (0..self.types.len()).filter(|at| is_root(&self.types[*at].name));
        let mut open: Vec<usize> = roots.collect();
        while let Some(at) = open.pop() {
            if !self.hidden.types.contains(&at) && reached.insert(at) {
                open.extend(self.next(at));
            }
        }
        let lost = (0..self.types.len()).filter(|at| !reached.contains(at));
        self.hidden.types.extend(lost);
    }

    /// The types that what is visible of a type leads to.
    fn next(&self, at: usize) -> Vec<usize> {
        let ty = &self.types[at];
        let mut names: Vec<&str> = Vec::new();
        for (place, field) in ty.fields.iter().enumerate() {
            if self.hidden.fields.contains(&(at, place)) {
                continue;
            }
            names.push(field.ty.inner_named_type());
            let arguments = field.arguments.iter().enumerate();
            let shown = arguments
                .filter(|(argument, _)| !self.hidden.arguments.contains(&(at, place, *argument)));
            names.extend(shown.map(|(_, known)| known.ty.inner_named_type().as_str()));
        }
        names.extend(ty.members.iter().map(|(member, _)| member.as_str()));
        names.extend(ty.implements.iter().map(sdl::Name::as_str));
        let implementing =
            self.types.iter().enumerate().filter(|(_, other)| {
                ty.kind == Kind::Interface && other.implements.contains(&ty.name)
            });
        let implementing = implementing.map(|(other, _)| other);
        names.iter().filter_map(|name| self.index.get(name).copied()).chain(implementing).collect()
    }

    fn is_hidden(&self, ty: &sdl::Type) -> bool {
        self.is_hidden_name(ty.inner_named_type())
    }

    fn is_hidden_name(&self, name: &str) -> bool {
        self.index.get(name).is_some_and(|at| self.hidden.types.contains(at))
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
    tags.flat_map(|tag| &tag.arguments)
        .filter_map(|(_, value)| value.as_str())
        .map(sdl::Name::as_str)
}

fn is_required(argument: &MergedArgument) -> bool {
    argument.ty.is_non_null() && argument.default.is_none()
}

impl Hidden {
    fn count(&self) -> usize {
        self.types.len() + self.fields.len() + self.arguments.len() + self.values.len()
    }

    /// Marks what is hidden of a type.
    fn mark(&self, at: usize, ty: &mut MergedType) {
        if self.types.contains(&at) {
            hide(&mut ty.applied);
            return;
        }
        for (place, field) in ty.fields.iter_mut().enumerate() {
            if self.fields.contains(&(at, place)) {
                hide(&mut field.applied);
                continue;
            }
            for (argument, known) in field.arguments.iter_mut().enumerate() {
                if self.arguments.contains(&(at, place, argument)) {
                    hide(&mut known.applied);
                }
            }
        }
        for (place, value) in ty.values.iter_mut().enumerate() {
            if self.values.contains(&(at, place)) {
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
