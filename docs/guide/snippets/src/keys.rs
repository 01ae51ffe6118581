//! Keys, and the self-test of them.

use wechatpay_axum::{WechatPay, api::security::Echo};

use crate::shop::BoxError;

/// Starts with the settings of the environment, and keeps certificates fresh.
///
/// # Errors
/// Every setting that is wrong.
pub async fn start() -> Result<(), BoxError> {
    let wechatpay = WechatPay::from_env()?;
    let _refresh = wechatpay.spawn_refresh(); // until it is dropped
    println!("{:?}", wechatpay.health());
    Ok(())
}

/// Tries both signatures and both directions of encryption.
///
/// # Errors
/// The call.
pub async fn self_test(wechatpay: &WechatPay) -> Result<(), BoxError> {
    let echo = Echo::new("hello").encrypted_echo_message("secret");
    let echoed = wechatpay.client().call(&echo).await?;
    let sealed = echoed
        .encrypted_echo_message
        .as_ref()
        .ok_or("nothing came back")?;
    let opened = wechatpay.signer().decrypt(sealed)?;
    if opened.as_str() != "secret" {
        return Err("another message came back".into());
    }
    Ok(())
}
