//! Coupons that WeChat Pay redeems when the user pays (代金券) (feature `coupons`).
//!
//! Coupons come in stocks (批次): [`CreateStock`], then [`StartStock`], then a [`SendCoupon`] for each user. Pages name
//! the merchant that created a stock with each request. [`CouponUse`] is the notification of a redeemed coupon, sent to
//! the URL of [`SetCallback`].
//!
//! The same `out_request_no` is the same stock or coupon. If a response was lost, send the request again under its
//! number: a new number would give a second coupon.
//!
//! # Examples
//!
//! ```
//! use wechatpay_core::api::{Endpoint, Idempotency};
//! use wechatpay_core::api::coupons::{
//!     CouponAvailableTime, CouponUseRule, CreateStock, FixedNormalCoupon, SendCoupon, StockKind, StockPeriod,
//!     StockType, StockUseRule,
//! };
//! use wechatpay_core::types::{Appid, Fen, Mchid};
//!
//! let (mchid, appid): (Mchid, Appid) = ("1900000001".parse()?, "wxd678efh567hg6787".parse()?);
//! // 100 coupons of 5 yuan for payments of 50 yuan, one for each user.
//! let stock = CreateStock::new(
//!     "New members",
//!     StockPeriod::new("2026-09-01T00:00:00+08:00".parse()?, "2026-09-30T23:59:59+08:00".parse()?),
//!     StockUseRule::new(100, Fen::new(50_000)?, 1, false, true),
//!     StockKind::new(false, StockType::Normal),
//!     mchid.clone(),
//!     CouponUseRule::new(CouponAvailableTime::new())
//!         .fixed_normal_coupon(FixedNormalCoupon::new(Fen::new(500)?, Fen::new(5_000)?)),
//!     "1900000001_20260901_0001".parse()?,
//! );
//! assert_eq!(serde_json::to_value(&stock)?["stock_type"], "NORMAL");
//!
//! let openid = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o".parse()?;
//! let send = SendCoupon::new(openid, "9856000", "1900000001_20260902_0001".parse()?, appid, mchid);
//! assert_eq!(send.idempotency(), Idempotency::ByNumber);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Pages: 创建代金券批次, 激活代金券批次, 暂停代金券批次, 重启代金券批次, 修改可用单品编码, 条件查询批次列表, 查询批次详情, 查询代金券可用商户,
//! 查询代金券可用单品, 发放代金券, 根据商户号查用户的券, 查询代金券详情, 下载批次核销明细, 下载批次退款明细, 设置消息通知地址,
//! 获取已设置的消息通知地址, （营销）图片上传, 核销事件回调.

mod callback;
mod coupon;
mod create;
mod flows;
mod ids;
mod image;
mod notice;
mod rules;
mod state;
mod stocks;

pub use callback::{Callback, CallbackSet, QueryCallback, SetCallback};
pub use coupon::{
    BusinessType, ConsumeInformation, ConsumedGoods, Coupon, CouponPage, CouponStatus, CouponType,
    CutToMessage, ListUserCoupons, NormalCouponInformation, QueryCoupon, SendCoupon, SentCoupon,
};
pub use create::{
    BackgroundColor, CreateStock, CreatedStock, JumpTarget, PatternInfo, StockKind, StockPeriod, StockType,
    StockUseRule,
};
pub use flows::{
    FlowFile, GetRefundFlow, GetRefundFlowByDay, GetUseFlow, GetUseFlowByDay, RefundFlowOfDay, UseFlowOfDay,
};
pub use ids::OutRequestNo;
pub use image::{IMAGE_UPLOAD, UploadedImage};
pub use notice::{CouponUse, DiscountTo, SingleItemDiscount};
pub use rules::{
    CouponAvailableTime, CouponUseRule, DiscountCoupon, ExchangeCoupon, FixAvailableTime, FixedNormalCoupon,
    LimitCard, PaymentScene,
};
pub use state::{
    ModifiedGoods, ModifyGoods, PauseStock, PausedStock, RestartStock, RestartedStock, StartStock,
    StartedStock,
};
pub use stocks::{
    ItemPage, ListItems, ListMerchants, ListStocks, MerchantPage, QueryStock, Region, Stock, StockLimits,
    StockPage, StockStatus,
};
