//! Makes a set nearly valid: one or two small changes, as a person would slip.

use crate::set::{Definition, Member, Set};
use trials::Dice;

/// Changes one place of a set.
pub(crate) fn mutate(set: &mut Set, dice: &mut Dice) {
    let subgraph = dice.below(set.subgraphs.len());
    if dice.chance(3) && set.subgraphs.len() > 1 {
        set.subgraphs.remove(subgraph);
        return;
    }
    if dice.chance(3) {
        // A file is read as of an older federation, or of one that there is not.
        let file = &mut set.subgraphs[subgraph];
        let unknown = if file.schema.is_empty() { 99 } else { 1 };
        file.version = file.version.map(|_| *dice.pick(&[0, 2, 4, 6, unknown]));
        return;
    }
    let definitions = &mut set.subgraphs[subgraph].definitions;
    if definitions.is_empty() {
        return;
    }
    let at = dice.below(definitions.len());
    if dice.chance(25) {
        change_type(definitions, at, dice);
        return;
    }
    let definition = &mut definitions[at];
    if definition.members.is_empty() {
        return;
    }
    let at = dice.below(definition.members.len());
    match dice.below(4) {
        0 => {
            definition.members.remove(at);
        }
        _ => change_member(&mut definition.members[at], dice),
    }
}

fn change_type(definitions: &mut Vec<Definition>, at: usize, dice: &mut Dice) {
    let definition = &mut definitions[at];
    match dice.below(7) {
        0 => {
            definitions.remove(at);
        }
        1 | 2 if !definition.directives.is_empty() => {
            let index = dice.below(definition.directives.len());
            definition.directives.remove(index);
        }
        3 => {
            definition.keyword = match definition.keyword {
                "type" => "interface",
                "interface" => "type",
                "enum" => "scalar",
                "union" => "scalar",
                "input" => "type",
                other => other,
            };
            if definition.keyword == "scalar" {
                definition.members.clear();
            }
        }
        4 => definition.directives.push("@inaccessible".into()),
        5 => {
            for directive in &mut definition.directives {
                if directive.starts_with("@key") {
                    *directive = directive.replace("\")", "\", resolvable: false)");
                }
            }
        }
        _ => {
            for directive in &mut definition.directives {
                *directive = directive.replace("\"id", "\"ident");
            }
        }
    }
}

fn change_member(member: &mut Member, dice: &mut Dice) {
    match dice.below(8) {
        0 | 1 if !member.directives.is_empty() => {
            let index = dice.below(member.directives.len());
            member.directives.remove(index);
        }
        2 => member.name.push('2'),
        3 | 4 => change_reference(member, dice),
        5 => member.directives.push(
            (*dice.pick(&[
                "@inaccessible",
                "@external",
                "@shareable",
                "@override(from: \"alpha\")",
                "@requires(fields: \"id\")",
                "@provides(fields: \"id\")",
                "@authenticated",
                "@deprecated",
            ]))
            .into(),
        ),
        6 if !member.arguments.is_empty() => match dice.below(3) {
            0 => member.arguments.clear(),
            1 => member.arguments[0] = member.arguments[0].replace('1', "2"),
            _ => member.arguments.push("more: Int!".into()),
        },
        7 => {
            for directive in &mut member.directives {
                *directive = directive.replace("fields: \"", "fields: \"unknown ");
            }
        }
        _ => member.default = member.default.as_ref().map(|_| "6".into()),
    }
}

fn change_reference(member: &mut Member, dice: &mut Dice) {
    let Some(ty) = &member.ty else { return };
    member.ty = Some(match dice.below(4) {
        0 => format!("[{ty}]"),
        1 => ty.strip_suffix('!').map_or_else(|| format!("{ty}!"), str::to_owned),
        2 => ty.replace("Int", "Float").replace("String", "ID"),
        _ => ty.trim_matches(['[', ']', '!']).to_owned(),
    });
}
