//! Settings: where they come from, all that is wrong with them at once, and nothing secret in what is said about it.
#![cfg(all(feature = "test-util", any(feature = "aws-lc-rs", feature = "rust-crypto")))]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a rig that cannot be built fails the suite loudly"
)]

mod support;

use std::{path::PathBuf, process::Command, sync::Arc};

use serde_json::{Value, json};
use support::providers;
use wechatpay_core::{
    Config, ConfigProblems, Settings,
    crypto::CryptoProvider,
    testing::{DEMO_API_V3_KEY, DEMO_PUBLIC_KEY_ID, DemoKey, private_key_pem, public_key_pem},
};

const SERIAL: &str = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1";
/// Set for the child process that reads the environment.
const CHILD: &str = "WECHATPAY_TEST_CHILD";

fn private_key() -> String {
    private_key_pem(DemoKey::Merchant.pkcs8())
}

fn public_key(provider: &dyn CryptoProvider) -> String {
    public_key_pem(DemoKey::PublicKey.load(provider).unwrap().public_key_info())
}

/// Settings that are sound, in certificate mode.
fn sound() -> Value {
    json!({
        "mchid": "1900000001",
        "serial_no": SERIAL,
        "private_key": private_key(),
        "api_v3_key": DEMO_API_V3_KEY,
    })
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
    let settings = judge(&sound()).unwrap();
    assert_eq!(settings.mchid, "1900000001");
    assert!(settings.certificates);
    assert!(settings.public_key.is_none() && settings.notify_url.is_none() && settings.appid.is_none());
    assert_eq!(settings.base_url, "https://api.mch.weixin.qq.com");
    assert_eq!(settings.api_v3_key.expose(), DEMO_API_V3_KEY.as_bytes());
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
            "mchid with a line end",
            with(sound(), "mchid", "1900000001\n"),
            &["mchid"],
        ),
        ("serial missing", without(sound(), "serial_no"), &["serial_no"]),
        (
            "serial with colons",
            with(sound(), "serial_no", "51:57"),
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
            &["api_v3_key"],
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
            "notify_url behind a blank",
            with(sound(), "notify_url", " https://shop.example/n"),
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
        assert_eq!(judge(&with(sound(), "base_url", given)).unwrap().base_url, used);
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
        " https://api.mch.weixin.qq.com",
    ] {
        assert_eq!(complaints(&with(sound(), "base_url", bad)), ["base_url"], "{bad}");
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
    for settings in [all, misplaced, bare] {
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

/// What the child says.
fn child(variables: &[(&str, &str)]) -> String {
    let output = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "the_child_says_what_it_read",
            "--nocapture",
            "--test-threads=1",
        ])
        .env_clear()
        .env(CHILD, "1")
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_child_says_what_it_read() {
    if std::env::var_os(CHILD).is_none() {
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
                config.private_key,
                config.private_key_file,
                config.api_v3_key,
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

#[test]
fn every_variable_is_read_under_its_name() {
    let names = [
        "MCHID",
        "SUB_MCHID",
        "APPID",
        "SERIAL_NO",
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
    let said = child(&pairs);
    assert!(said.contains("set: true"), "{said}");
    assert!(said.contains(&format!("read: {}", json!(expected))), "{said}");
    for pair in &pairs {
        assert!(child(&[*pair]).contains("set: true"), "{pair:?}");
    }
}

#[test]
fn an_empty_environment_is_no_settings_and_empty_variables_are_none() {
    let nothing = format!("read: {}", json!(vec![Value::Null; 14]));
    for variables in [
        &[][..],
        &[
            ("WECHATPAY_MCHID", ""),
            ("WECHATPAY_API_V3_KEY_FILE", ""),
            ("WECHATPAY_CERTIFICATES", ""),
        ],
        &[("MCHID", "1900000001"), ("wechatpay_mchid", "1900000001")],
    ] {
        let said = child(variables);
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
        let said = child(&[("WECHATPAY_CERTIFICATES", text)]);
        assert!(said.contains(&format!("null,{read},null")), "{said}");
    }
    for text in ["yes", "TRUE", " true"] {
        let said = child(&[("WECHATPAY_CERTIFICATES", text)]);
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

    let output = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "the_child_says_what_it_read",
            "--nocapture",
            "--test-threads=1",
        ])
        .env_clear()
        .env(CHILD, "1")
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
