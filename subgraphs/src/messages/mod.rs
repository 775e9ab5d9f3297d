//! The messages service: conversations between two people, who are known by handle.

mod rows;
mod types;

use juniper::{GraphQLInputObject, GraphQLUnion, ID, graphql_object};
use rows::NewMessage;
use types::{Conversation, Message, Messages, User};

use crate::{
    fault::{Code, Fault},
    federation::{Any, Id, Representation, ServiceSdl, parse_id, resolve},
    lookups::require_text,
    service::{Graph, Service},
};

const SDL: &str = include_str!("schema.graphql");

pub(crate) fn service() -> Box<dyn Service> {
    Box::new(Graph::new(SDL, Query, Mutation, Messages::new))
}

struct Query;

#[graphql_object(context = Messages)]
impl Query {
    async fn conversation(id: ID, context: &Messages) -> Result<Option<Conversation>, Fault> {
        let Some(id) = parse_id(&id) else { return Ok(None) };
        Ok(context.participants.load(id).await?.map(|_| Conversation { id }))
    }

    #[graphql(name = "_service")]
    fn service() -> ServiceSdl {
        ServiceSdl { sdl: SDL }
    }

    #[graphql(name = "_entities")]
    async fn entities(
        representations: Vec<Any>,
        context: &Messages,
    ) -> Result<Vec<Option<Entity>>, Fault> {
        resolve(&representations, read, |reference| load(reference, context)).await
    }
}

struct Mutation;

#[graphql_object(context = Messages)]
impl Mutation {
    async fn send_message(input: SendMessageInput, context: &Messages) -> Result<Message, Fault> {
        let text = require_text("text", &input.text, 2000)?;
        let new = NewMessage { from: input.from, to: input.to, text };
        let id = context.session.write(move |sql| rows::send(sql, &new)).await?;
        let message = context.messages.load(id).await?.map(Message);
        message.ok_or_else(|| Fault::new(Code::Internal, "what was just written is gone"))
    }
}

#[derive(GraphQLInputObject)]
struct SendMessageInput {
    from: String,
    to: String,
    text: String,
}

#[derive(GraphQLUnion)]
#[graphql(name = "_Entity", context = Messages)]
enum Entity {
    Conversation(Conversation),
    Message(Message),
    User(User),
}

enum Reference {
    Conversation(Id),
    Message(Id),
    User(String, Option<bool>),
}

fn read(representation: &Representation<'_>) -> Result<Reference, Fault> {
    match representation.typename() {
        "Conversation" => Ok(Reference::Conversation(representation.id("id")?)),
        "Message" => Ok(Reference::Message(representation.id("id")?)),
        "User" => {
            let suspended = representation.maybe("suspended", Representation::truth)?;
            Ok(Reference::User(representation.text("handle")?.to_owned(), suspended))
        }
        _ => representation.unknown_type("Conversation, Message and User"),
    }
}

async fn load(reference: Reference, context: &Messages) -> Result<Option<Entity>, Fault> {
    Ok(match reference {
        Reference::Conversation(Some(id)) => {
            context.participants.load(id).await?.map(|_| Entity::Conversation(Conversation { id }))
        }
        Reference::Message(Some(id)) => {
            context.messages.load(id).await?.map(|row| Entity::Message(Message(row)))
        }
        Reference::User(handle, suspended) => {
            let known = context.known_handles.load(handle.clone()).await?;
            known.map(|()| Entity::User(User { suspended, ..User::known(handle.into()) }))
        }
        _ => None,
    })
}
