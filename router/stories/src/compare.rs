//! Where two texts differ, shown line by line.

/// Both texts where they differ: lines expected with `-`, found with `+`.
pub(crate) fn difference(expected: &str, found: &str) -> String {
    let left: Vec<&str> = expected.lines().collect();
    let right: Vec<&str> = found.lines().collect();
    let same = |pair: &(&&str, &&str)| pair.0 == pair.1;
    let head = left.iter().zip(&right).take_while(same).count();
    let most = left.len().min(right.len()) - head;
    let tail = left.iter().rev().zip(right.iter().rev()).take(most).take_while(same).count();
    let mut text = String::new();
    let mut line = |sign: &str, line: &str| {
        text.push_str(&format!("    {sign} {line}\n"));
    };
    left[..head].iter().for_each(|it| line(" ", it));
    left[head..left.len() - tail].iter().for_each(|it| line("-", it));
    right[head..right.len() - tail].iter().for_each(|it| line("+", it));
    left[left.len() - tail..].iter().for_each(|it| line(" ", it));
    text
}
