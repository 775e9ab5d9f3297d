//! The state of a search: what is being decided, and what is decided already.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use graph::Graph;

use super::model::{Decision, Holder, Move, Who};
use super::views;
use crate::options::Options;
use crate::space::{SelId, Space};

/// What a decision is made for.
pub(crate) type DecisionKey = (SelId, Rc<[Holder]>);
/// Decides anew, given the cheapest known decision and the wave.
pub(crate) type Steer = Box<dyn FnMut(&DecisionKey, &Decision, usize) -> Option<Decision>>;
/// What moves are found for.
pub(super) type MoveKey = (Who, Rc<[Holder]>);

/// The state of the search for one operation.
pub(crate) struct Search<'g> {
    pub space: Space<'g>,
    pub views: views::Views,
    pub(super) options: &'g Options,
    pub(super) decisions: HashMap<DecisionKey, Option<Rc<Decision>>>,
    /// All decisions, by number.
    pub(crate) arena: Vec<(DecisionKey, Rc<Decision>)>,
    /// Who is asked for another decision than the cheapest known one.
    pub(crate) steered: Option<Steer>,
    /// Decisions that are tried in the place of the cheapest known ones.
    pub(crate) tried: HashMap<DecisionKey, Rc<Decision>>,
    pub(super) moves: HashMap<MoveKey, Rc<Vec<Move>>>,
    pub(super) busy: HashSet<DecisionKey>,
    pub(super) busy_moves: HashSet<MoveKey>,
    /// Set when a way was refused because it needs itself: what was found meanwhile is true only
    /// below the decisions that are being made, so it is not kept.
    pub(super) circular: bool,
    /// Whether that ever happened: what is not kept may come out differently the next time.
    pub(crate) met_circle: bool,
    pub(super) work: u64,
    /// The first field that nobody could resolve, for the error.
    pub(super) stuck: Option<String>,
}

impl<'g> Search<'g> {
    pub(crate) fn new(graph: &'g Graph, options: &'g Options) -> Self {
        Self {
            space: Space::new(graph),
            views: views::Views::new(),
            options,
            decisions: HashMap::new(),
            arena: Vec::new(),
            steered: None,
            tried: HashMap::new(),
            moves: HashMap::new(),
            busy: HashSet::new(),
            busy_moves: HashSet::new(),
            circular: false,
            met_circle: false,
            work: 0,
            stuck: None,
        }
    }
}
