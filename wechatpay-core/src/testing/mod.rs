//! Test kit (feature `test-util`): a platform of your own, with real keys and real signatures.
//!
//! [`FakePlatform`] seals and signs deliveries and responses as WeChat Pay does, so that a handler can be tested without a
//! mock and without a switch that turns verification off. For a whole gateway with a buyer's side, see
//! `wechatpay-sandbox`.

mod certificate;
mod delivery;
mod keys;
mod platform;

pub use certificate::{CertificateSpec, private_key_pem, public_key_pem};
pub use delivery::{Delivery, DeliveryBuilder};
pub use keys::DemoKey;
pub use platform::{
    DEMO_API_V3_KEY, DEMO_APPID, DEMO_MCHID, DEMO_PUBLIC_KEY_ID, DEMO_SUB_MCHID, FakePlatform,
};
