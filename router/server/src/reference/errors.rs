//! The page of the error codes.
