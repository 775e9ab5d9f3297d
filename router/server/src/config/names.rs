//! A list of names: a list in YAML, a text with commas in the environment.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, SeqAccess, Visitor};

use super::value::Setting;

/// Names, such as the origins of web pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Names(pub(crate) Vec<String>);

impl Setting for Names {
    fn parse(text: &str) -> Result<Self, String> {
        if text.contains(|c: char| c.is_control()) {
            return Err(format!("{text:?} is no list: write names with commas between them"));
        }
        let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
        Ok(Self(names.map(str::to_owned).collect()))
    }
}

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(List)
    }
}

struct List;

impl<'de> Visitor<'de> for List {
    type Value = Names;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a list of names")
    }

    fn visit_unit<E: Error>(self) -> Result<Names, E> {
        Ok(Names::default())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Names, E> {
        Names::parse(text).map_err(E::custom)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Names, A::Error> {
        let mut names = Vec::new();
        while let Some(name) = items.next_element()? {
            names.push(name);
        }
        Ok(Names(names))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_written_in_two_ways() {
        let both = Names(vec!["https://a".to_owned(), "https://b".to_owned()]);
        assert_eq!(Names::parse("https://a, https://b,").unwrap(), both);
        assert_eq!(serde_saphyr::from_str::<Names>("[https://a, https://b]").unwrap(), both);
        assert_eq!(serde_saphyr::from_str::<Names>("").unwrap(), Names::default());
    }
}
