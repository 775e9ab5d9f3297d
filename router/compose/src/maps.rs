//! Maps whose hash is fast: keys are names out of files that a team checks in itself, and the
//! hash is seeded for each process all the same.

use foldhash::fast::RandomState;

pub(crate) type HashMap<K, V> = std::collections::HashMap<K, V, RandomState>;
pub(crate) type HashSet<K> = std::collections::HashSet<K, RandomState>;
pub(crate) type IndexMap<K, V> = indexmap::IndexMap<K, V, RandomState>;
pub(crate) type IndexSet<K> = indexmap::IndexSet<K, RandomState>;
