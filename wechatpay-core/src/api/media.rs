//! Uploads of pictures, documents and videos (图片上传, 视频上传).
//!
//! `POST /v3/merchant/media/upload` and `POST /v3/merchant/media/video_upload`.
//!
//! An upload is a multipart form of two parts, `meta` and `file`. Its signature covers only the text of `meta`, which
//! holds the file name and the SHA-256 of the file. The digest must therefore be known before the upload starts, while
//! the file itself is streamed. `wechatpay-tower` does both.

use std::fmt;

use serde::{Serialize, ser::SerializeStruct as _};
use wechatpay_macros::Response;

/// Path for pictures and documents.
pub const UPLOAD: &str = "/v3/merchant/media/upload";
/// Path for videos.
pub const VIDEO_UPLOAD: &str = "/v3/merchant/media/video_upload";

/// Maximum length of a file name, in bytes.
const MAX_NAME: usize = 128;

/// Kind of a file, derived from its extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MediaKind {
    /// JPG, PNG or BMP, up to 5 MB.
    Picture,
    /// PDF, up to 7.5 MB.
    Document,
    /// AVI, WMV, MPEG, MP4, MOV, MKV, FLV, F4V, M4V or RMVB, up to 5 MB.
    Video,
}

impl MediaKind {
    /// Returns the upload path for this kind of file.
    #[must_use]
    pub fn path(self) -> &'static str {
        match self {
            Self::Picture | Self::Document => UPLOAD,
            Self::Video => VIDEO_UPLOAD,
        }
    }

    /// Returns the maximum length of this kind of file, in bytes.
    #[must_use]
    pub fn max_length(self) -> u64 {
        const MIB: u64 = 1024 * 1024;
        match self {
            Self::Picture | Self::Video => 5 * MIB,
            Self::Document => 15 * MIB / 2,
        }
    }
}

/// Accepted extensions with kind and media type.
const EXTENSIONS: [(&str, MediaKind, &str); 16] = [
    ("jpg", MediaKind::Picture, "image/jpeg"),
    ("jpeg", MediaKind::Picture, "image/jpeg"),
    ("png", MediaKind::Picture, "image/png"),
    ("bmp", MediaKind::Picture, "image/bmp"),
    ("pdf", MediaKind::Document, "application/pdf"),
    ("avi", MediaKind::Video, "video/x-msvideo"),
    ("wmv", MediaKind::Video, "video/x-ms-wmv"),
    ("mpeg", MediaKind::Video, "video/mpeg"),
    ("mp4", MediaKind::Video, "video/mp4"),
    ("mov", MediaKind::Video, "video/quicktime"),
    ("mkv", MediaKind::Video, "video/x-matroska"),
    ("flv", MediaKind::Video, "video/x-flv"),
    ("f4v", MediaKind::Video, "video/mp4"),
    ("m4v", MediaKind::Video, "video/x-m4v"),
    ("rmvb", MediaKind::Video, "application/octet-stream"),
    ("mpg", MediaKind::Video, "video/mpeg"),
];

/// Name of a file to upload.
///
/// Letters, digits, `.`, `_` and `-`, up to 128, with an extension that the platform accepts. The name appears in two
/// places of the form that must agree, so only characters that need no quoting are allowed.
///
/// ```
/// use wechatpay_core::api::media::{MediaKind, MediaName};
///
/// let name: MediaName = "licence-2024.JPG".parse()?;
/// assert_eq!((name.kind(), name.content_type()), (MediaKind::Picture, "image/jpeg"));
/// assert!("执照.jpg".parse::<MediaName>().is_err());
/// assert!("licence.exe".parse::<MediaName>().is_err());
/// # Ok::<(), wechatpay_core::api::media::InvalidMediaName>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct MediaName {
    text: Box<str>,
    kind: MediaKind,
    content_type: &'static str,
}

/// An invalid file name.
///
/// The name is not kept: a picture may be named after a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidMediaName {
    /// Empty, too long, or with characters that are not allowed.
    #[error("a file name may have up to 128 letters, digits, `.`, `_` and `-`; rename the file")]
    Characters,
    /// File type not accepted by the platform.
    #[error(
        "the platform takes jpg, jpeg, png, bmp, pdf, avi, wmv, mpeg, mpg, mp4, mov, mkv, flv, f4v, m4v and rmvb"
    )]
    Extension,
}

impl MediaName {
    /// Returns the name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the kind of file.
    #[must_use]
    pub fn kind(&self) -> MediaKind {
        self.kind
    }

    /// Returns the media type of the form part that holds the file.
    #[must_use]
    pub fn content_type(&self) -> &'static str {
        self.content_type
    }
}

impl std::str::FromStr for MediaName {
    type Err = InvalidMediaName;

    fn from_str(text: &str) -> Result<Self, InvalidMediaName> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
        if text.is_empty() || text.len() > MAX_NAME || !text.bytes().all(allowed) {
            return Err(InvalidMediaName::Characters);
        }
        let (stem, extension) = text.rsplit_once('.').ok_or(InvalidMediaName::Extension)?;
        let (_, kind, content_type) = EXTENSIONS
            .into_iter()
            .find(|(known, ..)| known.eq_ignore_ascii_case(extension))
            .filter(|_| !stem.is_empty())
            .ok_or(InvalidMediaName::Extension)?;
        Ok(Self {
            text: text.into(),
            kind,
            content_type,
        })
    }
}

impl fmt::Debug for MediaName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MediaName")
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// The `meta` part of an upload: `{"filename":…,"sha256":…}`.
///
/// Its text is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaMeta {
    name: MediaName,
    sha256: [u8; 32],
}

impl MediaMeta {
    /// Creates the part for a file with this name and digest.
    #[must_use]
    pub fn new(name: MediaName, sha256: [u8; 32]) -> Self {
        Self { name, sha256 }
    }

    /// Returns the name.
    #[must_use]
    pub fn name(&self) -> &MediaName {
        &self.name
    }
}

impl Serialize for MediaMeta {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut meta = serializer.serialize_struct("MediaMeta", 2)?;
        meta.serialize_field("filename", self.name.as_str())?;
        meta.serialize_field("sha256", &base16ct::lower::encode_string(&self.sha256))?;
        meta.end()
    }
}

/// The response to an upload.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct UploadedMedia {
    /// Media id by which other requests name the file.
    pub media_id: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_meta_is_compact_json_with_a_lower_case_digest() {
        let meta = MediaMeta::new("a_b-1.PNG".parse().unwrap(), [0xab; 32]);
        assert_eq!(
            serde_json::to_string(&meta).unwrap(),
            format!(r#"{{"filename":"a_b-1.PNG","sha256":"{}"}}"#, "ab".repeat(32))
        );
    }

    #[test]
    fn only_names_without_quoting_are_accepted_and_determine_the_kind() {
        for (name, kind, path) in [
            ("a.jpg", MediaKind::Picture, UPLOAD),
            ("A.B.JPEG", MediaKind::Picture, UPLOAD),
            ("a.pdf", MediaKind::Document, UPLOAD),
            ("a.RmVb", MediaKind::Video, VIDEO_UPLOAD),
        ] {
            let name: MediaName = name.parse().unwrap();
            assert_eq!((name.kind(), name.kind().path()), (kind, path));
        }
        for name in [
            "",
            "a b.jpg",
            "a\".jpg",
            "a\r\n.jpg",
            "../a.jpg",
            "a\\b.jpg",
            "图.jpg",
            &format!("{}.jpg", "a".repeat(125)),
        ] {
            assert_eq!(
                name.parse::<MediaName>(),
                Err(InvalidMediaName::Characters),
                "{name}"
            );
        }
        for name in ["jpg", ".jpg", "a.", "a.gif", "a.jpg.exe", "a.svg"] {
            assert_eq!(
                name.parse::<MediaName>(),
                Err(InvalidMediaName::Extension),
                "{name}"
            );
        }
        assert_eq!(MediaKind::Document.max_length(), 7_864_320);
    }

    #[test]
    fn a_response_with_unknown_keys_is_read() {
        let response: UploadedMedia =
            serde_json::from_str(r#"{"media_id":"H1ihR9JUtVj","future":{}}"#).unwrap();
        assert_eq!(response.media_id, "H1ihR9JUtVj");
    }
}
