//! JSON that keeps the order of members, the spelling of numbers and duplicate keys.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

/// Deepest nesting: more than any signed body has, and a bound on the work.
const MAX_DEPTH: usize = 32;

/// A JSON value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    /// `null`, `true`, `false` or a number, as spelled.
    Plain(String),
    Text(String),
    List(Vec<Self>),
    Map(Vec<(String, Self)>),
}

impl Node {
    /// Reads a text; returns `None` if it is not JSON.
    pub(crate) fn read(text: &str) -> Option<Self> {
        read(text.trim_ascii(), MAX_DEPTH)
    }

    /// Returns the value with the keys of all objects sorted by bytes.
    pub(crate) fn sorted(&self) -> Self {
        self.ordered(&|members| members.sort_by(|(left, _), (right, _)| left.cmp(right)))
    }

    /// Returns the value with the members of all objects sorted by `order`.
    pub(crate) fn ordered(&self, order: &dyn Fn(&mut Vec<(String, Self)>)) -> Self {
        match self {
            Self::Plain(_) | Self::Text(_) => self.clone(),
            Self::List(items) => Self::List(items.iter().map(|item| item.ordered(order)).collect()),
            Self::Map(members) => {
                let ordered = members
                    .iter()
                    .map(|(key, value)| (key.clone(), value.ordered(order)));
                let mut ordered = ordered.collect();
                order(&mut ordered);
                Self::Map(ordered)
            }
        }
    }

    /// Returns the value without `null` members, and without empty ones if `empty` is `true`.
    pub(crate) fn without_nulls(&self, empty: bool) -> Self {
        let is_kept = move |members: &mut Vec<(String, Self)>| {
            members.retain(|(_, value)| match value {
                Self::Plain(text) => text != "null",
                Self::Text(text) => !(empty && text.is_empty()),
                Self::List(items) => !(empty && items.is_empty()),
                Self::Map(members) => !(empty && members.is_empty()),
            });
        };
        self.ordered(&is_kept)
    }

    pub(crate) fn members(&self) -> &[(String, Self)] {
        match self {
            Self::Map(members) => members,
            _ => &[],
        }
    }

    pub(crate) fn member(&self, key: &str) -> Option<&Self> {
        self.members()
            .iter()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value)
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

fn read(text: &str, depth: usize) -> Option<Node> {
    let depth = depth.checked_sub(1)?;
    match text.bytes().next()? {
        b'{' => {
            let Members(members) = serde_json::from_str(text).ok()?;
            let members = members
                .into_iter()
                .map(|(key, value)| Some((key, read(value.get(), depth)?)));
            members.collect::<Option<_>>().map(Node::Map)
        }
        b'[' => {
            let Items(items) = serde_json::from_str(text).ok()?;
            let items = items.into_iter().map(|item| read(item.get(), depth));
            items.collect::<Option<_>>().map(Node::List)
        }
        b'"' => serde_json::from_str(text).ok().map(Node::Text),
        _ => {
            let plain: &RawValue = serde_json::from_str(text).ok()?;
            Some(Node::Plain(plain.get().to_owned()))
        }
    }
}

struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

struct Items<'a>(Vec<&'a RawValue>);

impl<'de> Deserialize<'de> for Items<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Items<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = list.next_element()? {
                    items.push(item);
                }
                Ok(Items(items))
            }
        }
        deserializer.deserialize_seq(Collect)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_numbers_and_doubled_keys_are_kept() {
        let node = Node::read(" {\"b\":1.0,\"a\":[1e2,null,\"\\u4e2d\"],\"b\":{}} ").unwrap();
        let Node::Map(members) = &node else { panic!() };
        assert_eq!(members.len(), 3);
        assert_eq!(members[0], ("b".into(), Node::Plain("1.0".into())));
        assert_eq!(
            members[1].1,
            Node::List(vec![
                Node::Plain("1e2".into()),
                Node::Plain("null".into()),
                Node::Text("中".into())
            ])
        );
        assert_eq!(node.sorted().members()[0].0, "a");
    }

    #[test]
    fn invalid_or_too_deep_json_is_rejected() {
        for bad in ["", "{", "{\"a\":}", "a=1", "{}{}", "\"\u{1}\""] {
            assert_eq!(Node::read(bad), None, "{bad:?}");
        }
        let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(Node::read(&deep(32)).is_some());
        assert_eq!(Node::read(&deep(33)), None);
        assert_eq!(Node::read(&deep(100_000)), None);
    }
}
