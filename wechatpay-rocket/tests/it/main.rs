//! Fairing, guards and sentinel in a running rocket.
#![expect(
    clippy::unwrap_used,
    clippy::needless_pass_by_value,
    reason = "tests fail loudly; Rocket hands guards over by value"
)]

use rocket::{
    Build, Rocket, State,
    config::LogLevel,
    error::ErrorKind,
    figment::{Figment, providers::Serialized},
    http::{Header, Status},
    local::blocking::Client,
    routes,
};
use wechatpay_core::{
    api::transactions::Transaction,
    notify::AnyResource,
    testing::{
        DEMO_API_V3_KEY, DEMO_MCHID, DEMO_PUBLIC_KEY_ID, Delivery, DemoKey, FakePlatform, private_key_pem,
        public_key_pem,
    },
};
use wechatpay_rocket::{
    Ack, Nack, Notification, NotificationFairing, NotificationRejection, Receiver, WechatPay,
};

fn figment() -> Figment {
    Figment::from(rocket::Config {
        log_level: LogLevel::Off,
        ..rocket::Config::debug_default()
    })
}

fn deliver(client: &Client, delivery: Delivery) -> (u16, String) {
    let mut request = client.post("/notify").body(&delivery.body);
    for (name, value) in delivery.headers {
        request.add_header(Header::new(name, String::from_utf8(value).unwrap()));
    }
    let response = request.dispatch();
    (response.status().code, response.into_string().unwrap_or_default())
}

#[rocket::post("/notify", data = "<_notification>")]
fn paid(_notification: Notification<Transaction>) -> Ack {
    Ack
}

fn rocket(fairing: NotificationFairing) -> Rocket<Build> {
    rocket::custom(figment())
        .attach(fairing)
        .mount("/", routes![paid])
}

#[test]
fn without_the_fairing_it_does_not_launch() {
    let error = Client::tracked(rocket::custom(figment()).mount("/", routes![paid])).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::SentinelAborts(_)), "{error}");
    drop(error.to_string());

    #[rocket::get("/counters")]
    fn counters(receiver: Receiver) -> String {
        receiver.counters().get("accepted").to_string()
    }
    let error = Client::tracked(rocket::custom(figment()).mount("/", routes![counters])).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::SentinelAborts(_)));
    drop(error.to_string());
}

#[test]
fn a_rejection_has_the_platforms_json_whatever_the_catchers_say() {
    #[rocket::catch(default)]
    fn page(_: Status, _: &rocket::Request<'_>) -> &'static str {
        "a page of the application"
    }
    let platform = FakePlatform::new();
    let rocket =
        rocket(NotificationFairing::receiver(platform.receiver())).register("/", rocket::catchers![page]);
    let client = Client::tracked(rocket).unwrap();
    assert_eq!(
        deliver(&client, platform.payment("ORDER-1", 1)),
        (204, String::new())
    );
    let (status, body) = deliver(&client, platform.payment("ORDER-1", 1).with_body("{}"));
    assert_eq!(
        (status, body.as_str()),
        (401, r#"{"code":"FAIL","message":"signature not accepted"}"#)
    );
    // What is no rejection of ours is the application's.
    assert_eq!(
        client.get("/elsewhere").dispatch().into_string().unwrap(),
        "a page of the application"
    );
}

#[test]
fn a_body_beyond_rockets_limits_and_within_ours_is_read() {
    let platform = FakePlatform::new();
    let client = Client::tracked(rocket(NotificationFairing::receiver(platform.receiver()))).unwrap();
    let long = platform
        .payment_builder("ORDER-1", 1)
        .envelope("summary", serde_json::json!("x".repeat(100_000)));
    assert_eq!(deliver(&client, long.build()).0, 204);
    let too_long = platform
        .payment_builder("ORDER-1", 1)
        .envelope("summary", serde_json::json!("x".repeat(300_000)));
    assert_eq!(deliver(&client, too_long.build()).0, 413);
}

#[test]
fn a_handler_may_look_at_the_rejection_and_take_any_kind() {
    #[rocket::post("/notify", data = "<notification>")]
    fn any(notification: Result<Notification<AnyResource>, NotificationRejection>) -> Result<Ack, Nack> {
        match notification.as_ref().map(|notification| notification.resource()) {
            Ok(AnyResource::Refund(_)) => Ok(Ack),
            Ok(_) => Err(Nack::unavailable()),
            Err(_) => Err(Nack::in_progress()),
        }
    }
    let platform = FakePlatform::new();
    let rocket = rocket::custom(figment())
        .attach(NotificationFairing::receiver(platform.receiver()))
        .mount("/", routes![any]);
    let client = Client::tracked(rocket).unwrap();
    assert_eq!(deliver(&client, platform.refund("ORDER-1", "R-1", 1)).0, 204);
    assert_eq!(deliver(&client, platform.payment("ORDER-1", 1)).0, 503);
    // The handler answered itself, so its status stands.
    assert_eq!(
        deliver(&client, platform.payment("ORDER-1", 1).with_body("{}")).0,
        409
    );
}

#[test]
fn fairings_of_the_application_see_why_it_was_rejected() {
    use rocket::fairing::AdHoc;
    use std::sync::{Arc, Mutex};
    use wechatpay_rocket::Rejected;

    let codes = Arc::<Mutex<Vec<Option<&str>>>>::default();
    let seen = Arc::clone(&codes);
    let count = AdHoc::on_response("count", move |request, _| {
        let code = Rejected::of(request).map(|Rejected(error)| error.code());
        seen.lock().unwrap().push(code);
        Box::pin(async {})
    });
    let platform = FakePlatform::new();
    let rocket = rocket(NotificationFairing::receiver(platform.receiver())).attach(count);
    let client = Client::tracked(rocket).unwrap();
    deliver(&client, platform.payment("ORDER-1", 1));
    deliver(&client, platform.payment("ORDER-1", 1).with_body("{}"));
    deliver(&client, platform.refund("ORDER-1", "R-1", 1));
    client.get("/elsewhere").dispatch();
    assert_eq!(
        *codes.lock().unwrap(),
        [None, Some("signature_invalid"), Some("type_mismatch"), None]
    );
}

fn settings() -> serde_json::Value {
    let platform = FakePlatform::new();
    serde_json::json!({
        "mchid": DEMO_MCHID,
        "serial_no": "5157F09EFDC096DE15EBE81A47057A7232F1B8E1",
        "private_key": private_key_pem(DemoKey::Merchant.pkcs8()),
        "api_v3_key": DEMO_API_V3_KEY,
        "public_key_id": DEMO_PUBLIC_KEY_ID,
        "public_key": public_key_pem(platform.demo_key(DemoKey::PublicKey).public_key_info()),
        "base_url": "http://127.0.0.1:9",
    })
}

#[test]
fn settings_come_from_rockets_configuration() {
    #[rocket::get("/merchant")]
    fn merchant(wechatpay: &State<WechatPay>) -> String {
        format!("{} {}", wechatpay.settings().mchid, wechatpay.is_ready())
    }
    let figment = figment().merge(Serialized::default("wechatpay", settings()));
    let rocket = rocket::custom(figment)
        .attach(NotificationFairing::from_figment())
        .mount("/", routes![paid, merchant]);
    let client = Client::tracked(rocket).unwrap();
    assert_eq!(deliver(&client, FakePlatform::new().payment("ORDER-1", 1)).0, 204);
    assert_eq!(
        client.get("/merchant").dispatch().into_string().unwrap(),
        "1900000001 true"
    );
}

#[test]
fn settings_that_are_wrong_abort_launch() {
    let mut wrong = settings();
    wrong["serial_no"] = "not hexadecimal".into();
    wrong["api_v3_key"] = "short".into();
    let unknown = serde_json::json!({ "mchid": 1 });
    for section in [wrong, unknown] {
        let figment = figment().merge(Serialized::default("wechatpay", section));
        let error =
            Client::tracked(rocket::custom(figment).attach(NotificationFairing::from_figment())).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::FailedFairings(_)), "{error}");
        drop(error.to_string());
    }
}

#[test]
fn a_repeat_is_acknowledged_without_the_handler() {
    use std::sync::{
        Arc,
        atomic::{AtomicU16, Ordering},
    };
    use wechatpay_core::idempotency::{IdempotencyStore, Limits, MemoryStore};

    type Store = Arc<dyn IdempotencyStore>;

    #[rocket::post("/notify", data = "<paid>")]
    async fn once(
        store: &State<Store>,
        calls: &State<AtomicU16>,
        paid: Notification<Transaction>,
    ) -> Result<Ack, Nack> {
        wechatpay_rocket::idempotent(store, paid.notification(), &Limits::default(), |_| async {
            if calls.fetch_add(1, Ordering::SeqCst) == 0 {
                Err(Nack::unavailable())
            } else {
                Ok(())
            }
        })
        .await
    }
    let platform = FakePlatform::new();
    let rocket = rocket::custom(figment())
        .attach(NotificationFairing::receiver(platform.receiver()))
        .manage(Arc::new(MemoryStore::new()) as Store)
        .manage(AtomicU16::new(0))
        .mount("/", routes![once]);
    let client = Client::tracked(rocket).unwrap();
    let statuses: Vec<u16> = (0..4)
        .map(|_| deliver(&client, platform.payment_builder("ORDER-1", 1).id("SAME").build()).0)
        .collect();
    assert_eq!(statuses, [503, 204, 204, 204]);
    assert_eq!(
        client
            .rocket()
            .state::<AtomicU16>()
            .unwrap()
            .load(Ordering::SeqCst),
        2
    );
}

#[test]
fn a_success_that_is_not_ack_becomes_500_and_is_counted() {
    #[rocket::post("/text", data = "<_paid>")]
    fn text(_paid: Notification<Transaction>) -> &'static str {
        "ok"
    }
    #[rocket::post("/ack", data = "<_paid>")]
    fn ack(_paid: Notification<Transaction>) -> Ack {
        Ack
    }
    #[rocket::post("/any", data = "<notification>")]
    fn any(notification: Result<Notification<Transaction>, NotificationRejection>) -> &'static str {
        drop(notification);
        "whatever came"
    }
    #[rocket::post("/other")]
    fn other() -> &'static str {
        "not a route of notifications"
    }
    let platform = FakePlatform::new();
    let receiver = platform.receiver();
    let rocket = rocket::custom(figment())
        .attach(NotificationFairing::receiver(receiver.clone()))
        .mount("/", routes![text, ack, any, other]);
    let client = Client::tracked(rocket).unwrap();
    for (path, status) in [("/text", 500), ("/ack", 204), ("/other", 200)] {
        let delivery = platform.payment("ORDER-1", 1);
        let mut request = client.post(path).body(&delivery.body);
        for (name, value) in delivery.headers {
            request.add_header(rocket::http::Header::new(name, String::from_utf8(value).unwrap()));
        }
        assert_eq!(request.dispatch().status().code, status, "{path}");
    }
    assert_eq!(receiver.counters().get("not_acknowledged"), 1);
    // A forged one gets its own status, also if the handler takes the rejection and returns 200.
    let forged = platform.payment("ORDER-1", 1).with_body("{}");
    let mut request = client.post("/any").body(&forged.body);
    for (name, value) in forged.headers {
        request.add_header(rocket::http::Header::new(name, String::from_utf8(value).unwrap()));
    }
    assert_eq!(request.dispatch().status().code, 401);
}
