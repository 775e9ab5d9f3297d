//! What the resolvers of the notifications service share, and what they know of others' types.

use juniper::{ID, graphql_object};

use super::rows::{self, Inbox, Notice};
use crate::{
    fault::Fault,
    federation::requires_missing,
    lookups,
    page::{Page, Slice, Wanted},
    store::{Loader, Session},
};

/// What the resolvers of one request share.
pub(crate) struct Notifications {
    pub(super) session: Session,
    pub(super) notices: Loader<i64, Notice>,
    pub(super) known_users: Loader<i64, ()>,
    pub(super) unread_counts: Loader<i64, i32>,
    inboxes: Loader<Slice<Inbox>, Page<Notice>>,
}

impl Notifications {
    pub(super) fn new(session: &Session) -> Self {
        Self {
            session: Session::clone(session),
            notices: Loader::new(session, rows::notices),
            known_users: Loader::new(session, lookups::known_users),
            unread_counts: Loader::new(session, rows::unread_counts),
            inboxes: Loader::new(session, rows::inboxes),
        }
    }

    pub(super) async fn inbox(&self, inbox: Inbox, wanted: Wanted) -> Result<Page<Notice>, Fault> {
        self.inboxes.load_or_default(wanted.falling(inbox)).await
    }
}

impl juniper::Context for Notifications {}

/// A post as far as notifications know it.
#[derive(Clone, Debug)]
pub(super) struct Post {
    pub(super) id: i64,
    pub(super) title: Option<String>,
}

#[graphql_object(context = Notifications)]
impl Post {
    fn id(&self) -> ID {
        ID::from(self.id.to_string())
    }

    fn title(&self) -> Result<&str, Fault> {
        self.title.as_deref().ok_or_else(|| requires_missing("Post.title", "title"))
    }
}

/// A comment by its compound key.
#[derive(Clone, Debug)]
pub(super) struct Comment {
    pub(super) post: i64,
    pub(super) number: i64,
}

#[graphql_object(context = Notifications)]
impl Comment {
    fn post(&self) -> Post {
        Post { id: self.post, title: None }
    }

    fn number(&self) -> i32 {
        self.number as i32
    }
}

/// A conversation by its key.
#[derive(Clone, Debug)]
pub(super) struct Conversation {
    pub(super) id: i64,
}

#[graphql_object(context = Notifications)]
impl Conversation {
    fn id(&self) -> ID {
        ID::from(self.id.to_string())
    }
}
