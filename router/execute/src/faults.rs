//! Errors: what subgraphs tell, at the client's paths, as far as clients may know.

use json::Json;
use operation::SelectionSet;
use plan::{Fetch, Part, Target, WireSet};
use schema::{Schema, SubgraphId};

use crate::answer::Error;
use crate::causes::Causes;
use crate::code::DOWNSTREAM;
use crate::errors::Errors;
use crate::execution::Options;
use crate::gather::Targets;
use crate::path::{Path, Step, client_paths};
use crate::response::{Fault, Response};

/// A code of a subgraph that is longer is not one.
const LONGEST_CODE: usize = 100;

/// Where errors come from and go to.
pub(crate) struct Faults<'a, 'p> {
    pub schema: &'a Schema,
    pub answer: &'p SelectionSet,
    pub options: &'a Options,
    pub data: &'a Json,
    pub errors: &'a mut Errors,
    pub causes: &'a mut Causes<'p>,
    /// The client's paths of whole parts, as far as they are known.
    pub whole: Vec<(&'p Part, Path<'p>)>,
}

impl<'p> Faults<'_, 'p> {
    /// Tells that a whole request failed: once for each root field, once for all entities of a
    /// part.
    pub(crate) fn request(&mut self, fetch: &'p Fetch, targets: &[Targets<'p>], fault: &Fault) {
        for (part, targets) in fetch.parts.iter().zip(targets).filter(|(_, t)| !t.is_empty()) {
            self.causes.note_whole(targets.positions(), &part.selection);
            let positions: Vec<&[Step<'p>]> = targets.positions().collect();
            match targets {
                Targets::Roots(_) => {
                    for field in &part.selection.fields {
                        let below = [Step::Key(&field.key)];
                        self.trouble(fetch.subgraph, part, (&positions, &below), fault);
                    }
                }
                Targets::Entities(_) => {
                    let missing = self.asked_fields(part, &positions);
                    if missing.is_empty() {
                        self.trouble(fetch.subgraph, part, (&positions, &[]), fault);
                    }
                    for key in missing {
                        self.trouble(fetch.subgraph, part, (&positions, &[Step::Key(key)]), fault);
                    }
                }
            }
        }
    }

    /// The fields of a part that the client asked for of the one object that it is about; none
    /// when it is about several, which are told as one.
    fn asked_fields(&self, part: &'p Part, positions: &[&[Step<'p>]]) -> Vec<&'p str> {
        let [position] = positions else { return Vec::new() };
        let depth = |path: &[Step<'p>]| self.client(path).first().map_or(0, Vec::len);
        let keys = part.selection.fields.iter().map(|field| field.key.as_str());
        let own = depth(position);
        keys.filter(|key| depth(&[position, &[Step::Key(key)][..]].concat()) > own).collect()
    }

    /// Tells, once, that what a part was to supply for objects failed at a place below them.
    pub(crate) fn trouble(
        &mut self,
        subgraph: SubgraphId,
        part: &'p Part,
        (positions, below): (&[&[Step<'p>]], &[Step<'p>]),
        fault: &Fault,
    ) {
        self.causes.note(positions.iter().copied(), &part.selection, below);
        let name = &self.schema.subgraph(subgraph).name;
        let mut error = Error::new(fault.code, format!("Subgraph \"{name}\" {}.", fault.what));
        error.subgraph = Some(name.to_owned());
        let path = self.shared(positions, below);
        self.push(error.at(&path));
    }

    /// What the client's paths for a place below several objects have in common.
    fn shared(&self, positions: &[&[Step<'p>]], below: &[Step<'p>]) -> Path<'p> {
        let Some((first, others)) = positions.split_first() else { return Vec::new() };
        let known = others.iter().fold(*first, |known, other| common(known, other));
        let below = if others.is_empty() { below } else { &[] };
        let mut paths = self.client(&[known, below].concat()).into_iter();
        let first = paths.next().unwrap_or_default();
        paths.fold(first, |shared, other| common(&shared, &other).to_vec())
    }

    /// Tells the errors of an answer, each at every position that it is about; beyond the limit
    /// they are only counted. A part of a batch that got nothing has an error of its own: the first,
    /// where none is about it.
    pub(crate) fn reported(
        &mut self,
        fetch: &'p Fetch,
        targets: &[Targets<'p>],
        answer: &Response,
    ) {
        let mut heard = vec![false; fetch.parts.len()];
        for error in &answer.errors {
            let path: Path<'_> = match error.get("path") {
                Some(Json::List(path)) => path.iter().map_while(item).collect(),
                _ => Vec::new(),
            };
            let told = self.rewritten(fetch.subgraph, error);
            let parts = || fetch.parts.iter().zip(targets).filter(|(_, it)| !it.is_empty());
            let mut found = false;
            for ((part, targets), heard) in fetch.parts.iter().zip(targets).zip(&mut heard) {
                let about = !targets.is_empty()
                    && self.located(part, targets, (&path, &answer.data), &told);
                *heard |= about;
                found |= about;
            }
            if !found {
                // It says nothing of where: it is about all of the request.
                heard.fill(true);
                for (part, targets) in parts() {
                    self.of_part(part, targets, &told);
                }
            }
        }
        if let Some(first) = answer.errors.first() {
            let told = self.rewritten(fetch.subgraph, first);
            let silent = fetch.parts.iter().zip(targets).zip(heard).filter(|(_, heard)| !heard);
            for ((part, targets), _) in silent {
                if got_nothing(part, targets, &answer.data) {
                    self.of_part(part, targets, &told);
                }
            }
        }
        if !answer.has_data {
            for (part, targets) in fetch.parts.iter().zip(targets) {
                self.causes.note_whole(targets.positions(), &part.selection);
            }
        }
    }

    /// Tells an error that is about all of a part.
    fn of_part(&mut self, part: &'p Part, targets: &Targets<'p>, told: &Error) {
        self.causes.note_whole(targets.positions(), &part.selection);
        if self.errors.is_full(self.options.most_errors.get()) {
            self.errors.beyond += 1;
            return;
        }
        let known = self.whole.iter().position(|(other, _)| std::ptr::eq(*other, part));
        let at = known.unwrap_or_else(|| {
            let positions: Vec<&[Step<'p>]> = targets.positions().collect();
            let path = match (targets, part.selection.fields.as_slice()) {
                (Targets::Roots(_), [only]) => self.shared(&positions, &[Step::Key(&only.key)]),
                _ => self.shared(&positions, &[]),
            };
            self.whole.push((part, path));
            self.whole.len() - 1
        });
        let error = told.at(&self.whole[at].1);
        self.push(error);
    }

    /// Tells an error at the positions that its path leads to in the answer to a part; false when
    /// it leads to none.
    fn located(
        &mut self,
        part: &'p Part,
        targets: &Targets<'p>,
        (path, data): (&[Step<'_>], &json::Object),
        told: &Error,
    ) -> bool {
        let Some((Step::Key(first), rest)) = path.split_first() else { return false };
        match (&part.target, targets) {
            (Target::Root { .. }, Targets::Roots(positions)) => {
                if store_path(&part.selection, path).is_empty() {
                    return false;
                }
                let null = match data.get(*first) {
                    None => 0,
                    Some(value) => 1 + up_to_null(value, rest),
                };
                self.at_positions(part, positions, (path, null), told);
                true
            }
            (Target::Entities { wire, .. }, Targets::Entities(entities)) => {
                let mut sets = entities.sets.iter().enumerate();
                let named = |at: usize| format!("{wire}{}", plan::suffix(at)) == *first;
                let Some((_, set)) = sets.find(|(at, _)| named(*at)) else { return false };
                let asked = &entities.positions[set.range.clone()];
                let value = data.get(*first).unwrap_or(&Json::Null);
                let at = match rest.split_first() {
                    Some((Step::Index(index), rest)) => {
                        asked.get(*index).map(|positions| (*index, positions, rest))
                    }
                    _ => None,
                };
                if value.is_null() {
                    let positions = asked.iter().flatten().map(Vec::as_slice);
                    match entities.sets.len() {
                        1 => self.causes.note_whole(positions, &part.selection),
                        _ => self.causes.note(positions, &part.selection, &[]),
                    }
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
        positions: &[Path<'p>],
        (path, null): (&[Step<'_>], usize),
        told: &Error,
    ) {
        let below = store_path(&part.selection, path);
        let cause = &below[..null.min(below.len())];
        // What is noted for one position of a representation is noted for all.
        let first = positions.first();
        if !first.is_some_and(|first| self.causes.knows(first, &part.selection, cause)) {
            self.causes.note(positions.iter().map(Vec::as_slice), &part.selection, cause);
        }
        for (done, position) in positions.iter().enumerate() {
            if self.errors.is_full(self.options.most_errors.get()) {
                self.errors.beyond += positions.len() - done;
                break;
            }
            for path in self.client(&[position.as_slice(), &below].concat()) {
                self.push(told.at(&path));
            }
        }
    }

    fn client(&self, path: &[Step<'_>]) -> Vec<Path<'p>> {
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
            .unwrap_or(DOWNSTREAM);
        let mut error = Error::new(code, message.map_or_else(generic, str::to_owned));
        error.subgraph = Some(name.to_owned());
        error.extensions = extensions.filter(|_| shown).cloned().unwrap_or_default();
        error
    }

    fn push(&mut self, error: Error) {
        self.errors.push(error, self.options.most_errors.get());
    }
}

/// Whether an answer has none of the entities that a part asked for.
fn got_nothing(part: &Part, targets: &Targets<'_>, data: &json::Object) -> bool {
    let (Target::Entities { wire, .. }, Targets::Entities(entities)) = (&part.target, targets)
    else {
        return false;
    };
    let list = |at: usize| data.get(&format!("{wire}{}", plan::suffix(at)));
    !targets.is_empty() && (0..entities.sets.len()).all(|at| list(at).is_none_or(Json::is_null))
}

fn common<'a, 'p>(path: &'a [Step<'p>], other: &[Step<'p>]) -> &'a [Step<'p>] {
    let same = path.iter().zip(other).take_while(|(a, b)| a == b).count();
    &path[..same]
}

fn item(item: &Json) -> Option<Step<'_>> {
    match item {
        Json::String(key) => Some(Step::Key(key)),
        Json::Number(index) => index.parse().ok().map(Step::Index),
        _ => None,
    }
}

/// How many steps of a path lead to a null or to something that is not there; all when none does.
fn up_to_null(value: &Json, path: &[Step<'_>]) -> usize {
    let mut value = value;
    for (steps, item) in path.iter().enumerate() {
        let next = match item {
            Step::Key(key) => value.get(key),
            Step::Index(index) => value.as_list().and_then(|items| items.get(*index)),
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
fn store_path<'p>(wire: &'p WireSet, path: &[Step<'_>]) -> Path<'p> {
    let mut wire = Some(wire);
    let mut found = Vec::new();
    for item in path {
        match item {
            Step::Index(index) => found.push(Step::Index(*index)),
            Step::Key(key) => {
                let field = wire.and_then(|wire| wire.fields.iter().find(|f| f.wire == *key));
                let Some(field) = field else { break };
                found.push(Step::Key(&field.key));
                wire = field.selection.as_ref();
            }
        }
    }
    found
}
