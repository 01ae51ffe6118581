//! A moment to come back to: kept with one button, restored with another, or saved as a file.

use std::sync::{Arc, Mutex};

use axum::response::Response;
use http::{
    HeaderValue,
    header::{CONTENT_DISPOSITION, CONTENT_TYPE},
};
use maud::{Markup, html};

use super::{Desk, Visit, outcome::Outcome, parts, press::button};
use crate::{Snapshot, state::lock};

/// The moment that was kept last. It is gone with the process; a file is not.
#[derive(Clone, Default)]
pub(super) struct Moment(Arc<Mutex<Option<Snapshot>>>);

/// Keeps this moment instead of an earlier one.
pub(super) fn keep(desk: &Desk) -> Outcome {
    let snapshot = Snapshot::take(&desk.shared);
    *lock(&desk.moment.0) = Some(snapshot);
    Outcome::KEPT
}

/// Goes back to the moment that was kept, as often as one likes.
pub(super) fn go_back(desk: &Desk) -> Outcome {
    let kept = lock(&desk.moment.0).clone();
    match kept.map(|snapshot| snapshot.restore(&desk.shared)) {
        Some(Ok(())) => Outcome::RESTORED,
        Some(Err(_)) => Outcome::NOT_RESTORED,
        None => Outcome::GONE,
    }
}

/// The document, to be saved.
pub(super) async fn file(visit: Visit) -> Response {
    let shared = Arc::clone(&visit.desk.shared);
    // Writing it takes a while once there is much.
    let json = tokio::task::spawn_blocking(move || Snapshot::take(&shared).to_json()).await;
    let mut response = Response::new(json.unwrap_or_default().into());
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(
        CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment; filename=\"sandbox-state.json\""),
    );
    response
}

/// The buttons.
pub(super) fn section(visit: &Visit) -> Markup {
    let kept = lock(&visit.desk.moment.0).as_ref().map(Snapshot::taken_at);
    html! {
        section aria-labelledby="moment" {
            h2 id="moment" { (visit.pick("A moment to come back to", "可返回的时刻")) }
            div class="card" {
                div class="actions" {
                    (button(visit, "keep", &[], &html! {
                        button type="submit" class="button" { (visit.pick("Keep this moment", "记住此刻")) }
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
                        "Orders, refunds, notifications and what is still to come become what they were. The file is for ",
                        "订单、退款、通知与计划事项将恢复到当时的状态。文件可用于 ",
                    ))
                    code { "--state" }
                    (visit.pick(" and for ", " 及 "))
                    code { "POST /_sandbox/api/restore" }
                    (visit.pick(".", "。"))
                }
            }
        }
    }
}
