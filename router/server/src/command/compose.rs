//! `tributary compose`: many schemas made one file.

use std::path::Path;

use compose::{Code, Contract, Options, Report, Severity, SubgraphSource};
use futures_util::FutureExt;

use super::deep::deep;
use super::failed::Failed;
use crate::cli::{Compose, ReportFormat};
use crate::config::{Config, Environment};
use crate::suggest::nearest;
use crate::{say, sources, write};

/// Composes and writes; a set with errors writes nothing.
pub(super) fn run(arguments: &Compose) -> Result<(), Failed> {
    if let Some(code) = &arguments.explain {
        return explain(code);
    }
    let file = arguments.config.as_deref();
    let config = Config::read(file, &Environment::from_iter(std::env::vars()))?;
    if config.subgraphs.is_empty() {
        let file = file.unwrap_or(Path::new("the configuration")).display();
        return Err(format!("{file} lists no subgraphs; add the section `subgraphs`").into());
    }
    let options = Options { contract: contract(arguments), ..Options::default() };
    match now(&config, &options)? {
        Ok((sdl, hints)) => {
            // Tools pick by level themselves.
            let all = arguments.verbose || arguments.format == ReportFormat::Json;
            let hints = if all { hints } else { hints.down_to(Severity::Info) };
            tell(&hints, arguments.format)?;
            let to_report = arguments.format == ReportFormat::Json && arguments.output.is_none();
            if to_report {
                return Ok(());
            }
            Ok(output(arguments.output.as_deref(), &sdl)?)
        }
        Err(report) => {
            tell(&report, arguments.format)?;
            Err(Failed::Told)
        }
    }
}

/// Composes at once. A runtime, and what it takes of memory, is there only for schemas that have to
/// be asked for.
fn now(config: &Config, options: &Options) -> Result<Result<(String, Report), Report>, Failed> {
    if !config.asks_for_schemas()
        && let Some(result) = composed(config, options).now_or_never()
    {
        return result;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("the runtime can't start: {error}"))?;
    runtime.block_on(composed(config, options))
}

/// What of the graph is shown, when that is not all of it.
fn contract(arguments: &Compose) -> Option<Contract> {
    let Compose { include_tags: include, exclude_tags: exclude, .. } = arguments;
    let contract = Contract { include: include.clone(), exclude: exclude.clone() };
    (contract != Contract::default()).then_some(contract)
}

/// Prints the page of a code.
fn explain(name: &str) -> Result<(), Failed> {
    let Some(code) = Code::from_name(&name.to_ascii_uppercase()) else {
        let wrong = name.to_ascii_uppercase();
        let near = nearest(&wrong, Code::ALL.iter().map(|code| code.name()));
        let near = near.map(|near| format!(", did you mean {near}?")).unwrap_or_default();
        return Err(format!("no finding of composition has the code {name}{near}").into());
    };
    let severity = match code.severity() {
        Severity::Error => "An error: the subgraphs don't compose.",
        Severity::Warn => "A hint: the subgraphs compose, but this deserves a look.",
        Severity::Info => "A hint: the subgraphs compose; this is worth knowing.",
        Severity::Debug => "A hint of the least weight: told with --verbose, and in JSON.",
    };
    let page = page(code.page(), say::colour_of_results());
    Ok(say::result(&format!("{page}\n{severity}\n"))?)
}

/// A page of Markdown for a terminal: headings stand out, blocks are indented.
fn page(markdown: &str, colour: bool) -> String {
    let (start, end) = if colour { ("\u{1b}[1m", "\u{1b}[0m") } else { ("", "") };
    let mut out = String::with_capacity(markdown.len());
    let mut inside = false;
    for line in markdown.lines() {
        if line.starts_with("```") {
            inside = !inside;
        } else if inside && !line.is_empty() {
            out.extend(["    ", line, "\n"]);
        } else if let Some(heading) =
            line.trim_start_matches('#').strip_prefix(' ').filter(|_| line.starts_with('#'))
        {
            out.extend([start, heading, end, "\n"]);
        } else {
            out.extend([line, "\n"]);
        }
    }
    out
}

/// Reads the schemas of the configuration and composes them: the SDL with hints, or the errors.
///
/// # Errors
/// When a schema can't be read.
pub(super) async fn composed(
    config: &Config,
    options: &Options,
) -> Result<Result<(String, Report), Report>, Failed> {
    if config.asks_for_schemas() {
        crate::tls::install();
    }
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
    let result = deep(|| compose::compose(&subgraphs, options))?;
    Ok(result.map(|supergraph| (supergraph.sdl, supergraph.hints)))
}

/// Tells a report: to people on standard error, to tools on standard output.
///
/// # Errors
/// When standard output can't be written to.
pub(super) fn tell(report: &Report, format: ReportFormat) -> Result<(), String> {
    let text = match format {
        ReportFormat::Json => return say::result(&format!("{:#}\n", report.to_json())),
        _ if report.is_empty() => return Ok(()),
        ReportFormat::Text => report.render(say::colour()),
        ReportFormat::Github => report.to_github(),
    };
    say::note(text.trim_end());
    Ok(())
}

fn output(path: Option<&Path>, sdl: &str) -> Result<(), String> {
    match path {
        None => say::result(sdl),
        Some(path) => write::atomically(path, sdl)
            .map_err(|error| format!("{} can't be written: {error}", path.display())),
    }
}
