//! Maps with a fast hasher. Keys of clients' texts are among those hashed, so that it is seeded for
//! each map; nothing ever depends on the order of entries.

use foldhash::fast::RandomState;

/// A map.
pub(crate) type HashMap<K, V> = std::collections::HashMap<K, V, RandomState>;
/// A set.
pub(crate) type HashSet<K> = std::collections::HashSet<K, RandomState>;
