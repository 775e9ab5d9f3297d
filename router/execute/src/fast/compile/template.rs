//! Representations as templates.

use json::quoted;
use plan::Input;
use schema::{FieldSet, SetItem};

use super::tree::Tree;
use crate::fast::program::{Template, TemplateField, TemplateValue};

/// The template of an input for the objects of a node.
pub(super) fn template(tree: &Tree<'_>, node: usize, input: &Input) -> Option<Template> {
    let head = match &input.typename {
        Some(name) => {
            tree.schema.type_by_name(name)?;
            Some(format!("{{\"__typename\":{}", quoted(name)))
        }
        None => None,
    };
    let mut fields = Vec::new();
    let key = std::slice::from_ref(&input.key);
    for (sets, nullable) in [(key, false), (input.requires.as_slice(), true)] {
        for set in sets {
            add(tree, node, (set, nullable), &mut fields)?;
        }
    }
    Some(Template { types: input.types.clone(), head, fields })
}

/// Adds what a field set selects to what is selected already.
fn add(
    tree: &Tree<'_>,
    node: usize,
    (set, nullable): (&FieldSet, bool),
    fields: &mut Vec<TemplateField>,
) -> Option<()> {
    for item in &set.items {
        let SetItem::Field { field, key, selection, .. } = item else { return None };
        let name = format!("{}:", quoted(&tree.schema.field(*field).name));
        let sources = tree.sources(node, key);
        let known = fields.iter_mut().find(|known| known.name == name);
        match known {
            // The same again, for a key and for what is required.
            Some(known) if known.sources != sources => return None,
            Some(known) => match &mut known.inner {
                TemplateValue::Leaf => {}
                TemplateValue::Objects { .. } if known.nullable != nullable => return None,
                TemplateValue::Objects { node, fields, .. } => {
                    add(tree, *node, (selection, nullable), fields)?;
                }
            },
            None => {
                let inner = match selection.items.is_empty() {
                    true => TemplateValue::Leaf,
                    false => objects(tree, tree.child(node, key)?, (selection, nullable))?,
                };
                fields.push(TemplateField { name, sources, nullable, inner });
            }
        }
    }
    Some(())
}

fn objects(tree: &Tree<'_>, node: usize, set: (&FieldSet, bool)) -> Option<TemplateValue> {
    let mut fields = Vec::new();
    add(tree, node, set, &mut fields)?;
    let typename = tree.schema.ty(tree.ty(node)).is_abstract();
    Some(TemplateValue::Objects { node, typename, fields })
}
