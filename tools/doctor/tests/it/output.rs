//! Output of a verdict, with and without text of the message.

use wechatpay_core::testing::DemoKey;
use wechatpay_doctor::{Mistake, draw};

use crate::kit::{BODY, GET, NONCE, POST, PREPAY, TIMESTAMP, doctor, lines, sign};

#[test]
fn a_report_shows_the_lines_side_by_side() {
    let message = lines(
        "GET",
        "/v3/refund/domestic/refunds/R2026%2A1",
        TIMESTAMP,
        NONCE,
        "",
    );
    let verdict = GET.examine(&message);
    let report = verdict.report().to_string();
    println!("{report}");
    assert!(report.contains("2 url"), "{report}");
    assert!(
        report.contains("- /v3/refund/domestic/refunds/R2026%2A1␊"),
        "{report}"
    );
    assert!(
        report.contains("+ /v3/refund/domestic/refunds/R2026%2A1?sub_mchid"),
        "{report}"
    );
    assert!(report.contains("签名用的 URL 缺少查询串"), "{report}");

    let json = serde_json::to_value(verdict.report()).unwrap();
    println!("{json:#}");
    assert_eq!(json["verdict"], "message-differs");
    assert_eq!(json["confidence"], "proven");
    assert_eq!(json["cause"], serde_json::json!(["url-query-dropped"]));
    assert_eq!(json["line"], 2);
    assert_eq!(json["you_signed"], "/v3/refund/domestic/refunds/R2026%2A1␊");
    assert!(json["hint"].as_str().unwrap().contains("query"));
}

#[test]
fn a_verdict_may_be_logged() {
    let message = lines("POST", PREPAY, TIMESTAMP, NONCE, BODY.replace('/', "\\/"));
    let verdict = POST.examine(&message);
    let json = serde_json::to_string(&verdict).unwrap();
    let debug = format!(
        "{verdict:?} {:?} {:?} {:?}",
        verdict.report(),
        doctor(),
        POST.request("secret-signature")
    );
    for shown in [verdict.to_string(), json, debug] {
        for secret in ["oUpF8uMuAJO", "T2026-0001", "中文", NONCE, "secret-signature"] {
            assert!(!shown.contains(secret), "{secret} in {shown}");
        }
    }
}

#[test]
fn every_mistake_has_a_code_of_its_own_and_two_sentences() {
    let mut codes: Vec<_> = Mistake::all().map(|mistake| mistake.code()).collect();
    let count = codes.len();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), count);
    for mistake in Mistake::all() {
        let remedy = mistake.remedy();
        assert!(
            remedy.en.is_ascii() && !remedy.zh.is_ascii(),
            "{}",
            mistake.code()
        );
        assert!(!remedy.en.ends_with('.'), "{}", mistake.code());
    }
}

#[test]
fn no_input_panics() {
    let long = "9".repeat(5_000);
    let right = sign(DemoKey::Merchant, b"x");
    for odd in [
        "",
        "\0",
        "?",
        "%",
        "%F",
        "??&&==",
        "\u{feff}",
        "/",
        "{}",
        "[",
        "\"",
        "-1",
        "9223372036854775807",
        &long,
    ] {
        let doctor = doctor();
        let request = |signature| {
            let request = wechatpay_doctor::SignedRequest::new(odd, odd, odd, odd, odd.as_bytes(), signature);
            doctor
                .request(&request.claimed(odd.as_bytes()).host(""))
                .report()
                .to_string()
        };
        assert!(!request(&right).is_empty());
        assert!(!request(odd).is_empty());
        let response = wechatpay_doctor::SignedResponse::new(odd, odd, odd.as_bytes(), &right);
        assert!(!doctor.response(&response).report().to_string().is_empty());
        let sheet = wechatpay_doctor::SignedInvocation::page(odd, odd, odd, odd, &right);
        assert!(!doctor.invocation(&sheet).report().to_string().is_empty());
    }
    assert_eq!(draw(b"\xFF\n"), "⟨FF⟩␊");
}
