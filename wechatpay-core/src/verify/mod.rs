//! Verification of signed responses and notifications (验签).
//!
//! 1. [`Verifier::begin`] checks the headers alone: form, time window (±300 s) and probes.
//! 2. [`PendingSignature::key`] finds the key that the headers name.
//! 3. [`KeyedSignature::verify`] checks the RSA signature over the verbatim header text and the raw body.
//!
//! Only the last step creates a [`Verified`] value. An [`Observer`] receives the messages whose signature does not
//! match, so that a tool can explain them.
//!
//! # Examples
//! ```
//! # #[cfg(feature = "test-util")]
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let platform = wechatpay_core::testing::FakePlatform::new();
//! # let body = bytes::Bytes::from_static(br#"{"prepay_id":"wx201410272009395522657a690389285100"}"#);
//! # let headers = platform.sign(&body);
//! use wechatpay_core::{api::prepay::PrepayIdResponse, verify::Verifier};
//!
//! let verifier = Verifier::new(platform.key_store());
//! let pairs = || headers.iter().map(|(name, value)| (name.as_str(), value.as_slice()));
//!
//! let verified = verifier.begin(pairs())?.key().await?.verify(body)?;
//! let response = verified.json::<PrepayIdResponse>()?;
//! assert_eq!(response.prepay_id, "wx201410272009395522657a690389285100");
//!
//! let rejected = verifier.begin(pairs())?.key().await?.verify("{}".into());
//! assert_eq!(rejected.unwrap_err().code(), "signature_invalid");
//! # Ok(()) }
//! # #[cfg(not(feature = "test-util"))]
//! # fn main() {}
//! ```

mod error;
mod headers;
mod key_store;
mod observer;
mod platform_key;
mod signature_header;
mod verified;
mod verifier;

pub use error::VerifyError;
pub use headers::SignatureHeaders;
pub use key_store::{KeyError, KeyFuture, KeyHealth, KeyStore};
pub use observer::{InvalidSignature, Observer};
pub use platform_key::{KeyOrigin, PlatformKey, RejectedCertificate};
pub use signature_header::SignatureHeader;
pub use verified::Verified;
pub use verifier::{KeyedSignature, LookupKey, PendingSignature, Verifier, WINDOW_SECONDS};
pub(crate) use verifier::{RefusedSkew, check_time};

pub use crate::json::JsonError;
pub(crate) use crate::json::parse_json;
