//! Targets of plain bytes.

use super::{DownloadError, file::FileWriter};

/// Target of the bytes of a file, in order.
///
/// Its result is released only after the digest was checked.
pub(super) trait Sink: Send {
    fn write(&mut self, bytes: &[u8]) -> impl Future<Output = Result<(), DownloadError>> + Send;
}

/// A value that a closure feeds.
pub(super) struct Fold<T, F> {
    pub(super) state: T,
    pub(super) each: F,
}

impl<T, F> Sink for Fold<T, F>
where
    T: Send,
    F: FnMut(&mut T, &[u8]) -> Result<(), DownloadError> + Send,
{
    async fn write(&mut self, bytes: &[u8]) -> Result<(), DownloadError> {
        (self.each)(&mut self.state, bytes)
    }
}

impl Sink for FileWriter {
    async fn write(&mut self, bytes: &[u8]) -> Result<(), DownloadError> {
        Ok(self.append(bytes).await?)
    }
}
