//! Signing: what the merchant's private key puts its name to.
//!
//! [`RequestSigner`] makes the `Authorization` of a request and the parameters with which a client calls the payment
//! sheet. It asks a [`Signer`] for the RSA operation: [`LocalSigner`] holds the key in this process; a key in a KMS
//! or HSM implements the trait.

mod authorization;
mod error;
mod expiry;
mod invoke;
mod message;
mod nonce;
mod request;
mod signer;

pub use authorization::{Authorization, MalformedAuthorization, SCHEME};
pub use error::SignError;
pub use invoke::{
    AppParameters, InvalidRedirect, JsapiParameters, MiniProgramParameters, h5_url_with_redirect,
};
pub use message::{InvalidLine, SigningMessage};
pub use nonce::NonceSource;
pub use request::{Authorize, RequestSigner};
pub use signer::{LocalSigner, SignFuture, Signer};
