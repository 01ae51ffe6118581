//! What is done with the file.

use std::{
    fmt,
    path::{Path, PathBuf},
    time::Duration,
};

use bytes::Bytes;
use http_body::Body as _;
use http_body_util::{BodyExt as _, combinators::UnsyncBoxBody};
use wechatpay_core::{
    BoxError,
    api::bills::{DownloadUrl, HashType},
    types::PrivateText,
};

use super::{
    BillError, BillLimits, Progress, SavedBill,
    address::{self, Digest},
    file::FileWriter,
    pipeline::Pipeline,
    sealed::Sealed,
    sink::{Fold, Sink},
};
use crate::Client;

/// A download breaks off when nothing comes for so long.
const DEFAULT_STALL: Duration = Duration::from_secs(30);

/// A download that was not started yet: say how, then [`save_to`](Self::save_to) or [`fold`](Self::fold).
#[must_use = "call save_to() or fold()"]
pub struct Download<'a> {
    client: Client,
    url: DownloadUrl,
    expected: Result<Digest, BillError>,
    /// Key and nonce of an encrypted bill.
    seal: Option<(PrivateText, String)>,
    limits: BillLimits,
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
        seal: Option<(PrivateText, String)>,
    ) -> Self {
        Self {
            client,
            url: url.clone(),
            expected: address::digest(hash_type, hash_value),
            seal,
            limits: BillLimits::default(),
            stall: DEFAULT_STALL,
            overwrite: false,
            temp_dir: None,
            progress: Box::new(|_| {}),
        }
    }

    /// How much is taken at most.
    pub fn limits(mut self, limits: BillLimits) -> Self {
        self.limits = limits;
        self
    }

    /// After what time without a byte the download is given up; default 30 s.
    pub fn stall(mut self, timeout: Duration) -> Self {
        self.stall = timeout;
        self
    }

    /// Calls `progress` again and again while bytes come. It should be quick.
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

    /// Replaces a file of the same name. Without this it is an error that there is one.
    pub fn overwrite(mut self) -> Self {
        self.overwrite = true;
        self
    }

    /// Where the ciphertext of an encrypted bill lies while it is checked. [`save_to`](Self::save_to) uses the directory of
    /// the file.
    pub fn temp_dir(mut self, directory: impl Into<PathBuf>) -> Self {
        self.temp_dir = Some(directory.into());
        self
    }

    /// Saves the plain file. It appears under its name, mode 0600, when all of it is there and its digest is right.
    ///
    /// # Errors
    /// See [`BillError`]. Nothing is left behind.
    ///
    /// # Cancel safety
    /// Dropping the future removes what was written, or leaves the complete file. A thread that is in the middle of a step on
    /// the disk ends it first.
    pub async fn save_to(mut self, path: impl AsRef<Path>) -> Result<SavedBill, BillError> {
        let path = path.as_ref();
        // Better now than after a gigabyte. What counts is the look at the end.
        if !self.overwrite && path.symlink_metadata().is_ok() {
            return Err(BillError::Exists);
        }
        let directory = match path.parent() {
            Some(directory) if !directory.as_os_str().is_empty() => directory,
            _ => Path::new("."),
        };
        self.temp_dir.get_or_insert_with(|| directory.to_owned());
        let overwrite = self.overwrite;
        let started = self.start().await?;
        let mut file = FileWriter::create(directory).await?;
        started.run(&mut file).await?;
        let length = file.length();
        match file.persist(path, overwrite).await {
            Ok(()) => Ok(SavedBill::new(path.to_owned(), length)),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Err(BillError::Exists),
            Err(error) => Err(error.into()),
        }
    }

    /// Feeds the plain bytes to `each` as they come, and gives `state` out when all of them came and their digest is right.
    ///
    /// So a reader or comparer that is the state cannot be used before. What `each` does beyond the state is provisional. It
    /// runs where the future is polled, some 64 KiB at a time.
    ///
    /// # Errors
    /// See [`BillError`], and the first error of `each`: a [`BillFormatError`](wechatpay_core::bills::BillFormatError) becomes
    /// one with `?`; wrap any other in [`BillError::Taker`].
    pub async fn fold<T: Send>(
        self,
        state: T,
        each: impl FnMut(&mut T, &[u8]) -> Result<(), BillError> + Send,
    ) -> Result<T, BillError> {
        let mut fold = Fold { state, each };
        self.start().await?.run(&mut fold).await?;
        Ok(fold.state)
    }

    /// Everything that can be refused before a byte of the file comes, and the request for it.
    async fn start(self) -> Result<Started<'a>, BillError> {
        let uri = address::check(&self.url, self.client.hosts())?;
        let pipeline = Pipeline::new(self.expected?, self.limits)?;
        let sealed = match self.seal {
            Some((key, nonce)) => {
                let directory = self.temp_dir.as_deref().ok_or(BillError::NoTempDir)?;
                let key = Sealed::key(&self.client, &key, &nonce)?;
                Some(Sealed::create(&key, directory).await?)
            }
            None => None,
        };
        let body = self.client.open(&uri).await?.into_body();
        let expected = body.size_hint().exact();
        if let Some(length) = expected
            && length > self.limits.received
        {
            return Err(BillError::TooLarge {
                limit: self.limits.received,
            });
        }
        Ok(Started {
            body,
            pipeline,
            sealed,
            limits: self.limits,
            stall: self.stall,
            report: self.progress,
            progress: Progress {
                expected,
                ..Progress::default()
            },
        })
    }
}

/// A file whose bytes come.
struct Started<'a> {
    body: UnsyncBoxBody<Bytes, BoxError>,
    pipeline: Pipeline,
    sealed: Option<Sealed>,
    limits: BillLimits,
    stall: Duration,
    report: Box<dyn FnMut(Progress) + Send + 'a>,
    progress: Progress,
}

impl Started<'_> {
    async fn run(mut self, sink: &mut impl Sink) -> Result<(), BillError> {
        while let Some(bytes) = self.next().await? {
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
        self.progress.unpacked = self.pipeline.finish(sink).await?;
        (self.report)(self.progress);
        Ok(())
    }

    /// The next bytes of the file as it comes.
    async fn next(&mut self) -> Result<Option<Bytes>, BillError> {
        loop {
            let frame = tokio::time::timeout(self.stall, self.body.frame())
                .await
                .map_err(|_| BillError::Stalled(self.stall))?;
            let Some(frame) = frame else {
                return Ok(None);
            };
            // Trailers are no part of the file.
            let Ok(bytes) = frame.map_err(BillError::BrokenOff)?.into_data() else {
                continue;
            };
            self.progress.received = self
                .progress
                .received
                .saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
            if self.progress.received > self.limits.received {
                return Err(BillError::TooLarge {
                    limit: self.limits.received,
                });
            }
            return Ok(Some(bytes));
        }
    }

    fn report(&mut self) {
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
