//! Key of an event, and the fence of a lease.

use std::fmt;

/// Longest scope, in bytes. A merchant id has at most 32.
const MAX_SCOPE: usize = 64;
/// Longest event, in bytes. Numbers of the platform and of merchants have at most 64.
const MAX_EVENT: usize = 128;

/// Key of an event in a store: a scope and the event within it.
///
/// The scope keeps tenants apart. The event is a text such as `payment/ORDER-1/SUCCESS`; see [`Event`](super::Event).
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EventKey {
    scope: Box<str>,
    event: Box<str>,
}

/// Error: a scope or an event is empty, too long, or not visible ASCII.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a scope must have 1 to 64 and an event 1 to 128 visible ASCII characters")]
pub struct InvalidKey(());

fn sound(part: &str, max: usize) -> bool {
    !part.is_empty() && part.len() <= max && part.bytes().all(|byte| byte.is_ascii_graphic())
}

impl EventKey {
    /// Creates a key from scope and event.
    ///
    /// # Errors
    /// Returns an error unless the scope is 1 to 64 and the event 1 to 128 visible ASCII characters.
    pub fn new(scope: &str, event: &str) -> Result<Self, InvalidKey> {
        if sound(scope, MAX_SCOPE) && sound(event, MAX_EVENT) {
            Ok(Self {
                scope: scope.into(),
                event: event.into(),
            })
        } else {
            Err(InvalidKey(()))
        }
    }

    /// Returns the scope.
    ///
    /// It is the merchant id, after the name of a deployment if there is one.
    #[must_use]
    pub fn scope(&self) -> &str {
        &self.scope
    }

    /// Returns the event within the scope.
    #[must_use]
    pub fn event(&self) -> &str {
        &self.event
    }
}

impl fmt::Display for EventKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.scope, self.event)
    }
}

impl fmt::Debug for EventKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EventKey({self})")
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
