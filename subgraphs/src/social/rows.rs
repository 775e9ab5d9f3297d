//! The SQL of the social service.

use std::collections::HashMap;

use crate::{
    fault::Fault,
    lookups::{require_post, require_user},
    moment::Moment,
    page::{Page, Slice},
    store::Sql,
};

/// Somebody at the other end of a follow or a like, and since when.
#[derive(Clone, Debug)]
pub(super) struct Tie {
    pub(super) user_id: i64,
    pub(super) at: Moment,
}

pub(super) fn like_counts(sql: &Sql<'_>, posts: &[i64]) -> Result<HashMap<i64, i32>, Fault> {
    let statement = "SELECT k.key, count(*) FROM json_each(?1) k \
                     CROSS JOIN likes ON likes.post_id = k.value GROUP BY k.key";
    sql.by_key(statement, posts, |row| row.get(1))
}

pub(super) fn follower_counts(sql: &Sql<'_>, users: &[i64]) -> Result<HashMap<i64, i32>, Fault> {
    let statement = "SELECT k.key, count(*) FROM json_each(?1) k \
                     CROSS JOIN follows ON follows.followee_id = k.value GROUP BY k.key";
    sql.by_key(statement, users, |row| row.get(1))
}

pub(super) fn following_counts(sql: &Sql<'_>, users: &[i64]) -> Result<HashMap<i64, i32>, Fault> {
    let statement = "SELECT k.key, count(*) FROM json_each(?1) k \
                     CROSS JOIN follows ON follows.follower_id = k.value GROUP BY k.key";
    sql.by_key(statement, users, |row| row.get(1))
}

pub(super) type Ties = HashMap<Slice<i64>, Page<Tie>>;

pub(super) fn followers(sql: &Sql<'_>, slices: &[Slice<i64>]) -> Result<Ties, Fault> {
    ties(
        sql,
        "SELECT k.key, f.follower_id, f.since FROM json_each(?1) k CROSS JOIN follows f \
         ON f.followee_id = k.value ->> 'parent' AND f.follower_id IN ( \
             SELECT g.follower_id FROM follows g WHERE g.followee_id = k.value ->> 'parent' \
                 AND g.follower_id > k.value ->> 'after' \
             ORDER BY g.follower_id LIMIT ?2) \
         ORDER BY k.key, f.follower_id",
        slices,
    )
}

pub(super) fn following(sql: &Sql<'_>, slices: &[Slice<i64>]) -> Result<Ties, Fault> {
    ties(
        sql,
        "SELECT k.key, f.followee_id, f.since FROM json_each(?1) k CROSS JOIN follows f \
         ON f.follower_id = k.value ->> 'parent' AND f.followee_id IN ( \
             SELECT g.followee_id FROM follows g WHERE g.follower_id = k.value ->> 'parent' \
                 AND g.followee_id > k.value ->> 'after' \
             ORDER BY g.followee_id LIMIT ?2) \
         ORDER BY k.key, f.followee_id",
        slices,
    )
}

pub(super) fn liked_by(sql: &Sql<'_>, slices: &[Slice<i64>]) -> Result<Ties, Fault> {
    ties(
        sql,
        "SELECT k.key, l.user_id, l.at FROM json_each(?1) k CROSS JOIN likes l \
         ON l.post_id = k.value ->> 'parent' AND l.user_id IN ( \
             SELECT m.user_id FROM likes m WHERE m.post_id = k.value ->> 'parent' \
                 AND m.user_id > k.value ->> 'after' \
             ORDER BY m.user_id LIMIT ?2) \
         ORDER BY k.key, l.user_id",
        slices,
    )
}

pub(super) fn most_followed(sql: &Sql<'_>, first: usize) -> Result<Vec<i64>, Fault> {
    sql.rows(
        "SELECT followee_id FROM follows GROUP BY followee_id \
         ORDER BY count(*) DESC, followee_id LIMIT ?1",
        [first as i64],
        |row| row.get(0),
    )
}

/// Likes a post and tells its author, unless it was liked before; returns the post's id.
pub(super) fn like(sql: &Sql<'_>, post: &str, user: &str) -> Result<i64, Fault> {
    let (post, user) = (require_post(sql, post)?, require_user(sql, user)?);
    let new = sql.change(
        "INSERT OR IGNORE INTO likes (post_id, user_id, at) VALUES (?1, ?2, unixepoch())",
        (post, user),
    )?;
    if new > 0 {
        sql.change(
            "INSERT INTO notifications (user_id, kind, actor_id, post_id, at, read) \
             SELECT author_id, 'LIKE', ?2, ?1, unixepoch(), 0 FROM posts \
             WHERE id = ?1 AND author_id <> ?2",
            (post, user),
        )?;
    }
    Ok(post)
}

/// Follows somebody and tells them, unless that was so before; returns the followed one's id.
pub(super) fn follow(sql: &Sql<'_>, follower: &str, followee: &str) -> Result<i64, Fault> {
    let (follower, followee) = (require_user(sql, follower)?, require_user(sql, followee)?);
    if follower == followee {
        return Err(Fault::bad_input("nobody can follow themselves"));
    }
    let new = sql.change(
        "INSERT OR IGNORE INTO follows (follower_id, followee_id, since) \
         VALUES (?1, ?2, unixepoch())",
        (follower, followee),
    )?;
    if new > 0 {
        sql.change(
            "INSERT INTO notifications (user_id, kind, actor_id, at, read) \
             VALUES (?2, 'FOLLOW', ?1, unixepoch(), 0)",
            (follower, followee),
        )?;
    }
    Ok(followee)
}

fn ties(sql: &Sql<'_>, statement: &str, slices: &[Slice<i64>]) -> Result<Ties, Fault> {
    sql.pages(statement, slices, |row| Ok(Tie { user_id: row.get(1)?, at: Moment(row.get(2)?) }))
}
