//! Life of shared money: frozen, paid to receivers, released, returned.

use serde_json::{Map, Value, json};

use crate::{
    handle::shared::Shared,
    journal::EventKind,
    notify::{self, Draft},
    world::{
        clock::Due,
        funds::{
            self,
            ledger::{Account, Movement},
        },
        orders::{state::Order, view::rfc3339},
        sharing::{
            state::{Detail, Share, ShareFailure, ShareKey, ShareResult, ShareReturn},
            table::ShareRefusal,
        },
    },
};

/// Money that nobody shares is released after so long: of e-commerce platforms, and of others.
const FROZEN_BY_PLATFORMS: i64 = 180 * 24 * 3600;
const FROZEN_BY_OTHERS: i64 = 30 * 24 * 3600;

/// Amount of an order that can still be shared, after the fee.
pub(crate) fn left(shared: &Shared, order: &Order, now: i64) -> i64 {
    left_beside(shared, order, now, shared.shares.amount_of(&order.key))
}

/// The same if shares take so much of it.
fn left_beside(shared: &Shared, order: &Order, now: i64, shares: i64) -> i64 {
    if !is_frozen(shared, order, now) {
        return 0;
    }
    let kept = order.total.saturating_sub(shared.refunds.sum_of(&order.key));
    kept.saturating_sub(funds::fee(kept))
        .saturating_sub(shares)
        .max(0)
}

/// Returns true if the money of an order waits to be shared.
pub(crate) fn is_frozen(shared: &Shared, order: &Order, now: i64) -> bool {
    let is_of_platform = shared
        .merchants
        .get(&order.key.mchid)
        .is_some_and(|merchant| merchant.is_platform() && order.sub.is_some());
    let life = if is_of_platform {
        FROZEN_BY_PLATFORMS
    } else {
        FROZEN_BY_OTHERS
    };
    order.profit_sharing
        && !order.sharing_finished
        && order
            .payment
            .as_ref()
            .is_some_and(|payment| now <= payment.at.saturating_add(life))
}

/// Frozen amount of an account: money of its orders that waits to be shared.
pub(crate) fn frozen(shared: &Shared, owner: &str, now: i64) -> i64 {
    shared
        .orders
        .matching(|order| order.profit_sharing && funds::payee(order) == owner)
        .iter()
        .map(|order| left(shared, order, now))
        .sum()
}

/// Accepts a share and sends the money on its way; `finish` releases the rest.
pub(crate) fn share(
    shared: &Shared,
    order: &Order,
    draft: Share,
    finish: bool,
) -> Result<Share, ShareRefusal> {
    let now = draft.created_at;
    let share = shared
        .shares
        .add(draft, |shares| left_beside(shared, order, now, shares))?;
    if finish {
        release(shared, order);
    }
    for detail in &share.details {
        tell(shared, &share, detail);
    }
    if !share.details.is_empty() {
        let due = Due::SettleShare(share.key.clone());
        shared.agenda.after(shared.settings.settle_delay, due);
    }
    Ok(share)
}

/// Whatever is left belongs to the payee from now on.
fn release(shared: &Shared, order: &Order) {
    shared
        .orders
        .change(&order.key, |order| order.sharing_finished = true);
}

/// Settles a share; a receiver that was removed meanwhile gets nothing.
pub(crate) fn settle(shared: &Shared, key: &ShareKey) {
    let Some(share) = shared.shares.get(key) else {
        return;
    };
    for detail in &share.details {
        let is_known = shared.shares.has_receiver(&detail.receiver);
        let failure = (!is_known).then_some(ShareFailure::NoRelation);
        settle_one(shared, key, &detail.receiver.account, failure);
    }
}

/// Settles what one receiver gets, if it is pending. Says whether it was.
pub(crate) fn settle_one(
    shared: &Shared,
    key: &ShareKey,
    account: &str,
    failure: Option<ShareFailure>,
) -> bool {
    let now = shared.clock.now();
    let settled = shared.shares.change(key, |share| {
        let detail = share
            .details
            .iter_mut()
            .find(|detail| detail.receiver.account == account && detail.result == ShareResult::Pending)?;
        detail.result = if failure.is_some() {
            ShareResult::Closed
        } else {
            ShareResult::Success
        };
        detail.failure = failure;
        detail.finished_at = Some(now);
        Some((detail.clone(), share.clone()))
    });
    let Some((detail, share)) = settled.flatten() else {
        return false;
    };
    tell(shared, &share, &detail);
    if detail.result == ShareResult::Success {
        let numbers = Numbers {
            business: &detail.detail_id,
            voucher: &share.key.number,
        };
        pay_over(shared, &share, &detail, detail.amount, &numbers, "分账", now);
        notify(
            shared,
            &share,
            &detail,
            detail.amount,
            &share.order_id,
            &share.key.number,
            "分账",
        );
    }
    true
}

/// Accepts a return. That of an ordinary merchant is done at once.
pub(crate) fn give_back(
    shared: &Shared,
    draft: ShareReturn,
    at_once: bool,
) -> Result<ShareReturn, ShareRefusal> {
    let (accepted, is_new) = shared.shares.give_back(draft)?;
    if !is_new {
        return Ok(accepted);
    }
    if at_once {
        settle_return(shared, &accepted.key);
        return Ok(shared.shares.get_return(&accepted.key).unwrap_or(accepted));
    }
    let due = Due::SettleReturn(accepted.key.clone());
    shared.agenda.after(shared.settings.settle_delay, due);
    Ok(accepted)
}

/// The money of a return arrives at the payee of the order.
pub(crate) fn settle_return(shared: &Shared, key: &ShareKey) {
    let now = shared.clock.now();
    let settled = shared.shares.change_return(key, |given| {
        (given.result == ShareResult::Pending).then(|| {
            given.result = ShareResult::Success;
            given.finished_at = Some(now);
            given.clone()
        })
    });
    let Some(given) = settled.flatten() else { return };
    let Some(share) = shared.shares.get(&given.share) else {
        return;
    };
    let detail = share
        .details
        .iter()
        .find(|detail| detail.receiver.account == given.return_mchid);
    let Some(detail) = detail else { return };
    let numbers = Numbers {
        business: &given.return_no,
        voucher: &given.key.number,
    };
    let back = given.amount.saturating_neg();
    pay_over(shared, &share, detail, back, &numbers, "分账回退", now);
    notify(
        shared,
        &share,
        detail,
        given.amount,
        &given.return_no,
        &given.key.number,
        "分账回退",
    );
}

/// The platform's number and the merchant's of what moves money.
struct Numbers<'a> {
    business: &'a str,
    voucher: &'a str,
}

/// From the payee to the receiver, or back if the amount is below zero.
fn pay_over(
    shared: &Shared,
    share: &Share,
    detail: &Detail,
    amount: i64,
    numbers: &Numbers<'_>,
    name: &'static str,
    at: i64,
) {
    let payee = share.sub_mchid.as_deref().unwrap_or(&share.key.mchid);
    let movement = |owner: &str, amount: i64| Movement {
        owner: owner.to_owned(),
        account: Account::Basic,
        at,
        amount,
        business_no: numbers.business.to_owned(),
        name: name.into(),
        kind: name.into(),
        applicant: format!("{}API", share.key.mchid),
        note: detail.description.clone(),
        voucher: numbers.voucher.to_owned(),
    };
    funds::add(shared, movement(payee, amount.saturating_neg()));
    if detail.receiver.kind == "MERCHANT_ID" {
        funds::add(shared, movement(&detail.receiver.account, amount));
    }
}

fn tell(shared: &Shared, share: &Share, detail: &Detail) {
    shared.tell(EventKind::Share {
        out_order_no: share.key.number.clone(),
        out_trade_no: share.order.out_trade_no.clone(),
        account: detail.receiver.account.clone(),
        amount: detail.amount,
        result: detail.result,
    });
}

/// Notifies the receiver, if it is a merchant with a URL.
///
/// The event is named as a payment's; `original_type` tells them apart.
fn notify(
    shared: &Shared,
    share: &Share,
    detail: &Detail,
    amount: i64,
    order_id: &str,
    number: &str,
    summary: &'static str,
) {
    let receiver = shared.merchants.get(&detail.receiver.account);
    let Some(notify_url) = receiver.and_then(|merchant| merchant.share_notify_url.clone()) else {
        return;
    };
    let mut resource = Map::new();
    match &share.sub_mchid {
        Some(sub_mchid) => {
            resource.insert("sp_mchid".to_owned(), json!(share.key.mchid));
            resource.insert("sub_mchid".to_owned(), json!(sub_mchid));
        }
        None => {
            resource.insert("mchid".to_owned(), json!(share.key.mchid));
        }
    }
    for (key, value) in [
        ("transaction_id", json!(share.transaction_id)),
        ("order_id", json!(order_id)),
        ("out_order_no", json!(number)),
        (
            "receiver",
            json!({
                "type": detail.receiver.kind,
                "account": detail.receiver.account,
                "amount": amount,
                "description": detail.description,
            }),
        ),
        ("success_time", json!(rfc3339(shared.clock.now()))),
    ] {
        resource.insert(key.to_owned(), value);
    }
    notify::start(
        shared,
        Draft {
            mchid: detail.receiver.account.clone(),
            order: Some(share.order.clone()),
            subject: number.to_owned(),
            event_type: "TRANSACTION.SUCCESS".into(),
            notify_url,
            resource: Value::Object(resource),
            original_type: "profitsharing".into(),
            associated_data: "profitsharing".into(),
            summary: summary.into(),
        },
    );
}
