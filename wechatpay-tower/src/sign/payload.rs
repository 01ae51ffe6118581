//! Payloads that are signed instead of the body.

use bytes::Bytes;

/// Request extension with the text to sign instead of the body, which then streams.
///
/// It is for uploads (图片上传), whose signature covers only the JSON text of the part `meta`.
#[derive(Clone, Debug)]
pub struct SignedPayload(pub Bytes);
