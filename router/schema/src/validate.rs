//! Validates a schema, but for a rule that is younger than the supergraphs that break it.

use apollo_compiler::ast::FieldDefinition;
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::validation::Valid;
use apollo_compiler::{Node, Schema};

/// Validates a schema. That a field of an interface must be deprecated where an implementation's is,
/// GraphQL asks since September 2025 only: composers make supergraphs in which it is not, of
/// subgraphs that are right by what they know, and nothing follows from it for answers.
///
/// # Errors
/// Everything else that is wrong, for a person to read.
pub(crate) fn validate(schema: Schema) -> Result<Valid<Schema>, String> {
    let wrong = match schema.validate() {
        Ok(valid) => return Ok(valid),
        Err(wrong) => wrong,
    };
    let mut without = wrong.partial.clone();
    if drop_deprecations(&mut without) && without.validate().is_ok() {
        return Ok(Valid::assume_valid(wrong.partial));
    }
    Err(wrong.errors.to_string())
}

/// Takes the deprecations of fields away; whether there were any.
fn drop_deprecations(schema: &mut Schema) -> bool {
    let mut any = false;
    let mut drop = |field: &mut Node<FieldDefinition>| {
        if field.directives.has("deprecated") {
            field.make_mut().directives.retain(|directive| directive.name != "deprecated");
            any = true;
        }
    };
    for ty in schema.types.values_mut() {
        match ty {
            ExtendedType::Object(ty) => ty.make_mut().fields.values_mut().for_each(&mut drop),
            ExtendedType::Interface(ty) => {
                ty.make_mut().fields.values_mut().for_each(&mut drop);
            }
            _ => {}
        }
    }
    any
}
