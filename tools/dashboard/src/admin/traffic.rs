//! Requests, notifications and lints.

use std::{collections::BTreeMap, sync::atomic::Ordering, time::Duration};

use axum::{extract::State, response::Response};
use http::HeaderMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::{Json, LIMIT, Path, Problem, Query, Reply, Sandbox, with_type};
use wechatpay_sandbox::{
    faults::Fault,
    gateway::{self, traffic::RecordedRequest},
    handle::engine::Engine,
    language::{Language, Localize as _},
    notify::{self, Attempt, Craft, CraftError, Notification, NotificationState},
    world::lints::Lint,
};

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn names(faults: &[Fault]) -> Vec<String> {
    faults.iter().map(ToString::to_string).collect()
}

fn milliseconds(took: Duration) -> u64 {
    u64::try_from(took.as_millis()).unwrap_or(u64::MAX)
}

/// Headers and body of a message.
#[derive(Serialize, ToSchema)]
struct Message {
    /// Of a sensitive one only the name.
    headers: BTreeMap<String, String>,
    body: String,
}

impl Message {
    fn new(headers: &HeaderMap, body: &[u8]) -> Self {
        Self {
            headers: fields(headers),
            body: text(body),
        }
    }
}

/// Renders headers; of a sensitive one only the name.
///
/// `Authorization` could be replayed for five minutes.
fn fields(headers: &HeaderMap) -> BTreeMap<String, String> {
    let shown = headers.iter().map(|(name, field)| {
        let shown = if field.is_sensitive() {
            "(withheld)".to_owned()
        } else {
            text(field.as_bytes())
        };
        (name.as_str().to_owned(), shown)
    });
    shown.collect()
}

#[derive(Serialize, ToSchema)]
pub(super) struct RequestSummary {
    /// Counts the requests from 1.
    number: u64,
    /// Unix seconds.
    at: i64,
    method: String,
    /// Path with query.
    target: String,
    mchid: Option<String>,
    /// Result of the signature check: Good, SignatureMismatch and so on.
    verdict: String,
    status: u16,
    /// Error code of the response.
    code: Option<String>,
    /// Remedy for an error.
    hint: Option<String>,
    /// Faults that fired.
    faults: Vec<String>,
    out_trade_no: Option<String>,
    /// The id of the stub that responded.
    stub: Option<u64>,
    took_ms: u64,
}

impl RequestSummary {
    fn of(request: &RecordedRequest) -> Self {
        Self {
            number: request.number,
            at: request.at,
            method: request.method.to_string(),
            target: request.target.clone(),
            mchid: request.mchid.clone(),
            verdict: format!("{:?}", request.verdict),
            status: request.status.as_u16(),
            code: request.code.clone(),
            hint: request.hint.as_ref().map(ToString::to_string),
            faults: names(&request.faults),
            out_trade_no: request.out_trade_no.clone(),
            stub: request.stub,
            took_ms: milliseconds(request.took),
        }
    }
}

#[derive(Deserialize, IntoParams)]
pub(super) struct RequestFilter {
    /// out_trade_no of the order they are about.
    order: Option<String>,
    /// The status of the response.
    status: Option<u16>,
    /// Maximum number, the newest first; 100 by default.
    limit: Option<usize>,
}

#[derive(Serialize, ToSchema)]
pub(super) struct RequestList {
    requests: Vec<RequestSummary>,
}

/// The newest requests to the gateway.
#[utoipa::path(get, path = "/requests", params(RequestFilter), responses((status = 200, body = RequestList)))]
pub(super) async fn requests(
    State(engine): Sandbox,
    Query(filter): Query<RequestFilter>,
) -> Reply<RequestList> {
    let requests = engine
        .gateway
        .requests
        .latest(filter.limit.unwrap_or(LIMIT), |request| {
            (filter.order.is_none() || request.out_trade_no == filter.order)
                && filter
                    .status
                    .is_none_or(|status| request.status.as_u16() == status)
        });
    Ok(Json(RequestList {
        requests: requests.iter().map(RequestSummary::of).collect(),
    }))
}

fn no_request() -> Problem {
    Problem::not_found("request", "there was no such request, or it is forgotten")
}

#[derive(Serialize, ToSchema)]
pub(super) struct RequestDetail {
    #[serde(flatten)]
    request: RequestSummary,
    #[serde(flatten)]
    message: Message,
    /// The text that the signature is over.
    sign_message: Option<String>,
    lints: Vec<LintView>,
    response: Option<Message>,
}

/// A request with headers, body, signed text, lints, and the response.
#[utoipa::path(get, path = "/requests/{number}", responses((status = 200, body = RequestDetail)))]
pub(super) async fn request(State(engine): Sandbox, Path(number): Path<u64>) -> Reply<RequestDetail> {
    let request = engine.gateway.requests.get(number).ok_or_else(no_request)?;
    let response = request.response.as_ref();
    Ok(Json(RequestDetail {
        request: RequestSummary::of(&request),
        message: Message::new(&request.headers, &request.body),
        sign_message: request.sign_message().map(|message| text(&message)),
        lints: request.lints.iter().map(LintView::of).collect(),
        response: response.map(|response| Message::new(&response.headers, &response.body)),
    }))
}

/// Sends a request once more, signed anew if its signature was good.
#[utoipa::path(post, path = "/requests/{number}/replay", responses((status = 200, body = RequestSummary)))]
pub(super) async fn replay(State(engine): Sandbox, Path(number): Path<u64>) -> Reply<RequestSummary> {
    if !gateway::replay(&engine.gateway, number).await {
        return Err(no_request());
    }
    let newest = engine.gateway.requests.newest(|_| true).ok_or_else(no_request)?;
    Ok(Json(RequestSummary::of(&newest)))
}

/// A request as a curl command, with its `Authorization`, which every request needs.
#[utoipa::path(
    get,
    path = "/requests/{number}/curl",
    responses((status = 200, description = "The command", body = String, content_type = "text/plain"))
)]
pub(super) async fn curl(State(engine): Sandbox, Path(number): Path<u64>) -> Result<Response, Problem> {
    let request = engine.gateway.requests.get(number).ok_or_else(no_request)?;
    Ok(with_type(
        "text/plain; charset=utf-8",
        request.curl(&engine.base_url),
    ))
}

#[derive(Serialize, ToSchema)]
#[schema(as = Attempt)]
pub(super) struct AttemptView {
    /// Unix seconds.
    at: i64,
    outcome: String,
    /// Status of the response, if there was one.
    status: Option<u16>,
    /// True for a probe or a forgery by a fault, which the receiver must refuse.
    is_forged: bool,
    /// Faults that fired.
    faults: Vec<String>,
    /// Id of the key that signed it; empty if nothing was sent.
    key_id: String,
    took_ms: u64,
    /// Body of the response.
    reply: String,
}

impl AttemptView {
    fn of(attempt: &Attempt) -> Self {
        Self {
            at: attempt.at,
            outcome: attempt.outcome.to_string(),
            status: attempt.outcome.status().map(|status| status.as_u16()),
            is_forged: attempt.is_forged,
            faults: names(&attempt.faults),
            key_id: attempt.key_id.clone(),
            took_ms: milliseconds(attempt.took),
            reply: text(&attempt.reply),
        }
    }
}

#[derive(Serialize, ToSchema)]
pub(super) struct NotificationSummary {
    id: String,
    mchid: String,
    /// Empty if it is about no order.
    out_trade_no: String,
    /// The merchant's number of the order, refund, share and so on.
    subject: String,
    event_type: String,
    notify_url: String,
    /// Unix seconds.
    created_at: i64,
    state: NotificationState,
    /// Faults of the notification as a whole; each attempt has its own.
    faults: Vec<String>,
    /// The oldest first.
    attempts: Vec<AttemptView>,
}

impl NotificationSummary {
    fn of(notification: &Notification) -> Self {
        Self {
            id: notification.id.clone(),
            mchid: notification.mchid.clone(),
            out_trade_no: notification.out_trade_no.clone(),
            subject: notification.subject.clone(),
            event_type: notification.event_type.clone().into_owned(),
            notify_url: notification.notify_url.clone(),
            created_at: notification.created_at,
            state: notification.state,
            faults: names(&notification.faults),
            attempts: notification.attempts.iter().map(AttemptView::of).collect(),
        }
    }
}

#[derive(Deserialize, IntoParams)]
pub(super) struct NotificationFilter {
    /// out_trade_no, out_refund_no and the like.
    about: Option<String>,
    /// Maximum number, the newest first; 100 by default.
    limit: Option<usize>,
}

#[derive(Serialize, ToSchema)]
pub(super) struct NotificationList {
    notifications: Vec<NotificationSummary>,
}

/// The newest notifications with their attempts.
#[utoipa::path(
    get,
    path = "/notifications",
    params(NotificationFilter),
    responses((status = 200, body = NotificationList))
)]
pub(super) async fn notifications(
    State(engine): Sandbox,
    Query(filter): Query<NotificationFilter>,
) -> Reply<NotificationList> {
    let about = filter.about.as_ref();
    let notifications = engine
        .notifier
        .notifications
        .latest(filter.limit.unwrap_or(LIMIT), |notification| {
            about.is_none_or(|number| notification.out_trade_no == *number || notification.subject == *number)
        });
    Ok(Json(NotificationList {
        notifications: notifications.iter().map(NotificationSummary::of).collect(),
    }))
}

fn no_notification() -> Problem {
    Problem::not_found(
        "notification",
        "there was no such notification, or it is forgotten",
    )
}

#[derive(Serialize, ToSchema)]
pub(super) struct NotificationDetail {
    #[serde(flatten)]
    notification: NotificationSummary,
    /// The plaintext of the encrypted resource.
    resource: Value,
    /// The newest message that went out and is kept.
    sent: Option<Message>,
}

impl NotificationDetail {
    fn of(engine: &Engine, id: &str) -> Reply<Self> {
        let notification = engine
            .notifier
            .notifications
            .get(id)
            .ok_or_else(no_notification)?;
        let mut attempts = notification.attempts.iter().rev();
        let sent = attempts.find_map(|attempt| attempt.sent.as_ref());
        Ok(Json(Self {
            notification: NotificationSummary::of(&notification),
            resource: serde_json::from_str(&notification.resource).unwrap_or_default(),
            sent: sent.map(|sent| Message::new(&sent.headers, &sent.body)),
        }))
    }
}

/// A notification with its resource and the newest sent message.
#[utoipa::path(get, path = "/notifications/{id}", responses((status = 200, body = NotificationDetail)))]
pub(super) async fn notification(
    State(engine): Sandbox,
    Path(id): Path<String>,
) -> Reply<NotificationDetail> {
    NotificationDetail::of(&engine, &id)
}

/// Makes one more attempt, signed anew under the same id.
#[utoipa::path(
    post,
    path = "/notifications/{id}/send",
    responses((status = 200, description = "Result of the attempt", body = AttemptView))
)]
pub(super) async fn send(State(engine): Sandbox, Path(id): Path<String>) -> Reply<AttemptView> {
    let made = notify::send_again(&engine.notifier, &id).await;
    Ok(Json(AttemptView::of(&made.ok_or_else(no_notification)?)))
}

/// Encrypts, signs and sends a notification of your own, with retries.
#[utoipa::path(
    post,
    path = "/notifications",
    responses(
        (status = 200, description = "The notification; its first attempt follows at once", body = NotificationDetail),
        (status = 404, response = Problem)
    )
)]
pub(super) async fn craft(State(engine): Sandbox, Json(craft): Json<Craft>) -> Reply<NotificationDetail> {
    let id = notify::craft(&engine.notifier, craft).map_err(|error| match error {
        CraftError::Gone => no_notification(),
        error => Problem::bad(error.text().en),
    })?;
    NotificationDetail::of(&engine, &id)
}

/// Ends the retries.
#[utoipa::path(post, path = "/notifications/{id}/stop", responses((status = 200, body = NotificationDetail)))]
pub(super) async fn stop(State(engine): Sandbox, Path(id): Path<String>) -> Reply<NotificationDetail> {
    engine.notifier.notifications.give_up(&id);
    NotificationDetail::of(&engine, &id)
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Enabled {
    enabled: bool,
}

/// Switches notifications off and on.
#[utoipa::path(put, path = "/notifications/enabled", responses((status = 200, body = Enabled)))]
pub(super) async fn enable(State(engine): Sandbox, Json(switch): Json<Enabled>) -> Reply<Enabled> {
    engine
        .notifier
        .is_enabled
        .store(switch.enabled, Ordering::Relaxed);
    Ok(Json(switch))
}

#[derive(Serialize, ToSchema)]
pub(super) struct LintList {
    lints: Vec<LintView>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Lint)]
struct LintView {
    kind: &'static str,
    /// Unix seconds.
    at: i64,
    /// The finding in one sentence, without payer data.
    text: String,
    /// The order it was found at.
    out_trade_no: Option<String>,
}

impl LintView {
    fn of(lint: &Lint) -> Self {
        Self {
            kind: lint.kind().as_str(),
            at: lint.at,
            text: lint.in_language(Language::English),
            out_trade_no: lint.out_trade_no.clone(),
        }
    }
}

/// Findings that would hurt in production.
#[utoipa::path(get, path = "/lints", responses((status = 200, body = LintList)))]
pub(super) async fn lints(State(engine): Sandbox) -> Reply<LintList> {
    let lints = engine.world.lints.all();
    Ok(Json(LintList {
        lints: lints.iter().map(LintView::of).collect(),
    }))
}
