//! Answers that came compressed.

use std::io::Read;

use bytes::Bytes;
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use http::HeaderMap;
use http::header::CONTENT_ENCODING;

use crate::body::TooLarge;

/// What is understood, as a header says it.
pub(crate) const UNDERSTOOD: &str = "gzip, deflate, br";

/// The buffer of the brotli reader, in bytes.
const BUFFER: usize = 8 << 10;

/// The body as it was before it was compressed, of at most `limit` bytes. One that says it is
/// compressed and can't be read so stays as it is: it is no JSON, which is told later.
pub(crate) fn decoded(headers: &HeaderMap, body: Bytes, limit: usize) -> Result<Bytes, TooLarge> {
    let mut said = headers.get_all(CONTENT_ENCODING).iter();
    let (Some(encoding), None) = (said.next(), said.next()) else { return Ok(body) };
    let encoding = encoding.to_str().unwrap_or_default().trim().to_ascii_lowercase();
    let read = match encoding.as_str() {
        "gzip" | "x-gzip" => read(MultiGzDecoder::new(&*body), limit)?,
        // The name stands for the format of zlib; some send what is inside of it alone.
        "deflate" => match read(ZlibDecoder::new(&*body), limit)? {
            None => read(DeflateDecoder::new(&*body), limit)?,
            read => read,
        },
        "br" => read(brotli_decompressor::Decompressor::new(&*body, BUFFER), limit)?,
        _ => None,
    };
    Ok(read.unwrap_or(body))
}

/// Reads all; nothing when it can't be read.
fn read(from: impl Read, limit: usize) -> Result<Option<Bytes>, TooLarge> {
    let mut all = Vec::new();
    // One byte more tells that there is more.
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    match from.take(most).read_to_end(&mut all) {
        Ok(_) if all.len() > limit => Err(TooLarge),
        Ok(_) => Ok(Some(Bytes::from(all))),
        Err(_) => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
    use http::HeaderValue;

    use super::*;

    fn of(encoding: &'static str, body: Vec<u8>, limit: usize) -> Result<Bytes, TooLarge> {
        let value = HeaderValue::from_static(encoding);
        decoded(&HeaderMap::from_iter([(CONTENT_ENCODING, value)]), body.into(), limit)
    }

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut writer = GzEncoder::new(Vec::new(), Compression::best());
        writer.write_all(text).unwrap();
        writer.finish().unwrap()
    }

    fn zlib(text: &[u8]) -> Vec<u8> {
        let mut writer = ZlibEncoder::new(Vec::new(), Compression::fast());
        writer.write_all(text).unwrap();
        writer.finish().unwrap()
    }

    fn deflate(text: &[u8]) -> Vec<u8> {
        let mut writer = DeflateEncoder::new(Vec::new(), Compression::fast());
        writer.write_all(text).unwrap();
        writer.finish().unwrap()
    }

    /// `{"data":{}}` as brotli: one uncompressed block, then the end.
    const BROTLI: &[u8] = b"\x05\x05\x80{\"data\":{}}\x03";

    #[test]
    fn what_is_compressed_is_read() {
        let text = br#"{"data":{}}"#;
        assert_eq!(of("gzip", gzip(text), 20).unwrap(), &text[..]);
        assert_eq!(of(" X-GZIP", gzip(text), 20).unwrap(), &text[..]);
        assert_eq!(of("deflate", zlib(text), 20).unwrap(), &text[..]);
        assert_eq!(of("deflate", deflate(text), 20).unwrap(), &text[..]);
        assert_eq!(of("br", BROTLI.to_vec(), 20).unwrap(), &text[..]);
        assert_eq!(of("identity", text.to_vec(), 20).unwrap(), &text[..]);
        assert_eq!(decoded(&HeaderMap::new(), Bytes::from_static(text), 1).unwrap(), &text[..]);
    }

    #[test]
    fn a_bomb_is_given_up_at_the_limit() {
        let zeros = vec![b' '; 10 << 20];
        for (encoding, body) in
            [("gzip", gzip(&zeros)), ("deflate", zlib(&zeros)), ("deflate", deflate(&zeros))]
        {
            assert!(body.len() < 60_000);
            assert_eq!(of(encoding, body, 100_000), Err(TooLarge), "{encoding}");
        }
        assert_eq!(of("br", BROTLI.to_vec(), 10), Err(TooLarge));
        assert!(of("gzip", gzip(b"0123456789"), 10).is_ok());
    }

    #[test]
    fn what_can_not_be_read_stays_as_it_is() {
        let whole = gzip(br#"{"data":{}}"#);
        for cut in 1..whole.len() {
            let body = whole[..cut].to_vec();
            assert_eq!(of("gzip", body.clone(), 100).unwrap(), body);
        }
        for encoding in ["gzip", "deflate", "br", "zstd", "gzip, gzip"] {
            assert_eq!(of(encoding, b"{\"data\":1}".to_vec(), 100).unwrap(), &b"{\"data\":1}"[..]);
        }
    }
}
