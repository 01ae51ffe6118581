//! Limits and progress of a download.

const MIB: u64 = 1024 * 1024;
/// Default limit: the platform splits bills of more than about 16 GB.
const MAX_BYTES: u64 = 20 * 1024 * MIB;
/// Default ratio: bills shrink to a tenth, bombs of zeros to a thousandth.
const MAX_RATIO: u64 = 200;
/// Number of bytes before the ratio is checked.
pub(super) const RATIO_FREE: u64 = MIB;

/// Limits of a file. A download that exceeds one fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DownloadLimits {
    /// Limit of the file as it arrives, in bytes. Default: 20 GiB.
    pub received: u64,
    /// Limit of the unpacked file, in bytes. Default: 20 GiB.
    pub unpacked: u64,
    /// Limit of the ratio of unpacked to received bytes. Default: 200.
    ///
    /// The first MiB is not counted.
    pub ratio: u64,
}

impl Default for DownloadLimits {
    fn default() -> Self {
        Self {
            received: MAX_BYTES,
            unpacked: MAX_BYTES,
            ratio: MAX_RATIO,
        }
    }
}

impl DownloadLimits {
    /// Sets the limit of the file as it arrives, in bytes.
    #[must_use]
    pub fn received(mut self, bytes: u64) -> Self {
        self.received = bytes;
        self
    }

    /// Sets the limit of the unpacked file, in bytes.
    #[must_use]
    pub fn unpacked(mut self, bytes: u64) -> Self {
        self.unpacked = bytes;
        self
    }

    /// Sets the limit of the ratio of unpacked to received bytes.
    ///
    /// The first MiB is not counted.
    #[must_use]
    pub fn ratio(mut self, times: u64) -> Self {
        self.ratio = times;
        self
    }
}

/// Progress of a download.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Bytes that arrived.
    pub received: u64,
    /// Bytes to arrive in all, if the platform announced them.
    pub expected: Option<u64>,
    /// Bytes after unpacking.
    pub unpacked: u64,
}
