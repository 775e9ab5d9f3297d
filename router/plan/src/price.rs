//! The price of a finished plan: what the search makes as small as it can, and what an SRE reads.
//!
//! `Σ over fetches [R + E·entities + F·fields] + L·waves on the critical path`. A list counts as
//! one object as long as nobody has observed how long it is, so that an entity is a place in the
//! answer whose objects are entered; a field is one that a document selects. Bytes have no price
//! until they are observed.

use std::fmt;

use crate::model::{Fetch, Plan, Target, WireSet};

/// Thousandths of the unit of prices.
pub(crate) type Cost = u64;

/// R: one request.
pub(crate) const REQUEST: Cost = 50_000;
/// L: one more wave on the way.
pub(crate) const WAVE: Cost = 50_000;
/// E: the objects of one place, entered.
pub(crate) const ENTITY: Cost = 1_000;
/// F: one field of a document.
pub(crate) const FIELD: Cost = 50;

/// What a plan is expected to take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Price {
    /// How many requests are sent.
    pub requests: u64,
    /// How many of them run one after the other at most.
    pub waves: u64,
    /// How many places of the answer have their objects entered, counted for each entry.
    pub entities: u64,
    /// How many fields the documents select.
    pub fields: u64,
    /// What weights add, in thousandths; less than 0 where they make the plan cheaper.
    pub weights: i64,
}

impl Price {
    /// All of it in one number, in thousandths.
    pub fn thousandths(&self) -> u64 {
        let parts = [
            (REQUEST, self.requests),
            (WAVE, self.waves),
            (ENTITY, self.entities),
            (FIELD, self.fields),
        ];
        let add =
            |sum: u64, (each, count): (u64, u64)| sum.saturating_add(each.saturating_mul(count));
        parts.into_iter().fold(0, add).saturating_add_signed(self.weights)
    }

    /// What another price is beside this one, in words: `201.2, 50 dearer (1 more request)`.
    pub fn compared(&self, other: &Self) -> String {
        let (a, b) = (self.thousandths(), other.thousandths());
        let parts = [
            (self.requests, other.requests, "request"),
            (self.waves, other.waves, "wave"),
            (self.entities, other.entities, "entity"),
            (self.fields, other.fields, "field"),
        ];
        let mut changes = Vec::new();
        for (before, after, noun) in parts {
            let (by, word) = match after.checked_sub(before) {
                Some(0) => continue,
                Some(more) => (more, "more"),
                None => (before - after, "fewer"),
            };
            let plural = if noun == "entity" { "entities".to_owned() } else { format!("{noun}s") };
            changes.push(format!("{by} {word} {}", if by == 1 { noun.to_owned() } else { plural }));
        }
        match other.weights - self.weights {
            0 => {}
            by if by > 0 => changes.push(format!("{} more by weights", units(by.unsigned_abs()))),
            by => changes.push(format!("{} less by weights", units(by.unsigned_abs()))),
        }
        let why = if changes.is_empty() { "the same work".to_owned() } else { changes.join(", ") };
        match b.cmp(&a) {
            std::cmp::Ordering::Equal => format!("{}, the same price ({why})", units(b)),
            std::cmp::Ordering::Greater => format!("{}, {} dearer ({why})", units(b), units(b - a)),
            std::cmp::Ordering::Less => format!("{}, {} cheaper ({why})", units(b), units(a - b)),
        }
    }
}

impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |number: u64, one: &str, many: &str| {
            format!("{number} {}", if number == 1 { one } else { many })
        };
        write!(
            f,
            "{}: {} in {}, {}, {}",
            units(self.thousandths()),
            count(self.requests, "request", "requests"),
            count(self.waves, "wave", "waves"),
            count(self.entities, "entity", "entities"),
            count(self.fields, "field", "fields"),
        )?;
        match self.weights {
            0 => Ok(()),
            more if more > 0 => write!(f, ", {} more by weights", units(more.unsigned_abs())),
            less => write!(f, ", {} less by weights", units(less.unsigned_abs())),
        }
    }
}

/// Thousandths as a number with as many digits after the point as it needs.
pub(crate) fn units(thousandths: u64) -> String {
    let (whole, rest) = (thousandths / 1_000, thousandths % 1_000);
    if rest == 0 {
        return whole.to_string();
    }
    format!("{whole}.{rest:03}").trim_end_matches('0').to_owned()
}

/// The price of a plan.
pub fn price(plan: &Plan) -> Price {
    of(&plan.fetches)
}

/// The price of fetches, each after those that it waits for.
pub(crate) fn of(fetches: &[Fetch]) -> Price {
    let mut ends: Vec<u64> = Vec::with_capacity(fetches.len());
    let mut price = Price { requests: fetches.len() as u64, ..Price::default() };
    for fetch in fetches {
        ends.push(1 + fetch.after.iter().map(|at| ends[*at]).max().unwrap_or_default());
        price.weights += fetch.weight;
        for part in &fetch.parts {
            price.entities += u64::from(matches!(part.target, Target::Entities { .. }));
            price.fields += fields(&part.selection);
        }
    }
    price.waves = ends.into_iter().max().unwrap_or_default();
    price
}

fn fields(set: &WireSet) -> u64 {
    set.fields.iter().map(|field| 1 + field.selection.as_ref().map_or(0, fields)).sum()
}

#[cfg(test)]
mod tests {
    use super::units;

    #[test]
    fn prices_are_written_with_the_digits_that_count() {
        assert_eq!(units(100_000), "100");
        assert_eq!(units(100_050), "100.05");
        assert_eq!(units(7), "0.007");
    }
}
