//! Many subgraph schemas made one supergraph.
//!
//! In come [`SubgraphSource`]s: the SDL of each subgraph, of federation 1 or 2; out comes a
//! [`Supergraph`] in the join specification's words, or a [`Report`] that says what is wrong in
//! which line of whose file, and what to do.
//!
//! Steps: [`subgraph`] reads each file into a view in which every directive is what it means;
//! [`check`] asks the rules of each subgraph alone, of all together and of what is merged;
//! [`merge`] makes one schema of them; [`satisfiability`] proves that every query which that
//! schema allows can be answered; [`hints`] tells what composed but deserves a look; [`contract`] hides what some clients shall not see; [`print`]
//! writes it down.
//!
//! This crate knows no file, no network and no plan.
//!
//! Invariants: what is returned can be read back (tests prove it, on every set that they have); the
//! same subgraphs give the same text in whatever order they come; every finding of a stage is told,
//! not only the first.

mod check;
mod contract;
mod diagnostic;
mod hints;
mod maps;
mod merge;
mod print;
mod satisfiability;
mod source;
mod subgraph;

pub use diagnostic::{Code, Diagnostic, Label, Report, Severity, SourceText};
pub use source::{Contract, Options, SubgraphSource};

use subgraph::{View, Views};

/// A supergraph.
#[derive(Clone, Debug)]
pub struct Supergraph {
    /// Its SDL.
    pub sdl: String,
    /// What composed, but deserves a look.
    pub hints: Report,
}

/// Composes subgraphs.
///
/// # Errors
/// A report with at least one error when they can't be composed.
pub fn compose(subgraphs: &[SubgraphSource], options: &Options) -> Result<Supergraph, Report> {
    let mut sources: Vec<&SubgraphSource> = subgraphs.iter().collect();
    sources.sort_by(|a, b| a.name.cmp(&b.name));
    let report = |found: Vec<Diagnostic>| {
        let text = |source: &&SubgraphSource| {
            let text = SourceText { file: source.file.clone(), text: source.sdl.clone() };
            (source.name.clone(), text)
        };
        Report::new(found, sources.iter().map(text))
    };
    stages(&sources, options)
        .map(|(sdl, hints)| Supergraph { sdl, hints: report(hints) })
        .map_err(report)
}

/// The stages: each stops at errors, since the next would look at what makes no sense.
fn stages(
    sources: &[&SubgraphSource],
    options: &Options,
) -> Result<(String, Vec<Diagnostic>), Vec<Diagnostic>> {
    let (views, mut found) = read(sources, options)?;
    let mut stage = |more: Vec<Diagnostic>| {
        found.extend(more);
        match found.iter().any(|found| found.severity == Severity::Error) {
            true => Err(std::mem::take(&mut found)),
            false => Ok(()),
        }
    };
    let views = Views::new(&views);
    stage(check::kept(&views))?;
    let (mut together, overrides) = check::together(&views);
    let (mut merged, conflicts) = merge::merge(&views, &overrides);
    together.extend(conflicts);
    stage(together)?;
    stage(check::merged(&views, &merged))?;
    stage(merge::validity::check(&views, &merged))?;
    stage(check::visible(&views, &merged))?;
    stage(satisfiability::check(&views, &overrides, &merged))?;
    stage(hints::hints(&views, &merged))?;
    if let Some(contract) = &options.contract
        && let Err(found) = contract::apply(&mut merged, contract)
    {
        stage(vec![found])?;
    }
    merge::name_directives(&mut merged, &views);
    let sdl = print::print(&merged);
    Ok((sdl, found))
}

/// Reads each subgraph and asks the rules that look at it alone. Federation 1 has to be upgraded
/// for that, which needs to know what all subgraphs define.
fn read(
    sources: &[&SubgraphSource],
    options: &Options,
) -> Result<(Vec<View>, Vec<Diagnostic>), Vec<Diagnostic>> {
    let mut views = Vec::new();
    let mut found = Vec::new();
    for pair in sources.windows(2).filter(|pair| pair[0].name == pair[1].name) {
        let message = format!("Two subgraphs are named `{}`.", pair[0].name);
        found.push(
            Diagnostic::new(Code::InvalidSubgraphName, message)
                .help("give each subgraph a name of its own"),
        );
    }
    for source in sources {
        match subgraph::read(source, options) {
            Ok(view) => {
                found.extend(match view.federation_1 {
                    true => check::read(&view),
                    false => check::alone(&view),
                });
                views.push(View { graph: views.len(), ..view });
            }
            Err(wrong) => found.extend(wrong),
        }
    }
    let found = passed(found)?;
    subgraph::upgrade(&mut views);
    let upgrade = check::before_upgrade(&views);
    let fails = |view: &&View| {
        upgrade.iter().flat_map(|found| &found.labels).any(|label| *label.subgraph == view.name)
    };
    // Those that can't be upgraded make no sense to the rules; the others are told along.
    let upgraded = views.iter().filter(|view| view.federation_1 && !fails(view));
    let alone: Vec<Diagnostic> = upgraded.flat_map(check::alone).collect();
    let found = found.into_iter().chain(upgrade).chain(alone).collect();
    Ok((views, passed(found)?))
}

/// What was found, unless there is an error in it.
fn passed(found: Vec<Diagnostic>) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
    match found.iter().any(|found| found.severity == Severity::Error) {
        true => Err(found),
        false => Ok(found),
    }
}
