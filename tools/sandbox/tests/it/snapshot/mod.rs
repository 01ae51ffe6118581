//! Snapshots: a sandbox as one document, and sandboxes made from one.

mod complete;
mod refused;
mod resumed;
mod traffic;
mod versions;

use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};
use wechatpay_core::{
    Clock,
    testing::{DEMO_APPID, DEMO_MCHID, DEMO_PUBLIC_KEY_ID, DEMO_SUB_MCHID, DemoKey},
    types::{ApiV3Key, Fen, Mchid},
};
use wechatpay_sandbox::{
    Account, ApplymentState, Buyer, Fault, KeyMode, MerchantSpec, OrderState, RefundState, Sandbox,
    SandboxBuilder, Snapshot,
};

use crate::{
    files, onboarding, sharing,
    support::{Merchant, Shop, encrypted, partner_order},
};

const NATIVE: &str = "/v3/pay/partner/transactions/native";
const SHARING: &str = "/v3/ecommerce/profitsharing";
const DAY: Duration = Duration::from_secs(24 * 3600);

fn builder(shop: &Shop) -> SandboxBuilder {
    Sandbox::builder()
        .manual_clock()
        // Signatures of one second have the same bytes.
        .wire_clock(Clock::fixed(1_767_574_800))
        .keys(KeyMode::Mixed)
        // The port is not for a snapshot to fix, so addresses have another host.
        .public_url("http://sandbox.test:1")
        .merchant(sharing::other(&shop.url))
}

fn client(sandbox: &Sandbox) -> Merchant {
    let mut merchant = Merchant::new(sandbox).asks_for(DEMO_PUBLIC_KEY_ID);
    merchant.base_url = format!("http://{}", sandbox.address());
    merchant
}

async fn good(merchant: &Merchant, path: &str, body: &Value) -> Value {
    let reply = merchant.post(path, body).await;
    assert!(reply.status.is_success(), "{path}: {}", reply.text());
    if reply.body.is_empty() {
        return Value::Null;
    }
    reply.json()
}

async fn pay(
    sandbox: &Sandbox,
    merchant: &Merchant,
    shop: &Shop,
    number: &str,
    settle_info: Value,
) -> String {
    let mut order = partner_order("native", number);
    order["notify_url"] = json!(shop.url);
    order["settle_info"] = settle_info;
    good(merchant, NATIVE, &order).await;
    let order = sandbox.pay(number, Buyer::Alice).unwrap();
    sandbox.clock().run_until_idle().await.unwrap();
    order.transaction_id.unwrap()
}

/// Orders in their states, and a combined one.
async fn orders(sandbox: &Sandbox, merchant: &Merchant, shop: &Shop) {
    for scene in ["jsapi", "app", "h5", "native", "native"] {
        let path = format!("/v3/pay/partner/transactions/{scene}");
        good(merchant, &path, &partner_order(scene, &format!("open-{scene}"))).await;
    }
    good(merchant, NATIVE, &partner_order("native", "closed")).await;
    sandbox.force_order("closed", OrderState::Closed).unwrap();
    assert!(sandbox.pay("open-app", Buyer::Bob).is_err());
    let item = |number: &str| {
        json!({
            "mchid": DEMO_MCHID, "sub_mchid": DEMO_SUB_MCHID, "out_trade_no": number, "attach": "附加",
            "description": "商品", "amount": { "total_amount": 100, "currency": "CNY" },
        })
    };
    let whole = json!({
        "combine_appid": DEMO_APPID, "combine_mchid": DEMO_MCHID, "combine_out_trade_no": "whole1",
        "sub_orders": [item("item-0001"), item("item-0002")], "notify_url": shop.url,
    });
    good(merchant, "/v3/combine-transactions/native", &whole).await;
    sandbox.pay("whole1", Buyer::Alice).unwrap();
}

/// A share that is there and one on its way, a return, a subsidy.
async fn shares(sandbox: &Sandbox, merchant: &Merchant, id: &str) {
    for (kind, account) in [("MERCHANT_ID", sharing::OTHER), ("PERSONAL_OPENID", "oReceiver")] {
        let receiver = json!({
            "appid": DEMO_APPID, "type": kind, "account": account, "name": "某某有限公司",
            "relation_type": "SUPPLIER",
        });
        good(merchant, &format!("{SHARING}/receivers/add"), &receiver).await;
    }
    let share = |number: &str, kind: &str, account: &str| {
        json!({
            "appid": DEMO_APPID, "sub_mchid": DEMO_SUB_MCHID, "transaction_id": id, "out_order_no": number,
            "finish": false,
            "receivers": [{ "type": kind, "receiver_account": account, "amount": 50, "description": "分" }],
        })
    };
    let path = format!("{SHARING}/orders");
    good(merchant, &path, &share("share-1", "MERCHANT_ID", sharing::OTHER)).await;
    sandbox.clock().advance(Duration::from_secs(4)).await.unwrap();
    good(merchant, &path, &share("share-2", "PERSONAL_OPENID", "oReceiver")).await;
    let back = json!({
        "sub_mchid": DEMO_SUB_MCHID, "out_order_no": "share-1", "out_return_no": "back-1",
        "return_mchid": sharing::OTHER, "amount": 20, "description": "退货",
    });
    good(merchant, &format!("{SHARING}/returnorders"), &back).await;
    let subsidy =
        json!({ "sub_mchid": DEMO_SUB_MCHID, "transaction_id": id, "amount": 30, "description": "补差" });
    let paid = good(merchant, "/v3/ecommerce/subsidies/create", &subsidy).await;
    let back = json!({
        "sub_mchid": DEMO_SUB_MCHID, "out_order_no": "subsidy-back", "transaction_id": id, "amount": 10,
        "description": "退", "subsidy_id": paid["subsidy_id"],
    });
    good(merchant, "/v3/ecommerce/subsidies/return", &back).await;
}

/// Payments by a payer's code: one waits for the password, one was reversed.
async fn codes(sandbox: &Sandbox, merchant: &Merchant) {
    let who = json!({ "appid": DEMO_APPID, "mchid": DEMO_MCHID });
    for (number, total) in [("by-code-1", 990), ("by-code-2", 200_000)] {
        let mut order = who.clone();
        order["description"] = json!("拿铁");
        order["out_trade_no"] = json!(number);
        order["amount"] = json!({ "total": total });
        order["payer"] = json!({ "auth_code": format!("13006109882{total:0>7}") });
        order["scene_info"] = json!({ "store_info": { "id": "1" } });
        good(merchant, "/v3/pay/transactions/codepay", &order).await;
    }
    sandbox.clock().advance(Duration::from_secs(20)).await.unwrap();
    let path = "/v3/pay/transactions/out-trade-no/by-code-1/reverse";
    good(merchant, path, &who).await;
}

/// A sub-merchant, another account for one, a file.
async fn papers(sandbox: &Sandbox, merchant: &Merchant) {
    good(merchant, "/v3/ecommerce/applyments/", &onboarding::application()).await;
    sandbox
        .walk_applyment(onboarding::NUMBER, ApplymentState::Finish)
        .unwrap();
    let change = json!({
        "modify_mode": "MODIFY_MODE_ASYNC", "account_type": "ACCOUNT_TYPE_PRIVATE", "account_bank": "招商银行",
        "bank_address_code": "110000", "account_number": encrypted("6214000000004321"),
        "account_name": encrypted("张三丰"),
    });
    let path = format!("/v3/apply4sub/sub_merchants/{DEMO_SUB_MCHID}/modify-settlement");
    good(merchant, &path, &change).await;
    let reply = files::upload(merchant, files::PICTURE, "papers.png", b"\x89PNG").await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
}

/// One of everything, at best on its way.
async fn everything(sandbox: &Sandbox, shop: &Shop) {
    let merchant = client(sandbox);
    for rule in [
        Fault::Status(503).on("/v3/never/**").always().ttl(DAY),
        Fault::Lost.on_event("NEVER.*").probability(0.25),
        Fault::Delay(Duration::from_secs(1)).times(0),
    ] {
        sandbox.fault(rule);
    }
    codes(sandbox, &merchant).await;
    orders(sandbox, &merchant, shop).await;
    let shared = json!({ "profit_sharing": true, "subsidy_amount": 500 });
    let id = pay(sandbox, &merchant, shop, "shared", shared).await;
    shares(sandbox, &merchant, &id).await;
    pay(sandbox, &merchant, shop, "refunded", json!({})).await;
    for (number, to) in [
        ("refund-1", Some(RefundState::Closed)),
        ("refund-2", Some(RefundState::Abnormal)),
        ("refund-3", None),
    ] {
        let refund = json!({
            "sub_mchid": DEMO_SUB_MCHID, "sp_appid": DEMO_APPID, "out_trade_no": "refunded",
            "out_refund_no": number, "amount": { "refund": 100, "total": 990, "currency": "CNY" },
            "notify_url": shop.url,
        });
        good(&merchant, "/v3/ecommerce/refunds/apply", &refund).await;
        if let Some(to) = to {
            sandbox.settle_refund(number, to).unwrap();
        }
    }
    papers(sandbox, &merchant).await;
    let late = MerchantSpec::new(
        Mchid::parse("1900000004").unwrap(),
        ApiV3Key::parse("LateDemoApiV3Key0123456789abcdef").unwrap(),
    );
    let late = late.demo_key("4F2F".parse().unwrap(), DemoKey::OtherMerchant);
    sandbox.add_merchant(late).unwrap();
    sandbox.top_up(DEMO_MCHID, Account::Operation, Fen::from(500));
    let withdrawal = json!({
        "out_request_no": "w1", "amount": 100, "account_type": "OPERATION", "notify_url": shop.url,
    });
    good(&merchant, "/v3/merchant/fund/withdraw", &withdrawal).await;
    sandbox.top_up(DEMO_MCHID, Account::Basic, Fen::from(100));
    let transfer = json!({
        "appid": DEMO_APPID, "out_bill_no": "t1", "openid": "o-MYE42l80oelYMDE34nYD456Xoy", "transfer_amount": 100,
        "transfer_remark": "r", "transfer_scene_id": "1000", "notify_url": shop.url,
        "transfer_scene_report_infos": [{ "info_type": "a", "info_content": "b" }],
    });
    good(&merchant, "/v3/fund-app/mch-transfer/transfer-bills", &transfer).await;
    let mut order = partner_order("native", "keyword");
    order["attach"] = json!("[[sandbox:late=10m]]");
    good(&merchant, NATIVE, &order).await;
    sandbox.pay("keyword", Buyer::Alice).unwrap();
    sandbox.rotation().announce().unwrap();
    sandbox.rotation().ramp(30.0).unwrap();
    sandbox
        .clock()
        .advance(Duration::from_millis(1500))
        .await
        .unwrap();
    assert_eq!(merchant.get("/v3/certificates").await.status, StatusCode::OK);
    sandbox.set_refund_funds(false);
    sandbox.set_notify_enabled(false);
}

/// A shop that wants to hear of refunds again and again.
async fn shop() -> Shop {
    Shop::start(|_, arrival| {
        let body = String::from_utf8_lossy(&arrival.body);
        if body.contains("REFUND.") { 500 } else { 204 }
    })
    .await
}

fn document(snapshot: &Snapshot) -> Value {
    serde_json::from_str(&snapshot.to_json()).unwrap()
}

/// Leaves durations out: they are real time.
fn without_durations(value: &mut Value) {
    match value {
        Value::Object(object) => {
            object.remove("took");
            object.values_mut().for_each(without_durations);
        }
        Value::Array(array) => array.iter_mut().for_each(without_durations),
        _ => {}
    }
}
