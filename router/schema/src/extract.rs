//! A subgraph taken back out of a supergraph: its schema with federation's directives, as far as
//! the supergraph tells it.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Schema as Ast, ast};

use crate::ids::{Id, SubgraphId, TypeId};
use crate::link::{Link, links};
use crate::model::{ContextArgument, FieldDef, JoinField, Kind, Model, OperationKind, TypeDef};
use crate::value::Value;

/// The schema of a subgraph. What composing left out of the supergraph is not there: arguments and
/// input fields that other subgraphs lack, and custom directives.
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
        used: BTreeSet::new(),
        text: String::new(),
    };
    for (id, def) in model.types() {
        writer.ty(id, def);
    }
    let imports: Vec<String> = writer.used.iter().map(|name| format!("\"@{name}\"")).collect();
    let imports = imports.join(", ");
    let url = "https://specs.apollo.dev/federation/v2.9";
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
    /// The directives of federation that were written.
    used: BTreeSet<&'static str>,
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
        let head = self.head(id, def, ty);
        self.text.push_str(&head);
        if body.is_empty() {
            self.text.push('\n');
        } else {
            let _ = writeln!(self.text, " {{\n{body}}}");
        }
    }

    /// Keyword, name, interfaces, directives, members.
    fn head(&mut self, id: TypeId, def: &TypeDef, ty: &ExtendedType) -> String {
        let join = def.join(self.subgraph);
        let stands_in = join.is_some_and(|join| join.interface_object);
        let keyword = match def.kind {
            Kind::Object => "type",
            Kind::Interface if stands_in => "type",
            Kind::Interface => "interface",
            Kind::Union => "union",
            Kind::Enum => "enum",
            Kind::Scalar => "scalar",
            Kind::Input => "input",
        };
        let mut head = format!("{keyword} {}", def.name);
        let interfaces = self.joined(ty.directives(), "implements", "interface");
        if !interfaces.is_empty() {
            let _ = write!(head, " implements {}", interfaces.join(" & "));
        }
        for key in join.map_or(&[][..], |join| &join.keys) {
            self.used.insert("key");
            let fields = key.fields.text(self.model);
            let resolvable = if key.resolvable { "" } else { ", resolvable: false" };
            let _ = write!(head, " @key(fields: {}{resolvable})", Value::String(fields));
        }
        if stands_in {
            self.used.insert("interfaceObject");
            head.push_str(" @interfaceObject");
        }
        for context in self.contexts(ty.directives()) {
            self.used.insert("context");
            let _ = write!(head, " @context(name: {})", Value::String(context));
        }
        head.push_str(&self.marks(ty.directives()));
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
        for definition in fields.values() {
            let Some(field) = def.fields.get(definition.name.as_str()) else { continue };
            let field = self.model.field(*field);
            let Some(join) = field.join(self.subgraph) else { continue };
            describe(definition.description.as_deref(), "  ", body);
            let hidden = join.contexts.iter().map(|argument| self.hidden_argument(argument));
            let hidden: Vec<String> = hidden.collect();
            if !hidden.is_empty() {
                self.used.insert("fromContext");
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
            let marks = match join.external {
                true => String::new(),
                false => self.marks(&definition.directives),
            };
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

    /// What federation's directives say of a field here.
    fn directives(&mut self, def: &TypeDef, field: &FieldDef, join: &JoinField) -> String {
        let mut text = String::new();
        if join.external {
            self.used.insert("external");
            text.push_str(" @external");
        }
        for (name, set) in [("requires", &join.requires), ("provides", &join.provides)] {
            if let Some(set) = set {
                self.used.insert(name);
                let fields = Value::String(set.text(self.model));
                let _ = write!(text, " @{name}(fields: {fields})");
            }
        }
        if let Some(from) = &join.overrides {
            self.used.insert("override");
            let label = join.override_label.as_ref();
            let label = label.map(|label| format!(", label: {}", Value::String(label.clone())));
            let from = Value::String(from.clone());
            let _ = write!(text, " @override(from: {from}{})", label.unwrap_or_default());
        }
        // What is external elsewhere may be provided there, so it counts as shared.
        let shared = field.joins.iter().filter(|join| !join.used_overridden).count() > 1;
        let real = def.join(self.subgraph).is_some_and(|join| join.interface_object)
            || def.kind == Kind::Object;
        if shared && real && !join.external && join.overrides.is_none() {
            self.used.insert("shareable");
            text.push_str(" @shareable");
        }
        text
    }

    /// Directives that an element has wherever it stands.
    fn marks(&mut self, directives: &ast::DirectiveList) -> String {
        let mut text = String::new();
        for name in ["tag", "inaccessible"] {
            let Some(link) = self.links.iter().find(|link| link.spec == name) else { continue };
            let local = link.directive(name);
            for directive in directives.iter().filter(|d| d.name == *local) {
                self.used.insert(name);
                let _ = write!(text, " @{name}{}", arguments(directive));
            }
        }
        for name in ["deprecated", "specifiedBy", "oneOf"] {
            for directive in directives.iter().filter(|d| d.name == *name) {
                let _ = write!(text, " @{name}{}", arguments(directive));
            }
        }
        text
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
