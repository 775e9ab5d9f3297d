//! Directives that stand on whatever there is: visibility, authorization, costs, contexts, names.

use super::Generator;
use crate::set::Member;

/// What takes authorization.
const GUARDS: [&str; 6] = [
    "@authenticated",
    "@requiresScopes(scopes: [[\"a\", \"b\"], [\"c\"]])",
    "@requiresScopes(scopes: [[\"d\"]])",
    "@requiresScopes(scopes: [[\"c\"], [\"d\"]])",
    "@policy(policies: [[\"p\"]])",
    "@policy(policies: [[\"q\", \"p\"], [\"r\"]])",
];

impl Generator {
    /// Some element of a random kind gets a directive.
    fn decorate(&mut self, directive: &str, types: bool) {
        let subgraph = self.dice.below(self.set.subgraphs.len());
        self.decorate_in(subgraph, directive, types);
    }

    pub(super) fn decorate_in(&mut self, subgraph: usize, directive: &str, types: bool) {
        let definitions = &mut self.set.subgraphs[subgraph].definitions;
        if definitions.is_empty() {
            return;
        }
        let at = self.dice.below(definitions.len());
        let definition = &mut definitions[at];
        if types && self.dice.chance(40) || definition.members.is_empty() {
            if types && definition.name != "Query" {
                definition.directives.push(directive.into());
            }
        } else if definition.keyword != "union" {
            let at = self.dice.below(definition.members.len());
            definition.members[at].directives.push(directive.into());
        }
    }

    pub(super) fn visibility(&mut self) {
        for _ in 0..1 + self.dice.below(3) {
            let directive =
                *self.dice.pick(&["@inaccessible", "@tag(name: \"x\")", "@tag(name: \"y\")"]);
            self.decorate(directive, true);
        }
    }

    pub(super) fn access(&mut self) {
        for _ in 0..1 + self.dice.below(2) {
            let directive = *self.dice.pick(&[
                "@authenticated",
                "@requiresScopes(scopes: [[\"a\", \"b\"], [\"c\"]])",
                "@requiresScopes(scopes: [[\"d\"]])",
                "@policy(policies: [[\"p\"]])",
            ]);
            self.decorate(directive, true);
        }
    }

    pub(super) fn cost(&mut self) {
        for _ in 0..1 + self.dice.below(2) {
            let directive = *self.dice.pick(&[
                "@cost(weight: 3)",
                "@cost(weight: 7)",
                "@listSize(assumedSize: 4)",
            ]);
            self.decorate(directive, false);
        }
    }

    pub(super) fn custom(&mut self) {
        for subgraph in self.some_subgraphs() {
            if self.set.subgraphs[subgraph].version.is_none_or(|version| version < 1) {
                continue;
            }
            let file = &mut self.set.subgraphs[subgraph];
            file.schema.push(
                "@link(url: \"https://example.com/mark/v1.0\", import: [\"@mark\"]) \
                 @composeDirective(name: \"@mark\")"
                    .into(),
            );
            file.extra.push("directive @mark(as: String) on OBJECT | FIELD_DEFINITION".into());
            self.decorate_in(subgraph, "@mark(as: \"m\")", false);
        }
    }

    pub(super) fn executable(&mut self) {
        let everywhere = self.dice.chance(50);
        for subgraph in 0..self.set.subgraphs.len() {
            if everywhere || self.dice.chance(50) {
                let places = if self.dice.chance(70) { "FIELD | QUERY" } else { "FIELD" };
                let text = format!("directive @live(by: Int) on {places}");
                self.set.subgraphs[subgraph].extra.push(text);
            }
        }
    }

    /// Many guards on objects and their fields, so that some are inherited and some required.
    pub(super) fn guards(&mut self) {
        let one = *self.dice.pick(&GUARDS);
        for subgraph in 0..self.set.subgraphs.len() {
            if self.set.subgraphs[subgraph].version.is_none_or(|version| version < 6) {
                continue;
            }
            for at in 0..self.set.subgraphs[subgraph].definitions.len() {
                let definition = &mut self.set.subgraphs[subgraph].definitions[at];
                let stands_in = definition.directives.iter().any(|text| text == "@interfaceObject");
                if definition.keyword != "type" || definition.name == "Query" {
                    continue;
                }
                if !stands_in && self.dice.chance(12) {
                    definition.directives.push(one.into());
                }
                for member in &mut definition.members {
                    let external = member.directives.iter().any(|text| text == "@external");
                    if !external && self.dice.chance(15) {
                        let other = *self.dice.pick(&GUARDS);
                        let guard = if self.dice.chance(60) { one } else { other };
                        member.directives.push(guard.into());
                    }
                }
            }
        }
    }

    /// A type that sets a context, and a field of another that reads it.
    pub(super) fn context(&mut self) {
        let (subgraph, setter) = self.any_entity();
        let (other, reader) = self.any_entity();
        if subgraph != other || setter == reader {
            return;
        }
        let ty = *self.dice.pick(&["String", "Int", "[String]", "String!"]);
        let word = format!("of{}", setter.to_lowercase());
        self.add(subgraph, "type", setter, Member::field(&word, ty));
        let context = if self.dice.chance(95) { "here" } else { "over_here" };
        let set = format!("@context(name: \"{context}\")");
        let abstract_type = ["Thing", "Any"].into_iter().find(|name| {
            let mut all = self.set.subgraphs[subgraph].definitions.iter();
            all.any(|found| found.name == *name)
        });
        let on = match abstract_type {
            Some(name) if self.dice.chance(50) => name,
            _ => setter,
        };
        let keyword = if on == setter { "type" } else { "interface" };
        self.define(subgraph, keyword, on).directives.push(set.clone());
        if self.dice.chance(25) {
            let (second, name) = self.any_entity();
            if second == subgraph && name != on {
                self.define(subgraph, "type", name).directives.push(set);
            }
        }
        let bare = if self.dice.chance(85) { ty.trim_end_matches('!') } else { ty };
        let selection = match self.dice.below(5) {
            0 => format!(" ... on {setter} {{ {word} }}"),
            1 => format!(" {word}"),
            2 if self.dice.chance(30) => " { __typename }".to_owned(),
            _ => format!(" {{ {word} }}"),
        };
        let mut seen = Member::field("seen", "String");
        let argument = format!("from: {bare} @fromContext(field: \"${context}{selection}\")");
        seen.arguments.push(argument);
        self.add(subgraph, "type", reader, seen);
        if self.dice.chance(90) {
            let list = if self.dice.chance(50) { format!("[{reader}]") } else { reader.into() };
            self.add(subgraph, "type", setter, Member::field("readers", &list));
        }
        // Whoever starts at the reader has no context.
        if self.dice.chance(80) {
            for file in &mut self.set.subgraphs {
                for definition in &mut file.definitions {
                    let leads = |member: &Member| {
                        member.name != "readers"
                            && member.ty.as_ref().is_some_and(|ty| ty.contains(reader))
                    };
                    if definition.members.len() > 1 {
                        definition.members.retain(|member| !leads(member));
                    }
                }
            }
        }
    }

    pub(super) fn cache_tags(&mut self) {
        for _ in 0..1 + self.dice.below(3) {
            let directive = *self
                .dice
                .pick(&["@cacheTag(format: \"all\")", "@cacheTag(format: \"one-{$key.id}\")"]);
            self.decorate(directive, true);
        }
    }

    /// A directive is imported under another name, mostly by everyone.
    pub(super) fn rename(&mut self) {
        let name = *self.dice.pick(&[
            "@key",
            "@shareable",
            "@tag",
            "@inaccessible",
            "@cost",
            "@authenticated",
            "@context",
        ]);
        let local = match self.dice.below(3) {
            0 => format!("@federation__{}", &name[1..]),
            1 => format!("@my_{}", &name[1..]),
            _ => format!("@{}Of", &name[1..]),
        };
        let everyone = self.dice.chance(80);
        for subgraph in &mut self.set.subgraphs {
            if everyone || self.dice.chance(50) {
                subgraph.renames.push((name, local.clone()));
            }
        }
    }
}
