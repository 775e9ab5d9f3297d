//! The four kinds of notification, the interface that they share, and the types that lead to them.

use juniper::{GraphQLUnion, ID, graphql_interface, graphql_object};

use super::{
    rows::{About, Inbox, Notice},
    types::{Comment, Conversation, Notifications, Post},
};
use crate::{
    fault::{Code, Fault},
    federation::requires_missing,
    moment::Moment,
    page::{Wanted, connection},
};

/// The interface; juniper makes `NotificationValue` of it, an enum of those that implement it.
#[graphql_interface(
    for = [LikeNotification, CommentNotification, FollowNotification, MessageNotification],
    context = Notifications
)]
#[expect(dead_code, reason = "only juniper's macro reads it")]
pub(super) trait Notification {
    fn id(&self) -> ID;
    fn at(&self) -> Moment;
    fn read(&self) -> bool;
    fn actor(&self) -> User;
    fn subject(&self) -> NotificationSubject;
    fn text(&self) -> String;
}

/// A notification with what the router put into its representation.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub(super) notice: Notice,
    pub(super) given: Given,
}

/// The fields that `text` requires, as far as the router gave them.
#[derive(Clone, Debug, Default)]
pub(super) struct Given {
    pub(super) actor_name: Option<String>,
    pub(super) post_title: Option<String>,
}

impl Told {
    /// The object type of its kind.
    pub(super) fn kind(self) -> NotificationValue {
        match self.notice.about {
            About::Like { .. } => LikeNotification(self).into(),
            About::Comment { .. } => CommentNotification(self).into(),
            About::Follow => FollowNotification(self).into(),
            About::Message { .. } => MessageNotification(self).into(),
        }
    }

    fn actor(&self) -> User {
        User { id: self.notice.actor_id, name: self.given.actor_name.clone() }
    }

    fn subject(&self) -> NotificationSubject {
        match self.notice.about {
            About::Like { post } => NotificationSubject::Post(self.post(post)),
            About::Comment { post, number } => {
                NotificationSubject::Comment(Comment { post, number })
            }
            About::Follow => NotificationSubject::User(self.actor()),
            About::Message { conversation } => {
                NotificationSubject::Conversation(Conversation { id: conversation })
            }
        }
    }

    fn post(&self, id: i64) -> Post {
        Post { id, title: self.given.post_title.clone() }
    }

    fn actor_name(&self, requires: &str) -> Result<&str, Fault> {
        let name = self.given.actor_name.as_deref();
        name.ok_or_else(|| requires_missing("Notification.text", requires))
    }
}

/// Defines the object type of one kind: its name, its sentence, and further fields.
macro_rules! kind {
    ($Kind:ident, $text:expr; $($more:tt)*) => {
        #[derive(Clone, Debug)]
        pub(super) struct $Kind(pub(super) Told);

        #[graphql_object(context = Notifications, impl = NotificationValue)]
        impl $Kind {
            fn id(&self) -> ID {
                ID::from(self.0.notice.id.to_string())
            }

            fn at(&self) -> Moment {
                self.0.notice.at
            }

            fn read(&self) -> bool {
                self.0.notice.read
            }

            fn actor(&self) -> User {
                self.0.actor()
            }

            fn subject(&self) -> NotificationSubject {
                self.0.subject()
            }

            fn text(&self) -> Result<String, Fault> {
                let text: fn(&Told) -> Result<String, Fault> = $text;
                text(&self.0)
            }

            $($more)*
        }
    };
}

kind! {
    LikeNotification, |told| {
        let requires = "actor { name } post { title }";
        let name = told.actor_name(requires)?;
        let title = told.given.post_title.as_deref();
        let title = title.ok_or_else(|| requires_missing("LikeNotification.text", requires))?;
        Ok(format!("{name} likes “{title}”"))
    };

    fn post(&self) -> Result<Post, Fault> {
        match self.0.notice.about {
            About::Like { post } => Ok(self.0.post(post)),
            _ => Err(other_kind()),
        }
    }
}

kind! {
    CommentNotification,
    |told| Ok(format!("{} commented on your post", told.actor_name("actor { name }")?));

    fn comment(&self) -> Result<Comment, Fault> {
        match self.0.notice.about {
            About::Comment { post, number } => Ok(Comment { post, number }),
            _ => Err(other_kind()),
        }
    }
}

kind! {
    FollowNotification,
    |told| Ok(format!("{} follows you", told.actor_name("actor { name }")?));
}

kind! {
    MessageNotification,
    |told| Ok(format!("{} sent you a message", told.actor_name("actor { name }")?));
}

fn other_kind() -> Fault {
    Fault::new(Code::Internal, "the notification is of another kind than its type")
}

/// What a notification is about.
#[derive(Clone, Debug, GraphQLUnion)]
#[graphql(context = Notifications)]
pub(super) enum NotificationSubject {
    Post(Post),
    Comment(Comment),
    User(User),
    Conversation(Conversation),
}

/// Somebody as far as notifications know them.
#[derive(Clone, Debug)]
pub(super) struct User {
    pub(super) id: i64,
    pub(super) name: Option<String>,
}

#[graphql_object(context = Notifications)]
impl User {
    fn id(&self) -> ID {
        ID::from(self.id.to_string())
    }

    fn name(&self) -> Result<&str, Fault> {
        self.name.as_deref().ok_or_else(|| requires_missing("User.name", "name"))
    }

    async fn unread_notification_count(&self, context: &Notifications) -> Result<i32, Fault> {
        context.unread_counts.load_or_default(self.id).await
    }

    async fn notifications(
        &self,
        #[graphql(default = 10)] first: i32,
        after: Option<String>,
        #[graphql(default = false)] unread_only: bool,
        context: &Notifications,
    ) -> Result<NotificationConnection, Fault> {
        let wanted = Wanted::new(first, after.as_deref(), "notifications")?;
        let inbox = Inbox { user: self.id, unread_only };
        context.inbox(inbox, wanted).await.map(NotificationConnection)
    }
}

connection! {
    NotificationConnection of NotificationEdge, context Notifications, list "notifications",
    item Notice, node NotificationValue = |notice| {
        Told { notice: *notice, given: Given::default() }.kind()
    };
}
