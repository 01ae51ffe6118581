//! Which resource belongs to which event.

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::{EventType, Shape, VerifiedNotification};
use crate::{
    api::{
        combine::CombinedTransaction, funds::WithdrawalNotice, profit_sharing::SharingNotice,
        refunds::RefundNotice, security::EchoNotice, transactions::Transaction,
    },
    types::Mchid,
};

/// A type that a notification can be decoded to.
///
/// [`accepts`](Self::accepts) sees event type and original type together, so that a refund can never be read as a payment.
///
/// ```
/// use wechatpay_core::notify::{Resource, Shape, VerifiedNotification};
///
/// /// What `RECHARGE.SUCCESS` is about.
/// #[derive(serde::Deserialize)]
/// struct Recharge { recharge_id: String }
///
/// impl Resource for Recharge {
///     fn accepts(notification: &VerifiedNotification) -> bool {
///         notification.event_type().as_str() == "RECHARGE.SUCCESS"
///             && notification.original_type() == Some("recharge")
///     }
///
///     fn read(notification: &VerifiedNotification) -> Result<Self, Shape> {
///         notification.json()
///     }
/// }
/// ```
pub trait Resource: Sized {
    /// Whether notifications of this kind hold such a resource.
    fn accepts(notification: &VerifiedNotification) -> bool;

    /// Reads the decrypted resource, usually by [`VerifiedNotification::json`], and checks what the JSON types alone cannot
    /// say.
    ///
    /// # Errors
    /// What does not fit.
    fn read(notification: &VerifiedNotification) -> Result<Self, Shape>;
}

/// Whether `original_type` is `wanted` or was left out, which some products do.
fn original(notification: &VerifiedNotification, wanted: &str) -> bool {
    notification
        .original_type()
        .is_none_or(|original| original == wanted)
}

/// Partner mode has `sp_mchid` and `sub_mchid`, direct mode `mchid`. With none of them nobody could say whose it is.
fn check_mode(
    sp_mchid: Option<&Mchid>,
    sub_mchid: Option<&Mchid>,
    mchid: Option<&Mchid>,
) -> Result<(), Shape> {
    let field = |field, problem| Err(Shape::Field { field, problem });
    match (sp_mchid, sub_mchid, mchid) {
        (Some(_), _, Some(_)) => field("mchid", "stands beside sp_mchid"),
        (None, _, None) => field("mchid", "is missing, and sp_mchid too"),
        (Some(_), None, None) => field("sub_mchid", "is missing"),
        (Some(_), Some(_), None) | (None, _, Some(_)) => Ok(()),
    }
}

impl Resource for Transaction {
    fn accepts(notification: &VerifiedNotification) -> bool {
        *notification.event_type() == EventType::TransactionSuccess
            && original(notification, "transaction")
            && !notification.is_combined()
    }

    fn read(notification: &VerifiedNotification) -> Result<Self, Shape> {
        let transaction: Self = notification.json()?;
        let field = |field, problem| Err(Shape::Field { field, problem });
        check_mode(
            transaction.sp_mchid.as_ref(),
            transaction.sub_mchid.as_ref(),
            transaction.mchid.as_ref(),
        )?;
        if transaction.transaction_id.is_none() {
            return field("transaction_id", "is missing");
        }
        if transaction
            .amount
            .as_ref()
            .and_then(|amount| amount.total)
            .is_none()
        {
            return field("amount.total", "is missing");
        }
        Ok(transaction)
    }
}

impl Resource for RefundNotice {
    fn accepts(notification: &VerifiedNotification) -> bool {
        matches!(
            notification.event_type(),
            EventType::RefundSuccess | EventType::RefundAbnormal | EventType::RefundClosed
        ) && original(notification, "refund")
    }

    fn read(notification: &VerifiedNotification) -> Result<Self, Shape> {
        let refund: Self = notification.json()?;
        check_mode(
            refund.sp_mchid.as_ref(),
            refund.sub_mchid.as_ref(),
            refund.mchid.as_ref(),
        )?;
        Ok(refund)
    }
}

impl Resource for CombinedTransaction {
    fn accepts(notification: &VerifiedNotification) -> bool {
        *notification.event_type() == EventType::TransactionSuccess
            && original(notification, "transaction")
            && notification.is_combined()
    }

    fn read(notification: &VerifiedNotification) -> Result<Self, Shape> {
        let payment: Self = notification.json()?;
        let field = |field, problem| Err(Shape::Field { field, problem });
        if payment.sub_orders.is_empty() {
            return field("sub_orders", "is empty");
        }
        for order in &payment.sub_orders {
            if order.transaction_id.is_none() {
                return field("sub_orders.transaction_id", "is missing");
            }
            let amount = order.amount.as_ref();
            if amount.and_then(|amount| amount.total_amount).is_none() {
                return field("sub_orders.amount.total_amount", "is missing");
            }
        }
        Ok(payment)
    }
}

impl Resource for SharingNotice {
    /// Sharing movements come under names of their own, and under that of a payment with another original type.
    fn accepts(notification: &VerifiedNotification) -> bool {
        match notification.event_type() {
            EventType::ProfitSharingSuccess | EventType::ProfitSharingReturn => {
                original(notification, "profitsharing")
            }
            EventType::TransactionSuccess => notification.original_type() == Some("profitsharing"),
            _ => false,
        }
    }

    fn read(notification: &VerifiedNotification) -> Result<Self, Shape> {
        let notice: Self = notification.json()?;
        check_mode(
            notice.sp_mchid.as_ref(),
            notice.sub_mchid.as_ref(),
            notice.mchid.as_ref(),
        )?;
        Ok(notice)
    }
}

impl Resource for WithdrawalNotice {
    fn accepts(notification: &VerifiedNotification) -> bool {
        *notification.event_type() == EventType::MchWithdrawChange && original(notification, "mch_withdraw")
    }

    /// The withdrawal of a day's balance is told by its `total_amount`. A platform's own withdrawal names no merchant.
    fn read(notification: &VerifiedNotification) -> Result<Self, Shape> {
        #[derive(serde::Deserialize)]
        struct Form {
            total_amount: Option<serde::de::IgnoredAny>,
        }
        let form: Form = notification.json()?;
        match form.total_amount {
            Some(_) => notification.json().map(Self::DayEnd),
            None => notification.json().map(Self::Amount),
        }
    }
}

impl Resource for EchoNotice {
    fn accepts(notification: &VerifiedNotification) -> bool {
        *notification.event_type() == EventType::SecurityEchoSuccess && original(notification, "security")
    }

    fn read(notification: &VerifiedNotification) -> Result<Self, Shape> {
        notification.json()
    }
}

/// A resource that this version has no type for, as JSON text.
#[derive(Clone)]
pub struct RawResource(Box<RawValue>);

impl RawResource {
    /// The decrypted JSON text.
    #[must_use]
    pub fn json(&self) -> &str {
        self.0.get()
    }

    /// Reads it as a type of yours.
    ///
    /// # Errors
    /// The path of the field that does not fit.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, crate::verify::JsonError> {
        crate::verify::parse_json(self.0.get())
    }
}

/// Shows the length only: the text may name a payer.
impl std::fmt::Debug for RawResource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RawResource")
            .field("length", &self.0.get().len())
            .finish_non_exhaustive()
    }
}

/// The resource of any notification, for one route that takes all of them.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum AnyResource {
    /// A payment.
    Transaction(Box<Transaction>),
    /// A combined payment.
    Combined(Box<CombinedTransaction>),
    /// A refund.
    Refund(Box<RefundNotice>),
    /// Money of a share.
    Sharing(Box<SharingNotice>),
    /// A withdrawal.
    Withdrawal(Box<WithdrawalNotice>),
    /// A self-test.
    Echo(Box<EchoNotice>),
    /// Anything else, as JSON text.
    Other(RawResource),
}

impl Resource for AnyResource {
    fn accepts(_: &VerifiedNotification) -> bool {
        true
    }

    fn read(notification: &VerifiedNotification) -> Result<Self, Shape> {
        /// `None` when notifications of this kind hold no `T`.
        fn of<T: Resource>(
            notification: &VerifiedNotification,
            kind: fn(Box<T>) -> AnyResource,
        ) -> Option<Result<AnyResource, Shape>> {
            T::accepts(notification).then(|| T::read(notification).map(Box::new).map(kind))
        }
        of(notification, Self::Transaction)
            .or_else(|| of(notification, Self::Combined))
            .or_else(|| of(notification, Self::Refund))
            .or_else(|| of(notification, Self::Sharing))
            .or_else(|| of(notification, Self::Withdrawal))
            .or_else(|| of(notification, Self::Echo))
            .unwrap_or_else(|| notification.json().map(|raw| Self::Other(RawResource(raw))))
    }
}
