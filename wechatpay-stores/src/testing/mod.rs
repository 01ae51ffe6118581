//! Servers for tests, on free ports of this machine (feature `test-util`).
//!
//! The programs are those of the system; on Debian they are in the packages `redis-server`, `postgresql`, `pgbouncer`
//! and `mariadb-server`. Servers that already run are not touched. Dropping a server kills it and removes its files. If
//! the process that started it is killed, the server is killed too where the system supports that (`setpriv`, Linux).

mod mariadb;
mod pgbouncer;
mod postgres;
mod process;
mod redis;

pub use self::{mariadb::MariadbServer, pgbouncer::PgBouncer, postgres::PostgresServer, redis::RedisServer};
