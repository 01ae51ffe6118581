//! Requests to the gateway: a list, and each with its response.

use axum::{extract::Path, response::Response};
use http::StatusCode;
use maud::{Markup, html};

use super::{Visit, button::button, doctor, faults, frame::Tab, not_found, parts, sequence};
use wechatpay_sandbox::{
    gateway::traffic::{RecordedRequest, Verdict},
    language::Localize as _,
};

/// Requests on one page.
const SHOWN: usize = 100;

pub(super) async fn list(visit: Visit) -> Response {
    let wanted = visit.query.get("q").map(str::to_lowercase);
    let only = visit.query.get("only");
    let is_wanted = |request: &RecordedRequest| {
        let is_of_kind = match only {
            Some("problems") => !request.status.is_success(),
            Some("signatures") => !matches!(request.verdict, Verdict::Good),
            Some("lints") => !request.lints.is_empty(),
            Some("faults") => !request.faults.is_empty(),
            _ => true,
        };
        is_of_kind && wanted.as_deref().is_none_or(|wanted| mentions(request, wanted))
    };
    let requests = visit.engine().gateway.requests.latest(SHOWN, is_wanted);
    let kinds = parts::select(
        "only",
        visit.pick("Which", "筛选"),
        only,
        &[
            ("", visit.pick("all", "全部")),
            ("problems", visit.pick("refused", "被拒绝")),
            ("signatures", visit.pick("wrongly signed", "签名错误")),
            ("lints", visit.pick("with findings", "有提示")),
            ("faults", visit.pick("with faults", "有故障")),
        ],
    );
    visit.page(
        Some(Tab::Requests),
        visit.pick("Requests", "请求"),
        &html! {
            (parts::search(&visit, visit.pick("Path, code, order …", "路径、错误码、订单号……"), &kinds))
            @if requests.is_empty() {
                (parts::empty(
                    visit.pick("No request here yet.", "这里还没有请求。"),
                    &html! { p { (visit.pick("The gateway is ", "网关地址：")) code { (visit.engine().base_url) "/v3/…" } } },
                ))
            } @else {
                (table(&visit, &requests))
            }
        },
    )
}

fn mentions(request: &RecordedRequest, wanted: &str) -> bool {
    [
        Some(request.target.as_str()),
        request.code.as_deref(),
        request.out_trade_no.as_deref(),
        request.mchid.as_deref(),
        Some(request.status.as_str()),
    ]
    .into_iter()
    .flatten()
    .any(|text| text.to_lowercase().contains(wanted))
}

fn table(visit: &Visit, requests: &[RecordedRequest]) -> Markup {
    let now = visit.now();
    html! {
        div class="card flush" {
            table class="list" {
                thead {
                    tr {
                        th { "#" }
                        th { (visit.pick("Request", "请求")) }
                        th { (visit.pick("Response", "应答")) }
                        th class="number" { "ms" }
                        th { (visit.pick("Order", "订单")) }
                        th { (visit.pick("Time", "时间")) }
                    }
                }
                tbody {
                    @for request in requests {
                        @let name = sequence::endpoint(&request.method, request.path());
                        tr {
                            td class="number quiet" { (request.number) }
                            td class="main" {
                                a href=(visit.to(&format!("/requests/{}", request.number))) {
                                    strong { (visit.language.say(name)) }
                                }
                                code class="quiet" { (request.method) " " (request.path()) }
                            }
                            td data-label=(visit.pick("Response", "应答")) {
                                (parts::status(request.status))
                                @if let Some(code) = &request.code { " " code { (code) } }
                                @if request.verdict == Verdict::SignatureMismatch
                                    && let Some(found) = doctor::found(request)
                                    && let Some(cause) = doctor::cause(&found)
                                { " " (parts::chip("bad", cause)) }
                                @if request.status == StatusCode::UNAUTHORIZED { " " (to_lab(visit, request, "small-link")) }
                                (stub(visit, request))
                                (faults::chips(visit, &request.faults))
                                @if !request.lints.is_empty() {
                                    " " (parts::chip("warn", &parts::count(visit, request.lints.len(), "lint", "lints", "条提示")))
                                }
                            }
                            td class="number" data-label="ms" { (request.took.as_millis()) }
                            td data-label=(visit.pick("Order", "订单")) {
                                @if let Some(number) = &request.out_trade_no { (parts::order_link(visit, number)) }
                            }
                            td data-label=(visit.pick("Time", "时间")) { (parts::time(request.at, now)) }
                        }
                    }
                }
            }
        }
    }
}

pub(super) async fn one(visit: Visit, Path(number): Path<u64>) -> Response {
    let found = visit
        .engine()
        .gateway
        .requests
        .latest(1, |request| request.number == number)
        .pop();
    let Some(request) = found else {
        return not_found(&visit);
    };
    let title = format!("{} #{number}", visit.pick("Request", "请求"));
    visit.page(Some(Tab::Requests), &title, &content(&visit, &request))
}

fn content(visit: &Visit, request: &RecordedRequest) -> Markup {
    let name = sequence::endpoint(&request.method, request.path());
    let number = request.number.to_string();
    html! {
        p class="headline" {
            strong { (visit.language.say(name)) } " " (parts::status(request.status))
            @if let Some(code) = &request.code { " " code { (code) } }
            (stub(visit, request))
            (faults::chips(visit, &request.faults))
            " " span class="quiet" { (request.took.as_millis()) " ms · " (parts::time(request.at, visit.now())) }
            @if let Some(number) = &request.out_trade_no { " " (parts::order_link(visit, number)) }
        }
        div class="actions" {
            (button(visit, "replay", &[("number", &number)], &html! {
                button type="submit" class="button primary" { (visit.pick("Replay", "重放")) }
            }))
            @if request.status == StatusCode::UNAUTHORIZED { (to_lab(visit, request, "button")) }
            button type="button" class="button" data-copy="curl" hidden { (visit.pick("Copy as curl", "复制为 curl")) }
        }
        @for lint in &request.lints {
            p class="told warn" { code { (lint.kind()) } " " (lint.in_language(visit.language)) }
        }
        @if let Some(found) = doctor::found(request) { (doctor::report(visit, &found)) }
        div class="columns even" {
            section aria-labelledby="request" {
                h2 id="request" { (visit.pick("Request", "请求")) }
                (parts::code(visit, &head(request)))
                @if !request.body.is_empty() { (parts::code(visit, &parts::shown(&request.body))) }
            }
            section aria-labelledby="response" {
                h2 id="response" { (visit.pick("Response", "应答")) }
                (verdict(visit, request.verdict))
                // The doctor says the same, and in either language.
                @if let Some(hint) = request.hint.as_ref().filter(|_| doctor::found(request).is_none()) {
                    p class="told warn" { (hint.in_language(visit.language)) }
                }
                @match &request.response {
                    Some(answer) => {
                        (parts::code(visit, &format!("HTTP/1.1 {}\n{}", request.status, parts::header_lines(&answer.headers))))
                        @if !answer.body.is_empty() { (parts::code(visit, &parts::shown(&answer.body))) }
                    },
                    None => p class="told bad" { (visit.pick("There was no response.", "没有应答。")) },
                }
                @if let Some(message) = request.sign_message() {
                    details class="card" id="signed" open[request.verdict == Verdict::SignatureMismatch] {
                        summary { (visit.pick("Message to sign", "应签名的签名串")) }
                        (parts::code(visit, &String::from_utf8_lossy(&message)))
                    }
                }
            }
        }
        details class="card" id="curl-box" {
            summary { "curl" }
            pre id="curl" { code { (request.curl(&visit.engine().base_url)) } }
        }
    }
}

/// The stub that responded.
fn stub(visit: &Visit, request: &RecordedRequest) -> Markup {
    html! {
        @if let Some(id) = request.stub {
            " " (parts::chip("warn", &format!("{} {id}", visit.pick("stub", "桩"))))
        }
    }
}

/// A link to the sign lab, filled in with this request.
fn to_lab(visit: &Visit, request: &RecordedRequest, class: &str) -> Markup {
    html! {
        a class=(class) href=(visit.to(&format!("/sign?request={}", request.number))) { (visit.pick("Sign lab", "签名诊断")) }
    }
}

/// The first line and the headers, as they came.
fn head(request: &RecordedRequest) -> String {
    let headers = parts::header_lines(&request.headers);
    format!("{} {} HTTP/1.1\n{headers}", request.method, request.target)
}

fn verdict(visit: &Visit, verdict: Verdict) -> Markup {
    let (tone, english, chinese) = match verdict {
        Verdict::Good => ("good", "The signature fits.", "签名正确。"),
        Verdict::Unread => (
            "bad",
            "Refused before the signature was looked at: the body was too long or did not arrive, or a web page sent it.",
            "请求体过长或不完整，或请求来自网页，未验签即被拒绝。",
        ),
        Verdict::AuthorizationMalformed => (
            "bad",
            "There is no Authorization header, or it cannot be read.",
            "缺少 Authorization 请求头，或格式错误。",
        ),
        Verdict::OtherScheme => (
            "bad",
            "The scheme is not WECHATPAY2-SHA256-RSA2048.",
            "签名方案不是 WECHATPAY2-SHA256-RSA2048。",
        ),
        Verdict::TimestampOff => (
            "bad",
            "The timestamp is more than five minutes off the sandbox's clock.",
            "时间戳与沙箱时钟相差超过五分钟。",
        ),
        Verdict::TimestampInMilliseconds => (
            "bad",
            "The timestamp is in milliseconds; it must be in seconds.",
            "时间戳用了毫秒，应为秒。",
        ),
        Verdict::MerchantUnknown => ("bad", "Nobody has this mchid.", "商户号不存在。"),
        Verdict::SerialUnknown => (
            "bad",
            "The merchant has no certificate of this serial.",
            "商户没有该序列号的证书。",
        ),
        Verdict::CertificateRevoked => (
            "bad",
            "The merchant has revoked the certificate of this serial.",
            "该序列号的商户API证书已作废。",
        ),
        Verdict::SignatureMismatch => ("bad", "The signature does not fit.", "签名不匹配。"),
        Verdict::OtherMerchant => (
            "bad",
            "The signature fits, and the body or query names another merchant.",
            "签名正确，但请求里写的是其他商户号。",
        ),
    };
    html! { p class={ "told " (tone) } { (visit.pick(english, chinese)) } }
}
