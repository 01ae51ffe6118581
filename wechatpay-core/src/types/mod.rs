//! Values that cannot be wrong: ids, money, times, secrets.

pub(crate) mod ids;
mod key_id;
mod money;
mod private_text;
mod secret;
mod sensitive;
mod time;

pub use ids::{Appid, InvalidId, Mchid, Openid, OutRefundNo, OutTradeNo, PrepayId, RefundId, TransactionId};
pub use key_id::{KeyId, PublicKeyId, SerialNumber};
pub use money::{Currency, Fen, InvalidFen};
pub use private_text::PrivateText;
pub use secret::{ApiV3Key, InvalidApiV3Key, PrivateKeyPem};
pub use sensitive::{Sensitive, SensitiveFields, SensitiveVisitor};
pub use time::{DateTime, InvalidDateTime};
