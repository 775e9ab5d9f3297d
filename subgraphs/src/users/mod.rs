//! The users service: who everybody is.

mod rows;
mod types;

use juniper::{EmptyMutation, GraphQLUnion, ID, graphql_object};
use types::{User, UserConnection, Users};

use crate::{
    fault::Fault,
    federation::{Any, Id, Representation, ServiceSdl, parse_id, resolve},
    page::Wanted,
    service::{Graph, Service},
};

const SDL: &str = include_str!("schema.graphql");

pub(crate) fn service() -> Box<dyn Service> {
    Box::new(Graph::new(SDL, Query, EmptyMutation::new(), Users::new))
}

struct Query;

#[graphql_object(context = Users)]
impl Query {
    async fn user(id: ID, context: &Users) -> Result<Option<User>, Fault> {
        let Some(id) = parse_id(&id) else { return Ok(None) };
        Ok(context.by_id.load(id).await?.map(User))
    }

    async fn user_by_handle(handle: String, context: &Users) -> Result<Option<User>, Fault> {
        Ok(context.by_handle.load(handle).await?.map(User))
    }

    async fn users(
        #[graphql(default = 20)] first: i32,
        after: Option<String>,
        context: &Users,
    ) -> Result<UserConnection, Fault> {
        let wanted = Wanted::new(first, after.as_deref(), "users")?;
        let page = context.session.read(move |sql| rows::all(sql, wanted)).await?;
        Ok(UserConnection(page))
    }

    #[graphql(name = "_service")]
    fn service() -> ServiceSdl {
        ServiceSdl { sdl: SDL }
    }

    #[graphql(name = "_entities")]
    async fn entities(
        representations: Vec<Any>,
        context: &Users,
    ) -> Result<Vec<Option<Entity>>, Fault> {
        resolve(&representations, read, |reference| load(reference, context)).await
    }
}

#[derive(GraphQLUnion)]
#[graphql(name = "_Entity", context = Users)]
enum Entity {
    User(User),
}

enum Reference {
    Id(Id),
    Handle(String),
}

fn read(representation: &Representation<'_>) -> Result<Reference, Fault> {
    match representation.typename() {
        "User" if representation.has("id") => Ok(Reference::Id(representation.id("id")?)),
        "User" if representation.has("handle") => {
            Ok(Reference::Handle(representation.text("handle")?.to_owned()))
        }
        "User" => Err(representation.no_key("`id` or `handle`")),
        _ => representation.unknown_type("User"),
    }
}

async fn load(reference: Reference, context: &Users) -> Result<Option<Entity>, Fault> {
    let user = match reference {
        Reference::Id(None) => None,
        Reference::Id(Some(id)) => context.by_id.load(id).await?,
        Reference::Handle(handle) => context.by_handle.load(handle).await?,
    };
    Ok(user.map(|row| Entity::User(User(row))))
}
