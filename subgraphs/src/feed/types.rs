//! The object types of the feed service.

use juniper::{ID, graphql_object};

use super::rows::{self, FeedReason, Item, PostRow};
use crate::{
    fault::Fault,
    federation::requires_missing,
    lookups,
    moment::Moment,
    page::{Page, Slice, Wanted, connection},
    store::{Loader, Session},
};

/// Seconds of age that cost as much as a tenth of the attention.
const SECONDS_PER_TENFOLD: f64 = 45_000.0;
/// 1 January 2025: where ages are counted from, so that hotness stays small.
const ORIGIN: i64 = 1_735_689_600;

/// What the resolvers of one request share.
pub(crate) struct Feeds {
    pub(super) session: Session,
    pub(super) posts: Loader<i64, PostRow>,
    pub(super) known_users: Loader<i64, ()>,
    feeds: Loader<Slice<i64>, Page<Item>>,
}

impl Feeds {
    pub(super) fn new(session: &Session) -> Self {
        Self {
            session: Session::clone(session),
            posts: Loader::new(session, rows::posts),
            known_users: Loader::new(session, lookups::known_users),
            feeds: Loader::new(session, rows::feeds),
        }
    }

    pub(super) async fn feed(&self, user: i64, wanted: Wanted) -> Result<FeedConnection, Fault> {
        self.feeds.load_or_default(wanted.falling(user)).await.map(FeedConnection)
    }
}

impl juniper::Context for Feeds {}

#[derive(Clone)]
pub(super) struct User {
    pub(super) id: i64,
}

#[graphql_object(context = Feeds)]
impl User {
    fn id(&self) -> ID {
        ID::from(self.id.to_string())
    }

    async fn feed(
        &self,
        #[graphql(default = 10)] first: i32,
        after: Option<String>,
        context: &Feeds,
    ) -> Result<FeedConnection, Fault> {
        context.feed(self.id, Wanted::new(first, after.as_deref(), "feed")?).await
    }
}

#[derive(Clone)]
pub(super) struct Post {
    pub(super) row: PostRow,
    /// What the router put into the representation for `hotness`.
    pub(super) given: Attention,
}

/// How much attention a post has, as far as the router said.
#[derive(Clone, Copy, Default)]
pub(super) struct Attention {
    pub(super) likes: Option<i64>,
    pub(super) comments: Option<i64>,
}

#[graphql_object(context = Feeds)]
impl Post {
    fn id(&self) -> ID {
        ID::from(self.row.id.to_string())
    }

    fn created_at(&self) -> Moment {
        self.row.created_at
    }

    fn like_count(&self) -> Result<i32, Fault> {
        let likes = self.given.likes;
        likes
            .map(|count| count as i32)
            .ok_or_else(|| requires_missing("Post.likeCount", "likeCount"))
    }

    fn comment_count(&self) -> Result<i32, Fault> {
        let comments = self.given.comments;
        comments
            .map(|count| count as i32)
            .ok_or_else(|| requires_missing("Post.commentCount", "commentCount"))
    }

    fn hotness(&self) -> Result<f64, Fault> {
        let Attention { likes: Some(likes), comments: Some(comments) } = self.given else {
            return Err(requires_missing("Post.hotness", "likeCount commentCount"));
        };
        let attention = (likes as f64 + 2.0 * comments as f64).max(1.0).log10();
        let freshness = (self.row.created_at.0 - ORIGIN) as f64 / SECONDS_PER_TENFOLD;
        // Three decimals are more than anybody needs, and read well.
        Ok(((attention + freshness) * 1000.0).round() / 1000.0)
    }
}

connection! {
    FeedConnection of FeedEdge, context Feeds, list "feed",
    item Item, node Post = |item| Post { row: item.post, given: Attention::default() };

    fn reason(&self) -> FeedReason {
        self.0.item.reason
    }
}
