//! The mutations of the posts service.

use juniper::{GraphQLInputObject, ID, graphql_object};

use super::{
    rows::{self, NewPost, Topic},
    types::{Comment, Post, Posts},
};
use crate::{
    fault::{Code, Fault},
    lookups::require_text,
    store::Sql,
};

pub(super) struct Mutation;

#[graphql_object(context = Posts)]
impl Mutation {
    async fn create_post(input: CreatePostInput, context: &Posts) -> Result<Post, Fault> {
        let new = NewPost {
            author_id: input.author_id.to_string(),
            title: require_text("title", &input.title, 120)?,
            text: require_text("text", &input.text, 5000)?,
            topic: input.topic.unwrap_or(Topic::Life),
        };
        let id = context.session.write(move |sql| rows::create_post(sql, &new)).await?;
        context.posts.load(id).await?.map(Post).ok_or_else(gone)
    }

    async fn add_comment(input: AddCommentInput, context: &Posts) -> Result<Comment, Fault> {
        let text = require_text("text", &input.text, 1000)?;
        let (post, author) = (input.post_id.to_string(), input.author_id.to_string());
        let add = move |sql: &Sql<'_>| rows::add_comment(sql, &post, &author, &text);
        let id = context.session.write(add).await?;
        context.comments.load(id).await?.map(Comment).ok_or_else(gone)
    }
}

#[derive(GraphQLInputObject)]
struct CreatePostInput {
    author_id: ID,
    title: String,
    text: String,
    #[graphql(default = Some(Topic::Life))]
    topic: Option<Topic>,
}

#[derive(GraphQLInputObject)]
struct AddCommentInput {
    post_id: ID,
    author_id: ID,
    text: String,
}

fn gone() -> Fault {
    Fault::new(Code::Internal, "what was just written is gone")
}
