//! Uploads of pictures, documents and videos.
//!
//! ```no_run
//! # async fn upload(client: &wechatpay_tower::Client) -> Result<(), Box<dyn std::error::Error>> {
//! use wechatpay_tower::media::MediaFile;
//!
//! let file = MediaFile::open("/var/lib/shop/licence.jpg").await?; // reads it once, for its digest
//! let uploaded = client.upload(&file).await?; // and once more while it is sent
//! println!("refer to it by {}", uploaded.media_id);
//! # Ok(()) }
//! ```
//!
//! [`Client::upload_to`](crate::Client::upload_to) uploads to an endpoint without a type; see [`Upload`].
//!
//! The signature covers the name and the SHA-256 of the file, not the file, which streams from the disk. An upload has
//! no business number, so it is repeated only if it was certainly not sent. If you send it twice, the platform stores
//! it twice.

mod body;
mod file;
mod upload;

pub use file::{MediaError, MediaFile};
pub use upload::Upload;
