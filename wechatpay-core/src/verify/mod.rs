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
pub use verified::Verified;
pub use verifier::{KeyedSignature, LookupKey, PendingSignature, Verifier, WINDOW_SECONDS};
pub(crate) use verifier::{RefusedSkew, check_time};

pub use crate::json::JsonError;
pub(crate) use crate::json::parse_json;
