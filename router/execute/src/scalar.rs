//! Whether values are what the built-in scalar types allow.

use json::Json;
use schema::TypeDef;

/// Whether a value is one of a scalar type. What is not built in takes every value.
pub(crate) fn fits(scalar: &TypeDef, value: &Json) -> bool {
    match (scalar.name.as_str(), value) {
        ("Int", Json::Number(text)) => is_int(text),
        ("Float", Json::Number(_)) => true,
        ("ID", Json::Number(text)) => text.bytes().all(|b| b.is_ascii_digit() || b == b'-'),
        ("String" | "ID", Json::String(_)) | ("Boolean", Json::Bool(_)) => true,
        ("Int" | "Float" | "ID" | "String" | "Boolean", _) => false,
        _ => true,
    }
}

/// Whether a number is an integer of 32 bits, as `1.0` is too.
pub(crate) fn is_int(text: &str) -> bool {
    text.parse::<i32>().is_ok()
        || text.parse::<f64>().is_ok_and(|number| {
            number.fract() == 0.0 && (f64::from(i32::MIN)..=f64::from(i32::MAX)).contains(&number)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_have_32_bits() {
        for text in ["0", "-2147483648", "2147483647", "1.0", "1e3", "-0"] {
            assert!(is_int(text), "{text}");
        }
        for text in ["2147483648", "1.5", "1e10", "9007199254740993", "1e999", "1e-1"] {
            assert!(!is_int(text), "{text}");
        }
    }
}
