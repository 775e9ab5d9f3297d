//! The SQL of the feed service.

use std::collections::HashMap;

use juniper::GraphQLEnum;
use rusqlite::types::FromSqlError;

use crate::{
    fault::Fault,
    moment::Moment,
    page::{Page, Slice},
    store::Sql,
};

/// A post in somebody's feed.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) post: PostRow,
    pub(super) reason: FeedReason,
}

/// What the feed service keeps of a post.
#[derive(Clone, Copy, Debug)]
pub(super) struct PostRow {
    pub(super) id: i64,
    pub(super) created_at: Moment,
}

/// The enum of the schema, whose names the table holds too.
#[derive(Clone, Copy, Debug, GraphQLEnum)]
pub(super) enum FeedReason {
    FollowedAuthor,
    LikedByFollowed,
    Trending,
}

pub(super) fn posts(sql: &Sql<'_>, ids: &[i64]) -> Result<HashMap<i64, PostRow>, Fault> {
    let statement = "SELECT k.key, posts.id, created_at \
                     FROM json_each(?1) k CROSS JOIN posts ON posts.id = k.value";
    sql.by_key(statement, ids, |row| {
        Ok(PostRow { id: row.get(1)?, created_at: Moment(row.get(2)?) })
    })
}

pub(super) fn feeds(
    sql: &Sql<'_>,
    slices: &[Slice<i64>],
) -> Result<HashMap<Slice<i64>, Page<Item>>, Fault> {
    let statement = "SELECT k.key, f.post_id, f.reason, p.created_at \
                     FROM json_each(?1) k CROSS JOIN feed_items f \
                     ON f.user_id = k.value ->> 'parent' AND f.post_id IN ( \
                         SELECT g.post_id FROM feed_items g \
                         WHERE g.user_id = k.value ->> 'parent' AND g.post_id < k.value ->> 'after' \
                         ORDER BY g.post_id DESC LIMIT ?2) \
                     CROSS JOIN posts p ON p.id = f.post_id \
                     ORDER BY k.key, f.post_id DESC";
    sql.pages(statement, slices, |row| {
        let reason = match row.get_ref(2)?.as_str()? {
            "FOLLOWED_AUTHOR" => FeedReason::FollowedAuthor,
            "LIKED_BY_FOLLOWED" => FeedReason::LikedByFollowed,
            "TRENDING" => FeedReason::Trending,
            _ => return Err(FromSqlError::InvalidType.into()),
        };
        let post = PostRow { id: row.get(1)?, created_at: Moment(row.get(3)?) };
        Ok(Item { post, reason })
    })
}

/// The most liked of the latest thousand posts.
pub(super) fn trending(sql: &Sql<'_>, first: usize) -> Result<Vec<PostRow>, Fault> {
    sql.rows(
        "SELECT p.id, p.created_at FROM \
             (SELECT id, created_at FROM posts ORDER BY id DESC LIMIT 1000) p \
         ORDER BY (SELECT count(*) FROM likes l WHERE l.post_id = p.id) DESC, p.id DESC LIMIT ?1",
        [first as i64],
        |row| Ok(PostRow { id: row.get(0)?, created_at: Moment(row.get(1)?) }),
    )
}
