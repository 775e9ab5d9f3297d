//! A loader: many `load(key)` calls, one SQL statement.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex},
    task::{Poll, Waker},
};

use super::{lock::lock, session::Session, sql::Sql};
use crate::fault::Fault;

/// Fetches the values of all keys; a key that is missing in the answer has no value.
pub(crate) type Fetch<K, V> = fn(&Sql<'_>, &[K]) -> Result<HashMap<K, V>, Fault>;

/// Loads values by key for one request, each key at most once.
pub(crate) struct Loader<K, V> {
    session: Session,
    fetch: Fetch<K, V>,
    state: Arc<Mutex<State<K, V>>>,
}

struct State<K, V> {
    slots: HashMap<K, Slot<V>>,
    /// Keys that the next job will fetch.
    queued: Vec<K>,
    /// The session's count of writes when the slots were filled.
    writes: u64,
}

enum Slot<V> {
    Waiting(Vec<Waker>),
    Done(Result<Option<V>, Fault>),
}

impl<K, V> Loader<K, V>
where
    K: Clone + Eq + Hash + Send + 'static,
    V: Clone + Send + 'static,
{
    pub(crate) fn new(session: &Session, fetch: Fetch<K, V>) -> Self {
        let state = State { slots: HashMap::new(), queued: Vec::new(), writes: 0 };
        Self { session: Session::clone(session), fetch, state: Arc::new(Mutex::new(state)) }
    }

    /// The value of `key`, or `None` when there is none.
    pub(crate) async fn load(&self, key: K) -> Result<Option<V>, Fault> {
        std::future::poll_fn(move |context| self.poll(&key, context.waker())).await
    }

    /// The value of `key`, for keys that always have one, such as the count of something.
    pub(crate) async fn load_or_default(&self, key: K) -> Result<V, Fault>
    where
        V: Default,
    {
        Ok(self.load(key).await?.unwrap_or_default())
    }

    fn poll(&self, key: &K, waker: &Waker) -> Poll<Result<Option<V>, Fault>> {
        let mut state = lock(&self.state);
        let writes = self.session.writes();
        if state.writes != writes {
            state.writes = writes;
            state.slots.retain(|_, slot| matches!(slot, Slot::Waiting(_)));
        }
        match state.slots.get_mut(key) {
            Some(Slot::Done(result)) => return Poll::Ready(result.clone()),
            Some(Slot::Waiting(wakers)) => wakers.push(waker.clone()),
            None => {
                state.slots.insert(key.clone(), Slot::Waiting(vec![waker.clone()]));
                state.queued.push(key.clone());
                if state.queued.len() == 1 {
                    self.queue_fetch();
                }
            }
        }
        Poll::Pending
    }

    fn queue_fetch(&self) {
        let (state, fetch) = (self.state.clone(), self.fetch);
        self.session.queue(Box::new(move |sql| {
            let keys = std::mem::take(&mut lock(&state).queued);
            let mut fetched = fetch(sql, &keys);
            let mut state = lock(&state);
            for key in keys {
                let result = match &mut fetched {
                    Ok(values) => Ok(values.remove(&key)),
                    Err(fault) => Err(fault.clone()),
                };
                if let Some(Slot::Waiting(wakers)) = state.slots.insert(key, Slot::Done(result)) {
                    wakers.into_iter().for_each(Waker::wake);
                }
            }
        }));
    }
}
