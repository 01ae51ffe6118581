//! Configuration of the binary, and its terminal features.
//!
//! The sources are its file, its environment and its flags.

use std::{
    fs,
    io::{BufRead as _, BufReader, Lines},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    time::Duration,
};

use bytes::Bytes;
use http::{Method, Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use serde_json::{Value, json};
use wechatpay_core::{
    Config,
    testing::{
        CertificateSpec, DEMO_APPID, DEMO_MCHID, DEMO_PUBLIC_KEY_ID, DemoKey, private_key_pem, public_key_pem,
    },
};

use crate::wechatpay;

const ORDER: &str = "/v3/pay/transactions/native";

/// A folder of this test, emptied first.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("wechatpay-sandbox-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn command() -> Command {
    let mut command = wechatpay("sandbox");
    command.args(["--port", "0"]).stdin(Stdio::null());
    command
}

/// A running binary; ends with the value.
struct Server {
    child: Child,
    greeting: Vec<String>,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut greeting: Vec<String> = Vec::new();
        while greeting.last().is_none_or(|line| !line.starts_with("waiting")) {
            greeting.push(lines.next().unwrap().unwrap());
        }
        assert!(greeting.len() <= 14, "{greeting:#?}");
        Self {
            child,
            greeting,
            lines,
        }
    }

    fn says(&self, words: &str) -> bool {
        self.greeting.iter().any(|line| line.contains(words))
    }

    /// The next line that has these words.
    fn line(&mut self, words: &str) -> String {
        let mut lines = self.lines.by_ref().map(Result::unwrap);
        lines.find(|line| line.contains(words)).unwrap()
    }
}

/// The settings that `--write-env` wrote, the keys read from their files.
fn settings(folder: &Path) -> Config {
    let text = fs::read_to_string(folder.join(".env.sandbox")).unwrap();
    let mut json = serde_json::Map::new();
    for line in text.lines().filter_map(|line| line.strip_prefix("WECHATPAY_")) {
        let (name, value) = line.split_once('=').unwrap();
        let value = value.trim_matches('\'');
        let value = if value == "true" {
            json!(true)
        } else {
            json!(value)
        };
        json.insert(name.to_ascii_lowercase(), value);
    }
    serde_json::from_value(json.into()).unwrap()
}

/// Places an order as this merchant; returns status, response, and sent signature.
async fn order(config: &Config, number: &str) -> (StatusCode, Value, String) {
    let settings = config.clone().validate().unwrap();
    let body = json!({
        "appid": settings.appid, "mchid": settings.mchid, "description": "tea", "out_trade_no": number,
        "notify_url": "http://127.0.0.1:9/notify", "amount": { "total": 100 },
    });
    let body = Bytes::from(body.to_string());
    let signed = settings
        .request_signer()
        .authorize(&Method::POST, ORDER, body.clone());
    let header = signed.await.unwrap().to_header_value().unwrap();
    let text = header.to_str().unwrap();
    let (_, signature) = text.split_once("signature=\"").unwrap();
    let signature = signature.split('"').next().unwrap().to_owned();
    let request = Request::post(format!("{}{ORDER}", settings.base_url))
        .header("accept", "application/json")
        .header("user-agent", "config-test")
        .header("content-type", "application/json")
        .header("authorization", header)
        .body(Full::new(body))
        .unwrap();
    let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
    let response = client.request(request).await.unwrap();
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (
        status,
        serde_json::from_slice(&body).unwrap_or_default(),
        signature,
    )
}

#[tokio::test]
async fn flags_merchants_and_faults_come_from_a_file() {
    let folder = folder("file");
    let file = folder.join("sandbox.toml");
    fs::write(
        &file,
        r#"
            keys = "mixed"
            retry = "fast"
            clock = "manual"
            code_url = "http"
            allow_notify_host = ["shop.test", "other.test"]

            [[merchant]]
            mchid = "1900000002"
            api_v3_key = "AnotherDemoApiV3Key0123456789abc"
            kind = "direct"
            name = "Book shop"
            appids = ["wx0123456789abcdef"]

            [[merchant]]
            mchid = "1900000003"
            api_v3_key = "AThirdDemoApiV3Key00123456789abc"
            [[merchant.sub_merchant]]
            mchid = "1900000309"
            [[merchant.certificate]]
            serial_no = "4F2E"
            public_key_file = "third.pem"

            [[fault]]
            do = "status=503"
            when = { path = "/v3/pay/**", nth = [2] }
            times = 0
        "#,
    )
    .unwrap();
    let provider = wechatpay_core::crypto::default_provider().unwrap();
    let key = DemoKey::Stranger.load(provider.as_ref()).unwrap();
    fs::write(folder.join("third.pem"), public_key_pem(key.public_key_info())).unwrap();

    // The environment beats the file, and a flag beats the environment.
    let written = folder.join("env");
    let server = Server::start(
        command()
            .arg("--config")
            .arg(&file)
            .arg("--write-env")
            .arg(&written)
            .args(["--retry", "none"])
            .env("WECHATPAY_SANDBOX_KEYS", "pubkey")
            .env("WECHATPAY_SANDBOX_RETRY", "real"),
    );
    assert!(
        server.says("others    1900000002, 1900000003"),
        "{:#?}",
        server.greeting
    );
    assert!(
        server.says("keys      WeChat Pay public key"),
        "{:#?}",
        server.greeting
    );
    assert!(server.says("retries   none"), "{:#?}", server.greeting);

    // Who has a private key gets a folder, and it works; the second call meets the fault.
    assert!(!written.join("1900000003").exists());
    let config = settings(&written.join("1900000002"));
    assert_eq!(config.appid.as_deref(), Some("wx0123456789abcdef"));
    let (status, reply, _) = order(&config, "file-0001").await;
    assert_eq!(status, StatusCode::OK, "{reply}");
    assert!(
        reply["code_url"]
            .as_str()
            .unwrap()
            .starts_with("http://127.0.0.1:")
    );
    assert_eq!(
        order(&config, "file-0002").await.0,
        StatusCode::SERVICE_UNAVAILABLE
    );
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn what_a_file_cannot_say_is_refused_with_its_line() {
    let folder = folder("bad-file");
    let file = folder.join("bad.toml");
    let merchant =
        "[[merchant]]\nmchid = \"1900000002\"\napi_v3_key = \"AnotherDemoApiV3Key0123456789abc\"\n";
    for (text, line, words) in [
        (
            "\nprt = 1".to_owned(),
            2,
            "there is no `prt`; there are port, bind, ",
        ),
        (
            "keys = \"x\"".to_owned(),
            1,
            "[possible values: pubkey, cert, mixed]",
        ),
        ("port = 70000".to_owned(), 1, "70000 is not in 0..=65535"),
        ("strict = \"yes\"".to_owned(), 1, "`strict` is true or false"),
        (
            "bind = { a = 1 }".to_owned(),
            1,
            "is a text, a number, true or false",
        ),
        ("config = \"x\"".to_owned(), 1, "there is no `config`"),
        ("port = ".to_owned(), 1, ""),
        (
            "[[merchant]]\napi_v3_key = \"secret\"".to_owned(),
            2,
            "an APIv3 key has 32 bytes",
        ),
        ("[[merchant]]\nmchid = \"x y\"".to_owned(), 2, "mchid"),
        (format!("{merchant}kind = \"x\""), 4, "`service-provider`"),
        (format!("{merchant}nam = \"x\""), 4, "unknown field `nam`"),
        (
            format!("{merchant}[[merchant.certificate]]\nserial_no = \"AB\""),
            4,
            "a private_key_file, a public_key_file or a certificate_file",
        ),
        (
            format!("{merchant}[[merchant.certificate]]\nserial_no = \"AB\"\nprivate_key_file = \"no.pem\""),
            4,
            "no.pem: No such file",
        ),
        (
            format!("{merchant}[[merchant.certificate]]\nserial_no = \"AB\"\npublic_key_file = 5"),
            6,
            "`public_key_file` is a path",
        ),
        (
            format!("{merchant}[[merchant.certificate]]\nserial_no = \"x y\"\npublic_key = \"secret\""),
            5,
            "must",
        ),
        (
            format!("{merchant}[[merchant.certificate]]\npublic_key = \"secret\""),
            4,
            "a certificate has a serial_no",
        ),
        (
            format!(
                "{merchant}[[merchant.sub_merchant]]\nmchid = \"1900000109\"\nappids = [\"wx1\",\n\"x y\"]"
            ),
            6,
            "not a valid appid",
        ),
        (
            "port = 1\n[[merchant]]\nmchid = \"1900000002\"".to_owned(),
            2,
            "missing field `api_v3_key`",
        ),
        ("merchant = 1".to_owned(), 1, "expected a sequence"),
        ("[[fault]]\ndo = \"nonsense\"".to_owned(), 2, "nonsense"),
    ] {
        fs::write(&file, &text).unwrap();
        let output = command().arg("--config").arg(&file).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success(), "{text}");
        let start = format!("error: {}:{line}: ", file.display());
        assert!(
            error.starts_with(&start) && error.contains(words),
            "{text}\n{error}"
        );
        assert!(error.lines().count() == 1 && !error.contains("secret"), "{error}");
    }
    let output = command().args(["--config", "/nowhere.toml"]).output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.starts_with("error: /nowhere.toml: No such file"), "{error}");
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn keys_that_look_real_are_refused() {
    let folder = folder("real");
    let provider = wechatpay_core::crypto::default_provider().unwrap();
    let key = DemoKey::OtherMerchant.load(provider.as_ref()).unwrap();
    let certificate = CertificateSpec {
        serial: vec![0x4F, 0x2E],
        subject: "1900000002".to_owned(),
        issuer: "Tenpay.com Root CA".to_owned(),
        not_before: 1_700_000_000,
        not_after: 1_900_000_000,
        public_key_info: key.public_key_info().to_vec(),
        is_ca: false,
    };
    let pem = certificate.issue_pem(key.as_ref()).unwrap();
    fs::write(folder.join("apiclient_cert.pem"), pem).unwrap();
    fs::write(
        folder.join("apiclient_key.pem"),
        private_key_pem(DemoKey::OtherMerchant.pkcs8()),
    )
    .unwrap();
    let file = folder.join("sandbox.toml");
    // Said, or beside the key as it was downloaded.
    for certificate in [
        "certificate_file = \"apiclient_cert.pem\"",
        "serial_no = \"4F2E\"\nprivate_key_file = \"apiclient_key.pem\"",
    ] {
        let text = format!(
            "[[merchant]]\nmchid = \"1900000002\"\napi_v3_key = \"AnotherDemoApiV3Key0123456789abc\"\n[[merchant.certificate]]\n{certificate}\n"
        );
        fs::write(&file, text).unwrap();
        let output = command().arg("--config").arg(&file).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success());
        assert!(
            error.contains("sandbox.toml:4: this certificate was issued by WeChat Pay"),
            "{error}"
        );
    }
    Server::start(command().arg("--i-know").arg("--config").arg(&file));
    fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn fresh_keys_are_new_and_work_and_the_json_log_has_no_signature() {
    let folder = folder("fresh");
    let mut server = Server::start(
        command()
            .args([
                "--fresh-keys",
                "--keys",
                "mixed",
                "--log",
                "json",
                "--qr",
                "dark",
                "--init",
            ])
            .arg(&folder),
    );
    assert!(server.says("new keys"), "{:#?}", server.greeting);
    let demo = private_key_pem(DemoKey::Merchant.pkcs8());
    let fresh = fs::read_to_string(folder.join("apiclient_key.pem")).unwrap();
    assert_ne!(fresh, demo);
    let provider = wechatpay_core::crypto::default_provider().unwrap();
    let platform = DemoKey::PublicKey.load(provider.as_ref()).unwrap();
    let fresh = fs::read_to_string(folder.join("pub_key.pem")).unwrap();
    assert_ne!(fresh, public_key_pem(platform.public_key_info()));

    let config = settings(&folder);
    let mut own = config.clone();
    own.sub_mchid = None;
    let (status, reply, signature) = order(&own, "fresh-0001").await;
    assert_eq!(status, StatusCode::OK, "{reply}");
    let line = server.line(r#""kind":"request""#);
    let event: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(event["out_trade_no"], "fresh-0001");
    assert!(
        !line.contains(&signature) && !line.contains("signature"),
        "{line}"
    );

    // A key that everybody has is a stranger here.
    own.private_key = Some(demo.into());
    own.private_key_file = None;
    let (status, _, signature) = order(&own, "fresh-0002").await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    let line = server.line("SIGN_ERROR");
    assert!(!line.contains(&signature), "{line}");
    assert_eq!(config.public_key_id.as_deref(), Some(DEMO_PUBLIC_KEY_ID));
    assert_eq!(
        (config.mchid.as_deref(), config.appid.as_deref()),
        (Some(DEMO_MCHID), Some(DEMO_APPID))
    );
    fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn a_native_order_is_drawn_and_the_browser_is_opened_when_asked_for() {
    let folder = folder("terminal");
    // Stands in for the desktop's own program.
    let opened = folder.join("opened");
    let program = folder.join(if cfg!(target_os = "macos") {
        "open"
    } else {
        "xdg-open"
    });
    let script = format!(
        "#!/bin/sh\necho \"$@\" > {0}.draft && mv {0}.draft {0}\n",
        opened.display()
    );
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());

    let mut server = Server::start(
        command()
            .args(["--qr", "light", "--open", "--write-env"])
            .arg(&folder)
            .env("PATH", &path),
    );
    let dashboard = server
        .greeting
        .iter()
        .find_map(|line| line.trim().strip_prefix("dashboard "));
    for waited in 0.. {
        if opened.exists() {
            break;
        }
        assert!(waited < 600, "nothing opened");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(Some(fs::read_to_string(&opened).unwrap().trim()), dashboard);
    fs::remove_file(&opened).unwrap();

    let mut config = settings(&folder);
    config.sub_mchid = None;
    order(&config, "drawn-0001").await;
    server.line("POST");
    let cashier = server.line("/cashier/native?pr=");
    assert!(cashier.starts_with("  http://127.0.0.1:"), "{cashier}");
    drop(server);

    // Not in a pipe unless told, and no browser when told not to.
    let mut server = Server::start(
        command()
            .args(["--no-open", "--write-env"])
            .arg(&folder)
            .env("WECHATPAY_SANDBOX_OPEN", "true")
            .env("PATH", &path),
    );
    let mut config = settings(&folder);
    config.sub_mchid = None;
    order(&config, "plain-0001").await;
    server.line("POST");
    order(&config, "plain-0002").await;
    let next = server.lines.next().unwrap().unwrap();
    assert!(next.contains("plain-0002"), "{next}");
    assert!(!opened.exists());
    fs::remove_dir_all(folder).unwrap();
}
