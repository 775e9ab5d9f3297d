//! Work that is under way, shared by all who ask for the same.
//!
//! In come a key and the work; out comes a future of its result. While the work for a key is under
//! way, whoever joins with an equal key waits for the same result; as soon as it has ended, nothing
//! of it is kept. Nobody waits to be joined: the first begins at once.
//!
//! It knows neither HTTP nor GraphQL. What must be in a key is its users' business.
//!
//! Invariants: keys are compared in full; the work goes on as long as anybody waits for it, also
//! when the first has gone, and is dropped with the last.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use foldhash::fast::RandomState;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared, WeakShared};

/// The work of one kind that is under way, by key.
#[derive(Debug)]
pub struct Shares<K, V: Clone> {
    under_way: Mutex<UnderWay<K, V>>,
    next: AtomicU64,
}

type UnderWay<K, V> = HashMap<Arc<K>, (u64, WeakShared<BoxFuture<'static, V>>), RandomState>;

impl<K, V: Clone> Default for Shares<K, V> {
    fn default() -> Self {
        Self { under_way: Mutex::new(HashMap::default()), next: AtomicU64::new(0) }
    }
}

impl<K, V> Shares<K, V>
where
    K: Hash + Eq + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    /// Joins the work for a key, or begins it.
    pub fn join<F>(
        self: &Arc<Self>,
        key: K,
        work: impl FnOnce() -> F,
    ) -> Shared<BoxFuture<'static, V>>
    where
        F: Future<Output = V> + Send + 'static,
    {
        let mut under_way = self.lock();
        let joined = under_way.get(&key).and_then(|(_, work)| work.upgrade());
        if let Some(joined) = joined {
            return joined;
        }
        let (key, number) = (Arc::new(key), self.next.fetch_add(1, Ordering::Relaxed));
        let entry = Entry { shares: Arc::clone(self), key: Arc::clone(&key), number };
        let work = work();
        let work = async move {
            let _entry = entry;
            work.await
        };
        let work = work.boxed().shared();
        if let Some(weak) = work.downgrade() {
            under_way.insert(key, (number, weak));
        }
        work
    }

    /// How much work is under way.
    pub fn len(&self) -> usize {
        self.lock().len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<K, V: Clone> Shares<K, V> {
    fn lock(&self) -> MutexGuard<'_, UnderWay<K, V>> {
        // No code of others runs under the lock, and a map is whole between two calls.
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The place of some work in the map: given back when the work ends or is dropped.
struct Entry<K: Hash + Eq, V: Clone> {
    shares: Arc<Shares<K, V>>,
    key: Arc<K>,
    number: u64,
}

impl<K: Hash + Eq, V: Clone> Drop for Entry<K, V> {
    fn drop(&mut self) {
        let mut under_way = self.shares.lock();
        // Others may have begun the same anew between the last one's leaving and now.
        if under_way.get(&self.key).is_some_and(|(number, _)| *number == self.number) {
            under_way.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;
    use std::time::Duration;

    use tokio::sync::Notify;

    use super::*;

    type Numbers = Arc<Shares<&'static str, usize>>;

    #[tokio::test]
    async fn work_is_done_once_for_those_who_wait_together_and_again_later() {
        let shares = Numbers::default();
        let (begun, go) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
        let ask = || {
            let (begun, go) = (Arc::clone(&begun), Arc::clone(&go));
            shares.join("same", || async move {
                let number = begun.fetch_add(1, Ordering::SeqCst);
                go.notified().await;
                number
            })
        };
        let (first, second) = (ask(), ask());
        assert_eq!(shares.len(), 1);
        go.notify_one();
        assert_eq!((first.await, second.await), (0, 0));
        assert!(shares.is_empty());
        let third = ask();
        go.notify_one();
        assert_eq!(third.await, 1);
    }

    #[tokio::test]
    async fn other_keys_are_other_work() {
        let shares = Numbers::default();
        let one = shares.join("one", || async { 1 });
        let two = shares.join("two", || async { 2 });
        assert_eq!(shares.len(), 2);
        assert_eq!((one.await, two.await), (1, 2));
    }

    #[tokio::test]
    async fn work_outlives_the_first_and_not_the_last() {
        let shares = Numbers::default();
        let go = Arc::new(Notify::new());
        let wait = Arc::clone(&go);
        let mut first = shares.join("same", || async move {
            wait.notified().await;
            7
        });
        assert!((&mut first).now_or_never().is_none());
        let second = shares.join("same", || async { unreachable!("it is under way") });
        drop(first);
        go.notify_one();
        assert_eq!(second.await, 7);

        let never = shares.join("same", std::future::pending::<usize>);
        assert_eq!(shares.len(), 1);
        drop(never);
        assert!(shares.is_empty());
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn many_threads_leave_nothing_behind() {
        let shares = Numbers::default();
        let tasks = (0..400).map(|turn| {
            let shares = Arc::clone(&shares);
            tokio::spawn(async move {
                let work = shares.join(["a", "b"][turn % 2], || async move {
                    tokio::task::yield_now().await;
                    turn
                });
                if turn % 3 > 0 {
                    let got = tokio::time::timeout(Duration::from_secs(10), work).await;
                    assert_eq!(got.unwrap() % 2, turn % 2);
                }
            })
        });
        for task in tasks.collect::<Vec<_>>() {
            task.await.unwrap();
        }
        assert!(shares.is_empty());
    }
}
