//! Health check of a PostgreSQL that keeps leases.

use sqlx::{PgConnection, Row as _};
use wechatpay_core::idempotency::StoreHealth;

const LOOK: &str = "SELECT current_setting('synchronous_commit'), current_setting('fsync'), \
     current_setting('full_page_writes'), pg_is_in_recovery(), current_setting('transaction_read_only')";

/// Settings that decide about durability, and the state of the server.
struct Settings {
    synchronous_commit: String,
    fsync: String,
    full_page_writes: String,
    standby: bool,
    read_only: String,
}

impl Settings {
    fn judge(&self) -> StoreHealth {
        let mut health = StoreHealth::good();
        if self.synchronous_commit == "off" {
            health = health.warning(
                "synchronous_commit is off: the store switches it on for its own statements, but a crash may lose what handlers \
                 commit elsewhere after it was reported",
            );
        }
        if self.fsync == "off" {
            health = health.warning("fsync is off: a crash of the machine may lose or corrupt everything");
        }
        if self.full_page_writes == "off" {
            health = health.warning("full_page_writes is off: a crash of the machine may corrupt pages");
        }
        if self.standby {
            health = health.warning("this PostgreSQL is a standby: no lease can be acquired on it");
        } else if self.read_only == "on" {
            health = health.warning("transactions are read-only here: no lease can be acquired");
        }
        health
    }
}

/// Reads the settings of a connection.
pub(super) async fn look(connection: &mut PgConnection) -> Result<StoreHealth, sqlx::Error> {
    let row = sqlx::raw_sql(LOOK).fetch_one(connection).await?;
    let settings = Settings {
        synchronous_commit: row.try_get(0)?,
        fsync: row.try_get(1)?,
        full_page_writes: row.try_get(2)?,
        standby: row.try_get(3)?,
        read_only: row.try_get(4)?,
    };
    Ok(settings.judge())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_risky_setting_causes_a_warning() {
        let settings =
            |synchronous_commit: &str, fsync: &str, full: &str, standby, read_only: &str| Settings {
                synchronous_commit: synchronous_commit.into(),
                fsync: fsync.into(),
                full_page_writes: full.into(),
                standby,
                read_only: read_only.into(),
            };
        for sound in ["on", "local", "remote_write", "remote_apply"] {
            assert!(
                settings(sound, "on", "on", false, "off")
                    .judge()
                    .warnings
                    .is_empty()
            );
        }
        for (settings, named) in [
            (settings("off", "on", "on", false, "off"), "synchronous_commit"),
            (settings("on", "off", "on", false, "off"), "fsync"),
            (settings("on", "on", "off", false, "off"), "full_page_writes"),
            (settings("on", "on", "on", true, "on"), "standby"),
            (settings("on", "on", "on", false, "on"), "read-only"),
        ] {
            let warnings = settings.judge().warnings;
            assert!(
                warnings.len() == 1 && warnings[0].contains(named),
                "{named}: {warnings:?}"
            );
        }
    }
}
