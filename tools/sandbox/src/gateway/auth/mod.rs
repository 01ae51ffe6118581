//! Who signed a request, and how good the signature is.

pub(crate) mod authorization;
mod diagnosis;
mod nonces;
pub(crate) mod signature;

pub(crate) use authorization::{Claim, Unreadable, parse as parse_authorization, read as read_authorization};
pub(crate) use diagnosis::{EARLIER_NONCES, doctor};
pub(crate) use nonces::Nonces;
