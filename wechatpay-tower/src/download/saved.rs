//! A saved file.

use std::{
    fs::File,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use super::DownloadError;

/// Size of one read.
const PIECE: usize = 64 * 1024;

/// A complete plain file on the disk.
///
/// Its digest is the announced one, unless it is [`Unverified`](super::Unverified).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedFile {
    path: PathBuf,
    length: u64,
}

impl SavedFile {
    pub(super) fn new(path: PathBuf, length: u64) -> Self {
        Self { path, length }
    }

    /// Returns the path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the length in bytes.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Feeds the file piece by piece to a reader of [`wechatpay_core::bills`].
    ///
    /// It blocks the thread while it reads the disk.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read, and the first error of `each`.
    pub fn read<E: From<DownloadError>>(
        &self,
        mut each: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let io = |error: io::Error| E::from(DownloadError::Io(error));
        let mut file = File::open(&self.path).map_err(io)?;
        let mut piece = vec![0; PIECE];
        loop {
            match file.read(&mut piece) {
                Ok(0) => return Ok(()),
                Ok(length) => each(piece.get(..length).unwrap_or_default())?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(io(error)),
            }
        }
    }
}
