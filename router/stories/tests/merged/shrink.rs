//! Makes a failing case small: the operation first, then the schemas, line by line, then the data.

use json::{Json, Object};

use crate::case::{Texts, Wrong};
use crate::operations::{Node, Operation};

/// How often a smaller case is tried.
const TRIES: usize = 3_000;

/// A failing case made small, told as a story under what is wrong.
pub(crate) fn shrink(texts: &Texts, operation: Operation, wrong: &Wrong) -> String {
    let mut shrink = Shrink { texts: texts.clone(), operation, class: wrong.class, tries: 0 };
    loop {
        let before = shrink.size();
        shrink.operation();
        shrink.schemas();
        if shrink.size() == before || shrink.tries > TRIES {
            break;
        }
    }
    shrink.data();
    let told = match shrink.wrong() {
        Some(last) => last.what,
        None => wrong.what.to_owned(),
    };
    let (text, variables) = (shrink.operation.text(), shrink.operation.variables());
    format!("{}: {told}\n\n{}", wrong.class, shrink.texts.story(Some((&text, &variables))))
}

struct Shrink {
    texts: Texts,
    operation: Operation,
    class: &'static str,
    tries: usize,
}

impl Shrink {
    fn size(&self) -> usize {
        let schemas = self.texts.subgraphs.iter().map(|(_, sdl, _)| sdl.len());
        schemas.sum::<usize>() + self.operation.text().len()
    }

    fn wrong(&self) -> Option<Wrong> {
        let stage = self.texts.set().ok()?;
        let (text, variables) = (self.operation.text(), self.operation.variables());
        self.texts.play(&stage, (&text, &variables)).err()
    }

    /// Whether it still fails in the same way.
    fn fails(&mut self) -> bool {
        self.tries += 1;
        self.tries <= TRIES && self.wrong().is_some_and(|wrong| wrong.class == self.class)
    }

    /// Drops selections, larger ones first, and lifts what is in a fragment.
    fn operation(&mut self) {
        let mut at = 0;
        while at < count(&self.operation.nodes) {
            let before = self.operation.clone();
            let mut left = at;
            remove(&mut self.operation.nodes, &mut left);
            if !self.fails() {
                self.operation = before;
                at += 1;
            }
        }
    }

    /// Drops whole subgraphs, then types, then fields.
    fn schemas(&mut self) {
        for number in (0..self.texts.subgraphs.len()).rev() {
            let before = self.texts.clone();
            self.texts.subgraphs.remove(number);
            if !self.fails() {
                self.texts = before;
            }
        }
        for number in 0..self.texts.subgraphs.len() {
            self.blocks(number);
            self.lines(number);
        }
    }

    fn blocks(&mut self, number: usize) {
        let mut at = 1;
        loop {
            let sdl = self.texts.subgraphs[number].1.to_owned();
            let blocks: Vec<&str> = sdl.split("\n\n").collect();
            if at >= blocks.len() {
                return;
            }
            let mut rest = blocks;
            rest.remove(at);
            self.texts.subgraphs[number].1 = rest.join("\n\n");
            if !self.texts.subgraphs[number].1.ends_with('\n') {
                self.texts.subgraphs[number].1.push('\n');
            }
            if !self.fails() {
                self.texts.subgraphs[number].1 = sdl;
                at += 1;
            }
        }
    }

    fn lines(&mut self, number: usize) {
        let mut at = 0;
        loop {
            let sdl = self.texts.subgraphs[number].1.to_owned();
            let lines: Vec<&str> = sdl.lines().collect();
            if at >= lines.len() {
                return;
            }
            if !lines[at].starts_with("  ") {
                at += 1;
                continue;
            }
            let rest: Vec<&str> = lines
                .iter()
                .enumerate()
                .filter(|(it, _)| *it != at)
                .map(|(_, line)| *line)
                .collect();
            self.texts.subgraphs[number].1 = rest.join("\n") + "\n";
            if !self.fails() {
                self.texts.subgraphs[number].1 = sdl;
                at += 1;
            }
        }
    }

    /// Drops data of which the schemas say nothing.
    fn data(&mut self) {
        for (_, sdl, data) in &mut self.texts.subgraphs {
            let known = |name: &str| {
                name.starts_with("__")
                    || sdl.contains(&format!(" {name}:"))
                    || sdl.contains(&format!(" {name}("))
            };
            let Ok(Json::Object(all)) = json::parse(data.as_bytes(), 200) else { continue };
            let mut text = String::from("{\n");
            for (name, value) in &all {
                let used = sdl.contains(&format!("type {name}"));
                if used {
                    let value = match value {
                        Json::List(rows) => rows.iter().map(|row| trimmed(row, &known)).collect(),
                        row => trimmed(row, &known),
                    };
                    text.push_str(&format!("  \"{name}\": {value},\n"));
                }
            }
            *data = text.trim_end_matches(",\n").to_owned() + "\n}\n";
        }
        if self.wrong().is_none_or(|wrong| wrong.class != self.class) {
            // What it shows is the case, cosmetics or not.
            self.class = "trimmed";
        }
    }
}

fn trimmed(row: &Json, known: &impl Fn(&str) -> bool) -> Json {
    let Json::Object(row) = row else { return row.to_owned() };
    let kept = row.iter().filter(|(name, _)| known(name));
    Json::Object(kept.map(|(name, value)| (name.to_owned(), value.to_owned())).collect::<Object>())
}

fn count(nodes: &[Node]) -> usize {
    nodes.iter().map(|node| 1 + count(&node.below)).sum()
}

/// Removes the selection of a number, counted from the outside in.
fn remove(nodes: &mut Vec<Node>, left: &mut usize) -> bool {
    for at in 0..nodes.len() {
        if *left == 0 {
            nodes.remove(at);
            return true;
        }
        *left -= 1;
        if remove(&mut nodes[at].below, left) {
            return true;
        }
    }
    false
}
