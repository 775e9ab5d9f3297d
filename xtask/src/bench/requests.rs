//! What a request takes of the whole router: its instructions and its calls of the kernel.
//!
//! The router runs under callgrind, once for few requests and once for more; the difference is what
//! these took, without the start and the warm-up. What the kernel does is not counted.

use std::path::Path;
use std::process::Stdio;

use super::bed::{Bed, Load};
use super::callgrind::{Counts, counted, file};
use super::process::{Core, Running, free_port, pinned, wait_for};
use super::rivals::{Off, Setting, Sharing, ours};
use crate::chore::Failure;

/// Enough to be warmed up.
const FEW: usize = 100;

/// Requests that are counted.
pub(super) struct Requests<'a> {
    pub bed: &'a Bed,
    pub valgrind: &'a Path,
    /// How many, besides those of the warm-up.
    pub count: usize,
    pub connections: usize,
    pub sharing: Sharing,
}

/// What one of them took.
pub(super) struct Cost {
    pub instructions: f64,
    /// Calls of the kernel.
    pub calls: f64,
}

impl Requests<'_> {
    /// Counts, with something turned off.
    ///
    /// # Errors
    /// When a program fails, or an answer is wrong.
    pub(super) fn cost(&self, off: Option<Off>) -> Result<Cost, Failure> {
        let few = self.counts(off, FEW)?;
        let many = self.counts(off, FEW + self.count)?;
        let of = |event: &str| {
            let total = |counts: &Counts| counts.totals.get(event).copied().unwrap_or(0) as f64;
            (total(&many) - total(&few)) / self.count as f64
        };
        Ok(Cost { instructions: of("Ir"), calls: of("sysCount") })
    }

    /// What the router does from its start to its end, with so many requests.
    fn counts(&self, off: Option<Off>, requests: usize) -> Result<Counts, Failure> {
        let port = free_port()?;
        let (supergraph, out) = (self.bed.supergraph(), file("router.out")?);
        let (folder, sharing) = (self.bed.folder(), self.sharing);
        let setting = Setting { supergraph: &supergraph, folder, port, sharing };
        let command = ours(off).command(&setting)?;
        // A file of an earlier run must not pass for this one's.
        let _ = std::fs::remove_file(&out);
        let command = counted(self.valgrind, &command, &out, &["--collect-systime=usec"]);
        let mut command = pinned(command, Core::Router);
        let router = Running::start(command.stdout(Stdio::null()).stderr(Stdio::null()))?;
        wait_for(port)?;
        let connections = self.connections;
        let load = Load { connections, seconds: 300, rate: None, count: Some(requests) };
        let loaded = self.bed.load((port, "/graphql"), load)?;
        if loaded.wrong > 0.0 || loaded.requests as usize != requests {
            return Err(format!(
                "{} of {} answers were wrong, of {requests} requests",
                loaded.wrong, loaded.requests
            ));
        }
        router.end()?;
        Counts::read(&out)
    }
}
