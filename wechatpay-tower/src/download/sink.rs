//! Where plain bytes go.

use super::{DownloadError, file::FileWriter};

/// Takes the bytes of a file in their order. What it makes of them is given out by whoever checked their digest.
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
