//! The merchants, and where their settings come from.

use std::error::Error;

use wechatpay_axum::{Merchants, WechatPay};
use wechatpay_core::{
    testing::{DEMO_MCHID, DemoKey},
    types::{ApiV3Key, Appid, Mchid, SerialNumber},
};
use wechatpay_sandbox::{MerchantSpec, Sandbox};

pub(crate) const ALL: [&str; 3] = [DEMO_MCHID, TEA_HOUSE, BOOK_SHOP];
const TEA_HOUSE: &str = "1900000201";
const BOOK_SHOP: &str = "1900000202";

/// A directory that looks up settings when a merchant is first needed.
///
/// Here it asks the sandbox; in your application, the table that you read at start-up.
pub(crate) fn directory(sandbox: &Sandbox) -> Merchants {
    let sandbox = sandbox.clone();
    Merchants::new(move |mchid| {
        let Some(mut config) = sandbox.config_of(mchid.as_str()) else {
            return Ok(None);
        };
        config.notify_url = None;
        WechatPay::new(&config.validate()?).map(Some)
    })
}

pub(crate) fn tea_house() -> Result<MerchantSpec, Box<dyn Error>> {
    merchant(
        TEA_HOUSE,
        "TeaHouseDemoApiV3Key0123456789ab",
        "wx1111111111111111",
        DemoKey::OtherMerchant,
    )
}

pub(crate) fn book_shop() -> Result<MerchantSpec, Box<dyn Error>> {
    merchant(
        BOOK_SHOP,
        "BookShopDemoApiV3Key0123456789ab",
        "wx2222222222222222",
        DemoKey::Stranger,
    )
}

fn merchant(
    mchid: &str,
    api_v3_key: &str,
    appid: &str,
    key: DemoKey,
) -> Result<MerchantSpec, Box<dyn Error>> {
    let serial = SerialNumber::parse(&format!("4F{mchid}"))?;
    Ok(
        MerchantSpec::new(Mchid::parse(mchid)?, ApiV3Key::parse(api_v3_key)?)
            .appid(Appid::parse(appid)?)
            .demo_key(serial, key),
    )
}
