//! Files without signature and digest.

use std::{fmt, path::Path, time::Duration};

use bytes::{Bytes, BytesMut};
use http::{Uri, header::CONTENT_TYPE};
use wechatpay_core::api::bills::DownloadUrl;

use super::{
    DownloadError, SavedFile, address,
    file::{FileWriter, check_free, directory_of},
    incoming::Incoming,
    open::Kind,
    verified::DEFAULT_STALL,
};
use crate::{CallError, Client, path::PathTemplate};

/// Default limit of a file; pictures of complaints have at most 2 MB.
const DEFAULT_LIMIT: u64 = 10 * 1024 * 1024;

/// Content without signature and digest.
///
/// Only the connection, TLS to one of the allowed hosts, tells its origin. Show it to a person; never let it decide
/// about money. The methods that read it have `unverified` in their names.
#[derive(Clone, PartialEq, Eq)]
pub struct Unverified<T> {
    content_type: Option<String>,
    content: T,
}

impl<T> Unverified<T> {
    /// Returns the `Content-Type` of the response, which is not verified either.
    ///
    /// If you send the file to a browser, forbid it to guess the type (`X-Content-Type-Options: nosniff`).
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    /// Borrows the content, unverified.
    #[must_use]
    pub fn unverified(&self) -> &T {
        &self.content
    }

    /// Returns the content, unverified.
    #[must_use]
    pub fn into_unverified(self) -> T {
        self.content
    }
}

/// Writes no content.
impl<T> fmt::Debug for Unverified<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unverified")
            .field("content_type", &self.content_type)
            .finish_non_exhaustive()
    }
}

/// Address of a file.
#[derive(Clone)]
pub(super) enum Target {
    Path(PathTemplate),
    Url(DownloadUrl),
}

/// Download without verification, started by [`bytes`](Self::bytes) or [`save_to`](Self::save_to).
///
/// The request is signed, to the allowed hosts only. Redirects are not followed. An HTML page (`text/html`) is an
/// error: it comes from a proxy or a gateway in between.
///
/// ```no_run
/// # async fn picture(client: &wechatpay_tower::Client, media_id: &str) -> Result<(), Box<dyn std::error::Error>> {
/// let picture = client
///     .download_unverified("/v3/merchant-service/images/{media_id}")
///     .path_value("media_id", media_id)
///     .limit(2 << 20)
///     .bytes()
///     .await?;
/// println!("{:?}, {} bytes", picture.content_type(), picture.unverified().len());
/// # Ok(()) }
/// ```
#[derive(Clone)]
#[must_use = "call bytes() or save_to()"]
pub struct UnverifiedDownload {
    client: Client,
    target: Target,
    limit: u64,
    stall: Duration,
    overwrite: bool,
}

impl UnverifiedDownload {
    pub(super) fn new(client: Client, target: Target) -> Self {
        Self {
            client,
            target,
            limit: DEFAULT_LIMIT,
            stall: DEFAULT_STALL,
            overwrite: false,
        }
    }

    /// Sets the value of a `{placeholder}`.
    ///
    /// It is percent-encoded and stays one segment.
    pub fn path_value(mut self, name: &'static str, value: impl Into<String>) -> Self {
        match &mut self.target {
            Target::Path(path) => path.value(name, value.into()),
            Target::Url(_) => {}
        }
        self
    }

    /// Sets the limit of the file, in bytes. Default: 10 MiB.
    pub fn limit(mut self, bytes: u64) -> Self {
        self.limit = bytes;
        self
    }

    /// Sets the longest time without a byte. Default: 30 s.
    pub fn stall(mut self, timeout: Duration) -> Self {
        self.stall = timeout;
        self
    }

    /// Replaces an existing file of the same name, which is otherwise an error.
    pub fn overwrite(mut self) -> Self {
        self.overwrite = true;
        self
    }

    /// Reads the file into memory.
    ///
    /// # Errors
    /// See [`DownloadError`].
    pub async fn bytes(self) -> Result<Unverified<Bytes>, DownloadError> {
        let mut file = BytesMut::new();
        let (content_type, mut incoming) = self.start().await?;
        while let Some(bytes) = incoming.next().await? {
            file.extend_from_slice(&bytes);
        }
        Ok(Unverified {
            content_type,
            content: file.freeze(),
        })
    }

    /// Saves the file, which appears with mode 0600 when it is complete.
    ///
    /// # Errors
    /// See [`DownloadError`]. Nothing is left behind.
    ///
    /// # Cancel safety
    /// Dropping the future removes the written part, or leaves the complete file.
    pub async fn save_to(self, path: impl AsRef<Path>) -> Result<Unverified<SavedFile>, DownloadError> {
        let (path, overwrite) = (path.as_ref(), self.overwrite);
        check_free(path, overwrite)?;
        let (content_type, mut incoming) = self.start().await?;
        let mut file = FileWriter::create(directory_of(path)).await?;
        while let Some(bytes) = incoming.next().await? {
            file.append(&bytes).await?;
        }
        Ok(Unverified {
            content_type,
            content: file.finish(path, overwrite).await?,
        })
    }

    async fn start(&self) -> Result<(Option<String>, Incoming), DownloadError> {
        let (kind, uri) = match &self.target {
            Target::Url(url) => (
                Kind::unverified("{media_url}"),
                address::check(url, self.client.hosts())?,
            ),
            Target::Path(path) => (Kind::unverified(path.template()), self.uri(path)?),
        };
        let response = self.client.open(&kind, &uri).await?;
        let content_type = response
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned);
        if content_type.as_deref().is_some_and(is_page) {
            return Err(DownloadError::Page);
        }
        let incoming = Incoming::new(response.into_body(), self.limit, self.stall)?;
        Ok((content_type, incoming))
    }

    fn uri(&self, path: &PathTemplate) -> Result<Uri, CallError> {
        format!("{}{}", self.client.base_url(), path.fill()?)
            .parse()
            .map_err(|_| CallError::Request("the path is not a URL"))
    }
}

fn is_page(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default();
    kind.trim().eq_ignore_ascii_case("text/html")
}

impl fmt::Debug for UnverifiedDownload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let target = match &self.target {
            Target::Path(path) => path.template(),
            Target::Url(_) => "{media_url}",
        };
        f.debug_struct("UnverifiedDownload")
            .field("target", &target)
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}
