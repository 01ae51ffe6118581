//! Parsing of signed JSON: strict for deciding members, lenient for all others.
//!
//! 1. The text is parsed as it is. A normal message ends here at no extra cost.
//! 2. If it does not fit its type, it is parsed to a tree, and the tree is read repeatedly. The member that does not
//!    fit is first tried in the other spelling (text for a number, a number for text), then left out, and its path is
//!    kept. A part that lacks a required member is left out as a whole, and so on up to the root, where it is an error.
//! 3. A deciding member is neither left out nor read in the other spelling: it rejects the message, and the error names
//!    it.
//!
//! Paths are kept and shown, values never.

mod de;
mod error;
mod objects;
mod path;
mod tree;

use std::collections::BTreeSet;

use serde::Deserialize;

use de::Fault;
pub use error::JsonError;
use error::Problem;
use objects::Objects;
use path::Path;
use tree::Tree;

/// Limit on the bytes that are read again over all rounds of one text.
///
/// A round reads the text once.
const WORK: usize = 64 * 1024 * 1024;

/// Members that are not left out like all others.
///
/// A path names them: `sub_orders[].amount.total_amount`.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Deciding {
    /// All members decide; none is left out.
    All,
    /// These members reject the message if they are unreadable, mistyped or duplicated.
    Refuse(&'static [&'static str]),
    /// These members may be left out, but are never read from another JSON type.
    AsWritten(&'static [&'static str]),
}

impl Deciding {
    /// Returns `true` if `path` decides and must not be left out.
    fn refuses(self, path: &Path) -> bool {
        match self {
            Self::All => true,
            Self::Refuse(names) => path.is_root() || names.iter().any(|name| path.is_on_the_way_to(name)),
            Self::AsWritten(_) => path.is_root(),
        }
    }

    /// Returns `true` if `path` may be read from another JSON type.
    fn respells(self, path: &Path) -> bool {
        match self {
            Self::All => false,
            Self::Refuse(_) => true,
            Self::AsWritten(names) => !names.iter().any(|name| path.is_on_the_way_to(name)),
        }
    }
}

/// Value, and the paths of the members that could not be read.
#[derive(Debug)]
pub(crate) struct Read<T> {
    pub(crate) value: T,
    pub(crate) unread: Vec<String>,
}

/// Reads `text` and leaves out members that neither fit nor decide.
///
/// # Errors
/// Returns an error if the text is not JSON, or a deciding member is missing or does not fit.
pub(crate) fn read<'de, T: Deserialize<'de>>(
    text: &'de str,
    deciding: Deciding,
) -> Result<Read<T>, JsonError> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let as_it_is = T::deserialize(Objects(&mut deserializer));
    match as_it_is.and_then(|value| deserializer.end().map(|()| value)) {
        Ok(value) => Ok(Read {
            value,
            unread: Vec::new(),
        }),
        Err(_) => Repair {
            tree: Tree::parse(text)?,
            deciding,
            left_out: Vec::new(),
            respelled: BTreeSet::new(),
        }
        .read(text.len()),
    }
}

/// Reads `text` strictly: all members decide.
///
/// # Errors
/// Returns an error if the text is not JSON, or a member is missing or does not fit.
pub(crate) fn parse_json<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, JsonError> {
    read(text, Deciding::All).map(|read| read.value)
}

/// Returns the canonical form of a JSON text.
///
/// Keys are sorted, white space is dropped, each string has one spelling, and numbers stay as written.
///
/// # Errors
/// Returns an error if the text is not JSON.
pub(crate) fn canonical(text: &str) -> Result<String, JsonError> {
    let mut out = String::with_capacity(text.len());
    Tree::parse(text)?.canonical(&mut out);
    Ok(out)
}

/// State of reading a text that does not fit its type.
struct Repair<'t> {
    tree: Tree<'t>,
    deciding: Deciding,
    left_out: Vec<LeftOut>,
    respelled: BTreeSet<Path>,
}

/// Member that was left out, and the error behind it, which may be deeper inside.
struct LeftOut {
    path: Path,
    cause: (Path, Problem),
}

impl<'t> Repair<'t> {
    fn read<T: Deserialize<'t>>(mut self, length: usize) -> Result<Read<T>, JsonError> {
        let mut work = 0_usize;
        loop {
            let fault = match T::deserialize(&self.tree) {
                Ok(value) => {
                    let unread = self
                        .left_out
                        .iter()
                        .map(|left_out| left_out.path.to_string())
                        .collect();
                    return Ok(Read { value, unread });
                }
                Err(fault) => fault,
            };
            work = work.saturating_add(length);
            self.mend(fault, work)?;
        }
    }

    /// Changes the tree so that the next round does not fail at this path.
    fn mend(&mut self, fault: Fault, work: usize) -> Result<(), JsonError> {
        let (path, problem) = fault.into_parts();
        // A missing member is repaired by leaving out the part that lacks it.
        let mut target = match problem {
            Problem::Missing => path.parent(),
            Problem::Twice | Problem::Unfit => path.clone(),
        };
        if work > WORK / 2 {
            // Too many errors to repair one by one.
            target = target
                .shortest(|path| !self.deciding.refuses(path))
                .unwrap_or(target);
        }
        let unfit = problem == Problem::Unfit && target == path;
        let before = self.left_out.iter().find(|left_out| left_out.path == path);
        let cause = before.map_or((path, problem), |left_out| left_out.cause.clone());
        if self.deciding.refuses(&target) || work > WORK {
            return Err(JsonError::at(&cause.0, cause.1));
        }
        if unfit
            && self.deciding.respells(&target)
            && self.respelled.insert(target.clone())
            && self.tree.respell(&target)
        {
            return Ok(());
        }
        let was_empty = self.tree.take_out(&target);
        self.left_out.retain(|left_out| !left_out.path.is_below(&target));
        if !was_empty {
            self.left_out.push(LeftOut { path: target, cause });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
