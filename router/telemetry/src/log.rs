//! Log lines on standard error: JSON for machines, coloured text for people.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

/// How a line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One JSON object.
    Json,
    /// For people; coloured only on a terminal.
    Pretty,
}

impl Format {
    /// What suits whoever reads standard error: people at a terminal, else a machine.
    pub fn of_stderr() -> Self {
        if std::io::stderr().is_terminal() { Self::Pretty } else { Self::Json }
    }
}

/// What is logged, and how.
#[derive(Clone, Debug)]
pub struct Logs {
    /// How a line looks.
    pub format: Format,
    /// Directives such as `info` or `info,tributary=debug`.
    pub filter: String,
}

/// Why logs could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The directives can't be read.
    #[error("the log filter {filter:?} can't be read: {reason}")]
    Filter {
        /// The directives.
        filter: String,
        /// What is wrong with them.
        reason: String,
    },
    /// The process already has logs.
    #[error("logs are already set up")]
    Twice,
}

impl Logs {
    /// Sends the log events of the whole process to standard error.
    ///
    /// # Errors
    /// When the filter can't be read, or logs are already set up.
    pub fn start(&self) -> Result<(), LogError> {
        let filter = EnvFilter::try_new(&self.filter).map_err(|error| LogError::Filter {
            filter: self.filter.clone(),
            reason: error.to_string(),
        })?;
        let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
        let started = match self.format {
            Format::Json => lines
                .json()
                .flatten_event(true)
                .with_current_span(true)
                .with_span_list(false)
                .try_init(),
            Format::Pretty => {
                let coloured = std::io::stderr().is_terminal();
                lines.with_ansi(coloured).with_target(false).compact().try_init()
            }
        };
        started.map_err(|_| LogError::Twice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_filter_is_told() {
        let logs = Logs { format: Format::Json, filter: "tributary=loud=er".to_owned() };
        let error = logs.start().unwrap_err().to_string();
        assert!(error.contains("tributary=loud=er"), "{error}");
    }
}
