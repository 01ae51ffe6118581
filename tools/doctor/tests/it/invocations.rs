//! Signatures of the payment sheet: `paySign` and `sign`.

use wechatpay_core::testing::DemoKey;
use wechatpay_doctor::{Confidence, SignedInvocation, VerdictKind};

use crate::kit::{NONCE, TIMESTAMP, assert_proven, doctor, sign};

const APPID: &str = "wx8888888888888888";
const OTHER: &str = "wxd678efh567hg6787";
const ID: &str = "wx201410272009395522657a690389285100";
const PACKAGE: &str = "prepay_id=wx201410272009395522657a690389285100";

fn message(appid: &str, timestamp: &str, nonce: &str, last: &str) -> String {
    format!("{appid}\n{timestamp}\n{nonce}\n{last}\n")
}

#[test]
fn a_page_signs_package_and_an_app_the_bare_id() {
    for (last, code) in [
        (ID, "package-bare-id"),
        ("Sign=WXPay", "package-of-app"),
        ("prepay_id=undefined", "package-empty"),
        (
            "package=prepay_id=wx201410272009395522657a690389285100",
            "package-spelling",
        ),
    ] {
        let message = message(APPID, TIMESTAMP, NONCE, last);
        let signature = sign(DemoKey::Merchant, message.as_bytes());
        let verdict = doctor().invocation(&SignedInvocation::page(
            APPID, TIMESTAMP, NONCE, PACKAGE, &signature,
        ));
        assert_proven(&verdict, &[code], message.as_bytes());
        assert_eq!(verdict.line(), Some(4));
    }
    for (last, code) in [(PACKAGE, "package-with-prefix"), ("Sign=WXPay", "package-of-app")] {
        let message = message(APPID, TIMESTAMP, NONCE, last);
        let signature = sign(DemoKey::Merchant, message.as_bytes());
        let verdict = doctor().invocation(&SignedInvocation::app(APPID, TIMESTAMP, NONCE, ID, &signature));
        assert_proven(&verdict, &[code], message.as_bytes());
    }
}

#[test]
fn other_lines_and_layouts_are_found() {
    let right = message(APPID, TIMESTAMP, NONCE, PACKAGE);
    let v2 = format!("appId={APPID}&nonceStr={NONCE}&package={PACKAGE}&signType=RSA&timeStamp={TIMESTAMP}");
    for (message, codes) in [
        (
            message(OTHER, TIMESTAMP, NONCE, PACKAGE),
            &["appid-of-another-party"] as &[&str],
        ),
        (message("", TIMESTAMP, NONCE, PACKAGE), &["appid-empty"]),
        (
            message(APPID, "1795499999", NONCE, PACKAGE),
            &["timestamp-read-twice"],
        ),
        (
            message(APPID, TIMESTAMP, &NONCE.to_ascii_lowercase(), PACKAGE),
            &["nonce-letter-case"],
        ),
        (
            message(APPID, NONCE, TIMESTAMP, PACKAGE),
            &["layout-timestamp-nonce-swapped-in-sheet"],
        ),
        (right.trim_end().to_owned(), &["last-line-end-missing"]),
        (v2, &["layout-of-api-v2-sheet"]),
        (
            message(OTHER, TIMESTAMP, NONCE, ID),
            &["appid-of-another-party", "package-bare-id"],
        ),
        (
            message(APPID, TIMESTAMP, NONCE, ID).trim_end().to_owned(),
            &["last-line-end-missing", "package-bare-id"],
        ),
    ] {
        let signature = sign(DemoKey::Merchant, message.as_bytes());
        let call = SignedInvocation::page(APPID, TIMESTAMP, NONCE, PACKAGE, &signature);
        assert_proven(
            &doctor().invocation(&call.other_parties([OTHER])),
            codes,
            message.as_bytes(),
        );
    }
}

#[test]
fn matching_and_unknown_signatures_are_distinguished() {
    let right = sign(
        DemoKey::Merchant,
        message(APPID, TIMESTAMP, NONCE, PACKAGE).as_bytes(),
    );
    let verdict = doctor().invocation(&SignedInvocation::page(APPID, TIMESTAMP, NONCE, PACKAGE, &right));
    assert_eq!(verdict.kind(), VerdictKind::SignatureFits);
    let other = sign(DemoKey::Merchant, b"something else");
    let verdict = doctor().invocation(&SignedInvocation::page(APPID, TIMESTAMP, NONCE, PACKAGE, &other));
    assert_eq!(
        (verdict.kind(), verdict.confidence()),
        (VerdictKind::MessageDiffers, Confidence::Unknown)
    );
}
