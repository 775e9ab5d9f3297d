//! Operations: what is refused, and how what is left is bound.
