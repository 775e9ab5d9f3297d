//! The world of a merged schema and the views that it came from.

use super::world::{
    ApiField, ContextIx, Hop, Item, Key, Kind, LabelIx, Local, LocalField, LocalFields, Root,
    SetId, SubIx, Taken, Type, TypeIx, World,
};
use crate::check::overrides::Overrides;
use crate::maps::HashMap;
use crate::merge::{Merged, MergedField, MergedType, is_root};
use crate::subgraph::field_set::{Selected, read};
use crate::subgraph::from_context::split;
use crate::subgraph::{self, FieldView, TypeView, View, Views};

/// Builds the world.
pub(super) fn build(views: &Views<'_>, overrides: &Overrides, merged: &Merged) -> World {
    let names = merged.types.iter().map(|ty| ty.name.as_str());
    let built_in = BUILT_IN.into_iter().filter(|name| names.clone().all(|known| known != *name));
    let built_in: Vec<&str> = built_in.collect();
    let index = names.chain(built_in.iter().copied()).zip(0..).collect();
    let implementing = implementing(merged);
    let (world, contexts) = (World::default(), HashMap::default());
    let mut build = Build { views, world, overrides, index, implementing, contexts };
    build.world.subgraphs = views.all.iter().map(|view| view.name.to_string()).collect();
    for ty in &merged.types {
        let ty = build.ty(ty);
        build.world.types.push(ty);
    }
    for name in built_in {
        let ty = build.leaf(name);
        build.world.types.push(ty);
    }
    for (graph, view) in (0..).zip(views.all) {
        for ty in view.types.values() {
            build.local(graph, view, ty);
        }
    }
    build.hops(views);
    for (root, name) in
        [(Root::Query, "Query"), (Root::Mutation, "Mutation"), (Root::Subscription, "Subscription")]
    {
        if let Some(ix) = build.index.get(name) {
            build.world.roots.push((root, *ix));
        }
    }
    build.world
}

/// The scalars that need no definition.
const BUILT_IN: [&str; 5] = ["Boolean", "Float", "ID", "Int", "String"];

struct Build<'a> {
    world: World,
    views: &'a Views<'a>,
    overrides: &'a Overrides,
    index: HashMap<&'a str, TypeIx>,
    /// The object types of each interface.
    implementing: HashMap<&'a str, Vec<TypeIx>>,
    contexts: HashMap<(SubIx, String), ContextIx>,
}

fn is_hidden(applied: &[subgraph::Applied]) -> bool {
    applied.iter().any(|applied| applied.name == "inaccessible")
}

/// The object types that implement each interface.
fn implementing(merged: &Merged) -> HashMap<&str, Vec<TypeIx>> {
    let mut implementing: HashMap<&str, Vec<TypeIx>> = HashMap::default();
    for (ix, ty) in (0..).zip(&merged.types) {
        if ty.kind == subgraph::Kind::Object {
            for interface in &ty.implements {
                implementing.entry(interface.as_str()).or_default().push(ix);
            }
        }
    }
    implementing
}

impl Build<'_> {
    fn ty(&mut self, ty: &MergedType) -> Type {
        use subgraph::Kind as Of;
        let kind = match ty.kind {
            Of::Object => Kind::Object,
            Of::Interface | Of::Union | Of::InterfaceObject => Kind::Abstract,
            Of::Scalar | Of::Enum | Of::Input => Kind::Leaf,
        };
        let fields = match kind {
            Kind::Object => ty.fields.iter().filter_map(|field| self.api_field(field)).collect(),
            _ => Vec::new(),
        };
        let possible = match ty.kind {
            Of::Object => vec![self.index[ty.name.as_str()]],
            Of::Union => self.indices(ty.members.iter().map(|(name, _)| name.as_str())),
            Of::Interface | Of::InterfaceObject => {
                self.implementing.get(ty.name.as_str()).cloned().unwrap_or_default()
            }
            _ => Vec::new(),
        };
        Type {
            name: self.world.names.add(ty.name.clone()),
            kind,
            visible: !is_hidden(&ty.applied),
            fields,
            possible,
            local: Vec::new(),
            hops: Vec::new(),
            contexts: Vec::new(),
        }
    }

    fn leaf(&mut self, name: &str) -> Type {
        Type {
            name: self.world.names.add(sdl::Name::new(name)),
            kind: Kind::Leaf,
            visible: true,
            fields: Vec::new(),
            possible: Vec::new(),
            local: Vec::new(),
            hops: Vec::new(),
            contexts: Vec::new(),
        }
    }

    fn indices<'n>(&self, names: impl Iterator<Item = &'n str>) -> Vec<TypeIx> {
        names.filter_map(|name| self.index.get(name).copied()).collect()
    }

    fn api_field(&mut self, field: &MergedField) -> Option<ApiField> {
        let ty = *self.index.get(field.ty.inner_named_type().as_str())?;
        let required = field
            .arguments
            .iter()
            .filter(|argument| argument.ty.is_non_null() && argument.default.is_none());
        let arguments: Vec<String> =
            required.map(|argument| format!("{}: …", argument.name)).collect();
        let arguments =
            (!arguments.is_empty()).then(|| format!("({})", arguments.join(", ")).into());
        let name = self.world.names.add(field.name.clone());
        (!is_hidden(&field.applied)).then_some(ApiField { name, ty, arguments })
    }

    /// What one subgraph says of a type.
    fn local(&mut self, graph: SubIx, view: &View, ty: &TypeView) {
        let Some(ix) = self.index.get(ty.name.as_str()).copied() else { return };
        let mut local = Local {
            interface_object: ty.kind == subgraph::Kind::InterfaceObject,
            possible: self.indices(view.possible(&ty.name).into_iter().map(sdl::Name::as_str)),
            ..Local::default()
        };
        for key in &ty.keys {
            let Some(text) = &key.fields.text else { continue };
            let set = self.set(view, &ty.name, text);
            local.keys.push(Key { text: text.to_string(), set, resolvable: key.resolvable });
        }
        if is_root(&ty.name) {
            // A root can be entered anywhere, with nothing at hand.
            local.keys.push(Key { text: String::new(), set: 0, resolvable: true });
        }
        if ty.is_composite() {
            let mut fields = Vec::with_capacity(ty.fields.len());
            for field in ty.fields.values() {
                let name = self.world.names.add(field.name.clone());
                let known = self.local_field((graph, view), ty, field);
                fields.extend(known.map(|known| (name, known)));
            }
            local.fields = LocalFields::new(fields);
        }
        for (context, _) in &ty.contexts {
            // An object of an abstract type that sets a context sets it, however it is reached.
            let context = self.context(graph, context);
            for object in &local.possible {
                let known = &mut self.world.types[*object as usize].contexts;
                if !known.contains(&context) {
                    known.push(context);
                }
            }
        }
        self.world.types[ix as usize].local.push((graph, local));
    }

    fn local_field(
        &mut self,
        (graph, view): (SubIx, &View),
        ty: &TypeView,
        field: &FieldView,
    ) -> Option<LocalField> {
        let target = field.ty.inner_named_type().to_string();
        let text = |set: &Option<Box<subgraph::FieldsArgument>>| {
            set.as_ref().and_then(|set| set.text.clone())
        };
        let requires = text(&field.requires).map_or(0, |text| self.set(view, &ty.name, &text));
        let provides = text(&field.provides).map_or(0, |text| self.set(view, &target, &text));
        let label = self.views.label(&ty.name, field).map(sdl::Name::as_str);
        let taken = match (self.overrides.label(&view.name, &ty.name, &field.name), label) {
            (Some(None), _) => Taken::Away,
            (Some(Some(label)), _) => Taken::AwayWhile(self.label(label)),
            (None, Some(label)) => Taken::HereWhile(self.label(label)),
            (None, None) => Taken::No,
        };
        let arguments = field.arguments.values();
        let named = arguments.filter_map(|argument| split(argument.from_context.as_deref()?));
        let contexts = named.map(|(name, _)| self.context(graph, name)).collect();
        Some(LocalField {
            ty: *self.index.get(target.as_str())?,
            external: field.external,
            requires,
            provides,
            contexts,
            taken,
        })
    }

    fn label(&mut self, label: &str) -> LabelIx {
        let known = self.world.labels.iter().position(|known| known == label);
        let ix = known.unwrap_or_else(|| {
            self.world.labels.push(label.to_owned());
            self.world.labels.len() - 1
        });
        LabelIx::try_from(ix).expect("a label stands in the text of a subgraph, which is bounded")
    }

    fn context(&mut self, graph: SubIx, name: &str) -> ContextIx {
        let next = self.contexts.len();
        let next = ContextIx::try_from(next).expect("a context stands in a text that is bounded");
        *self.contexts.entry((graph, name.to_owned())).or_insert(next)
    }

    /// A field set of a subgraph. One that makes no sense was told by a rule before.
    fn set(&mut self, view: &View, parent: &str, text: &str) -> SetId {
        let (selected, _) = read(view, parent, text);
        self.selected(&selected)
    }

    fn selected(&mut self, selected: &[Selected]) -> SetId {
        let mut items = Vec::new();
        for one in selected {
            match one {
                Selected::Typename(_) => items.push(Item::Typename),
                Selected::Field { name, inner, .. } => {
                    let inner = self.selected(inner);
                    items.push(Item::Field(self.world.names.add(name.clone()), inner));
                }
                Selected::On { ty, inner } => {
                    let inner = self.selected(inner);
                    if let Some(ty) = self.index.get(ty.as_str()) {
                        items.push(Item::On(*ty, inner));
                    }
                }
            }
        }
        self.world.sets.add(items)
    }

    /// By which keys each type can be entered: an object also by those of the interface objects
    /// that stand for it.
    fn hops(&mut self, views: &Views<'_>) {
        for ix in 0..self.world.types.len() {
            let name = self.world.type_name(ix as TypeIx).to_owned();
            let mut hops = self.hops_of(ix as TypeIx);
            let mut interfaces: Vec<&str> = views
                .of(&name)
                .iter()
                .flat_map(|(_, ty)| ty.implements.iter().map(sdl::Name::as_str))
                .collect();
            interfaces.sort_unstable();
            interfaces.dedup();
            for interface in self.indices(interfaces.into_iter()) {
                let of_interface = self.hops_of(interface);
                hops.extend(of_interface.into_iter().filter(|hop| {
                    self.world.local(interface, hop.subgraph).is_some_and(|l| l.interface_object)
                }));
            }
            self.world.types[ix].hops = hops;
        }
    }

    fn hops_of(&self, ty: TypeIx) -> Vec<Hop> {
        let mut hops = Vec::new();
        for (subgraph, local) in &self.world.ty(ty).local {
            let keys = local.keys.iter().enumerate().filter(|(_, key)| key.resolvable);
            hops.extend(keys.map(|(key, _)| Hop { local: ty, subgraph: *subgraph, key }));
        }
        hops
    }
}
