//! Random values of arguments: literals, variables, and variables in literals.

use json::Json;
use tributary_stories::Dice;

/// Variables so far: name, type with default, and the value if one is given.
pub(crate) type Variables = Vec<(String, String, Option<Json>)>;

/// A value of a type as text; new variables are added to those that there are.
pub(crate) fn literal(
    dice: &mut Dice,
    ty: &str,
    choice: bool,
    variables: &mut Variables,
) -> String {
    if dice.chance(30) {
        return variable(dice, ty, choice, variables);
    }
    if let Some(inner) = ty.strip_suffix('!') {
        return written(&value(dice, inner, choice, true), inner);
    }
    // Values with members may have variables inside.
    match ty {
        "Filter" if dice.chance(60) => {
            let a = literal(dice, "Int", false, variables);
            let b = literal(dice, "[Colour!]", false, variables);
            format!("{{a: {a}, b: {b}}}")
        }
        "[Int!]" if dice.chance(40) => {
            let item = literal(dice, "Int!", false, variables);
            format!("[{item}, 7]")
        }
        _ => written(&value(dice, ty, choice, false), ty),
    }
}

fn variable(dice: &mut Dice, ty: &str, choice: bool, variables: &mut Variables) -> String {
    let name = format!("v{}", variables.len());
    let required = ty.ends_with('!');
    let bare = ty.trim_end_matches('!');
    let mut text = ty.to_owned();
    let mut given = Some(value(dice, bare, choice, required || choice));
    if !required && dice.chance(25) {
        let default = value(dice, bare, choice, true);
        text = format!("{bare} = {}", written(&default, bare));
        if dice.chance(50) {
            given = None;
        }
    } else if !required && dice.chance(20) {
        given = None;
    }
    variables.push((name.to_owned(), text, given));
    format!("${name}")
}

/// A value of a nullable type.
fn value(dice: &mut Dice, ty: &str, choice: bool, there: bool) -> Json {
    if choice {
        return Json::from(dice.between(1, 3));
    }
    if !there && dice.chance(12) {
        return Json::Null;
    }
    match ty {
        "Int" => Json::from(dice.below(50)),
        "Boolean" => Json::Bool(dice.chance(50)),
        "Colour" => Json::from(["RED", "GREEN", "BLUE"][dice.below(3)]),
        "String" => Json::from(["", "plain", "quote \" and \\ back", "\u{e9}\n{}$"][dice.below(4)]),
        "[Int!]" => (0..dice.below(3)).map(|_| value(dice, "Int", false, true)).collect(),
        "[Colour!]" => (0..dice.below(3)).map(|_| value(dice, "Colour", false, true)).collect(),
        "[[Filter]]" => {
            let inner = value(dice, "Filter", false, false);
            Json::List(vec![Json::List(vec![inner]), Json::Null, Json::List(Vec::new())])
        }
        "Filter" => {
            let mut members = vec![("a", value(dice, "Int", false, false))];
            if dice.chance(40) {
                members.push(("b", value(dice, "[Colour!]", false, true)));
            }
            if dice.chance(25) {
                members.push(("deep", value(dice, "Filter", false, false)));
            }
            members.into_iter().collect()
        }
        _ => match dice.below(3) {
            0 => Json::Number("1.50".to_owned()),
            1 => Json::List(vec![Json::from("x"), Json::Null]),
            _ => Json::from_iter([("__typename", Json::from("E0")), ("id", Json::from(3_usize))]),
        },
    }
}

/// A value as GraphQL writes it.
fn written(value: &Json, ty: &str) -> String {
    let inner = ty.trim_start_matches('[').trim_end_matches([']', '!']);
    match value {
        Json::List(items) => {
            let items: Vec<String> = items.iter().map(|item| written(item, inner)).collect();
            format!("[{}]", items.join(", "))
        }
        Json::Object(members) => {
            let member = |(name, value): (&String, &Json)| {
                let ty = match name.as_str() {
                    "b" => "Colour",
                    "deep" => "Filter",
                    _ => inner,
                };
                format!("{name}: {}", written(value, ty))
            };
            let members: Vec<String> = members.iter().map(member).collect();
            format!("{{{}}}", members.join(", "))
        }
        Json::String(text) if inner == "Colour" => text.to_owned(),
        other => other.to_string(),
    }
}
