//! The pages of the codes: each tells the truth about a set of subgraphs that gets the code, about
//! the report, and about the set that is mended.
//!
//! `codes/CODE.md` holds the pages. With `TRIBUTARY_UPDATE_CODES=1` the reports in them are written
//! anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use tributary_compose::{Code, Diagnostic, Options, Report, Severity, SubgraphSource, compose};

/// The codes that no file can bring about, and why they are in the table.
const NOT_IN_FILES: [(Code, &str); 7] = [
    (Code::DisallowedInaccessible, "what is built in can't be defined, so that nothing hides it"),
    (Code::DownstreamServiceError, "of a router that asks subgraphs for their schemas"),
    (Code::InvalidFederationSupergraph, "of those who read supergraphs"),
    (Code::InvalidSubgraphName, "of names that are no part of the files"),
    (Code::MaxValidationSubgraphPathsExceeded, "of another way to prove satisfiability"),
    (Code::UnsupportedFeature, "of composers that are older than a specification"),
    (Code::UnsupportedLinkedFeature, "of those who read supergraphs"),
];

/// What a page shows: the subgraphs that get the code, the report, what is mended in which files.
#[derive(Default)]
struct Page<'p> {
    fails: BTreeMap<&'p str, &'p str>,
    report: &'p str,
    mended: BTreeMap<&'p str, &'p str>,
}

impl<'p> Page<'p> {
    fn read(text: &'p str) -> Self {
        let mut page = Page::default();
        let mut name = None;
        let mut rest = text;
        while let Some((before, fence)) = rest.split_once("\n```") {
            let last = before.lines().last().unwrap_or_default();
            name = last.strip_prefix('`').and_then(|file| file.strip_suffix(".graphql`")).or(name);
            let (kind, body) = fence.split_once('\n').expect("a block has lines");
            let end = if body.starts_with("```") {
                0
            } else {
                body.find("\n```").expect("a block ends") + 1
            };
            let (body, after) = body.split_at(end);
            rest = &after["```".len()..];
            match kind {
                "text" => page.report = body,
                "graphql" => {
                    let files = match text.find("\n```text") {
                        Some(report) if report < text.len() - rest.len() => &mut page.mended,
                        _ => &mut page.fails,
                    };
                    let twice = files.insert(name.expect("the file has a name"), body);
                    assert!(twice.is_none(), "{name:?} stands there twice");
                }
                other => panic!("no block of a page is {other:?}"),
            }
        }
        page
    }

    /// The subgraphs after the mend: a file that isn't shown again stays as it was.
    fn mended(&self) -> BTreeMap<&'p str, &'p str> {
        let mut files = self.fails.clone();
        files.extend(&self.mended);
        files
    }
}

fn report(files: &BTreeMap<&str, &str>) -> Result<Report, Report> {
    let source = |(name, sdl): (&&str, &&str)| SubgraphSource {
        name: (*name).to_owned(),
        url: format!("http://{name}"),
        sdl: (*sdl).to_owned(),
        file: format!("{name}.graphql"),
    };
    let sources: Vec<_> = files.iter().map(source).collect();
    compose(&sources, &Options::default()).map(|supergraph| supergraph.hints)
}

fn file(code: Code) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("codes").join(format!("{code}.md"))
}

/// Of these codes, one place is all there is: nothing stands in a second one.
fn has_one_place(code: Code) -> bool {
    matches!(
        code,
        Code::FromSubgraphDoesNotExist
            | Code::UnusedEnumType
            | Code::DirectiveCompositionInfo
            | Code::ImplicitlyUpgradedFederationVersion
    )
}

/// What every finding owes its reader.
fn is_told_well(found: &Diagnostic) -> Result<(), &'static str> {
    let help = found.help.as_deref().unwrap_or_default();
    let places = found.labels.iter().filter(|label| label.line > 0).count();
    let hint = found.severity != Severity::Error;
    let pointed = found.labels.iter().filter(|label| !label.text.is_empty()).count();
    match () {
        () if !found.message.ends_with('.') && !found.message.contains('\n') => Err("no sentence"),
        () if found.note.is_empty() => Err("no reason"),
        () if help.is_empty() => Err("no help"),
        () if help.ends_with('.') => Err("the help is no sentence, but ends as one"),
        () if places == 0 && found.code != Code::NoQueries => Err("no place"),
        () if hint && pointed < if has_one_place(found.code) { 1 } else { 2 } => {
            Err("too few places are explained")
        }
        () => Ok(()),
    }
}

/// Asks for what a page claims; gives the report as it is.
fn check(code: Code, page: &Page) -> Result<String, String> {
    let hint = code.severity() != Severity::Error;
    let found = match (report(&page.fails), hint) {
        (Ok(report), true) | (Err(report), false) => report,
        (Ok(_), false) => return Err("the first set composes".to_owned()),
        (Err(report), true) => return Err(format!("the first set does not compose:\n{report}")),
    };
    let of_weight =
        found.diagnostics().iter().filter(|found| hint || found.severity == Severity::Error);
    let codes: BTreeSet<Code> = of_weight.map(|found| found.code).collect();
    if !codes.contains(&code) {
        return Err(format!("the first set gets other codes:\n{found}"));
    }
    for found in found.diagnostics().iter().filter(|found| found.code == code) {
        is_told_well(found).map_err(|why| format!("{why}: {found:#?}"))?;
    }
    match report(&page.mended()) {
        Ok(hints) if hints.hints().all(|hint| hint.code != code) => Ok(found.render(false)),
        Ok(hints) => Err(format!("the mended set still gets it:\n{hints}")),
        Err(report) => Err(format!("the mended set does not compose:\n{report}")),
    }
}

#[test]
fn every_page_tells_the_truth() {
    let update = std::env::var_os("TRIBUTARY_UPDATE_CODES").is_some();
    let mut wrong = Vec::new();
    for &code in Code::ALL {
        let path = file(code);
        let text = fs::read_to_string(&path).unwrap();
        let head = format!(
            "# {code}\n\n{}\n\nWhy the rule exists: {}.\n\n## What to do\n\n",
            code.summary(),
            code.why()
        );
        if !text.starts_with(&head) {
            wrong.push(format!("{code}: the page begins otherwise than:\n{head}"));
        }
        let page = Page::read(&text);
        if page.fails.is_empty() {
            if NOT_IN_FILES.iter().all(|(known, _)| *known != code) {
                wrong.push(format!("{code}: the page shows no example"));
            }
            continue;
        }
        match check(code, &page) {
            Err(why) => wrong.push(format!("{code}: {why}")),
            Ok(report) if report.trim_end() == page.report.trim_end() => {}
            Ok(report) if update => {
                let (before, rest) = text.split_once("\n```text\n").unwrap();
                let (_, after) = rest[page.report.len()..].split_once("```").unwrap();
                let report = report.trim_end();
                fs::write(path, format!("{before}\n```text\n{report}\n```{after}")).unwrap();
            }
            Ok(report) => wrong.push(format!("{code}: the report is\n{report}")),
        }
    }
    assert!(wrong.is_empty(), "{}\n{} pages", wrong.join("\n\n"), wrong.len());
}

#[test]
fn every_page_is_of_a_code() {
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("codes")).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        let code = name.strip_suffix(".md").and_then(Code::from_name);
        let code = code.unwrap_or_else(|| panic!("{name} is the page of no code"));
        assert_eq!(fs::read_to_string(file(code)).unwrap(), code.page());
    }
}

/// The one code that is an error in one case and a hint in another.
#[test]
fn an_optional_argument_that_is_contextual_elsewhere_is_left_out_with_a_hint() {
    let code = Code::ContextualArgumentNotContextualInAllSubgraphs;
    let text = code.page().replace("price(currency: String!): Int", "price(currency: String): Int");
    let found = report(&Page::read(&text).fails).expect("it composes");
    let hints: Vec<_> = found.hints().filter(|hint| hint.code == code).collect();
    assert_eq!(hints.len(), 1, "{found}");
    assert_eq!(is_told_well(hints[0]), Ok(()));
}

/// A subgraph of many: a report names a few of them and says how many more there are.
#[test]
fn a_hint_of_many_subgraphs_stays_short() {
    let source = |index: usize| {
        let field = if index == 0 { "  width: Int\n" } else { "" };
        SubgraphSource {
            name: format!("s{index:03}"),
            url: "http://s".to_owned(),
            sdl: format!(
                "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.9\", import: \
                 [\"@shareable\"])\ntype Query {{ size: Size @shareable }}\n\
                 type Size @shareable {{\n  height: Int\n{field}}}\n"
            ),
            file: format!("s{index:03}.graphql"),
        }
    };
    let sources: Vec<_> = (0..120).map(source).collect();
    let report = compose(&sources, &Options::default()).expect("it composes").hints;
    let hints: Vec<_> = report.hints().collect();
    assert_eq!(hints.len(), 1, "{report}");
    assert_eq!(hints[0].labels.len(), 4, "{report}");
    assert!(hints[0].message.contains("and 116 more"), "{report}");
}
