//! `tributary compose`: many schemas made one file.

use std::path::Path;

use compose::{Options, Report, SubgraphSource};

use super::deep::deep;
use super::failed::Failed;
use crate::cli::{Compose, ReportFormat};
use crate::config::{Config, Environment};
use crate::{say, sources, write};

/// Composes and writes; a set with errors writes nothing.
pub(super) fn run(arguments: &Compose) -> Result<(), Failed> {
    let config = Config::read(Some(&arguments.config), &Environment::from_iter(std::env::vars()))?;
    if config.subgraphs.is_empty() {
        let file = arguments.config.display();
        return Err(format!("{file} lists no subgraphs; add the section `subgraphs`").into());
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("the runtime can't start: {error}"))?;
    match runtime.block_on(composed(&config))? {
        Ok((sdl, hints)) => {
            tell(&hints, arguments.format);
            Ok(output(arguments.output.as_deref(), &sdl)?)
        }
        Err(report) => {
            tell(&report, arguments.format);
            Err(Failed::Told)
        }
    }
}

/// Reads the schemas of the configuration and composes them: the SDL with hints, or the errors.
///
/// # Errors
/// When a schema can't be read.
pub(super) async fn composed(config: &Config) -> Result<Result<(String, Report), Report>, Failed> {
    crate::tls::install();
    let within = config.settings.upstream.timeout.0;
    let texts = sources::read(config, within).await.map_err(Failed::Because)?;
    let subgraphs: Vec<SubgraphSource> = texts
        .into_iter()
        .map(|text| SubgraphSource {
            name: text.name,
            url: text.url,
            sdl: text.sdl,
            file: text.file,
        })
        .collect();
    let result = deep(|| compose::compose(&subgraphs, &Options::default()))?;
    Ok(result.map(|supergraph| (supergraph.sdl, supergraph.hints)))
}

/// Tells a report on standard error.
pub(super) fn tell(report: &Report, format: ReportFormat) {
    let text = match format {
        ReportFormat::Json => format!("{:#}", report.to_json()),
        _ if report.is_empty() => return,
        ReportFormat::Text => report.render(say::colour()),
        ReportFormat::Github => report.to_github(),
    };
    say::note(text.trim_end());
}

fn output(path: Option<&Path>, sdl: &str) -> Result<(), String> {
    match path {
        None => say::result(sdl),
        Some(path) => write::atomically(path, sdl)
            .map_err(|error| format!("{} can't be written: {error}", path.display())),
    }
}
