//! How much is taken, and how far it is.

const MIB: u64 = 1024 * 1024;
/// The platform splits what is larger than some 16 GB.
const MAX_BYTES: u64 = 20 * 1024 * MIB;
/// Bills shrink to a fifth or a tenth; a bomb of zeros to a thousandth.
const MAX_RATIO: u64 = 200;
/// Below this the ratio does not matter.
pub(super) const RATIO_FREE: u64 = MIB;

/// How much a file may have. Whatever goes beyond ends the download.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DownloadLimits {
    /// Longest file as it comes, in bytes; default 20 GiB.
    pub received: u64,
    /// Longest file when it is unpacked, in bytes; default 20 GiB.
    pub unpacked: u64,
    /// How many times as long it may be unpacked, beyond the first MiB; default 200.
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
    /// Longest file as it comes, in bytes.
    #[must_use]
    pub fn received(mut self, bytes: u64) -> Self {
        self.received = bytes;
        self
    }

    /// Longest file when it is unpacked, in bytes.
    #[must_use]
    pub fn unpacked(mut self, bytes: u64) -> Self {
        self.unpacked = bytes;
        self
    }

    /// How many times as long it may be unpacked, beyond the first MiB.
    #[must_use]
    pub fn ratio(mut self, times: u64) -> Self {
        self.ratio = times;
        self
    }
}

/// How far a download is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Bytes that came.
    pub received: u64,
    /// How many there will be, if the platform said so.
    pub expected: Option<u64>,
    /// Bytes they were unpacked to.
    pub unpacked: u64,
}
