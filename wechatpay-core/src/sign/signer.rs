//! Signers, which hold the private key.

use std::{
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use super::{SignError, SigningMessage};
use crate::{
    base64,
    crypto::{
        CryptoProvider, DecryptError, KeyLoadError, PrivateKey, PublicKey, pem, x509::PlatformCertificate,
    },
    types::{DateTime, PrivateKeyPem, SerialNumber},
};
use zeroize::Zeroizing;

/// Creates RSA PKCS#1 v1.5 SHA-256 signatures with the merchant's private key.
///
/// Object-safe. For a key in a KMS or HSM, implement the trait and return [`SignFuture::new`].
///
/// ```
/// use wechatpay_core::{sign::{SignFuture, Signer, SigningMessage}, types::SerialNumber};
///
/// #[derive(Debug)]
/// struct KmsSigner { serial: SerialNumber }
///
/// impl Signer for KmsSigner {
///     fn serial(&self) -> &SerialNumber { &self.serial }
///
///     fn sign(&self, message: SigningMessage) -> SignFuture {
///         SignFuture::new(async move { remote_sign(message.to_vec()).await })
///     }
/// }
/// # async fn remote_sign(_: Vec<u8>) -> Result<Vec<u8>, wechatpay_core::sign::SignError> { Ok(vec![]) }
/// ```
pub trait Signer: fmt::Debug + Send + Sync {
    /// Returns the serial of the merchant API certificate (商户API证书) whose key signs.
    fn serial(&self) -> &SerialNumber;

    /// Returns the expiry of that certificate, if it is known.
    ///
    /// [`RequestSigner`](super::RequestSigner) warns before it.
    fn expires_at(&self) -> Option<DateTime> {
        None
    }

    /// Signs `message`.
    fn sign(&self, message: SigningMessage) -> SignFuture;

    /// Decrypts a sensitive field that the platform encrypted to the merchant certificate.
    ///
    /// # Errors
    /// Returns an error if the ciphertext is for another key, or the signer cannot decrypt (the default).
    fn decrypt(&self, _ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
        Err(DecryptError)
    }
}

/// Future of a signature: ready for a local key, boxed for a remote one.
#[must_use = "a future does nothing until it is polled"]
pub struct SignFuture(Inner);

enum Inner {
    Ready(std::future::Ready<Result<Vec<u8>, SignError>>),
    Boxed(Pin<Box<dyn Future<Output = Result<Vec<u8>, SignError>> + Send>>),
}

impl SignFuture {
    /// Creates a future that is ready.
    pub fn ready(signature: Result<Vec<u8>, SignError>) -> Self {
        Self(Inner::Ready(std::future::ready(signature)))
    }

    /// Boxes a future, for a remote signer.
    pub fn new(future: impl Future<Output = Result<Vec<u8>, SignError>> + Send + 'static) -> Self {
        Self(Inner::Boxed(Box::pin(future)))
    }
}

impl Future for SignFuture {
    type Output = Result<Vec<u8>, SignError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut self.0 {
            Inner::Ready(signature) => Pin::new(signature).poll(cx),
            Inner::Boxed(future) => future.as_mut().poll(cx),
        }
    }
}

impl fmt::Debug for SignFuture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Inner::Ready(_) => "SignFuture(ready)",
            Inner::Boxed(_) => "SignFuture(boxed)",
        })
    }
}

/// Private key in this process.
///
/// By default it signs in place if the backend is fast (0.7 ms with `aws-lc-rs`; another thread would add 4 to 15 %)
/// and on a blocking thread if it is slow (3 to 5 ms with `rust-crypto`). [`spawn_blocking`](Self::spawn_blocking)
/// overrides this. Outside a tokio runtime it always signs in place.
#[derive(Clone)]
pub struct LocalSigner {
    serial: SerialNumber,
    key: Arc<dyn PrivateKey>,
    expires_at: Option<DateTime>,
    spawn_blocking: bool,
    check: Option<Arc<dyn PublicKey>>,
}

impl LocalSigner {
    /// Creates a signer from the serial of the merchant API certificate and its private key.
    ///
    /// The key is PEM text (PKCS#8 or PKCS#1).
    ///
    /// # Errors
    /// Returns an error if the key cannot be read, is too weak or fails its self-test. The error names the kind of a
    /// wrong file.
    pub fn new(
        serial: SerialNumber,
        private_key: &PrivateKeyPem,
        provider: &dyn CryptoProvider,
    ) -> Result<Self, KeyLoadError> {
        let key = pem::private_key(private_key.expose(), provider)?;
        Ok(Self::of(serial, key, provider))
    }

    /// Creates a signer from a parsed key.
    pub(crate) fn of(serial: SerialNumber, key: Arc<dyn PrivateKey>, provider: &dyn CryptoProvider) -> Self {
        Self {
            serial,
            key,
            expires_at: None,
            spawn_blocking: provider.signs_slowly(),
            check: None,
        }
    }

    /// Sets the expiry of the certificate.
    pub(crate) fn expiring(mut self, at: DateTime) -> Self {
        self.expires_at = Some(at);
        self
    }

    /// Creates a signer from the certificate, which holds the serial and the expiry.
    ///
    /// # Errors
    /// Returns the errors of [`new`](Self::new), and [`KeyLoadError::KeyPairMismatch`] if the two do not belong
    /// together.
    pub fn from_certificate(
        certificate_pem: &str,
        private_key: &PrivateKeyPem,
        provider: &dyn CryptoProvider,
    ) -> Result<Self, KeyLoadError> {
        let certificate = PlatformCertificate::from_pem(certificate_pem)?;
        let signer = Self::new(certificate.serial().clone(), private_key, provider)?;
        if signer.key.public_key_info() != certificate.public_key_info() {
            return Err(KeyLoadError::KeyPairMismatch);
        }
        Ok(signer.expiring(certificate.not_after()))
    }

    /// Signs on a blocking thread (`true`) or in place (`false`).
    #[must_use]
    pub fn spawn_blocking(mut self, spawn_blocking: bool) -> Self {
        self.spawn_blocking = spawn_blocking;
        self
    }

    /// Verifies each signature before it is returned.
    ///
    /// A miscalculated signature would reveal the private key. Use this on unreliable hardware; a verification costs a
    /// thirtieth of a signature.
    ///
    /// # Errors
    /// Returns an error if the backend rejects the public half.
    pub fn verify_after_sign(mut self, provider: &dyn CryptoProvider) -> Result<Self, KeyLoadError> {
        self.check = Some(provider.public_key(self.key.public_key_info())?);
        Ok(self)
    }

    /// Returns the public half as a DER `SubjectPublicKeyInfo`.
    #[must_use]
    pub fn public_key_info(&self) -> &[u8] {
        self.key.public_key_info()
    }
}

fn sign(
    key: &dyn PrivateKey,
    check: Option<&dyn PublicKey>,
    message: &SigningMessage,
) -> Result<Vec<u8>, SignError> {
    let signature = key.sign(&message.parts())?;
    match check {
        Some(public) if public.verify(&message.parts(), &signature).is_err() => Err(SignError::Key),
        _ => Ok(signature),
    }
}

impl fmt::Debug for LocalSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalSigner")
            .field("serial", &self.serial)
            .field("spawn_blocking", &self.spawn_blocking)
            .finish_non_exhaustive()
    }
}

impl Signer for LocalSigner {
    fn serial(&self) -> &SerialNumber {
        &self.serial
    }

    fn expires_at(&self) -> Option<DateTime> {
        self.expires_at
    }

    fn sign(&self, message: SigningMessage) -> SignFuture {
        if self.spawn_blocking
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            let (key, check) = (Arc::clone(&self.key), self.check.clone());
            let task = runtime.spawn_blocking(move || sign(key.as_ref(), check.as_deref(), &message));
            return SignFuture::new(async move { task.await.unwrap_or(Err(SignError::Shutdown)) });
        }
        SignFuture::ready(sign(self.key.as_ref(), self.check.as_deref(), &message))
    }

    fn decrypt(&self, ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
        self.key.decrypt(ciphertext)
    }
}

/// Encodes a signature as headers and parameters carry it.
pub(crate) fn to_base64(signature: &[u8]) -> String {
    base64::encode(signature)
}
