//! Giving a file out. The request must be signed, and the response is not.

use std::{
    collections::{HashMap, VecDeque},
    sync::Mutex,
};

use bytes::Bytes;

use crate::gateway::hints::BillHint;
use crate::{
    faults::Fault,
    gateway::{Answer, Refusal, call::Call, codes},
    world::lock,
};

/// An address lives so long, in seconds.
const LIFE: i64 = 300;
/// Older pages say thirty seconds, and who keeps to that keeps to both.
const STRICT_LIFE: i64 = 30;
/// Target of a redirect that a client must not follow with its signature.
///
/// The name cannot exist.
const ELSEWHERE: &str = "http://elsewhere.invalid/v3/billdownload/file";
/// More files than anyone downloads at a time; the oldest go first.
const CAPACITY: usize = 1_000;

/// A file that was asked for.
#[derive(Clone)]
pub(crate) struct File {
    pub(crate) mchid: String,
    pub(crate) content: Bytes,
    pub(crate) gzip: bool,
    pub(crate) expires_at: i64,
}

/// The files that were asked for.
#[derive(Default)]
pub struct Files(Mutex<Kept>);

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

    fn get(&self, token: &str) -> Option<File> {
        lock(&self.0).files.get(token).cloned()
    }
}

/// Handles `GET /v3/billdownload/file`.
pub(crate) fn download(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let parameters = call.parameters()?;
    match call.fired.file() {
        Some(Fault::BillRedirect) => return Ok(Answer::Elsewhere(ELSEWHERE)),
        Some(Fault::BillExpiredUrl) => return Err(expired()),
        _ => {}
    }
    let file = call
        .gateway
        .bill_files
        .get(parameters.need("token"))
        .filter(|file| call.now() <= file.expires_at)
        .ok_or_else(expired)?;
    if call.merchant.mchid != file.mchid.as_str() {
        return Err(Refusal::new(codes::NO_AUTH).hint(BillHint::OtherMerchant));
    }
    let content = if call.fired.has(Fault::BillTruncated) {
        file.content.slice(..file.content.len() / 2)
    } else {
        file.content
    };
    Ok(Answer::File {
        content,
        content_type: if file.gzip {
            "application/x-gzip"
        } else {
            "text/plain; charset=utf-8"
        },
    })
}

fn expired() -> Refusal {
    Refusal::new(codes::LINK_EXPIRED).hint(BillHint::LinkExpired)
}
