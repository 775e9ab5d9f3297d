//! `KEY_INVALID_FIELDS`, `KEY_INVALID_FIELDS_TYPE`, `KEY_FIELDS_HAS_ARGS`,
//! `KEY_FIELDS_SELECT_INVALID_TYPE`, `KEY_DIRECTIVE_IN_FIELDS_ARG`, `KEY_UNSUPPORTED_ON_INTERFACE`.

use sdl::Name;

use super::field_sets;
use crate::diagnostic::{Code, Diagnostic};
use crate::subgraph::field_set::{Selected, Trouble, each_field, mentioned, read, told_troubles};
use crate::subgraph::{FieldView, KeyView, Kind, TypeView, View};

/// Every key selects plain fields of its type, without arguments and directives.
pub(super) fn check(view: &View, out: &mut Vec<Diagnostic>) {
    for ty in view.types.values() {
        let late = view.federation_1 || view.version >= (2, 3);
        for key in &ty.keys {
            let before = out.len();
            check_key(view, ty, key, out);
            if ty.kind == Kind::Interface && !late && out.len() == before {
                out.push(on_interface(view, ty, key));
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
            .help(format!("write @key(fields: \"{}\")", field_sets::as_text(&key.fields)));
        out.push(found);
        return;
    };
    // What has no plain value is told before what is wrong with what is selected of it.
    let mentioned = mentioned(view, &ty.name, text);
    if let Some((at, target)) = first_abstract(view, &mentioned) {
        out.push(no_plain_value(view, key, at, target));
        return;
    }
    let (selected, troubles) = read(view, &ty.name, text);
    let troubles = told_troubles(troubles, false);
    out.extend(troubles.map(|trouble| told(view, ty, key, trouble)));
    each_field(&selected, &mut |owner, name, _| {
        let field = view.types.get(owner).and_then(|ty| ty.fields.get(name));
        if let Some(field) = field.filter(|field| !field.arguments.is_empty()) {
            out.push(has_arguments(view, key, (owner, name), field));
        }
    });
}

/// The first field of a field set that is of an interface or union type, and that type.
fn first_abstract<'a>(
    view: &'a View,
    selected: &'a [Selected],
) -> Option<((&'a Name, &'a Name), &'a TypeView)> {
    let mut first = None;
    each_field(selected, &mut |owner, name, _| {
        let field = view.types.get(owner).and_then(|ty| ty.fields.get(name));
        let target = field.and_then(|field| view.types.get(field.ty.inner_named_type()));
        let target = target.filter(|ty| matches!(ty.kind, Kind::Interface | Kind::Union));
        if let Some(target) = target.filter(|_| first.is_none()) {
            first = Some(((owner, name), target));
        }
    });
    first
}

fn told(view: &View, ty: &TypeView, key: &KeyView, trouble: Trouble) -> Diagnostic {
    match trouble {
        Trouble::Invalid(wrong) => {
            let words = key.fields.text.as_deref().unwrap_or_default().split_whitespace();
            let text = words.collect::<Vec<_>>().join(" ");
            let what = format!("@key(fields: \"{text}\") is not valid for `{}`", ty.name);
            let otherwise = format!("let the @key select fields that `{}` has here", ty.name);
            let at = (view, &key.fields);
            field_sets::invalid(Code::KeyInvalidFields, &what, wrong, at, otherwise)
        }
        Trouble::Never(why) => told(view, ty, key, Trouble::Invalid(why.into())),
        Trouble::Directive(name) => {
            let message = format!("A @key of `{}` uses the directive @{name}.", ty.name);
            Diagnostic::new(Code::KeyDirectiveInFieldsArg, message)
                .label(view.label(key.fields.spot(&name), "directives can't be used here"))
                .help(format!("remove @{name} from the @key"))
        }
    }
}

fn has_arguments(
    view: &View,
    key: &KeyView,
    (owner, name): (&Name, &Name),
    field: &FieldView,
) -> Diagnostic {
    let message = format!("A @key selects `{owner}.{name}`, which takes arguments.");
    Diagnostic::new(Code::KeyFieldsHasArgs, message)
        .label(view.label(key.fields.spot(name), "selected here"))
        .label(view.label(field.at, "it takes arguments"))
        .help(format!("use another field than `{name}` in the @key"))
}

fn no_plain_value(
    view: &View,
    key: &KeyView,
    (owner, name): (&Name, &Name),
    target: &TypeView,
) -> Diagnostic {
    let noun = target.kind.noun();
    let message = format!("A @key selects `{owner}.{name}`, which is {noun}.");
    Diagnostic::new(Code::KeyFieldsSelectInvalidType, message)
        .label(view.label(key.fields.spot(name), "selected here"))
        .label(view.label(target.at, format!("`{}` is {noun}", target.name)))
        .help(format!("use a field of a scalar, enum or object type instead of `{name}`"))
}
