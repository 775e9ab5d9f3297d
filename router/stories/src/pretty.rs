//! JSON as a person would write it: what fits on a line stands on one.

use json::Json;

const WIDTH: usize = 96;

/// Writes a value, with a newline at its end.
pub(crate) fn pretty(value: &Json) -> String {
    let mut text = String::new();
    write(&mut text, value, 0, 0);
    text.push('\n');
    text
}

/// `used` is what stands before the value on its line, besides the indentation.
fn write(text: &mut String, value: &Json, indent: usize, used: usize) {
    let line = on_one_line(value);
    let outer = indent == 0 && matches!(value, Json::Object(_));
    if !outer && indent + used + line.chars().count() < WIDTH {
        return text.push_str(&line);
    }
    let (open, close, members) = match value {
        Json::Object(members) if !members.is_empty() => {
            let members = members.iter().map(|(key, value)| (Some(key.as_str()), value));
            ('{', '}', members.collect::<Vec<_>>())
        }
        Json::List(items) if !items.is_empty() => {
            ('[', ']', items.iter().map(|item| (None, item)).collect())
        }
        _ => return text.push_str(&line),
    };
    text.push(open);
    let last = members.len() - 1;
    for (index, (key, member)) in members.into_iter().enumerate() {
        text.push('\n');
        text.push_str(&" ".repeat(indent + 2));
        let key = key.map(|key| format!("{}: ", Json::from(key))).unwrap_or_default();
        text.push_str(&key);
        write(text, member, indent + 2, key.chars().count());
        text.push_str(if index == last { "" } else { "," });
    }
    text.push('\n');
    text.push_str(&" ".repeat(indent));
    text.push(close);
}

/// Compact, with spaces after commas and colons.
pub(crate) fn on_one_line(value: &Json) -> String {
    match value {
        Json::Object(members) if members.is_empty() => "{}".to_owned(),
        Json::Object(members) => {
            let member = |(key, value): (&String, &Json)| {
                format!("{}: {}", Json::from(key.as_str()), on_one_line(value))
            };
            format!("{{ {} }}", members.iter().map(member).collect::<Vec<_>>().join(", "))
        }
        Json::List(items) => {
            format!("[{}]", items.iter().map(on_one_line).collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}
