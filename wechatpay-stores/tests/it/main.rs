//! Each store against real servers, with the failures that it must survive.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests fail loudly")]

mod child;
mod databases;
mod inbox_faults;
mod inbox_proofs;
mod migrations;
mod on_mariadb;
mod on_postgres;
mod on_sqlite;
mod pooler;
mod postgres;
mod postgres_transactional;
mod race;
mod redis;
mod redis_faults;
mod redis_pending;
mod redis_pending_faults;
mod support;
