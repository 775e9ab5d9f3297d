//! From the bytes of a body to a request that juniper can execute.

use juniper::http::GraphQLRequest;
use serde::Deserialize as _;
use serde_json::{Map, Value};

/// Reads a GraphQL request. Representations become JSON text on the way: juniper takes no objects
/// for a scalar of our own, not even in variables.
///
/// # Errors
///
/// A sentence for the client when the body is no GraphQL request.
pub(super) fn read(body: &[u8]) -> Result<GraphQLRequest, String> {
    let value: Value =
        serde_json::from_slice(body).map_err(|error| format!("the body is not JSON: {error}"))?;
    let Value::Object(mut request) = value else {
        return Err("the body must be a JSON object".to_owned());
    };
    let Some(Value::String(query)) = request.get("query") else {
        return Err("`query` must be a string".to_owned());
    };
    let names = representation_variables(query);
    match request.get_mut("variables") {
        None | Some(Value::Null) => {}
        Some(Value::Object(variables)) => as_text(variables, &names),
        Some(_) => return Err("`variables` must be an object".to_owned()),
    }
    if !matches!(request.get("operationName"), None | Some(Value::Null | Value::String(_))) {
        return Err("`operationName` must be a string".to_owned());
    }
    GraphQLRequest::deserialize(Value::Object(request)).map_err(|error| error.to_string())
}

/// The variables that are declared as `_Any` or a list of it. This looks at the text only: a match
/// inside a comment or a string is harmless, because such a variable is not used.
fn representation_variables(query: &str) -> Vec<String> {
    let declared = query.split('$').skip(1).filter_map(|rest| {
        let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')?;
        let (name, rest) = rest.split_at(end);
        let kind = rest.trim_start().strip_prefix(':')?.trim_start();
        let kind = kind.trim_start_matches('[').trim_start();
        let rest = kind.strip_prefix("_Any")?;
        let ended =
            !rest.starts_with(|letter: char| letter.is_ascii_alphanumeric() || letter == '_');
        ended.then(|| name.to_owned())
    });
    declared.collect()
}

fn as_text(variables: &mut Map<String, Value>, names: &[String]) {
    for name in names {
        match variables.get_mut(name) {
            Some(Value::Array(items)) => {
                for item in items {
                    *item = Value::String(item.to_string());
                }
            }
            Some(single @ Value::Object(_)) => *single = Value::String(single.to_string()),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn representation_variables_are_found() {
        for (query, names) in [
            ("query($r:[_Any!]!){_entities(representations:$r){__typename}}", vec!["r"]),
            ("query Q ( $a : Int, $reps : [ _Any ! ] ! ) { x }", vec!["reps"]),
            ("query($a:[_Any!]!,$b:[_Any!]!){x}", vec!["a", "b"]),
            ("query($a:[_Anything!]!){x(a:$a)}", vec![]),
            ("{ x }", vec![]),
            ("$", vec![]),
        ] {
            assert_eq!(representation_variables(query), names, "{query}");
        }
    }

    #[test]
    fn bodies_that_are_no_requests_are_refused() {
        for (body, message) in [
            ("", "the body is not JSON"),
            ("[]", "the body must be a JSON object"),
            (r#"{"query":1}"#, "`query` must be a string"),
            (r#"{"query":"{x}","variables":[]}"#, "`variables` must be an object"),
            (r#"{"query":"{x}","operationName":7}"#, "`operationName` must be a string"),
        ] {
            let error = read(body.as_bytes()).unwrap_err();
            assert!(error.starts_with(message), "{error}");
        }
    }
}
