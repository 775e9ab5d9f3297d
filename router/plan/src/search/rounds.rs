//! The rounds in which what needs itself is worked out, see [`super::circles`].

use std::rc::Rc;

use super::circles::Circles;
use super::model::{Decision, Move};
use super::state::Search;
use crate::PlanError;

/// More rounds are not worth it; where they don't end, the last one counts.
const MOST_ROUNDS: usize = 16;

impl Search<'_> {
    /// Works something out in as many rounds as it takes.
    pub(super) fn in_rounds<T>(
        &mut self,
        work: impl Fn(&mut Self) -> Result<T, PlanError>,
    ) -> Result<T, PlanError> {
        let Circles { decisions, moves } = &self.circles;
        if !(decisions.is_idle() && moves.is_idle()) {
            return work(self);
        }
        let mut rounds = 0;
        loop {
            rounds += 1;
            self.circular = false;
            let found = work(self)?;
            if !self.circular {
                return Ok(found);
            }
            self.met_circle = true;
            let Circles { decisions, moves } = &mut self.circles;
            if rounds == MOST_ROUNDS
                || decisions.is_settled(same_decision) && moves.is_settled(same_moves)
            {
                self.decisions.extend(decisions.close());
                self.moves.extend(moves.close());
                self.circular = false;
                return Ok(found);
            }
            decisions.next();
            moves.next();
        }
    }
}

fn same_decision(last: Option<&Option<Rc<Decision>>>, now: Option<&Option<Rc<Decision>>>) -> bool {
    let cost = |of: Option<&Option<Rc<Decision>>>| Some(of?.as_ref()?.cost);
    cost(last) == cost(now)
}

fn same_moves(last: Option<&Rc<Vec<Move<'_>>>>, now: Option<&Rc<Vec<Move<'_>>>>) -> bool {
    let moves = |of: Option<&Rc<Vec<Move<'_>>>>| -> Vec<_> {
        let ways = of.into_iter().flat_map(|ways| ways.iter());
        ways.map(|way| (way.subgraph, way.kind, way.cost, way.feeds.to_vec())).collect()
    };
    moves(last) == moves(now)
}
