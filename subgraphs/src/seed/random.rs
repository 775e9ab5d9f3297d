//! SplitMix64 (Steele, Lea and Flood, 2014): twenty lines instead of a crate, because the demo's
//! data must stay the same for ever, and crates change their value streams between versions.

/// A stream of numbers that depends on its seed only.
#[derive(Clone)]
pub(super) struct Random(u64);

impl Random {
    /// The stream `name` of a seed: each table draws from its own, so that a change to one table
    /// leaves the others as they are.
    pub(super) fn stream(seed: u64, name: &str) -> Self {
        let mixed = name.bytes().fold(seed, |state, byte| Self(state ^ u64::from(byte)).next());
        Self(mixed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Evenly 0 to `bound` - 1. `bound` must not be 0.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.next()) * bound as u128) >> 64) as usize
    }

    /// 0 to `bound` - 1, the lower the likelier, as fame is distributed.
    pub(super) fn skewed(&mut self, bound: usize) -> usize {
        let unit = (self.next() >> 11) as f64 / (1u64 << 53) as f64;
        ((unit * unit * bound as f64) as usize).min(bound - 1)
    }

    pub(super) fn between(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high - low + 1)
    }

    pub(super) fn pick<'a, T: ?Sized>(&mut self, items: &[&'a T]) -> &'a T {
        items[self.below(items.len())]
    }
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn the_stream_is_the_published_one() {
        // The first outputs of SplitMix64 for the seed 1234567, as its authors' C code prints them.
        let mut random = Random(1_234_567);
        let drawn: Vec<u64> = (0..3).map(|_| random.next()).collect();
        assert_eq!(
            drawn,
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]
        );
    }

    #[test]
    fn streams_of_one_seed_differ() {
        assert_ne!(Random::stream(1, "users").next(), Random::stream(1, "posts").next());
    }
}
