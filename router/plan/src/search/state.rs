//! The state of a search: what is being decided, and what is decided already.

use std::rc::Rc;

use graph::Graph;

use super::circles::Circles;
use super::model::{Cost, Decision, DecisionKey, Move, MoveKey};
use super::views;
use crate::PlanError;
use crate::maps::{HashMap, some};
use crate::options::Options;
use crate::space::Space;
use crate::weights::Weights;

/// Decides anew, given the cheapest known decision and the first wave in which something can be
/// entered: which of the alternatives of each task is taken.
pub(crate) type Steer = Box<dyn FnMut(&Decision, usize) -> Option<Vec<usize>>>;

/// How many times as much work it may take to divide fields, and in any case.
const DIVIDING: u64 = 8;
const A_LITTLE: u64 = 2_000;
/// After so much work no field is divided.
const MUCH: u64 = 12_000;

/// The state of the search for one operation.
pub(crate) struct Search<'g> {
    pub space: Space<'g>,
    pub views: views::Views,
    pub(super) options: &'g Options,
    pub(super) decisions: HashMap<DecisionKey, Option<Rc<Decision>>>,
    /// All decisions, by number.
    pub(crate) arena: Vec<(DecisionKey, Rc<Decision>)>,
    /// Whether fields may be divided over the subgraphs that share them.
    pub(crate) divide: bool,
    /// Who is asked for another decision than the cheapest known one.
    pub(crate) steered: Option<Steer>,
    /// Decisions that are tried in the place of the cheapest known ones.
    pub(crate) tried: HashMap<DecisionKey, Rc<Decision>>,
    pub(super) moves: HashMap<MoveKey, Rc<Vec<Move<'g>>>>,
    /// Those that were asked for last.
    pub(super) last_moves: Option<(MoveKey, Rc<Vec<Move<'g>>>)>,
    /// What is being worked out, and what this round knows of it.
    pub(super) circles: Circles<'g>,
    /// Set when something needs itself: what was found meanwhile is true for this round only.
    pub(super) circular: bool,
    /// Whether that ever happened.
    pub(crate) met_circle: bool,
    /// Whether some subgraph could be entered by another key or from another one than it is.
    pub(crate) in_doubt: bool,
    /// Whether what was decided last would be another decision if fields could be divided.
    pub(super) divisible: bool,
    pub(super) work: u64,
    /// How much there may be.
    pub(super) most_work: u64,
    /// How much was built of what was decided: counted apart, so that how often a plan is built anew
    /// does not decide how far is looked.
    built: u64,
    /// The first field that nobody could resolve, for the error.
    pub(super) stuck: Option<String>,
}

impl<'g> Search<'g> {
    pub(crate) fn new(graph: &'g Graph, options: &'g Options) -> Self {
        Self {
            space: Space::new(graph, options),
            views: views::Views::new(),
            options,
            decisions: some(),
            arena: Vec::with_capacity(32),
            steered: None,
            tried: HashMap::default(),
            moves: some(),
            last_moves: None,
            circles: Circles::default(),
            circular: false,
            met_circle: false,
            in_doubt: false,
            divisible: false,
            work: 0,
            most_work: options.work_budget.get(),
            built: 0,
            stuck: None,
            divide: false,
        }
    }

    /// Lets fields be divided from now on, for some times the work that it took without: what that
    /// could change is decided anew.
    pub(crate) fn divide(&mut self) {
        self.divide = true;
        self.steered = None;
        let stays = |known: &Option<Rc<Decision>>| known.as_ref().is_none_or(|it| !it.divisible);
        self.decisions.retain(|_, known| stays(known));
        let more = self.work.saturating_mul(DIVIDING).saturating_add(A_LITTLE);
        self.most_work = self.most_work.min(more);
    }

    /// Whether so much was looked at that to look at it again, divided, would take too long.
    pub(crate) fn is_large(&self) -> bool {
        self.work > MUCH
    }

    /// Counts what is built, merged and written, of all plans together.
    pub(crate) fn count_built(&mut self, units: u64) -> Result<(), PlanError> {
        self.built = self.built.saturating_add(units);
        let budget = self.options.work_budget.get();
        if self.built > budget { Err(PlanError::TooComplex { budget }) } else { Ok(()) }
    }

    /// What the cheapest request costs.
    pub(crate) fn cheapest_request(&self) -> Cost {
        let all = self.space.schema.subgraphs().map(|(id, _)| self.weights().request(id));
        all.min().unwrap_or_default()
    }

    /// What is dearer or cheaper than others.
    pub(crate) fn weights(&self) -> &'g Weights {
        &self.options.weights
    }
}
