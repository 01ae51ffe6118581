//! Platform keys: the three modes, the sealed list, and a rotation.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::StatusCode;
use wechatpay_core::{
    Clock,
    crypto::{default_provider, pem, x509::PlatformCertificate},
    testing::{DEMO_API_V3_KEY, DEMO_PUBLIC_KEY_ID},
    types::{ApiV3Key, DateTime},
};
use wechatpay_sandbox::{Buyer, KeyMode, RetrySchedule, RotationError, Sandbox};

use crate::support::{Merchant, Reply, SHORT, Shop, certificate_key, partner_order, verify};

async fn sandbox(mode: KeyMode) -> Sandbox {
    Sandbox::builder()
        .keys(mode)
        .retry(RetrySchedule::none())
        .start()
        .await
        .unwrap()
}

/// Opens the list as a client does: serial and PEM text of each certificate.
fn open(reply: &Reply) -> Vec<(String, String)> {
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    let aead = default_provider()
        .unwrap()
        .aead(&ApiV3Key::parse(DEMO_API_V3_KEY).unwrap())
        .unwrap();
    let json = reply.json();
    let mut opened = Vec::new();
    for entry in json["data"].as_array().unwrap() {
        let container = &entry["encrypt_certificate"];
        assert_eq!(container["algorithm"], "AEAD_AES_256_GCM");
        assert_eq!(container["associated_data"], "certificate");
        let nonce = container["nonce"].as_str().unwrap();
        assert_eq!(nonce.len(), 12);
        let sealed = STANDARD
            .decode(container["ciphertext"].as_str().unwrap())
            .unwrap();
        let plaintext = aead.open(nonce.as_bytes(), b"certificate", sealed).unwrap();
        let pem = String::from_utf8(plaintext.to_vec()).unwrap();
        let certificate = PlatformCertificate::from_pem(&pem).unwrap();
        let serial = entry["serial_no"].as_str().unwrap().to_owned();
        assert_eq!(certificate.serial().as_str(), serial);
        assert_eq!(serial.len(), 40);
        assert!(!certificate.is_ca());
        for (key, expected) in [
            ("effective_time", certificate.not_before()),
            ("expire_time", certificate.not_after()),
        ] {
            assert_eq!(
                entry[key].as_str().unwrap().parse::<DateTime>().unwrap(),
                expected
            );
        }
        opened.push((serial, pem));
    }
    opened
}

async fn list(merchant: &Merchant) -> (Reply, Vec<(String, String)>) {
    let reply = merchant.get("/v3/certificates").await;
    let opened = open(&reply);
    (reply, opened)
}

#[tokio::test]
async fn the_list_opens_with_the_merchants_key_and_verifies_with_what_is_in_it() {
    let sandbox = sandbox(KeyMode::Certificate).await;
    let merchant = Merchant::new(&sandbox);
    let (reply, opened) = list(&merchant).await;
    assert_eq!(opened.len(), 1);
    let (serial, pem) = &opened[0];
    assert_eq!(reply.header("wechatpay-serial"), serial);
    verify(
        &reply.headers,
        &reply.body,
        certificate_key(pem),
        &Clock::system(),
    )
    .await
    .unwrap();
    let provider = default_provider().unwrap();
    let root = pem::public_key(&sandbox.root_public_key_pem(), provider.as_ref()).unwrap();
    assert!(
        PlatformCertificate::from_pem(pem)
            .unwrap()
            .is_signed_by(root.as_ref())
    );
    assert_eq!(sandbox.counters().certificate_downloads, 1);
    assert_eq!(sandbox.rotation().listed()[0].as_str(), serial);
}

#[tokio::test]
async fn without_certificates_there_is_no_list() {
    let sandbox = sandbox(KeyMode::PublicKey).await;
    let merchant = Merchant::new(&sandbox);
    let reply = merchant.get("/v3/certificates").await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
    assert_eq!(reply.code(), "RESOURCE_NOT_EXISTS");
    merchant.verify(&reply).await.unwrap();
    assert_eq!(sandbox.rotation().announce(), Err(RotationError::NoCertificates));
    assert!(sandbox.rotation().listed().is_empty());
}

#[tokio::test]
async fn in_mixed_mode_the_request_says_which_key_signs_the_response() {
    let sandbox = sandbox(KeyMode::Mixed).await;
    let merchant = Merchant::new(&sandbox);
    let (reply, opened) = list(&merchant).await;
    let serial = opened[0].0.clone();
    assert_eq!(reply.header("wechatpay-serial"), serial);
    for (asked, expected) in [
        (DEMO_PUBLIC_KEY_ID, DEMO_PUBLIC_KEY_ID),
        (serial.as_str(), serial.as_str()),
        ("PUB_KEY_ID_0000000000000000000000000000000000", serial.as_str()),
        ("ABCDEF", serial.as_str()),
    ] {
        let (reply, _) = list(&merchant.clone().asks_for(asked)).await;
        assert_eq!(reply.header("wechatpay-serial"), expected);
    }
    let reply = merchant
        .clone()
        .asks_for(DEMO_PUBLIC_KEY_ID)
        .get("/v3/certificates")
        .await;
    merchant.verify(&reply).await.unwrap();
}

#[tokio::test]
async fn in_the_pure_modes_the_request_has_no_say() {
    let sandbox_1 = sandbox(KeyMode::Certificate).await;
    let (reply, opened) = list(&Merchant::new(&sandbox_1).asks_for(DEMO_PUBLIC_KEY_ID)).await;
    assert_eq!(reply.header("wechatpay-serial"), opened[0].0);
    let sandbox_2 = sandbox(KeyMode::PublicKey).await;
    let reply = Merchant::new(&sandbox_2)
        .asks_for("ABCDEF")
        .get("/v3/certificates")
        .await;
    assert_eq!(reply.header("wechatpay-serial"), DEMO_PUBLIC_KEY_ID);
}

#[tokio::test]
async fn in_mixed_mode_notifications_are_signed_with_either() {
    let shop = Shop::start(|_, _| 204).await;
    let sandbox = sandbox(KeyMode::Mixed).await;
    let merchant = Merchant::new(&sandbox);
    let mut keys = Vec::new();
    for number in ["demo-0001", "demo-0002", "demo-0003", "demo-0004"] {
        let mut order = partner_order("native", number);
        order["notify_url"] = shop.url.as_str().into();
        merchant.post("/v3/pay/partner/transactions/native", &order).await;
        sandbox.pay(number, Buyer::Alice).unwrap();
        let notification = sandbox.wait_acknowledged(number, SHORT).await.unwrap();
        keys.push(notification.attempts[0].key_id.clone());
    }
    keys.sort();
    let certificate = sandbox.rotation().listed()[0].to_string();
    assert_eq!(
        keys,
        [
            certificate.as_str(),
            certificate.as_str(),
            DEMO_PUBLIC_KEY_ID,
            DEMO_PUBLIC_KEY_ID
        ]
    );
}

#[tokio::test]
async fn a_certificate_rotates_step_by_step() {
    let sandbox = sandbox(KeyMode::Certificate).await;
    let merchant = Merchant::new(&sandbox);
    let rotation = sandbox.rotation();
    let signers = async |count: usize| {
        let mut signers = Vec::new();
        for _ in 0..count {
            let (reply, opened) = list(&merchant).await;
            let signer = reply.header("wechatpay-serial").to_owned();
            let (_, pem) = opened.iter().find(|(serial, _)| *serial == signer).unwrap();
            verify(
                &reply.headers,
                &reply.body,
                certificate_key(pem),
                &Clock::system(),
            )
            .await
            .unwrap();
            signers.push(signer);
        }
        signers
    };
    let (_, opened) = list(&merchant).await;
    let old = opened[0].0.clone();

    assert_eq!(rotation.ramp(10.0), Err(RotationError::NotAnnounced));
    assert_eq!(rotation.expire_old(), Err(RotationError::NotAnnounced));
    let new = rotation.announce().unwrap().to_string();
    assert_ne!(old, new);
    assert_eq!(rotation.announce(), Err(RotationError::UnderWay));
    let (_, opened) = list(&merchant).await;
    assert_eq!(opened.len(), 2);
    assert_eq!(signers(4).await, [&old; 4].map(Clone::clone), "only announced");

    rotation.ramp(50.0).unwrap();
    for bad in [49.0, 0.0, -1.0, 101.0, f64::NAN] {
        assert_eq!(rotation.ramp(bad), Err(RotationError::Share), "{bad}");
    }
    let half = signers(4).await;
    assert_eq!(half.iter().filter(|signer| **signer == new).count(), 2);
    assert_eq!(rotation.expire_old(), Err(RotationError::NotFinished));

    rotation.finish().unwrap();
    assert_eq!(signers(3).await, [&new; 3].map(Clone::clone));
    assert_eq!(rotation.listed().len(), 2, "the old one is still listed");

    rotation.expire_old().unwrap();
    let (_, opened) = list(&merchant).await;
    assert_eq!(opened.len(), 1);
    assert_eq!(opened[0].0, new);
    assert_eq!(signers(2).await, [&new; 2].map(Clone::clone));

    // And on to the next one.
    let third = rotation.announce().unwrap().to_string();
    assert!(third != old && third != new);
}

#[tokio::test]
async fn only_documented_algorithms_are_listed() {
    let sandbox = sandbox(KeyMode::Certificate).await;
    let merchant = Merchant::new(&sandbox);
    for good in ["RSA", "ALL"] {
        let reply = merchant
            .get(&format!("/v3/certificates?algorithm_type={good}"))
            .await;
        assert_eq!(reply.status, StatusCode::OK);
    }
    for bad in ["?algorithm_type=SM2", "?page=2"] {
        assert_eq!(
            merchant.get(&format!("/v3/certificates{bad}")).await.code(),
            "PARAM_ERROR"
        );
    }
}
