//! The authorisation page.

use axum::{extract::State, response::Response};
use http::{HeaderMap, StatusCode, Uri};
use maud::{Markup, html};
use percent_encoding::{CONTROLS, utf8_percent_encode};

use super::{
    codes::Login,
    words::{self, PageError},
};
use crate::{
    cashier::{
        Cashier,
        view::{Frame, initial},
        words::{MERCHANT, buyer_name},
    },
    web::{Language, Query, is_allowed_url, respond, see_other, with_parameter},
};
use wechatpay_sandbox::{handle::engine::Engine, world::orders::buyer::Buyer};

/// Parameters of the page, in the order on which WeChat insists.
const ORDER: [&str; 5] = ["appid", "redirect_uri", "response_type", "scope", "state"];

/// The parameters after the checks.
struct Asked<'a> {
    appid: &'a str,
    redirect_uri: &'a str,
    scope: &'a str,
    state: Option<&'a str>,
}

/// `/connect/oauth2/authorize`.
pub(in crate::cashier) async fn authorize(
    State(cashier): State<Cashier>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let engine = &cashier.engine;
    let query = Query::of(&uri);
    let language = query.language(engine, &headers, None);
    let asked = match check(engine, &query) {
        Ok(asked) => asked,
        Err(error) => {
            let page = problem(language, &uri, &query, error);
            return respond(StatusCode::BAD_REQUEST, page);
        }
    };
    match query.get("buyer").and_then(Buyer::from_name) {
        Some(buyer) => see_other(&back(&cashier, &asked, buyer)),
        None => respond(StatusCode::OK, choose(language, &uri, engine, &asked)),
    }
}

/// Checks the parameters as WeChat does.
fn check<'a>(engine: &Engine, query: &'a Query) -> Result<Asked<'a>, PageError> {
    let appid = query.get("appid").ok_or(words::NO_APPID)?;
    let redirect_uri = query.get("redirect_uri").ok_or(words::NO_REDIRECT)?;
    let scope = query.get("scope").ok_or(words::NO_SCOPE)?;
    let places = query
        .keys()
        .filter_map(|key| ORDER.iter().position(|name| *name == key));
    if !places.is_sorted() || query.get("response_type") != Some("code") {
        return Err(words::OUT_OF_ORDER);
    }
    let has_oauth = engine
        .world
        .merchants
        .has_oauth(appid)
        .ok_or(words::UNKNOWN_APPID)?;
    if !has_oauth || !matches!(scope, "snsapi_base" | "snsapi_userinfo") {
        return Err(words::NO_SCOPE_RIGHT);
    }
    if !is_allowed_url(engine, redirect_uri) {
        return Err(words::OTHER_HOST);
    }
    Ok(Asked {
        appid,
        redirect_uri,
        scope,
        state: query.get("state"),
    })
}

/// The callback with a code, and with the state as it came.
fn back(cashier: &Cashier, asked: &Asked<'_>, buyer: Buyer) -> String {
    let login = Login {
        appid: asked.appid.to_owned(),
        buyer,
        scope: asked.scope.to_owned(),
    };
    let code = cashier.codes.give(&cashier.engine, login);
    // A header has ASCII only.
    let url = utf8_percent_encode(asked.redirect_uri, CONTROLS).to_string();
    let url = with_parameter(&url, "code", &code);
    match asked.state {
        Some(state) => with_parameter(&url, "state", state),
        None => url,
    }
}

/// The page on which a person is chosen.
fn choose(language: Language, uri: &Uri, engine: &Engine, asked: &Asked<'_>) -> Markup {
    let say = |word| language.say(word);
    let shop = host(asked.redirect_uri);
    Frame::new(language, say(words::TITLE)).at(uri).show(&html! {
        header class="bill" {
            p class="quiet" { (say(words::TITLE)) }
            h1 class="shop" { (shop) }
            p class="quiet" { (say(words::ASKS)) }
        }
        dl class="facts" {
            dt { "appid" }
            dd { (asked.appid) }
            dt { (say(MERCHANT)) }
            dd { (merchants(engine, asked.appid)) }
            dt { "scope" }
            dd { (asked.scope) }
        }
        section aria-labelledby="who" {
            h2 id="who" class="legend" { (say(words::WHO)) }
            @for buyer in Buyer::ALL {
                @let url = format!("{uri}&buyer={buyer}");
                a class="buyer" href=(url) {
                    span class={ "face " (buyer.as_str()) } aria-hidden="true" { (initial(buyer)) }
                    span class="who" {
                        strong { (allow_as(language, say(buyer_name(buyer)))) }
                        code class="quiet" { (buyer.openid(asked.appid)) }
                    }
                }
            }
            @if asked.scope == "snsapi_base" {
                p class="quiet" { (say(words::SILENT)) }
            }
        }
    })
}

fn allow_as(language: Language, name: &str) -> String {
    match language {
        Language::English => format!("Allow as {name}"),
        Language::Chinese => format!("以{name}的身份允许"),
    }
}

/// An error as WeChat shows it, and what to do.
fn problem(language: Language, uri: &Uri, query: &Query, error: PageError) -> Markup {
    let say = |word| language.say(word);
    let shop = query.get("redirect_uri").map(host).unwrap_or_default();
    Frame::new(language, say(error.title)).at(uri).show(&html! {
        section class="outcome" {
            div class="mark warn" aria-hidden="true" { "!" }
            h1 { (say(error.title)) }
            p class="explain" { (say(error.remedy)) }
        }
        @if let Some(code) = error.code {
            dl class="facts" {
                dt { (say(words::CODE)) }
                dd { (code) }
                dt { (say(words::IN_WECHAT)) }
                dd lang="zh-CN" { (error.in_wechat) }
                @if let Some(appid) = query.get("appid") {
                    dt { "appid" }
                    dd { (appid) }
                }
                @if !shop.is_empty() {
                    dt { (say(words::HOST)) }
                    dd { (shop) }
                }
            }
        }
        p class="quiet center" { (say(words::NOT_TOLD)) }
    })
}

/// Host and port of an address; nothing for what is no URL.
fn host(url: &str) -> String {
    let uri = url.parse::<Uri>().ok();
    let authority = uri.as_ref().and_then(Uri::authority);
    authority.map(ToString::to_string).unwrap_or_default()
}

/// Numbers of the merchants that are bound to an app.
fn merchants(engine: &Engine, appid: &str) -> String {
    let mut mchids = Vec::new();
    for merchant in engine.world.merchants.iter() {
        if merchant.appids.iter().any(|known| *known == appid) {
            mchids.push(merchant.mchid.to_string());
        }
        let subs = merchant.sub_merchants.iter();
        let bound = subs.filter(|sub| sub.appids.iter().any(|known| *known == appid));
        mchids.extend(bound.map(|sub| sub.mchid.to_string()));
    }
    mchids.join(", ")
}
