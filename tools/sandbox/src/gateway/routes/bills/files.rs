//! Bills that were asked for and wait to be downloaded.

use std::{
    collections::{HashMap, VecDeque},
    sync::Mutex,
};

use bytes::Bytes;

use crate::world::lock;

/// An address lives so long, in seconds.
const LIFE: i64 = 300;
/// Older pages say thirty seconds, and who keeps to that keeps to both.
const STRICT_LIFE: i64 = 30;
/// More files than anyone downloads at a time; the oldest go first.
const CAPACITY: usize = 1_000;

/// A file that was asked for.
#[derive(Clone)]
pub(crate) struct File {
    pub(crate) mchid: String,
    pub(crate) content: Bytes,
    pub(crate) content_type: &'static str,
    pub(crate) expires_at: i64,
}

/// The files that were asked for.
#[derive(Default)]
pub(crate) struct Files(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    files: HashMap<String, File>,
    age: VecDeque<String>,
}

impl Files {
    pub(crate) fn life(&self, strict: bool) -> i64 {
        if strict { STRICT_LIFE } else { LIFE }
    }

    pub(crate) fn keep(&self, token: String, file: File, now: i64) {
        let mut kept = lock(&self.0);
        kept.files.insert(token.clone(), file);
        kept.age.push_back(token);
        while let Some(oldest) = kept.age.front().cloned() {
            let is_over = kept.files.get(&oldest).is_none_or(|file| file.expires_at < now);
            if !is_over && kept.age.len() <= CAPACITY {
                break;
            }
            kept.age.pop_front();
            kept.files.remove(&oldest);
        }
    }

    pub(super) fn get(&self, token: &str) -> Option<File> {
        lock(&self.0).files.get(token).cloned()
    }
}
