//! Request ids: the client's own if it is well-formed, else a new one.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};

use http::{HeaderMap, HeaderName, HeaderValue};

/// The header in which ids come and go.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Longer ids are replaced.
const LONGEST: usize = 64;

/// Makes ids that don't repeat: a random start for each process, and a count.
#[derive(Debug)]
pub(crate) struct Ids {
    process: u64,
    next: AtomicU64,
}

impl Ids {
    pub(crate) fn new() -> Self {
        // The keys of a hasher are random; no id is a secret.
        let process = RandomState::new().build_hasher().finish();
        Self { process, next: AtomicU64::new(1) }
    }

    /// The id of a request.
    pub(crate) fn of(&self, headers: &HeaderMap) -> HeaderValue {
        match headers.get(&HEADER) {
            Some(given) if is_well_formed(given.as_bytes()) => given.clone(),
            _ => self.fresh(),
        }
    }

    fn fresh(&self) -> HeaderValue {
        let count = self.next.fetch_add(1, Ordering::Relaxed);
        let id = format!("{:016x}-{count:x}", self.process);
        HeaderValue::from_str(&id).expect("digits and a dash make a header")
    }
}

/// Letters, digits and `-_.:` only, so that an id can't forge a line of a log.
fn is_well_formed(id: &[u8]) -> bool {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(byte);
    !id.is_empty() && id.len() <= LONGEST && id.iter().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_well_formed_ids_are_kept() {
        let ids = Ids::new();
        let of = |id: &str| {
            let headers = HeaderMap::from_iter([(HEADER, HeaderValue::from_str(id).unwrap())]);
            ids.of(&headers).to_str().unwrap().to_owned()
        };
        assert_eq!(of("7f3c:A_b.9-"), "7f3c:A_b.9-");
        let long = "a".repeat(LONGEST + 1);
        for wrong in ["", "a b", "\"", "{}", &long] {
            assert_ne!(of(wrong), wrong);
        }
        assert_ne!(of(""), of(""));
    }
}
