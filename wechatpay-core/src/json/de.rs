//! Deserialization of a tree, with the path of the first error.

use std::{borrow::Cow, fmt, slice::Iter};

use serde::{
    Deserializer,
    de::{
        DeserializeSeed, MapAccess, SeqAccess, Visitor,
        value::{BorrowedStrDeserializer, MapAccessDeserializer, StrDeserializer},
    },
    forward_to_deserialize_any,
};

use super::{
    error::Problem,
    path::{Path, Step},
    tree::Tree,
};

/// First member that does not fit its type.
///
/// The message of serde is dropped because it may quote the value.
#[derive(Debug)]
pub(super) struct Fault {
    /// Steps from the inside out.
    steps: Vec<Step>,
    problem: Problem,
}

impl Fault {
    fn of(name: &str, problem: Problem) -> Self {
        Self {
            steps: vec![Step::Key(name.into())],
            problem,
        }
    }

    fn below(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    pub(super) fn into_parts(mut self) -> (Path, Problem) {
        self.steps.reverse();
        (Path(self.steps), self.problem)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON does not fit its type")
    }
}

impl std::error::Error for Fault {}

impl serde::de::Error for Fault {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self {
            steps: Vec::new(),
            problem: Problem::Unfit,
        }
    }

    fn missing_field(field: &'static str) -> Self {
        Self::of(field, Problem::Missing)
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::of(field, Problem::Twice)
    }
}

impl<'de> Deserializer<'de> for &Tree<'de> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self {
            Tree::Gone | Tree::Null => visitor.visit_unit(),
            Tree::Bool(bool) => visitor.visit_bool(*bool),
            Tree::Number(number) => visit_number(number, visitor),
            Tree::Text(text) => visit_text(text, visitor),
            Tree::List(entries) => visitor.visit_seq(Entries::of(entries)),
            Tree::Object(members) => visitor.visit_map(Members::of(members)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self {
            Tree::Gone | Tree::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    /// Accepts an object only.
    ///
    /// serde would also accept a list with the values in the order of the fields.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match self {
            Tree::List(_) => Err(serde::de::Error::custom("a list")),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match self {
            Tree::Text(text) => StrDeserializer::new(text).deserialize_enum(name, variants, visitor),
            Tree::Object(members) => {
                MapAccessDeserializer::new(Members::of(members)).deserialize_enum(name, variants, visitor)
            }
            _ => self.deserialize_any(visitor),
        }
    }

    /// Reads an empty object as `null`.
    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self {
            Tree::Object(members) if members.is_empty() => visitor.visit_unit(),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit_struct seq tuple
        tuple_struct map identifier
    }
}

/// Visits a number as `serde_json` does.
///
/// An integer stays an integer if it fits 64 bits. Any other number becomes a float.
fn visit_number<'de, V: Visitor<'de>>(number: &str, visitor: V) -> Result<V::Value, Fault> {
    if number != "-0" {
        if let Ok(number) = number.parse() {
            return visitor.visit_u64(number);
        }
        if let Ok(number) = number.parse() {
            return visitor.visit_i64(number);
        }
    }
    match number.parse::<f64>() {
        Ok(number) if number.is_finite() => visitor.visit_f64(number),
        _ => Err(serde::de::Error::custom("a number out of range")),
    }
}

fn visit_text<'de, V: Visitor<'de>>(text: &Cow<'de, str>, visitor: V) -> Result<V::Value, Fault> {
    match text {
        Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
        Cow::Owned(text) => visitor.visit_str(text),
    }
}

struct Entries<'n, 'de>(std::iter::Enumerate<Iter<'n, Tree<'de>>>);

impl<'n, 'de> Entries<'n, 'de> {
    fn of(entries: &'n [Tree<'de>]) -> Self {
        Self(entries.iter().enumerate())
    }
}

impl<'de> SeqAccess<'de> for Entries<'_, 'de> {
    type Error = Fault;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Fault> {
        match self.0.find(|(_, entry)| !matches!(entry, Tree::Gone)) {
            Some((index, entry)) => seed
                .deserialize(entry)
                .map(Some)
                .map_err(|fault| fault.below(Step::Index(index))),
            None => Ok(None),
        }
    }
}

struct Members<'n, 'de> {
    members: Iter<'n, (Cow<'de, str>, Tree<'de>)>,
    now: Option<(&'n Cow<'de, str>, &'n Tree<'de>)>,
}

impl<'n, 'de> Members<'n, 'de> {
    fn of(members: &'n [(Cow<'de, str>, Tree<'de>)]) -> Self {
        Self {
            members: members.iter(),
            now: None,
        }
    }
}

impl<'de> MapAccess<'de> for Members<'_, 'de> {
    type Error = Fault;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Fault> {
        let next = self.members.find(|(_, member)| !matches!(member, Tree::Gone));
        self.now = next.map(|(key, member)| (key, member));
        match self.now {
            Some((Cow::Borrowed(key), _)) => seed.deserialize(BorrowedStrDeserializer::new(key)).map(Some),
            Some((Cow::Owned(key), _)) => seed.deserialize(StrDeserializer::new(key)).map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Fault> {
        match self.now.take() {
            Some((key, member)) => seed
                .deserialize(member)
                .map_err(|fault| fault.below(Step::Key(key.as_ref().into()))),
            None => Err(serde::de::Error::custom("a value without a key")),
        }
    }
}
