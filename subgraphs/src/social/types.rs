//! The object types of the social service.

use juniper::{ID, graphql_object};

use super::rows::{self, Tie};
use crate::{
    fault::Fault,
    federation::requires_missing,
    lookups,
    moment::Moment,
    page::{Page, Slice, Wanted, connection},
    store::{Loader, Session},
};

/// What the resolvers of one request share.
pub(crate) struct Social {
    pub(super) session: Session,
    pub(super) known_users: Loader<i64, ()>,
    pub(super) known_posts: Loader<i64, ()>,
    like_counts: Loader<i64, i32>,
    follower_counts: Loader<i64, i32>,
    following_counts: Loader<i64, i32>,
    followers: Loader<Slice<i64>, Page<Tie>>,
    following: Loader<Slice<i64>, Page<Tie>>,
    liked_by: Loader<Slice<i64>, Page<Tie>>,
}

impl Social {
    pub(super) fn new(session: &Session) -> Self {
        Self {
            session: Session::clone(session),
            known_users: Loader::new(session, lookups::known_users),
            known_posts: Loader::new(session, lookups::known_posts),
            like_counts: Loader::new(session, rows::like_counts),
            follower_counts: Loader::new(session, rows::follower_counts),
            following_counts: Loader::new(session, rows::following_counts),
            followers: Loader::new(session, rows::followers),
            following: Loader::new(session, rows::following),
            liked_by: Loader::new(session, rows::liked_by),
        }
    }
}

impl juniper::Context for Social {}

#[derive(Clone)]
pub(super) struct User {
    pub(super) id: i64,
}

#[graphql_object(context = Social)]
impl User {
    fn id(&self) -> ID {
        ID::from(self.id.to_string())
    }

    async fn follower_count(&self, context: &Social) -> Result<i32, Fault> {
        context.follower_counts.load_or_default(self.id).await
    }

    async fn following_count(&self, context: &Social) -> Result<i32, Fault> {
        context.following_counts.load_or_default(self.id).await
    }

    async fn followers(
        &self,
        #[graphql(default = 10)] first: i32,
        after: Option<String>,
        context: &Social,
    ) -> Result<FollowConnection, Fault> {
        let slice = Wanted::new(first, after.as_deref(), "follows")?.rising(self.id);
        context.followers.load_or_default(slice).await.map(FollowConnection)
    }

    async fn following(
        &self,
        #[graphql(default = 10)] first: i32,
        after: Option<String>,
        context: &Social,
    ) -> Result<FollowConnection, Fault> {
        let slice = Wanted::new(first, after.as_deref(), "follows")?.rising(self.id);
        context.following.load_or_default(slice).await.map(FollowConnection)
    }
}

#[derive(Clone)]
pub(super) struct Post {
    pub(super) id: i64,
    /// What the router put into the representation for `engagement`.
    pub(super) comment_count: Option<i64>,
}

impl Post {
    fn comments(&self, field: &str) -> Result<i32, Fault> {
        let count = self.comment_count.ok_or_else(|| requires_missing(field, "commentCount"))?;
        Ok(count as i32)
    }
}

#[graphql_object(context = Social)]
impl Post {
    fn id(&self) -> ID {
        ID::from(self.id.to_string())
    }

    async fn like_count(&self, context: &Social) -> Result<i32, Fault> {
        context.like_counts.load_or_default(self.id).await
    }

    async fn liked_by(
        &self,
        #[graphql(default = 10)] first: i32,
        after: Option<String>,
        context: &Social,
    ) -> Result<LikeConnection, Fault> {
        let slice = Wanted::new(first, after.as_deref(), "likes")?.rising(self.id);
        context.liked_by.load_or_default(slice).await.map(LikeConnection)
    }

    fn comment_count(&self) -> Result<i32, Fault> {
        self.comments("Post.commentCount")
    }

    async fn engagement(&self, context: &Social) -> Result<i32, Fault> {
        let comments = self.comments("Post.engagement")?;
        let likes = context.like_counts.load_or_default(self.id).await?;
        Ok(likes.saturating_add(comments.saturating_mul(2)))
    }
}

connection! {
    FollowConnection of FollowEdge, context Social, list "follows",
    item Tie, node User = |tie| User { id: tie.user_id };

    fn since(&self) -> Moment {
        self.0.item.at
    }
}

connection! {
    LikeConnection of LikeEdge, context Social, list "likes",
    item Tie, node User = |tie| User { id: tie.user_id };

    fn at(&self) -> Moment {
        self.0.item.at
    }
}
