//! The SQL of the posts service.

use std::{collections::HashMap, sync::Arc};

use juniper::GraphQLEnum;
use rusqlite::{Row, types::FromSqlError};

use crate::{
    fault::Fault,
    lookups::{require_post, require_user},
    moment::Moment,
    page::{Page, Placed, Slice, Wanted},
    store::Sql,
};

/// A row of `posts`.
#[derive(Clone, Debug)]
pub(super) struct PostRow {
    pub(super) id: i64,
    pub(super) author_id: i64,
    pub(super) title: Arc<str>,
    pub(super) text: Arc<str>,
    pub(super) topic: Topic,
    pub(super) created_at: Moment,
    pub(super) old_like_count: i32,
}

/// A row of `comments`.
#[derive(Clone, Debug)]
pub(super) struct CommentRow {
    pub(super) id: i64,
    pub(super) post_id: i64,
    pub(super) number: i64,
    pub(super) author_id: i64,
    pub(super) text: Arc<str>,
    pub(super) created_at: Moment,
}

/// The enum of the schema, whose names the table holds too.
#[derive(Clone, Copy, Debug, PartialEq, GraphQLEnum)]
pub(super) enum Topic {
    Books,
    Code,
    Cooking,
    Gardening,
    Life,
    Music,
    Science,
    Sport,
    Travel,
}

const TOPICS: [(Topic, &str); 9] = [
    (Topic::Books, "BOOKS"),
    (Topic::Code, "CODE"),
    (Topic::Cooking, "COOKING"),
    (Topic::Gardening, "GARDENING"),
    (Topic::Life, "LIFE"),
    (Topic::Music, "MUSIC"),
    (Topic::Science, "SCIENCE"),
    (Topic::Sport, "SPORT"),
    (Topic::Travel, "TRAVEL"),
];

impl Topic {
    pub(super) fn name(self) -> &'static str {
        TOPICS[self as usize].1
    }

    fn from_name(name: &str) -> rusqlite::Result<Self> {
        let found = TOPICS.iter().find(|(_, known)| *known == name);
        found.map(|(topic, _)| *topic).ok_or_else(|| FromSqlError::InvalidType.into())
    }
}

pub(super) fn posts(sql: &Sql<'_>, ids: &[i64]) -> Result<HashMap<i64, PostRow>, Fault> {
    let statement = "SELECT k.key, posts.id, author_id, title, text, topic, created_at, old_like_count \
                     FROM json_each(?1) k CROSS JOIN posts ON posts.id = k.value";
    sql.by_key(statement, ids, post)
}

pub(super) fn posts_by_author(
    sql: &Sql<'_>,
    slices: &[Slice<i64>],
) -> Result<HashMap<Slice<i64>, Page<PostRow>>, Fault> {
    let statement = "SELECT k.key, posts.id, author_id, title, text, topic, created_at, old_like_count \
                     FROM json_each(?1) k CROSS JOIN posts ON posts.id IN ( \
                         SELECT mine.id FROM posts mine \
                         WHERE mine.author_id = k.value ->> 'parent' \
                             AND mine.id < k.value ->> 'after' \
                         ORDER BY mine.id DESC LIMIT ?2) \
                     ORDER BY k.key, posts.id DESC";
    sql.pages(statement, slices, post)
}

/// All posts, or those of one topic.
pub(super) fn latest(
    sql: &Sql<'_>,
    topic: Option<Topic>,
    wanted: Wanted,
) -> Result<Page<PostRow>, Fault> {
    let (before, limit) = (wanted.after.unwrap_or(i64::MAX), wanted.first as i64 + 1);
    let place = |row: &Row<'_>| post(row).map(|item| Placed { position: item.id, item });
    let rows = match topic {
        Some(topic) => sql.rows(
            "SELECT 0, id, author_id, title, text, topic, created_at, old_like_count \
             FROM posts WHERE topic = ?3 AND id < ?1 ORDER BY id DESC LIMIT ?2",
            (before, limit, topic.name()),
            place,
        ),
        None => sql.rows(
            "SELECT 0, id, author_id, title, text, topic, created_at, old_like_count \
             FROM posts WHERE id < ?1 ORDER BY id DESC LIMIT ?2",
            (before, limit),
            place,
        ),
    };
    Ok(Page::cut(rows?, wanted.first))
}

pub(super) fn post_counts(sql: &Sql<'_>, ids: &[i64]) -> Result<HashMap<i64, i32>, Fault> {
    let statement = "SELECT k.key, count(*) FROM json_each(?1) k \
                     CROSS JOIN posts ON posts.author_id = k.value GROUP BY k.key";
    sql.by_key(statement, ids, |row| row.get(1))
}

pub(super) fn comment_counts(sql: &Sql<'_>, ids: &[i64]) -> Result<HashMap<i64, i32>, Fault> {
    let statement = "SELECT k.key, count(*) FROM json_each(?1) k \
                     CROSS JOIN comments ON comments.post_id = k.value GROUP BY k.key";
    sql.by_key(statement, ids, |row| row.get(1))
}

pub(super) fn comments(sql: &Sql<'_>, ids: &[i64]) -> Result<HashMap<i64, CommentRow>, Fault> {
    let statement = "SELECT k.key, number, comments.id, post_id, author_id, text, created_at \
                     FROM json_each(?1) k CROSS JOIN comments ON comments.id = k.value";
    sql.by_key(statement, ids, comment)
}

/// By post and number.
pub(super) fn comments_by_number(
    sql: &Sql<'_>,
    keys: &[(i64, i64)],
) -> Result<HashMap<(i64, i64), CommentRow>, Fault> {
    let statement = "SELECT k.key, number, comments.id, post_id, author_id, text, created_at \
                     FROM json_each(?1) k CROSS JOIN comments \
                     ON comments.post_id = k.value ->> 0 AND comments.number = k.value ->> 1";
    sql.by_key(statement, keys, comment)
}

pub(super) fn comments_by_post(
    sql: &Sql<'_>,
    slices: &[Slice<i64>],
) -> Result<HashMap<Slice<i64>, Page<CommentRow>>, Fault> {
    let statement = "SELECT k.key, number, comments.id, post_id, author_id, text, created_at \
                     FROM json_each(?1) k CROSS JOIN comments ON comments.id IN ( \
                         SELECT under.id FROM comments under \
                         WHERE under.post_id = k.value ->> 'parent' \
                             AND under.number > k.value ->> 'after' \
                         ORDER BY under.number LIMIT ?2) \
                     ORDER BY k.key, comments.number";
    sql.pages(statement, slices, comment)
}

/// What `createPost` inserts.
pub(super) struct NewPost {
    pub(super) author_id: String,
    pub(super) title: String,
    pub(super) text: String,
    pub(super) topic: Topic,
}

/// Inserts a post and puts it in its readers' feeds; returns its id.
pub(super) fn create_post(sql: &Sql<'_>, new: &NewPost) -> Result<i64, Fault> {
    let author = require_user(sql, &new.author_id)?;
    sql.change(
        "INSERT INTO posts (author_id, title, text, topic, created_at, old_like_count) \
         VALUES (?1, ?2, ?3, ?4, unixepoch(), 0)",
        (author, &new.title, &new.text, new.topic.name()),
    )?;
    let id = sql.inserted();
    sql.change(
        "INSERT INTO feed_items SELECT follower_id, ?1, 'FOLLOWED_AUTHOR' \
         FROM follows WHERE followee_id = ?2",
        (id, author),
    )?;
    Ok(id)
}

/// Inserts a comment, numbers it, and tells the post's author; returns its id.
pub(super) fn add_comment(
    sql: &Sql<'_>,
    post: &str,
    author: &str,
    text: &str,
) -> Result<i64, Fault> {
    let (post, author) = (require_post(sql, post)?, require_user(sql, author)?);
    sql.change(
        "INSERT INTO comments (post_id, number, author_id, text, created_at) VALUES (?1, \
         (SELECT coalesce(max(number), 0) + 1 FROM comments WHERE post_id = ?1), \
         ?2, ?3, unixepoch())",
        (post, author, text),
    )?;
    let id = sql.inserted();
    sql.change(
        "INSERT INTO notifications (user_id, kind, actor_id, post_id, comment_number, at, read) \
         SELECT posts.author_id, 'COMMENT', ?2, ?1, comments.number, comments.created_at, 0 \
         FROM posts, comments WHERE posts.id = ?1 AND comments.id = ?3 AND posts.author_id <> ?2",
        (post, author, id),
    )?;
    Ok(id)
}

fn post(row: &Row<'_>) -> rusqlite::Result<PostRow> {
    Ok(PostRow {
        id: row.get(1)?,
        author_id: row.get(2)?,
        title: row.get(3)?,
        text: row.get(4)?,
        topic: Topic::from_name(row.get_ref(5)?.as_str()?)?,
        created_at: Moment(row.get(6)?),
        old_like_count: row.get(7)?,
    })
}

fn comment(row: &Row<'_>) -> rusqlite::Result<CommentRow> {
    Ok(CommentRow {
        number: row.get(1)?,
        id: row.get(2)?,
        post_id: row.get(3)?,
        author_id: row.get(4)?,
        text: row.get(5)?,
        created_at: Moment(row.get(6)?),
    })
}
