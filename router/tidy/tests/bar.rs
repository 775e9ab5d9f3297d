//! The bar: one test per rule, on the repository as it stands.

use std::path::Path;
use std::sync::OnceLock;

use tributary_tidy::{Finding, Tree, rules};

/// Folders of crates that help tests: what tests may, they may.
const HELP_TESTS: &[&str] =
    &["router/testkit/", "router/trials/", "router/stories/", "router/tidy/", "router/devbroker/"];

fn tree() -> &'static Tree {
    static TREE: OnceLock<Tree> = OnceLock::new();
    TREE.get_or_init(|| {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let top = here.ancestors().nth(2).expect("router/tidy stands two folders below the top");
        let tree = Tree::read(top).unwrap_or_else(|error| panic!("{error}"));
        assert!(tree.sources.len() > 50, "the repository was not found in {}", top.display());
        tree
    })
}

#[track_caller]
fn must_be_clean(mut findings: Vec<Finding>) {
    findings.sort();
    findings.dedup();
    let told = findings.iter().map(|finding| format!("\n  {finding}")).collect::<String>();
    assert!(findings.is_empty(), "{} to mend:{told}\n", findings.len());
}

#[test]
fn dependencies_point_down() {
    must_be_clean(rules::floors::check(tree()));
}

#[test]
fn lower_crates_know_no_edge() {
    must_be_clean(rules::fences::check(tree()));
}

#[test]
fn modules_need_each_other_in_one_direction() {
    must_be_clean(rules::cycles::check(tree()));
}

#[test]
fn files_are_short() {
    must_be_clean(rules::sizes::files(tree()));
}

#[test]
fn functions_fit_a_screen() {
    must_be_clean(rules::sizes::functions(tree()));
}

#[test]
fn copies_are_rare() {
    must_be_clean(rules::sizes::clones(tree()));
}

#[test]
fn files_say_what_is_in_them() {
    must_be_clean(rules::documents::first_lines(tree()));
}

#[test]
fn stories_are_in_the_table_of_contents() {
    must_be_clean(rules::documents::stories(tree()));
}

#[test]
fn names_say_something() {
    must_be_clean(rules::words::names(tree()));
}

#[test]
fn production_does_not_unwrap() {
    let helps_tests = |path: &str| HELP_TESTS.iter().any(|folder| path.starts_with(folder));
    must_be_clean(rules::words::unwraps(tree(), helps_tests));
}

#[test]
fn work_left_over_names_its_issue() {
    must_be_clean(rules::words::promises(tree()));
}

#[test]
fn nothing_points_outside_the_repository() {
    must_be_clean(rules::leftovers::check(tree()));
}

#[test]
fn links_lead_somewhere() {
    must_be_clean(rules::links::check(tree()));
}
