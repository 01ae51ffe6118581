//! One call.

use std::{fmt, sync::Arc, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, header::CONTENT_TYPE};
use http_body_util::{Full, combinators::UnsyncBoxBody};
use tower::ServiceExt as _;
use wechatpay_core::{
    BoxError,
    api::{Endpoint, RequestId},
    crypto::EncryptError,
    keys::KeyStore,
    sign::RequestSigner,
    types::{KeyId, Sensitive},
    verify::Verified,
};

use super::{ApiError, CallError, ClientBuilder, Erased, UnknownCause};
use crate::{Error, buffer::Buffer};

/// Longest refusal that is read, in bytes.
const MAX_ERROR_BODY: usize = 64 * 1024;

/// Calls API v3 in the name of one merchant. Cheap to clone.
///
/// Each call is signed, sent, and its answer verified before it is parsed; nothing is repeated behind your back.
#[derive(Clone)]
pub struct Client {
    service: Erased,
    signer: RequestSigner,
    keys: Arc<dyn KeyStore>,
    base: String,
    timeout: Duration,
}

impl Client {
    /// Starts to build a client for this merchant.
    pub fn builder(signer: RequestSigner) -> ClientBuilder {
        ClientBuilder::new(signer)
    }

    pub(super) fn new(
        service: Erased,
        signer: RequestSigner,
        keys: Arc<dyn KeyStore>,
        base: String,
        timeout: Duration,
    ) -> Self {
        Self {
            service,
            signer,
            keys,
            base,
            timeout,
        }
    }

    /// The merchant's signer, for invocation parameters.
    #[must_use]
    pub fn signer(&self) -> &RequestSigner {
        &self.signer
    }

    /// The gateway.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base
    }

    /// Calls an endpoint and gives back its verified answer.
    ///
    /// # Errors
    /// See [`CallError`]; for a POST look at [`CallError::outcome`] before you decide anything.
    ///
    /// # Cancel safety
    /// Dropping the future before it was polled sends nothing; afterwards the outcome of a POST is unknown.
    pub async fn call<E: Endpoint>(&self, endpoint: &E) -> Result<Verified<E::Response>, CallError> {
        let request = self.request(endpoint)?;
        let unknown = |cause: UnknownCause| {
            if E::METHOD == Method::GET {
                CallError::Read {
                    template: E::TEMPLATE,
                    cause,
                }
            } else {
                CallError::OutcomeUnknown {
                    template: E::TEMPLATE,
                    cause,
                }
            }
        };
        let service = self.service.clone();
        let answer = match tokio::time::timeout(self.timeout, exchange(service, request)).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) if error.is_not_sent() => return Err(CallError::NotSent(error)),
            Ok(Err(error)) => return Err(unknown(error.into())),
            Err(_) => return Err(unknown(UnknownCause::Timeout(self.timeout))),
        };
        let (proof, body) = (answer.proof, answer.body);
        if !answer.status.is_success() || answer.status.as_u16() == 202 {
            let error = ApiError::new(answer.status, answer.request_id, proof.is_some(), &body);
            return Err(CallError::Api {
                template: E::TEMPLATE,
                error: Box::new(error),
            });
        }
        let Some(proof) = proof else {
            return Err(unknown(UnknownCause::NoProof));
        };
        let response = match proof.json::<E::Response>() {
            Ok(response) => response,
            Err(error) => {
                // A 2xx may carry the envelope of an error.
                let refusal = ApiError::new(answer.status, answer.request_id, true, &body);
                if refusal.code().is_empty() {
                    return Err(unknown(UnknownCause::Malformed(error)));
                }
                return Err(CallError::Api {
                    template: E::TEMPLATE,
                    error: Box::new(refusal),
                });
            }
        };
        endpoint
            .check_echo(&response)
            .map_err(|mismatch| unknown(mismatch.into()))?;
        Ok(response)
    }

    fn request<E: Endpoint>(&self, endpoint: &E) -> Result<Request<Full<Bytes>>, CallError> {
        let mut encrypted_with = None;
        let body = if E::SENSITIVE {
            let mut sealed = endpoint.clone();
            self.encrypt(&mut sealed, &mut encrypted_with)?;
            serialise(&sealed)?
        } else {
            serialise(endpoint)?
        };
        let mut request = Request::builder()
            .method(E::METHOD)
            .uri(format!("{}{}", self.base, endpoint.path()))
            .body(Full::new(body.clone()))
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

    /// Encrypts every sensitive field with one key, and says which.
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
            .finish_non_exhaustive()
    }
}

fn serialise<E: Endpoint>(endpoint: &E) -> Result<Bytes, CallError> {
    match endpoint.body() {
        // The message of serde might quote a value; the one cause it can have here is a plain sensitive field.
        Some(body) => serde_json::to_vec(&body).map(Bytes::from).map_err(|_| {
            CallError::Request("a field cannot be serialised (a sensitive field that is still plain?)")
        }),
        None => Ok(Bytes::new()),
    }
}

struct Answer {
    status: http::StatusCode,
    request_id: Option<RequestId>,
    proof: Option<Verified<Bytes>>,
    body: Bytes,
}

async fn exchange(service: Erased, request: Request<Full<Bytes>>) -> Result<Answer, Error> {
    let response: Response<UnsyncBoxBody<Bytes, BoxError>> = service.oneshot(request).await?;
    let (mut parts, body) = response.into_parts();
    let proof = parts.extensions.remove::<Verified<Bytes>>();
    let request_id = parts
        .headers
        .get("request-id")
        .and_then(|value| value.to_str().ok())
        .map(RequestId::new);
    let body = match &proof {
        Some(proof) => Bytes::clone(proof),
        // An unsigned refusal: what cannot be read of it is left out.
        None => Buffer::new(body, MAX_ERROR_BODY).await.unwrap_or_default(),
    };
    Ok(Answer {
        status: parts.status,
        request_id,
        proof,
        body,
    })
}
