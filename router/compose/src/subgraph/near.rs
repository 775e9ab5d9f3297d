//! Names that were meant, perhaps.

/// The nearest of some names that differs from one in few letters.
pub(crate) fn nearest<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let most = name.len() / 3;
    let length = |other: &&str| other.len().abs_diff(name.len()) <= most;
    let distance = |other| (distance(name, other), other);
    let nearest = names.filter(length).map(distance).min()?;
    (nearest.0 <= most.max(1) && nearest.0 > 0).then_some(nearest.1)
}

/// How many letters of a name must change to make another; letter case counts half as nothing.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<u8> = b.to_ascii_lowercase().into_bytes();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.to_ascii_lowercase().bytes().enumerate() {
        let mut corner = std::mem::replace(&mut row[0], i + 1);
        for (j, other) in b.iter().enumerate() {
            let changed = corner + usize::from(letter != *other);
            corner = row[j + 1];
            row[j + 1] = changed.min(corner + 1).min(row[j] + 1);
        }
    }
    // Names that differ in letter case alone are near, but not the same.
    row[b.len()].max(usize::from(a.as_bytes() != b.as_slice()))
}
