//! Bytes of a file as they arrive.

use std::time::Duration;

use bytes::Bytes;
use http_body::Body as _;
use http_body_util::{BodyExt as _, combinators::UnsyncBoxBody};
use wechatpay_core::BoxError;

use super::DownloadError;

/// Body of a file with a limit and a timeout between its bytes.
pub(super) struct Incoming {
    body: UnsyncBoxBody<Bytes, BoxError>,
    limit: u64,
    stall: Duration,
    expected: Option<u64>,
    received: u64,
}

impl Incoming {
    pub(super) fn new(
        body: UnsyncBoxBody<Bytes, BoxError>,
        limit: u64,
        stall: Duration,
    ) -> Result<Self, DownloadError> {
        let expected = body.size_hint().exact();
        if expected.is_some_and(|length| length > limit) {
            return Err(DownloadError::TooLarge { limit });
        }
        Ok(Self {
            body,
            limit,
            stall,
            expected,
            received: 0,
        })
    }

    /// Returns the announced length.
    pub(super) fn expected(&self) -> Option<u64> {
        self.expected
    }

    /// Returns the number of bytes that arrived.
    pub(super) fn received(&self) -> u64 {
        self.received
    }

    /// Returns the next bytes; `None` at the end.
    pub(super) async fn next(&mut self) -> Result<Option<Bytes>, DownloadError> {
        loop {
            let frame = tokio::time::timeout(self.stall, self.body.frame())
                .await
                .map_err(|_| DownloadError::Stalled(self.stall))?;
            let Some(frame) = frame else {
                return Ok(None);
            };
            // Trailers are not part of the file.
            let Ok(bytes) = frame.map_err(DownloadError::BrokenOff)?.into_data() else {
                continue;
            };
            let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            self.received = self.received.saturating_add(length);
            if self.received > self.limit {
                return Err(DownloadError::TooLarge { limit: self.limit });
            }
            return Ok(Some(bytes));
        }
    }
}
