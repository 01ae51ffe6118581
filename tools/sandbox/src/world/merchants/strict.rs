//! Deserialising by the strict grammar of a type.
//!
//! Ids of core read whatever the platform sends. A person's text follows the grammar, or is refused with the rule.

use std::{fmt::Display, str::FromStr};

use serde::{Deserialize, Deserializer, de::Error as _};

/// A text that follows the grammar of `T`. Errors never repeat it.
struct Strict<T>(T);

impl<'de, T: FromStr<Err: Display>> Deserialize<'de> for Strict<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Self).map_err(D::Error::custom)
    }
}

/// One text.
pub(super) fn text<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: Display>,
{
    Strict::deserialize(deserializer).map(|Strict(it)| it)
}

/// One text, or `null`.
pub(super) fn optional<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: Display>,
{
    let text = Option::<Strict<T>>::deserialize(deserializer)?;
    Ok(text.map(|Strict(it)| it))
}

/// A list of texts.
pub(super) fn list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: Display>,
{
    let texts = Vec::<Strict<T>>::deserialize(deserializer)?;
    Ok(texts.into_iter().map(|Strict(it)| it).collect())
}

/// A list that is present and not `null`.
pub(super) fn given_list<'de, D, T>(deserializer: D) -> Result<Option<Vec<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: Display>,
{
    list(deserializer).map(Some)
}

/// A value that is present; `null` only if `T` has it.
pub(super) fn given<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}

/// An APIv3 key as its text: it is a sandbox's own.
pub(super) mod api_v3_key {
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};
    use wechatpay_core::types::ApiV3Key;

    pub(in super::super) fn serialize<S: Serializer>(
        key: &Option<ApiV3Key>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match key {
            Some(key) => serializer.serialize_some(&String::from_utf8_lossy(key.expose())),
            None => serializer.serialize_none(),
        }
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<ApiV3Key>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        text.map(|text| ApiV3Key::parse(&text).map_err(D::Error::custom))
            .transpose()
    }
}
