//! What a connection is written to: a socket that can also be fed from memory of the kernel.
//!
//! Sending copies an answer into the kernel, which is most of what it costs to answer a request that
//! was answered already. Where several clients get the same answer at once, it is put into the kernel's
//! memory once, and the same pages are sent to all of them: from a pipe that holds them, from which each
//! answer takes them over, or from a file, if it is too large for a pipe or is sent in parts.
//!
//! Who writes the answer (hyper) knows nothing of it: it hands over slices of the body, and where a
//! slice is found to be part of a body that is in the kernel, that is sent.

use std::any::Any;
use std::io::{self, IoSlice};
use std::os::fd::OwnedFd;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use engine::Carried;
use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};
use tokio::net::TcpStream;

use super::memory::{self, Pipe};

/// Smaller answers are copied sooner than put there.
const SMALLEST: usize = 32 << 10;
/// What a pipe has room for; of larger answers there is only the file.
const ROOM: usize = 256 << 10;
/// How many pipes may be in use at once: each takes two of the files that a process may have open, for
/// as long as its reader takes. Whoever gets none is sent the file.
const MOST: usize = 256;
/// How many empty pipes are kept. One is in use from when an answer is begun until it is sent.
const SPARE: usize = 32;

/// A body that is in the kernel's memory too.
#[derive(Debug)]
pub(crate) struct InMemory {
    /// Kept as long as that is, so that nothing else can come to stand where it stands.
    body: Bytes,
    /// Its pages, for those who send it as a whole.
    pages: Option<Pipe>,
    /// A file of it, for those who send a part; made for the first of them.
    file: OnceLock<Option<OwnedFd>>,
}

impl InMemory {
    /// A body in memory, put there for the first who asks while others still wait for it.
    pub(crate) fn of(carried: &Carried, body: &Bytes) -> Option<Arc<Self>> {
        if body.len() < SMALLEST || (carried.get().is_none() && body.is_unique()) {
            return None;
        }
        let made = carried.get_or_init(|| {
            let (body, pages) = (Bytes::clone(body), pages(body));
            let made = Self { body, pages, file: OnceLock::new() };
            let made: Arc<dyn Any + Send + Sync> = Arc::new(made);
            Some(made)
        });
        Arc::clone(made.as_ref()?).downcast::<Self>().ok()
    }

    fn file(&self) -> io::Result<&OwnedFd> {
        let file = self.file.get_or_init(|| memory::file(&self.body).ok());
        file.as_ref().ok_or(io::ErrorKind::Unsupported.into())
    }

    /// Where in the body a slice stands that was cut from it.
    fn place(&self, slice: &[u8]) -> Option<u64> {
        let place = slice.as_ptr().addr().checked_sub(self.body.as_ptr().addr())?;
        let inside = place + slice.len() <= self.body.len();
        u64::try_from(place).ok().filter(|_| inside && !slice.is_empty())
    }
}

/// A pipe that holds a body.
fn pages(body: &[u8]) -> Option<Pipe> {
    if body.len() > ROOM {
        return None;
    }
    let pipe = Pipe::new(ROOM).ok()?;
    pipe.hold(body).ok()?;
    Some(pipe)
}

/// Empty pipes.
static EMPTY: Mutex<Vec<Pipe>> = Mutex::new(Vec::new());

/// How many pipes are in use.
static LENT: AtomicUsize = AtomicUsize::new(0);

/// One of the pipes that may be in use at once.
#[derive(Debug)]
struct Lent;

impl Lent {
    fn one() -> Option<Self> {
        let more = |lent| (lent < MOST).then_some(lent + 1);
        LENT.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).ok().map(|_| Self)
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        LENT.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What is left of a body that is sent from a pipe.
#[derive(Debug)]
struct Rest {
    body: Arc<InMemory>,
    pipe: Pipe,
    _lent: Lent,
    /// Where in the body it begins.
    place: u64,
    count: usize,
}

impl Rest {
    /// All of a body.
    fn of(body: &Arc<InMemory>) -> Option<Self> {
        let pages = body.pages.as_ref()?;
        let lent = Lent::one()?;
        let kept = EMPTY.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let pipe = match kept {
            Some(pipe) => pipe,
            None => Pipe::new(ROOM).ok()?,
        };
        // One that got a part of the pages is not used again.
        pipe.share(pages, body.body.len()).ok()?;
        Some(Self { body: Arc::clone(body), pipe, _lent: lent, place: 0, count: body.body.len() })
    }

    fn is(&self, body: &Arc<InMemory>, (place, count): (u64, usize)) -> bool {
        Arc::ptr_eq(&self.body, body) && (self.place, self.count) == (place, count)
    }

    fn send(&mut self, stream: &TcpStream) -> io::Result<usize> {
        let sent = self.pipe.send(stream, self.count)?;
        self.place += sent as u64;
        self.count = self.count.saturating_sub(sent);
        Ok(sent)
    }

    /// Keeps the pipe, if it is empty.
    fn end(self) {
        let mut kept = EMPTY.lock().unwrap_or_else(PoisonError::into_inner);
        if self.count == 0 && kept.len() < SPARE {
            kept.push(self.pipe);
        }
    }
}

/// The body that a connection is about to send, if it is in memory.
#[derive(Debug, Default)]
pub(crate) struct Next(Mutex<Option<Arc<InMemory>>>);

impl Next {
    pub(crate) fn set(&self, body: Option<Arc<InMemory>>) {
        *self.lock() = body;
    }

    fn get(&self) -> Option<Arc<InMemory>> {
        self.lock().as_ref().map(Arc::clone)
    }

    fn lock(&self) -> MutexGuard<'_, Option<Arc<InMemory>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A socket that can be fed from memory of the kernel.
#[derive(Debug)]
pub(crate) struct Outlet {
    stream: TcpStream,
    next: Arc<Next>,
    rest: Option<Rest>,
}

impl Outlet {
    pub(crate) fn new(stream: TcpStream, next: Arc<Next>) -> Self {
        Self { stream, next, rest: None }
    }

    /// Sends what stands before the body, and the body from memory.
    fn send(
        &mut self,
        context: &mut Context<'_>,
        (before, count): (&[u8], usize),
        (body, mut place): (&Arc<InMemory>, u64),
    ) -> Poll<io::Result<usize>> {
        loop {
            ready!(self.stream.poll_write_ready(context))?;
            let (stream, rest) = (&self.stream, &mut self.rest);
            let sent = stream.try_io(Interest::WRITABLE, || {
                let sent = match before {
                    [] => 0,
                    before => memory::send_and_more(stream, before)?,
                };
                if sent < before.len() {
                    return Ok(sent);
                }
                if rest.as_ref().is_none_or(|rest| !rest.is(body, (place, count))) {
                    let is_whole = count == body.body.len();
                    *rest = is_whole.then(|| Rest::of(body)).flatten();
                }
                let of_body = match rest {
                    Some(rest) => rest.send(stream),
                    None => body
                        .file()
                        .and_then(|file| memory::send_file(stream, file, &mut place, count)),
                };
                match of_body {
                    Ok(of_body) => Ok(sent + of_body),
                    // What stands before it is on its way; the rest is tried again.
                    Err(_) if sent > 0 => Ok(sent),
                    Err(error) => Err(error),
                }
            });
            match sent {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                sent => return Poll::Ready(sent),
            }
        }
    }
}

impl AsyncRead for Outlet {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Outlet {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let outlet = &mut *self;
        if let Some(body) = outlet.next.get() {
            let (before, slice): (&[u8], &[u8]) = match slices {
                [slice] => (&[], slice),
                [before, slice, ..] => (before, slice),
                [] => (&[], &[]),
            };
            if let Some(place) = body.place(slice) {
                match ready!(outlet.send(context, (before, slice.len()), (&body, place))) {
                    Ok(sent) => {
                        if sent == before.len() + slice.len() {
                            outlet.next.set(None);
                            if let Some(rest) = outlet.rest.take() {
                                rest.end();
                            }
                        }
                        return Poll::Ready(Ok(sent));
                    }
                    // If it is the connection that is broken, writing will tell.
                    Err(_) => {
                        outlet.next.set(None);
                        outlet.rest = None;
                    }
                }
            }
        }
        Pin::new(&mut outlet.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpSocket;

    use super::*;

    /// Held by tests that are about who gets a pipe.
    static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

    fn body(bytes: u32) -> Bytes {
        (0..bytes).map(|at| (at % 251) as u8).collect::<Vec<u8>>().into()
    }

    /// What arrives of a head and a body when the reader takes its time.
    async fn arrived(head: &[u8], sent: Bytes, next: Arc<Next>) -> Vec<u8> {
        let socket = TcpSocket::new_v4().unwrap();
        // So that it takes several turns.
        socket.set_send_buffer_size(20_000).unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let listener = socket.listen(1).unwrap();
        let connecting = TcpStream::connect(listener.local_addr().unwrap());
        let (accepted, connected) = tokio::join!(listener.accept(), connecting);
        let (mut outlet, mut client) = (Outlet::new(accepted.unwrap().0, next), connected.unwrap());
        let writing = async {
            let (mut head, mut body) = (head, &sent[..]);
            while !body.is_empty() {
                let slices = [IoSlice::new(head), IoSlice::new(body)];
                let slices = if head.is_empty() { &slices[1..] } else { &slices[..] };
                let wrote = outlet.write_vectored(slices).await.unwrap();
                let of_head = wrote.min(head.len());
                (head, body) = (&head[of_head..], &body[wrote - of_head..]);
            }
            outlet.shutdown().await.unwrap();
        };
        let reading = async {
            let mut all = Vec::new();
            let mut piece = vec![0; 100_000];
            loop {
                let read = client.read(&mut piece).await.unwrap();
                if read == 0 {
                    return all;
                }
                all.extend_from_slice(&piece[..read]);
                tokio::task::yield_now().await;
            }
        };
        tokio::join!(writing, reading).1
    }

    #[tokio::test]
    async fn what_is_sent_from_memory_is_the_body() {
        let _turn = TURN.lock().await;
        for bytes in [50_000, 250_000, 500_000] {
            let (carried, body) = (Carried::default(), body(bytes));
            let shared = Bytes::clone(&body);
            let kept = InMemory::of(&carried, &body).expect("it is in memory");
            assert_eq!(kept.pages.is_some(), body.len() <= ROOM);
            let again = InMemory::of(&carried, &shared).expect("there is one for all");
            assert!(Arc::ptr_eq(&kept, &again));
            let next = Arc::new(Next::default());
            let send = || {
                next.set(Some(Arc::clone(&kept)));
                arrived(b"head", Bytes::clone(&shared), Arc::clone(&next))
            };
            for _ in 0..3 {
                assert!(send().await == [b"head", &body[..]].concat());
                // It is let go as soon as it is sent.
                assert!(next.get().is_none());
            }
            assert_eq!(kept.file.get().is_some(), kept.pages.is_none());
        }
    }

    #[tokio::test]
    async fn a_part_of_a_body_is_sent_from_its_file() {
        let (carried, body) = (Carried::default(), body(100_000));
        let part = body.slice(30_000..);
        let kept = InMemory::of(&carried, &body).expect("it is in memory");
        let next = Arc::new(Next::default());
        next.set(Some(Arc::clone(&kept)));
        assert!(arrived(b"head", Bytes::clone(&part), next).await == [b"head", &part[..]].concat());
        assert!(kept.file.get().is_some());
    }

    #[tokio::test]
    async fn without_a_pipe_the_file_is_sent() {
        let _turn = TURN.lock().await;
        let (carried, body) = (Carried::default(), body(100_000));
        let shared = Bytes::clone(&body);
        let kept = InMemory::of(&carried, &body).expect("it is in memory");
        let all: Vec<Lent> = std::iter::from_fn(Lent::one).collect();
        assert!(Rest::of(&kept).is_none());
        let next = Arc::new(Next::default());
        next.set(Some(Arc::clone(&kept)));
        assert!(arrived(b"head", shared, next).await == [b"head", &body[..]].concat());
        assert!(kept.file.get().is_some());
        drop(all);
        assert!(Rest::of(&kept).is_some());
    }

    #[tokio::test]
    async fn another_body_is_sent_as_it_is() {
        let (carried, first) = (Carried::default(), body(100_000));
        let _others = Bytes::clone(&first);
        let next = Arc::new(Next::default());
        next.set(InMemory::of(&carried, &first));
        let other = Bytes::from(vec![b'x'; 100_000]);
        let all = arrived(b"head", Bytes::clone(&other), next).await;
        assert!(all == [b"head", &other[..]].concat());
    }

    #[test]
    fn small_answers_and_those_that_nobody_shares_are_not_put_in_memory() {
        let body = body(100_000);
        assert!(InMemory::of(&Carried::default(), &body).is_none());
        let small = Bytes::from(vec![0; SMALLEST - 1]);
        let _others = Bytes::clone(&small);
        assert!(InMemory::of(&Carried::default(), &small).is_none());
    }
}
