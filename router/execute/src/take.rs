//! Taking the data of an answer into the merged answer.

use json::{Json, Object};
use plan::{Fetch, Part, Target};

use crate::gather::{Entities, Targets};
use crate::merge::{Merge, Misfit};
use crate::path::{Path, Step, at_mut};
use crate::response::{Fault, Response};

/// What is wrong with the data of a part, and not told by the answer's own errors.
pub(crate) struct Trouble<'a, 'p> {
    pub part: &'p Part,
    /// The objects that it is about.
    pub positions: Vec<&'a [Step<'p>]>,
    /// Where below each of them.
    pub below: Path<'p>,
    pub fault: Fault,
}

/// Takes the data of an answer into `data`, of which `left` more is allowed. The result is what is
/// wrong with it, at most one thing for each part.
pub(crate) fn take<'a, 'p>(
    fetch: &'p Fetch,
    targets: &'a [Targets<'p>],
    response: &Response,
    (data, left): (&mut Json, &mut usize),
) -> Vec<Trouble<'a, 'p>> {
    if !response.has_data {
        return Vec::new();
    }
    let mut troubles = Vec::new();
    for (part, targets) in fetch.parts.iter().zip(targets) {
        if targets.is_empty() {
            continue;
        }
        let mut merge = Merge::new(*left);
        let taking = Taking { part, response, data: &mut *data, merge: &mut merge };
        let trouble = match (&part.target, targets) {
            (Target::Entities { wire, .. }, Targets::Entities(entities)) => {
                taking.entities(entities, wire)
            }
            _ => taking.roots(targets),
        };
        *left = merge.left;
        let full = merge.full.then(|| Trouble {
            part,
            positions: targets.positions().collect(),
            below: Vec::new(),
            fault: Fault::too_large(),
        });
        troubles.extend(full.or(trouble));
    }
    troubles
}

/// Takes what is known already into `data`, of which `left` more is allowed. The result is what is wrong
/// with it.
pub(crate) fn take_known<'a, 'p>(
    fetch: &'p Fetch,
    targets: &'a [Targets<'p>],
    (data, left): (&mut Json, &mut usize),
) -> Vec<Trouble<'a, 'p>> {
    let mut troubles = Vec::new();
    for (part, targets) in fetch.parts.iter().zip(targets) {
        let mut merge = Merge::new(*left);
        for (told, positions) in targets.known() {
            let Json::Object(told) = &**told else { continue };
            for position in positions {
                merge_at((&mut *data, &mut merge), position, (told, part));
                let misfit = merge.misfit.take();
                let fault = misfit.map(|it| (it.path, Fault::malformed(it.what)));
                let fault = fault.or_else(|| merge.full.then(|| (Vec::new(), Fault::too_large())));
                troubles.extend(fault.map(|(below, fault)| Trouble {
                    part,
                    positions: vec![position.as_slice()],
                    below,
                    fault,
                }));
            }
        }
        *left = merge.left;
    }
    troubles
}

fn merge_at<'p>(
    (data, merge): (&mut Json, &mut Merge<'p>),
    position: &[Step<'_>],
    (object, part): (&Object, &'p Part),
) {
    if let Some(Json::Object(into)) = at_mut(data, position) {
        merge.object(into, object, &part.selection);
    }
}

struct Taking<'t, 'p> {
    part: &'p Part,
    response: &'t Response,
    data: &'t mut Json,
    merge: &'t mut Merge<'p>,
}

impl<'p> Taking<'_, 'p> {
    fn roots<'a>(mut self, targets: &'a Targets<'p>) -> Option<Trouble<'a, 'p>> {
        let fields = &self.part.selection.fields;
        let mut trouble = None;
        let missing = fields.iter().find(|field| !self.response.data.contains_key(&field.wire));
        if let (Some(missing), true) = (missing, self.response.errors.is_empty()) {
            trouble = Some(Trouble {
                part: self.part,
                positions: targets.positions().collect(),
                below: vec![Step::Key(&missing.key)],
                fault: Fault::malformed("answered without a field that was asked for"),
            });
        }
        for position in targets.positions() {
            self.merge_at(position, &self.response.data);
            trouble = trouble.or_else(|| self.misfit(position));
        }
        trouble
    }

    fn entities<'a>(mut self, entities: &'a Entities<'p>, wire: &str) -> Option<Trouble<'a, 'p>> {
        let trouble = |positions: Vec<&'a [Step<'p>]>, what: String| Trouble {
            part: self.part,
            positions,
            below: Vec::new(),
            fault: Fault::malformed(what),
        };
        let mut found = None;
        for (at, set) in entities.sets.iter().enumerate() {
            let positions = &entities.positions[set.range.clone()];
            let all = || positions.iter().flatten().map(Vec::as_slice).collect();
            let items = match self.response.data.get(&format!("{wire}{}", plan::suffix(at))) {
                Some(Json::List(items)) => items,
                Some(Json::Null) | None if !self.response.errors.is_empty() => continue,
                _ => {
                    let what = "answered without the entities";
                    found.get_or_insert_with(|| trouble(all(), what.into()));
                    continue;
                }
            };
            let (came, sent) = (items.len(), positions.len());
            if came != sent {
                let what = format!("answered with {came} entities to {sent} representations");
                found.get_or_insert_with(|| trouble(all(), what));
            }
            for (item, positions) in items.iter().zip(positions) {
                for position in positions {
                    match item {
                        Json::Object(item) => self.merge_at(position, item),
                        Json::Null => {}
                        _ => {
                            let what = "answered with a value where an entity was expected";
                            found.get_or_insert_with(|| trouble(vec![position], what.into()));
                        }
                    }
                    found = found.or_else(|| self.misfit(position));
                }
            }
        }
        found
    }

    fn merge_at(&mut self, position: &[Step<'_>], object: &Object) {
        merge_at((&mut *self.data, &mut *self.merge), position, (object, self.part));
    }

    fn misfit<'a>(&mut self, position: &'a [Step<'p>]) -> Option<Trouble<'a, 'p>> {
        let Misfit { path, what } = self.merge.misfit.take()?;
        let fault = Fault::malformed(what);
        Some(Trouble { part: self.part, positions: vec![position], below: path, fault })
    }
}
