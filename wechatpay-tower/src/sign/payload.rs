//! A text to sign instead of the body.

use bytes::Bytes;

/// Request extension: signs this text and lets the body stream. For uploads (图片上传), whose signature covers the JSON
/// text of the part `meta` only.
#[derive(Clone, Debug)]
pub struct SignedPayload(pub Bytes);
