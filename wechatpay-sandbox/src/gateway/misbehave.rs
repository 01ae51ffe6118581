//! Answers that are wrong on purpose, so that a client can be tested. Deliberately few.

use std::{collections::VecDeque, sync::Mutex, time::Duration};

use crate::state::lock;

/// How the gateway is to misbehave once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Misbehaviour {
    /// The right answer without signature headers, as if a proxy had dropped them.
    Unsigned,
    /// The right answer with a signature over another text.
    BadSignature,
    /// The right answer with a signature probe (`WECHATPAY/SIGNTEST/…`).
    Probe,
    /// The right answer, signed ten minutes ago.
    StaleTimestamp,
    /// Nothing is done, and this status is answered: signed JSON, except for 401 (JSON) and 502 and above (HTML).
    Status(u16),
    /// The request is carried out, and the answer comes so much later.
    HangFor(Duration),
    /// The right answer with one byte changed after it was signed.
    WrongBody,
}

#[derive(Default)]
pub(crate) struct Misbehaviours(Mutex<VecDeque<(String, Misbehaviour)>>);

impl Misbehaviours {
    /// The next answer to a path that begins with `path` is this one.
    pub(crate) fn push(&self, path: &str, misbehaviour: Misbehaviour) {
        lock(&self.0).push_back((path.to_owned(), misbehaviour));
    }

    pub(crate) fn take(&self, path: &str) -> Option<Misbehaviour> {
        let mut queue = lock(&self.0);
        let index = queue
            .iter()
            .position(|(prefix, _)| path.starts_with(prefix.as_str()))?;
        queue.remove(index).map(|(_, misbehaviour)| misbehaviour)
    }
}
