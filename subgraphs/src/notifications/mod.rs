//! The notifications service: what somebody should know.

mod kinds;
mod rows;
mod types;

use juniper::{GraphQLUnion, ID, graphql_object};
use kinds::{
    CommentNotification, FollowNotification, Given, LikeNotification, MessageNotification,
    NotificationConnection, NotificationValue, Told, User,
};
use rows::Inbox;
use types::Notifications;

use crate::{
    fault::{Code, Fault},
    federation::{Any, Id, Representation, ServiceSdl, parse_id, resolve},
    page::Wanted,
    service::{Graph, Service},
};

const SDL: &str = include_str!("schema.graphql");

pub(crate) fn service() -> Box<dyn Service> {
    Box::new(Graph::new(SDL, Query, Mutation, Notifications::new))
}

struct Query;

#[graphql_object(context = Notifications)]
impl Query {
    async fn notifications(
        user_id: ID,
        #[graphql(default = 10)] first: i32,
        after: Option<String>,
        #[graphql(default = false)] unread_only: bool,
        context: &Notifications,
    ) -> Result<Option<NotificationConnection>, Fault> {
        let wanted = Wanted::new(first, after.as_deref(), "notifications")?;
        let Some(user) = parse_id(&user_id) else { return Ok(None) };
        if context.known_users.load(user).await?.is_none() {
            return Ok(None);
        }
        let page = context.inbox(Inbox { user, unread_only }, wanted).await?;
        Ok(Some(NotificationConnection(page)))
    }

    #[graphql(name = "_service")]
    fn service() -> ServiceSdl {
        ServiceSdl { sdl: SDL }
    }

    #[graphql(name = "_entities")]
    async fn entities(
        representations: Vec<Any>,
        context: &Notifications,
    ) -> Result<Vec<Option<Entity>>, Fault> {
        resolve(&representations, read, |reference| load(reference, context)).await
    }
}

struct Mutation;

#[graphql_object(context = Notifications)]
impl Mutation {
    async fn mark_notification_read(
        id: ID,
        context: &Notifications,
    ) -> Result<NotificationValue, Fault> {
        let id = context.session.write(move |sql| rows::mark_read(sql, &id)).await?;
        let notice = context.notices.load(id).await?;
        let told = notice.map(|notice| Told { notice, given: Given::default() });
        told.map(Told::kind)
            .ok_or_else(|| Fault::new(Code::Internal, "what was just written is gone"))
    }
}

#[derive(GraphQLUnion)]
#[graphql(name = "_Entity", context = Notifications)]
enum Entity {
    Like(LikeNotification),
    Comment(CommentNotification),
    Follow(FollowNotification),
    Message(MessageNotification),
    User(User),
}

enum Reference {
    Notification { id: Id, typename: String, given: Given },
    User { id: Id, name: Option<String> },
}

fn read(representation: &Representation<'_>) -> Result<Reference, Fault> {
    let text = |of: &Representation<'_>, field: &str| of.text(field).map(str::to_owned);
    let inside = |object: &str, field: &str| -> Result<Option<String>, Fault> {
        let object = representation.maybe(object, Representation::inside)?;
        Ok(object.map(|object| object.maybe(field, text)).transpose()?.flatten())
    };
    match representation.typename() {
        "User" => Ok(Reference::User {
            id: representation.id("id")?,
            name: representation.maybe("name", text)?,
        }),
        typename @ ("LikeNotification"
        | "CommentNotification"
        | "FollowNotification"
        | "MessageNotification") => Ok(Reference::Notification {
            id: representation.id("id")?,
            typename: typename.to_owned(),
            given: Given {
                actor_name: inside("actor", "name")?,
                post_title: inside("post", "title")?,
            },
        }),
        _ => representation.unknown_type("the four kinds of notification and User"),
    }
}

async fn load(reference: Reference, context: &Notifications) -> Result<Option<Entity>, Fault> {
    Ok(match reference {
        Reference::User { id: Some(id), name } => {
            context.known_users.load(id).await?.map(|()| Entity::User(User { id, name }))
        }
        Reference::Notification { id: Some(id), typename, given } => {
            let notice = context.notices.load(id).await?;
            notice.and_then(|notice| entity(&typename, Told { notice, given }))
        }
        _ => None,
    })
}

/// The entity, if the notification is of the kind that the representation says.
fn entity(typename: &str, told: Told) -> Option<Entity> {
    match (typename, told.kind()) {
        ("LikeNotification", NotificationValue::LikeNotification(told)) => Some(Entity::Like(told)),
        ("CommentNotification", NotificationValue::CommentNotification(told)) => {
            Some(Entity::Comment(told))
        }
        ("FollowNotification", NotificationValue::FollowNotification(told)) => {
            Some(Entity::Follow(told))
        }
        ("MessageNotification", NotificationValue::MessageNotification(told)) => {
            Some(Entity::Message(told))
        }
        _ => None,
    }
}
