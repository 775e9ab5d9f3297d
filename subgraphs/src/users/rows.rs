//! The SQL of the users service.

use std::{collections::HashMap, sync::Arc};

use juniper::GraphQLEnum;
use rusqlite::Row;

use crate::{
    fault::Fault,
    moment::Moment,
    page::{Page, Placed, Wanted},
    store::Sql,
};

/// A row of `users`; text is shared, since one user often appears many times in an answer.
#[derive(Clone, Debug)]
pub(super) struct UserRow {
    pub(super) id: i64,
    pub(super) handle: Arc<str>,
    pub(super) name: Arc<str>,
    pub(super) bio: Arc<str>,
    pub(super) kind: AccountKind,
    pub(super) email: Arc<str>,
    pub(super) suspended: bool,
    pub(super) joined_at: Moment,
}

#[derive(Clone, Copy, Debug, GraphQLEnum)]
pub(super) enum AccountKind {
    Person,
    Organisation,
    Bot,
}

pub(super) fn by_id(sql: &Sql<'_>, ids: &[i64]) -> Result<HashMap<i64, UserRow>, Fault> {
    let statement = "SELECT k.key, users.id, handle, name, bio, kind, email, suspended, joined_at \
                     FROM json_each(?1) k CROSS JOIN users ON users.id = k.value";
    sql.by_key(statement, ids, user)
}

pub(super) fn by_handle(
    sql: &Sql<'_>,
    handles: &[String],
) -> Result<HashMap<String, UserRow>, Fault> {
    let statement = "SELECT k.key, users.id, handle, name, bio, kind, email, suspended, joined_at \
                     FROM json_each(?1) k CROSS JOIN users ON users.handle = k.value";
    sql.by_key(statement, handles, user)
}

pub(super) fn all(sql: &Sql<'_>, wanted: Wanted) -> Result<Page<UserRow>, Fault> {
    let statement = "SELECT 0, id, handle, name, bio, kind, email, suspended, joined_at \
                     FROM users WHERE id > ?1 ORDER BY id LIMIT ?2";
    let parameters = (wanted.after.unwrap_or(0), wanted.first as i64 + 1);
    let rows = sql.rows(statement, parameters, |row| {
        let item = user(row)?;
        Ok(Placed { position: item.id, item })
    })?;
    Ok(Page::cut(rows, wanted.first))
}

fn user(row: &Row<'_>) -> rusqlite::Result<UserRow> {
    Ok(UserRow {
        id: row.get(1)?,
        handle: row.get(2)?,
        name: row.get(3)?,
        bio: row.get(4)?,
        kind: match row.get_ref(5)?.as_str()? {
            "ORGANISATION" => AccountKind::Organisation,
            "BOT" => AccountKind::Bot,
            _ => AccountKind::Person,
        },
        email: row.get(6)?,
        suspended: row.get(7)?,
        joined_at: Moment(row.get(8)?),
    })
}
