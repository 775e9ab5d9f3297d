//! The users: names, handles, biographies.

use std::collections::HashMap;

use rusqlite::{Connection, params};

use super::{
    random::Random,
    size::{FIRST_POST, Size},
    words,
};
use crate::fault::Fault;

/// Everybody, in the order of their ids, which begin at 1.
pub(super) struct People(Vec<Person>);

pub(super) struct Person {
    pub(super) handle: String,
    pub(super) name: String,
    kind: &'static str,
    bio: String,
    suspended: bool,
    joined_at: i64,
}

impl People {
    pub(super) fn invent(size: Size) -> Self {
        let mut random = Random::stream(size.seed, "users");
        let mut taken = HashMap::new();
        let five_years = 5 * 365 * 86_400;
        let people = (1..=size.users).map(|id| {
            let (name, kind) = name(id, &mut random);
            let place = random.pick(words::PLACES);
            let gap = five_years / size.users;
            let since = (id - 1) * gap + random.below(gap.max(1));
            Person {
                handle: handle(&name, &mut taken),
                kind,
                bio: random.pick(words::BIOS).replace("{}", place),
                suspended: id > 10 && random.below(100) == 0,
                joined_at: FIRST_POST - five_years as i64 + since as i64,
                name,
            }
        });
        Self(people.collect())
    }

    pub(super) fn by_id(&self, id: usize) -> &Person {
        &self.0[id - 1]
    }

    pub(super) fn write(&self, connection: &Connection) -> Result<usize, Fault> {
        let mut insert =
            connection.prepare("INSERT INTO users VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?;
        for (person, id) in self.0.iter().zip(1i64..) {
            let email = format!("{}@example.org", person.handle);
            insert.execute(params![
                id,
                person.handle,
                person.name,
                person.bio,
                person.kind,
                email,
                person.suspended,
                person.joined_at
            ])?;
        }
        Ok(self.0.len())
    }
}

/// The first user is always Ana Silva, so that examples can name her.
fn name(id: usize, random: &mut Random) -> (String, &'static str) {
    let person = |random: &mut Random| {
        (format!("{} {}", random.pick(words::GIVEN), random.pick(words::FAMILY)), "PERSON")
    };
    match random.below(50) {
        _ if id == 1 => ("Ana Silva".to_owned(), "PERSON"),
        0..3 => {
            let society = random.pick(words::SOCIETIES);
            (format!("{} {society}", random.pick(words::PLACES)), "ORGANISATION")
        }
        3 => (format!("{} {}", random.pick(words::PLACES), random.pick(words::BOTS)), "BOT"),
        _ => person(random),
    }
}

/// The name in lower case with dots, and a number when somebody else has it already.
fn handle(name: &str, taken: &mut HashMap<String, usize>) -> String {
    let base = name.to_lowercase().replace(' ', ".");
    let count = taken.entry(base.clone()).or_insert(0);
    *count += 1;
    if *count == 1 { base } else { format!("{base}{count}") }
}
