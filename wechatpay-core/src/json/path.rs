//! Paths in a JSON text.

use std::fmt;

/// Step from a value to one inside it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    Key(Box<str>),
    Index(usize),
}

/// Path of a value.
///
/// Displayed as `sub_orders[0].amount.total_amount`, and as `.` for the whole text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Path(pub(super) Vec<Step>);

impl Path {
    pub(super) fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the path of the parent value. The root is its own parent.
    pub(super) fn parent(&self) -> Self {
        let steps = self.0.split_last().map_or(&[][..], |(_, steps)| steps);
        Self(steps.to_vec())
    }

    /// Returns `true` if this path is inside `other`.
    pub(super) fn is_below(&self, other: &Self) -> bool {
        self.0.len() > other.0.len() && self.0.starts_with(&other.0)
    }

    /// Returns the shortest prefix that `fits` accepts.
    pub(super) fn shortest(&self, fits: impl Fn(&Self) -> bool) -> Option<Self> {
        (1..=self.0.len())
            .filter_map(|length| self.0.get(..length))
            .map(|steps| Self(steps.to_vec()))
            .find(fits)
    }

    /// Returns `true` if the member `name` is at this path, above it or below it.
    ///
    /// Names write `[]` for any entry of a list.
    pub(super) fn is_on_the_way_to(&self, name: &str) -> bool {
        let named = name
            .split('.')
            .flat_map(|part| match part.strip_suffix("[]") {
                Some(list) => [Some(Some(list)), Some(None)],
                None => [Some(Some(part)), None],
            })
            .flatten();
        self.0.iter().zip(named).all(|(step, named)| match (step, named) {
            (Step::Key(key), Some(name)) => **key == *name,
            (Step::Index(_), None) => true,
            _ => false,
        })
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_root() {
            return f.write_str(".");
        }
        for (index, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if index == 0 => write!(f, "{}", key.escape_debug())?,
                Step::Key(key) => write!(f, ".{}", key.escape_debug())?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}
