//! Holders in use, and how their parts of the documents come to be.

use std::rc::Rc;

use graph::EntryKind;
use schema::TypeId;

use super::groups::{GroupId, NodeField, NodeId, Providers};
use super::state::{Build, EntryKey, Live, LiveId, Origin, PositionId};
use crate::PlanError;
use crate::search::{Holder, View, Who};
use crate::space::Task;

impl Build<'_, '_> {
    pub(super) fn add_live(&mut self, live: Live) -> LiveId {
        self.lives.push(live);
        LiveId(self.lives.len() - 1)
    }

    /// The live holder of the position below a field that `resolver` resolves.
    pub(super) fn live_below(
        &mut self,
        resolver: LiveId,
        task: &Task,
        who: &Who,
        activation: u64,
    ) -> LiveId {
        let Holder { subgraph, via, view, .. } = self.lives[resolver.0].holder;
        let (source, object) = self
            .search
            .source_in(who, task, subgraph, via)
            .expect("the decision was made for a source in this subgraph");
        let holder = self.search.holder_below(&source, view, object, activation);
        let field = NodeField {
            types: task.types.clone(),
            parent: task.parent,
            name: Rc::clone(&task.name),
            key: Rc::clone(&task.key),
            arguments: Rc::clone(&task.arguments),
            child: None,
        };
        let ready = self.lives[resolver.0].ready;
        let origin = Origin::Field { parent: resolver, field };
        self.add_live(Live { holder, origin, ready, node: None })
    }

    /// The part of a document that belongs to a live holder, made on first use together with those
    /// above it.
    pub(super) fn node(&mut self, live: LiveId) -> Result<NodeId, PlanError> {
        if let Some(node) = self.lives[live.0].node {
            return Ok(node);
        }
        let Origin::Field { parent, field } = &self.lives[live.0].origin else {
            unreachable!("an entered group has its node from the start")
        };
        let (parent, field) = (*parent, field.clone());
        let above = self.node(parent)?;
        let holder = self.lives[live.0].holder;
        let typename = self.tells_types(&field, &holder);
        let node = self
            .groups
            .select(above, field, Some((holder.ty, typename)))
            .expect("a field of a composite type has a node");
        self.lives[live.0].node = Some(node);
        Ok(node)
    }

    /// Whether `__typename` is needed below a field: where the type of the answer is abstract and
    /// the subgraph tells it.
    fn tells_types(&self, field: &NodeField, holder: &Holder) -> bool {
        let schema = self.search.space.schema;
        let object = field.types.iter().next().unwrap_or(field.parent);
        let id = self.search.space.field_of(object, &field.name);
        let ty = id.map_or(holder.ty, |id| schema.field(id).ty.named());
        holder.via == graph::Via::Own && schema.ty(ty).is_abstract()
    }

    pub(super) fn in_use(&self, live: LiveId) -> bool {
        self.lives[live.0].node.is_some()
    }

    /// Selects a leaf; the result is the group that provides it.
    pub(super) fn select_leaf(&mut self, live: LiveId, task: &Task) -> Result<GroupId, PlanError> {
        let node = self.node(live)?;
        let field = NodeField {
            types: task.types.clone(),
            parent: task.parent,
            name: Rc::clone(&task.name),
            key: Rc::clone(&task.key),
            arguments: Rc::clone(&task.arguments),
            child: None,
        };
        self.groups.select(node, field, None);
        Ok(self.groups.node(node).group)
    }

    /// Puts the document of a mutation's last group back to use for its next field.
    pub(super) fn reuse_root(&mut self, group: GroupId, ty: TypeId) {
        let node = self.groups.of(group).nodes[0];
        let subgraph = self.groups.of(group).subgraph;
        let holder =
            Holder { subgraph, via: graph::Via::Own, ty, view: View::default(), activation: 0 };
        let live =
            self.add_live(Live { holder, origin: Origin::Group, ready: 1, node: Some(node) });
        let key = EntryKey::root(PositionId(0), subgraph, EntryKind::Root);
        self.entered.insert(key, live);
    }

    /// The groups that hold what a position's holders hold.
    pub(super) fn groups_of(&mut self, lives: &[LiveId]) -> Result<Providers, PlanError> {
        let mut providers = Providers::default();
        for live in lives {
            let node = self.node(*live)?;
            providers.insert(self.groups.node(node).group);
        }
        Ok(providers)
    }
}
