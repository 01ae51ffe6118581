//! Merchants that come and change while the sandbox runs.

use wechatpay_core::{Config, types::SerialNumber};

use super::Sandbox;
use crate::{
    handle::{credentials, error::StartError},
    world::merchants::{
        self,
        change::MerchantChange,
        document::{MerchantCertificate, MerchantSpec},
        error::MerchantError,
    },
};

impl Sandbox {
    /// Adds a merchant while the sandbox runs.
    ///
    /// A [fresh key](MerchantSpec::fresh_key) takes a moment to make; async code should not wait for it on a worker.
    ///
    /// # Errors
    /// [`StartError::MerchantTwice`], [`StartError::TooManyMerchants`] at a thousand, a key that cannot be read or made.
    pub fn add_merchant(&self, merchant: MerchantSpec) -> Result<(), StartError> {
        merchants::add(&self.engine.world, merchant)?;
        Ok(())
    }

    /// Changes settings of a merchant from now on.
    ///
    /// A request that is being handled keeps the old ones.
    ///
    /// # Errors
    /// [`MerchantError`]; then nothing changes.
    pub fn change_merchant(&self, mchid: &str, change: MerchantChange) -> Result<(), MerchantError> {
        merchants::change(&self.engine.world, mchid, change).map(drop)
    }

    /// Registers one more API certificate of a merchant, valid for signing from now on.
    ///
    /// To rotate its key, a shop registers a new certificate, signs with it, and has the old one
    /// [revoked](Self::revoke_certificate).
    ///
    /// A [fresh key](MerchantCertificate::fresh_key) takes a moment to make, and async code should not wait for it on a worker.
    ///
    /// ```
    /// # use wechatpay_core::{testing::{DEMO_MCHID, DemoKey}, types::SerialNumber};
    /// # use wechatpay_sandbox::{DEMO_MERCHANT_SERIAL, MerchantCertificate, Sandbox};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = Sandbox::builder().start().await?;
    /// let serial = SerialNumber::parse("4F31")?;
    /// sandbox.add_certificate(DEMO_MCHID, MerchantCertificate::demo_key(serial.clone(), DemoKey::OtherMerchant))?;
    /// let rotated = sandbox.config_with(DEMO_MCHID, &serial);
    /// // … the shop takes these settings; requests with the old ones are still good …
    /// sandbox.revoke_certificate(DEMO_MCHID, &SerialNumber::parse(DEMO_MERCHANT_SERIAL)?)?;
    /// # assert_eq!(rotated.and_then(|config| config.serial_no), sandbox.config().serial_no);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`MerchantError::Unknown`], [`MerchantError::CertificateTwice`], [`MerchantError::TooManyCertificates`] at a hundred,
    /// [`MerchantError::Key`], [`MerchantError::FreshKey`].
    pub fn add_certificate(
        &self,
        mchid: &str,
        certificate: MerchantCertificate,
    ) -> Result<(), MerchantError> {
        self.change_merchant(mchid, MerchantChange::new().certificate(certificate))
    }

    /// Revokes an API certificate of a merchant for good.
    ///
    /// From now on a request that names it gets 401 `SIGN_ERROR`, and a payment sheet signed with it is refused. It may
    /// be the last one. No other certificate can have this serial.
    ///
    /// # Errors
    /// [`MerchantError::Unknown`], [`MerchantError::NoCertificate`], [`MerchantError::RevokedAlready`].
    pub fn revoke_certificate(&self, mchid: &str, serial: &SerialNumber) -> Result<(), MerchantError> {
        self.change_merchant(mchid, MerchantChange::new().revoke(serial.clone()))
    }

    /// Settings of a client that signs with this certificate of a merchant.
    ///
    /// [`config_of`](Self::config_of) takes the first certificate that is not revoked. `None` if there is no such
    /// certificate, if it is revoked, or if only its public key is known.
    #[must_use]
    pub fn config_with(&self, mchid: &str, serial: &SerialNumber) -> Option<Config> {
        let merchant = self.engine.world.merchants.get(mchid)?;
        credentials::config_with(&self.engine, &merchant, serial)
    }
}
