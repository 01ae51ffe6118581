//! Proof that a value comes from a verified message.

use std::{fmt, ops::Deref, sync::Arc};

use bytes::Bytes;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use crate::{
    json::{self, Deciding, JsonError, Read},
    types::KeyId,
};

/// Amounts that are compared with an order.
///
/// An amount of another JSON type counts as absent.
const COMPARED: &[&str] = &[
    "amount.total",
    "amount.refund",
    "amount.total_amount",
    "sub_orders[].amount.total_amount",
];

/// Value from a message whose signature was verified.
///
/// It cannot be created in any other way: there is no constructor and no `map`. Read the value through `Deref`, or take
/// it with [`into_inner`](Self::into_inner) when its origin no longer matters.
///
/// ```compile_fail,E0451
/// use wechatpay_core::verify::Verified;
///
/// let forged = Verified { value: 1, key_id: "AB".parse().unwrap(), signed_at: 0 };
/// ```
#[derive(Clone)]
pub struct Verified<T> {
    value: T,
    key_id: KeyId,
    signed_at: i64,
    unread: Option<Arc<Unread>>,
}

/// Members that could not be read, and the text that contains them.
struct Unread {
    paths: Vec<String>,
    text: Zeroizing<String>,
}

impl<T> Verified<T> {
    pub(crate) fn new(value: T, key_id: KeyId, signed_at: i64) -> Self {
        Self {
            value,
            key_id,
            signed_at,
            unread: None,
        }
    }

    /// Keeps the text if members of it could not be read.
    pub(crate) fn with_unread(mut self, paths: Vec<String>, text: &str) -> Self {
        self.unread = (!paths.is_empty()).then(|| {
            Arc::new(Unread {
                paths,
                text: Zeroizing::new(text.to_owned()),
            })
        });
        self
    }

    /// Returns the paths of the members that could not be read and count as absent.
    ///
    /// Nearly always empty.
    #[must_use]
    pub fn unread(&self) -> &[String] {
        self.unread.as_ref().map_or(&[], |unread| &unread.paths)
    }

    /// Returns the members of `names` that could not be read.
    ///
    /// A member that is absent for this reason confirms nothing.
    pub(crate) fn undecided(&self, names: &'static [&'static str]) -> impl Iterator<Item = &'static str> {
        let unread: Vec<String> = self.unread().iter().map(|path| without_indexes(path)).collect();
        names.iter().copied().filter(move |name| {
            unread.iter().any(|path| {
                name.strip_prefix(path.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
            })
        })
    }

    /// Returns the JSON text if [`unread`](Self::unread) names members of it.
    #[must_use]
    pub fn unread_text(&self) -> Option<&str> {
        self.unread.as_ref().map(|unread| unread.text.as_str())
    }

    /// Returns the id of the key that signed.
    #[must_use]
    pub fn key_id(&self) -> &KeyId {
        &self.key_id
    }

    /// Returns the time of the signature in Unix seconds.
    #[must_use]
    pub fn signed_at(&self) -> i64 {
        self.signed_at
    }

    /// Returns the value alone.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.value
    }
}

/// Removes indexes from a path: `sub_orders[].amount` for `sub_orders[3].amount`.
fn without_indexes(path: &str) -> String {
    let mut inside = false;
    let keep = |char: &char| {
        inside = *char == '[' || (inside && *char != ']');
        !inside || *char == '['
    };
    path.chars().filter(keep).collect()
}

impl Verified<Bytes> {
    /// Reads the body as JSON.
    ///
    /// An empty body (204) reads as `null`, which is `()`. A member that cannot be read counts as absent; it is logged
    /// and named by [`unread`](Verified::unread).
    ///
    /// # Errors
    /// Returns [`JsonError`] with the path of the member that is missing or does not fit, never its value.
    pub fn json<T: DeserializeOwned>(self) -> Result<Verified<T>, JsonError> {
        let text = match self.value.is_empty() {
            true => "null",
            false => std::str::from_utf8(&self.value).map_err(|_| JsonError::whole())?,
        };
        let Read { value, unread } = json::read::<T>(text, Deciding::AsWritten(COMPARED))?;
        if !unread.is_empty() {
            tracing::warn!(
                target: "wechatpay::verify",
                unread = unread.join(", "),
                response = std::any::type_name::<T>(),
                "members of a verified response could not be read and count as absent"
            );
        }
        Ok(Verified::new(value, self.key_id.clone(), self.signed_at).with_unread(unread, text))
    }
}

impl<T> Deref for Verified<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// Shows the key and the time, and not the value, which may name a payer.
impl<T> fmt::Debug for Verified<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified")
            .field("key_id", &self.key_id)
            .field("signed_at", &self.signed_at)
            .finish_non_exhaustive()
    }
}
