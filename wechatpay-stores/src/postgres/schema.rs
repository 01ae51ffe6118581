//! Names of schemas.

use std::fmt;

/// Longest identifier of PostgreSQL, in bytes.
const MAX: usize = 63;

/// Name of a schema that is safe inside a statement.
///
/// It is a letter or `_` followed by letters, digits and `_`, in lower case, at most 63 characters long, and not
/// reserved by PostgreSQL.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Schema(Box<str>);

/// Invalid name of a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a schema's name must match [a-z_][a-z0-9_]{{0,62}} and must not begin with pg_")]
pub struct InvalidSchema(());

impl Schema {
    pub(crate) fn parse(name: &str) -> Result<Self, InvalidSchema> {
        let sound = name.len() <= MAX
            && name.starts_with(|first: char| first.is_ascii_lowercase() || first == '_')
            && name
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
            && !name.starts_with("pg_")
            && name != "information_schema";
        if sound {
            Ok(Self(name.into()))
        } else {
            Err(InvalidSchema(()))
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Schema {
    fn default() -> Self {
        Self("wechatpay".into())
    }
}

/// Writes the quoted name, so that SQL keywords are valid names too.
impl fmt::Display for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_not_plain_identifiers_are_rejected() {
        for name in ["wechatpay", "_", "a1_b2", "user", &"x".repeat(63)] {
            assert_eq!(Schema::parse(name).unwrap().to_string(), format!("\"{name}\""));
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
            assert!(Schema::parse(name).is_err(), "{name:?}");
        }
    }
}
