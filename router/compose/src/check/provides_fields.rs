//! `PROVIDES_INVALID_FIELDS`, `PROVIDES_INVALID_FIELDS_TYPE`, `PROVIDES_FIELDS_HAS_ARGS`,
//! `PROVIDES_FIELDS_MISSING_EXTERNAL`, `PROVIDES_DIRECTIVE_IN_FIELDS_ARG`,
//! `PROVIDES_ON_NON_OBJECT_FIELD`, `PROVIDES_UNSUPPORTED_ON_INTERFACE`.

use super::external::not_external;
use super::field_sets;
use crate::diagnostic::{Code, Diagnostic};
use crate::subgraph::field_set::{Selected, Trouble, each_field, read, told_troubles};
use crate::subgraph::{FieldView, FieldsArgument, Kind, TypeView, View};

/// Every `@provides` stands on a field of a composite type and selects external fields of it.
pub(super) fn check(view: &View, out: &mut Vec<Diagnostic>) {
    for ty in view.types.values() {
        for field in ty.fields.values() {
            if let Some(provides) = &field.provides {
                check_field(view, ty, field, provides, out);
            }
        }
    }
}

fn check_field(
    view: &View,
    ty: &TypeView,
    field: &FieldView,
    provides: &FieldsArgument,
    out: &mut Vec<Diagnostic>,
) {
    let place = format!("`{}.{}`", ty.name, field.name);
    if field.external_here && !view.federation_1 {
        // That the two don't go together is told of the field itself.
        return;
    }
    let target = field.ty.inner_named_type().as_str();
    if !view.types.get(target).is_some_and(TypeView::is_composite) {
        let message = format!("@provides stands on {place}, which is of type `{target}`.");
        let found = Diagnostic::new(Code::ProvidesOnNonObjectField, message)
            .label(view.label(provides.at, format!("`{target}` has no fields to provide")))
            .help("remove the @provides");
        out.push(found);
        return;
    }
    if ty.kind == Kind::Interface {
        if !view.federation_1 {
            let message = format!("@provides stands on the interface field {place}.");
            let found = Diagnostic::new(Code::ProvidesUnsupportedOnInterface, message)
                .label(view.label(provides.at, "on a field of an interface"))
                .help("put it on the fields of the object types that implement the interface");
            out.push(found);
        } else {
            return;
        }
    }
    let Some(text) = &provides.text else {
        let message = format!("The fields of the @provides on {place} are not a string.");
        let found = Diagnostic::new(Code::ProvidesInvalidFieldsType, message)
            .label(view.label(provides.at, "not a string"))
            .help(format!("write @provides(fields: \"{}\")", field_sets::as_text(provides)));
        out.push(found);
        return;
    };
    let (selected, troubles) = read(view, target, text);
    let before = out.len();
    selects(view, &place, provides, &selected, out);
    let troubles = told_troubles(troubles, out.len() > before);
    out.extend(troubles.map(|trouble| told(view, &place, provides, trouble)));
}

/// What is wrong with the fields that are provided.
fn selects(
    view: &View,
    place: &str,
    provides: &FieldsArgument,
    selected: &[Selected],
    out: &mut Vec<Diagnostic>,
) {
    each_field(selected, &mut |owner, name, _| {
        let known = view.types.get(owner).and_then(|ty| ty.fields.get(name));
        if let Some(known) = known.filter(|known| !known.arguments.is_empty()) {
            let message = format!("@provides on {place} selects `{owner}.{name}` with arguments.");
            let found = Diagnostic::new(Code::ProvidesFieldsHasArgs, message)
                .label(view.label(provides.spot(name), "selected here"))
                .label(view.label(known.at, "it takes arguments"))
                .help(format!("remove `{name}` from the @provides"));
            out.push(found);
        }
    });
    for (owner, name) in not_external(view, selected) {
        let message =
            format!("@provides on {place} selects `{owner}.{name}`, which is not external.");
        let found = Diagnostic::new(Code::ProvidesFieldsMissingExternal, message)
            .label(view.label(provides.spot(name), "selected here"))
            .help(format!(
                "mark `{owner}.{name}` @external in {}, or do not provide it",
                view.name
            ));
        out.push(found);
    }
}

fn told(view: &View, place: &str, provides: &FieldsArgument, trouble: Trouble) -> Diagnostic {
    match trouble {
        Trouble::Invalid(wrong) => {
            let what = format!("The @provides on {place} is not valid");
            let otherwise = match &wrong.word {
                Some(word) => {
                    format!("if another subgraph has `{word}`, add it here, marked @external")
                }
                None => {
                    "let the @provides select fields that the type has in this subgraph".to_owned()
                }
            };
            let at = (view, provides);
            field_sets::invalid(Code::ProvidesInvalidFields, &what, wrong, at, otherwise)
        }
        Trouble::Never(why) => told(view, place, provides, Trouble::Invalid(why.into())),
        Trouble::Directive(name) => {
            let message = format!("The @provides on {place} uses the directive @{name}.");
            Diagnostic::new(Code::ProvidesDirectiveInFieldsArg, message)
                .label(view.label(provides.spot(&name), "directives can't be used here"))
                .help(format!("remove @{name} from the @provides"))
        }
    }
}
