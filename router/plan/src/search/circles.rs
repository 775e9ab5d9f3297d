//! What needs itself: keys of keys, requirements of requirements.
//!
//! A decision that is asked for while it is being made has no answer yet, so it is made in rounds.
//! In the first, what needs itself is no way; in each further one it is what the round before found,
//! until a round finds nothing else than what it built on. Each round works out everything once, so
//! that a thicket of circles takes a few times the work of one without. What a way builds on has a
//! price below its own, so that no circle is left in what is found.

use std::hash::Hash;
use std::rc::Rc;

use super::model::{Decision, DecisionKey, Move, MoveKey};
use crate::maps::{HashMap, HashSet};

/// What the round knows.
#[derive(Default)]
pub(crate) struct Circles<'g> {
    pub(super) decisions: Round<DecisionKey, Option<Rc<Decision>>>,
    pub(super) moves: Round<MoveKey, Rc<Vec<Move<'g>>>>,
}

/// Things of one kind in a round.
pub(crate) struct Round<K, V> {
    /// What is being worked out, each within the one before: few at a time.
    open: Vec<K>,
    /// What was asked for while it was.
    circular: HashSet<K>,
    /// What this round found.
    now: HashMap<K, V>,
    /// What the last one found.
    last: HashMap<K, V>,
}

impl<K, V> Default for Round<K, V> {
    fn default() -> Self {
        Self {
            open: Vec::new(),
            circular: HashSet::default(),
            now: HashMap::default(),
            last: HashMap::default(),
        }
    }
}

impl<K: Clone + Eq + Hash, V: Clone> Round<K, V> {
    /// Begins to work something out; when it can't, what is known instead: of this round, or, of
    /// what is being worked out already, of the last.
    pub(super) fn begin(&mut self, key: &K) -> Option<Option<V>> {
        if let Some(found) = self.now.get(key) {
            return Some(Some(found.clone()));
        }
        if !self.open.contains(key) {
            self.open.push(key.clone());
            return None;
        }
        self.circular.insert(key.clone());
        Some(self.last.get(key).cloned())
    }

    /// Whether nothing is being worked out.
    pub(super) fn is_idle(&self) -> bool {
        self.open.is_empty()
    }

    /// What the round found, after the last one.
    pub(super) fn close(&mut self) -> HashMap<K, V> {
        std::mem::take(self).now
    }

    /// Ends what was begun, with what holds for this round only.
    pub(super) fn end(&mut self, key: &K, found: Option<V>) {
        let ended = self.open.pop();
        debug_assert!(ended.as_ref() == Some(key), "what was begun last ends first");
        self.now.extend(found.map(|found| (key.clone(), found)));
    }

    /// Whether the round built on nothing else than what it found.
    pub(super) fn is_settled(&self, same: impl Fn(Option<&V>, Option<&V>) -> bool) -> bool {
        self.circular.iter().all(|key| same(self.last.get(key), self.now.get(key)))
    }

    /// Begins the next round.
    pub(super) fn next(&mut self) {
        self.circular.clear();
        self.last = std::mem::take(&mut self.now);
    }
}
