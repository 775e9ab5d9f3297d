//! The object types of the messages service.

use std::sync::Arc;

use juniper::{ID, graphql_object};

use super::rows::{self, MessageRow};
use crate::{
    fault::Fault,
    federation::requires_missing,
    moment::Moment,
    page::{Page, Slice, Wanted, connection},
    store::{Loader, Session},
};

/// What the resolvers of one request share.
pub(crate) struct Messages {
    pub(super) session: Session,
    pub(super) messages: Loader<i64, MessageRow>,
    pub(super) participants: Loader<i64, Vec<Arc<str>>>,
    pub(super) known_handles: Loader<String, ()>,
    message_counts: Loader<i64, i32>,
    messages_of: Loader<Slice<i64>, Page<MessageRow>>,
    conversations_of: Loader<Slice<String>, Page<i64>>,
}

impl Messages {
    pub(super) fn new(session: &Session) -> Self {
        Self {
            session: Session::clone(session),
            messages: Loader::new(session, rows::messages),
            participants: Loader::new(session, rows::participants),
            known_handles: Loader::new(session, rows::known_handles),
            message_counts: Loader::new(session, rows::message_counts),
            messages_of: Loader::new(session, rows::messages_of),
            conversations_of: Loader::new(session, rows::conversations_of),
        }
    }
}

impl juniper::Context for Messages {}

#[derive(Clone)]
pub(super) struct Conversation {
    pub(super) id: i64,
}

#[graphql_object(context = Messages)]
impl Conversation {
    fn id(&self) -> ID {
        ID::from(self.id.to_string())
    }

    async fn participants(&self, context: &Messages) -> Result<Vec<User>, Fault> {
        let handles = context.participants.load_or_default(self.id).await?;
        Ok(handles.into_iter().map(User::known).collect())
    }

    async fn message_count(&self, context: &Messages) -> Result<i32, Fault> {
        context.message_counts.load_or_default(self.id).await
    }

    async fn messages(
        &self,
        #[graphql(default = 10)] first: i32,
        after: Option<String>,
        context: &Messages,
    ) -> Result<MessageConnection, Fault> {
        let slice = Wanted::new(first, after.as_deref(), "messages")?.falling(self.id);
        context.messages_of.load_or_default(slice).await.map(MessageConnection)
    }
}

#[derive(Clone)]
pub(super) struct Message(pub(super) MessageRow);

#[graphql_object(context = Messages)]
impl Message {
    fn id(&self) -> ID {
        ID::from(self.0.id.to_string())
    }

    fn conversation(&self) -> Conversation {
        Conversation { id: self.0.conversation_id }
    }

    fn sender(&self) -> User {
        User { name: Some(self.0.sender_name.clone()), ..User::known(self.0.sender_handle.clone()) }
    }

    fn text(&self) -> &str {
        &self.0.text
    }

    fn sent_at(&self) -> Moment {
        self.0.sent_at
    }
}

#[derive(Clone)]
pub(super) struct User {
    pub(super) handle: Arc<str>,
    /// Known where @provides says so.
    pub(super) name: Option<Arc<str>>,
    /// What the router put into the representation for `acceptsMessages`.
    pub(super) suspended: Option<bool>,
}

impl User {
    pub(super) fn known(handle: Arc<str>) -> Self {
        Self { handle, name: None, suspended: None }
    }
}

#[graphql_object(context = Messages)]
impl User {
    fn handle(&self) -> &str {
        &self.handle
    }

    fn name(&self) -> Result<&str, Fault> {
        self.name.as_deref().ok_or_else(|| requires_missing("User.name", "name"))
    }

    fn suspended(&self) -> Result<bool, Fault> {
        self.suspended.ok_or_else(|| requires_missing("User.suspended", "suspended"))
    }

    fn accepts_messages(&self) -> Result<bool, Fault> {
        let suspended = self.suspended;
        suspended
            .map(|suspended| !suspended)
            .ok_or_else(|| requires_missing("User.acceptsMessages", "suspended"))
    }

    async fn conversations(
        &self,
        #[graphql(default = 10)] first: i32,
        after: Option<String>,
        context: &Messages,
    ) -> Result<ConversationConnection, Fault> {
        let wanted = Wanted::new(first, after.as_deref(), "conversations")?;
        let slice = wanted.falling(self.handle.to_string());
        context.conversations_of.load_or_default(slice).await.map(ConversationConnection)
    }
}

connection! {
    MessageConnection of MessageEdge, context Messages, list "messages",
    item MessageRow, node Message = |row| Message(row.clone());
}

connection! {
    ConversationConnection of ConversationEdge, context Messages, list "conversations",
    item i64, node Conversation = |id| Conversation { id: *id };
}
