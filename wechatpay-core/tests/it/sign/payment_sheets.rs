//! Parameters that open a payment sheet, for each client.

use serde_json::json;
use wechatpay_core::testing::DemoKey;

use super::{MCHID, NONCE, NOW, local, public, request_signer, verifies};
use crate::support::providers;

#[tokio::test]
async fn each_client_gets_its_own_names_and_a_signature_over_its_own_lines() {
    for (name, provider) in providers() {
        let key = public(provider.as_ref(), DemoKey::Merchant);
        let signer = request_signer(local(provider.as_ref()));
        let (appid, prepay_id) = ("wx2421b1c4370ec43b", "wx201410272009395522657a690389285100");
        let (app, prepay) = (appid.parse().unwrap(), prepay_id.parse().unwrap());
        let page = signer.jsapi(&app, &prepay).await.unwrap();
        let mini = signer.mini_program(&app, &prepay).await.unwrap();
        let native = signer.app(&app, &prepay).await.unwrap();

        let web = format!("{appid}\n{NOW}\n{NONCE}\nprepay_id={prepay_id}\n");
        assert!(verifies(key.as_ref(), web.as_bytes(), &page.pay_sign), "{name}");
        assert!(verifies(key.as_ref(), web.as_bytes(), &mini.pay_sign), "{name}");
        let bare = format!("{appid}\n{NOW}\n{NONCE}\n{prepay_id}\n");
        assert!(verifies(key.as_ref(), bare.as_bytes(), &native.sign), "{name}");

        let timestamp = NOW.to_string();
        assert_eq!(
            serde_json::to_value(&page).unwrap(),
            json!({
                "appId": appid,
                "timeStamp": timestamp,
                "nonceStr": NONCE,
                "package": format!("prepay_id={prepay_id}"),
                "signType": "RSA",
                "paySign": page.pay_sign,
            }),
            "{name}"
        );
        assert_eq!(
            serde_json::to_value(&mini).unwrap(),
            json!({
                "timeStamp": timestamp,
                "nonceStr": NONCE,
                "package": format!("prepay_id={prepay_id}"),
                "signType": "RSA",
                "paySign": mini.pay_sign,
            }),
            "{name}"
        );
        assert_eq!(
            serde_json::to_value(&native).unwrap(),
            json!({
                "appid": appid,
                "partnerid": MCHID,
                "prepayid": prepay_id,
                "package": "Sign=WXPay",
                "noncestr": NONCE,
                "timestamp": timestamp,
                "sign": native.sign,
            }),
            "{name}"
        );
    }
}
