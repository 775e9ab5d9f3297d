//! `EXTERNAL_TYPE_MISMATCH`, `EXTERNAL_ARGUMENT_MISSING`, `EXTERNAL_ARGUMENT_TYPE_MISMATCH`,
//! `EXTERNAL_ARGUMENT_DEFAULT_MISMATCH`, `EXTERNAL_MISSING_ON_BASE`.

use super::model::MergedArgument;
use super::source::{FieldSource, Merge, Place};
use super::types::is_subtype;
use super::values::is_same;
use crate::diagnostic::{Code, Diagnostic};

/// A field that is external wherever it is: nobody resolves it.
pub(super) fn missing(merge: &mut Merge<'_>, place: Place<'_>, external: &[FieldSource<'_>]) {
    let message = format!("`{place}` is @external wherever it is, so no subgraph resolves it.");
    let labels = external.iter().map(|source| source.label(source.item.at, "external here"));
    let found = Diagnostic::new(Code::ExternalMissingOnBase, message)
        .labels(labels)
        .help(format!("add {place} to the subgraph that resolves it, or remove its @external"));
    merge.found.push(found);
}

/// What a field becomes when all that resolve it are merged.
pub(super) struct Resolved<'m> {
    pub place: Place<'m>,
    /// Some type of them, if they don't go together.
    pub ty: &'m sdl::Type,
    pub arguments: &'m [MergedArgument],
    pub sources: &'m [FieldSource<'m>],
}

impl Resolved<'_> {
    /// An external field repeats the declaration that holds for those that resolve it.
    pub(super) fn compare(&self, merge: &mut Merge<'_>, external: &FieldSource<'_>) {
        if !self.is_type(merge, &external.item.ty) {
            let (place, ty) = (self.place, self.ty);
            let message = format!(
                "The external `{place}` is of type `{}`, but is resolved as one of type `{ty}`.",
                external.item.ty
            );
            let mend = format!("change the type of {place} in {} to `{ty}`", external.view.name);
            self.tell(merge, external, Code::ExternalTypeMismatch, message, mend);
        }
        for argument in self.arguments {
            self.argument(merge, external, argument);
        }
    }

    /// Where all that resolve it agree on a type, that type is repeated; else a narrower one will do.
    fn is_type(&self, merge: &Merge<'_>, external: &sdl::Type) -> bool {
        let agreed = self.sources.iter().all(|source| source.item.ty == *self.ty);
        external == self.ty || !agreed && is_subtype(merge.views, external, self.ty)
    }

    fn argument(
        &self,
        merge: &mut Merge<'_>,
        external: &FieldSource<'_>,
        argument: &MergedArgument,
    ) {
        let (place, name, subgraph) = (self.place, &argument.name, &external.view.name);
        let Some(own) = external.item.arguments.get(name) else {
            let message = format!("The external `{place}` lacks the argument `{name}`.");
            let mend = format!("add `{name}: {}` to {place} in {subgraph}", argument.ty);
            self.tell(merge, external, Code::ExternalArgumentMissing, message, mend);
            return;
        };
        if !is_subtype(merge.views, &argument.ty, &own.ty) {
            let message = format!("`{name}` of the external `{place}` takes no `{}`.", argument.ty);
            let mend = format!("change the type of `{name}` in {subgraph} to `{}`", argument.ty);
            self.tell(merge, external, Code::ExternalArgumentTypeMismatch, message, mend);
        }
        let same = match (&own.default, &argument.default) {
            (Some(own), Some(default)) => is_same(own, default),
            (own, default) => own.is_none() && default.is_none(),
        };
        if !same {
            let message = format!("`{name}` of the external `{place}` has another default.");
            let mend = format!("give `{name}` the same default in {subgraph} as everywhere");
            self.tell(merge, external, Code::ExternalArgumentDefaultMismatch, message, mend);
        }
    }

    fn tell(
        &self,
        merge: &mut Merge<'_>,
        external: &FieldSource<'_>,
        code: Code,
        message: String,
        mend: String,
    ) {
        let resolved = self.sources.iter().map(|from| from.label(from.item.at, "resolved here"));
        let found = Diagnostic::new(code, message)
            .label(external.label(external.item.at, "external here"))
            .labels(resolved)
            .help(mend);
        merge.found.push(found);
    }
}
