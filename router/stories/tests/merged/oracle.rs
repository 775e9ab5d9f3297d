//! The oracle of composition, a process: some cases run on its supergraph too.

use json::Json;
use trials::Node;

use crate::case::Texts;

const PROGRAM: &str = include_str!("supergraph.mjs");

/// One process of the oracle.
pub(crate) struct Oracle(Node);

impl Oracle {
    /// Starts it, where `TRIBUTARY_ORACLE` says that it is installed.
    pub(crate) fn start() -> Option<Self> {
        let folder = trials::oracle(None)?;
        Some(Self(Node::new(&folder, PROGRAM).expect("the folder of the oracle can be written")))
    }

    /// The supergraph of a case; the error is why it is refused.
    pub(crate) fn compose(&mut self, texts: &Texts) -> Result<String, String> {
        let subgraph = |(name, sdl, _): &(String, String, String)| {
            Json::from_iter([
                ("name", Json::from(name.as_str())),
                ("sdl", Json::from(sdl.as_str())),
            ])
        };
        let subgraphs: Json = texts.subgraphs.iter().map(subgraph).collect();
        let question = Json::from_iter([("subgraphs", subgraphs)]).to_string();
        let line = self.0.ask(&question).ok_or("died, or was too slow")?;
        let answer = json::parse(line.trim().as_bytes(), 10).expect("the oracle answers in JSON");
        match answer.get("supergraph").and_then(Json::as_str) {
            Some(supergraph) => Ok(supergraph.to_owned()),
            None => Err(answer.get("why").and_then(Json::as_str).unwrap_or("died").to_owned()),
        }
    }
}
