//! Ids: strings with a documented grammar.

/// A text that violates the grammar of its id.
///
/// The text itself is not kept: it may be an openid, or a secret in the wrong place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {noun}: {rule}")]
pub struct InvalidId {
    noun: &'static str,
    rule: &'static str,
}

impl InvalidId {
    pub(crate) fn new(noun: &'static str, rule: &'static str) -> Self {
        Self { noun, rule }
    }

    /// Returns the expected kind of id, for instance `out_trade_no`.
    #[must_use]
    pub fn noun(&self) -> &'static str {
        self.noun
    }

    /// Returns the violated rule.
    #[must_use]
    pub fn rule(&self) -> &'static str {
        self.rule
    }
}

/// Returns true for a non-empty text of visible ASCII, the minimum for every id.
pub(crate) fn visible(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Defines a string type with its own grammar.
///
/// `parse` holds our requests to the documented grammar. Deserialising is lenient (visible characters up to the given
/// length): a response is not rejected for the spelling of an id.
macro_rules! string_id {
    (
        $(#[$meta:meta])*
        pub struct $name:ident($noun:literal, max = $max:literal, $grammar:expr);
        $($redacted:ident)?
    ) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Box<str>);

        impl $name {
            /// Parses a text that follows the grammar of the type.
            ///
            /// # Errors
            /// [`InvalidId`](crate::types::InvalidId) names the violated rule, never the text.
            pub fn parse(text: &str) -> Result<Self, crate::types::InvalidId> {
                let grammar: fn(&str) -> Result<(), &'static str> = $grammar;
                match grammar(text) {
                    Ok(()) => Ok(Self(text.into())),
                    Err(rule) => Err(crate::types::InvalidId::new($noun, rule)),
                }
            }

            /// Returns the text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = crate::types::InvalidId;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }

        impl TryFrom<&str> for $name {
            type Error = crate::types::InvalidId;

            fn try_from(text: &str) -> Result<Self, Self::Error> {
                Self::parse(text)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                *self.0 == *other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                *self.0 == **other
            }
        }

        impl crate::types::scalar::Scalar for $name {
            fn text(&self) -> std::borrow::Cow<'_, str> {
                self.as_str().into()
            }
        }

        impl crate::types::SensitiveFields for $name {
            crate::types::sensitive::nothing_sensitive!();
        }

        impl<'de> crate::types::response_field::ResponseField<'de> for $name {}

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                if text.len() <= $max && crate::types::string_id::visible(&text) {
                    Ok(Self(text.into_boxed_str()))
                } else {
                    Err(serde::de::Error::custom(concat!("not a ", $noun)))
                }
            }
        }

        string_id!(@show $name $($redacted)?);
    };
    (@show $name:ident redacted) => {
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    };
    (@show $name:ident) => {
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

pub(crate) use string_id;
