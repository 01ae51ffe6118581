//! Hook for tools that explain a signature which does not match.

use std::fmt;

use super::{PlatformKey, SignatureHeaders};

/// Receives the messages whose signature does not match the key that they name.
///
/// `wechatpay_doctor::Doctor` is one: it logs the reason. Set it in [`Settings`](crate::Settings), or on a single part
/// with [`Verifier::observer`](super::Verifier::observer),
/// [`NotificationReceiverBuilder::observer`](crate::notify::NotificationReceiverBuilder::observer) or
/// [`CertificateCacheBuilder::observer`](crate::keys::CertificateCacheBuilder::observer). An observer cannot change the
/// outcome.
///
/// # Security
/// Anybody can send such a message, and its body may name a payer. Limit the work per message, log nothing of the body,
/// and return nothing to the sender.
pub trait Observer: fmt::Debug + Send + Sync {
    /// Called on the verifying thread before the error is returned.
    ///
    /// The error is [`VerifyError::SignatureInvalid`](super::VerifyError::SignatureInvalid).
    fn signature_invalid(&self, message: &InvalidSignature<'_>);
}

/// Message whose signature does not match.
///
/// `Debug` shows neither body nor signature.
#[derive(Clone, Copy)]
pub struct InvalidSignature<'a> {
    headers: &'a SignatureHeaders,
    key: &'a PlatformKey,
    body: &'a [u8],
}

impl<'a> InvalidSignature<'a> {
    pub(super) fn new(headers: &'a SignatureHeaders, key: &'a PlatformKey, body: &'a [u8]) -> Self {
        Self { headers, key, body }
    }

    /// Returns the signature headers.
    #[must_use]
    pub fn headers(&self) -> &'a SignatureHeaders {
        self.headers
    }

    /// Returns the key that the headers name.
    #[must_use]
    pub fn key(&self) -> &'a PlatformKey {
        self.key
    }

    /// Returns the body that was verified.
    #[must_use]
    pub fn body(&self) -> &'a [u8] {
        self.body
    }
}

impl fmt::Debug for InvalidSignature<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InvalidSignature")
            .field("key_id", self.key.id())
            .field("body_length", &self.body.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
#[cfg(all(feature = "test-util", any(feature = "aws-lc-rs", feature = "rust-crypto")))]
mod tests {
    use std::sync::{Arc, Mutex};

    use bytes::Bytes;

    use super::*;
    use crate::{
        Clock,
        testing::FakePlatform,
        verify::{Verifier, VerifyError},
    };

    /// Records timestamp, nonce, key, body and `Debug` of each message.
    #[derive(Debug, Default)]
    struct Seen(Mutex<Vec<(i64, String, String, Vec<u8>, String)>>);

    impl Observer for Seen {
        fn signature_invalid(&self, message: &InvalidSignature<'_>) {
            let headers = message.headers();
            assert_eq!(headers.signature().map(<[u8]>::len), Some(256));
            self.0.lock().unwrap().push((
                headers.timestamp(),
                headers.nonce().to_owned(),
                message.key().id().to_string(),
                message.body().to_vec(),
                format!("{message:?}"),
            ));
        }
    }

    const NOW: i64 = 1_700_000_000;

    #[tokio::test]
    async fn an_observer_sees_each_message_whose_signature_does_not_match_and_no_other() {
        let platform = FakePlatform::new().clock(Clock::fixed(NOW));
        let headers = platform.sign(b"genuine");
        let pairs = || {
            headers
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_slice()))
        };
        let seen = Arc::new(Seen::default());
        let verifier = |now| {
            Verifier::new(platform.key_store())
                .clock(Clock::fixed(now))
                .observer(Arc::<Seen>::clone(&seen))
        };

        let keyed = verifier(NOW).begin(pairs()).unwrap().key().await.unwrap();
        keyed.verify(Bytes::from_static(b"genuine")).unwrap();
        verifier(NOW + 1_000).begin(pairs()).unwrap_err();
        assert!(seen.0.lock().unwrap().is_empty());

        let keyed = verifier(NOW).begin(pairs()).unwrap().key().await.unwrap();
        let error = keyed.verify(Bytes::from_static(b"of a payer")).unwrap_err();
        let VerifyError::SignatureInvalid { id } = error else {
            panic!("{error}")
        };
        let seen = seen.0.lock().unwrap();
        let [(timestamp, nonce, key, body, debug)] = seen.as_slice() else {
            panic!("{seen:?}")
        };
        let sent = pairs().find(|(name, _)| name.eq_ignore_ascii_case("wechatpay-nonce"));
        assert_eq!(*timestamp, NOW);
        assert_eq!(sent.map(|(_, value)| value), Some(nonce.as_bytes()));
        assert_eq!(*key, id.to_string());
        assert_eq!(body, b"of a payer");
        assert!(
            debug.contains(key.as_str()) && !debug.contains("payer"),
            "{debug}"
        );
    }

    #[tokio::test]
    async fn a_receiver_passes_rejected_notifications_to_the_observer() {
        let platform = FakePlatform::new();
        let seen = Arc::new(Seen::default());
        let receiver = platform
            .receiver_builder()
            .observer(Arc::<Seen>::clone(&seen))
            .build()
            .unwrap();
        let delivery = platform.payment("ORDER-1", 100);
        let ready = receiver
            .begin("POST", delivery.pairs())
            .unwrap()
            .ready()
            .await
            .unwrap();
        ready.finish("{}".into()).unwrap_err();
        assert_eq!(seen.0.lock().unwrap().len(), 1);
    }
}
