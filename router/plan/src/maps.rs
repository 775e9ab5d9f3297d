//! Maps with a fast hasher. Keys of clients' texts are among those hashed, so that it is seeded for
//! each map; nothing ever depends on the order of entries.

use foldhash::fast::RandomState;

/// A map.
pub(crate) type HashMap<K, V> = std::collections::HashMap<K, V, RandomState>;
/// A set.
pub(crate) type HashSet<K> = std::collections::HashSet<K, RandomState>;

/// How many entries the maps of a small operation have: room for them is made at once.
const SOME: usize = 24;

/// A map that is going to have some entries.
pub(crate) fn some<K, V>() -> HashMap<K, V> {
    HashMap::with_capacity_and_hasher(SOME, RandomState::default())
}
