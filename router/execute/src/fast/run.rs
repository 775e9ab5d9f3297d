//! Running the fetches of a program: each starts when those that it waits for have ended.

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;
use foldhash::fast::RandomState;
use futures_util::FutureExt;
use futures_util::stream::{FuturesUnordered, StreamExt};
use json::quoted;

use super::Unusual;
use super::cells::{Cell, Store, Table};
use super::gather::{Gather, Gathered, link};
use super::program::{How, Program};
use super::reading::Reading;
use super::reuse::{Known, with_told};
use super::write::{Written, write};
use crate::answer::{Answer, Call, Data};
use crate::execution::{Execution, Options};
use crate::port::SubgraphRequest;
use crate::run::{Answered, Begun, UnderWay};

/// Runs the program of the execution's plan. When something unusual comes, the result is what the
/// reference executor needs to finish the run.
pub(crate) async fn run<'a>(
    execution: &'a Execution<'a>,
    program: &'a Program,
) -> Result<Answer, Begun<'a>> {
    let fetches = &execution.plan.fetches;
    let mut run = Run {
        execution,
        program,
        store: Store::new(program),
        hasher: RandomState::default(),
        waiting: fetches.iter().map(|fetch| fetch.after.len()).collect(),
        gathered: (0..fetches.len()).map(|_| Vec::new()).collect(),
        calls: Vec::new(),
        known: Known::default(),
        begun: Begun::default(),
        turn: 0,
        under_way: FuturesUnordered::new(),
    };
    let ready = (0..fetches.len()).filter(|at| run.waiting[*at] == 0).collect();
    let mut usual = run.start(ready);
    while usual.is_ok() {
        let Some((index, answered)) = run.under_way.next().await else { break };
        usual = run.take(index, &answered);
        run.begun.answered.push_back((index, answered));
        if usual.is_ok() {
            let ready = run.ended(index);
            usual = run.start(ready);
        }
    }
    let written = match usual {
        Ok(()) => run.write(),
        Err(Unusual) => Err(Unusual),
    };
    match written {
        Ok(Written { text, cost }) => {
            Ok(Answer { data: Data::Text { text, cost }, errors: Vec::new(), calls: run.calls })
        }
        Err(Unusual) => Err(Begun { under_way: run.under_way, ..run.begun }),
    }
}

struct Run<'a> {
    execution: &'a Execution<'a>,
    program: &'a Program,
    store: Store,
    hasher: RandomState,
    /// For each fetch, how many it still waits for.
    waiting: Vec<usize>,
    /// For each fetch, what its parts are about.
    gathered: Vec<Vec<Gathered>>,
    calls: Vec<Call>,
    known: Known,
    begun: Begun<'a>,
    /// How many fetches have ended.
    turn: u32,
    under_way: UnderWay<'a>,
}

impl Run<'_> {
    /// Starts fetches. One that has nothing to ask for ends at once.
    fn start(&mut self, mut ready: VecDeque<usize>) -> Result<(), Unusual> {
        while let Some(index) = ready.pop_front() {
            let program = self.program;
            let parts = &program.parts[program.fetches[index].parts.clone()];
            let gather = Gather {
                program,
                schema: self.execution.schema,
                store: &self.store,
                hasher: &self.hasher,
            };
            let gathered = parts.iter().map(|part| gather.part(part));
            let mut gathered = gathered.collect::<Result<Vec<Gathered>, Unusual>>()?;
            if program.fetches[index].shares {
                self.known.take_out(index, parts, &mut gathered, &self.hasher);
            }
            let nothing = parts.iter().zip(&gathered).all(|(part, gathered)| {
                let asked =
                    if part.entities.is_some() { gathered.count } else { gathered.targets.len() };
                asked == 0
            });
            if nothing {
                if gathered.iter().any(|gathered| !gathered.told.is_empty()) {
                    self.settle(index, Arc::default(), &gathered)?;
                }
                ready.extend(self.ended(index));
                continue;
            }
            let fetch = &self.execution.plan.fetches[index];
            let request = SubgraphRequest {
                fetch: index,
                subgraph: fetch.subgraph,
                kind: fetch.kind,
                body: self.body(index, &gathered),
                deadline: self.execution.deadline,
            };
            self.gathered[index] = gathered;
            self.begun.asked.insert(index);
            let answered = self.execution.upstream.send(request);
            self.under_way.push(async move { (index, answered.await) }.boxed());
        }
        Ok(())
    }

    /// The JSON body of a request, as the reference executor makes it.
    fn body(&self, index: usize, gathered: &[Gathered]) -> Bytes {
        let fetch = &self.execution.plan.fetches[index];
        let program = &self.program.fetches[index];
        let sent: usize = gathered.iter().map(|gathered| gathered.representations.len()).sum();
        let mut body = String::with_capacity(program.head.len() + sent + 64);
        body.push_str(&program.head);
        let mut before = ",\"variables\":{";
        for (name, value) in self.execution.variables {
            if fetch.variables.contains(name) {
                body.push_str(before);
                before = ",";
                body.push_str(&quoted(name));
                body.push(':');
                body.push_str(&value.to_string());
            }
        }
        let mut body = body.into_bytes();
        let parts = &self.program.parts[program.parts.clone()];
        for (part, gathered) in parts.iter().zip(gathered) {
            if let Some(entities) = &part.entities {
                body.extend_from_slice(before.as_bytes());
                before = ",";
                body.extend_from_slice(entities.variable.as_bytes());
                body.extend_from_slice(&gathered.representations);
                body.push(b']');
            }
        }
        body.extend_from_slice(if before == "," { b"}}" } else { b"}" });
        Bytes::from(body)
    }

    /// Counts a fetch as ended; the result is those that can start now.
    fn ended(&mut self, index: usize) -> VecDeque<usize> {
        let mut ready = VecDeque::new();
        for at in &self.program.fetches[index].before {
            self.waiting[*at] -= 1;
            if self.waiting[*at] == 0 {
                ready.push_back(*at);
            }
        }
        ready
    }

    /// Takes an answer in.
    fn take(&mut self, index: usize, answered: &Answered) -> Result<(), Unusual> {
        let answered = answered.as_ref().map_err(|_| Unusual)?;
        let program = self.program;
        let fetch = &program.fetches[index];
        let own = Reading::default();
        let shared = self.execution.options.tricks.shared_readings;
        let reading = if shared { &answered.reading } else { &own };
        let table = reading.table(&fetch.shapes, &answered.body, self.how())?;
        if fetch.needed.iter().any(|slot| table.cells.get(*slot) == Some(&Cell::Absent)) {
            return Err(Unusual);
        }
        let gathered = std::mem::take(&mut self.gathered[index]);
        self.settle(index, table, &gathered)
    }

    /// Takes in what came for a fetch, and what its parts need not ask for.
    fn settle(
        &mut self,
        index: usize,
        table: Arc<Table>,
        gathered: &[Gathered],
    ) -> Result<(), Unusual> {
        let program = self.program;
        let fetch = &program.fetches[index];
        let bytes = table.body.len();
        let of = (index, table);
        let table = with_told(program, &self.store, of, gathered, self.how())?;
        self.store.tables[index] = table;
        self.store.turns[index] = self.turn;
        self.turn += 1;
        for it in fetch.parts.clone().zip(gathered) {
            link(program, &mut self.store, it, index)?;
        }
        if fetch.shares {
            self.known.keep(index, &program.parts[fetch.parts.clone()], gathered);
        }
        let reused: usize = gathered.iter().map(|gathered| gathered.reused(index)).sum();
        let positions: usize = gathered.iter().map(|gathered| gathered.targets.len()).sum();
        self.calls.push(Call {
            fetch: index,
            subgraph: self.execution.plan.fetches[index].subgraph,
            representations: gathered.iter().map(|gathered| gathered.count).sum(),
            positions: positions - reused,
            reused,
            bytes,
            errors: 0,
            failed: None,
            detail: None,
        });
        Ok(())
    }

    fn how(&self) -> How {
        let Options { json_depth, tricks, .. } = self.execution.options;
        How { depth: json_depth.get(), ordered: tricks.expected_order }
    }

    fn write(&self) -> Result<Written, Unusual> {
        let Execution { schema, variables, options, .. } = *self.execution;
        let store = &self.store;
        let cells = store.tables.iter().map(|it| it.cells.len() + it.items.len());
        let bodies = store.tables.iter().map(|it| it.body.len());
        let held = cells.sum::<usize>() * size_of::<Cell>() + bodies.sum::<usize>();
        let most = options.answer_bytes.get().checked_sub(held).ok_or(Unusual)?;
        write(self.program, schema, (store, variables), most)
    }
}
