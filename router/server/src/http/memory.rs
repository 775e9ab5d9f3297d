//! Files in memory, and pipes that share their pages, where the system has them.

pub(crate) use system::{Pipe, file, send_and_more, send_file};

#[cfg(target_os = "linux")]
mod system {
    use std::fs::File;
    use std::io::{self, Write};
    use std::os::fd::OwnedFd;

    use rustix::fs::{MemfdFlags, memfd_create, sendfile};
    use rustix::io::write;
    use rustix::net::{SendFlags, send};
    use rustix::pipe::{PipeFlags, SpliceFlags, fcntl_setpipe_size, pipe_with, splice, tee};
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

    /// A pipe that holds pages, not copies of them.
    #[derive(Debug)]
    pub(crate) struct Pipe {
        from: OwnedFd,
        into: OwnedFd,
    }

    impl Pipe {
        /// An empty one with room for so many bytes.
        pub(crate) fn new(room: usize) -> io::Result<Self> {
            let (from, into) = pipe_with(PipeFlags::CLOEXEC | PipeFlags::NONBLOCK)?;
            fcntl_setpipe_size(&into, room)?;
            Ok(Self { from, into })
        }

        /// Puts a text in.
        pub(crate) fn hold(&self, text: &[u8]) -> io::Result<()> {
            match write(&self.into, text)? {
                held if held == text.len() => Ok(()),
                _ => Err(io::ErrorKind::WriteZero.into()),
            }
        }

        /// Puts all pages of another pipe in, which keeps them too.
        pub(crate) fn share(&self, other: &Self, count: usize) -> io::Result<()> {
            match tee(&other.from, &self.into, count, SpliceFlags::NONBLOCK)? {
                shared if shared == count => Ok(()),
                _ => Err(io::ErrorKind::UnexpectedEof.into()),
            }
        }

        /// Sends what it holds.
        pub(crate) fn send(&self, stream: &TcpStream, count: usize) -> io::Result<usize> {
            Ok(splice(&self.from, None, stream, None, count, SpliceFlags::empty())?)
        }
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

    #[derive(Debug)]
    pub(crate) struct Pipe;

    impl Pipe {
        pub(crate) fn new(_: usize) -> io::Result<Self> {
            Err(io::ErrorKind::Unsupported.into())
        }

        pub(crate) fn hold(&self, _: &[u8]) -> io::Result<()> {
            Err(io::ErrorKind::Unsupported.into())
        }

        pub(crate) fn share(&self, _: &Self, _: usize) -> io::Result<()> {
            Err(io::ErrorKind::Unsupported.into())
        }

        pub(crate) fn send(&self, _: &TcpStream, _: usize) -> io::Result<usize> {
            Err(io::ErrorKind::Unsupported.into())
        }
    }
}
