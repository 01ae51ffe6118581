//! What a combined order is made of.

use wechatpay_macros::{RequestPart, open_enum};

use crate::{
    api::prepay::{H5Info, PayerIdentity, SettleInfo},
    types::{Appid, Currency, Fen, Mchid, Openid, OutTradeNo, Redacted},
};

/// Kind of service of a sub-order (商品服务类型).
#[open_enum]
pub enum OrderServiceType {
    /// A person is paid (个人收款).
    IndividualTrade = "INDIVIDUALTRADE",
}

/// Kind of trade (交易场景).
#[open_enum]
pub enum TradeScenario {
    /// Used goods.
    Recommerce = "RECOMMERCE",
}

/// What a sub-order costs (订单金额). The field has another name than in an ordinary order.
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "An amount in a currency.")]
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

/// One order of a combined one (子单).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "An order with what every sub-order must have.")]
#[non_exhaustive]
pub struct SubOrder {
    /// The merchant that initiates this item; for a platform, the platform itself.
    pub mchid: Mchid,
    /// Given back in query, notification and bill: up to 128 characters.
    #[request(into)]
    pub attach: String,
    /// Price.
    pub amount: CombineAmount,
    /// The merchant's order number, unique per `mchid`.
    pub out_trade_no: OutTradeNo,
    /// The goods, as the payer's bill shows them: up to 127 characters.
    #[request(into)]
    pub description: String,
    /// The sub-merchant, who is paid; required of a service provider or platform.
    pub sub_mchid: Option<Mchid>,
    /// The sub-merchant's app.
    pub sub_appid: Option<Appid>,
    /// The personal receiver's authorisation (个人收款); they are paid instead of a sub-merchant.
    pub individual_auth_id: Option<Redacted>,
    /// The personal receiver's name on the platform.
    pub individual_name: Option<Redacted>,
    /// Kind of service, for a personal receiver.
    pub order_service_type: Option<OrderServiceType>,
    /// Details of the goods, up to 6000 characters. JSAPI and APP only: no page of H5 or Native has it.
    pub detail: Option<String>,
    /// Marker for coupons, up to 32 characters.
    pub goods_tag: Option<String>,
    /// Settlement of the money. Repeating the order with other settings is refused.
    pub settle_info: Option<SettleInfo>,
    /// Freezes the money for profit sharing; goes before the one in `settle_info`. JSAPI and APP only.
    pub profit_sharing: Option<bool>,
}

/// A sub-order that pays a person (个人收款), for [`MiniProgramPrepay`](super::MiniProgramPrepay).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "An order with what every such sub-order must have.")]
#[non_exhaustive]
pub struct IndividualSubOrder {
    /// The platform.
    pub mchid: Mchid,
    /// The personal receiver's authorisation.
    #[request(into)]
    pub individual_auth_id: Redacted,
    /// Given back in query, notification and bill: up to 128 characters.
    #[request(into)]
    pub attach: String,
    /// The price.
    pub amount: CombineAmount,
    /// The merchant's order number, unique per `mchid`.
    pub out_trade_no: OutTradeNo,
    /// The goods, as the payer's bill shows them: up to 127 characters.
    #[request(into)]
    pub description: String,
    /// The personal receiver's name on the platform.
    pub individual_name: Option<Redacted>,
    /// Kind of service.
    pub order_service_type: Option<OrderServiceType>,
}

/// The payer of a combined order (支付者).
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart)]
#[request(no_new)]
#[non_exhaustive]
pub struct CombinePayer {
    /// Below `combine_appid`.
    #[request(no_setter)]
    pub openid: Option<Openid>,
    /// Below the `sub_appid` of a sub-order.
    #[request(no_setter)]
    pub sub_openid: Option<Openid>,
    /// Real-name restriction.
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
}

/// A real-name restriction alone, where the scene does not know the payer (APP, H5, Native).
impl From<PayerIdentity> for CombinePayer {
    fn from(identity: PayerIdentity) -> Self {
        Self::default().identity(identity)
    }
}

/// The place of a combined order (场景信息).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "A payer at this address.")]
#[non_exhaustive]
pub struct CombineScene {
    /// The payer's address, IPv4 or IPv6.
    #[request(into)]
    pub payer_client_ip: Redacted,
    /// Number of the device or shop, up to 16 characters.
    pub device_id: Option<String>,
}

/// The place of a combined H5 order: [`CombineScene`] and the browser.
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "A payer at this address with this browser.")]
#[non_exhaustive]
pub struct CombineH5Scene {
    /// The payer's address, IPv4 or IPv6. It must be the one with which the payer then opens the page.
    #[request(into)]
    pub payer_client_ip: Redacted,
    /// The browser or app.
    pub h5_info: H5Info,
    /// Number of the device or shop, up to 16 characters.
    pub device_id: Option<String>,
}
