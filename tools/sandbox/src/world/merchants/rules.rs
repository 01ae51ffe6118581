//! Merchants at run time: they are added, and their settings and certificates change.

use std::sync::Arc;

use super::{change::MerchantChange, document::MerchantSpec, state::Merchant};
use crate::world::merchants::error::MerchantError;
use crate::world::{Event, World};

/// One more merchant. A new key of it takes a moment to make.
pub fn add(world: &World, spec: MerchantSpec) -> Result<Arc<Merchant>, MerchantError> {
    let merchant = spec.build(world.provider.as_ref(), &world.secrets)?;
    let added = {
        let _working = world.working();
        world.merchants.add(merchant)?
    };
    world.tell(&Event::MerchantAdded {
        mchid: added.mchid.as_str().to_owned(),
    });
    Ok(added)
}

/// Changes a merchant; requests under way keep the old version.
///
/// Making a new key takes a moment.
pub fn change(world: &World, mchid: &str, change: MerchantChange) -> Result<Arc<Merchant>, MerchantError> {
    // Before a key is made for nobody.
    if world.merchants.get(mchid).is_none() {
        return Err(MerchantError::Unknown);
    }
    let loaded = change.load(world.provider.as_ref(), &world.secrets)?;
    let what = loaded.change.edit();
    let merchant = {
        let _working = world.working();
        world.merchants.change(mchid, loaded)?
    };
    world.tell(&Event::MerchantChanged {
        mchid: mchid.to_owned(),
        what,
    });
    Ok(merchant)
}
