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
    /// What all of this process begin with.
    process: String,
    next: AtomicU64,
}

impl Ids {
    pub(crate) fn new() -> Self {
        // The keys of a hasher are random; no id is a secret.
        let process = RandomState::new().build_hasher().finish();
        Self { process: format!("{process:016x}-"), next: AtomicU64::new(1) }
    }

    /// The id of a request.
    pub(crate) fn of(&self, headers: &HeaderMap) -> HeaderValue {
        match headers.get(&HEADER) {
            Some(given) if is_well_formed(given.as_bytes()) => given.clone(),
            _ => self.fresh(),
        }
    }

    fn fresh(&self) -> HeaderValue {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let count = self.next.fetch_add(1, Ordering::Relaxed);
        // Without `format!`, which takes ten times as long: each request gets one.
        let mut id = Vec::with_capacity(self.process.len() + 16);
        id.extend_from_slice(self.process.as_bytes());
        let digits = (u64::BITS - count.leading_zeros()).div_ceil(4).max(1);
        let nibbles = (0..digits).rev().map(|at| (count >> (4 * at)) as usize & 15);
        id.extend(nibbles.map(|nibble| DIGITS[nibble]));
        HeaderValue::try_from(id).expect("digits and a dash make a header")
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

    #[test]
    fn fresh_ids_end_with_their_number_in_hexadecimal() {
        let ids = Ids::new();
        for count in [0, 1, 15, 16, 0xabc_def0, u64::MAX] {
            ids.next.store(count, Ordering::Relaxed);
            let id = ids.fresh();
            let (process, number) = id.to_str().unwrap().split_once('-').unwrap();
            assert_eq!((process.len(), number), (16, format!("{count:x}").as_str()));
        }
    }
}
