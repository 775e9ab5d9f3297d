//! Entering a subgraph: the group that does it, its inputs, and what these wait for.

use graph::{ContextId, EntryKind, Source};
use schema::{FieldSet, Id, SubgraphId};

use super::groups::{GroupId, Providers};
use super::state::{Build, EntryKey, Live, LiveId, Origin, PositionId};
use crate::PlanError;
use crate::model::Input;
use crate::search::{Feed, Holder, Move, View, Who};
use crate::space::Task;

/// The holder that a move makes.
fn entered(way: &Move, who: &Who) -> Holder {
    Holder {
        subgraph: way.subgraph,
        via: way.kind.via(),
        ty: way.kind.interface().unwrap_or_else(|| who.ty()),
        view: View::default(),
        activation: 0,
    }
}

impl Build<'_, '_> {
    /// A live holder in the subgraph that a move enters; for a task whose field requires others
    /// there, in a request that brings them along.
    pub(super) fn enter(
        &mut self,
        position: PositionId,
        (who, index): (&Who, usize),
        lives: &[LiveId],
        task: Option<&Task>,
    ) -> Result<LiveId, PlanError> {
        let holders = self.holders(lives);
        let moves = self.search.moves(who, &holders)?;
        let way = &moves[index];
        let source = task.and_then(|task| {
            self.search.source_in(who, task, way.subgraph, way.kind.via()).map(|(source, _)| source)
        });
        let requirement =
            source.and_then(|source| Some((self.search.requirement(who, &source)?, source)));
        let schema = self.search.space.schema;
        let requires =
            requirement.as_ref().and_then(|(_, source)| source.join(schema).requires.clone());
        let contexts = self.contexts_of(source);
        let types = match (way.kind, who) {
            (EntryKind::Root, _) | (_, Who::Unknown(_)) => None,
            (_, Who::Objects(_, types)) => Some(types.clone()),
        };
        let key = EntryKey {
            position,
            subgraph: way.subgraph,
            kind: way.kind,
            types: types.clone(),
            requires: requires.clone(),
            contexts,
        };
        if let Some(live) = self.entered.get(&key) {
            return Ok(*live);
        }
        let mut after = self.feeds(position, (who, index), lives)?;
        if let Some((sel, _)) = requirement {
            after.extend(&self.selections(sel, position, lives)?);
        }
        after.extend(&self.context_providers(position, &key.contexts));
        if way.kind == EntryKind::Root {
            after.extend(&self.groups_of(lives)?);
        }
        after.extend(&self.positions[position.index()].typed);
        if key.types.is_some() {
            after.extend(&self.tellers(position, lives)?);
        }
        let group = self.group_for(&key, &after);
        self.groups.of_mut(group).after.extend(&after);
        self.groups.of_mut(group).contexts.extend(&key.contexts);
        if way.kind != EntryKind::Root {
            let typename = match (way.kind, who) {
                (EntryKind::Object, _) => None,
                (kind, _) => kind.interface().map(|interface| schema.ty(interface).name.clone()),
            };
            let requires = requires.into_iter().collect();
            let input = Input { types, typename, key: FieldSet::clone(way.key), requires };
            self.groups.add_input(group, input);
        }
        let holder = entered(way, who);
        let node = Some(self.groups.of(group).nodes[0]);
        let ready = self.wave_of(group) + 1;
        let live = self.add_live(Live { holder, origin: Origin::Group, ready, node });
        self.entered.insert(key, live);
        Ok(live)
    }

    /// The arguments from contexts that a source needs.
    fn contexts_of(&self, source: Option<Source>) -> Vec<ContextId> {
        let space = &self.search.space;
        let arguments = source.map_or(&[][..], |source| &source.join(space.schema).contexts);
        arguments.iter().filter_map(|argument| space.graph.context_id(argument)).collect()
    }

    /// Who provides what arguments from contexts are read of, in the objects above a position.
    fn context_providers(&self, position: PositionId, contexts: &[ContextId]) -> Providers {
        let mut providers = Providers::default();
        let mut here = self.positions[position.index()].above;
        while let Some(above) = here.filter(|_| !contexts.is_empty()) {
            let above = &self.positions[above.index()];
            let known = contexts.iter().filter_map(|id| above.contexts.get(id));
            known.for_each(|known| providers.extend(known));
            here = above.above;
        }
        providers
    }

    /// The wave in which a group leaves: with the first request that there is to be, else at once.
    fn wave_of(&mut self, id: GroupId) -> usize {
        let group = self.groups.of(id);
        let after = group.after.iter().filter_map(|id| self.waves.get(id.0));
        let ready = after.map(|wave| wave + 1).max().unwrap_or_default();
        let mut open = self.open.range((ready, SubgraphId::from_index(0))..);
        let travels = group.kind != EntryKind::Root;
        let next = open.find(|(_, subgraph)| travels && *subgraph == group.subgraph);
        let wave = next.map_or(ready, |(wave, _)| *wave);
        if self.waves.len() <= id.0 {
            self.waves.resize(id.0 + 1, 0);
        }
        self.waves[id.0] = self.waves[id.0].max(wave);
        self.waves[id.0]
    }

    /// Selects the members of a move's key from those that feed them.
    fn feeds(
        &mut self,
        position: PositionId,
        (who, index): (&Who, usize),
        lives: &[LiveId],
    ) -> Result<Providers, PlanError> {
        let holders = self.holders(lives);
        let moves = self.search.moves(who, &holders)?;
        let way = &moves[index];
        let sel = self.search.space.sel(way.key_sel);
        let mut providers = Providers::default();
        for (task, feed) in sel.tasks.iter().zip(&way.feeds) {
            let feeder = match feed {
                Feed::Held(index) => lives[*index],
                Feed::Entered(index) => self.enter(position, (who, *index), lives, None)?,
            };
            providers.extend(&self.feed(task, feeder, (position, who), lives)?);
        }
        Ok(providers)
    }

    fn feed(
        &mut self,
        task: &Task,
        feeder: LiveId,
        (position, who): (PositionId, &Who),
        lives: &[LiveId],
    ) -> Result<Providers, PlanError> {
        let Some(child) = task.child else {
            return Ok(Providers::one(self.select_leaf(feeder, task)?));
        };
        let below = self.live_below(feeder, task, who, 0);
        let lives = matches!(who, Who::Objects(..)).then_some(lives);
        let position = self.below(position, task, who, lives)?;
        let mut providers = self.selections(child, position, &[below])?;
        let node = self.node(below)?;
        providers.insert(self.groups.node(node).group);
        Ok(providers)
    }

    /// The group that enters: one that does the same already, if it does not itself have to end
    /// before what the entry waits for.
    fn group_for(&mut self, key: &EntryKey, after: &Providers) -> GroupId {
        let mut before = None;
        let plain = key.requires.is_none() && key.contexts.is_empty();
        let same = self.groups.groups.iter().enumerate().position(|(index, group)| {
            plain
                && group.subgraph == key.subgraph
                && group.kind == key.kind
                && group.kind != EntryKind::Root
                && self.of_groups[index] == key.position
                && group.contexts.is_empty()
                && group.inputs.iter().all(|input| input.requires.is_empty())
                && !before
                    .get_or_insert_with(|| self.groups.ancestors(after))
                    .contains(GroupId(index))
        });
        if let Some(index) = same {
            return GroupId(index);
        }
        let at_root = self.positions[key.position.index()].step.is_none();
        let (operation, path) = match key.kind {
            EntryKind::Root if at_root => (self.kind, Vec::new()),
            _ => (schema::OperationKind::Query, self.path(key.position)),
        };
        let ty = match (key.kind, key.kind.interface()) {
            (_, Some(interface)) => Some(interface),
            (EntryKind::Root, None) => Some(self.positions[key.position.index()].ty),
            (_, None) => None,
        };
        self.of_groups.push(key.position);
        self.groups.group(key.subgraph, operation, path, key.kind, ty)
    }
}
