//! Building: the pieces of a document become a [`View`].

use apollo_compiler::ast::{self, Document};
use apollo_compiler::parser::SourceMap;
use apollo_compiler::{Name, Node};
use indexmap::IndexMap;

use super::applied::Reader;
use super::complete::root;
use super::model::{
    ArgumentView, DirectiveView, ElementView, FieldView, KeyView, Kind, Marks, Override, TypeView,
    View,
};
use super::pieces::{Piece, Pieces, gather};

/// The usual names of root types.
const ROOTS: [(&str, ast::OperationType); 3] = [
    ("Query", ast::OperationType::Query),
    ("Mutation", ast::OperationType::Mutation),
    ("Subscription", ast::OperationType::Subscription),
];

/// Builds the types and directives of a view from a stripped document.
pub(super) fn build(view: &mut View, document: &Document, reader: &Reader<'_>) {
    let types = gather(document);
    let renames = Renames::new(document, &types);
    let mut build = Build { reader, renames, sources: &document.sources };
    for (name, pieces) in &types {
        let ty = build.ty(name, pieces);
        view.types.insert(ty.name.clone(), ty);
    }
    for (usual, actual) in build.renames.clashes(&types) {
        let at = types.get(&Name::new_unchecked(usual)).and_then(|pieces| pieces.all[0].at);
        view.root_clashes.push((usual, actual, reader.spot(at)));
    }
    for definition in &document.definitions {
        if let ast::Definition::DirectiveDefinition(directive) = definition {
            let composed = reader.composed.get(directive.name.as_str());
            let executable = directive.locations.iter().any(|location| is_executable(*location));
            if composed.is_none() && !executable {
                continue;
            }
            let name = composed.cloned().unwrap_or_else(|| directive.name.to_string());
            view.directives.insert(name, build.directive(directive, composed.is_some()));
        }
    }
}

fn is_executable(location: ast::DirectiveLocation) -> bool {
    use ast::DirectiveLocation as At;
    matches!(
        location,
        At::Query
            | At::Mutation
            | At::Subscription
            | At::Field
            | At::FragmentDefinition
            | At::FragmentSpread
            | At::InlineFragment
            | At::VariableDefinition
    )
}

/// Root types have their usual names in a view.
struct Renames {
    /// The name in the file, and the usual one.
    roots: Vec<(String, &'static str)>,
}

impl Renames {
    fn new(document: &Document, types: &IndexMap<&Name, Pieces<'_>>) -> Self {
        let named = |(usual, operation): (&'static str, _)| {
            let actual = root(document, operation);
            let exists = types.keys().any(|name| name.as_str() == actual);
            (exists && actual != usual).then_some((actual, usual))
        };
        Self { roots: ROOTS.into_iter().filter_map(named).collect() }
    }

    fn of<'n>(&self, name: &'n str) -> &'n str {
        let renamed = self.roots.iter().find(|(actual, _)| actual == name);
        renamed.map_or(name, |(_, usual)| usual)
    }

    fn ty(&self, ty: &ast::Type) -> ast::Type {
        let rename = |name: &Name| Name::new_unchecked(self.of(name));
        match ty {
            ast::Type::Named(name) => ast::Type::Named(rename(name)),
            ast::Type::NonNullNamed(name) => ast::Type::NonNullNamed(rename(name)),
            ast::Type::List(item) => ast::Type::List(Box::new(self.ty(item))),
            ast::Type::NonNullList(item) => ast::Type::NonNullList(Box::new(self.ty(item))),
        }
    }

    /// Types that have the usual name of a root that is another type.
    fn clashes(&self, types: &IndexMap<&Name, Pieces<'_>>) -> Vec<(&'static str, String)> {
        let clash = |(actual, usual): &(String, &'static str)| {
            let taken = types.keys().any(|name| name.as_str() == *usual);
            taken.then(|| (*usual, actual.clone()))
        };
        self.roots.iter().filter_map(clash).collect()
    }
}

struct Build<'a> {
    reader: &'a Reader<'a>,
    renames: Renames,
    sources: &'a SourceMap,
}

impl Build<'_> {
    fn ty(&mut self, name: &Name, pieces: &Pieces<'_>) -> TypeView {
        let reader = self.reader;
        let first = &pieces.all[0];
        let lists = || pieces.all.iter().filter_map(|piece| piece.directives);
        let extends = lists().any(|list| reader.has(list, "extends"));
        let object = lists().any(|list| reader.has(list, "interfaceObject"));
        let kind = match pieces.kind {
            Kind::Object if object => Kind::InterfaceObject,
            kind => kind,
        };
        let mut ty = TypeView {
            name: self.renames.of(name).to_owned(),
            description: pieces.all.iter().find_map(|p| p.description).map(str::to_owned),
            kind,
            at: reader.spot(first.at),
            extension_only: extends || pieces.all.iter().all(|piece| piece.extension),
            implements: Vec::new(),
            members: Vec::new(),
            fields: IndexMap::new(),
            values: IndexMap::new(),
            keys: Vec::new(),
            contexts: Vec::new(),
            shareable: Vec::new(),
            marks: Marks::default(),
        };
        for piece in &pieces.all {
            self.piece(&mut ty, piece);
        }
        ty
    }

    fn piece(&self, ty: &mut TypeView, piece: &Piece<'_>) {
        let reader = self.reader;
        let mut external = false;
        let mut shareable = false;
        if let Some(directives) = piece.directives {
            external = reader.has(directives, "external");
            let times = reader.all(directives, "shareable").count();
            shareable = times > 0;
            if shareable {
                ty.shareable.push((times, reader.spot(piece.at)));
            }
            for key in reader.all(directives, "key") {
                let resolvable = key.specified_argument_by_name("resolvable");
                ty.keys.push(KeyView {
                    fields: reader.fields(key),
                    resolvable: resolvable.and_then(|value| value.to_bool()) != Some(false),
                });
            }
            for context in reader.all(directives, "context") {
                let name = context.specified_argument_by_name("name").and_then(|v| v.as_str());
                ty.contexts.push((name.unwrap_or_default().to_owned(), reader.node(context)));
            }
            reader.mark(&mut ty.marks, directives);
        }
        let names = piece.implements.iter().map(|name| self.renames.of(name).to_owned());
        ty.implements.extend(names);
        ty.implements = unique(std::mem::take(&mut ty.implements));
        ty.members.extend(piece.members.iter().map(|name| self.renames.of(name).to_owned()));
        ty.members = unique(std::mem::take(&mut ty.members));
        for field in piece.fields {
            let field = self.field(field, external, shareable);
            ty.fields.insert(field.name.clone(), field);
        }
        for input in piece.inputs {
            let field = self.input(input);
            ty.fields.insert(field.name.clone(), field);
        }
        for value in piece.values {
            let mut marks = Marks::default();
            reader.mark(&mut marks, &value.directives);
            let description = value.description.as_deref().map(str::to_owned);
            let at = reader.spot(value.value.location());
            ty.values.insert(value.value.to_string(), ElementView { description, at, marks });
        }
    }

    fn field(&self, field: &ast::FieldDefinition, external: bool, shareable: bool) -> FieldView {
        let reader = self.reader;
        let one = |name| reader.all(&field.directives, name).next();
        let text = |directive: &Node<ast::Directive>, name: &str| {
            let value = directive.specified_argument_by_name(name);
            value.and_then(|value| value.as_str()).map(str::to_owned)
        };
        let external_here = reader.has(&field.directives, "external");
        let shareable_here = reader.all(&field.directives, "shareable").count();
        let mut marks = Marks::default();
        reader.mark(&mut marks, &field.directives);
        let arguments = field.arguments.iter();
        FieldView {
            name: field.name.to_string(),
            description: field.description.as_deref().map(str::to_owned),
            ty: self.renames.ty(&field.ty),
            at: reader.spot(field.name.location()),
            arguments: arguments.map(|a| (a.name.to_string(), self.argument(a))).collect(),
            default: None,
            external: external || external_here,
            external_here,
            shareable: shareable || shareable_here > 0,
            shareable_here,
            requires: one("requires").map(|requires| reader.fields(requires)),
            provides: one("provides").map(|provides| reader.fields(provides)),
            overrides: one("override").map(|overrides| Override {
                from: text(overrides, "from").unwrap_or_default(),
                label: text(overrides, "label"),
                at: reader.node(overrides),
            }),
            list_size: one("listSize").map(|size| reader.list_size(size)),
            marks,
        }
    }

    fn input(&self, input: &Node<ast::InputValueDefinition>) -> FieldView {
        let mut marks = Marks::default();
        self.reader.mark(&mut marks, &input.directives);
        FieldView {
            name: input.name.to_string(),
            description: input.description.as_deref().map(str::to_owned),
            ty: self.renames.ty(&input.ty),
            at: self.reader.spot(input.name.location()),
            arguments: IndexMap::new(),
            default: input.default_value.as_ref().map(|value| (**value).clone()),
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

    fn argument(&self, argument: &ast::InputValueDefinition) -> ArgumentView {
        let mut marks = Marks::default();
        self.reader.mark(&mut marks, &argument.directives);
        let context = self.reader.all(&argument.directives, "fromContext").next();
        let field = context.and_then(|context| context.specified_argument_by_name("field"));
        ArgumentView {
            description: argument.description.as_deref().map(str::to_owned),
            ty: (*argument.ty).clone(),
            default: argument.default_value.as_ref().map(|value| (**value).clone()),
            at: self.reader.spot(argument.name.location()),
            from_context: context
                .map(|_| field.and_then(|v| v.as_str()).unwrap_or_default().to_owned()),
            marks,
        }
    }

    fn directive(&self, directive: &ast::DirectiveDefinition, composed: bool) -> DirectiveView {
        let arguments = directive.arguments.iter();
        debug_assert!(!self.sources.is_empty(), "a document was parsed from a source");
        DirectiveView {
            description: directive.description.as_deref().map(str::to_owned),
            arguments: arguments.map(|a| (a.name.to_string(), self.argument(a))).collect(),
            repeatable: directive.repeatable,
            locations: directive.locations.iter().copied().collect(),
            composed,
            at: self.reader.spot(directive.name.location()),
        }
    }
}

fn unique(names: Vec<String>) -> Vec<String> {
    let names: indexmap::IndexSet<String> = names.into_iter().collect();
    names.into_iter().collect()
}
