//! Notification URLs that merchants set for a whole product, under its name.

use crate::world::{
    World,
    records::{
        machine::{Machine, Step, step},
        state::{RecordKey, RecordKind},
    },
};

/// Product: punishments of sub-merchants.
pub(crate) const VIOLATIONS: &str = "violations";
/// Product: uses of coupons.
pub(crate) const COUPONS: &str = "coupons";

/// Notifications go there.
pub(crate) const SET: &str = "SET";
/// Deleted, or switched off.
pub(crate) const OFF: &str = "OFF";

const STEPS: &[Step] = &[step(SET, SET), step(SET, OFF), step(OFF, SET), step(OFF, OFF)];

pub(crate) const MACHINE: Machine = Machine::new(STEPS);

/// The URL to which a merchant is told about a product, if it is on.
pub(crate) fn of(world: &World, mchid: &str, product: &str) -> Option<String> {
    let address = world.records.get(&key(mchid, product))?;
    let notify_url = address.text("/notify_url");
    notify_url.filter(|_| address.state == SET)
}

pub(crate) fn key(mchid: &str, product: &str) -> RecordKey {
    RecordKey {
        kind: RecordKind::Address,
        mchid: mchid.to_owned(),
        number: product.to_owned(),
    }
}
