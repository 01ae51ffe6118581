//! Sending of forms with a file.

use std::fmt;

use bytes::Bytes;
use http::{HeaderValue, Method, Request, header::CONTENT_TYPE};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use wechatpay_core::{
    NonceSource,
    api::{Idempotency, media::UploadedMedia},
    verify::Verified,
};

use super::{MediaFile, body::FormBody};
use crate::{CallError, Client, RequestBody, path::PathTemplate, retry::CallKind, sign::SignedPayload};

/// Path of an upload and the names of the parts of its form.
///
/// It is for endpoints without a type.
///
/// ```no_run
/// # async fn upload(client: &wechatpay_tower::Client) -> Result<(), Box<dyn std::error::Error>> {
/// use wechatpay_tower::{
///     api::media::UploadedMedia,
///     media::{MediaFile, Upload},
///     verify::Verified,
/// };
///
/// let file = MediaFile::open("/var/lib/shop/parcel.jpg").await?;
/// // Most endpoints have a part `file` and a part `meta` with `filename` and `sha256`:
/// let picture: Verified<UploadedMedia> = client.upload_to("/v3/merchant-service/images/upload", &file).await?;
///
/// // Others use other names and further keys:
/// #[derive(serde::Deserialize)]
/// struct Uploaded {
///     file_id: String,
/// }
/// let upload = Upload::to("/v3/mch-operation-manage/enhanced-due-diligence/{due_diligence_id}/upload")
///     .path_value("due_diligence_id", "2025010100001")
///     .file_part("due_diligence_file")
///     .meta_keys("file_name", "file_digest")
///     .meta("sub_mchid", "1900000109")
///     .meta("item_id", 7);
/// let document: Verified<Uploaded> = client.upload_to(upload, &file).await?;
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Upload {
    path: PathTemplate,
    file_part: &'static str,
    name_key: &'static str,
    digest_key: &'static str,
    more: Vec<(&'static str, Value)>,
}

impl Upload {
    /// Creates an upload to this path, which may have `{placeholders}`.
    #[must_use]
    pub fn to(path: &'static str) -> Self {
        Self {
            path: PathTemplate::new(path),
            file_part: "file",
            name_key: "filename",
            digest_key: "sha256",
            more: Vec::new(),
        }
    }

    /// Sets the value of a `{placeholder}`.
    ///
    /// It is percent-encoded and stays one segment.
    #[must_use]
    pub fn path_value(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.path.value(name, value.into());
        self
    }

    /// Sets the name of the part with the file. Default: `file`.
    #[must_use]
    pub fn file_part(mut self, name: &'static str) -> Self {
        self.file_part = name;
        self
    }

    /// Sets the keys of name and SHA-256 in the part `meta`.
    ///
    /// Default: `filename` and `sha256`.
    #[must_use]
    pub fn meta_keys(mut self, name: &'static str, digest: &'static str) -> Self {
        (self.name_key, self.digest_key) = (name, digest);
        self
    }

    /// Adds a key to the part `meta`, which is signed with the others.
    #[must_use]
    pub fn meta(mut self, key: &'static str, value: impl Into<Value>) -> Self {
        self.more.push((key, value.into()));
        self
    }

    /// Returns the text of the part `meta`, which is signed.
    fn meta_of(&self, file: &MediaFile) -> Result<Bytes, CallError> {
        let not_json = |_| CallError::Request("the meta is not JSON");
        let Value::Object(mut own) = serde_json::to_value(file.meta()).map_err(not_json)? else {
            return Err(CallError::Request("the meta is not JSON"));
        };
        let mut meta = Map::new();
        let named = [(self.name_key, "filename"), (self.digest_key, "sha256")];
        let named = named.map(|(key, known)| (key, own.remove(known).unwrap_or_default()));
        for (key, value) in named.into_iter().chain(self.more.iter().cloned()) {
            if meta.insert(key.to_owned(), value).is_some() {
                return Err(CallError::Request("a key of the meta is there twice"));
            }
        }
        serde_json::to_vec(&meta).map(Bytes::from).map_err(not_json)
    }
}

impl From<&'static str> for Upload {
    fn from(path: &'static str) -> Self {
        Self::to(path)
    }
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload")
            .field("path", &self.path)
            .field("file_part", &self.file_part)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// Uploads a picture, document or video to the path for its kind.
    ///
    /// # Errors
    /// Fails as [`call`](Self::call) does. A file that was changed since it was hashed breaks off the request.
    ///
    /// # Cancel safety
    /// Dropping the future leaves the file uploaded or not. Nothing refers to it yet.
    pub async fn upload(&self, file: &MediaFile) -> Result<Verified<UploadedMedia>, CallError> {
        self.upload_to(file.meta().name().kind().path(), file).await
    }

    /// Uploads a file to any path and reads the verified response as `T`.
    ///
    /// See [`Upload`].
    ///
    /// # Errors
    /// Fails as [`upload`](Self::upload) does, and with [`CallError::Request`] if the path or the meta is invalid.
    ///
    /// # Cancel safety
    /// As for [`upload`](Self::upload).
    pub async fn upload_to<T: DeserializeOwned>(
        &self,
        upload: impl Into<Upload>,
        file: &MediaFile,
    ) -> Result<Verified<T>, CallError> {
        let upload = upload.into();
        let kind = CallKind {
            method: Method::POST,
            template: upload.path.template(),
            idempotency: Idempotency::No,
            accepts_202: false,
        };
        let request = self.form(&kind, &upload, file)?;
        self.send(&kind, request, |_: &T| Ok(())).await
    }

    fn form(
        &self,
        kind: &CallKind,
        upload: &Upload,
        file: &MediaFile,
    ) -> Result<Request<RequestBody>, CallError> {
        // 190 random bits: the file does not hold them.
        let boundary = NonceSource::system()
            .next()
            .map_err(|_| CallError::Request("the operating system gave no random numbers"))?;
        let meta = upload.meta_of(file)?;
        let head = head(&boundary, upload, file, &meta)?;
        let tail = Bytes::from(format!("\r\n--{boundary}--\r\n"));
        let content_type = HeaderValue::from_str(&format!("multipart/form-data; boundary={boundary}"))
            .map_err(|_| CallError::Request("the boundary is no header"))?;
        let around = u64::try_from(head.len().saturating_add(tail.len())).unwrap_or(u64::MAX);
        let (source, length) = (file.source.clone(), file.length());
        let body = RequestBody::replayable(length.saturating_add(around), move || {
            Box::pin(FormBody::new(head.clone(), source.clone(), length, tail.clone()))
        });
        Request::post(format!("{}{}", self.base_url(), upload.path.fill()?))
            .header(CONTENT_TYPE, content_type)
            .extension(kind.idempotency)
            .extension(SignedPayload(meta))
            .body(body)
            .map_err(|_| CallError::Request("the path is not a URL"))
    }
}

/// Returns everything before the bytes of the file.
///
/// The name of the file needs no quoting: see [`MediaName`](wechatpay_core::api::media::MediaName).
fn head(boundary: &str, upload: &Upload, file: &MediaFile, text: &Bytes) -> Result<Bytes, CallError> {
    let part = upload.file_part;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    if part.is_empty() || part == "meta" || !part.bytes().all(is_plain) {
        return Err(CallError::Request(
            "the name of the file's part is taken or needs quotes",
        ));
    }
    let name = file.meta().name();
    let before = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"meta\"\r\nContent-Type: application/json\r\n\r\n"
    );
    let between = format!(
        "\r\n--{boundary}\r\nContent-Disposition: form-data; name=\"{part}\"; filename=\"{}\"\r\nContent-Type: {}\r\n\r\n",
        name.as_str(),
        name.content_type()
    );
    Ok([before.as_bytes(), text, between.as_bytes()].concat().into())
}
