//! Snapshot forms of types without JSON of their own.

/// A status is its number.
pub(crate) mod status {
    use http::StatusCode;
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub(crate) fn serialize<S: Serializer>(status: &StatusCode, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u16(status.as_u16())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<StatusCode, D::Error> {
        StatusCode::from_u16(u16::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// Bytes are a text, or if they are none, base64 in an object.
pub(crate) mod bytes {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    use bytes::Bytes;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

    #[derive(Serialize, Deserialize)]
    #[serde(untagged)]
    enum Wire<'a> {
        Text(std::borrow::Cow<'a, str>),
        Binary { base64: String },
    }

    pub(crate) fn serialize<S: Serializer>(bytes: &Bytes, serializer: S) -> Result<S::Ok, S::Error> {
        match std::str::from_utf8(bytes) {
            Ok(text) => Wire::Text(text.into()),
            Err(_) => Wire::Binary {
                base64: STANDARD.encode(bytes),
            },
        }
        .serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Bytes, D::Error> {
        match Wire::deserialize(deserializer)? {
            Wire::Text(text) => Ok(text.into_owned().into()),
            Wire::Binary { base64 } => STANDARD
                .decode(base64)
                .map(Bytes::from)
                .map_err(|_| D::Error::custom("what is no text is base64")),
        }
    }
}

/// Headers are pairs of texts, for one name may stand twice.
pub(crate) mod headers {
    use http::{HeaderMap, HeaderName, HeaderValue};
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub(crate) fn serialize<S: Serializer>(headers: &HeaderMap, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(
            headers
                .iter()
                .map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes()))),
        )
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<HeaderMap, D::Error> {
        let mut headers = HeaderMap::new();
        for (name, value) in Vec::<(String, String)>::deserialize(deserializer)? {
            let name = HeaderName::try_from(name).map_err(D::Error::custom)?;
            let value = HeaderValue::try_from(value).map_err(D::Error::custom)?;
            headers
                .try_append(name, value)
                .map_err(|_| D::Error::custom("there are too many headers"))?;
        }
        Ok(headers)
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;
    use serde::{Deserialize, Serialize};

    #[derive(Serialize, Deserialize)]
    struct All {
        #[serde(with = "super::bytes")]
        bytes: bytes::Bytes,
        #[serde(with = "super::headers")]
        headers: HeaderMap,
        #[serde(with = "super::status")]
        status: http::StatusCode,
    }

    #[test]
    fn what_is_written_is_read_and_nothing_else() {
        let mut headers = HeaderMap::new();
        headers.append("x-one", "1".parse().unwrap());
        headers.append("x-one", "2".parse().unwrap());
        for bytes in [&b"{}"[..], b"", b"\xff\x00"] {
            let all = All {
                bytes: bytes::Bytes::from_static(bytes),
                headers: headers.clone(),
                status: http::StatusCode::NO_CONTENT,
            };
            let text = serde_json::to_string(&all).unwrap();
            let read: All = serde_json::from_str(&text).unwrap();
            assert_eq!(
                (read.bytes, read.headers, read.status),
                (all.bytes, all.headers, all.status)
            );
        }
        for bad in [
            r#"{"bytes":{"base64":"*"},"headers":[],"status":200}"#,
            r#"{"bytes":"","headers":[["a b","c"]],"status":200}"#,
            r#"{"bytes":"","headers":[["a","\n"]],"status":200}"#,
            r#"{"bytes":"","headers":[],"status":7}"#,
        ] {
            assert!(serde_json::from_str::<All>(bad).is_err(), "{bad}");
        }
    }
}
