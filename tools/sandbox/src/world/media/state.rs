//! Uploaded files: their facts, and the bytes of pictures that can be downloaded.

use std::{collections::VecDeque, sync::Mutex};

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::world::{kept::Kept, lock};

/// More uploads than this, and the oldest are forgotten.
pub(super) const CAPACITY: usize = 10_000;
/// The bytes of so many pictures, each at most 2 MiB.
const PICTURES: usize = 32;

/// Kinds of uploads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
#[serde(rename_all = "lowercase")]
pub enum MediaKind {
    /// A picture, or a PDF file.
    Picture,
    /// A video.
    Video,
    /// A picture of a complaint.
    #[serde(rename = "complaint-picture")]
    ComplaintPicture,
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

/// A picture of a complaint, which its merchant can download.
#[derive(Clone)]
pub(crate) struct Picture {
    pub(crate) mchid: String,
    pub(crate) content: Bytes,
    pub(crate) content_type: &'static str,
}

#[derive(Default)]
pub(crate) struct MediaFiles {
    files: Mutex<VecDeque<Media>>,
    pictures: Mutex<Kept<String, Picture, PICTURES>>,
}

impl MediaFiles {
    /// Forgets all.
    pub(crate) fn clear(&self) {
        self.restore(Vec::new());
    }

    /// Forgets all, and knows these instead. Bytes of pictures are forgotten.
    pub(crate) fn restore(&self, media: Vec<Media>) {
        *lock(&self.files) = media.into();
        *lock(&self.pictures) = Kept::default();
    }

    /// Keeps the bytes of a picture; those of the newest.
    pub(crate) fn keep_picture(&self, media_id: String, picture: Picture) {
        lock(&self.pictures).insert(media_id, picture);
    }

    pub(crate) fn picture(&self, media_id: &str) -> Option<Picture> {
        lock(&self.pictures).get(&media_id.to_owned()).cloned()
    }

    /// Returns true if the merchant uploaded this file as one of this kind.
    pub(crate) fn has(&self, mchid: &str, kind: MediaKind, media_id: &str) -> bool {
        let files = lock(&self.files);
        let mut files = files.iter().rev();
        files.any(|file| file.media_id == media_id && file.mchid == mchid && file.kind == kind)
    }

    pub(crate) fn keep(&self, media: Media) {
        let mut all = lock(&self.files);
        all.push_back(media);
        if all.len() > CAPACITY {
            all.pop_front();
        }
    }

    pub(crate) fn all(&self) -> Vec<Media> {
        lock(&self.files).iter().cloned().collect()
    }
}
