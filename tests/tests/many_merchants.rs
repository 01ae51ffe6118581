//! Two merchants of one application: each notification is accepted on its own route only, also when both trust the same
//! platform key.
#![expect(clippy::unwrap_used, reason = "tests fail loudly")]

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use wechatpay_core::{
    api::transactions::Transaction,
    notify::MerchantReceivers,
    testing::{Delivery, FakePlatform},
    types::Mchid,
};

const A: &str = "1900000001";
const B: &str = "1900000002";

fn platform(mchid: &str) -> FakePlatform {
    FakePlatform::new().mchid(Mchid::parse(mchid).unwrap())
}

/// Path, delivery, and the status that must come back.
fn cases() -> Vec<(String, Delivery, u16)> {
    let (a, b) = (platform(A), platform(B));
    vec![
        (format!("/notify/{A}"), a.payment("ORDER-1", 1), 204),
        (format!("/notify/{B}"), b.payment("ORDER-1", 1), 204),
        // Both sign with the same key and seal with the same APIv3 key: only the merchant inside tells them apart.
        (format!("/notify/{B}"), a.payment("ORDER-1", 1), 403),
        (format!("/notify/{A}"), b.payment("ORDER-1", 1), 403),
        ("/notify/1900000003".into(), a.payment("ORDER-1", 1), 404),
        ("/notify/not-a-merchant".into(), a.payment("ORDER-1", 1), 404),
        (format!("/notify/0{A}"), a.payment("ORDER-1", 1), 404),
        (
            format!("/notify/{A}"),
            a.payment("ORDER-1", 1).with_body("{}"),
            401,
        ),
    ]
}

/// A directory that builds each receiver when it is first asked for, and counts.
fn directory(built: &Arc<AtomicUsize>) -> MerchantReceivers {
    let built = Arc::clone(built);
    MerchantReceivers::lazy(move |mchid| {
        let known = [A, B].contains(&mchid.as_str());
        known.then(|| {
            built.fetch_add(1, Ordering::SeqCst);
            platform(mchid.as_str()).receiver()
        })
    })
}

fn check(framework: &str, answers: &[(u16, u16)], built: &AtomicUsize) {
    for (index, (answered, expected)) in answers.iter().enumerate() {
        assert_eq!(answered, expected, "{framework}: case {index}");
    }
    assert_eq!(
        built.load(Ordering::SeqCst),
        2,
        "{framework}: each receiver is built once"
    );
}

#[tokio::test]
async fn axum_picks_the_receiver_by_the_path() {
    use axum::{Router, body::Body, routing::post};
    use tower::ServiceExt as _;
    use wechatpay_axum::{Ack, Notification, NotificationLayer};
    async fn paid(_: Notification<Transaction>) -> Ack {
        Ack
    }
    let built = Arc::default();
    let app = Router::new()
        .route("/notify/{mchid}", post(paid))
        .route_layer(NotificationLayer::many(directory(&built)));
    let mut answers = Vec::new();
    for (path, delivery, expected) in cases() {
        let mut request = http::Request::post(path);
        for (name, value) in &delivery.headers {
            request = request.header(name, value.as_slice());
        }
        let response = app
            .clone()
            .oneshot(request.body(Body::from(delivery.body)).unwrap())
            .await
            .unwrap();
        answers.push((response.status().as_u16(), expected));
    }
    check("axum", &answers, &built);
}

#[tokio::test]
async fn axum_may_pick_by_anything_else_of_the_request() {
    use axum::{Router, body::Body, routing::post};
    use tower::ServiceExt as _;
    use wechatpay_axum::{Ack, Notification, NotificationLayer};
    async fn paid(_: Notification<Transaction>) -> Ack {
        Ack
    }
    let by_host = |parts: &http::request::Parts| {
        let host = parts.headers.get("host")?.to_str().ok()?;
        host.strip_suffix(".shops.example").map(ToOwned::to_owned)
    };
    let layer = NotificationLayer::many_by(directory(&Arc::default()), by_host);
    let app = Router::new().route("/notify", post(paid)).route_layer(layer);
    for (host, expected) in [
        ("1900000001.shops.example", 204),
        ("1900000002.shops.example", 403),
        ("elsewhere.example", 404),
    ] {
        let delivery = platform(A).payment("ORDER-1", 1);
        let mut request = http::Request::post("/notify").header("host", host);
        for (name, value) in &delivery.headers {
            request = request.header(name, value.as_slice());
        }
        let response = app
            .clone()
            .oneshot(request.body(Body::from(delivery.body)).unwrap())
            .await
            .unwrap();
        assert_eq!(response.status(), expected, "{host}");
    }
}

#[actix_web::test]
async fn actix_picks_the_receiver_by_the_path_in_both_styles() {
    use actix_web::{App, test, web};
    use wechatpay_actix::{Ack, Notification, VerifyNotifications};
    async fn paid(_: Notification<Transaction>) -> Ack {
        Ack
    }
    let request = |path: &str, delivery: Delivery| {
        let mut request = test::TestRequest::post().uri(path).set_payload(delivery.body);
        for (name, value) in delivery.headers {
            request = request.append_header((name, value));
        }
        request.to_request()
    };
    let built = Arc::default();
    let middleware = VerifyNotifications::many(directory(&built));
    let app = test::init_service(
        App::new().service(
            web::resource("/notify/{mchid}")
                .wrap(middleware)
                .route(web::post().to(paid)),
        ),
    )
    .await;
    let mut answers = Vec::new();
    for (path, delivery, expected) in cases() {
        let response = test::call_service(&app, request(&path, delivery)).await;
        answers.push((response.status().as_u16(), expected));
    }
    check("actix middleware", &answers, &built);

    let built = Arc::default();
    let directory = web::Data::new(directory(&built));
    let app = test::init_service(
        App::new()
            .app_data(directory)
            .route("/notify/{mchid}", web::post().to(paid)),
    )
    .await;
    let mut answers = Vec::new();
    for (path, delivery, expected) in cases() {
        let response = test::call_service(&app, request(&path, delivery)).await;
        answers.push((response.status().as_u16(), expected));
    }
    check("actix extractor", &answers, &built);
}

#[test]
fn rocket_picks_the_receiver_by_the_path() {
    use rocket::{http::Header, local::blocking::Client};
    use wechatpay_rocket::{Ack, Notification, WechatPayFairing};
    #[rocket::post("/notify/<_mchid>", data = "<_notification>")]
    fn paid(_mchid: &str, _notification: Notification<Transaction>) -> Ack {
        Ack
    }
    let built = Arc::default();
    let config = rocket::Config {
        log_level: rocket::config::LogLevel::Off,
        ..Default::default()
    };
    let rocket = rocket::custom(config)
        .attach(WechatPayFairing::many(directory(&built)))
        .mount("/", rocket::routes![paid]);
    let client = Client::tracked(rocket).unwrap();
    let mut answers = Vec::new();
    for (path, delivery, expected) in cases() {
        let mut request = client.post(path).body(&delivery.body);
        for (name, value) in delivery.headers {
            request.add_header(Header::new(name, String::from_utf8(value).unwrap()));
        }
        answers.push((request.dispatch().status().code, expected));
    }
    check("rocket", &answers, &built);
}
