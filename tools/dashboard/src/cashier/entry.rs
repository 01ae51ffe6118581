//! The doors of the cashier: one per scene.

use axum::{extract::State, response::Response};
use http::{
    HeaderMap, StatusCode, Uri,
    header::{REFERER, USER_AGENT},
};

use super::{
    Cashier,
    invoke::{self, Invocation, InvokeProblem},
    pages::{Page, Pages},
    view, words,
};
use crate::web::{Language, Query, is_allowed_url, respond, with_parameter};
use wechatpay_sandbox::{
    handle::engine::Engine,
    world::{
        lints::{Finding, Lint},
        orders::{
            scene::Scene,
            state::{Order, Session, SessionProblem},
            timeline::Step,
        },
    },
};

/// Context of one visit to the cashier.
pub(super) struct Visit<'a> {
    pub(super) engine: &'a Engine,
    pages: &'a Pages,
    pub(super) uri: &'a Uri,
    pub(super) query: Query,
    pub(super) language: Language,
}

impl<'a> Visit<'a> {
    pub(super) fn new(cashier: &'a Cashier, uri: &'a Uri, headers: &HeaderMap) -> Self {
        let query = Query::of(uri);
        Self {
            language: query.language(&cashier.engine, headers, None),
            engine: &cashier.engine,
            pages: &cashier.pages,
            uri,
            query,
        }
    }

    /// The order of a session, if the session can still pay it.
    fn order(
        &self,
        scene: Scene,
        prepay_id: &str,
        is_it: impl Fn(&Session) -> bool,
    ) -> Result<Order, SessionProblem> {
        let now = self.engine.world.clock.now();
        let order = self
            .engine
            .world
            .order_of_prepay_id(prepay_id)
            .filter(|order| order.scene == scene)
            .ok_or(SessionProblem::Unknown)?;
        // A paid order says so, however old the session is.
        if order.payable(now).is_ok() {
            order.session(now, is_it)?;
        }
        Ok(order)
    }

    /// The return address, and true if one was refused.
    fn back(&self) -> (Option<String>, bool) {
        let Some(url) = self.query.get("redirect_url") else {
            return (None, false);
        };
        if is_allowed_url(self.engine, url) {
            (Some(url.to_owned()), false)
        } else {
            (None, true)
        }
    }

    /// The origin of the page that holds this one in a frame, if it may.
    fn opener(&self) -> Option<String> {
        let origin = self.query.get("origin")?;
        let uri: Uri = origin.parse().ok()?;
        let authority = uri.authority()?.as_str();
        let is_origin = matches!(uri.scheme_str(), Some("http" | "https"))
            && self.engine.notifier.is_allowed_host(uri.host()?)
            && !authority.contains('@');
        is_origin.then(|| format!("{}://{authority}", uri.scheme_str().unwrap_or("http")))
    }

    fn page(&self, order: &Order) -> Page {
        let (back, back_refused) = self.back();
        Page {
            order: order.key.clone(),
            scene: order.scene,
            back,
            back_refused,
            opener: self.opener(),
            language: self.language,
            outcome: None,
        }
    }

    /// Shows the page on which the buyer pays, or why there is nothing to pay.
    fn open(&self, order: &Order) -> Response {
        let page = self.page(order);
        let now = self.engine.world.clock.now();
        if let Err(error) = order.payable(now) {
            return respond(
                StatusCode::CONFLICT,
                view::not_payable(self.language, self.uri, error, &page),
            );
        }
        self.engine
            .world
            .orders
            .change(&order.key, |order| order.note(now, Step::Opened));
        let token = self.pages.open(page.clone(), &self.engine.world.secrets);
        respond(
            StatusCode::OK,
            view::pay(self.language, self.uri, self.engine, order, &page, &token),
        )
    }

    fn refuse_session(&self, problem: SessionProblem) -> Response {
        let status = match problem {
            SessionProblem::Unknown => StatusCode::NOT_FOUND,
            SessionProblem::Expired | SessionProblem::Superseded => StatusCode::GONE,
        };
        let text = self.language.say(words::session_problem(problem));
        let opener = self.opener();
        respond(
            status,
            view::problem(
                self.language,
                self.uri,
                words::NOT_POSSIBLE,
                text,
                opener.as_deref(),
                None,
            ),
        )
    }

    fn refuse_invoke(&self, problem: &InvokeProblem) -> Response {
        let text = self.language.say(words::invoke_problem(problem));
        let text = match problem {
            InvokeProblem::Missing(name) => format!("{text} {name}"),
            _ => text.to_owned(),
        };
        let opener = self.opener();
        // An app hears -1, which is all it hears on a phone too.
        let back = self.back().0.map(|url| with_parameter(&url, "errCode", "-1"));
        respond(
            StatusCode::BAD_REQUEST,
            view::problem(
                self.language,
                self.uri,
                words::INVOKE_FAILED,
                &text,
                opener.as_deref(),
                back.as_deref(),
            ),
        )
    }

    fn need(&self, name: &'static str) -> Result<&str, InvokeProblem> {
        self.query.get(name).ok_or(InvokeProblem::Missing(name))
    }

    fn lint(&self, finding: Finding, order: &Order) {
        self.engine.world.lint(Lint {
            finding,
            at: self.engine.world.clock.now(),
            out_trade_no: Some(order.key.out_trade_no.clone()),
        });
    }
}

/// `h5_url`.
pub(super) async fn h5(State(cashier): State<Cashier>, uri: Uri, headers: HeaderMap) -> Response {
    let visit = Visit::new(&cashier, &uri, &headers);
    let prepay_id = visit.query.get("prepay_id").unwrap_or_default();
    let package = visit.query.get("package");
    let is_it = |session: &Session| session.prepay_id == prepay_id && session.package.as_deref() == package;
    let order = match visit.order(Scene::H5, prepay_id, is_it) {
        Ok(order) => order,
        Err(problem) => return visit.refuse_session(problem),
    };
    // Switching the language is no visit from the shop.
    if visit.query.get("lang").is_none() {
        if !headers.contains_key(REFERER) {
            visit.lint(Finding::H5NoReferer, &order);
        }
        let user_agent = headers.get(USER_AGENT).and_then(|value| value.to_str().ok());
        if user_agent.is_some_and(|value| value.contains("MicroMessenger")) {
            visit.lint(Finding::H5InsideWechat, &order);
        }
    }
    visit.open(&order)
}

/// The page that a phone shows after scanning a `code_url`.
pub(super) async fn native(State(cashier): State<Cashier>, uri: Uri, headers: HeaderMap) -> Response {
    let visit = Visit::new(&cashier, &uri, &headers);
    let code = match (visit.query.get("pr"), visit.query.get("code_url")) {
        (Some(code), _) => Some(code),
        (None, Some(code_url)) => code_url.rsplit_once("pr=").map(|(_, code)| code.trim()),
        (None, None) => return respond(StatusCode::OK, view::scan(visit.language, &uri)),
    };
    let prepay_id = code
        .and_then(|code| Some((code, cashier.engine.world.orders.key_of_code(code)?)))
        .and_then(|(code, key)| {
            let order = cashier.engine.world.order(&key)?;
            let session = order
                .sessions
                .iter()
                .find(|session| session.code.as_deref() == Some(code))?;
            Some(session.prepay_id.clone())
        });
    let Some(prepay_id) = prepay_id else {
        return visit.refuse_session(SessionProblem::Unknown);
    };
    match visit.order(Scene::Native, &prepay_id, |session| {
        session.prepay_id == prepay_id
    }) {
        Ok(order) => visit.open(&order),
        Err(problem) => visit.refuse_session(problem),
    }
}

/// The page that `WeixinJSBridge` and `wx` open.
pub(super) async fn jsapi(State(cashier): State<Cashier>, uri: Uri, headers: HeaderMap) -> Response {
    let visit = Visit::new(&cashier, &uri, &headers);
    let call = || {
        let call = Invocation {
            scene: Scene::Jsapi,
            appid: visit.query.get("appId"),
            timestamp: visit.need("timeStamp")?,
            nonce: visit.need("nonceStr")?,
            package: visit.need("package")?,
            signature: visit.need("paySign")?,
        };
        let prepay_id = invoke::prepay_id_of(call.package).ok_or(InvokeProblem::Package)?;
        if visit.need("signType")? != "RSA" {
            return Err(InvokeProblem::SignType);
        }
        Ok((call, prepay_id))
    };
    match call() {
        Ok((call, prepay_id)) => invoked(&visit, prepay_id, &call),
        Err(problem) => visit.refuse_invoke(&problem),
    }
}

/// The page that the OpenSDK opens.
pub(super) async fn app(State(cashier): State<Cashier>, uri: Uri, headers: HeaderMap) -> Response {
    let visit = Visit::new(&cashier, &uri, &headers);
    let call = || {
        let call = Invocation {
            scene: Scene::App,
            appid: Some(visit.need("appid")?),
            timestamp: visit.need("timestamp")?,
            nonce: visit.need("noncestr")?,
            package: visit.need("prepayid")?,
            signature: visit.need("sign")?,
        };
        let partner = visit.need("partnerid")?;
        if visit.need("package")? != "Sign=WXPay" {
            return Err(InvokeProblem::Package);
        }
        Ok((call, partner))
    };
    match call() {
        Ok((call, partner)) => {
            let is_partner = visit
                .engine
                .world
                .order_of_prepay_id(call.package)
                .is_none_or(|order| {
                    order.key.mchid == partner || order.sub.is_some_and(|sub| sub.mchid == partner)
                });
            if is_partner {
                invoked(&visit, call.package, &call)
            } else {
                visit.refuse_invoke(&InvokeProblem::Partner)
            }
        }
        Err(problem) => visit.refuse_invoke(&problem),
    }
}

/// Checks an invocation: first the signature, then the state of the order.
///
/// A wrong signature is the more useful message.
fn invoked(visit: &Visit<'_>, prepay_id: &str, call: &Invocation<'_>) -> Response {
    let Some(order) = visit.engine.world.order_of_prepay_id(prepay_id) else {
        return visit.refuse_session(SessionProblem::Unknown);
    };
    if let Err(problem) = invoke::verify(visit.engine, &order, call) {
        return visit.refuse_invoke(&problem);
    }
    match visit.order(call.scene, prepay_id, |session| session.prepay_id == prepay_id) {
        Ok(order) => visit.open(&order),
        Err(problem) => visit.refuse_session(problem),
    }
}
