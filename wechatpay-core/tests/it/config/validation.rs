//! Validation of each setting, and of settings together.

use std::sync::Arc;

use serde_json::{Value, json};
use wechatpay_core::{
    crypto::default_provider,
    testing::{DEMO_API_V3_KEY, DEMO_PUBLIC_KEY_ID, DemoKey, private_key_pem, public_key_pem},
};

use super::{
    API_V3_KEY, LOCAL, SERIAL, config, invalid_fields, private_key, public_key, real, sound, validate, with,
    without,
};
use crate::support::providers;

#[test]
fn minimal_settings_use_certificate_mode_and_the_real_gateway() {
    let settings = validate(&real()).unwrap();
    assert_eq!(settings.mchid, "1900000001");
    assert!(settings.certificates);
    assert!(settings.public_key.is_none() && settings.notify_url.is_none() && settings.appid.is_none());
    assert_eq!(settings.base_url, "https://api.mch.weixin.qq.com");
    assert_eq!(settings.api_v3_key.expose(), API_V3_KEY.as_bytes());
    assert_eq!(settings.request_signer().mchid(), &"1900000001");
    assert_eq!(settings.request_signer().signer().serial().as_str(), SERIAL);
}

#[test]
fn validate_uses_the_default_backend() {
    assert!(config(&sound()).validate().is_ok());
}

#[test]
fn a_public_key_disables_certificates_unless_they_are_enabled() {
    for (name, provider) in providers() {
        let pinned = with(
            with(sound(), "public_key_id", DEMO_PUBLIC_KEY_ID),
            "public_key",
            public_key(provider.as_ref()),
        );
        let settings = config(&pinned).validate_with(Arc::clone(&provider)).unwrap();
        assert!(!settings.certificates, "{name}");
        assert_eq!(
            settings.public_key.unwrap().id().as_str(),
            DEMO_PUBLIC_KEY_ID,
            "{name}"
        );
        let both = with(pinned, "certificates", true);
        assert!(
            config(&both).validate_with(provider).unwrap().certificates,
            "{name}"
        );
    }
}

#[test]
fn every_problem_is_reported_at_once_in_the_order_of_the_fields() {
    assert_eq!(
        invalid_fields(&json!({})),
        ["mchid", "serial_no", "private_key", "api_v3_key"]
    );
    let all_wrong = json!({
        "mchid": "merchant",
        "sub_mchid": "sub",
        "appid": "wx/1",
        "serial_no": "0x51",
        "private_key": "no PEM",
        "api_v3_key": "short",
        "public_key_id": "PUB_KEY",
        "public_key": "no PEM either",
        "certificates": false,
        "base_url": "http://api.mch.weixin.qq.com",
        "notify_url": "/notify",
    });
    assert_eq!(
        invalid_fields(&all_wrong),
        [
            "mchid",
            "sub_mchid",
            "appid",
            "serial_no",
            "private_key",
            "api_v3_key",
            "public_key_id",
            "base_url",
            "notify_url",
        ]
    );
    let shown = validate(&all_wrong).unwrap_err().to_string();
    assert!(shown.starts_with("9 problem(s)"), "{shown}");
    for part in [
        "mchid (WECHATPAY_MCHID)",
        "api_v3_key (WECHATPAY_API_V3_KEY): an APIv3 key has 32 bytes",
    ] {
        assert!(shown.contains(part), "{shown}");
    }
    for problem in validate(&all_wrong).unwrap_err().iter() {
        assert!(
            !problem.what().is_empty() && !problem.fix().is_empty(),
            "{problem:?}"
        );
    }
}

#[test]
fn each_invalid_setting_is_reported() {
    let long = format!("https://shop.example/{}", "x".repeat(250));
    let cases: Vec<(&str, Value, &[&str])> = vec![
        ("mchid missing", without(sound(), "mchid"), &["mchid"]),
        (
            "mchid with a blank inside",
            with(sound(), "mchid", "19000 00001"),
            &["mchid"],
        ),
        ("serial missing", without(sound(), "serial_no"), &["serial_no"]),
        (
            "serial in another notation",
            with(sound(), "serial_no", "0x5157"),
            &["serial_no"],
        ),
        (
            "serial of a public key",
            with(sound(), "serial_no", DEMO_PUBLIC_KEY_ID),
            &["serial_no"],
        ),
        ("key missing", without(sound(), "private_key"), &["private_key"]),
        ("key empty", with(sound(), "private_key", ""), &["private_key"]),
        (
            "key weak",
            with(sound(), "private_key", private_key_pem(DemoKey::Weak1024.pkcs8())),
            &["private_key"],
        ),
        (
            "APIv3 key missing",
            without(sound(), "api_v3_key"),
            &["api_v3_key"],
        ),
        (
            "APIv3 key in hexadecimal",
            with(sound(), "api_v3_key", "00".repeat(32)),
            &["api_v3_key"],
        ),
        (
            "APIv3 key with a line end",
            with(sound(), "api_v3_key", format!("{DEMO_API_V3_KEY}\r\n")),
            &[],
        ),
        (
            "APIv3 key with a blank",
            with(sound(), "api_v3_key", format!(" {DEMO_API_V3_KEY}")),
            &[],
        ),
        (
            "id without key",
            with(sound(), "public_key_id", DEMO_PUBLIC_KEY_ID),
            &["public_key"],
        ),
        (
            "key without id",
            with(sound(), "public_key", "x"),
            &["public_key_id"],
        ),
        (
            "private key as public key",
            with(
                with(sound(), "public_key_id", DEMO_PUBLIC_KEY_ID),
                "public_key",
                private_key(),
            ),
            &["public_key"],
        ),
        (
            "neither certificates nor key",
            with(sound(), "certificates", false),
            &["certificates"],
        ),
        (
            "no certificates and a broken key",
            with(
                with(
                    with(sound(), "certificates", false),
                    "public_key_id",
                    DEMO_PUBLIC_KEY_ID,
                ),
                "public_key",
                "broken",
            ),
            &["public_key"],
        ),
        (
            "both broken: serial and key",
            with(with(sound(), "serial_no", "x"), "private_key", "x"),
            &["serial_no", "private_key"],
        ),
        (
            "notify_url with a query",
            with(sound(), "notify_url", "https://shop.example/n?x=1"),
            &["notify_url"],
        ),
        (
            "notify_url with a fragment",
            with(sound(), "notify_url", "https://shop.example/n#x"),
            &["notify_url"],
        ),
        (
            "notify_url without a scheme",
            with(sound(), "notify_url", "shop.example/n"),
            &["notify_url"],
        ),
        (
            "notify_url of another scheme",
            with(sound(), "notify_url", "ftp://shop.example/n"),
            &["notify_url"],
        ),
        (
            "notify_url with a blank inside",
            with(sound(), "notify_url", "https://shop.example/ n"),
            &["notify_url"],
        ),
        (
            "notify_url too long",
            with(sound(), "notify_url", long),
            &["notify_url"],
        ),
        (
            "notify_url",
            with(sound(), "notify_url", "http://shop.example:8080/notify/1"),
            &[],
        ),
    ];
    for (case, settings, expected) in cases {
        assert_eq!(invalid_fields(&settings), expected, "{case}");
    }
}

#[test]
fn the_gateway_must_be_https_or_loopback() {
    for (given, used) in [
        ("https://api2.mch.weixin.qq.com", "https://api2.mch.weixin.qq.com"),
        ("https://api.mch.weixin.qq.com/", "https://api.mch.weixin.qq.com"),
        ("http://127.0.0.1:8700", "http://127.0.0.1:8700"),
        ("http://127.8.9.10:1", "http://127.8.9.10:1"),
        ("http://localhost:8700/", "http://localhost:8700"),
        ("http://[::1]:8700", "http://[::1]:8700"),
    ] {
        assert_eq!(validate(&with(real(), "base_url", given)).unwrap().base_url, used);
    }
    for bad in [
        "",
        "api.mch.weixin.qq.com",
        "/v3",
        "http://api.mch.weixin.qq.com",
        "http://10.0.0.1",
        "http://0.0.0.0",
        "http://127.0.0.1.evil.example",
        "http://localhost.evil.example",
        "http://localhost@evil.example",
        "http://evil.example#localhost",
        "http://[::2]",
        "ftp://127.0.0.1",
        "https://api.mch.weixin.qq.com/v3",
        "https://api.mch.weixin.qq.com?x=1",
        "https://api.mch.weixin.qq.com#x",
        "https://user:password@api.mch.weixin.qq.com",
        "https://api.mch. weixin.qq.com",
    ] {
        assert_eq!(
            invalid_fields(&with(real(), "base_url", bad)),
            ["base_url"],
            "{bad}"
        );
    }
}

#[test]
fn demo_keys_are_rejected_for_the_real_gateway() {
    let provider = default_provider().unwrap();
    let demo = DemoKey::PublicKey.load(provider.as_ref()).unwrap();
    let public = with(real(), "public_key_id", DEMO_PUBLIC_KEY_ID);
    let public = with(public, "public_key", public_key_pem(demo.public_key_info()));
    let cases = [
        (with(real(), "private_key", private_key()), "private_key"),
        (
            with(real(), "private_key", private_key_pem(DemoKey::Stranger.pkcs8())),
            "private_key",
        ),
        (with(real(), "api_v3_key", DEMO_API_V3_KEY), "api_v3_key"),
        (public, "public_key"),
        (
            with(real(), "notify_url", "http://shop.example/notify"),
            "notify_url",
        ),
    ];
    for (settings, field) in cases {
        assert_eq!(invalid_fields(&settings), [field]);
        for gateway in ["https://api2.mch.weixin.qq.com", "https://gateway.example"] {
            assert_eq!(
                invalid_fields(&with(settings.clone(), "base_url", gateway)),
                [field]
            );
        }
        for sandbox in [LOCAL, "https://localhost:8700", "http://[::1]:1"] {
            assert!(
                validate(&with(settings.clone(), "base_url", sandbox)).is_ok(),
                "{field}"
            );
        }
    }
    assert!(validate(&with(real(), "notify_url", "https://shop.example/notify")).is_ok());
}
