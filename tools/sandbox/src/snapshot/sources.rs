//! The parts of a sandbox that have state.

use crate::{
    faults::Faults, gateway::Gateway, journal::Journal, notify::Notifier, platform::Platform, world::World,
};

/// The parts of a sandbox that a snapshot is taken of.
#[derive(Clone, Copy)]
pub(crate) struct Sources<'a> {
    pub(crate) world: &'a World,
    pub(crate) platform: &'a Platform,
    pub(crate) faults: &'a Faults,
    pub(crate) journal: &'a Journal,
    pub(crate) notifier: &'a Notifier,
    pub(crate) gateway: &'a Gateway,
    /// Who turns a manual clock holds this.
    pub(crate) turning: &'a tokio::sync::Mutex<()>,
}
