//! Collecting an answer within its limit.

use bytes::{Bytes, BytesMut};
use hyper::body::{Body, Frame};

/// What is announced is trusted with no more memory than this before it comes.
const TRUSTED: u64 = 1 << 20;

/// The body is larger than the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooLarge;

/// A body while it comes: given up as soon as it is known to be too large.
pub(crate) struct Collect {
    limit: usize,
    announced: u64,
    /// Most answers come in one piece, which need not be copied.
    first: Option<Bytes>,
    all: BytesMut,
}

impl Collect {
    pub(crate) fn new(body: &impl Body, limit: usize) -> Result<Self, TooLarge> {
        let announced = body.size_hint().lower();
        if announced > limit as u64 {
            return Err(TooLarge);
        }
        Ok(Self { limit, announced, first: None, all: BytesMut::new() })
    }

    pub(crate) fn add(&mut self, frame: Frame<Bytes>) -> Result<(), TooLarge> {
        let Ok(data) = frame.into_data() else { return Ok(()) };
        let held = self.first.as_ref().map_or(self.all.len(), Bytes::len);
        if held + data.len() > self.limit {
            return Err(TooLarge);
        }
        match self.first.take() {
            None if self.all.is_empty() => self.first = Some(data),
            piece => {
                if let Some(piece) = piece {
                    let announced = usize::try_from(self.announced.min(TRUSTED)).unwrap_or(0);
                    self.all.reserve(announced.max(piece.len() + data.len()));
                    self.all.extend_from_slice(&piece);
                }
                self.all.extend_from_slice(&data);
            }
        }
        Ok(())
    }

    pub(crate) fn finish(self) -> Bytes {
        self.first.unwrap_or_else(|| self.all.freeze())
    }
}
