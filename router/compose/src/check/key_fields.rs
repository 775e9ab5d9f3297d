//! `KEY_INVALID_FIELDS`, `KEY_INVALID_FIELDS_TYPE`, `KEY_FIELDS_HAS_ARGS`,
//! `KEY_FIELDS_SELECT_INVALID_TYPE`, `KEY_DIRECTIVE_IN_FIELDS_ARG`, `KEY_UNSUPPORTED_ON_INTERFACE`.

use crate::diagnostic::{Code, Diagnostic};
use crate::subgraph::field_set::{Trouble, each_field, read};
use crate::subgraph::{KeyView, Kind, TypeView, View};

/// Every key selects plain fields of its type, without arguments and directives.
pub(super) fn check(view: &View, out: &mut Vec<Diagnostic>) {
    for ty in view.types.values() {
        let late = view.federation_1 || view.version >= (2, 3);
        for key in &ty.keys {
            if ty.kind == Kind::Interface && !late {
                out.push(on_interface(view, ty, key));
            } else {
                check_key(view, ty, key, out);
            }
        }
    }
}

fn on_interface(view: &View, ty: &TypeView, key: &KeyView) -> Diagnostic {
    let message = format!("The interface `{}` has a @key, which needs federation 2.3.", ty.name);
    Diagnostic::new(Code::KeyUnsupportedOnInterface, message)
        .label(view.label(key.fields.at, "a key on an interface"))
        .help(format!("link federation v2.3 or later in {}, or remove the @key", view.name))
}

fn check_key(view: &View, ty: &TypeView, key: &KeyView, out: &mut Vec<Diagnostic>) {
    let Some(text) = &key.fields.text else {
        let message = format!("The fields of a @key of `{}` are not written as a string.", ty.name);
        let found = Diagnostic::new(Code::KeyInvalidFieldsType, message)
            .label(view.label(key.fields.at, "not a string"))
            .help("write the fields as one string, for example @key(fields: \"id\")");
        out.push(found);
        return;
    };
    let (selected, troubles) = read(view, &ty.name, text);
    for trouble in troubles {
        out.push(match trouble {
            Trouble::Invalid(why) => {
                let message =
                    format!("@key(fields: \"{text}\") is not valid for `{}`: {why}.", ty.name);
                Diagnostic::new(Code::KeyInvalidFields, message)
                    .label(view.label(key.fields.at, why))
                    .help(format!("let the @key select fields that `{}` has here", ty.name))
            }
            Trouble::Directive(name) => {
                let message = format!("A @key of `{}` uses the directive @{name}.", ty.name);
                Diagnostic::new(Code::KeyDirectiveInFieldsArg, message)
                    .label(view.label(key.fields.at, "directives can't be used here"))
                    .help(format!("remove @{name} from the @key"))
            }
        });
    }
    each_field(&selected, &mut |owner, name, _| check_field(view, key, owner, name, out));
}

fn check_field(view: &View, key: &KeyView, owner: &str, name: &str, out: &mut Vec<Diagnostic>) {
    let Some(field) = view.types.get(owner).and_then(|ty| ty.fields.get(name)) else { return };
    if !field.arguments.is_empty() {
        let message = format!("A @key selects `{owner}.{name}`, which takes arguments.");
        let found = Diagnostic::new(Code::KeyFieldsHasArgs, message)
            .label(view.label(key.fields.at, "selected here"))
            .label(view.label(field.at, "it takes arguments"))
            .help(format!("use another field than `{name}` in the @key"));
        out.push(found);
    }
    let target = view.types.get(field.ty.inner_named_type().as_str());
    if let Some(target) = target.filter(|t| matches!(t.kind, Kind::Interface | Kind::Union)) {
        let noun = target.kind.noun();
        let message = format!("A @key selects `{owner}.{name}`, which is {noun}.");
        let found = Diagnostic::new(Code::KeyFieldsSelectInvalidType, message)
            .label(view.label(key.fields.at, "selected here"))
            .label(view.label(field.at, format!("`{}` is {noun}", target.name)))
            .help(format!("use a field of a scalar, enum or object type instead of `{name}`"));
        out.push(found);
    }
}
