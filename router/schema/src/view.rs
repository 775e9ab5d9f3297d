//! A subgraph as the supergraph knows it: enough of its schema to prove that a document is valid
//! there, and to read the document back as data.

use std::fmt::Write as _;

use apollo_compiler::executable::{self, ExecutableDocument};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::validation::Valid;
use apollo_compiler::{Node, Schema as Ast, ast};

use crate::ids::{Id, SubgraphId, TypeId, TypeSet};
use crate::model::{ContextArgument, Kind, Model, OperationKind, TypeDef};
use crate::value::{Arguments, arguments};

/// A field of a document that was read back.
#[derive(Clone, Debug)]
pub struct DocumentField {
    /// Its key in the response.
    pub response_key: String,
    /// Its name.
    pub name: String,
    /// Its arguments, sorted by name.
    pub arguments: Arguments,
    /// The object types for which it is selected, as far as the subgraph tells them apart.
    pub types: TypeSet,
    /// The object types that its value can have there; empty for leaves.
    pub objects: TypeSet,
    /// Its selections, fragments dissolved; `None` for leaves.
    pub selection: Option<Vec<DocumentField>>,
}

/// A subgraph's schema, rebuilt from the supergraph.
#[derive(Debug)]
pub struct View {
    subgraph: SubgraphId,
    schema: Valid<Ast>,
}

impl View {
    /// Rebuilds the schema of a subgraph. The error says what of the supergraph is inconsistent.
    pub(crate) fn build(model: &Model, ast: &Ast, subgraph: SubgraphId) -> Result<Self, String> {
        let sdl = Sdl { model, ast, subgraph, text: String::new() }.print();
        let schema = Ast::parse(&sdl, "subgraph.graphql").map_err(|e| e.errors.to_string())?;
        // A supergraph leaves out what nobody uses of a subgraph, so that a type may lack a field
        // of its interface here. Documents are still checked in full against what is there.
        Ok(Self { subgraph, schema: Valid::assume_valid(schema) })
    }

    /// Validates a document against the subgraph and reads its only operation back.
    ///
    /// # Errors
    /// The findings of the validation, as text.
    pub fn read(&self, model: &Model, document: &str) -> Result<Vec<DocumentField>, String> {
        let document = ExecutableDocument::parse_and_validate(&self.schema, document, "fetch")
            .map_err(|error| error.errors.to_string())?;
        let operation = document
            .operations
            .iter()
            .next()
            .ok_or_else(|| "the document has no operation".to_owned())?;
        Ok(self.selections(model, &operation.selection_set, &all_objects(model)))
    }

    fn selections(
        &self,
        model: &Model,
        set: &executable::SelectionSet,
        types: &TypeSet,
    ) -> Vec<DocumentField> {
        let mut fields = Vec::new();
        for selection in &set.selections {
            match selection {
                executable::Selection::Field(field) => {
                    fields.push(self.field(model, field, types));
                }
                executable::Selection::InlineFragment(fragment) => {
                    let name = fragment.type_condition.as_ref();
                    let narrowed = match name.and_then(|name| model.type_by_name(name)) {
                        Some(on) => types.intersection(&self.possible(model, on)),
                        None => types.clone(),
                    };
                    fields.extend(self.selections(model, &fragment.selection_set, &narrowed));
                }
                // Our documents have no named fragments.
                executable::Selection::FragmentSpread(_) => {}
            }
        }
        fields
    }

    fn field(
        &self,
        model: &Model,
        field: &Node<executable::Field>,
        types: &TypeSet,
    ) -> DocumentField {
        let selection = field.selection_set.as_ref().filter(|set| !set.selections.is_empty());
        let objects = match model.type_by_name(field.ty().inner_named_type()) {
            Some(ty) => self.possible(model, ty),
            // `_Entity`: any object, until a fragment says which.
            None if selection.is_some() => all_objects(model),
            None => TypeSet::default(),
        };
        let selection = selection.map(|set| self.selections(model, set, &objects));
        DocumentField {
            response_key: field.response_name().to_string(),
            name: field.name.to_string(),
            arguments: arguments(&field.arguments),
            types: types.clone(),
            objects,
            selection,
        }
    }

    fn possible(&self, model: &Model, ty: TypeId) -> TypeSet {
        let def = model.ty(ty);
        match def.join(self.subgraph) {
            // Of an interface object the subgraph knows nothing: it can be any implementation.
            Some(join) if join.interface_object => def.possible.clone(),
            Some(join) => join.possible.clone(),
            None => def.possible.clone(),
        }
    }
}

fn all_objects(model: &Model) -> TypeSet {
    model.types().filter(|(_, ty)| ty.kind == Kind::Object).map(|(id, _)| id).collect()
}

struct Sdl<'a> {
    model: &'a Model,
    ast: &'a Ast,
    subgraph: SubgraphId,
    text: String,
}

impl Sdl<'_> {
    fn print(mut self) -> String {
        let mut entities = Vec::new();
        for (id, def) in self.model.types() {
            let Some(join) = def.join(self.subgraph) else {
                if !def.is_composite() {
                    self.leaf(def);
                }
                continue;
            };
            match def.kind {
                Kind::Object | Kind::Interface => self.composite(id, def),
                Kind::Union if !join.possible.is_empty() => self.union(def, &join.possible),
                Kind::Union => {}
                _ => self.leaf(def),
            }
            let object = def.kind == Kind::Object || join.interface_object;
            if object && self.is_entity(id) {
                entities.push(def.name.as_str());
            }
        }
        self.roots(&entities);
        self.text
    }

    /// Whether objects of a type, or of an interface of it, are entered in the subgraph.
    fn is_entity(&self, id: TypeId) -> bool {
        let def = self.model.ty(id);
        let keyed =
            |def: &TypeDef| def.join(self.subgraph).is_some_and(|join| !join.keys.is_empty());
        keyed(def) || def.implements.iter().any(|interface| keyed(self.model.ty(*interface)))
    }

    fn roots(&mut self, entities: &[&str]) {
        let query = self.model.root(OperationKind::Query).map(|id| self.model.ty(id));
        let has_query = query.is_some_and(|ty| ty.join(self.subgraph).is_some());
        let name = query.map_or("Query", |ty| ty.name.as_str());
        if !has_query {
            let _ = writeln!(self.text, "type {name} {{ _none: Boolean }}");
        }
        if !entities.is_empty() {
            let _ = writeln!(self.text, "scalar _Any union _Entity = {}", entities.join(" | "));
            let entities = "_entities(representations: [_Any!]!): [_Entity]!";
            let _ = writeln!(self.text, "extend type {name} {{ {entities} }}");
        }
        let mut roots = format!("query: {name}");
        for kind in [OperationKind::Mutation, OperationKind::Subscription] {
            if let Some(ty) = self.model.root(kind).map(|id| self.model.ty(id))
                && ty.join(self.subgraph).is_some()
            {
                let _ = write!(roots, " {}: {}", kind.keyword(), ty.name);
            }
        }
        let _ = writeln!(self.text, "schema {{ {roots} }}");
    }

    fn composite(&mut self, id: TypeId, def: &TypeDef) {
        let join = def.join(self.subgraph).expect("asked only for types of the subgraph");
        let real = def.kind == Kind::Interface && !join.interface_object;
        let keyword = if real { "interface" } else { "type" };
        let interfaces: Vec<&str> = def
            .implements
            .iter()
            .map(|interface| self.model.ty(*interface))
            .filter(|interface| {
                interface.join(self.subgraph).is_some_and(|join| {
                    !join.interface_object && (real || join.possible.contains(id))
                })
            })
            .map(|interface| interface.name.as_str())
            .collect();
        let _ = write!(self.text, "{keyword} {}", def.name);
        if !interfaces.is_empty() {
            let _ = write!(self.text, " implements {}", interfaces.join(" & "));
        }
        self.text.push_str(" {\n");
        let mut names: Vec<&String> = def.fields.keys().collect();
        names.sort();
        let mut any = false;
        for name in names {
            let field = self.model.field(def.fields[name]);
            let Some(join) = field.join(self.subgraph) else { continue };
            let ty = self.model.type_text(join.ty.as_ref().unwrap_or(&field.ty));
            let arguments = self.arguments((&def.name, name), &join.contexts);
            let _ = writeln!(self.text, "  {name}{arguments}: {ty}");
            any = true;
        }
        if !any {
            self.text.push_str("  _none: Boolean\n");
        }
        self.text.push_str("}\n");
    }

    fn arguments(&self, (ty, field): (&str, &str), contexts: &[ContextArgument]) -> String {
        let Ok(definition) = self.ast.type_field(ty, field) else { return String::new() };
        let hidden =
            |it: &ContextArgument| format!("{}: {}", it.name, self.model.type_text(&it.ty));
        let given = |it: &&Node<ast::InputValueDefinition>| {
            contexts.iter().all(|context| it.name != context.name.as_str())
        };
        let arguments: Vec<String> = contexts
            .iter()
            .map(hidden)
            .chain(definition.arguments.iter().filter(given).map(|a| input_value(a)))
            .collect();
        if arguments.is_empty() { String::new() } else { format!("({})", arguments.join(", ")) }
    }

    fn union(&mut self, def: &TypeDef, members: &TypeSet) {
        let members: Vec<&str> = members.iter().map(|id| self.model.ty(id).name.as_str()).collect();
        let _ = writeln!(self.text, "union {} = {}", def.name, members.join(" | "));
    }

    /// Scalars, enums and input types are taken as the supergraph has them: what a client may
    /// send is decided before planning.
    fn leaf(&mut self, def: &TypeDef) {
        match self.ast.types.get(def.name.as_str()) {
            Some(ExtendedType::Enum(ty)) => {
                let values: Vec<&str> = ty.values.keys().map(|name| name.as_str()).collect();
                let _ = writeln!(self.text, "enum {} {{ {} }}", def.name, values.join(" "));
            }
            Some(ExtendedType::InputObject(ty)) => {
                let one_of = if ty.directives.has("oneOf") { " @oneOf" } else { "" };
                let fields: Vec<String> = ty.fields.values().map(|f| input_value(f)).collect();
                let _ =
                    writeln!(self.text, "input {}{one_of} {{ {} }}", def.name, fields.join(" "));
            }
            Some(ExtendedType::Scalar(ty)) if !is_built_in(&ty.name) => {
                let _ = writeln!(self.text, "scalar {}", def.name);
            }
            _ => {}
        }
    }
}

fn is_built_in(name: &str) -> bool {
    matches!(name, "Int" | "Float" | "String" | "Boolean" | "ID")
}

fn input_value(definition: &ast::InputValueDefinition) -> String {
    let default = definition.default_value.as_ref();
    let default = default.map(|value| format!(" = {}", crate::Value::from(value.as_ref())));
    format!("{}: {}{}", definition.name, definition.ty, default.unwrap_or_default())
}

/// One view for each subgraph, made when it is first asked for.
#[derive(Debug)]
pub(crate) struct Views {
    ast: Ast,
    views: Vec<std::sync::OnceLock<Result<View, String>>>,
}

impl Views {
    pub(crate) fn new(model: &Model, ast: Ast) -> Self {
        Self { ast, views: model.subgraphs().map(|_| Default::default()).collect() }
    }

    /// The supergraph as it was read.
    pub(crate) fn ast(&self) -> &Ast {
        &self.ast
    }

    pub(crate) fn get(&self, model: &Model, subgraph: SubgraphId) -> Result<&View, String> {
        self.views[subgraph.index()]
            .get_or_init(|| View::build(model, &self.ast, subgraph))
            .as_ref()
            .map_err(Clone::clone)
    }
}
