//! Asks the rules about types and what is in them.

use std::cell::OnceCell;

use sdl::{Name, Type, Value};

use super::applied::Once;
use super::element::{One, Place, groups, parts};
use super::{
    arguments, inconsistent_but_compatible_field_type, inconsistent_default_value_presence,
    inconsistent_description, inconsistent_entity, inconsistent_enum_value_for_input_enum,
    inconsistent_enum_value_for_output_enum, inconsistent_input_object_field,
    inconsistent_interface_value_type_field, inconsistent_object_value_type_field,
    inconsistent_union_member, unused_enum_type,
};
use crate::diagnostic::Diagnostic;
use crate::maps::HashMap;
use crate::merge::{MergedField, MergedType};
use crate::subgraph::{FieldView, Kind, TypeView};

/// A type as all subgraphs have it, and as it was merged.
pub(super) struct Shared<'a> {
    pub merged: &'a MergedType,
    pub all: &'a [One<'a, TypeView>],
    pub once: &'a Once<'a>,
    /// The merged fields by name, once something is to be told of one.
    fields: OnceCell<HashMap<&'a Name, &'a MergedField>>,
}

impl<'a> Shared<'a> {
    pub(super) fn new(
        merged: &'a MergedType,
        all: &'a [One<'a, TypeView>],
        once: &'a Once<'a>,
    ) -> Self {
        Self { merged, all, once, fields: OnceCell::new() }
    }

    /// Asks all rules of the type.
    pub(super) fn check(&self, out: &mut Vec<Diagnostic>) {
        let name = self.merged.name.as_str();
        if self.merged.kind == Kind::Enum && !self.merged.usage.is_any() {
            unused_enum_type::check(name, self.all, out);
        }
        if self.all.len() < 2 {
            return;
        }
        let place = Place::Type(name);
        inconsistent_description::check(place, self.all, out);
        self.once.check(place, self.all, |ty| &ty.marks, out);
        inconsistent_entity::check(name, self.all, out);
        match self.merged.kind {
            Kind::Object | Kind::Interface | Kind::InterfaceObject => self.fields(out),
            Kind::Input => self.inputs(out),
            Kind::Enum => self.values(out),
            Kind::Union => inconsistent_union_member::check(name, self.all, out),
            Kind::Scalar => {}
        }
    }

    fn fields(&self, out: &mut Vec<Diagnostic>) {
        let keyless = self.all.iter().all(|one| one.item.keys.is_empty());
        let value = keyless && !crate::merge::is_root(&self.merged.name);
        // Who resolves nothing of an object gives none: there, no field is missed.
        let resolves = |one: &&One<'_, TypeView>| {
            one.item.fields.is_empty() || one.item.fields.values().any(|field| !field.external)
        };
        let owners: Vec<_> = self.all.iter().filter(resolves).copied().collect();
        let all = parts(self.all, |ty| &ty.fields);
        for having in groups(&all) {
            let place = Place::Member(&self.merged.name, having[0].name);
            match self.merged.kind {
                Kind::Object if value => {
                    inconsistent_object_value_type_field::check(place, &owners, having, out);
                }
                Kind::Interface if value => {
                    inconsistent_interface_value_type_field::check(place, self.all, having, out);
                }
                _ => {}
            }
            if having.len() < 2 {
                continue;
            }
            if having.iter().any(|one| one.item.external) {
                let having: Vec<_> =
                    having.iter().filter(|one| !one.item.external).copied().collect();
                self.field(place, &having, out);
            } else {
                self.field(place, having, out);
            }
        }
    }

    /// A field, as those subgraphs have it that resolve it.
    fn field<'b>(
        &self,
        place: Place<'_>,
        having: &[One<'b, FieldView>],
        out: &mut Vec<Diagnostic>,
    ) {
        let Some(first) = having.first().filter(|_| having.len() > 1) else { return };
        inconsistent_but_compatible_field_type::check(
            place,
            having,
            || self.merged_type(first.name),
            out,
        );
        inconsistent_description::check(place, having, out);
        self.once.check(place, having, |field| &field.marks, out);
        if having.iter().any(|one| !one.item.arguments.is_empty()) {
            let merged = self.merged_field(first.name);
            let merged = merged.map_or(&[][..], |field| &field.arguments);
            let of = |field: &'b FieldView| &*field.arguments;
            arguments::check(place, having, of, merged, self.once, out);
        }
    }

    fn inputs(&self, out: &mut Vec<Diagnostic>) {
        let all = parts(self.all, |ty| &ty.fields);
        for having in groups(&all) {
            let place = Place::Member(&self.merged.name, having[0].name);
            let hidden = having.iter().any(|one| one.item.marks.inaccessible);
            if having.len() < self.all.len() && !hidden {
                inconsistent_input_object_field::check(place, self.all, having, out);
                continue;
            }
            let merged = || self.merged_type(having[0].name);
            inconsistent_but_compatible_field_type::check(place, having, merged, out);
            inconsistent_default_value_presence::check(place, having, default, out);
            inconsistent_description::check(place, having, out);
            self.once.check(place, having, |field| &field.marks, out);
        }
    }

    fn values(&self, out: &mut Vec<Diagnostic>) {
        let usage = self.merged.usage;
        let all = parts(self.all, |ty| &ty.values);
        for having in groups(&all) {
            let place = Place::Member(&self.merged.name, having[0].name);
            match (usage.input, usage.output) {
                (true, false) => {
                    inconsistent_enum_value_for_input_enum::check(place, self.all, having, out);
                }
                (false, _) => {
                    inconsistent_enum_value_for_output_enum::check(place, self.all, having, out);
                }
                // What is both sent and answered must agree, which merging sees to.
                (true, true) => {}
            }
            inconsistent_description::check(place, having, out);
            self.once.check(place, having, |value| &value.marks, out);
        }
    }

    fn merged_field(&self, name: &Name) -> Option<&'a MergedField> {
        let fields = self
            .fields
            .get_or_init(|| self.merged.fields.iter().map(|field| (&field.name, field)).collect());
        fields.get(name).copied()
    }

    fn merged_type(&self, name: &Name) -> Option<&'a Type> {
        self.merged_field(name).map(|field| &field.ty)
    }
}

fn default(field: &FieldView) -> Option<&Value> {
    field.default.as_ref()
}
