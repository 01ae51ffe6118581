//! Test kit (feature `test-util`): a fake platform with real keys and real signatures.
//!
//! [`FakePlatform`] encrypts and signs deliveries and responses as WeChat Pay does. A handler is tested without a mock
//! and without a switch that turns verification off. For a whole gateway with a buyer's side, see `wechatpay-sandbox`.
//!
//! # Examples
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # use wechatpay_core::{notify::{Expectation, Payee}, testing::{DEMO_APPID, DEMO_MCHID, DEMO_SUB_MCHID}, types::{Currency, Fen}};
//! # let payee = Payee::Partner {
//! #     sp_appid: DEMO_APPID.parse()?,
//! #     sp_mchid: DEMO_MCHID.parse()?,
//! #     sub_mchid: DEMO_SUB_MCHID.parse()?,
//! # };
//! # let order = Expectation::new("ORDER-1".parse()?, payee, Fen::new(100)?, Currency::Cny);
//! use wechatpay_core::{api::transactions::Transaction, testing::FakePlatform};
//!
//! let platform = FakePlatform::new();
//! let receiver = platform.receiver();
//! let receive = async |delivery: wechatpay_core::testing::Delivery| {
//!     receiver.begin("POST", delivery.pairs())?.ready().await?.finish(delivery.body)
//! };
//!
//! let paid = platform.payment("ORDER-1", 100);
//! let (first, repeated) = (receive(paid.clone()).await?, receive(paid).await?);
//! assert_eq!(first.id(), repeated.id()); // the same notification, delivered twice
//! first.decode::<Transaction>()?.confirm(&order)?;
//!
//! let too_little = receive(platform.payment("ORDER-1", 1)).await?.decode::<Transaction>()?;
//! assert_eq!(too_little.confirm(&order).unwrap_err().fields(), ["amount.total"]);
//!
//! let refund = receive(platform.refund("ORDER-1", "REFUND-1", 100)).await?;
//! assert_eq!(refund.decode::<Transaction>().unwrap_err().status(), 400); // not a payment
//! # Ok(()) }
//! ```

mod certificate;
mod delivery;
mod keys;
mod platform;

pub use certificate::{CertificateSpec, private_key_pem, public_key_pem};
pub use delivery::{Delivery, DeliveryBuilder};
pub use keys::DemoKey;
pub use platform::{
    DEMO_API_V3_KEY, DEMO_APP_SECRET, DEMO_APPID, DEMO_MCHID, DEMO_PUBLIC_KEY_ID, DEMO_SUB_MCHID,
    FakePlatform,
};
