//! The posts service: what people write, and what others answer under it.

mod rows;
mod types;
mod write;

use juniper::{GraphQLUnion, ID, graphql_object};
use rows::Topic;
use types::{Comment, Post, PostConnection, Posts, User};
use write::Mutation;

use crate::{
    fault::Fault,
    federation::{Any, Id, Representation, ServiceSdl, parse_id, resolve},
    page::Wanted,
    service::{Graph, Service},
};

const SDL: &str = include_str!("schema.graphql");

pub(crate) fn service() -> Box<dyn Service> {
    Box::new(Graph::new(SDL, Query, Mutation, Posts::new))
}

struct Query;

#[graphql_object(context = Posts)]
impl Query {
    async fn post(id: ID, context: &Posts) -> Result<Option<Post>, Fault> {
        let Some(id) = parse_id(&id) else { return Ok(None) };
        Ok(context.posts.load(id).await?.map(Post))
    }

    async fn posts(
        topic: Option<Topic>,
        #[graphql(default = 20)] first: i32,
        after: Option<String>,
        context: &Posts,
    ) -> Result<PostConnection, Fault> {
        let wanted = Wanted::new(first, after.as_deref(), "posts")?;
        let page = context.session.read(move |sql| rows::latest(sql, topic, wanted)).await?;
        Ok(PostConnection(page))
    }

    #[graphql(name = "_service")]
    fn service() -> ServiceSdl {
        ServiceSdl { sdl: SDL }
    }

    #[graphql(name = "_entities")]
    async fn entities(
        representations: Vec<Any>,
        context: &Posts,
    ) -> Result<Vec<Option<Entity>>, Fault> {
        resolve(&representations, read, |reference| load(reference, context)).await
    }
}

#[derive(GraphQLUnion)]
#[graphql(name = "_Entity", context = Posts)]
enum Entity {
    Post(Post),
    Comment(Comment),
    User(User),
}

enum Reference {
    Post(Id),
    Comment(Id),
    CommentNumber(Id, i64),
    User(Id),
}

fn read(representation: &Representation<'_>) -> Result<Reference, Fault> {
    match representation.typename() {
        "Post" => Ok(Reference::Post(representation.id("id")?)),
        "Comment" if representation.has("id") => Ok(Reference::Comment(representation.id("id")?)),
        "Comment" if representation.has("post") => {
            let post = representation.inside("post")?.id("id")?;
            Ok(Reference::CommentNumber(post, representation.whole("number")?))
        }
        "Comment" => Err(representation.no_key("`id` or `post { id } number`")),
        "User" => Ok(Reference::User(representation.id("id")?)),
        _ => representation.unknown_type("Post, Comment and User"),
    }
}

async fn load(reference: Reference, context: &Posts) -> Result<Option<Entity>, Fault> {
    Ok(match reference {
        Reference::Post(Some(id)) => {
            context.posts.load(id).await?.map(|row| Entity::Post(Post(row)))
        }
        Reference::Comment(Some(id)) => {
            context.comments.load(id).await?.map(|row| Entity::Comment(Comment(row)))
        }
        Reference::CommentNumber(Some(post), number) => context
            .comments_by_number
            .load((post, number))
            .await?
            .map(|row| Entity::Comment(Comment(row))),
        Reference::User(Some(id)) => {
            context.known_users.load(id).await?.map(|()| Entity::User(User { id }))
        }
        _ => None,
    })
}
