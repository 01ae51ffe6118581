//! Electronic receipts of transfers (转账电子回单).

use crate::world::records::machine::{Machine, Step, next, step};

/// Being made.
pub(crate) const GENERATING: &str = "GENERATING";
pub(crate) const FINISHED: &str = "FINISHED";
pub(crate) const FAILED: &str = "FAILED";

/// One that failed is asked for again.
const STEPS: &[Step] = &[
    next(GENERATING, FINISHED),
    step(GENERATING, FAILED),
    step(FAILED, GENERATING),
];

pub(crate) const MACHINE: Machine = Machine::new(STEPS);
