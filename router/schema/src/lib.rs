//! The supergraph as data, by id.
//!
//! In comes the SDL of a join-spec supergraph (version 0.2 or later, ours or another composer's);
//! out comes a [`Schema`]: arenas of types, fields and subgraphs, with what each subgraph says of
//! each of them as bound data, and the public [`Api`] schema that clients see.
//!
//! Steps: [`link`] finds the names of the specifications, [`read`] makes the arenas,
//! [`field_set`] binds the texts of `@key`, `@requires` and `@provides`, [`context`] those of
//! arguments that come from objects above, [`possible`] works out
//! who can be what where, [`costs`] reads what elements cost, [`api`] derives the public schema, [`view`] rebuilds the schema of one
//! subgraph on demand, and [`extract`] takes it back out as its team would write it.
//!
//! This crate knows no operation, no plan and no network.
//!
//! Invariants: ids are only valid for the schema that made them; after reading, no text is
//! compared again to learn what a subgraph can do; a field set is bound completely or the
//! supergraph is refused.

mod api;
mod context;
mod costs;
mod error;
mod extract;
mod field_set;
mod ids;
mod link;
mod model;
mod possible;
mod read;
mod validate;
mod value;
mod view;

pub use api::Api;
pub use costs::{Costs, InputCost, ListSize, Slicing};
pub use error::ReadError;
pub use ids::{FieldId, Id, IdSet, SubgraphId, SubgraphSet, TypeId, TypeSet};
pub use model::{
    ContextArgument, ContextSetter, FieldDef, FieldSet, FieldsByName, JoinField, JoinType, Key,
    Kind, Model, OperationKind, SetItem, Subgraph, TypeDef, TypeRef,
};
pub use value::{ArgumentText, Arguments, Value, arguments, store_key};
pub use view::{DocumentField, View};

/// A supergraph that was read completely: the model, and the public schema.
#[derive(Debug)]
pub struct Schema {
    model: Model,
    costs: Costs,
    api: Api,
    views: view::Views,
}

impl Schema {
    /// Reads a supergraph to answer by it.
    ///
    /// # Errors
    /// When the SDL is not a valid join-spec supergraph, or needs what is not supported: a link
    /// `for: SECURITY` or `for: EXECUTION` that is not honoured.
    pub fn read(sdl: &str) -> Result<Self, ReadError> {
        Self::read_with(sdl, read::Purpose::Answer)
    }

    /// Reads a supergraph to look at it, and not to answer by it: what would have to be honoured
    /// when it is executed is no error.
    ///
    /// # Errors
    /// When the SDL is not a valid join-spec supergraph.
    pub fn inspect(sdl: &str) -> Result<Self, ReadError> {
        Self::read_with(sdl, read::Purpose::Inspect)
    }

    fn read_with(sdl: &str, purpose: read::Purpose) -> Result<Self, ReadError> {
        let (model, costs, api, ast) = read::read(sdl, purpose)?;
        let views = view::Views::new(&model, ast);
        Ok(Self { model, costs, api, views })
    }

    /// A subgraph as the supergraph knows it, for checking documents.
    ///
    /// # Errors
    /// When the supergraph contradicts itself about the subgraph.
    pub fn view(&self, subgraph: SubgraphId) -> Result<&View, String> {
        self.views.get(&self.model, subgraph)
    }

    /// The schema of a subgraph with federation's directives, as far as the supergraph tells it:
    /// without arguments and input fields that other subgraphs lack, and custom directives.
    pub fn subgraph_sdl(&self, subgraph: SubgraphId) -> String {
        extract::sdl(&self.model, self.views.ast(), subgraph)
    }

    /// What elements cost.
    pub fn costs(&self) -> &Costs {
        &self.costs
    }

    /// The schema that clients see.
    pub fn api(&self) -> &Api {
        &self.api
    }
}

impl std::ops::Deref for Schema {
    type Target = Model;

    #[inline]
    fn deref(&self) -> &Model {
        &self.model
    }
}

#[cfg(test)]
mod tests;
