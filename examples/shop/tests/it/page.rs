//! The page.

use shop::{PageRequest, Reply};

use crate::support::Bench;

fn header<'a>(reply: &'a Reply, name: &str) -> Option<&'a str> {
    let (_, value) = reply.headers.iter().find(|(header, _)| *header == name)?;
    Some(value)
}

fn text(reply: &Reply) -> String {
    String::from_utf8(reply.body.to_vec()).unwrap()
}

#[tokio::test]
async fn the_page_speaks_two_languages() {
    let bench = Bench::new();
    let chinese = bench.shop.page(PageRequest {
        accept_language: Some("zh-CN,zh;q=0.9"),
        ..PageRequest::default()
    });
    assert!(text(&chinese).contains("lang=\"zh-Hans\"") && text(&chinese).contains("半日"));
    assert_eq!(header(&chinese, "set-cookie"), None);
    let english = bench.shop.page(PageRequest {
        lang: Some("en"),
        accept_language: Some("zh-CN"),
        ..PageRequest::default()
    });
    assert!(text(&english).contains("Half Day"));
    assert!(header(&english, "set-cookie").unwrap().starts_with("lang=en;"));
}

#[tokio::test]
async fn the_bridge_of_the_sandbox_is_there_for_the_sandbox_only() {
    let sandbox = Bench::new().shop.page(PageRequest::default());
    assert!(text(&sandbox).contains("http://127.0.0.1:8640/js/wx-bridge.js"));
    assert!(text(&sandbox).contains("href=\"http://127.0.0.1:8640/_sandbox?lang=en\""));
    assert!(
        header(&sandbox, "content-security-policy")
            .unwrap()
            .contains("http://127.0.0.1:8640")
    );

    let public = Bench::in_public().shop.page(PageRequest::default());
    assert!(!text(&public).contains("wx-bridge") && !text(&public).contains("/_sandbox"));
    assert!(
        !header(&public, "content-security-policy")
            .unwrap()
            .contains("http")
    );
}

#[tokio::test]
async fn every_file_that_the_page_loads_exists() {
    let bench = Bench::new();
    let page = text(&bench.shop.page(PageRequest::default()));
    let mut assets = page
        .split("\"/assets/")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap());
    for asset in [assets.next().unwrap(), assets.next().unwrap()] {
        let reply = bench.shop.asset(asset);
        assert_eq!(reply.status, 200, "{asset}");
        assert!(header(&reply, "cache-control").unwrap().contains("immutable"));
    }
    assert_eq!(bench.shop.asset("shop.css").status, 404);
}

#[tokio::test]
async fn the_page_has_the_hooks_of_the_browser_tests() {
    let page = text(&Bench::new().shop.page(PageRequest::default()));
    for hook in [
        "product",
        "scene-h5",
        "scene-jsapi",
        "scene-app",
        "scene-native",
        "pay",
        "order-number",
        "status",
        "cashier-link",
        "check",
        "close",
    ] {
        assert!(page.contains(&format!("data-testid=\"{hook}\"")), "{hook}");
    }
}
