//! Definitions and extensions of types, gathered by name.

use crate::maps::IndexMap;
use sdl::{Definition, Document, Name};

/// A type: all that is said of it.
pub(super) struct Pieces<'d> {
    /// The kind of its definition; if there is none, that of its first extension.
    pub kind: sdl::Kind,
    /// In the order of the file; at least one.
    pub all: Vec<&'d Definition>,
}

/// The types of a document, in order of first mention.
pub(super) fn gather(document: &Document) -> IndexMap<&Name, Pieces<'_>> {
    let mut types: IndexMap<&Name, Pieces<'_>> =
        IndexMap::with_capacity_and_hasher(document.types.len(), Default::default());
    for piece in &document.types {
        let new = || Pieces { kind: piece.kind, all: Vec::with_capacity(1) };
        let pieces = types.entry(&piece.name).or_insert_with(new);
        if !piece.extension && pieces.all.iter().all(|known| known.extension) {
            pieces.kind = piece.kind;
        }
        pieces.all.push(piece);
    }
    types
}
