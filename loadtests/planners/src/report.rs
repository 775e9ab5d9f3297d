//! The comparison in numbers: a line for each operation, and medians.

use std::time::Duration;

use plan::Price;

use crate::shape::Shape;

/// What came of one operation.
pub(crate) struct Line {
    pub(crate) name: String,
    pub(crate) ours: Shape,
    pub(crate) theirs: Result<Shape, String>,
    pub(crate) our_times: Vec<Duration>,
    pub(crate) their_times: Vec<Duration>,
}

/// How ours stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Better,
    Equal,
    /// More of one, fewer of the other, and a lower price.
    Traded,
    Dominated,
    /// The other has no plan, or one that lacks what was asked for.
    Alone,
}

/// All lines so far.
#[derive(Default)]
pub(crate) struct Report {
    lines: Vec<(Line, Verdict)>,
    /// Where the lines of the current set begin.
    begun: usize,
}

impl Report {
    pub(crate) fn begin(&mut self, title: &str) {
        self.begun = self.lines.len();
        println!("\n## {title}\n");
        println!(
            "| operation | requests | waves | price | ours | Hive | times | |\n\
             |---|---:|---:|---:|---:|---:|---:|---|"
        );
    }

    pub(crate) fn add(&mut self, line: Line) {
        let verdict = verdict(&line);
        print(&line, verdict);
        self.lines.push((line, verdict));
    }

    pub(crate) fn end(&self) {
        summary(&self.lines[self.begun..]);
    }

    /// The whole; the result is how many of our plans are dominated.
    pub(crate) fn finish(&self) -> usize {
        println!("\n## all\n");
        summary(&self.lines);
        let named = |wanted: Verdict| -> Vec<&str> {
            let of = self.lines.iter().filter(|(_, verdict)| *verdict == wanted);
            of.map(|(line, _)| line.name.as_str()).collect()
        };
        for (title, verdict) in [
            ("better", Verdict::Better),
            ("fewer of one for more of the other, at a lower price", Verdict::Traded),
            ("dominated", Verdict::Dominated),
            ("no sound plan of Hive's", Verdict::Alone),
        ] {
            let names = named(verdict);
            if !names.is_empty() {
                println!("\n{title}: {}", names.join(", "));
            }
        }
        named(Verdict::Dominated).len()
    }
}

fn verdict(line: &Line) -> Verdict {
    let theirs = match &line.theirs {
        Ok(theirs) if theirs.missing.is_empty() && theirs.unsound.is_empty() => &theirs.price,
        _ => return Verdict::Alone,
    };
    let ours = &line.ours.price;
    let (more, fewer) = (
        ours.requests > theirs.requests || ours.waves > theirs.waves,
        ours.requests < theirs.requests || ours.waves < theirs.waves,
    );
    match (more, fewer) {
        (false, false) => Verdict::Equal,
        (false, true) => Verdict::Better,
        (true, true) if ours.thousandths() < theirs.thousandths() => Verdict::Traded,
        _ => Verdict::Dominated,
    }
}

fn print(line: &Line, verdict: Verdict) {
    let name = &line.name;
    let ours = &line.ours.price;
    let word = match verdict {
        Verdict::Better => "better",
        Verdict::Equal => "equal",
        Verdict::Traded => "traded, lower price",
        Verdict::Dominated => "**dominated**",
        Verdict::Alone => "",
    };
    let proven = if line.ours.optimal == Some(true) { "" } else { " (not proven least)" };
    let time = median(&line.our_times);
    let theirs = match &line.theirs {
        Ok(theirs) => theirs,
        Err(why) => {
            println!(
                "| {name} | {} – | {} – | {} – | {} | – | – | Hive has no plan: {}{proven} |",
                ours.requests,
                ours.waves,
                price(ours),
                milliseconds(time),
                why.lines().next().unwrap_or_default()
            );
            return;
        }
    };
    let lacks = match (theirs.missing.as_slice(), theirs.unsound.as_slice()) {
        ([first, ..], _) => format!("Hive's lacks {} leaves, {first} first", theirs.missing.len()),
        (_, [first, ..]) => format!("Hive's is not sound: {first}"),
        _ => String::new(),
    };
    let their_time = median(&line.their_times);
    let their = &theirs.price;
    println!(
        "| {name} | {} {} | {} {} | {} {} | {} | {} | {:.2} | {word}{lacks}{proven} |",
        ours.requests,
        their.requests,
        ours.waves,
        their.waves,
        price(ours),
        price(their),
        milliseconds(time),
        milliseconds(their_time),
        ratio(line),
    );
}

/// Our time as a part of theirs.
fn ratio(line: &Line) -> f64 {
    median(&line.our_times).as_secs_f64() / median(&line.their_times).as_secs_f64()
}

fn summary(lines: &[(Line, Verdict)]) {
    let count = |wanted: Verdict| lines.iter().filter(|(_, verdict)| *verdict == wanted).count();
    let both: Vec<&Line> = lines
        .iter()
        .filter(|(line, _)| line.theirs.as_ref().is_ok_and(|theirs| theirs.missing.is_empty()))
        .map(|(line, _)| line)
        .collect();
    let mut ratios: Vec<f64> = both.iter().map(|line| ratio(line)).collect();
    ratios.sort_by(f64::total_cmp);
    let middle =
        |of: fn(&Line) -> Duration| median(&both.iter().map(|line| of(line)).collect::<Vec<_>>());
    println!(
        "\n{} operations: {} better, {} equal, {} traded, {} dominated, {} without a sound plan of \
         Hive's; {} of ours proven least",
        lines.len(),
        count(Verdict::Better),
        count(Verdict::Equal),
        count(Verdict::Traded),
        count(Verdict::Dominated),
        count(Verdict::Alone),
        lines.iter().filter(|(line, _)| line.ours.optimal == Some(true)).count(),
    );
    if ratios.is_empty() {
        return;
    }
    println!(
        "cold time, normalise and plan: median {} ours, {} Hive's; ours as a part of Hive's: median \
         {:.2}, least {:.2}, most {:.2}",
        milliseconds(middle(|line| median(&line.our_times))),
        milliseconds(middle(|line| median(&line.their_times))),
        ratios[ratios.len() / 2],
        ratios[0],
        ratios[ratios.len() - 1],
    );
}

fn price(price: &Price) -> String {
    format!("{:.1}", price.thousandths() as f64 / 1_000.0)
}

fn milliseconds(time: Duration) -> String {
    format!("{:.3} ms", time.as_secs_f64() * 1_000.0)
}

fn median(times: &[Duration]) -> Duration {
    let mut times = times.to_vec();
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
