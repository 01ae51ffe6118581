//! Downloads of bills, receipts and unverified files (feature `bills`, on by default).
//!
//! ```no_run
//! # async fn yesterday(client: &wechatpay_tower::Client) -> Result<(), Box<dyn std::error::Error>> {
//! use wechatpay_tower::{api::bills::{GetTradeBill, TarType}, bills::TradeBillReader};
//!
//! let bill = client.call(&GetTradeBill::new("2024-01-31".parse()?).tar_type(TarType::Gzip)).await?;
//! // Into a file, which appears when it is complete and its digest is right:
//! let saved = client.download(&bill).save_to("/var/lib/shop/2024-01-31.csv").await?;
//! // Or into a reader, which is returned under the same condition:
//! let bill = client.call(&GetTradeBill::new("2024-01-31".parse()?)).await?;
//! let reader = client
//!     .download(&bill)
//!     .fold(TradeBillReader::new(), |reader, bytes| reader.feed(bytes, |_row| Ok(())))
//!     .await?;
//! println!("{} bytes, {} rows", saved.length(), reader.finish()?.totals().count);
//! # Ok(()) }
//! ```
//!
//! An electronic receipt (电子回单) is announced in the same three fields, by a response type of your own:
//!
//! ```no_run
//! # async fn receipt(client: &wechatpay_tower::Client) -> Result<(), Box<dyn std::error::Error>> {
//! use wechatpay_tower::api::bills::BillFile;
//!
//! #[derive(serde::Deserialize)]
//! struct Receipt {
//!     state: String,
//!     /// `hash_type`, `hash_value` and `download_url`, once it is `FINISHED`.
//!     #[serde(flatten)]
//!     file: Option<BillFile>,
//! }
//! # let receipt: Receipt = serde_json::from_str("{}")?;
//! // … `receipt` is the response of `client.call(…)` …
//! if let Some(file) = &receipt.file {
//!     client.download(file).save_to("/var/lib/shop/receipt.pdf").await?;
//! }
//! # Ok(()) }
//! ```
//!
//! A picture of a complaint has neither a signature nor a digest: see [`UnverifiedDownload`].
//!
//! # Checks
//!
//! The response with the file is not signed, by design. The signed response before it announces the digest.
//!
//! 1. The platform sends the address over the network. A request is signed only for the platform's hosts over https,
//!    and for those that were added to the client, with their port. User names, other ports and redirects are errors.
//! 2. The received bytes, the unpacked bytes and their ratio are limited; see [`DownloadLimits`].
//! 3. The SHA-1 or SHA-256 of the unpacked file must equal the announced one; SM3 is not supported. Before that check
//!    there is no file under its name and no value. The file is written as a temporary file beside its target (created
//!    new, mode 0600), synced, and renamed in one step. It is removed on failure and if the future is dropped.
//!
//! The first bytes tell whether a file is packed: neither a bill nor a receipt starts as gzip does. Memory does not
//! grow with the file.
//!
//! # Encrypted bills
//!
//! The tag of AES-256-GCM is at the end of the file, and a file may be larger than memory. The *ciphertext* is
//! therefore written to a temporary file while its tag is computed. Only if the tag is right the file is read again,
//! decrypted, unpacked and checked as any other. Nothing is decrypted that was not authenticated, and plaintext is
//! written to your file only.

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
