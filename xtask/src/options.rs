//! Options of chores: `--name value`.

use crate::chore::Failure;

/// The options that were given.
pub(crate) struct Options(Vec<(String, String)>);

impl Options {
    /// Reads options with these names.
    ///
    /// # Errors
    /// When one has another name, or no value.
    pub(crate) fn parse(arguments: &[String], names: &[&str]) -> Result<Self, Failure> {
        let mut given = Vec::new();
        let mut rest = arguments.iter();
        while let Some(name) = rest.next() {
            if !names.contains(&name.as_str()) {
                return Err(format!("there is no `{name}` here; there is {}", names.join(", ")));
            }
            let value = rest.next().ok_or_else(|| format!("{name} needs a value after it"))?;
            given.push((name.to_owned(), value.to_owned()));
        }
        Ok(Self(given))
    }

    /// The text of an option.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
    }

    /// The number of an option.
    ///
    /// # Errors
    /// When it is no number.
    pub(crate) fn number(&self, name: &str, default: usize) -> Result<usize, Failure> {
        let Some((_, value)) = self.0.iter().find(|(given, _)| given == name) else {
            return Ok(default);
        };
        value.parse().map_err(|_| format!("{name}: `{value}` is no number"))
    }
}
