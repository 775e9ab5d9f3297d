//! The execution of a document over data, as the specification of GraphQL words it.

use apollo_compiler::Schema;
use apollo_compiler::ast::{FieldDefinition, Type};
use apollo_compiler::collections::IndexMap;
use apollo_compiler::executable::{ExecutableDocument, Field, Operation, Selection, SelectionSet};
use apollo_compiler::validation::Valid;
use json::{Json, Object};

use crate::arguments::{arguments, value};
use crate::data::{Data, NotFound};
use crate::value::{Counters, Failure, Scope, work_out};

/// What an execution needs.
pub(crate) struct Server<'a> {
    pub(crate) schema: &'a Valid<Schema>,
    pub(crate) data: &'a Data,
    pub(crate) counters: &'a Counters,
}

/// What came of it.
#[derive(Default)]
pub(crate) struct Outcome {
    pub(crate) data: Json,
    pub(crate) errors: Vec<Json>,
    pub(crate) violations: Vec<String>,
}

impl Server<'_> {
    /// Executes an operation with coerced variables.
    pub(crate) fn run(
        &self,
        document: &ExecutableDocument,
        operation: &Operation,
        variables: &Object,
    ) -> Outcome {
        let outcome = Outcome::default();
        let mut run = Run { server: self, document, variables, path: Vec::new(), outcome };
        let root = operation.object_type().to_string();
        let fields = match self.data.member(&root) {
            Some(Json::Object(fields)) => fields.to_owned(),
            _ => Object::new(),
        };
        let node = Node { ty: root, fields, representation: None };
        run.outcome.data = run.object(&node, &[&operation.selection_set]).unwrap_or_default();
        run.outcome
    }
}

/// An object that is being answered.
struct Node {
    /// Its object type.
    ty: String,
    fields: Object,
    representation: Option<Object>,
}

/// A null that goes up to the next nullable position. Its error is told already.
struct Bubble;

struct Run<'a> {
    server: &'a Server<'a>,
    document: &'a ExecutableDocument,
    variables: &'a Object,
    path: Vec<Json>,
    outcome: Outcome,
}

/// Fields by response key, in the order of the document.
type Collected<'a> = IndexMap<String, Vec<&'a Field>>;

impl<'a> Run<'a> {
    fn object(&mut self, node: &Node, sets: &[&'a SelectionSet]) -> Result<Json, Bubble> {
        let mut collected = Collected::default();
        for set in sets {
            self.collect(&node.ty, set, &mut collected);
        }
        let mut answer = Object::new();
        for (key, fields) in collected {
            self.path.push(Json::from(key.as_str()));
            let value = self.field(node, &fields);
            self.path.pop();
            answer.insert(key, value?);
        }
        Ok(Json::Object(answer))
    }

    fn collect(&self, ty: &str, set: &'a SelectionSet, into: &mut Collected<'a>) {
        for selection in &set.selections {
            if !self.is_on(selection) {
                continue;
            }
            match selection {
                Selection::Field(field) => {
                    into.entry(field.response_name().to_string()).or_default().push(field);
                }
                Selection::InlineFragment(fragment) => {
                    if fragment.type_condition.as_ref().is_none_or(|on| self.is_a(ty, on)) {
                        self.collect(ty, &fragment.selection_set, into);
                    }
                }
                Selection::FragmentSpread(spread) => {
                    let fragment = &self.document.fragments[&spread.fragment_name];
                    if self.is_a(ty, fragment.type_condition()) {
                        self.collect(ty, &fragment.selection_set, into);
                    }
                }
            }
        }
    }

    fn is_on(&self, selection: &Selection) -> bool {
        let condition = |name: &str| {
            let directive = selection.directives().get(name)?;
            value(directive.specified_argument_by_name("if")?, self.variables)
        };
        condition("skip") != Some(Json::Bool(true))
            && condition("include") != Some(Json::Bool(false))
    }

    fn is_a(&self, ty: &str, on: &str) -> bool {
        ty == on || self.server.schema.is_subtype(on, ty)
    }

    fn field(&mut self, node: &Node, fields: &[&'a Field]) -> Result<Json, Bubble> {
        let first = fields[0];
        let sets: Vec<&SelectionSet> =
            fields.iter().filter_map(|field| field.selection_set.as_ref()).collect();
        // The object's own, which may promise more than that of an interface which was asked for it.
        let own = self.server.schema.type_field(&node.ty, &first.name);
        let definition: &FieldDefinition = own.map_or(&first.definition, |own| own);
        let arguments = arguments((first, definition), self.variables);
        let scope = Scope {
            arguments: &arguments,
            representation: node.representation.as_ref(),
            counters: self.server.counters,
        };
        let value = match first.name.as_str() {
            "__typename" => return Ok(Json::from(node.ty.as_str())),
            "_service" => Json::Object(Object::from_iter([("sdl".to_owned(), Json::from(""))])),
            "_entities" => return self.entities(&arguments, &sets),
            name => match self.stored(node, name) {
                Some(value) => value,
                None => {
                    let has = Json::Object(node.fields.to_owned());
                    let message = format!("there is no data for `{}.{name}` of {has}", node.ty);
                    return self.failed(Failure::Violation(message), &definition.ty);
                }
            },
        };
        self.complete(&definition.ty, &value, &sets, &scope)
    }

    /// What an object has for a field: in itself, or in the row that its key finds.
    fn stored(&self, node: &Node, name: &str) -> Option<Json> {
        let own = node.fields.get(name);
        let row = || self.server.data.row(&node.ty, &node.fields)?.get(name);
        own.or_else(row).map(Json::to_owned)
    }

    fn complete(
        &mut self,
        ty: &Type,
        value: &Json,
        sets: &[&'a SelectionSet],
        scope: &Scope<'_>,
    ) -> Result<Json, Bubble> {
        let value = match work_out(value, scope) {
            Ok(value) => value,
            Err(failure) => return self.failed(failure, ty),
        };
        let completed = match (ty, &value) {
            (Type::NonNullNamed(_) | Type::NonNullList(_), Json::Null) => {
                self.error(format!("a value of type {ty} is null"), None);
                Err(Bubble)
            }
            (_, Json::Null) => Ok(Json::Null),
            (Type::List(item) | Type::NonNullList(item), Json::List(items)) => {
                self.list(item, items, sets, scope)
            }
            (Type::Named(name) | Type::NonNullNamed(name), _) => {
                self.named(name.as_str(), value, sets, scope)
            }
            _ => {
                self.outcome.violations.push(format!("{value} is no value of type {ty}"));
                Err(Bubble)
            }
        };
        if ty.is_non_null() { completed } else { Ok(completed.unwrap_or_default()) }
    }

    fn list(
        &mut self,
        ty: &Type,
        items: &[Json],
        sets: &[&'a SelectionSet],
        scope: &Scope<'_>,
    ) -> Result<Json, Bubble> {
        let mut answer = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            self.path.push(Json::from(index));
            let item = self.complete(ty, item, sets, scope);
            self.path.pop();
            answer.push(item?);
        }
        Ok(Json::List(answer))
    }

    fn named(
        &mut self,
        name: &str,
        value: Json,
        sets: &[&'a SelectionSet],
        scope: &Scope<'_>,
    ) -> Result<Json, Bubble> {
        if sets.is_empty() {
            return Ok(value);
        }
        let Json::Object(fields) = value else {
            self.outcome.violations.push(format!("{value} is no object of type {name}"));
            return Err(Bubble);
        };
        match self.object_type(name, &fields) {
            Ok(ty) => {
                let representation = scope.representation.map(Object::to_owned);
                self.object(&Node { ty, fields, representation }, sets)
            }
            Err(message) => {
                self.outcome.violations.push(message);
                Err(Bubble)
            }
        }
    }

    /// The object type of a value: what it says, or the only one possible.
    fn object_type(&self, name: &str, fields: &Object) -> Result<String, String> {
        let said = fields.get("__typename").and_then(Json::as_str);
        if self.server.schema.get_object(name).is_some() {
            return Ok(name.to_owned());
        }
        match said {
            Some(said) if self.is_a(said, name) => Ok(said.to_owned()),
            Some(said) => Err(format!("the data says a `{said}` where a `{name}` is expected")),
            None => Err(format!("the data says no __typename for a `{name}`")),
        }
    }

    fn entities(&mut self, arguments: &Object, sets: &[&'a SelectionSet]) -> Result<Json, Bubble> {
        let sent = arguments.get("representations").and_then(Json::as_list).unwrap_or_default();
        let mut answer = Vec::with_capacity(sent.len());
        for (index, representation) in sent.iter().enumerate() {
            self.path.push(Json::from(index));
            answer.push(self.entity(representation, sets).unwrap_or_default());
            self.path.pop();
        }
        Ok(Json::List(answer))
    }

    fn entity(&mut self, sent: &Json, sets: &[&'a SelectionSet]) -> Option<Json> {
        let typename = sent.get("__typename").and_then(Json::as_str);
        let (Some(ty), Some(sent)) = (typename, sent.as_object()) else {
            self.violation(format!("the representation {sent} has no __typename"));
            return None;
        };
        let mut types = vec![ty];
        match self.server.schema.types.get(ty) {
            Some(definition) if definition.is_object() => {}
            Some(definition) if definition.is_interface() => {
                let objects = self.server.schema.types.values().filter(|it| it.is_object());
                let names = objects.map(|object| object.name().as_str());
                types.extend(names.filter(|name| self.is_a(name, ty)));
            }
            _ => {
                self.violation(format!("a representation is of the type `{ty}`, unknown here"));
                return None;
            }
        }
        let (ty, row) = match self.server.data.entity(&types, sent) {
            Ok(found) => found,
            Err(NotFound::Absent) => return None,
            Err(NotFound::Wrong(message)) => {
                self.violation(message);
                return None;
            }
        };
        let counters = self.server.counters;
        let scope = Scope { arguments: &Object::new(), representation: Some(sent), counters };
        self.complete(&Type::Named(apollo_compiler::Name::new(ty).ok()?), row, sets, &scope).ok()
    }

    fn failed(&mut self, failure: Failure, ty: &Type) -> Result<Json, Bubble> {
        match failure {
            Failure::Error { message, extensions } => self.error(message, extensions),
            Failure::Violation(message) => self.violation(message),
        }
        if ty.is_non_null() { Err(Bubble) } else { Ok(Json::Null) }
    }

    /// A violation is an error as well, so that it can't be overlooked in an answer.
    fn violation(&mut self, message: String) {
        self.error(message.as_str().to_owned(), None);
        self.outcome.violations.push(message);
    }

    fn error(&mut self, message: String, extensions: Option<Json>) {
        let mut error = Object::new();
        error.insert("message".to_owned(), Json::String(message));
        error.insert("path".to_owned(), self.path.iter().map(Json::to_owned).collect());
        error.extend(extensions.map(|extensions| ("extensions".to_owned(), extensions)));
        self.outcome.errors.push(Json::Object(error));
    }
}
