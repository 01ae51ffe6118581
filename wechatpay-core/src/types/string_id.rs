//! Ids: strings with a grammar of their own.

/// A text that breaks the grammar of the id it was meant for.
///
/// The text itself is not kept: it may be a payer's id or a secret in the wrong place.
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

    /// Returns the kind of id that was meant, for instance `out_trade_no`.
    #[must_use]
    pub fn noun(&self) -> &'static str {
        self.noun
    }

    /// The rule it breaks.
    #[must_use]
    pub fn rule(&self) -> &'static str {
        self.rule
    }
}

/// Not empty and of visible ASCII only: what every id of the platform is at the least.
pub(crate) fn visible(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// A string with a grammar of its own.
///
/// `parse` holds our requests to the documented grammar. Deserialising is lenient (any text of visible
/// characters up to the given length): what the platform sends is not ours to refuse for its spelling.
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
            /// Takes a text that follows the grammar above.
            ///
            /// # Errors
            /// [`InvalidId`](crate::types::InvalidId) names the rule that the text breaks, never the text.
            pub fn parse(text: &str) -> Result<Self, crate::types::InvalidId> {
                let grammar: fn(&str) -> Result<(), &'static str> = $grammar;
                match grammar(text) {
                    Ok(()) => Ok(Self(text.into())),
                    Err(rule) => Err(crate::types::InvalidId::new($noun, rule)),
                }
            }

            /// The text.
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

        impl<'de> crate::types::response_field::ResponseField<'de> for $name {
            crate::types::response_field::empty_is_absent!();
        }

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
