//! What is counted: work that can be done again and again.

/// Does it once.
pub(super) type Work = Box<dyn FnMut()>;
