//! The tables, and how they come to be.

use sqlx::{AssertSqlSafe, PgPool, Row as _};
use wechatpay_core::idempotency::StoreError;

use super::{
    error::{cause, is_denied, store_error},
    literal::Text,
    schema::Schema,
};

/// One step from one version of the tables to the next. Idempotent, and notes that it was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Migration {
    /// Its number, from 1 on.
    pub version: i32,
    /// What it is for.
    pub name: &'static str,
    /// Its statements, for whoever runs them himself. They belong into one transaction.
    pub sql: String,
}

/// Texts with `{schema}` for the quoted name, and `{name}` for the name as a literal.
const STEPS: [(i32, &str, &str); 3] = [
    (1, "claims", include_str!("migrations/1_claims.sql")),
    (2, "inbox", include_str!("migrations/2_inbox.sql")),
    (3, "proofs", include_str!("migrations/3_proofs.sql")),
];

/// The migrations for a schema, in order.
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

/// Which versions are there; none when there is no table of them.
pub(crate) async fn applied(
    connection: &mut sqlx::PgConnection,
    schema: &Schema,
) -> Result<Vec<i32>, sqlx::Error> {
    // The schema's name is quoted and of harmless letters; `to_regclass` takes it as text.
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

/// Takes the steps that are missing, all of them or none. Processes that start at once take turns.
pub(crate) async fn migrate(pool: &PgPool, schema: &Schema) -> Result<(), StoreError> {
    let mut transaction = pool
        .begin_with("BEGIN ISOLATION LEVEL READ COMMITTED")
        .await
        .map_err(store_error)?;
    // Held until the transaction ends, however it does; unlike a session's lock it survives no pooler.
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
    fn every_step_notes_itself_and_names_its_schema() {
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
