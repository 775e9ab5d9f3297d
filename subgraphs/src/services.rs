//! The list of the services.

use crate::{feed, messages, notifications, posts, service::Service, social, users};

/// One of the six services.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    /// Who everybody is.
    Users,
    /// Posts and comments.
    Posts,
    /// Follows and likes.
    Social,
    /// What reaches whom.
    Feed,
    /// Conversations between two people.
    Messages,
    /// What somebody should know.
    Notifications,
}

impl Name {
    /// All services, in the order in which they are best read.
    pub const ALL: [Self; 6] =
        [Self::Users, Self::Posts, Self::Social, Self::Feed, Self::Messages, Self::Notifications];

    /// The name in paths, on the command line and in the supergraph.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Users => "users",
            Self::Posts => "posts",
            Self::Social => "social",
            Self::Feed => "feed",
            Self::Messages => "messages",
            Self::Notifications => "notifications",
        }
    }

    /// The federation schema of the service, as its `schema.graphql` has it.
    pub fn sdl(self) -> &'static str {
        self.service().sdl()
    }

    pub(crate) fn service(self) -> Box<dyn Service> {
        match self {
            Self::Users => users::service(),
            Self::Posts => posts::service(),
            Self::Social => social::service(),
            Self::Feed => feed::service(),
            Self::Messages => messages::service(),
            Self::Notifications => notifications::service(),
        }
    }
}
