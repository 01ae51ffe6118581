//! The dashboard: the developer's side, in a browser.
//!
//! Pages are rendered here and readable without a script. The script fetches a page again when something has happened, and
//! the buttons are forms that carry a token: see [`crate::web`] for who may press them.

mod acceptance;
mod assets;
mod bills;
mod books;
mod button;
mod clock;
mod connect;
mod craft;
mod doctor;
mod faults;
mod frame;
mod keys;
mod live;
mod moment;
mod notifications;
mod orders;
mod outcome;
mod overview;
mod parts;
mod picture;
mod press;
mod quickstarts;
mod reconcile;
mod requests;
mod sequence;
mod sign;
mod visit;

use std::sync::Arc;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::from_fn_with_state,
    response::Response,
    routing::{get, post},
};
use http::StatusCode;

use crate::web::{Frames, Guard, Intruder, Language, guard, respond, see_other, with_parameter};
use visit::Visit;
use wechatpay_sandbox::{handle::engine::Engine, world::orders::key::OrderKey};

/// Path of the dashboard.
pub(crate) const HOME: &str = "/_sandbox";

/// Address of an order's page, which leads back to the shop if known.
pub(crate) fn order_page(key: &OrderKey, language: Language, shop: Option<&str>) -> String {
    let page = format!("{HOME}{}", parts::order_path(key));
    let page = with_parameter(&page, "lang", language.tag());
    match shop {
        Some(shop) => with_parameter(&page, orders::SHOP, shop),
        None => page,
    }
}

/// State of the dashboard's handlers.
#[derive(Clone)]
struct Desk {
    engine: Arc<Engine>,
    /// Token that each form must send; other sites cannot read it.
    token: Arc<str>,
    runs: acceptance::Runs,
    moment: moment::Moment,
}

/// The routes of the dashboard.
pub(crate) fn router(engine: &Arc<Engine>) -> Router<Arc<Engine>> {
    let own = Guard {
        engine: Arc::clone(engine),
        frames: Frames::None,
        refuse,
    };
    let desk = Desk {
        token: engine.world.secrets.token().into(),
        runs: acceptance::Runs::default(),
        moment: moment::Moment::default(),
        engine: Arc::clone(engine),
    };
    let at = |path: &str| format!("{HOME}{path}");
    Router::new()
        .route(HOME, get(overview::overview))
        .route(&at("/"), get(async || see_other(HOME)))
        .route(&at("/orders"), get(orders::list))
        .route(&at("/orders/{mchid}/{number}"), get(orders::one))
        .route(&at("/requests"), get(requests::list))
        .route(&at("/requests/{number}"), get(requests::one))
        .route(&at("/sign"), get(sign::lab).post(sign::examine))
        .route(&at("/notifications"), get(notifications::list))
        .route(&at("/notifications/craft"), get(craft::form).post(craft::send))
        .route(&at("/notifications/{id}"), get(notifications::one))
        .route(&at("/faults"), get(faults::faults))
        .route(&at("/bills"), get(bills::bills))
        .route(&at("/bills/file"), get(bills::file))
        .route(
            &at("/bills/reconcile"),
            get(reconcile::nothing).post(reconcile::reconcile),
        )
        .route(&at("/sequence.svg"), get(picture::sequence))
        .route(&at("/keys"), get(keys::keys))
        .route(&at("/clock"), get(clock::clock))
        .route(&at("/snapshot.json"), get(moment::file))
        .route(&at("/moment"), get(moment::nothing).post(moment::upload))
        .route(&at("/acceptance"), get(acceptance::acceptance))
        .route(&at("/connect"), get(connect::connect))
        .route(&at("/press"), post(press::press))
        .route(&at("/live"), get(live::live))
        .route(&at("/dashboard.css"), get(assets::css))
        .route(&at("/dashboard.js"), get(assets::script))
        .layer(DefaultBodyLimit::max(press::MAX_FORM))
        .layer(from_fn_with_state(own, guard))
        .with_state(desk)
}

fn refuse(language: Language, intruder: Intruder) -> Response {
    respond(StatusCode::FORBIDDEN, frame::refused(language, intruder))
}

/// There is no such order, request or notification.
fn not_found(visit: &Visit) -> Response {
    let title = visit.pick("There is nothing here", "这里什么也没有");
    let text = visit.pick(
        "It was never here, or it is so long ago that the sandbox has forgotten it.",
        "它从未出现过，或者时间太久，沙箱已经忘记了。",
    );
    let mut response = visit.page(None, title, &parts::empty(text, &maud::html! {}));
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}
