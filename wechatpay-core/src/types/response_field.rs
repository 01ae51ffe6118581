//! Reading of fields that the platform may omit.
//!
//! Missing, `null` and `""` have the same meaning on the platform.

use std::{
    collections::{BTreeMap, HashMap},
    hash::Hash,
    marker::PhantomData,
};

use serde::{
    Deserialize, Deserializer,
    de::{
        IntoDeserializer as _, MapAccess, SeqAccess, Visitor,
        value::{MapAccessDeserializer, SeqAccessDeserializer},
    },
};

/// A type that can be a field of a response.
///
/// Implemented for texts, numbers, ids, open enums, lists and maps, and by `#[derive(Response)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read as a field of a response",
    label = "used as a field of a response",
    note = "write `#[derive(Response)]` on it instead of `Deserialize`"
)]
pub trait ResponseField<'de>: Deserialize<'de> {
    /// Reads a field that is not an `Option`.
    ///
    /// # Errors
    /// Returns the deserializer's error if the value is missing or has another type.
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::deserialize(deserializer)
    }

    /// Reads a field that is an `Option`.
    ///
    /// # Errors
    /// Returns the deserializer's error if a value is present and has another type.
    fn read_option<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        empty_is_none(deserializer)
    }
}

macro_rules! as_they_are {
    ($($type:ty),*) => {$( impl ResponseField<'_> for $type {} )*};
}

as_they_are!(
    bool,
    u8,
    u16,
    u32,
    u64,
    usize,
    i8,
    i16,
    i32,
    i64,
    isize,
    f32,
    f64,
    String,
    serde_json::Value
);

impl<'de, T: ResponseField<'de>> ResponseField<'de> for Box<T> {}

impl<'de, T: ResponseField<'de>> ResponseField<'de> for Option<T> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::read_option(deserializer)
    }
}

impl<'de, T: ResponseField<'de>> ResponseField<'de> for Vec<T> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(empty_is_none(deserializer)?.unwrap_or_default())
    }
}

impl<'de, K, V> ResponseField<'de> for BTreeMap<K, V>
where
    K: Deserialize<'de> + Ord,
    V: ResponseField<'de>,
{
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(empty_is_none(deserializer)?.unwrap_or_default())
    }
}

impl<'de, K, V> ResponseField<'de> for HashMap<K, V>
where
    K: Deserialize<'de> + Eq + Hash,
    V: ResponseField<'de>,
{
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(empty_is_none(deserializer)?.unwrap_or_default())
    }
}

/// A field as `#[derive(Response)]` reads it; a missing one is read like `null`.
#[derive(Debug)]
pub struct Read<T>(pub T);

impl<'de, T: ResponseField<'de>> Deserialize<'de> for Read<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::read(deserializer).map(Self)
    }
}

/// Reads a missing value, `null` and `""` as `None`.
fn empty_is_none<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    deserializer.deserialize_option(EmptyIsNone(PhantomData))
}

struct EmptyIsNone<T>(PhantomData<T>);

/// Hands a value to the type as it comes.
macro_rules! handed_on {
    ($($visit:ident($type:ty)),*) => {$(
        fn $visit<E: serde::de::Error>(self, value: $type) -> Result<Self::Value, E> {
            T::deserialize(value.into_deserializer()).map(Some)
        }
    )*};
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for EmptyIsNone<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a value, null or nothing")
    }

    fn visit_none<E: serde::de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
        if text.is_empty() {
            return Ok(None);
        }
        T::deserialize(text.into_deserializer()).map(Some)
    }

    handed_on!(visit_bool(bool), visit_u64(u64), visit_i64(i64), visit_f64(f64));

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Self::Value, A::Error> {
        T::deserialize(SeqAccessDeserializer::new(items)).map(Some)
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(members)).map(Some)
    }
}

/// Reads `null` as the default: an empty list or text.
pub fn null_is_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// Reads a type that can be created from any text.
pub fn from_text<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: for<'t> From<&'t str>,
{
    struct Visitor<T>(PhantomData<T>);
    impl<T: for<'t> From<&'t str>> serde::de::Visitor<'_> for Visitor<T> {
        type Value = T;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a string")
        }

        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
            Ok(T::from(text))
        }
    }
    deserializer.deserialize_str(Visitor(PhantomData))
}
