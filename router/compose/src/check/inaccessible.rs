//! `REFERENCED_INACCESSIBLE`, `ONLY_INACCESSIBLE_CHILDREN`, `REQUIRED_INACCESSIBLE`,
//! `IMPLEMENTED_BY_INACCESSIBLE`, `QUERY_ROOT_TYPE_INACCESSIBLE`,
//! `DEFAULT_VALUE_USES_INACCESSIBLE`, `DISALLOWED_INACCESSIBLE`.
//!
//! These are rules of the merged schema: an element is hidden if any subgraph hides it.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic, Label};
use crate::maps::HashMap;
use crate::merge::{Merged, MergedDirective, MergedType};
use crate::subgraph::{Applied, ArgumentView, FieldView, Kind, View, Views};
use sdl::Spot;

const BUILT_IN: [&str; 5] = ["Int", "Float", "String", "Boolean", "ID"];

/// What is left after hiding is a whole schema.
pub(super) fn check(views: &Views<'_>, merged: &Merged, out: &mut Vec<Diagnostic>) {
    if !views.all.iter().any(hides) {
        return;
    }
    let by_name = merged.types.iter().map(|ty| (ty.name.as_str(), ty)).collect();
    let hidden = Hidden { views, fields: types(merged), merged: by_name };
    if hidden.ty("Query") {
        let message = "The query root is @inaccessible.";
        let found = Diagnostic::new(Code::QueryRootTypeInaccessible, message)
            .labels(hidden.type_labels("Query"))
            .help("remove @inaccessible from Query");
        out.push(found);
    }
    for (name, of) in &views.types {
        if name.starts_with("__") || BUILT_IN.contains(name) {
            if hidden.ty(name) && name.starts_with("__") {
                let message = format!("`{name}` is built in and can't be @inaccessible.");
                let found = Diagnostic::new(Code::DisallowedInaccessible, message)
                    .labels(hidden.type_labels(name))
                    .help(format!("remove @inaccessible from {name}"));
                out.push(found);
            }
            continue;
        }
        if hidden.ty(name) {
            continue;
        }
        let rules = VisibleType { hidden: &hidden, name, kind: of[0].1.kind };
        rules.check(out);
    }
    hidden.directives(merged, out);
}

/// Whether a subgraph hides anything: most don't, and then there is nothing to ask.
fn hides(view: &View) -> bool {
    view.types.values().any(|ty| {
        let fields = || ty.fields.values();
        ty.marks.inaccessible
            || ty.values.values().any(|value| value.marks.inaccessible)
            || fields().any(|field| {
                field.marks.inaccessible
                    || field.arguments.values().any(|argument| argument.marks.inaccessible)
            })
    }) || view
        .directives
        .values()
        .any(|directive| directive.arguments.values().any(|a| a.marks.inaccessible))
}

/// The named types of all merged fields, by type and field.
fn types(merged: &Merged) -> HashMap<(&str, &str), &str> {
    let mut all = HashMap::default();
    for ty in &merged.types {
        for field in &ty.fields {
            let key = (ty.name.as_str(), field.name.as_str());
            all.insert(key, field.ty.inner_named_type().as_str());
        }
    }
    all
}

struct Hidden<'a> {
    merged: HashMap<&'a str, &'a MergedType>,
    /// The named types of merged fields.
    fields: HashMap<(&'a str, &'a str), &'a str>,
    views: &'a Views<'a>,
}

impl<'a> Hidden<'a> {
    fn ty(&self, name: &str) -> bool {
        // What is built in can't be hidden, whatever a file says of it.
        !BUILT_IN.contains(&name) && self.views.of(name).iter().any(|(_, ty)| ty.marks.inaccessible)
    }

    /// The arguments of the directives that operations can use.
    fn directives(&self, merged: &Merged, out: &mut Vec<Diagnostic>) {
        let visible = |directive: &&MergedDirective| {
            directive.locations.iter().any(|location| location.is_executable())
        };
        for directive in merged.directives.iter().filter(visible) {
            for argument in &directive.arguments {
                let known = self.views.all.iter().filter_map(|view| {
                    let known = view.directives.get(&directive.name)?;
                    Some((view, known.arguments.get(&argument.name)?))
                });
                let known: Vec<(&View, &ArgumentView)> = known.collect();
                let Some((view, first)) = known.first().copied() else { continue };
                let place = format!("@{}({}:)", directive.name, argument.name);
                let ty = argument.ty.inner_named_type();
                if known.iter().any(|(_, argument)| argument.marks.inaccessible) {
                    if argument.ty.is_non_null() && argument.default.is_none() {
                        out.push(hidden_but_required(&place, view, first.at));
                    }
                    continue;
                }
                if self.ty(ty) {
                    out.push(self.referenced(&place, ty, view, first.at));
                }
                let default = argument.default.as_ref();
                if let Some(used) = default.and_then(|value| self.used_by_default(ty, value)) {
                    out.push(hidden_default(&place, &used, view, first.at));
                }
            }
        }
    }

    /// A visible place is of a hidden type.
    fn referenced(&self, place: &str, ty: &str, view: &View, at: Spot) -> Diagnostic {
        let message = format!("`{place}` is visible, but its type `{ty}` is @inaccessible.");
        Diagnostic::new(Code::ReferencedInaccessible, message)
            .label(view.label(at, "visible"))
            .labels(self.type_labels(ty))
            .help(format!("add @inaccessible to {place} as well"))
    }

    fn field(&self, ty: &str, field: &str) -> bool {
        self.views.field(ty, field).any(|(_, _, field)| field.marks.inaccessible)
    }

    fn argument(&self, ty: &str, field: &str, argument: &str) -> bool {
        self.arguments(ty, field, argument).any(|(_, argument)| argument.marks.inaccessible)
    }

    fn value(&self, ty: &str, value: &str) -> bool {
        let values = self.views.of(ty).iter().filter_map(|(_, ty)| ty.values.get(value));
        values.into_iter().any(|value| value.marks.inaccessible)
    }

    fn arguments(
        &self,
        ty: &str,
        field: &str,
        argument: &str,
    ) -> impl Iterator<Item = (&'a View, &'a ArgumentView)> {
        let fields = self.views.field(ty, field);
        fields.filter_map(move |(view, _, field)| Some((view, field.arguments.get(argument)?)))
    }

    fn type_labels(&self, name: &str) -> Vec<Label> {
        let of = self.views.of(name).iter().filter(|(_, ty)| ty.marks.inaccessible);
        of.map(|(view, ty)| view.label(ty.at, "hidden here")).collect()
    }

    /// What a default value uses that is hidden.
    fn used_by_default(&self, ty: &str, value: &sdl::Value) -> Option<String> {
        match value {
            // That the enum itself is hidden is told by itself.
            sdl::Value::Enum(_) if self.ty(ty) => None,
            sdl::Value::Enum(name) => {
                self.value(ty, name).then(|| format!("the enum value `{ty}.{name}`"))
            }
            sdl::Value::List(items) => items.iter().find_map(|item| self.used_by_default(ty, item)),
            sdl::Value::Object(fields) => fields.iter().find_map(|(name, value)| {
                if self.field(ty, name) {
                    return Some(format!("the input field `{ty}.{name}`"));
                }
                let (_, _, field) = self.views.field(ty, name).next()?;
                self.used_by_default(field.ty.inner_named_type(), value)
            }),
            _ => None,
        }
    }
}

/// The rules of one type that clients see.
struct VisibleType<'a> {
    hidden: &'a Hidden<'a>,
    name: &'a str,
    kind: Kind,
}

impl VisibleType<'_> {
    fn check(&self, out: &mut Vec<Diagnostic>) {
        self.children(out);
        let mut fields: BTreeMap<&str, Vec<(&View, &FieldView)>> = BTreeMap::new();
        for (view, ty) in self.hidden.views.of(self.name) {
            for (name, field) in &ty.fields {
                fields.entry(name.as_str()).or_default().push((view, field));
            }
        }
        for (name, of) in fields {
            let place = format!("{}.{name}", self.name);
            if self.kind == Kind::Input {
                self.input_field(&place, name, &of, out);
            } else if self.hidden.field(self.name, name) {
                self.implemented(name, None, &place, of[0], out);
            } else {
                let merged = self.hidden.fields.get(&(self.name, name)).copied();
                let ty = merged.unwrap_or_else(|| of[0].1.ty.inner_named_type());
                self.reference(&place, ty, of[0], out);
                self.arguments(name, &of, out);
            }
        }
    }

    fn children(&self, out: &mut Vec<Diagnostic>) {
        let Some(merged) = self.hidden.merged.get(self.name) else { return };
        let hidden = |all: &[Applied]| all.iter().any(|applied| applied.name == "inaccessible");
        let fields = merged.fields.iter().map(|field| hidden(&field.applied));
        let values = merged.values.iter().map(|value| hidden(&value.applied));
        let members = merged.members.iter().map(|(member, _)| self.hidden.ty(member));
        let children: Vec<bool> = fields.chain(values).chain(members).collect();
        if !children.is_empty() && children.into_iter().all(|hidden| hidden) {
            let of = self.hidden.views.of(self.name);
            let message = format!("All parts of `{}` are @inaccessible, but it is not.", self.name);
            let labels = of.iter().map(|(view, ty)| view.label(ty.at, "nothing of it is visible"));
            let found = Diagnostic::new(Code::OnlyInaccessibleChildren, message)
                .labels(labels)
                .help(format!("add @inaccessible to {} as well", self.name));
            out.push(found);
        }
    }

    fn reference(&self, place: &str, ty: &str, at: (&View, &FieldView), out: &mut Vec<Diagnostic>) {
        if self.hidden.ty(ty) {
            out.push(self.hidden.referenced(place, ty, at.0, at.1.at));
        }
    }

    fn input_field(
        &self,
        place: &str,
        name: &str,
        of: &[(&View, &FieldView)],
        out: &mut Vec<Diagnostic>,
    ) {
        let required =
            of.iter().find(|(_, field)| field.ty.is_non_null() && field.default.is_none());
        if self.hidden.field(self.name, name) {
            if let Some((view, field)) = required {
                out.push(hidden_but_required(place, view, field.at));
            }
            return;
        }
        let ty = of[0].1.ty.inner_named_type();
        self.reference(place, ty, of[0], out);
        let default = of[0].1.default.as_ref();
        if let Some(used) = default.and_then(|value| self.hidden.used_by_default(ty, value)) {
            out.push(hidden_default(place, &used, of[0].0, of[0].1.at));
        }
    }

    fn arguments(&self, field: &str, of: &[(&View, &FieldView)], out: &mut Vec<Diagnostic>) {
        for (name, argument) in &of[0].1.arguments {
            if !of.iter().all(|(_, field)| field.external || field.arguments.contains_key(name)) {
                continue;
            }
            let place = format!("{}.{field}({name}:)", self.name);
            let (view, at) = (of[0].0, argument.at);
            let ty = argument.ty.inner_named_type();
            if self.hidden.argument(self.name, field, name) {
                let mut known = self.hidden.arguments(self.name, field, name);
                if known.any(|(_, a)| a.ty.is_non_null() && a.default.is_none()) {
                    out.push(hidden_but_required(&place, view, at));
                }
                self.implemented(field, Some(name), &place, of[0], out);
                continue;
            }
            if self.hidden.ty(ty) {
                out.push(self.hidden.referenced(&place, ty, view, at));
            }
            self.demanded(field, (name, argument), &place, view, out);
            let default = argument.default.as_ref();
            if let Some(used) = default.and_then(|value| self.hidden.used_by_default(ty, value)) {
                out.push(hidden_default(&place, &used, view, at));
            }
        }
    }

    /// What must be given must be known to those who see the interface alone.
    fn demanded(
        &self,
        field: &str,
        (name, argument): (&str, &ArgumentView),
        place: &str,
        view: &View,
        out: &mut Vec<Diagnostic>,
    ) {
        if !argument.ty.is_non_null() || argument.default.is_some() {
            return;
        }
        for interface in self.interfaces() {
            let visible = !self.hidden.ty(interface) && !self.hidden.field(interface, field);
            if visible && self.hidden.argument(interface, field, name) {
                let message = format!(
                    "`{interface}.{field}({name}:)` is @inaccessible, but `{place}` must be given."
                );
                let found = Diagnostic::new(Code::RequiredInaccessible, message)
                    .label(view.label(argument.at, "required"))
                    .help(format!("make {place} optional, or show it in {interface}"));
                out.push(found);
            }
        }
    }

    /// The interfaces of the type, in any subgraph.
    fn interfaces(&self) -> Vec<&str> {
        let mut interfaces: Vec<&str> = Vec::new();
        for (_, ty) in self.hidden.views.of(self.name) {
            interfaces.extend(ty.implements.iter().map(sdl::Name::as_str));
        }
        interfaces.sort_unstable();
        interfaces.dedup();
        interfaces
    }

    /// A hidden field or argument must not implement a visible one.
    fn implemented(
        &self,
        field: &str,
        argument: Option<&str>,
        place: &str,
        at: (&View, &FieldView),
        out: &mut Vec<Diagnostic>,
    ) {
        for interface in self.interfaces() {
            let known = self.hidden.views.field(interface, field).any(|(_, _, field)| {
                argument.is_none_or(|argument| field.arguments.contains_key(argument))
            });
            let hidden = self.hidden.ty(interface)
                || self.hidden.field(interface, field)
                || argument.is_some_and(|name| self.hidden.argument(interface, field, name));
            if known && !hidden {
                let message = format!(
                    "`{place}` is @inaccessible, but implements a visible part of `{interface}`."
                );
                let found = Diagnostic::new(Code::ImplementedByInaccessible, message)
                    .label(at.0.label(at.1.at, "hidden"))
                    .help(format!(
                        "add @inaccessible to {interface}.{} as well",
                        match argument {
                            Some(argument) => format!("{field}({argument}:)"),
                            None => field.to_string(),
                        }
                    ));
                out.push(found);
            }
        }
    }
}

fn hidden_but_required(place: &str, view: &View, at: Spot) -> Diagnostic {
    let message = format!("`{place}` is @inaccessible but must be given.");
    Diagnostic::new(Code::RequiredInaccessible, message)
        .label(view.label(at, "required"))
        .help(format!("make {place} optional, or give it a default"))
}

fn hidden_default(place: &str, used: &str, view: &View, at: Spot) -> Diagnostic {
    let message = format!("The default of `{place}` uses {used}, which is @inaccessible.");
    Diagnostic::new(Code::DefaultValueUsesInaccessible, message)
        .label(view.label(at, "visible"))
        .help("use another default, or hide what has it as well")
}
