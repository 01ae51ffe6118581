//! The shapes that models are made of: open enums, string ids, setters, requests, responses, endpoints.

/// An enum of the wire that keeps values it does not know.
///
/// The platform may add a value at any time. An unknown one becomes `Other` and is given back unchanged.
macro_rules! open_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $( $(#[$variant_meta:meta])* $variant:ident = $text:literal, )+
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$variant_meta])* #[doc = concat!("On the wire: `", $text, "`.")] $variant, )+
            /// A value this version does not know, kept as it was written; an empty text when it was absent.
            Other(Box<str>),
        }

        /// The value of a member that was absent.
        impl Default for $name {
            fn default() -> Self {
                Self::Other(Box::default())
            }
        }

        impl $name {
            /// Returns true if the member was absent, which confirms nothing.
            #[must_use]
            pub fn is_absent(&self) -> bool {
                self.as_str().is_empty()
            }

            /// The text on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $text, )+
                    Self::Other(text) => text,
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $( $text => Self::$variant, )+
                    other => Self::Other(other.into()),
                }
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::convert::Infallible;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Ok(Self::from(text))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl crate::api::Value for $name {
            fn text(&self) -> std::borrow::Cow<'_, str> {
                self.as_str().into()
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Visitor;
                impl serde::de::Visitor<'_> for Visitor {
                    type Value = $name;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str("a string")
                    }

                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$name, E> {
                        Ok($name::from(text))
                    }
                }
                deserializer.deserialize_str(Visitor)
            }
        }
    };
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

        impl crate::api::Value for $name {
            fn text(&self) -> std::borrow::Cow<'_, str> {
                self.as_str().into()
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                if text.len() <= $max && crate::types::ids::visible(&text) {
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

/// Consuming setters for optional fields: `order.attach("…")`.
macro_rules! setters {
    ($( $(#[$meta:meta])* $field:ident: $type:ty, )*) => {
        $(
            $(#[$meta])*
            #[must_use]
            pub fn $field(mut self, $field: impl Into<$type>) -> Self {
                self.$field = Some($field.into());
                self
            }
        )*
    };
}

/// A request or a part of one: what it must have is an argument of `new`, what it may have gets a setter and stays away
/// while it is not set. Texts are taken as anything that becomes one; sensitive ones as plain text, to be encrypted.
macro_rules! request {
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
            $(required {
                $( $(#[$required_meta:meta])* $required:ident: $required_type:ident $(<$required_item:ident>)?, )+
            })?
            $(optional {
                $( $(#[$optional_meta:meta])* $optional:ident: $optional_type:ident $(<$optional_item:ident>)?, )+
            })?
            $(sensitive { $( $sensitive:ident, )+ })?
        }
        $(#[$new_meta:meta])*
        new
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
        #[non_exhaustive]
        pub struct $name {
            $($( $(#[$required_meta])* pub $required: $required_type $(<$required_item>)?, )+)?
            $($(
                $(#[$optional_meta])*
                #[serde(skip_serializing_if = "Option::is_none")]
                pub $optional: Option<$optional_type $(<$optional_item>)?>,
            )+)?
        }

        impl $name {
            $(#[$new_meta])*
            #[must_use]
            pub fn new(
                $($( $required: crate::macros::argument!($required_type $(<$required_item>)?), )+)?
            ) -> Self {
                Self {
                    $($( $required: crate::macros::made!($required_type, $required), )+)?
                    $($( $optional: None, )+)?
                }
            }

            $($(
                $(#[$optional_meta])*
                #[must_use]
                pub fn $optional(
                    mut self,
                    $optional: crate::macros::option!($optional_type $(<$optional_item>)?),
                ) -> Self {
                    self.$optional = Some(crate::macros::set!($optional_type, $optional));
                    self
                }
            )+)?
        }

        $(
            impl crate::types::SensitiveFields for $name {
                fn visit_sensitive(
                    &mut self,
                    f: &mut crate::types::SensitiveVisitor<'_>,
                ) -> Result<(), crate::crypto::EncryptError> {
                    $( crate::types::SensitiveFields::visit_sensitive(&mut self.$sensitive, f)?; )+
                    Ok(())
                }
            }
        )?
    };
}

/// The type of an argument of `new`: ids by value, so that `.parse()?` knows what to become.
macro_rules! argument {
    (String) => { impl Into<String> };
    (PrivateText) => { impl Into<PrivateText> };
    (Sensitive) => { impl Into<String> };
    (RefundedOrder) => { impl Into<RefundedOrder> };
    (RefundedPayee) => { impl Into<RefundedPayee> };
    (SharedOrder) => { impl Into<SharedOrder> };
    ($type:ident $(<$item:ident>)?) => { $type $(<$item>)? };
}

/// The type of the argument of a setter.
macro_rules! option {
    (Sensitive) => { impl Into<String> };
    ($type:ident $(<$item:ident>)?) => { impl Into<$type $(<$item>)?> };
}

/// Makes the field of the argument of a setter.
macro_rules! set {
    (Sensitive, $value:expr) => {
        crate::types::Sensitive::plain($value)
    };
    ($type:ident, $value:expr) => {
        $value.into()
    };
}

/// Makes the field of the argument of `new`.
macro_rules! made {
    (String, $value:expr) => {
        $value.into()
    };
    (PrivateText, $value:expr) => {
        $value.into()
    };
    (Sensitive, $value:expr) => {
        crate::types::Sensitive::plain($value)
    };
    (RefundedOrder, $value:expr) => {
        $value.into()
    };
    (RefundedPayee, $value:expr) => {
        $value.into()
    };
    (SharedOrder, $value:expr) => {
        $value.into()
    };
    ($type:ident, $value:expr) => {
        $value
    };
}

/// A response or a part of one. `required` is what it is nothing without; `states` are open enums, which have a value for
/// absent; `texts` are strings that may be missing, `null` or `""`; `parts` are numbers, booleans and objects that may be
/// missing or `null`; `lists` then are empty.
macro_rules! response {
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
            $(required { $( $(#[$required_meta:meta])* $required:ident: $required_type:ty, )+ })?
            $(states { $( $(#[$state_meta:meta])* $state:ident: $state_type:ty, )+ })?
            $(texts { $( $(#[$text_meta:meta])* $text:ident: $text_type:ty, )+ })?
            $(parts { $( $(#[$part_meta:meta])* $part:ident: $part_type:ty, )+ })?
            $(lists { $( $(#[$list_meta:meta])* $list:ident: $list_type:ty, )+ })?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
        #[non_exhaustive]
        pub struct $name {
            $($( $(#[$required_meta])* pub $required: $required_type, )+)?
            $($(
                $(#[$state_meta])*
                #[serde(default, deserialize_with = "crate::api::null_is_default")]
                pub $state: $state_type,
            )+)?
            $($(
                $(#[$text_meta])*
                #[serde(default, deserialize_with = "crate::api::empty_is_none")]
                pub $text: Option<$text_type>,
            )+)?
            $($( $(#[$part_meta])* pub $part: Option<$part_type>, )+)?
            $($(
                $(#[$list_meta])*
                #[serde(default, deserialize_with = "crate::api::null_is_default")]
                pub $list: Vec<$list_type>,
            )+)?
        }
    };
}

/// What the client needs to know of a request. The path is its template with the fields of `path` in the places of the
/// placeholders, in order; `query` fields are appended, those that are not set left out; the field `query_part` appends a
/// pair whose name depends on what it is. The answer must repeat the fields
/// of `repeats`, and must not contradict those of `may_repeat`; `check` is a function for whatever else it repeats.
macro_rules! endpoint {
    (impl GET $template:literal for $request:ident -> $response:ty { $($facts:tt)* }) => {
        impl crate::api::Endpoint for $request {
            const METHOD: http::Method = http::Method::GET;
            type Body<'a> = ();
            endpoint!(@facts $template, $response, $($facts)*);
        }
    };
    (impl POST $template:literal for $request:ident -> $response:ty { $($facts:tt)* }) => {
        impl crate::api::Endpoint for $request {
            const METHOD: http::Method = http::Method::POST;
            type Body<'a> = &'a Self;
            endpoint!(@facts $template, $response, $($facts)*);

            fn body(&self) -> Option<&Self> {
                Some(self)
            }
        }
    };
    // A POST that says everything in its path.
    (impl POST $template:literal without body for $request:ident -> $response:ty { $($facts:tt)* }) => {
        impl crate::api::Endpoint for $request {
            const METHOD: http::Method = http::Method::POST;
            type Body<'a> = ();
            endpoint!(@facts $template, $response, $($facts)*);
        }
    };
    (
        @facts $template:literal, $response:ty,
        $(idempotency: $idempotency:ident,)?
        $(sensitive: $sensitive:literal,)?
        $(path: [$($path:ident),+],)?
        $(query: [$($query:ident),+],)?
        $(query_part: $query_part:ident,)?
        $(repeats: [$($repeated:ident),+],)?
        $(may_repeat: [$($may_repeat:ident),+],)?
        $(check: $check:expr,)?
    ) => {
        const TEMPLATE: &'static str = $template;
        type Response = $response;

        fn path(&self) -> crate::api::Path {
            let path = crate::api::Path::fill($template, &[
                $($( crate::api::Value::text(&self.$path), )+)?
            ]);
            $($( let path = path.query_opt(
                crate::macros::wire_name!($query),
                crate::api::Given::given(&self.$query).map(crate::api::Value::text),
            ); )+)?
            $( let path = self.$query_part.query(path); )?
            path
        }

        $(
            fn idempotency(&self) -> crate::api::Idempotency {
                crate::api::Idempotency::$idempotency
            }
        )?

        $(
            const SENSITIVE: bool = $sensitive;

            fn visit_sensitive(
                &mut self,
                f: &mut crate::types::SensitiveVisitor<'_>,
            ) -> Result<(), crate::crypto::EncryptError> {
                crate::types::SensitiveFields::visit_sensitive(self, f)
            }
        )?

        fn check_echo(&self, _answer: &$response) -> Result<(), crate::api::EchoMismatch> {
            $($( crate::api::repeats(crate::macros::wire_name!($repeated), &self.$repeated, &_answer.$repeated)?; )+)?
            $($( crate::api::may_repeat(
                crate::macros::wire_name!($may_repeat),
                &self.$may_repeat,
                &_answer.$may_repeat,
            )?; )+)?
            $( $check(self, _answer)?; )?
            Ok(())
        }
    };
}

/// The name of a field on the wire: `type` is a word of Rust's.
macro_rules! wire_name {
    (kind) => {
        "type"
    };
    ($field:ident) => {
        stringify!($field)
    };
}

pub(crate) use {
    argument, endpoint, made, open_enum, option, request, response, set, setters, string_id, wire_name,
};
