//! `Authorization` and the signature in it.

use wechatpay_doctor::{Confidence, Fact, Finding, Label, Verdict};

use crate::language::{Language, Localize, texts};

texts! {
    pub(crate) enum SignatureHint {
        NoMerchant { known: Vec<String> } =>
            "no merchant has this mchid; this sandbox knows {known}. In partner mode it is the service provider's (sp_mchid)",
            "没有这个商户号；沙箱中有 {known}。服务商模式下应填写服务商的商户号（sp_mchid）";
        NoCertificate { valid: Vec<String> } =>
            "serial_no is the serial of the merchant's own API certificate, not of the platform's; this merchant's is {valid}",
            "serial_no 是商户 API 证书的序列号，不是平台证书的；该商户的序列号是 {valid}";
        Revoked { valid: Vec<String> } =>
            "the merchant has revoked this certificate; sign with another one of its own and name that one's serial: {valid}",
            "商户已作废该证书；请改用该商户的其他证书签名，并填写其序列号：{valid}";
        OtherMerchant { field: String } =>
            "`{field}` must be the mchid that signs, the one in Authorization",
            "`{field}` 必须与 Authorization 中签名的商户号一致";
        NoTimestamp =>
            "timestamp is Unix seconds as decimal digits",
            "timestamp 是以十进制数字表示的 Unix 秒";
        Milliseconds =>
            "the timestamp is in milliseconds; divide it by 1000",
            "时间戳用了毫秒；请除以 1000";
        TimestampOff { distance: u64, side: Side, allowed: u64 } =>
            "the timestamp is {distance} s {side} the gateway's clock; {allowed} s are allowed. Is your clock right?",
            "时间戳{side}网关时钟 {distance} 秒；允许相差 {allowed} 秒。请检查系统时间";
    }
}

texts! {
    pub(crate) enum Side {
        Behind => "behind", "慢于";
        Ahead => "ahead of", "快于";
    }
}

/// The signature doctor's findings.
///
/// They have no text of the message, so they may be logged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Diagnosis {
    findings: Vec<Finding>,
    facts: Vec<Fact>,
    is_suspected: bool,
}

impl Diagnosis {
    pub(crate) fn new(verdict: &Verdict) -> Self {
        let facts = if verdict.is_explained() {
            Vec::new()
        } else {
            verdict.facts().to_vec()
        };
        Self {
            findings: verdict.findings().to_vec(),
            facts,
            is_suspected: verdict.confidence() == Confidence::Suspected,
        }
    }
}

impl Localize for Diagnosis {
    fn in_language(&self, language: Language) -> String {
        let probably = match self.is_suspected {
            true => language.pick("probably ", "很可能："),
            false => "",
        };
        let findings = self.findings.iter().map(|finding| {
            let remedy = finding.mistake().remedy().in_language(language);
            format!("{probably}{remedy}{}", in_brackets(finding.detail(), language))
        });
        let facts = self.facts.iter().map(|fact| {
            let text = fact.text().in_language(language);
            format!("{text}{}", in_brackets(fact.detail(), language))
        });
        let sentences: Vec<String> = findings.chain(facts).collect();
        sentences.join(language.pick("; ", "；"))
    }
}

fn in_brackets(detail: Option<&Label>, language: Language) -> String {
    match (detail, language) {
        (None, _) => String::new(),
        (Some(detail), Language::English) => format!(" ({})", detail.en()),
        (Some(detail), Language::Chinese) => format!("（{}）", detail.zh()),
    }
}
