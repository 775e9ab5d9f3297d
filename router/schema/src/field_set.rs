//! Binds the texts of field sets (`@key`, `@requires`, `@provides`) to the types of the supergraph.

use std::collections::HashMap;

use apollo_compiler::{ast, parser::Parser};

use crate::ids::TypeId;
use crate::model::{FieldDef, FieldSet, Model, SetItem, TypeDef};
use crate::value::{arguments, store_key};

/// The part of the model that binding needs; the model is not finished while it is read.
pub(crate) struct Binder<'a> {
    pub types: &'a [TypeDef],
    pub fields: &'a [FieldDef],
    pub by_name: &'a HashMap<String, TypeId>,
}

/// Field sets nest deeper than this in no real schema; the bound keeps recursion off the stack.
const MAX_DEPTH: usize = 64;

impl Binder<'_> {
    /// Binds a field set's text to a parent type. The error is one sentence.
    pub(crate) fn bind(&self, parent: TypeId, text: &str) -> Result<FieldSet, String> {
        // Composers write a field set as its team did: with braces or without, and with comments.
        let braced = match text.trim_start().starts_with('{') {
            true => text.to_owned(),
            false => format!("{{ {text}\n}}"),
        };
        let document = Parser::new()
            .recursion_limit(MAX_DEPTH * 2)
            .token_limit(10_000)
            .parse_ast(&braced, "field set")
            .map_err(|_| format!("the field set `{text}` is not valid GraphQL"))?;
        let [ast::Definition::OperationDefinition(operation)] = document.definitions.as_slice()
        else {
            return Err(format!("`{text}` is not a field set"));
        };
        self.selections(parent, &operation.selection_set, 0)
    }

    fn selections(
        &self,
        parent: TypeId,
        selections: &[ast::Selection],
        depth: usize,
    ) -> Result<FieldSet, String> {
        if depth > MAX_DEPTH {
            return Err(format!("a field set nests deeper than {MAX_DEPTH}"));
        }
        let mut items = Vec::with_capacity(selections.len());
        for selection in selections {
            match selection {
                ast::Selection::Field(field) => items.push(self.field(parent, field, depth)?),
                ast::Selection::InlineFragment(fragment) => {
                    items.extend(self.fragment(parent, fragment, depth)?);
                }
                ast::Selection::FragmentSpread(_) => {
                    return Err("a field set can't spread named fragments".to_owned());
                }
            }
        }
        if items.is_empty() && !selections.is_empty() {
            // An object is selected, though nothing of it.
            items.push(SetItem::Typename);
        }
        Ok(FieldSet { items })
    }

    fn field(&self, parent: TypeId, field: &ast::Field, depth: usize) -> Result<SetItem, String> {
        if field.name == "__typename" {
            return Ok(SetItem::Typename);
        }
        let parent = &self.types[crate::ids::Id::index(parent)];
        let id = *parent.fields.get(field.name.as_str()).ok_or_else(|| {
            format!("a field set selects `{}`, which `{}` does not have", field.name, parent.name)
        })?;
        let arguments = arguments(&field.arguments);
        let ty = self.fields[crate::ids::Id::index(id)].ty.named();
        Ok(SetItem::Field {
            field: id,
            key: store_key(&field.name, &arguments),
            arguments,
            selection: self.selections(
                ty,
                field.selection_set.as_deref().unwrap_or_default(),
                depth + 1,
            )?,
        })
    }

    /// A fragment; none on a type that there is not, since no object is of it. Composers let such a
    /// condition pass.
    fn fragment(
        &self,
        parent: TypeId,
        fragment: &ast::InlineFragment,
        depth: usize,
    ) -> Result<Option<SetItem>, String> {
        let on = match &fragment.type_condition {
            Some(name) => match self.by_name.get(name.as_str()) {
                Some(on) => *on,
                None => return Ok(None),
            },
            None => parent,
        };
        let selection = self.selections(on, &fragment.selection_set, depth + 1)?;
        Ok(Some(SetItem::Fragment { on, selection }))
    }
}

impl FieldSet {
    /// The set in one line of GraphQL, without braces around it.
    pub fn text(&self, model: &Model) -> String {
        let item = |item: &SetItem| match item {
            SetItem::Typename => "__typename".to_owned(),
            SetItem::Field { key, selection, .. } if selection.is_empty() => key.clone(),
            SetItem::Field { key, selection, .. } => {
                format!("{key} {{ {} }}", selection.text(model))
            }
            SetItem::Fragment { on, selection } => {
                format!("... on {} {{ {} }}", model.ty(*on).name, selection.text(model))
            }
        };
        self.items.iter().map(item).collect::<Vec<_>>().join(" ")
    }

    /// Whether nothing is selected.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}
