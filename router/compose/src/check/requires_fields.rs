//! `REQUIRES_INVALID_FIELDS`, `REQUIRES_INVALID_FIELDS_TYPE`, `REQUIRES_FIELDS_MISSING_EXTERNAL`,
//! `REQUIRES_DIRECTIVE_IN_FIELDS_ARG`, `REQUIRES_UNSUPPORTED_ON_INTERFACE`.

use super::external::not_external;
use super::field_sets;
use crate::diagnostic::{Code, Diagnostic};
use crate::subgraph::field_set::{Trouble, is_valid, read, told_troubles};
use crate::subgraph::{FieldView, FieldsArgument, Kind, TypeView, View};

/// Every `@requires` stands on a resolved field and selects external fields of the same object.
pub(super) fn check(view: &View, out: &mut Vec<Diagnostic>) {
    for ty in view.types.values() {
        for field in ty.fields.values() {
            if let Some(requires) = &field.requires {
                check_field(view, ty, field, requires, out);
            }
        }
    }
}

fn check_field(
    view: &View,
    ty: &TypeView,
    field: &FieldView,
    requires: &FieldsArgument,
    out: &mut Vec<Diagnostic>,
) {
    let place = format!("`{}.{}`", ty.name, field.name);
    if ty.kind == Kind::Interface && !view.federation_1 {
        let message = format!("@requires stands on the interface field {place}.");
        let found = Diagnostic::new(Code::RequiresUnsupportedOnInterface, message)
            .label(view.label(requires.at, "on a field of an interface"))
            .help("put it on the fields of the object types that implement the interface");
        out.push(found);
    }
    let Some(text) = &requires.text else {
        let message = format!("The fields of the @requires on {place} are not a string.");
        let found = Diagnostic::new(Code::RequiresInvalidFieldsType, message)
            .label(view.label(requires.at, "not a string"))
            .help(format!("write @requires(fields: \"{}\")", field_sets::as_text(requires)));
        out.push(found);
        return;
    };
    let (selected, troubles) = read(view, &ty.name, text);
    let lacking = if is_valid(&troubles) { not_external(view, &selected) } else { Vec::new() };
    let troubles = told_troubles(troubles, !lacking.is_empty());
    out.extend(troubles.map(|trouble| told(view, &place, requires, trouble)));
    for (owner, name) in lacking {
        let message =
            format!("@requires on {place} selects `{owner}.{name}`, which is not external.");
        let found = Diagnostic::new(Code::RequiresFieldsMissingExternal, message)
            .label(view.label(requires.spot(name), "selected here"))
            .help(format!(
                "mark `{owner}.{name}` @external in {}, or do not require it",
                view.name
            ));
        out.push(found);
    }
}

fn told(view: &View, place: &str, requires: &FieldsArgument, trouble: Trouble) -> Diagnostic {
    match trouble {
        Trouble::Invalid(wrong) => {
            let what = format!("The @requires on {place} is not valid");
            let otherwise = match &wrong.word {
                Some(word) => {
                    format!("if another subgraph has `{word}`, add it here, marked @external")
                }
                None => {
                    "let the @requires select fields that the type has in this subgraph".to_owned()
                }
            };
            let at = (view, requires);
            field_sets::invalid(Code::RequiresInvalidFields, &what, wrong, at, otherwise)
        }
        Trouble::Never(why) => told(view, place, requires, Trouble::Invalid(why.into())),
        Trouble::Directive(name) => {
            let message = format!("The @requires on {place} uses the directive @{name}.");
            Diagnostic::new(Code::RequiresDirectiveInFieldsArg, message)
                .label(view.label(requires.spot(&name), "directives can't be used here"))
                .help(format!("remove @{name} from the @requires"))
        }
    }
}
