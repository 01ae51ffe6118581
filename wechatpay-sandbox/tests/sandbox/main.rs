//! The sandbox as its users see it: over HTTP, and by its handle.

mod cashier;
mod certificates;
mod fields;
mod handle;
mod invoke;
mod notifications;
mod orders;
mod refusals;
mod support;
