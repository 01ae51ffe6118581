//! Changes of a merchant at run time: its settings and its API certificates.

use std::sync::Arc;

use crate::{
    handle::shared::Shared,
    journal::EventKind,
    world::merchants::{
        change::{MerchantChange, MerchantError},
        state::Merchant,
    },
};

/// Changes a merchant; requests under way keep the old version.
///
/// Making a new key takes a moment.
pub(crate) fn change(
    shared: &Shared,
    mchid: &str,
    change: MerchantChange,
) -> Result<Arc<Merchant>, MerchantError> {
    // Before a key is made for nobody.
    if shared.merchants.get(mchid).is_none() {
        return Err(MerchantError::Unknown);
    }
    let loaded = change.load(shared.platform.provider(), &shared.secrets)?;
    let what = loaded.change.text();
    let merchant = {
        let _working = shared.working();
        shared.merchants.change(mchid, loaded)?
    };
    shared.tell(EventKind::MerchantChanged {
        mchid: mchid.to_owned(),
        what,
    });
    Ok(merchant)
}
