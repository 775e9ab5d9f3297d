//! Who follows whom, and who likes what.

use rusqlite::{Connection, params};

use super::{
    event::{Event, What},
    random::Random,
    size::{FIRST_POST, POSTING_SPAN, Size, author_of, posted_at},
};
use crate::fault::Fault;

/// Follows and likes in memory: feeds and old like counts are made from them.
pub(super) struct Ties {
    /// By follower, from id 1: the ids that they follow, rising.
    pub(super) follows: Vec<Vec<usize>>,
    /// By post, from id 1: the ids of those who like it, rising.
    pub(super) likes: Vec<Vec<usize>>,
}

impl Ties {
    pub(super) fn invent(size: Size) -> Self {
        let mut random = Random::stream(size.seed, "follows");
        let follows = (1..=size.users).map(|id| {
            let wish = random.between(4, 20).max(if id == 1 { 16 } else { 0 });
            let mut followed = some_people(&mut random, size.users, wish);
            followed.retain(|other| *other != id);
            followed
        });
        let follows = follows.collect();
        let mut random = Random::stream(size.seed, "likes");
        let likes = (1..=size.posts).map(|_| {
            let wish = match random.below(100) {
                0..30 => 0,
                30..62 => random.between(1, 2),
                62..90 => random.between(3, 6),
                90..98 => random.between(7, 12),
                _ => random.between(13, 40),
            };
            some_people(&mut random, size.users, wish)
        });
        let likes = likes.collect();
        Self { follows, likes }
    }

    pub(super) fn write_follows(
        &self,
        connection: &Connection,
        events: &mut Vec<Event>,
    ) -> Result<usize, Fault> {
        let mut insert = connection.prepare("INSERT INTO follows VALUES (?1, ?2, ?3)")?;
        let pairs = self.follows.iter().zip(1..);
        let pairs = pairs.flat_map(|(ids, follower)| ids.iter().map(move |id| (follower, *id)));
        let mut count = 0;
        let mut random = Random::stream(count as u64, "since");
        for (follower, followee) in pairs {
            let at = FIRST_POST + random.below(POSTING_SPAN as usize) as i64;
            insert.execute(params![follower as i64, followee as i64, at])?;
            let event = Event { user: followee, actor: follower, at, what: What::Follow };
            Event::note(events, event, count, 8);
            count += 1;
        }
        Ok(count)
    }

    pub(super) fn write_likes(
        &self,
        connection: &Connection,
        size: Size,
        events: &mut Vec<Event>,
    ) -> Result<usize, Fault> {
        let mut insert = connection.prepare("INSERT INTO likes VALUES (?1, ?2, ?3)")?;
        let mut count = 0;
        for (ids, post) in self.likes.iter().zip(1..) {
            let (author, posted) = (author_of(size, post), posted_at(size, post));
            for (user, minutes) in ids.iter().zip(1..) {
                let at = posted + 420 * minutes;
                insert.execute(params![post as i64, *user as i64, at])?;
                let event = Event { user: author, actor: *user, at, what: What::Like { post } };
                Event::note(events, event, count, 12);
                count += 1;
            }
        }
        Ok(count)
    }
}

/// At most `wish` different people, rising by id; the well-known are likelier.
fn some_people(random: &mut Random, users: usize, wish: usize) -> Vec<usize> {
    let mut people: Vec<usize> = (0..wish).map(|_| random.skewed(users) + 1).collect();
    people.sort_unstable();
    people.dedup();
    people
}
