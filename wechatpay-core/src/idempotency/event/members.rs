//! Events of notifications, read from the members that identify them.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    parts::{COMBINED, PAYMENT, Parts, REFUND, facts},
    queried::Queried,
};
#[cfg(feature = "abnormal-funds")]
use crate::api::abnormal_funds;
#[cfg(feature = "payscore")]
use crate::api::payscore;
#[cfg(feature = "personal-receivers")]
use crate::api::personal_receivers;
#[cfg(feature = "sub-merchant-recharge")]
use crate::api::sub_merchant_recharge;
#[cfg(feature = "transfers")]
use crate::api::transfers;
use crate::{
    api::{combine::CombinedState, funds::WithdrawalNotice, transactions::TradeState},
    notify::{EventType, Resource, VerifiedNotification},
};

/// Reads the parts of a business event.
///
/// A payment, a refund, a withdrawal, or an end of a family that is a feature. `None` for other kinds, for one that is not at an end, and for a resource that a reader of its type would reject: it
/// must not stand in the way of a sound one.
pub(super) fn parts(notification: &VerifiedNotification) -> Option<Parts<'_>> {
    let original = notification.original_type();
    let is = |wanted: &str| original.is_none_or(|original| original == wanted);
    match notification.event_type() {
        EventType::TransactionSuccess if is("transaction") => {
            let members = Members::read(notification)?;
            if notification.is_combined() {
                members.combined()
            } else if members.is_of_one_mode() {
                members.payment()
            } else {
                None
            }
        }
        EventType::RefundSuccess | EventType::RefundAbnormal | EventType::RefundClosed if is("refund") => {
            let members = Members::read(notification)?;
            members.is_of_one_mode().then(|| members.refund()).flatten()
        }
        _ => READERS.iter().find_map(|read| read(notification)),
    }
}

/// Readers of resources whose parts are those of a query's response.
const READERS: &[fn(&VerifiedNotification) -> Option<Parts<'static>>] = &[
    read::<WithdrawalNotice>,
    #[cfg(feature = "abnormal-funds")]
    read::<abnormal_funds::Receipt>,
    #[cfg(feature = "payscore")]
    read::<payscore::OrderNotice>,
    #[cfg(feature = "personal-receivers")]
    read::<personal_receivers::SettleBatch>,
    #[cfg(feature = "sub-merchant-recharge")]
    read::<sub_merchant_recharge::RechargeNotice>,
    #[cfg(feature = "transfers")]
    read::<transfers::TransferNotice>,
];

fn read<T: Resource + Queried>(notification: &VerifiedNotification) -> Option<Parts<'static>> {
    let resource: T = notification.read_as()?;
    resource.parts().map(Parts::into_owned)
}

/// Members of a resource that identify an event, whatever its other members are.
#[derive(Deserialize)]
struct Members<'a> {
    #[serde(borrow)]
    mchid: Option<&'a RawValue>,
    #[serde(borrow)]
    sp_mchid: Option<&'a RawValue>,
    #[serde(borrow)]
    sub_mchid: Option<&'a RawValue>,
    #[serde(borrow)]
    individual_auth_id: Option<&'a RawValue>,
    #[serde(borrow)]
    out_trade_no: Option<&'a RawValue>,
    #[serde(borrow)]
    transaction_id: Option<&'a RawValue>,
    #[serde(borrow)]
    trade_state: Option<&'a RawValue>,
    #[serde(borrow)]
    combine_out_trade_no: Option<&'a RawValue>,
    #[serde(borrow)]
    sub_orders: Option<&'a RawValue>,
    #[serde(borrow)]
    out_refund_no: Option<&'a RawValue>,
    #[serde(borrow)]
    refund_id: Option<&'a RawValue>,
    #[serde(borrow)]
    refund_status: Option<&'a RawValue>,
    #[serde(borrow)]
    amount: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Amount {
    total: Option<i64>,
    refund: Option<i64>,
}

#[derive(Deserialize)]
struct SubOrder {
    trade_state: TradeState,
    amount: SubAmount,
}

#[derive(Deserialize)]
struct SubAmount {
    total_amount: i64,
}

impl<'a> Members<'a> {
    fn read(notification: &'a VerifiedNotification) -> Option<Self> {
        serde_json::from_str(notification.plaintext()).ok()
    }

    /// Returns `true` if either a merchant, or a service provider with a payee, is named.
    fn is_of_one_mode(&self) -> bool {
        let payee = text(self.sub_mchid).or(text(self.individual_auth_id));
        match (text(self.sp_mchid), text(self.mchid)) {
            (Some(_), None) => payee.is_some(),
            (None, Some(_)) => true,
            _ => false,
        }
    }

    fn payment(&self) -> Option<Parts<'a>> {
        let amount = parse::<Amount>(self.amount)?;
        Some(Parts {
            kind: PAYMENT,
            number: text(self.out_trade_no)?,
            state: text(self.trade_state)?,
            facts: facts(Some(&text(self.transaction_id)?), Some(amount.total?)),
        })
    }

    fn combined(&self) -> Option<Parts<'a>> {
        let orders: Vec<SubOrder> = parse(self.sub_orders)?;
        let state = CombinedState::of(orders.iter().map(|order| &order.trade_state));
        let total = orders.iter().map(|order| order.amount.total_amount).sum();
        Some(Parts {
            kind: COMBINED,
            number: text(self.combine_out_trade_no)?,
            state: state.as_str()?.into(),
            facts: facts(None, Some(total)),
        })
    }

    fn refund(&self) -> Option<Parts<'a>> {
        let amount = parse::<Amount>(self.amount)?;
        Some(Parts {
            kind: REFUND,
            number: text(self.out_refund_no)?,
            state: text(self.refund_status)?,
            facts: facts(Some(&text(self.refund_id)?), Some(amount.refund?)),
        })
    }
}

fn parse<T: for<'de> Deserialize<'de>>(value: Option<&RawValue>) -> Option<T> {
    serde_json::from_str(value?.get()).ok()
}

/// Returns a string member without its quotes, unless it is empty.
fn text(value: Option<&RawValue>) -> Option<Cow<'_, str>> {
    let json = value?.get();
    let inside = json.strip_prefix('"')?.strip_suffix('"')?;
    if inside.is_empty() {
        return None;
    }
    if inside.contains('\\') {
        return serde_json::from_str(json).ok().map(Cow::Owned);
    }
    Some(Cow::Borrowed(inside))
}
