//! Errors: what subgraphs tell, at the client's paths, as far as clients may know.

use json::Json;
use operation::SelectionSet;
use plan::{Fetch, Part, Target, WireSet};
use schema::{Schema, SubgraphId};

use crate::Options;
use crate::answer::Error;
use crate::causes::Causes;
use crate::errors::Errors;
use crate::gather::Targets;
use crate::path::{PathItem, client_paths};
use crate::response::{Fault, Response};

/// The code of a subgraph's error that brings none.
const DEFAULT_CODE: &str = "DOWNSTREAM_SERVICE_ERROR";

/// A code of a subgraph that is longer is not one.
const LONGEST_CODE: usize = 100;

/// Where errors come from and go to.
pub(crate) struct Faults<'a, 'p> {
    pub schema: &'a Schema,
    pub answer: &'a SelectionSet,
    pub options: &'a Options,
    pub data: &'a Json,
    pub errors: &'a mut Errors,
    pub causes: &'a mut Causes<'p>,
}

impl<'p> Faults<'_, 'p> {
    /// Tells that a whole request failed: once for each root field, once for all entities of a
    /// part.
    pub(crate) fn request(&mut self, fetch: &'p Fetch, targets: &[Targets], fault: &Fault) {
        for (part, targets) in fetch.parts.iter().zip(targets).filter(|(_, t)| !t.is_empty()) {
            self.causes.note_whole(targets.positions(), &part.selection);
            let positions: Vec<&[PathItem]> = targets.positions().collect();
            match targets {
                Targets::Roots(_) => {
                    for field in &part.selection.fields {
                        let below = [PathItem::Key(field.key.clone())];
                        self.trouble(fetch.subgraph, part, (&positions, &below), fault);
                    }
                }
                Targets::Entities(_) => {
                    self.trouble(fetch.subgraph, part, (&positions, &[]), fault);
                }
            }
        }
    }

    /// Tells, once, that what a part was to supply for objects failed at a place below them.
    pub(crate) fn trouble(
        &mut self,
        subgraph: SubgraphId,
        part: &'p Part,
        (positions, below): (&[&[PathItem]], &[PathItem]),
        fault: &Fault,
    ) {
        self.causes.note(positions.iter().copied(), &part.selection, below);
        let name = &self.schema.subgraph(subgraph).name;
        let mut error = Error::new(fault.code, format!("Subgraph \"{name}\" {}.", fault.what));
        error.subgraph = Some(name.clone());
        error.path = self.shared(positions, below);
        self.push(error);
    }

    /// What the client's paths for a place below several objects have in common.
    fn shared(&self, positions: &[&[PathItem]], below: &[PathItem]) -> Vec<PathItem> {
        let Some((first, others)) = positions.split_first() else { return Vec::new() };
        let known = others.iter().fold(*first, |known, other| common(known, other));
        let below = if others.is_empty() { below } else { &[] };
        let mut paths = self.client(&[known, below].concat()).into_iter();
        let first = paths.next().unwrap_or_default();
        paths.fold(first, |shared, other| common(&shared, &other).to_vec())
    }

    /// Tells the errors of an answer, each at every position that it is about; beyond the limit
    /// they are only counted.
    pub(crate) fn reported(&mut self, fetch: &'p Fetch, targets: &[Targets], answer: &Response) {
        let most = self.options.most_errors.get();
        for error in answer.errors.iter().take(most) {
            let path: Vec<PathItem> = match error.get("path") {
                Some(Json::List(path)) => path.iter().map_while(item).collect(),
                _ => Vec::new(),
            };
            let told = self.rewritten(fetch.subgraph, error);
            let parts = fetch.parts.iter().zip(targets).filter(|(_, targets)| !targets.is_empty());
            let mut found = false;
            for (part, targets) in parts.clone() {
                found |= self.located(part, targets, (&path, &answer.data), &told);
            }
            if !found {
                // It says nothing of where: it is about all of the request.
                for (part, targets) in parts {
                    self.of_part(part, targets, &told);
                }
            }
        }
        self.errors.beyond += answer.errors.len().saturating_sub(most);
        if !answer.has_data {
            for (part, targets) in fetch.parts.iter().zip(targets) {
                self.causes.note_whole(targets.positions(), &part.selection);
            }
        }
    }

    /// Tells an error that is about all of a part.
    fn of_part(&mut self, part: &'p Part, targets: &Targets, told: &Error) {
        let positions: Vec<&[PathItem]> = targets.positions().collect();
        self.causes.note_whole(positions.iter().copied(), &part.selection);
        let path = match (targets, part.selection.fields.as_slice()) {
            (Targets::Roots(_), [only]) => {
                self.shared(&positions, &[PathItem::Key(only.key.clone())])
            }
            _ => self.shared(&positions, &[]),
        };
        self.push(Error { path, ..told.clone() });
    }

    /// Tells an error at the positions that its path leads to in the answer to a part; false when
    /// it leads to none.
    fn located(
        &mut self,
        part: &'p Part,
        targets: &Targets,
        (path, data): (&[PathItem], &json::Object),
        told: &Error,
    ) -> bool {
        let Some((PathItem::Key(first), rest)) = path.split_first() else { return false };
        match (&part.target, targets) {
            (Target::Root { .. }, Targets::Roots(positions)) => {
                if store_path(&part.selection, path).is_empty() {
                    return false;
                }
                let null = match data.get(first) {
                    None => 0,
                    Some(value) => 1 + up_to_null(value, rest),
                };
                self.at_positions(part, positions, (path, null), told);
                true
            }
            (Target::Entities { wire, .. }, Targets::Entities(entities)) if wire == first => {
                let value = data.get(first).unwrap_or(&Json::Null);
                let at = match rest.split_first() {
                    Some((PathItem::Index(index), rest)) => {
                        entities.positions.get(*index).map(|positions| (*index, positions, rest))
                    }
                    _ => None,
                };
                if value.is_null() {
                    self.causes.note_whole(targets.positions(), &part.selection);
                }
                let Some((index, positions, rest)) = at else {
                    self.of_part(part, targets, told);
                    return true;
                };
                let item = value.as_list().and_then(|items| items.get(index));
                let null = up_to_null(item.unwrap_or(&Json::Null), rest);
                self.at_positions(part, positions, (rest, null), told);
                true
            }
            _ => false,
        }
    }

    /// Tells an error at a path, in response keys of the part, below each of several objects. What
    /// the subgraph let become null for it is `null` steps below them.
    fn at_positions(
        &mut self,
        part: &'p Part,
        positions: &[Vec<PathItem>],
        (path, null): (&[PathItem], usize),
        told: &Error,
    ) {
        let below = store_path(&part.selection, path);
        let cause = &below[..null.min(below.len())];
        self.causes.note(positions.iter().map(Vec::as_slice), &part.selection, cause);
        for position in positions {
            if self.errors.is_full(self.options.most_errors.get()) {
                self.errors.beyond += 1;
                continue;
            }
            for path in self.client(&[position.as_slice(), &below].concat()) {
                self.push(Error { path, ..told.clone() });
            }
        }
    }

    fn client(&self, path: &[PathItem]) -> Vec<Vec<PathItem>> {
        let most = self.options.most_errors.get();
        client_paths(self.schema, self.data, self.answer, path, most)
    }

    /// The error as clients may know it.
    fn rewritten(&self, subgraph: SubgraphId, reported: &Json) -> Error {
        let name = &self.schema.subgraph(subgraph).name;
        let options = self.options;
        let shown = options.show_all_messages || options.show_messages_of.contains(subgraph);
        let message = reported.get("message").and_then(Json::as_str).filter(|_| shown);
        let generic = || format!("Subgraph \"{name}\" reported an error.");
        let extensions = reported.get("extensions").and_then(Json::as_object);
        let code = extensions
            .and_then(|extensions| extensions.get("code")?.as_str())
            .filter(|code| !code.is_empty() && code.len() <= LONGEST_CODE)
            .unwrap_or(DEFAULT_CODE);
        let mut error = Error::new(code, message.map_or_else(generic, str::to_owned));
        error.subgraph = Some(name.clone());
        error.extensions = extensions.filter(|_| shown).cloned().unwrap_or_default();
        error
    }

    fn push(&mut self, error: Error) {
        self.errors.push(error, self.options.most_errors.get());
    }
}

fn common<'a>(path: &'a [PathItem], other: &[PathItem]) -> &'a [PathItem] {
    let same = path.iter().zip(other).take_while(|(a, b)| a == b).count();
    &path[..same]
}

fn item(item: &Json) -> Option<PathItem> {
    match item {
        Json::String(key) => Some(PathItem::Key(key.clone())),
        Json::Number(index) => index.parse().ok().map(PathItem::Index),
        _ => None,
    }
}

/// How many steps of a path lead to a null or to something that is not there; all when none does.
fn up_to_null(value: &Json, path: &[PathItem]) -> usize {
    let mut value = value;
    for (steps, item) in path.iter().enumerate() {
        let next = match item {
            PathItem::Key(key) => value.get(key),
            PathItem::Index(index) => value.as_list().and_then(|items| items.get(*index)),
        };
        match next {
            _ if value.is_null() => return steps,
            Some(next) => value = next,
            None => return steps + 1,
        }
    }
    path.len()
}

/// A path in response keys as one in keys of the merged answer; it ends where it leaves what was
/// asked for.
fn store_path(wire: &WireSet, path: &[PathItem]) -> Vec<PathItem> {
    let mut wire = Some(wire);
    let mut found = Vec::new();
    for item in path {
        match item {
            PathItem::Index(_) => found.push(item.clone()),
            PathItem::Key(key) => {
                let field = wire.and_then(|wire| wire.fields.iter().find(|f| f.wire == *key));
                let Some(field) = field else { break };
                found.push(PathItem::Key(field.key.clone()));
                wire = field.selection.as_ref();
            }
        }
    }
    found
}
