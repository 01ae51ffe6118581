//! axum-shop on PostgreSQL, killed (-9) between a payment and its acknowledgement.
//!
//! There are two points that matter.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use serde_json::{Value, json};
use sqlx::{Connection as _, PgConnection};
use tokio::{
    io::{AsyncReadExt as _, copy_bidirectional},
    net::{TcpListener, TcpStream},
    sync::{Notify, mpsc},
};
use wechatpay_sandbox::{Buyer, RetrySchedule, Sandbox};
use wechatpay_stores::testing::PostgresServer;
use wechatpay_tests::shops::{Framework, ShopProcess};

/// Long enough for a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A stable address in front of the running shop.
struct Door {
    address: SocketAddr,
    shop: Arc<Mutex<Option<String>>>,
    /// Holds the next response back once its first line has arrived.
    keep: Arc<AtomicBool>,
    kept: mpsc::Receiver<String>,
    let_go: Arc<Notify>,
}

impl Door {
    async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (tell, kept) = mpsc::channel(1);
        let door = Self {
            address: listener.local_addr().unwrap(),
            shop: Arc::default(),
            keep: Arc::default(),
            kept,
            let_go: Arc::default(),
        };
        let (shop, keep, let_go) = (
            Arc::clone(&door.shop),
            Arc::clone(&door.keep),
            Arc::clone(&door.let_go),
        );
        tokio::spawn(async move {
            loop {
                let (mut platform, _) = listener.accept().await.unwrap();
                let there = shop.lock().unwrap().clone();
                let (keep, let_go, tell) = (Arc::clone(&keep), Arc::clone(&let_go), tell.clone());
                tokio::spawn(async move {
                    let Some(there) = there else { return };
                    let Ok(mut shop) = TcpStream::connect(there).await else {
                        return;
                    };
                    if !keep.swap(false, Ordering::SeqCst) {
                        let _ = copy_bidirectional(&mut platform, &mut shop).await;
                        return;
                    }
                    let (mut from_platform, _to_platform) = platform.split();
                    let (mut from_shop, mut to_shop) = shop.split();
                    let mut response = [0; 1024];
                    let asked = tokio::io::copy(&mut from_platform, &mut to_shop);
                    let answered = from_shop.read(&mut response);
                    let length = tokio::select! {
                        length = answered => length.unwrap(),
                        _ = asked => return,
                    };
                    let text = String::from_utf8_lossy(response.get(..length).unwrap()).into_owned();
                    tell.send(text.lines().next().unwrap_or_default().to_owned())
                        .await
                        .unwrap();
                    let_go.notified().await;
                });
            }
        });
        door
    }

    fn leads_to(&self, shop: &ShopProcess) {
        *self.shop.lock().unwrap() = Some(shop.url().trim_start_matches("http://").to_owned());
    }
}

struct Scene {
    server: PostgresServer,
    sandbox: Sandbox,
    door: Door,
}

impl Scene {
    async fn set() -> Self {
        // The platform's pauses, shortened.
        let pauses = RetrySchedule::custom([Duration::from_millis(300); 400]);
        Self {
            server: PostgresServer::start().unwrap(),
            sandbox: Sandbox::builder()
                .pages(wechatpay_dashboard::pages)
                .retry(pauses)
                .start()
                .await
                .unwrap(),
            door: Door::open().await,
        }
    }

    async fn shop(&self) -> ShopProcess {
        let more = [
            (
                "WECHATPAY_NOTIFY_URL".to_owned(),
                format!("http://{}/wechatpay/notify", self.door.address),
            ),
            ("SHOP_STORE".to_owned(), self.server.url()),
        ];
        let shop = ShopProcess::start_at(Framework::Axum, &self.sandbox.env_lines(), &more).await;
        self.door.leads_to(&shop);
        shop
    }

    async fn order(&self, shop: &ShopProcess) -> String {
        let wish = json!({ "scene": "native", "total": 990, "description": "桂花乌龙 50 克" });
        let (status, order) = shop.post("/orders", &wish).await;
        assert_eq!(status, 201, "{order}");
        order["out_trade_no"].as_str().unwrap().to_owned()
    }

    fn is_acknowledged(&self) -> bool {
        let notifications = self.sandbox.notifications();
        notifications
            .iter()
            .any(wechatpay_sandbox::Notification::is_acknowledged)
    }

    async fn killed(&self, mut shop: ShopProcess) {
        assert!(!self.is_acknowledged());
        shop.signal("KILL");
        shop.wait().await;
    }

    /// Replaces the killed shop and checks that the goods are delivered once.
    ///
    /// The platform sends again what was not acknowledged.
    async fn the_next_shop_hands_over_once(&self, number: &str) {
        let shop = self.shop().await;
        self.sandbox.wait_acknowledged(number, PATIENCE).await.unwrap();
        let (_, order) = shop.get(&format!("/orders/{number}")).await;
        assert_eq!(
            (&order["status"], &order["fulfilled"]),
            (&json!("SUCCESS"), &json!(1))
        );
        let (_, receipt) = shop.get(&format!("/orders/{number}/receipt")).await;
        assert_eq!(receipt["heard"].as_array().map(Vec::len), Some(1), "{receipt}");
        assert_eq!(receipt["heard"].pointer("/0/fence"), Some(&json!(1)));
        // Whoever asks, and however often it comes, nothing more is handed over.
        let id = self.sandbox.notifications().last().unwrap().id.clone();
        self.sandbox.send_again(&id).await.unwrap();
        let (status, order) = shop.post(&format!("/orders/{number}/sync"), &Value::Null).await;
        assert_eq!((status, &order["fulfilled"]), (200, &json!(1)));
    }
}

/// Kills the handler in its transaction, while it waits for the order's row.
///
/// The lease is rolled back with the transaction.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shop_killed_inside_the_transaction_leaves_no_effect() {
    let scene = Scene::set().await;
    let shop = scene.shop().await;
    let number = scene.order(&shop).await;

    let mut holder = PgConnection::connect(&scene.server.url()).await.unwrap();
    let mut watcher = PgConnection::connect(&scene.server.url()).await.unwrap();
    sqlx::raw_sql("BEGIN; SELECT 1 FROM shop.orders FOR UPDATE")
        .execute(&mut holder)
        .await
        .unwrap();
    scene.sandbox.pay(&number, Buyer::Alice).unwrap();
    let waits = async {
        let sql = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%shop.orders%'";
        while sqlx::query_scalar::<_, i64>(sql)
            .fetch_one(&mut watcher)
            .await
            .unwrap()
            == 0
        {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, waits).await.unwrap();
    scene.killed(shop).await;
    sqlx::raw_sql("ROLLBACK").execute(&mut holder).await.unwrap();
    scene.the_next_shop_hands_over_once(&number).await;
}

/// Kills the handler after the commit, before the 204 is sent.
///
/// The platform sends again and gets an acknowledgement.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shop_killed_after_the_commit_delivers_once() {
    let mut scene = Scene::set().await;
    let shop = scene.shop().await;
    let number = scene.order(&shop).await;

    scene.door.keep.store(true, Ordering::SeqCst);
    scene.sandbox.pay(&number, Buyer::Alice).unwrap();
    let response = tokio::time::timeout(PATIENCE, scene.door.kept.recv())
        .await
        .unwrap();
    assert!(response.is_some_and(|line| line.contains(" 204 ")));
    scene.killed(shop).await;
    scene.door.let_go.notify_one();
    scene.the_next_shop_hands_over_once(&number).await;
}
