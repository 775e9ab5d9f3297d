//! Reading: the text of a subgraph becomes a [`View`].
//!
//! [`links`] says under which names federation's directives are used; [`machinery`] takes away what
//! a file repeats of federation's own definitions; [`validate`] asks the rules of GraphQL; [`build`]
//! puts the [`pieces`] of types together; [`upgrade`] puts federation 1 into the words of
//! federation 2.

mod applied;
mod build;
mod compose_directive;
pub(crate) mod field_set;
mod finding;
pub(crate) mod from_context;
mod idle;
mod link;
mod link_conflicts;
mod links;
mod machinery;
mod model;
mod near;
mod pieces;
mod spec;
mod upgrade;
pub(crate) mod uses;
pub(crate) mod validate;
mod views;

use sdl::{Document, Limits, Name};

use crate::diagnostic::{Code, Diagnostic};
use crate::{Options, SubgraphSource};
use finding::Finding;

pub(crate) use model::{
    AUTHORIZATION, Applied, ArgumentView, DirectiveView, ElementView, Emptied, FieldView,
    FieldsArgument, ForeignLink, KeyView, Kind, ListSize, Marks, Override, TypeView, View,
};
pub(crate) use near::nearest;
pub(crate) use views::Views;

/// Reads one subgraph.
///
/// # Errors
/// All findings of the first stage that has some: the text, the links, the GraphQL.
pub(crate) fn read(source: &SubgraphSource, options: &Options) -> Result<View, Vec<Diagnostic>> {
    let mut view = View {
        name: sdl::Name::new(&source.name),
        url: source.url.clone(),
        file: source.file.clone(),
        ..View::default()
    };
    let mut document = parse(&view, &source.sdl, options)?;
    let (links, wrong) = links::read(&document);
    let tell = |found: Vec<Finding>| -> Vec<Diagnostic> {
        found.into_iter().map(|finding| finding.tell(&view)).collect()
    };
    if !wrong.is_empty() {
        return Err(tell(validate::with_links(&document, &links, wrong)));
    }
    let (composed, found) = compose_directive::read(&document, &links);
    let validated = validate::validate(&document, &links);
    let mut invalid = machinery::strip(&mut document, &links);
    invalid.extend(validated.built);
    let stages = [validated.first, invalid, validated.rest];
    if let Some(invalid) = stages.into_iter().find(|found| !found.is_empty()) {
        return Err(tell(invalid));
    }
    let uncomposed = tell(found);
    view.federation_1 = links.federation.is_none();
    view.version = links.federation.unwrap_or((1, 0));
    view.upgrade = upgrade::needed(&links);
    view.composed = composed.links;
    view.uncomposed = uncomposed;
    if let Some(schema) = document.schemas.iter().find(|schema| schema.description.is_some()) {
        view.description.clone_from(&schema.description);
        view.schema_at = schema.at;
    }
    view.composed_anyway = composed.anyway;
    view.directive_names.extend(document.directives.iter().map(|known| known.name.clone()));
    view.directive_names.extend(links.directives.keys().map(Name::new));
    view.directive_names.extend(spec::built_in().iter().map(|known| known.name.clone()));
    let reader = applied::Reader::new(&links, composed.names);
    view.links.clone_from(&links.custom);
    for schema in &document.schemas {
        reader.mark(&mut view.schema_marks, &schema.directives);
    }
    build::build(&mut view, &document, &reader);
    view.kept_names = reader.used();
    view.linked_at = links.federation_at;
    upgrade::keys_of_extensions(&mut view);
    Ok(view)
}

/// Puts those of federation 1 into the words of federation 2, once all are read.
pub(crate) fn upgrade(views: &mut [View]) {
    upgrade::keys_left_out(views);
    for view in views.iter_mut().filter(|view| view.federation_1) {
        upgrade::upgrade(view);
    }
}

/// Parses a text within the limits.
fn parse(view: &View, sdl: &str, options: &Options) -> Result<Document, Vec<Diagnostic>> {
    let limits = Limits {
        bytes: options.bytes.get(),
        tokens: options.tokens.get(),
        nesting: options.nesting.get(),
    };
    let tell = |error: sdl::Error| {
        let (message, at, help) = (error.message, error.at, error.help);
        Finding { code: Code::InvalidGraphql, message, at, help }.tell(view)
    };
    sdl::parse(sdl, limits).map_err(|errors| errors.into_iter().map(tell).collect())
}
