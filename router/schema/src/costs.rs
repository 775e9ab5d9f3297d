//! What elements cost, as `@cost` and `@listSize` of the supergraph say it.

use std::collections::HashMap;

use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Node, Schema as Ast, ast};

use crate::ids::{FieldId, TypeId};
use crate::link::Link;
use crate::model::{Kind, Model};

/// The weights and list sizes of a supergraph; most elements have none.
#[derive(Debug, Default)]
pub struct Costs {
    types: HashMap<TypeId, i64>,
    fields: HashMap<FieldId, i64>,
    sizes: HashMap<FieldId, ListSize>,
    arguments: HashMap<FieldId, HashMap<String, InputCost>>,
    inputs: HashMap<TypeId, HashMap<String, InputCost>>,
}

/// What an argument or an input field costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InputCost {
    /// Its own `@cost`.
    pub weight: Option<i64>,
    /// The named type of its values.
    pub ty: TypeId,
}

/// A `@listSize`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListSize {
    /// The size when no slicing argument tells it.
    pub assumed: Option<u64>,
    /// Arguments whose value is a largest size; of several, the largest counts.
    pub slicing: Vec<Slicing>,
    /// The fields of the field's type that the size is for; without any, it is for the field.
    pub sized_fields: Vec<String>,
    /// Whether exactly one slicing argument must be given.
    pub require_one: bool,
}

/// A slicing argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slicing {
    /// The argument, and the input fields in it that lead to the number.
    pub path: Vec<String>,
    /// The number that its default has.
    pub default: Option<u64>,
}

impl Costs {
    /// What one object or value of a type costs: its `@cost`, else 1 for what has fields and 0 for
    /// scalars and enums.
    pub fn of_type(&self, model: &Model, ty: TypeId) -> i64 {
        let default = match model.ty(ty).kind {
            Kind::Object | Kind::Interface | Kind::Union | Kind::Input => 1,
            Kind::Enum | Kind::Scalar => 0,
        };
        self.types.get(&ty).copied().unwrap_or(default)
    }

    /// What one value of a field costs: its `@cost`, else that of its type.
    pub fn of_field(&self, model: &Model, field: FieldId) -> i64 {
        let own = self.fields.get(&field).copied();
        own.unwrap_or_else(|| self.of_type(model, model.field(field).ty.named()))
    }

    /// The `@listSize` of a field.
    pub fn list_size(&self, field: FieldId) -> Option<&ListSize> {
        self.sizes.get(&field)
    }

    /// An argument of a field that can cost something.
    pub fn argument(&self, field: FieldId, name: &str) -> Option<InputCost> {
        self.arguments.get(&field)?.get(name).copied()
    }

    /// A field of an input type that can cost something.
    pub fn input(&self, ty: TypeId, name: &str) -> Option<InputCost> {
        self.inputs.get(&ty)?.get(name).copied()
    }
}

/// Reads the costs of a supergraph.
pub(crate) fn read(ast: &Ast, links: &[Link], model: &Model) -> Costs {
    let link = links.iter().find(|link| link.spec == "cost");
    let reader = Reader {
        model,
        cost: link.map(|link| link.directive("cost")),
        list_size: link.map(|link| link.directive("listSize")),
        costs: Costs::default(),
    };
    reader.read(ast)
}

struct Reader<'a> {
    model: &'a Model,
    /// The names of the directives here.
    cost: Option<String>,
    list_size: Option<String>,
    costs: Costs,
}

impl Reader<'_> {
    fn read(mut self, ast: &Ast) -> Costs {
        for (name, ty) in &ast.types {
            let Some(id) = self.model.type_by_name(name) else { continue };
            if let Some(weight) = self.weight(ty.directives().iter().map(|d| &**d)) {
                self.costs.types.insert(id, weight);
            }
            let fields = match ty {
                ExtendedType::Object(ty) => &ty.fields,
                ExtendedType::Interface(ty) => &ty.fields,
                ExtendedType::InputObject(ty) => {
                    let inputs = ty.fields.values().map(|field| &**field);
                    let inputs = self.inputs(inputs);
                    self.costs.inputs.insert(id, inputs);
                    continue;
                }
                _ => continue,
            };
            for (name, definition) in fields {
                if let Some(field) = self.model.ty(id).fields.get(name.as_str()) {
                    self.field(*field, definition);
                }
            }
        }
        self.costs
    }

    fn field(&mut self, field: FieldId, definition: &ast::FieldDefinition) {
        if let Some(weight) = self.weight(definition.directives.iter().map(|d| &**d)) {
            self.costs.fields.insert(field, weight);
        }
        let size = self.list_size.as_deref().and_then(|name| definition.directives.get(name));
        if let Some(size) = size {
            self.costs.sizes.insert(field, list_size(size, &definition.arguments));
        }
        let arguments = self.inputs(definition.arguments.iter().map(|argument| &**argument));
        if !arguments.is_empty() {
            self.costs.arguments.insert(field, arguments);
        }
    }

    /// Those of some input values that can cost something: they have a weight, or are objects.
    fn inputs<'d>(
        &self,
        inputs: impl Iterator<Item = &'d ast::InputValueDefinition>,
    ) -> HashMap<String, InputCost> {
        let cost = |input: &ast::InputValueDefinition| {
            let ty = self.model.type_by_name(input.ty.inner_named_type())?;
            let weight = self.weight(input.directives.iter().map(|d| &**d));
            let costs = weight.is_some()
                || self.model.ty(ty).kind == Kind::Input
                || self.costs.types.contains_key(&ty);
            costs.then(|| (input.name.to_string(), InputCost { weight, ty }))
        };
        inputs.filter_map(cost).collect()
    }

    fn weight<'d>(&self, mut all: impl Iterator<Item = &'d ast::Directive>) -> Option<i64> {
        let name = self.cost.as_deref()?;
        let directive = all.find(|directive| directive.name == name)?;
        match &**directive.specified_argument_by_name("weight")? {
            ast::Value::Int(number) => number.as_str().parse().ok(),
            // The published specification writes weights as strings.
            ast::Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }
}

fn list_size(
    directive: &ast::Directive,
    arguments: &[Node<ast::InputValueDefinition>],
) -> ListSize {
    let strings = |name: &str| -> Vec<String> {
        let items = directive.specified_argument_by_name(name).and_then(|value| value.as_list());
        let items = items.into_iter().flatten();
        items.filter_map(|item| item.as_str()).map(str::to_owned).collect()
    };
    let slicing = strings("slicingArguments").into_iter().map(|text| {
        let path: Vec<String> = text.split('.').map(str::to_owned).collect();
        let argument = arguments.iter().find(|argument| argument.name == path[0].as_str());
        let default = argument.and_then(|argument| argument.default_value.as_deref());
        let default = path[1..].iter().fold(default, |value, name| match value {
            Some(ast::Value::Object(members)) => {
                let member = members.iter().find(|(known, _)| known == name.as_str());
                member.map(|(_, value)| &**value)
            }
            _ => None,
        });
        Slicing { path, default: default.and_then(number) }
    });
    ListSize {
        assumed: directive.specified_argument_by_name("assumedSize").and_then(|v| number(v)),
        slicing: slicing.collect(),
        sized_fields: strings("sizedFields"),
        require_one: directive
            .specified_argument_by_name("requireOneSlicingArgument")
            .and_then(|value| value.to_bool())
            .unwrap_or(true),
    }
}

/// A size; negative ones are none.
fn number(value: &ast::Value) -> Option<u64> {
    match value {
        ast::Value::Int(number) => number.as_str().parse().ok(),
        _ => None,
    }
}

impl std::fmt::Display for Slicing {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.path.join("."))
    }
}
