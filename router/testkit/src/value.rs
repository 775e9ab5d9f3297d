//! Values that data works out: errors, cases by argument, copies, texts and counters.

use std::collections::BTreeMap;
use std::sync::Mutex;

use json::{Json, Object};

/// Counters by name, shared by the subgraphs of a test.
pub(crate) type Counters = Mutex<BTreeMap<String, usize>>;

/// What a value may refer to.
pub(crate) struct Scope<'a> {
    pub(crate) arguments: &'a Object,
    /// With what the entity was entered.
    pub(crate) representation: Option<&'a Object>,
    pub(crate) counters: &'a Counters,
}

/// Why there is no value.
pub(crate) enum Failure {
    /// The subgraph says an error.
    Error {
        /// What it says.
        message: String,
        /// Its extensions.
        extensions: Option<Json>,
    },
    /// The test is wrong, or what asked is.
    Violation(String),
}

/// Works out a value; one that is plain comes back as it is.
pub(crate) fn work_out(value: &Json, scope: &Scope<'_>) -> Result<Json, Failure> {
    let Some((name, argument)) = instruction(value) else { return Ok(value.to_owned()) };
    match (name, argument) {
        ("$error", Json::String(message)) => Err(Failure::Error {
            message: message.to_owned(),
            extensions: value.get("extensions").map(Json::to_owned),
        }),
        ("$switch", Json::List(cases)) => switch(cases, scope),
        ("$copy", Json::String(path)) => scope.look_up(path),
        ("$text", Json::String(template)) => text(template, scope).map(Json::String),
        ("$made", Json::Object(set)) => made(set, scope).map(Json::String),
        ("$next", Json::String(counter)) => {
            let mut counters = scope.counters.lock().expect("no test panics while counting");
            let count = counters.entry(counter.to_owned()).or_default();
            *count += 1;
            Ok(Json::from(*count))
        }
        _ => Err(Failure::Violation(format!("the data has a bad instruction: {value}"))),
    }
}

fn instruction(value: &Json) -> Option<(&str, &Json)> {
    let (name, argument) = value.as_object()?.first()?;
    name.starts_with('$').then_some((name, argument))
}

fn switch(cases: &[Json], scope: &Scope<'_>) -> Result<Json, Failure> {
    let holds = |case: &&Json| {
        let when = case.get("when").and_then(Json::as_object);
        when.into_iter()
            .flatten()
            .all(|(name, wanted)| scope.arguments.get(name).unwrap_or(&Json::Null) == wanted)
    };
    let case = cases.iter().find(holds).and_then(|case| case.get("then"));
    match case {
        Some(then) => work_out(then, scope),
        None => {
            let arguments = Json::Object(scope.arguments.to_owned());
            Err(Failure::Violation(format!("the data has no case for the arguments {arguments}")))
        }
    }
}

fn text(template: &str, scope: &Scope<'_>) -> Result<String, Failure> {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((path, after)) = after.split_once('}') else {
            return Err(Failure::Violation(format!("`{template}` has an open brace")));
        };
        text.push_str(before);
        match scope.look_up(path)? {
            Json::String(value) => text.push_str(&value),
            value => text.push_str(&value.to_string()),
        }
        rest = after;
    }
    text.push_str(rest);
    Ok(text)
}

/// A text made of all that a set selects of the representation.
fn made(set: &Object, scope: &Scope<'_>) -> Result<String, Failure> {
    let missing = |what: &str| {
        let sent = scope.representation.map(|sent| Json::Object(sent.to_owned()));
        Failure::Violation(format!("{what} is required, but not in {}", sent.unwrap_or_default()))
    };
    let sent = scope.representation.ok_or_else(|| missing("everything"))?;
    let mut text = String::new();
    selected(set, sent, &mut text).map_err(|what| missing(&what))?;
    Ok(text)
}

/// Writes what a set selects of an object; the error is what the object lacks.
fn selected(set: &Object, object: &Object, text: &mut String) -> Result<(), String> {
    text.push('{');
    for (name, below) in set {
        if let Some(types) = name.strip_prefix("... on ") {
            let ty = object.get("__typename").and_then(Json::as_str);
            let ty = ty.ok_or_else(|| format!("`__typename` for `{name}`"))?;
            if let (true, Json::Object(below)) = (types.split('|').any(|it| it == ty), below) {
                selected(below, object, text)?;
            }
            continue;
        }
        let value = object.get(name).ok_or_else(|| format!("`{name}`"))?;
        text.push_str(&format!("{name}:"));
        selected_value(below, value, text)?;
    }
    text.push('}');
    Ok(())
}

fn selected_value(set: &Json, value: &Json, text: &mut String) -> Result<(), String> {
    match (set, value) {
        (_, Json::List(items)) => {
            text.push('[');
            items.iter().try_for_each(|item| selected_value(set, item, text))?;
            text.push(']');
        }
        (Json::Object(set), Json::Object(object)) => selected(set, object, text)?,
        _ => text.push_str(&format!("{value},")),
    }
    Ok(())
}

impl Scope<'_> {
    /// The value at a path: `name.first` of the representation, `$name` of the arguments, `$` all
    /// arguments.
    fn look_up(&self, path: &str) -> Result<Json, Failure> {
        if path == "$" {
            return Ok(Json::Object(self.arguments.to_owned()));
        }
        if let Some(name) = path.strip_prefix('$') {
            return Ok(self.arguments.get(name).map(Json::to_owned).unwrap_or_default());
        }
        let missing = || {
            let why = match self.representation {
                None => "the object was not entered by a representation".to_owned(),
                Some(sent) => format!("it is not in {}", Json::Object(sent.to_owned())),
            };
            Failure::Violation(format!("`{path}` is required, but {why}"))
        };
        let mut names = path.split('.');
        let first = names.next().unwrap_or_default();
        let mut value = self.representation.and_then(|sent| sent.get(first)).ok_or_else(missing)?;
        for name in names {
            value = match value {
                Json::Null => value,
                Json::List(items) => {
                    items.get(name.parse::<usize>().unwrap_or(usize::MAX)).ok_or_else(missing)?
                }
                _ => value.get(name).ok_or_else(missing)?,
            };
        }
        Ok(value.to_owned())
    }
}
