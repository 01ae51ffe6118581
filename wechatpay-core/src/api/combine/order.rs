//! What a combined order is made of.

use serde::Serialize;

use crate::{
    api::prepay::{H5Info, PayerIdentity, SettleInfo},
    crypto::EncryptError,
    macros::{open_enum, request, setters},
    types::{
        Appid, Currency, Fen, Mchid, Openid, OutTradeNo, PrivateText, SensitiveFields, SensitiveVisitor,
    },
};

open_enum! {
    /// Kind of service of a sub-order (商品服务类型).
    pub enum OrderServiceType {
        /// A person is paid (个人收款).
        IndividualTrade = "INDIVIDUALTRADE",
    }
}

open_enum! {
    /// What is traded (交易场景).
    pub enum TradeScenario {
        /// Used goods.
        Recommerce = "RECOMMERCE",
    }
}

/// What a sub-order costs (订单金额). The field has another name than in an ordinary order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CombineAmount {
    /// In fen, at least 1.
    pub total_amount: Fen,
    /// The currency.
    pub currency: Currency,
}

impl CombineAmount {
    /// An amount in yuan's hundredths.
    #[must_use]
    pub fn cny(total_amount: Fen) -> Self {
        Self {
            total_amount,
            currency: Currency::Cny,
        }
    }
}

impl From<Fen> for CombineAmount {
    fn from(total_amount: Fen) -> Self {
        Self::cny(total_amount)
    }
}

request! {
    /// One order of a combined one (子单).
    pub struct SubOrder {
        required {
            /// The merchant that initiates this item; for a platform, the platform itself.
            mchid: Mchid,
            /// Given back in query, notification and bill: up to 128 characters.
            attach: String,
            /// What it costs.
            amount: CombineAmount,
            /// The merchant's order number, unique per `mchid`.
            out_trade_no: OutTradeNo,
            /// What is bought, as the payer's bill shows it: up to 127 characters.
            description: String,
        }
        optional {
            /// The sub-merchant, who is paid; required of a service provider or platform.
            sub_mchid: Mchid,
            /// The sub-merchant's app.
            sub_appid: Appid,
            /// The personal receiver's authorisation (个人收款); they are paid instead of a sub-merchant.
            individual_auth_id: PrivateText,
            /// The personal receiver's name on the platform.
            individual_name: PrivateText,
            /// Kind of service, for a personal receiver.
            order_service_type: OrderServiceType,
            /// Details of the goods, up to 6000 characters. JSAPI and APP only: no page of H5 or Native has it.
            detail: String,
            /// Marker for coupons, up to 32 characters.
            goods_tag: String,
            /// How the money is settled. Repeating the order with other settings is refused.
            settle_info: SettleInfo,
            /// Freezes the money for profit sharing; goes before the one in `settle_info`. JSAPI and APP only.
            profit_sharing: bool,
        }
    }
    /// An order with what every sub-order must have.
    new
}

request! {
    /// A sub-order that pays a person (个人收款), for [`MiniProgramPrepay`](super::MiniProgramPrepay).
    pub struct IndividualSubOrder {
        required {
            /// The platform.
            mchid: Mchid,
            /// The personal receiver's authorisation.
            individual_auth_id: PrivateText,
            /// Given back in query, notification and bill: up to 128 characters.
            attach: String,
            /// The price.
            amount: CombineAmount,
            /// The merchant's order number, unique per `mchid`.
            out_trade_no: OutTradeNo,
            /// The goods, as the payer's bill shows them: up to 127 characters.
            description: String,
        }
        optional {
            /// The personal receiver's name on the platform.
            individual_name: PrivateText,
            /// Kind of service.
            order_service_type: OrderServiceType,
        }
    }
    /// An order with what every such sub-order must have.
    new
}

/// The payer of a combined order (支付者).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CombinePayer {
    /// Below `combine_appid`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub openid: Option<Openid>,
    /// Below the `sub_appid` of a sub-order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_openid: Option<Openid>,
    /// Real-name restriction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<PayerIdentity>,
}

impl CombinePayer {
    /// A payer of the initiator's app.
    #[must_use]
    pub fn openid(openid: Openid) -> Self {
        Self {
            openid: Some(openid),
            ..Self::default()
        }
    }

    /// A payer of the sub-merchant's app.
    #[must_use]
    pub fn sub_openid(openid: Openid) -> Self {
        Self {
            sub_openid: Some(openid),
            ..Self::default()
        }
    }

    setters! {
        /// Real-name restriction.
        identity: PayerIdentity,
    }
}

/// A real-name restriction alone, where the scene does not know the payer (APP, H5, Native).
impl From<PayerIdentity> for CombinePayer {
    fn from(identity: PayerIdentity) -> Self {
        Self::default().identity(identity)
    }
}

impl SensitiveFields for CombinePayer {
    fn visit_sensitive(&mut self, f: &mut SensitiveVisitor<'_>) -> Result<(), EncryptError> {
        self.identity.visit_sensitive(f)
    }
}

request! {
    /// Where a combined order is made (场景信息).
    pub struct CombineScene {
        required {
            /// The payer's address, IPv4 or IPv6.
            payer_client_ip: PrivateText,
        }
        optional {
            /// Number of the device or shop, up to 16 characters.
            device_id: String,
        }
    }
    /// A payer at this address.
    new
}

request! {
    /// Where a combined H5 order is made: [`CombineScene`] and the browser.
    pub struct CombineH5Scene {
        required {
            /// The payer's address, IPv4 or IPv6. It must be the one with which the payer then opens the page.
            payer_client_ip: PrivateText,
            /// The browser or app.
            h5_info: H5Info,
        }
        optional {
            /// Number of the device or shop, up to 16 characters.
            device_id: String,
        }
    }
    /// A payer at this address with this browser.
    new
}
