//! The sign lab page: explains why a pasted signature does not verify.
//!
//! It takes a request, a payment sheet or a callback.
//!
//! A plain form, which works without a script. What is pasted goes back into the page and nowhere else.

use axum::{body::Body, response::Response};
use http::{HeaderMap, StatusCode};
use maud::{Markup, html};
use percent_encoding::percent_decode;

use super::{Visit, doctor, frame::Tab, not_found, parts};
use crate::{
    lab::{self, Kind, Opinion, Paste, TextForm, Unclear},
    web::{Query, read_form},
};

/// Two texts of one mebibyte, percent-encoded.
const MAX_PASTE: usize = 7 * 1024 * 1024;

/// Result for the pasted text.
enum Outcome {
    NothingYet,
    Unclear(Unclear),
    Known(Box<Opinion>),
}

/// The form: empty, or filled in.
///
/// `?request=` takes a request, `?notification=` a notification.
pub(super) async fn lab(visit: Visit) -> Response {
    let engine = visit.engine();
    let recorded = visit.query.get("request").map(|number| {
        let request = engine.gateway.requests.get(number.parse().ok()?)?;
        Some(Paste::of_request(&request))
    });
    let sent = visit.query.get("notification").map(|id| {
        let notification = engine.notifier.notifications.get(id)?;
        let sent = notification
            .attempts
            .iter()
            .rev()
            .find_map(|attempt| attempt.sent.as_ref())?;
        Some(Paste::of_notification(sent))
    });
    match recorded.or(sent) {
        Some(Some(paste)) => explained(&visit, paste).await,
        Some(None) => not_found(&visit),
        None => {
            let paste = Paste {
                kind: kind(&visit),
                method: "POST".to_owned(),
                ..Paste::default()
            };
            page(&visit, &paste, &Outcome::NothingYet)
        }
    }
}

/// Whose signature the page is about.
fn kind(visit: &Visit) -> Kind {
    let name = visit.query.get("kind");
    name.and_then(Kind::from_name).unwrap_or_default()
}

/// The form was sent.
pub(super) async fn examine(visit: Visit, headers: HeaderMap, body: Body) -> Response {
    let refuse = |status, english, chinese| {
        let paste = Paste {
            kind: kind(&visit),
            ..Paste::default()
        };
        let unclear = Outcome::Unclear(Unclear::new("body", english, chinese));
        let mut response = page(&visit, &paste, &unclear);
        *response.status_mut() = status;
        response
    };
    let form = match read_form(&headers, body, MAX_PASTE).await {
        Ok(form) => form,
        Err(status @ StatusCode::PAYLOAD_TOO_LARGE) => {
            return refuse(
                status,
                "That is more than one mebibyte, which nobody signs.",
                "内容超过 1 MiB，不可能是正常的签名内容。",
            );
        }
        Err(status) => {
            return refuse(
                status,
                "This is no form. Programs ask POST /_sandbox/api/sign/explain.",
                "这不是表单。程序请调用 POST /_sandbox/api/sign/explain。",
            );
        }
    };
    if percent_decode(&form).decode_utf8().is_err() {
        return refuse(
            StatusCode::BAD_REQUEST,
            "The text is not UTF-8. Paste such bytes as base64.",
            "文本不是 UTF-8 编码。请以 base64 粘贴这些字节。",
        );
    }
    explained(&visit, Paste::of_form(&Query::of_form(&form))).await
}

async fn explained(visit: &Visit, paste: Paste) -> Response {
    match lab::explain(&visit.desk.engine, paste.clone()).await {
        Ok(opinion) => page(visit, &paste, &Outcome::Known(Box::new(opinion))),
        Err(unclear) => {
            let mut response = page(visit, &paste, &Outcome::Unclear(unclear));
            *response.status_mut() = StatusCode::BAD_REQUEST;
            response
        }
    }
}

fn page(visit: &Visit, paste: &Paste, outcome: &Outcome) -> Response {
    visit.still_page(
        Some(Tab::Sign),
        visit.pick("Sign lab", "签名实验室"),
        &html! {
            p class="quiet intro" {
                (visit.pick(
                    "Paste what was sent, and the signature doctor says whether the key or the message is wrong, and where. Nothing that you paste is kept. Never paste a private key.",
                    "粘贴实际发送的内容，签名诊断会指出是密钥不对还是签名串不对，以及错在哪里。粘贴的内容不会被保存。请勿粘贴私钥。",
                ))
            }
            nav class="tabs" aria-label=(visit.pick("Whose signature", "签名类型")) {
                @for kind in Kind::ALL {
                    a href=(visit.to(&format!("/sign?kind={}", kind.name()))) aria-current=[(kind == paste.kind).then_some("true")] {
                        (kind_name(visit, kind))
                    }
                }
            }
            @match outcome {
                Outcome::NothingYet => {},
                Outcome::Unclear(unclear) => p class="told bad" role="alert" {
                    code { (unclear.field) } " " (visit.language.say(unclear.text))
                },
                Outcome::Known(opinion) => (verdict(visit, opinion)),
            }
            (form(visit, paste, outcome))
        },
    )
}

fn kind_name(visit: &Visit, kind: Kind) -> &str {
    match kind {
        Kind::Request => visit.pick("Request", "请求签名"),
        Kind::Page => visit.pick("JSAPI, mini program", "JSAPI、小程序调起"),
        Kind::App => visit.pick("App", "APP 调起"),
        Kind::Response => visit.pick("Callback, response", "回调通知、应答验签"),
    }
}

fn verdict(visit: &Visit, opinion: &Opinion) -> Markup {
    html! {
        @for remark in &opinion.remarks {
            p class="told warn" { (visit.pick(&remark.english, &remark.chinese)) }
        }
        (doctor::report(visit, &opinion.report))
        @if let Some(comparison) = &opinion.comparison { (doctor::comparison(visit, comparison)) }
        details class="card" id="expected" {
            summary { (visit.pick("The exact message to sign", "应签名的完整签名串")) }
            (parts::code(visit, &String::from_utf8_lossy(&opinion.expected)))
        }
    }
}

fn form(visit: &Visit, paste: &Paste, outcome: &Outcome) -> Markup {
    let wrong = match outcome {
        Outcome::Unclear(unclear) => unclear.field,
        _ => "",
    };
    let ask = Ask { visit, wrong };
    let optional = visit.pick("optional", "选填");
    let action = visit.to(&format!("/sign?kind={}", paste.kind.name()));
    html! {
        form class="card paste" method="post" action=(action) {
            input type="hidden" name="kind" value=(paste.kind.name());
            @match paste.kind {
                Kind::Request => {
                    div class="pair" {
                        (ask.line("method", visit.pick("Method", "请求方法"), &paste.method))
                        (ask.line("target", visit.pick("Path with query", "路径（含查询参数）"), &paste.target))
                    }
                    (ask.area("authorization", visit.pick("Authorization header", "Authorization 请求头"), &paste.authorization, 4))
                    (ask.area("body", visit.pick("Body", "请求报文主体"), &paste.body, 6))
                    (ask.text_form("body_form", paste.body_form))
                },
                Kind::Page | Kind::App => {
                    div class="fields" {
                        (ask.line("appid", "appId", &paste.appid))
                        (ask.line("timestamp", "timeStamp", &paste.timestamp))
                        (ask.line("nonce", "nonceStr", &paste.nonce))
                        (ask.line("package", if paste.kind == Kind::App { "prepayid" } else { "package (prepay_id=…)" }, &paste.package))
                    }
                    (ask.area("signature", if paste.kind == Kind::App { "sign" } else { "paySign" }, &paste.signature, 3))
                },
                Kind::Response => {
                    (ask.area("headers", visit.pick("Headers as they came, one a line (Wechatpay-…)", "收到的 HTTP 头，每行一个（Wechatpay-…）"), &paste.headers, 5))
                    (ask.area("body", visit.pick("Body as your code verified it", "验签时使用的报文主体"), &paste.body, 6))
                    (ask.text_form("body_form", paste.body_form))
                },
            }
            details id="more" open[!paste.message.is_empty() || !paste.public_key.is_empty() || !paste.mchid.is_empty()] {
                summary { (visit.pick("What your own code signed, and other keys", "你的代码实际签名的字符串、其他密钥")) " " span class="quiet" { "(" (optional) ")" } }
                (ask.area("message", own_message(visit, paste.kind), &paste.message, 6))
                (ask.text_form("message_form", paste.message_form))
                @if paste.kind == Kind::Request {
                    p class="quiet note" { (visit.pick("In place of the Authorization header, its values one by one:", "也可以不填 Authorization，逐项填写：")) }
                    div class="fields" {
                        (ask.line("mchid", "mchid", &paste.mchid))
                        (ask.line("serial_no", "serial_no", &paste.serial_no))
                        (ask.line("timestamp", "timestamp", &paste.timestamp))
                        (ask.line("nonce", "nonce_str", &paste.nonce))
                        (ask.line("signature", "signature", &paste.signature))
                        (ask.line("host", "Host", &paste.host))
                    }
                } @else if paste.kind != Kind::Response {
                    (ask.line("mchid", visit.pick("mchid of the order", "订单的商户号"), &paste.mchid))
                }
                (ask.area(
                    "public_key",
                    visit.pick("Certificate or public key (PEM) of who signed, if the sandbox does not know it", "签名方的证书或公钥（PEM），沙箱没有时填写"),
                    &paste.public_key,
                    4,
                ))
            }
            div class="actions" {
                button type="submit" class="button primary" { (visit.pick("Explain", "诊断")) }
            }
        }
    }
}

fn own_message(visit: &Visit, kind: Kind) -> &str {
    match kind {
        Kind::Response => visit.pick(
            "The message that your code verified (timestamp, nonce, body, each with its line end)",
            "你的代码用于验签的字符串（时间戳、随机串、报文主体，各以换行结尾）",
        ),
        _ => visit.pick(
            "The message that your code signed, with all line ends",
            "你的代码实际签名的字符串，含全部换行",
        ),
    }
}

/// Draws the fields.
struct Ask<'v> {
    visit: &'v Visit,
    /// The field that could not be understood.
    wrong: &'v str,
}

impl Ask<'_> {
    fn is_wrong(&self, name: &str) -> Option<&'static str> {
        (name == self.wrong).then_some("true")
    }

    fn line(&self, name: &str, label: &str, value: &str) -> Markup {
        html! {
            label {
                span { (label) }
                input type="text" name=(name) value=(value) autocomplete="off" spellcheck="false" aria-invalid=[self.is_wrong(name)];
            }
        }
    }

    fn area(&self, name: &str, label: &str, value: &str, rows: u8) -> Markup {
        html! {
            label {
                span { (label) }
                // A line end behind the tag is not part of the text.
                textarea name=(name) rows=(rows) spellcheck="false" autocomplete="off" aria-invalid=[self.is_wrong(name)] { "\n" (value) }
            }
        }
    }

    fn text_form(&self, name: &str, chosen: TextForm) -> Markup {
        let visit = self.visit;
        html! {
            label class="inline" {
                span { (visit.pick("It is", "内容为")) }
                (parts::select(name, visit.pick("Form of the text", "文本形式"), Some(chosen.name()), &[
                    (TextForm::Lf.name(), visit.pick("text, lines end in LF", "文本，换行为 LF")),
                    (TextForm::Crlf.name(), visit.pick("text, lines end in CRLF", "文本，换行为 CRLF")),
                    (TextForm::Base64.name(), "base64"),
                ]))
            }
        }
    }
}
