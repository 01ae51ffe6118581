//! Why a receiver could not be tried.

use crate::{
    journal::{SendFailure, TargetError},
    language::{Language, Localize, as_error, say},
    world::orders::state::PayError,
};

/// Why a receiver could not be tried.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AcceptanceError {
    /// The URL cannot be used.
    Url(TargetError),
    /// The sandbox has no such merchant.
    UnknownMerchant(String),
    /// Nothing listens at the address.
    Unreachable {
        /// The address.
        url: String,
        /// Failure of the connection.
        cause: SendFailure,
    },
    /// The shop made no order.
    NoOrder,
    /// The shop made an order, but not at this sandbox, or it cannot be paid.
    Order {
        /// The shop's number.
        out_trade_no: String,
        /// Why.
        cause: PayError,
    },
    /// The root certificate cannot be used.
    Ca,
    /// Sealing or signing failed.
    Cryptography,
}

impl Localize for AcceptanceError {
    fn in_language(&self, language: Language) -> String {
        match self {
            Self::Url(cause) => cause.in_language(language),
            Self::UnknownMerchant(mchid) => say!(
                language,
                "there is no merchant {mchid} in this sandbox",
                "沙箱中没有商户 {mchid}"
            ),
            Self::Unreachable { url, cause } => {
                let cause = cause.in_language(language);
                say!(
                    language,
                    "nobody responds at {url}: {cause}",
                    "{url} 无人应答：{cause}"
                )
            }
            Self::NoOrder => say!(
                language,
                "the shop made no order: its response has no out_trade_no",
                "商户没有下单：应答中没有 out_trade_no"
            ),
            Self::Order { out_trade_no, cause } => {
                let cause = cause.in_language(language);
                say!(
                    language,
                    "order {out_trade_no} of the shop cannot be paid at this sandbox: {cause}",
                    "商户的订单 {out_trade_no} 无法在此沙箱支付：{cause}"
                )
            }
            Self::Ca => say!(
                language,
                "the CA holds no certificate in PEM that can be trusted (https needs the feature `tls` of wechatpay-sandbox)",
                "CA 中没有可信任的 PEM 证书（https 需要启用 wechatpay-sandbox 的 tls 特性）"
            ),
            Self::Cryptography => say!(language, "a notification could not be made", "无法生成通知"),
        }
    }
}

as_error!(AcceptanceError);
