//! `REQUIRES_INVALID_FIELDS` between subgraphs: what a `@requires` gives as arguments is known to all
//! that resolve the field.

use sdl::Name;

use crate::diagnostic::{Code, Diagnostic};
use crate::subgraph::field_set::{Selected, read};
use crate::subgraph::{FieldView, FieldsArgument, TypeView, View, Views};

pub(super) fn check(views: &Views<'_>, out: &mut Vec<Diagnostic>) {
    for view in views.all {
        for ty in view.types.values() {
            for field in ty.fields.values() {
                let Some(used) = &field.requires else { continue };
                let Some(text) = &used.text else { continue };
                let (selected, _) = read(view, &ty.name, text);
                Rule { views, view, ty, field, used }.walk(&selected, out);
            }
        }
    }
}

struct Rule<'a> {
    views: &'a Views<'a>,
    view: &'a View,
    ty: &'a TypeView,
    field: &'a FieldView,
    used: &'a FieldsArgument,
}

impl Rule<'_> {
    fn walk(&self, selected: &[Selected], out: &mut Vec<Diagnostic>) {
        for one in selected {
            match one {
                Selected::Typename(_) => {}
                Selected::On { inner, .. } => self.walk(inner, out),
                Selected::Field { owner, name, arguments, inner } => {
                    self.field((owner, name), arguments, out);
                    self.walk(inner, out);
                }
            }
        }
    }

    fn field(&self, (owner, name): (&str, &str), given: &[Name], out: &mut Vec<Diagnostic>) {
        for (view, _, known) in self.views.field(owner, name).filter(|(.., f)| !f.external) {
            if let Some(stranger) = given.iter().find(|name| !known.arguments.contains_key(*name)) {
                let why = format!("`{stranger}`, which it does not have in {}", view.name);
                out.push(self.told(
                    &format!("gives `{owner}.{name}` the argument {why}"),
                    view,
                    known,
                ));
            }
            let lacking =
                known.arguments.values().zip(known.arguments.keys()).find(|(own, name)| {
                    own.ty.is_non_null() && own.default.is_none() && !given.contains(name)
                });
            if let Some((_, lacking)) = lacking {
                let why = format!("`{lacking}`, which `{owner}.{name}` needs in {}", view.name);
                out.push(self.told(&format!("gives no argument {why}"), view, known));
            }
        }
    }

    fn told(&self, why: &str, there: &View, known: &FieldView) -> Diagnostic {
        let place = format!("`{}.{}`", self.ty.name, self.field.name);
        Diagnostic::new(Code::RequiresInvalidFields, format!("The @requires on {place} {why}."))
            .label(self.view.label(self.used.at, "required here"))
            .label(there.label(known.at, "resolved here"))
            .help("declare the same arguments in all subgraphs, or do not give them")
    }
}
