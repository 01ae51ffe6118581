//! Receiver: from header pairs and bytes to a verified notification.

use std::{
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use zeroize::Zeroizing;

use super::{
    EventType, NotificationCounters, NotificationError, VerifiedNotification,
    envelope::{Envelope, Head, Identity, Scalar, SealedResource, SharedWith, SubOrders, given},
    error::Shape,
    headers::CheckedHeaders,
    json_shape::check_depth,
    notification::{Inner, Origin},
    recipient::Recipient,
    report::{Reporter, Subject},
    resource::is_sharing,
};
use crate::{
    base64,
    clock::Clock,
    config::ConfigError,
    crypto::{Aead, CryptoProvider, NONCE_LENGTH, TAG_LENGTH, default_provider},
    json::{self, Deciding, Read},
    types::{ApiV3Key, Appid, DateTime, Mchid},
    verify::{KeyStore, KeyedSignature, LookupKey, Observer, PendingSignature, Verified, Verifier},
};

/// Default limit of the body, in bytes.
///
/// A payment has about 1 kB. A combined order of 50 parts with promotions still fits.
pub const DEFAULT_BODY_LIMIT: usize = 256 * 1024;
/// Default time in which the body must arrive.
///
/// The platform gives up after 5 s.
const DEFAULT_BODY_DEADLINE: Duration = Duration::from_secs(3);

/// Receives the notifications of one merchant.
///
/// Cheap to clone: one `Arc`. The [module documentation](super) lists the checks and the statuses.
///
/// ```
/// # #[cfg(feature = "test-util")]
/// # async fn receive() -> Result<(), Box<dyn std::error::Error>> {
/// use wechatpay_core::{api::transactions::Transaction, testing::FakePlatform};
///
/// let platform = FakePlatform::new();
/// let receiver = platform.receiver();
///
/// let delivery = platform.payment("ORDER-1", 100);
/// let verified = receiver.begin("POST", delivery.pairs())?.ready().await?.finish(delivery.body.clone())?;
/// let paid = verified.decode::<Transaction>()?;
/// assert_eq!(paid.out_trade_no, "ORDER-1");
///
/// let rejected = receiver.begin("POST", delivery.pairs())?.ready().await?.finish("{}".into());
/// assert_eq!(rejected.unwrap_err().status(), 401);
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct NotificationReceiver(Arc<Shared>);

struct Shared {
    recipient: Arc<Recipient>,
    verifier: Verifier,
    aead: Arc<dyn Aead>,
    appids: Vec<Appid>,
    sub_mchids: Vec<Mchid>,
    body_limit: usize,
    body_deadline: Duration,
    clock: Clock,
}

impl NotificationReceiver {
    /// Starts to build a receiver.
    ///
    /// Takes the merchant (in partner mode the service provider), its APIv3 key and its platform keys.
    pub fn builder(
        mchid: Mchid,
        api_v3_key: ApiV3Key,
        keys: Arc<dyn KeyStore>,
    ) -> NotificationReceiverBuilder {
        NotificationReceiverBuilder {
            mchid,
            api_v3_key,
            keys,
            appids: Vec::new(),
            sub_mchids: Vec::new(),
            body_limit: DEFAULT_BODY_LIMIT,
            body_deadline: DEFAULT_BODY_DEADLINE,
            provider: None,
            clock: Clock::system(),
            observer: None,
        }
    }

    /// Returns the merchant.
    #[must_use]
    pub fn mchid(&self) -> &Mchid {
        &self.0.recipient.mchid
    }

    /// Returns the limit of the body, in bytes.
    #[must_use]
    pub fn body_limit(&self) -> usize {
        self.0.body_limit
    }

    /// Returns the time in which the body must arrive.
    #[must_use]
    pub fn body_deadline(&self) -> Duration {
        self.0.body_deadline
    }

    /// Returns the verifier with its keys and the measured clock skew.
    #[must_use]
    pub fn verifier(&self) -> &Verifier {
        &self.0.verifier
    }

    /// Returns counts of accepted and rejected notifications.
    #[must_use]
    pub fn counters(&self) -> &NotificationCounters {
        &self.0.recipient.reporter.counters
    }

    /// Returns the clock of the time checks.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// Checks method and headers, before a byte of the body is read.
    ///
    /// # Errors
    /// Returns the first failed check of method, content type, content encoding, declared length, and the header checks
    /// of [`Verifier::begin`](crate::verify::Verifier::begin).
    pub fn begin<'a>(
        &self,
        method: &str,
        pairs: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    ) -> Result<Pending, NotificationError> {
        self.count(
            CheckedHeaders::read(method, pairs, self.0.body_limit).and_then(|headers| self.pending(headers)),
        )
    }

    /// Continues from headers that a directory has checked, with this receiver's limit and clock.
    pub(super) fn begin_with(&self, headers: CheckedHeaders) -> Result<Pending, NotificationError> {
        self.count(
            headers
                .check_length(self.0.body_limit)
                .and_then(|()| self.pending(headers)),
        )
    }

    fn pending(&self, headers: CheckedHeaders) -> Result<Pending, NotificationError> {
        Ok(Pending {
            signature: self.0.verifier.begin_with(headers.signature)?,
            receiver: self.clone(),
        })
    }

    /// Counts and logs a rejection that an adapter made.
    ///
    /// Adapters reject a body that is too large, too slow or aborted.
    ///
    /// All other rejections are already counted and logged once by this crate.
    pub fn rejected(&self, error: &NotificationError) {
        self.rejected_of(error, Subject::default());
    }

    /// Counts and logs a rejection with further facts about the notification.
    pub(super) fn rejected_of(&self, error: &NotificationError, subject: Subject<'_>) {
        self.0.recipient.rejected(error, subject);
    }

    fn count<T>(&self, outcome: Result<T, NotificationError>) -> Result<T, NotificationError> {
        outcome.inspect_err(|error| self.rejected(error))
    }

    /// Decrypts a verified body, and counts and logs the result.
    fn open(&self, body: &Verified<Bytes>) -> Result<VerifiedNotification, NotificationError> {
        let malformed = |shape| {
            let error = NotificationError::EnvelopeMalformed(shape);
            // The id of the lost notification can often be read nevertheless.
            let head = Head::read(body);
            self.rejected_of(&error, head.subject());
            error
        };
        check_depth(body).map_err(malformed)?;
        let text = std::str::from_utf8(body).map_err(|_| malformed(Shape::NotUtf8))?;
        let read =
            json::read::<Envelope<'_>>(text, Envelope::DECIDES).map_err(|error| malformed(error.into()))?;
        let envelope = &read.value;
        envelope.check().map_err(malformed)?;
        self.open_envelope(&read, body)
            .inspect(|_| self.0.recipient.reporter.counters.accepted())
            .inspect_err(|error| {
                let subject = Subject {
                    id: Some(&envelope.id),
                    event_type: Some(&envelope.event_type),
                    ..Subject::default()
                };
                self.rejected_of(error, subject);
            })
    }

    fn open_envelope(
        &self,
        Read {
            value: envelope,
            unread,
        }: &Read<Envelope<'_>>,
        body: &Verified<Bytes>,
    ) -> Result<VerifiedNotification, NotificationError> {
        let resource = &envelope.resource;
        let mut plaintext = self.decrypt(resource)?;
        let malformed = |shape| NotificationError::PayloadMalformed(shape);
        check_depth(&plaintext).map_err(malformed)?;
        let plaintext = match String::from_utf8(std::mem::take(&mut *plaintext)) {
            Ok(text) => Zeroizing::new(text),
            Err(error) => {
                drop(Zeroizing::new(error.into_bytes()));
                return Err(malformed(Shape::NotUtf8));
            }
        };
        let decides = match self.0.appids.is_empty() {
            true => Identity::DECIDES,
            false => Deciding::All,
        };
        let identity = json::read::<Identity<'_>>(&plaintext, decides)
            .map_err(|error| malformed(error.into()))?
            .value;
        let event_type = EventType::from(envelope.event_type.as_ref());
        let original_type = given(resource.original_type.as_deref());
        if !(is_sharing(&event_type, original_type) && self.received_a_share(&plaintext)) {
            self.check_merchant(&identity)?;
        }
        let combined = given(identity.combine_out_trade_no.as_deref()).is_some();
        if combined {
            self.check_sub_orders(&plaintext)?;
        }
        let written = given(envelope.create_time.as_deref());
        let create_time = written.and_then(DateTime::read);
        let unknown_time = (written.is_some() && create_time.is_none()).then_some("create_time");
        let unread = unread.iter().map(String::as_str).chain(unknown_time);
        let unread = unread.map(|path| format!("envelope.{path}")).collect();
        Ok(VerifiedNotification::new(Inner {
            id: envelope.id.as_ref().into(),
            create_time,
            create_time_text: written.map(Into::into),
            event_type,
            original_type: original_type.map(Into::into),
            summary: given(envelope.summary.as_deref()).map(Into::into),
            origin: Origin::Receiver(Arc::clone(&self.0.recipient)),
            combined,
            key_id: body.key_id().clone(),
            signed_at: body.signed_at(),
            plaintext,
            unread,
        }))
    }

    fn decrypt(&self, resource: &SealedResource<'_>) -> Result<Zeroizing<Vec<u8>>, NotificationError> {
        if resource.algorithm != "AEAD_AES_256_GCM" {
            return Err(NotificationError::AlgorithmUnsupported);
        }
        let field = |field, problem| NotificationError::EnvelopeMalformed(Shape::Field { field, problem });
        if resource.nonce.len() != NONCE_LENGTH {
            return Err(field("resource.nonce", "must have 12 bytes"));
        }
        let sealed = base64::decode(resource.ciphertext.as_bytes())
            .map_err(|_| field("resource.ciphertext", "must be standard base64 with padding"))?;
        // Checked before the cipher sees it: a shorter text would be read as a shorter tag by some ciphers.
        if sealed.len() <= TAG_LENGTH {
            return Err(field("resource.ciphertext", "must be longer than its tag"));
        }
        let associated_data = resource.associated_data.as_deref().unwrap_or_default().as_bytes();
        self.0
            .aead
            .open(resource.nonce.as_bytes(), associated_data, sealed)
            .map_err(|_| NotificationError::DecryptFailed)
    }

    /// Returns `true` if this merchant received the share.
    ///
    /// A sharing notification goes to the receiver of the share, so it may name another merchant.
    fn received_a_share(&self, plaintext: &str) -> bool {
        json::read::<SharedWith<'_>>(plaintext, SharedWith::DECIDES)
            .is_ok_and(|read| self.0.recipient.mchid == *read.value.receiver.account)
    }

    /// Checks that the merchant inside is this one, regardless of the key.
    ///
    /// Two merchants of one provider may trust the same platform key.
    fn check_merchant(&self, identity: &Identity<'_>) -> Result<(), NotificationError> {
        let wrong = |field| Err(NotificationError::WrongMerchant { field });
        let ours = |mchid: &Option<Scalar<'_>>| {
            given(mchid.as_deref()).is_none_or(|mchid| self.0.recipient.mchid == *mchid)
        };
        if !ours(&identity.sp_mchid) {
            return wrong("sp_mchid");
        }
        if !ours(&identity.combine_mchid) {
            return wrong("combine_mchid");
        }
        // Beside `sp_mchid` a bare `mchid` would contradict it unless it is the same.
        if !ours(&identity.mchid) {
            return wrong("mchid");
        }
        if !ours(&identity.mch_id) {
            return wrong("mch_id");
        }
        let appids = [
            ("sp_appid", &identity.sp_appid),
            ("combine_appid", &identity.combine_appid),
            ("appid", &identity.appid),
        ];
        for (field, appid) in appids {
            let listed = |appid: &str| self.0.appids.iter().any(|ours| *ours == *appid);
            if !self.0.appids.is_empty() && given(appid.as_deref()).is_some_and(|appid| !listed(appid)) {
                return wrong(field);
            }
        }
        if given(identity.sub_mchid.as_deref()).is_some_and(|mchid| !self.may_be_sub_merchant(mchid)) {
            return wrong("sub_mchid");
        }
        Ok(())
    }

    /// Checks the sub-merchant of each part of a combined payment.
    fn check_sub_orders(&self, plaintext: &str) -> Result<(), NotificationError> {
        if self.0.sub_mchids.is_empty() {
            return Ok(());
        }
        let SubOrders { sub_orders } = json::read(plaintext, SubOrders::DECIDES)
            .map_err(|error| NotificationError::PayloadMalformed(error.into()))?
            .value;
        let mut sub_mchids = sub_orders
            .iter()
            .filter_map(|order| given(order.sub_mchid.as_deref()));
        if sub_mchids.all(|mchid| self.may_be_sub_merchant(mchid)) {
            Ok(())
        } else {
            Err(NotificationError::WrongMerchant {
                field: "sub_orders.sub_mchid",
            })
        }
    }

    fn may_be_sub_merchant(&self, mchid: &str) -> bool {
        self.0.sub_mchids.is_empty() || self.0.sub_mchids.iter().any(|ours| *ours == *mchid)
    }
}

impl fmt::Debug for NotificationReceiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NotificationReceiver")
            .field("mchid", &self.0.recipient.mchid)
            .field("body_limit", &self.0.body_limit)
            .finish_non_exhaustive()
    }
}

/// Headers that passed their checks; no byte of the body has been read.
#[derive(Debug)]
#[must_use = "nothing has been verified yet"]
pub struct Pending {
    signature: PendingSignature,
    receiver: NotificationReceiver,
}

impl Pending {
    /// Finds the named key before the body is read.
    ///
    /// Ready at once if the key is known.
    pub fn ready(self) -> LookupReady {
        LookupReady {
            lookup: self.signature.key(),
            receiver: self.receiver,
        }
    }

    /// Finds the key and finishes, if the body is already there.
    ///
    /// # Errors
    /// Returns the errors of [`ready`](Self::ready) and [`Ready::finish`].
    pub async fn finish(self, body: Bytes) -> Result<VerifiedNotification, NotificationError> {
        self.ready().await?.finish(body)
    }
}

/// Future of [`Pending::ready`].
#[derive(Debug)]
#[must_use = "a future does nothing until it is polled"]
pub struct LookupReady {
    lookup: LookupKey,
    receiver: NotificationReceiver,
}

impl Future for LookupReady {
    type Output = Result<Ready, NotificationError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let outcome = ready!(Pin::new(&mut self.lookup).poll(cx));
        let receiver = self.receiver.clone();
        Poll::Ready(match outcome {
            Ok(signature) => Ok(Ready { signature, receiver }),
            Err(error) => receiver.count(Err(error.into())),
        })
    }
}

/// Headers and key of a notification; the body may be read.
#[derive(Debug)]
#[must_use = "nothing has been verified yet"]
pub struct Ready {
    signature: KeyedSignature,
    receiver: NotificationReceiver,
}

impl Ready {
    /// Returns the receiver, for limit and deadline of the body.
    #[must_use]
    pub fn receiver(&self) -> &NotificationReceiver {
        &self.receiver
    }

    /// Verifies, decrypts and checks the merchant.
    ///
    /// Takes about 25 µs and never waits.
    ///
    /// # Errors
    /// Returns the first failed check of signature, envelope, decryption, payload and merchant.
    pub fn finish(self, body: Bytes) -> Result<VerifiedNotification, NotificationError> {
        let Self { signature, receiver } = self;
        let limit = receiver.0.body_limit;
        if body.len() > limit {
            return receiver.count(Err(NotificationError::TooLarge { limit }));
        }
        let subject = Subject {
            body_length: Some(body.len()),
            ..Subject::default()
        };
        let body = signature
            .verify(body)
            .map_err(NotificationError::from)
            .inspect_err(|error| receiver.rejected_of(error, subject))?;
        receiver.open(&body)
    }
}

/// Builds a [`NotificationReceiver`].
#[derive(Debug)]
#[must_use = "call build()"]
pub struct NotificationReceiverBuilder {
    mchid: Mchid,
    api_v3_key: ApiV3Key,
    keys: Arc<dyn KeyStore>,
    appids: Vec<Appid>,
    sub_mchids: Vec<Mchid>,
    body_limit: usize,
    body_deadline: Duration,
    provider: Option<Arc<dyn CryptoProvider>>,
    clock: Clock,
    observer: Option<Arc<dyn Observer>>,
}

impl NotificationReceiverBuilder {
    /// Accepts only notifications of this app. May be called for several apps.
    ///
    /// By default any app of the merchant is accepted.
    pub fn appid(mut self, appid: Appid) -> Self {
        self.appids.push(appid);
        self
    }

    /// Accepts only notifications of this sub-merchant. May be called for several.
    ///
    /// By default any sub-merchant of the provider is accepted.
    pub fn sub_mchid(mut self, sub_mchid: Mchid) -> Self {
        self.sub_mchids.push(sub_mchid);
        self
    }

    /// Sets the limit of the body in bytes. Defaults to [`DEFAULT_BODY_LIMIT`].
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// Sets the time in which the body must arrive. Defaults to 3 s.
    pub fn body_deadline(mut self, deadline: Duration) -> Self {
        self.body_deadline = deadline;
        self
    }

    /// Sets the crypto backend. Defaults to the one that the features select.
    pub fn provider(mut self, provider: Arc<dyn CryptoProvider>) -> Self {
        self.provider = Some(provider);
        self
    }

    /// Sets the clock. Defaults to the system clock.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Sets an observer of notifications whose signature does not match. Defaults to none.
    pub fn observer(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observer = Some(observer);
        self
    }

    /// Builds the receiver.
    ///
    /// # Errors
    /// Returns an error if there is no crypto backend.
    pub fn build(self) -> Result<NotificationReceiver, ConfigError> {
        let provider = match self.provider {
            Some(provider) => provider,
            None => default_provider()?,
        };
        let mut verifier = Verifier::new(self.keys).clock(self.clock.clone());
        if let Some(observer) = self.observer {
            verifier = verifier.observer(observer);
        }
        Ok(NotificationReceiver(Arc::new(Shared {
            aead: provider.aead(&self.api_v3_key)?,
            recipient: Arc::new(Recipient {
                mchid: self.mchid,
                provider,
                reporter: Reporter::default(),
            }),
            verifier,
            clock: self.clock,
            appids: self.appids,
            sub_mchids: self.sub_mchids,
            body_limit: self.body_limit,
            body_deadline: self.body_deadline,
        })))
    }
}
