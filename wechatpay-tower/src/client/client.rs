//! The client and its calls.

use std::{fmt, sync::Arc, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, Uri, header::CONTENT_TYPE};
use http_body_util::combinators::UnsyncBoxBody;
use serde::de::DeserializeOwned;
use tower::ServiceExt as _;
use wechatpay_core::{
    BoxError,
    api::{EchoMismatch, Endpoint, ErrorBody, RequestId},
    crypto::EncryptError,
    is_loopback,
    keys::KeyStore,
    sign::RequestSigner,
    types::{KeyId, Sensitive},
    verify::Verified,
};

#[cfg(feature = "bills")]
use wechatpay_core::crypto::{CryptoProvider, NoCryptoProvider, default_provider};

use super::{ApiError, CallError, ClientBuilder, Erased, UnknownCause};
use crate::{
    Error, RequestBody,
    buffer::Buffer,
    retry::{AttemptsLeft, CallKind, RetryPolicy},
    sign::AllowedHosts,
};

/// Limit of an error response, in bytes.
const MAX_ERROR_BODY: usize = 64 * 1024;

/// Typed client of API v3 for one merchant. Cheap to clone.
///
/// Each call is signed and sent, and its response is verified before it is parsed. A failed call is repeated if that
/// is safe; see [`retry`](crate::retry).
#[derive(Clone)]
pub struct Client {
    service: Erased,
    signer: RequestSigner,
    keys: Arc<dyn KeyStore>,
    base: String,
    /// The gateway is on this machine, so it is a sandbox.
    is_local: bool,
    timeout: Duration,
    retry: RetryPolicy,
    hosts: AllowedHosts,
    #[cfg(feature = "bills")]
    provider: Option<Arc<dyn CryptoProvider>>,
}

impl Client {
    /// Starts to build a client for the merchant of `signer`.
    pub fn builder(signer: RequestSigner) -> ClientBuilder {
        ClientBuilder::new(signer)
    }

    pub(super) fn new(
        service: Erased,
        signer: RequestSigner,
        keys: Arc<dyn KeyStore>,
        base: String,
        timeout: Duration,
        retry: RetryPolicy,
        hosts: AllowedHosts,
    ) -> Self {
        Self {
            service,
            signer,
            keys,
            is_local: base
                .parse::<Uri>()
                .is_ok_and(|base| base.host().is_some_and(is_loopback)),
            base,
            timeout,
            retry,
            hosts,
            #[cfg(feature = "bills")]
            provider: None,
        }
    }

    #[cfg(feature = "bills")]
    pub(super) fn with_provider(mut self, provider: Option<Arc<dyn CryptoProvider>>) -> Self {
        self.provider = provider;
        self
    }

    /// Returns the crypto backend for the digests of files.
    #[cfg(feature = "bills")]
    pub(crate) fn provider(&self) -> Result<Arc<dyn CryptoProvider>, NoCryptoProvider> {
        self.provider.clone().map_or_else(default_provider, Ok)
    }

    /// Returns the merchant's signer, for invocation parameters.
    #[must_use]
    pub fn signer(&self) -> &RequestSigner {
        &self.signer
    }

    /// Returns the base URL of the gateway.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base
    }

    #[cfg(feature = "bills")]
    pub(crate) fn service(&self) -> Erased {
        self.service.clone()
    }

    /// Returns the retry policy and the deadline of a call.
    #[cfg(feature = "bills")]
    pub(crate) fn retry(&self) -> (&RetryPolicy, Duration) {
        (&self.retry, self.timeout)
    }

    /// Returns the hosts that may receive signed requests.
    #[cfg(feature = "bills")]
    pub(crate) fn hosts(&self) -> &AllowedHosts {
        &self.hosts
    }

    /// Calls an endpoint and returns its verified response.
    ///
    /// # Errors
    /// See [`CallError`]. For a POST, check [`CallError::outcome`] before you decide anything.
    ///
    /// # Cancel safety
    /// Dropping the future before it was polled sends nothing. Later, the outcome of a POST is unknown.
    pub async fn call<E: Endpoint>(&self, endpoint: &E) -> Result<Verified<E::Response>, CallError> {
        let kind = CallKind {
            method: E::METHOD,
            template: E::TEMPLATE,
            idempotency: endpoint.idempotency(),
            accepts_202: E::ACCEPTED_IS_SUCCESS,
        };
        // Built once, so that a repeat is the same byte for byte.
        let request = self.request(endpoint)?;
        self.send(&kind, request, |response| endpoint.check_echo(response))
            .await
    }

    /// Sends a request until it has a response or may not be sent again.
    pub(crate) async fn send<T: DeserializeOwned>(
        &self,
        kind: &CallKind,
        request: Request<RequestBody>,
        check_echo: impl Fn(&T) -> Result<(), EchoMismatch>,
    ) -> Result<Verified<T>, CallError> {
        let mut attempts = AttemptsLeft::new(&self.retry, kind, self.timeout);
        loop {
            let mut request = request.clone();
            let timeout = attempts.start(&mut request);
            let outcome = match self.attempt(kind, request, timeout).await {
                Ok(reply) => self.read(kind, reply, &check_echo),
                Err(error) => Err(error),
            };
            match outcome {
                Ok(response) => {
                    attempts.succeeded();
                    return Ok(response);
                }
                Err(error) => attempts.failed(error).await?,
            }
        }
    }

    async fn attempt(
        &self,
        kind: &CallKind,
        request: Request<RequestBody>,
        timeout: Duration,
    ) -> Result<Received, CallError> {
        match tokio::time::timeout(timeout, exchange(self.service.clone(), request)).await {
            Ok(outcome) => outcome.map_err(|error| kind.failed(error)),
            Err(_) => Err(kind.unusable(UnknownCause::Timeout(timeout))),
        }
    }

    /// Reads a response as the expected type.
    fn read<T: DeserializeOwned>(
        &self,
        kind: &CallKind,
        reply: Received,
        check_echo: &impl Fn(&T) -> Result<(), EchoMismatch>,
    ) -> Result<Verified<T>, CallError> {
        let Received {
            status,
            request_id,
            proof,
            body,
        } = reply;
        let refusal = |proof| self.refusal(status, request_id, proof, &body);
        let is_accepted = status == StatusCode::ACCEPTED;
        // A 202 of the platform may have no body.
        let is_busy = is_accepted && (!kind.accepts_202 || body.is_empty());
        if !status.is_success() || is_busy {
            return Err(kind.refused(refusal(proof)));
        }
        let Some(proof) = proof else {
            return Err(kind.unusable(UnknownCause::NoProof));
        };
        let response = match proof.clone().json::<T>() {
            // "Busy, try again" comes with 202 too, in the envelope of an error.
            Ok(_) if is_accepted && !ErrorBody::read(&body).code.is_empty() => {
                return Err(kind.refused(refusal(Some(proof))));
            }
            Ok(response) => response,
            Err(error) => {
                // A 2xx may carry the envelope of an error.
                let refusal = refusal(Some(proof));
                // The body of a 202 has its own code.
                return Err(if refusal.code().is_empty() && !is_accepted {
                    kind.unusable(UnknownCause::Malformed(error))
                } else {
                    kind.refused(refusal)
                });
            }
        };
        check_echo(&response).map_err(|mismatch| kind.unusable(mismatch.into()))?;
        Ok(response)
    }

    fn refusal(
        &self,
        status: StatusCode,
        request_id: Option<RequestId>,
        proof: Option<Verified<Bytes>>,
        body: &[u8],
    ) -> Box<ApiError> {
        let error = ApiError::new(status, request_id, proof, body);
        Box::new(if self.is_local { error.with_hint() } else { error })
    }

    /// Reads the error response of an endpoint whose responses are not signed.
    #[cfg(feature = "bills")]
    pub(crate) async fn unsigned_refusal(
        &self,
        response: Response<UnsyncBoxBody<Bytes, BoxError>>,
    ) -> Box<ApiError> {
        let (parts, body) = response.into_parts();
        let body = Buffer::new(body, MAX_ERROR_BODY).await.unwrap_or_default();
        self.refusal(parts.status, request_id(&parts.headers), None, &body)
    }

    fn request<E: Endpoint>(&self, endpoint: &E) -> Result<Request<RequestBody>, CallError> {
        let mut encrypted_with = None;
        let mut sealed;
        let endpoint = if E::SENSITIVE {
            sealed = endpoint.clone();
            self.encrypt(&mut sealed, &mut encrypted_with)?;
            &sealed
        } else {
            endpoint
        };
        let body = serialise(endpoint)?;
        let mut request = Request::builder()
            .method(E::METHOD)
            .uri(format!("{}{}", self.base, endpoint.path()))
            .extension(endpoint.idempotency())
            .body(RequestBody::from(body.clone()))
            .map_err(|_| CallError::Request("the path is not a URL"))?;
        if !body.is_empty() {
            request
                .headers_mut()
                .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        if let Some(id) = encrypted_with {
            let value = HeaderValue::from_str(id.as_str())
                .map_err(|_| CallError::Request("the key id is no header"))?;
            request.headers_mut().insert("wechatpay-serial", value);
        }
        Ok(request)
    }

    /// Encrypts every sensitive field with one key, and returns its id.
    fn encrypt<E: Endpoint>(
        &self,
        endpoint: &mut E,
        encrypted_with: &mut Option<KeyId>,
    ) -> Result<(), EncryptError> {
        let mut key = None;
        endpoint.visit_sensitive(&mut |field: &mut Sensitive| {
            let Some(plain) = field.as_plain() else {
                return Ok(());
            };
            if key.is_none() {
                key = self.keys.encryption_key();
            }
            let key = key.as_ref().ok_or(EncryptError::NoKey)?;
            let ciphertext = key.key().encrypt(plain.as_bytes())?;
            *field = Sensitive::cipher(STANDARD.encode(ciphertext));
            Ok(())
        })?;
        *encrypted_with = key.map(|key| key.id().clone());
        Ok(())
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("mchid", self.signer.mchid())
            .field("base_url", &self.base)
            .field("timeout", &self.timeout)
            .field("retry", &self.retry)
            .field("hosts", &self.hosts)
            .finish_non_exhaustive()
    }
}

fn serialise<E: Endpoint>(endpoint: &E) -> Result<Bytes, CallError> {
    match endpoint.body() {
        // The message of serde could quote a value. The only possible cause is a plain sensitive field.
        Some(body) => serde_json::to_vec(&body).map(Bytes::from).map_err(|_| {
            CallError::Request("a field cannot be serialised (a sensitive field that is still plain?)")
        }),
        None => Ok(Bytes::new()),
    }
}

struct Received {
    status: StatusCode,
    request_id: Option<RequestId>,
    proof: Option<Verified<Bytes>>,
    body: Bytes,
}

async fn exchange(service: Erased, request: Request<RequestBody>) -> Result<Received, Error> {
    let response: Response<UnsyncBoxBody<Bytes, BoxError>> = service.oneshot(request).await?;
    let (mut parts, body) = response.into_parts();
    let proof = parts.extensions.remove::<Verified<Bytes>>();
    let request_id = request_id(&parts.headers);
    let body = match &proof {
        Some(proof) => Bytes::clone(proof),
        // An unsigned refusal: parts that cannot be read are left out.
        None => Buffer::new(body, MAX_ERROR_BODY).await.unwrap_or_default(),
    };
    Ok(Received {
        status: parts.status,
        request_id,
        proof,
        body,
    })
}

fn request_id(headers: &HeaderMap) -> Option<RequestId> {
    let value = headers.get("request-id")?.to_str().ok()?;
    Some(RequestId::new(value))
}
