//! Time: what o'clock it is here, and what happens when.
//!
//! Everything that is to happen later stands in one agenda. On a running clock it happens when its time has come, or when
//! the clock is turned there; on a manual clock one thing after the other, so that two runs are the same.

mod agenda;
mod calendar;
mod source;
pub mod span;

pub use agenda::{Agenda, Due};
pub(crate) use agenda::{Next, Planned, Ticket};
pub use calendar::{Day, rfc3339};
pub(crate) use calendar::{beijing, http_date};
pub(crate) use source::{Adjustable, MANUAL_START, Manual, Moment, Scaled, Source};
