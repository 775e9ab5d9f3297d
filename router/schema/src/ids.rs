//! Ids into the arenas of a schema, and sets of them.

use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

use smallvec::SmallVec;

/// An index into one arena of the schema.
pub trait Id: Copy + Eq + Ord {
    /// The id of the element at `index` of its arena.
    ///
    /// # Panics
    /// When `index` does not fit the id; `read` refuses schemas that large.
    fn from_index(index: usize) -> Self;
    /// The position in the arena.
    fn index(self) -> usize;
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident($repr:ty)) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub struct $name($repr);

        impl Id for $name {
            #[inline]
            fn from_index(index: usize) -> Self {
                Self(<$repr>::try_from(index).expect("read refuses schemas with more elements"))
            }
            #[inline]
            fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}

id!(
    /// A subgraph of the supergraph, in the order of `join__Graph`.
    SubgraphId(u16)
);
id!(
    /// A named type of the supergraph.
    TypeId(u32)
);
id!(
    /// A field of an object or interface type of the supergraph.
    FieldId(u32)
);

/// Indices of any arena.
impl Id for usize {
    fn from_index(index: usize) -> Self {
        index
    }
    fn index(self) -> usize {
        self
    }
}

/// A set of ids, one bit each.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub struct IdSet<I> {
    // Never ends in a zero word, so that equal sets are equal as data.
    words: SmallVec<[u64; 2]>,
    of: PhantomData<I>,
}

/// A set of subgraphs.
pub type SubgraphSet = IdSet<SubgraphId>;
/// A set of types; in the planner always of object types.
pub type TypeSet = IdSet<TypeId>;

impl<I> Default for IdSet<I> {
    fn default() -> Self {
        Self { words: SmallVec::new(), of: PhantomData }
    }
}

// Words are copied and hashed as they stand: sets are cloned and looked up all the time.
impl<I> Clone for IdSet<I> {
    #[inline]
    fn clone(&self) -> Self {
        let words = match *self.words.as_slice() {
            [] => SmallVec::new(),
            [word] => SmallVec::from_buf_and_len([word, 0], 1),
            [first, second] => SmallVec::from_buf([first, second]),
            ref words => SmallVec::from_slice(words),
        };
        Self { words, of: PhantomData }
    }
}

impl<I> Hash for IdSet<I> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self.words.as_slice() {
            [word] => state.write_u64(*word),
            words => words.hash(state),
        }
    }
}

impl<I: Id> IdSet<I> {
    /// The set of one id.
    pub fn one(id: I) -> Self {
        let mut set = Self::default();
        set.insert(id);
        set
    }

    /// Adds an id; true when it was not there.
    pub fn insert(&mut self, id: I) -> bool {
        let (word, bit) = (id.index() / 64, 1u64 << (id.index() % 64));
        while self.words.len() <= word {
            self.words.push(0);
        }
        let new = self.words[word] & bit == 0;
        self.words[word] |= bit;
        new
    }

    /// Whether the id is in the set.
    pub fn contains(&self, id: I) -> bool {
        self.words.get(id.index() / 64).is_some_and(|word| word & (1 << (id.index() % 64)) != 0)
    }

    /// How many ids are in the set.
    pub fn len(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Whether the set has no id.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The ids, ascending.
    pub fn iter(&self) -> impl Iterator<Item = I> + '_ {
        self.words.iter().enumerate().flat_map(|(word, bits)| {
            let mut rest = *bits;
            std::iter::from_fn(move || {
                if rest == 0 {
                    return None;
                }
                let bit = rest.trailing_zeros() as usize;
                rest &= rest - 1;
                Some(I::from_index(word * 64 + bit))
            })
        })
    }

    /// The ids that are in both sets.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        if let ([word], [others]) = (self.words.as_slice(), other.words.as_slice()) {
            let both = word & others;
            let words = SmallVec::from_buf_and_len([both, 0], usize::from(both != 0));
            return Self { words, of: PhantomData };
        }
        let common = self.words.len().min(other.words.len());
        let mut words: SmallVec<[u64; 2]> = SmallVec::from_slice(&self.words[..common]);
        for (word, bits) in words.iter_mut().zip(&other.words) {
            *word &= bits;
        }
        trim(&mut words);
        Self { words, of: PhantomData }
    }

    /// Whether no id is in both sets.
    pub fn is_disjoint(&self, other: &Self) -> bool {
        self.words.iter().zip(&other.words).all(|(a, b)| a & b == 0)
    }

    /// Adds the ids of another set.
    pub fn extend(&mut self, other: &Self) {
        if let ([word], [bits]) = (self.words.as_mut_slice(), other.words.as_slice()) {
            *word |= bits;
            return;
        }
        while self.words.len() < other.words.len() {
            self.words.push(0);
        }
        for (word, bits) in self.words.iter_mut().zip(&other.words) {
            *word |= bits;
        }
    }

    /// Takes an id away; true when it was there.
    pub fn remove(&mut self, id: I) -> bool {
        let (word, bit) = (id.index() / 64, 1u64 << (id.index() % 64));
        let Some(there) = self.words.get_mut(word) else { return false };
        let was = *there & bit != 0;
        *there &= !bit;
        trim(&mut self.words);
        was
    }

    /// The ids that are in either set.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let (long, short) =
            if self.words.len() >= other.words.len() { (self, other) } else { (other, self) };
        let mut set = long.clone();
        set.extend(short);
        set
    }

    /// The ids of this set that are not in the other.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        let mut set = self.clone();
        for (word, bits) in set.words.iter_mut().zip(&other.words) {
            *word &= !bits;
        }
        trim(&mut set.words);
        set
    }

    /// Whether each id of this set is in the other.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.words
            .iter()
            .enumerate()
            .all(|(index, word)| word & !other.words.get(index).copied().unwrap_or_default() == 0)
    }

    /// The only id, when there is exactly one.
    pub fn only(&self) -> Option<I> {
        let (last, others) = self.words.split_last()?;
        let alone = last.is_power_of_two() && others.iter().all(|word| *word == 0);
        alone.then(|| I::from_index(others.len() * 64 + last.trailing_zeros() as usize))
    }

    /// The least id, when there is one.
    pub fn first(&self) -> Option<I> {
        let (word, bits) = self.words.iter().enumerate().find(|(_, bits)| **bits != 0)?;
        Some(I::from_index(word * 64 + bits.trailing_zeros() as usize))
    }
}

#[inline]
fn trim(words: &mut SmallVec<[u64; 2]>) {
    while words.last() == Some(&0) {
        words.pop();
    }
}

impl<I: Id> FromIterator<I> for IdSet<I> {
    fn from_iter<T: IntoIterator<Item = I>>(ids: T) -> Self {
        let mut set = Self::default();
        for id in ids {
            set.insert(id);
        }
        set
    }
}

impl<I: Id> std::fmt::Debug for IdSet<I> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.iter().map(Id::index)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_equal_as_data_whatever_their_history() {
        let ids = |numbers: &[usize]| -> TypeSet {
            numbers.iter().map(|n| TypeId::from_index(*n)).collect()
        };
        let far = ids(&[3, 200]);
        assert_eq!(far.difference(&ids(&[200])), ids(&[3]));
        assert_eq!(far.intersection(&ids(&[3, 64])), ids(&[3]));
        assert_eq!(far.union(&ids(&[64])), ids(&[3, 64, 200]));
        assert_eq!(far.len(), 2);
        assert!(far.difference(&far).is_empty());
        assert!(ids(&[3]).is_subset(&far) && !far.is_subset(&ids(&[3])));
        assert_eq!(ids(&[200]).only(), Some(TypeId::from_index(200)));
        assert_eq!(far.iter().map(Id::index).collect::<Vec<_>>(), [3, 200]);
    }
}
