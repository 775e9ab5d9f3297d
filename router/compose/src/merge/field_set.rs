//! The texts of field sets, as the supergraph has them.

/// A field set in one line.
pub(super) fn normal(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ");
    let bare = text.strip_prefix('{').and_then(|text| text.strip_suffix('}'));
    bare.map_or(text.clone(), |bare| bare.trim().to_owned())
}
