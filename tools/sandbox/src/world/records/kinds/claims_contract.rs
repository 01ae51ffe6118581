//! Insurers that may pay claims (保险理赔功能).

use crate::world::records::machine::Machine;

pub(crate) const OPENED: &str = "OPENED";

/// Claims are opened at once, and stay so.
pub(crate) const MACHINE: Machine = Machine::new(&[]);
