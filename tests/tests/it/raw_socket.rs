//! Requests that no HTTP client would send, against real servers.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{Extension, Router, routing::post};
use wechatpay_axum::{Ack, Notification, NotificationLayer};
use wechatpay_core::{api::transactions::Transaction, testing::FakePlatform};
use wechatpay_tests::raw::{BODY_DEADLINE, play, raw_table};

async fn axum_server(platform: &FakePlatform, handled: &Arc<AtomicUsize>) -> SocketAddr {
    async fn paid(handled: Extension<Arc<AtomicUsize>>, _: Notification<Transaction>) -> Ack {
        handled.fetch_add(1, Ordering::SeqCst);
        Ack
    }
    let receiver = platform
        .receiver_builder()
        .body_deadline(BODY_DEADLINE)
        .build()
        .unwrap();
    let app = Router::new()
        .route("/notify", post(paid))
        .route_layer(NotificationLayer::new(receiver))
        .layer(Extension(Arc::clone(handled)));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    address
}

/// actix-web on a thread of its own, because its system is.
fn actix_server(platform: &FakePlatform, handled: &Arc<AtomicUsize>) -> SocketAddr {
    use actix_web::{App, HttpServer, rt::System, web};
    async fn paid(
        handled: web::Data<AtomicUsize>,
        _: wechatpay_actix::Notification<Transaction>,
    ) -> wechatpay_actix::Ack {
        handled.fetch_add(1, Ordering::SeqCst);
        wechatpay_actix::Ack
    }
    let receiver = platform
        .receiver_builder()
        .body_deadline(BODY_DEADLINE)
        .build()
        .unwrap();
    let handled = Arc::clone(handled);
    let (sender, address) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        System::new().block_on(async move {
            let server = HttpServer::new(move || {
                let middleware = wechatpay_actix::NotificationMiddleware::new(receiver.clone());
                let notify = web::resource("/notify").wrap(middleware).to(paid);
                App::new()
                    .app_data(web::Data::from(Arc::clone(&handled)))
                    .service(notify)
            })
            .workers(1)
            .bind("127.0.0.1:0")
            .unwrap();
            sender.send(server.addrs()[0]).unwrap();
            server.run().await.unwrap();
        });
    });
    address.recv().unwrap()
}

async fn rocket_server(platform: &FakePlatform, handled: &Arc<AtomicUsize>) -> SocketAddr {
    use rocket::{Config, State, config::LogLevel, fairing::AdHoc};
    #[rocket::post("/notify", data = "<_notification>")]
    fn paid(
        handled: &State<Arc<AtomicUsize>>,
        _notification: wechatpay_rocket::Notification<Transaction>,
    ) -> wechatpay_rocket::Ack {
        handled.fetch_add(1, Ordering::SeqCst);
        wechatpay_rocket::Ack
    }
    let receiver = platform
        .receiver_builder()
        .body_deadline(BODY_DEADLINE)
        .build()
        .unwrap();
    let (sender, address) = tokio::sync::oneshot::channel();
    let sender = std::sync::Mutex::new(Some(sender));
    let config = Config {
        port: 0,
        log_level: LogLevel::Off,
        ..Config::default()
    };
    let rocket = rocket::custom(config)
        .attach(wechatpay_rocket::NotificationFairing::receiver(receiver))
        .attach(AdHoc::on_liftoff("address", move |rocket| {
            Box::pin(async move {
                let address = (rocket.config().address, rocket.config().port).into();
                if let Some(sender) = sender.lock().unwrap().take() {
                    sender.send(address).unwrap();
                }
            })
        }))
        .manage(Arc::clone(handled))
        .mount("/", rocket::routes![paid]);
    tokio::spawn(rocket.launch());
    address.await.unwrap()
}

async fn run(name: &str, address: SocketAddr, platform: &FakePlatform, handled: &AtomicUsize) {
    let rows = raw_table(platform, "/notify");
    let mut failures = Vec::new();
    for row in &rows {
        let before = handled.load(Ordering::SeqCst);
        let status = play(address, &row.steps).await;
        let ran = handled.load(Ordering::SeqCst) - before;
        if !row.statuses.contains(&status) || ran != usize::from(status == 204) {
            failures.push(format!(
                "{}: {status} instead of {:?}, the handler ran {ran} times",
                row.name, row.statuses
            ));
        }
    }
    println!("{name}: {} raw requests", rows.len());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[tokio::test]
async fn axum_refuses_what_no_client_would_send() {
    let platform = FakePlatform::new();
    let handled = Arc::default();
    let address = axum_server(&platform, &handled).await;
    run("axum", address, &platform, &handled).await;
}

#[tokio::test]
async fn actix_refuses_what_no_client_would_send() {
    let platform = FakePlatform::new();
    let handled = Arc::default();
    let address = actix_server(&platform, &handled);
    run("actix", address, &platform, &handled).await;
}

#[tokio::test]
async fn rocket_refuses_what_no_client_would_send() {
    let platform = FakePlatform::new();
    let handled = Arc::default();
    let address = rocket_server(&platform, &handled).await;
    run("rocket", address, &platform, &handled).await;
}
