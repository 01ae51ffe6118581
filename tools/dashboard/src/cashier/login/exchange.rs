//! The exchange of a code, as `api.weixin.qq.com` responds to it.

use axum::{body::Body, extract::State, response::Response};
use http::{HeaderValue, Uri, header::CONTENT_TYPE};
use serde_json::{Value, json};
use wechatpay_core::testing::DEMO_APP_SECRET;

use super::codes::{CodeProblem, Login};
use crate::{cashier::Cashier, web::Query};

/// Life of an access token in seconds.
const TOKEN_LIFE: i64 = 7200;

/// A refusal: `errcode` and `errmsg`.
type Refused = (i64, &'static str);

/// `/sns/oauth2/access_token`.
pub(in crate::cashier) async fn of_page(State(cashier): State<Cashier>, uri: Uri) -> Response {
    let Cashier { engine, codes, .. } = &cashier;
    let taken = checked(&cashier, &uri, "code")
        .and_then(|(appid, code)| codes.take(engine, &appid, &code).map_err(refused));
    respond(taken.map(|Login { appid, buyer, scope }| {
        json!({
            "access_token": engine.world.secrets.token(), "expires_in": TOKEN_LIFE,
            "refresh_token": engine.world.secrets.token(), "openid": buyer.openid(&appid), "scope": scope,
        })
    }))
}

/// `/sns/jscode2session`.
pub(in crate::cashier) async fn of_mini_program(State(cashier): State<Cashier>, uri: Uri) -> Response {
    let Cashier { engine, codes, .. } = &cashier;
    let taken = checked(&cashier, &uri, "js_code").and_then(|(appid, code)| {
        let taken = codes.take_of_mini_program(engine, &appid, &code);
        taken.map_err(refused)
    });
    respond(taken.map(|Login { appid, buyer, .. }| {
        json!({ "session_key": engine.world.secrets.token(), "openid": buyer.openid(&appid) })
    }))
}

/// The appid and the code, after the app has proved itself.
fn checked(cashier: &Cashier, uri: &Uri, parameter: &str) -> Result<(String, String), Refused> {
    let query = Query::of(uri);
    let appid = query.get("appid").ok_or((41002, "appid missing"))?;
    let secret = query.get("secret").ok_or((41004, "appsecret missing"))?;
    let code = query.get(parameter).ok_or((41008, "missing code"))?;
    if query.get("grant_type") != Some("authorization_code") {
        return Err((40002, "invalid grant_type"));
    }
    if cashier.engine.world.merchants.has_oauth(appid).is_none() {
        return Err((40013, "invalid appid"));
    }
    if secret != DEMO_APP_SECRET {
        return Err((40125, "invalid appsecret"));
    }
    Ok((appid.to_owned(), code.to_owned()))
}

fn refused(problem: CodeProblem) -> Refused {
    match problem {
        CodeProblem::Invalid => (40029, "invalid code"),
        CodeProblem::Used => (40163, "code been used"),
    }
}

/// A refusal has status 200 too, and JSON comes as `text/plain`.
fn respond(outcome: Result<Value, Refused>) -> Response {
    let json = outcome.unwrap_or_else(|(code, message)| json!({ "errcode": code, "errmsg": message }));
    let mut response = Response::new(Body::from(json.to_string()));
    let kind = HeaderValue::from_static("text/plain");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}
