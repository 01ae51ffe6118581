//! Leases in Redis or Valkey (feature `redis`).
//!
//! A lease is one hash and each operation is one script on one key, so any cluster works. A script runs as a whole or
//! not at all, and uses the server's time. The key expires with the retention, not with the lease, so that the fence
//! outlives the lease.
//!
//! The store is a [`PendingStore`](wechatpay_core::watch::PendingStore) too. All keys of a watch have the hash tag
//! `{watch}` after the prefix, so they are in one slot of a cluster: one hash for each order or refund, and sorted sets
//! of those that are open, need a look, or have ended. They do not expire; call
//! [`purge`](wechatpay_core::watch::PendingStore::purge). The scripts make the keys of the hashes themselves, so a proxy
//! that only permits keys that the caller lists rejects them.
//!
//! **Redis can lose data that it has acknowledged**: up to a second with `appendfsync everysec`, everything since the
//! last snapshot without an append-only file, writes that a fail-over left behind, and any lease when it evicts. The
//! notification is then handled again. Its fence is still higher than before, because fences start at the server's
//! time in milliseconds. Set `appendonly yes`, `appendfsync always` and `maxmemory-policy noeviction`;
//! [`RedisStore::connect`] logs a warning for each other setting it finds. Use PostgreSQL where that is not enough.
//!
//! A hash holds number, amount and kind of the event, and no data of the payer.

mod connection;
mod health;
mod pending;
mod pending_script;
mod run;
mod script;

use std::{
    fmt,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use ::redis::{Cmd, RedisResult, Value, aio::ConnectionLike};
use wechatpay_core::idempotency::{
    Begin, BeginRequest, Completion, EventKey, Fence, IdempotencyStore, Release, Renewal, StoreError,
    StoreFuture, StoreHealth,
};

use self::{
    connection::Link,
    health::Facts,
    run::{TooFewReplicas, store_error},
};
use crate::time::milliseconds;

/// Default timeout: two operations and the handler fit into the platform's five seconds.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(1);
const DEFAULT_PREFIX: &str = "wechatpay:";
/// Shortest expiry of a key.
///
/// A key without an expiry would stay for ever, and one that expires at once would be a deletion.
const SHORTEST_EXPIRY: Duration = Duration::from_secs(1);

/// Idempotency store in Redis. Cheap to clone; clones share the connection.
///
/// # Cancel safety
/// An operation is one script. Dropping its future before the script was sent leaves the old state, dropping it later
/// leaves the new one.
#[derive(Clone)]
pub struct RedisStore(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    link: Arc<dyn Link>,
    prefix: String,
    timeout: Duration,
    replicas: Option<Replicas>,
    owners: Arc<Owners>,
    /// First value of the marker that this process has seen.
    marker: Arc<OnceLock<String>>,
}

#[derive(Clone, Copy)]
struct Replicas {
    count: usize,
    timeout: Duration,
}

/// Generator of unique names for callers of `begin`.
struct Owners {
    process: String,
    next: AtomicU64,
}

impl Owners {
    fn new() -> Self {
        let mut random = [0; 12];
        // Without randomness two names are equal only if two processes have the same count within one lease.
        let _ = getrandom::fill(&mut random);
        Self {
            process: base16ct::lower::encode_string(&random),
            next: AtomicU64::new(0),
        }
    }

    fn next(&self) -> String {
        format!("{}-{}", self.process, self.next.fetch_add(1, Ordering::Relaxed))
    }
}

impl RedisStore {
    /// Connects to `redis://[user:password@]host[:port][/database]` and logs the warnings of `health`.
    ///
    /// The connection reconnects by itself. The warnings are those of [`health`](IdempotencyStore::health).
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the URL is invalid or the server cannot be reached.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        let link = tokio::time::timeout(DEFAULT_TIMEOUT.saturating_mul(3), connection::connect(url));
        let link = link
            .await
            .map_err(StoreError::unavailable)?
            .map_err(store_error)?;
        let store = Self::over(link);
        for warning in store.health().await?.warnings {
            tracing::warn!(target: "wechatpay::stores", store = "redis", "{warning}");
        }
        Ok(store)
    }

    /// Creates a store over a connection of the application.
    ///
    /// It may be a `ConnectionManager`, a cluster connection or a multiplexed connection. Call
    /// [`health`](IdempotencyStore::health) once at the start and log its warnings.
    pub fn new<C>(connection: C) -> Self
    where
        C: ConnectionLike + Clone + Send + Sync + 'static,
    {
        Self::over(Arc::new(connection))
    }

    fn over(link: Arc<dyn Link>) -> Self {
        Self(Arc::new(Inner {
            link,
            prefix: DEFAULT_PREFIX.to_owned(),
            timeout: DEFAULT_TIMEOUT,
            replicas: None,
            owners: Arc::new(Owners::new()),
            marker: Arc::default(),
        }))
    }

    fn change(mut self, change: impl FnOnce(&mut Inner)) -> Self {
        change(Arc::make_mut(&mut self.0));
        self
    }

    /// Sets the prefix of the keys. Default: `wechatpay:`.
    #[must_use]
    pub fn prefix(self, prefix: impl Into<String>) -> Self {
        self.change(|inner| {
            inner.prefix = prefix.into();
            inner.marker = Arc::default();
        })
    }

    /// Sets the timeout of an operation. Default: 1 s.
    ///
    /// It includes reconnecting. After it the operation fails with [`StoreError::Unavailable`].
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        self.change(|inner| inner.timeout = timeout)
    }

    /// Makes leases and completions wait until `count` replicas have them (`WAIT`).
    ///
    /// After `timeout` the operation fails with [`StoreError::Unavailable`]. A fail-over to one of these replicas then
    /// loses nothing.
    ///
    /// Redis sends no other response on the connection while it waits. Do not use it with cluster connections, which
    /// may ask the wrong node.
    #[must_use]
    pub fn wait_for_replicas(self, count: usize, timeout: Duration) -> Self {
        self.change(|inner| inner.replicas = Some(Replicas { count, timeout }))
    }

    /// Returns the key in Redis.
    ///
    /// The length of the scope comes first, because scope and event may contain colons.
    fn key(&self, key: &EventKey) -> String {
        format!(
            "{}{}:{}:{}",
            self.0.prefix,
            key.scope().len(),
            key.scope(),
            key.event()
        )
    }

    /// Returns `true` if the notification's id is known with another event.
    ///
    /// The id has a key of its own, because a script must not touch two slots of a cluster.
    async fn is_of_another(&self, request: &BeginRequest) -> Result<bool, StoreError> {
        let Some(id) = &request.notification_id else {
            return Ok(false);
        };
        let (scope, event) = (request.key.scope(), request.key.event());
        let name = format!("{}id:{}:{scope}:{id}", self.0.prefix, scope.len());
        let arguments = [event, &expiry(request.retention, request.lease)];
        let reply = self.run(&script::NAME, &[&name], &arguments, false).await?;
        Ok(reply.word != event)
    }

    async fn ask(&self, command: &Cmd) -> RedisResult<Value> {
        self.0.link.one(command).await
    }

    /// Reads the facts that Redis reports; others stay unknown.
    async fn facts(&self) -> RedisResult<Facts> {
        let mut facts = Facts::default();
        self.ask(&::redis::cmd("PING")).await?;
        if let Ok(Ok(text)) = self
            .ask(&::redis::cmd("INFO"))
            .await
            .map(::redis::from_redis_value::<String>)
        {
            facts.info(&text);
        }
        for name in ["maxmemory-policy", "appendonly", "appendfsync", "save"] {
            let mut command = ::redis::cmd("CONFIG");
            command.arg("GET").arg(name);
            if let Ok(Ok(pair)) = self
                .ask(&command)
                .await
                .map(::redis::from_redis_value::<Vec<String>>)
                && let [_, value] = pair.as_slice()
            {
                facts.setting(name, value);
            }
        }
        Ok(facts)
    }

    /// Returns `true` if Redis was wiped since this process first looked.
    ///
    /// A marker key that never expires shows it.
    async fn wiped(&self) -> RedisResult<bool> {
        let name = format!("{}marker", self.0.prefix);
        let mut set = ::redis::cmd("SET");
        set.arg(&name).arg(self.0.owners.next()).arg("NX");
        self.ask(&set).await?;
        let mut get = ::redis::cmd("GET");
        get.arg(&name);
        let marker: String = ::redis::from_redis_value(self.ask(&get).await?)?;
        Ok(*self.0.marker.get_or_init(|| marker.clone()) != marker)
    }
}

fn expiry(retention: Duration, lease: Duration) -> String {
    milliseconds(retention.max(lease).max(SHORTEST_EXPIRY)).to_string()
}

impl IdempotencyStore for RedisStore {
    fn begin<'a>(&'a self, request: &'a BeginRequest) -> StoreFuture<'a, Begin> {
        Box::pin(async move {
            let arguments = [
                &*request.facts,
                &request.event_type,
                &milliseconds(request.lease).to_string(),
                &expiry(request.retention, request.lease),
                &self.0.owners.next(),
                if self.0.replicas.is_some() { "1" } else { "0" },
            ];
            if self.is_of_another(request).await? {
                return Ok(Begin::Contradiction);
            }
            let reply = match self
                .run(&script::BEGIN, &[&self.key(&request.key)], &arguments, true)
                .await
            {
                Err(StoreError::Unavailable(error)) => {
                    // The lease is stored and would block the next delivery until it ends.
                    if let Some(fence) = error
                        .downcast_ref::<TooFewReplicas>()
                        .and_then(|error| error.fence)
                    {
                        let _ = self.release(&request.key, Fence::from_u64(fence)).await;
                    }
                    return Err(StoreError::Unavailable(error));
                }
                reply => reply?,
            };
            Ok(match reply.word.as_str() {
                "acquired" => Begin::Acquired {
                    fence: Fence::from_u64(reply.number(1)?),
                    attempt: u32::try_from(reply.number(2)?).unwrap_or(u32::MAX),
                },
                "busy" => Begin::InProgress {
                    remaining: Duration::from_millis(reply.number(1)?),
                },
                "done" => Begin::Done {
                    fence: Fence::from_u64(reply.number(1)?),
                },
                "mismatch" => Begin::Contradiction,
                _ => return Err(StoreError::Corrupt("a script returned an unknown reply")),
            })
        })
    }

    fn renew<'a>(&'a self, key: &'a EventKey, fence: Fence, lease: Duration) -> StoreFuture<'a, Renewal> {
        Box::pin(async move {
            let arguments = [&*fence.to_string(), &milliseconds(lease).to_string()];
            let reply = self
                .run(&script::RENEW, &[&self.key(key)], &arguments, false)
                .await?;
            Ok(match reply.word.as_str() {
                "ok" => Renewal::Renewed,
                _ => Renewal::Lost,
            })
        })
    }

    fn complete<'a>(
        &'a self,
        key: &'a EventKey,
        fence: Fence,
        retention: Duration,
    ) -> StoreFuture<'a, Completion> {
        Box::pin(async move {
            let arguments = [
                &*fence.to_string(),
                &expiry(retention, Duration::ZERO),
                if self.0.replicas.is_some() { "1" } else { "0" },
            ];
            let reply = self
                .run(&script::COMPLETE, &[&self.key(key)], &arguments, true)
                .await?;
            Ok(match reply.word.as_str() {
                "ok" => Completion::Completed,
                "already" => Completion::AlreadyDone,
                _ => Completion::Lost,
            })
        })
    }

    fn release<'a>(&'a self, key: &'a EventKey, fence: Fence) -> StoreFuture<'a, Release> {
        Box::pin(async move {
            let reply = self
                .run(&script::RELEASE, &[&self.key(key)], &[&*fence.to_string()], false)
                .await?;
            Ok(match reply.word.as_str() {
                "ok" => Release::Released,
                _ => Release::Lost,
            })
        })
    }

    /// Returns 0: the keys expire by themselves.
    fn purge(&self, _limit: u64) -> StoreFuture<'_, u64> {
        Box::pin(async { Ok(0) })
    }

    fn health(&self) -> StoreFuture<'_, StoreHealth> {
        Box::pin(async move {
            let look = async {
                let mut health = self.facts().await?.judge();
                if matches!(self.wiped().await, Ok(true)) {
                    health = health.warning(
                        "Redis was wiped since this process started: repeats of earlier notifications are handled again",
                    );
                }
                Ok(health)
            };
            tokio::time::timeout(self.0.timeout, look)
                .await
                .map_err(StoreError::unavailable)?
                .map_err(store_error)
        })
    }
}

/// Writes neither the address nor the password.
impl fmt::Debug for RedisStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisStore")
            .field("prefix", &self.0.prefix)
            .field("timeout", &self.0.timeout)
            .field("replicas", &self.0.replicas.map(|replicas| replicas.count))
            .finish_non_exhaustive()
    }
}
