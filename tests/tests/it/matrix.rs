//! The table of deliveries through every entry point.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{Router, body::Body, routing::post};
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use tower::{Layer as _, ServiceExt as _};
use wechatpay_axum::{Ack, Notification, SignedNotification};
use wechatpay_core::{
    api::transactions::Transaction,
    notify::{
        MerchantReceivers, Nack, Notification as Notified, NotificationError, NotificationReceiver,
        VerifiedNotification,
    },
    testing::{DEMO_MCHID, FakePlatform},
};
use wechatpay_tests::deliveries::{Row, platform, receiver, table};
use wechatpay_tower::{MaybeBuffered, NotificationLayer, notify::Rejected};

/// An entry point's reply to a row.
struct Reply {
    status: u16,
    body: Bytes,
    code: Option<String>,
    /// Number of times the handler ran.
    handled: usize,
}

/// The response to a delivery at a receiver or directory.
fn response_of(outcome: Result<Notified<Transaction>, NotificationError>) -> Reply {
    match outcome {
        Ok(_) => Reply {
            status: 204,
            body: Bytes::new(),
            code: Some("accepted".into()),
            handled: 1,
        },
        Err(error) => Reply {
            status: error.status().as_u16(),
            body: Bytes::from_static(Nack::from(&error).body().as_bytes()),
            code: Some(error.code().into()),
            handled: 0,
        },
    }
}

/// Compares reply and row, and collects differences so that one run shows all.
fn check(entry_point: &str, row: &Row, reply: &Reply, failures: &mut Vec<String>) {
    let Row {
        name, status, code, ..
    } = row;
    let mut fail = |what: String| failures.push(format!("{entry_point}: {name}: {what}"));
    if reply.status != *status {
        fail(format!(
            "answered {} instead of {status} ({:?} instead of {code})",
            reply.status, reply.code
        ));
    }
    if reply.code.as_ref().is_some_and(|answered| answered != code) {
        fail(format!("rejected as {:?} instead of {code}", reply.code));
    }
    if reply.handled != usize::from(*status == 204) {
        fail(format!("the handler ran {} times", reply.handled));
    }
    // One constant body per status; 405 and HEAD may come from a router, which has none.
    let expected: &[u8] = match *status {
        204 => b"",
        405 => &reply.body,
        400 if row.code == "type_mismatch" => {
            br#"{"code":"FAIL","message":"another kind than this route takes"}"#
        }
        _ => rejection_body(*status),
    };
    if reply.body != expected {
        fail(format!("body {:?}", reply.body));
    }
}

fn rejection_body(status: u16) -> &'static [u8] {
    match status {
        400 => br#"{"code":"FAIL","message":"malformed notification"}"#,
        401 => br#"{"code":"FAIL","message":"signature not accepted"}"#,
        403 => br#"{"code":"FAIL","message":"not for this receiver"}"#,
        413 => br#"{"code":"FAIL","message":"body too large"}"#,
        415 => br#"{"code":"FAIL","message":"send plain JSON"}"#,
        _ => br#"{"code":"FAIL","message":"not handled, send again"}"#,
    }
}

fn finish(entry_point: &str, count: usize, failures: &[String]) {
    println!("{entry_point}: {count} deliveries");
    assert!(
        failures.is_empty(),
        "{} of {count} rows differ:\n{}",
        failures.len(),
        failures.join("\n")
    );
}

#[tokio::test]
async fn every_row_of_the_table_holds_for_the_core_receiver() {
    let platform = platform();
    let receiver = receiver(&platform);
    let rows = table(&platform);
    assert!(rows.len() >= 120, "the table has {} rows", rows.len());
    let mut failures = Vec::new();
    for row in &rows {
        let outcome = async {
            let pending = receiver.begin(&row.delivery.method, row.delivery.pairs())?;
            pending
                .finish(row.delivery.body.clone())
                .await?
                .decode::<Transaction>()
        };
        let reply = response_of(outcome.await);
        check("core", row, &reply, &mut failures);
    }
    finish("core", rows.len(), &failures);
    let accepted = rows
        .iter()
        .filter(|row| row.status == 204 || row.code == "type_mismatch")
        .count();
    assert!(receiver.counters().get("accepted") as usize >= accepted);
}

#[tokio::test]
async fn every_row_of_the_table_holds_for_a_directory_of_receivers() {
    let platform = platform();
    let directory = MerchantReceivers::new([receiver(&platform)]);
    let rows = table(&platform);
    let mut failures = Vec::new();
    for row in &rows {
        let outcome = async {
            let pending = directory.begin(&row.delivery.method, row.delivery.pairs())?;
            let pending = pending.of(Some(DEMO_MCHID)).await?;
            pending
                .finish(row.delivery.body.clone())
                .await?
                .decode::<Transaction>()
        };
        check("directory", row, &response_of(outcome.await), &mut failures);
    }
    finish("directory", rows.len(), &failures);
}

#[tokio::test]
async fn every_row_of_the_table_holds_for_the_tower_layer() {
    let platform = platform();
    let handled = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&handled);
    let handler = tower::service_fn(move |request: Request<MaybeBuffered<Full<Bytes>>>| {
        let notification = request
            .extensions()
            .get::<VerifiedNotification>()
            .unwrap()
            .clone();
        let response = match notification.decode::<Transaction>() {
            Ok(_) => {
                counter.fetch_add(1, Ordering::SeqCst);
                wechatpay_core::notify::Ack.into_response()
            }
            Err(error) => wechatpay_tower::notify::rejection_response(error),
        };
        std::future::ready(Ok::<_, std::convert::Infallible>(response))
    });
    let service = NotificationLayer::new(receiver(&platform)).layer(handler);
    let rows: Vec<Row> = table(&platform).into_iter().filter(Row::fits_http).collect();
    let mut failures = Vec::new();
    for row in &rows {
        let before = handled.load(Ordering::SeqCst);
        let response: Response<MaybeBuffered<MaybeBuffered>> = service
            .clone()
            .oneshot(request(row, Full::new(row.delivery.body.clone())))
            .await
            .unwrap();
        let reply = Reply {
            status: response.status().as_u16(),
            code: response
                .extensions()
                .get::<Rejected>()
                .map(|rejected| rejected.0.code().to_owned()),
            body: response.into_body().collect().await.unwrap().to_bytes(),
            handled: handled.load(Ordering::SeqCst) - before,
        };
        check("tower", row, &reply, &mut failures);
    }
    finish("tower", rows.len(), &failures);
}

#[tokio::test]
async fn every_row_of_the_table_holds_for_the_axum_layer() {
    async fn paid(counter: axum::Extension<Arc<AtomicUsize>>, _: Notification<Transaction>) -> Ack {
        counter.fetch_add(1, Ordering::SeqCst);
        Ack
    }
    let handled = Arc::new(AtomicUsize::new(0));
    let platform = platform();
    let router = Router::new()
        .route("/notify", post(paid))
        .route_layer(NotificationLayer::new(receiver(&platform)))
        .layer(axum::Extension(Arc::clone(&handled)));
    through_axum("axum layer", router, &platform, &handled).await;
}

#[tokio::test]
async fn every_row_of_the_table_holds_for_the_axum_extractor() {
    #[derive(Clone)]
    struct App(NotificationReceiver, Arc<AtomicUsize>);
    impl axum::extract::FromRef<App> for NotificationReceiver {
        fn from_ref(app: &App) -> Self {
            app.0.clone()
        }
    }
    async fn paid(app: axum::extract::State<App>, _: SignedNotification<Transaction>) -> Ack {
        app.1.fetch_add(1, Ordering::SeqCst);
        Ack
    }
    let handled = Arc::new(AtomicUsize::new(0));
    let platform = platform();
    let router = Router::new()
        .route("/notify", post(paid))
        .with_state(App(receiver(&platform), Arc::clone(&handled)));
    through_axum("axum extractor", router, &platform, &handled).await;
}

async fn through_axum(entry_point: &str, router: Router, platform: &FakePlatform, handled: &AtomicUsize) {
    let rows: Vec<Row> = table(platform).into_iter().filter(Row::fits_http).collect();
    let mut failures = Vec::new();
    for row in &rows {
        let before = handled.load(Ordering::SeqCst);
        let response = router
            .clone()
            .oneshot(request(row, Body::from(row.delivery.body.clone())))
            .await
            .unwrap();
        let reply = Reply {
            status: response.status().as_u16(),
            code: response
                .extensions()
                .get::<Rejected>()
                .map(|rejected| rejected.0.code().to_owned()),
            body: response.into_body().collect().await.unwrap().to_bytes(),
            handled: handled.load(Ordering::SeqCst) - before,
        };
        check(entry_point, row, &reply, &mut failures);
    }
    finish(entry_point, rows.len(), &failures);
}

/// Sends a row to an actix application, in process.
async fn through_actix(
    entry_point: &str,
    platform: &FakePlatform,
    handled: &Arc<AtomicUsize>,
    configure: impl FnOnce(&mut actix_web::web::ServiceConfig),
) {
    use actix_web::{App, test, web};
    let app = test::init_service(
        App::new()
            .app_data(web::Data::from(Arc::clone(handled)))
            .configure(configure),
    )
    .await;
    let rows: Vec<Row> = table(platform).into_iter().filter(Row::fits_http).collect();
    let mut failures = Vec::new();
    for row in &rows {
        let before = handled.load(Ordering::SeqCst);
        let method = actix_web::http::Method::from_bytes(row.delivery.method.as_bytes()).unwrap();
        let mut request = test::TestRequest::default()
            .method(method)
            .uri("/notify")
            .set_payload(row.delivery.body.clone());
        for (name, value) in &row.delivery.headers {
            request = request.append_header((name.as_str(), value.as_slice()));
        }
        let response = test::call_service(&app, request.to_request()).await;
        let rejected = response
            .response()
            .extensions()
            .get::<wechatpay_actix::Rejected>()
            .cloned();
        let reply = Reply {
            status: response.status().as_u16(),
            code: rejected.map(|rejected| rejected.0.code().to_owned()),
            body: test::read_body(response).await,
            handled: handled.load(Ordering::SeqCst) - before,
        };
        check(entry_point, row, &reply, &mut failures);
    }
    finish(entry_point, rows.len(), &failures);
}

async fn paid_by_actix(
    handled: actix_web::web::Data<AtomicUsize>,
    _: wechatpay_actix::Notification<Transaction>,
) -> wechatpay_actix::Ack {
    handled.fetch_add(1, Ordering::SeqCst);
    wechatpay_actix::Ack
}

#[actix_web::test]
async fn every_row_of_the_table_holds_for_the_actix_middleware() {
    let (platform, handled) = (platform(), Arc::default());
    let receiver = receiver(&platform);
    through_actix("actix middleware", &platform, &handled, |config| {
        let middleware = wechatpay_actix::NotificationMiddleware::new(receiver);
        config.service(
            actix_web::web::resource("/notify")
                .wrap(middleware)
                .to(paid_by_actix),
        );
    })
    .await;
}

#[actix_web::test]
async fn every_row_of_the_table_holds_for_the_actix_extractor() {
    let (platform, handled) = (platform(), Arc::default());
    let receiver = receiver(&platform);
    through_actix("actix extractor", &platform, &handled, |config| {
        config
            .app_data(actix_web::web::Data::new(receiver))
            .route("/notify", actix_web::web::to(paid_by_actix));
    })
    .await;
}

#[test]
fn every_row_of_the_table_holds_for_the_rocket_guard() {
    use rocket::{State, http::Header, local::blocking::Client};

    #[rocket::post("/notify", data = "<_notification>")]
    fn paid(
        handled: &State<Arc<AtomicUsize>>,
        _notification: wechatpay_rocket::Notification<Transaction>,
    ) -> wechatpay_rocket::Ack {
        handled.fetch_add(1, Ordering::SeqCst);
        wechatpay_rocket::Ack
    }

    let (platform, handled) = (platform(), Arc::<AtomicUsize>::default());
    let rocket = rocket::custom(rocket::Config {
        log_level: rocket::config::LogLevel::Off,
        ..Default::default()
    })
    .attach(wechatpay_rocket::NotificationFairing::receiver(receiver(
        &platform,
    )))
    .manage(Arc::clone(&handled))
    .mount("/", rocket::routes![paid]);
    let client = Client::tracked(rocket).unwrap();
    // Rocket routes by method before any guard, and has dropped values that are not UTF-8: those count as missing.
    let rows: Vec<Row> = table(&platform)
        .into_iter()
        .filter(|row| row.code != "method" && row.fits_http())
        .map(|mut row| {
            if row
                .delivery
                .headers
                .iter()
                .any(|(_, value)| std::str::from_utf8(value).is_err())
            {
                row.code = "header_missing";
                row.delivery
                    .headers
                    .retain(|(_, value)| std::str::from_utf8(value).is_ok());
            }
            row
        })
        .collect();
    let mut failures = Vec::new();
    for row in &rows {
        let before = handled.load(Ordering::SeqCst);
        let mut request = client.post("/notify").body(&row.delivery.body);
        for (name, value) in &row.delivery.headers {
            request.add_header(Header::new(
                name.clone(),
                String::from_utf8(value.clone()).unwrap(),
            ));
        }
        let response = request.dispatch();
        let reply = Reply {
            status: response.status().code,
            code: None,
            body: response.into_bytes().unwrap_or_default().into(),
            handled: handled.load(Ordering::SeqCst) - before,
        };
        check("rocket", row, &reply, &mut failures);
    }
    finish("rocket", rows.len(), &failures);
}

fn request<B>(row: &Row, body: B) -> Request<B> {
    let mut request = Request::builder()
        .method(row.delivery.method.as_str())
        .uri("/notify");
    for (name, value) in &row.delivery.headers {
        request = request.header(name, value.as_slice());
    }
    request.body(body).unwrap()
}
