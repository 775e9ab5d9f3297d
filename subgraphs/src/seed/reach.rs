//! What reaches whom: feeds, messages, notifications.

use rusqlite::{Connection, params};

use super::{
    event::{Event, What},
    people::People,
    random::Random,
    size::{FIRST_POST, POSTING_SPAN, Size, author_of},
    ties::Ties,
    words,
};
use crate::fault::Fault;

/// Every feed: posts by those whom the reader follows, posts that those like, a popular one.
/// Each reason is true.
pub(super) fn feeds(connection: &Connection, size: Size, ties: &Ties) -> Result<usize, Fault> {
    let mut random = Random::stream(size.seed, "feeds");
    let mut written = vec![Vec::new(); size.users + 1];
    let mut liked = vec![Vec::new(); size.users + 1];
    let mut popular = Vec::new();
    for (likes, post) in ties.likes.iter().zip(1usize..) {
        written[author_of(size, post)].push(post);
        likes.iter().for_each(|user| liked[*user].push(post));
        if likes.len() >= 10 {
            popular.push(post);
        }
    }
    let mut insert = connection.prepare("INSERT OR IGNORE INTO feed_items VALUES (?1, ?2, ?3)")?;
    let mut count = 0;
    for (follows, user) in ties.follows.iter().zip(1i64..) {
        let mut add = |from: &[usize], reason: &str, random: &mut Random| {
            if from.is_empty() {
                return Ok(0);
            }
            let post = from[from.len() - 1 - random.skewed(from.len())];
            insert.execute(params![user, post as i64, reason])
        };
        for followee in follows {
            count += add(&written[*followee], "FOLLOWED_AUTHOR", &mut random)?;
        }
        for followee in follows.iter().step_by(4) {
            count += add(&liked[*followee], "LIKED_BY_FOLLOWED", &mut random)?;
        }
        count += add(&popular, "TRENDING", &mut random)?;
    }
    Ok(count)
}

/// Conversations, one for each user on average, of two to eight messages.
pub(super) fn messages(
    connection: &Connection,
    size: Size,
    people: &People,
    events: &mut Vec<Event>,
) -> Result<usize, Fault> {
    let mut random = Random::stream(size.seed, "messages");
    let mut join = connection.prepare("INSERT INTO participants VALUES (?1, ?2)")?;
    let mut insert = connection.prepare(
        "INSERT INTO messages (conversation_id, sender_handle, sender_name, text, sent_at) \
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    let mut count = 0;
    let mut met = std::collections::HashSet::new();
    for conversation in 1..=size.users {
        let (one, other) = loop {
            let (one, other) = (random.below(size.users) + 1, random.skewed(size.users) + 1);
            if one != other && (met.insert((one.min(other), one.max(other))) || size.users < 20) {
                break (one, other);
            }
        };
        let pair = [one, other];
        for user in pair {
            join.execute(params![people.by_id(user).handle, conversation as i64])?;
        }
        let mut at = FIRST_POST + random.below(POSTING_SPAN as usize) as i64;
        for turn in 0..random.between(2, 8) {
            let (sender, receiver) = (pair[turn % 2], pair[(turn + 1) % 2]);
            let person = people.by_id(sender);
            at += random.between(30, 40_000) as i64;
            let text = random.pick(words::MESSAGES);
            insert.execute(params![conversation as i64, person.handle, person.name, text, at])?;
            let what = What::Message { conversation };
            Event::note(events, Event { user: receiver, actor: sender, at, what }, count, 6);
            count += 1;
        }
    }
    Ok(count)
}

/// Notifications of the noted events, in the order in which they happened. Half are read.
pub(super) fn notifications(connection: &Connection, events: &mut [Event]) -> Result<usize, Fault> {
    events.sort_by_key(|event| event.at);
    let mut insert = connection.prepare(
        "INSERT INTO notifications (user_id, kind, actor_id, post_id, comment_number, \
         conversation_id, at, read) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    let number = |value: usize| Some(value as i64);
    for (event, index) in events.iter().zip(0usize..) {
        let (kind, post, comment, conversation) = match event.what {
            What::Like { post } => ("LIKE", number(post), None, None),
            What::Comment { post, number: comment } => {
                ("COMMENT", number(post), number(comment), None)
            }
            What::Follow => ("FOLLOW", None, None, None),
            What::Message { conversation } => ("MESSAGE", None, None, number(conversation)),
        };
        let read = index % 2 == 0;
        let (user, actor) = (event.user as i64, event.actor as i64);
        let row = params![user, kind, actor, post, comment, conversation, event.at, read];
        insert.execute(row)?;
    }
    Ok(events.len())
}
