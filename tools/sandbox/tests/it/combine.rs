//! Combined orders: placed, paid at once, told in one notification, refunded item by item.

use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};
use wechatpay_core::testing::{DEMO_APPID, DEMO_MCHID, DEMO_SUB_MCHID};
use wechatpay_sandbox::{Account, Buyer, OrderState, PayError, RetrySchedule, Sandbox, Step};

use crate::support::{Merchant, Shop, opened, partner_order, refusal};

const PATH: &str = "/v3/combine-transactions";
const WHOLE: &str = "whole-0001";
const LATER: Duration = Duration::from_secs(60);

async fn start() -> (Sandbox, Merchant) {
    let sandbox = Sandbox::builder()
        .manual_clock()
        .retry(RetrySchedule::none())
        .start()
        .await
        .unwrap();
    let merchant = Merchant::new(&sandbox);
    (sandbox, merchant)
}

fn item(number: &str, total: i64) -> Value {
    json!({
        "mchid": DEMO_MCHID, "sub_mchid": DEMO_SUB_MCHID, "out_trade_no": number, "attach": "附加",
        "description": format!("商品 {number}"), "amount": { "total_amount": total, "currency": "CNY" },
    })
}

fn combined(scene: &str) -> Value {
    let mut order = json!({
        "combine_appid": DEMO_APPID, "combine_mchid": DEMO_MCHID, "combine_out_trade_no": WHOLE,
        "sub_orders": [item("item-0001", 300), item("item-0002", 690)],
        "notify_url": "http://127.0.0.1:9/notify",
    });
    match scene {
        "jsapi" => order["combine_payer_info"] = json!({ "openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o" }),
        "h5" => {
            order["scene_info"] = json!({ "payer_client_ip": "203.0.113.7", "h5_info": { "type": "Wap" } });
        }
        _ => {}
    }
    order
}

async fn place(merchant: &Merchant, scene: &str) -> Value {
    let reply = merchant.post(&format!("{PATH}/{scene}"), &combined(scene)).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    merchant.verify(&reply).await.unwrap();
    reply.json()
}

async fn query(merchant: &Merchant) -> Value {
    let reply = merchant.get(&format!("{PATH}/out-trade-no/{WHOLE}")).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    merchant.verify(&reply).await.unwrap();
    reply.json()
}

fn close_body(numbers: &[&str]) -> Value {
    let items: Vec<Value> = numbers
        .iter()
        .map(|number| json!({ "mchid": DEMO_MCHID, "out_trade_no": number, "sub_mchid": DEMO_SUB_MCHID }))
        .collect();
    json!({ "combine_appid": DEMO_APPID, "sub_orders": items })
}

#[tokio::test]
async fn every_scene_gives_what_it_should() {
    for (scene, key) in [
        ("jsapi", "prepay_id"),
        ("app", "prepay_id"),
        ("h5", "h5_url"),
        ("native", "code_url"),
    ] {
        let (_sandbox, merchant) = start().await;
        let first = place(&merchant, scene).await;
        assert!(first[key].is_string(), "{scene}: {first}");
        // The same again is a fresh session of the same order.
        assert_ne!(place(&merchant, scene).await[key], first[key]);
    }
}

#[tokio::test]
async fn all_items_are_paid_at_once_and_told_in_one_notification() {
    let shop = Shop::start(|_, _| 204).await;
    let (sandbox, merchant) = start().await;
    let mut order = combined("native");
    order["notify_url"] = json!(shop.url);
    merchant.post(&format!("{PATH}/native"), &order).await;
    let unpaid = query(&merchant).await;
    assert_eq!(unpaid["combine_transaction_id"], Value::Null);
    assert_eq!(unpaid["sub_orders"][0]["trade_state"], "NOTPAY");
    for key in ["transaction_id", "trade_type", "success_time", "amount"] {
        assert_eq!(unpaid["sub_orders"][0][key], Value::Null, "{key}");
    }

    sandbox.pay(WHOLE, Buyer::Alice).unwrap();
    sandbox.clock().run_until_idle().await.unwrap();

    let paid = query(&merchant).await;
    let ids = [
        paid["combine_transaction_id"].as_str().unwrap(),
        paid["sub_orders"][0]["transaction_id"].as_str().unwrap(),
        paid["sub_orders"][1]["transaction_id"].as_str().unwrap(),
    ];
    assert!(ids[0] != ids[1] && ids[1] != ids[2] && ids[0] != ids[2]);
    assert_eq!(
        paid["sub_orders"][0]["amount"],
        json!({ "total_amount": 300, "currency": "CNY", "payer_amount": 300, "payer_currency": "CNY" })
    );
    assert_eq!(
        paid["combine_payer_info"]["openid"],
        Buyer::Alice.openid(DEMO_APPID)
    );
    let by_id = merchant.get(&format!("{PATH}/id/{}", ids[0])).await;
    assert_eq!(by_id.json(), paid);

    assert_eq!(shop.arrivals().len(), 1);
    let verified = opened(&sandbox, &shop.arrivals()[0]).await;
    assert_eq!(verified.event_type().to_string(), "TRANSACTION.SUCCESS");
    let resource: Value = serde_json::from_str(verified.plaintext()).unwrap();
    // A notification tells of promotions only if there were any.
    let mut told = paid.clone();
    for item in told["sub_orders"].as_array_mut().unwrap() {
        item.as_object_mut().unwrap().remove("promotion_detail");
    }
    assert_eq!(resource, told);
    assert_eq!(resource["out_trade_no"], Value::Null);

    let order = sandbox.order(WHOLE).unwrap();
    assert_eq!(order.items, ["item-0001", "item-0002"]);
    assert!(
        order
            .timeline
            .iter()
            .any(|entry| entry.step == Step::Acknowledged)
    );
    let item = sandbox.order("item-0001").unwrap();
    assert_eq!(item.combine_out_trade_no.as_deref(), Some(WHOLE));
    assert!(item.is_paid());
    assert_eq!(sandbox.counters().payments, 1);
}

#[tokio::test]
async fn who_pays_one_item_pays_all() {
    let (sandbox, merchant) = start().await;
    place(&merchant, "native").await;
    assert_eq!(sandbox.pay("item-0002", Buyer::Bob), Err(PayError::NotEnough));
    assert_eq!(sandbox.order("item-0001").unwrap().state, OrderState::NotPay);
    sandbox.pay("item-0002", Buyer::Alice).unwrap();
    assert!(sandbox.order("item-0001").unwrap().is_paid());
    assert_eq!(sandbox.pay(WHOLE, Buyer::Alice), Err(PayError::AlreadyPaid));
    assert_eq!(sandbox.notifications().len(), 1);
}

#[tokio::test]
async fn items_do_not_exist_for_ordinary_queries() {
    let (sandbox, merchant) = start().await;
    place(&merchant, "native").await;
    sandbox.pay(WHOLE, Buyer::Alice).unwrap();
    let own = format!("sp_mchid={DEMO_MCHID}&sub_mchid={DEMO_SUB_MCHID}");
    let id = sandbox.order("item-0001").unwrap().transaction_id.unwrap();
    let whole = sandbox.order(WHOLE).unwrap().transaction_id.unwrap();
    let expected = (404, "ORDER_NOT_EXIST".to_owned());
    for target in [
        format!("/v3/pay/partner/transactions/out-trade-no/item-0001?{own}"),
        format!("/v3/pay/partner/transactions/id/{id}?{own}"),
        format!("/v3/pay/partner/transactions/id/{whole}?{own}"),
        format!("/v3/pay/partner/transactions/out-trade-no/{WHOLE}?{own}"),
    ] {
        assert_eq!(refusal(&merchant.get(&target).await), expected, "{target}");
    }
    let body = json!({ "sp_mchid": DEMO_MCHID, "sub_mchid": DEMO_SUB_MCHID });
    let close = merchant
        .post("/v3/pay/partner/transactions/out-trade-no/item-0001/close", &body)
        .await;
    assert_eq!(refusal(&close), expected);
    assert!(close.text().contains("combined"), "{}", close.text());
    // And the other way round, in the older spelling.
    let old = (404, "ORDERNOTEXIST".to_owned());
    merchant.place("native", "demo-0001").await;
    for target in [
        format!("{PATH}/out-trade-no/demo-0001"),
        format!("{PATH}/out-trade-no/item-0001"),
        format!("{PATH}/id/{id}"),
    ] {
        assert_eq!(refusal(&merchant.get(&target).await), old, "{target}");
    }
    let reply = merchant
        .get(&format!("{PATH}/out-trade-no/{WHOLE}?mchid=1"))
        .await;
    assert_eq!(reply.code(), "PARAM_ERROR");
}

#[tokio::test]
async fn a_combined_order_is_closed_with_all_its_items_or_not_at_all() {
    let (sandbox, merchant) = start().await;
    place(&merchant, "native").await;
    let path = format!("{PATH}/out-trade-no/{WHOLE}/close");
    for numbers in [
        &["item-0001"] as &[&str],
        &["item-0001", "item-0003"],
        &["item-0001", "item-0002", "item-0003"],
        &["item-0001", "item-0001"],
    ] {
        let reply = merchant.post(&path, &close_body(numbers)).await;
        assert_eq!(
            refusal(&reply),
            (400, "INVALID_REQUEST".to_owned()),
            "{numbers:?}"
        );
    }
    assert_eq!(sandbox.order(WHOLE).unwrap().state, OrderState::NotPay);
    for _ in 0..2 {
        let reply = merchant
            .post(&path, &close_body(&["item-0002", "item-0001"]))
            .await;
        assert_eq!(reply.status, StatusCode::NO_CONTENT, "{}", reply.text());
        merchant.verify(&reply).await.unwrap();
    }
    assert_eq!(query(&merchant).await["sub_orders"][1]["trade_state"], "CLOSED");
    assert_eq!(sandbox.pay("item-0001", Buyer::Alice), Err(PayError::Closed));
    let reply = merchant
        .post(&format!("{PATH}/native"), &combined("native"))
        .await;
    assert_eq!(refusal(&reply), (400, "ORDER_CLOSED".to_owned()));

    let (sandbox, merchant) = start().await;
    place(&merchant, "native").await;
    sandbox.pay(WHOLE, Buyer::Alice).unwrap();
    let reply = merchant
        .post(&path, &close_body(&["item-0001", "item-0002"]))
        .await;
    assert_eq!(refusal(&reply), (400, "ORDERPAID".to_owned()));
}

#[tokio::test]
async fn a_combined_order_expires_with_its_items() {
    let (sandbox, merchant) = start().await;
    place(&merchant, "native").await;
    let turn = sandbox
        .clock()
        .advance(Duration::from_secs(7 * 24 * 3600 + 1))
        .await
        .unwrap();
    assert_eq!(turn.events.len(), 1);
    for number in [WHOLE, "item-0001", "item-0002"] {
        assert_eq!(
            sandbox.order(number).unwrap().state,
            OrderState::Closed,
            "{number}"
        );
    }
}

#[tokio::test]
async fn items_are_refunded_one_by_one() {
    let (sandbox, merchant) = start().await;
    place(&merchant, "native").await;
    sandbox.pay(WHOLE, Buyer::Alice).unwrap();
    let id = sandbox.order("item-0001").unwrap().transaction_id.unwrap();
    let refund = json!({
        "sub_mchid": DEMO_SUB_MCHID, "sp_appid": DEMO_APPID, "transaction_id": id,
        "out_refund_no": "refund-1", "amount": { "refund": 300, "total": 300 },
    });
    let reply = merchant.post("/v3/ecommerce/refunds/apply", &refund).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    sandbox.clock().advance(LATER).await.unwrap();
    let after = query(&merchant).await;
    assert_eq!(after["sub_orders"][0]["trade_state"], "REFUND");
    assert_eq!(after["sub_orders"][1]["trade_state"], "SUCCESS");
    assert_eq!(sandbox.refunds_of("item-0001").len(), 1);
    assert_eq!(
        sandbox.balance(DEMO_SUB_MCHID, Account::Basic),
        690 - 4,
        "the fee of the other item"
    );
    // The payment as a whole is no order that could be refunded.
    let mut refund = refund.clone();
    refund["transaction_id"] = json!(sandbox.order(WHOLE).unwrap().transaction_id);
    refund["out_refund_no"] = json!("refund-2");
    let reply = merchant.post("/v3/ecommerce/refunds/apply", &refund).await;
    assert_eq!(refusal(&reply), (404, "RESOURCE_NOT_EXISTS".to_owned()));
    // The bill tells the items and not the whole.
    sandbox.clock().next_day_at("10:00").await.unwrap();
    let reply = merchant.get("/v3/bill/tradebill?bill_date=2026-01-05").await;
    let url = reply.json()["download_url"].as_str().unwrap().to_owned();
    let bill = merchant
        .get(url.strip_prefix(&merchant.base_url).unwrap())
        .await
        .text();
    assert!(
        bill.ends_with("\r\n`3,`9.90,`3.00,`0.00,`0.04000,`9.90,`3.00\r\n"),
        "{bill}"
    );
}

#[tokio::test]
async fn numbers_stand_for_one_order_each() {
    let (sandbox, merchant) = start().await;
    merchant.place("native", "item-0002").await;
    let reply = merchant
        .post(&format!("{PATH}/native"), &combined("native"))
        .await;
    assert_eq!(refusal(&reply), (403, "OUT_TRADE_NO_USED".to_owned()));
    assert!(sandbox.order(WHOLE).is_none() && sandbox.order("item-0001").is_none());

    let (sandbox, merchant) = start().await;
    // The whole may have the number of an order: it counts for itself.
    merchant.place("native", WHOLE).await;
    place(&merchant, "native").await;
    assert_eq!(sandbox.orders().len(), 4);
    for change in [
        json!({ "notify_url": "http://127.0.0.1:9/other" }),
        json!({ "sub_orders": [item("item-0001", 300), item("item-0002", 691)] }),
        json!({ "sub_orders": [item("item-0001", 300)] }),
    ] {
        let mut order = combined("native");
        for (key, value) in change.as_object().unwrap() {
            order[key] = value.clone();
        }
        let reply = merchant.post(&format!("{PATH}/native"), &order).await;
        assert_eq!(reply.number(), 268_498_688, "{change}");
    }
    sandbox.pay("item-0001", Buyer::Alice).unwrap();
    let reply = merchant
        .post(&format!("{PATH}/native"), &combined("native"))
        .await;
    assert_eq!(refusal(&reply), (400, "ORDERPAID".to_owned()));
}

#[tokio::test]
async fn items_fit_their_parties_and_each_other() {
    let (sandbox, merchant) = start().await;
    let post = async |order: &Value| merchant.post(&format!("{PATH}/native"), order).await;
    let with_item = |key: &str, value: Value| {
        let mut order = combined("native");
        order["sub_orders"][1][key] = value;
        order
    };
    for (order, expected) in [
        (with_item("mchid", json!("1999999999")), (400, "MCH_NOT_EXISTS")),
        (with_item("sub_mchid", json!("1999999999")), (403, "NOAUTH")),
        (with_item("sub_mchid", json!(DEMO_MCHID)), (400, "PARAM_ERROR")),
        (
            with_item("sub_appid", json!("wx0000000000000000")),
            (400, "APPID_MCHID_NOT_MATCH"),
        ),
        (
            with_item("out_trade_no", json!("item-0001")),
            (400, "INVALID_REQUEST"),
        ),
        (with_item("attach", Value::Null), (400, "PARAM_ERROR")),
        (
            with_item("amount", json!({ "total": 1, "currency": "CNY" })),
            (400, "PARAM_ERROR"),
        ),
        (
            with_item("settle_info", json!({ "subsidy_amount": 1 })),
            (400, "PARAM_ERROR"),
        ),
    ] {
        let reply = post(&order).await;
        assert_eq!(refusal(&reply), (expected.0, expected.1.to_owned()), "{order}");
    }
    // Without a provider it takes two to combine.
    let mut order = combined("native");
    order["sub_orders"] = json!([item("item-0001", 300)]);
    assert_eq!(post(&order).await.status, StatusCode::OK);
    order["combine_out_trade_no"] = json!("whole-0002");
    order["sub_orders"][0]["out_trade_no"] = json!("item-0009");
    order["sub_orders"][0]
        .as_object_mut()
        .unwrap()
        .remove("sub_mchid");
    assert_eq!(
        post(&order).await.json()["detail"]["sandbox"]["field"],
        "/sub_orders"
    );
    let mut order = partner_order("native", "demo-0001");
    order["combine_mchid"] = json!(DEMO_MCHID);
    assert_eq!(post(&order).await.code(), "PARAM_ERROR");
    let mut order = combined("native");
    order["combine_mchid"] = json!("1900000002");
    assert_eq!(post(&order).await.code(), "SIGN_ERROR");
    assert!(!sandbox.take_refusals().is_empty());
}
