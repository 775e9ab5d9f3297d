//! A plan turned into the bytes of an answer.
