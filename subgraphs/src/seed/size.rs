//! How large the network is, and what follows from that alone.

use std::time::Duration;

use super::random::Random;
use crate::fault::{Code, Fault};

/// 1 January 2025, when the first post was written.
pub(super) const FIRST_POST: i64 = 1_735_689_600;
/// A year and a half of posts.
pub(super) const POSTING_SPAN: i64 = 47_304_000;

/// How large the network is, and which one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// People, organisations and bots; at least 4, so that there is somebody to follow.
    pub users: usize,
    /// Posts; at least 1.
    pub posts: usize,
    /// Networks of the same size differ by this number.
    pub seed: u64,
}

/// What has been written so far.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// The plural noun, for example `posts`.
    pub what: &'static str,
    /// How many of them.
    pub rows: usize,
    /// Since the step began.
    pub took: Duration,
}

impl Default for Size {
    fn default() -> Self {
        Self { users: 10_000, posts: 100_000, seed: 1 }
    }
}

impl Size {
    /// # Errors
    ///
    /// When the network would be too small to be one, or too large for a demo.
    pub(crate) fn check(self) -> Result<(), Fault> {
        let refuse = |message: &str| Err(Fault::new(Code::BadUserInput, message.to_owned()));
        match self {
            Self { users, .. } if !(4..=1_000_000).contains(&users) => {
                refuse("the number of users must be 4 to 1,000,000")
            }
            Self { posts, .. } if !(1..=10_000_000).contains(&posts) => {
                refuse("the number of posts must be 1 to 10,000,000")
            }
            _ => Ok(()),
        }
    }

    /// Names the data in a database file. The leading number changes when the generator does.
    pub(crate) fn mark(self) -> String {
        format!("data 1, {} users, {} posts, seed {}", self.users, self.posts, self.seed)
    }
}

/// Who wrote a post: part of every table that mentions posts, hence a function of the post alone.
pub(super) fn author_of(size: Size, post: usize) -> usize {
    Random::stream(size.seed ^ (post as u64) << 8, "author").skewed(size.users) + 1
}

/// When a post was written: in the order of ids, at uneven intervals.
pub(super) fn posted_at(size: Size, post: usize) -> i64 {
    let gap = POSTING_SPAN / size.posts as i64;
    let jitter = Random::stream(size.seed ^ (post as u64) << 8, "posted at")
        .below(gap.max(1) as usize) as i64;
    FIRST_POST + gap * (post as i64 - 1) + jitter
}
