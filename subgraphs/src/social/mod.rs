//! The social service: who follows whom, and who likes what.

mod rows;
mod types;

use juniper::{GraphQLUnion, ID, graphql_object};
use types::{Post, Social, User};

use crate::{
    fault::Fault,
    federation::{Any, Id, Representation, ServiceSdl, resolve},
    page::Wanted,
    service::{Graph, Service},
    store::Sql,
};

const SDL: &str = include_str!("schema.graphql");

pub(crate) fn service() -> Box<dyn Service> {
    Box::new(Graph::new(SDL, Query, Mutation, Social::new))
}

struct Query;

#[graphql_object(context = Social)]
impl Query {
    async fn most_followed(
        #[graphql(default = 10)] first: i32,
        context: &Social,
    ) -> Result<Vec<User>, Fault> {
        let first = Wanted::new(first, None, "")?.first;
        let ids = context.session.read(move |sql| rows::most_followed(sql, first)).await?;
        Ok(ids.into_iter().map(|id| User { id }).collect())
    }

    #[graphql(name = "_service")]
    fn service() -> ServiceSdl {
        ServiceSdl { sdl: SDL }
    }

    #[graphql(name = "_entities")]
    async fn entities(
        representations: Vec<Any>,
        context: &Social,
    ) -> Result<Vec<Option<Entity>>, Fault> {
        resolve(&representations, read, |reference| load(reference, context)).await
    }
}

struct Mutation;

#[graphql_object(context = Social)]
impl Mutation {
    async fn like_post(post_id: ID, user_id: ID, context: &Social) -> Result<Post, Fault> {
        let like = move |sql: &Sql<'_>| rows::like(sql, &post_id, &user_id);
        let id = context.session.write(like).await?;
        Ok(Post { id, comment_count: None })
    }

    async fn follow(follower_id: ID, followee_id: ID, context: &Social) -> Result<User, Fault> {
        let follow = move |sql: &Sql<'_>| rows::follow(sql, &follower_id, &followee_id);
        let id = context.session.write(follow).await?;
        Ok(User { id })
    }
}

#[derive(GraphQLUnion)]
#[graphql(name = "_Entity", context = Social)]
enum Entity {
    User(User),
    Post(Post),
}

enum Reference {
    User(Id),
    Post(Id, Option<i64>),
}

fn read(representation: &Representation<'_>) -> Result<Reference, Fault> {
    match representation.typename() {
        "User" => Ok(Reference::User(representation.id("id")?)),
        "Post" => {
            let comment_count = representation.maybe("commentCount", Representation::whole)?;
            Ok(Reference::Post(representation.id("id")?, comment_count))
        }
        _ => representation.unknown_type("User and Post"),
    }
}

async fn load(reference: Reference, context: &Social) -> Result<Option<Entity>, Fault> {
    Ok(match reference {
        Reference::User(Some(id)) => {
            context.known_users.load(id).await?.map(|()| Entity::User(User { id }))
        }
        Reference::Post(Some(id), comment_count) => {
            context.known_posts.load(id).await?.map(|()| Entity::Post(Post { id, comment_count }))
        }
        _ => None,
    })
}
