//! "Did you mean": the known key that an unknown one resembles.

/// The known key that the unknown one of a message resembles; the message lists the known ones.
pub(crate) fn suggestion(message: &str) -> Option<&str> {
    let at = message.find("unknown field").or_else(|| message.find("unknown variant"))?;
    let line = message[at..].lines().next()?;
    let (what, known) = line.split_once("expected ")?;
    let wrong = what.split('`').nth(1)?;
    let known = known.strip_prefix("one of ").unwrap_or(known);
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    nearest(wrong, known.split(|c: char| !is_name(c)).filter(|name| name.len() > 1))
}

/// The name that is nearest to a wrong one, if any is near.
pub(crate) fn nearest<'n>(wrong: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let most = (wrong.chars().count() / 3).max(1);
    names
        .filter(|name| *name != wrong)
        .map(|name| (distance(wrong, name), name))
        .filter(|(distance, name)| *distance <= most || name.replace('_', "") == plain(wrong))
        .min()
        .map(|(_, name)| name)
}

fn plain(name: &str) -> String {
    name.to_ascii_lowercase().replace(['_', '-'], "")
}

/// How many letters must be added, removed or changed to make one name the other (Levenshtein).
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (above, letter) in from.chars().take(64).enumerate() {
        let mut corner = row[0];
        row[0] = above + 1;
        for (column, other) in to.iter().enumerate() {
            let changed = corner + usize::from(letter != *other);
            corner = row[column + 1];
            row[column + 1] = changed.min(corner + 1).min(row[column] + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_suggested() {
        let names = ["body_bytes", "head_bytes", "tokens"];
        let near = |wrong| nearest(wrong, names.iter().copied());
        assert_eq!(near("body_byte"), Some("body_bytes"));
        assert_eq!(near("bodyBytes"), Some("body_bytes"));
        assert_eq!(near("token"), Some("tokens"));
        assert_eq!(near("colour"), None);
        assert_eq!(distance("kitten", "sitting"), 3);
    }

    #[test]
    fn only_messages_about_unknown_keys_are_read() {
        assert_eq!(suggestion("no `place` here"), None);
        let message = "unknown field `tokns`, expected one of body_bytes, tokens\n1 | …";
        assert_eq!(suggestion(message), Some("tokens"));
    }
}
