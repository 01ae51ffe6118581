//! TLS in front of a shop, with a certificate of a private CA.

use std::{net::SocketAddr, sync::Arc};

use rustls::{
    ServerConfig,
    crypto::aws_lc_rs::default_provider,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
};
use tokio_rustls::TlsAcceptor;

/// The CA of [`start`]'s certificate.
pub(crate) const CA: &str = include_str!("../../../data/tls/ca.pem");
const CERTIFICATE: &str = include_str!("../../../data/tls/server.pem");
const KEY: &str = include_str!("../../../data/tls/server.key");

/// Serves `shop` over TLS and returns the address.
pub(crate) async fn start(shop: SocketAddr) -> SocketAddr {
    let certificate = CertificateDer::from_pem_slice(CERTIFICATE.as_bytes()).unwrap();
    let key = PrivateKeyDer::from_pem_slice(KEY.as_bytes()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (outside, _) = listener.accept().await.unwrap();
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                // Who does not trust the certificate hangs up.
                let Ok(mut outside) = acceptor.accept(outside).await else {
                    return;
                };
                let mut inside = TcpStream::connect(shop).await.unwrap();
                let _ = copy_bidirectional(&mut outside, &mut inside).await;
            });
        }
    });
    address
}
