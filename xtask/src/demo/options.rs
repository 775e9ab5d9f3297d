//! The flags of the demo, and whether the ports that they name are free.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use crate::chore::Failure;

/// What the demo was asked to do.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Options {
    /// Whether to build with optimisation.
    pub(super) release: bool,
    port: u16,
    admin_port: u16,
    subgraphs_port: u16,
}

impl Options {
    /// Reads the flags.
    ///
    /// # Errors
    /// When a flag is unknown, or its value is no port.
    pub(super) fn read(arguments: &[String]) -> Result<Self, Failure> {
        let mut options =
            Self { release: false, port: 4000, admin_port: 9090, subgraphs_port: 4100 };
        let mut rest = arguments.iter();
        while let Some(flag) = rest.next() {
            match flag.as_str() {
                "--release" => options.release = true,
                "--port" => options.port = port(flag, rest.next())?,
                "--admin-port" => options.admin_port = port(flag, rest.next())?,
                "--subgraphs-port" => options.subgraphs_port = port(flag, rest.next())?,
                _ => return Err(format!("`{flag}` is no flag of the demo; run `cargo xtask`")),
            }
        }
        Ok(options)
    }

    /// Sees that nobody listens where the demo is going to.
    ///
    /// # Errors
    /// When a port is taken: the message names it and the flag that chooses another.
    pub(super) fn see_that_ports_are_free(&self) -> Result<(), Failure> {
        let flags = ["--port", "--admin-port", "--subgraphs-port"];
        for (address, flag) in [self.router(), self.admin(), self.subgraphs()].iter().zip(flags) {
            TcpListener::bind(address).map_err(|error| {
                format!("{address} can't be used ({error}): choose another port with `{flag} N`")
            })?;
        }
        Ok(())
    }

    /// Where clients find the router.
    pub(super) fn router(&self) -> SocketAddr {
        local(self.port)
    }

    /// Where the router tells of its health.
    pub(super) fn admin(&self) -> SocketAddr {
        local(self.admin_port)
    }

    /// Where the services are.
    pub(super) fn subgraphs(&self) -> SocketAddr {
        local(self.subgraphs_port)
    }

    /// The folder of the build.
    pub(super) fn profile(&self) -> &'static str {
        if self.release { "release" } else { "debug" }
    }
}

fn local(port: u16) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, port).into()
}

fn port(flag: &str, value: Option<&String>) -> Result<u16, Failure> {
    let value = value.ok_or_else(|| format!("`{flag}` needs a port"))?;
    match value.parse() {
        Ok(port) if port > 0 => Ok(port),
        _ => Err(format!("`{flag} {value}`: a port is a number from 1 to 65535")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Options, Failure> {
        Options::read(&text.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn ports_are_read() {
        let options = read("--port 1 --subgraphs-port 65535").unwrap();
        assert_eq!(options.router().port(), 1);
        assert_eq!(options.admin().port(), 9090);
        assert_eq!(options.subgraphs().port(), 65535);
    }

    #[test]
    fn what_is_no_port_is_refused() {
        for text in ["--port 0", "--port 65536", "--port x", "--port", "--other"] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_taken_port_is_named_with_its_flag() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let options = Options { release: false, port, admin_port: port, subgraphs_port: port };
        let failure = options.see_that_ports_are_free().unwrap_err();
        assert!(failure.contains(&format!("127.0.0.1:{port}")), "{failure}");
        assert!(failure.contains("`--port N`"), "{failure}");
    }
}
