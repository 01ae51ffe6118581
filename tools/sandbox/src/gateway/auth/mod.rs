//! Who signed a request, and how good the signature is.

pub(crate) mod authorization;
mod browser;
mod diagnosis;
mod nonces;
pub(crate) mod signature;

pub use authorization::{Claim, Unreadable, parse as parse_authorization, read as read_authorization};
pub(crate) use browser::sign_of_a_page;
pub use diagnosis::{EARLIER_NONCES, certificate_label, doctor};
pub use nonces::Nonces;
