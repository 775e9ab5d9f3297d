//! Files in memory, where the system has them.

pub(crate) use system::{file, send_and_more, send_file};

#[cfg(target_os = "linux")]
mod system {
    use std::fs::File;
    use std::io::{self, Write};
    use std::os::fd::OwnedFd;

    use rustix::fs::{MemfdFlags, memfd_create, sendfile};
    use rustix::net::{SendFlags, send};
    use tokio::net::TcpStream;

    /// A file that holds a text, and stands in no folder.
    pub(crate) fn file(text: &[u8]) -> io::Result<OwnedFd> {
        let mut file = File::from(memfd_create("answer", MemfdFlags::CLOEXEC)?);
        file.write_all(text)?;
        Ok(file.into())
    }

    /// Sends a text of which more will follow at once, so that it need not make a packet.
    pub(crate) fn send_and_more(stream: &TcpStream, text: &[u8]) -> io::Result<usize> {
        Ok(send(stream, text, SendFlags::MORE | SendFlags::NOSIGNAL)?)
    }

    /// Sends a part of a file.
    pub(crate) fn send_file(
        stream: &TcpStream,
        file: &OwnedFd,
        place: &mut u64,
        count: usize,
    ) -> io::Result<usize> {
        Ok(sendfile(stream, file, Some(place), count)?)
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use std::io;
    use std::os::fd::OwnedFd;

    use tokio::net::TcpStream;

    pub(crate) fn file(_: &[u8]) -> io::Result<OwnedFd> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(crate) fn send_and_more(_: &TcpStream, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(crate) fn send_file(
        _: &TcpStream,
        _: &OwnedFd,
        _: &mut u64,
        _: usize,
    ) -> io::Result<usize> {
        Err(io::ErrorKind::Unsupported.into())
    }
}
