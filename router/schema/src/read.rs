//! Reads a join-spec supergraph into the model: two passes, names to ids and then facts.

use std::collections::HashMap;

use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Node, Schema as Ast, ast, parser::Parser};

use crate::api::{self, Api};
use crate::context::{self, Contexts};
use crate::costs::{self, Costs};
use crate::error::ReadError;
use crate::field_set::Binder;
use crate::ids::{FieldId, Id, SubgraphId, TypeId};
use crate::link::{Link, links, text};
use crate::model::{
    FieldDef, FieldSet, FieldsByName, JoinField, JoinType, Key, Kind, Model, Subgraph, TypeDef,
    TypeRef,
};
use crate::possible;
use crate::validate;

/// A supergraph larger than this is refused unread.
const MAX_BYTES: usize = 64 << 20;

/// Specifications whose `for: SECURITY` or `for: EXECUTION` is honoured.
const KNOWN: [&str; 9] =
    ["link", "core", "join", "inaccessible", "tag", "cost", "context", "cacheTag", "connect"];

/// What a supergraph is read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    Answer,
    Inspect,
}

pub(crate) fn read(sdl: &str, purpose: Purpose) -> Result<(Model, Costs, Api, Ast), ReadError> {
    if sdl.len() > MAX_BYTES {
        return Err(ReadError::NotASupergraph(format!("it is larger than {MAX_BYTES} bytes")));
    }
    let ast = Parser::new()
        .parse_schema(sdl, "supergraph.graphql")
        .map_err(|error| ReadError::Invalid(error.errors.to_string()))?;
    let ast = validate::validate(ast).map_err(ReadError::Invalid)?;
    let links = links(&ast.schema_definition.directives);
    if purpose == Purpose::Answer {
        refuse_unknown(&links)?;
    }
    let reader = Reader::new(&ast, &links)?;
    let model = reader.model()?;
    let costs = costs::read(&ast, &links, &model);
    let api = api::derive(&ast, &links)?;
    Ok((model, costs, api, ast.into_inner()))
}

fn refuse_unknown(links: &[Link]) -> Result<(), ReadError> {
    for link in links {
        if let Some(purpose) = &link.purpose
            && !KNOWN.contains(&link.spec.as_str())
        {
            return Err(ReadError::Unsupported(link.spec.clone(), purpose.clone()));
        }
    }
    Ok(())
}

struct Reader<'a> {
    ast: &'a Ast,
    links: &'a [Link],
    join: String,
    hidden: Option<String>,
    subgraphs: Vec<Subgraph>,
    graph_ids: HashMap<String, SubgraphId>,
}

impl<'a> Reader<'a> {
    fn new(ast: &'a Ast, links: &'a [Link]) -> Result<Self, ReadError> {
        let not = |why: &str| ReadError::NotASupergraph(why.to_owned());
        let join = links
            .iter()
            .find(|link| link.spec == "join")
            .ok_or_else(|| not("it has no `@link` to the join specification; compose it first"))?;
        let graphs = ast
            .get_enum(&format!("{}__Graph", join.name))
            .ok_or_else(|| not("it has no enum `join__Graph`"))?;
        let mut subgraphs = Vec::new();
        let mut graph_ids = HashMap::new();
        if graphs.values.len() >= usize::from(u16::MAX) {
            return Err(not("it has more than 65,534 subgraphs"));
        }
        for (value, definition) in &graphs.values {
            let directive = definition.directives.get(&format!("{}__graph", join.name));
            let get = |name| directive.and_then(|d| text(d, name));
            let name = get("name")
                .ok_or_else(|| not(&format!("the subgraph `{value}` has no `@join__graph`")))?;
            graph_ids.insert(value.to_string(), SubgraphId::from_index(subgraphs.len()));
            subgraphs.push(Subgraph { name, url: get("url").unwrap_or_default() });
        }
        let hidden = links.iter().find(|l| l.spec == "inaccessible");
        let hidden = hidden.map(|link| link.directive("inaccessible"));
        Ok(Self { ast, links, join: join.name.clone(), hidden, subgraphs, graph_ids })
    }

    fn model(self) -> Result<Model, ReadError> {
        let mut types = Vec::new();
        let mut by_name = HashMap::new();
        for (name, ty) in &self.ast.types {
            if ty.name().starts_with("__") || self.links.iter().any(|link| link.owns(name)) {
                continue;
            }
            by_name.insert(name.to_string(), TypeId::from_index(types.len()));
            types.push(self.type_shell(ty));
        }
        let mut fields: Vec<FieldDef> = Vec::new();
        for (name, ty) in &self.ast.types {
            if let Some(id) = by_name.get(name.as_str()) {
                let found = self.field_shells(*id, ty, &by_name)?;
                for field in found {
                    types[id.index()]
                        .fields
                        .insert(field.name.clone(), FieldId::from_index(fields.len()));
                    fields.push(field);
                }
                let interfaces = interfaces(ty).filter_map(|name| by_name.get(name).copied());
                types[id.index()].implements = interfaces.collect();
            }
        }
        possible::fill(&mut types, &by_name, &self.memberships());
        let facts = self.facts(&types, &fields, &by_name)?;
        for (id, joins) in facts.types {
            types[id.index()].joins = joins;
        }
        for (field, joins) in fields.iter_mut().zip(facts.fields) {
            field.joins = joins;
        }
        let root = |name: &Option<Node<apollo_compiler::Name>>| {
            name.as_ref().and_then(|name| by_name.get(name.as_str()).copied())
        };
        let definition = &self.ast.schema_definition;
        let roots =
            [root(&definition.query), root(&definition.mutation), root(&definition.subscription)];
        let mut override_labels: Vec<String> = fields
            .iter()
            .flat_map(|field| &field.joins)
            .filter_map(|join| join.override_label.clone())
            .collect();
        override_labels.sort();
        override_labels.dedup();
        Ok(Model { subgraphs: self.subgraphs, types, fields, by_name, roots, override_labels })
    }

    fn is_hidden(&self, directives: &ast::DirectiveList) -> bool {
        self.hidden.as_ref().is_some_and(|hidden| directives.has(hidden))
    }

    /// A type with what needs no other type: its name, kind and the subgraphs that define it.
    fn type_shell(&self, ty: &ExtendedType) -> TypeDef {
        let (kind, enum_values) = match ty {
            ExtendedType::Scalar(_) => (Kind::Scalar, Vec::new()),
            ExtendedType::Object(_) => (Kind::Object, Vec::new()),
            ExtendedType::Interface(_) => (Kind::Interface, Vec::new()),
            ExtendedType::Union(_) => (Kind::Union, Vec::new()),
            ExtendedType::InputObject(_) => (Kind::Input, Vec::new()),
            ExtendedType::Enum(ty) => {
                let public = ty.values.iter().filter(|(_, v)| !self.is_hidden(&v.directives));
                (Kind::Enum, public.map(|(name, _)| name.to_string()).collect())
            }
        };
        let mut joins: Vec<JoinType> = Vec::new();
        for directive in self.applications(ty.directives(), "type") {
            let Some(subgraph) = self.graph(directive) else { continue };
            if joins.iter().all(|join| join.subgraph != subgraph) {
                joins.push(JoinType {
                    subgraph,
                    keys: Vec::new(),
                    interface_object: flag(directive, "isInterfaceObject").unwrap_or(false),
                    possible: Default::default(),
                });
            }
        }
        joins.sort_by_key(|join| join.subgraph);
        TypeDef {
            name: ty.name().to_string(),
            kind,
            joins,
            fields: FieldsByName::default(),
            implements: Vec::new(),
            possible: Default::default(),
            inaccessible: self.is_hidden(ty.directives()),
            enum_values,
        }
    }

    fn field_shells(
        &self,
        parent: TypeId,
        ty: &ExtendedType,
        by_name: &HashMap<String, TypeId>,
    ) -> Result<Vec<FieldDef>, ReadError> {
        let fields = match ty {
            ExtendedType::Object(ty) => &ty.fields,
            ExtendedType::Interface(ty) => &ty.fields,
            _ => return Ok(Vec::new()),
        };
        fields
            .values()
            .map(|field| {
                Ok(FieldDef {
                    name: field.name.to_string(),
                    parent,
                    ty: type_ref(&field.ty, by_name)?,
                    joins: Vec::new(),
                    inaccessible: self.is_hidden(&field.directives),
                })
            })
            .collect()
    }

    /// `(subgraph, abstract type, object type)` for each membership that a subgraph declares.
    fn memberships(&self) -> possible::Memberships {
        let mut found = possible::Memberships::default();
        for (name, ty) in &self.ast.types {
            for directive in self.applications(ty.directives(), "implements") {
                if let (Some(graph), Some(interface)) =
                    (self.graph(directive), text(directive, "interface"))
                {
                    found.implements.push((graph, interface, name.to_string()));
                }
            }
            for directive in self.applications(ty.directives(), "unionMember") {
                if let (Some(graph), Some(member)) =
                    (self.graph(directive), text(directive, "member"))
                {
                    found.members.push((graph, name.to_string(), member));
                }
            }
            if let ExtendedType::Union(union) = ty {
                let members = union.members.iter().map(|member| member.to_string());
                found.unions.push((name.to_string(), members.collect()));
            }
        }
        found
    }

    fn facts(
        &self,
        types: &[TypeDef],
        fields: &[FieldDef],
        by_name: &HashMap<String, TypeId>,
    ) -> Result<Facts, ReadError> {
        let binder = Binder { types, fields, by_name };
        let contexts = Contexts::read(self.ast, self.links, by_name);
        let mut facts = Facts { types: Vec::new(), fields: vec![Vec::new(); fields.len()] };
        for (name, ty) in &self.ast.types {
            let Some(id) = by_name.get(name.as_str()).copied() else { continue };
            let mut joins = types[id.index()].joins.clone();
            for directive in self.applications(ty.directives(), "type") {
                let (Some(graph), Some(key)) = (self.graph(directive), text(directive, "key"))
                else {
                    continue;
                };
                let fields = self.bind(&binder, id, &key)?;
                let resolvable = flag(directive, "resolvable").unwrap_or(true);
                if let Some(join) = joins.iter_mut().find(|join| join.subgraph == graph) {
                    join.keys.push(Key { fields, resolvable });
                }
            }
            facts.types.push((id, joins));
            let definitions = match ty {
                ExtendedType::Object(ty) => &ty.fields,
                ExtendedType::Interface(ty) => &ty.fields,
                _ => continue,
            };
            for definition in definitions.values() {
                let field = types[id.index()].fields[definition.name.as_str()];
                facts.fields[field.index()] =
                    self.join_fields(&binder, &types[id.index()], field, definition)?;
                self.contexts(
                    (&binder, &contexts),
                    definition,
                    facts.fields[field.index()].iter_mut(),
                )?;
            }
        }
        Ok(facts)
    }

    fn join_fields(
        &self,
        binder: &Binder<'_>,
        parent: &TypeDef,
        field: FieldId,
        definition: &ast::FieldDefinition,
    ) -> Result<Vec<JoinField>, ReadError> {
        let mut joins = Vec::new();
        let mut said = false;
        for directive in self.applications(&definition.directives, "field") {
            said = true;
            let Some(subgraph) = self.graph(directive) else { continue };
            joins.push(self.join_field(binder, parent, field, directive, subgraph)?);
        }
        if !said {
            // By the join specification, a field of which nothing is said is in each subgraph
            // that has its type.
            joins.extend(parent.joins.iter().map(|join| JoinField {
                subgraph: join.subgraph,
                ty: None,
                requires: None,
                provides: None,
                external: false,
                overrides: None,
                override_label: None,
                used_overridden: false,
                contexts: Vec::new(),
            }));
        }
        joins.sort_by_key(|join: &JoinField| join.subgraph);
        joins.dedup_by_key(|join| join.subgraph);
        Ok(joins)
    }

    fn join_field(
        &self,
        binder: &Binder<'_>,
        parent: &TypeDef,
        field: FieldId,
        directive: &ast::Directive,
        subgraph: SubgraphId,
    ) -> Result<JoinField, ReadError> {
        let parent_id = binder.by_name[&parent.name];
        let def = &binder.fields[field.index()];
        let set = |argument: &str, on: TypeId| {
            text(directive, argument)
                .filter(|text| !text.trim().is_empty())
                .map(|text| self.bind(binder, on, &text))
                .transpose()
        };
        let ty =
            text(directive, "type").map(|text| parse_type(&text, binder.by_name)).transpose()?;
        Ok(JoinField {
            subgraph,
            ty: ty.filter(|ty| *ty != def.ty),
            requires: set("requires", parent_id)?,
            provides: set("provides", def.ty.named())?,
            external: flag(directive, "external").unwrap_or(false),
            overrides: text(directive, "override"),
            override_label: text(directive, "overrideLabel"),
            used_overridden: flag(directive, "usedOverridden").unwrap_or(false),
            contexts: Vec::new(),
        })
    }

    /// Adds the arguments of a field that come from contexts.
    fn contexts<'j>(
        &self,
        (binder, contexts): (&Binder<'_>, &Contexts),
        definition: &ast::FieldDefinition,
        joins: impl Iterator<Item = &'j mut JoinField>,
    ) -> Result<(), ReadError> {
        for join in joins {
            let mut ours = self
                .applications(&definition.directives, "field")
                .filter(|directive| self.graph(directive) == Some(join.subgraph));
            let Some(directive) = ours.next() else { continue };
            let not = || {
                let why =
                    format!("`contextArguments` of `{}` are not well-formed", definition.name);
                ReadError::NotASupergraph(why)
            };
            for told in context::told(directive).ok_or_else(not)? {
                let ty = parse_type(&told.ty, binder.by_name)?;
                let bound = contexts.bind(binder, &told, ty, join.subgraph);
                join.contexts.push(bound.map_err(ReadError::NotASupergraph)?);
            }
        }
        Ok(())
    }

    fn bind(&self, binder: &Binder<'_>, on: TypeId, text: &str) -> Result<FieldSet, ReadError> {
        binder.bind(on, text).map_err(ReadError::NotASupergraph)
    }

    fn applications<'d>(
        &self,
        directives: &'d ast::DirectiveList,
        name: &str,
    ) -> impl Iterator<Item = &'d Node<ast::Directive>> {
        let name = format!("{}__{name}", self.join);
        directives.iter().filter(move |directive| directive.name == name.as_str())
    }

    fn graph(&self, directive: &ast::Directive) -> Option<SubgraphId> {
        let value = directive.specified_argument_by_name("graph")?.as_enum()?;
        self.graph_ids.get(value.as_str()).copied()
    }
}

struct Facts {
    types: Vec<(TypeId, Vec<JoinType>)>,
    fields: Vec<Vec<JoinField>>,
}

fn interfaces(ty: &ExtendedType) -> impl Iterator<Item = &str> {
    let set = match ty {
        ExtendedType::Object(ty) => Some(&ty.implements_interfaces),
        ExtendedType::Interface(ty) => Some(&ty.implements_interfaces),
        _ => None,
    };
    set.into_iter().flatten().map(|name| name.as_str())
}

fn flag(directive: &ast::Directive, argument: &str) -> Option<bool> {
    directive.specified_argument_by_name(argument)?.to_bool()
}

fn parse_type(text: &str, by_name: &HashMap<String, TypeId>) -> Result<TypeRef, ReadError> {
    let ty = Parser::new()
        .parse_type(text, "type")
        .map_err(|_| ReadError::NotASupergraph(format!("`{text}` is not a type")))?;
    type_ref(&ty, by_name)
}

fn type_ref(ty: &ast::Type, by_name: &HashMap<String, TypeId>) -> Result<TypeRef, ReadError> {
    let named = |name: &apollo_compiler::Name, non_null| {
        by_name
            .get(name.as_str())
            .map(|id| TypeRef::Named(*id, non_null))
            .ok_or_else(|| ReadError::NotASupergraph(format!("the type `{name}` is not defined")))
    };
    match ty {
        ast::Type::Named(name) => named(name, false),
        ast::Type::NonNullNamed(name) => named(name, true),
        ast::Type::List(item) => Ok(TypeRef::List(Box::new(type_ref(item, by_name)?), false)),
        ast::Type::NonNullList(item) => Ok(TypeRef::List(Box::new(type_ref(item, by_name)?), true)),
    }
}
