//! Verifying what the platform signed: responses and notifications.
//!
//! [`Verifier::begin`] looks at the headers alone and refuses what cannot be genuine; [`PendingSignature::key`] finds the
//! key that is named; [`KeyedSignature::verify`] checks the RSA signature over the verbatim header text and the raw
//! body. Only the last step gives a [`Verified`] value, and there is no other way to one.
//!
//! An [`Observer`] receives the messages whose signature does not match, so that a tool can explain them.

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
