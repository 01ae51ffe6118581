//! Faults: the rules in force, and the catalogue for new ones.

use axum::response::Response;
use maud::{Markup, html};
use serde_json::Value;

use super::{Visit, button::button, frame::Tab, parts};
use crate::web::{Language, Query};
use wechatpay_sandbox::{
    faults::{Fault, FaultInfo, FaultPlace, FaultRule},
    world::clock::span,
};

/// Suggested paths of a fault rule.
const PATHS: [&str; 8] = [
    "POST /v3/pay/**",
    "GET /v3/pay/**",
    "POST /v3/refund/**",
    "POST /v3/ecommerce/refunds/**",
    "POST /v3/combine-transactions/**",
    "POST /v3/profitsharing/**",
    "GET /v3/bill/*",
    "GET /v3/certificates",
];
const EVENTS: [&str; 3] = ["TRANSACTION.SUCCESS", "REFUND.*", "*"];

const PLACES: [FaultPlace; 6] = [
    FaultPlace::Response,
    FaultPlace::Message,
    FaultPlace::Notification,
    FaultPlace::Payment,
    FaultPlace::Bill,
    FaultPlace::Keys,
];

pub(super) async fn faults(visit: Visit) -> Response {
    let rules = visit.engine().faults.all();
    visit.page(
        Some(Tab::Faults),
        visit.pick("Faults", "故障"),
        &html! {
            (rules_card(&visit, &rules))
            (form(&visit))
            section aria-labelledby="catalogue" {
                h2 id="catalogue" { (visit.pick("All faults", "故障目录")) }
                p class="quiet" {
                    (visit.pick(
                        "A click arms the fault for the next matching request. A request can also name it: ",
                        "点击后，下一次请求即触发。请求也可以自带：",
                    ))
                    code { "X-Sandbox-Fault: status=503" }
                }
                @for place in PLACES { (catalogue(&visit, place)) }
            }
        },
    )
}

fn rules_card(visit: &Visit, rules: &[FaultRule]) -> Markup {
    if rules.is_empty() {
        return parts::empty(
            visit.pick(
                "Nothing goes wrong on purpose. Every fault that fires will stand on the request or the attempt that it spoiled.",
                "目前没有人为故障。触发的故障会标注在对应的请求或通知上。",
            ),
            &html! {},
        );
    }
    html! {
        div class="card flush" {
            table class="list" {
                thead {
                    tr {
                        th { (visit.pick("Fault", "故障")) }
                        th { (visit.pick("When", "条件")) }
                        th class="number" { (visit.pick("Fired", "已触发")) }
                        th { span class="visually-hidden" { (visit.pick("Take back", "撤销")) } }
                    }
                }
                tbody {
                    @for rule in rules.iter().rev() {
                        @let id = rule.id().to_string();
                        @let is_spent = rule.is_spent(visit.now());
                        tr class=[is_spent.then_some("spent")] {
                            td class="main" {
                                strong { code { (rule.fault()) } }
                                span class="quiet" { (visit.language.say(rule.fault().info().text)) }
                            }
                            td data-label=(visit.pick("When", "条件")) { (condition(visit, rule)) }
                            td class="number" data-label=(visit.pick("Fired", "已触发")) {
                                (rule.fired())
                                @if is_spent { " " (parts::chip("calm", visit.pick("over", "已结束"))) }
                            }
                            td {
                                (button(visit, "unfault", &[("id", &id)], &html! {
                                    button type="submit" class="button small" { (visit.pick("Take back", "撤销")) }
                                }))
                            }
                        }
                    }
                }
            }
        }
        div class="actions" {
            (button(visit, "unfault", &[("id", "all")], &html! {
                button type="submit" class="button" { (visit.pick("Take all back", "全部撤销")) }
            }))
        }
    }
}

/// The conditions of a rule, as in its JSON.
fn condition(visit: &Visit, rule: &FaultRule) -> Markup {
    let json = serde_json::to_value(rule).unwrap_or_default();
    let text = |pointer: &str| match json.pointer(pointer) {
        Some(Value::String(text)) => Some(text.clone()),
        Some(Value::Number(number)) => Some(number.to_string()),
        Some(Value::Array(list)) if !list.is_empty() => Some(Value::Array(list.clone()).to_string()),
        _ => None,
    };
    let times = match json.pointer("/times").and_then(Value::as_u64) {
        Some(0) | None => visit.pick("always", "始终").to_owned(),
        Some(1) => visit.pick("once", "一次").to_owned(),
        Some(times) => format!("{times} ×"),
    };
    html! {
        span class="links" {
            span { (times) }
            @for pointer in ["/when/method", "/when/path", "/when/event", "/when/mchid", "/when/number", "/when/nth", "/probability"] {
                @if let Some(text) = text(pointer) { code { (text) } }
            }
            @if let Some(end) = json.pointer("/expires_at").and_then(Value::as_i64) {
                span { (visit.pick("until ", "至 ")) (parts::time(end, visit.now())) }
            }
        }
    }
}

fn form(visit: &Visit) -> Markup {
    html! {
        section class="card" aria-labelledby="new-fault" {
            h2 id="new-fault" class="first" { (visit.pick("Let something go wrong", "制造一个故障")) }
            (button(visit, "fault", &[], &html! {
                div class="fields" {
                    label class="row" {
                        span { (visit.pick("Fault", "故障")) }
                        select name="fault" required {
                            @for place in PLACES {
                                optgroup label=(place_name(visit.language, place)) {
                                    @for info in of_place(place) {
                                        option value=(info.example) data-says=(visit.language.say(info.text))
                                            data-argument=[argument(visit, info)] {
                                            (info.name)
                                        }
                                    }
                                }
                            }
                        }
                        span class="says" data-says-here {}
                    }
                    label {
                        span { (visit.pick("Argument", "参数")) }
                        input type="text" name="argument" placeholder="503, 2s, 3" size="10" autocomplete="off" spellcheck="false";
                    }
                    label {
                        span { (visit.pick("Only these requests", "仅限请求")) }
                        input type="text" name="on" list="paths" placeholder="POST /v3/refund/**" autocomplete="off" spellcheck="false";
                    }
                    label {
                        span { (visit.pick("Only these notifications", "仅限通知")) }
                        input type="text" name="event" list="events" placeholder="TRANSACTION.SUCCESS" autocomplete="off" spellcheck="false";
                    }
                    label {
                        span { (visit.pick("Only this order or refund", "仅限单号")) }
                        input type="text" name="about" placeholder="out_trade_no" autocomplete="off" spellcheck="false";
                    }
                    label {
                        span { (visit.pick("How often", "次数")) }
                        select name="times" {
                            option value="1" { (visit.pick("once", "一次")) }
                            option value="3" { "3 ×" }
                            option value="10" { "10 ×" }
                            option value="5m" { (visit.pick("for 5 minutes", "持续 5 分钟")) }
                            option value="30m" { (visit.pick("for 30 minutes", "持续 30 分钟")) }
                            option value="2h" { (visit.pick("for 2 hours", "持续 2 小时")) }
                            option value="0" { (visit.pick("always", "始终")) }
                        }
                    }
                    button type="submit" class="button primary" { (visit.pick("Switch on", "启用")) }
                }
                datalist id="paths" { @for path in PATHS { option value=(path) {} } }
                datalist id="events" { @for event in EVENTS { option value=(event) {} } }
            }))
        }
    }
}

fn of_place(place: FaultPlace) -> impl Iterator<Item = &'static FaultInfo> {
    Fault::CATALOGUE.iter().filter(move |info| info.place == place)
}

fn catalogue(visit: &Visit, place: FaultPlace) -> Markup {
    html! {
        details class="card" id={ "faults-" (place.as_str()) } open[place == FaultPlace::Response] {
            summary { strong { (place_name(visit.language, place)) } " " (parts::chip("calm", &of_place(place).count().to_string())) }
            div class="catalogue" {
                @for info in of_place(place) {
                    @let example = info.example.to_string();
                    div {
                        p { code { strong { (info.name) } @if info.argument.is_some() { "=…" } } }
                        p class="quiet" {
                            (visit.language.say(info.text))
                            @if let Some(argument) = info.argument { " (" (visit.language.say(argument)) ")" }
                        }
                        (button(visit, "fault", &[("fault", &example)], &html! {
                            button type="submit" class="button small" { (visit.pick("Next time: ", "下一次：")) (example) }
                        }))
                    }
                }
            }
        }
    }
}

/// Label of the field for a fault's argument.
fn argument(visit: &Visit, info: &FaultInfo) -> Option<String> {
    let meaning = visit.language.say(info.argument?);
    let (open, close) = (visit.pick("Argument (", "参数（"), visit.pick(")", "）"));
    Some(format!("{open}{meaning}{close}"))
}

const fn place_name(language: Language, place: FaultPlace) -> &'static str {
    match place {
        FaultPlace::Response => language.pick("The response to a request", "请求的应答"),
        FaultPlace::Message => language.pick(
            "A response, or a notification if an event is named",
            "应答，或指定事件的通知",
        ),
        FaultPlace::Notification => language.pick("A notification", "通知"),
        FaultPlace::Payment => language.pick("A payment at the cashier", "收银台支付"),
        FaultPlace::Bill => language.pick("A bill", "账单"),
        FaultPlace::Keys => language.pick("Keys and certificates", "密钥与证书"),
    }
}

/// The rule that a form describes.
pub(super) fn rule(form: &Query) -> Option<FaultRule> {
    let named = form.get("fault")?;
    let (name, _) = named.split_once('=').unwrap_or((named, ""));
    let fault: Fault = match form.get("argument") {
        Some(argument) => format!("{name}={}", argument.trim()).parse().ok()?,
        None => named.parse().ok()?,
    };
    let mut rule = FaultRule::from(fault);
    if let Some(request) = form.get("on") {
        rule = rule.on(request.trim());
    }
    if let Some(event) = form.get("event") {
        rule = rule.on_event(event.trim());
    }
    if let Some(number) = form.get("about") {
        rule = rule.about(number.trim());
    }
    let Some(times) = form.get("times") else {
        return Some(rule);
    };
    Some(match times.parse() {
        Ok(0) => rule.always(),
        Ok(times) => rule.times(times),
        Err(_) => rule.ttl(span::parse(times)?),
    })
}

/// Labels of the faults that fired at a request or an attempt.
pub(super) fn chips(visit: &Visit, faults: &[Fault]) -> Markup {
    html! {
        @for fault in faults {
            " " span class="chip fault" title=(visit.language.say(fault.info().text)) { "⚡ " (fault) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(form: &str) -> Option<Value> {
        rule(&Query::parse(form.as_bytes())).map(|rule| serde_json::to_value(rule).unwrap())
    }

    #[test]
    fn a_form_is_a_rule() {
        let json = of("fault=status%3D503&argument=429&on=POST+/v3/refund/**&times=3").unwrap();
        assert_eq!(json["do"], "status=429");
        assert_eq!(json["when"]["path"], "/v3/refund/**");
        assert_eq!(json["times"], 3);
        let json = of("fault=duplicate%3D3&event=REFUND.*&times=0").unwrap();
        assert_eq!((&json["do"], &json["times"]), (&"duplicate=3".into(), &0.into()));
        let json = of("fault=lost&times=30m").unwrap();
        assert_eq!((&json["ttl"], &json["times"]), (&"30m".into(), &0.into()));
        for bad in [
            "",
            "fault=nonsense",
            "fault=status%3D503&argument=200",
            "fault=lost&times=x",
        ] {
            assert!(of(bad).is_none(), "{bad}");
        }
    }
}
