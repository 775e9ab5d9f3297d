//! The data of a subgraph: the objects of its root types, and rows found by their keys.

use json::{Json, Object};

use crate::sdl::{Key, KeyField, Keys};

/// Data and what finds it.
#[derive(Debug)]
pub(crate) struct Data {
    root: Object,
    keys: Keys,
}

/// Why an entity is not found by a representation.
pub(crate) enum NotFound {
    /// There is no such object; that is an answer.
    Absent,
    /// The representation should not have been sent.
    Wrong(String),
}

impl Data {
    /// Takes the text of the data.
    pub(crate) fn read(text: &str, keys: Keys) -> Result<Self, String> {
        match json::parse(text.as_bytes(), 200) {
            Ok(Json::Object(root)) => Ok(Self { root, keys }),
            Ok(_) => Err("data must be an object".to_owned()),
            Err(error) => Err(format!("data is not JSON: {error}")),
        }
    }

    /// A member as it is.
    pub(crate) fn member(&self, name: &str) -> Option<&Json> {
        self.root.get(name)
    }

    /// The row that an object names by its number, or of which it has the key, if there is one; of
    /// a root type, the only object.
    pub(crate) fn row(&self, ty: &str, object: &Object) -> Option<&Json> {
        if let Some(Json::Number(number)) = object.get("$row") {
            return self.rows(ty).get(number.parse::<usize>().ok()?);
        }
        if let Some(root @ Json::Object(_)) = self.root.get(ty) {
            return Some(root);
        }
        let keys = self.keys.get(ty)?;
        keys.iter()
            .filter(|key| complete(&key.fields, object))
            .find_map(|key| self.rows(ty).iter().find(|row| self.matches(key, row, object)))
    }

    /// The row that a representation means, and its type, among those given: first the type that
    /// was sent, then those that it may stand for.
    pub(crate) fn entity<'t>(
        &self,
        types: &[&'t str],
        sent: &Object,
    ) -> Result<(&'t str, &Json), NotFound> {
        let mut complete_key = false;
        // The keys that count are those of the type that was sent: an interface needs its own.
        let keys = types.first().and_then(|ty| self.keys.get(*ty));
        for key in keys.into_iter().flatten() {
            if !key.resolvable || !complete(&key.fields, sent) {
                continue;
            }
            complete_key = true;
            for ty in types {
                let found = self.rows(ty).iter().find(|row| self.matches(key, row, sent));
                if let Some(row) = found {
                    return Ok((ty, row));
                }
            }
        }
        if complete_key {
            return Err(NotFound::Absent);
        }
        let sent = Json::Object(sent.to_owned());
        Err(NotFound::Wrong(format!("the representation {sent} has no resolvable key in full")))
    }

    fn rows(&self, ty: &str) -> &[Json] {
        self.root.get(ty).and_then(Json::as_list).unwrap_or_default()
    }

    fn matches(&self, key: &Key, row: &Json, object: &Object) -> bool {
        let row = row.as_object();
        row.is_some_and(|row| key.fields.iter().all(|field| self.equal(field, row, object)))
    }

    /// Whether a field of a key is the same in a row and in an object. The members of a nested
    /// object may stand in a row of their own.
    fn equal(&self, field: &KeyField, row: &Object, object: &Object) -> bool {
        match (row.get(&field.name), object.get(&field.name)) {
            (Some(left), Some(right)) => self.same(&field.selection, left, right),
            _ => false,
        }
    }

    fn same(&self, selection: &[KeyField], left: &Json, right: &Json) -> bool {
        match (left, right) {
            (Json::List(left), Json::List(right)) => {
                left.len() == right.len()
                    && left.iter().zip(right).all(|(left, right)| self.same(selection, left, right))
            }
            (Json::Object(left), Json::Object(right)) if !selection.is_empty() => {
                selection.iter().all(|field| {
                    let whole = match left.contains_key(&field.name) {
                        true => Some(left),
                        false => self.anywhere(left),
                    };
                    whole.is_some_and(|left| self.equal(field, left, right))
                })
            }
            _ => left == right,
        }
    }

    /// The row of an object whose type may not be known here.
    fn anywhere(&self, object: &Object) -> Option<&Object> {
        if let Some(ty) = object.get("__typename").and_then(Json::as_str)
            && object.contains_key("$row")
        {
            return self.row(ty, object)?.as_object();
        }
        self.keys.keys().find_map(|ty| self.row(ty, object)).and_then(Json::as_object)
    }
}

fn complete(fields: &[KeyField], object: &Object) -> bool {
    fields.iter().all(|field| match object.get(&field.name) {
        None | Some(Json::Null) => false,
        Some(value) => complete_value(&field.selection, value),
    })
}

fn complete_value(selection: &[KeyField], value: &Json) -> bool {
    match value {
        Json::Object(object) => complete(selection, object),
        Json::List(items) => items.iter().all(|item| complete_value(selection, item)),
        _ => true,
    }
}
