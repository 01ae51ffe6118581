//! Events that a merchant is told of, as notifications.

use std::borrow::Cow;

use serde_json::Value;

use crate::world::{
    Event, World, combine,
    orders::{
        self,
        key::{OrderKey, Space},
        state::Order,
    },
    records::{kinds::machine, state::Record},
    refunds::{
        self,
        state::{Refund, RefundState},
    },
    sharing::{
        self,
        state::{Detail, Share, ShareResult},
    },
    withdrawals::{
        self,
        state::{Withdrawal, WithdrawalState},
    },
};

/// A notification that is to be sent.
pub(crate) struct Draft {
    /// The merchant that gets it.
    pub(crate) mchid: String,
    /// The order that it is about, if it is about one.
    pub(crate) order: Option<OrderKey>,
    /// The number that it is about: of an order, a refund, a share.
    pub(crate) subject: String,
    pub(crate) event_type: Cow<'static, str>,
    pub(crate) notify_url: String,
    /// The part that is encrypted.
    pub(crate) resource: Value,
    pub(crate) original_type: Cow<'static, str>,
    pub(crate) associated_data: Cow<'static, str>,
    pub(crate) summary: Cow<'static, str>,
}

/// The notification of an event; `None` if nobody is told of it.
pub(super) fn of(world: &World, event: &Event<'_>) -> Option<Draft> {
    // An order that is paid by code has no URL, and neither have its refunds unless they name one.
    draft(world, event).filter(|draft| !draft.notify_url.is_empty())
}

fn draft(world: &World, event: &Event<'_>) -> Option<Draft> {
    match event {
        // An order that pays persons may have no URL.
        Event::Paid { order, .. } | Event::PaidAgain(order) => {
            (!order.notify_url.is_empty()).then(|| payment(world, order))
        }
        Event::Refund(refund) => settled_refund(refund),
        Event::Share { share, detail } if detail.result == ShareResult::Success => share_notice(
            world,
            share,
            detail,
            &Part {
                amount: detail.amount,
                order_id: &share.order_id,
                number: &share.key.number,
                summary: "分账",
            },
        ),
        Event::ShareReturned {
            share,
            detail,
            returned,
        } => share_notice(
            world,
            share,
            detail,
            &Part {
                amount: returned.amount,
                order_id: &returned.return_no,
                number: &returned.key.number,
                summary: "分账回退",
            },
        ),
        Event::Withdrawal(withdrawal) if withdrawal.state != WithdrawalState::CreateSuccess => {
            withdrawal_change(withdrawal)
        }
        Event::Record(record) => of_record(world, record),
        _ => None,
    }
}

fn payment(world: &World, order: &Order) -> Draft {
    let resource = match order.key.space {
        Space::Order => orders::view::notice(order),
        Space::Combination => combine::view::combined_notice(order, &world.orders.items_of(order)),
    };
    Draft {
        mchid: order.key.mchid.clone(),
        order: Some(order.key.clone()),
        subject: order.key.out_trade_no.clone(),
        event_type: "TRANSACTION.SUCCESS".into(),
        notify_url: order.notify_url.clone(),
        resource,
        original_type: "transaction".into(),
        associated_data: "transaction".into(),
        summary: "支付成功".into(),
    }
}

/// The notification of a refund that came to an end.
fn settled_refund(refund: &Refund) -> Option<Draft> {
    let (event_type, summary) = match refund.state {
        RefundState::Processing => return None,
        RefundState::Abnormal => ("REFUND.ABNORMAL", "退款异常"),
        RefundState::Closed => ("REFUND.CLOSED", "退款关闭"),
        RefundState::Success => ("REFUND.SUCCESS", "退款成功"),
    };
    if refund.notify_url.is_empty() {
        return None;
    }
    Some(Draft {
        mchid: refund.key.mchid.clone(),
        order: Some(refund.order.clone()),
        subject: refund.key.out_refund_no.clone(),
        event_type: event_type.into(),
        notify_url: refund.notify_url.clone(),
        resource: refunds::view::resource(refund),
        original_type: "refund".into(),
        associated_data: "refund".into(),
        summary: summary.into(),
    })
}

/// The part of a share that a receiver is told of.
struct Part<'a> {
    amount: i64,
    order_id: &'a str,
    number: &'a str,
    summary: &'static str,
}

/// The notification of the receiver, if it is a merchant with a URL.
///
/// The event is named as a payment's; `original_type` tells them apart.
fn share_notice(world: &World, share: &Share, detail: &Detail, part: &Part<'_>) -> Option<Draft> {
    let receiver = world.merchants.get(&detail.receiver.account)?;
    let notify_url = receiver.share_notify_url.clone()?;
    let Part {
        amount,
        order_id,
        number,
        summary,
    } = *part;
    Some(Draft {
        mchid: detail.receiver.account.clone(),
        order: Some(share.order.clone()),
        subject: number.to_owned(),
        event_type: "TRANSACTION.SUCCESS".into(),
        notify_url,
        resource: sharing::view::resource(share, detail, amount, order_id, number, world.clock.now()),
        original_type: "profitsharing".into(),
        associated_data: "profitsharing".into(),
        summary: summary.into(),
    })
}

fn withdrawal_change(withdrawal: &Withdrawal) -> Option<Draft> {
    Some(Draft {
        mchid: withdrawal.key.mchid.clone(),
        order: None,
        subject: withdrawal.key.out_request_no.clone(),
        event_type: "MCHWITHDRAW.CHANGE".into(),
        notify_url: withdrawal.notify_url.clone()?,
        resource: withdrawals::view(withdrawal),
        original_type: "mch_withdraw".into(),
        associated_data: "mch_withdraw".into(),
        summary: "提现状态变更".into(),
    })
}

fn of_record(world: &World, record: &Record) -> Option<Draft> {
    let notice = (machine(record.key.kind).notice)(world, record)?;
    Some(Draft {
        mchid: record.key.mchid.clone(),
        order: None,
        subject: record.key.number.clone(),
        event_type: notice.event_type.into(),
        notify_url: notice.notify_url,
        resource: notice.resource,
        original_type: notice.original_type.into(),
        associated_data: notice.original_type.into(),
        summary: notice.summary.into(),
    })
}
