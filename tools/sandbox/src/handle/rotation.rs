//! Rotation of the platform certificate by the handle.

use std::{fmt, sync::Arc};

use wechatpay_core::types::SerialNumber;

use super::engine::Engine;
use crate::{
    journal::{EventKind, KeyChange},
    platform::RotationError,
};

/// Changes the platform certificate: [`announce`](Self::announce), [`ramp`](Self::ramp), [`finish`](Self::finish),
/// [`expire_old`](Self::expire_old).
///
/// Get it from [`Sandbox::rotation`](crate::Sandbox::rotation). Cheap to clone.
#[derive(Clone)]
pub struct Rotation {
    engine: Arc<Engine>,
}

impl Rotation {
    /// The rotation of an engine's certificates.
    pub fn new(engine: Arc<Engine>) -> Self {
        Self { engine }
    }

    /// Issues a new certificate and lists it, without signing with it yet.
    ///
    /// It is valid at once by the sandbox's clock and by the wire clock, however far apart they are.
    ///
    /// # Errors
    /// [`RotationError::UnderWay`], [`RotationError::NoCertificates`].
    pub fn announce(&self) -> Result<SerialNumber, RotationError> {
        let serial = self.engine.platform.announce()?;
        self.tell(KeyChange::Announced(serial.clone()));
        Ok(serial)
    }

    /// Signs this percentage of responses and notifications with the new certificate, evenly spread.
    ///
    /// # Errors
    /// [`RotationError::NotAnnounced`], or [`RotationError::Share`] when it would shrink.
    pub fn ramp(&self, percent: f64) -> Result<(), RotationError> {
        self.engine.platform.ramp(percent)?;
        self.tell(KeyChange::Ramped(percent));
        Ok(())
    }

    /// Signs everything with the new certificate. Both are still listed.
    ///
    /// # Errors
    /// [`RotationError::NotAnnounced`].
    pub fn finish(&self) -> Result<(), RotationError> {
        self.ramp(100.0)
    }

    /// Signs with a new certificate at once, preferably an announced one.
    ///
    /// # Errors
    /// [`RotationError::NoCertificates`].
    pub fn at_once(&self) -> Result<SerialNumber, RotationError> {
        let Engine {
            journal, platform, ..
        } = &*self.engine;
        journal.rotate_now(platform).ok_or(RotationError::NoCertificates)
    }

    /// Takes the old certificate off the list.
    ///
    /// # Errors
    /// [`RotationError::NotAnnounced`], [`RotationError::NotFinished`].
    pub fn expire_old(&self) -> Result<(), RotationError> {
        self.engine.platform.expire_old()?;
        self.tell(KeyChange::Expired);
        Ok(())
    }

    /// Serials of the listed certificates, the old one first.
    #[must_use]
    pub fn listed(&self) -> Vec<SerialNumber> {
        self.engine.platform.listed_serials()
    }

    fn tell(&self, what: KeyChange) {
        self.engine.journal.tell(EventKind::Keys { what });
    }
}

impl fmt::Debug for Rotation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rotation")
            .field("listed", &self.listed())
            .finish_non_exhaustive()
    }
}
