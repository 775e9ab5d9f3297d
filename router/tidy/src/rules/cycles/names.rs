//! Which module defines what a path names.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::Source;
use crate::tree::module_folder;

/// How many re-exports are followed before a path is given up: more is a circle.
const HOPS: usize = 8;

/// One module names what another defines.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Need {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) line: u32,
}

/// The modules of one crate.
pub(super) struct Modules<'a> {
    modules: Vec<Module<'a>>,
}

struct Module<'a> {
    source: &'a Source,
    /// The path from the root of the crate, `""` for the root.
    name: String,
    parent: Option<usize>,
    children: HashMap<&'a str, usize>,
    /// What it defines itself, by name.
    defined: HashSet<&'a str>,
    /// What it imports or re-exports: the name here, and the path it stands for.
    imported: HashMap<&'a str, Vec<&'a str>>,
    /// Paths in the code, and those of imports that are not public, with their first line.
    named: BTreeMap<Vec<&'a str>, u32>,
}

impl<'a> Modules<'a> {
    /// Reads the files of a crate.
    pub(super) fn new(folder: &str, sources: &[&'a Source]) -> Self {
        let mut modules: Vec<Module> =
            sources.iter().map(|source| Module::read(folder, source)).collect();
        let by_file: HashMap<&str, usize> =
            sources.iter().enumerate().map(|(id, source)| (source.path.as_str(), id)).collect();
        for parent in 0..modules.len() {
            let below = module_folder(&sources[parent].path);
            for (at, _) in production_words(sources[parent], "mod") {
                let name = sources[parent].word(at + 1);
                let files = [format!("{below}{name}.rs"), format!("{below}{name}/mod.rs")];
                let child = files.iter().find_map(|file| by_file.get(file.as_str()));
                if let (Some(child), ";") = (child, sources[parent].word(at + 2)) {
                    modules[parent].children.insert(name, *child);
                    modules[*child].parent = Some(parent);
                }
            }
        }
        Self { modules }
    }

    /// Every module with the others that it needs, each with the first line that shows it.
    pub(super) fn needs(&self) -> Vec<Need> {
        let mut needs: BTreeMap<(usize, usize), u32> = BTreeMap::new();
        for (from, module) in self.modules.iter().enumerate() {
            for (path, line) in &module.named {
                let Some(to) = self.resolve(from, path, HOPS).filter(|to| *to != from) else {
                    continue;
                };
                let first = needs.entry((from, to)).or_insert(*line);
                *first = (*first).min(*line);
            }
        }
        needs.into_iter().map(|((from, to), line)| Need { from, to, line }).collect()
    }

    /// The file of a module.
    pub(super) fn path(&self, module: usize) -> &str {
        &self.modules[module].source.path
    }

    /// A need in words.
    pub(super) fn tell(&self, need: &Need) -> String {
        let (from, to) = (&self.modules[need.from], &self.modules[need.to]);
        let name = |module: &Module| match module.name.as_str() {
            "" => "the crate's root".to_owned(),
            name => format!("`{name}`"),
        };
        format!("{} needs {} ({}:{})", name(from), name(to), from.source.path, need.line)
    }

    /// The module that defines what a path names, seen from a module.
    fn resolve(&self, from: usize, path: &[&str], hops: usize) -> Option<usize> {
        let hops = hops.checked_sub(1)?;
        let (first, mut rest) = path.split_first()?;
        let mut at = match *first {
            "crate" => self.root(from),
            "self" => from,
            "super" => self.modules[from].parent?,
            name => return self.resolve_name(from, name, rest, hops),
        };
        while let Some((name, deeper)) = rest.split_first() {
            match *name {
                "super" => at = self.modules[at].parent?,
                "self" => {}
                name => return self.resolve_name(at, name, deeper, hops).or(Some(at)),
            }
            rest = deeper;
        }
        Some(at)
    }

    /// The module that defines a name that is used in a module.
    fn resolve_name(&self, at: usize, name: &str, rest: &[&str], hops: usize) -> Option<usize> {
        let module = &self.modules[at];
        if let Some(child) = module.children.get(name) {
            return match rest.split_first() {
                None => Some(*child),
                Some((next, deeper)) => {
                    self.resolve_name(*child, next, deeper, hops).or(Some(*child))
                }
            };
        }
        if module.defined.contains(name) {
            return Some(at);
        }
        let path = module.imported.get(name)?;
        let whole: Vec<&str> = path.iter().chain(rest).copied().collect();
        self.resolve(at, &whole, hops)
    }

    fn root(&self, from: usize) -> usize {
        let mut at = from;
        while let Some(parent) = self.modules[at].parent {
            at = parent;
        }
        at
    }
}

impl<'a> Module<'a> {
    fn read(folder: &str, source: &'a Source) -> Self {
        let path = source.path.strip_prefix(folder).unwrap_or(&source.path);
        let path = path.trim_start_matches('/').trim_end_matches(".rs");
        let name = path.trim_end_matches("mod").trim_end_matches('/').replace('/', "::");
        let name = if matches!(name.as_str(), "lib" | "main") { String::new() } else { name };
        let mut module = Self {
            source,
            name,
            parent: None,
            children: HashMap::new(),
            defined: HashSet::new(),
            imported: HashMap::new(),
            named: BTreeMap::new(),
        };
        let production: Vec<usize> = source.production().collect();
        let mut position = 0;
        while let Some(index) = production.get(position).copied() {
            position += match source.word(index) {
                "use" => module.import(&production, position),
                "struct" | "enum" | "trait" | "type" | "fn" | "const" | "static" | "union"
                | "macro_rules" => {
                    let bang = usize::from(source.word(index + 1) == "!");
                    module.defined.insert(source.word(index + 1 + bang));
                    1
                }
                _ if source.is_word(index) => module.name_path(&production, position),
                _ => 1,
            };
        }
        module
    }

    /// Reads a `use` and tells how many tokens it has. A public one that names a child is a door,
    /// no need.
    fn import(&mut self, production: &[usize], position: usize) -> usize {
        let source = self.source;
        let start = production[position];
        let end = (start..source.tokens.len()).find(|at| source.word(*at) == ";");
        let end = end.unwrap_or(source.tokens.len());
        let public = position > 0 && matches!(source.word(production[position - 1]), "pub" | ")");
        let mut leaves = Vec::new();
        let mut cursor = start + 1;
        use_tree(source, &mut cursor, end, &[], &mut leaves);
        for (path, name) in leaves {
            if !public {
                self.named.entry(path.clone()).or_insert(source.line(start));
            }
            self.imported.insert(name, path);
        }
        end - start + 1
    }

    /// Reads a path of at least two names, or one imported name.
    fn name_path(&mut self, production: &[usize], position: usize) -> usize {
        let source = self.source;
        let start = production[position];
        let mut path = vec![source.word(start)];
        let mut at = start;
        while source.word(at + 1) == "::" && source.is_word(at + 2) {
            at += 2;
            path.push(source.word(at));
        }
        let preceded = start > 0 && matches!(source.word(start - 1), "." | "::");
        if !preceded && (path.len() > 1 || starts_upper(path[0])) {
            self.named.entry(path).or_insert(source.line(start));
        }
        at - start + 1
    }
}

/// Reads one tree of a `use`: each leaf is a path and the name that it gets.
fn use_tree<'a>(
    source: &'a Source,
    cursor: &mut usize,
    end: usize,
    prefix: &[&'a str],
    leaves: &mut Vec<(Vec<&'a str>, &'a str)>,
) {
    let mut path = prefix.to_vec();
    while *cursor < end {
        match source.word(*cursor) {
            "{" => {
                *cursor += 1;
                while *cursor < end && source.word(*cursor) != "}" {
                    use_tree(source, cursor, end, &path, leaves);
                    *cursor += usize::from(source.word(*cursor) == ",");
                }
                *cursor += 1;
                return;
            }
            "," | "}" => break,
            "::" => {}
            "as" => {
                leaves.push((path, source.word(*cursor + 1)));
                *cursor += 2;
                return;
            }
            "self" if !path.is_empty() => {}
            word => path.push(word),
        }
        *cursor += 1;
    }
    if let Some(name) = path.last().copied() {
        leaves.push((path, name));
    }
}

fn starts_upper(name: &str) -> bool {
    name.starts_with(|sign: char| sign.is_ascii_uppercase())
}

fn production_words<'a>(
    source: &'a Source,
    word: &'static str,
) -> impl Iterator<Item = (usize, u32)> + 'a {
    source.production().filter(move |at| source.word(*at) == word).map(|at| (at, source.line(at)))
}
