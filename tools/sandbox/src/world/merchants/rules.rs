//! Changes of a merchant at run time: its settings and its API certificates.

use std::sync::Arc;

use wechatpay_core::types::SerialNumber;

use crate::{
    StartError,
    handle::shared::Shared,
    journal::EventKind,
    world::merchants::{
        change::{Changes, MerchantChange, MerchantError},
        state::{Merchant, MerchantCertificate},
    },
};

/// Revoked ones included.
const MAX_CERTIFICATES: usize = 100;

/// Changes settings of a merchant; requests under way keep the old ones.
pub(crate) fn change(
    shared: &Shared,
    mchid: &str,
    change: MerchantChange,
) -> Result<Arc<Merchant>, MerchantError> {
    let what = format!("changed: {}", change.words().join(", "));
    let subs = change.subs().to_vec();
    apply(shared, mchid, what, |merchant, changes| {
        if subs.iter().any(|sub| sub.mchid == merchant.mchid) {
            return Err(MerchantError::OwnSub);
        }
        changes.apply(change, shared.platform.provider())?;
        for sub in subs {
            merchant.bind(sub);
        }
        Ok(())
    })
}

/// Registers one more certificate of a merchant. Making a new key takes a moment.
pub(crate) fn register(
    shared: &Shared,
    mchid: &str,
    certificate: MerchantCertificate,
) -> Result<Arc<Merchant>, MerchantError> {
    // Before a key is made for nobody.
    if shared.merchants.get(mchid).is_none() {
        return Err(MerchantError::Unknown);
    }
    let key = certificate
        .load(shared.platform.provider())
        .map_err(|error| match error {
            StartError::Key(error) => MerchantError::Key(error),
            _ => MerchantError::FreshKey,
        })?;
    let what = format!("certificate {} was registered", key.serial);
    apply(shared, mchid, what, |merchant, changes| {
        if merchant.key(&key.serial).is_some() {
            return Err(MerchantError::CertificateTwice);
        }
        if merchant.keys.len() >= MAX_CERTIFICATES {
            return Err(MerchantError::TooManyCertificates);
        }
        changes.register(key);
        Ok(())
    })
}

/// From now on the merchant may not sign with this certificate any more.
pub(crate) fn revoke(
    shared: &Shared,
    mchid: &str,
    serial: &SerialNumber,
) -> Result<Arc<Merchant>, MerchantError> {
    let what = format!("certificate {serial} was revoked");
    apply(shared, mchid, what, |merchant, changes| {
        let key = merchant.key(serial).ok_or(MerchantError::NoCertificate)?;
        if key.is_revoked {
            return Err(MerchantError::RevokedAlready);
        }
        changes.revoke(serial.clone());
        Ok(())
    })
}

fn apply(
    shared: &Shared,
    mchid: &str,
    what: String,
    change: impl FnOnce(&Merchant, &mut Changes) -> Result<(), MerchantError>,
) -> Result<Arc<Merchant>, MerchantError> {
    let changed = {
        let _working = shared.working();
        shared.merchants.change(mchid, change)
    };
    let merchant = changed.ok_or(MerchantError::Unknown)??;
    shared.tell(EventKind::MerchantChanged {
        mchid: mchid.to_owned(),
        what,
    });
    Ok(merchant)
}
