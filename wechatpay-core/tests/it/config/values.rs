//! Files, white space and serial numbers as values.

use serde_json::json;
use wechatpay_core::{
    crypto::default_provider,
    sign::Signer as _,
    testing::{DEMO_API_V3_KEY, DEMO_PUBLIC_KEY_ID},
};

use super::{
    LOCAL, SERIAL, config, directory, invalid_fields, private_key, public_key, sound, validate, with,
};
use crate::support::providers;

#[test]
fn keys_may_be_in_files_but_not_in_both_places() {
    for (name, provider) in providers() {
        let directory = directory(&format!("files-{name}"));
        let file = |name: &str, text: &str| {
            let path = directory.join(name);
            std::fs::write(&path, text).unwrap();
            path.to_str().unwrap().to_owned()
        };
        let files = json!({
            "mchid": "1900000001",
            "serial_no": SERIAL,
            "private_key_file": file("apiclient_key.pem", &private_key()),
            "api_v3_key_file": file("api_v3.key", &format!("{DEMO_API_V3_KEY}\n")),
            "public_key_id": DEMO_PUBLIC_KEY_ID,
            "public_key_file": file("pub_key.pem", &public_key(provider.as_ref())),
            "base_url": LOCAL,
        });
        let settings = config(&files).validate_with(provider).unwrap();
        assert_eq!(settings.api_v3_key.expose(), DEMO_API_V3_KEY.as_bytes(), "{name}");
        assert!(settings.public_key.is_some(), "{name}");

        let both = with(
            with(files.clone(), "private_key", private_key()),
            "api_v3_key",
            DEMO_API_V3_KEY,
        );
        assert_eq!(invalid_fields(&both), ["private_key", "api_v3_key"], "{name}");
        let gone = with(files.clone(), "private_key_file", "/does/not/exist.pem");
        let shown = validate(&gone).unwrap_err().to_string();
        assert!(
            shown.contains("cannot be read from /does/not/exist.pem"),
            "{shown}"
        );
        let directory_for_file = with(files, "private_key_file", directory.to_str().unwrap());
        assert_eq!(invalid_fields(&directory_for_file), ["private_key"], "{name}");
        std::fs::remove_dir_all(directory).unwrap();
    }
}

#[test]
fn white_space_around_a_value_is_ignored() {
    for (before, after) in [
        ("", "\n"),
        ("", "\r\n"),
        (" ", " "),
        ("\t", "\n\n"),
        ("\u{feff}", "\n"),
    ] {
        let around = |text: &str| format!("{before}{text}{after}");
        let settings = json!({
            "mchid": around("1900000001"), "sub_mchid": around("1900000109"), "appid": around("wx1"),
            "serial_no": around(SERIAL), "private_key": around(&private_key()),
            "api_v3_key": around(DEMO_API_V3_KEY), "public_key_id": around(DEMO_PUBLIC_KEY_ID),
            "public_key": around(&public_key(default_provider().unwrap().as_ref())),
            "base_url": around(LOCAL), "notify_url": around("https://shop.example/notify"),
        });
        let settings = validate(&settings).unwrap();
        assert_eq!(
            (settings.mchid.as_str(), settings.base_url.as_str()),
            ("1900000001", LOCAL)
        );
        assert_eq!(
            settings.notify_url.as_deref(),
            Some("https://shop.example/notify")
        );
        assert_eq!(settings.api_v3_key.expose(), DEMO_API_V3_KEY.as_bytes());
        assert_eq!(settings.signer.serial().as_str(), SERIAL);
    }
}

#[test]
fn a_serial_in_the_format_of_openssl_is_accepted_and_keeps_its_zeros() {
    let colons = "05:15:7F:09:ef:DC";
    for (given, kept) in [
        ("0C4A5B", "0C4A5B"),
        ("0c4a5b", "0C4A5B"),
        ("serial=0C4A5B\n", "0C4A5B"),
        ("Serial=0c4a5b", "0C4A5B"),
        (colons, "05157F09EFDC"),
        ("05 15 7f 09 ef dc", "05157F09EFDC"),
        ("Serial Number:\n            05:15:7f:09:ef:dc\n", "05157F09EFDC"),
    ] {
        let settings = validate(&with(sound(), "serial_no", given)).unwrap();
        assert_eq!(settings.signer.serial().as_str(), kept, "{given}");
    }
    for bad in [
        "serial=",
        "subject=0C4A",
        "0C4A5B.",
        "0C4A5G",
        "serial=serial=0C",
        "-0C",
    ] {
        assert_eq!(
            invalid_fields(&with(sound(), "serial_no", bad)),
            ["serial_no"],
            "{bad}"
        );
    }
}

#[tokio::test]
async fn authorization_contains_the_serial_as_set() {
    let settings = validate(&with(sound(), "serial_no", "00aB")).unwrap();
    let signed = settings
        .request_signer()
        .authorize(&http::Method::GET, "/v3/certificates", bytes::Bytes::new())
        .await
        .unwrap();
    let header = signed.to_header_value().unwrap();
    assert!(
        header.to_str().unwrap().contains("serial_no=\"00AB\""),
        "{header:?}"
    );
}
