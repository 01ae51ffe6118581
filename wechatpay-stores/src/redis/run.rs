//! Running a script.

use ::redis::{Cmd, ErrorKind, RedisError, RedisResult, ServerErrorKind, Value};
use wechatpay_core::idempotency::{NotificationKey, StoreError};

use super::{RedisStore, Replicas, script::Script};
use crate::{problem::unavailable, time::milliseconds};

impl RedisStore {
    /// Runs a script within the time limit.
    pub(super) async fn run(
        &self,
        script: &Script,
        key: &NotificationKey,
        arguments: &[&str],
        replicated: bool,
    ) -> Result<Reply, StoreError> {
        let name = self.key(key);
        let replicas = self.0.replicas.filter(|_| replicated);
        let attempt = self.run_until_sent(script, &name, arguments, replicas);
        let (value, copies) = match tokio::time::timeout(self.0.timeout, attempt).await {
            Ok(response) => response.map_err(store_error)?,
            Err(late) => return Err(StoreError::unavailable(late)),
        };
        let reply = Reply::read(value)?;
        if reply.word == "gone" {
            tracing::error!(
                target: "wechatpay::stores", store = "redis", key = %key,
                "a claim is unknown: Redis was wiped, has evicted it or failed over; what is done may be handled again"
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

    /// By digest first; with the whole body when the server does not know it, after a restart for instance. Once more when
    /// the connection broke: every script gives the same response to the same caller.
    async fn run_until_sent(
        &self,
        script: &Script,
        key: &str,
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
                .arg(1)
                .arg(key)
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

/// Fewer replicas than asked for have it.
#[derive(Debug, thiserror::Error)]
#[error("{copies} of {wanted} replicas have it")]
pub(super) struct TooFewReplicas {
    wanted: usize,
    copies: usize,
    /// The claim that was made and must be given back.
    pub(super) fence: Option<u64>,
}

/// What a script answered: a word, and what belongs to it.
pub(super) struct Reply {
    pub(super) word: String,
    rest: Vec<String>,
}

impl Reply {
    fn read(value: Value) -> Result<Self, StoreError> {
        let mut words = ::redis::from_redis_value::<Vec<String>>(value)
            .map_err(|_| StoreError::Corrupt("a script answered something else"))?
            .into_iter();
        let word = words
            .next()
            .ok_or(StoreError::Corrupt("a script answered nothing"))?;
        match word.as_str() {
            "corrupt" => Err(StoreError::Corrupt("a claim lacks fields")),
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
            .ok_or(StoreError::Corrupt("a number of a claim is none"))
    }

    /// Responses that something is claimed or done promise that it stays so.
    fn must_last(&self) -> bool {
        matches!(self.word.as_str(), "acquired" | "done" | "already" | "ok")
    }
}

/// A hash of another type or with fields that do not compute is not ours; all else may pass.
pub(super) fn store_error(error: RedisError) -> StoreError {
    match error.code() {
        Some("WRONGTYPE") => StoreError::Corrupt("the key of a claim holds something else"),
        Some("NOAUTH" | "NOPERM" | "WRONGPASS") => unavailable(
            "Redis refuses the user: check its password and its rights to keys and scripts",
            Cause(error),
        ),
        _ => StoreError::unavailable(Cause(error)),
    }
}

/// An error of the driver, which says the text of its source itself. The source is left out, so that it is said once.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Cause(RedisError);
