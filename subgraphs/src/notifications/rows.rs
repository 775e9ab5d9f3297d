//! The SQL of the notifications service.

use std::collections::HashMap;

use rusqlite::{Row, types::FromSqlError};
use serde::Serialize;

use crate::{
    fault::Fault,
    federation::parse_id,
    moment::Moment,
    page::{Page, Slice},
    store::Sql,
};

/// A row of `notifications`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Notice {
    pub(super) id: i64,
    pub(super) actor_id: i64,
    pub(super) about: About,
    pub(super) at: Moment,
    pub(super) read: bool,
}

/// What it is about; one variant for each kind of notification.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum About {
    Like { post: i64 },
    Comment { post: i64, number: i64 },
    Follow,
    Message { conversation: i64 },
}

/// Whose notifications, and which of them.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub(super) struct Inbox {
    pub(super) user: i64,
    pub(super) unread_only: bool,
}

pub(super) fn notices(sql: &Sql<'_>, ids: &[i64]) -> Result<HashMap<i64, Notice>, Fault> {
    let statement = "SELECT k.key, n.id, kind, actor_id, post_id, comment_number, conversation_id, \
                     at, read FROM json_each(?1) k CROSS JOIN notifications n ON n.id = k.value";
    sql.by_key(statement, ids, notice)
}

pub(super) fn unread_counts(sql: &Sql<'_>, users: &[i64]) -> Result<HashMap<i64, i32>, Fault> {
    let statement = "SELECT k.key, count(*) FROM json_each(?1) k CROSS JOIN notifications n \
                     ON n.user_id = k.value AND n.read = 0 GROUP BY k.key";
    sql.by_key(statement, users, |row| row.get(1))
}

pub(super) fn inboxes(
    sql: &Sql<'_>,
    slices: &[Slice<Inbox>],
) -> Result<HashMap<Slice<Inbox>, Page<Notice>>, Fault> {
    let statement = "SELECT k.key, n.id, kind, actor_id, post_id, comment_number, conversation_id, \
                     at, read FROM json_each(?1) k CROSS JOIN notifications n ON n.id IN ( \
                         SELECT m.id FROM notifications m \
                         WHERE m.user_id = k.value ->> '$.parent.user' \
                             AND m.id < k.value ->> '$.after' \
                             AND m.read <= 1 - (k.value ->> '$.parent.unread_only') \
                         ORDER BY m.id DESC LIMIT ?2) \
                     ORDER BY k.key, n.id DESC";
    sql.pages(statement, slices, notice)
}

/// Marks a notification as read; returns its id.
pub(super) fn mark_read(sql: &Sql<'_>, id: &str) -> Result<i64, Fault> {
    let missing = || Fault::not_found("notification", &id.chars().take(40).collect::<String>());
    let id = parse_id(id).ok_or_else(missing)?;
    let changed = sql.change("UPDATE notifications SET read = 1 WHERE id = ?1", [id])?;
    if changed == 0 { Err(missing()) } else { Ok(id) }
}

fn notice(row: &Row<'_>) -> rusqlite::Result<Notice> {
    let about = match row.get_ref(2)?.as_str()? {
        "LIKE" => About::Like { post: row.get(4)? },
        "COMMENT" => About::Comment { post: row.get(4)?, number: row.get(5)? },
        "FOLLOW" => About::Follow,
        "MESSAGE" => About::Message { conversation: row.get(6)? },
        _ => return Err(FromSqlError::InvalidType.into()),
    };
    Ok(Notice {
        id: row.get(1)?,
        actor_id: row.get(3)?,
        about,
        at: Moment(row.get(7)?),
        read: row.get(8)?,
    })
}
