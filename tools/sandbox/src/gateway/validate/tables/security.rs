//! Pages: 安全回显, 图片上传, 视频上传.

use super::{Field, Kind, S256, URL, field, text};

/// The echo.
pub(crate) const ECHO: &[Field] = &[
    field("echo_message", text(1024)).required(),
    field("encrypted_echo_message", Kind::Encrypted),
    field("notify_url", URL),
];

/// The part `meta` of an upload.
pub(crate) const MEDIA: &[Field] = &[
    field("filename", S256).required(),
    field("sha256", Kind::Text { min: 64, max: 64 }).required(),
];
