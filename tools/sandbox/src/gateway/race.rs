//! A notification that is faster than the response of the call that it follows from.

use std::time::Duration;

use serde_json::Value;
use tokio::time::timeout;

use super::Received;
use crate::{
    gateway::Gateway,
    notify, payments,
    world::{
        orders::{buyer::Buyer, key::OrderKey},
        refunds::{
            self,
            state::{RefundKey, RefundState},
        },
    },
};

/// Behind the receiver's own time limit.
const MORE: Duration = Duration::from_secs(1);

/// Pays, or lets the refund arrive, and waits for the merchant's notification.
pub(super) async fn run(gateway: &Gateway, received: &Received, mchid: Option<&str>) {
    let (Some(mchid), Ok(body)) = (mchid, serde_json::from_slice::<Value>(&received.body)) else {
        return;
    };
    if let Some(number) = settled(gateway, mchid, &body) {
        let limit = gateway.notifier.settings.timeout.saturating_add(MORE);
        // A receiver that does not respond has lost the race anyway.
        let _ = timeout(limit, notify::first_attempt(&gateway.notifier, number)).await;
    }
}

/// Pays the order, or settles the refund. Returns its number unless it was finished.
fn settled<'a>(gateway: &Gateway, mchid: &str, body: &'a Value) -> Option<&'a str> {
    let _working = gateway.world.working();
    let text = |key: &str| body.get(key).and_then(Value::as_str);
    if let Some(number) = text("out_refund_no") {
        let key = RefundKey {
            mchid: mchid.to_owned(),
            out_refund_no: number.to_owned(),
        };
        // One that is over already has been told.
        return refunds::settle(&gateway.world, &key, RefundState::Success)
            .is_ok()
            .then_some(number);
    }
    let key = text("combine_out_trade_no")
        .map(|number| OrderKey::combination(mchid, number))
        .or_else(|| text("out_trade_no").map(|number| OrderKey::order(mchid, number)))?;
    payments::pay(
        &gateway.world,
        &gateway.faults,
        &gateway.journal,
        &key,
        Buyer::Alice,
    )
    .ok()?;
    text("combine_out_trade_no").or_else(|| text("out_trade_no"))
}
