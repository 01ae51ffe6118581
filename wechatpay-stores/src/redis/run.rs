//! Execution of scripts.

use ::redis::{Cmd, ErrorKind, RedisError, RedisResult, ServerErrorKind, Value};
use wechatpay_core::idempotency::StoreError;

use super::{RedisStore, Replicas, script::Script};
use crate::{problem::unavailable, time::milliseconds};

impl RedisStore {
    /// Runs a script within the timeout.
    pub(super) async fn run(
        &self,
        script: &Script,
        keys: &[&str],
        arguments: &[&str],
        replicated: bool,
    ) -> Result<Reply, StoreError> {
        let replicas = self.0.replicas.filter(|_| replicated);
        let attempt = self.run_until_sent(script, keys, arguments, replicas);
        let (value, copies) = match tokio::time::timeout(self.0.timeout, attempt).await {
            Ok(response) => response.map_err(store_error)?,
            Err(late) => return Err(StoreError::unavailable(late)),
        };
        let reply = Reply::read(value)?;
        if reply.word == "gone" {
            tracing::error!(
                target: "wechatpay::stores", store = "redis", key = keys.first(),
                "a lease is unknown: Redis was wiped, evicted it or failed over; completed events may be handled again, \
                 and open orders may not be watched"
            );
        }
        match (replicas, copies) {
            (Some(wanted), Some(copies)) if copies < wanted.count && reply.must_last() => {
                Err(StoreError::unavailable(TooFewReplicas {
                    wanted: wanted.count,
                    copies,
                    fence: (reply.word == "acquired").then(|| reply.number(1)).transpose()?,
                }))
            }
            _ => Ok(reply),
        }
    }

    /// Sends the digest of the script, and the whole script if the server lacks it.
    ///
    /// A server lacks it after a restart, for instance. If the connection breaks the script is sent once more: every
    /// script gives the same reply to the same caller.
    async fn run_until_sent(
        &self,
        script: &Script,
        keys: &[&str],
        arguments: &[&str],
        replicas: Option<Replicas>,
    ) -> RedisResult<(Value, Option<usize>)> {
        let (mut whole, mut again) = (false, true);
        loop {
            let mut command = match whole {
                true => ::redis::cmd("EVAL"),
                false => ::redis::cmd("EVALSHA"),
            };
            command
                .arg(if whole { script.code } else { &script.digest })
                .arg(keys.len())
                .arg(keys)
                .arg(arguments);
            match self.send(command, replicas).await {
                Err(error) if !whole && error.kind() == ErrorKind::Server(ServerErrorKind::NoScript) => {
                    whole = true;
                }
                Err(error) if again && error.is_connection_dropped() => again = false,
                response => return response,
            }
        }
    }

    async fn send(&self, command: Cmd, replicas: Option<Replicas>) -> RedisResult<(Value, Option<usize>)> {
        let Some(replicas) = replicas else {
            return Ok((self.0.link.one(&command).await?, None));
        };
        let mut pipeline = ::redis::pipe();
        pipeline.ignore_errors().add_command(command);
        pipeline
            .cmd("WAIT")
            .arg(replicas.count)
            .arg(milliseconds(replicas.timeout));
        let mut responses = self.0.link.pipeline(&pipeline).await?.into_iter();
        let missing = || RedisError::from((ErrorKind::UnexpectedReturnType, "a response is missing"));
        let value = responses.next().ok_or_else(missing)??;
        let copies = ::redis::from_redis_value(responses.next().ok_or_else(missing)??)?;
        Ok((value, Some(copies)))
    }
}

/// Error of a write that fewer replicas have than required.
#[derive(Debug, thiserror::Error)]
#[error("{copies} of {wanted} replicas have the write")]
pub(super) struct TooFewReplicas {
    wanted: usize,
    copies: usize,
    /// Fence of the lease that was acquired and must be released.
    pub(super) fence: Option<u64>,
}

/// Reply of a script: a word and its arguments.
pub(super) struct Reply {
    pub(super) word: String,
    rest: Vec<String>,
}

impl Reply {
    fn read(value: Value) -> Result<Self, StoreError> {
        let mut words = ::redis::from_redis_value::<Vec<String>>(value)
            .map_err(|_| StoreError::Corrupt("a script returned an unknown reply"))?
            .into_iter();
        let word = words
            .next()
            .ok_or(StoreError::Corrupt("a script returned an empty reply"))?;
        match word.as_str() {
            "corrupt" => Err(StoreError::Corrupt("a record lacks fields or has another type")),
            _ => Ok(Self {
                word,
                rest: words.collect(),
            }),
        }
    }

    pub(super) fn number(&self, place: usize) -> Result<u64, StoreError> {
        self.rest
            .get(place.saturating_sub(1))
            .and_then(|text| text.parse().ok())
            .ok_or(StoreError::Corrupt("a number of a record is malformed"))
    }

    pub(super) fn rest(&self) -> &[String] {
        &self.rest
    }

    /// Returns `true` if the reply promises something that must survive a fail-over.
    fn must_last(&self) -> bool {
        matches!(self.word.as_str(), "acquired" | "done" | "already" | "ok")
    }
}

/// Converts an error of the driver.
///
/// A key of another type is a record that no version writes. Everything else may be temporary.
pub(super) fn store_error(error: RedisError) -> StoreError {
    match error.code() {
        Some("WRONGTYPE") => StoreError::Corrupt("a key of the store holds another type"),
        Some("NOAUTH" | "NOPERM" | "WRONGPASS") => unavailable(
            "Redis denies access: check the password and the user's rights to keys and scripts",
            Cause(error),
        ),
        _ => StoreError::unavailable(Cause(error)),
    }
}

/// Error of the driver without its source, whose text it repeats.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Cause(RedisError);
