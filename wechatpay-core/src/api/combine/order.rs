//! Sub-orders, payer and scene of a combined order.

use wechatpay_macros::{RequestPart, open_enum};

use crate::{
    api::prepay::{H5Info, PayerIdentity, SettleInfo},
    types::{Appid, Currency, Fen, Mchid, Openid, OutTradeNo, Redacted},
};

/// Kind of service of a sub-order (商品服务类型).
#[open_enum]
pub enum OrderServiceType {
    /// Payment to a person (个人收款).
    IndividualTrade = "INDIVIDUALTRADE",
}

/// Trade scenario (交易场景).
#[open_enum]
pub enum TradeScenario {
    /// Second-hand goods.
    Recommerce = "RECOMMERCE",
}

/// Amount of a sub-order (订单金额).
///
/// The field is `total_amount`; an ordinary order calls it `total`.
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates an amount in this currency.")]
#[non_exhaustive]
pub struct CombineAmount {
    /// Total in fen, at least 1.
    pub total_amount: Fen,
    /// Currency.
    pub currency: Currency,
}

impl CombineAmount {
    /// Creates an amount in CNY, given in fen.
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

/// One sub-order of a combined order (子单).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates a sub-order from its required fields.")]
#[non_exhaustive]
pub struct SubOrder {
    /// Merchant that initiates this sub-order; an e-commerce platform names itself.
    pub mchid: Mchid,
    /// Custom text repeated in query, notification and bill; up to 128 characters.
    #[request(into)]
    pub attach: String,
    /// Amount of the sub-order.
    pub amount: CombineAmount,
    /// Merchant's order number, unique per `mchid`.
    pub out_trade_no: OutTradeNo,
    /// Product description shown in the payer's bill, up to 127 characters.
    #[request(into)]
    pub description: String,
    /// Sub-merchant that is paid; required for service providers and e-commerce platforms.
    pub sub_mchid: Option<Mchid>,
    /// The sub-merchant's app.
    pub sub_appid: Option<Appid>,
    /// Authorisation id of a personal receiver (个人收款), paid instead of a sub-merchant.
    pub individual_auth_id: Option<Redacted>,
    /// Name of the personal receiver on the e-commerce platform.
    pub individual_name: Option<Redacted>,
    /// Kind of service, for a personal receiver.
    pub order_service_type: Option<OrderServiceType>,
    /// Details of the goods, up to 6000 characters.
    ///
    /// JSAPI and APP only: no page of H5 or Native has this field.
    pub detail: Option<String>,
    /// Coupon tag, up to 32 characters.
    pub goods_tag: Option<String>,
    /// Settlement options.
    ///
    /// Placing the order again with other options is rejected.
    pub settle_info: Option<SettleInfo>,
    /// Freezes the money for profit sharing; overrides the flag in `settle_info`.
    ///
    /// JSAPI and APP only.
    pub profit_sharing: Option<bool>,
}

/// A sub-order that pays a person (个人收款), for [`MiniProgramPrepay`](super::MiniProgramPrepay).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates a sub-order from its required fields.")]
#[non_exhaustive]
pub struct IndividualSubOrder {
    /// The e-commerce platform.
    pub mchid: Mchid,
    /// Authorisation id of the personal receiver.
    #[request(into)]
    pub individual_auth_id: Redacted,
    /// Custom text repeated in query, notification and bill; up to 128 characters.
    #[request(into)]
    pub attach: String,
    /// Amount of the sub-order.
    pub amount: CombineAmount,
    /// Merchant's order number, unique per `mchid`.
    pub out_trade_no: OutTradeNo,
    /// Product description shown in the payer's bill, up to 127 characters.
    #[request(into)]
    pub description: String,
    /// Name of the personal receiver on the e-commerce platform.
    pub individual_name: Option<Redacted>,
    /// Kind of service.
    pub order_service_type: Option<OrderServiceType>,
}

/// Payer of a combined order (支付者).
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart)]
#[request(no_new)]
#[non_exhaustive]
pub struct CombinePayer {
    /// Openid under `combine_appid`.
    #[request(no_setter)]
    pub openid: Option<Openid>,
    /// Openid under the `sub_appid` of a sub-order.
    #[request(no_setter)]
    pub sub_openid: Option<Openid>,
    /// Real-name restriction.
    pub identity: Option<PayerIdentity>,
}

impl CombinePayer {
    /// Creates a payer identified by an openid of the initiator's app.
    #[must_use]
    pub fn openid(openid: Openid) -> Self {
        Self {
            openid: Some(openid),
            ..Self::default()
        }
    }

    /// Creates a payer identified by an openid of the sub-merchant's app.
    #[must_use]
    pub fn sub_openid(openid: Openid) -> Self {
        Self {
            sub_openid: Some(openid),
            ..Self::default()
        }
    }
}

/// Real-name restriction alone, for scenes that do not identify the payer.
///
/// APP, H5 and Native.
impl From<PayerIdentity> for CombinePayer {
    fn from(identity: PayerIdentity) -> Self {
        Self::default().identity(identity)
    }
}

/// Scene of a combined order (场景信息).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates a scene with the payer's address.")]
#[non_exhaustive]
pub struct CombineScene {
    /// Payer's IP address, IPv4 or IPv6.
    #[request(into)]
    pub payer_client_ip: Redacted,
    /// Device or shop number, up to 16 characters.
    pub device_id: Option<String>,
}

/// Scene of a combined H5 order: [`CombineScene`] and the browser.
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates a scene with the payer's address and browser.")]
#[non_exhaustive]
pub struct CombineH5Scene {
    /// Payer's IP address, IPv4 or IPv6.
    ///
    /// It must be the address from which the payer then opens the page.
    #[request(into)]
    pub payer_client_ip: Redacted,
    /// Browser or app.
    pub h5_info: H5Info,
    /// Device or shop number, up to 16 characters.
    pub device_id: Option<String>,
}
