//! Unpacks, counts and hashes the bytes, and passes them on.

use wechatpay_core::crypto::CryptoProvider;

use super::{
    DownloadError, DownloadLimits,
    digest::{Digest, Expected},
    limits::RATIO_FREE,
    sink::Sink,
    unpack::{Out, Unpacker},
};

/// Pieces before the task yields: about a millisecond of work.
const PIECES_PER_TURN: u32 = 8;

/// Pipeline from the received bytes to the plain file.
pub(super) struct Pipeline {
    unpacker: Unpacker,
    digest: Digest,
    expected: Expected,
    limits: DownloadLimits,
    taken: u64,
    unpacked: u64,
    pieces: u32,
}

impl Pipeline {
    pub(super) fn new(provider: &dyn CryptoProvider, expected: Expected, limits: DownloadLimits) -> Self {
        Self {
            unpacker: Unpacker::new(),
            digest: expected.digest(provider),
            expected,
            limits,
            taken: 0,
            unpacked: 0,
            pieces: 0,
        }
    }

    /// Returns the number of plain bytes.
    pub(super) fn unpacked(&self) -> u64 {
        self.unpacked
    }

    pub(super) async fn push(&mut self, mut input: &[u8], sink: &mut impl Sink) -> Result<(), DownloadError> {
        self.taken = self.taken.saturating_add(length(input));
        loop {
            let step = self.unpacker.step(input)?;
            let (used, rest) = input.split_at_checked(step.used).unwrap_or((input, &[]));
            input = rest;
            let piece = match step.out {
                Out::Input => used,
                Out::Piece(length) => self.unpacker.piece(length),
            };
            if !piece.is_empty() {
                self.unpacked = self.unpacked.saturating_add(length(piece));
                check(self.limits, self.taken, self.unpacked)?;
                self.digest.update(piece);
                sink.write(piece).await?;
                self.pieces = self.pieces.wrapping_add(1);
                if self.pieces.is_multiple_of(PIECES_PER_TURN) {
                    tokio::task::yield_now().await;
                }
            } else if step.used == 0 {
                return Ok(());
            }
        }
    }

    /// Checks that the file is complete and has the announced digest.
    pub(super) async fn finish(mut self, sink: &mut impl Sink) -> Result<u64, DownloadError> {
        if let Some(byte) = self.unpacker.finish()? {
            self.unpacked = self.unpacked.saturating_add(1);
            self.digest.update(&[byte]);
            sink.write(&[byte]).await?;
        }
        if self.digest.finish() != self.expected {
            return Err(DownloadError::Digest);
        }
        Ok(self.unpacked)
    }
}

fn check(limits: DownloadLimits, taken: u64, unpacked: u64) -> Result<(), DownloadError> {
    if unpacked > limits.unpacked {
        return Err(DownloadError::TooLarge {
            limit: limits.unpacked,
        });
    }
    if unpacked > RATIO_FREE && unpacked > taken.saturating_mul(limits.ratio) {
        return Err(DownloadError::Ratio { limit: limits.ratio });
    }
    Ok(())
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}
