//! Names that were meant, perhaps.

/// The nearest of some names that differs from one in few letters.
pub(crate) fn nearest<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let most = name.len() / 3;
    let length = |other: &&str| other.len().abs_diff(name.len()) <= most;
    let distance = |other| (distance(name, other), other);
    let nearest = names.filter(length).map(distance).min()?;
    (nearest.0 <= most.max(1) && nearest.0 > 0).then_some(nearest.1)
}

/// How many letters of a name must change to make another, two that changed places counting as one;
/// letter case counts half as nothing.
fn distance(a: &str, b: &str) -> usize {
    let lower = |name: &str| name.to_ascii_lowercase().into_bytes();
    let (letters, others) = (lower(a), lower(b));
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=others.len()).collect();
    for (i, letter) in letters.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, other) in others.iter().enumerate() {
            let changed = row[j] + usize::from(letter != other);
            let mut least = changed.min(row[j + 1] + 1).min(next[j] + 1);
            let swapped = i > 0 && j > 0 && *letter == others[j - 1] && letters[i - 1] == *other;
            if swapped {
                least = least.min(before[j - 1] + 1);
            }
            next.push(least);
        }
        before = std::mem::replace(&mut row, next);
    }
    // Names that differ in letter case alone are near, but not the same.
    row[others.len()].max(usize::from(a.as_bytes() != others.as_slice()))
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn letters_that_changed_places_are_near() {
        assert_eq!(nearest("frist", ["last", "first"].into_iter()), Some("first"));
        assert_eq!(nearest("Id", ["id"].into_iter()), Some("id"));
        assert_eq!(nearest("id", ["id"].into_iter()), None);
        assert_eq!(nearest("price", ["weight"].into_iter()), None);
    }
}
