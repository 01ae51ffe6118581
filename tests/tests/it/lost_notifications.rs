//! The three shops when no notification comes: paid by query, and after a restart.

use std::time::Duration;

use serde_json::{Value, json};
use wechatpay_sandbox::{Buyer, OrderState, Sandbox};
use wechatpay_tests::{
    shops::{Framework, ShopProcess},
    tools::scratch,
};

const PATIENCE: Duration = Duration::from_secs(60);

async fn silent() -> Sandbox {
    let sandbox = Sandbox::builder().start().await.unwrap();
    sandbox.set_notify_enabled(false);
    sandbox
}

async fn shop(framework: Framework, sandbox: &Sandbox, store: &str) -> ShopProcess {
    let more = [("SHOP_WATCH", "fast"), ("SHOP_STORE", store)];
    let more = more.map(|(name, value)| (name.to_owned(), value.to_owned()));
    ShopProcess::start_at(framework, &sandbox.env_lines(), &more).await
}

async fn order(shop: &ShopProcess) -> String {
    let wish = json!({ "scene": "native", "total": 990, "description": "桂花乌龙 50 克" });
    let (status, order) = shop.post("/orders", &wish).await;
    assert_eq!(status, 201, "{order}");
    order["out_trade_no"].as_str().unwrap().to_owned()
}

/// Waits until the shop shows this state.
async fn shown(shop: &ShopProcess, number: &str, status: &str) -> Value {
    let path = format!("/orders/{number}");
    let look = async {
        loop {
            let (_, order) = shop.get(&path).await;
            if order["status"] == status {
                return order;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let seen = tokio::time::timeout(PATIENCE, look).await;
    seen.unwrap_or_else(|_| panic!("{number} did not get {status}: {:#?}", shop.lines()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_shop_learns_of_a_payment_by_its_query() {
    for framework in Framework::ALL {
        let sandbox = silent().await;
        let shop = shop(framework, &sandbox, "memory").await;
        let number = order(&shop).await;
        sandbox.pay(&number, Buyer::Alice).unwrap();
        let order = shown(&shop, &number, "SUCCESS").await;
        let learned = (&order["learned_by"], &order["fulfilled"]);
        assert_eq!(learned, (&json!("query"), &json!(1)), "{framework:?}");
        // It comes after all.
        sandbox.set_notify_enabled(true);
        let id = sandbox.notifications_of(&number)[0].id.clone();
        sandbox.send_again(&id).await.unwrap();
        let (_, order) = shop.get(&format!("/orders/{number}")).await;
        let learned = (&order["learned_by"], &order["fulfilled"]);
        assert_eq!(learned, (&json!("query"), &json!(1)), "{framework:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_that_nobody_pays_is_closed_at_the_gateway_and_in_the_shop() {
    let sandbox = silent().await;
    let shop = shop(Framework::Axum, &sandbox, "memory").await;
    let number = order(&shop).await;
    let order = shown(&shop, &number, "CLOSED").await;
    assert_eq!(
        (&order["learned_by"], &order["fulfilled"]),
        (&Value::Null, &json!(0))
    );
    assert_eq!(sandbox.order(&number).unwrap().state, OrderState::Closed);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payment_while_the_shop_is_down_is_found_after_the_restart() {
    let sandbox = silent().await;
    let store = format!(
        "sqlite://{}",
        scratch("lost-notifications").join("shop.db").display()
    );
    let mut first = shop(Framework::Axum, &sandbox, &store).await;
    let number = order(&first).await;
    first.signal("KILL");
    first.wait().await;
    sandbox.pay(&number, Buyer::Alice).unwrap();
    let second = shop(Framework::Axum, &sandbox, &store).await;
    let order = shown(&second, &number, "SUCCESS").await;
    assert_eq!(
        (&order["learned_by"], &order["fulfilled"]),
        (&json!("query"), &json!(1))
    );
}
