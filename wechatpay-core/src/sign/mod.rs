//! Signing with the merchant's private key.
//!
//! [`RequestSigner`] creates the `Authorization` of a request and the parameters that open the payment sheet. It calls
//! a [`Signer`] for the RSA operation. [`LocalSigner`] holds the key in this process; implement the trait for a key in
//! a KMS or HSM.
//!
//! # Examples
//! ```
//! # #[cfg(feature = "test-util")]
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # use wechatpay_core::testing::{DemoKey, private_key_pem};
//! # let pem = private_key_pem(DemoKey::Merchant.pkcs8());
//! use std::sync::Arc;
//! use wechatpay_core::{crypto::default_provider, sign::{LocalSigner, RequestSigner}};
//!
//! let serial = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1".parse()?;
//! let signer = LocalSigner::new(serial, &pem.into(), default_provider()?.as_ref())?;
//! let merchant = RequestSigner::new("1900000001".parse()?, Arc::new(signer));
//!
//! let signed = merchant.authorize(&http::Method::GET, "/v3/certificates", bytes::Bytes::new()).await?;
//! assert!(signed.to_header_value()?.is_sensitive());
//!
//! let sheet = merchant.jsapi(&"wx8888888888888888".parse()?, &"wx201410272009395522657a690389285100".parse()?).await?;
//! assert_eq!(sheet.package, "prepay_id=wx201410272009395522657a690389285100");
//! # Ok(()) }
//! # #[cfg(not(feature = "test-util"))]
//! # fn main() {}
//! ```

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
