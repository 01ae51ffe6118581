//! The three reference shops: one script, in a browser and over HTTP.
//!
//! An outsider sends notifications too.

use std::{
    process::Stdio,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tokio::{io::AsyncWriteExt as _, process::Command};
use wechatpay_core::testing::{
    DEMO_API_V3_KEY, DEMO_APPID, DEMO_MCHID, DEMO_PUBLIC_KEY_ID, DEMO_SUB_MCHID, DemoKey, private_key_pem,
};
use wechatpay_sandbox::{Buyer, Sandbox};
use wechatpay_tests::{
    shops::{Framework, ShopProcess},
    tools::{browser, chromium, python, scratch, workspace},
};

/// A shop that uses a sandbox of the test's.
async fn shop_at(framework: Framework, sandbox: &Sandbox) -> ShopProcess {
    ShopProcess::start_at(framework, &sandbox.env_lines(), &[]).await
}

async fn order(shop: &ShopProcess, scene: &str, total: i64) -> Value {
    let body = json!({
        "scene": scene, "total": total, "description": "桂花乌龙 50 克", "attach": "自定义", "payer_client_ip": "203.0.113.7",
        "openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o",
    });
    let (status, order) = shop.post("/orders", &body).await;
    assert_eq!(status, 201, "{order}");
    order
}

fn number(order: &Value) -> &str {
    order["out_trade_no"].as_str().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_shop_sells_and_is_paid_in_chromium_in_all_four_scenes() {
    for framework in Framework::ALL {
        let shop = ShopProcess::start(framework, &[]).await;
        let folder = scratch(&format!("screens-{}", framework.binary()));
        // The page is the same on all three; what differs is what serves it.
        let (windows, orders) = if framework == Framework::Axum {
            ("all", 8)
        } else {
            ("desktop", 4)
        };
        let output = browser(
            "shop.mjs",
            &[
                shop.url().as_ref(),
                chromium().as_os_str(),
                folder.as_os_str(),
                windows.as_ref(),
            ],
        )
        .await;
        let text = String::from_utf8_lossy(&output.stdout);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "{framework:?}\n{text}\n{errors}\n{:#?}",
            shop.lines()
        );
        assert_eq!(
            text.lines().filter(|line| line.starts_with("paid ")).count(),
            orders,
            "{text}"
        );
        println!(
            "{framework:?}: {orders} orders paid in Chromium; pictures in {}",
            folder.display()
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_http_interface_is_the_same_on_all_three() {
    for framework in Framework::ALL {
        let sandbox = Sandbox::builder()
            .pages(wechatpay_dashboard::pages)
            .start()
            .await
            .unwrap();
        let shop = shop_at(framework, &sandbox).await;
        assert_eq!(shop.get("/healthz").await.0, 200, "{framework:?}");

        // What a client needs in each scene.
        for (scene, keys) in [
            (
                "jsapi",
                &["appId", "timeStamp", "nonceStr", "package", "signType", "paySign"][..],
            ),
            (
                "app",
                &[
                    "appid",
                    "partnerid",
                    "prepayid",
                    "package",
                    "noncestr",
                    "timestamp",
                    "sign",
                ],
            ),
            ("h5", &["h5_url"]),
            ("native", &["code_url"]),
        ] {
            let order = order(&shop, scene, 100).await;
            assert_eq!(
                (order["scene"].as_str(), order["total"].as_i64()),
                (Some(scene), Some(100))
            );
            for key in keys {
                assert!(
                    order["invoke"][key].is_string(),
                    "{framework:?} {scene}: {key} in {order}"
                );
            }
        }

        // Paid by a notification, once however often it comes.
        let paid = order(&shop, "jsapi", 990).await;
        let path = format!("/orders/{}", number(&paid));
        let (status, before) = shop.get(&path).await;
        assert_eq!(status, 200);
        assert_eq!(
            before,
            json!({ "out_trade_no": number(&paid), "status": "NOTPAY", "total": 990, "refunded": 0, "learned_by": null, "transaction_id": null, "fulfilled": 0 })
        );
        sandbox.pay(number(&paid), Buyer::Alice).unwrap();
        sandbox
            .wait_acknowledged(number(&paid), Duration::from_secs(10))
            .await
            .unwrap();
        let id = sandbox.notifications().last().unwrap().id.clone();
        for _ in 0..3 {
            sandbox.send_again(&id).await.unwrap();
        }
        let (_, after) = shop.get(&path).await;
        assert_eq!(
            (after["status"].as_str(), after["fulfilled"].as_i64()),
            (Some("SUCCESS"), Some(1)),
            "{framework:?}"
        );
        assert!(after["transaction_id"].is_string());

        // Found by asking, when the notification never comes.
        sandbox.set_notify_enabled(false);
        let silent = order(&shop, "native", 100).await;
        sandbox.pay(number(&silent), Buyer::Alice).unwrap();
        let path = format!("/orders/{}", number(&silent));
        assert_eq!(shop.get(&path).await.1["status"], "NOTPAY");
        let (status, synced) = shop.post(&format!("{path}/sync"), &json!({})).await;
        assert_eq!(
            (status, synced["status"].as_str(), synced["fulfilled"].as_i64()),
            (200, Some("SUCCESS"), Some(1))
        );

        // Closed.
        let closed = order(&shop, "h5", 100).await;
        let (status, response) = shop
            .post(&format!("/orders/{}/close", number(&closed)), &json!({}))
            .await;
        assert_eq!(
            (status, response["status"].as_str()),
            (200, Some("CLOSED")),
            "{framework:?}"
        );

        // Refused.
        for bad in [
            json!({}),
            json!({ "scene": "fax", "total": 1, "description": "x" }),
            json!({ "scene": "h5", "total": 0, "description": "x" }),
            json!([]),
        ] {
            let (status, response) = shop.post("/orders", &bad).await;
            assert_eq!(status, 400, "{framework:?} {bad}");
            assert!(
                response["code"].is_string() && response["message"].is_string(),
                "{response}"
            );
        }
        assert_eq!(shop.get("/orders/NOT-AN-ORDER").await.0, 404);
        // The client asks three times with the same number.
        for _ in 0..3 {
            sandbox.fault(wechatpay_sandbox::Fault::Status(500));
        }
        let (status, response) = shop
            .post(
                "/orders",
                &json!({ "scene": "native", "total": 1, "description": "x" }),
            )
            .await;
        assert_eq!(status, 502, "{framework:?} {response}");
        println!("{framework:?}: the interface is as written");
    }
}

/// Delivers a notification that a Python script made with the package `cryptography` alone.
async fn forge(shop: &ShopProcess, key_file: &std::path::Path, resource: &Value, fault: Option<&str>) -> u16 {
    let order = json!({
        "url": format!("{}/wechatpay/notify", shop.url()),
        "key_id": DEMO_PUBLIC_KEY_ID,
        "private_key_file": key_file,
        "api_v3_key": DEMO_API_V3_KEY,
        "resource": resource,
        "fault": fault,
    });
    let mut child = Command::new(python())
        .arg(workspace().join("tests/third_party/forge_notification.py"))
        .env("NO_PROXY", "*")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(order.to_string().as_bytes())
        .await
        .unwrap();
    let output = child.wait_with_output().await.unwrap();
    String::from_utf8_lossy(&output.stdout).trim().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_notification_made_by_python_alone_is_accepted_and_one_bit_away_refused() {
    for framework in Framework::ALL {
        let sandbox = Sandbox::builder()
            .pages(wechatpay_dashboard::pages)
            .start()
            .await
            .unwrap();
        let shop = shop_at(framework, &sandbox).await;
        let key_file = scratch(&format!("python-{}", framework.binary())).join("platform.pem");
        std::fs::write(&key_file, private_key_pem(DemoKey::PublicKey.pkcs8())).unwrap();
        let order = order(&shop, "native", 990).await;
        let path = format!("/orders/{}", number(&order));
        let resource = json!({
            "sp_mchid": DEMO_MCHID, "sub_mchid": DEMO_SUB_MCHID, "sp_appid": DEMO_APPID, "out_trade_no": number(&order),
            "transaction_id": "4200009999202611240000000001", "trade_type": "NATIVE", "trade_state": "SUCCESS",
            "trade_state_desc": "支付成功", "bank_type": "OTHERS", "success_time": "2026-11-24T12:00:00+08:00",
            "payer": { "sp_openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o" },
            "amount": { "total": 990, "payer_total": 990, "currency": "CNY", "payer_currency": "CNY" },
        });
        for fault in ["body-bit", "signature-bit"] {
            assert_eq!(
                forge(&shop, &key_file, &resource, Some(fault)).await,
                401,
                "{framework:?} {fault}"
            );
        }
        let changed = |field: &str, value: Value| {
            let mut resource = resource.clone();
            *resource.pointer_mut(field).unwrap() = value;
            resource
        };
        // Genuine in form, and not the payment of this order.
        for resource in [
            changed("/amount/total", json!(1)),
            changed("/amount/currency", json!("USD")),
            changed("/sub_mchid", json!("1900000999")),
            changed("/sp_appid", json!("wx0000000000000000")),
            changed("/sp_mchid", json!("1900000002")),
            changed("/out_trade_no", json!("ANOTHER-ORDER-1")),
        ] {
            let status = forge(&shop, &key_file, &resource, None).await;
            assert!(status >= 400, "{framework:?}: {status} for {resource}");
        }
        let (_, before) = shop.get(&path).await;
        assert_eq!(
            (before["status"].as_str(), before["fulfilled"].as_i64()),
            (Some("NOTPAY"), Some(0)),
            "{framework:?}"
        );
        assert_eq!(
            forge(&shop, &key_file, &resource, None).await,
            204,
            "{framework:?}"
        );
        let (_, after) = shop.get(&path).await;
        assert_eq!(
            (after["status"].as_str(), after["fulfilled"].as_i64()),
            (Some("SUCCESS"), Some(1)),
            "{framework:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sigterm_under_load_drops_no_accepted_notification() {
    for framework in Framework::ALL {
        let sandbox = Sandbox::builder()
            .pages(wechatpay_dashboard::pages)
            .start()
            .await
            .unwrap();
        let mut shop = shop_at(framework, &sandbox).await;
        let mut numbers = Vec::new();
        for _ in 0..60 {
            numbers.push(number(&order(&shop, "native", 100).await).to_owned());
        }
        let stopped = Arc::new(AtomicBool::new(false));
        let payments = {
            let (sandbox, numbers, stopped) = (sandbox.clone(), numbers.clone(), Arc::clone(&stopped));
            tokio::spawn(async move {
                for number in &numbers {
                    sandbox.pay(number, Buyer::Alice).unwrap();
                    tokio::time::sleep(Duration::from_millis(3)).await;
                    if stopped.load(Ordering::SeqCst) {
                        break;
                    }
                }
            })
        };
        tokio::time::sleep(Duration::from_millis(60)).await;
        let asked = Instant::now();
        shop.signal("TERM");
        let status = tokio::time::timeout(Duration::from_secs(8), shop.wait())
            .await
            .unwrap();
        let took = asked.elapsed();
        stopped.store(true, Ordering::SeqCst);
        payments.await.unwrap();
        assert!(took < Duration::from_secs(5), "{framework:?} took {took:?}");
        assert!(
            status.success() || framework == Framework::Rocket,
            "{framework:?}: {status}"
        );
        // Every acknowledgement was printed as a fulfilled order, or would be lost.
        let acknowledged: Vec<String> = sandbox
            .notifications()
            .into_iter()
            .filter(wechatpay_sandbox::Notification::is_acknowledged)
            .map(|notification| notification.out_trade_no.clone())
            .collect();
        println!(
            "{framework:?}: {} acknowledged before the end, which took {took:?}",
            acknowledged.len()
        );
        assert!(!acknowledged.is_empty(), "{framework:?}");
    }
}
