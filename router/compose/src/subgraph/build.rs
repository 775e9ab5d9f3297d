//! Building: the pieces of a document become a [`View`].

use sdl::{
    Definition, Directive, DirectiveDefinition, Document, Field, InputValue, Name, RootKind, Type,
};

use super::applied::Reader;
use super::machinery::root;
use super::model::{
    ArgumentView, Arguments, DirectiveView, ElementView, FieldView, KeyView, Kind, Marks, Override,
    TypeView, View,
};
use super::pieces::{Pieces, gather};
use crate::maps::IndexMap;

/// Builds the types and directives of a view from a stripped document.
pub(super) fn build(view: &mut View, document: &Document, reader: &Reader<'_>) {
    let types = gather(document);
    let renames = Renames::new(document, &types);
    let mut build = Build { reader, renames, federation_1: view.federation_1 };
    for (name, pieces) in &types {
        let ty = build.ty(name, pieces);
        view.types.insert(ty.name.clone(), ty);
    }
    for (usual, actual) in build.renames.clashes(&types) {
        let at =
            types.get(&Name::new_static(usual)).map(|pieces| pieces.all[0].at).unwrap_or_default();
        view.root_clashes.push((usual, actual, at));
    }
    for directive in &document.directives {
        let composed = reader.composed.get(&directive.name);
        let executable = directive.locations.iter().any(|location| location.is_executable());
        if composed.is_none() {
            let mut names = view.links.iter().flat_map(|link| &link.directives);
            if names.any(|(_, local)| *local == directive.name) {
                let linked = build.directive(directive, false);
                view.linked.insert(directive.name.clone(), linked);
            }
            if !executable {
                continue;
            }
        }
        let name = composed.cloned().unwrap_or_else(|| directive.name.clone());
        view.directives.insert(name, build.directive(directive, composed.is_some()));
    }
}

/// Root types have their usual names in a view.
struct Renames {
    /// The name in the file, and the usual one.
    roots: Vec<(Name, Name)>,
}

impl Renames {
    fn new(document: &Document, types: &IndexMap<&Name, Pieces<'_>>) -> Self {
        let named = |operation: RootKind| {
            let actual = root(document, operation);
            let usual = operation.default_type_name();
            let renamed = actual != usual && types.contains_key(&actual);
            renamed.then(|| (actual, Name::new_static(usual)))
        };
        Self { roots: RootKind::ALL.into_iter().filter_map(named).collect() }
    }

    fn of<'n>(&'n self, name: &'n Name) -> &'n Name {
        let renamed = self.roots.iter().find(|(actual, _)| actual == name);
        renamed.map_or(name, |(_, usual)| usual)
    }

    fn ty(&self, ty: &Type) -> Type {
        let rename = |name: &Name| self.of(name).clone();
        match ty {
            Type::Named(name) => Type::Named(rename(name)),
            Type::NonNullNamed(name) => Type::NonNullNamed(rename(name)),
            Type::List(item) => Type::List(Box::new(self.ty(item))),
            Type::NonNullList(item) => Type::NonNullList(Box::new(self.ty(item))),
        }
    }

    /// Types that have the usual name of a root that is another type. Roots get their names one after
    /// the other, so the type of an earlier one has left its name free.
    fn clashes(&self, types: &IndexMap<&Name, Pieces<'_>>) -> Vec<(&'static str, Name)> {
        let clash = |operation: RootKind| {
            let usual = operation.default_type_name();
            let at = self.roots.iter().position(|(_, name)| name == usual)?;
            let (earlier, actual) = (&self.roots[..at], &self.roots[at].0);
            let left = earlier.iter().any(|(name, _)| name == usual);
            let taken = !left && types.keys().any(|name| name.as_str() == usual);
            taken.then(|| (usual, actual.clone()))
        };
        RootKind::ALL.into_iter().filter_map(clash).collect()
    }
}

struct Build<'a> {
    reader: &'a Reader<'a>,
    renames: Renames,
    federation_1: bool,
}

impl Build<'_> {
    fn ty(&mut self, name: &Name, pieces: &Pieces<'_>) -> TypeView {
        let reader = self.reader;
        let first = &pieces.all[0];
        let says = |what| pieces.all.iter().any(|piece| reader.has(&piece.directives, what));
        let (extends, object) = (says("extends"), says("interfaceObject"));
        let kind = match Kind::from(pieces.kind) {
            Kind::Object if object => Kind::InterfaceObject,
            kind => kind,
        };
        let mut ty = TypeView {
            name: self.renames.of(name).clone(),
            description: pieces.all.iter().find_map(|piece| piece.description.clone()),
            kind,
            at: first.at,
            extension_only: extends || pieces.all.iter().all(|piece| piece.extension),
            extension_word: pieces.all.iter().all(|piece| piece.extension),
            implements: Vec::new(),
            members: Vec::new(),
            fields: sized(pieces.all.iter().map(|piece| piece.fields.len() + piece.inputs.len())),
            values: sized(pieces.all.iter().map(|piece| piece.values.len())),
            keys: Vec::new(),
            old_key: None,
            contexts: Vec::new(),
            shareable: Vec::new(),
            marks: Marks::default(),
        };
        for piece in &pieces.all {
            self.piece(&mut ty, piece);
        }
        // In federation 1, `extend` was how to mention another's type at all.
        let root = RootKind::ALL.iter().any(|root| ty.name == root.default_type_name());
        let mentioned = self.federation_1 && ty.extension_word && !root;
        for key in &mut ty.keys {
            key.extension = extends || key.extension && !mentioned;
        }
        ty
    }

    fn piece(&self, ty: &mut TypeView, piece: &Definition) {
        let reader = self.reader;
        let directives = &piece.directives;
        let external = reader.has(directives, "external");
        let times = reader.all(directives, "shareable").count();
        let shareable = times > 0;
        if shareable {
            ty.shareable.push((times, piece.at));
        }
        for key in reader.all(directives, "key") {
            let resolvable = key.argument("resolvable").and_then(sdl::Value::as_bool);
            ty.keys.push(KeyView {
                fields: reader.fields(key),
                resolvable: resolvable != Some(false),
                extension: piece.extension,
            });
        }
        for context in reader.all(directives, "context") {
            let name = context.text("name").cloned().unwrap_or_default();
            reader.uses("context", &context.name);
            ty.contexts.push((name, context.at));
        }
        reader.mark(&mut ty.marks, directives);
        let name = |named: &sdl::Named| self.renames.of(&named.name).clone();
        ty.implements.extend(piece.implements.iter().map(name));
        ty.members.extend(piece.members.iter().map(name));
        for field in &piece.fields {
            let field = self.field(field, external, shareable);
            ty.fields.insert(field.name.clone(), field);
        }
        for input in &piece.inputs {
            let field = self.input(input);
            ty.fields.insert(field.name.clone(), field);
        }
        for value in &piece.values {
            let mut marks = Marks::default();
            reader.mark(&mut marks, &value.directives);
            let (description, at) = (value.description.clone(), value.at);
            ty.values.insert(value.name.clone(), ElementView { description, at, marks });
        }
    }

    fn field(&self, field: &Field, external: bool, shareable: bool) -> FieldView {
        let reader = self.reader;
        let one = |name| reader.all(&field.directives, name).next();
        let text = |directive: &Directive, name: &str| directive.text(name).cloned();
        let external_here = reader.has(&field.directives, "external");
        let shareable_here = reader.all(&field.directives, "shareable").count();
        let mut marks = Marks::default();
        reader.mark(&mut marks, &field.directives);
        let arguments = field.arguments.iter();
        FieldView {
            name: field.name.clone(),
            description: field.description.clone(),
            ty: self.renames.ty(&field.ty),
            at: field.at,
            arguments: arguments.map(|a| (a.name.clone(), self.argument(a))).collect(),
            default: None,
            external: external || external_here,
            external_here,
            shareable: shareable || shareable_here > 0,
            shareable_here,
            requires: one("requires").map(|requires| Box::new(reader.fields(requires))),
            provides: one("provides").map(|provides| Box::new(reader.fields(provides))),
            overrides: one("override").map(|overrides| {
                Box::new(Override {
                    from: text(overrides, "from").unwrap_or_default(),
                    label: text(overrides, "label").filter(|label| !label.is_empty()),
                    at: overrides.at,
                })
            }),
            list_size: one("listSize").map(|size| Box::new(reader.list_size(size))),
            marks,
        }
    }

    fn input(&self, input: &InputValue) -> FieldView {
        let mut marks = Marks::default();
        self.reader.mark(&mut marks, &input.directives);
        FieldView {
            name: input.name.clone(),
            description: input.description.clone(),
            ty: self.renames.ty(&input.ty),
            at: input.at,
            arguments: Arguments::default(),
            default: input.default.clone(),
            external: false,
            external_here: false,
            shareable: false,
            shareable_here: 0,
            requires: None,
            provides: None,
            overrides: None,
            list_size: None,
            marks,
        }
    }

    fn argument(&self, argument: &InputValue) -> ArgumentView {
        let mut marks = Marks::default();
        self.reader.mark(&mut marks, &argument.directives);
        let context = self.reader.all(&argument.directives, "fromContext").next();
        ArgumentView {
            description: argument.description.clone(),
            ty: argument.ty.clone(),
            default: argument.default.clone(),
            at: argument.at,
            from_context: context.map(|c| c.text("field").cloned().unwrap_or_default()),
            marks,
        }
    }

    fn directive(&self, directive: &DirectiveDefinition, composed: bool) -> DirectiveView {
        let arguments = directive.arguments.iter();
        DirectiveView {
            description: directive.description.clone(),
            arguments: arguments.map(|a| (a.name.clone(), self.argument(a))).collect(),
            repeatable: directive.repeatable,
            locations: directive.locations.to_vec(),
            composed,
            at: directive.at,
        }
    }
}

/// A map for so many things: most types are never extended, and there are many of them.
fn sized<T>(lengths: impl Iterator<Item = usize>) -> IndexMap<Name, T> {
    IndexMap::with_capacity_and_hasher(lengths.sum(), Default::default())
}
