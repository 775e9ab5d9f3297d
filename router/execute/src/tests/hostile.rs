//! Fuzzing: both executors get the same plan and the same hostile bodies, and must answer the same.
//!
//! Bodies begin as what a subgraph would say, and are then cut, doubled, swapped and filled with
//! what JSON readers stumble over. `cargo test` runs some hundred cases, `cargo xtask soak execute`
//! as many as are wanted, or as long.

use std::time::{Duration, Instant};

use super::fast::{Dice, FAST, Hostile, PLANS, WORLD, shown};

/// How many cases the test runs: `TRIBUTARY_EXECUTE_CASES`, or some hundred.
fn cases() -> usize {
    let asked = std::env::var("TRIBUTARY_EXECUTE_CASES").ok().and_then(|text| text.parse().ok());
    asked.unwrap_or(500)
}

/// How long cases are tried, when time decides and not their number.
fn minutes() -> Option<Duration> {
    let asked = std::env::var("TRIBUTARY_EXECUTE_MINUTES").ok()?;
    Some(Duration::from_secs(asked.parse::<u64>().ok()? * 60))
}

/// One change of a body: what is done, where, and how much of it.
type Edit = (u8, u16, u16);

/// What is put into bodies.
const PIECES: [&[u8]; 32] = [
    b"null",
    b"true",
    b"{}",
    b"[]",
    b"[[]]",
    b"-0",
    b"01",
    b"1e999999",
    b"123456789012345678901234567890.12345678901234567890",
    b"2147483648",
    b"\"\\ud800\"",
    b"\"\\udc00\\ud800\"",
    b"\"\\ud83d\\ude00\"",
    b"\"\\u0000\"",
    b"\"\\u005f\\u005ftypename\":\"Book\",",
    b"\"__typename\":\"Ghost\",",
    b"\"__typename\":\"Pen\",",
    b"\"id\":\"1\",",
    b"\"id\":null,",
    b"\"data\":{},",
    b"\"data\":null,",
    b"\"errors\":[],",
    b"\"errors\":[{\"message\":\"m\",\"path\":[\"_entities\",0,\"stock\"]}],",
    b"\xef\xbb\xbf",
    b"\xff",
    b"\x1f\x8b\x08\x00",
    b"\x00",
    b"\t",
    b",",
    b"\"",
    b"\\",
    b"}",
];

/// Makes of a body what the edits say.
fn changed(mut body: Vec<u8>, edits: &[Edit]) -> Vec<u8> {
    for (what, at, size) in edits {
        let at = usize::from(*at) % (body.len() + 1);
        let size = usize::from(*size);
        let end = (at + size % 24).min(body.len());
        match what % 10 {
            0 => drop(body.drain(at..end)),
            1 => body.truncate(at),
            2 => {
                let piece = body[at..end].to_vec();
                body.splice(at..at, piece);
            }
            3 => body[at..end].reverse(),
            4..=7 => {
                // At a place where a value or a member may stand, more often than not.
                let open = |byte: &u8| matches!(byte, b'{' | b'[' | b':' | b',');
                let place = body[at..].iter().position(open).map_or(at, |found| at + found + 1);
                let place = if what % 10 == 4 { at } else { place };
                body.splice(place..place, PIECES[size % PIECES.len()].iter().copied());
            }
            8 => {
                let (open, close): (&[u8], &[u8]) = [
                    (&b"["[..], &b"]"[..]),
                    (b"{\"a\":", b"}"),
                    (b"[", b""),
                    (b"{\"data\":", b"}"),
                ][size % 4];
                // As deep as is allowed, one deeper, and far beyond.
                let levels = [199, 200, 201, 100_000][size / 4 % 4];
                let deep = [open.repeat(levels), b"1".to_vec(), close.repeat(levels)].concat();
                let member = [b"\"x\":".to_vec(), deep, b",".to_vec()].concat();
                let place = body.iter().position(|byte| *byte == b'{').map_or(0, |at| at + 1);
                body.splice(place..place, member);
            }
            _ => body.iter_mut().skip(at).take(size % 3).for_each(|byte| *byte ^= 1 << (size % 8)),
        }
    }
    body
}

/// Runs one case on both.
fn check(operation: u8, seed: u64, edits: &[Edit]) {
    let plan = &PLANS[usize::from(operation) % PLANS.len()];
    // Each fetch has edits of its own, and some have none.
    let change: &Hostile = &|fetch: usize, body: Vec<u8>| {
        let mine = edits.iter().copied().filter(|edit| usize::from(edit.0 >> 4) % 4 == fetch % 4);
        changed(body, &mine.collect::<Vec<Edit>>())
    };
    let (body, asked, calls, _) = shown(&WORLD, plan, (seed, u64::MAX), change);
    let (fast_body, fast_asked, fast_calls, _) = shown(&FAST, plan, (seed, u64::MAX), change);
    assert_eq!(body, fast_body, "operation {operation}, seed {seed}, edits {edits:?}");
    assert_eq!(asked, fast_asked);
    assert_eq!(calls, fast_calls);
}

#[test]
fn hostile_bodies_are_answered_alike() {
    bolero::check!()
        .with_iterations(cases())
        .with_type::<(u8, u64, Vec<Edit>)>()
        .for_each(|(operation, seed, edits)| check(*operation, *seed, edits));
}

#[test]
fn a_million_levels_are_answered_alike() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("[", "")] {
        let deep = [open.repeat(1_000_000), "1".into(), close.repeat(1_000_000)].concat();
        for operation in 0..PLANS.len() {
            let change: &Hostile =
                &|_, _| [b"{\"extensions\":", deep.as_bytes(), b",\"data\":{}}"].concat();
            let slow = shown(&WORLD, &PLANS[operation], (1, u64::MAX), change);
            let fast = shown(&FAST, &PLANS[operation], (1, u64::MAX), change);
            assert_eq!((slow.0, slow.1, slow.2), (fast.0, fast.1, fast.2));
        }
    }
}

/// Runs only where a time is asked for.
#[test]
fn hostile_bodies_are_answered_alike_for_as_long_as_is_asked() {
    let Some(time) = minutes() else { return };
    let started = Instant::now();
    let seed = started.elapsed().as_nanos() as u64 ^ u64::from(std::process::id());
    let mut dice = Dice(seed);
    let mut done = 0u64;
    while started.elapsed() < time {
        let operation = dice.roll(256) as u8;
        let count = dice.roll(6) as usize;
        let edit = |dice: &mut Dice| {
            (dice.roll(256) as u8, dice.roll(1 << 16) as u16, dice.roll(1 << 16) as u16)
        };
        let edits: Vec<Edit> = (0..count).map(|_| edit(&mut dice)).collect();
        check(operation, dice.roll(u64::MAX), &edits);
        done += 1;
    }
    println!("{done} cases from seed {seed}, no difference");
}
