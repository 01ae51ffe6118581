//! Snapshots on a button: kept in memory, or saved and uploaded as a file.

use std::sync::{Arc, Mutex};

use axum::{body::Body, response::Response};
use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{CONTENT_DISPOSITION, CONTENT_TYPE},
};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Body as _;
use maud::{Markup, html};

use super::{
    Desk, Visit,
    button::button,
    frame::Tab,
    outcome::{DONE, Outcome},
    parts,
};
use crate::web::{Text, see_other};
use wechatpay_sandbox::{Localize as _, RestoreError, Snapshot, gateway::form_parts, world::lock};

/// As much as programs may send.
const MAX_FILE: usize = 512 * 1024 * 1024;

// Why a file was not even read.
const TOO_LARGE: Text = Text::new("The file is larger than 512 MiB.", "文件超过 512 MiB。");
const NO_FORM: Text = Text::new("The form is broken.", "表单不完整。");
const NO_FILE: Text = Text::new("Choose a file first.", "请先选择文件。");
const OTHER_RUN: Text = Text::new(
    "The page was of another run of the sandbox. Open it again.",
    "页面属于沙箱的另一次运行，请重新打开。",
);

/// The last kept snapshot, lost when the process ends.
#[derive(Clone, Default)]
pub(super) struct Moment(Arc<Mutex<Option<Snapshot>>>);

/// Keeps this moment instead of an earlier one.
pub(super) fn keep(desk: &Desk) -> Outcome {
    let snapshot = desk.engine.snapshot();
    *lock(&desk.moment.0) = Some(snapshot);
    Outcome::KEPT
}

/// Goes back to the moment that was kept, as often as one likes.
pub(super) fn go_back(desk: &Desk) -> Outcome {
    let kept = lock(&desk.moment.0).clone();
    match kept.map(|snapshot| desk.engine.restore(snapshot)) {
        Some(Ok(())) => Outcome::RESTORED,
        Some(Err(_)) => Outcome::NOT_RESTORED,
        None => Outcome::GONE,
    }
}

/// The document, to be saved.
pub(super) async fn file(visit: Visit) -> Response {
    let engine = Arc::clone(&visit.desk.engine);
    // Writing it takes a while once there is much.
    let json = tokio::task::spawn_blocking(move || engine.snapshot().to_json()).await;
    let mut response = Response::new(json.unwrap_or_default().into());
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(
        CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment; filename=\"sandbox-state.json\""),
    );
    response
}

/// Somebody came by the address.
pub(super) async fn nothing(visit: Visit) -> Response {
    see_other(&visit.to("/clock"))
}

/// A file was sent. The sandbox becomes what it says, or stays as it is.
pub(super) async fn upload(visit: Visit, headers: HeaderMap, body: Body) -> Response {
    let file = match uploaded(&visit, &headers, body).await {
        Ok(file) => file,
        Err((status, why)) => return refused(&visit, status, visit.language.say(why)),
    };
    let engine = Arc::clone(&visit.desk.engine);
    let restored = tokio::task::spawn_blocking(move || engine.restore(Snapshot::from_json(&file)?)).await;
    match restored.unwrap_or(Err(RestoreError::Turning)) {
        Ok(()) => {
            let page = visit.to("/clock");
            let separator = if page.contains('?') { '&' } else { '?' };
            see_other(&format!("{page}{separator}{DONE}={}", Outcome::RESTORED.code))
        }
        Err(error) => refused(
            &visit,
            StatusCode::BAD_REQUEST,
            &error.in_language(visit.language),
        ),
    }
}

/// Content of the uploaded file.
async fn uploaded(visit: &Visit, headers: &HeaderMap, body: Body) -> Result<Bytes, (StatusCode, Text)> {
    let too_large = (StatusCode::PAYLOAD_TOO_LARGE, TOO_LARGE);
    // Who says beforehand that it is too much need not send it.
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if announced > MAX_FILE {
        return Err(too_large);
    }
    let body = Limited::new(body, MAX_FILE)
        .collect()
        .await
        .map_err(|_| too_large)?;
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let parts = kind.and_then(|kind| form_parts(kind, &body.to_bytes()));
    let parts = parts.ok_or((StatusCode::BAD_REQUEST, NO_FORM))?;
    let part = |name: &str| parts.iter().find(|part| part.name == name);
    let is_own = part("token").is_some_and(|token| *token.content == *visit.desk.token.as_bytes());
    if !is_own {
        return Err((StatusCode::FORBIDDEN, OTHER_RUN));
    }
    part("snapshot")
        .map(|part| part.content.clone())
        .filter(|file| !file.is_empty())
        .ok_or((StatusCode::BAD_REQUEST, NO_FILE))
}

/// Nothing has changed, and why.
fn refused(visit: &Visit, status: StatusCode, why: &str) -> Response {
    let content = html! {
        p class="told bad" role="alert" { (why) }
        p class="quiet" { (visit.pick("Nothing has changed.", "一切保持原样。")) }
        p { a class="button" href=(visit.to("/clock")) { (visit.pick("Back to the clock", "返回时钟")) } }
    };
    let title = visit.pick("Not restored", "未能恢复");
    let mut response = visit.still_page(Some(Tab::Clock), title, &content);
    *response.status_mut() = status;
    response
}

/// The buttons.
pub(super) fn section(visit: &Visit) -> Markup {
    let kept = lock(&visit.desk.moment.0).as_ref().map(Snapshot::taken_at);
    html! {
        section aria-labelledby="moment" {
            h2 id="moment" { (visit.pick("Snapshots", "快照")) }
            div class="card" {
                div class="actions" {
                    (button(visit, "keep", &[], &html! {
                        button type="submit" class="button" { (visit.pick("Take a snapshot", "保存快照")) }
                    }))
                    @if let Some(at) = kept {
                        (button(visit, "go-back", &[], &html! {
                            button type="submit" class="button" {
                                (visit.pick("Back to ", "返回 ")) (parts::time(at, visit.now()))
                            }
                        }))
                    }
                    a class="button" href=(visit.to("/snapshot.json")) download {
                        (visit.pick("Save as a file", "保存为文件"))
                    }
                }
                p class="quiet note" {
                    (visit.pick(
                        "Orders, refunds, notifications and what is still to come become what they were. The file is for the form below, for ",
                        "订单、退款、通知与计划事项将恢复到当时的状态。文件可用于下面的表单、",
                    ))
                    code { "--state" }
                    (visit.pick(" and for ", " 及 "))
                    code { "POST /_sandbox/api/restore" }
                    (visit.pick(".", "。"))
                }
                form method="post" enctype="multipart/form-data" action=(visit.to("/moment")) {
                    input type="hidden" name="token" value=(visit.desk.token);
                    div class="fields" {
                        label {
                            span { (visit.pick("A file that was saved", "已保存的文件")) }
                            input type="file" name="snapshot" accept=".json,application/json" required;
                        }
                        button type="submit" class="button" { (visit.pick("Restore the file", "从文件恢复")) }
                    }
                }
            }
        }
    }
}
