//! Profit sharing of both families: shared, returned, released, told, refused.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::StatusCode;
use serde_json::{Value, json};
use wechatpay_core::{
    crypto::default_provider,
    testing::{DEMO_APPID, DEMO_MCHID, DEMO_PUBLIC_KEY_ID, DEMO_SUB_MCHID, DemoKey},
    types::{ApiV3Key, Appid, Mchid, SerialNumber},
};
use wechatpay_sandbox::{
    Account, Buyer, MerchantKind, MerchantSpec, Sandbox, SandboxBuilder, ShareFailure, ShareResult,
};

use crate::support::{Merchant, Reply, Shop, direct_order, encrypted, opened_with, partner_order, refusal};

const ECOMMERCE: &str = "/v3/ecommerce/profitsharing";
const ORDINARY: &str = "/v3/profitsharing";
pub(crate) const OTHER: &str = "1900000002";
const OTHER_KEY: &str = "AnotherDemoApiV3Key0123456789abc";
const SETTLED: Duration = Duration::from_secs(3);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// A service provider with a sub-merchant that also receives shares and notifications.
pub(crate) fn other(url: &str) -> MerchantSpec {
    MerchantSpec::new(Mchid::parse(OTHER).unwrap(), ApiV3Key::parse(OTHER_KEY).unwrap())
        .kind(MerchantKind::ServiceProvider)
        .appid(Appid::parse("wx0123456789abcdef").unwrap())
        .sub_merchant(Mchid::parse("1900000201").unwrap(), [])
        .share_notify_url(url)
        .demo_key(SerialNumber::parse("4F2E").unwrap(), DemoKey::OtherMerchant)
}

struct Rig {
    sandbox: Sandbox,
    merchant: Merchant,
    shop: Shop,
    transaction_id: String,
}

impl Rig {
    async fn start() -> Self {
        Self::with(|builder| builder).await
    }

    /// With a paid order of 100.00 that is to be shared, and two receivers.
    async fn with(settings: impl FnOnce(SandboxBuilder) -> SandboxBuilder) -> Self {
        let shop = Shop::start(|_, _| 204).await;
        let builder = Sandbox::builder().manual_clock().merchant(other(&shop.url));
        let sandbox = settings(builder).start().await.unwrap();
        let merchant = Merchant::new(&sandbox).asks_for(DEMO_PUBLIC_KEY_ID);
        let mut rig = Self {
            sandbox,
            merchant,
            shop,
            transaction_id: String::new(),
        };
        rig.transaction_id = rig.pay("demo-0001", true).await;
        for (kind, account) in [("MERCHANT_ID", OTHER), ("PERSONAL_OPENID", "oReceiver")] {
            let reply = rig.add(kind, account).await;
            assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
            assert_eq!(reply.json(), json!({ "type": kind, "account": account }));
        }
        rig
    }

    async fn pay(&self, number: &str, sharing: bool) -> String {
        let mut order = partner_order("native", number);
        order["amount"]["total"] = json!(10_000);
        order["settle_info"] = json!({ "profit_sharing": sharing });
        let reply = self
            .merchant
            .post("/v3/pay/partner/transactions/native", &order)
            .await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
        self.sandbox.set_notify_enabled(false);
        let id = self
            .sandbox
            .pay(number, Buyer::Alice)
            .unwrap()
            .transaction_id
            .unwrap();
        self.sandbox.clock().run_until_idle().await.unwrap();
        self.sandbox.set_notify_enabled(true);
        id
    }

    async fn add(&self, kind: &str, account: &str) -> Reply {
        let body = json!({
            "appid": DEMO_APPID, "type": kind, "account": account, "name": "某某有限公司",
            "relation_type": "SUPPLIER",
        });
        self.merchant
            .post(&format!("{ECOMMERCE}/receivers/add"), &body)
            .await
    }

    fn share(&self, number: &str, receivers: &[(&str, &str, i64)], finish: bool) -> Value {
        let receivers: Vec<Value> = receivers
            .iter()
            .map(|(kind, account, amount)| {
                json!({ "type": kind, "receiver_account": account, "amount": amount, "description": "分给供应商" })
            })
            .collect();
        json!({
            "appid": DEMO_APPID, "sub_mchid": DEMO_SUB_MCHID, "transaction_id": self.transaction_id,
            "out_order_no": number, "receivers": receivers, "finish": finish,
        })
    }

    async fn post(&self, path: &str, body: &Value) -> Reply {
        let reply = self.merchant.post(&format!("{ECOMMERCE}/{path}"), body).await;
        self.merchant.verify(&reply).await.unwrap();
        reply
    }

    async fn query(&self, number: &str) -> Value {
        let target = format!(
            "{ECOMMERCE}/orders?sub_mchid={DEMO_SUB_MCHID}&transaction_id={}&out_order_no={number}",
            self.transaction_id
        );
        let reply = self.merchant.get(&target).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
        self.merchant.verify(&reply).await.unwrap();
        reply.json()
    }

    async fn left(&self) -> i64 {
        let target = format!("{ECOMMERCE}/orders/{}/amounts", self.transaction_id);
        self.merchant.get(&target).await.json()["unsplit_amount"]
            .as_i64()
            .unwrap()
    }

    async fn pass(&self, time: Duration) {
        self.sandbox.clock().advance(time).await.unwrap();
    }

    fn give_back(&self, number: &str, amount: i64) -> Value {
        json!({
            "sub_mchid": DEMO_SUB_MCHID, "out_order_no": "share-1", "out_return_no": number,
            "return_mchid": OTHER, "amount": amount, "description": "退货",
        })
    }
}

fn invalid() -> (u16, String) {
    (400, "INVALID_REQUEST".to_owned())
}

#[tokio::test]
async fn a_share_is_accepted_then_paid_out_and_told_to_the_receiver() {
    let rig = Rig::start().await;
    // 100.00 less 0.60 of the fee.
    assert_eq!(rig.left().await, 9940);
    let mut share = rig.share(
        "share-1",
        &[("MERCHANT_ID", OTHER, 1000), ("PERSONAL_OPENID", "oReceiver", 40)],
        false,
    );
    share["receivers"][1]["receiver_name"] = json!(encrypted("张三"));
    let reply = rig.post("orders", &share).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    let accepted = reply.json();
    assert_eq!(accepted["status"], "PROCESSING");
    assert_eq!(accepted["receivers"][0]["result"], "PENDING");
    assert_eq!(accepted["receivers"][0]["receiver_account"], OTHER);
    assert_eq!(rig.left().await, 8900);
    assert_eq!(rig.query("share-1").await, accepted);

    rig.pass(SETTLED).await;
    let done = rig.query("share-1").await;
    assert_eq!(done["status"], "FINISHED");
    assert_eq!(done["receivers"][1]["result"], "SUCCESS");
    assert_eq!(done["receivers"][1]["finish_time"], "2026-01-05T09:00:03+08:00");
    assert_eq!(rig.sandbox.balance(OTHER, Account::Basic), 1000);
    assert_eq!(rig.sandbox.balance(DEMO_SUB_MCHID, Account::Basic), 9940 - 1040);

    // The receiver is told, with its own key. The event is called like a payment.
    let arrival = rig.shop.arrivals().pop().unwrap();
    let (envelope, resource) = opened_with(&rig.sandbox, &arrival, OTHER_KEY).await;
    assert_eq!(envelope["summary"], "分账");
    assert_eq!(envelope["event_type"], "TRANSACTION.SUCCESS");
    assert_eq!(envelope["resource"]["original_type"], "profitsharing");
    assert_eq!(resource["sp_mchid"], DEMO_MCHID);
    assert_eq!(resource["out_order_no"], "share-1");
    assert_eq!(resource["order_id"], accepted["order_id"]);
    assert_eq!(
        resource["receiver"],
        json!({ "type": "MERCHANT_ID", "account": OTHER, "amount": 1000, "description": "分给供应商" })
    );
    assert_eq!(rig.shop.arrivals().len(), 1, "an openid is not told");

    // The same again, though a ciphertext differs each time.
    share["receivers"][1]["receiver_name"] = json!(encrypted("张三"));
    assert_eq!(rig.post("orders", &share).await.json(), done);
    share["receivers"][0]["amount"] = json!(1001);
    let reply = rig.post("orders", &share).await;
    assert_eq!((refusal(&reply), reply.number()), (invalid(), 268_498_688));
    assert_eq!(rig.sandbox.shares_of("demo-0001").len(), 1);
}

#[tokio::test]
async fn a_share_keeps_to_what_is_there_and_to_who_is_known() {
    let rig = Rig::start().await;
    let plain = rig.pay("demo-plain", false).await;
    let cases: [(&str, Value, (u16, &str)); 9] = [
        (
            "more than is left",
            rig.share("s", &[("MERCHANT_ID", OTHER, 9941)], false),
            (403, "NOT_ENOUGH"),
        ),
        (
            "unknown receiver",
            rig.share("s", &[("MERCHANT_ID", "1900000003", 1)], false),
            (400, "INVALID_REQUEST"),
        ),
        (
            "known as another kind",
            rig.share("s", &[("PERSONAL_OPENID", OTHER, 1)], false),
            (400, "INVALID_REQUEST"),
        ),
        (
            "the payer",
            rig.share("s", &[("MERCHANT_ID", DEMO_SUB_MCHID, 1)], false),
            (400, "INVALID_REQUEST"),
        ),
        (
            "twice",
            rig.share(
                "s",
                &[("MERCHANT_ID", OTHER, 1), ("MERCHANT_ID", OTHER, 1)],
                false,
            ),
            (400, "INVALID_REQUEST"),
        ),
        (
            "not to be shared",
            {
                let mut share = rig.share("s", &[("MERCHANT_ID", OTHER, 1)], false);
                share["transaction_id"] = json!(plain);
                share
            },
            (400, "INVALID_REQUEST"),
        ),
        (
            "no payment",
            {
                let mut share = rig.share("s", &[("MERCHANT_ID", OTHER, 1)], false);
                share["transaction_id"] = json!("4200000000");
                share
            },
            (400, "INVALID_REQUEST"),
        ),
        ("no receivers", rig.share("s", &[], false), (400, "PARAM_ERROR")),
        (
            "a name in the clear",
            {
                let mut share = rig.share("s", &[("PERSONAL_OPENID", "oReceiver", 1)], false);
                share["receivers"][0]["receiver_name"] = json!("张三");
                share
            },
            (400, "PARAM_ERROR"),
        ),
    ];
    for (what, share, (status, code)) in cases {
        let reply = rig.post("orders", &share).await;
        assert_eq!(
            refusal(&reply),
            (status, code.to_owned()),
            "{what}: {}",
            reply.text()
        );
    }
    assert!(rig.sandbox.shares_of("demo-0001").is_empty());
    // All that is there, to the last fen.
    let share = rig.share("s", &[("MERCHANT_ID", OTHER, 9940)], true);
    assert_eq!(rig.post("orders", &share).await.status, StatusCode::OK);
    assert_eq!(rig.left().await, 0);
}

#[tokio::test]
async fn fifty_calls_share_an_order_and_no_more() {
    let rig = Rig::start().await;
    for number in 0..50 {
        let share = rig.share(&format!("share-{number}"), &[("MERCHANT_ID", OTHER, 1)], false);
        assert_eq!(
            rig.post("orders", &share).await.status,
            StatusCode::OK,
            "{number}"
        );
    }
    let share = rig.share("share-50", &[("MERCHANT_ID", OTHER, 1)], false);
    assert_eq!(refusal(&rig.post("orders", &share).await), invalid());
}

#[tokio::test]
async fn a_ratio_limits_what_is_shared() {
    let rig = Rig::with(|builder| builder.max_share_ratio(3000)).await;
    let share = rig.share("share-1", &[("MERCHANT_ID", OTHER, 3000)], false);
    assert_eq!(rig.post("orders", &share).await.status, StatusCode::OK);
    let share = rig.share("share-2", &[("MERCHANT_ID", OTHER, 1)], false);
    assert_eq!(
        refusal(&rig.post("orders", &share).await),
        (403, "RULE_LIMIT".to_owned())
    );
}

#[tokio::test]
async fn receivers_can_fail_or_be_gone_when_the_money_comes() {
    let rig = Rig::start().await;
    let share = rig.share(
        "share-1",
        &[("MERCHANT_ID", OTHER, 1000), ("PERSONAL_OPENID", "oReceiver", 40)],
        false,
    );
    rig.post("orders", &share).await;
    let gone = json!({ "appid": DEMO_APPID, "type": "PERSONAL_OPENID", "account": "oReceiver" });
    assert_eq!(rig.post("receivers/delete", &gone).await.status, StatusCode::OK);
    assert_eq!(refusal(&rig.post("receivers/delete", &gone).await), invalid());
    assert!(
        rig.sandbox
            .fail_share("share-1", OTHER, ShareFailure::ReceiverHighRisk)
    );
    assert!(
        !rig.sandbox
            .fail_share("share-1", OTHER, ShareFailure::ReceiverHighRisk)
    );
    rig.pass(SETTLED).await;
    let done = rig.query("share-1").await;
    assert_eq!(done["status"], "FINISHED");
    assert_eq!(done["receivers"][0]["fail_reason"], "RECEIVER_HIGH_RISK");
    assert_eq!(done["receivers"][1]["fail_reason"], "NO_RELATION");
    assert_eq!(rig.left().await, 9940, "what failed can be shared again");
    let details = rig.sandbox.shares_of("demo-0001").remove(0).receivers;
    assert!(details.iter().all(|detail| detail.result == ShareResult::Closed));
    assert!(rig.shop.arrivals().is_empty());
}

#[tokio::test]
async fn the_rest_is_released_by_a_number_of_its_own() {
    let rig = Rig::start().await;
    let share = rig.share("share-1", &[("MERCHANT_ID", OTHER, 1000)], false);
    let shared = rig.post("orders", &share).await.json();
    let mut finish = json!({
        "sub_mchid": DEMO_SUB_MCHID, "transaction_id": rig.transaction_id,
        "out_order_no": "share-1", "description": "分账完结",
    });
    // The number of a share responses success and releases nothing, as on the platform.
    let reply = rig.post("finish-order", &finish).await;
    assert_eq!(reply.json()["order_id"], shared["order_id"]);
    assert_eq!(rig.left().await, 8940);
    finish["out_order_no"] = json!("finish-1");
    let reply = rig.post("finish-order", &finish).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    let finished = reply.json();
    assert_eq!(finished["status"], Value::Null);
    assert_eq!(rig.post("finish-order", &finish).await.json(), finished);
    assert_eq!(rig.left().await, 0);
    let query = rig.query("finish-1").await;
    assert_eq!(query["finish_amount"], 8940);
    assert_eq!(query["finish_description"], "分账完结");
    assert_eq!(query["receivers"], Value::Null);
    finish["out_order_no"] = json!("finish-2");
    assert_eq!(
        refusal(&rig.post("finish-order", &finish).await),
        (403, "NOT_ENOUGH".to_owned())
    );
    let share = rig.share("share-2", &[("MERCHANT_ID", OTHER, 1)], false);
    assert_eq!(
        refusal(&rig.post("orders", &share).await),
        (403, "NOT_ENOUGH".to_owned())
    );
}

#[tokio::test]
async fn frozen_money_is_released_by_itself_after_half_a_year() {
    let rig = Rig::start().await;
    rig.pass(180 * DAY).await;
    assert_eq!(rig.left().await, 9940);
    rig.pass(Duration::from_secs(1)).await;
    assert_eq!(rig.left().await, 0);
}

#[tokio::test]
async fn a_receiver_gives_back_what_it_got() {
    let rig = Rig::start().await;
    let share = rig.share(
        "share-1",
        &[("MERCHANT_ID", OTHER, 1000), ("PERSONAL_OPENID", "oReceiver", 40)],
        false,
    );
    rig.post("orders", &share).await;
    assert_eq!(
        refusal(&rig.post("returnorders", &rig.give_back("return-1", 1)).await),
        invalid(),
        "not yet there"
    );
    rig.pass(SETTLED).await;
    let reply = rig.post("returnorders", &rig.give_back("return-1", 600)).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    let accepted = reply.json();
    assert_eq!(accepted["result"], "PROCESSING");
    assert_eq!(accepted["out_order_no"], "share-1");
    rig.pass(SETTLED).await;
    let target = format!(
        "{ECOMMERCE}/returnorders?sub_mchid={DEMO_SUB_MCHID}&out_return_no=return-1&out_order_no=share-1"
    );
    let done = rig.merchant.get(&target).await;
    rig.merchant.verify(&done).await.unwrap();
    assert_eq!(done.json()["result"], "SUCCESS");
    assert_eq!(done.json()["return_no"], accepted["return_no"]);
    assert_eq!(rig.sandbox.balance(OTHER, Account::Basic), 400);
    assert_eq!(rig.left().await, 8900, "what came back is not shared again");
    let envelope: Value = serde_json::from_slice(&rig.shop.arrivals().pop().unwrap().body).unwrap();
    assert_eq!(envelope["summary"], "分账回退");

    assert_eq!(
        rig.post("returnorders", &rig.give_back("return-1", 600))
            .await
            .json(),
        done.json()
    );
    assert_eq!(
        refusal(&rig.post("returnorders", &rig.give_back("return-1", 601)).await),
        invalid()
    );
    assert_eq!(
        refusal(&rig.post("returnorders", &rig.give_back("return-2", 401)).await),
        (403, "NOT_ENOUGH".to_owned())
    );
    let mut to_person = rig.give_back("return-3", 1);
    to_person["return_mchid"] = json!("1900000003");
    assert_eq!(refusal(&rig.post("returnorders", &to_person).await), invalid());
    let mut unnamed = rig.give_back("return-3", 1);
    unnamed.as_object_mut().unwrap().remove("out_order_no");
    assert_eq!(rig.post("returnorders", &unnamed).await.code(), "PARAM_ERROR");
    unnamed["out_order_no"] = json!("share-9");
    assert_eq!(
        rig.post("returnorders", &unnamed).await.code(),
        "RESOURCE_NOT_EXISTS"
    );
    rig.pass(180 * DAY).await;
    assert_eq!(
        refusal(&rig.post("returnorders", &rig.give_back("return-4", 1)).await),
        invalid()
    );
}

#[tokio::test]
async fn what_was_shared_is_not_there_to_be_refunded() {
    let rig = Rig::start().await;
    let share = rig.share("share-1", &[("MERCHANT_ID", OTHER, 1000)], false);
    rig.post("orders", &share).await;
    rig.pass(SETTLED).await;
    let mut refund = json!({
        "sub_mchid": DEMO_SUB_MCHID, "sp_appid": DEMO_APPID, "out_trade_no": "demo-0001",
        "out_refund_no": "refund-1", "amount": { "refund": 9001, "total": 10_000 },
    });
    let path = "/v3/ecommerce/refunds/apply";
    assert_eq!(
        refusal(&rig.merchant.post(path, &refund).await),
        (403, "NOT_ENOUGH".to_owned())
    );
    refund["funds_account"] = json!("AVAILABLE");
    assert_eq!(rig.merchant.post(path, &refund).await.status, StatusCode::OK);
}

#[tokio::test]
async fn each_family_is_for_its_kind_of_merchant() {
    let rig = Rig::start().await;
    let provider = Merchant::with(&rig.sandbox, OTHER, "4F2E", DemoKey::OtherMerchant);
    let no_auth = (403, "NO_AUTH".to_owned());
    let mut share = rig.share("share-1", &[("MERCHANT_ID", DEMO_MCHID, 1)], false);
    share["sub_mchid"] = json!("1900000201");
    let reply = provider.post(&format!("{ECOMMERCE}/orders"), &share).await;
    assert_eq!(refusal(&reply), no_auth);
    let ordinary = json!({
        "sub_mchid": DEMO_SUB_MCHID, "appid": DEMO_APPID, "transaction_id": rig.transaction_id,
        "out_order_no": "share-1", "unfreeze_unsplit": false,
        "receivers": [{ "type": "MERCHANT_ID", "account": OTHER, "amount": 1, "description": "分" }],
    });
    let reply = rig.merchant.post(&format!("{ORDINARY}/orders"), &ordinary).await;
    assert_eq!(refusal(&reply), no_auth);
    // The family is checked before any field.
    let wrong = json!({ "sub_mchid": DEMO_SUB_MCHID, "nonsense": true });
    for (merchant, base, path) in [
        (&rig.merchant, ORDINARY, "orders"),
        (&rig.merchant, ORDINARY, "orders/unfreeze"),
        (&rig.merchant, ORDINARY, "return-orders"),
        (&rig.merchant, ORDINARY, "receivers/add"),
        (&rig.merchant, ORDINARY, "receivers/delete"),
        (&provider, ECOMMERCE, "orders"),
        (&provider, ECOMMERCE, "returnorders"),
        (&provider, ECOMMERCE, "finish-order"),
        (&provider, ECOMMERCE, "receivers/add"),
        (&provider, ECOMMERCE, "receivers/delete"),
        (&provider, "/v3/ecommerce", "refunds/apply"),
        (&provider, "/v3/ecommerce", "fund/withdraw"),
    ] {
        let reply = merchant.post(&format!("{base}/{path}"), &wrong).await;
        assert_eq!(refusal(&reply), no_auth, "{base}/{path}: {}", reply.text());
    }
    for (merchant, target) in [
        (
            &rig.merchant,
            format!("{ORDINARY}/orders/share-1?sub_mchid={DEMO_SUB_MCHID}&x=1"),
        ),
        (&provider, format!("{ECOMMERCE}/orders?x=1")),
        (&provider, format!("{ECOMMERCE}/orders/1/amounts?x=1")),
        (&provider, "/v3/ecommerce/fund/balance/1900000201?x=1".to_owned()),
    ] {
        assert_eq!(refusal(&merchant.get(&target).await), no_auth, "{target}");
    }
    // An order of direct mode is none for the e-commerce family.
    let mut order = direct_order("native", "direct-1");
    order["settle_info"] = json!({ "profit_sharing": true });
    rig.merchant.post("/v3/pay/transactions/native", &order).await;
    let id = rig.sandbox.pay("direct-1", Buyer::Alice).unwrap().transaction_id;
    let mut share = rig.share("share-2", &[("MERCHANT_ID", OTHER, 1)], false);
    share["transaction_id"] = json!(id);
    assert_eq!(refusal(&rig.post("orders", &share).await), invalid());
}

#[tokio::test]
async fn the_ordinary_family_does_the_same_in_its_own_words() {
    let rig = Rig::start().await;
    let provider =
        Merchant::with(&rig.sandbox, OTHER, "4F2E", DemoKey::OtherMerchant).asks_for(DEMO_PUBLIC_KEY_ID);
    let (sub, app) = ("1900000201", "wx0123456789abcdef");
    let mut order = partner_order("native", "provided-1");
    order["sp_mchid"] = json!(OTHER);
    order["sp_appid"] = json!(app);
    order["sub_mchid"] = json!(sub);
    order["settle_info"] = json!({ "profit_sharing": true });
    let reply = provider.post("/v3/pay/partner/transactions/native", &order).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    let id = rig
        .sandbox
        .pay("provided-1", Buyer::Alice)
        .unwrap()
        .transaction_id
        .unwrap();
    let post = async |path: &str, body: &Value| {
        let reply = provider.post(&format!("{ORDINARY}/{path}"), body).await;
        provider.verify(&reply).await.unwrap();
        reply
    };
    let mut receiver = json!({
        "sub_mchid": sub, "appid": app, "type": "MERCHANT_ID", "account": DEMO_MCHID, "relation_type": "PARTNER",
    });
    assert_eq!(
        post("receivers/add", &receiver).await.code(),
        "PARAM_ERROR",
        "without its name"
    );
    receiver["name"] = json!(encrypted("某某有限公司"));
    let reply = post("receivers/add", &receiver).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    assert_eq!(reply.json()["relation_type"], "PARTNER");
    // The name comes back sealed to the certificate of the caller, not as it was sent.
    let sealed = reply.json()["name"].as_str().unwrap().to_owned();
    let key = DemoKey::OtherMerchant
        .load(default_provider().unwrap().as_ref())
        .unwrap();
    let name = key.decrypt(&STANDARD.decode(sealed).unwrap()).unwrap();
    assert_eq!(String::from_utf8(name.to_vec()).unwrap(), "某某有限公司");

    let share = json!({
        "sub_mchid": sub, "appid": app, "transaction_id": id, "out_order_no": "share-1", "unfreeze_unsplit": false,
        "receivers": [{ "type": "MERCHANT_ID", "account": DEMO_MCHID, "amount": 100, "description": "分" }],
    });
    let accepted = post("orders", &share).await;
    assert_eq!(accepted.json()["state"], "PROCESSING", "{}", accepted.text());
    rig.pass(SETTLED).await;
    let target = format!("{ORDINARY}/orders/share-1?transaction_id={id}&sub_mchid={sub}");
    let done = provider.get(&target).await.json();
    assert_eq!(done["state"], "FINISHED");
    assert_eq!(done["receivers"][0]["account"], DEMO_MCHID);
    assert!(done["receivers"][0]["create_time"].is_string());

    let back = json!({
        "sub_mchid": sub, "out_order_no": "share-1", "out_return_no": "return-1",
        "return_mchid": DEMO_MCHID, "amount": 40, "description": "退",
    });
    let reply = post("return-orders", &back).await;
    assert_eq!(reply.json()["result"], "SUCCESS", "at once: {}", reply.text());
    assert!(reply.json()["return_id"].is_string());
    let target = format!("{ORDINARY}/return-orders/return-1?out_order_no=share-1&sub_mchid={sub}");
    assert_eq!(provider.get(&target).await.json(), reply.json());

    let amounts = provider
        .get(&format!("{ORDINARY}/transactions/{id}/amounts"))
        .await;
    assert_eq!(
        amounts.json(),
        json!({ "transaction_id": id, "unsplit_amount": 984 - 100 })
    );
    let config = provider.get(&format!("{ORDINARY}/merchant-configs/{sub}")).await;
    assert_eq!(config.json(), json!({ "sub_mchid": sub, "max_ratio": 10_000 }));
    let rest =
        json!({ "sub_mchid": sub, "transaction_id": id, "out_order_no": "rest-1", "description": "解冻" });
    let reply = post("orders/unfreeze", &rest).await;
    assert_eq!(reply.json()["state"], "FINISHED", "{}", reply.text());
    assert_eq!(reply.json()["receivers"][0]["amount"], 884);
    // Ordinary money is frozen for thirty days only.
    rig.pass(30 * DAY).await;
    let amounts = provider
        .get(&format!("{ORDINARY}/transactions/{id}/amounts"))
        .await;
    assert_eq!(amounts.json()["unsplit_amount"], 0);
}

#[tokio::test]
async fn the_bill_of_a_day_tells_shares_and_returns() {
    let rig = Rig::start().await;
    let share = rig.share("share-1", &[("MERCHANT_ID", OTHER, 1000)], false);
    rig.post("orders", &share).await;
    rig.pass(SETTLED).await;
    rig.post("returnorders", &rig.give_back("return-1", 600)).await;
    rig.pass(SETTLED).await;
    rig.sandbox.clock().next_day_at("10:00").await.unwrap();
    let reply = rig
        .merchant
        .get(&format!("{ORDINARY}/bills?bill_date=2026-01-05"))
        .await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    let url = reply.json()["download_url"].as_str().unwrap().to_owned();
    let file = rig
        .merchant
        .get(url.strip_prefix(&rig.merchant.base_url).unwrap())
        .await;
    let mut bill = wechatpay_core::bills::RowReader::new();
    let mut rows = Vec::new();
    bill.feed(&file.body, |row| {
        rows.push((
            row.get("业务类型").unwrap().to_owned(),
            row.get("分账金额").unwrap().to_owned(),
        ));
        Ok::<_, wechatpay_core::bills::BillFormatError>(())
    })
    .unwrap();
    let summary = bill.finish().unwrap();
    assert_eq!(
        rows,
        [
            ("分账".to_owned(), "10.00".to_owned()),
            ("分账回退".to_owned(), "6.00".to_owned())
        ]
    );
    assert_eq!(summary.get("回退总金额"), Some("6.00"));
    let reply = rig
        .merchant
        .get(&format!("{ORDINARY}/bills?bill_date=2026-01-04"))
        .await;
    assert_eq!(reply.code(), "NO_STATEMENT_EXIST");
}
