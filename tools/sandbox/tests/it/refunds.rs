//! Refunds of both families: asked for, settled, notified, refused.

use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};
use wechatpay_core::{
    api::refunds::{RefundNotice, RefundStatus},
    testing::{DEMO_APPID, DEMO_MCHID, DEMO_PUBLIC_KEY_ID, DEMO_SUB_MCHID, DemoKey},
    types::{ApiV3Key, Mchid, SerialNumber},
};
use wechatpay_sandbox::{
    Buyer, EventKind, LintKind, MerchantKind, MerchantSpec, OrderState, RefundState, Sandbox, SettleError,
    Step,
};

use crate::support::{Merchant, Reply, Shop, direct_order, encrypted, opened, partner_order, refusal};

const ORDINARY: &str = "/v3/refund/domestic/refunds";
const ECOMMERCE: &str = "/v3/ecommerce/refunds";
const NUMBER: &str = "demo-0001";
const MINUTE: Duration = Duration::from_secs(60);
const SETTLED: Duration = Duration::from_secs(3);

/// A sandbox with a paid order of 9.90 in each family, and their shop.
struct Rig {
    sandbox: Sandbox,
    merchant: Merchant,
    shop: Shop,
}

impl Rig {
    async fn start() -> Self {
        let shop = Shop::start(|_, _| 204).await;
        let sandbox = Sandbox::builder().manual_clock().start().await.unwrap();
        let merchant = Merchant::new(&sandbox);
        let rig = Self {
            sandbox,
            merchant,
            shop,
        };
        rig.pay("/v3/pay/transactions/native", direct_order("native", "direct-1"))
            .await;
        rig.pay(
            "/v3/pay/partner/transactions/native",
            partner_order("native", NUMBER),
        )
        .await;
        rig
    }

    async fn pay(&self, path: &str, mut order: Value) {
        order["notify_url"] = json!(self.shop.url);
        let reply = self.merchant.post(path, &order).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
        self.sandbox
            .pay(order["out_trade_no"].as_str().unwrap(), Buyer::Alice)
            .unwrap();
        self.sandbox.clock().run_until_idle().await.unwrap();
    }

    async fn ordinary(&self, refund: &Value) -> Reply {
        let reply = self.merchant.post(ORDINARY, refund).await;
        self.merchant.verify(&reply).await.unwrap();
        reply
    }

    async fn ecommerce(&self, refund: &Value) -> Reply {
        let reply = self.merchant.post(&format!("{ECOMMERCE}/apply"), refund).await;
        self.merchant.verify(&reply).await.unwrap();
        reply
    }

    async fn pass(&self, time: Duration) {
        self.sandbox.clock().advance(time).await.unwrap();
    }

    /// The refund in the newest notification, taken out with the client's own code.
    async fn newest_notice(&self) -> (String, RefundNotice) {
        let verified = opened(&self.sandbox, &self.shop.arrivals().pop().unwrap()).await;
        let event = verified.event_type().to_string();
        (
            event,
            verified.decode::<RefundNotice>().unwrap().resource().clone(),
        )
    }
}

fn of_direct(number: &str, amount: i64) -> Value {
    json!({
        "out_trade_no": "direct-1", "out_refund_no": number, "reason": "不想要了",
        "amount": { "refund": amount, "total": 990, "currency": "CNY" },
    })
}

fn of_platform(number: &str, amount: i64) -> Value {
    json!({
        "sub_mchid": DEMO_SUB_MCHID, "sp_appid": DEMO_APPID,
        "out_trade_no": NUMBER, "out_refund_no": number,
        "amount": { "refund": amount, "total": 990, "currency": "CNY" },
    })
}

fn invalid() -> (u16, String) {
    (400, "INVALID_REQUEST".to_owned())
}

#[tokio::test]
async fn an_ordinary_refund_is_accepted_then_settled_and_notified() {
    let rig = Rig::start().await;
    let reply = rig.ordinary(&of_direct("refund-1", 300)).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    let accepted = reply.json();
    assert_eq!(accepted["status"], "PROCESSING");
    assert_eq!(accepted["success_time"], Value::Null);
    assert_eq!(accepted["channel"], "ORIGINAL");
    assert_eq!(
        accepted["amount"],
        json!({
            "total": 990, "refund": 300, "payer_total": 990, "payer_refund": 300,
            "settlement_total": 990, "settlement_refund": 300, "discount_refund": 0, "currency": "CNY",
        })
    );
    let refund_id = accepted["refund_id"].as_str().unwrap();
    assert!(
        refund_id.starts_with("50") && refund_id.len() <= 32,
        "{refund_id}"
    );
    let order = rig.sandbox.order("direct-1").unwrap();
    assert_eq!(order.state, OrderState::Refund);
    assert!(order.is_paid());
    let query = rig
        .merchant
        .get(&format!(
            "/v3/pay/transactions/out-trade-no/direct-1?mchid={DEMO_MCHID}"
        ))
        .await;
    assert_eq!(query.json()["trade_state"], "REFUND");

    rig.pass(Duration::from_secs(2)).await;
    let target = format!("{ORDINARY}/refund-1");
    assert_eq!(rig.merchant.get(&target).await.json(), accepted);
    rig.pass(Duration::from_secs(1)).await;
    let settled = rig.merchant.get(&target).await;
    rig.merchant.verify(&settled).await.unwrap();
    assert_eq!(settled.json()["status"], "SUCCESS");
    assert_eq!(settled.json()["success_time"], "2026-01-05T09:00:03+08:00");

    let (event, notice) = rig.newest_notice().await;
    assert_eq!(event, "REFUND.SUCCESS");
    assert_eq!(notice.refund_status, RefundStatus::Success);
    assert_eq!(notice.mchid.unwrap(), DEMO_MCHID);
    assert_eq!(notice.out_refund_no.as_str(), "refund-1");
    assert_eq!(notice.refund_id.as_str(), refund_id);
    assert_eq!(
        (notice.amount.total.get(), notice.amount.refund.get()),
        (990, 300)
    );
    let envelope: Value = serde_json::from_slice(&rig.shop.arrivals().pop().unwrap().body).unwrap();
    assert_eq!(envelope["resource"]["associated_data"], "refund");
    assert_eq!(envelope["resource"]["original_type"], "refund");
    assert_eq!(rig.sandbox.counters().refunds, 1);
    let notification = rig.sandbox.wait_acknowledged("refund-1", MINUTE).await.unwrap();
    assert_eq!(notification.out_trade_no, "direct-1");
}

#[tokio::test]
async fn a_refund_of_a_platform_has_no_state_until_it_is_queried() {
    let rig = Rig::start().await;
    let reply = rig.ecommerce(&of_platform("refund-1", 990)).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    let accepted = reply.json();
    assert_eq!(accepted["status"], Value::Null);
    assert_eq!(accepted["refund_account"], "REFUND_SOURCE_SUB_MERCHANT");
    assert_eq!(accepted["amount"]["refund"], 990);
    rig.pass(SETTLED).await;
    let id = accepted["refund_id"].as_str().unwrap();
    let by_id = rig
        .merchant
        .get(&format!("{ECOMMERCE}/id/{id}?sub_mchid={DEMO_SUB_MCHID}"))
        .await;
    let by_number = rig
        .merchant
        .get(&format!(
            "{ECOMMERCE}/out-refund-no/refund-1?sub_mchid={DEMO_SUB_MCHID}"
        ))
        .await;
    assert_eq!(by_id.json(), by_number.json());
    assert_eq!(by_id.json()["status"], "SUCCESS");
    let (_, notice) = rig.newest_notice().await;
    assert_eq!(notice.sp_mchid.unwrap(), DEMO_MCHID);
    assert_eq!(notice.sub_mchid.unwrap(), DEMO_SUB_MCHID);
    assert_eq!(
        notice.refund_account.unwrap().as_str(),
        "REFUND_SOURCE_SUB_MERCHANT"
    );
    for (target, field) in [
        (format!("{ECOMMERCE}/id/{id}"), "sub_mchid"),
        (format!("{ECOMMERCE}/id/{id}?sub_mchid=1900000109&x=1"), "x"),
    ] {
        assert_eq!(
            rig.merchant.get(&target).await.json()["detail"]["sandbox"]["field"],
            field
        );
    }
}

#[tokio::test]
async fn an_order_is_refunded_in_parts_and_never_by_more_than_it_cost() {
    let rig = Rig::start().await;
    for (number, amount) in [("part-1", 500), ("part-2", 480)] {
        assert_eq!(
            rig.ordinary(&of_direct(number, amount)).await.status,
            StatusCode::OK
        );
        rig.pass(MINUTE).await;
    }
    let reply = rig.ordinary(&of_direct("part-3", 11)).await;
    assert_eq!(refusal(&reply), invalid());
    assert!(reply.text().contains("10 fen"), "{}", reply.text());
    assert_eq!(
        rig.ordinary(&of_direct("part-3", 10)).await.status,
        StatusCode::OK
    );
    rig.pass(SETTLED).await;
    let refunds = rig.sandbox.refunds_of("direct-1");
    assert_eq!(
        refunds.iter().map(|refund| refund.amount).collect::<Vec<_>>(),
        [500, 480, 10]
    );
    assert!(refunds.iter().all(|refund| refund.state == RefundState::Success));
    assert!(
        rig.sandbox
            .lints()
            .iter()
            .all(|lint| lint.kind() != LintKind::RefundTooSoon)
    );
    // A closed one does not count.
    let rig = Rig::start().await;
    rig.ordinary(&of_direct("part-1", 990)).await;
    rig.sandbox.settle_refund("part-1", RefundState::Closed).unwrap();
    assert_eq!(
        rig.ordinary(&of_direct("part-2", 990)).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn the_fifty_first_partial_refund_of_an_order_is_refused() {
    let rig = Rig::start().await;
    for part in 0..50 {
        let reply = rig.ordinary(&of_direct(&format!("part-{part}"), 1)).await;
        assert_eq!(reply.status, StatusCode::OK, "{part}");
        rig.pass(MINUTE).await;
    }
    let reply = rig.ordinary(&of_direct("part-50", 1)).await;
    assert_eq!(refusal(&reply), invalid());
    assert!(reply.text().contains("50 parts"), "{}", reply.text());
}

#[tokio::test]
async fn the_same_number_is_the_same_refund_and_other_values_are_refused() {
    let rig = Rig::start().await;
    let first = rig.ordinary(&of_direct("refund-1", 300)).await.json();
    // By the platform's number it is the same order, and the account may be empty by now.
    rig.sandbox.set_refund_funds(false);
    let mut by_id = of_direct("refund-1", 300);
    by_id.as_object_mut().unwrap().remove("out_trade_no");
    by_id["transaction_id"] = json!(rig.sandbox.order("direct-1").unwrap().transaction_id);
    assert_eq!(rig.ordinary(&by_id).await.json(), first);
    rig.pass(SETTLED).await;
    assert_eq!(rig.ordinary(&by_id).await.json()["status"], "SUCCESS");
    assert_eq!(rig.sandbox.refunds().len(), 1);
    assert_eq!(rig.sandbox.counters().refunds, 1);
    for change in [
        json!({ "amount": { "refund": 301, "total": 990, "currency": "CNY" } }),
        json!({ "reason": "另一个理由" }),
        json!({ "notify_url": "http://127.0.0.1:9/other" }),
    ] {
        let mut refund = of_direct("refund-1", 300);
        for (key, value) in change.as_object().unwrap() {
            refund[key] = value.clone();
        }
        let reply = rig.ordinary(&refund).await;
        assert_eq!(refusal(&reply), invalid(), "{change}");
        assert_eq!(reply.number(), 268_498_688);
    }
    // Of another order it is another refund.
    let mut other = of_platform("refund-1", 300);
    other.as_object_mut().unwrap().remove("sp_appid");
    assert_eq!(rig.ordinary(&other).await.number(), 268_498_688);
}

#[tokio::test]
async fn a_refund_names_its_order_as_it_is() {
    let rig = Rig::start().await;
    let missing = (404, "RESOURCE_NOT_EXISTS".to_owned());
    let mut refund = of_direct("refund-1", 300);
    refund["out_trade_no"] = json!("demo-9999");
    assert_eq!(refusal(&rig.ordinary(&refund).await), missing);
    refund.as_object_mut().unwrap().remove("out_trade_no");
    assert_eq!(rig.ordinary(&refund).await.code(), "PARAM_ERROR");
    let mut refund = of_direct("refund-1", 300);
    refund["amount"]["total"] = json!(991);
    let reply = rig.ordinary(&refund).await;
    assert_eq!(refusal(&reply), invalid());
    assert_eq!(reply.json()["detail"]["sandbox"]["field"], "/amount/total");
    // Partner orders name their sub-merchant, the right one.
    let mut refund = of_direct("refund-1", 300);
    refund["out_trade_no"] = json!(NUMBER);
    assert_eq!(rig.ordinary(&refund).await.number(), 268_443_704);
    refund["sub_mchid"] = json!("1900000110");
    assert_eq!(rig.ordinary(&refund).await.number(), 268_447_845);
    assert_eq!(
        rig.merchant.get(&format!("{ORDINARY}/refund-1")).await.code(),
        "RESOURCE_NOT_EXISTS"
    );
    assert!(rig.sandbox.refunds().is_empty());
}

#[tokio::test]
async fn only_what_is_paid_is_refunded_and_only_for_a_year() {
    let rig = Rig::start().await;
    rig.merchant
        .post("/v3/pay/transactions/native", &direct_order("native", "unpaid-1"))
        .await;
    let mut refund = of_direct("refund-1", 300);
    refund["out_trade_no"] = json!("unpaid-1");
    let reply = rig.ordinary(&refund).await;
    assert_eq!(refusal(&reply), (404, "RESOURCE_NOT_EXISTS".to_owned()));
    assert_eq!(reply.json()["message"], "原订单不存在");
    assert!(reply.text().contains("not paid"), "{}", reply.text());

    rig.pass(365 * 24 * 60 * MINUTE).await;
    assert_eq!(
        rig.ordinary(&of_direct("refund-1", 300)).await.status,
        StatusCode::OK
    );
    rig.pass(Duration::from_secs(1)).await;
    let reply = rig.ordinary(&of_direct("refund-2", 300)).await;
    assert_eq!(refusal(&reply), invalid());
    assert!(reply.text().contains("365 days"), "{}", reply.text());
    // The first one again is still the first one.
    assert_eq!(
        rig.ordinary(&of_direct("refund-1", 300)).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_refund_without_funds_is_refused() {
    let rig = Rig::start().await;
    rig.sandbox.set_refund_funds(false);
    for reply in [
        rig.ordinary(&of_direct("refund-1", 300)).await,
        rig.ecommerce(&of_platform("refund-2", 300)).await,
    ] {
        assert_eq!(refusal(&reply), (403, "NOT_ENOUGH".to_owned()));
    }
    assert_eq!(rig.sandbox.order(NUMBER).unwrap().state, OrderState::Success);
    rig.sandbox.set_refund_funds(true);
    assert_eq!(
        rig.ordinary(&of_direct("refund-1", 300)).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn refunds_in_quick_succession_are_noted_and_refused_when_strict() {
    let rig = Rig::start().await;
    rig.ordinary(&of_direct("refund-1", 300)).await;
    rig.pass(Duration::from_secs(59)).await;
    // The same call again is no other refund.
    rig.ordinary(&of_direct("refund-1", 300)).await;
    assert!(
        !rig.sandbox
            .requests()
            .pop()
            .unwrap()
            .has_lint(LintKind::RefundTooSoon)
    );
    rig.ordinary(&of_direct("refund-2", 300)).await;
    assert!(
        rig.sandbox
            .requests()
            .pop()
            .unwrap()
            .has_lint(LintKind::RefundTooSoon)
    );

    let sandbox = Sandbox::builder()
        .manual_clock()
        .strict(true)
        .notify_enabled(false)
        .start()
        .await
        .unwrap();
    let merchant = Merchant::new(&sandbox);
    let mut order = direct_order("native", "direct-1");
    order["notify_url"] = json!("https://shop.example.com/notify");
    merchant.post("/v3/pay/transactions/native", &order).await;
    sandbox.pay("direct-1", Buyer::Alice).unwrap();
    let first = merchant.post(ORDINARY, &of_direct("refund-1", 300)).await;
    assert_eq!(first.status, StatusCode::OK);
    let second = of_direct("refund-2", 300);
    assert_eq!(refusal(&merchant.post(ORDINARY, &second).await), invalid());
    sandbox.clock().advance(MINUTE).await.unwrap();
    assert_eq!(merchant.post(ORDINARY, &second).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_refund_can_fail_and_be_sent_another_way() {
    let rig = Rig::start().await;
    let id = rig.ecommerce(&of_platform("refund-1", 300)).await.json()["refund_id"].clone();
    let path = format!("{ECOMMERCE}/{}/apply-abnormal-refund", id.as_str().unwrap());
    let mut way = json!({
        "sub_mchid": DEMO_SUB_MCHID, "out_refund_no": "refund-1", "type": "USER_BANK_CARD",
        "bank_type": "ICBC_DEBIT", "bank_account": encrypted("6222000000000000"), "real_name": encrypted("张三"),
    });
    let merchant = rig.merchant.clone().asks_for(DEMO_PUBLIC_KEY_ID);
    let reply = merchant.post(&path, &way).await;
    assert_eq!(
        refusal(&reply),
        invalid(),
        "only an abnormal refund goes another way"
    );
    rig.pass(Duration::from_secs(1)).await;
    rig.sandbox
        .settle_refund("refund-1", RefundState::Abnormal)
        .unwrap();
    rig.sandbox.clock().run_until_idle().await.unwrap();
    let (event, notice) = rig.newest_notice().await;
    assert_eq!(
        (event.as_str(), notice.refund_status),
        ("REFUND.ABNORMAL", RefundStatus::Abnormal)
    );
    assert_eq!(notice.success_time, None);

    for (key, value) in [
        ("bank_account", json!("6222000000000000")),
        ("real_name", Value::Null),
        ("out_refund_no", json!("refund-2")),
    ] {
        let mut bad = way.clone();
        bad[key] = value;
        assert_eq!(
            merchant.post(&path, &bad).await.status,
            StatusCode::BAD_REQUEST,
            "{key}"
        );
    }
    assert_eq!(
        rig.merchant.post(&path, &way).await.code(),
        "PARAM_ERROR",
        "without Wechatpay-Serial"
    );
    let reply = merchant.post(&path, &way).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    assert_eq!(reply.json()["status"], "PROCESSING");
    assert_eq!(reply.json()["channel"], "OTHER_BANKCARD");
    // What was planned for the first way does not settle the second one.
    rig.pass(Duration::from_secs(2)).await;
    assert_eq!(
        rig.sandbox.refund("refund-1").unwrap().state,
        RefundState::Processing
    );
    rig.pass(Duration::from_secs(1)).await;
    assert_eq!(
        rig.sandbox.refund("refund-1").unwrap().state,
        RefundState::Success
    );
    assert_eq!(rig.newest_notice().await.0, "REFUND.SUCCESS");
    way["type"] = json!("MERCHANT_BANK_CARD");
    assert_eq!(refusal(&merchant.post(&path, &way).await), invalid());
}

#[tokio::test]
async fn a_closed_refund_is_notified_and_stays_closed() {
    let rig = Rig::start().await;
    rig.ordinary(&of_direct("refund-1", 300)).await;
    let snapshot = rig
        .sandbox
        .settle_refund("refund-1", RefundState::Closed)
        .unwrap();
    assert_eq!(snapshot.state, RefundState::Closed);
    rig.pass(SETTLED).await;
    let (event, notice) = rig.newest_notice().await;
    assert_eq!(
        (event.as_str(), notice.refund_status),
        ("REFUND.CLOSED", RefundStatus::Closed)
    );
    assert_eq!(rig.sandbox.refund("refund-1").unwrap().state, RefundState::Closed);
    for state in [
        RefundState::Success,
        RefundState::Abnormal,
        RefundState::Processing,
    ] {
        assert_eq!(
            rig.sandbox.settle_refund("refund-1", state),
            Err(SettleError::Final)
        );
    }
    assert_eq!(
        rig.sandbox.settle_refund("refund-9", RefundState::Success),
        Err(SettleError::NoSuchRefund)
    );
}

#[tokio::test]
async fn refunds_may_wait_for_the_hand_and_go_to_an_url_of_their_own() {
    let shop = Shop::start(|_, _| 204).await;
    let sandbox = Sandbox::builder()
        .manual_clock()
        .settle_delay(Duration::MAX)
        .start()
        .await
        .unwrap();
    let merchant = Merchant::new(&sandbox);
    merchant
        .post("/v3/pay/transactions/native", &direct_order("native", "direct-1"))
        .await;
    sandbox.set_notify_enabled(false);
    sandbox.pay("direct-1", Buyer::Alice).unwrap();
    sandbox.clock().run_until_idle().await.unwrap();
    sandbox.set_notify_enabled(true);
    let mut refund = of_direct("refund-1", 300);
    refund["notify_url"] = json!(shop.url);
    let reply = merchant.post(ORDINARY, &refund).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    sandbox.clock().advance(30 * 24 * 60 * MINUTE).await.unwrap();
    assert_eq!(sandbox.refund("refund-1").unwrap().state, RefundState::Processing);
    sandbox.settle_refund("refund-1", RefundState::Success).unwrap();
    sandbox.clock().run_until_idle().await.unwrap();
    assert_eq!(shop.arrivals().len(), 1);
}

#[tokio::test]
async fn an_advance_is_given_back_once() {
    let rig = Rig::start().await;
    let plain = rig.ecommerce(&of_platform("refund-1", 100)).await.json()["refund_id"].clone();
    rig.pass(MINUTE).await;
    let mut refund = of_platform("refund-2", 300);
    refund["refund_account"] = json!("REFUND_SOURCE_PARTNER_ADVANCE");
    let reply = rig.ecommerce(&refund).await;
    assert_eq!(reply.json()["amount"]["advance"], 300);
    let path = |id: &Value| format!("{ECOMMERCE}/{}/return-advance", id.as_str().unwrap());
    let advanced = path(&reply.json()["refund_id"]);
    let body = json!({ "sub_mchid": DEMO_SUB_MCHID });
    assert_eq!(refusal(&rig.merchant.post(&path(&plain), &body).await), invalid());
    assert_eq!(
        refusal(&rig.merchant.post(&advanced, &body).await),
        invalid(),
        "not yet settled"
    );
    let query = format!("{advanced}?sub_mchid={DEMO_SUB_MCHID}");
    assert_eq!(rig.merchant.get(&query).await.code(), "RESOURCE_NOT_EXISTS");
    rig.pass(SETTLED).await;
    let first = rig.merchant.post(&advanced, &body).await;
    rig.merchant.verify(&first).await.unwrap();
    let first = first.json();
    assert_eq!(first["result"], "SUCCESS");
    assert_eq!(first["return_amount"], 300);
    assert_eq!(
        (&first["payer_mchid"], &first["payee_mchid"]),
        (&json!(DEMO_SUB_MCHID), &json!(DEMO_MCHID))
    );
    rig.pass(MINUTE).await;
    assert_eq!(rig.merchant.post(&advanced, &body).await.json(), first);
    assert_eq!(rig.merchant.get(&query).await.json(), first);
}

#[tokio::test]
async fn the_family_of_platforms_is_for_platforms() {
    let provider = MerchantSpec::new(
        Mchid::parse("1900000002").unwrap(),
        ApiV3Key::parse("AnotherDemoApiV3Key0123456789abc").unwrap(),
    )
    .kind(MerchantKind::ServiceProvider)
    .appid(wechatpay_core::types::Appid::parse(DEMO_APPID).unwrap())
    .sub_merchant(Mchid::parse(DEMO_SUB_MCHID).unwrap(), [])
    .demo_key(SerialNumber::parse("4F2E").unwrap(), DemoKey::OtherMerchant);
    let sandbox = Sandbox::builder()
        .merchant(provider)
        .notify_enabled(false)
        .start()
        .await
        .unwrap();
    let other = Merchant::with(&sandbox, "1900000002", "4F2E", DemoKey::OtherMerchant);
    let reply = other
        .post(&format!("{ECOMMERCE}/apply"), &of_platform("refund-1", 1))
        .await;
    assert_eq!(refusal(&reply), (403, "NO_AUTH".to_owned()));
    // A platform that refunds the other way hears of it.
    let merchant = Merchant::new(&sandbox);
    merchant.place("native", NUMBER).await;
    sandbox.pay(NUMBER, Buyer::Alice).unwrap();
    let mut refund = of_platform("refund-1", 100);
    refund.as_object_mut().unwrap().remove("sp_appid");
    let reply = merchant.post(ORDINARY, &refund).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    assert!(
        sandbox
            .requests()
            .pop()
            .unwrap()
            .has_lint(LintKind::RefundOfOtherFamily)
    );
    // And each family sees its own refunds only.
    let target = format!("{ECOMMERCE}/out-refund-no/refund-1?sub_mchid={DEMO_SUB_MCHID}");
    assert_eq!(merchant.get(&target).await.code(), "RESOURCE_NOT_EXISTS");
    let target = format!("{ORDINARY}/refund-1?sub_mchid={DEMO_SUB_MCHID}");
    assert_eq!(merchant.get(&target).await.status, StatusCode::OK);
    assert_eq!(other.get(&target).await.code(), "RESOURCE_NOT_EXISTS");
    assert_eq!(
        merchant.get(&format!("{ORDINARY}/refund-1")).await.number(),
        268_447_845
    );
}

#[tokio::test]
async fn sources_of_the_money_add_up() {
    let rig = Rig::start().await;
    let mut refund = of_direct("refund-1", 300);
    refund["amount"]["from"] = json!([{ "account": "AVAILABLE", "amount": 299 }]);
    assert_eq!(
        rig.ordinary(&refund).await.json()["detail"]["sandbox"]["field"],
        "/amount/from"
    );
    refund["amount"]["from"] = json!([
        { "account": "AVAILABLE", "amount": 299 }, { "account": "UNAVAILABLE", "amount": 1 },
    ]);
    assert_eq!(
        rig.ordinary(&refund).await.json()["amount"]["from"],
        refund["amount"]["from"]
    );
}

#[tokio::test]
async fn the_fields_of_a_refund_are_the_documented_ones() {
    let rig = Rig::start().await;
    for (key, value, field) in [
        ("out_refund_no", json!("r#1"), "/out_refund_no"),
        ("out_refund_no", json!("x".repeat(65)), "/out_refund_no"),
        ("reason", json!("字".repeat(81)), "/reason"),
        (
            "refund_account",
            json!("REFUND_SOURCE_SUB_MERCHANT"),
            "/refund_account",
        ),
        (
            "amount",
            json!({ "refund": 0, "total": 990, "currency": "CNY" }),
            "/amount/refund",
        ),
        ("amount", json!({ "refund": 1, "total": 990 }), "/amount/currency"),
    ] {
        let mut refund = of_direct("refund-1", 300);
        refund[key] = value;
        let reply = rig.ordinary(&refund).await;
        assert_eq!(reply.code(), "PARAM_ERROR", "{key}");
        assert_eq!(reply.json()["detail"]["sandbox"]["field"], field);
    }
    let mut refund = of_platform("refund-1", 300);
    refund["goods_detail"] = json!([]);
    assert_eq!(
        rig.ecommerce(&refund).await.json()["detail"]["sandbox"]["field"],
        "/goods_detail"
    );
}

#[tokio::test]
async fn the_story_of_an_order_tells_its_refunds() {
    let rig = Rig::start().await;
    let mut events = rig.sandbox.events();
    rig.ordinary(&of_direct("refund-1", 300)).await;
    rig.pass(SETTLED).await;
    let steps: Vec<Step> = rig
        .sandbox
        .order("direct-1")
        .unwrap()
        .timeline
        .into_iter()
        .map(|entry| entry.step)
        .skip(2)
        .collect();
    let out_refund_no = "refund-1".to_owned();
    assert_eq!(
        steps,
        [
            Step::Acknowledged,
            Step::RefundAccepted {
                out_refund_no: out_refund_no.clone(),
                amount: 300
            },
            Step::RefundSettled {
                out_refund_no: out_refund_no.clone(),
                state: RefundState::Success
            },
            Step::AcknowledgedOther {
                event_type: "REFUND.SUCCESS".into(),
                subject: out_refund_no
            },
        ]
    );
    let mut lines = Vec::new();
    while lines.len() < 4 {
        let event = events.next().await.unwrap();
        if !matches!(event.kind, EventKind::Lint(_)) {
            lines.push(event.to_string());
        }
    }
    assert_eq!(
        lines[0],
        "09:00:00  $$$  refund refund-1 PROCESSING   order direct-1  ¥3.00"
    );
    assert!(
        lines[1].contains("-->  POST /v3/refund/domestic/refunds   200"),
        "{}",
        lines[1]
    );
    assert_eq!(
        lines[2],
        "09:00:03  $$$  refund refund-1 SUCCESS   order direct-1  ¥3.00"
    );
    assert!(lines[3].contains("==>  REFUND.SUCCESS →"), "{}", lines[3]);
    assert!(lines[3].ends_with("refund-1   order direct-1"), "{}", lines[3]);
}

#[tokio::test]
async fn sixty_four_refunds_at_once_give_back_what_the_order_cost_and_no_more() {
    let rig = Rig::start().await;
    let tasks: Vec<_> = (0..64)
        .map(|index| {
            let merchant = rig.merchant.clone();
            tokio::spawn(async move {
                let refund = of_direct(&format!("part-{index}"), 100);
                merchant.post(ORDINARY, &refund).await.status.is_success()
            })
        })
        .collect();
    let mut accepted = 0;
    for task in tasks {
        accepted += usize::from(task.await.unwrap());
    }
    assert_eq!(accepted, 9);
    assert_eq!(
        rig.sandbox
            .refunds_of("direct-1")
            .iter()
            .map(|refund| refund.amount)
            .sum::<i64>(),
        900
    );
}
