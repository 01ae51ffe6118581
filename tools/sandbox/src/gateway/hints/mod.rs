//! Remedies of rejected requests, as far as no single family of endpoints has them.

mod field;
mod party;
mod request;
mod signature;

pub(crate) use field::{Conflict, FieldHint};
pub(crate) use party::PartyHint;
pub(crate) use request::{RequestHint, StubProblem};
pub(crate) use signature::{Diagnosis, Side, SignatureHint};
