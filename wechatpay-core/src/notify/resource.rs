//! Resources and the events that carry them.

use super::{EventType, Shape, VerifiedNotification};
use crate::{
    api::{
        combine::CombinedTransaction, funds::WithdrawalNotice, profit_sharing::SharingNotice,
        refunds::RefundNotice, transactions::Transaction,
    },
    json::JsonError,
    types::Mchid,
};

/// Type that the resource of a notification can be read as.
///
/// Implement it with `#[derive(Resource)]`. [`accepts`](Self::accepts) checks event type and original type together, so
/// a refund is never read as a payment.
///
/// ```
/// use wechatpay_core::{api::Response, notify::Resource, types::DateTime};
///
/// /// Resource of `RECHARGE.SUCCESS`.
/// #[derive(Response, Resource)]
/// #[resource(event("RECHARGE.SUCCESS"), original_type = "recharge", decides("recharge_id"))]
/// struct Recharge { recharge_id: String, accept_time: Option<DateTime> }
/// ```
pub trait Resource: Sized {
    /// Paths of the deciding members, such as `amount.total` or `sub_orders[].out_trade_no`.
    ///
    /// A deciding member that cannot be read, has another JSON type or is duplicated rejects the notification. Any
    /// other member that cannot be read counts as absent ([`Notification::unread`](super::Notification::unread)), or is
    /// read from the other spelling of a number.
    const DECIDES: &'static [&'static str] = &[];

    /// Returns `true` if notifications of this kind carry this resource.
    fn accepts(notification: &VerifiedNotification) -> bool;

    /// Reads the decrypted resource and checks constraints beyond its JSON types.
    ///
    /// Usually calls [`VerifiedNotification::json`].
    ///
    /// # Errors
    /// Returns the member that does not fit.
    fn read(notification: &VerifiedNotification) -> Result<Self, Shape>;
}

/// Returns `true` if `original_type` is `wanted` or absent, as for some products.
fn original(notification: &VerifiedNotification, wanted: &str) -> bool {
    notification
        .original_type()
        .is_none_or(|original| original == wanted)
}

/// Returns `true` for money of profit sharing.
///
/// Such events have their own names, or the name of a payment with another original type.
pub(super) fn is_sharing(event_type: &EventType, original_type: Option<&str>) -> bool {
    match event_type {
        EventType::ProfitSharingSuccess | EventType::ProfitSharingReturn => {
            original_type.is_none_or(|original| original == "profitsharing")
        }
        EventType::TransactionSuccess => original_type == Some("profitsharing"),
        _ => false,
    }
}

/// Checks that partner mode has `sp_mchid` and direct mode `mchid`.
///
/// Without either the merchant would be unknown.
fn check_mode(sp_mchid: Option<&Mchid>, mchid: Option<&Mchid>) -> Result<(), Shape> {
    let field = |problem| {
        let field = "mchid";
        Err(Shape::Field { field, problem })
    };
    match (sp_mchid, mchid) {
        (Some(_), Some(_)) => field("stands beside sp_mchid"),
        (None, None) => field("is missing, and sp_mchid too"),
        _ => Ok(()),
    }
}

fn missing<T>(path: impl Into<String>) -> Result<T, Shape> {
    Err(JsonError::missing(path).into())
}

impl Resource for Transaction {
    const DECIDES: &'static [&'static str] = &[
        "mchid",
        "sp_mchid",
        "sub_mchid",
        "out_trade_no",
        "transaction_id",
        "trade_state",
        "amount.total",
        "amount.currency",
    ];

    fn accepts(notification: &VerifiedNotification) -> bool {
        *notification.event_type() == EventType::TransactionSuccess
            && original(notification, "transaction")
            && !notification.is_combined()
    }

    fn read(notification: &VerifiedNotification) -> Result<Self, Shape> {
        let transaction: Self = notification.json()?;
        check_mode(transaction.sp_mchid.as_ref(), transaction.mchid.as_ref())?;
        if transaction.sp_mchid.is_some() && transaction.sub_mchid.is_none() {
            return missing("sub_mchid");
        }
        if transaction.trade_state.is_absent() {
            return missing("trade_state");
        }
        if transaction.transaction_id.is_none() {
            return missing("transaction_id");
        }
        match transaction.amount.as_ref().and_then(|amount| amount.total) {
            Some(_) => Ok(transaction),
            None => missing("amount.total"),
        }
    }
}

impl Resource for RefundNotice {
    const DECIDES: &'static [&'static str] = &[
        "mchid",
        "sp_mchid",
        "sub_mchid",
        "individual_auth_id",
        "out_trade_no",
        "transaction_id",
        "out_refund_no",
        "refund_id",
        "refund_status",
        "amount.total",
        "amount.refund",
        "amount.currency",
    ];

    fn accepts(notification: &VerifiedNotification) -> bool {
        matches!(
            notification.event_type(),
            EventType::RefundSuccess | EventType::RefundAbnormal | EventType::RefundClosed
        ) && original(notification, "refund")
    }

    /// Reads a refund. A platform's refund is for a sub-merchant or a person (个人收款).
    fn read(notification: &VerifiedNotification) -> Result<Self, Shape> {
        let refund: Self = notification.json()?;
        check_mode(refund.sp_mchid.as_ref(), refund.mchid.as_ref())?;
        let payee = refund.sub_mchid.is_some() || refund.individual_auth_id.is_some();
        if refund.sp_mchid.is_some() && !payee {
            return missing("sub_mchid");
        }
        if refund.refund_status.is_absent() {
            return missing("refund_status");
        }
        Ok(refund)
    }
}

impl Resource for CombinedTransaction {
    const DECIDES: &'static [&'static str] = &[
        "combine_mchid",
        "combine_out_trade_no",
        "sub_orders[].mchid",
        "sub_orders[].sub_mchid",
        "sub_orders[].individual_auth_id",
        "sub_orders[].out_trade_no",
        "sub_orders[].transaction_id",
        "sub_orders[].trade_state",
        "sub_orders[].amount.total_amount",
        "sub_orders[].amount.currency",
    ];

    fn accepts(notification: &VerifiedNotification) -> bool {
        *notification.event_type() == EventType::TransactionSuccess
            && original(notification, "transaction")
            && notification.is_combined()
    }

    fn read(notification: &VerifiedNotification) -> Result<Self, Shape> {
        let payment: Self = notification.json()?;
        if payment.sub_orders.is_empty() {
            return missing("sub_orders");
        }
        for (index, order) in payment.sub_orders.iter().enumerate() {
            let of_order = |member| missing(format!("sub_orders[{index}].{member}"));
            if order.trade_state.is_absent() {
                return of_order("trade_state");
            }
            if order.transaction_id.is_none() {
                return of_order("transaction_id");
            }
            let amount = order.amount.as_ref();
            if amount.and_then(|amount| amount.total_amount).is_none() {
                return of_order("amount.total_amount");
            }
        }
        Ok(payment)
    }
}

impl Resource for SharingNotice {
    const DECIDES: &'static [&'static str] = &[
        "mchid",
        "sp_mchid",
        "sub_mchid",
        "transaction_id",
        "order_id",
        "out_order_no",
        "receiver.account",
        "receiver.amount",
    ];

    fn accepts(notification: &VerifiedNotification) -> bool {
        is_sharing(notification.event_type(), notification.original_type())
    }

    fn read(notification: &VerifiedNotification) -> Result<Self, Shape> {
        let notice: Self = notification.json()?;
        check_mode(notice.sp_mchid.as_ref(), notice.mchid.as_ref())?;
        Ok(notice)
    }
}

impl Resource for WithdrawalNotice {
    const DECIDES: &'static [&'static str] = &[
        "sp_mchid",
        "sub_mchid",
        "withdraw_id",
        "out_request_no",
        "status",
        "amount",
        "total_amount",
    ];

    fn accepts(notification: &VerifiedNotification) -> bool {
        *notification.event_type() == EventType::MchWithdrawChange && original(notification, "mch_withdraw")
    }

    /// Reads a withdrawal.
    ///
    /// The withdrawal of a day's balance has a `total_amount`. A platform's own withdrawal names no merchant.
    fn read(notification: &VerifiedNotification) -> Result<Self, Shape> {
        #[derive(serde::Deserialize)]
        struct Form {
            total_amount: Option<serde::de::IgnoredAny>,
        }
        let form: Form = notification.json()?;
        let notice = match form.total_amount {
            Some(_) => Self::DayEnd(notification.json()?),
            None => Self::Amount(notification.json()?),
        };
        let absent = match &notice {
            Self::Amount(withdrawal) => withdrawal.status.is_absent(),
            Self::DayEnd(withdrawal) => withdrawal.status.is_absent(),
        };
        if absent {
            return missing("status");
        }
        Ok(notice)
    }
}
