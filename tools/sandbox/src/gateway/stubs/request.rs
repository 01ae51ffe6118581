//! Requests that a stub responds to.

use std::{fmt, sync::Arc};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderMap, Method, header::CONTENT_TYPE};
use serde_json::Value;
use wechatpay_core::crypto::PrivateKey;

use super::Template;
use crate::{
    gateway::{form_parts, traffic::RecordedRequest},
    platform::Platform,
};

/// A request that a stub responds to: its signature was good.
///
/// It holds what the client sent, payer data included; `Debug` shows the method and the path.
#[derive(Clone)]
pub struct StubRequest {
    method: Method,
    target: String,
    headers: HeaderMap,
    body: Bytes,
    json: Value,
    file: Option<StubFile>,
    mchid: String,
    values: Vec<(String, String)>,
    /// The key that `Wechatpay-Serial` names.
    key: Option<Arc<dyn PrivateKey>>,
}

/// The file of an upload.
#[derive(Clone)]
#[non_exhaustive]
pub struct StubFile {
    /// The name in the form.
    pub name: String,
    /// The bytes.
    pub content: Bytes,
}

/// Parts of a request as received.
pub(crate) struct Source<'a> {
    pub(crate) method: &'a Method,
    pub(crate) target: &'a str,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a Bytes,
    /// The signed part of the body.
    pub(crate) signed: &'a Bytes,
    pub(crate) mchid: &'a str,
}

impl StubRequest {
    pub(crate) fn new(platform: &Platform, source: &Source<'_>, template: &Template) -> Self {
        let path = source.target.split('?').next().unwrap_or_default();
        let header = |name| source.headers.get(name).and_then(|value| value.to_str().ok());
        let form = header(CONTENT_TYPE.as_str()).and_then(|kind| form_parts(kind, source.body));
        let file = form
            .into_iter()
            .flatten()
            .find(|part| part.filename.is_some())
            .map(|part| StubFile {
                name: part.filename.unwrap_or_default(),
                content: part.content,
            });
        let key = header("wechatpay-serial").and_then(|serial| platform.encryption_key(serial));
        Self {
            method: source.method.clone(),
            target: source.target.to_owned(),
            headers: source.headers.clone(),
            body: source.body.clone(),
            json: serde_json::from_slice(source.signed).unwrap_or_default(),
            file,
            mchid: source.mchid.to_owned(),
            values: template.values(path).unwrap_or_default(),
            key: key.map(|key| key.key),
        }
    }

    pub(crate) fn recorded(platform: &Platform, request: &RecordedRequest, template: &Template) -> Self {
        let source = Source {
            method: &request.method,
            target: &request.target,
            headers: &request.headers,
            body: &request.body,
            signed: &request.signed,
            mchid: request.mchid.as_deref().unwrap_or_default(),
        };
        Self::new(platform, &source, template)
    }

    /// The HTTP method.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The path as it was sent, percent-encoded.
    #[must_use]
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// The query as it was sent, empty without one.
    #[must_use]
    pub fn query(&self) -> &str {
        self.target.split_once('?').map_or("", |(_, query)| query)
    }

    /// The decoded value of a query parameter.
    #[must_use]
    pub fn query_value(&self, name: &str) -> Option<String> {
        form_urlencoded::parse(self.query().as_bytes())
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    }

    /// The decoded value of a placeholder of the stub's path.
    #[must_use]
    pub fn path_value(&self, name: &str) -> Option<&str> {
        let mut values = self.values.iter();
        values
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// A header that is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body as it was sent.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The JSON body, of an upload the part `meta`; `Null` without one.
    #[must_use]
    pub fn json(&self) -> &Value {
        &self.json
    }

    /// The file of an upload.
    #[must_use]
    pub fn file(&self) -> Option<&StubFile> {
        self.file.as_ref()
    }

    /// The merchant that signed.
    #[must_use]
    pub fn mchid(&self) -> &str {
        &self.mchid
    }

    /// The plain text of an encrypted field: `user_name`, or `payers/0/phone`.
    ///
    /// Returns `None` if there is no such text, or if it does not decrypt with the key that `Wechatpay-Serial` names.
    #[must_use]
    pub fn decrypted(&self, field: &str) -> Option<String> {
        let pointer = format!("/{}", field.trim_start_matches('/'));
        let ciphertext = STANDARD.decode(self.json.pointer(&pointer)?.as_str()?).ok()?;
        let plaintext = self.key.as_ref()?.decrypt(&ciphertext).ok()?;
        String::from_utf8(plaintext.to_vec()).ok()
    }
}

impl fmt::Debug for StubRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StubRequest")
            .field("method", &self.method)
            .field("path", &self.path())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for StubFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StubFile")
            .field("length", &self.content.len())
            .finish_non_exhaustive()
    }
}
