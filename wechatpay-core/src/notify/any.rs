//! Resources of any kind, for one route that takes all notifications.

use serde::de::DeserializeOwned;

use super::{Notification, Resource, Shape, VerifiedNotification};
#[cfg(feature = "abnormal-funds")]
use crate::api::abnormal_funds;
#[cfg(feature = "combined-deduction")]
use crate::api::combined_deduction;
#[cfg(feature = "complaints")]
use crate::api::complaints;
#[cfg(feature = "coupons")]
use crate::api::coupons;
#[cfg(feature = "payscore")]
use crate::api::payscore;
#[cfg(feature = "personal-receivers")]
use crate::api::personal_receivers;
#[cfg(feature = "sub-merchant-recharge")]
use crate::api::sub_merchant_recharge;
#[cfg(feature = "transfers")]
use crate::api::transfers;
#[cfg(feature = "violations")]
use crate::api::violations;
use crate::{
    api::{
        combine::CombinedTransaction, funds::WithdrawalNotice, profit_sharing::SharingNotice,
        refunds::RefundNotice, security::EchoNotice, transactions::Transaction,
    },
    json::JsonError,
};

/// JSON text of a resource without a matching type.
#[derive(Clone)]
pub struct RawResource {
    notification: VerifiedNotification,
    reason: Option<Shape>,
}

impl RawResource {
    /// Returns the decrypted JSON text.
    #[must_use]
    pub fn json(&self) -> &str {
        self.notification.plaintext()
    }

    /// Returns the reason why the type of its kind does not fit.
    ///
    /// `None` if its kind has no type.
    #[must_use]
    pub fn reason(&self) -> Option<&Shape> {
        self.reason.as_ref()
    }

    /// Reads it as your own type.
    ///
    /// # Errors
    /// Returns the path of the member that is missing or does not fit.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, JsonError> {
        self.notification.read_json()
    }
}

/// Shows the length only, because the text may name a payer.
impl std::fmt::Debug for RawResource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RawResource")
            .field("length", &self.json().len())
            .field("reason", &self.reason)
            .finish_non_exhaustive()
    }
}

/// Lists the kinds once, for the resource and the notification.
macro_rules! any {
    ($($(#[doc = $doc:literal])+ $(#[cfg(feature = $feature:literal)])? $kind:ident($resource:ty),)+) => {
        /// Resource of any notification, for one route that takes all kinds.
        ///
        /// Reading it never fails: a resource that does not fit its type is [`Other`](Self::Other), with the
        /// [reason](RawResource::reason) and a warning in the log. Parking, deductions and overseas payments share the
        /// event of a payment and arrive as `Other`, as do the kinds of a family whose feature is off.
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub enum AnyResource {
            $($(#[doc = $doc])+ $(#[cfg(feature = $feature)])? $kind(Box<$resource>),)+
            /// Any other kind, or a resource that does not fit its type, as JSON text.
            Other(RawResource),
        }

        /// Notification of any kind, with a typed resource.
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub enum AnyNotification {
            $($(#[doc = $doc])+ $(#[cfg(feature = $feature)])? $kind(Box<Notification<$resource>>),)+
            /// Any other kind.
            Other(Notification<RawResource>),
        }

        impl Resource for AnyResource {
            fn accepts(_: &VerifiedNotification) -> bool {
                true
            }

            fn read(notification: &VerifiedNotification) -> Result<Self, Shape> {
                $(
                    $(#[cfg(feature = $feature)])?
                    {
                        if let Some(read) = read(notification, Self::$kind) {
                            return Ok(read);
                        }
                    }
                )+
                Ok(other(notification, None))
            }
        }

        impl Notification<AnyResource> {
            /// Returns the notification with the type of its kind.
            ///
            /// A payment can then be confirmed, while a refund cannot.
            ///
            /// ```
            /// use wechatpay_core::notify::{AnyNotification, AnyResource, Confirmed, Expectation, Notification};
            ///
            /// fn handle(notification: Notification<AnyResource>, order: &Expectation) -> Option<Confirmed> {
            ///     match notification.by_kind() {
            ///         AnyNotification::Transaction(paid) => paid.confirm(order).ok(),
            ///         AnyNotification::Refund(_) => None,
            ///         _ => None,
            ///     }
            /// }
            /// ```
            #[must_use]
            pub fn by_kind(self) -> AnyNotification {
                let (resource, notification) = self.into_parts();
                match resource {
                    $(
                        $(#[cfg(feature = $feature)])?
                        AnyResource::$kind(resource) => {
                            AnyNotification::$kind(Box::new(Notification::new(*resource, notification)))
                        }
                    )+
                    AnyResource::Other(resource) => {
                        AnyNotification::Other(Notification::new(resource, notification))
                    }
                }
            }
        }
    };
}

any! {
    /// A payment.
    Transaction(Transaction),
    /// A combined payment.
    Combined(CombinedTransaction),
    /// A refund.
    Refund(RefundNotice),
    /// Money of profit sharing.
    Sharing(SharingNotice),
    /// A withdrawal.
    Withdrawal(WithdrawalNotice),
    /// A self-test.
    Echo(EchoNotice),
    /// A transfer to a user that ended (feature `transfers`).
    #[cfg(feature = "transfers")]
    Transfer(transfers::TransferNotice),
    /// An authorisation of automatic receipt (feature `transfers`).
    #[cfg(feature = "transfers")]
    TransferAuthorization(transfers::Authorization),
    /// Abnormal funds that were transferred (feature `abnormal-funds`).
    #[cfg(feature = "abnormal-funds")]
    AbnormalFunds(abnormal_funds::Receipt),
    /// A recharge of a sub-merchant that arrived or was closed (feature `sub-merchant-recharge`).
    #[cfg(feature = "sub-merchant-recharge")]
    Recharge(sub_merchant_recharge::RechargeNotice),
    /// Money of a recharge that was given back (feature `sub-merchant-recharge`).
    #[cfg(feature = "sub-merchant-recharge")]
    RechargeReturn(sub_merchant_recharge::ReturnNotice),
    /// A settlement to a person (feature `personal-receivers`).
    #[cfg(feature = "personal-receivers")]
    Settlement(personal_receivers::SettleBatch),
    /// A service order that a user confirmed or paid (feature `payscore`).
    #[cfg(feature = "payscore")]
    PayscoreOrder(payscore::OrderNotice),
    /// An authorisation of a service that began or ended (feature `payscore`).
    #[cfg(feature = "payscore")]
    PayscoreAuthorization(payscore::AuthorizationNotice),
    /// A contract for deductions of combined orders that a payer signed (feature `combined-deduction`).
    #[cfg(feature = "combined-deduction")]
    DeductionSigned(combined_deduction::Signed),
    /// A contract for deductions of combined orders that ended (feature `combined-deduction`).
    #[cfg(feature = "combined-deduction")]
    DeductionTerminated(combined_deduction::Terminated),
    /// A coupon that was used (feature `coupons`).
    #[cfg(feature = "coupons")]
    CouponUse(coupons::CouponUse),
    /// A complaint that was made or changed its state (feature `complaints`).
    #[cfg(feature = "complaints")]
    Complaint(complaints::ComplaintNotice),
    /// A punishment of a sub-merchant (feature `violations`).
    #[cfg(feature = "violations")]
    Violation(violations::Violation),
}

/// Returns `None` if notifications of this kind carry no `T`.
fn read<T: Resource>(
    notification: &VerifiedNotification,
    kind: fn(Box<T>) -> AnyResource,
) -> Option<AnyResource> {
    if !T::accepts(notification) {
        return None;
    }
    let reading = notification.to_read(T::DECIDES);
    let read = T::read(&reading);
    notification.take_unread(reading);
    Some(match read {
        Ok(resource) => kind(Box::new(resource)),
        Err(reason) => {
            tracing::warn!(
                target: "wechatpay::notify",
                id = notification.id(),
                event_type = %notification.event_type(),
                merchant = %notification.receiver(),
                %reason,
                "a genuine notification does not fit its type and is given as AnyResource::Other"
            );
            other(notification, Some(reason))
        }
    })
}

fn other(notification: &VerifiedNotification, reason: Option<Shape>) -> AnyResource {
    AnyResource::Other(RawResource {
        notification: notification.clone(),
        reason,
    })
}
