//! The authorisation page and the exchange of its codes.
//!
//! As `wechatpay-tower`'s client and others meet them.

use std::time::Duration;

use http::StatusCode;
use serde_json::Value;
use wechatpay_core::{
    testing::{DEMO_API_V3_KEY, DEMO_APP_SECRET, DEMO_APPID},
    types::{ApiV3Key, Appid, Mchid},
};
use wechatpay_sandbox::{Buyer, DEMO_SUB_APPID, MerchantSpec, Sandbox};

use crate::support::{Browser, Reply};

const UNVERIFIED: &str = "wx00000000unverified";
const SHOP: &str = "http://127.0.0.1:3000/callback?order=1";

async fn sandbox() -> Sandbox {
    let merchant = MerchantSpec::new(
        Mchid::parse("1900000301").unwrap(),
        ApiV3Key::parse(DEMO_API_V3_KEY).unwrap(),
    )
    .appid(Appid::parse(UNVERIFIED).unwrap())
    .appid_without_oauth(Appid::parse(UNVERIFIED).unwrap());
    crate::builder()
        .merchant(merchant)
        .manual_clock()
        .start()
        .await
        .unwrap()
}

fn query(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}

/// The page's address with these parameters.
fn page(appid: &str, redirect_uri: &str, scope: &str) -> String {
    let pairs = [
        ("appid", appid),
        ("redirect_uri", redirect_uri),
        ("response_type", "code"),
        ("scope", scope),
        ("state", "s1"),
    ];
    format!("/connect/oauth2/authorize?{}", query(&pairs))
}

/// A code of the page for a buyer.
async fn code(browser: &Browser, appid: &str, buyer: Buyer) -> String {
    let page = browser.get(&page(appid, SHOP, "snsapi_base")).await;
    let text = page.text().replace("&amp;", "&");
    let link = text.split("href=\"").find_map(|rest| {
        let url = rest.split('"').next()?;
        url.contains(&format!("&buyer={buyer}")).then(|| url.to_owned())
    });
    let back = browser.get(&link.unwrap()).await;
    assert_eq!(back.status, StatusCode::SEE_OTHER);
    let location = back.header("location");
    let rest = location.strip_prefix(&format!("{SHOP}&code=")).unwrap();
    rest.strip_suffix("&state=s1").unwrap().to_owned()
}

async fn exchange(browser: &Browser, changes: &[(&str, &str)]) -> Value {
    let mut pairs = vec![
        ("appid", DEMO_APPID),
        ("secret", DEMO_APP_SECRET),
        ("grant_type", "authorization_code"),
    ];
    for (key, value) in changes {
        pairs.retain(|(known, _)| known != key);
        pairs.push((key, value));
    }
    let path = if changes.iter().any(|(key, _)| *key == "js_code") {
        "jscode2session"
    } else {
        "oauth2/access_token"
    };
    let reply = browser.get(&format!("/sns/{path}?{}", query(&pairs))).await;
    assert_eq!(
        (reply.status, reply.header("content-type")),
        (StatusCode::OK, "text/plain")
    );
    reply.json()
}

fn assert_error(page: &Reply, words: &[&str]) {
    assert_eq!(page.status, StatusCode::BAD_REQUEST, "{}", page.text());
    for words in words {
        assert!(page.text().contains(words), "{words}: {}", page.text());
    }
    assert_eq!(page.header("location"), "");
}

#[tokio::test]
async fn each_person_has_an_openid_of_their_own_under_each_app() {
    let sandbox = sandbox().await;
    let browser = Browser::new(&sandbox);
    for appid in [DEMO_APPID, DEMO_SUB_APPID] {
        for buyer in Buyer::ALL {
            let code = code(&browser, appid, buyer).await;
            let login = exchange(&browser, &[("appid", appid), ("code", &code)]).await;
            assert_eq!(login["openid"], buyer.openid(appid), "{login}");
            assert_eq!(login["scope"], "snsapi_base");
        }
    }
}

#[tokio::test]
async fn a_code_is_exchanged_once_by_its_own_app_within_five_minutes() {
    let sandbox = sandbox().await;
    let browser = Browser::new(&sandbox);
    let given = code(&browser, DEMO_APPID, Buyer::Alice).await;
    let other = exchange(&browser, &[("appid", DEMO_SUB_APPID), ("code", &given)]).await;
    assert_eq!(other["errcode"], 40029, "{other}");
    sandbox.clock().advance(Duration::from_secs(300)).await.unwrap();
    let login = exchange(&browser, &[("code", &given)]).await;
    assert!(login["openid"].is_string(), "{login}");
    let again = exchange(&browser, &[("code", &given)]).await;
    assert_eq!(again["errcode"], 40163, "{again}");

    let late = code(&browser, DEMO_APPID, Buyer::Alice).await;
    sandbox.clock().advance(Duration::from_secs(301)).await.unwrap();
    assert_eq!(exchange(&browser, &[("code", &late)]).await["errcode"], 40029);
    // A page's code is none of a mini program.
    let given = code(&browser, DEMO_APPID, Buyer::Alice).await;
    assert_eq!(exchange(&browser, &[("js_code", &given)]).await["errcode"], 40029);
}

#[tokio::test]
async fn an_exchange_with_wrong_parameters_is_refused_as_wechat_does() {
    let sandbox = sandbox().await;
    let browser = Browser::new(&sandbox);
    let code = code(&browser, DEMO_APPID, Buyer::Alice).await;
    for (changes, errcode) in [
        (&[("code", ""), ("appid", "")][..], 41002),
        (&[("code", &*code), ("secret", "")], 41004),
        (&[("code", "")], 41008),
        (&[("js_code", "")], 41008),
        (&[("code", &code), ("grant_type", "client_credential")], 40002),
        (&[("code", &code), ("appid", "wx0000000000000000")], 40013),
        (&[("code", &code), ("secret", "0000")], 40125),
        (&[("code", "made-up")], 40029),
        (&[("js_code", "mallory-1")], 40029),
    ] {
        let response = exchange(&browser, changes).await;
        assert_eq!(response["errcode"], errcode, "{changes:?}: {response}");
        assert!(response["errmsg"].is_string());
    }
    // None of them has used the code up.
    assert!(exchange(&browser, &[("code", &code)]).await["openid"].is_string());
}

#[tokio::test]
async fn a_mini_programs_code_is_a_name_and_works_once() {
    let sandbox = sandbox().await;
    let browser = Browser::new(&sandbox);
    for (code, buyer) in [
        ("bob", Buyer::Bob),
        ("alice-1", Buyer::Alice),
        ("alice-2", Buyer::Alice),
    ] {
        let login = exchange(&browser, &[("js_code", code)]).await;
        assert_eq!(login["openid"], buyer.openid(DEMO_APPID), "{login}");
        assert!(login["session_key"].is_string());
        let again = exchange(&browser, &[("js_code", code)]).await;
        assert_eq!(again["errcode"], 40163, "{again}");
    }
}

#[tokio::test]
async fn a_page_that_wechat_would_refuse_shows_its_error_and_the_cure() {
    let sandbox = sandbox().await;
    let browser = Browser::new(&sandbox);
    let open = async |url: &str| browser.get(url).await;
    let base = "snsapi_base";
    for address in [
        "https://shop.example/callback",
        "https://127.0.0.1.shop.example/",
        "https://127.0.0.1:80@shop.example/",
        "javascript:alert(1)",
        "/callback",
    ] {
        let url = page(DEMO_APPID, address, base);
        assert_error(
            &open(&url).await,
            &["10003", "redirect_uri域名与后台配置不一致", "网页授权域名"],
        );
        // Nor by the link of a person.
        assert_error(&open(&format!("{url}&buyer=alice")).await, &["10003"]);
    }
    for (appid, scope) in [(UNVERIFIED, base), (DEMO_APPID, "snsapi_login")] {
        assert_error(
            &open(&page(appid, SHOP, scope)).await,
            &[
                "10005",
                "此公众号并没有这些scope的权限",
                "verified service account",
            ],
        );
    }
    assert_error(&open(&page("", SHOP, base)).await, &["10012", "appid不能为空"]);
    assert_error(&open(&page(DEMO_APPID, "", base)).await, &["10011"]);
    assert_error(&open(&page(DEMO_APPID, SHOP, "")).await, &["10010"]);
    assert_error(
        &open(&page("wx0000000000000000", SHOP, base)).await,
        &["The appid is unknown"],
    );
    let good = page(DEMO_APPID, SHOP, base);
    let (start, rest) = good.split_once("?appid=").unwrap();
    let (appid, rest) = rest.split_once('&').unwrap();
    for wrong in [
        format!("{start}?{rest}&appid={appid}"),
        good.replace("response_type=code", "response_type=token"),
        good.replace("&response_type=code", ""),
    ] {
        assert_error(&open(&wrong).await, &["not in WeChat's order"]);
    }
}

#[tokio::test]
async fn the_state_and_the_callbacks_own_query_come_back_as_they_went() {
    let sandbox = sandbox().await;
    let browser = Browser::new(&sandbox);
    for (address, start, end) in [
        (
            "http://localhost:3000/",
            "http://localhost:3000/?code=",
            "&state=s1",
        ),
        (
            "http://localhost:3000/a?b=c#d",
            "http://localhost:3000/a?b=c&code=",
            "&state=s1#d",
        ),
        (
            "http://localhost:3000/茶?b=%26",
            "http://localhost:3000/%E8%8C%B6?b=%26&code=",
            "&state=s1",
        ),
    ] {
        let url = format!("{}&buyer=alice", page(DEMO_APPID, address, "snsapi_userinfo"));
        let back = browser.get(&url).await;
        let location = back.header("location");
        assert!(
            location.starts_with(start) && location.ends_with(end),
            "{address}: {location}"
        );
    }
    let without = page(DEMO_APPID, SHOP, "snsapi_base").replace("&state=s1", "&buyer=bob");
    assert!(!browser.get(&without).await.header("location").contains("state"));
}

#[tokio::test]
async fn the_pages_are_in_the_language_of_the_browser() {
    let sandbox = sandbox().await;
    let mut browser = Browser::new(&sandbox);
    browser.language = "zh-CN";
    let chosen = browser.get(&page(DEMO_APPID, SHOP, "snsapi_base")).await.text();
    let wrong = browser.get(&page(UNVERIFIED, SHOP, "snsapi_base")).await.text();
    for (page, words) in [
        (&chosen, ["谁打开了页面？", "以爱丽丝的身份允许"]),
        (&wrong, ["没有这个 scope 的权限", "只有已认证的服务号"]),
    ] {
        for words in words {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert!(!page.contains(" the "), "{page}");
    }
}
