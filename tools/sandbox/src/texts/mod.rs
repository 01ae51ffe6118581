//! Texts of the domain, which knows no language.

mod errors;
mod lint;
mod records;

use crate::{
    language::verbatim,
    world::{clock::Day, lints::LintKind, refunds::state::RefundState},
};

verbatim!(Day, LintKind, RefundState);
