//! The object types of the users service.

use juniper::{ID, graphql_object};

use super::rows::{self, AccountKind, UserRow};
use crate::{
    moment::Moment,
    page::connection,
    store::{Loader, Session},
};

/// What the resolvers of one request share.
pub(crate) struct Users {
    pub(super) session: Session,
    pub(super) by_id: Loader<i64, UserRow>,
    pub(super) by_handle: Loader<String, UserRow>,
}

impl Users {
    pub(super) fn new(session: &Session) -> Self {
        Self {
            session: Session::clone(session),
            by_id: Loader::new(session, rows::by_id),
            by_handle: Loader::new(session, rows::by_handle),
        }
    }
}

impl juniper::Context for Users {}

#[derive(Clone)]
pub(super) struct User(pub(super) UserRow);

#[graphql_object(context = Users)]
impl User {
    fn id(&self) -> ID {
        ID::from(self.0.id.to_string())
    }

    fn handle(&self) -> &str {
        &self.0.handle
    }

    fn name(&self) -> &str {
        &self.0.name
    }

    fn bio(&self) -> &str {
        &self.0.bio
    }

    fn kind(&self) -> AccountKind {
        self.0.kind
    }

    fn joined_at(&self) -> Moment {
        self.0.joined_at
    }

    fn email(&self) -> &str {
        &self.0.email
    }

    fn suspended(&self) -> bool {
        self.0.suspended
    }
}

connection! {
    UserConnection of UserEdge, context Users, list "users",
    item UserRow, node User = |row| User(row.clone());
}
