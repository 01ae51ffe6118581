//! Servers of a test's own (feature `test-util`): started on a free port of this machine, ended with the test.
//!
//! The programs are those of the system, on Debian the packages `redis-server`, `postgresql` and `pgbouncer`. Nothing that
//! runs already is touched. A server that is dropped is killed and its files are removed; one whose owner is killed dies
//! with it where the system can do that (`setpriv`, Linux).

mod pgbouncer;
mod postgres;
mod process;
mod redis;

pub use self::{pgbouncer::PgBouncer, postgres::PostgresServer, redis::RedisServer};
