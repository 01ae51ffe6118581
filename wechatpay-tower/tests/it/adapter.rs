//! Bytes on the wire, over a `reqwest::Client` with default settings too.

use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt as _, Full};
use tower::{Layer as _, ServiceExt as _};
use wechatpay_core::{api::Endpoint, testing::FakePlatform, verify::Verifier};
use wechatpay_tower::{
    Client, Error, SignLayer, client::Outcome, hyper::HyperTransport, reqwest::ReqwestService,
    retry::RetryPolicy,
};

use crate::{
    bank::{ask, give_back},
    bare::{Host, plain, signed},
};

const REFUND: &str = r#"{"refund_id":"50000000382019052709732678859","out_refund_no":"REFUND-0001","transaction_id":"4200000001","out_trade_no":"ORDER-0001","channel":"ORIGINAL","user_received_account":"x","create_time":"2024-01-01T12:00:00+08:00","status":"PROCESSING","amount":{"total":990,"refund":300,"payer_total":990,"payer_refund":300,"settlement_refund":300,"settlement_total":990,"discount_refund":0,"currency":"CNY"}}"#;

/// Makes a client with the defaults of `reqwest`.
fn careless() -> ReqwestService {
    ReqwestService::new(reqwest::Client::builder().no_proxy().build().unwrap())
}

fn client(platform: &FakePlatform, base: String) -> Client {
    Client::builder(platform.request_signer())
        .base_url(base)
        .retry(RetryPolicy::none())
        .service(careless(), Verifier::new(platform.key_store()))
        .unwrap()
}

fn redirect(status: u16, to: &str) -> Vec<u8> {
    plain(status, &[("Location".into(), to.as_bytes().to_vec())], "")
}

#[tokio::test]
async fn header_names_are_in_title_case_as_the_platform_writes_them() {
    let platform = FakePlatform::new();
    let signer = platform.clone();
    let host = Host::new(move |_| Some(signed(&signer, 200, REFUND))).await;
    let client = Client::builder(platform.request_signer())
        .base_url(host.base())
        .service(
            HyperTransport::new().unwrap(),
            Verifier::new(platform.key_store()),
        )
        .unwrap();
    client.call(&give_back()).await.unwrap();
    let request = host.requests().remove(0);
    for name in [
        "Authorization",
        "Wechatpay-Serial",
        "Content-Type",
        "Content-Length",
        "Accept",
        "User-Agent",
        "Host",
    ] {
        assert!(request.contains(&format!("\r\n{name}: ")), "{name} in {request}");
    }
    let (head, _) = request.split_once("\r\n\r\n").unwrap();
    for line in head.lines().skip(1) {
        assert!(
            line.starts_with(|letter: char| letter.is_ascii_uppercase()),
            "{line}"
        );
    }
}

#[tokio::test]
async fn an_idle_connection_is_dropped_before_the_platform_closes_it() {
    let platform = FakePlatform::new();
    let signer = platform.clone();
    let host = Host::new(move |_| Some(signed(&signer, 200, REFUND))).await;
    let client = Client::builder(platform.request_signer())
        .base_url(host.base())
        .service(
            HyperTransport::new().unwrap(),
            Verifier::new(platform.key_store()),
        )
        .unwrap();
    client.call(&ask()).await.unwrap();
    client.call(&ask()).await.unwrap();
    assert_eq!(host.connections(), 1, "it is used again while it is fresh");
    tokio::time::sleep(Duration::from_secs(6)).await;
    client.call(&ask()).await.unwrap();
    assert_eq!(host.connections(), 2, "and not after six of the eight seconds");
}

#[tokio::test]
async fn a_redirect_that_reqwest_followed_is_an_error() {
    let platform = FakePlatform::new();
    let signer = platform.clone();
    let target = Host::new(move |_| Some(signed(&signer, 200, REFUND))).await;
    for status in [301, 302, 303, 307, 308] {
        let to = format!("{}/v3/elsewhere", target.base());
        let host = Host::new(move |_| Some(redirect(status, &to))).await;
        let client = client(&platform, host.base());
        for (error, is_read) in [
            (client.call(&give_back()).await.map(drop).unwrap_err(), false),
            (client.call(&ask()).await.map(drop).unwrap_err(), true),
        ] {
            assert_eq!(error.outcome(), Outcome::Unknown, "{status}: {error}");
            let followed = error.to_string().contains("followed a redirect");
            // A body that streams is not sent again, so there the redirect itself is the response.
            let stands = !is_read && status >= 307 && error.to_string().contains(&status.to_string());
            assert!(followed || stands, "{status}: {error}");
        }
    }
}

/// The request was carried out, and its response redirects to an unreachable host.
#[tokio::test]
async fn a_redirect_to_an_unreachable_host_does_not_settle_a_sent_request() {
    let platform = FakePlatform::new();
    let closed = Host::closed().await;
    for to in [
        format!("http://{closed}/x"),
        "ftp://nowhere.invalid/x".into(),
        "https://[::1]:1/".into(),
    ] {
        for status in [302, 303, 307] {
            let to = to.clone();
            let host = Host::new(move |_| Some(redirect(status, &to))).await;
            let client = client(&platform, host.base());
            let error = client.call(&give_back()).await.unwrap_err();
            assert_eq!(error.outcome(), Outcome::Unknown, "{status}: {error}");
            assert_eq!(host.requests().len(), 1);
        }
    }
}

/// A query of a refund whose number contains `..`.
#[derive(Clone, Endpoint)]
#[endpoint(GET, "/v3/refund/domestic/refunds/{refund_id}/status", response = serde_json::Value)]
struct Climbing {
    refund_id: &'static str,
}

#[tokio::test]
async fn a_segment_of_dots_is_an_error_before_anything_is_sent() {
    let platform = FakePlatform::new();
    let signer = platform.clone();
    let host = Host::new(move |_| Some(signed(&signer, 200, "{}"))).await;
    let hyper = Client::builder(platform.request_signer())
        .base_url(host.base())
        .service(
            HyperTransport::new().unwrap(),
            Verifier::new(platform.key_store()),
        )
        .unwrap();
    for client in [hyper, client(&platform, host.base())] {
        for dots in [".", ".."] {
            let error = client.call(&Climbing::new(dots)).await.unwrap_err();
            assert_eq!(error.outcome(), Outcome::NotSent, "{error}");
            assert!(
                error.to_string().contains("rewritten after it was signed"),
                "{error}"
            );
        }
        for fine in ["...", "a..b", ".x"] {
            client.call(&Climbing::new(fine)).await.unwrap();
        }
    }
    assert_eq!(host.requests().len(), 6);
    assert!("..".parse::<wechatpay_core::types::RefundId>().is_err());
    assert!("..".parse::<wechatpay_core::types::WithdrawId>().is_err());
}

#[tokio::test]
async fn a_path_or_query_that_reqwest_would_rewrite_is_an_error_before_anything_is_sent() {
    let platform = FakePlatform::new();
    let host = Host::new(|_| Some(plain(200, &[], "{}"))).await;
    let hosts =
        wechatpay_tower::sign::AllowedHosts::platform().and(host.address.to_string().parse().unwrap());
    for target in [
        "/v3/x?name=it's",
        "/v3/a/%2e%2E/b",
        "/v3/./b",
        "/v3/x?a={b}&c='d'",
    ] {
        let request = Request::get(format!("{}{target}", host.base()))
            .body(Full::<Bytes>::default())
            .unwrap();
        let layer = SignLayer::new(platform.request_signer()).hosts(hosts.clone());
        let error = layer.layer(careless()).oneshot(request).await.unwrap_err();
        assert!(
            matches!(error, Error::TargetRewritten) && error.is_not_sent(),
            "{target}: {error:?}"
        );
        assert!(!error.is_unreachable(), "another host would do no better");
    }
    assert_eq!(host.requests().len(), 0);
}

#[tokio::test]
async fn no_error_of_a_transport_shows_the_url() {
    use wechatpay_core::api::bills::BillFile;

    let platform = FakePlatform::new();
    let breaking = Host::breaking().await;
    // A body that ends too early, after the head has come.
    let short = Host::new(|_| Some(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nhalf".to_vec())).await;
    let nonsense = Host::new(|_| Some(b"SSH-2.0-x\r\n\r\n".to_vec())).await;
    let refusing = Host::new(|_| Some(plain(403, &[], "token=SECRET-TOKEN? no\u{1b}[2J"))).await;
    let looping = Host::new(|_| Some(redirect(302, "/v3/billdownload/file?token=SECRET-TOKEN&again"))).await;
    let silent = Host::new(|_| Some(Vec::new())).await;
    let closed = Host::closed().await;
    let impatient = ReqwestService::new(
        reqwest::Client::builder()
            .no_proxy()
            .timeout(Duration::from_millis(100))
            .build()
            .unwrap(),
    );
    for address in [
        breaking.address,
        short.address,
        nonsense.address,
        refusing.address,
        looping.address,
        silent.address,
        closed,
    ] {
        let bill: BillFile = serde_json::from_value(serde_json::json!({
            "hash_type": "SHA1", "hash_value": "0".repeat(40),
            "download_url": format!("http://{address}/v3/billdownload/file?token=SECRET-TOKEN"),
        }))
        .unwrap();
        let builder = || {
            Client::builder(platform.request_signer())
                .base_url(format!("http://{address}"))
                .timeout(Duration::from_millis(300))
                .retry(RetryPolicy::none())
        };
        let verifier = || Verifier::new(platform.key_store());
        for client in [
            builder()
                .service(HyperTransport::new().unwrap(), verifier())
                .unwrap(),
            builder().service(careless(), verifier()).unwrap(),
            builder().service(impatient.clone(), verifier()).unwrap(),
        ] {
            let directory = crate::support::temporary_directory();
            let download = client.download(&bill).stall(Duration::from_millis(300));
            let error = download.save_to(directory.join("bill")).await.unwrap_err();
            let mut shown = format!("{error:?} {error}");
            let mut cause = std::error::Error::source(&error);
            while let Some(error) = cause {
                shown.push_str(&format!(" {error:?} {error}"));
                cause = error.source();
            }
            if address != refusing.address {
                assert!(!shown.contains("SECRET-TOKEN"), "{shown}");
            }
            assert!(!shown.contains('\u{1b}'), "{shown}");
            std::fs::remove_dir_all(directory).unwrap();
        }
    }
}

#[tokio::test]
async fn the_body_of_a_response_over_reqwest_shows_no_url_when_it_breaks_off() {
    let host = Host::new(|_| Some(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nhalf".to_vec())).await;
    // Closes after its response: the second request is never complete.
    let request = Request::get(format!("{}/x?token=SECRET-TOKEN", host.base()))
        .header("connection", "close")
        .body(Full::<Bytes>::default())
        .unwrap();
    let service = ReqwestService::new(
        reqwest::Client::builder()
            .no_proxy()
            .timeout(Duration::from_millis(200))
            .build()
            .unwrap(),
    );
    let response = service.oneshot(request).await.unwrap();
    let error = response.into_body().collect().await.unwrap_err();
    assert!(
        !format!("{error:?} {error}").contains("SECRET-TOKEN"),
        "{error:?}"
    );
}
