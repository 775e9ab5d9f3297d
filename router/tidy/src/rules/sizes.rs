//! How long files and functions may be, how many parameters, how many copies.

use crate::{Finding, Source, Tree};

/// Production lines of a file; aim at 150.
pub const FILE_LINES: u32 = 600;
/// Lines of a function; aim at 30.
pub const FUNCTION_LINES: u32 = 70;
/// Parameters of a function without `self`; aim at 4.
pub const PARAMETERS: usize = 6;
/// Calls of `.clone()` per 1,000 production lines of a crate; aim at 4.
pub const CLONES: usize = 6;

/// Crates that may copy more than [`CLONES`], how much, and why.
const MORE_CLONES: &[(&str, usize, &str)] = &[
    (
        "tributary-compose",
        14,
        "runs once for a set of schemas, and its views own the names they read",
    ),
    (
        "tributary-plan",
        28,
        "owns sets of types and field sets while it plans; sharing them is next",
    ),
    ("tributary-schema", 11, "reads a supergraph once, into arenas that own what they hold"),
];

/// Documents and how many lines they may have.
const DOCUMENTS: &[(&str, usize)] =
    &[("README.md", 150), ("docs/ARCHITECTURE.md", 300), ("docs/CONTRIBUTING.md", 150)];

/// Finds files that are too long, documents among them.
pub fn files(tree: &Tree) -> Vec<Finding> {
    let rust = tree.sources.iter().filter_map(|source| {
        let lines = source.production_lines();
        (lines > FILE_LINES).then(|| {
            let message =
                format!("{lines} production lines, at most {FILE_LINES}: make it two rooms");
            Finding::of(&source.path, message)
        })
    });
    let documents = tree.texts.iter().filter_map(|text| {
        let (_, limit) = DOCUMENTS.iter().find(|(path, _)| *path == text.path)?;
        let lines = text.text.lines().count();
        (lines > *limit).then(|| {
            let message = format!("{lines} lines, at most {limit}: move detail into docs/");
            Finding::of(&text.path, message)
        })
    });
    rust.chain(documents).collect()
}

/// Finds functions that are too long or take too much, in tests too.
pub fn functions(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in &tree.sources {
        for function in source.functions() {
            let name = &function.name;
            if function.lines > FUNCTION_LINES {
                let lines = function.lines;
                let message = format!(
                    "`{name}` has {lines} lines, at most {FUNCTION_LINES}: keep the branching, \
                     move what is computed into leaves"
                );
                findings.push(Finding::at(&source.path, function.line, message));
            }
            if function.parameters > PARAMETERS {
                let message = format!(
                    "`{name}` takes {} parameters, at most {PARAMETERS}: which of them are one thing?",
                    function.parameters
                );
                findings.push(Finding::at(&source.path, function.line, message));
            }
        }
    }
    findings
}

/// Finds crates that copy too much.
pub fn clones(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in &tree.packages {
        let sources: Vec<_> = tree.sources_in(&package.folder).collect();
        let lines: u32 = sources.iter().map(|source| source.production_lines()).sum();
        let count: usize = sources.iter().map(|source| clone_calls(source)).sum();
        let exception = MORE_CLONES.iter().find(|(name, ..)| *name == package.name);
        let limit = exception.map_or(CLONES, |(_, limit, _)| *limit);
        let budget = (lines as usize * limit).div_ceil(1_000);
        if count > budget {
            let message = format!(
                "`.clone()` {count} times in {lines} production lines, the budget is {budget}: \
                 borrow, move, pass ids, or say `Arc::clone` where a handle is shared; most in {}",
                most(&sources)
            );
            findings.push(Finding::of(&package.folder, message));
        }
    }
    findings
}

fn clone_calls(source: &Source) -> usize {
    source.production().filter(|index| source.matches(*index, &[".", "clone", "(", ")"])).count()
}

/// The three files that copy most.
fn most(sources: &[&Source]) -> String {
    let mut files: Vec<_> =
        sources.iter().map(|source| (clone_calls(source), source.path.as_str())).collect();
    files.sort_unstable_by(|left, right| right.cmp(left));
    let told = files.iter().take(3).filter(|(count, _)| *count > 0);
    told.map(|(count, path)| format!("{path} ({count})")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Package;

    fn file(text: &str) -> Tree {
        let mut tree = Tree::of(&[("router/x/src/lib.rs", text)]);
        let (name, folder) = ("tributary-x".to_owned(), "router/x".to_owned());
        tree.packages = vec![Package { name, folder, dependencies: Vec::new() }];
        tree
    }

    #[test]
    fn a_file_may_have_600_lines_and_any_number_of_test_lines() {
        let tests = "#[cfg(test)]\nmod tests {\n\n\n}\n";
        assert_eq!(files(&file(&("// a\n".repeat(600) + tests))), []);
        assert_eq!(files(&file(&("// a\n".repeat(601) + tests))).len(), 1);
    }

    #[test]
    fn a_readme_may_have_150_lines() {
        assert_eq!(files(&Tree::of(&[("README.md", &"a\n".repeat(150))])), []);
        assert_eq!(files(&Tree::of(&[("README.md", &"a\n".repeat(151))])).len(), 1);
    }

    #[test]
    fn a_function_may_have_70_lines() {
        let function = |lines: usize| format!("fn a() {{\n{}}}\n", "b();\n".repeat(lines - 2));
        assert_eq!(functions(&file(&function(70))), []);
        assert_eq!(functions(&file(&function(71))).len(), 1);
    }

    #[test]
    fn a_function_may_take_six_parameters_and_self() {
        let right = "impl A { fn a(&self, b: u8, c: u8, d: u8, e: u8, f: u8, g: u8) {} }";
        let wrong = "fn a(b: u8, c: u8, d: u8, e: u8, f: u8, g: u8, h: u8) {}";
        assert_eq!(functions(&file(right)), []);
        assert_eq!(functions(&file(wrong)).len(), 1);
    }

    #[test]
    fn a_crate_may_copy_six_times_in_a_thousand_lines() {
        let text = |copies| "a.clone();\n".repeat(copies) + &"b();\n".repeat(1_000 - copies);
        assert_eq!(clones(&file(&text(6))), []);
        assert_eq!(clones(&file(&text(7))).len(), 1);
        assert_eq!(clones(&file(&"Arc::clone(&a);\n".repeat(100))), []);
    }
}
