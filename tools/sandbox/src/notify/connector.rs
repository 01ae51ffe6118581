//! Connections to receivers: plain, and over TLS with the feature `tls`.

#[cfg(not(all(feature = "tls", any(feature = "aws-lc-rs", feature = "rust-crypto"))))]
pub(super) use plain::{Connector, HAS_TLS, connector};
#[cfg(all(feature = "tls", any(feature = "aws-lc-rs", feature = "rust-crypto")))]
pub(super) use tls::{Connector, HAS_TLS, connector};

/// Root certificates that cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BadRoots;

#[cfg(all(feature = "tls", any(feature = "aws-lc-rs", feature = "rust-crypto")))]
mod tls {
    use std::sync::Arc;

    use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
    use hyper_util::client::legacy::connect::HttpConnector;
    use rustls::{
        ClientConfig, RootCertStore,
        pki_types::{CertificateDer, pem::PemObject as _},
    };

    use super::BadRoots;

    #[cfg(feature = "aws-lc-rs")]
    use rustls::crypto::aws_lc_rs::default_provider;
    #[cfg(not(feature = "aws-lc-rs"))]
    use rustls::crypto::ring::default_provider;

    pub(in crate::notify) type Connector = HttpsConnector<HttpConnector>;
    pub(in crate::notify) const HAS_TLS: bool = true;

    /// A connector that trusts the Mozilla roots and those of `more`, in PEM.
    pub(in crate::notify) fn connector(more: &str) -> Result<Connector, BadRoots> {
        let mut roots = RootCertStore {
            roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
        };
        let usual = roots.len();
        for certificate in CertificateDer::pem_slice_iter(more.as_bytes()) {
            let certificate = certificate.map_err(|_| BadRoots)?;
            roots.add(certificate).map_err(|_| BadRoots)?;
        }
        if roots.len() == usual && !more.trim().is_empty() {
            return Err(BadRoots);
        }
        let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|_| BadRoots)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let mut http = HttpConnector::new();
        http.enforce_http(false);
        Ok(HttpsConnectorBuilder::new()
            .with_tls_config(config)
            .https_or_http()
            .enable_http1()
            .wrap_connector(http))
    }
}

#[cfg(not(all(feature = "tls", any(feature = "aws-lc-rs", feature = "rust-crypto"))))]
mod plain {
    use hyper_util::client::legacy::connect::HttpConnector;

    use super::BadRoots;

    pub(in crate::notify) type Connector = HttpConnector;
    pub(in crate::notify) const HAS_TLS: bool = false;

    /// A connector without TLS.
    pub(in crate::notify) fn connector(more: &str) -> Result<Connector, BadRoots> {
        if more.is_empty() {
            Ok(HttpConnector::new())
        } else {
            Err(BadRoots)
        }
    }
}
