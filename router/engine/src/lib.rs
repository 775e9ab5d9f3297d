//! The whole path of one request, and the snapshot that a reload swaps.
