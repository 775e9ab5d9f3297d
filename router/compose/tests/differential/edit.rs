//! Changes one place of a text, as a person would who types.

use std::ops::Range;

use tributary_compose::SubgraphSource;

use trials::Dice;

/// What may be put behind a type, a field, an argument or a value.
const DIRECTIVES: &[&str] = &[
    "@key(fields: \"id\")",
    "@key(fields: \"id\", resolvable: false)",
    "@external",
    "@shareable",
    "@inaccessible",
    "@requires(fields: \"id\")",
    "@requires(fields: \"name\")",
    "@provides(fields: \"id\")",
    "@provides(fields: \"name\")",
    "@override(from: \"a\")",
    "@override(from: \"b\", label: \"percent(5)\")",
    "@tag(name: \"t\")",
    "@extends",
    "@interfaceObject",
    "@authenticated",
    "@requiresScopes(scopes: [[\"s\"]])",
    "@policy(policies: [[\"p\"]])",
    "@context(name: \"user\")",
    "@fromContext(field: \"$user { id }\")",
    "@cost(weight: 3)",
    "@listSize(assumedSize: 9)",
    "@cacheTag(format: \"x\")",
    "@deprecated",
    "@deprecated(reason: \"r\")",
];

const TYPES: &[&str] = &["Int", "String", "ID", "Float", "Boolean"];

/// Far above what any set has.
const LIMITS: sdl::Limits = sdl::Limits { bytes: 1 << 20, tokens: 1 << 20, nesting: 100 };

/// A word of GraphQL: a name with its `@` or `$`, a string, or a single sign.
struct Token {
    at: Range<usize>,
    /// How many brackets are open around it.
    depth: usize,
    /// Whether it stands between `(` and `)`.
    inside: bool,
}

fn tokens(text: &str) -> Vec<Token> {
    let mut out = Vec::new();
    let (mut at, mut depth, mut round) = (0, 0, 0);
    let links = text.rfind("@link(").unwrap_or(0);
    let links_end = links + text[links..].find(')').unwrap_or(0) * usize::from(links > 0);
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let word = |from: usize| {
            let tail = &rest[from..];
            let end = tail.find(|c: char| !c.is_alphanumeric() && c != '_');
            from + end.unwrap_or(tail.len())
        };
        let length = match first {
            '"' if rest.starts_with("\"\"\"") => rest[3..].find("\"\"\"").map_or(3, |end| end + 6),
            '"' => rest[1..].find('"').map_or(1, |end| end + 2),
            '#' => rest.find('\n').unwrap_or(rest.len()),
            '@' | '$' => word(1),
            _ if first.is_alphanumeric() || first == '_' => word(0),
            _ => first.len_utf8(),
        };
        if matches!(first, '}' | ')') {
            depth = usize::saturating_sub(depth, 1);
            round = usize::saturating_sub(round, usize::from(first == ')'));
        }
        // What is imported has an edit of its own.
        let linked = at < links_end;
        if !first.is_whitespace() && !matches!(first, '#' | ',') && !linked {
            out.push(Token { at: at..at + length, depth, inside: round > 0 });
        }
        if matches!(first, '{' | '(') {
            depth += 1;
            round += usize::from(first == '(');
        }
        at += length;
    }
    out
}

/// Changes one place of one subgraph, or drops a subgraph.
pub(crate) fn edit(sources: &mut Vec<SubgraphSource>, dice: &mut Dice) {
    let at = dice.below(sources.len());
    if dice.chance(2) && sources.len() > 1 {
        sources.remove(at);
        return;
    }
    let other = dice.pick(sources).sdl.clone();
    let source = &mut sources[at];
    // Not each edit finds a place in each text, or leaves GraphQL.
    for _ in 0..20 {
        if let Some(changed) = changed(&source.sdl, &other, dice)
            && changed != source.sdl
            && sdl::parse(&changed, LIMITS).is_ok()
        {
            source.sdl = changed;
            return;
        }
    }
}

fn changed(text: &str, other: &str, dice: &mut Dice) -> Option<String> {
    let tokens = tokens(text);
    match dice.below(14) {
        0 | 1 => without_directive(text, &tokens, dice),
        2..=4 => with_directive(text, &tokens, dice),
        5 | 6 => other_type(text, &tokens, dice),
        7 => other_name(text, &tokens, dice),
        8 => without_line(text, dice),
        9 => with_definition(text, other, dice),
        10 => other_string(text, other, dice),
        11 => other_keyword(text, &tokens, dice),
        12 => with_argument(text, &tokens, dice),
        _ => other_head(text, dice),
    }
}

fn put(text: &str, at: Range<usize>, by: &str) -> String {
    format!("{}{by}{}", &text[..at.start], &text[at.end..])
}

/// One of the tokens for which something holds.
fn one(tokens: &[Token], dice: &mut Dice, holds: impl Fn(usize, &Token) -> bool) -> Option<usize> {
    let known: Vec<usize> =
        (0..tokens.len()).filter(|index| holds(*index, &tokens[*index])).collect();
    (!known.is_empty()).then(|| *dice.pick(&known))
}

fn without_directive(text: &str, tokens: &[Token], dice: &mut Dice) -> Option<String> {
    let index = one(tokens, dice, |_, token| text[token.at.clone()].starts_with('@'))?;
    let mut end = tokens[index].at.end;
    if tokens.get(index + 1).is_some_and(|next| text[next.at.clone()] == *"(") {
        let depth = tokens[index].depth;
        let mut rest = tokens[index + 2..].iter();
        end = rest.find(|token| token.depth == depth)?.at.end;
    }
    Some(put(text, tokens[index].at.start..end, ""))
}

/// Adds a directive where one may stand, and imports it mostly.
fn with_directive(text: &str, tokens: &[Token], dice: &mut Dice) -> Option<String> {
    let directive = *dice.pick(DIRECTIVES);
    let on_type = dice.chance(25);
    let index = one(tokens, dice, |index, token| {
        let next = tokens.get(index + 1).map(|next| &text[next.at.clone()]);
        let before = index.checked_sub(1).map(|before| &text[tokens[before].at.clone()]);
        match on_type {
            true => {
                token.depth == 0
                    && next == Some("{")
                    && text[token.at.clone()].starts_with(char::is_uppercase)
            }
            false => token.depth > 0 && before == Some(":") && next != Some("!"),
        }
    })?;
    let mut after = index;
    // A list ends with its bracket.
    while let Some(next) = tokens.get(after + 1)
        && matches!(&text[next.at.clone()], "!" | "]")
    {
        after += 1;
    }
    if &text[tokens[index].at.clone()] == "[" {
        return None;
    }
    let end = tokens[after].at.end;
    let changed = put(text, end..end, &format!(" {directive}"));
    let name = directive.split('(').next().unwrap_or_default();
    let imported = name == "@deprecated" || text.contains(&format!("\"{name}\""));
    if imported || dice.chance(10) {
        return Some(changed);
    }
    let import = format!("import: [\"{name}\", ");
    Some(changed.replacen("import: [", &import, 1))
}

fn other_type(text: &str, tokens: &[Token], dice: &mut Dice) -> Option<String> {
    let is_type = |index: usize, token: &Token| {
        let before = index.checked_sub(1).map(|before| &text[tokens[before].at.clone()]);
        let word = &text[token.at.clone()];
        token.depth > 0
            && matches!(before, Some(":" | "["))
            && word.starts_with(|c: char| c.is_ascii_uppercase())
    };
    let index = one(tokens, dice, is_type)?;
    let at = tokens[index].at.clone();
    let word = &text[at.clone()];
    let bang = text[at.end..].starts_with('!');
    Some(match dice.below(4) {
        0 if bang => put(text, at.end..at.end + 1, ""),
        0 => put(text, at.end..at.end, "!"),
        1 => put(text, at.clone(), &format!("[{word}]")),
        2 => {
            let other = one(tokens, dice, is_type)?;
            put(text, at, &text[tokens[other].at.clone()])
        }
        _ => put(text, at, TYPES[dice.below(TYPES.len())]),
    })
}

fn other_name(text: &str, tokens: &[Token], dice: &mut Dice) -> Option<String> {
    let is_name = |_: usize, token: &Token| text[token.at.clone()].starts_with(char::is_alphabetic);
    let index = one(tokens, dice, is_name)?;
    let other = one(tokens, dice, is_name)?;
    Some(put(text, tokens[index].at.clone(), &text[tokens[other].at.clone()]))
}

fn without_line(text: &str, dice: &mut Dice) -> Option<String> {
    let lines: Vec<&str> = text.lines().collect();
    // A line with one bracket takes the others' sense away.
    let whole = |line: &str| {
        let count = |sign| line.matches(sign).count();
        !line.trim().is_empty() && count('{') == count('}') && count('(') == count(')')
    };
    let known: Vec<usize> = (0..lines.len()).filter(|index| whole(lines[*index])).collect();
    let index = (!known.is_empty()).then(|| *dice.pick(&known))?;
    let rest = lines.iter().enumerate().filter(|(at, _)| *at != index);
    Some(rest.fold(String::new(), |out, (_, line)| out + line + "\n"))
}

/// The definitions of a text: what stands between two names at its left edge.
fn definitions(text: &str) -> Vec<&str> {
    let mut starts: Vec<usize> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.starts_with(char::is_alphabetic) {
            starts.push(at);
        }
        at += line.len();
    }
    starts.push(text.len());
    starts.windows(2).map(|pair| &text[pair[0]..pair[1]]).collect()
}

/// Takes a definition from another subgraph, or a field of it.
fn with_definition(text: &str, other: &str, dice: &mut Dice) -> Option<String> {
    let taken = definitions(other);
    let taken = taken.get(dice.below(taken.len()))?;
    if dice.chance(40) {
        return Some(format!("{text}\n{taken}"));
    }
    let fields: Vec<&str> = taken.lines().filter(|line| line.starts_with("  ")).collect();
    let field = fields.get(dice.below(fields.len()))?;
    let places: Vec<usize> = text.match_indices("{\n").map(|(at, _)| at + 2).collect();
    let at = *places.get(dice.below(places.len()))?;
    Some(put(text, at..at, &format!("{field}\n")))
}

fn other_string(text: &str, other: &str, dice: &mut Dice) -> Option<String> {
    let strings = |text: &str| -> Vec<Range<usize>> {
        let found = tokens(text).into_iter().map(|token| token.at);
        found.filter(|at| text[at.clone()].starts_with('"') && at.len() > 1).collect()
    };
    let own = strings(text);
    let at = own.get(dice.below(own.len()))?.clone();
    let inside = text[at.clone()].trim_matches('"');
    Some(match dice.below(5) {
        0 => put(text, at, &format!("\"{inside} unknown\"")),
        1 => put(text, at, &format!("\"{inside} {{ id }}\"")),
        2 => put(text, at, "\"\""),
        3 => put(text, at, &format!("\"{}\"", inside.split(' ').next().unwrap_or_default())),
        _ => {
            let strings = strings(other);
            put(text, at, &other[strings.get(dice.below(strings.len()))?.clone()])
        }
    })
}

fn other_keyword(text: &str, tokens: &[Token], dice: &mut Dice) -> Option<String> {
    const KEYWORDS: &[&str] = &["type", "interface", "input", "enum", "union", "scalar"];
    let index = one(tokens, dice, |_, token| {
        token.depth == 0 && KEYWORDS.contains(&&text[token.at.clone()])
    })?;
    let at = tokens[index].at.clone();
    let before = index.checked_sub(1).map(|before| tokens[before].at.clone());
    if let Some(before) = before.filter(|before| text[before.clone()] == *"extend") {
        return Some(put(text, before, ""));
    }
    Some(match dice.below(3) {
        0 => put(text, at.start..at.start, "extend "),
        _ => put(text, at, KEYWORDS[dice.below(4)]),
    })
}

/// Adds an argument to a field, or a default to an argument.
fn with_argument(text: &str, tokens: &[Token], dice: &mut Dice) -> Option<String> {
    let index = one(tokens, dice, |index, token| {
        let next = tokens.get(index + 1).map(|next| &text[next.at.clone()]);
        token.depth > 0 && next == Some(":")
    })?;
    let end = tokens[index].at.end;
    if !tokens[index].inside {
        let argument = *dice.pick(&["(more: Int)", "(more: Int!)", "(id: ID = \"1\")"]);
        return Some(put(text, end..end, argument));
    }
    let rest = &text[end..];
    let at = end + rest.find([',', ')', '\n', '@'])?;
    let default =
        *dice.pick(&[" = 1 ", " = \"a\" ", " = null ", " = [1] ", " = {id: 1} ", " = A "]);
    Some(put(text, at..at, default))
}

/// Another version of federation, or an import that is gone.
fn other_head(text: &str, dice: &mut Dice) -> Option<String> {
    let version = text.find("/federation/v2.").map(|at| at + "/federation/v2.".len());
    if let Some(at) = version.filter(|_| dice.chance(60)) {
        let end = at + text[at..].find('"')?;
        let version = *dice.pick(&["0", "1", "3", "5", "7", "8", "9", "10", "11", "12", "13"]);
        return Some(put(text, at..end, version));
    }
    let from = text.find("import: [")?;
    let to = from + text[from..].find(']')?;
    let imports: Vec<(usize, &str)> = text[from..to].match_indices("\"@").collect();
    let at = from + imports.get(dice.below(imports.len()))?.0;
    let end = at + 1 + text[at + 1..].find('"')? + 1;
    Some(put(text, at..end, ""))
}
