//! The feed service: which posts reach whom, and why.

mod rows;
mod types;

use juniper::{EmptyMutation, GraphQLUnion, ID, graphql_object};
use types::{Attention, FeedConnection, Feeds, Post, User};

use crate::{
    fault::Fault,
    federation::{Any, Id, Representation, ServiceSdl, parse_id, resolve},
    page::Wanted,
    service::{Graph, Service},
};

const SDL: &str = include_str!("schema.graphql");

pub(crate) fn service() -> Box<dyn Service> {
    Box::new(Graph::new(SDL, Query, EmptyMutation::new(), Feeds::new))
}

struct Query;

#[graphql_object(context = Feeds)]
impl Query {
    async fn feed(
        user_id: ID,
        #[graphql(default = 10)] first: i32,
        after: Option<String>,
        context: &Feeds,
    ) -> Result<Option<FeedConnection>, Fault> {
        let wanted = Wanted::new(first, after.as_deref(), "feed")?;
        let Some(id) = parse_id(&user_id) else { return Ok(None) };
        if context.known_users.load(id).await?.is_none() {
            return Ok(None);
        }
        context.feed(id, wanted).await.map(Some)
    }

    async fn trending(
        #[graphql(default = 10)] first: i32,
        context: &Feeds,
    ) -> Result<Vec<Post>, Fault> {
        let first = Wanted::new(first, None, "")?.first;
        let rows = context.session.read(move |sql| rows::trending(sql, first)).await?;
        let given = Attention::default();
        Ok(rows.into_iter().map(|row| Post { row, given }).collect())
    }

    #[graphql(name = "_service")]
    fn service() -> ServiceSdl {
        ServiceSdl { sdl: SDL }
    }

    #[graphql(name = "_entities")]
    async fn entities(
        representations: Vec<Any>,
        context: &Feeds,
    ) -> Result<Vec<Option<Entity>>, Fault> {
        resolve(&representations, read, |reference| load(reference, context)).await
    }
}

#[derive(GraphQLUnion)]
#[graphql(name = "_Entity", context = Feeds)]
enum Entity {
    User(User),
    Post(Post),
}

enum Reference {
    User(Id),
    Post(Id, Attention),
}

fn read(representation: &Representation<'_>) -> Result<Reference, Fault> {
    match representation.typename() {
        "User" => Ok(Reference::User(representation.id("id")?)),
        "Post" => {
            let given = Attention {
                likes: representation.maybe("likeCount", Representation::whole)?,
                comments: representation.maybe("commentCount", Representation::whole)?,
            };
            Ok(Reference::Post(representation.id("id")?, given))
        }
        _ => representation.unknown_type("User and Post"),
    }
}

async fn load(reference: Reference, context: &Feeds) -> Result<Option<Entity>, Fault> {
    Ok(match reference {
        Reference::User(Some(id)) => {
            context.known_users.load(id).await?.map(|()| Entity::User(User { id }))
        }
        Reference::Post(Some(id), given) => {
            context.posts.load(id).await?.map(|row| Entity::Post(Post { row, given }))
        }
        _ => None,
    })
}
