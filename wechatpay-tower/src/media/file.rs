//! Files to upload.

use std::{
    fmt,
    io::{self, Read as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use bytes::Bytes;
use wechatpay_core::{
    api::media::{InvalidMediaName, MediaMeta, MediaName},
    crypto::{CryptoProvider, NoCryptoProvider, Sha256, default_provider},
};

/// Size of one read while a file is hashed.
const CHUNK: usize = 64 * 1024;

/// A file with its name, length and SHA-256.
#[derive(Clone)]
pub struct MediaFile {
    meta: MediaMeta,
    length: u64,
    pub(super) source: Source,
}

#[derive(Clone)]
pub(super) enum Source {
    Memory(Bytes),
    Disk(PathBuf),
}

/// Error of a file that cannot be uploaded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MediaError {
    /// The name is invalid.
    #[error(transparent)]
    Name(#[from] InvalidMediaName),
    /// The file could not be read.
    #[error("the file could not be read")]
    Read(#[source] io::Error),
    /// The file exceeds the platform's limit for its kind.
    #[error("the file has {length} bytes; the limit of its kind is {most}")]
    TooLarge {
        /// Length in bytes.
        length: u64,
        /// Limit in bytes.
        most: u64,
    },
    /// The file is empty.
    #[error("the file is empty")]
    Empty,
    /// No crypto backend was compiled in or given.
    #[error(transparent)]
    Crypto(#[from] NoCryptoProvider),
}

impl MediaFile {
    /// Opens a file under its own name and computes its digest.
    ///
    /// # Errors
    /// Returns an error if the platform does not accept the name ([`open_as`](Self::open_as) sets another), or if the
    /// file is too large or cannot be read.
    pub async fn open(path: impl AsRef<Path>) -> Result<Self, MediaError> {
        let path = path.as_ref();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        Self::open_as(path, name.parse()?).await
    }

    /// Opens a file under another name and computes its digest.
    ///
    /// # Errors
    /// Returns an error if the file is too large or cannot be read.
    pub async fn open_as(path: impl AsRef<Path>, name: MediaName) -> Result<Self, MediaError> {
        Self::open_with(path, name, default_provider()?).await
    }

    /// Opens a file under another name, with a crypto backend of yours.
    ///
    /// # Errors
    /// Fails as [`open_as`](Self::open_as) does.
    pub async fn open_with(
        path: impl AsRef<Path>,
        name: MediaName,
        provider: Arc<dyn CryptoProvider>,
    ) -> Result<Self, MediaError> {
        let path = path.as_ref().to_owned();
        let read = tokio::task::spawn_blocking(move || Self::read(path, name, provider.as_ref()));
        read.await
            .map_err(|_| MediaError::Read(io::Error::other("the runtime is shutting down")))?
    }

    /// Makes a file of bytes in memory.
    ///
    /// # Errors
    /// Returns an error if the file is too large or empty.
    pub fn from_bytes(name: MediaName, bytes: impl Into<Bytes>) -> Result<Self, MediaError> {
        Self::from_bytes_with(name, bytes, default_provider()?.as_ref())
    }

    /// Makes a file of bytes in memory, with a crypto backend of yours.
    ///
    /// # Errors
    /// Fails as [`from_bytes`](Self::from_bytes) does.
    pub fn from_bytes_with(
        name: MediaName,
        bytes: impl Into<Bytes>,
        provider: &dyn CryptoProvider,
    ) -> Result<Self, MediaError> {
        let bytes = bytes.into();
        let mut digest = Sha256::with(provider);
        digest.update(&bytes);
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        Self::new(name, length, digest, Source::Memory(bytes))
    }

    fn read(path: PathBuf, name: MediaName, provider: &dyn CryptoProvider) -> Result<Self, MediaError> {
        let most = name.kind().max_length();
        // One byte beyond the limit shows that the file is longer.
        let mut file = std::fs::File::open(&path)
            .map_err(MediaError::Read)?
            .take(most.saturating_add(1));
        let (mut digest, mut length, mut chunk) = (Sha256::with(provider), 0_u64, vec![0; CHUNK]);
        loop {
            let read = match file.read(&mut chunk) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(MediaError::Read(error)),
            };
            digest.update(chunk.get(..read).unwrap_or_default());
            length = length.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
        }
        Self::new(name, length, digest, Source::Disk(path))
    }

    fn new(name: MediaName, length: u64, digest: Sha256, source: Source) -> Result<Self, MediaError> {
        let most = name.kind().max_length();
        if length > most {
            return Err(MediaError::TooLarge { length, most });
        }
        if length == 0 {
            return Err(MediaError::Empty);
        }
        Ok(Self {
            meta: MediaMeta::new(name, digest.finish()),
            length,
            source,
        })
    }

    /// Returns the part `meta`: name and digest.
    #[must_use]
    pub fn meta(&self) -> &MediaMeta {
        &self.meta
    }

    /// Returns the length in bytes.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }
}

impl fmt::Debug for MediaFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MediaFile")
            .field("kind", &self.meta.name().kind())
            .field("length", &self.length)
            .finish_non_exhaustive()
    }
}
