//! Receivers of compensations.

use wechatpay_macros::{RequestPart, open_enum};

use crate::types::{Mchid, Openid};

/// Kind of receiver (转账接收方类型).
#[open_enum]
pub enum ReceiverType {
    /// A merchant.
    Merchant = "MERCHANT",
    /// Payer of an order.
    TransactionUser = "TRANSACTION_USER",
}

/// Kind of payment that a compensation belongs to (转账接收方订单类型).
#[open_enum]
pub enum PaymentType {
    /// WeChat Pay.
    Wxpay = "WXPAY",
    /// Virtual payment (虚拟支付).
    Wxvalue = "WXVALUE",
}

/// Payment that a compensation belongs to (转账接收方订单信息).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[non_exhaustive]
pub struct Payment {
    /// Number of the payment: its `transaction_id`.
    #[request(into)]
    pub transaction_id: String,
    /// Kind of payment.
    #[serde(rename = "type")]
    pub payment_type: Option<PaymentType>,
}

/// User who receives the money (转账接收方用户).
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart)]
#[non_exhaustive]
pub struct User {
    /// User under the platform's app.
    pub sp_openid: Option<Openid>,
}

/// Payer of an order as the receiver (收款方信息).
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart)]
#[non_exhaustive]
pub struct PayerReceiver {
    /// Kind of receiver.
    #[serde(rename = "type")]
    pub receiver_type: Option<ReceiverType>,
    /// Payment of the order.
    pub transaction_info: Option<Payment>,
}

/// Payer of an order, or another user, as the receiver (收款方信息).
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart)]
#[non_exhaustive]
pub struct UserReceiver {
    /// Kind of receiver.
    #[serde(rename = "type")]
    pub receiver_type: Option<ReceiverType>,
    /// Payment of the order.
    pub transaction_info: Option<Payment>,
    /// User.
    pub user_info: Option<User>,
}

/// Receiver of the freight of an order (赔付用户信息).
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart)]
#[non_exhaustive]
pub struct FreightReceiver {
    /// Payment of the order.
    pub transaction_info: Option<Payment>,
    /// User.
    pub user_info: Option<User>,
}

/// Merchant that receives the money (赔付接收方商户信息).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[non_exhaustive]
pub struct Merchant {
    /// The merchant.
    pub mchid: Mchid,
}

/// A merchant as the receiver (赔付商户信息).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[non_exhaustive]
pub struct MerchantReceiver {
    /// Kind of receiver: `MERCHANT`.
    #[serde(rename = "type")]
    pub receiver_type: ReceiverType,
    /// The merchant.
    pub mch_info: Merchant,
}

/// Merchant that receives a deduction (转账接收方商户信息).
///
/// The page names it twice; its example sends `mch_id`.
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart)]
#[non_exhaustive]
pub struct DeductionMerchant {
    /// The merchant.
    pub mch_id: Option<Mchid>,
    /// The merchant, under its other name.
    pub mchid: Option<Mchid>,
}

/// Receiver of a deduction (收款方信息).
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart)]
#[non_exhaustive]
pub struct DeductionReceiver {
    /// Kind of receiver: `MERCHANT`.
    #[serde(rename = "type")]
    pub receiver_type: Option<ReceiverType>,
    /// The merchant.
    pub mch_info: Option<DeductionMerchant>,
}

/// Insurer that receives a premium (转账接收方商户信息).
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart)]
#[non_exhaustive]
pub struct InsurerMerchant {
    /// The insurer.
    pub mchid: Option<Mchid>,
}

/// Payment that a premium belongs to (赔付单信息).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[non_exhaustive]
pub struct InsurerPayment {
    /// Number of the payment: its `transaction_id`.
    #[request(into)]
    pub transaction_id: String,
    /// Kind of payment.
    #[serde(rename = "type")]
    pub payment_type: PaymentType,
}

/// Receiver of a premium (赔付用户信息).
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart)]
#[non_exhaustive]
pub struct InsurerReceiver {
    /// Kind of receiver: `MERCHANT`.
    #[serde(rename = "type")]
    pub receiver_type: Option<ReceiverType>,
    /// The insurer.
    pub mch_info: Option<InsurerMerchant>,
    /// Payment of the order.
    pub transaction_info: Option<InsurerPayment>,
}
