//! Two merchants of one application: each notification is accepted on its own route only.
//!
//! This also holds when both trust the same platform key.

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

fn check(framework: &str, responses: &[(u16, u16)], built: &AtomicUsize) {
    for (index, (answered, expected)) in responses.iter().enumerate() {
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
    let mut responses = Vec::new();
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
        responses.push((response.status().as_u16(), expected));
    }
    check("axum", &responses, &built);
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
    use wechatpay_actix::{Ack, Notification, NotificationMiddleware};
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
    let middleware = NotificationMiddleware::many(directory(&built));
    let app = test::init_service(
        App::new().service(
            web::resource("/notify/{mchid}")
                .wrap(middleware)
                .route(web::post().to(paid)),
        ),
    )
    .await;
    let mut responses = Vec::new();
    for (path, delivery, expected) in cases() {
        let response = test::call_service(&app, request(&path, delivery)).await;
        responses.push((response.status().as_u16(), expected));
    }
    check("actix middleware", &responses, &built);

    let built = Arc::default();
    let directory = web::Data::new(directory(&built));
    let app = test::init_service(
        App::new()
            .app_data(directory)
            .route("/notify/{mchid}", web::post().to(paid)),
    )
    .await;
    let mut responses = Vec::new();
    for (path, delivery, expected) in cases() {
        let response = test::call_service(&app, request(&path, delivery)).await;
        responses.push((response.status().as_u16(), expected));
    }
    check("actix extractor", &responses, &built);
}

#[test]
fn rocket_picks_the_receiver_by_the_path() {
    use rocket::{http::Header, local::blocking::Client};
    use wechatpay_rocket::{Ack, Notification, NotificationFairing};
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
        .attach(NotificationFairing::many(directory(&built)))
        .mount("/", rocket::routes![paid]);
    let client = Client::tracked(rocket).unwrap();
    let mut responses = Vec::new();
    for (path, delivery, expected) in cases() {
        let mut request = client.post(path).body(&delivery.body);
        for (name, value) in delivery.headers {
            request.add_header(Header::new(name, String::from_utf8(value).unwrap()));
        }
        responses.push((request.dispatch().status().code, expected));
    }
    check("rocket", &responses, &built);
}

// Which merchant a path names, when it could name two.

const TWO: &str = "/1900000001/notify/1900000002";

/// Path, whose notification, and the status that must come back.
fn named() -> [(&'static str, Delivery, u16); 4] {
    let (a, b) = (platform(A), platform(B));
    [
        (TWO, a.payment("ORDER-1", 1), 204),
        (TWO, b.payment("ORDER-1", 1), 403),
        // Routes without the parameter: the last segment.
        ("/last/1900000001/1900000002", b.payment("ORDER-1", 1), 204),
        ("/last/1900000001/1900000002", a.payment("ORDER-1", 1), 403),
    ]
}

fn both() -> MerchantReceivers {
    MerchantReceivers::new([platform(A).receiver(), platform(B).receiver()])
}

#[tokio::test]
async fn axum_takes_the_parameter_of_the_route_first() {
    use axum::{Router, body::Body, routing::post};
    use tower::ServiceExt as _;
    use wechatpay_axum::{Ack, Notification, NotificationLayer};
    async fn paid(_: Notification<Transaction>) -> Ack {
        Ack
    }
    let routes = || {
        Router::new()
            .route("/{mchid}/notify/{shop}", post(paid))
            .route("/last/{tenant}/{shop}", post(paid))
    };
    let nested = Router::new().route("/notify/{shop}", post(paid));
    let nested = Router::new().nest("/{mchid}", nested);
    let apps = [
        (
            "route_layer",
            routes().route_layer(NotificationLayer::many(both())),
            4,
        ),
        ("layer", routes().layer(NotificationLayer::many(both())), 4),
        ("nested", nested.route_layer(NotificationLayer::many(both())), 2),
    ];
    for (name, app, count) in apps {
        for (path, delivery, expected) in named().into_iter().take(count) {
            let mut request = http::Request::post(path);
            for (name, value) in &delivery.headers {
                request = request.header(name, value.as_slice());
            }
            let request = request.body(Body::from(delivery.body)).unwrap();
            let response = app.clone().oneshot(request).await.unwrap();
            assert_eq!(response.status(), expected, "axum {name}: {path}");
        }
    }
}

#[actix_web::test]
async fn actix_takes_the_parameter_of_the_route_first_wherever_the_middleware_stands() {
    use actix_web::{App, test, web};
    use wechatpay_actix::{Ack, Notification, NotificationMiddleware};
    async fn paid(_: Notification<Transaction>) -> Ack {
        Ack
    }
    macro_rules! check {
        ($name:literal, $app:expr) => {
            let app = test::init_service($app).await;
            for (path, delivery, expected) in named() {
                let mut request = test::TestRequest::post()
                    .uri(path)
                    .set_payload(delivery.body);
                for (name, value) in delivery.headers {
                    request = request.append_header((name, value));
                }
                let response = test::call_service(&app, request.to_request()).await;
                assert_eq!(response.status(), expected, "actix {}: {path}", $name);
            }
        };
    }
    let named_route = || web::resource("/{mchid}/notify/{shop}");
    let last = || web::resource("/last/{tenant}/{shop}");
    let many = || NotificationMiddleware::many(both());
    check!(
        "App",
        App::new()
            .wrap(many())
            .service(last().post(paid))
            .service(named_route().post(paid))
    );
    check!(
        "resource",
        App::new()
            .service(last().wrap(many()).post(paid))
            .service(named_route().wrap(many()).post(paid))
    );
    check!(
        "scope",
        App::new()
            .service(
                web::scope("/last")
                    .wrap(many())
                    .service(web::resource("/{tenant}/{shop}").post(paid))
            )
            .service(
                web::scope("/{mchid}")
                    .wrap(many())
                    .service(web::resource("/notify/{shop}").post(paid))
            )
    );
    check!(
        "scope outside of the parameter",
        App::new().service(
            web::scope("")
                .wrap(many())
                .service(last().post(paid))
                .service(named_route().post(paid))
        )
    );
    check!(
        "extractor",
        App::new()
            .app_data(web::Data::new(both()))
            .service(last().post(paid))
            .service(named_route().post(paid))
    );
}

#[test]
#[expect(
    clippy::needless_pass_by_value,
    reason = "Rocket hands a data guard over by value"
)]
fn rocket_takes_the_parameter_of_the_route_first() {
    use rocket::{http::Header, local::blocking::Client};
    use wechatpay_rocket::{Ack, Notification, NotificationFairing};
    #[rocket::post("/<mchid>/notify/<_shop>", data = "<notification>")]
    fn named_route(mchid: &str, _shop: &str, notification: Notification<Transaction>) -> Ack {
        assert_eq!(notification.notification().receiver().as_str(), mchid);
        Ack
    }
    #[rocket::post("/last/<_tenant>/<_shop>", data = "<_notification>", rank = 0)]
    fn last(_tenant: &str, _shop: &str, _notification: Notification<Transaction>) -> Ack {
        Ack
    }
    let config = rocket::Config {
        log_level: rocket::config::LogLevel::Off,
        ..Default::default()
    };
    for mount in ["/", "/base/of"] {
        let rocket = rocket::custom(&config)
            .attach(NotificationFairing::many(both()))
            .mount(mount, rocket::routes![named_route, last]);
        let client = Client::tracked(rocket).unwrap();
        for (path, delivery, expected) in named() {
            let path = format!("{}{path}", mount.trim_end_matches('/'));
            let mut request = client.post(&path).body(&delivery.body);
            for (name, value) in delivery.headers {
                request.add_header(Header::new(name, String::from_utf8(value).unwrap()));
            }
            assert_eq!(request.dispatch().status().code, expected, "rocket: {path}");
        }
    }
}

// Whole merchants.

/// Settings of a merchant, as they are at this moment.
fn config(mchid: &Mchid, appid: &str) -> wechatpay_core::Config {
    let mut config = FakePlatform::new()
        .direct()
        .mchid(mchid.clone())
        .config("http://127.0.0.1:9");
    config.appid = Some(appid.to_owned());
    config
}

async fn notify(receivers: &MerchantReceivers, mchid: &str, delivery: &Delivery) -> u16 {
    let outcome = async {
        let pending = receivers.begin(&delivery.method, delivery.pairs())?;
        pending.of(Some(mchid)).await?.finish(delivery.body.clone()).await
    };
    outcome
        .await
        .map_or_else(|error| error.status().as_u16(), |_| 204)
}

#[tokio::test(start_paused = true)]
async fn settings_that_cannot_be_used_are_tried_once_in_a_while() {
    use wechatpay_core::ConfigError;
    use wechatpay_tower::Merchants;
    let loads = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&loads);
    let merchants = Merchants::new(move |_| {
        counter.fetch_add(1, Ordering::SeqCst);
        Err(ConfigError::Missing("an APIv3 key"))
    });
    let bare = Delivery {
        method: "GET".into(),
        headers: Vec::new(),
        body: bytes::Bytes::new(),
    };
    for _ in 0..200 {
        assert_eq!(notify(merchants.receivers(), A, &bare).await, 405);
    }
    assert_eq!(
        loads.load(Ordering::SeqCst),
        0,
        "nothing is looked up for a bare request"
    );
    let signed = platform(A).payment("ORDER-1", 1);
    for _ in 0..200 {
        assert_eq!(notify(merchants.receivers(), A, &signed).await, 404);
    }
    assert_eq!(loads.load(Ordering::SeqCst), 1);
    assert_eq!(merchants.receivers().counters().get("method"), 200);
    assert_eq!(merchants.receivers().counters().get("unknown_merchant"), 200);
    // The application itself is told each time.
    assert!(merchants.get(&A.parse().unwrap()).is_err());
    assert_eq!(loads.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_removal_wins_over_a_load_that_is_under_way() {
    use std::sync::{Mutex, mpsc};
    use wechatpay_tower::{Merchants, WechatPay};
    let (began, begun) = mpsc::channel();
    let (go, wait) = mpsc::channel::<()>();
    let wait = Mutex::new(wait);
    let appid = Arc::new(Mutex::new("wxold"));
    let setting = Arc::clone(&appid);
    let merchants = Merchants::new(move |mchid| {
        let appid = *setting.lock().unwrap();
        began.send(()).unwrap();
        wait.lock().unwrap().recv().unwrap();
        let settings = config(mchid, appid).validate().unwrap();
        WechatPay::new(&settings).map(Some)
    });
    let mchid: Mchid = A.parse().unwrap();
    // A notification of the new app, which the old settings would refuse.
    let mut resource = platform(A).payment_resource("ORDER-1", 1);
    resource["sp_appid"] = "wxnew".into();
    let delivery = platform(A)
        .payment_builder("ORDER-1", 1)
        .plaintext(resource.to_string())
        .build();
    let receivers = merchants.receivers().clone();
    let waiting = tokio::spawn(async move { notify(&receivers, A, &delivery).await });
    let begun = tokio::task::spawn_blocking(move || begun.recv().map(|()| begun).unwrap());
    let _begun = begun.await.unwrap();
    *appid.lock().unwrap() = "wxnew";
    merchants.remove(&mchid);
    for _ in 0..4 {
        go.send(()).unwrap();
    }
    assert_eq!(waiting.await.unwrap(), 204);
    let now = merchants.get(&mchid).unwrap();
    assert_eq!(now.settings().appid.as_ref().unwrap().as_str(), "wxnew");
    assert!(merchants.receivers().get(A).is_ok());
}
