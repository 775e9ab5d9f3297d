//! Definitions and extensions.

use super::parser::{Parser, Read};
use crate::Name;
use crate::ast::{
    Definition, DirectiveDefinition, Document, EnumValue, Field, InputValue, Kind, Location, Named,
    RootKind, Schema, Spot,
};
use crate::error::Error;
use crate::lex;

impl Parser<'_> {
    /// Reads one definition into a document.
    pub(super) fn definition(&mut self, document: &mut Document) -> Read<()> {
        let described = self.token.at;
        let description = self.description()?;
        let start = self.token.at;
        let extension = self.take_word("extend")?;
        if extension && description.is_some() {
            let message = "An extension has no description.".to_owned();
            let help = Some("move the description to the definition".to_owned());
            return Err(Error { message, at: described, help });
        }
        if self.token.kind != lex::Kind::Name {
            return Err(self.expected("a definition"));
        }
        let kind = match self.token.text {
            "schema" => {
                document.schemas.push(self.schema(description, extension, start)?);
                return Ok(());
            }
            "directive" if !extension => {
                document.directives.push(self.directive_definition(description)?);
                return Ok(());
            }
            "scalar" => Kind::Scalar,
            "type" => Kind::Object,
            "interface" => Kind::Interface,
            "union" => Kind::Union,
            "enum" => Kind::Enum,
            "input" => Kind::Input,
            other => return Err(self.no_definition(other, extension)),
        };
        self.advance()?;
        document.types.push(self.type_definition(kind, description, extension)?);
        Ok(())
    }

    fn no_definition(&self, word: &str, extension: bool) -> Error {
        let help = match word {
            "query" | "mutation" | "subscription" | "fragment" => {
                Some("a schema holds definitions; operations belong to clients".to_owned())
            }
            "directive" if extension => {
                Some("the definition of a directive can't be extended".to_owned())
            }
            word => near(word).map(|near| format!("did you mean `{near}`?")),
        };
        let what = if extension { "the kind of type to extend" } else { "a definition" };
        Error { help, ..self.expected(what) }
    }

    fn schema(&mut self, description: Option<Name>, extension: bool, at: Spot) -> Read<Schema> {
        self.advance()?;
        let directives = self.directives()?;
        let roots =
            self.items((b'{', b'}'), "`query`, `mutation` or `subscription`", |parser| {
                let word = parser.token.text;
                let Some(root) = RootKind::ALL.into_iter().find(|root| root.keyword() == word)
                else {
                    return Err(parser.expected("`query`, `mutation` or `subscription`"));
                };
                parser.advance()?;
                parser.expect(b':', "after the kind of operation")?;
                Ok((root, parser.name("the name of a type")?))
            })?;
        if roots.is_empty() && !extension {
            return Err(self.expected("`{` with the root types of the schema"));
        }
        if roots.is_empty() && directives.is_empty() {
            return Err(self.expected("`{` or a directive: an extension adds something"));
        }
        Ok(Schema { extension, description, at, directives, roots })
    }

    fn type_definition(
        &mut self,
        kind: Kind,
        description: Option<Name>,
        extension: bool,
    ) -> Read<Definition> {
        let Named { name, at } = self.name("the name of the type")?;
        let has_fields = matches!(kind, Kind::Object | Kind::Interface);
        let implements = if has_fields { self.implements()? } else { Vec::new() };
        let directives = self.directives()?;
        let mut ty = Definition {
            kind,
            extension,
            description,
            name,
            at,
            directives,
            implements,
            fields: Vec::new(),
            inputs: Vec::new(),
            values: Vec::new(),
            members: Vec::new(),
        };
        match kind {
            Kind::Scalar => {}
            Kind::Object | Kind::Interface => {
                ty.fields = self.items((b'{', b'}'), "a field", Self::field)?;
            }
            Kind::Union => ty.members = self.members()?,
            Kind::Enum => {
                ty.values = self.items((b'{', b'}'), "a value of the enum", Self::enum_value)?
            }
            Kind::Input => {
                ty.inputs = self.items((b'{', b'}'), "a field", Self::input_value)?;
            }
        }
        let says_nothing = ty.directives.is_empty()
            && ty.implements.is_empty()
            && ty.fields.is_empty()
            && ty.inputs.is_empty()
            && ty.values.is_empty()
            && ty.members.is_empty();
        if extension && says_nothing {
            return Err(Error {
                message: format!("The extension of `{}` adds nothing.", ty.name),
                at: ty.at,
                help: Some("add fields or directives to it, or remove it".to_owned()),
            });
        }
        Ok(ty)
    }

    fn implements(&mut self) -> Read<Vec<Named>> {
        let mut names = Vec::new();
        if !self.take_word("implements")? {
            return Ok(names);
        }
        self.take(b'&')?;
        loop {
            names.push(self.name("the name of an interface")?);
            if self.take(b'&')? {
                continue;
            }
            if self.token.kind == lex::Kind::Name && !self.begins_definition() {
                let mut error = self.expected("`&` between interfaces");
                error.help = Some("write `implements A & B`".to_owned());
                return Err(error);
            }
            return Ok(names);
        }
    }

    fn begins_definition(&self) -> bool {
        let words = ["type", "extend", "interface", "union", "enum", "input", "scalar", "schema"];
        words.contains(&self.token.text) || self.is_word("directive")
    }

    fn members(&mut self) -> Read<Vec<Named>> {
        let mut names = Vec::new();
        if !self.take(b'=')? {
            return Ok(names);
        }
        self.take(b'|')?;
        loop {
            names.push(self.name("the name of a type")?);
            if !self.take(b'|')? {
                return Ok(names);
            }
        }
    }

    fn field(&mut self) -> Read<Field> {
        let description = self.description()?;
        let Named { name, at } = self.name("the name of a field or `}`")?;
        let arguments = self.items((b'(', b')'), "an argument", Self::input_value)?;
        self.typed(|| format!("the field `{name}`"))?;
        let (ty, ty_at) = self.ty()?;
        let directives = self.directives()?;
        Ok(Field { description, name, at, arguments, ty, ty_at, directives })
    }

    fn input_value(&mut self) -> Read<InputValue> {
        let description = self.description()?;
        let Named { name, at } = self.name("a name")?;
        self.typed(|| format!("`{name}`"))?;
        let (ty, ty_at) = self.ty()?;
        let default = if self.take(b'=')? { Some(self.value()?.0) } else { None };
        let directives = self.directives()?;
        Ok(InputValue { description, name, at, ty, ty_at, default, directives })
    }

    /// The `:` before the type of something.
    fn typed(&mut self, what: impl FnOnce() -> String) -> Read<()> {
        match self.take(b':')? {
            true => Ok(()),
            false => Err(Error {
                help: Some("write `name: Type`, with a colon between them".to_owned()),
                ..self.expected(&format!("`:` and a type for {}", what()))
            }),
        }
    }

    fn enum_value(&mut self) -> Read<EnumValue> {
        let description = self.description()?;
        let reserved = ["true", "false", "null"].iter().any(|word| self.is_word(word));
        if reserved {
            let word = self.token.text;
            return Err(self.error(format!("`{word}` can't be a value of an enum.")));
        }
        let Named { name, at } = self.name("a value of the enum or `}`")?;
        let directives = self.directives()?;
        Ok(EnumValue { description, name, at, directives })
    }

    fn directive_definition(&mut self, description: Option<Name>) -> Read<DirectiveDefinition> {
        self.advance()?;
        self.expect(b'@', "and the name of the directive")?;
        let Named { name, at } = self.name("the name of the directive")?;
        let arguments = self.items((b'(', b')'), "an argument", Self::input_value)?;
        let repeatable = self.take_word("repeatable")?;
        if !self.take_word("on")? {
            return Err(self.expected("`on` and the places where the directive can stand"));
        }
        self.take(b'|')?;
        let mut locations = Vec::new();
        loop {
            let Some(location) = Location::from_name(self.token.text) else {
                let mut error = self.expected("a place such as `FIELD_DEFINITION`");
                error.help = Location::ALL
                    .iter()
                    .find(|(_, name)| name.eq_ignore_ascii_case(self.token.text))
                    .map(|(_, name)| format!("write it as `{name}`"));
                return Err(error);
            };
            self.advance()?;
            locations.push(location);
            if !self.take(b'|')? {
                return Ok(DirectiveDefinition {
                    description,
                    name,
                    at,
                    arguments,
                    repeatable,
                    locations,
                });
            }
        }
    }
}

/// The keyword that a misspelt one was meant to be, if that is plain.
fn near(word: &str) -> Option<&'static str> {
    let same =
        |keyword: &&&str| keyword.eq_ignore_ascii_case(word) || differs_by_one(keyword, word);
    let words =
        ["type", "extend", "interface", "union", "enum", "input", "scalar", "schema", "directive"];
    words.iter().find(same).copied()
}

/// Whether two words differ by one letter more, less or other.
fn differs_by_one(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[same..], &b[same..]);
    match (a, b) {
        ([_, a @ ..], [_, b @ ..]) if a == b => true,
        ([_, rest @ ..], _) if rest == b => true,
        (_, [_, rest @ ..]) if rest == a => true,
        ([a1, a2, a @ ..], [b1, b2, b @ ..]) => a1 == b2 && a2 == b1 && a == b,
        _ => false,
    }
}
