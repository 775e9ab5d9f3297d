//! A subgraph taken back out of a supergraph: its schema with federation's directives, as far as
//! the supergraph tells it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Schema as Ast, ast};

use crate::ids::{Id, SubgraphId, TypeId};
use crate::link::{Link, links};
use crate::model::{ContextArgument, FieldDef, JoinField, Kind, Model, OperationKind, TypeDef};
use crate::value::Value;

/// The schema of a subgraph. What composing left out of the supergraph is not there: arguments and
/// input fields that other subgraphs lack, contexts, and custom directives. What it takes to see an
/// element is what the supergraph asks for.
pub(crate) fn sdl(model: &Model, ast: &Ast, subgraph: SubgraphId) -> String {
    let links = links(&ast.schema_definition.directives);
    let join = links.iter().find(|link| link.spec == "join").map_or("join", |link| &link.name);
    let graphs = ast.get_enum(&format!("{join}__Graph"));
    let graph = graphs.and_then(|graphs| graphs.values.keys().nth(subgraph.index()));
    let mut writer = Writer {
        model,
        ast,
        subgraph,
        join,
        graph: graph.map_or("", |name| name.as_str()),
        links: &links,
        used: BTreeMap::new(),
        text: String::new(),
    };
    for (id, def) in model.types() {
        writer.ty(id, def);
    }
    let import = |(name, local): (&&str, &String)| match *local == **name {
        true => format!("\"@{name}\""),
        false => format!("{{name: \"@{name}\", as: \"@{local}\"}}"),
    };
    // What has federation's prefix needs no import.
    let imports =
        writer.used.iter().filter(|(name, local)| **local != format!("federation__{name}"));
    let imports = imports.map(import).collect::<Vec<_>>().join(", ");
    let url = "https://specs.apollo.dev/federation/v2.12";
    format!("extend schema @link(url: \"{url}\", import: [{imports}])\n{}", writer.text)
}

struct Writer<'a> {
    model: &'a Model,
    ast: &'a Ast,
    subgraph: SubgraphId,
    /// The name of the join specification in the supergraph.
    join: &'a str,
    /// The subgraph's value of `join__Graph`.
    graph: &'a str,
    links: &'a [Link],
    /// The directives of federation that were written, with their names here.
    used: BTreeMap<&'static str, String>,
    text: String,
}

impl Writer<'_> {
    fn ty(&mut self, id: TypeId, def: &TypeDef) {
        let Some(ty) = self.ast.types.get(def.name.as_str()) else { return };
        let is_here = def.join(self.subgraph).is_some() || self.is_joined(ty.directives(), "type");
        let built_in = matches!(ty, ExtendedType::Scalar(ty) if ty.is_built_in());
        if !is_here || built_in {
            return;
        }
        let mut body = String::new();
        match ty {
            ExtendedType::Object(_) | ExtendedType::Interface(_) => self.fields(def, &mut body),
            ExtendedType::Enum(ty) => {
                for value in ty.values.values() {
                    if self.is_joined(&value.directives, "enumValue") {
                        describe(value.description.as_deref(), "  ", &mut body);
                        let marks = self.marks(&value.directives);
                        let _ = writeln!(body, "  {}{marks}", value.value);
                    }
                }
            }
            ExtendedType::InputObject(ty) => {
                for field in ty.fields.values() {
                    describe(field.description.as_deref(), "  ", &mut body);
                    let own = self.input_type(&field.directives);
                    let text = self.input_value(field, own.as_deref());
                    let _ = writeln!(body, "  {text}");
                }
            }
            ExtendedType::Union(_) | ExtendedType::Scalar(_) => {}
        }
        let root = self.model.root_kind(id) == Some(OperationKind::Query);
        if body.is_empty() && (root || matches!(def.kind, Kind::Enum | Kind::Input)) {
            return;
        }
        describe(ty.description().map(|text| &**text), "", &mut self.text);
        let (own, extended) = self.keys(ty.directives());
        let head = self.head(id, (def, &own), ty);
        self.text.push_str(&head);
        if body.is_empty() {
            self.text.push('\n');
        } else {
            let _ = writeln!(self.text, " {{\n{body}}}");
        }
        if !extended.is_empty() {
            let _ = writeln!(self.text, "extend {} {}{extended}", self.keyword(def), def.name);
        }
    }

    fn keyword(&self, def: &TypeDef) -> &'static str {
        let stands_in = def.join(self.subgraph).is_some_and(|join| join.interface_object);
        match def.kind {
            Kind::Object => "type",
            Kind::Interface if stands_in => "type",
            Kind::Interface => "interface",
            Kind::Union => "union",
            Kind::Enum => "enum",
            Kind::Scalar => "scalar",
            Kind::Input => "input",
        }
    }

    /// The keys of the type, as their team wrote them: those of the type itself, and those of an
    /// extension of it.
    fn keys(&mut self, directives: &ast::DirectiveList) -> (String, String) {
        let (mut own, mut extended) = (String::new(), String::new());
        let name = format!("{}__type", self.join);
        let ours: Vec<_> =
            directives.iter().filter(|d| d.name == *name && self.is_ours(d)).collect();
        for join in ours {
            let argument = |name| join.specified_argument_by_name(name);
            let Some(fields) = argument("key").and_then(|key| key.as_str()) else { continue };
            self.uses("key", "key");
            let is = |name, value| argument(name).and_then(|given| given.to_bool()) == Some(value);
            let resolvable = if is("resolvable", false) { ", resolvable: false" } else { "" };
            let to = if is("extension", true) { &mut extended } else { &mut own };
            let fields = Value::String(fields.to_owned());
            let _ = write!(to, " @key(fields: {fields}{resolvable})");
        }
        (own, extended)
    }

    /// Keyword, name, interfaces, directives, members.
    fn head(&mut self, id: TypeId, (def, keys): (&TypeDef, &str), ty: &ExtendedType) -> String {
        let stands_in = def.join(self.subgraph).is_some_and(|join| join.interface_object);
        let mut head = format!("{} {}", self.keyword(def), def.name);
        let interfaces = self.joined(ty.directives(), "implements", "interface");
        if !interfaces.is_empty() {
            let _ = write!(head, " implements {}", interfaces.join(" & "));
        }
        head.push_str(keys);
        if stands_in {
            self.uses("interfaceObject", "interfaceObject");
            head.push_str(" @interfaceObject");
        }
        let contexts = self.contexts(ty.directives());
        if !contexts.is_empty() {
            let local = self.links.iter().find(|link| link.spec == "context");
            let local =
                local.map_or_else(|| "context".to_owned(), |link| link.directive("context"));
            self.uses("context", &local);
            for context in contexts {
                let _ = write!(head, " @{local}(name: {})", Value::String(context));
            }
        }
        head.push_str(&self.marks(ty.directives()));
        if def.kind != Kind::Interface {
            head.push_str(&self.guards(ty.directives()));
        }
        head.push_str(&self.own(ty.directives()));
        let members = self.joined(ty.directives(), "unionMember", "member");
        if !members.is_empty() {
            let _ = write!(head, " = {}", members.join(" | "));
        }
        debug_assert!(id.index() < self.ast.types.len());
        head
    }

    fn fields(&mut self, def: &TypeDef, body: &mut String) {
        let Some(ty) = self.ast.types.get(def.name.as_str()) else { return };
        let fields = match ty {
            ExtendedType::Object(ty) => &ty.fields,
            ExtendedType::Interface(ty) => &ty.fields,
            _ => return,
        };
        let resolves = self.resolves(def);
        for definition in fields.values() {
            let Some(field) = def.fields.get(definition.name.as_str()) else { continue };
            let field = self.model.field(*field);
            let Some(join) = field.join(self.subgraph) else { continue };
            describe(definition.description.as_deref(), "  ", body);
            let hidden = join.contexts.iter().map(|argument| self.hidden_argument(argument));
            let hidden: Vec<String> = hidden.collect();
            if !hidden.is_empty() {
                self.uses("fromContext", "fromContext");
            }
            let given = definition.arguments.iter();
            let given =
                given.filter(|it| join.contexts.iter().all(|its| it.name != its.name.as_str()));
            let arguments: Vec<String> =
                given.map(|a| self.input_value(a, None)).chain(hidden).collect();
            let arguments = match arguments.is_empty() {
                true => String::new(),
                false => format!("({})", arguments.join(", ")),
            };
            let ty = self.model.type_text(join.ty.as_ref().unwrap_or(&field.ty));
            let directives = self.directives(def, field, join);
            let mut marks = String::new();
            if !join.external {
                marks.push_str(&self.marks(&definition.directives));
                if resolves {
                    marks.push_str(&self.guards(&definition.directives));
                }
                marks.push_str(&self.own(&definition.directives));
            }
            let _ = writeln!(body, "  {}{arguments}: {ty}{directives}{marks}", definition.name);
        }
    }

    /// The contexts that a type sets here.
    fn contexts(&self, directives: &ast::DirectiveList) -> Vec<String> {
        let Some(link) = self.links.iter().find(|link| link.spec == "context") else {
            return Vec::new();
        };
        let local = link.directive("context");
        let own = |directive: &apollo_compiler::Node<ast::Directive>| {
            let name = crate::link::text(directive, "name")?;
            Some(self.own_context(&name)?.to_owned())
        };
        directives.iter().filter(|it| it.name == *local).filter_map(own).collect()
    }

    /// A context as the subgraph calls it, if it is the subgraph's own.
    fn own_context<'n>(&self, name: &'n str) -> Option<&'n str> {
        let subgraph = &self.model.subgraph(self.subgraph).name;
        name.strip_prefix(subgraph.as_str())?.strip_prefix("__")
    }

    fn hidden_argument(&self, argument: &ContextArgument) -> String {
        let context = self.own_context(&argument.context).unwrap_or(&argument.context);
        let field = Value::String(format!("${context} {}", argument.text));
        let ty = self.model.type_text(&argument.ty);
        format!("{}: {ty} @fromContext(field: {field})", argument.name)
    }

    /// Whether the fields of a type are resolved here: it is an object, or stands for one.
    fn resolves(&self, def: &TypeDef) -> bool {
        let stands_in = def.join(self.subgraph).is_some_and(|join| join.interface_object);
        stands_in || def.kind == Kind::Object
    }

    /// Whether an interface object resolves a field as well, for an interface of its type.
    fn has_stand_in(&self, def: &TypeDef, field: &FieldDef) -> bool {
        def.implements.iter().map(|interface| self.model.ty(*interface)).any(|interface| {
            let joins =
                interface.fields.get(&field.name).map(|field| &self.model.field(*field).joins);
            joins.into_iter().flatten().any(|join| {
                let stands_in = interface.join(join.subgraph).is_some_and(|ty| ty.interface_object);
                stands_in && !join.external
            })
        })
    }

    /// What federation's directives say of a field here.
    fn directives(&mut self, def: &TypeDef, field: &FieldDef, join: &JoinField) -> String {
        let mut text = String::new();
        if join.external {
            self.uses("external", "external");
            text.push_str(" @external");
        }
        for (name, set) in [("requires", &join.requires), ("provides", &join.provides)] {
            if let Some(set) = set {
                self.uses(name, name);
                let fields = Value::String(set.text(self.model));
                let _ = write!(text, " @{name}(fields: {fields})");
            }
        }
        if let Some(from) = &join.overrides {
            self.uses("override", "override");
            let label = join.override_label.as_ref();
            let label = label.map(|label| format!(", label: {}", Value::String(label.clone())));
            let from = Value::String(from.clone());
            let _ = write!(text, " @override(from: {from}{})", label.unwrap_or_default());
        }
        // What is external elsewhere may be provided there, so it counts as shared.
        let shared = field.joins.iter().filter(|join| !join.used_overridden).count() > 1
            || self.has_stand_in(def, field);
        if shared && self.resolves(def) && !join.external && join.overrides.is_none() {
            self.uses("shareable", "shareable");
            text.push_str(" @shareable");
        }
        text
    }

    /// Directives that an element has wherever it stands.
    fn marks(&mut self, directives: &ast::DirectiveList) -> String {
        let mut text = String::new();
        for (specification, name) in [
            ("tag", "tag"),
            ("inaccessible", "inaccessible"),
            ("cost", "cost"),
            ("cost", "listSize"),
        ] {
            self.kept(specification, name, directives, &mut text);
        }
        for name in ["deprecated", "specifiedBy", "oneOf"] {
            for directive in directives.iter().filter(|d| d.name == *name) {
                let _ = write!(text, " @{name}{}", arguments(directive));
            }
        }
        text
    }

    /// What it takes to see an element. Interfaces have that from what implements them.
    fn guards(&mut self, directives: &ast::DirectiveList) -> String {
        let mut text = String::new();
        for name in ["authenticated", "requiresScopes", "policy"] {
            self.kept(name, name, directives, &mut text);
        }
        text
    }

    /// Directives that mean something in this subgraph only.
    fn own(&mut self, directives: &ast::DirectiveList) -> String {
        let mut text = String::new();
        let joined = format!("{}__directive", self.join);
        for directive in directives.iter().filter(|directive| directive.name == *joined) {
            let argument = |name| directive.specified_argument_by_name(name);
            let name = argument("name").and_then(|name| name.as_str());
            let graphs = argument("graphs").and_then(|graphs| graphs.as_list());
            let is_ours = graphs.is_some_and(|graphs| {
                graphs.iter().any(|graph| graph.as_enum().is_some_and(|g| g == self.graph))
            });
            if name == Some("federation__cacheTag") && is_ours {
                self.uses("cacheTag", "cacheTag");
                let given = argument("args").and_then(|args| args.as_object()).unwrap_or_default();
                let given = given
                    .iter()
                    .map(|(name, value)| format!("{name}: {}", Value::from(value.as_ref())));
                let _ = write!(text, " @cacheTag({})", given.collect::<Vec<_>>().join(", "));
            }
        }
        text
    }

    /// Writes a directive of a specification as it stands on an element, under its name here.
    fn kept(
        &mut self,
        specification: &str,
        name: &'static str,
        directives: &ast::DirectiveList,
        text: &mut String,
    ) {
        let Some(link) = self.links.iter().find(|link| link.spec == specification) else { return };
        let local = link.directive(name);
        for directive in directives.iter().filter(|d| d.name == *local) {
            self.uses(name, &local);
            let _ = write!(text, " @{local}{}", arguments(directive));
        }
    }

    fn uses(&mut self, name: &'static str, local: &str) {
        self.used.entry(name).or_insert_with(|| local.to_owned());
    }

    fn input_value(&mut self, definition: &ast::InputValueDefinition, own: Option<&str>) -> String {
        let default = definition.default_value.as_ref();
        let default = default.map(|value| format!(" = {}", Value::from(value.as_ref())));
        let marks = self.marks(&definition.directives);
        let ty = own.map_or_else(|| definition.ty.to_string(), str::to_owned);
        format!("{}: {ty}{}{marks}", definition.name, default.unwrap_or_default())
    }

    /// The type that the subgraph gives an input field, where it is not the supergraph's.
    fn input_type(&self, directives: &ast::DirectiveList) -> Option<String> {
        self.joined(directives, "field", "type").into_iter().next()
    }

    /// Whether the subgraph joins in an element; an element that says nothing of it is everyone's.
    fn is_joined(&self, directives: &ast::DirectiveList, what: &str) -> bool {
        let name = format!("{}__{what}", self.join);
        let mut all = directives.iter().filter(|directive| directive.name == *name).peekable();
        all.peek().is_none() || all.any(|directive| self.is_ours(directive))
    }

    /// An argument of the join directives that are about this subgraph.
    fn joined(&self, directives: &ast::DirectiveList, what: &str, argument: &str) -> Vec<String> {
        let name = format!("{}__{what}", self.join);
        let ours = directives.iter().filter(|d| d.name == *name && self.is_ours(d));
        let value = |directive: &apollo_compiler::Node<ast::Directive>| {
            let value = directive.specified_argument_by_name(argument)?;
            value.as_str().map(str::to_owned)
        };
        ours.filter_map(value).collect()
    }

    fn is_ours(&self, directive: &ast::Directive) -> bool {
        let graph = directive.specified_argument_by_name("graph");
        graph.and_then(|value| value.as_enum()).is_some_and(|graph| graph == self.graph)
    }
}

fn arguments(directive: &ast::Directive) -> String {
    let argument = |argument: &apollo_compiler::Node<ast::Argument>| {
        format!("{}: {}", argument.name, Value::from(argument.value.as_ref()))
    };
    let all: Vec<String> = directive.arguments.iter().map(argument).collect();
    if all.is_empty() { String::new() } else { format!("({})", all.join(", ")) }
}

fn describe(text: Option<&str>, indent: &str, out: &mut String) {
    if let Some(text) = text {
        let _ = writeln!(out, "{indent}{}", Value::String(text.to_owned()));
    }
}
