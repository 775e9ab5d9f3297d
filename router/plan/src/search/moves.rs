//! Moves: the subgraphs that an object can be entered in, given who holds it. Found in rounds, so
//! that each key is fed only by what was there before it; no cycle of keys can arise.

use std::rc::Rc;

use graph::{Source, Via};
use schema::{FieldSet, SubgraphId, TypeId};

use super::model::{Cost, FIELD, Feed, Feeds, Holder, Move, MoveKey, WAVE, Who};
use super::state::Search;
use super::views::View;
use crate::PlanError;
use crate::space::{SelId, Task};

/// A subgraph that can feed keys.
struct Known {
    feed: Feed,
    subgraph: SubgraphId,
    via: Via,
    view: View,
    cost: Cost,
}

/// A key, and who feeds it at what price, if anybody can.
struct Fed<'g> {
    key: &'g FieldSet,
    key_sel: SelId,
    by: Option<(Cost, Feeds)>,
}

impl<'g> Search<'g> {
    /// All subgraphs that can be entered, each by its cheapest key; nearer ones first. A subgraph
    /// that holds the object already can be entered again.
    pub(crate) fn moves(
        &mut self,
        who: &Who,
        holders: &Rc<[Holder]>,
    ) -> Result<Rc<Vec<Move<'g>>>, PlanError> {
        // Most tasks of a position ask for what the one before did.
        if let Some(((last, of), moves)) = &self.last_moves
            && last == who
            && of == holders
        {
            return Ok(Rc::clone(moves));
        }
        let key = (who.clone(), Rc::clone(holders));
        if let Some(known) = self.moves.get(&key) {
            let known = Rc::clone(known);
            self.last_moves = Some((key, Rc::clone(&known)));
            return Ok(known);
        }
        let moves = self.in_rounds(|search| search.moves_in_round(&key))?;
        if self.moves.contains_key(&key) {
            self.last_moves = Some((key, Rc::clone(&moves)));
        }
        Ok(moves)
    }

    fn moves_in_round(&mut self, key: &MoveKey) -> Result<Rc<Vec<Move<'g>>>, PlanError> {
        if let Some(found) = self.circles.moves.begin(key) {
            self.circular = true;
            return Ok(found.unwrap_or_default());
        }
        let outer = std::mem::take(&mut self.circular);
        let found = Rc::new(self.find_moves(&key.0, &key.1)?);
        self.circles.moves.end(key, self.circular.then(|| Rc::clone(&found)));
        if !self.circular {
            self.moves.insert(key.clone(), Rc::clone(&found));
        }
        self.circular |= outer;
        Ok(found)
    }

    fn find_moves(&mut self, who: &Who, holders: &[Holder]) -> Result<Vec<Move<'g>>, PlanError> {
        let entries = self.space.graph.entries(who.ty()).len();
        let mut known: Vec<Known> = Vec::with_capacity(holders.len() + entries);
        known.extend(holders.iter().enumerate().map(|(index, holder)| Known {
            feed: Feed::Held(index),
            subgraph: holder.subgraph,
            via: holder.via,
            view: holder.view,
            cost: holder.activation,
        }));
        let mut moves: Vec<Move<'g>> = Vec::with_capacity(entries);
        loop {
            let round = self.round(who, holders.is_empty(), &known, &moves)?;
            if round.is_empty() {
                return Ok(moves);
            }
            for way in round {
                let held = known
                    .iter()
                    .any(|known| known.subgraph == way.subgraph && known.via == way.kind.via());
                if !held {
                    known.push(Known {
                        feed: Feed::Entered(moves.len()),
                        subgraph: way.subgraph,
                        via: way.kind.via(),
                        view: View::default(),
                        cost: way.cost,
                    });
                }
                moves.push(way);
            }
        }
    }

    /// The subgraphs that can be entered now and could not before.
    fn round(
        &mut self,
        who: &Who,
        at_root: bool,
        known: &[Known],
        moves: &[Move<'g>],
    ) -> Result<Vec<Move<'g>>, PlanError> {
        let graph = self.space.graph;
        let entries = graph.entries(who.ty());
        let mut round: Vec<Move<'g>> = Vec::new();
        // Most subgraphs have the same key.
        let mut last: Option<Fed<'g>> = None;
        for entry in entries {
            self.spend(1)?;
            let same = |way: &Move<'_>| way.subgraph == entry.subgraph && way.kind == entry.kind;
            if moves.iter().any(same) || self.options.disabled.contains(entry.subgraph) {
                continue;
            }
            let at_hand = |known: &Known| {
                matches!(known.feed, Feed::Held(_))
                    && (known.subgraph, known.via) == (entry.subgraph, entry.kind.via())
            };
            if entry.back && !known.iter().any(at_hand) {
                continue;
            }
            let fed = match last.take() {
                Some(fed) if *fed.key == entry.key => fed,
                _ => self.fed(who, &entry.key, known)?,
            };
            let Fed { key_sel, by, .. } = last.insert(fed);
            let Some((fed, feeds)) = by else { continue };
            let alike = |other: &&graph::Entry| {
                (other.subgraph, other.kind) == (entry.subgraph, entry.kind)
            };
            let request = self.options.weights.request(entry.subgraph);
            let base = if at_root { request } else { request + WAVE };
            let way = Move {
                subgraph: entry.subgraph,
                kind: entry.kind,
                key: &entry.key,
                key_sel: *key_sel,
                feeds: feeds.clone(),
                cost: base + *fed,
                back: entry.back,
                rivals: graph.entries(who.ty()).iter().filter(alike).count() > 1,
                firm: false,
            };
            let firm = self.is_firm(who, &way, moves);
            self.in_doubt |= way.rivals || !firm;
            let way = Move { firm, ..way };
            match round.iter_mut().find(|way| same(way)) {
                Some(other) if way.cost < other.cost => *other = way,
                Some(_) => {}
                None => {
                    // The others may be entered as well.
                    if round.is_empty() {
                        round.reserve(entries.len() - moves.len().min(entries.len()));
                    }
                    round.push(way);
                }
            }
        }
        Ok(round)
    }

    /// Who feeds a key of an entry.
    fn fed(&mut self, who: &Who, key: &'g FieldSet, known: &[Known]) -> Result<Fed<'g>, PlanError> {
        let types = match who {
            Who::Objects(_, types) => types,
            Who::Unknown(ty) => &self.space.schema.ty(*ty).possible,
        };
        let key_sel = self.space.set(key, who.ty(), types);
        let by = self.feed(who, key_sel, known)?;
        Ok(Fed { key, key_sel, by })
    }

    /// Whether a subgraph is entered right from where the object is, or only the subgraphs before it
    /// have its key.
    fn is_firm(&self, who: &Who, way: &Move<'_>, moves: &[Move<'g>]) -> bool {
        let sel = self.space.sel(way.key_sel);
        let mut direct = true;
        let firm = sel.tasks.iter().zip(&way.feeds).all(|(task, feed)| {
            let Feed::Entered(index) = feed else { return true };
            direct = false;
            let object = match who {
                Who::Objects(..) => task.types.first(),
                Who::Unknown(interface) => Some(*interface),
            };
            let field =
                object.and_then(|object| Some((object, self.space.field_in(object, task)?)));
            let alone = field
                .is_some_and(|(object, field)| self.space.graph.sources(object, field).len() == 1);
            alone && task.child.is_none() && moves.get(*index).is_some_and(|way| way.firm)
        });
        direct || firm && !way.rivals
    }

    /// Who feeds each member of a key, and what that costs; `None` when a member is out of reach.
    fn feed(
        &mut self,
        who: &Who,
        key_sel: SelId,
        known: &[Known],
    ) -> Result<Option<(Cost, Feeds)>, PlanError> {
        let sel = self.space.sel(key_sel);
        let mut feeds = Feeds::new();
        let mut cost = 0;
        for task in &sel.tasks {
            let mut best: Option<(Cost, usize)> = None;
            for (index, feeder) in known.iter().enumerate() {
                if let Some(below) = self.feed_from(who, task, feeder)? {
                    let paid = feeds.contains(&feeder.feed);
                    let price = below + FIELD + if paid { 0 } else { feeder.cost };
                    if best.is_none_or(|(least, _)| price < least) {
                        best = Some((price, index));
                    }
                }
            }
            let Some((price, index)) = best else { return Ok(None) };
            cost += price;
            feeds.push(known[index].feed);
        }
        Ok(Some((cost, feeds)))
    }

    /// What it costs to read a member of a key, with its selections, from one subgraph.
    fn feed_from(
        &mut self,
        who: &Who,
        task: &Task,
        feeder: &Known,
    ) -> Result<Option<Cost>, PlanError> {
        self.spend(1)?;
        let Some((source, object)) = self.source_in(who, task, feeder.subgraph, feeder.via) else {
            return Ok(None);
        };
        match self.resolvable(&source, feeder.view, object) {
            Some(join) if !join.needs_others() => {}
            _ => return Ok(None),
        }
        let Some(child) = task.child else { return Ok(Some(0)) };
        let holder = self.holder_below(&source, feeder.view, object, 0);
        Ok(self.decide(child, &Rc::from([holder]))?.map(|decision| decision.cost))
    }

    /// The source of a task in one subgraph, and the object type that stands for its class.
    pub(crate) fn source_in(
        &self,
        who: &Who,
        task: &Task,
        subgraph: SubgraphId,
        via: Via,
    ) -> Option<(Source, TypeId)> {
        let (sources, object) = self.sources_of(who, task)?;
        Some((source_among(sources, subgraph, via)?, object))
    }

    /// All sources of a task, and the object type that stands for its class.
    #[inline]
    pub(super) fn sources_of(&self, who: &Who, task: &Task) -> Option<(&'g [Source], TypeId)> {
        let object = match who {
            Who::Objects(..) => task.types.first()?,
            Who::Unknown(interface) => *interface,
        };
        let field = self.space.field_in(object, task)?;
        Some((self.space.graph.sources(object, field), object))
    }
}

/// The source in one subgraph.
#[inline]
pub(super) fn source_among(sources: &[Source], subgraph: SubgraphId, via: Via) -> Option<Source> {
    sources.iter().find(|source| source.subgraph == subgraph && source.via == via).copied()
}
