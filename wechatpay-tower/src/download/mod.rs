//! Downloading bills, receipts, and files that nobody vouches for (feature `bills`, on by default).
//!
//! ```no_run
//! # async fn yesterday(client: &wechatpay_tower::Client) -> Result<(), Box<dyn std::error::Error>> {
//! use wechatpay_core::{api::bills::{GetTradeBill, TarType}, bills::TradeBillReader};
//!
//! let bill = client.call(&GetTradeBill::new("2024-01-31".parse()?).tar_type(TarType::Gzip)).await?;
//! // Into a file, which appears when all of it has arrived and its digest is right:
//! let saved = client.download(&bill).save_to("/var/lib/shop/2024-01-31.csv").await?;
//! // Or into a reader, which is given out under the same condition:
//! let bill = client.call(&GetTradeBill::new("2024-01-31".parse()?)).await?;
//! let reader = client
//!     .download(&bill)
//!     .fold(TradeBillReader::new(), |reader, bytes| reader.feed(bytes, |_row| Ok(())))
//!     .await?;
//! println!("{} bytes, {} rows", saved.length(), reader.finish()?.totals().count);
//! # Ok(()) }
//! ```
//!
//! An electronic receipt is announced in the same three fields, by a response of your own:
//!
//! ```no_run
//! # async fn receipt(client: &wechatpay_tower::Client) -> Result<(), Box<dyn std::error::Error>> {
//! use wechatpay_core::api::bills::BillFile;
//!
//! #[derive(serde::Deserialize)]
//! struct Receipt {
//!     state: String,
//!     /// `hash_type`, `hash_value` and `download_url`, once it is `FINISHED`.
//!     #[serde(flatten)]
//!     file: Option<BillFile>,
//! }
//! # let receipt: Receipt = serde_json::from_str("{}")?;
//! // … `receipt` comes of `client.call(…)` …
//! if let Some(file) = &receipt.file {
//!     client.download(file).save_to("/var/lib/shop/receipt.pdf").await?;
//! }
//! # Ok(()) }
//! ```
//!
//! A picture of a complaint has neither a signature nor a digest: see [`UnverifiedDownload`].
//!
//! # What is checked
//!
//! The response with the file is not signed, by design; the signed response before it says what the digest is.
//!
//! 1. The address comes from the platform, and travels. A request is signed only for the platform's hosts over https and for
//!    those the client was given, with their port. No user names, no other ports; a redirect is an error.
//! 2. The bytes are counted, as they come and as they are unpacked, and so is the ratio of the two; see [`DownloadLimits`].
//! 3. The SHA-1 or SHA-256 of the unpacked file must be the one that was announced; SM3 is refused. Before that nothing exists: no file under its name, no
//!    value. A file of ours is a temporary one beside it (created new, mode 0600), synced, then given its name in one step, and
//!    removed on failure and when the future is dropped.
//!
//! The first bytes tell whether a file is packed: neither a bill nor a receipt begins as gzip does. Memory does not grow with
//! the file.
//!
//! # Encrypted bills
//!
//! The tag of AES-256-GCM is at the end of the file, and a file may be larger than memory. So the *ciphertext* is written to a
//! temporary file and its tag checked on the way; only then it is read again, decrypted, unpacked and checked as any other.
//! Nothing is decrypted that was not authenticated, and no plaintext is written that does not end up in your file.

mod address;
mod digest;
mod error;
mod file;
mod incoming;
mod limits;
mod open;
mod pipeline;
mod saved;
mod sealed;
mod sink;
mod start;
mod unpack;
mod unverified;
mod verified;

pub use error::DownloadError;
pub use limits::{DownloadLimits, Progress};
pub use saved::SavedFile;
pub use unverified::{Unverified, UnverifiedDownload};
pub use verified::Download;
