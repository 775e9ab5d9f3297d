//! What a connection is written to: a socket that can also be fed from a file in memory.
//!
//! Sending copies an answer into the kernel, which is most of what it costs to answer a request that
//! was answered already. Where several clients get the same answer at once, it is put into a file in
//! memory, and the kernel sends the pages of that file to all of them.
//!
//! Who writes the answer (hyper) knows nothing of it: it hands over slices of the body, and where a
//! slice is found to be part of a body of which there is a file, the file is sent.

use std::any::Any;
use std::io::{self, IoSlice};
use std::os::fd::OwnedFd;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use engine::Carried;
use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};
use tokio::net::TcpStream;

use super::memory;

/// Smaller answers are copied sooner than a file is made.
const SMALLEST: usize = 32 << 10;

/// A body, and the file that holds it too.
#[derive(Debug)]
pub(crate) struct InMemory {
    /// Kept as long as the file is, so that nothing else can come to stand where it stands.
    body: Bytes,
    file: OwnedFd,
}

impl InMemory {
    /// The file of a body, made for the first who asks while others still wait for the same body.
    pub(crate) fn of(carried: &Carried, body: &Bytes) -> Option<Arc<Self>> {
        if body.len() < SMALLEST || (carried.get().is_none() && body.is_unique()) {
            return None;
        }
        let made = carried.get_or_init(|| {
            // Without a file, answers are sent all the same.
            let file = memory::file(body).ok()?;
            let made: Arc<dyn Any + Send + Sync> =
                Arc::new(Self { body: Bytes::clone(body), file });
            Some(made)
        });
        Arc::clone(made.as_ref()?).downcast::<Self>().ok()
    }

    /// Where in the body a slice stands that was cut from it.
    fn place(&self, slice: &[u8]) -> Option<u64> {
        let place = slice.as_ptr().addr().checked_sub(self.body.as_ptr().addr())?;
        let inside = place + slice.len() <= self.body.len();
        u64::try_from(place).ok().filter(|_| inside && !slice.is_empty())
    }
}

/// The body that a connection is about to send, if there is a file of it.
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

/// A socket that can be fed from a file.
#[derive(Debug)]
pub(crate) struct Outlet {
    stream: TcpStream,
    next: Arc<Next>,
}

impl Outlet {
    pub(crate) fn new(stream: TcpStream, next: Arc<Next>) -> Self {
        Self { stream, next }
    }

    /// Sends what stands before the body, and the body from its file.
    fn send(
        &self,
        context: &mut Context<'_>,
        (before, count): (&[u8], usize),
        (body, mut place): (&InMemory, u64),
    ) -> Poll<io::Result<usize>> {
        loop {
            ready!(self.stream.poll_write_ready(context))?;
            let sent = self.stream.try_io(Interest::WRITABLE, || {
                let sent = match before {
                    [] => 0,
                    before => memory::send_and_more(&self.stream, before)?,
                };
                if sent < before.len() {
                    return Ok(sent);
                }
                match memory::send_file(&self.stream, &body.file, &mut place, count) {
                    Ok(of_file) => Ok(sent + of_file),
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
        if let Some(body) = self.next.get() {
            let (before, slice): (&[u8], &[u8]) = match slices {
                [slice] => (&[], slice),
                [before, slice, ..] => (before, slice),
                [] => (&[], &[]),
            };
            if let Some(place) = body.place(slice) {
                match ready!(self.send(context, (before, slice.len()), (&body, place))) {
                    Ok(sent) => {
                        if sent == before.len() + slice.len() {
                            self.next.set(None);
                        }
                        return Poll::Ready(Ok(sent));
                    }
                    // If it is the connection that is broken, writing will tell.
                    Err(_) => self.next.set(None),
                }
            }
        }
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
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
    use tokio::net::TcpListener;

    use super::*;

    fn body() -> Bytes {
        (0..3_000_000u32).map(|at| (at % 251) as u8).collect::<Vec<u8>>().into()
    }

    /// What arrives of a head and a body when the reader takes its time.
    async fn arrived(head: &[u8], sent: Bytes, next: Arc<Next>) -> Vec<u8> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
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
    async fn what_is_sent_from_a_file_is_the_body() {
        let (carried, body) = (Carried::default(), body());
        let shared = Bytes::clone(&body);
        let file = InMemory::of(&carried, &body).expect("there is a file");
        let again = InMemory::of(&carried, &shared).expect("there is one for all");
        assert!(Arc::ptr_eq(&file, &again));
        let next = Arc::new(Next::default());
        next.set(Some(file));
        let all = arrived(b"head", shared, Arc::clone(&next)).await;
        assert!(all == [b"head", &body[..]].concat());
        // It is let go as soon as it is sent.
        assert!(next.get().is_none());
    }

    #[tokio::test]
    async fn another_body_is_sent_as_it_is() {
        let (carried, first) = (Carried::default(), body());
        let _others = Bytes::clone(&first);
        let next = Arc::new(Next::default());
        next.set(InMemory::of(&carried, &first));
        let other = Bytes::from(vec![b'x'; 100_000]);
        let all = arrived(b"head", Bytes::clone(&other), next).await;
        assert!(all == [b"head", &other[..]].concat());
    }

    #[test]
    fn small_answers_and_those_that_nobody_shares_have_no_file() {
        let body = body();
        assert!(InMemory::of(&Carried::default(), &body).is_none());
        let small = Bytes::from(vec![0; SMALLEST - 1]);
        let _others = Bytes::clone(&small);
        assert!(InMemory::of(&Carried::default(), &small).is_none());
    }
}
