//! Keys, base messages and the comparison of a verdict with the planted mistake.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use wechatpay_core::{
    crypto::{PrivateKey, default_provider},
    testing::DemoKey,
};
use wechatpay_doctor::{Confidence, Doctor, KeyRole, KnownKey, Limits, SignedRequest, Verdict};

pub(crate) const TIMESTAMP: &str = "1795500000";
pub(crate) const NONCE: &str = "5K8264ILTKCH16CQ2502SI8ZNMTM67VS";
pub(crate) const EARLIER: [&str; 3] = [
    "593BEC0C930BF1AFEB40B4A08C8FB242",
    "0C7CC2CB5B0F4B2D9D7B4BD39F1E7F11",
    "EARLIERNONCE00000000000000000001",
];

/// Order with every detail that libraries write in different ways.
pub(crate) const BODY: &str = concat!(
    r#"{"mchid":"1900000001","appid":"wx8888888888888888","description":"中文 A/B <c> & d","#,
    r#""out_trade_no":"T2026-0001","notify_url":"https://shop.example/wechatpay/notify","#,
    r#""amount":{"total":100,"currency":"CNY"},"payer":{"openid":"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"}}"#
);
pub(crate) const PREPAY: &str = "/v3/pay/transactions/jsapi";
pub(crate) const QUERY: &str = "/v3/refund/domestic/refunds/R2026%2A1?sub_mchid=1900000109&note=a%20b";

pub(crate) fn key(of: DemoKey) -> Arc<dyn PrivateKey> {
    of.load(default_provider().unwrap().as_ref()).unwrap()
}

pub(crate) fn sign(of: DemoKey, message: &[u8]) -> String {
    STANDARD.encode(key(of).sign(&[message]).unwrap())
}

pub(crate) fn known(label: &str, of: DemoKey) -> KnownKey {
    KnownKey::new(label, key(of).public_key_info()).unwrap()
}

/// Doctor of a gateway: the right key, an older one, another merchant's and the platform's.
pub(crate) fn doctor() -> Doctor {
    Doctor::new()
        .key(KeyRole::Expected, known("the merchant's key", DemoKey::Merchant))
        .key(KeyRole::SameHolder, known("the old key", DemoKey::PublicKey))
        .key(
            KeyRole::OtherMerchant,
            known("merchant 1900000002", DemoKey::OtherMerchant),
        )
        .key(KeyRole::Platform, known("the platform's key", DemoKey::Platform1))
        // As in an optimised build, so that the outcome is the same in both.
        .limits(Limits::interactive().candidates(100_000))
}

/// Message as it arrives at the gateway.
#[derive(Clone, Copy)]
pub(crate) struct Arrived<'a> {
    pub(crate) method: &'a str,
    pub(crate) target: &'a str,
    pub(crate) body: &'a [u8],
}

pub(crate) const POST: Arrived<'static> = Arrived {
    method: "POST",
    target: PREPAY,
    body: BODY.as_bytes(),
};
pub(crate) const GET: Arrived<'static> = Arrived {
    method: "GET",
    target: QUERY,
    body: b"",
};

impl<'a> Arrived<'a> {
    pub(crate) fn request(self, signature: &'a str) -> SignedRequest<'a> {
        SignedRequest::new(self.method, self.target, TIMESTAMP, NONCE, self.body, signature)
            .host("127.0.0.1:8640")
            .earlier_nonces(EARLIER)
    }

    pub(crate) fn message(self) -> Vec<u8> {
        lines(self.method, self.target, TIMESTAMP, NONCE, self.body)
    }

    /// Signs `message` with the right key and examines the received message.
    pub(crate) fn examine(self, message: &[u8]) -> Verdict {
        doctor().request(&self.request(&sign(DemoKey::Merchant, message)))
    }
}

pub(crate) fn lines(
    method: &str,
    target: &str,
    timestamp: &str,
    nonce: &str,
    body: impl AsRef<[u8]>,
) -> Vec<u8> {
    let head = format!("{method}\n{target}\n{timestamp}\n{nonce}\n");
    [head.as_bytes(), body.as_ref(), b"\n"].concat()
}

/// Checks that the verdict proves exactly these mistakes and the signed bytes.
#[track_caller]
pub(crate) fn assert_proven(verdict: &Verdict, codes: &[&str], signed: &[u8]) {
    assert_eq!(verdict.codes().collect::<Vec<_>>(), codes, "{verdict}");
    assert_eq!(verdict.confidence(), Confidence::Proven, "{verdict}");
    assert!(verdict.is_explained(), "{verdict}");
    assert_eq!(
        String::from_utf8_lossy(&verdict.signed_message().unwrap()),
        String::from_utf8_lossy(signed)
    );
    println!("{:>6} tried  {verdict}", verdict.tried());
}
