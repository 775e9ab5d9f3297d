//! The SQL of the messages service.

use std::{collections::HashMap, sync::Arc};

use rusqlite::Row;

use crate::{
    fault::{Code, Fault},
    moment::Moment,
    page::{Page, Slice},
    store::Sql,
};

/// A row of `messages`.
#[derive(Clone, Debug)]
pub(super) struct MessageRow {
    pub(super) id: i64,
    pub(super) conversation_id: i64,
    pub(super) sender_handle: Arc<str>,
    pub(super) sender_name: Arc<str>,
    pub(super) text: Arc<str>,
    pub(super) sent_at: Moment,
}

pub(super) fn known_handles(
    sql: &Sql<'_>,
    handles: &[String],
) -> Result<HashMap<String, ()>, Fault> {
    let statement = "SELECT k.key FROM json_each(?1) k CROSS JOIN users ON users.handle = k.value";
    sql.by_key(statement, handles, |_| Ok(()))
}

/// The handles of those who take part, by conversation. A conversation exists when somebody does.
pub(super) fn participants(
    sql: &Sql<'_>,
    conversations: &[i64],
) -> Result<HashMap<i64, Vec<Arc<str>>>, Fault> {
    let statement = "SELECT k.key, json_group_array(handle) FROM json_each(?1) k \
                     CROSS JOIN participants ON participants.conversation_id = k.value \
                     GROUP BY k.key";
    sql.by_key(statement, conversations, |row| {
        let handles = serde_json::from_str::<Vec<String>>(row.get_ref(1)?.as_str()?);
        let mut handles = handles.expect("invariant: SQLite writes a list of strings");
        handles.sort_unstable();
        Ok(handles.into_iter().map(Arc::from).collect())
    })
}

pub(super) fn messages(sql: &Sql<'_>, ids: &[i64]) -> Result<HashMap<i64, MessageRow>, Fault> {
    let statement = "SELECT k.key, messages.id, conversation_id, sender_handle, sender_name, text, sent_at \
                     FROM json_each(?1) k CROSS JOIN messages ON messages.id = k.value";
    sql.by_key(statement, ids, message)
}

pub(super) fn message_counts(sql: &Sql<'_>, ids: &[i64]) -> Result<HashMap<i64, i32>, Fault> {
    let statement = "SELECT k.key, count(*) FROM json_each(?1) k \
                     CROSS JOIN messages ON messages.conversation_id = k.value GROUP BY k.key";
    sql.by_key(statement, ids, |row| row.get(1))
}

pub(super) fn messages_of(
    sql: &Sql<'_>,
    slices: &[Slice<i64>],
) -> Result<HashMap<Slice<i64>, Page<MessageRow>>, Fault> {
    let statement = "SELECT k.key, messages.id, conversation_id, sender_handle, sender_name, text, sent_at \
                     FROM json_each(?1) k CROSS JOIN messages ON messages.id IN ( \
                         SELECT m.id FROM messages m \
                         WHERE m.conversation_id = k.value ->> 'parent' \
                             AND m.id < k.value ->> 'after' \
                         ORDER BY m.id DESC LIMIT ?2) \
                     ORDER BY k.key, messages.id DESC";
    sql.pages(statement, slices, message)
}

pub(super) fn conversations_of(
    sql: &Sql<'_>,
    slices: &[Slice<String>],
) -> Result<HashMap<Slice<String>, Page<i64>>, Fault> {
    let statement = "SELECT k.key, p.conversation_id \
                     FROM json_each(?1) k CROSS JOIN participants p \
                     ON p.handle = k.value ->> 'parent' AND p.conversation_id IN ( \
                         SELECT q.conversation_id FROM participants q \
                         WHERE q.handle = k.value ->> 'parent' \
                             AND q.conversation_id < k.value ->> 'after' \
                         ORDER BY q.conversation_id DESC LIMIT ?2) \
                     ORDER BY k.key, p.conversation_id DESC";
    sql.pages(statement, slices, |row| row.get(1))
}

/// What `sendMessage` inserts.
pub(super) struct NewMessage {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) text: String,
}

/// Inserts a message, opens the conversation if it is the first, tells the receiver.
pub(super) fn send(sql: &Sql<'_>, new: &NewMessage) -> Result<i64, Fault> {
    let (sender, receiver) = (account(sql, &new.from)?, account(sql, &new.to)?);
    if sender.id == receiver.id {
        return Err(Fault::bad_input("nobody can send messages to themselves"));
    }
    if receiver.suspended {
        let message = format!("`{}` takes no messages at the moment", new.to);
        return Err(Fault::new(Code::BadUserInput, message));
    }
    let conversation = sql.row(
        "SELECT a.conversation_id FROM participants a JOIN participants b \
         ON b.conversation_id = a.conversation_id WHERE a.handle = ?1 AND b.handle = ?2 LIMIT 1",
        (&new.from, &new.to),
        |row| row.get(0),
    )?;
    let conversation = conversation.map_or_else(|| open(sql, new), Ok)?;
    sql.change(
        "INSERT INTO messages (conversation_id, sender_handle, sender_name, text, sent_at) \
         VALUES (?1, ?2, ?3, ?4, unixepoch())",
        (conversation, &new.from, &sender.name, &new.text),
    )?;
    let id = sql.inserted();
    sql.change(
        "INSERT INTO notifications (user_id, kind, actor_id, conversation_id, at, read) \
         VALUES (?1, 'MESSAGE', ?2, ?3, unixepoch(), 0)",
        (receiver.id, sender.id, conversation),
    )?;
    Ok(id)
}

struct Account {
    id: i64,
    name: String,
    suspended: bool,
}

fn account(sql: &Sql<'_>, handle: &str) -> Result<Account, Fault> {
    let statement = "SELECT id, name, suspended FROM users WHERE handle = ?1";
    let found = sql.row(statement, [handle], |row| {
        Ok(Account { id: row.get(0)?, name: row.get(1)?, suspended: row.get(2)? })
    })?;
    let shown = || handle.chars().take(40).collect::<String>();
    found.ok_or_else(|| Fault::not_found("user with the handle", &shown()))
}

fn open(sql: &Sql<'_>, new: &NewMessage) -> Result<i64, Fault> {
    let last = sql.row("SELECT max(conversation_id) FROM messages", [], |row| row.get(0))?;
    let conversation = last.flatten().unwrap_or(0i64) + 1;
    for handle in [&new.from, &new.to] {
        sql.change("INSERT INTO participants VALUES (?1, ?2)", (handle, conversation))?;
    }
    Ok(conversation)
}

fn message(row: &Row<'_>) -> rusqlite::Result<MessageRow> {
    Ok(MessageRow {
        id: row.get(1)?,
        conversation_id: row.get(2)?,
        sender_handle: row.get(3)?,
        sender_name: row.get(4)?,
        text: row.get(5)?,
        sent_at: Moment(row.get(6)?),
    })
}
