//! Verifying what the platform signed: answers and notifications.
//!
//! [`Verifier::begin`] looks at the headers alone and refuses what cannot be genuine; [`PendingSignature::key`] finds the
//! key that is named; [`KeyedSignature::verify`] checks the RSA signature over the verbatim header text and the raw
//! body. Only the last step gives a [`Verified`] value, and there is no other way to one.

mod error;
mod headers;
mod verified;
mod verifier;

pub use error::VerifyError;
pub use headers::{SignatureHeader, SignatureHeaders};
pub(crate) use verified::parse_json;
pub use verified::{JsonError, Verified};
pub use verifier::{KeyedSignature, LookupKey, PendingSignature, Verifier, WINDOW_SECONDS};
pub(crate) use verifier::{RefusedSkew, check_time};
