//! Messages about settings: readable, and without secrets.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::json;
use wechatpay_core::{
    Config,
    testing::{DEMO_API_V3_KEY, DEMO_PUBLIC_KEY_ID},
};

use super::{SERIAL, config, private_key, sound, validate, with};

#[test]
fn debug_of_the_problems_is_readable() {
    let problems = validate(&json!({})).unwrap_err();
    assert_eq!(format!("{problems:?}"), problems.to_string());
    let boxed: Box<dyn std::error::Error> = Box::new(problems);
    assert!(format!("Error: {boxed:?}").contains("\n  mchid (WECHATPAY_MCHID): is missing; "));
    let error = wechatpay_core::ConfigError::Problems(validate(&json!({})).unwrap_err());
    assert!(
        format!("{error:?}").contains("mchid (WECHATPAY_MCHID)"),
        "{error:?}"
    );
}

#[test]
fn an_unknown_field_is_an_error() {
    let error = serde_json::from_value::<Config>(with(sound(), "api_v3_keys", "x")).unwrap_err();
    assert!(error.to_string().contains("api_v3_keys"), "{error}");
}

#[test]
fn no_message_about_settings_shows_a_secret() {
    let canary = "CANARYCANARYCANARYCANARYCANARY12";
    let pem = private_key().replace("MII", "CANARY");
    let all = json!({
        "mchid": canary, "sub_mchid": canary, "appid": pem, "serial_no": canary, "private_key": pem,
        "api_v3_key": format!("{canary}x"), "public_key_id": canary, "public_key": pem,
        "base_url": "https://user:CANARY@api.mch.weixin.qq.com", "notify_url": format!("{canary} "),
    });
    // The secret in the place of the file that holds it.
    let misplaced = json!({
        "mchid": "1900000001", "serial_no": SERIAL, "private_key_file": pem, "api_v3_key_file": canary,
        "public_key_id": DEMO_PUBLIC_KEY_ID, "public_key_file": pem.replace('\n', "\\n"),
    });
    let bare = json!({ "private_key_file": pem.replace("-----", "").replace(char::is_whitespace, "") });
    let no_armour = with(sound(), "private_key", pem.lines().nth(1).unwrap());
    let twice = with(sound(), "private_key", STANDARD.encode(&pem));
    let certificate = json!({ "certificate": pem, "serial_no": format!("serial={canary}") });
    for settings in [all, misplaced, bare, no_armour, twice, certificate] {
        let config = config(&settings);
        let problems = validate(&settings).unwrap_err();
        let shown = format!("{config:?} {problems} {problems:?}");
        assert!(!shown.contains("CANARY"), "{shown}");
    }
    let settings = validate(&sound()).unwrap();
    let shown = format!(
        "{settings:?} {:?} {:?}",
        config(&sound()),
        settings.request_signer()
    );
    assert!(
        !shown.contains(DEMO_API_V3_KEY) && !shown.contains("MII"),
        "{shown}"
    );
    assert!(shown.contains("1900000001") && shown.contains(SERIAL), "{shown}");
}
