//! Signing: the `Authorization` of a request, the parameters of a payment sheet, and the key files behind both.

use std::{
    collections::HashSet,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, Waker},
    time::{Duration, SystemTime},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::Method;
use proptest::prelude::*;
use serde_json::json;
use wechatpay_core::{
    BoxError, Clock, NonceSource,
    crypto::{
        Aead, CryptoProvider, DecryptError, Digest, KeyLoadError, PrivateKey, PublicKey, SigningFailed,
    },
    sign::{
        Authorization, LocalSigner, MalformedAuthorization, RequestSigner, SCHEME, SignError, SignFuture,
        Signer, SigningMessage,
    },
    testing::{DemoKey, FakePlatform, private_key_pem, public_key_pem},
    types::{ApiV3Key, Mchid, PrivateKeyPem, SerialNumber},
};
use zeroize::Zeroizing;

use crate::support::providers;

const NOW: i64 = 1_700_000_000;
const NONCE: &str = "593BEC0C930BF1AFEB40B4A08C8FB242";
const MCHID: &str = "1900000001";
const SERIAL: &str = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1";

fn merchant_pem() -> String {
    private_key_pem(DemoKey::Merchant.pkcs8())
}

fn load(pem: &str, provider: &dyn CryptoProvider) -> Result<LocalSigner, KeyLoadError> {
    LocalSigner::new(SERIAL.parse().unwrap(), &PrivateKeyPem::from(pem), provider)
}

fn local(provider: &dyn CryptoProvider) -> LocalSigner {
    load(&merchant_pem(), provider).unwrap()
}

fn public(provider: &dyn CryptoProvider, key: DemoKey) -> Arc<dyn PublicKey> {
    let key = key.load(provider).unwrap();
    provider.public_key(key.public_key_info()).unwrap()
}

fn request_signer(signer: impl Signer + 'static) -> RequestSigner {
    RequestSigner::new(MCHID.parse().unwrap(), Arc::new(signer))
        .clock(Clock::fixed(NOW))
        .nonces(NonceSource::from_fn(|| NONCE.into()))
}

fn verifies(key: &dyn PublicKey, message: &[u8], signature: &str) -> bool {
    key.verify(&[message], &STANDARD.decode(signature).unwrap())
        .is_ok()
}

// Requests.

#[tokio::test]
async fn what_is_signed_verifies_with_the_public_key_over_the_five_lines() {
    for (name, provider) in providers() {
        let key = public(provider.as_ref(), DemoKey::Merchant);
        let signer = request_signer(local(provider.as_ref()));
        let body = "{\"description\":\"Image形象店\"}";
        for (method, path, body) in [
            (Method::GET, "/v3/certificates", ""),
            (Method::GET, "/v3/pay/transactions/id/42?mchid=1900000001", ""),
            (Method::POST, "/v3/pay/transactions/jsapi", body),
            (Method::POST, "/v3/x", "ends in a line end\n"),
        ] {
            let authorization = signer
                .authorize(&method, path, Bytes::from_static(body.as_bytes()))
                .await
                .unwrap();
            let message = format!("{method}\n{path}\n{NOW}\n{NONCE}\n{body}\n");
            assert!(
                verifies(key.as_ref(), message.as_bytes(), &authorization.signature),
                "{name}: {path}"
            );
            assert_eq!(authorization.mchid, MCHID, "{name}");
            assert_eq!(authorization.serial.as_str(), SERIAL, "{name}");
            assert_eq!(authorization.timestamp, NOW.to_string(), "{name}");
            assert_eq!(authorization.nonce, NONCE, "{name}");
        }
    }
}

#[tokio::test]
async fn each_signature_has_its_own_nonce_and_the_time_of_its_making() {
    for (name, provider) in providers() {
        let signer = RequestSigner::new(MCHID.parse().unwrap(), Arc::new(local(provider.as_ref())));
        let mut nonces = HashSet::new();
        for _ in 0..20 {
            let authorization = signer
                .authorize(&Method::GET, "/v3/x", Bytes::new())
                .await
                .unwrap();
            assert_eq!(authorization.nonce.len(), 32, "{name}");
            assert!(
                authorization
                    .nonce
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric()),
                "{name}"
            );
            let now = SystemTime::now()
                .duration_since(SystemTime::UNIX_EPOCH)
                .unwrap()
                .as_secs();
            assert!(
                now.abs_diff(authorization.timestamp.parse().unwrap()) < 10,
                "{name}"
            );
            assert!(nonces.insert(authorization.nonce), "{name}");
        }
    }
}

#[test]
fn ten_thousand_nonces_differ_and_use_the_whole_alphabet_evenly() {
    let source = NonceSource::system();
    let nonces: HashSet<String> = (0..10_000).map(|_| source.next().unwrap()).collect();
    assert_eq!(nonces.len(), 10_000);
    let mut counts = std::collections::HashMap::<char, u32>::new();
    for character in nonces.iter().flat_map(|nonce| nonce.chars()) {
        *counts.entry(character).or_default() += 1;
    }
    assert_eq!(counts.len(), 62);
    // 320 000 characters over 62: about 5161 each. A favoured character would have half as many more.
    assert!(
        counts.values().all(|count| (4500..5900).contains(count)),
        "{counts:?}"
    );
}

#[tokio::test]
async fn a_line_end_in_what_is_signed_is_an_error_that_says_so() {
    for (name, provider) in providers() {
        let signer = request_signer(local(provider.as_ref()));
        let error = signer
            .authorize(&Method::GET, "/v3/x\n/v3/y", Bytes::new())
            .await
            .unwrap_err();
        assert!(matches!(error, SignError::Message(_)), "{name}: {error:?}");
        assert!(error.to_string().contains("path and query"), "{name}: {error}");
        let crooked = signer.clone().nonces(NonceSource::from_fn(|| "a\nb".into()));
        let error = crooked
            .authorize(&Method::GET, "/v3/x", Bytes::new())
            .await
            .unwrap_err();
        assert!(matches!(error, SignError::Message(_)), "{name}: {error:?}");
        let error = crooked
            .jsapi(&"wx1".parse().unwrap(), &"wx2".parse().unwrap())
            .await
            .unwrap_err();
        assert!(matches!(error, SignError::Message(_)), "{name}: {error:?}");
    }
}

// The header.

fn authorization(nonce: &str, timestamp: &str, signature: &str) -> Authorization {
    Authorization {
        mchid: MCHID.parse().unwrap(),
        nonce: nonce.into(),
        timestamp: timestamp.into(),
        serial: SERIAL.parse().unwrap(),
        signature: signature.into(),
    }
}

proptest! {
    #[test]
    fn what_is_printed_is_read_back_and_what_could_not_be_is_not_printed(
        nonce in "[ -~\u{0}\u{7F}é]{0,12}",
        timestamp in "[0-9\",]{0,10}",
        signature in "[A-Za-z0-9+/=\" ]{0,40}",
        mchid in "[0-9]{1,32}",
        serial in "[0-9A-F]{1,40}",
    ) {
        prop_assume!(!serial.trim_start_matches('0').is_empty());
        let made = Authorization {
            mchid: Mchid::parse(&mchid).unwrap(),
            serial: SerialNumber::parse(&serial).unwrap(),
            ..authorization(&nonce, &timestamp, &signature)
        };
        let sound = [&nonce, &timestamp, &signature].iter().all(|part| {
            !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"' && byte != b',')
        });
        match made.to_header_value() {
            Ok(value) => {
                prop_assert!(sound);
                prop_assert!(value.is_sensitive());
                prop_assert_eq!(Authorization::parse(value.to_str().unwrap()).unwrap(), made);
            }
            Err(_) => prop_assert!(!sound),
        }
    }

    #[test]
    fn no_header_makes_the_parser_panic_and_what_it_takes_it_prints(text in "(WECHATPAY2-SHA256-RSA2048 )?[a-z_=\", 0-9é]{0,80}") {
        if let Ok(read) = Authorization::parse(&text) {
            let printed = read.to_header_value().unwrap();
            prop_assert_eq!(Authorization::parse(printed.to_str().unwrap()).unwrap(), read);
        }
    }

    #[test]
    fn the_pairs_may_stand_in_any_order(order in Just([0, 1, 2, 3, 4]).prop_shuffle()) {
        let pairs = [
            format!("mchid=\"{MCHID}\""),
            format!("nonce_str=\"{NONCE}\""),
            format!("timestamp=\"{NOW}\""),
            format!("serial_no=\"{SERIAL}\""),
            "signature=\"QUJD\"".to_owned(),
        ];
        let text: Vec<&str> = order.iter().map(|place| pairs[*place].as_str()).collect();
        let read = Authorization::parse(&format!("{SCHEME} {}", text.join(","))).unwrap();
        prop_assert_eq!(read, authorization(NONCE, &NOW.to_string(), "QUJD"));
    }
}

#[test]
fn a_header_that_is_not_exactly_the_scheme_and_its_five_pairs_is_refused() {
    let sound = authorization(NONCE, "1700000000", "QUJD")
        .to_header_value()
        .unwrap();
    let sound = sound.to_str().unwrap();
    assert!(Authorization::parse(sound).is_ok());
    let malformed = [
        String::new(),
        SCHEME.to_owned(),
        format!("{SCHEME} "),
        sound.to_lowercase(),
        sound.replace("RSA2048 ", "RSA2048  "),
        sound.replace("RSA2048 ", "RSA2048\t"),
        sound.replace("RSA2048 ", "RSA2048"),
        sound.replace(SCHEME, "WECHATPAY2-SM2-WITH-SM3"),
        sound.replace(SCHEME, "Bearer"),
        format!(" {sound}"),
        format!("{sound} "),
        format!("{sound},"),
        format!("{sound},mchid=\"1900000002\""),
        format!("{sound},signature=\"QUJD\""),
        format!("{sound},realm=\"x\""),
        sound.replace(",timestamp", ", timestamp"),
        sound.replace(",timestamp", ";timestamp"),
        sound.replace("timestamp=", "timestamp:"),
        sound.replace("\"1700000000\"", "1700000000"),
        sound.replace("\"1700000000\"", "'1700000000'"),
        sound.replace("\"1700000000\"", "\"1700000000"),
        sound.replace("\"1700000000\"", "\"\""),
        sound.replace("\"1700000000\"", "\"\"1700000000\"\""),
        sound.replace("1700000000", "17 00"),
        sound.replace(MCHID, "merchant"),
        sound.replace(SERIAL, "no serial"),
        sound.replace(",timestamp=\"1700000000\"", ""),
        sound.replace("signature=\"QUJD\"", "signature="),
    ];
    for text in malformed {
        let error: Result<_, MalformedAuthorization> = Authorization::parse(&text);
        assert!(error.is_err(), "{text}");
    }
}

// Payment sheets.

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

// Where it is signed.

/// Polls once, outside any runtime.
fn poll_once<F: Future>(future: F) -> Poll<F::Output> {
    pin!(future).poll(&mut Context::from_waker(Waker::noop()))
}

fn message() -> SigningMessage {
    SigningMessage::request("GET", "/v3/x", "1700000000", NONCE, Bytes::new()).unwrap()
}

#[tokio::test]
async fn inline_and_on_a_blocking_thread_it_is_the_same_signature() {
    for (name, provider) in providers() {
        let signer = local(provider.as_ref());
        let inline = signer.clone().off_thread(false);
        let Poll::Ready(here) = poll_once(inline.sign(message())) else {
            panic!("{name}: an inline signature is there at once");
        };
        let there = signer.off_thread(true).sign(message()).await.unwrap();
        assert_eq!(here.unwrap(), there, "{name}");
    }
}

#[test]
fn without_a_runtime_it_is_signed_where_it_is_called() {
    for (name, provider) in providers() {
        for off_thread in [true, false] {
            let signer = local(provider.as_ref()).off_thread(off_thread);
            assert!(
                matches!(poll_once(signer.sign(message())), Poll::Ready(Ok(_))),
                "{name}"
            );
            let signer = request_signer(signer);
            let authorized = poll_once(signer.authorize(&Method::GET, "/v3/x", Bytes::new()));
            assert!(matches!(authorized, Poll::Ready(Ok(_))), "{name}");
        }
    }
}

#[test]
fn a_slow_backend_leaves_the_async_worker_by_itself() {
    for (name, provider) in providers() {
        let shown = format!("{:?}", local(provider.as_ref()));
        assert_eq!(
            shown.contains("off_thread: true"),
            provider.signs_slowly(),
            "{name}: {shown}"
        );
    }
}

#[test]
fn a_runtime_that_is_gone_is_an_error_and_not_a_panic() {
    for (name, provider) in providers() {
        let signer = local(provider.as_ref()).off_thread(true);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let handle = runtime.handle().clone();
        runtime.shutdown_background();
        let entered = handle.enter();
        let outcome = poll_once(signer.sign(message()));
        drop(entered);
        assert!(
            matches!(outcome, Poll::Ready(Err(SignError::Shutdown) | Ok(_))),
            "{name}: {outcome:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hundred_signatures_at_once_all_verify() {
    for (name, provider) in providers() {
        let key = public(provider.as_ref(), DemoKey::Merchant);
        for off_thread in [true, false] {
            let signer = RequestSigner::new(
                MCHID.parse().unwrap(),
                Arc::new(local(provider.as_ref()).off_thread(off_thread)),
            );
            let tasks: Vec<_> = (0..100)
                .map(|number| {
                    let signer = signer.clone();
                    tokio::spawn(async move {
                        let path = format!("/v3/{number}");
                        let authorization =
                            signer.authorize(&Method::GET, &path, Bytes::new()).await.unwrap();
                        (path, authorization)
                    })
                })
                .collect();
            for task in tasks {
                let (path, made) = task.await.unwrap();
                let message = format!("GET\n{path}\n{}\n{}\n\n", made.timestamp, made.nonce);
                assert!(
                    verifies(key.as_ref(), message.as_bytes(), &made.signature),
                    "{name}: {path}"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_signature_that_nobody_waits_for_any_more_does_no_harm() {
    for (name, provider) in providers() {
        let signer = request_signer(local(provider.as_ref()).off_thread(true));
        let mut given_up = Box::pin(signer.authorize(&Method::GET, "/v3/x", Bytes::new()));
        let _ = given_up.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        drop(given_up);
        assert!(
            signer
                .authorize(&Method::GET, "/v3/x", Bytes::new())
                .await
                .is_ok(),
            "{name}"
        );
    }
}

/// A key that lives elsewhere.
#[derive(Debug)]
struct Remote {
    serial: SerialNumber,
    key: Result<LocalSigner, &'static str>,
}

impl Signer for Remote {
    fn serial(&self) -> &SerialNumber {
        &self.serial
    }

    fn sign(&self, message: SigningMessage) -> SignFuture {
        let key = self.key.clone();
        SignFuture::new(async move {
            tokio::time::sleep(Duration::from_millis(20)).await;
            match key {
                Ok(key) => key.sign(message).await,
                Err(why) => Err(SignError::Remote(BoxError::from(why))),
            }
        })
    }
}

#[tokio::test(start_paused = true)]
async fn a_key_that_lives_elsewhere_signs_like_a_local_one() {
    for (name, provider) in providers() {
        let key = local(provider.as_ref());
        let serial: SerialNumber = SERIAL.parse().unwrap();
        let remote = Remote {
            serial: serial.clone(),
            key: Ok(key.clone()),
        };
        assert!(
            remote.decrypt(b"x").is_err(),
            "{name}: the default signer decrypts nothing"
        );
        let path = "/v3/certificates";
        let there = request_signer(remote)
            .authorize(&Method::GET, path, Bytes::new())
            .await
            .unwrap();
        let here = request_signer(key)
            .authorize(&Method::GET, path, Bytes::new())
            .await
            .unwrap();
        assert_eq!(there, here, "{name}");

        let broken = Remote {
            serial,
            key: Err("the vault is sealed"),
        };
        let error = request_signer(broken)
            .authorize(&Method::GET, path, Bytes::new())
            .await
            .unwrap_err();
        let cause = std::error::Error::source(&error).unwrap().to_string();
        assert_eq!(cause, "the vault is sealed", "{name}");
        assert!(
            !error.to_string().contains("vault"),
            "{name}: a cause is said once"
        );
    }
}

#[test]
fn a_signer_decrypts_what_was_encrypted_to_its_certificate() {
    for (name, provider) in providers() {
        let key = public(provider.as_ref(), DemoKey::Merchant);
        let signer = local(provider.as_ref());
        for text in ["", "张三", &"x".repeat(214)] {
            let ciphertext = key.encrypt(text.as_bytes()).unwrap();
            assert_eq!(
                signer.decrypt(&ciphertext).unwrap().as_slice(),
                text.as_bytes(),
                "{name}"
            );
            let mut bent = ciphertext;
            bent[100] ^= 1;
            assert!(signer.decrypt(&bent).is_err(), "{name}");
        }
        assert!(key.encrypt(&[0; 215]).is_err(), "{name}");
        let strange = public(provider.as_ref(), DemoKey::Stranger)
            .encrypt(b"x")
            .unwrap();
        assert!(signer.decrypt(&strange).is_err(), "{name}");
        for length in [0, 1, 255, 257] {
            assert!(signer.decrypt(&vec![7; length]).is_err(), "{name}: {length}");
        }
    }
}

// Key files.

/// Splits one DER element off: its content, and what follows.
fn element(der: &[u8]) -> (&[u8], &[u8]) {
    let (start, length) = match der[1] {
        short @ 0..=0x7F => (2, usize::from(short)),
        0x81 => (3, usize::from(der[2])),
        _ => (4, usize::from(u16::from_be_bytes([der[2], der[3]]))),
    };
    (&der[start..start + length], &der[start + length..])
}

fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut out = vec![tag];
    match length {
        0..0x80 => out.push(u8::try_from(length).unwrap()),
        0x80..0x100 => out.extend([0x81, u8::try_from(length).unwrap()]),
        _ => {
            out.push(0x82);
            out.extend(u16::try_from(length).unwrap().to_be_bytes());
        }
    }
    out.extend_from_slice(content);
    out
}

/// The PKCS#1 key inside a PKCS#8 one.
fn pkcs1(pkcs8: &[u8]) -> Vec<u8> {
    let (content, _) = element(pkcs8);
    let (_, after_version) = element(content);
    let (_, after_algorithm) = element(after_version);
    element(after_algorithm).0.to_vec()
}

fn pkcs8_of(algorithm: &[u8], key: &[u8]) -> Vec<u8> {
    tlv(0x30, &[&[0x02, 0x01, 0x00], algorithm, &tlv(0x04, key)].concat())
}

const RSA: [u8; 15] = [
    0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00,
];
const P256: [u8; 21] = [
    0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE,
    0x3D, 0x03, 0x01, 0x07,
];

fn pem(label: &str, der: &[u8]) -> String {
    format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        STANDARD.encode(der)
    )
}

#[test]
fn a_private_key_is_read_in_every_form_in_which_people_have_it() {
    let pkcs8 = merchant_pem();
    let one_line = pem("PRIVATE KEY", DemoKey::Merchant.pkcs8());
    let wide: String = {
        let base64 = STANDARD.encode(DemoKey::Merchant.pkcs8());
        let lines: Vec<&str> = base64
            .as_bytes()
            .chunks(76)
            .map(|line| std::str::from_utf8(line).unwrap())
            .collect();
        format!(
            "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----",
            lines.join("\n")
        )
    };
    let forms = [
        ("PKCS#8", pkcs8.clone()),
        (
            "PKCS#1",
            pem("RSA PRIVATE KEY", &pkcs1(DemoKey::Merchant.pkcs8())),
        ),
        ("CRLF", pkcs8.replace('\n', "\r\n")),
        ("CR only", pkcs8.replace('\n', "\r")),
        ("escaped LF", pkcs8.replace('\n', "\\n")),
        ("escaped CRLF", pkcs8.replace('\n', "\\r\\n")),
        ("one line of base64", one_line.clone()),
        ("blanks for line ends", pkcs8.replace('\n', " ")),
        ("lines of 76 and no last line end", wide),
        ("blanks around", format!("\n\n  {pkcs8}  \n")),
        (
            "text before",
            format!("Bag Attributes\n    friendlyName: x\n{pkcs8}"),
        ),
        ("indented, as in YAML", pkcs8.replace('\n', "\n    ")),
        ("a byte order mark", format!("\u{FEFF}{pkcs8}")),
    ];
    for (name, provider) in providers() {
        let public_key_info = local(provider.as_ref()).public_key_info().to_vec();
        for (form, text) in &forms {
            match load(text, provider.as_ref()) {
                Ok(signer) => assert_eq!(signer.public_key_info(), public_key_info, "{name}: {form}"),
                Err(error) => panic!("{name}: {form}: {error}"),
            }
        }
    }
}

#[test]
fn a_wrong_file_is_named_for_what_it_is() {
    for (name, provider) in providers() {
        let provider = provider.as_ref();
        let platform = FakePlatform::with_provider(Arc::clone(
            &providers()
                .into_iter()
                .find(|(other, _)| *other == name)
                .unwrap()
                .1,
        ));
        let certificate = platform.issue(&platform.certificate_spec(DemoKey::Merchant, &[0x51, 0x57]));
        let public_key = public_key_pem(platform.demo_key(DemoKey::Merchant).public_key_info());
        let private_key = merchant_pem();
        let rsa_key = pem("RSA PRIVATE KEY", &pkcs1(DemoKey::Merchant.pkcs8()));
        let old_encrypted = rsa_key.replace(
            "KEY-----\nMII",
            "KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nMII",
        );
        assert!(old_encrypted.contains("Proc-Type"));
        let half = &private_key[..private_key.len() / 2];
        let cases: Vec<(&str, String, &str)> = vec![
            (
                "a certificate",
                certificate,
                "this is a certificate, not a private key",
            ),
            (
                "a public key",
                public_key,
                "this is a public key, not a private key",
            ),
            (
                "an encrypted key",
                pem("ENCRYPTED PRIVATE KEY", &[1; 40]),
                "openssl pkcs8 -topk8 -nocrypt",
            ),
            (
                "an old encrypted key",
                old_encrypted,
                "openssl pkcs8 -topk8 -nocrypt",
            ),
            (
                "an EC key",
                pem("EC PRIVATE KEY", &[1; 40]),
                "this is an elliptic-curve key, not a private key; API v3 uses RSA",
            ),
            (
                "an EC key in PKCS#8",
                pem("PRIVATE KEY", &pkcs8_of(&P256, &[1; 40])),
                "not an RSA key",
            ),
            (
                "a request",
                pem("CERTIFICATE REQUEST", &[1; 40]),
                "this is a certificate request",
            ),
            (
                "an SSH key",
                pem("OPENSSH PRIVATE KEY", &[1; 40]),
                "another kind of PEM text",
            ),
            (
                "a file name",
                "/etc/wechatpay/apiclient_key.pem".into(),
                "looks like the name of a file",
            ),
            (
                "another file name",
                "apiclient_key.pem".into(),
                "looks like the name of a file",
            ),
            ("nothing", String::new(), "the text is empty"),
            ("blanks", " \n".into(), "the text is empty"),
            (
                "bare base64",
                STANDARD.encode(DemoKey::Merchant.pkcs8()),
                "-----BEGIN PRIVATE KEY-----",
            ),
            (
                "two keys",
                format!("{private_key}{private_key}"),
                "give a private key alone",
            ),
            (
                "a chain",
                format!("{private_key}{}", pem("CERTIFICATE", &[1; 40])),
                "more than one PEM block",
            ),
            ("half a file", half.to_owned(), "the END line is missing"),
            (
                "a cut END line",
                private_key.trim_end().trim_end_matches('-').to_owned(),
                "the END line does not end",
            ),
            (
                "an END line of something else",
                private_key.replace("END PRIVATE", "END PUBLIC"),
                "another label",
            ),
            ("no base64", private_key.replace("MII", "M*I"), "not base64"),
            ("a cut line", private_key.replacen("MII", "MI", 1), "not base64"),
            (
                "bytes that are no key",
                pem("PRIVATE KEY", &[1; 40]),
                "PKCS#8 private key is malformed",
            ),
            (
                "PKCS#1 under the label of PKCS#8",
                pem("PRIVATE KEY", &pkcs1(DemoKey::Merchant.pkcs8())),
                "malformed",
            ),
            (
                "PKCS#8 under the label of PKCS#1",
                pem("RSA PRIVATE KEY", DemoKey::Merchant.pkcs8()),
                "malformed",
            ),
            (
                "bytes behind the key",
                pem("PRIVATE KEY", &[DemoKey::Merchant.pkcs8(), &[0]].concat()),
                "malformed",
            ),
            (
                "1024 bits",
                private_key_pem(DemoKey::Weak1024.pkcs8()),
                "1024 bits",
            ),
        ];
        for (case, text, hint) in cases {
            let error = load(&text, provider).unwrap_err();
            let shown = error.to_string();
            assert!(shown.contains(hint), "{name}: {case}: {shown}");
            // The beginning of every key file in base64.
            assert!(
                !format!("{shown} {error:?}").contains("MII"),
                "{name}: {case}: {shown}"
            );
        }
    }
}

#[test]
fn a_public_key_setting_names_the_wrong_file_too() {
    use wechatpay_core::crypto::pem::{certificate_der, public_key, split_certificates};

    for (name, provider) in providers() {
        let provider = provider.as_ref();
        let private = public_key(&merchant_pem(), provider).unwrap_err().to_string();
        assert!(
            private.contains("this is a private key, not a public key"),
            "{name}: {private}"
        );
        assert!(
            private.contains("keep your private key to yourself"),
            "{name}: {private}"
        );
        let certificate = certificate_der(&merchant_pem()).unwrap_err().to_string();
        assert!(
            certificate.contains("this is a private key, not a certificate"),
            "{name}: {certificate}"
        );
        assert!(split_certificates(&merchant_pem()).is_err(), "{name}");
        assert_eq!(split_certificates("no PEM at all").unwrap().len(), 0, "{name}");
        let key = local(provider);
        let (bits, _) = element(element(element(key.public_key_info()).0).1);
        let rsa_public = pem("RSA PUBLIC KEY", &bits[1..]);
        assert!(public_key(&rsa_public, provider).is_ok(), "{name}");
    }
}

#[test]
fn a_key_with_a_weak_exponent_or_numbers_that_do_not_fit_is_refused() {
    let key = pkcs1(DemoKey::Merchant.pkcs8());
    let (numbers, _) = element(&key);
    let (_, after_version) = element(numbers);
    let (modulus, after_modulus) = element(after_version);
    let (_, private) = element(after_modulus);
    let with_exponent = |exponent: &[u8]| {
        let content = [
            &[0x02, 0x01, 0x00],
            &tlv(0x02, modulus)[..],
            &tlv(0x02, exponent),
            private,
        ]
        .concat();
        pem("PRIVATE KEY", &pkcs8_of(&RSA, &tlv(0x30, &content)))
    };
    for (name, provider) in providers() {
        for weak in [&[0x03][..], &[0x11], &[0x01, 0x00, 0x00], &[0x01]] {
            let error = load(&with_exponent(weak), provider.as_ref()).unwrap_err();
            assert_eq!(error, KeyLoadError::WeakExponent, "{name}");
        }
        // Another exponent than the private one fits.
        let error = load(&with_exponent(&[0x01, 0x00, 0x03]), provider.as_ref()).unwrap_err();
        assert!(
            matches!(error, KeyLoadError::Backend(_) | KeyLoadError::SelfTest),
            "{name}: {error:?}"
        );
        // A flipped bit in each of the private numbers: n, d, p, q, and what is derived of them.
        let key = public(provider.as_ref(), DemoKey::Merchant);
        for place in (300..1200).step_by(50) {
            let mut bent = DemoKey::Merchant.pkcs8().to_vec();
            bent[place] ^= 0x10;
            let Ok(signer) = load(&pem("PRIVATE KEY", &bent), provider.as_ref()) else {
                continue;
            };
            // A backend may derive those numbers anew. Then the key is sound.
            let Poll::Ready(Ok(signature)) = poll_once(signer.off_thread(false).sign(message())) else {
                panic!("{name}: {place}: loaded and does not sign");
            };
            assert!(
                place > 800,
                "{name}: a key with a wrong byte at {place} was taken"
            );
            assert!(
                key.verify(&message().parts(), &signature).is_ok(),
                "{name}: {place}"
            );
        }
    }
}

/// A backend whose keys miscalculate after so many signatures, as a key with a fault does.
#[derive(Debug)]
struct Faulty(Arc<dyn CryptoProvider>, usize);

#[derive(Debug)]
struct FaultyKey(Arc<dyn PrivateKey>, AtomicUsize);

impl CryptoProvider for Faulty {
    fn public_key(&self, spki: &[u8]) -> Result<Arc<dyn PublicKey>, KeyLoadError> {
        self.0.public_key(spki)
    }

    fn private_key(&self, pkcs8: &[u8]) -> Result<Arc<dyn PrivateKey>, KeyLoadError> {
        Ok(Arc::new(FaultyKey(
            self.0.private_key(pkcs8)?,
            AtomicUsize::new(self.1),
        )))
    }

    fn aead(&self, key: &ApiV3Key) -> Result<Arc<dyn Aead>, KeyLoadError> {
        self.0.aead(key)
    }

    fn sha256(&self, data: &[u8]) -> [u8; 32] {
        self.0.sha256(data)
    }

    fn sha1_digest(&self) -> Box<dyn Digest<20>> {
        self.0.sha1_digest()
    }

    fn sha256_digest(&self) -> Box<dyn Digest<32>> {
        self.0.sha256_digest()
    }
}

impl PrivateKey for FaultyKey {
    fn sign(&self, message: &[&[u8]]) -> Result<Vec<u8>, SigningFailed> {
        let mut signature = self.0.sign(message)?;
        let good_left = self.1.load(Ordering::SeqCst);
        match good_left.checked_sub(1) {
            Some(left) => self.1.store(left, Ordering::SeqCst),
            None => signature[100] ^= 1,
        }
        Ok(signature)
    }

    fn decrypt(&self, ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
        self.0.decrypt(ciphertext)
    }

    fn public_key_info(&self) -> &[u8] {
        self.0.public_key_info()
    }
}

#[test]
fn a_key_that_miscalculates_fails_its_self_test() {
    for (name, provider) in providers() {
        let error = load(&merchant_pem(), &Faulty(provider, 0)).unwrap_err();
        assert_eq!(error, KeyLoadError::SelfTest, "{name}");
    }
}

/// T40: a fault after start-up. The signature must not leave, for its factors could be calculated from it.
#[tokio::test]
async fn a_key_that_miscalculates_later_gives_no_signature_when_each_is_verified() {
    for (name, provider) in providers() {
        // One for the self-test, one that is good.
        let signer = load(&merchant_pem(), &Faulty(Arc::clone(&provider), 2))
            .unwrap()
            .verify_after_sign(provider.as_ref())
            .unwrap();
        for off_thread in [false, true] {
            let signer = signer.clone().off_thread(off_thread);
            let outcome = signer.sign(message()).await;
            if off_thread {
                assert!(matches!(outcome, Err(SignError::Key)), "{name}");
            } else {
                assert!(outcome.is_ok(), "{name}");
            }
        }
    }
}

#[test]
fn a_certificate_gives_the_serial_and_must_belong_to_the_key() {
    for (name, provider) in providers() {
        let platform = FakePlatform::with_provider(Arc::clone(&provider));
        let issue = |key| platform.issue(&platform.certificate_spec(key, &[0x51, 0x57, 0xF0]));
        let key = PrivateKeyPem::from(merchant_pem());
        let signer =
            LocalSigner::from_certificate(&issue(DemoKey::Merchant), &key, provider.as_ref()).unwrap();
        assert_eq!(signer.serial().as_str(), "5157F0", "{name}");
        let other = LocalSigner::from_certificate(&issue(DemoKey::OtherMerchant), &key, provider.as_ref());
        assert_eq!(other.unwrap_err(), KeyLoadError::KeyPairMismatch, "{name}");
        let swapped = LocalSigner::from_certificate(
            &merchant_pem(),
            &PrivateKeyPem::from(issue(DemoKey::Merchant)),
            provider.as_ref(),
        );
        assert!(
            matches!(swapped.unwrap_err(), KeyLoadError::WrongKind { .. }),
            "{name}"
        );
    }
}
