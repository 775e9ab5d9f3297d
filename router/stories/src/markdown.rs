//! The blocks of a Markdown file.

/// A fenced block.
#[derive(Debug, Default)]
pub(crate) struct Block {
    /// What stands after the fence: `graphql subgraph=users`.
    pub(crate) info: String,
    /// What stands between the fences; each line ends with a newline.
    pub(crate) text: String,
    /// The line of the opening fence, from 1.
    pub(crate) line: usize,
    /// How many lines the text has.
    pub(crate) lines: usize,
}

/// The title and the blocks.
pub(crate) struct Page {
    pub(crate) title: String,
    pub(crate) blocks: Vec<Block>,
}

/// Reads a file.
pub(crate) fn read(text: &str) -> Result<Page, (usize, String)> {
    let first = text.lines().next().unwrap_or_default();
    let title = first
        .strip_prefix("# ")
        .ok_or_else(|| (1, "a story begins with a line `# Title`".to_owned()))?
        .to_owned();
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for (index, line) in text.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => {
                let info = info.trim().to_owned();
                open = Some(Block { info, text: String::new(), line: index + 1, lines: 0 });
            }
            (Some(block), Some("")) => {
                blocks.push(std::mem::take(block));
                open = None;
            }
            (Some(block), _) => {
                block.text.push_str(line);
                block.text.push('\n');
                block.lines += 1;
            }
            (None, None) => {}
        }
    }
    match open {
        Some(block) => Err((block.line, "the block is not closed".to_owned())),
        None => Ok(Page { title, blocks }),
    }
}
