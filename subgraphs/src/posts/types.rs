//! The object types of the posts service.

use juniper::{ID, graphql_object};

use super::rows::{self, CommentRow, PostRow, Topic};
use crate::{
    fault::{Code, Fault},
    lookups,
    moment::Moment,
    page::{Page, Slice, Wanted, connection, cursor},
    store::{Loader, Session},
};

/// What the resolvers of one request share.
pub(crate) struct Posts {
    pub(super) session: Session,
    pub(super) posts: Loader<i64, PostRow>,
    pub(super) comments: Loader<i64, CommentRow>,
    pub(super) comments_by_number: Loader<(i64, i64), CommentRow>,
    pub(super) known_users: Loader<i64, ()>,
    posts_by_author: Loader<Slice<i64>, Page<PostRow>>,
    post_counts: Loader<i64, i32>,
    comments_by_post: Loader<Slice<i64>, Page<CommentRow>>,
    comment_counts: Loader<i64, i32>,
}

impl Posts {
    pub(super) fn new(session: &Session) -> Self {
        Self {
            session: Session::clone(session),
            posts: Loader::new(session, rows::posts),
            comments: Loader::new(session, rows::comments),
            comments_by_number: Loader::new(session, rows::comments_by_number),
            known_users: Loader::new(session, lookups::known_users),
            posts_by_author: Loader::new(session, rows::posts_by_author),
            post_counts: Loader::new(session, rows::post_counts),
            comments_by_post: Loader::new(session, rows::comments_by_post),
            comment_counts: Loader::new(session, rows::comment_counts),
        }
    }
}

impl juniper::Context for Posts {}

#[derive(Clone)]
pub(super) struct Post(pub(super) PostRow);

#[graphql_object(context = Posts)]
impl Post {
    fn id(&self) -> ID {
        ID::from(self.0.id.to_string())
    }

    fn title(&self) -> &str {
        &self.0.title
    }

    fn text(&self) -> &str {
        &self.0.text
    }

    fn topic(&self) -> Topic {
        self.0.topic
    }

    fn created_at(&self) -> Moment {
        self.0.created_at
    }

    fn author(&self) -> User {
        User { id: self.0.author_id }
    }

    fn like_count(&self) -> i32 {
        self.0.old_like_count
    }

    async fn comment_count(&self, context: &Posts) -> Result<i32, Fault> {
        context.comment_counts.load_or_default(self.0.id).await
    }

    async fn comments(
        &self,
        #[graphql(default = 10)] first: i32,
        after: Option<String>,
        context: &Posts,
    ) -> Result<Vec<Comment>, Fault> {
        let slice = Wanted::new(first, after.as_deref(), "comments")?.rising(self.0.id);
        let page = context.comments_by_post.load(slice).await?;
        Ok(page.into_iter().flat_map(|page| page.items).map(|row| Comment(row.item)).collect())
    }
}

#[derive(Clone)]
pub(super) struct Comment(pub(super) CommentRow);

#[graphql_object(context = Posts)]
impl Comment {
    fn id(&self) -> ID {
        ID::from(self.0.id.to_string())
    }

    async fn post(&self, context: &Posts) -> Result<Post, Fault> {
        let post = context.posts.load(self.0.post_id).await?;
        post.map(Post).ok_or_else(|| Fault::new(Code::Internal, "a comment lost its post"))
    }

    fn number(&self) -> i32 {
        self.0.number as i32
    }

    fn text(&self) -> &str {
        &self.0.text
    }

    fn created_at(&self) -> Moment {
        self.0.created_at
    }

    fn author(&self) -> User {
        User { id: self.0.author_id }
    }

    fn cursor(&self) -> String {
        cursor("comments", self.0.number)
    }
}

#[derive(Clone)]
pub(super) struct User {
    pub(super) id: i64,
}

#[graphql_object(context = Posts)]
impl User {
    fn id(&self) -> ID {
        ID::from(self.id.to_string())
    }

    async fn post_count(&self, context: &Posts) -> Result<i32, Fault> {
        context.post_counts.load_or_default(self.id).await
    }

    async fn posts(
        &self,
        #[graphql(default = 10)] first: i32,
        after: Option<String>,
        context: &Posts,
    ) -> Result<PostConnection, Fault> {
        let slice = Wanted::new(first, after.as_deref(), "posts")?.falling(self.id);
        context.posts_by_author.load_or_default(slice).await.map(PostConnection)
    }
}

connection! {
    PostConnection of PostEdge, context Posts, list "posts",
    item PostRow, node Post = |row| Post(row.clone());
}
