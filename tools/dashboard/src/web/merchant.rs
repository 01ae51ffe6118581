//! Names of merchants as people read them.

use super::Language;
use wechatpay_sandbox::world::merchants::state::{DEMO_NAME, Merchant};

/// The merchant's name; the demo merchant has one in each language.
pub(crate) fn merchant_name(language: Language, merchant: &Merchant) -> &str {
    if merchant.name == DEMO_NAME {
        language.pick(DEMO_NAME, "沙箱演示商户")
    } else {
        &merchant.name
    }
}
