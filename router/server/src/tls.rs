//! The one implementation of TLS.

/// Chooses the implementation of TLS, before anything could need one. A second time does nothing.
pub(crate) fn install() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}
