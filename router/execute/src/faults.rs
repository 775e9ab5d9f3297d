//! Errors: what subgraphs tell, at the client's paths, as far as clients may know.

use json::{Json, Object};
use operation::SelectionSet;
use plan::{Fetch, Part, Target, WireSet};
use schema::{Schema, SubgraphId};

use crate::Options;
use crate::answer::Error;
use crate::gather::Targets;
use crate::path::{PathItem, client_paths};
use crate::response::Fault;

/// The code of a subgraph's error that brings none.
const DEFAULT_CODE: &str = "DOWNSTREAM_SERVICE_ERROR";

/// A code of a subgraph that is longer is not one.
const LONGEST_CODE: usize = 100;

/// The errors of an execution while they are collected, never more than the limit.
#[derive(Debug, Default)]
pub(crate) struct Errors {
    pub list: Vec<Error>,
    /// How many did not fit.
    pub beyond: usize,
}

impl Errors {
    /// Adds an error, once.
    pub(crate) fn push(&mut self, error: Error, most: usize) {
        if self.list.contains(&error) {
            return;
        }
        if self.list.len() < most {
            self.list.push(error);
        } else {
            self.beyond += 1;
        }
    }

    /// Whether an error tells already why there is null at a client's path: one there, one above,
    /// or one below, from where a null came up.
    pub(crate) fn explain(&self, path: &[PathItem]) -> bool {
        self.list.iter().any(|error| {
            let both = error.path.len().min(path.len());
            error.path[..both] == path[..both]
        })
    }

    /// The list, with a last word on those that did not fit.
    pub(crate) fn finish(mut self) -> Vec<Error> {
        if self.beyond > 0 {
            let message = format!("{} more errors are not shown.", self.beyond);
            self.list.push(Error::new("TOO_MANY_ERRORS", message));
        }
        self.list
    }
}

/// Where errors come from and go to.
pub(crate) struct Faults<'a> {
    pub schema: &'a Schema,
    pub answer: &'a SelectionSet,
    pub options: &'a Options,
    pub data: &'a Json,
    pub errors: &'a mut Errors,
}

impl Faults<'_> {
    /// Tells that a whole request failed: once for each root field, once for all entities of a
    /// part.
    pub(crate) fn request(&mut self, fetch: &Fetch, targets: &[Targets], fault: &Fault) {
        let name = &self.schema.subgraph(fetch.subgraph).name;
        let message = format!("Subgraph \"{name}\" {}.", fault.what);
        let mut error = Error::new(fault.code, message);
        error.subgraph = Some(name.clone());
        for (part, targets) in fetch.parts.iter().zip(targets) {
            for path in self.part_paths(part, targets) {
                self.push(Error { path, ..error.clone() });
            }
        }
    }

    /// The client's paths for a part as a whole.
    fn part_paths(&self, part: &Part, targets: &Targets) -> Vec<Vec<PathItem>> {
        let mut paths = Vec::new();
        match targets {
            Targets::Roots(positions) => {
                for position in positions {
                    for field in &part.selection.fields {
                        let mut path = position.clone();
                        path.push(PathItem::Key(field.key.clone()));
                        paths.extend(self.client(&path));
                    }
                }
            }
            Targets::Entities(_) => {
                let all = targets.positions().flat_map(|position| self.client(position));
                paths.extend(all.reduce(|mut prefix, path| {
                    let same = prefix.iter().zip(&path).take_while(|(a, b)| a == b).count();
                    prefix.truncate(same);
                    prefix
                }));
            }
        }
        paths
    }

    /// Tells an error of a subgraph's answer, at every position that it is about.
    pub(crate) fn reported(&mut self, fetch: &Fetch, targets: &[Targets], reported: &Json) {
        let error = self.rewritten(fetch.subgraph, reported);
        let path: Vec<PathItem> = match reported.get("path") {
            Some(Json::List(path)) => path.iter().filter_map(item).collect(),
            _ => Vec::new(),
        };
        let mut found = Vec::new();
        for (part, targets) in fetch.parts.iter().zip(targets) {
            self.positions(part, targets, &path, &mut found);
        }
        if found.is_empty() {
            // It says nothing of where: it is about all of the request.
            for (part, targets) in fetch.parts.iter().zip(targets).filter(|(_, t)| !t.is_empty()) {
                found.extend(self.part_paths(part, targets).into_iter().take(1));
            }
            found.truncate(1);
        }
        if found.is_empty() {
            found.push(Vec::new());
        }
        for path in found {
            self.push(Error { path, ..error.clone() });
        }
    }

    /// The client's paths for a path in the answer to a part, if it is about this part.
    fn positions(
        &self,
        part: &Part,
        targets: &Targets,
        path: &[PathItem],
        found: &mut Vec<Vec<PathItem>>,
    ) {
        match (&part.target, targets) {
            (Target::Root { .. }, Targets::Roots(positions)) => {
                let below = store_path(&part.selection, path);
                if below.is_empty() {
                    return;
                }
                for position in positions {
                    found.extend(self.client(&[position.as_slice(), &below].concat()));
                }
            }
            (Target::Entities { wire, .. }, Targets::Entities(entities)) => {
                let Some((PathItem::Key(first), rest)) = path.split_first() else { return };
                if first != wire {
                    return;
                }
                let Some((PathItem::Index(index), rest)) = rest.split_first() else { return };
                let below = store_path(&part.selection, rest);
                for position in entities.positions.get(*index).into_iter().flatten() {
                    found.extend(self.client(&[position.as_slice(), &below].concat()));
                }
            }
            _ => {}
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
        error.extensions = extensions.filter(|_| shown).cloned().unwrap_or_else(Object::new);
        error
    }

    fn push(&mut self, error: Error) {
        self.errors.push(error, self.options.most_errors.get());
    }
}

fn item(item: &Json) -> Option<PathItem> {
    match item {
        Json::String(key) => Some(PathItem::Key(key.clone())),
        Json::Number(index) => index.parse().ok().map(PathItem::Index),
        _ => None,
    }
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
