//! Dashboard: pages and buttons for a developer, and requests of strangers.

mod controls;
mod orders;
mod snapshots;
mod strangers;
mod traffic;
mod views;

use bytes::Bytes;
use http::StatusCode;
use http_body_util::Full;
use wechatpay_core::testing::DEMO_MCHID;
use wechatpay_sandbox::Sandbox;

use crate::support::{Browser, Reply, send};

async fn quiet() -> Sandbox {
    crate::builder().notify_enabled(false).start().await.unwrap()
}

fn assert_shows(page: &Reply, words: &[&str]) {
    for words in words {
        assert!(page.text().contains(words), "{words}: {}", page.text());
    }
}

/// Fields that every form of the dashboard carries.
fn token(page: &Reply) -> String {
    let text = page.text();
    let (_, rest) = text
        .split_once("name=\"token\" value=\"")
        .unwrap_or_else(|| panic!("no buttons on this page: {text}"));
    rest.split_once('"').unwrap().0.to_owned()
}

fn form(browser: &Browser, fields: &[(&str, &str)]) -> http::Request<Full<Bytes>> {
    let mut request = browser.form(fields);
    *request.uri_mut() = format!("{}/_sandbox/press", browser.base_url).parse().unwrap();
    request
}

/// Presses a button of a page, and follows to the page that it leads to.
async fn press(browser: &Browser, page: &Reply, fields: &[(&str, &str)]) -> Reply {
    let token = token(page);
    let mut all = vec![("token", token.as_str())];
    all.extend_from_slice(fields);
    let reply = send(form(browser, &all)).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    browser.get(reply.header("location")).await
}

fn order_fields(action: &'static str) -> Vec<(&'static str, &'static str)> {
    vec![("do", action), ("mchid", DEMO_MCHID), ("order", "demo-0001")]
}
