#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]
// Offsets and lengths of hostile messages are computed here: nothing may wrap, panic or be truncated silently.
#![warn(clippy::arithmetic_side_effects, clippy::as_conversions)]

mod body;
mod catalogue;
mod claim;
mod diff;
mod doctor;
mod draw;
mod encoding;
mod fact;
mod frame;
mod invocation;
mod key;
mod lines;
mod mistake;
mod observer;
mod part;
mod permutations;
mod pss;
mod recover;
mod report;
mod request;
mod response;
mod search;
mod signing;
mod slot;
mod spelling;
mod text;
mod verdict;

pub use diff::{FirstDifference, LineDiff};
pub use doctor::Doctor;
pub use draw::draw;
pub use fact::Fact;
pub use invocation::SignedInvocation;
pub use key::{KeyRole, KnownKey};
pub use mistake::{Finding, Mistake};
pub use part::{Direction, Part};
pub use report::Report;
pub use request::SignedRequest;
pub use response::SignedResponse;
pub use search::Limits;
pub use text::{Label, Text};
pub use verdict::{Confidence, Verdict, VerdictKind};

/// Header in which a client may send the message that it signed.
///
/// The value is standard base64. Send it only to a test gateway on your own machine, never to the platform.
pub const SIGN_MESSAGE_HEADER: &str = "x-sandbox-sign-message";
