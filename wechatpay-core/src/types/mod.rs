//! Validated values: ids, money, times, secrets.

mod applyment_id;
mod bill_date;
pub(crate) mod ids;
mod key_id;
mod money;
mod redacted;
pub(crate) mod response_field;
pub(crate) mod scalar;
mod secret;
pub(crate) mod sensitive;
pub(crate) mod string_id;
mod time;

pub use applyment_id::ApplymentId;
pub use bill_date::{BillDate, InvalidBillDate};
pub use ids::{
    AdvanceReturnId, Appid, ApplymentRequestNo, CombineOutTradeNo, CombineTransactionId, Mchid, Openid,
    OutOrderNo, OutRefundNo, OutReturnNo, OutSubsidyNo, OutTradeNo, PrepayId, RefundId,
    SettlementApplicationNo, SharingOrderId, SharingReturnId, SubsidyId, SubsidyRefundId, TransactionId,
    WithdrawId, WithdrawRequestNo,
};
pub use key_id::{KeyId, PublicKeyId, SerialNumber};
pub use money::{Currency, Fen, InvalidFen};
pub use redacted::Redacted;
pub use secret::{ApiV3Key, InvalidApiV3Key, PrivateKeyPem, SecretText};
pub use sensitive::{EncryptError, Sensitive, SensitiveFields, SensitiveVisitor};
pub use string_id::InvalidId;
pub use time::{DateTime, InvalidDateTime};
pub use wechatpay_macros::SensitiveFields;
