//! The doctor's report on pasted messages.

use std::sync::Arc;

use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use wechatpay_core::{
    crypto::pem,
    types::{KeyId, SerialNumber},
};
use wechatpay_doctor::{
    Doctor, KeyRole, KnownKey, Label, SignedInvocation, SignedRequest, SignedResponse, Verdict,
};

use super::{Kind, Paste, Unclear};
use wechatpay_sandbox::{
    gateway::{
        self,
        auth::{Claim, Unreadable},
    },
    handle::engine::Engine,
};

/// The prefix of a header that was copied with its name.
const AUTHORIZATION: &str = "authorization:";
/// Behind it stands the id in the `package` of JSAPI.
const PREPAY_ID: &str = "prepay_id=";
/// Longest text that is searched; the largest documented body is far below.
const MAX_TEXT: usize = 1024 * 1024;

/// A fact unknown to the sandbox that may make the doctor wrong.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Remark {
    #[serde(rename = "en")]
    pub(crate) english: String,
    #[serde(rename = "zh")]
    pub(crate) chinese: String,
}

/// The doctor's report, with the sandbox's knowledge beside its members.
#[derive(Serialize, ToSchema)]
pub(crate) struct Explanation {
    #[serde(flatten)]
    #[schema(value_type = Object)]
    report: Value,
    /// The message that was verified, or must be signed; null if not text.
    expected_message: Option<String>,
    /// The same, line by line beside `message`, if that was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object)]
    comparison: Option<Value>,
    remarks: Vec<Remark>,
}

/// The doctor's opinion of one signature.
pub(crate) struct Opinion {
    /// The doctor's report; see [`wechatpay_doctor::Report`].
    pub(crate) report: Value,
    /// The message that must be signed, or that was verified.
    pub(crate) expected: Vec<u8>,
    /// The same, line by line beside what the developer's code signed, if that was given.
    pub(crate) comparison: Option<Value>,
    pub(crate) remarks: Vec<Remark>,
}

impl Opinion {
    /// The opinion as JSON, for programs.
    pub(crate) fn explanation(self) -> Explanation {
        Explanation {
            report: self.report,
            expected_message: String::from_utf8(self.expected).ok(),
            comparison: self.comparison,
            remarks: self.remarks,
        }
    }
}

/// Lets the doctor examine the pasted message.
///
/// The search may take a second and runs outside the async workers.
pub(crate) async fn explain(engine: &Arc<Engine>, paste: Paste) -> Result<Opinion, Unclear> {
    let engine = Arc::clone(engine);
    let task = tokio::task::spawn_blocking(move || examine(&engine, &paste));
    task.await.unwrap_or(Err(Unclear::new(
        "kind",
        "The sandbox is stopping.",
        "沙箱正在停止。",
    )))
}

fn examine(engine: &Engine, paste: &Paste) -> Result<Opinion, Unclear> {
    if paste.body.len() > MAX_TEXT || paste.message.len() > MAX_TEXT {
        return Err(Unclear::new(
            "body",
            "That is more than one mebibyte, which nobody signs.",
            "内容超过 1 MiB，不可能是正常的签名内容。",
        ));
    }
    match paste.kind {
        Kind::Request => of_request(engine, paste),
        Kind::Page | Kind::App => of_sheet(engine, paste),
        Kind::Response => of_response(engine, paste),
    }
}

fn of_request(engine: &Engine, paste: &Paste) -> Result<Opinion, Unclear> {
    let claim = claim(paste)?;
    required("method", &paste.method)?;
    if !paste.target.starts_with('/') {
        return Err(Unclear::new(
            "target",
            "The path with its query begins with a slash, without scheme and host.",
            "请填写以 / 开头的路径（含查询参数），不带协议和域名。",
        ));
    }
    let (body, message) = (paste.body_bytes()?, paste.message_bytes()?);
    let mut remarks = Vec::new();
    let serial = SerialNumber::parse(&claim.serial).ok();
    let merchant = engine.world.merchants.get(&claim.mchid);
    let named = serial.as_ref().and_then(|serial| merchant.as_ref()?.key(serial));
    let is_known = named.is_some();
    if named.is_some_and(|key| key.is_revoked) {
        remarks.push(Remark {
            english: format!(
                "Merchant {} has revoked its certificate {}: the gateway refuses what it signs, however right.",
                claim.mchid, claim.serial
            ),
            chinese: format!(
                "商户 {} 已作废序列号为 {} 的商户API证书：签名即使正确，网关也会拒绝。",
                claim.mchid, claim.serial
            ),
        });
    }
    if paste.public_key.trim().is_empty() && !is_known {
        remarks.push(match merchant {
            None => no_merchant(&claim.mchid),
            Some(_) => Remark {
                english: format!(
                    "Merchant {} has no certificate {} here, so all of its own are tried.",
                    claim.mchid, claim.serial
                ),
                chinese: format!(
                    "商户 {} 在沙箱中没有序列号为 {} 的商户API证书，因此尝试该商户的所有证书。",
                    claim.mchid, claim.serial
                ),
            },
        });
    }
    let named = serial.as_ref().filter(|_| is_known);
    let doctor = with_pasted(gateway::doctor(&engine.gateway, &claim.mchid, named), paste)?;
    let nonces = engine
        .gateway
        .nonces
        .latest(&claim.mchid, gateway::EARLIER_NONCES);
    let method = paste.method.as_str();
    let mut request = SignedRequest::new(
        method,
        &paste.target,
        &claim.timestamp,
        &claim.nonce,
        &body,
        &claim.signature,
    )
    .earlier_nonces(
        nonces
            .iter()
            .map(String::as_str)
            .filter(|nonce| *nonce != claim.nonce),
    );
    if !paste.host.is_empty() {
        request = request.host(&paste.host);
    }
    if let Some(message) = &message {
        request = request.claimed(message);
    }
    let comparison = message.is_some().then(|| Doctor::new().request(&request));
    Ok(opinion(&doctor.request(&request), comparison.as_ref(), remarks))
}

/// The values of `Authorization`, or the five values given separately.
fn claim(paste: &Paste) -> Result<Claim, Unclear> {
    let header = paste.authorization.trim();
    if header.is_empty() {
        let claim = Claim {
            mchid: paste.mchid.clone(),
            nonce: paste.nonce.clone(),
            timestamp: paste.timestamp.clone(),
            serial: paste.serial_no.clone(),
            signature: paste.signature.clone(),
        };
        let nothing = [&claim.mchid, &claim.nonce, &claim.timestamp, &claim.signature];
        if nothing.iter().all(|value| value.is_empty()) {
            return Err(Unclear {
                field: "authorization",
                text: Unreadable::Missing.hint(),
            });
        }
        return Ok(claim);
    }
    let header = match header.get(..AUTHORIZATION.len()) {
        Some(name) if name.eq_ignore_ascii_case(AUTHORIZATION) => {
            header.get(AUTHORIZATION.len()..).unwrap_or_default()
        }
        _ => header,
    };
    gateway::auth::parse_authorization(header).map_err(|problem| Unclear {
        field: "authorization",
        text: problem.hint(),
    })
}

fn of_sheet(engine: &Engine, paste: &Paste) -> Result<Opinion, Unclear> {
    let is_app = paste.kind == Kind::App;
    required("appid", &paste.appid)?;
    required("timestamp", &paste.timestamp)?;
    required("nonce", &paste.nonce)?;
    required("package", &paste.package)?;
    let message = paste.message_bytes()?;
    let package = paste.package.as_str();
    let bare = package.strip_prefix(PREPAY_ID).unwrap_or(package);
    let mut remarks = Vec::new();
    let order = engine.world.order_of_prepay_id(bare);
    let mchid = match (&order, engine.world.merchants.get(&paste.mchid)) {
        (Some(order), _) => order.key.mchid.clone(),
        (None, Some(merchant)) => merchant.mchid.to_string(),
        (None, None) => {
            let first = engine.world.merchants.iter().next();
            let mchid = first
                .map(|merchant| merchant.mchid.to_string())
                .unwrap_or_default();
            if paste.public_key.trim().is_empty() {
                remarks.push(Remark {
                    english: format!(
                        "No order here has this prepay_id, so merchant {mchid} is taken for its owner."
                    ),
                    chinese: format!("沙箱中没有该 prepay_id 的订单，因此按商户 {mchid} 的订单处理。"),
                });
            }
            mchid
        }
    };
    let doctor = with_pasted(gateway::doctor(&engine.gateway, &mchid, None), paste)?;
    let sub = order.as_ref().and_then(|order| order.sub.as_ref());
    let parties = [
        order.as_ref().map(|order| order.appid.as_str()),
        sub.and_then(|sub| sub.appid.as_deref()),
        Some(mchid.as_str()),
        sub.map(|sub| sub.mchid.as_str()),
    ];
    let (appid, timestamp, nonce) = (&paste.appid, &paste.timestamp, &paste.nonce);
    let sheet = match is_app {
        true => SignedInvocation::app(appid, timestamp, nonce, package, &paste.signature),
        false => SignedInvocation::page(appid, timestamp, nonce, package, &paste.signature),
    };
    let mut sheet = sheet.other_parties(parties.into_iter().flatten());
    if let Some(message) = &message {
        sheet = sheet.claimed(message);
    }
    match (is_app, package.starts_with(PREPAY_ID)) {
        (true, true) => remarks.push(Remark {
            english: "An app passes the bare prepay id, without prepay_id= before it.".to_owned(),
            chinese: "APP 调起支付传的是 prepay_id 的值本身，前面不带 prepay_id=。".to_owned(),
        }),
        (false, false) => remarks.push(Remark {
            english: "The package of JSAPI and of a mini program is prepay_id= and the id.".to_owned(),
            chinese: "JSAPI 和小程序的 package 应为 prepay_id=***。".to_owned(),
        }),
        _ => {}
    }
    let comparison = message.is_some().then(|| Doctor::new().invocation(&sheet));
    Ok(opinion(&doctor.invocation(&sheet), comparison.as_ref(), remarks))
}

fn of_response(engine: &Engine, paste: &Paste) -> Result<Opinion, Unclear> {
    let value = |name: &str, given: &str| match paste.header(name) {
        Some(value) => value.to_owned(),
        None => given.to_owned(),
    };
    let timestamp = value("wechatpay-timestamp", &paste.timestamp);
    let nonce = value("wechatpay-nonce", &paste.nonce);
    let serial = value("wechatpay-serial", &paste.serial_no);
    let signature = value("wechatpay-signature", &paste.signature);
    if timestamp.is_empty() || nonce.is_empty() {
        return Err(Unclear::new(
            "headers",
            "Wechatpay-Timestamp and Wechatpay-Nonce are needed; paste the headers as they came, one a line.",
            "缺少 Wechatpay-Timestamp 或 Wechatpay-Nonce；请按收到的原样粘贴，每行一个 HTTP 头。",
        ));
    }
    let (body, message) = (paste.body_bytes()?, paste.message_bytes()?);
    let mut remarks = Vec::new();
    let keys = engine.platform.all_keys();
    let named = KeyId::parse(&serial).ok();
    let is_named = |id: &KeyId| named.as_ref() == Some(id);
    let is_known = keys.iter().any(|key| is_named(&key.id));
    if !is_known && paste.public_key.trim().is_empty() {
        remarks.push(Remark {
            english: "No key of this platform has that Wechatpay-Serial, so all of them are tried."
                .to_owned(),
            chinese: "沙箱的平台密钥中没有该 Wechatpay-Serial，因此尝试全部平台密钥。".to_owned(),
        });
    }
    let mut doctor = Doctor::new();
    for key in &keys {
        let role = match is_named(&key.id) || !is_known {
            true => KeyRole::Expected,
            false => KeyRole::SameHolder,
        };
        let label = Label::new(
            format!("the platform's key {}", key.id),
            format!("平台密钥 {}", key.id),
        );
        if let Ok(known) = KnownKey::new(label, key.key.public_key_info()) {
            doctor = doctor.key(role, known);
        }
    }
    for merchant in engine.world.merchants.iter() {
        for key in &merchant.keys {
            let label = gateway::certificate_label(&key.serial, merchant.mchid.as_str());
            if let Ok(known) = KnownKey::new(label, &key.public_key_info) {
                doctor = doctor.key(KeyRole::OwnMerchant, known);
            }
        }
    }
    let doctor = with_pasted(doctor, paste)?;
    let mut answer = SignedResponse::new(&timestamp, &nonce, &body, &signature);
    if let Some(message) = &message {
        answer = answer.claimed(message);
    }
    let comparison = message.is_some().then(|| Doctor::new().response(&answer));
    Ok(opinion(&doctor.response(&answer), comparison.as_ref(), remarks))
}

fn opinion(verdict: &Verdict, comparison: Option<&Verdict>, remarks: Vec<Remark>) -> Opinion {
    let comparison = comparison.map(|verdict| {
        let report = verdict.report();
        let difference = report.first_difference();
        json!({
            "equal": difference.is_none(),
            "first_difference": difference,
            "lines": report.lines(),
        })
    });
    Opinion {
        report: serde_json::to_value(verdict.report()).unwrap_or_default(),
        expected: verdict.expected_message(),
        comparison,
        remarks,
    }
}

/// The key that was pasted is the one that should have signed.
fn with_pasted(doctor: Doctor, paste: &Paste) -> Result<Doctor, Unclear> {
    let text = paste.public_key.trim();
    if text.is_empty() {
        return Ok(doctor);
    }
    if text.contains("PRIVATE KEY") {
        return Err(Unclear::new(
            "public_key",
            "That is a private key. Paste the certificate or the public key, and no private key anywhere.",
            "这是私钥。请粘贴证书或公钥；任何地方都不要粘贴私钥。",
        ));
    }
    let known = pem::public_key_info(text)
        .and_then(|info| KnownKey::new(Label::new("the key that was pasted", "粘贴的密钥"), &info));
    match known {
        Ok(key) => Ok(doctor.key(KeyRole::Expected, key)),
        Err(_) => Err(Unclear::new(
            "public_key",
            "This is no certificate and no RSA public key in PEM.",
            "不是 PEM 格式的证书或 RSA 公钥。",
        )),
    }
}

fn required(field: &'static str, value: &str) -> Result<(), Unclear> {
    if value.is_empty() {
        return Err(Unclear::new(field, "This field is needed.", "此项必填。"));
    }
    Ok(())
}

fn no_merchant(mchid: &str) -> Remark {
    Remark {
        english: format!(
            "Nobody here has the mchid {mchid}. Paste the public key or certificate if it is a merchant of the real platform."
        ),
        chinese: format!("沙箱中没有商户号 {mchid}。如果是真实商户，请粘贴其公钥或商户API证书。"),
    }
}
