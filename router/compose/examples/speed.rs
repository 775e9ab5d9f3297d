//! Large sets of subgraphs, made by a seed, and how long it takes to compose them again and again.
//!
//! `speed make FOLDER SUBGRAPHS TYPES SEED` writes a set with so many types in all, and the file
//! `supergraph.yaml` that `tributary compose` reads; `speed warm FOLDER ROUNDS` composes it so
//! often in one process, and prints the milliseconds of each round, one to a line.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::Instant;

use tributary_compose::{Options, SubgraphSource, compose};

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let number = |text: &str| text.parse::<usize>().expect("it is a number");
    match words.as_slice() {
        ["make", folder, subgraphs, types, seed] => {
            make(Path::new(folder), number(subgraphs), number(types), number(seed) as u64);
        }
        ["warm", folder, rounds] => warm(Path::new(folder), number(rounds)),
        _ => {
            eprintln!("speed make FOLDER SUBGRAPHS TYPES SEED | speed warm FOLDER ROUNDS");
            std::process::exit(2);
        }
    }
}

fn make(folder: &Path, subgraphs: usize, types: usize, seed: u64) {
    fs::create_dir_all(folder).expect("the folder can be made");
    let mut config = String::from("federation_version: 2\nsubgraphs:\n");
    let mut world = World { subgraphs, each: types / subgraphs, state: seed };
    for subgraph in 0..subgraphs {
        let file = format!("s{subgraph}.graphql");
        fs::write(folder.join(&file), world.file(subgraph)).expect("the file can be written");
        let _ = write!(
            config,
            "  s{subgraph}:\n    routing_url: http://s{subgraph}\n    schema: {{file: ./{file}}}\n"
        );
    }
    fs::write(folder.join("supergraph.yaml"), config).expect("the file can be written");
}

fn warm(folder: &Path, rounds: usize) {
    let mut sources = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("it can be read").path();
        if path.extension().is_some_and(|extension| extension == "graphql") {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let sdl = fs::read_to_string(&path).expect("the file can be read");
            let url = format!("http://{name}");
            sources.push(SubgraphSource { file: format!("{name}.graphql"), name, url, sdl });
        }
    }
    for _ in 0..rounds {
        let started = Instant::now();
        if let Err(report) = compose(&sources, &Options::default()) {
            panic!("the set must compose: {report}");
        }
        println!("{:.3}", started.elapsed().as_secs_f64() * 1_000.0);
    }
}

/// The set: each subgraph owns some types and extends those of others.
struct World {
    subgraphs: usize,
    /// Types that each subgraph owns.
    each: usize,
    state: u64,
}

const LINK: &str = "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.9\", import: \
                    [\"@key\", \"@shareable\", \"@external\", \"@requires\", \"@provides\", \
                    \"@tag\", \"@override\"])\n";

impl World {
    fn below(&mut self, n: usize) -> usize {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % n.max(1) as u64) as usize
    }

    /// The file of a subgraph; every seventh is of federation 1.
    fn file(&mut self, s: usize) -> String {
        let old = s % 7 == 6;
        let mut out = if old { String::new() } else { LINK.to_owned() };
        let shareable = if old { "" } else { " @shareable" };
        let _ = writeln!(
            out,
            "type Query {{\n  \"The first of subgraph {s}\"\n  q{s}(first: Int = 10, in: In{s}): [T{s}_0!]!\n  \
             n{s}: Named{s}\n  u{s}: Union{s}\n  v{s}: Money\n}}\n\
             type Money{shareable} {{ amount: Int currency: String units: [Float!] }}\n\
             enum E{s} {{ ONE TWO THREE }}\n\
             input In{s} {{ least: Int! words: [String!] = [\"a\"] e: E{s} }}\n\
             interface Named{s} {{ name(upper: Boolean): String }}\n\
             union Union{s} = T{s}_0 | T{s}_1"
        );
        for own in 0..self.each {
            self.own(s, own, old, &mut out);
        }
        for _ in 0..self.each / 8 {
            self.extended(s, old, &mut out);
        }
        out
    }

    fn own(&mut self, s: usize, own: usize, old: bool, out: &mut String) {
        let tag = if !old && self.below(4) == 0 { " @tag(name: \"internal\")" } else { "" };
        let (next, list) = (self.below(self.each), self.below(self.each));
        let _ = writeln!(
            out,
            "\"\"\"\nThe type {own} of subgraph {s}.\n\"\"\"\n\
             type T{s}_{own} implements Named{s} @key(fields: \"id\") {{\n  id: ID!\n  \
             name(upper: Boolean): String{tag}\n  price: Float\n  field{own}: Int!\n  \
             next: T{s}_{next}\n  list(in: In{s}, first: Int): [T{s}_{list}!]\n  e: E{s}\n  \
             \"What it costs\"\n  cost: Money\n}}"
        );
    }

    /// A type of another subgraph, with fields that this one adds.
    fn extended(&mut self, s: usize, old: bool, out: &mut String) {
        let (other, ty) = (self.below(self.subgraphs), self.below(self.each));
        let name = format!("type T{other}_{ty} ");
        if other == s || out.contains(&name) {
            return;
        }
        let (extend, external) = if old { ("extend ", " @external") } else { ("", "") };
        let mine = self.below(self.each);
        let _ = writeln!(
            out,
            "{extend}{name}@key(fields: \"id\") {{\n  id: ID!{external}\n  price: Float @external\n  \
             tax{s}: String @requires(fields: \"price\")\n  back{s}: T{s}_{mine}\n  extra{s}: [Int]\n}}"
        );
    }
}
