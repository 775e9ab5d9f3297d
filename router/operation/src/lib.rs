//! What was asked: a parsed, validated and bound operation.
