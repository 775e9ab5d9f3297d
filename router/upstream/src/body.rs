//! Reading an answer within its limit.

use bytes::{Bytes, BytesMut};
use execute::UpstreamError;
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};

/// Reads a whole body. What is larger than the limit is given up as soon as that is known.
pub(crate) async fn read(mut body: Incoming, limit: usize) -> Result<Bytes, UpstreamError> {
    let announced = body.size_hint().lower();
    if announced > limit as u64 {
        return Err(UpstreamError::TooLarge(limit));
    }
    let mut first: Option<Bytes> = None;
    let mut all = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| {
            UpstreamError::Unreachable(format!("the answer broke off: {error}"))
        })?;
        let Ok(data) = frame.into_data() else { continue };
        let held = first.as_ref().map_or(all.len(), Bytes::len);
        if held + data.len() > limit {
            return Err(UpstreamError::TooLarge(limit));
        }
        // Most answers come in one piece, which need not be copied.
        match first.take() {
            None if all.is_empty() => first = Some(data),
            piece => {
                all.extend_from_slice(piece.as_deref().unwrap_or_default());
                all.extend_from_slice(&data);
            }
        }
    }
    Ok(first.unwrap_or_else(|| all.freeze()))
}
