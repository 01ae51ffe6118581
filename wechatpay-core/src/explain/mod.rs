//! The signature doctor (feature `explain`): why a signature does not fit.
//!
//! A signature that does not verify is the commonest trouble with API v3, and the platform says no more than 签名错误. But a
//! signature tells what was signed: the public key opens it to a digest, and a message with that digest is a **proof** of what
//! the signer did. The doctor opens the signature with every key it knows ([`KnownKey`]), reads padding and hash, tries other
//! spellings of the text, and then hashes the messages that the usual mistakes make, alone and in pairs, until one has the
//! digest. No key of it is private.
//!
//! # In a gateway
//!
//! A test gateway asks about each request that it refuses, and shows the [`Report`] to the developer:
//!
//! ```
//! # #[cfg(all(feature = "test-util", any(feature = "aws-lc-rs", feature = "rust-crypto")))]
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use wechatpay_core::explain::{Doctor, KeyRole, KnownKey, SignedRequest};
//!
//! # use wechatpay_core::{crypto::default_provider, testing::DemoKey};
//! # let provider = default_provider()?;
//! # let key = DemoKey::Merchant.load(provider.as_ref())?;
//! # let spki = key.public_key_info();
//! # let of_others = DemoKey::OtherMerchant.load(provider.as_ref())?.public_key_info().to_vec();
//! let doctor = Doctor::new()
//!     .key(KeyRole::Expected, KnownKey::new("certificate 5157 of merchant 1900000001", spki)?)
//!     .key(KeyRole::OtherMerchant, KnownKey::new("merchant 1900000002", &of_others)?);
//!
//! # let (timestamp, nonce) = ("1700000000", "5K8264ILTKCH16CQ2502SI8ZNMTM67VS");
//! # let signed = format!("GET\n/v3/pay/transactions/id/42\n{timestamp}\n{nonce}\n\n");
//! # use base64::{Engine as _, engine::general_purpose::STANDARD};
//! # let signature = STANDARD.encode(key.sign(&[signed.as_bytes()])?);
//! let target = "/v3/pay/transactions/id/42?mchid=1900000001";
//! let verdict = doctor.request(
//!     &SignedRequest::new("GET", target, timestamp, nonce, b"", &signature).host("127.0.0.1:8640"),
//! );
//!
//! assert_eq!(verdict.codes().collect::<Vec<_>>(), ["url-query-dropped"]);
//! assert_eq!(verdict.confidence().code(), "proven");
//! assert_eq!(verdict.line(), Some(2));
//! println!("{verdict}"); // one line for the log, without a word of the message
//! println!("{}", verdict.report()); // the lines side by side, for a terminal
//! let json = serde_json::to_value(verdict.report())?; // for `detail.sandbox` and a page
//! assert_eq!(json["you_signed"], "/v3/pay/transactions/id/42␊");
//! # Ok(()) }
//! # #[cfg(not(all(feature = "test-util", any(feature = "aws-lc-rs", feature = "rust-crypto"))))]
//! # fn main() {}
//! ```
//!
//! A client that sends what it signed as [`SIGN_MESSAGE_HEADER`] (in base64) gets an exact difference even where no candidate
//! fits; so does who pastes it: [`SignedRequest::claimed`].
//!
//! # In a shop
//!
//! With the feature on, [`verify`](crate::verify) logs the verdict on each message that it refuses, at debug level under the
//! target `wechatpay::explain`: `body-changed-rewritten (proven): your framework parsed the body …`. The search is a short one
//! ([`Limits::frugal`]), and none is made while nobody listens at that level.
//!
//! # What may be shown to whom
//!
//! [`Verdict`] prints and serialises codes, remedies and names of keys: it may be logged. [`Report`] holds the messages, which
//! may name a payer: it is for the developer's own screen. **Neither goes to whoever sent a message that does not verify.**

mod answer;
mod body;
mod claim;
mod diff;
mod doctor;
mod draw;
mod fact;
mod frame;
mod invocation;
mod key;
mod lines;
pub(crate) mod log;
mod mistake;
mod part;
mod permutations;
mod pss;
mod recover;
mod report;
mod request;
mod search;
mod signing;
mod spelling;
mod verdict;

pub use answer::SignedAnswer;
pub use diff::{FirstDifference, LineDiff};
pub use doctor::Doctor;
pub use draw::draw;
pub use fact::Fact;
pub use invocation::SignedInvocation;
pub use key::{KeyRole, KnownKey};
pub use mistake::{Finding, Mistake, Text};
pub use part::{Direction, Part};
pub use report::Report;
pub use request::SignedRequest;
pub use search::Limits;
pub use verdict::{Confidence, Verdict, VerdictKind};

/// Header in which a client may send the message that it signed, in standard base64, to a gateway on its own machine. Never to
/// the platform.
pub const SIGN_MESSAGE_HEADER: &str = "x-sandbox-sign-message";

/// Every kind of mistake, by the file that describes it.
const MISTAKES: &[&[Mistake]] = &[
    signing::MISTAKES,
    spelling::MISTAKES,
    frame::MISTAKES,
    lines::MISTAKES,
    claim::MISTAKES,
    request::METHOD_MISTAKES,
    request::URL_MISTAKES,
    request::BODY_MISTAKES,
    request::FRAME_MISTAKES,
    answer::MISTAKES,
    invocation::MISTAKES,
];
