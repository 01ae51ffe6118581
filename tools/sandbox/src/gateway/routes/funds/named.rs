//! Withdrawals, as requests name them.

/// The name of a withdrawal in a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    ByNumber(String),
    ById(String),
}
