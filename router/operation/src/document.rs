//! Documents: parsed, measured and valid for the public schema.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use apollo_compiler::Node;
use apollo_compiler::ast::{self, Definition};
use apollo_compiler::executable::{self, ExecutableDocument, Selection};
use apollo_compiler::parser::Parser;
use apollo_compiler::validation::Valid;
use schema::{OperationKind, Schema};

use crate::error::{Code, RequestError};
use crate::limits::{self, Limits};

/// A valid document.
#[derive(Debug)]
pub struct Document {
    document: Arc<Valid<ExecutableDocument>>,
    /// The operation that was asked for first, with its name. Most documents have no other, and it
    /// is asked for again and again.
    first: OnceLock<(Option<String>, Request)>,
}

/// One operation of a valid document.
#[derive(Clone, Debug)]
pub struct Request {
    pub(crate) document: Arc<Valid<ExecutableDocument>>,
    pub(crate) operation: Node<executable::Operation>,
    conditions: Vec<String>,
    introspects: bool,
}

impl Document {
    /// Parses a document and validates it against the public schema.
    ///
    /// # Errors
    /// All findings, at most 50: of the limits, the grammar or the validation.
    pub fn parse(schema: &Schema, text: &str, limits: &Limits) -> Result<Self, Vec<RequestError>> {
        if text.len() > limits.bytes.get() {
            let message =
                format!("The document has {} bytes; the limit is {}.", text.len(), limits.bytes);
            return Err(vec![RequestError::new(Code::TooLarge, message)]);
        }
        let mut parser = Parser::new()
            .token_limit(limits.tokens.get())
            .recursion_limit(limits.nesting.get().saturating_add(1));
        let ast = parser.parse_ast(text, "document").map_err(|error| refused(&error, limits))?;
        limits::check(&ast, limits).map_err(|error| vec![error])?;
        if let Some(error) = definition_of_types(&ast) {
            return Err(vec![error]);
        }
        let document = ast
            .to_executable_validate(&schema.api().operations)
            .map_err(|findings| RequestError::all(Code::ValidationFailed, &findings.errors))?;
        Ok(Self { document: Arc::new(document), first: OnceLock::new() })
    }

    /// The names of its operations, in order of the document; one without a name has none.
    pub fn operation_names(&self) -> Vec<Option<String>> {
        let operations = &self.document.operations;
        let named = operations.named.keys().map(|name| Some(name.to_string()));
        operations.anonymous.iter().map(|_| None).chain(named).collect()
    }

    /// The operation of a name, or the only one.
    ///
    /// # Errors
    /// When there is no such operation, or several and no name.
    pub fn operation(&self, name: Option<&str>) -> Result<Request, RequestError> {
        if let Some((known, request)) = self.first.get()
            && known.as_deref() == name
        {
            return Ok(Request::clone(request));
        }
        let request = self.find(name)?;
        self.first.get_or_init(|| (name.map(str::to_owned), Request::clone(&request)));
        Ok(request)
    }

    fn find(&self, name: Option<&str>) -> Result<Request, RequestError> {
        let operations = &self.document.operations;
        let operation = operations.get(name).map_err(|_| {
            let names: Vec<&str> = operations.named.keys().map(|name| name.as_str()).collect();
            let message = match name {
                Some(name) => format!("The document has no operation named \"{name}\"."),
                None if operations.is_empty() => "The document has no operation.".to_owned(),
                None => format!(
                    "The document has several operations; name one of them in operationName: {}.",
                    names.join(", ")
                ),
            };
            RequestError::new(Code::OperationNotFound, message)
        })?;
        let mut facts = Facts { conditions: BTreeSet::new(), seen: BTreeSet::new() };
        facts.selections(&self.document, &operation.selection_set);
        let introspects = operation
            .root_fields(&self.document)
            .any(|field| matches!(field.name.as_str(), "__schema" | "__type"));
        Ok(Request {
            document: Arc::clone(&self.document),
            operation: Node::clone(operation),
            conditions: facts.conditions.into_iter().collect(),
            introspects,
        })
    }
}

fn refused(
    error: &apollo_compiler::validation::WithErrors<ast::Document>,
    limits: &Limits,
) -> Vec<RequestError> {
    let mut findings = RequestError::all(Code::ParseFailed, &error.errors);
    let limit = findings.iter().position(|finding| finding.message.contains("limit reached"));
    if let Some(at) = limit {
        let mut finding = findings.swap_remove(at);
        let (what, limit) = match finding.message.contains("recursion") {
            true => ("levels of nesting", limits.nesting),
            false => ("tokens", limits.tokens),
        };
        finding.code = Code::TooLarge;
        finding.message = format!("The document has too many {what}; the limit is {limit}.");
        return vec![finding];
    }
    findings
}

fn definition_of_types(ast: &ast::Document) -> Option<RequestError> {
    let executable = |definition: &Definition| {
        matches!(definition, Definition::OperationDefinition(_) | Definition::FragmentDefinition(_))
    };
    let other = ast.definitions.iter().find(|definition| !executable(definition))?;
    let message = "The document defines types; only operations and fragments can be executed.";
    let mut error = RequestError::new(Code::ValidationFailed, message);
    let at = other.location().and_then(|at| at.line_column(&ast.sources));
    error.locations.extend(at.map(|at| (at.line, at.column)));
    Some(error)
}

impl Request {
    /// Query, mutation or subscription.
    pub fn kind(&self) -> OperationKind {
        match self.operation.operation_type {
            executable::OperationType::Query => OperationKind::Query,
            executable::OperationType::Mutation => OperationKind::Mutation,
            executable::OperationType::Subscription => OperationKind::Subscription,
        }
    }

    /// Its name, if it has one.
    pub fn name(&self) -> Option<&str> {
        self.operation.name.as_ref().map(|name| name.as_str())
    }

    /// The variables that decide `@skip` and `@include`, sorted.
    pub fn condition_variables(&self) -> &[String] {
        &self.conditions
    }

    /// Whether it asks for `__schema` or `__type`.
    pub fn introspects(&self) -> bool {
        self.introspects
    }
}

/// What is collected from the reachable selections, each fragment once.
struct Facts<'d> {
    conditions: BTreeSet<String>,
    seen: BTreeSet<&'d str>,
}

impl<'d> Facts<'d> {
    fn selections(&mut self, document: &'d ExecutableDocument, set: &'d executable::SelectionSet) {
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => {
                    self.directives(&field.directives);
                    if let Some(below) = &field.selection_set {
                        self.selections(document, below);
                    }
                }
                Selection::InlineFragment(fragment) => {
                    self.directives(&fragment.directives);
                    self.selections(document, &fragment.selection_set);
                }
                Selection::FragmentSpread(spread) => {
                    self.directives(&spread.directives);
                    if self.seen.insert(&spread.fragment_name)
                        && let Some(fragment) = document.fragments.get(&spread.fragment_name)
                    {
                        self.selections(document, &fragment.selection_set);
                    }
                }
            }
        }
    }

    fn directives(&mut self, directives: &executable::DirectiveList) {
        for name in ["skip", "include"] {
            let value = directives.get(name).and_then(|d| d.specified_argument_by_name("if"));
            if let Some(variable) = value.and_then(|value| value.as_variable()) {
                self.conditions.insert(variable.to_string());
            }
        }
    }
}
