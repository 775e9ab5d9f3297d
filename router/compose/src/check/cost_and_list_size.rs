//! `COST_APPLIED_TO_INTERFACE_FIELD`, `LIST_SIZE_APPLIED_TO_NON_LIST`,
//! `LIST_SIZE_INVALID_ASSUMED_SIZE`, `LIST_SIZE_INVALID_SIZED_FIELD`,
//! `LIST_SIZE_INVALID_SLICING_ARGUMENT`.

use crate::diagnostic::{Code, Diagnostic};
use crate::subgraph::{FieldView, Kind, ListSize, TypeView, View, nearest};

/// Costs stand on resolved fields, and list sizes speak of lists.
pub(super) fn check(view: &View, out: &mut Vec<Diagnostic>) {
    for ty in view.types.values() {
        for field in ty.fields.values() {
            if field.marks.merged.is_empty() && field.list_size.is_none() {
                continue;
            }
            let place = format!("{}.{}", ty.name, field.name);
            if ty.kind == Kind::Interface && field.marks.merged.iter().any(|name| name == "cost") {
                let message = format!("The interface field `{place}` has a @cost.");
                out.push(
                    Diagnostic::new(Code::CostAppliedToInterfaceField, message)
                        .label(view.label(field.at, "a field of an interface"))
                        .help("put @cost on the fields of the object types that implement it"),
                );
            }
            if let Some(size) = &field.list_size {
                let rule = Rule { view, field, place: &place, size };
                rule.check(out);
            }
        }
    }
}

struct Rule<'a> {
    view: &'a View,
    field: &'a FieldView,
    place: &'a str,
    size: &'a ListSize,
}

impl Rule<'_> {
    fn check(&self, out: &mut Vec<Diagnostic>) {
        let place = self.place;
        if self.size.assumed.is_some_and(|size| size < 0) {
            let message = format!("The assumed size of `{place}` is negative.");
            let code = Code::ListSizeInvalidAssumedSize;
            out.push(self.told(code, message, "set `assumedSize` to 0 or more"));
        }
        let sized = self.size.sized_fields.as_ref().filter(|names| !names.is_empty());
        match sized {
            None if !is_list(&self.field.ty) => {
                let message = format!("@listSize stands on `{place}`, which is no list.");
                let mend = "remove @listSize, or name the list fields with `sizedFields`";
                out.push(self.told(Code::ListSizeAppliedToNonList, message, mend));
            }
            None => {}
            Some(names) => self.sized_fields(names, out),
        }
        for name in &self.size.slicing_arguments {
            let argument = self.field.arguments.get(name);
            let is_int = argument.is_some_and(|argument| {
                !is_list(&argument.ty) && argument.ty.inner_named_type() == "Int"
            });
            if !is_int {
                let message = format!("`{place}` has no integer argument `{name}` to slice by.");
                let code = Code::ListSizeInvalidSlicingArgument;
                let near = nearest(name, self.field.arguments.keys().map(|name| name.as_str()));
                out.push(self.told(
                    code,
                    message,
                    &meant(name, near, "integer arguments of the field"),
                ));
            }
        }
    }

    fn sized_fields(&self, names: &[sdl::Name], out: &mut Vec<Diagnostic>) {
        let target = self.field.ty.inner_named_type().as_str();
        let target = self.view.types.get(target).filter(|target| TypeView::is_composite(target));
        let code = Code::ListSizeInvalidSizedField;
        let Some(target) = target else {
            let message = format!("`{}` has no fields to be sized.", self.place);
            out.push(self.told(code, message, "remove `sizedFields`"));
            return;
        };
        for name in names {
            match target.fields.get(name) {
                None => {
                    let message = format!("`{}` has no field `{name}` to be sized.", target.name);
                    let near = nearest(name, target.fields.keys().map(|name| name.as_str()));
                    out.push(self.told(
                        code,
                        message,
                        &meant(name, near, "list fields of the type"),
                    ));
                }
                Some(field) if !is_list(&field.ty) => {
                    let message = format!("The sized field `{}.{name}` is no list.", target.name);
                    let code = Code::ListSizeAppliedToNonList;
                    out.push(self.told(code, message, "name list fields of the type"));
                }
                Some(_) => {}
            }
        }
    }

    fn told(&self, code: Code, message: String, mend: &str) -> Diagnostic {
        Diagnostic::new(code, message)
            .label(self.view.label(self.size.at, ""))
            .help(format!("{mend} ({} in {})", self.place, self.view.name))
    }
}

fn is_list(ty: &sdl::Type) -> bool {
    ty.is_list()
}

/// What to do about a name that means nothing.
fn meant(name: &str, near: Option<&str>, others: &str) -> String {
    match near {
        Some(near) => format!("write `{near}` instead of `{name}`"),
        None => format!("name {others}"),
    }
}
