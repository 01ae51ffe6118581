//! `doctor` on a good set-up, and with one fault planted at a time.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    process::{Output, Stdio},
    time::Duration,
};

use serde_json::{Value, json};
use wechatpay_core::{
    crypto::default_provider,
    testing::{CertificateSpec, DemoKey, FakePlatform, private_key_pem, public_key_pem},
};

use crate::{tools::Sandbox, wechatpay};

/// Runs the doctor with settings that differ from the sandbox's.
fn doctor(sandbox: &Sandbox, changed: &[(&str, &str)], arguments: &[&str]) -> Output {
    let own = fs::read_to_string(sandbox.settings()).unwrap();
    let is_changed = |line: &&str| {
        !changed
            .iter()
            .any(|(name, _)| line.starts_with(&format!("WECHATPAY_{name}=")))
    };
    let mut text: String = own
        .lines()
        .filter(is_changed)
        .map(|line| format!("{line}\n"))
        .collect();
    for (name, value) in changed.iter().filter(|(_, value)| !value.is_empty()) {
        text.push_str(&format!("WECHATPAY_{name}='{value}'\n"));
    }
    let file = sandbox.folder.join("doctor.env");
    fs::write(&file, text).unwrap();
    wechatpay("doctor")
        .args(arguments)
        .arg("--env-file")
        .arg(&file)
        .current_dir(&sandbox.folder)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn text(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// The only failed check, with its fix.
fn failed(output: &Output) -> (String, String) {
    let all: Result<Vec<Value>, _> = serde_json::from_slice(&output.stdout);
    assert!(all.is_ok(), "{}", text(output));
    let all = all.unwrap();
    let mut failed = all.iter().filter(|checked| checked["outcome"] == "failed");
    let one = failed.next();
    assert!(one.is_some(), "{}", text(output));
    let one = one.unwrap();
    assert!(failed.next().is_none(), "{}", text(output));
    assert_eq!(output.status.code(), Some(1));
    let fix = one["fix"].as_str().unwrap();
    assert!(!fix.is_empty());
    (
        one["check"].as_str().unwrap().to_owned(),
        format!("{} {fix}", one["what"].as_str().unwrap()),
    )
}

/// A receiver that gives every request the same response.
fn receiver(response: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/notify", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream: TcpStream = stream.unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(2))).unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let _ = write!(
                stream,
                "HTTP/1.1 {response}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            );
        }
    });
    url
}

fn free_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().to_string()
}

#[test]
fn a_good_set_up_has_ticks_and_no_alarm() {
    for keys in ["pubkey", "cert", "mixed"] {
        let sandbox = Sandbox::start(&format!("doctor-good-{keys}"), keys);
        let address = free_address();
        let url = format!("http://{address}/wechatpay/notify");
        let output = doctor(&sandbox, &[("NOTIFY_URL", &url)], &["--listen", &address]);
        let text = text(&output);
        assert_eq!(output.status.code(), Some(0), "{text}");
        for check in [
            "settings",
            "gateway",
            "clock",
            "signing",
            "verification",
            "encryption",
            "notify_url",
            "notification",
        ] {
            assert!(text.contains(&format!("✓ {check}")), "{keys}, {check}: {text}");
        }
        assert!(!text.contains("fix:"), "{text}");
        assert_eq!(text.contains("✓ APIv3 key"), keys != "pubkey", "{text}");
        // No secret is printed.
        let settings = fs::read_to_string(sandbox.settings()).unwrap();
        let key = settings
            .lines()
            .find_map(|line| line.strip_prefix("WECHATPAY_API_V3_KEY="));
        assert!(!text.contains(key.unwrap().trim_matches('\'')));
    }
}

#[test]
fn each_planted_fault_is_named_with_its_fix() {
    let sandbox = Sandbox::start("doctor-faults", "pubkey");
    let certified = Sandbox::start("doctor-certs", "cert");
    let stranger = private_key_pem(DemoKey::OtherMerchant.pkcs8());
    fs::write(sandbox.folder.join("other_key.pem"), stranger).unwrap();
    let provider = default_provider().unwrap();
    let public = |key: DemoKey| {
        let key = key.load(provider.as_ref()).unwrap();
        public_key_pem(key.public_key_info())
    };
    fs::write(sandbox.folder.join("other_pub.pem"), public(DemoKey::Platform2)).unwrap();
    fs::write(sandbox.folder.join("own_pub.pem"), public(DemoKey::Merchant)).unwrap();
    let closed = format!("http://{}", free_address());
    let closed_url = format!("{closed}/notify");
    let page = receiver("200 OK");
    let proxy = receiver("502 Bad Gateway");
    let proxy = proxy.trim_end_matches("/notify");
    let [open, missing, login, forbidden, broken] = [
        page.clone(),
        receiver("404 Not Found"),
        receiver("302 Found\r\nLocation: /login"),
        receiver("403 Forbidden"),
        receiver("502 Bad Gateway"),
    ];
    let with_query = format!("{open}?shop=1");
    for (number, (changed, check, words)) in [
        (&[("MCHID", "")][..], "settings", "mchid"),
        (
            &[("PRIVATE_KEY", ""), ("PRIVATE_KEY_FILE", "none.pem")],
            "settings",
            "none.pem",
        ),
        (&[("API_V3_KEY", "too-short")], "settings", "api_v3_key"),
        (
            &[("PUBLIC_KEY", ""), ("PUBLIC_KEY_FILE", "own_pub.pem")],
            "settings",
            "merchant's own",
        ),
        (
            &[("SERIAL_NO", "7D1F0A55C0FFEE00DE3000000000000000000999")],
            "signing",
            "serial",
        ),
        (
            &[("PRIVATE_KEY", ""), ("PRIVATE_KEY_FILE", "other_key.pem")],
            "signing",
            "belong together",
        ),
        (&[("MCHID", "1900000999")], "signing", "WECHATPAY_MCHID"),
        (
            &[("PUBLIC_KEY", ""), ("PUBLIC_KEY_FILE", "other_pub.pem")],
            "verification",
            "does not belong to its id",
        ),
        (
            &[("PUBLIC_KEY_ID", "PUB_KEY_ID_0119000000012024101500000000000999")],
            "verification",
            "WECHATPAY_PUBLIC_KEY_ID",
        ),
        (&[("BASE_URL", &closed)], "gateway", "firewall"),
        (&[("BASE_URL", proxy)], "gateway", "proxy"),
        (&[("NOTIFY_URL", &with_query)], "settings", "has a query"),
        (&[("NOTIFY_URL", &closed_url)], "notify_url", "start the server"),
        (&[("NOTIFY_URL", &missing)], "notify_url", "404"),
        (&[("NOTIFY_URL", &login)], "notify_url", "/login"),
        (&[("NOTIFY_URL", &forbidden)], "notify_url", "403"),
        (&[("NOTIFY_URL", &broken)], "notify_url", "502"),
        (&[("NOTIFY_URL", &open)], "notify_url", "without a signature"),
    ]
    .into_iter()
    .enumerate()
    {
        let output = doctor(&sandbox, changed, &["--json"]);
        let (named, said) = failed(&output);
        assert_eq!(named, check, "{number}: {}", text(&output));
        assert!(said.contains(words), "{number}: {words}: {said}");
    }
    // A wrong APIv3 key shows once it opens certificates.
    let key = "0123456789abcdef0123456789abcdef";
    let output = doctor(&certified, &[("API_V3_KEY", key)], &["--json"]);
    let (check, said) = failed(&output);
    assert_eq!(check, "api_v3_key");
    assert!(said.contains("WECHATPAY_API_V3_KEY"), "{said}");
    assert!(!text(&output).contains(key), "no secret is printed");
}

#[test]
fn a_bad_day_of_the_platform_is_told_apart_from_bad_settings() {
    let sandbox = Sandbox::start("doctor-day", "pubkey");
    let address = free_address();
    let url = format!("http://{address}/notify");
    sandbox.post("/faults", &json!({ "do": "lost", "times": 9 }));
    let lost = doctor(
        &sandbox,
        &[("NOTIFY_URL", &url)],
        &["--listen", &address, "--patience", "1", "--json"],
    );
    let (check, said) = failed(&lost);
    assert_eq!(check, "notification");
    assert!(said.contains("none arrived within 1 s"), "{said}");

    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let busy = taken.local_addr().unwrap().to_string();
    let busy = doctor(&sandbox, &[], &["--listen", &busy]);
    assert_eq!(busy.status.code(), Some(1));
    assert!(
        text(&busy).contains("is your server still running?"),
        "{}",
        text(&busy)
    );

    sandbox.post("/faults", &json!({ "do": "stale-timestamp", "times": 99 }));
    let stale = doctor(&sandbox, &[], &["--json"]);
    let (check, said) = failed(&stale);
    assert_eq!(check, "verification");
    assert!(said.contains("clock of this host"), "{said}");
}

#[test]
fn an_expired_certificate_is_named_and_an_old_one_warned_of() {
    let sandbox = Sandbox::start("doctor-expiry", "pubkey");
    let platform = FakePlatform::new();
    let settings = fs::read_to_string(sandbox.settings()).unwrap();
    let serial = settings
        .lines()
        .find_map(|line| line.strip_prefix("WECHATPAY_SERIAL_NO="))
        .unwrap();
    let serial: Vec<u8> = (0..serial.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(serial.get(at..at + 2).unwrap(), 16).unwrap())
        .collect();
    let issued = |days: i64| {
        let now = platform.now();
        let spec = CertificateSpec {
            not_before: now - 1_000 * 86_400,
            not_after: now + days * 86_400,
            ..platform.certificate_spec(DemoKey::Merchant, &serial)
        };
        let file = format!("certificate{days}.pem");
        fs::write(sandbox.folder.join(&file), platform.issue(&spec)).unwrap();
        file
    };
    for (days, status, words) in [
        (-3, 1, "✗ own certificate"),
        (10, 0, "! own certificate"),
        (400, 0, "✓ own certificate"),
    ] {
        let file = issued(days);
        let output = doctor(&sandbox, &[("CERTIFICATE_FILE", &file), ("SERIAL_NO", "")], &[]);
        let text = text(&output);
        assert!(text.contains(words), "{days}: {text}");
        assert_eq!(output.status.code(), Some(status), "{text}");
    }
}
