//! A notification by hand: edited or new, encrypted and signed like any other.

use axum::{body::Body, response::Response};
use http::{HeaderMap, StatusCode};
use maud::{Markup, html};
use serde_json::json;

use super::{HOME, Visit, frame::Tab, not_found, outcome::DONE, parts};
use crate::web::{Query, read_form, see_other};
use wechatpay_sandbox::notify::{self, Craft, CraftError};

/// A resource of 256 KiB, percent-encoded.
const MAX_FORM: usize = 1024 * 1024;

/// Content of the form.
#[derive(Default)]
struct Fields {
    from: String,
    mchid: String,
    notify_url: String,
    event_type: String,
    resource: String,
    original_type: String,
    associated_data: String,
    summary: String,
}

/// The form: of an existing notification (`?from=`), or with an example.
pub(super) async fn form(visit: Visit) -> Response {
    let engine = visit.engine();
    let fields = match visit.query.get("from") {
        Some(id) => {
            let Some(of) = engine.notifier.notifications.get(id) else {
                return not_found(&visit);
            };
            Fields {
                from: of.id.clone(),
                mchid: of.mchid.clone(),
                notify_url: of.notify_url.clone(),
                event_type: of.event_type.to_string(),
                resource: parts::pretty(of.resource.as_bytes()),
                original_type: of.original_type.to_string(),
                associated_data: of.associated_data.to_string(),
                summary: of.summary.to_string(),
            }
        }
        None => example(&visit),
    };
    page(&visit, &fields, None)
}

fn example(visit: &Visit) -> Fields {
    let engine = visit.engine();
    let merchant = engine.world.merchants.iter().next();
    let mchid = merchant
        .as_ref()
        .map(|merchant| merchant.mchid.to_string())
        .unwrap_or_default();
    let appid = merchant
        .as_ref()
        .and_then(|merchant| merchant.appids.first())
        .map(ToString::to_string);
    let known = engine
        .world
        .orders
        .latest(1, |_| true)
        .pop()
        .map(|order| order.notify_url);
    let now = visit.now();
    let resource = json!({
        "mchid": mchid,
        "appid": appid,
        "out_trade_no": "demo-0001",
        "transaction_id": "4200000000000000000000000001",
        "trade_type": "JSAPI",
        "trade_state": "SUCCESS",
        "trade_state_desc": "支付成功",
        "bank_type": "OTHERS",
        "attach": "",
        "success_time": wechatpay_sandbox::world::clock::rfc3339(now),
        "payer": { "openid": "oSandboxExample" },
        "amount": { "total": 100, "payer_total": 100, "currency": "CNY", "payer_currency": "CNY" },
    });
    Fields {
        mchid,
        notify_url: known.unwrap_or_else(|| "http://127.0.0.1:3000/wechatpay/notify".to_owned()),
        event_type: "TRANSACTION.SUCCESS".to_owned(),
        resource: parts::pretty(resource.to_string().as_bytes()),
        original_type: "transaction".to_owned(),
        associated_data: "transaction".to_owned(),
        summary: "支付成功".to_owned(),
        ..Fields::default()
    }
}

/// The form was sent.
pub(super) async fn send(visit: Visit, headers: HeaderMap, body: Body) -> Response {
    let refuse = |status, text: &str| {
        let content = html! { p class="told bad" role="alert" { (text) } };
        let title = visit.pick("Refused", "请求被拒绝");
        let mut response = visit.still_page(Some(Tab::Notifications), title, &content);
        *response.status_mut() = status;
        response
    };
    let form = match read_form(&headers, body, MAX_FORM).await {
        Ok(form) => Query::of_form(&form),
        Err(status) => {
            let text = match status {
                StatusCode::PAYLOAD_TOO_LARGE => visit.pick("The form is too large.", "表单过大。"),
                _ => visit.pick("This is no form.", "这不是表单。"),
            };
            return refuse(status, text);
        }
    };
    if form.get("token") != Some(&*visit.desk.token) {
        let text = visit.pick(
            "The page was of another run of the sandbox. Open it again.",
            "页面属于沙箱的另一次运行，请重新打开。",
        );
        return refuse(StatusCode::FORBIDDEN, text);
    }
    let text = |name: &str| form.get(name).unwrap_or_default().trim().to_owned();
    let fields = Fields {
        from: text("from"),
        mchid: text("mchid"),
        notify_url: text("notify_url"),
        event_type: text("event_type"),
        resource: text("resource"),
        original_type: text("original_type"),
        associated_data: text("associated_data"),
        summary: text("summary"),
    };
    let Ok(resource) = serde_json::from_str(&fields.resource) else {
        return page(&visit, &fields, Some(CraftError::Resource));
    };
    let craft = Craft {
        from: None,
        mchid: Some(fields.mchid.clone()),
        notify_url: Some(fields.notify_url.clone()),
        event_type: Some(fields.event_type.clone()),
        resource: Some(resource),
        original_type: Some(fields.original_type.clone()),
        associated_data: Some(fields.associated_data.clone()),
        summary: Some(fields.summary.clone()),
    };
    match notify::craft(&visit.engine().notifier, craft) {
        Ok(id) => {
            let to = visit.to(&format!("/notifications/{}", parts::segment(&id)));
            let separator = if to.contains('?') { '&' } else { '?' };
            see_other(&format!("{to}{separator}{DONE}=crafted"))
        }
        Err(error) => page(&visit, &fields, Some(error)),
    }
}

fn page(visit: &Visit, fields: &Fields, error: Option<CraftError>) -> Response {
    let title = if fields.from.is_empty() {
        visit.pick("Write a notification", "自定义通知")
    } else {
        visit.pick("Edit and send", "编辑并发送")
    };
    let line = |name: &str, label: &str, value: &str| {
        html! {
            label {
                span { (label) }
                input type="text" name=(name) value=(value) autocomplete="off" spellcheck="false";
            }
        }
    };
    let merchants: Vec<String> = visit
        .engine()
        .world
        .merchants
        .iter()
        .map(|merchant| merchant.mchid.to_string())
        .collect();
    let merchants: Vec<(&str, &str)> = merchants
        .iter()
        .map(|mchid| (mchid.as_str(), mchid.as_str()))
        .collect();
    let content: Markup = html! {
        p class="quiet intro" {
            (visit.pick(
                "It becomes a notification of its own, with a new id: sealed with the merchant's APIv3 key and signed by the platform, so that a receiver cannot tell it from others.",
                "将作为一条新的通知（新的 id）发送：用商户的 APIv3 密钥加密并由平台签名，接收端无法与其他通知区分。",
            ))
        }
        @if let Some(error) = error { p class="told bad" role="alert" { (visit.language.say(error.text())) } }
        form class="card paste" method="post" action={ (HOME) "/notifications/craft" (lang(visit)) } {
            input type="hidden" name="token" value=(visit.desk.token);
            input type="hidden" name="from" value=(fields.from);
            div class="fields" {
                label {
                    span { (visit.pick("Merchant", "商户号")) }
                    (parts::select("mchid", visit.pick("Merchant", "商户号"), Some(&fields.mchid), &merchants))
                }
                (line("event_type", "event_type", &fields.event_type))
                (line("notify_url", "notify_url", &fields.notify_url))
            }
            label {
                span { (visit.pick("resource, in plain text (JSON)", "resource 明文（JSON）")) }
                textarea name="resource" rows="18" spellcheck="false" autocomplete="off" { "\n" (fields.resource) }
            }
            details id="envelope" {
                summary { (visit.pick("The envelope", "通知外层字段")) }
                div class="fields" {
                    (line("original_type", "original_type", &fields.original_type))
                    (line("associated_data", "associated_data", &fields.associated_data))
                    (line("summary", "summary", &fields.summary))
                }
            }
            div class="actions" {
                button type="submit" class="button primary" { (visit.pick("Seal, sign and send", "加密、签名并发送")) }
            }
        }
    };
    let mut response = visit.still_page(Some(Tab::Notifications), title, &content);
    if error.is_some() {
        *response.status_mut() = StatusCode::BAD_REQUEST;
    }
    response
}

fn lang(visit: &Visit) -> String {
    match visit.query.get("lang") {
        Some(_) => format!("?lang={}", visit.language.tag()),
        None => String::new(),
    }
}
