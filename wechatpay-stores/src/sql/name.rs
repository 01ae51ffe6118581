//! Names that set the tables of a store apart.

/// Longest identifier of PostgreSQL, in bytes.
#[cfg(any(feature = "postgres", test))]
const MAX: usize = 63;
/// Longest prefix, in bytes. The name of a table in MySQL has at most 64.
#[cfg(any(feature = "mysql", feature = "sqlite", test))]
const MAX_PREFIX: usize = 40;

/// Name of a schema, or prefix of tables, that is safe inside a statement.
///
/// It is a letter or `_` followed by letters, digits and `_`, in lower case, and not reserved by PostgreSQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name(Box<str>);

/// Invalid name of a schema, or invalid prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the name must match [a-z_][a-z0-9_]{{0,{}}} and must not begin with pg_", .longest.saturating_sub(1))]
pub struct InvalidName {
    longest: usize,
}

impl Name {
    /// Parses the name of a schema of PostgreSQL.
    #[cfg(any(feature = "postgres", test))]
    pub(crate) fn schema(name: &str) -> Result<Self, InvalidName> {
        Self::parse(name, MAX)
    }

    /// Parses a prefix of the names of tables.
    #[cfg(any(feature = "mysql", feature = "sqlite", test))]
    pub(crate) fn prefix(name: &str) -> Result<Self, InvalidName> {
        Self::parse(name, MAX_PREFIX)
    }

    fn parse(name: &str, longest: usize) -> Result<Self, InvalidName> {
        let sound = name.len() <= longest
            && name.starts_with(|first: char| first.is_ascii_lowercase() || first == '_')
            && name
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
            && !name.starts_with("pg_")
            && name != "information_schema";
        if sound {
            Ok(Self(name.into()))
        } else {
            Err(InvalidName { longest })
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Name {
    fn default() -> Self {
        Self("wechatpay".into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_are_shorter_than_schemas() {
        let (longest, longer) = ("x".repeat(40), "x".repeat(41));
        assert!(
            Name::prefix(&longest).is_ok() && Name::prefix(&longer).is_err() && Name::schema(&longer).is_ok()
        );
    }

    #[test]
    fn names_that_are_not_plain_identifiers_are_rejected() {
        for name in ["wechatpay", "_", "a1_b2", "user", &"x".repeat(63)] {
            assert_eq!(Name::schema(name).unwrap().as_str(), name);
        }
        for name in [
            "",
            "1a",
            "Wechatpay",
            "a-b",
            "a b",
            "a\"b",
            "a\"; DROP SCHEMA public CASCADE; --",
            "a'b",
            "a.b",
            "a\0",
            "商户",
            "pg_catalog",
            "pg_x",
            "information_schema",
            &"x".repeat(64),
        ] {
            assert!(
                Name::schema(name).is_err() && Name::prefix(name).is_err(),
                "{name:?}"
            );
        }
    }
}
