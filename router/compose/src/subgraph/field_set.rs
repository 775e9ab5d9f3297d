//! Field sets (`@key`, `@requires`, `@provides`) read against the types of one subgraph.

use apollo_compiler::{ast, parser::Parser};

use super::{Kind, View};

/// A selection of a field set, bound to the type that it is made on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Selected {
    Typename,
    Field { owner: String, name: String, inner: Vec<Selected> },
    On { ty: String, inner: Vec<Selected> },
}

/// What a field set holds that a rule may not like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// It is no selection of the type; the text is half a sentence.
    Invalid(String),
    /// It uses this directive.
    Directive(String),
}

/// Field sets nest deeper than this in no real schema; the bound keeps recursion off the stack.
const MAX_DEPTH: usize = 64;

/// Reads a field set. It is returned as far as it makes sense, with all that is wrong with it.
pub(crate) fn read(view: &View, parent: &str, text: &str) -> (Vec<Selected>, Vec<Trouble>) {
    let mut reader = Reader { view, troubles: Vec::new(), broken: false };
    let selected = match parse(text) {
        Ok(selections) => reader.selections(parent, &selections, 0),
        Err(why) => {
            reader.fail(why);
            Vec::new()
        }
    };
    let selected = if reader.broken { Vec::new() } else { selected };
    (selected, reader.troubles)
}

/// Parses a field set, with or without braces around it.
fn parse(text: &str) -> Result<Vec<ast::Selection>, String> {
    let bare = text.trim();
    let braced = if bare.starts_with('{') { bare.to_owned() } else { format!("{{ {bare} }}") };
    let wrong = || format!("`{text}` is not a valid selection");
    let document = Parser::new()
        .recursion_limit(MAX_DEPTH * 2)
        .token_limit(10_000)
        .parse_ast(&braced, "field set")
        .map_err(|_| wrong())?;
    match document.definitions.as_slice() {
        [ast::Definition::OperationDefinition(operation)]
            if !operation.selection_set.is_empty() =>
        {
            Ok(operation.selection_set.clone())
        }
        _ => Err(wrong()),
    }
}

struct Reader<'a> {
    view: &'a View,
    troubles: Vec<Trouble>,
    /// Whether it can't even be told which fields are meant.
    broken: bool,
}

impl Reader<'_> {
    fn selections(
        &mut self,
        parent: &str,
        selections: &[ast::Selection],
        depth: usize,
    ) -> Vec<Selected> {
        if depth > MAX_DEPTH {
            self.fail(format!("it nests deeper than {MAX_DEPTH}"));
            return Vec::new();
        }
        if selections.is_empty() {
            self.fail(format!("it selects nothing of `{parent}`"));
        }
        let read = |selection| self.selection(parent, selection, depth);
        selections.iter().filter_map(read).collect()
    }

    fn selection(
        &mut self,
        parent: &str,
        selection: &ast::Selection,
        depth: usize,
    ) -> Option<Selected> {
        match selection {
            ast::Selection::Field(field) => {
                self.directives(&field.directives);
                self.field(parent, field, depth)
            }
            ast::Selection::InlineFragment(fragment) => {
                self.directives(&fragment.directives);
                let ty = fragment.type_condition.as_ref().map_or(parent, |name| name.as_str());
                self.view.types.get(ty)?;
                let inner = self.selections(ty, &fragment.selection_set, depth + 1);
                Some(Selected::On { ty: ty.to_owned(), inner })
            }
            ast::Selection::FragmentSpread(spread) => {
                self.fail(format!("it spreads the fragment `{}`", spread.fragment_name));
                None
            }
        }
    }

    fn field(&mut self, parent: &str, field: &ast::Field, depth: usize) -> Option<Selected> {
        if let Some(alias) = &field.alias {
            self.invalid(format!("it uses the alias `{alias}`"));
        }
        if field.name == "__typename" {
            return Some(Selected::Typename);
        }
        let view = self.view;
        let Some(known) = view.types.get(parent).and_then(|ty| ty.fields.get(field.name.as_str()))
        else {
            self.fail(format!("`{parent}` has no field `{}` in {}", field.name, view.name));
            return None;
        };
        self.arguments(parent, field, known);
        let target = known.ty.inner_named_type().as_str();
        let composite = view.types.get(target).is_some_and(super::TypeView::is_composite);
        let inner = match (composite, field.selection_set.as_deref()) {
            (true, Some(selections)) => self.selections(target, selections, depth + 1),
            (true, None) => {
                self.fail(format!("it selects nothing of `{parent}.{}`", field.name));
                Vec::new()
            }
            (false, None) => Vec::new(),
            (false, Some(_)) => {
                self.fail(format!("`{parent}.{}` has no fields to select", field.name));
                Vec::new()
            }
        };
        let name = field.name.to_string();
        Some(Selected::Field { owner: parent.to_owned(), name, inner })
    }

    fn arguments(&mut self, parent: &str, field: &ast::Field, known: &super::FieldView) {
        for given in &field.arguments {
            match known.arguments.get(given.name.as_str()) {
                None => self
                    .invalid(format!("`{parent}.{}` has no argument `{}`", field.name, given.name)),
                Some(argument) if !accepts(self.view, &argument.ty, &given.value) => self.invalid(
                    format!("`{}` is no `{}` for `{}`", given.value, argument.ty, given.name),
                ),
                Some(_) => {}
            }
        }
        for (name, argument) in &known.arguments {
            let given = field.arguments.iter().any(|given| given.name.as_str() == name);
            if argument.ty.is_non_null() && argument.default.is_none() && !given {
                self.invalid(format!("it leaves out the argument `{name}` of `{}`", field.name));
            }
        }
    }

    fn directives(&mut self, directives: &ast::DirectiveList) {
        let used = directives.iter().map(|used| Trouble::Directive(used.name.to_string()));
        self.troubles.extend(used);
    }

    fn invalid(&mut self, why: String) {
        self.troubles.push(Trouble::Invalid(why));
    }

    fn fail(&mut self, why: String) {
        self.broken = true;
        self.invalid(why);
    }
}

/// Whether a literal is a value of a type.
pub(crate) fn accepts(view: &View, ty: &ast::Type, value: &ast::Value) -> bool {
    use ast::Value;
    match value {
        Value::Null => return !ty.is_non_null(),
        Value::Variable(_) => return false,
        _ => {}
    }
    if ty.is_list() {
        return match value {
            Value::List(items) => items.iter().all(|item| accepts(view, ty.item_type(), item)),
            single => accepts(view, ty.item_type(), single),
        };
    }
    let name = ty.inner_named_type().as_str();
    match name {
        "Int" => matches!(value, Value::Int(_)),
        "Float" => matches!(value, Value::Int(_) | Value::Float(_)),
        "String" => matches!(value, Value::String(_)),
        "Boolean" => matches!(value, Value::Boolean(_)),
        "ID" => matches!(value, Value::String(_) | Value::Int(_)),
        _ => view.types.get(name).is_none_or(|ty| match (ty.kind, value) {
            (Kind::Enum, Value::Enum(name)) => ty.values.contains_key(name.as_str()),
            (Kind::Enum, _) => false,
            (Kind::Input, Value::Object(fields)) => fields.iter().all(|(name, value)| {
                let field = ty.fields.get(name.as_str());
                field.is_some_and(|field| accepts(view, &field.ty, value))
            }),
            (Kind::Input, _) => false,
            _ => true,
        }),
    }
}

/// Calls `see` for every field in a field set with whether it is a leaf of it, outermost first.
pub(crate) fn each_field<'a>(
    selected: &'a [Selected],
    see: &mut dyn FnMut(&'a str, &'a str, bool),
) {
    for one in selected {
        match one {
            Selected::Typename => {}
            Selected::Field { owner, name, inner } => {
                see(owner, name, inner.is_empty());
                each_field(inner, see);
            }
            Selected::On { inner, .. } => each_field(inner, see),
        }
    }
}
