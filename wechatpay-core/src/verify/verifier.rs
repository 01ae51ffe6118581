//! Verification in three steps.

use std::{
    fmt,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    task::{Context, Poll, ready},
};

use bytes::Bytes;

use super::{
    InvalidSignature, KeyError, KeyFuture, KeyStore, Observer, PlatformKey, SignatureHeaders, Verified,
    VerifyError,
};
use crate::clock::Clock;

/// Largest distance between the timestamp of a signature and the local clock, in seconds.
pub const WINDOW_SECONDS: u64 = 300;

/// Verifies signatures of the platform with the keys of one merchant.
///
/// Cheap to clone. The [module documentation](super) has an example.
#[derive(Clone)]
pub struct Verifier {
    keys: Arc<dyn KeyStore>,
    clock: Clock,
    skew: Arc<AtomicI64>,
    refused_skew: Arc<RefusedSkew>,
    observer: Option<Arc<dyn Observer>>,
}

impl Verifier {
    /// Creates a verifier with the keys of one merchant.
    pub fn new(keys: Arc<dyn KeyStore>) -> Self {
        Self {
            keys,
            clock: Clock::system(),
            skew: Arc::new(AtomicI64::new(0)),
            refused_skew: Arc::default(),
            observer: None,
        }
    }

    /// Sets the clock. Defaults to the system clock.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Sets an observer of messages whose signature does not match. Defaults to none.
    #[must_use]
    pub fn observer(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observer = Some(observer);
        self
    }

    /// Returns the keys.
    #[must_use]
    pub fn keys(&self) -> &Arc<dyn KeyStore> {
        &self.keys
    }

    /// Returns local clock minus platform clock in seconds, as of the last verified message.
    ///
    /// It is meant for a metric and never widens the window.
    #[must_use]
    pub fn clock_skew(&self) -> i64 {
        self.skew.load(Ordering::Relaxed)
    }

    /// Returns the clock skew of the last message that was rejected for its time.
    ///
    /// It is local clock minus timestamp, in seconds. It becomes `None` as soon as a message verifies. A rejected
    /// message is not verified and may come from anybody, so treat the value as a hint. It shows a wrong local clock
    /// while no message verifies.
    #[must_use]
    pub fn rejected_clock_skew(&self) -> Option<i64> {
        self.refused_skew.get()
    }

    /// Checks the headers alone: form, window, probe.
    ///
    /// It needs neither a key nor the body.
    ///
    /// # Errors
    /// Returns the [`VerifyError`] of the first failed check, in this order.
    pub fn begin<'a>(
        &self,
        pairs: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    ) -> Result<PendingSignature, VerifyError> {
        self.begin_with(SignatureHeaders::from_pairs(pairs)?)
    }

    /// Checks headers that have been read, as [`begin`](Self::begin) does.
    pub(crate) fn begin_with(&self, headers: SignatureHeaders) -> Result<PendingSignature, VerifyError> {
        check_time(&headers, self.clock.now()).inspect_err(|error| self.refused_skew.note(error))?;
        Ok(PendingSignature {
            headers,
            verifier: self.clone(),
        })
    }
}

/// Checks the window, and rejects probes.
pub(crate) fn check_time(headers: &SignatureHeaders, now: i64) -> Result<(), VerifyError> {
    let distance = now.abs_diff(headers.timestamp());
    if distance > WINDOW_SECONDS {
        Err(if headers.timestamp() < now {
            VerifyError::TooOld { seconds: distance }
        } else {
            VerifyError::TooNew { seconds: distance }
        })
    } else if headers.is_probe() {
        Err(VerifyError::Probe)
    } else {
        Ok(())
    }
}

/// Clock skew of the last message that was rejected for its time.
///
/// 0 means none, because a skew of 0 is never rejected.
#[derive(Debug, Default)]
pub(crate) struct RefusedSkew(AtomicI64);

impl RefusedSkew {
    pub(crate) fn note(&self, error: &VerifyError) {
        let skew = match error {
            VerifyError::TooOld { seconds } => i64::try_from(*seconds).unwrap_or(i64::MAX),
            VerifyError::TooNew { seconds } => i64::try_from(*seconds).map_or(i64::MIN, i64::saturating_neg),
            _ => return,
        };
        self.0.store(skew, Ordering::Relaxed);
    }

    pub(crate) fn get(&self) -> Option<i64> {
        Some(self.0.load(Ordering::Relaxed)).filter(|skew| *skew != 0)
    }

    fn clear(&self) {
        self.0.store(0, Ordering::Relaxed);
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier")
            .field("keys", &self.keys)
            .finish_non_exhaustive()
    }
}

/// Headers that passed their checks; the key is looked up next.
#[derive(Debug)]
#[must_use = "nothing has been verified yet"]
pub struct PendingSignature {
    headers: SignatureHeaders,
    verifier: Verifier,
}

impl PendingSignature {
    /// Finds the key.
    ///
    /// Ready at once if the key is known. Otherwise all callers share at most one download.
    pub fn key(self) -> LookupKey {
        let response = match self.verifier.keys.get(self.headers.key_id()) {
            Some(key) => KeyFuture::ready(Ok(key)),
            None => self.verifier.keys.fetch(self.headers.key_id()),
        };
        LookupKey {
            pending: Some(self),
            response,
        }
    }
}

/// Future of [`PendingSignature::key`].
///
/// Dropping it does not stop a download that others wait for.
#[derive(Debug)]
#[must_use = "a future does nothing until it is polled"]
pub struct LookupKey {
    pending: Option<PendingSignature>,
    response: KeyFuture,
}

impl Future for LookupKey {
    type Output = Result<KeyedSignature, VerifyError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let response = ready!(Pin::new(&mut self.response).poll(cx));
        let Some(PendingSignature { headers, verifier }) = self.pending.take() else {
            crate::polled_after_completion();
        };
        let key = match response {
            Ok(key) => key,
            Err(KeyError::Unknown) => {
                return Poll::Ready(Err(VerifyError::KeyUnknown {
                    id: headers.key_id().clone(),
                }));
            }
            Err(source) => {
                return Poll::Ready(Err(VerifyError::KeyUnavailable {
                    id: headers.key_id().clone(),
                    source,
                }));
            }
        };
        if !key.is_valid_at(verifier.clock.now()) {
            return Poll::Ready(Err(VerifyError::KeyExpired {
                id: headers.key_id().clone(),
                refresh_failing: verifier.keys.is_refresh_failing(),
            }));
        }
        Poll::Ready(Ok(KeyedSignature {
            headers,
            key,
            verifier,
        }))
    }
}

/// Headers that passed their checks, with the key to verify them.
#[derive(Debug)]
#[must_use = "nothing has been verified yet"]
pub struct KeyedSignature {
    headers: SignatureHeaders,
    key: Arc<PlatformKey>,
    verifier: Verifier,
}

impl KeyedSignature {
    /// Verifies the signature over the raw body, exactly as it arrived.
    ///
    /// # Errors
    /// Returns [`VerifyError::SignatureInvalid`].
    pub fn verify(self, body: Bytes) -> Result<Verified<Bytes>, VerifyError> {
        let Self {
            headers,
            key,
            verifier,
        } = self;
        let fits = headers
            .signature()
            .is_some_and(|signature| key.key().verify(&headers.message(&body), signature).is_ok());
        if !fits {
            if let Some(observer) = &verifier.observer {
                observer.signature_invalid(&InvalidSignature::new(&headers, &key, &body));
            }
            return Err(VerifyError::SignatureInvalid { id: key.id().clone() });
        }
        verifier.skew.store(
            verifier.clock.now().saturating_sub(headers.timestamp()),
            Ordering::Relaxed,
        );
        verifier.refused_skew.clear();
        Ok(Verified::new(body, key.id().clone(), headers.timestamp()))
    }
}
