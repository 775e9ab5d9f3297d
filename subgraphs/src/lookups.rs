//! Whether an id of another service exists: what a foreign key would say.

use std::collections::HashMap;

use crate::{fault::Fault, store::Sql};

pub(crate) fn known_users(sql: &Sql<'_>, ids: &[i64]) -> Result<HashMap<i64, ()>, Fault> {
    let statement = "SELECT k.key FROM json_each(?1) k CROSS JOIN users ON users.id = k.value";
    sql.by_key(statement, ids, |_| Ok(()))
}

pub(crate) fn known_posts(sql: &Sql<'_>, ids: &[i64]) -> Result<HashMap<i64, ()>, Fault> {
    let statement = "SELECT k.key FROM json_each(?1) k CROSS JOIN posts ON posts.id = k.value";
    sql.by_key(statement, ids, |_| Ok(()))
}

/// The id of a user whom a mutation names.
///
/// # Errors
///
/// `NOT_FOUND` when there is no such user.
pub(crate) fn require_user(sql: &Sql<'_>, id: &str) -> Result<i64, Fault> {
    require(sql, "SELECT id FROM users WHERE id = ?1", "user", id)
}

/// The id of a post that a mutation names.
///
/// # Errors
///
/// `NOT_FOUND` when there is no such post.
pub(crate) fn require_post(sql: &Sql<'_>, id: &str) -> Result<i64, Fault> {
    require(sql, "SELECT id FROM posts WHERE id = ?1", "post", id)
}

/// The text of a mutation's argument without surrounding blanks.
///
/// # Errors
///
/// `BAD_USER_INPUT` when it is empty or longer than `most` characters.
pub(crate) fn require_text(name: &str, text: &str, most: usize) -> Result<String, Fault> {
    let text = text.trim();
    match text.chars().count() {
        0 => Err(Fault::bad_input(format!("`{name}` must not be empty"))),
        count if count > most => Err(Fault::bad_input(format!(
            "`{name}` must have at most {most} characters, but it has {count}"
        ))),
        _ => Ok(text.to_owned()),
    }
}

fn require(sql: &Sql<'_>, statement: &str, what: &str, id: &str) -> Result<i64, Fault> {
    let shown = || id.chars().take(40).collect::<String>();
    let known = crate::federation::parse_id(id)
        .map(|id| sql.row(statement, [id], |row| row.get(0)))
        .transpose()?
        .flatten();
    known.ok_or_else(|| Fault::not_found(what, &shown()))
}
