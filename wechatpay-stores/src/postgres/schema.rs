//! Names of schemas.

use std::fmt;

/// What PostgreSQL keeps of an identifier.
const MAX: usize = 63;

/// Name of a schema that may stand in a statement: a letter or `_`, then letters, digits and `_`, all lower case, at most
/// 63, and none that PostgreSQL keeps for itself.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Schema(Box<str>);

/// A name that cannot be a schema's.
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

/// Quoted, so that a name that is also a word of SQL is none.
impl fmt::Display for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain_identifiers_or_refused() {
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
