//! The text of a schema as definitions, each with its place in the file.
//!
//! In comes SDL (the type system part of GraphQL, September 2025 edition) or the text of a field
//! set; out come a [`Document`] or [`Selection`]s, or what is wrong with the text and where.
//!
//! Steps: `lex` makes tokens; `parse` makes definitions of them, in one pass and without a tree
//! in between; [`Type`] and [`Value`] print themselves as GraphQL.
//!
//! This crate knows the grammar alone: whether a type exists or a directive may stand where it
//! stands is for others to say.
//!
//! Invariants: time and memory are linear in the text, which has at most [`Limits::bytes`] bytes;
//! nesting is bounded, so that nothing here can exhaust the stack, dropping included; a syntax
//! error is told once, and reading goes on at the next definition.

mod ast;
mod error;
mod lex;
mod parse;
mod print;
mod strings;

pub use ast::{
    Argument, Definition, Directive, DirectiveDefinition, Document, EnumValue, Field,
    FieldSelection, InputValue, Kind, Location, Named, RootKind, Schema, Selection, Spot, Type,
    Value,
};
pub use error::{Error, Limits};
pub use parse::{field_set, parse};

/// A name or a short text: cheap to copy, and without an allocation up to 23 bytes.
pub use smol_str::SmolStr as Name;
