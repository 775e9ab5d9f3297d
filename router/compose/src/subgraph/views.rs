//! All subgraphs together, by the names of their types.

use std::collections::BTreeMap;

use sdl::Name;

use super::model::{FieldView, ForeignLink, Kind, TypeView, View};

/// All subgraphs, with where each type stands.
pub(crate) struct Views<'a> {
    pub all: &'a [View],
    /// The types by name, with those subgraphs that have them; of a type that is not the same
    /// kind everywhere, those in which it is what it is in the first.
    pub types: BTreeMap<&'a str, Vec<(&'a View, &'a TypeView)>>,
    /// The types that are not the same kind everywhere, with all subgraphs that have them.
    pub mixed: BTreeMap<&'a str, Vec<(&'a View, &'a TypeView)>>,
}

impl<'a> Views<'a> {
    pub(crate) fn new(all: &'a [View]) -> Self {
        let mut types: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for view in all {
            for (name, ty) in &view.types {
                types.entry(name.as_str()).or_default().push((view, ty));
            }
        }
        let mut mixed = BTreeMap::new();
        for (name, of) in &mut types {
            let first: Kind = of[0].1.kind.plain();
            if of.iter().any(|(_, ty): &(&View, &TypeView)| ty.kind.plain() != first) {
                mixed.insert(*name, of.to_vec());
                of.retain(|(_, ty)| ty.kind.plain() == first);
            }
        }
        Self { all, types, mixed }
    }

    /// Every type of every subgraph, but those that are something else than in the first.
    pub(crate) fn each(&self) -> impl Iterator<Item = (&'a View, &'a TypeView)> {
        let all = self.all.iter().flat_map(|view| view.types.values().map(move |ty| (view, ty)));
        all.filter(|(_, ty)| {
            let mixed = self.mixed.get(ty.name.as_str());
            mixed.is_none_or(|all| all[0].1.kind.plain() == ty.kind.plain())
        })
    }

    /// The links of which `@composeDirective` keeps something, by specification.
    pub(crate) fn composed(&self) -> BTreeMap<&'a str, Vec<(&'a View, &'a ForeignLink)>> {
        let mut by_identity: BTreeMap<&str, Vec<(&View, &ForeignLink)>> = BTreeMap::new();
        for view in self.all {
            for link in &view.composed {
                by_identity.entry(&link.identity).or_default().push((view, link));
            }
        }
        by_identity
    }

    /// The subgraphs that have a type.
    pub(crate) fn of(&self, name: &str) -> &[(&'a View, &'a TypeView)] {
        self.types.get(name).map_or(&[], Vec::as_slice)
    }

    /// The subgraphs that have a field.
    pub(crate) fn field(
        &self,
        ty: &str,
        field: &str,
    ) -> impl Iterator<Item = (&'a View, &'a TypeView, &'a FieldView)> {
        self.of(ty).iter().filter_map(move |(view, ty)| Some((*view, *ty, ty.fields.get(field)?)))
    }

    /// The label while which an override holds, if the subgraph it names has the field at all.
    pub(crate) fn label<'f>(&self, ty: &str, field: &'f FieldView) -> Option<&'f Name> {
        let used = field.overrides.as_ref()?;
        let source = self.all.iter().find(|view| view.name == used.from)?;
        source.types.get(ty)?.fields.get(&field.name)?;
        used.label.as_ref()
    }

    /// Whether an interface object of an interface of the type resolves a field: all objects of the
    /// interface have it then.
    pub(crate) fn is_stood_in(&self, ty: &str, field: &str) -> bool {
        let interfaces = self.of(ty).iter().flat_map(|(_, ty)| &ty.implements);
        interfaces.into_iter().any(|interface| {
            self.field(interface, field)
                .any(|(_, ty, field)| ty.kind == Kind::InterfaceObject && !field.external)
        })
    }
}
