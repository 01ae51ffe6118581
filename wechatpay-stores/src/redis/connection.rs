//! One type for connections of any kind.

use std::{future::Future, pin::Pin, sync::Arc};

use ::redis::{
    Cmd, IntoConnectionInfo, Pipeline, RedisResult, Value,
    aio::{ConnectionLike, ConnectionManager, ConnectionManagerConfig},
    io::tcp::{TcpSettings, socket2::TcpKeepalive},
};
use std::time::Duration;

/// Time without a response after which a peer counts as dead.
///
/// It bounds the number of notifications that a broken network costs.
const KEEPALIVE: Duration = Duration::from_secs(5);
/// Longest pause between two attempts to reconnect.
const RECONNECT_AT_MOST: Duration = Duration::from_millis(500);
const RECONNECT_AT_LEAST: Duration = Duration::from_millis(20);

type Response<'a, T> = Pin<Box<dyn Future<Output = RedisResult<T>> + Send + 'a>>;

/// Connection of the store: runs one command, or a pipeline on the same connection.
pub(super) trait Link: Send + Sync {
    fn one<'a>(&'a self, command: &'a Cmd) -> Response<'a, Value>;
    fn pipeline<'a>(&'a self, pipeline: &'a Pipeline) -> Response<'a, Vec<RedisResult<Value>>>;
}

impl<C> Link for C
where
    C: ConnectionLike + Clone + Send + Sync + 'static,
{
    fn one<'a>(&'a self, command: &'a Cmd) -> Response<'a, Value> {
        let mut connection = self.clone();
        Box::pin(async move { connection.req_packed_command(command).await?.extract_error() })
    }

    fn pipeline<'a>(&'a self, pipeline: &'a Pipeline) -> Response<'a, Vec<RedisResult<Value>>> {
        let mut connection = self.clone();
        Box::pin(async move { pipeline.query_async(&mut connection).await })
    }
}

/// Opens a connection that reconnects by itself.
///
/// It has no response timeout, because the timeout of the store covers a whole operation.
pub(super) async fn connect(url: &str) -> RedisResult<Arc<dyn Link>> {
    let settings = TcpSettings::default()
        .set_nodelay(true)
        .set_keepalive(TcpKeepalive::new().with_time(KEEPALIVE));
    #[cfg(target_os = "linux")]
    let settings = settings.set_user_timeout(KEEPALIVE);
    let info = url.into_connection_info()?.set_tcp_settings(settings);
    let config = ConnectionManagerConfig::new()
        .set_response_timeout(None)
        .set_min_delay(RECONNECT_AT_LEAST)
        .set_max_delay(RECONNECT_AT_MOST);
    let manager = ConnectionManager::new_with_config(::redis::Client::open(info)?, config).await?;
    Ok(Arc::new(manager))
}
