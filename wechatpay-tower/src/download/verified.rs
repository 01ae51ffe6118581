//! Downloads that are checked by their digest.

use std::{
    fmt,
    path::{Path, PathBuf},
    time::Duration,
};

use wechatpay_core::{
    api::bills::{DownloadUrl, HashType},
    types::Redacted,
};

use super::{
    DownloadError, DownloadLimits, Progress, SavedFile, address,
    digest::Expected,
    file::{FileWriter, check_free, directory_of},
    incoming::Incoming,
    open::Kind,
    pipeline::Pipeline,
    sealed::Sealed,
    sink::{Fold, Sink},
};
use crate::Client;

/// Default of the longest time without a byte.
pub(super) const DEFAULT_STALL: Duration = Duration::from_secs(30);

/// Download, started by [`save_to`](Self::save_to) or [`fold`](Self::fold).
#[must_use = "call save_to() or fold()"]
pub struct Download<'a> {
    client: Client,
    url: DownloadUrl,
    expected: Result<Expected, DownloadError>,
    /// Key and nonce of an encrypted bill.
    seal: Option<(Redacted, String)>,
    limits: DownloadLimits,
    stall: Duration,
    overwrite: bool,
    temp_dir: Option<PathBuf>,
    progress: Box<dyn FnMut(Progress) + Send + 'a>,
}

impl<'a> Download<'a> {
    pub(super) fn new(
        client: Client,
        url: &DownloadUrl,
        hash_type: &HashType,
        hash_value: &str,
        seal: Option<(Redacted, String)>,
    ) -> Self {
        Self {
            client,
            url: url.clone(),
            expected: Expected::read(hash_type, hash_value),
            seal,
            limits: DownloadLimits::default(),
            stall: DEFAULT_STALL,
            overwrite: false,
            temp_dir: None,
            progress: Box::new(|_| {}),
        }
    }

    /// Sets the limits of the file.
    pub fn limits(mut self, limits: DownloadLimits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets the longest time without a byte. Default: 30 s.
    pub fn stall(mut self, timeout: Duration) -> Self {
        self.stall = timeout;
        self
    }

    /// Calls `progress` repeatedly while bytes arrive. It should return quickly.
    pub fn progress<'b>(self, progress: impl FnMut(Progress) + Send + 'b) -> Download<'b> {
        Download {
            client: self.client,
            url: self.url,
            expected: self.expected,
            seal: self.seal,
            limits: self.limits,
            stall: self.stall,
            overwrite: self.overwrite,
            temp_dir: self.temp_dir,
            progress: Box::new(progress),
        }
    }

    /// Replaces an existing file of the same name, which is otherwise an error.
    pub fn overwrite(mut self) -> Self {
        self.overwrite = true;
        self
    }

    /// Sets the directory for the ciphertext of an encrypted bill.
    ///
    /// [`save_to`](Self::save_to) uses the directory of the file.
    pub fn temp_dir(mut self, directory: impl Into<PathBuf>) -> Self {
        self.temp_dir = Some(directory.into());
        self
    }

    /// Saves the plain file, which appears when it is complete and its digest is right.
    ///
    /// Its mode is 0600.
    ///
    /// # Errors
    /// See [`DownloadError`]. Nothing is left behind.
    ///
    /// # Cancel safety
    /// Dropping the future removes the written part, or leaves the complete file. A blocking thread finishes its
    /// current step on the disk first.
    pub async fn save_to(mut self, path: impl AsRef<Path>) -> Result<SavedFile, DownloadError> {
        let path = path.as_ref();
        check_free(path, self.overwrite)?;
        let directory = directory_of(path);
        self.temp_dir.get_or_insert_with(|| directory.to_owned());
        let overwrite = self.overwrite;
        let started = self.start().await?;
        let mut file = FileWriter::create(directory).await?;
        started.run(&mut file).await?;
        file.finish(path, overwrite).await
    }

    /// Feeds the plain bytes to `each` and returns `state` if the digest is right.
    ///
    /// A reader or comparer that is the state cannot be used before the file is complete and checked. Effects of
    /// `each` outside the state are provisional. `each` runs where the future is polled, with about 64 KiB at a time.
    ///
    /// # Errors
    /// See [`DownloadError`], and the first error of `each`: a
    /// [`BillFormatError`](wechatpay_core::bills::BillFormatError) is converted by `?`; wrap any other in
    /// [`DownloadError::Consumer`].
    pub async fn fold<T: Send>(
        self,
        state: T,
        each: impl FnMut(&mut T, &[u8]) -> Result<(), DownloadError> + Send,
    ) -> Result<T, DownloadError> {
        let mut fold = Fold { state, each };
        self.start().await?.run(&mut fold).await?;
        Ok(fold.state)
    }

    /// Checks everything that needs no byte of the file, and requests it.
    async fn start(self) -> Result<Started<'a>, DownloadError> {
        let uri = address::check(&self.url, self.client.hosts())?;
        let pipeline = Pipeline::new(self.client.provider()?.as_ref(), self.expected?, self.limits);
        let sealed = match self.seal {
            Some((key, nonce)) => {
                let directory = self.temp_dir.as_deref().ok_or(DownloadError::NoTempDir)?;
                let key = Sealed::key(&self.client, &key, &nonce)?;
                Some(Sealed::create(&key, directory).await?)
            }
            None => None,
        };
        let body = self.client.open(&Kind::announced(), &uri).await?.into_body();
        let incoming = Incoming::new(body, self.limits.received, self.stall)?;
        Ok(Started {
            progress: Progress {
                expected: incoming.expected(),
                ..Progress::default()
            },
            incoming,
            pipeline,
            sealed,
            report: self.progress,
        })
    }
}

/// A file whose bytes arrive.
struct Started<'a> {
    incoming: Incoming,
    pipeline: Pipeline,
    sealed: Option<Sealed>,
    report: Box<dyn FnMut(Progress) + Send + 'a>,
    progress: Progress,
}

impl Started<'_> {
    async fn run(mut self, sink: &mut impl Sink) -> Result<(), DownloadError> {
        while let Some(bytes) = self.incoming.next().await? {
            match &mut self.sealed {
                Some(sealed) => sealed.take(&bytes).await?,
                None => self.pipeline.push(&bytes, sink).await?,
            }
            self.report();
        }
        if let Some(sealed) = self.sealed.take() {
            let mut opened = sealed.open().await?;
            while let Some(bytes) = opened.next().await? {
                self.pipeline.push(bytes, sink).await?;
                self.report();
            }
        }
        self.progress.received = self.incoming.received();
        self.progress.unpacked = self.pipeline.finish(sink).await?;
        (self.report)(self.progress);
        Ok(())
    }

    fn report(&mut self) {
        self.progress.received = self.incoming.received();
        self.progress.unpacked = self.pipeline.unpacked();
        (self.report)(self.progress);
    }
}

impl fmt::Debug for Download<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("encrypted", &self.seal.is_some())
            .field("limits", &self.limits)
            .field("overwrite", &self.overwrite)
            .finish_non_exhaustive()
    }
}
