//! Directives where they stand: defined, in a place for them, as often and with the arguments that
//! they may have.

use sdl::{Directive, DirectiveDefinition, InputValue, Location};

use super::values::misfit;
use super::world::{World, location, wrong};
use super::{Finding, Validated};
use crate::maps::HashMap;
use crate::subgraph::spec;

pub(super) fn check(world: &World<'_>, found: &mut Validated) {
    let mut rules = Rules { world, found };
    rules.all(world.document.schemas.iter().map(|s| &*s.directives), Location::Schema);
    for piece in &world.document.types {
        let ty = &world.types[piece.name.as_str()];
        if std::ptr::eq(ty.all[0], piece) {
            rules.all(ty.all.iter().map(|piece| &*piece.directives), location(ty.kind));
        }
        for field in &piece.fields {
            rules.one(&field.directives, Location::FieldDefinition);
            rules.inputs(&field.arguments, Location::ArgumentDefinition);
        }
        rules.inputs(&piece.inputs, Location::InputFieldDefinition);
        for value in &piece.values {
            rules.one(&value.directives, Location::EnumValue);
        }
    }
    for directive in &world.document.directives {
        rules.inputs(&directive.arguments, Location::ArgumentDefinition);
    }
    circles(world, &mut found.rest);
}

struct Rules<'a, 'd> {
    world: &'a World<'d>,
    found: &'a mut Validated,
}

impl Rules<'_, '_> {
    fn inputs(&mut self, inputs: &[InputValue], location: Location) {
        for input in inputs {
            self.one(&input.directives, location);
        }
    }

    fn one(&mut self, directives: &[Directive], location: Location) {
        if !directives.is_empty() {
            self.all(std::iter::once(directives), location);
        }
    }

    /// Directives of one element, which may be said in pieces.
    fn all<'d>(&mut self, lists: impl Iterator<Item = &'d [Directive]>, location: Location) {
        let mut seen: Vec<&str> = Vec::new();
        for directive in lists.flatten() {
            let Some(definition) = self.world.directives.get(directive.name.as_str()).copied()
            else {
                self.unknown(directive, location);
                continue;
            };
            let name = &directive.name;
            if !definition.locations.contains(&location) {
                let places: Vec<&str> = definition.locations.iter().map(|l| l.name()).collect();
                let message = format!("`@{name}` can't stand on {location}.");
                let help = Some(format!("it can stand on {}", places.join(", ")));
                self.found.rest.push(Finding { help, ..wrong(message, directive.at) });
            }
            if !definition.repeatable && seen.contains(&name.as_str()) {
                let message = format!("`@{name}` stands here twice, but it is not repeatable.");
                self.found.rest.push(wrong(message, directive.at));
            }
            if !definition.repeatable {
                seen.push(name);
            }
            self.arguments(directive, definition);
        }
    }

    fn unknown(&mut self, directive: &Directive, location: Location) {
        let name = directive.name.as_str();
        let message = format!("The directive `@{name}` is not defined.");
        let help = match spec::directive(name.rsplit("__").next().unwrap_or(name)) {
            Some(known) if self.world.federation_1 => Some(self.link(known)),
            Some(known) => {
                let (major, minor) = known.since;
                Some(format!(
                    "add \"@{}\" to the `import` of the `@link` of federation v{major}.{minor} or later",
                    known.name
                ))
            }
            None => {
                let names = self.world.directives.keys().copied();
                let near = self.world.near(name, names);
                near.or_else(|| Some(format!("define it: `directive @{name} on {location}`")))
            }
        };
        self.found.built.push(Finding { help, ..wrong(message, directive.at) });
    }

    /// The link that a file lacks which uses a directive of federation 2 without linking it, with all
    /// that it uses.
    fn link(&self, known: &spec::Known) -> String {
        let mut names: Vec<&str> = vec![known.name];
        for used in self.world.document.directives_on_types() {
            let of_federation = spec::directive(&used.name).map(|known| known.name);
            names.extend(of_federation.filter(|name| !names.contains(name)));
        }
        names.sort_unstable();
        let (major, minor) = spec::LATEST;
        let imports: Vec<String> = names.iter().map(|name| format!("\"@{name}\"")).collect();
        format!(
            "without a link the file is read as federation 1; add `extend schema @link(url: \
             \"{}/v{major}.{minor}\", import: [{}])`",
            spec::FEDERATION,
            imports.join(", ")
        )
    }

    fn arguments(&mut self, directive: &Directive, definition: &DirectiveDefinition) {
        for (index, given) in directive.arguments.iter().enumerate() {
            let earlier = &directive.arguments[..index];
            if earlier.iter().any(|earlier| earlier.name == given.name) {
                let message = format!("`@{}` is given `{}` twice.", directive.name, given.name);
                self.found.rest.push(wrong(message, given.at));
            }
            let Some(known) = definition.arguments.iter().find(|known| known.name == given.name)
            else {
                let message = format!("`@{}` has no argument `{}`.", directive.name, given.name);
                let names = definition.arguments.iter().map(|known| known.name.as_str());
                let help = self.world.near(&given.name, names);
                self.found.rest.push(Finding { help, ..wrong(message, given.at) });
                continue;
            };
            // That a field set is no text is told by the rules of federation.
            if known.ty.inner_named_type() == "FieldSet" || is_told(definition) {
                continue;
            }
            if let Some(why) = misfit(self.world, &known.ty, &given.value) {
                let message = format!(
                    "The argument `{}` of `@{}` does not fit: {why}.",
                    given.name, directive.name
                );
                self.found.rest.push(wrong(message, given.value_at));
            }
        }
        let required = definition.arguments.iter().filter(|known| is_required(known));
        for known in required.filter(|_| !is_told(definition)) {
            if directive.arguments.iter().all(|given| given.name != known.name) {
                let message = format!("`@{}` needs the argument `{}`.", directive.name, known.name);
                let help = Some(format!("write @{}({}: …)", directive.name, known.name));
                self.found.rest.push(Finding { help, ..wrong(message, directive.at) });
            }
        }
    }
}

/// Whether what it is given is looked at by rules of its own.
fn is_told(definition: &DirectiveDefinition) -> bool {
    definition.name == "composeDirective"
}

/// Directives that stand in their own definition, by themselves or through others.
fn circles(world: &World<'_>, found: &mut Vec<Finding>) {
    let inside = |name: &str| -> Vec<&Directive> {
        let definition = world.directives.get(name);
        let arguments = definition.into_iter().flat_map(|definition| &definition.arguments);
        arguments.flat_map(|argument| &argument.directives).collect()
    };
    // Whether the search is done with a directive. Its stack is its own: chains can be long.
    let mut done: HashMap<&str, bool> = HashMap::default();
    for directive in &world.document.directives {
        let name = directive.name.as_str();
        if done.contains_key(name) {
            continue;
        }
        done.insert(name, false);
        let mut stack = vec![(name, inside(name))];
        while let Some((name, rest)) = stack.last_mut() {
            let Some(next) = rest.pop() else {
                done.insert(name, true);
                stack.pop();
                continue;
            };
            match done.get(next.name.as_str()) {
                Some(true) => {}
                Some(false) => {
                    let message = format!("`@{}` stands in its own definition.", next.name);
                    found.push(wrong(message, next.at));
                }
                None => {
                    done.insert(&next.name, false);
                    stack.push((&next.name, inside(&next.name)));
                }
            }
        }
    }
}

/// Whether an argument or a field must be given.
pub(super) fn is_required(input: &InputValue) -> bool {
    input.ty.is_non_null() && input.default.is_none()
}
