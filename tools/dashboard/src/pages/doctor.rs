//! Findings of the signature doctor, drawn from the response that told the client: see [`wechatpay_doctor`].

use maud::{Markup, html};
use serde_json::Value;

use super::{Visit, parts};
use crate::web::Language;
use wechatpay_sandbox::gateway::traffic::RecordedRequest;

/// JSON pointer of the explanation in a response.
const EXPLANATION: &str = "/detail/sandbox/explanation";

/// The doctor's findings about the request's signature, if it was examined.
pub(super) fn found(request: &RecordedRequest) -> Option<Value> {
    let answer = request.response.as_ref()?;
    let body: Value = serde_json::from_slice(&answer.body).ok()?;
    body.pointer(EXPLANATION).cloned()
}

/// The first mistake in a word, for lists.
pub(super) fn cause(found: &Value) -> Option<&str> {
    found.pointer("/cause/0")?.as_str()
}

/// Verdict, remedies, and the lines side by side.
pub(super) fn report(visit: &Visit, found: &Value) -> Markup {
    let text = |pointer: &str| found.pointer(pointer).and_then(Value::as_str);
    let list = |pointer: &str| {
        found
            .pointer(pointer)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
    };
    if text("/verdict") == Some("signature-fits") {
        let by = label(visit, found, ["signed_by", "signed_by_zh"]).unwrap_or_default();
        return html! {
            p class="told good" {
                (visit.pick("The signature fits. It was made with ", "签名正确。签名者：")) (by) (visit.pick(".", "。"))
            }
        };
    }
    let is_answer = found.get("you_verified").is_some();
    let (tone, sure) = match text("/confidence") {
        Some("proven") => ("bad", visit.pick("proven", "已证实")),
        Some("suspected") => ("warn", visit.pick("suspected", "疑似")),
        _ => ("calm", visit.pick("cause unknown", "原因未知")),
    };
    html! {
        section class="card doctor" aria-labelledby="doctor" {
            h2 id="doctor" class="first" {
                (visit.pick("Why the signature does not fit", "签名为什么不匹配")) " " (parts::chip(tone, sure))
                @for code in list("/cause").filter_map(Value::as_str) { " " code { (code) } }
            }
            @for mistake in list("/mistakes") {
                p class="remedy" {
                    (in_language(visit.language, mistake.get("remedy")))
                    (in_brackets(visit, mistake))
                }
            }
            @for fact in list("/facts") {
                p class="quiet" {
                    "✓ " (in_language(visit.language, Some(fact)))
                    (in_brackets(visit, fact))
                }
            }
            @if let Some(key) = label(visit, found, ["signed_by", "signed_by_zh"]).filter(|_| text("/verdict") != Some("message-differs")) {
                p class="quiet" { (visit.pick("Signed by ", "签名者：")) (key) }
            }
            @if list("/diff").any(differs) { (legend(visit, if is_answer {
                (visit.pick("what the platform signed", "平台签名的内容"), visit.pick("what you verified", "你验签的内容"))
            } else if found.get("you_gave").is_some() {
                (visit.pick("what you say was signed", "你提供的内容"), visit.pick("what must be signed", "应签名的内容"))
            } else {
                (visit.pick("what was signed", "实际签名的内容"), visit.pick("what must be signed", "应签名的内容"))
            })) }
            ol class="lines" { @for line in list("/diff") { (diff_line(visit, line)) } }
            @if let Some(tried) = found.get("tried").and_then(Value::as_u64).filter(|tried| *tried > 1) {
                p class="quiet note" { (tried) " " (visit.pick("messages tried", "种签名串已尝试")) }
            }
        }
    }
}

/// Compares the signed bytes with the expected ones.
pub(super) fn comparison(visit: &Visit, found: &Value) -> Markup {
    let lines = found.get("lines").and_then(Value::as_array);
    let byte = |side: &str| {
        let byte = found
            .pointer(&format!("/first_difference/{side}"))
            .and_then(Value::as_u64);
        byte.map_or_else(
            || visit.pick("the end", "结尾").to_owned(),
            |byte| format!("0x{byte:02X}"),
        )
    };
    html! {
        section class="card doctor" aria-labelledby="own" {
            h2 id="own" class="first" { (visit.pick("Your message beside the right one", "你的签名串与正确签名串对照")) }
            @match found.pointer("/first_difference/offset").and_then(Value::as_u64) {
                None => p class="told good" {
                    (visit.pick("Both are equal to the last byte.", "两者逐字节完全相同。"))
                },
                Some(offset) => p class="told bad" {
                    (visit.pick("The first difference is at byte ", "第一处不同在第 ")) (offset)
                    (visit.pick(" (from 0): yours has ", " 字节（从 0 起）：你的是 ")) code { (byte("signed")) }
                    (visit.pick(", the right one ", "，正确的是 ")) code { (byte("expected")) }
                    (visit.pick(".", "。"))
                },
            }
            @if lines.into_iter().flatten().any(differs) {
                (legend(visit, (visit.pick("yours", "你的"), visit.pick("the right one", "正确的"))))
            }
            ol class="lines" { @for line in lines.into_iter().flatten() { (diff_line(visit, line)) } }
        }
    }
}

fn differs(line: &Value) -> bool {
    line.get("same").and_then(Value::as_bool) == Some(false)
}

/// Which side is which, and what the pictures of invisible characters mean.
fn legend(visit: &Visit, (minus, plus): (&str, &str)) -> Markup {
    html! {
        p class="quiet note legend" {
            "− " (minus) "   + " (plus) "   ↵ LF  ⇤ CR  · " (visit.pick("blank", "空格")) "  → TAB"
        }
    }
}

fn diff_line(visit: &Visit, line: &Value) -> Markup {
    let text = |key: &str| line.get(key).and_then(Value::as_str);
    let is_same = line.get("same").and_then(Value::as_bool).unwrap_or_default();
    let no_line = visit.pick("(no such line)", "（没有这一行）");
    html! {
        li class=[(!is_same).then_some("differs")] {
            span class="line-number" { (line.get("line").and_then(Value::as_u64).map(|line| line.to_string()).unwrap_or_default()) }
            span class="part" { (part_name(visit.language, text("part").unwrap_or_default())) }
            @if is_same {
                code { (parts::drawn(text("expected").unwrap_or_default())) }
            } @else {
                div {
                    p { span class="visually-hidden" { (visit.pick("signed: ", "已签：")) } del { code { (parts::drawn(text("signed").unwrap_or(no_line))) } } }
                    p { span class="visually-hidden" { (visit.pick("expected: ", "应为：")) } ins { code { (parts::drawn(text("expected").unwrap_or(no_line))) } } }
                }
            }
        }
    }
}

/// A label; the Chinese is there if it differs.
fn label<'a>(visit: &Visit, of: &'a Value, [en, zh]: [&str; 2]) -> Option<&'a str> {
    let chinese = of.get(zh).filter(|_| visit.language == Language::Chinese);
    chinese.or_else(|| of.get(en))?.as_str()
}

/// The name or number that goes with a mistake or a fact.
fn in_brackets(visit: &Visit, of: &Value) -> Markup {
    let detail = label(visit, of, ["detail", "detail_zh"]);
    let (open, close) = (visit.pick(" (", "（"), visit.pick(")", "）"));
    html! { @if let Some(detail) = detail { (open) (detail) (close) } }
}

/// A text in both languages, `en` and `zh`.
fn in_language(language: Language, text: Option<&Value>) -> &str {
    text.and_then(|text| text.get(language.pick("en", "zh")))
        .and_then(Value::as_str)
        .unwrap_or_default()
}

fn part_name(language: Language, part: &str) -> &str {
    match part {
        "method" => language.pick("method", "请求方法"),
        "url" => language.pick("path, query", "路径与查询"),
        "timestamp" => language.pick("timestamp", "时间戳"),
        "nonce" => language.pick("nonce", "随机串"),
        "body" => language.pick("body", "请求体"),
        "frame" => language.pick("layout", "格式"),
        other => other,
    }
}
