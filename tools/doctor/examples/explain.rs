//! Verdicts of the signature doctor on a few mistakes, with their times.
//!
//! Run with `cargo run --release -p wechatpay-doctor --example explain`.

use std::{error::Error, time::Instant};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use wechatpay_core::{crypto::default_provider, testing::DemoKey};
use wechatpay_doctor::{Doctor, KeyRole, KnownKey, SignedRequest};

const TIMESTAMP: &str = "1795500000";
const NONCE: &str = "5K8264ILTKCH16CQ2502SI8ZNMTM67VS";

fn main() -> Result<(), Box<dyn Error>> {
    let provider = default_provider()?;
    let key = DemoKey::Merchant.load(provider.as_ref())?;
    let doctor = Doctor::new().key(
        KeyRole::Expected,
        KnownKey::new("key of merchant 1900000001", key.public_key_info())?,
    );
    let target = "/v3/pay/transactions/jsapi";
    let goods = "a/b 中文 ".repeat(40);
    let body = format!(r#"{{"mchid":"1900000001","description":"{goods}","amount":{{"total":100}}}}"#);
    let body = body.as_str();
    let php = body.replace('/', "\\/").replace("中文", "\\u4e2d\\u6587");
    let php = php.as_str();

    for (name, message) in [
        (
            "no last line end",
            format!("POST\n{target}\n{TIMESTAMP}\n{NONCE}\n{body}"),
        ),
        (
            "json_encode",
            format!("POST\n{target}\n{TIMESTAMP}\n{NONCE}\n{php}\n"),
        ),
        (
            "clock read twice and json_encode",
            format!("POST\n{target}\n1795499997\n{NONCE}\n{php}\n"),
        ),
        (
            "nothing that anybody thinks of",
            format!("POST\n{target}\n{TIMESTAMP}\n{NONCE}\n{{}} \n"),
        ),
    ] {
        let signature = STANDARD.encode(key.sign(&[message.as_bytes()])?);
        let request = SignedRequest::new("POST", target, TIMESTAMP, NONCE, body.as_bytes(), &signature);
        let start = Instant::now();
        let verdict = doctor.request(&request);
        let took = start.elapsed();
        println!(
            "== {name}: {:.1} ms, {} messages tried",
            took.as_secs_f64() * 1e3,
            verdict.tried()
        );
        println!("   {verdict}");
    }
    let message = format!("POST\nhttps://api.mch.weixin.qq.com{target}\n{TIMESTAMP}\n{NONCE}\n{body}\n");
    let signature = STANDARD.encode(key.sign(&[message.as_bytes()])?);
    let request = SignedRequest::new("POST", target, TIMESTAMP, NONCE, body.as_bytes(), &signature);
    println!("\n{}", doctor.request(&request).report());
    Ok(())
}
