//! Large sets of subgraphs, made by a seed, and how long it takes to compose one again and again.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::Instant;

use compose::SubgraphSource;

/// A set with so many types in all.
pub(crate) fn sources(subgraphs: usize, types: usize, seed: u64) -> Vec<SubgraphSource> {
    let mut world = World { subgraphs, each: types / subgraphs, state: seed };
    let source = |s: usize| SubgraphSource {
        name: format!("s{s}"),
        url: format!("http://s{s}"),
        sdl: world.file(s),
        file: format!("s{s}.graphql"),
    };
    (0..subgraphs).map(source).collect()
}

/// Writes a set to a folder, with the file `supergraph.yaml` that `tributary compose` reads.
pub(crate) fn write(folder: &Path, sources: &[SubgraphSource]) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    let mut config = String::from("federation_version: 2\nsubgraphs:\n");
    for SubgraphSource { name, url, sdl, file } in sources {
        fs::write(folder.join(file), sdl)?;
        let _ =
            writeln!(config, "  {name}:\n    routing_url: {url}\n    schema: {{file: ./{file}}}");
    }
    fs::write(folder.join("supergraph.yaml"), config)
}

/// Composes a set again and again, and prints the milliseconds of each round, one to a line.
pub(crate) fn compose(sources: &[SubgraphSource], rounds: usize) -> Result<(), String> {
    for _ in 0..rounds {
        let started = Instant::now();
        compose::compose(sources, &compose::Options::default())
            .map_err(|report| report.to_string())?;
        println!("{:.3}", started.elapsed().as_secs_f64() * 1_000.0);
    }
    Ok(())
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
