//! As much of a browser's remote control as the tests need: open a page, evaluate, wait.
//!
//! The Chrome DevTools Protocol over a WebSocket (RFC 6455), on loopback, one call at a time.

use std::ffi::OsString;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::programs::Folder;

/// How long the browser may take to start, and a page to become what is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// A browser with one page open.
pub(crate) struct Page {
    browser: Child,
    socket: TcpStream,
    session: Value,
    calls: u64,
    _profile: Folder,
}

impl Page {
    /// Starts a browser and opens an address.
    pub(crate) fn open(address: &str) -> Self {
        let profile = Folder::new();
        let mut folder = OsString::from("--user-data-dir=");
        folder.push(profile.path(""));
        let program = std::env::var_os("CHROMIUM_BIN").unwrap_or_else(|| "chromium".into());
        let mut command = Command::new(program);
        command.args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]);
        command.arg("--remote-debugging-port=0").arg(folder).arg("about:blank");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let browser = command.spawn().expect("the browser starts");
        let (port, path) = until("the browser listens", || {
            let text = std::fs::read_to_string(profile.path("DevToolsActivePort")).ok()?;
            let (port, path) = text.split_once('\n')?;
            Some((port.parse::<u16>().ok()?, path.trim().to_owned()))
        });
        let socket = upgrade(port, &path);
        let mut page = Self { browser, socket, session: Value::Null, calls: 0, _profile: profile };
        let target = page.call("Target.createTarget", json!({ "url": address }));
        let target = json!({ "targetId": target["targetId"], "flatten": true });
        page.session = page.call("Target.attachToTarget", target)["sessionId"].take();
        page
    }

    /// Evaluates an expression in the page until it is neither null, false nor empty.
    #[track_caller]
    pub(crate) fn wait_for(&mut self, expression: &str) -> Value {
        until(expression, || {
            let parameters = json!({ "expression": expression, "returnByValue": true });
            let value = self.call("Runtime.evaluate", parameters)["result"]["value"].take();
            let there = !(value.is_null() || value == json!(false) || value == json!(""));
            there.then_some(value)
        })
    }

    fn call(&mut self, method: &str, parameters: Value) -> Value {
        self.calls += 1;
        let mut message = json!({ "id": self.calls, "method": method, "params": parameters });
        if !self.session.is_null() {
            message["sessionId"] = self.session.clone();
        }
        send(&mut self.socket, message.to_string().as_bytes());
        loop {
            let mut answer: Value = serde_json::from_slice(&receive(&mut self.socket)).unwrap();
            if answer["id"] == json!(self.calls) {
                assert_eq!(answer.get("error"), None, "{method}");
                return answer["result"].take();
            }
        }
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        // Asked to close, it ends its own processes too; killed, it would leave them behind.
        self.calls += 1;
        let message = json!({ "id": self.calls, "method": "Browser.close" });
        send(&mut self.socket, message.to_string().as_bytes());
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(5) {
            if self.browser.try_wait().is_ok_and(|status| status.is_some()) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.browser.kill();
        let _ = self.browser.wait();
    }
}

/// Tries until there is something.
#[track_caller]
fn until<T>(what: &str, mut attempt: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = attempt() {
            return found;
        }
        assert!(began.elapsed() < PATIENCE, "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn upgrade(port: u16, path: &str) -> TcpStream {
    let mut socket = TcpStream::connect(("127.0.0.1", port)).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    let head = format!(
        "GET {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nconnection: upgrade\r\n\
         upgrade: websocket\r\nsec-websocket-version: 13\r\n\
         sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    socket.write_all(head.as_bytes()).unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        socket.read_exact(&mut byte).unwrap();
        answer.push(byte[0]);
    }
    assert!(answer.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&answer));
    socket
}

/// Sends a text in one frame. A client has to mask; a mask of zeros leaves the text as it is.
fn send(socket: &mut TcpStream, text: &[u8]) {
    let length = u16::try_from(text.len()).expect("messages of the tests are short");
    let mut frame = vec![0x81, 0x80 | 126];
    frame.extend(length.to_be_bytes());
    frame.extend([0; 4]);
    frame.extend(text);
    socket.write_all(&frame).unwrap();
}

/// Receives a message, whatever its frames.
fn receive(socket: &mut TcpStream) -> Vec<u8> {
    let mut message = Vec::new();
    loop {
        let mut head = [0; 2];
        socket.read_exact(&mut head).unwrap();
        let length = match head[1] {
            126 => u64::from(u16::from_be_bytes(read(socket))),
            127 => u64::from_be_bytes(read(socket)),
            short => u64::from(short),
        };
        let start = message.len();
        message.resize(start + usize::try_from(length).unwrap(), 0);
        socket.read_exact(&mut message[start..]).unwrap();
        if head[0] & 0x80 != 0 {
            return message;
        }
    }
}

fn read<const N: usize>(socket: &mut TcpStream) -> [u8; N] {
    let mut bytes = [0; N];
    socket.read_exact(&mut bytes).unwrap();
    bytes
}
