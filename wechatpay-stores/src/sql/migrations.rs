//! Tables and the migrations that create them.

use std::time::Duration;

use wechatpay_core::idempotency::StoreError;

use super::{
    SqlStore,
    dialect::{Dialect, Fault},
    error::{cause, fault, store_error},
    name::Name,
};

/// Number of attempts while other processes lock the database.
const TRIES: u32 = 100;
const PAUSE: Duration = Duration::from_millis(50);

/// Step from one version of the tables to the next.
///
/// It is idempotent and records itself in the table `migrations`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Migration {
    /// Version number, counted from 1.
    pub version: i32,
    /// Name of the step.
    pub name: &'static str,
    /// SQL statements of the step, to be run in one transaction.
    pub sql: String,
}

/// Returns the migrations of a store, in order.
pub(crate) fn migrations<D: Dialect>(name: &Name) -> Vec<Migration> {
    (1..)
        .zip(D::STEPS)
        .map(|(version, step)| Migration {
            version,
            name: step.name,
            sql: step
                .sql
                .replace("'wechatpay'", &format!("'{}'", name.as_str()))
                .replace("\"wechatpay\"", &format!("\"{}\"", name.as_str()))
                .replace("wechatpay_", &format!("{}_", name.as_str())),
        })
        .collect()
}

/// Returns the migrations that were not applied yet.
pub(crate) async fn missing<D: Dialect>(
    connection: &mut D::Connection,
    name: &Name,
) -> Result<Vec<Migration>, sqlx::Error> {
    let mut applied = Vec::new();
    if !D::rows(connection, D::find(name, "migrations")).await?.is_empty() {
        let versions = format!("SELECT version FROM {}", D::table(name, "migrations"));
        for row in D::rows(connection, versions).await? {
            applied.push(D::integer(&row, "version")?);
        }
    }
    let is_missing = |migration: &Migration| !applied.contains(&Some(i64::from(migration.version)));
    Ok(migrations::<D>(name).into_iter().filter(is_missing).collect())
}

/// Applies the missing steps in one transaction.
///
/// Processes that migrate at the same time take turns.
pub(crate) async fn migrate<D: Dialect>(store: &SqlStore<D>) -> Result<(), StoreError> {
    let mut tries = TRIES;
    loop {
        tries = tries.saturating_sub(1);
        match apply(store).await {
            Err(Failed::Driver(error))
                if tries > 0 && matches!(fault::<D>(&error), Fault::Locked | Fault::Conflict) =>
            {
                tokio::time::sleep(PAUSE).await;
            }
            Err(Failed::Driver(error)) => return Err(store_error::<D>(error)),
            Err(Failed::Refused(error)) => return Err(error),
            Ok(()) => return Ok(()),
        }
    }
}

enum Failed {
    Driver(sqlx::Error),
    Refused(StoreError),
}

impl From<sqlx::Error> for Failed {
    fn from(error: sqlx::Error) -> Self {
        Self::Driver(error)
    }
}

async fn apply<D: Dialect>(store: &SqlStore<D>) -> Result<(), Failed> {
    let name = &store.name;
    let mut open = store.begin(D::begin_migration(name)).await?;
    let missing = missing::<D>(open.connection(), name).await?;
    let exists = match D::find_schema(name) {
        Some(find) => !D::rows(open.connection(), find).await?.is_empty(),
        None => true,
    };
    for migration in missing {
        tracing::info!(
            target: "wechatpay::stores", version = migration.version, name = migration.name, store = name.as_str(),
            "migrating"
        );
        let made = D::rows(open.connection(), migration.sql).await;
        made.map_err(|error| match fault::<D>(&error) {
            Fault::Denied if exists => Failed::Refused(StoreError::refused(
                "the role may not change the schema: let an operator run the migrations",
                Some(cause(error)),
            )),
            Fault::Denied => Failed::Refused(StoreError::refused(
                "the role may not create the schema: let an operator run the migrations",
                Some(cause(error)),
            )),
            _ => Failed::Driver(error),
        })?;
    }
    Ok(open.transaction.commit().await?)
}

#[cfg(all(test, feature = "postgres"))]
mod tests {
    use super::*;

    #[test]
    fn every_step_records_itself_and_names_its_schema() {
        let name = Name::schema("shop").unwrap();
        for (index, migration) in migrations::<sqlx::Postgres>(&name).iter().enumerate() {
            assert_eq!(migration.version, i32::try_from(index).unwrap() + 1);
            let note = format!(
                "INSERT INTO \"shop\".migrations (version, name) VALUES ({}, '{}') ON CONFLICT DO NOTHING;",
                migration.version, migration.name
            );
            assert!(migration.sql.contains(&note), "{note}");
            assert!(!migration.sql.contains(['{', '}']), "{}", migration.sql);
        }
    }
}
