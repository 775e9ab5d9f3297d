//! What is rare in one file and common in many: extensions of all spellings, field sets as people
//! write them, defaults of all types, descriptions and deprecations.

use super::{ENTITIES, Generator};
use crate::set::{Definition, Member};

/// Defaults that are written in several ways.
const DEFAULTS: [&str; 8] = [
    "at: Float = 1.50",
    "at: Float = 2.0",
    "at: [Float!] = [1e3, 0.5]",
    "ids: [ID!] = [\"1\", \"a\"]",
    "id: ID = \"7\"",
    "id: ID = 7",
    "is: Boolean = true",
    "word: String = \"a \\\"b\\\"\"",
];

impl Generator {
    /// Field sets in braces, with commas and with more space than they need.
    pub(super) fn spellings(&mut self) {
        let spelt: fn(&str) -> String = match self.dice.below(3) {
            0 => |text| format!("{{ {text} }}"),
            1 => |text| text.replace(' ', ", "),
            _ => |text| format!(" {} ", text.replace(' ', "  ")),
        };
        let subgraph = self.dice.below(self.set.subgraphs.len());
        for definition in &mut self.set.subgraphs[subgraph].definitions {
            for directive in &mut definition.directives {
                let Some(text) = directive.strip_prefix("@key(fields: \"") else { continue };
                let Some((text, rest)) = text.split_once('"') else { continue };
                *directive = format!("@key(fields: \"{}\"{rest}", spelt(text));
            }
        }
    }

    /// An entity is extended: by the word, by the directive, or in a part of its own.
    pub(super) fn extended(&mut self) {
        let name = ENTITIES[self.dice.below(self.keys.len())];
        let having = self.having(name);
        let subgraph = *self.dice.pick(&having);
        let way = self.dice.below(3);
        let file = &mut self.set.subgraphs[subgraph];
        let Some(at) = file.definitions.iter().position(|found| found.name == name) else {
            return;
        };
        match way {
            0 if having.len() > 1 => file.definitions[at].keyword = "extend type",
            1 => file.definitions[at].directives.push("@extends".into()),
            _ => {
                let keys = file.definitions[at].directives.pop();
                file.definitions.push(Definition {
                    keyword: "extend type",
                    name: name.into(),
                    directives: keys.into_iter().collect(),
                    ..Definition::default()
                });
            }
        }
    }

    /// A field that several subgraphs share, with a default that each may write in its own way.
    pub(super) fn defaults(&mut self) {
        let first = *self.dice.pick(&DEFAULTS);
        let other = *self.dice.pick(&DEFAULTS);
        for subgraph in self.some_subgraphs() {
            let mut field = Member::field("tuned", "Int");
            let default = if self.dice.chance(85) { first } else { other };
            field.arguments.push(default.into());
            let field = self.shared(subgraph, field);
            self.add(subgraph, "type", "Query", field);
            if self.dice.chance(40) {
                let (name, rest) = default.split_once(": ").expect("it is an argument");
                let (ty, value) = rest.split_once(" = ").expect("it has a default");
                let mut input = Member::field(name, ty);
                input.default = Some(value.into());
                self.add(subgraph, "input", "Tuning", input);
                let mut used = Member::field(&format!("tuned{subgraph}"), "Int");
                used.arguments.push("by: Tuning".into());
                self.add(subgraph, "type", "Query", used);
            }
        }
    }

    /// Descriptions that differ, and deprecations with and without a reason.
    pub(super) fn words(&mut self) {
        for subgraph in 0..self.set.subgraphs.len() {
            for at in 0..self.set.subgraphs[subgraph].definitions.len() {
                let describe = self.dice.chance(20).then(|| *self.dice.pick(&["One.", "Two."]));
                let definition = &mut self.set.subgraphs[subgraph].definitions[at];
                if !definition.keyword.starts_with("extend") {
                    definition.description = describe;
                }
                if matches!(definition.keyword, "union" | "input" | "interface") {
                    continue;
                }
                for member in &mut definition.members {
                    if self.dice.chance(15) {
                        member.description = Some(*self.dice.pick(&["One.", "Two.\\nThree."]));
                    }
                    let external = member.directives.iter().any(|text| text == "@external");
                    if !external && self.dice.chance(8) {
                        let reason =
                            *self.dice.pick(&["", "(reason: \"old\")", "(reason: \"older\")"]);
                        member.directives.push(format!("@deprecated{reason}"));
                    }
                }
            }
        }
    }

    /// Subgraphs that compose one directive and define it in their own ways.
    pub(super) fn own_directives(&mut self) {
        for subgraph in self.some_subgraphs() {
            if self.set.subgraphs[subgraph].version.is_none_or(|version| version < 1) {
                continue;
            }
            let minor = self.dice.below(2);
            let repeatable = if self.dice.chance(30) { " repeatable" } else { "" };
            let more = if self.dice.chance(30) { " | ENUM" } else { "" };
            let composed =
                if self.dice.chance(85) { " @composeDirective(name: \"@own\")" } else { "" };
            let file = &mut self.set.subgraphs[subgraph];
            file.schema.push(format!(
                "@link(url: \"https://example.com/own/v1.{minor}\", import: [\"@own\"]){composed}"
            ));
            file.extra.push(format!(
                "directive @own(by: Float){repeatable} on OBJECT | FIELD_DEFINITION{more}"
            ));
            let used = if self.dice.chance(50) { "@own(by: 1.0)" } else { "@own" };
            self.decorate_in(subgraph, used, false);
        }
    }
}
