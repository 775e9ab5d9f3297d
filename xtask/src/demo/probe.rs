//! Waits until an HTTP address answers with 200.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// How long to wait between two tries, and for one answer.
const PAUSE: Duration = Duration::from_millis(100);
const PATIENCE: Duration = Duration::from_secs(2);

/// Tries until it answers.
pub(super) async fn until_ok(address: SocketAddr, path: &str) {
    while !tokio::time::timeout(PATIENCE, is_ok(address, path)).await.unwrap_or(false) {
        tokio::time::sleep(PAUSE).await;
    }
}

async fn is_ok(address: SocketAddr, path: &str) -> bool {
    let Ok(mut stream) = TcpStream::connect(address).await else { return false };
    let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    if stream.write_all(request.as_bytes()).await.is_err() {
        return false;
    }
    let mut status = [0; 12];
    stream.read_exact(&mut status).await.is_ok() && &status == b"HTTP/1.1 200"
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    #[tokio::test(flavor = "current_thread")]
    async fn only_200_is_ready() {
        for (line, ready) in [("HTTP/1.1 200 OK", true), ("HTTP/1.1 503 No", false)] {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let server = tokio::spawn(async move {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut request = [0; 256];
                let _ = stream.read(&mut request).await.unwrap();
                stream.write_all(format!("{line}\r\n\r\n").as_bytes()).await.unwrap();
            });
            assert_eq!(is_ok(address, "/readyz").await, ready, "{line}");
            server.await.unwrap();
        }
    }
}
