//! Applications of sub-merchants, seen and decided by hand.

use wechatpay_core::testing::DEMO_MCHID;

use super::Sandbox;
use crate::world::applyments::{
    self,
    state::{ApplymentError, ApplymentKey, ApplymentSnapshot, ApplymentState},
};

/// # Applications of sub-merchants
impl Sandbox {
    /// An application of the demo merchant, by its number.
    #[must_use]
    pub fn applyment(&self, out_request_no: &str) -> Option<ApplymentSnapshot> {
        self.applyment_of(DEMO_MCHID, out_request_no)
    }

    /// The same of another merchant.
    #[must_use]
    pub fn applyment_of(&self, mchid: &str, out_request_no: &str) -> Option<ApplymentSnapshot> {
        let applyment = self.engine.world.applyments.get(&key(mchid, out_request_no))?;
        Some(applyment.snapshot())
    }

    /// Moves an application of the demo merchant to another state.
    ///
    /// Once it is [`ApplymentState::Finish`], orders can name its sub-merchant.
    ///
    /// # Errors
    /// [`ApplymentError`] if it does not exist or cannot enter this state.
    pub fn walk_applyment(
        &self,
        out_request_no: &str,
        to: ApplymentState,
    ) -> Result<ApplymentSnapshot, ApplymentError> {
        self.walk_applyment_of(DEMO_MCHID, out_request_no, to)
    }

    /// The same of another merchant.
    ///
    /// # Errors
    /// As of [`walk_applyment`](Self::walk_applyment).
    pub fn walk_applyment_of(
        &self,
        mchid: &str,
        out_request_no: &str,
        to: ApplymentState,
    ) -> Result<ApplymentSnapshot, ApplymentError> {
        let _working = self.engine.world.working();
        applyments::go(&self.engine.world, &key(mchid, out_request_no), to, &[])
            .map(|applyment| applyment.snapshot())
    }

    /// Rejects an application of the demo merchant, with a reason for each parameter.
    ///
    /// # Errors
    /// As of [`walk_applyment`](Self::walk_applyment).
    pub fn reject_applyment(
        &self,
        out_request_no: &str,
        reasons: &[(&str, &str)],
    ) -> Result<ApplymentSnapshot, ApplymentError> {
        self.reject_applyment_of(DEMO_MCHID, out_request_no, reasons)
    }

    /// The same of another merchant, for instance of a service provider's application (特约商户进件).
    ///
    /// # Errors
    /// As of [`walk_applyment`](Self::walk_applyment).
    pub fn reject_applyment_of(
        &self,
        mchid: &str,
        out_request_no: &str,
        reasons: &[(&str, &str)],
    ) -> Result<ApplymentSnapshot, ApplymentError> {
        let key = key(mchid, out_request_no);
        let _working = self.engine.world.working();
        applyments::go(&self.engine.world, &key, ApplymentState::Rejected, reasons)
            .map(|applyment| applyment.snapshot())
    }
}

fn key(mchid: &str, out_request_no: &str) -> ApplymentKey {
    ApplymentKey {
        mchid: mchid.to_owned(),
        out_request_no: out_request_no.to_owned(),
    }
}
