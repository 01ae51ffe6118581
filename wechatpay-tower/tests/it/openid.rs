//! Openid by web authorisation and `wx.login`.
//!
//! The URL, the exchange, each error, and secrets in none of them.

use std::{io, time::Duration};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::Full;
use tower::service_fn;
use wechatpay_core::{Settings, testing::FakePlatform, types::Appid};
use wechatpay_tower::{
    BoxError, MaybeBuffered, NotSent, RequestBody,
    openid::{OpenidClient, OpenidError, RedirectError, State},
};

use crate::support::{Gateway, Seen, response};

const SECRET: &str = "c0ffee00c0ffee00c0ffee00c0ffee00";
const CODE: &str = "061Hc1000CANARY";
const SANDBOX: &str = "http://127.0.0.1:8640";

fn settings(base_url: &str) -> Settings {
    let config = FakePlatform::new().direct().config(SANDBOX);
    let mut settings = config.validate().unwrap();
    settings.base_url = base_url.to_owned();
    settings
}

/// A client of WeChat itself over this gateway.
fn client(gateway: &Gateway) -> OpenidClient {
    OpenidClient::with_transport(
        &settings("https://api.mch.weixin.qq.com"),
        SECRET,
        gateway.service(),
    )
    .unwrap()
}

/// A client over a transport that fails with this error.
fn failing(error: impl Fn() -> BoxError + Clone + Send + Sync + 'static) -> OpenidClient {
    let transport = service_fn(move |_: Request<MaybeBuffered<RequestBody>>| {
        let error = error();
        async move { Err::<Response<Full<Bytes>>, _>(error) }
    });
    OpenidClient::with_transport(&settings(SANDBOX), SECRET, transport).unwrap()
}

fn no_gateway() -> Gateway {
    Gateway::unsigned(500, "")
}

async fn refused(status: u16, body: &'static str) -> OpenidError {
    let gateway = Gateway::unsigned(status, body);
    let error = client(&gateway).exchange(CODE).await.unwrap_err();
    assert_eq!(gateway.requests().len(), 1, "{body} was sent again");
    error
}

#[test]
fn the_url_has_the_parameters_in_wechats_order_and_the_fragment() {
    let state = State::random().unwrap();
    let url = client(&no_gateway())
        .authorize_url("https://shop.example/callback?order=A-1&from=茶", &state)
        .unwrap();
    assert_eq!(
        url,
        format!(
            "https://open.weixin.qq.com/connect/oauth2/authorize?appid=wxd678efh567hg6787\
             &redirect_uri=https%3A%2F%2Fshop.example%2Fcallback%3Forder%3DA-1%26from%3D%E8%8C%B6\
             &response_type=code&scope=snsapi_base&state={}#wechat_redirect",
            state.as_str()
        )
    );
}

#[test]
fn an_address_to_which_wechat_would_not_redirect_is_refused() {
    let client = client(&no_gateway());
    let state = State::random().unwrap();
    for (address, expected) in [
        ("shop.example/callback", RedirectError::NotAbsolute),
        ("/callback", RedirectError::NotAbsolute),
        ("weixin://shop.example/callback", RedirectError::NotAbsolute),
        ("https:///callback", RedirectError::NotAbsolute),
        ("", RedirectError::NotAbsolute),
        ("https://a@shop.example/callback", RedirectError::UserName),
        ("https://shop.example:8443/callback", RedirectError::Port),
        ("https://shop.example:443/callback", RedirectError::Port),
    ] {
        assert_eq!(
            client.authorize_url(address, &state).unwrap_err(),
            expected,
            "{address}"
        );
    }
    // The sandbox redirects to ports of this machine.
    let sandbox = client.base_urls(SANDBOX, SANDBOX).unwrap();
    sandbox
        .authorize_url("http://127.0.0.1:3000/callback", &state)
        .unwrap();
}

#[tokio::test]
async fn a_gateway_on_this_machine_is_a_sandbox_that_plays_the_page_and_the_exchange() {
    let gateway = Gateway::unsigned(200, r#"{"openid":"o1"}"#);
    let client = OpenidClient::with_transport(&settings(SANDBOX), SECRET, gateway.service()).unwrap();
    let url = client.authorize_url("http://localhost:3000/", &State::random().unwrap());
    assert!(
        url.unwrap()
            .starts_with("http://127.0.0.1:8640/connect/oauth2/authorize?appid=")
    );
    client.exchange(CODE).await.unwrap();
    let uri = gateway.requests()[0].uri.to_string();
    assert!(
        uri.starts_with("http://127.0.0.1:8640/sns/oauth2/access_token?"),
        "{uri}"
    );
}

#[test]
fn the_secret_goes_over_tls_or_stays_on_this_machine() {
    for url in [
        "http://proxy.example",
        "https://proxy.example/path",
        "proxy.example",
    ] {
        client(&no_gateway())
            .base_urls("https://open.weixin.qq.com", url)
            .unwrap_err();
    }
    client(&no_gateway())
        .base_urls("https://open.weixin.qq.com", "http://[::1]:9")
        .unwrap();
    let mut no_app = settings(SANDBOX);
    no_app.appid = None;
    let error = OpenidClient::with_transport(&no_app, SECRET, no_gateway().service()).unwrap_err();
    assert_eq!(error.to_string(), "an appid is missing");
}

#[tokio::test]
async fn a_code_is_exchanged_once_and_unsigned() {
    let gateway = Gateway::unsigned(
        200,
        r#"{"access_token":"ACCESS","expires_in":7200,"refresh_token":"R","openid":"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o","scope":"snsapi_base"}"#,
    );
    let login = client(&gateway).exchange(CODE).await.unwrap();
    assert_eq!(login.openid.as_str(), "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o");
    assert!(login.unionid.is_none() && !login.is_snapshot);
    let [Seen { uri, headers, .. }] = &gateway.requests()[..] else {
        unreachable!()
    };
    assert_eq!(
        uri.to_string(),
        format!(
            "https://api.weixin.qq.com/sns/oauth2/access_token?appid=wxd678efh567hg6787&secret={SECRET}&code={CODE}\
             &grant_type=authorization_code"
        )
    );
    assert!(!headers.contains_key("authorization"));
}

#[tokio::test]
async fn a_visitor_of_a_snapshot_page_is_told_apart() {
    for (body, expected) in [
        (r#"{"openid":"o1","is_snapshotuser":1,"unionid":"u1"}"#, true),
        (r#"{"openid":"o1","is_snapshotuser":0,"unionid":"u1"}"#, false),
        (
            r#"{"openid":"o1","is_snapshotuser":null,"unionid":"u1","errcode":0,"errmsg":"ok"}"#,
            false,
        ),
    ] {
        let login = client(&Gateway::unsigned(200, body))
            .exchange(CODE)
            .await
            .unwrap();
        assert_eq!(login.is_snapshot, expected, "{body}");
        assert_eq!(login.unionid.unwrap().as_str(), "u1");
    }
}

#[tokio::test]
async fn a_mini_program_exchanges_its_own_code_under_its_own_app() {
    let gateway = Gateway::unsigned(
        200,
        r#"{"openid":"o2","session_key":"KEY","errcode":0,"errmsg":"ok"}"#,
    );
    let client = client(&gateway).appid(Appid::parse("wx0123456789abcdef").unwrap());
    let login = client.exchange_mini_program("a+b/c").await.unwrap();
    assert_eq!((login.openid.as_str(), login.session_key.expose()), ("o2", "KEY"));
    assert_eq!(
        gateway.requests()[0].uri.to_string(),
        format!(
            "https://api.weixin.qq.com/sns/jscode2session?appid=wx0123456789abcdef&secret={SECRET}&js_code=a%2Bb%2Fc\
             &grant_type=authorization_code"
        )
    );
}

#[tokio::test]
async fn each_known_errcode_says_what_to_do_and_an_unknown_one_is_kept() {
    for (body, words, needs_new_code) in [
        (
            r#"{"errcode":-1,"errmsg":"system error"}"#,
            "-1: system error; WeChat is busy",
            true,
        ),
        (
            r#"{"errcode":40001,"errmsg":"invalid credential"}"#,
            "the AppSecret is not that of the appid",
            false,
        ),
        (
            r#"{"errcode":40125,"errmsg":"invalid appsecret, rid: 6"}"#,
            "40125: invalid appsecret, rid: 6; the AppSecret is not",
            false,
        ),
        (
            r#"{"errcode":40013,"errmsg":"invalid appid"}"#,
            "the appid does not exist",
            false,
        ),
        (
            r#"{"errcode":40029,"errmsg":"invalid code"}"#,
            "expired after five minutes",
            true,
        ),
        (
            r#"{"errcode":40163,"errmsg":"code been used, hints: [ req_id: Kgian7aLRa- ]"}"#,
            "40163: code been used, hints: [ req_id: Kgian7aLRa- ]; the code was exchanged before",
            true,
        ),
        (
            r#"{"errcode":"40163","errmsg":"code been used"}"#,
            "exchanged before",
            true,
        ),
        (
            r#"{"errcode":40226,"errmsg":"code blocked"}"#,
            "blocks this user",
            false,
        ),
        (
            r#"{"errcode":41002,"errmsg":"appid missing"}"#,
            "did not arrive",
            false,
        ),
        (
            r#"{"errcode":41004,"errmsg":"appsecret missing"}"#,
            "did not arrive",
            false,
        ),
        (
            r#"{"errcode":41008,"errmsg":"missing code"}"#,
            "did not arrive",
            false,
        ),
        (
            r#"{"errcode":42003,"errmsg":"code expired"}"#,
            "the code has expired",
            true,
        ),
        (
            r#"{"errcode":45011,"errmsg":"api minute-quota reach limit"}"#,
            "slow down",
            false,
        ),
        (
            r#"{"errcode":48001,"errmsg":"api unauthorized"}"#,
            "verified service account",
            false,
        ),
        (
            r#"{"errcode":50002,"errmsg":"user limited"}"#,
            "the account is restricted",
            false,
        ),
        (
            r#"{"errcode":99999,"errmsg":"new\u001b[31m\nkind"}"#,
            "99999: new[31m kind; look the errcode up",
            false,
        ),
    ] {
        let error = refused(200, body).await;
        let text = error.to_string();
        assert!(text.contains(words), "{text}");
        assert_eq!(error.needs_new_code(), needs_new_code, "{text}");
        let code = body
            .split(['"', ':', ','])
            .find(|part| part.parse::<i32>().is_ok());
        assert_eq!(error.code(), code, "{text}");
    }
}

#[tokio::test]
async fn what_is_no_response_of_wechat_is_no_openid() {
    for (status, body) in [
        (200, ""),
        (200, "{}"),
        (200, "<html>please log in</html>"),
        (502, "bad gateway"),
        (502, r#"{"openid":"o1"}"#),
        (302, r#"{"openid":"o1"}"#),
        (200, r#"{"openid":""}"#),
        (200, r#"{"openid":"o 1"}"#),
        (200, r#"{"openid":1}"#),
        (200, r#"{"errcode":0,"errmsg":"ok"}"#),
    ] {
        let error = refused(status, body).await;
        assert!(
            matches!(error, OpenidError::Unreadable(seen) if seen.as_u16() == status),
            "{status} {body}: {error}"
        );
        assert!(error.needs_new_code() && error.code().is_none(), "{error}");
    }
    let endless = Gateway::new(|_, _| Response::new(Full::from(vec![b' '; 70_000])));
    let error = client(&endless).exchange(CODE).await.unwrap_err();
    assert!(
        matches!(error, OpenidError::Unreadable(StatusCode::OK)),
        "{error}"
    );
}

#[tokio::test]
async fn a_code_that_was_not_sent_is_still_good_and_after_a_lost_response_it_is_not() {
    let error = failing(|| NotSent("refused".into()).into()).exchange(CODE).await;
    let error = error.unwrap_err();
    assert!(
        matches!(error, OpenidError::NotSent(_)) && !error.needs_new_code(),
        "{error}"
    );
    assert!(
        error
            .to_string()
            .contains("no connection: refused; it is still good"),
        "{error}"
    );

    let error = failing(|| io::Error::other("reset").into()).exchange(CODE).await;
    let error = error.unwrap_err();
    assert!(
        matches!(error, OpenidError::Lost(_)) && error.needs_new_code(),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_late_response_is_not_waited_for() {
    let transport = service_fn(|_: Request<MaybeBuffered<RequestBody>>| async {
        tokio::time::sleep(Duration::from_secs(20)).await;
        Ok::<_, BoxError>(response(200, r#"{"openid":"o1"}"#))
    });
    let client = OpenidClient::with_transport(&settings(SANDBOX), SECRET, transport).unwrap();
    let error = client.exchange(CODE).await.unwrap_err();
    assert!(
        matches!(error, OpenidError::Timeout(after) if after == Duration::from_secs(10)),
        "{error}"
    );
    assert!(error.needs_new_code());
    client
        .timeout(Duration::from_secs(30))
        .exchange(CODE)
        .await
        .unwrap();
}

#[tokio::test]
async fn what_cannot_be_a_code_is_not_sent() {
    let gateway = no_gateway();
    let client = client(&gateway);
    for code in ["", "a b", "a\nb", "码", &"x".repeat(513)] {
        let error = client.exchange(code).await.unwrap_err();
        assert!(matches!(error, OpenidError::InvalidCode), "{code}: {error}");
    }
    assert!(gateway.requests().is_empty());
}

#[tokio::test]
async fn no_debug_output_and_no_error_has_a_secret_or_a_payer() {
    let gateway = Gateway::unsigned(
        200,
        r#"{"openid":"oCANARY","unionid":"uCANARY","session_key":"kCANARY","access_token":"aCANARY"}"#,
    );
    let client = client(&gateway);
    let state = State::random().unwrap();
    let mut texts = vec![
        format!("{client:?}"),
        format!("{state:?}"),
        format!("{:?}", client.exchange(CODE).await.unwrap()),
        format!("{:?}", client.exchange_mini_program(CODE).await.unwrap()),
    ];
    // A transport that quotes the URL, as many do.
    let url = gateway.requests()[0].uri.to_string();
    let quoted = move || -> BoxError { format!("error for {url}: code={CODE} of {SECRET}").into() };
    let lost = failing(quoted).exchange(CODE).await.unwrap_err();
    // A damaged response.
    let damaged = Gateway::unsigned(200, r#"{"openid":"oCANARY","session_key":["kCANARY"]}"#);
    let damaged = self::client(&damaged)
        .exchange_mini_program(CODE)
        .await
        .unwrap_err();
    for error in [lost, damaged] {
        texts.extend([format!("{error}"), format!("{error:?}")]);
    }
    for text in texts {
        for secret in ["CANARY", SECRET, state.as_str()] {
            assert!(!text.contains(secret), "{text}");
        }
    }
}

#[test]
fn a_callback_counts_only_in_the_browser_that_was_sent_away() {
    let (state, other) = (State::random().unwrap(), State::random().unwrap());
    assert_ne!(state, other);
    assert_eq!(state.as_str().len(), 32);
    assert!(state.as_str().bytes().all(|byte| byte.is_ascii_alphanumeric()));
    let sent = Some(state.as_str());
    assert!(State::is_returned(sent, sent));
    for (cookie, returned) in [
        (sent, Some(other.as_str())),
        (sent, None),
        (None, sent),
        (None, None),
        (Some(""), Some("")),
    ] {
        assert!(!State::is_returned(cookie, returned), "{cookie:?} {returned:?}");
    }
}
