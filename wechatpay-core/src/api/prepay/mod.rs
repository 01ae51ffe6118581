//! Placing orders (下单): JSAPI, APP, H5 and Native, direct and partner mode.
//!
//! One type for each request, so that a scene cannot lack a required field: JSAPI takes the payer, H5 the scene. The
//! payer of [`JsapiPrepayWithContract`] and [`AppPrepayWithContract`] also signs a contract for deductions (委托代扣).
//! Repeating a request with the same number and *identical* parameters renews the `prepay_id`; any difference is
//! rejected.
//!
//! # Examples
//!
//! A JSAPI order, and the parameters with which the page invokes the payment sheet. `client.call(&order).await?` of
//! `wechatpay-tower` returns the [`PrepayIdResponse`]:
//!
//! ```
//! use wechatpay_core::api::prepay::{DirectPayer, JsapiPrepay, PrepayIdResponse};
//! use wechatpay_core::sign::{JsapiParameters, RequestSigner, SignError};
//! use wechatpay_core::types::{Appid, Fen};
//!
//! let order = JsapiPrepay::new(
//!     "wxd678efh567hg6787".parse()?, "1900000001".parse()?,
//!     "Green tea, 100 g", "ORDER-0001".parse()?, "https://shop.example/wechatpay/notify", Fen::new(990)?,
//!     DirectPayer::openid("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o".parse()?),
//! );
//!
//! /// Serialised as JSON, these are the parameters of `WeixinJSBridge.invoke("getBrandWCPayRequest", …)`.
//! async fn sheet(signer: &RequestSigner, app: &Appid, prepay: PrepayIdResponse) -> Result<JsapiParameters, SignError> {
//!     signer.jsapi(app, &prepay.prepay_id).await
//! }
//! # assert_eq!(serde_json::to_value(&order)?["amount"]["total"], 990);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`NativePrepay`], [`H5Prepay`] and [`AppPrepay`] show the other scenes.
//!
//! Combined orders are in [`combine`](crate::api::combine), with types of the same names.
//!
//! Pages: JSAPI/APP/H5/Native下单 of both modes.

mod amount;
mod app;
mod contract;
mod detail;
mod h5;
mod jsapi;
mod native;
mod payer;
mod response;
mod scene;
mod subsidy;

pub use amount::{LimitPay, OrderAmount, SettleInfo};
pub use app::{AppPrepay, PartnerAppPrepay};
pub use contract::{
    AppPrepayWithContract, ContractInfo, JsapiContractInfo, JsapiPrepayWithContract,
    PartnerAppPrepayWithContract, PartnerJsapiPrepayWithContract,
};
pub use detail::{GoodsDetail, OrderDetail};
pub use h5::{H5Prepay, PartnerH5Prepay};
pub use jsapi::{JsapiPrepay, PartnerJsapiPrepay};
pub use native::{NativePrepay, PartnerNativePrepay};
pub use payer::{DirectPayer, IdentityOnlyPayer, IdentityType, PartnerPayer, PayerIdentity};
pub use response::{CodeUrlResponse, H5UrlResponse, PrepayIdResponse};
pub use scene::{H5Info, H5Scene, H5Type, OrderScene, StoreInfo};
pub use subsidy::{SubsidyDetail, SubsidyInfo, SubsidyPeriodType, SubsidyPlan};
