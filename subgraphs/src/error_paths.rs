//! Puts list indexes into error paths. juniper leaves them out (`["_entities", "comments"]`), and
//! without them a router cannot tell which entity failed.

use std::collections::HashMap;

use juniper::Value;
use serde_json::{Value as Json, json};

type ExecutionError = juniper::ExecutionError<juniper::DefaultScalarValue>;

/// The errors as JSON, each with the path that the data allow. A failed field is null, or made one
/// of its parents null; where as many nulls lie on the path as there are errors, each gets one.
/// Otherwise some of the nulls are innocent, and the path ends before the first list: a path that
/// is too short is better than one that blames another entity.
pub(crate) fn with_indexes(data: &Value, errors: &[ExecutionError]) -> Vec<Json> {
    let mut by_path: HashMap<&[String], Vec<usize>> = HashMap::new();
    for (index, error) in errors.iter().enumerate() {
        by_path.entry(error.path()).or_default().push(index);
    }
    let mut paths: Vec<Option<Json>> = errors.iter().map(|_| None).collect();
    for (names, indexes) in by_path {
        let mut nulls = Vec::new();
        find_nulls(data, names, &mut Vec::new(), &mut nulls);
        for (place, index) in indexes.iter().enumerate() {
            let path = match &nulls[..] {
                [one] => one.clone(),
                many if many.len() == indexes.len() => many[place].clone(),
                _ => before_first_list(data, names),
            };
            paths[*index] = Some(json!(path));
        }
    }
    errors.iter().zip(paths).map(|(error, path)| with_path(error, path)).collect()
}

fn with_path(error: &ExecutionError, path: Option<Json>) -> Json {
    let mut error = serde_json::to_value(error).unwrap_or_else(|_| json!({}));
    if let (Some(path), Some(error)) = (path, error.as_object_mut()) {
        error.insert("path".to_owned(), path);
    }
    error
}

/// Collects the paths of the nulls that lie on the way along `names`.
fn find_nulls(data: &Value, names: &[String], path: &mut Vec<Json>, nulls: &mut Vec<Vec<Json>>) {
    match (data, names) {
        (Value::Null, rest) => {
            // No list of the demo is nullable, so the null was an object or a leaf: its own child
            // is known. Deeper down there may have been lists, of which nothing is left.
            let child = rest.first().map(|name| json!(name));
            nulls.push(path.iter().cloned().chain(child).collect());
        }
        (Value::List(items), _) => {
            for (index, item) in items.iter().enumerate() {
                path.push(json!(index));
                find_nulls(item, names, path, nulls);
                path.pop();
            }
        }
        (Value::Object(object), [name, rest @ ..]) => {
            if let Some(value) = object.get_field_value(name) {
                path.push(json!(name));
                find_nulls(value, rest, path, nulls);
                path.pop();
            }
        }
        _ => {}
    }
}

fn before_first_list(data: &Value, names: &[String]) -> Vec<Json> {
    let mut path = Vec::new();
    let mut here = Some(data);
    for name in names {
        let Some(Value::Object(object)) = here else { break };
        here = object.get_field_value(name);
        path.push(json!(name));
    }
    path
}

#[cfg(test)]
mod tests {
    use juniper::{FieldError, Value, graphql_value, parser::SourcePosition};
    use serde_json::{Value as Json, json};

    use super::{ExecutionError, with_indexes};

    fn paths(data: &Value, errors: &[&[&str]]) -> Json {
        let error = |path: &&[&str]| {
            ExecutionError::new(SourcePosition::new_origin(), path, FieldError::from("no"))
        };
        let errors: Vec<ExecutionError> = errors.iter().map(error).collect();
        with_indexes(data, &errors).iter().map(|error| error["path"].clone()).collect()
    }

    #[test]
    fn each_null_gets_its_error() {
        let data = graphql_value!({"es": [{"a": null}, {"a": 1}, {"a": null}]});
        let errors: [&[&str]; 2] = [&["es", "a"], &["es", "a"]];
        assert_eq!(paths(&data, &errors), json!([["es", 0, "a"], ["es", 2, "a"]]));
    }

    #[test]
    fn a_parent_that_became_null_is_found() {
        let data = graphql_value!({"es": [{"x": 1}, null]});
        assert_eq!(paths(&data, &[&["es", "a"]]), json!([["es", 1, "a"]]));
        assert_eq!(paths(&data, &[&["es", "a", "b"]]), json!([["es", 1, "a"]]));
        let errors: [&[&str]; 2] = [&["es", "a"], &["es", "b"]];
        assert_eq!(paths(&data, &errors), json!([["es", 1, "a"], ["es", 1, "b"]]));
    }

    #[test]
    fn innocent_nulls_are_not_blamed() {
        let data = graphql_value!({"es": [null, null, {"x": 1}]});
        assert_eq!(paths(&data, &[&["es", "a"]]), json!([["es"]]));
    }

    #[test]
    fn paths_without_lists_stay() {
        let data = graphql_value!({"post": {"comments": null}});
        assert_eq!(paths(&data, &[&["post", "comments"]]), json!([["post", "comments"]]));
        assert_eq!(paths(&Value::null(), &[&["a", "b"]]), json!([["a"]]));
    }
}
