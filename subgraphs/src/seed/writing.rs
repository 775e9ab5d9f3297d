//! Posts and comments.

use rusqlite::{Connection, params};

use super::{
    event::{Event, What},
    random::Random,
    size::{Size, author_of, posted_at},
    ties::Ties,
    words,
};
use crate::fault::Fault;

pub(super) fn posts(connection: &Connection, size: Size, ties: &Ties) -> Result<usize, Fault> {
    let mut random = Random::stream(size.seed, "posts");
    let mut insert = connection.prepare("INSERT INTO posts VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?;
    for (likes, id) in ties.likes.iter().zip(1..) {
        let subject = &words::SUBJECTS[random.below(words::SUBJECTS.len())];
        let thing = random.pick(subject.things);
        let title = capitalised(&random.pick(subject.titles).replace("{}", thing));
        // What the count was when likes moved away: three quarters of today's.
        let old_likes = likes.len() * 3 / 4;
        insert.execute(params![
            id as i64,
            author_of(size, id) as i64,
            title,
            text(&mut random, subject, thing),
            subject.topic,
            posted_at(size, id),
            old_likes as i64
        ])?;
    }
    Ok(size.posts)
}

pub(super) fn comments(
    connection: &Connection,
    size: Size,
    events: &mut Vec<Event>,
) -> Result<usize, Fault> {
    let mut random = Random::stream(size.seed, "comments");
    let mut insert = connection.prepare("INSERT INTO comments VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
    let mut count = 0;
    for post in 1..=size.posts {
        let (owner, mut at) = (author_of(size, post), posted_at(size, post));
        let many = [0, 0, 1, 1, 1, 2, 2, 3, 4, 1][random.below(10)];
        for number in 1..=many {
            count += 1;
            at += random.between(60, 7200) as i64;
            let author = random.skewed(size.users) + 1;
            let text = random.pick(words::COMMENTS);
            insert.execute(params![
                count as i64,
                post as i64,
                number as i64,
                author as i64,
                text,
                at
            ])?;
            let what = What::Comment { post, number };
            Event::note(events, Event { user: owner, actor: author, at, what }, count, 6);
        }
    }
    Ok(count)
}

/// Two or three different sentences of the subject.
fn text(random: &mut Random, subject: &words::Subject, thing: &str) -> String {
    let first = random.below(subject.sentences.len());
    let many = random.between(2, 3);
    let sentences = subject.sentences.iter().cycle().skip(first).take(many);
    let sentences: Vec<String> = sentences.map(|sentence| sentence.replace("{}", thing)).collect();
    sentences.join(" ")
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}
