//! Which resource belongs to which event.

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::{Shape, VerifiedNotification};
use crate::{
    api::{refunds::RefundNotice, transactions::Transaction},
    macros::open_enum,
    types::Mchid,
};

open_enum! {
    /// Kind of event (通知类型). An open set: about a hundred are documented, and more come.
    pub enum EventType {
        /// A payment succeeded; profit-sharing movements use the same name with another `original_type`.
        TransactionSuccess = "TRANSACTION.SUCCESS",
        /// A deduction failed.
        TransactionFail = "TRANSACTION.FAIL",
        /// A refund succeeded.
        RefundSuccess = "REFUND.SUCCESS",
        /// A refund could not be paid out; apply for an abnormal refund.
        RefundAbnormal = "REFUND.ABNORMAL",
        /// A refund was closed.
        RefundClosed = "REFUND.CLOSED",
        /// A share arrived at its receiver.
        ProfitSharingSuccess = "PROFITSHARING.SUCCESS",
        /// A share was returned.
        ProfitSharingReturn = "PROFITSHARING.RETURN",
        /// A withdrawal changed its state.
        MchWithdrawChange = "MCHWITHDRAW.CHANGE",
        /// The self-test of signature and encryption.
        SecurityEchoSuccess = "SECURITY_ECHO.SUCCESS",
    }
}

/// A type that a notification can be decoded to.
///
/// [`accepts`](Self::accepts) sees event type and original type together, so that a refund can never be read as a payment.
///
/// ```
/// use wechatpay_core::notify::{Resource, Shape, VerifiedNotification};
///
/// /// What `MCHWITHDRAW.CHANGE` is about.
/// #[derive(serde::Deserialize)]
/// struct Withdrawal { withdraw_id: String }
///
/// impl Resource for Withdrawal {
///     fn accepts(notification: &VerifiedNotification) -> bool {
///         notification.event_type().as_str() == "MCHWITHDRAW.CHANGE"
///             && notification.original_type() == Some("mch_withdraw")
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
    /// A refund.
    Refund(Box<RefundNotice>),
    /// Anything else, as JSON text.
    Other(RawResource),
}

impl Resource for AnyResource {
    fn accepts(_: &VerifiedNotification) -> bool {
        true
    }

    fn read(notification: &VerifiedNotification) -> Result<Self, Shape> {
        if Transaction::accepts(notification) {
            Transaction::read(notification).map(|transaction| Self::Transaction(Box::new(transaction)))
        } else if RefundNotice::accepts(notification) {
            RefundNotice::read(notification).map(|refund| Self::Refund(Box::new(refund)))
        } else {
            notification.json().map(|raw| Self::Other(RawResource(raw)))
        }
    }
}
