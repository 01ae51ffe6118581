//! Requests of other sites, and text that a merchant writes.

use http::StatusCode;
use http_body_util::Full;
use serde_json::json;
use wechatpay_sandbox::OrderState;

use super::{form, order_fields, quiet, token};
use crate::support::{Browser, Merchant, partner_order, send};

#[tokio::test]
async fn strangers_are_refused() {
    let sandbox = quiet().await;
    let browser = Browser::new(&sandbox);
    Merchant::new(&sandbox).place("native", "demo-0001").await;
    let page = browser.get("/_sandbox/orders/1900000001/demo-0001").await;
    let token = token(&page);
    let mut fields = order_fields("pay");
    fields.extend([("buyer", "alice"), ("token", token.as_str())]);

    // A name that leads here is not ours, for reading and for pressing.
    for mut request in [
        form(&browser, &fields),
        http::Request::get(format!("{}/_sandbox", browser.base_url))
            .body(Full::default())
            .unwrap(),
        http::Request::get(format!("{}/_sandbox/live", browser.base_url))
            .body(Full::default())
            .unwrap(),
    ] {
        request
            .headers_mut()
            .insert("host", "rebound.example:8640".parse().unwrap());
        request
            .headers_mut()
            .insert("origin", "http://rebound.example:8640".parse().unwrap());
        assert_eq!(send(request).await.status, StatusCode::FORBIDDEN);
    }
    // A form of another site, even one that knows the token.
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        let mut request = form(&browser, &fields);
        request.headers_mut().insert(name, value.parse().unwrap());
        assert_eq!(
            send(request).await.status,
            StatusCode::FORBIDDEN,
            "{name}: {value}"
        );
    }
    // No token, another token, another content type, nothing known.
    let mut none = order_fields("pay");
    none.push(("buyer", "alice"));
    assert_eq!(send(form(&browser, &none)).await.status, StatusCode::FORBIDDEN);
    none.push(("token", "guessed"));
    assert_eq!(send(form(&browser, &none)).await.status, StatusCode::FORBIDDEN);
    let mut request = form(&browser, &fields);
    request
        .headers_mut()
        .insert("content-type", "text/plain".parse().unwrap());
    assert_eq!(send(request).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let nonsense = [("token", token.as_str()), ("do", "explode")];
    assert_eq!(
        send(form(&browser, &nonsense)).await.status,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(sandbox.order("demo-0001").unwrap().state, OrderState::NotPay);

    // And nobody is led away.
    fields.push(("back", "//evil.example/_sandbox"));
    let reply = send(form(&browser, &fields)).await;
    assert_eq!(reply.header("location"), "/_sandbox?done=paid");
}

#[tokio::test]
async fn what_a_merchant_writes_stays_text() {
    let sandbox = quiet().await;
    let browser = Browser::new(&sandbox);
    let mut order = partner_order("native", "demo-0001");
    order["description"] = json!("<script>alert(1)</script>\"'");
    Merchant::new(&sandbox)
        .post("/v3/pay/partner/transactions/native", &order)
        .await;
    for path in [
        "/_sandbox",
        "/_sandbox/orders?q=<script>",
        "/_sandbox/orders/-/demo-0001?done=<script>",
        "/_sandbox/requests/1",
        "/_sandbox/notifications?q=\"><script>",
    ] {
        let path = path.replace('<', "%3C").replace('>', "%3E").replace('"', "%22");
        let page = browser.get(&path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        let text = page.text();
        assert_eq!(text.matches("<script").count(), 1, "{path}: {text}");
        // The policy would stop them, and they would do nothing.
        assert!(
            !text.contains(" style=\"") && !text.contains(" onclick"),
            "{path}"
        );
        let policy = page.header("content-security-policy");
        assert!(policy.contains("default-src 'self'") && policy.contains("frame-ancestors 'none'"));
    }
}
