//! Telling whether two deliveries say the same.

use std::{collections::BTreeMap, fmt};

use serde_json::value::RawValue;

use crate::verify::JsonError;

/// SHA-256 over the canonical form of a decrypted resource: keys sorted, no white space, one spelling of each string,
/// numbers as they were written. A payload that is serialised anew has the same digest.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PlaintextDigest([u8; 32]);

impl PlaintextDigest {
    /// A digest as a store keeps it.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for PlaintextDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PlaintextDigest(")?;
        for byte in self.0.iter().take(4) {
            write!(f, "{byte:02x}")?;
        }
        f.write_str("…)")
    }
}

/// The canonical form of a JSON text whose depth has been checked.
pub(crate) fn canonical(json: &str) -> Result<String, JsonError> {
    let mut out = String::with_capacity(json.len());
    write(json, &mut out).map_err(|_| JsonError::whole())?;
    Ok(out)
}

fn write(json: &str, out: &mut String) -> serde_json::Result<()> {
    let json = json.trim_matches([' ', '\t', '\n', '\r']);
    match json.as_bytes().first() {
        Some(b'{') => {
            let members: BTreeMap<String, &RawValue> = serde_json::from_str(json)?;
            out.push('{');
            for (index, (key, value)) in members.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                out.push_str(&serde_json::to_string(key)?);
                out.push(':');
                write(value.get(), out)?;
            }
            out.push('}');
        }
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(json)?;
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(item.get(), out)?;
            }
            out.push(']');
        }
        Some(b'"') => {
            let text: String = serde_json::from_str(json)?;
            out.push_str(&serde_json::to_string(&text)?);
        }
        // Numbers, true, false and null have one spelling each, or keep the one they have.
        _ => out.push_str(json),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_blanks_and_escapes_do_not_matter() {
        let one = r#"{ "b": [1, 2.50, {"y":null,"x":true}], "a": "\u4e2d\/文" }"#;
        let other = "{\"a\":\"中/文\",\"b\":[1,2.50,{\"x\":true,\"y\":null}]}";
        assert_eq!(canonical(one).unwrap(), other);
        assert_eq!(canonical(other).unwrap(), other);
    }

    #[test]
    fn what_is_different_stays_different() {
        for (one, other) in [
            ("{\"a\":1}", "{\"a\":\"1\"}"),
            ("{\"a\":[1,2]}", "{\"a\":[2,1]}"),
            ("{\"a\":99999999999999999999}", "{\"a\":99999999999999999998}"),
            ("{\"a\":null}", "{}"),
            ("{\"a\":\"b c\"}", "{\"a\":\"bc\"}"),
        ] {
            assert_ne!(
                canonical(one).unwrap(),
                canonical(other).unwrap(),
                "{one} {other}"
            );
        }
    }
}
