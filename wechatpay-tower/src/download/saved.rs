//! A file that is there.

use std::{
    fs::File,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use super::DownloadError;

/// Read at once.
const PIECE: usize = 64 * 1024;

/// A file on the disk: plain and complete, and what it was announced to be unless it is [`Unverified`](super::Unverified).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedFile {
    path: PathBuf,
    length: u64,
}

impl SavedFile {
    pub(super) fn new(path: PathBuf, length: u64) -> Self {
        Self { path, length }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How many bytes it has.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Feeds the file to a reader of [`wechatpay_core::bills`], piece by piece. Blocks while it reads the disk.
    ///
    /// # Errors
    /// A file that cannot be read, and the first error of `each`.
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
