//! Values of settings as people write them: sizes, times and counts.

use std::fmt;
use std::num::NonZeroUsize;
use std::str::FromStr;
use std::time::Duration;

use serde::Deserialize;
use serde::de::{Deserializer, Error, Visitor};

/// A setting that can be read from text: of the file, the environment or the table of defaults.
pub(crate) trait Setting: Sized {
    /// Reads it, or says what it should look like.
    fn parse(text: &str) -> Result<Self, String>;
}

/// A number of bytes, such as `2MB` or `512KiB`; never zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Size(NonZeroUsize);

/// A stretch of time, such as `30s` or `250ms`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span(pub(crate) Duration);

/// A number of things; never zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Count(pub(crate) NonZeroUsize);

impl Size {
    /// In bytes.
    pub(crate) fn bytes(self) -> NonZeroUsize {
        self.0
    }
}

impl Setting for Size {
    fn parse(text: &str) -> Result<Self, String> {
        const UNITS: [(&str, usize); 8] = [
            ("", 1),
            ("B", 1),
            ("KB", 1_000),
            ("MB", 1_000_000),
            ("GB", 1_000_000_000),
            ("KiB", 1 << 10),
            ("MiB", 1 << 20),
            ("GiB", 1 << 30),
        ];
        let (number, unit) = split(text);
        let unit = UNITS.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit));
        number
            .parse::<usize>()
            .ok()
            .zip(unit)
            .and_then(|(number, (_, unit))| number.checked_mul(*unit))
            .and_then(NonZeroUsize::new)
            .map(Self)
            .ok_or_else(|| format!("{text:?} is no size: write for example 2MB or 512KiB"))
    }
}

impl Setting for Span {
    fn parse(text: &str) -> Result<Self, String> {
        let (number, unit) = split(text);
        let wrong = || format!("{text:?} is no time: write for example 30s or 250ms");
        let number = number.parse::<u64>().map_err(|_| wrong())?;
        let seconds = |each: u64| number.checked_mul(each).map(Duration::from_secs);
        let time = match unit {
            "ms" => Some(Duration::from_millis(number)),
            "s" => seconds(1),
            "m" => seconds(60),
            "h" => seconds(3_600),
            _ => None,
        };
        // A bound keeps `now + time` far from overflow.
        time.filter(|time| *time <= Duration::from_secs(366 * 86_400)).map(Self).ok_or_else(wrong)
    }
}

impl Setting for Count {
    fn parse(text: &str) -> Result<Self, String> {
        let number = text.replace('_', "");
        NonZeroUsize::from_str(&number)
            .map(Self)
            .map_err(|_| format!("{text:?} is no count: write a whole number above zero"))
    }
}

impl Setting for bool {
    fn parse(text: &str) -> Result<Self, String> {
        text.parse().map_err(|_| format!("{text:?} is neither true nor false"))
    }
}

impl Setting for String {
    fn parse(text: &str) -> Result<Self, String> {
        Ok(text.to_owned())
    }
}

/// Nothing is decided here: another setting decides.
impl<T: Setting> Setting for Option<T> {
    fn parse(text: &str) -> Result<Self, String> {
        if text.is_empty() { Ok(None) } else { T::parse(text).map(Some) }
    }
}

fn split(text: &str) -> (&str, &str) {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    (&text[..end], text[end..].trim_start())
}

/// Accepts a scalar of YAML as the text that stands there.
struct Scalar;

impl Visitor<'_> for Scalar {
    type Value = String;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a number or a text")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<String, E> {
        Ok(text.to_owned())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<String, E> {
        Ok(number.to_string())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<String, E> {
        Ok(number.to_string())
    }
}

macro_rules! from_yaml {
    ($($ty:ty)*) => { $(
        impl<'de> Deserialize<'de> for $ty {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = from.deserialize_str(Scalar)?;
                <$ty as Setting>::parse(&text).map_err(D::Error::custom)
            }
        }
    )* };
}

from_yaml! { Size Span Count }

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
        for (text, bytes) in [("2MB", 2_000_000), ("64 KiB", 65_536), ("17", 17), ("3b", 3)] {
            assert_eq!(Size::parse(text).unwrap().bytes().get(), bytes, "{text}");
        }
        for text in ["", "0", "-1", "2 parsecs", "99999999999999999999", "99999999999GB"] {
            assert!(Size::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn times_need_a_unit() {
        assert_eq!(Span::parse("250ms").unwrap().0, Duration::from_millis(250));
        assert_eq!(Span::parse("2m").unwrap().0, Duration::from_secs(120));
        for text in ["", "30", "s", "-3s", "18446744073709551615h", "9999999h"] {
            assert!(Span::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn counts_are_never_zero() {
        assert_eq!(Count::parse("15_000").unwrap().0.get(), 15_000);
        assert!(Count::parse("0").is_err() && Count::parse("many").is_err());
    }
}
