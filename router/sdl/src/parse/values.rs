//! Types, values, arguments and directives.

use super::parser::{Parser, Read};
use crate::Name;
use crate::ast::{Argument, Directive, Spot, Type, Value};
use crate::lex::Kind;

impl Parser<'_> {
    /// A type with its place.
    pub(super) fn ty(&mut self) -> Read<(Type, Spot)> {
        let start = self.token.at;
        let ty = self.type_inside()?;
        Ok((ty, self.since(start)))
    }

    fn type_inside(&mut self) -> Read<Type> {
        let ty = if self.is_mark(b'[') {
            self.advance()?;
            let item = self.deeper(Self::type_inside)?;
            self.expect(b']', "at the end of a list type")?;
            Type::List(Box::new(item))
        } else {
            Type::Named(self.name("a type")?.name)
        };
        Ok(if self.take(b'!')? { ty.non_null() } else { ty })
    }

    /// A value with its place. Constants have no variables.
    pub(super) fn value(&mut self) -> Read<(Value, Spot)> {
        let start = self.token.at;
        let value = self.value_inside()?;
        Ok((value, self.since(start)))
    }

    fn value_inside(&mut self) -> Read<Value> {
        let text = self.token.text;
        let value = match self.token.kind {
            Kind::Int => Value::Int(Name::new(text)),
            Kind::Float => Value::Float(Name::new(text)),
            Kind::Quoted | Kind::Block => return self.string().map(Value::String),
            Kind::Name => match text {
                "true" => Value::Boolean(true),
                "false" => Value::Boolean(false),
                "null" => Value::Null,
                name => Value::Enum(Name::new(name)),
            },
            Kind::Mark(b'[') => return self.deeper(Self::list),
            Kind::Mark(b'{') => return self.deeper(Self::object),
            Kind::Mark(b'$') => {
                return Err(
                    self.error("A variable can't be used here: it belongs to an operation.")
                );
            }
            _ => return Err(self.expected("a value")),
        };
        self.advance()?;
        Ok(value)
    }

    fn list(&mut self) -> Read<Value> {
        self.advance()?;
        let mut items = Vec::new();
        while !self.take(b']')? {
            if self.is_at_end() {
                return Err(self.expected("`]` at the end of a list"));
            }
            items.push(self.value_inside()?);
        }
        Ok(Value::List(items))
    }

    fn object(&mut self) -> Read<Value> {
        self.advance()?;
        let mut members = Vec::new();
        while !self.take(b'}')? {
            let name = self.name("a field or `}`")?.name;
            self.expect(b':', "after the name of a field")?;
            members.push((name, self.value_inside()?));
        }
        Ok(Value::Object(members))
    }

    /// Arguments in parentheses, if there are any.
    pub(super) fn arguments(&mut self) -> Read<Vec<Argument>> {
        self.items((b'(', b')'), "an argument", |parser| {
            let name = parser.name("the name of an argument or `)`")?;
            parser.expect(b':', "after the name of an argument")?;
            let (value, value_at) = parser.value()?;
            Ok(Argument { name: name.name, at: name.at, value, value_at })
        })
    }

    /// Directives, if there are any.
    pub(super) fn directives(&mut self) -> Read<Vec<Directive>> {
        let mut directives = Vec::new();
        while self.is_mark(b'@') {
            let start = self.advance()?.at;
            let name = self.name("the name of a directive after `@`")?.name;
            let arguments = self.arguments()?;
            directives.push(Directive { name, at: self.since(start), arguments });
        }
        Ok(directives)
    }
}
