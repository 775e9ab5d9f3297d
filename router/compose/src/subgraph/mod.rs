//! Reading: the text of a subgraph becomes a [`View`].
//!
//! [`links`] says under which names federation's directives are used; [`complete`] adds what a
//! file may leave out and validates it as GraphQL; [`build`] puts the [`pieces`] of types together;
//! [`upgrade`] puts federation 1 into the words of federation 2.

mod applied;
mod build;
mod complete;
mod compose_directive;
pub(crate) mod field_set;
mod links;
mod model;
mod pieces;
mod spec;
mod upgrade;
pub(crate) mod uses;

use apollo_compiler::ast::Document;
use apollo_compiler::parser::Parser;

use crate::diagnostic::{Code, Diagnostic};
use crate::{Options, SubgraphSource};
use complete::Finding;

pub(crate) use model::{
    Applied, ArgumentView, Auth, ComposedLink, DirectiveView, FieldView, FieldsArgument, KeyView,
    Kind, ListSize, Marks, Override, Spot, TypeView, View, Views,
};

/// Reads one subgraph.
///
/// # Errors
/// All findings of the first stage that has some: the text, the links, the GraphQL.
pub(crate) fn read(source: &SubgraphSource, options: &Options) -> Result<View, Vec<Diagnostic>> {
    let mut view = View {
        name: source.name.clone(),
        url: source.url.clone(),
        file: source.file.clone(),
        ..View::default()
    };
    let mut document = parse(&view, &source.sdl, options)?;
    let (links, wrong) = links::read(&document);
    if !wrong.is_empty() {
        let tell = |wrong: links::Wrong| {
            let at = complete::node_span(&wrong.at, &document.sources).map(applied::spot);
            Diagnostic::new(wrong.code, wrong.message)
                .label(view.label(at.unwrap_or_default(), "this link"))
                .help(format!("{} in {}", wrong.help, view.name))
        };
        return Err(wrong.into_iter().map(tell).collect());
    }
    let (composed, names, mut found) = compose_directive::read(&document, &links);
    let mut stripped = complete::strip(&mut document, &links);
    if stripped.is_empty() {
        stripped = complete::validate(&document, &links);
    }
    if !stripped.is_empty() {
        return Err(stripped.into_iter().map(|finding| tell(&view, finding)).collect());
    }
    view.federation_1 = links.federation.is_none();
    view.version = links.federation.unwrap_or((1, 0));
    view.composed = composed;
    let reader = applied::Reader { links: &links, sources: &document.sources, composed: names };
    build::build(&mut view, &document, &reader);
    upgrade::keys_of_extensions(&mut view);
    if view.federation_1 {
        upgrade::upgrade(&mut view);
    }
    if found.is_empty() {
        return Ok(view);
    }
    Err(found.drain(..).map(|finding| tell(&view, finding)).collect())
}

fn tell(view: &View, finding: Finding) -> Diagnostic {
    let at = finding.line_column.map(applied::spot).unwrap_or_default();
    Diagnostic::new(finding.code, finding.message).label(view.label(at, "here"))
}

/// Parses a text within the limits.
fn parse(view: &View, sdl: &str, options: &Options) -> Result<Document, Vec<Diagnostic>> {
    if sdl.len() > options.bytes.get() {
        let message = format!(
            "The schema of {} has {} bytes; the limit is {}.",
            view.name,
            sdl.len(),
            options.bytes
        );
        return Err(vec![Diagnostic::new(Code::InvalidGraphql, message)]);
    }
    let mut parser =
        Parser::new().recursion_limit(options.nesting.get()).token_limit(options.tokens.get());
    parser.parse_ast(sdl, &view.file).map_err(|with| {
        complete::invalid(&with.errors).into_iter().map(|finding| tell(view, finding)).collect()
    })
}
