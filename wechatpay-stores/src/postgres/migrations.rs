//! Tables and the migrations that create them.

use sqlx::{AssertSqlSafe, PgPool, Row as _};
use wechatpay_core::idempotency::StoreError;

use super::{
    error::{cause, is_denied, store_error},
    literal::Text,
    schema::Schema,
};

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

/// Steps as templates.
///
/// `{schema}` stands for the quoted name of the schema and `{name}` for the name as a literal.
const STEPS: [(i32, &str, &str); 2] = [
    (1, "leases", include_str!("migrations/1_leases.sql")),
    (2, "inbox", include_str!("migrations/2_inbox.sql")),
];

/// Returns the migrations for a schema, in order.
pub(crate) fn migrations(schema: &Schema) -> Vec<Migration> {
    STEPS
        .iter()
        .map(|&(version, name, text)| Migration {
            version,
            name,
            sql: text
                .replace("{name}", &format!("'{}'", schema.as_str()))
                .replace("{schema}", &schema.to_string()),
        })
        .collect()
}

/// Reads the versions that were applied; empty if the table of them is missing.
pub(crate) async fn applied(
    connection: &mut sqlx::PgConnection,
    schema: &Schema,
) -> Result<Vec<i32>, sqlx::Error> {
    // The name of the schema is checked and quoted; `to_regclass` takes it as text.
    let table = format!("{schema}.migrations");
    let exists = format!("SELECT to_regclass({}) IS NOT NULL", Text(&table));
    let exists: bool = sqlx::raw_sql(AssertSqlSafe(exists))
        .fetch_one(&mut *connection)
        .await?
        .try_get(0)?;
    if !exists {
        return Ok(Vec::new());
    }
    sqlx::raw_sql(AssertSqlSafe(format!("SELECT version FROM {table}")))
        .fetch_all(connection)
        .await?
        .iter()
        .map(|row| row.try_get(0))
        .collect()
}

/// Applies the missing steps in one transaction.
///
/// Processes that migrate at the same time take turns.
pub(crate) async fn migrate(pool: &PgPool, schema: &Schema) -> Result<(), StoreError> {
    let mut transaction = pool
        .begin_with("BEGIN ISOLATION LEVEL READ COMMITTED")
        .await
        .map_err(store_error)?;
    // Held until the transaction ends. A session lock would stay behind a pooler.
    let lock = format!(
        "SELECT pg_advisory_xact_lock(hashtextextended({}, 0))",
        Text(&format!("wechatpay migrations {}", schema.as_str()))
    );
    sqlx::raw_sql(AssertSqlSafe(lock))
        .execute(&mut *transaction)
        .await
        .map_err(store_error)?;
    let applied = applied(&mut transaction, schema).await.map_err(store_error)?;
    let exists = format!("SELECT to_regnamespace({}) IS NOT NULL", Text(schema.as_str()));
    let exists: bool = sqlx::raw_sql(AssertSqlSafe(exists))
        .fetch_one(&mut *transaction)
        .await
        .and_then(|row| row.try_get(0))
        .map_err(store_error)?;
    let missing = migrations(schema)
        .into_iter()
        .filter(|migration| !applied.contains(&migration.version));
    for migration in missing {
        tracing::info!(
            target: "wechatpay::stores", version = migration.version, name = migration.name, schema = schema.as_str(),
            "migrating"
        );
        let made = sqlx::raw_sql(AssertSqlSafe(migration.sql))
            .execute(&mut *transaction)
            .await;
        made.map_err(|error| match is_denied(&error) {
            true if exists => StoreError::refused(
                "the role may not change the schema: let an operator run the migrations",
                Some(cause(error)),
            ),
            true => StoreError::refused(
                "the role may not create the schema: let an operator run the migrations",
                Some(cause(error)),
            ),
            false => store_error(error),
        })?;
    }
    transaction.commit().await.map_err(store_error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_records_itself_and_names_its_schema() {
        for (index, migration) in migrations(&Schema::parse("shop").unwrap()).iter().enumerate() {
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
