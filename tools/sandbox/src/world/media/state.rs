//! Uploaded files: their facts, not their bytes.

use std::{collections::VecDeque, sync::Mutex};

use serde::{Deserialize, Serialize};

use crate::world::lock;

/// More uploads than this, and the oldest are forgotten.
pub(super) const CAPACITY: usize = 10_000;

/// Kinds of uploads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
#[serde(rename_all = "lowercase")]
pub enum MediaKind {
    /// A picture, or a PDF file.
    Picture,
    /// A video.
    Video,
}

/// A file that was uploaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Media {
    /// Id of the upload.
    pub media_id: String,
    /// The merchant that uploaded it.
    pub mchid: String,
    /// Kind of the upload.
    pub kind: MediaKind,
    /// Its name.
    pub filename: String,
    /// Its digest in lower-case hexadecimal digits.
    pub sha256: String,
    /// Its length in bytes.
    pub size: usize,
    /// Time of the upload, in Unix seconds.
    pub at: i64,
}

#[derive(Default)]
pub(crate) struct MediaFiles(Mutex<VecDeque<Media>>);

impl MediaFiles {
    /// Forgets all.
    pub(crate) fn clear(&self) {
        *lock(&self.0) = VecDeque::default();
    }

    /// Forgets all, and knows these instead.
    pub(crate) fn restore(&self, media: Vec<Media>) {
        *lock(&self.0) = media.into();
    }

    pub(crate) fn keep(&self, media: Media) {
        let mut all = lock(&self.0);
        all.push_back(media);
        if all.len() > CAPACITY {
            all.pop_front();
        }
    }

    pub(crate) fn all(&self) -> Vec<Media> {
        lock(&self.0).iter().cloned().collect()
    }
}
