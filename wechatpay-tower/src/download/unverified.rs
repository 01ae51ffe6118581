//! Files that nobody vouches for.

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

/// Longest file unless set otherwise: pictures of complaints have 2 MB.
const DEFAULT_LIMIT: u64 = 10 * 1024 * 1024;

/// Something that came from the network and that nobody vouches for.
///
/// There is neither a signature nor a digest: only the connection, TLS to one of the allowed hosts, says where it came from. Show
/// it to a person; never let it decide about money. Reading it takes a call that says so.
#[derive(Clone, PartialEq, Eq)]
pub struct Unverified<T> {
    content_type: Option<String>,
    content: T,
}

impl<T> Unverified<T> {
    /// The `Content-Type` that the response had. It is not verified either: a browser that is sent the file must be told not to
    /// guess (`X-Content-Type-Options: nosniff`).
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    /// The content, unverified.
    #[must_use]
    pub fn unverified(&self) -> &T {
        &self.content
    }

    /// The content, unverified.
    #[must_use]
    pub fn into_unverified(self) -> T {
        self.content
    }
}

/// Without the content.
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

/// A download without verification that was not started yet: call [`bytes`](Self::bytes) or [`save_to`](Self::save_to).
///
/// The request is signed, to the allowed hosts only. A redirect is not followed, and a page (`text/html`) is an error: it comes
/// from somebody in between.
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

    /// The value of a `{placeholder}`, as it is: it is percent-encoded, and stays one segment.
    pub fn path_value(mut self, name: &'static str, value: impl Into<String>) -> Self {
        match &mut self.target {
            Target::Path(path) => path.value(name, value.into()),
            Target::Url(_) => {}
        }
        self
    }

    /// Longest file, in bytes; default 10 MiB.
    pub fn limit(mut self, bytes: u64) -> Self {
        self.limit = bytes;
        self
    }

    /// After what time without a byte the download is given up; default 30 s.
    pub fn stall(mut self, timeout: Duration) -> Self {
        self.stall = timeout;
        self
    }

    /// Replaces a file of the same name. Without this it is an error that there is one.
    pub fn overwrite(mut self) -> Self {
        self.overwrite = true;
        self
    }

    /// Takes the file into memory.
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

    /// Saves the file. It appears under its name, mode 0600, when all of it is there.
    ///
    /// # Errors
    /// See [`DownloadError`]. Nothing is left behind.
    ///
    /// # Cancel safety
    /// Dropping the future removes what was written, or leaves the complete file.
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
