//! Key and fence of a notification.

use std::fmt;

use crate::notify::VerifiedNotification;

/// Longest part of a key, in bytes. Ids of the platform are UUIDs of 36.
const MAX_PART: usize = 64;

/// Key of a notification in a store: a scope and an id.
///
/// The scope keeps tenants apart.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NotificationKey {
    scope: Box<str>,
    id: Box<str>,
}

/// Error: a scope or id is not 1 to 64 visible ASCII characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("scope and id of a notification must have 1 to 64 visible ASCII characters")]
pub struct InvalidKey(());

impl NotificationKey {
    /// Creates a key from scope and id.
    ///
    /// # Errors
    /// Returns an error if a part is not 1 to 64 visible ASCII characters.
    pub fn new(scope: &str, id: &str) -> Result<Self, InvalidKey> {
        let sound = |part: &str| {
            !part.is_empty() && part.len() <= MAX_PART && part.bytes().all(|byte| byte.is_ascii_graphic())
        };
        if sound(scope) && sound(id) {
            Ok(Self {
                scope: scope.into(),
                id: id.into(),
            })
        } else {
            Err(InvalidKey(()))
        }
    }

    /// Returns the key of a notification: its merchant and its id.
    ///
    /// # Errors
    /// Never for a verified notification, whose id has been checked.
    pub fn of(notification: &VerifiedNotification) -> Result<Self, InvalidKey> {
        Self::new(notification.receiver().as_str(), notification.id())
    }

    /// Returns the scope.
    ///
    /// It is the merchant id, after the name of a deployment if there is one.
    #[must_use]
    pub fn scope(&self) -> &str {
        &self.scope
    }

    /// Returns the id within the scope.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }
}

impl fmt::Display for NotificationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.scope, self.id)
    }
}

impl fmt::Debug for NotificationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NotificationKey({self})")
    }
}

/// Number of a lease, which rises with every take-over of the same key.
///
/// Store it next to an outside effect. A later effect with a lower fence comes from a handler that lost its lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fence(u64);

impl Fence {
    /// Lowest fence, for the first lease of a store that forgets nothing.
    pub const FIRST: Self = Self(1);

    /// Creates a fence from a stored number.
    #[must_use]
    pub const fn from_u64(fence: u64) -> Self {
        Self(fence)
    }

    /// Returns the number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// Returns the fence of the next take-over.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl fmt::Display for Fence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
