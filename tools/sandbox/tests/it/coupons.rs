//! Coupons: stocks, limits, uses that are told, files of uses.

use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};
use wechatpay_core::{
    api::coupons::{
        CouponStatus, CouponUse, GetUseFlow, ListItems, ListStocks, ListUserCoupons, ModifyGoods, PauseStock,
        QueryCallback, QueryCoupon, QueryStock, RestartStock, SendCoupon, SetCallback, StartStock,
        StockStatus,
    },
    testing::{DEMO_APPID, DEMO_MCHID},
    types::{Fen, Mchid, Openid},
};
use wechatpay_sandbox::{RecordKind, Sandbox};

use crate::{
    support::{Merchant, Shop, opened, refusal},
    typed::Client,
};

const BASE: &str = "/v3/marketing/favor";

fn mchid() -> Mchid {
    DEMO_MCHID.parse().unwrap()
}

fn openid() -> Openid {
    "o-MYE42l80oelYMDE34nYD456Xoy".parse().unwrap()
}

/// A stock of two coupons of 100 fen, of which a user may have one.
///
/// The sandbox's day is 2026-01-05.
fn stock(number: &str) -> Value {
    json!({
        "stock_name": "微信支付代金券批次",
        "available_begin_time": "2026-01-01T00:00:00Z",
        "available_end_time": "2026-02-01T00:00:00+08:00",
        "stock_use_rule": {
            "max_coupons": 2, "max_amount": 200, "max_coupons_per_user": 1,
            "natural_person_limit": false, "prevent_api_abuse": false,
        },
        "no_cash": true,
        "stock_type": "NORMAL",
        "belong_merchant": DEMO_MCHID,
        "pattern_info": { "description": "满 10 元减 1 元" },
        "coupon_use_rule": {
            "coupon_available_time": {},
            "fixed_normal_coupon": { "coupon_amount": 100, "transaction_minimum": 1000 },
            "available_items": ["123", "456"],
            "available_merchants": [DEMO_MCHID],
        },
        "out_request_no": number,
    })
}

/// Creates a stock, and activates it.
async fn running(merchant: &Merchant, number: &str) -> String {
    let reply = merchant
        .post(&format!("{BASE}/coupon-stocks"), &stock(number))
        .await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    let id = reply.json()["stock_id"].as_str().unwrap().to_owned();
    let body = json!({ "stock_creator_mchid": DEMO_MCHID });
    let started = merchant.post(&format!("{BASE}/stocks/{id}/start"), &body).await;
    assert_eq!(started.status, StatusCode::OK, "{}", started.text());
    id
}

fn send(stock_id: &str, number: &str) -> SendCoupon {
    let appid = DEMO_APPID.parse().unwrap();
    SendCoupon::new(openid(), stock_id, number.parse().unwrap(), appid, mchid())
}

#[tokio::test]
async fn a_stock_gives_out_coupons_within_its_limits_and_once_per_number() {
    let client = Client::start().await;
    let id = running(&client.merchant, "S1").await;
    assert_eq!(
        running_again(&client.merchant).await,
        id,
        "the same number is the same stock"
    );
    let sent = client.call(send(&id, "C1")).await;
    assert_eq!(client.call(send(&id, "C1")).await, sent);
    let refused = async |openid: &str, number: &str| {
        let body = json!({
            "stock_id": id, "out_request_no": number, "appid": DEMO_APPID, "stock_creator_mchid": DEMO_MCHID,
        });
        refusal(
            &client
                .merchant
                .post(&format!("{BASE}/users/{openid}/coupons"), &body)
                .await,
        )
    };
    assert_eq!(
        refused(openid().as_str(), "C2").await,
        (403, "RULE_LIMIT".to_owned())
    );
    let mut second = send(&id, "C3");
    second.openid = "o-another".parse().unwrap();
    client.call(second).await;
    assert_eq!(
        refused("o-third", "C4").await,
        (403, "RULE_LIMIT".to_owned()),
        "none is left"
    );
    assert_eq!(
        refused("o-third", "C1").await,
        (400, "INVALID_REQUEST".to_owned()),
        "the number is of another user"
    );

    let coupon = client
        .call(QueryCoupon::new(
            openid(),
            sent.coupon_id.clone(),
            DEMO_APPID.parse().unwrap(),
        ))
        .await;
    assert_eq!(coupon.status, Some(CouponStatus::Sent));
    let worth = coupon.normal_coupon_information.unwrap();
    assert_eq!(worth.coupon_amount, Some(Fen::from(100)));
    let list = client
        .call(ListUserCoupons::new(openid(), DEMO_APPID.parse().unwrap()))
        .await;
    assert_eq!((list.total_count, list.data.len()), (Some(1), 1));
    let stock = client.call(QueryStock::new(id.clone(), mchid())).await;
    assert_eq!(stock.status, Some(StockStatus::Running));
    assert_eq!(stock.distributed_coupons, Some(2));
    let all = client.call(ListStocks::new(0, 10, mchid())).await;
    assert_eq!(all.data.len(), 1);
}

async fn running_again(merchant: &Merchant) -> String {
    running(merchant, "S1").await
}

#[tokio::test]
async fn a_stock_is_paused_and_restarted_and_its_goods_change() {
    let client = Client::start().await;
    let id = running(&client.merchant, "S1").await;
    client.call(PauseStock::new(id.clone(), mchid())).await;
    client.call(PauseStock::new(id.clone(), mchid())).await;
    let body = json!({
        "stock_id": id, "out_request_no": "C1", "appid": DEMO_APPID, "stock_creator_mchid": DEMO_MCHID,
    });
    let path = format!("{BASE}/users/{}/coupons", openid().as_str());
    let refused = client.merchant.post(&path, &body).await;
    assert_eq!(refusal(&refused), (400, "INVALID_REQUEST".to_owned()));
    client.call(RestartStock::new(id.clone(), mchid())).await;
    client.call(send(&id, "C1")).await;
    let change = ModifyGoods::new(id.clone(), mchid())
        .add_goods_id_list(vec!["789".to_owned()])
        .delete_goods_id_list(vec!["123".to_owned()]);
    client.call(change).await;
    let items = client.call(ListItems::new(id.clone(), mchid(), 0, 10)).await;
    assert_eq!(items.data, ["456", "789"]);
    // It runs already.
    client.call(StartStock::new(id, mchid())).await;
}

#[tokio::test]
async fn the_use_of_a_coupon_is_told_and_stands_in_the_file() {
    let sandbox = Sandbox::builder().manual_clock().start().await.unwrap();
    let merchant = Merchant::new(&sandbox);
    let shop = Shop::start(|_, _| 204).await;
    let set = json!({ "mchid": DEMO_MCHID, "notify_url": shop.url });
    let reply = merchant.post(&format!("{BASE}/callbacks"), &set).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    let id = running(&merchant, "S1").await;
    let body = json!({
        "stock_id": id, "out_request_no": "C1", "appid": DEMO_APPID, "stock_creator_mchid": DEMO_MCHID,
    });
    let reply = merchant
        .post(&format!("{BASE}/users/{}/coupons", openid().as_str()), &body)
        .await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    let facts = json!({ "transaction_id": "4200001234202601051234567890" });
    sandbox
        .settle_record(RecordKind::Coupon, "C1", "USED", facts)
        .unwrap();
    sandbox.clock().advance(Duration::from_secs(1)).await.unwrap();
    shop.gets(1).await;
    let arrival = shop.arrivals().pop().unwrap();
    let verified = opened(&sandbox, &arrival).await;
    assert_eq!(verified.event_type().to_string(), "COUPON.USE");
    let notice: CouponUse = serde_json::from_str(verified.plaintext()).unwrap();
    assert_eq!((notice.stock_id, notice.status), (id.clone(), CouponStatus::Used));
    let used = notice.consume_information.unwrap();
    assert_eq!(used.consume_amount, Some(Fen::from(100)));
    assert_eq!(
        used.transaction_id.unwrap().as_str(),
        "4200001234202601051234567890"
    );

    let flow = merchant.get(&format!("{BASE}/stocks/{id}/use-flow")).await;
    assert_eq!(flow.json()["hash_type"], "SHA1");
    let day = sandbox.clock().today();
    sandbox.clock().next_day_at("10:05").await.unwrap();
    let flow = merchant
        .get(&format!("{BASE}/stocks/{id}/use-flow-by-day?bill_date={day}"))
        .await;
    assert_eq!(flow.json()["stock_useflow_count"], "1", "{}", flow.text());
    let flow = merchant
        .get(&format!("{BASE}/stocks/{id}/refund-flow-by-day?bill_date={day}"))
        .await;
    assert_eq!(flow.json()["stock_refundflow_count"], "0", "{}", flow.text());
}

#[tokio::test]
async fn wrong_stocks_and_coupons_are_refused() {
    let client = Client::start().await;
    let path = format!("{BASE}/coupon-stocks");
    let refused = async |path: &str, body: &Value| refusal(&client.merchant.post(path, body).await);
    let with = |pointer: &str, value: Value| {
        let mut wrong = stock("S1");
        *wrong.pointer_mut(pointer).unwrap() = value;
        wrong
    };
    for wrong in [
        with("/stock_use_rule/max_coupons_per_user", json!(61)),
        with("/stock_type", json!("FREE")),
        with("/available_end_time", json!("tomorrow")),
        with("/no_cash", json!("yes")),
    ] {
        assert_eq!(
            refused(&path, &wrong).await,
            (400, "PARAM_ERROR".to_owned()),
            "{wrong}"
        );
    }
    let mut poor = stock("S9");
    *poor.pointer_mut("/stock_use_rule/max_amount").unwrap() = json!(50);
    let created = client.merchant.post(&path, &poor).await;
    let poor = created.json()["stock_id"].as_str().unwrap().to_owned();
    let own = json!({ "stock_creator_mchid": DEMO_MCHID });
    client
        .merchant
        .post(&format!("{BASE}/stocks/{poor}/start"), &own)
        .await;
    let body = json!({
        "stock_id": poor, "out_request_no": "C9", "appid": DEMO_APPID, "stock_creator_mchid": DEMO_MCHID,
    });
    let users = format!("{BASE}/users/{}/coupons", openid().as_str());
    assert_eq!(refused(&users, &body).await, (403, "NOT_ENOUGH".to_owned()));
    let id = running(&client.merchant, "S1").await;
    let other = with("/stock_name", json!("另一批次"));
    assert_eq!(refused(&path, &other).await, (400, "INVALID_REQUEST".to_owned()));
    let foreign = json!({ "stock_creator_mchid": "1900000999" });
    assert_eq!(
        refused(&format!("{BASE}/stocks/{id}/pause"), &foreign).await.0,
        404
    );
    let unknown = json!({ "stock_creator_mchid": DEMO_MCHID });
    assert_eq!(
        refused(&format!("{BASE}/stocks/none/start"), &unknown).await,
        (404, "RESOURCE_NOT_EXISTS".to_owned())
    );
    // The callback: set, changed, and off again.
    let url = "https://shop.example/coupons";
    client.call(SetCallback::new(mchid(), url)).await;
    let known = client.call(QueryCallback::new(mchid())).await;
    assert_eq!(known.notify_url.as_deref(), Some(url));
    client.call(SetCallback::new(mchid(), url).switch(false)).await;
    let reply = client
        .merchant
        .get(&format!("{BASE}/callbacks?mchid={DEMO_MCHID}"))
        .await;
    assert_eq!(refusal(&reply).0, 404);
    let flow = client.call(GetUseFlow::new(id)).await;
    assert_eq!(flow.hash_value.len(), 40);
}
