//! What does not decide never refuses: every member of a genuine message that may be odd, and every one that may not.

use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::{Value, json};
use wechatpay_core::{
    api::{
        combine::CombinedTransaction,
        ecommerce,
        funds::{Balance, WithdrawalNotice},
        profit_sharing::{ShareResult, SharingNotice},
        refunds::RefundNotice,
        transactions::Transaction,
    },
    notify::{
        AnyNotification, AnyResource, CombinedExpectation, Expectation, Notification, NotificationError,
        NotificationReceiver, Payee, Resource, SubOrderExpectation, VerifiedNotification,
    },
    testing::{DEMO_APPID, DEMO_MCHID, DEMO_SUB_MCHID, Delivery, DeliveryBuilder, FakePlatform},
    types::{Currency, Fen},
    verify::{JsonError, Verified},
};

const ORDER: &str = "1217752501201407033233368018";
const PAYMENT: &str = "4200001234202401011234567890";
const OTHERS: &str = "1900000333";

struct Rig {
    platform: FakePlatform,
    receiver: NotificationReceiver,
}

impl Rig {
    fn new() -> Self {
        let platform = FakePlatform::new();
        let receiver = platform.receiver();
        Self { platform, receiver }
    }

    fn receive(&self, delivery: &Delivery) -> Result<VerifiedNotification, NotificationError> {
        let pending = self.receiver.begin(&delivery.method, delivery.pairs())?;
        let ready = pending.ready();
        let ready = futures_ready(ready)?;
        ready.finish(delivery.body.clone())
    }

    fn decode<T: Resource>(
        &self,
        event: &str,
        original: &str,
        text: &str,
    ) -> Result<Notification<T>, NotificationError> {
        self.receive(&self.delivery(event, original, text).build())?
            .decode()
    }

    fn delivery(&self, event: &str, original: &str, text: &str) -> DeliveryBuilder {
        self.platform
            .delivery(event, original, &Value::Null)
            .plaintext(text)
    }

    fn payment(&self, text: &str) -> Result<Notification<Transaction>, NotificationError> {
        self.decode("TRANSACTION.SUCCESS", "transaction", text)
    }

    fn changed(&self, change: impl FnOnce(&mut Value)) -> Notification<Transaction> {
        let mut resource = self.platform.payment_resource(ORDER, 100);
        change(&mut resource);
        self.payment(&resource.to_string())
            .unwrap_or_else(|error| panic!("{resource}: {}", with_cause(&error)))
    }

    /// Reads a signed response.
    fn response<T: serde::de::DeserializeOwned>(&self, text: &str) -> Result<Verified<T>, JsonError> {
        let headers = self.platform.sign(text.as_bytes());
        let pairs = headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_slice()));
        let pending = self.receiver.verifier().begin(pairs).unwrap();
        let body = futures_ready(pending.key()).unwrap();
        body.verify(text.to_owned().into()).unwrap().json()
    }
}

static RIG: LazyLock<Rig> = LazyLock::new(Rig::new);

/// The key is pinned, so nothing is waited for.
fn futures_ready<F: Future>(future: F) -> F::Output {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match future.as_mut().poll(&mut context) {
        std::task::Poll::Ready(output) => output,
        std::task::Poll::Pending => panic!("a pinned key is waited for"),
    }
}

fn with_cause(error: &NotificationError) -> String {
    let cause = std::error::Error::source(error).map(|cause| format!(": {cause}"));
    format!("{error}{}", cause.unwrap_or_default())
}

fn expectation() -> Expectation {
    let payee = Payee::Partner {
        sp_appid: DEMO_APPID.parse().unwrap(),
        sp_mchid: DEMO_MCHID.parse().unwrap(),
        sub_mchid: DEMO_SUB_MCHID.parse().unwrap(),
    };
    Expectation::new(ORDER.parse().unwrap(), payee, Fen::from(100), Currency::Cny)
}

// The envelope.

#[test]
fn the_time_of_the_envelope_decides_nothing() {
    let rig = Rig::new();
    let created = |value: Value| {
        let builder = rig.platform.payment_builder(ORDER, 100);
        let delivery = builder.envelope("create_time", value).build();
        rig.receive(&delivery).unwrap().decode::<Transaction>().unwrap()
    };
    for (value, at) in [
        (json!("20180225112233"), "2018-02-25T11:22:33+08:00"),
        (json!("2018-02-25 11:22:33"), "2018-02-25T11:22:33+08:00"),
        (json!("2018-02-25T11:22:33 +08:00"), "2018-02-25T11:22:33+08:00"),
        (json!("1519528953"), "2018-02-25T11:22:33+08:00"),
        (json!(1_519_528_953), "2018-02-25T11:22:33+08:00"),
    ] {
        let paid = created(value.clone());
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        assert_eq!(paid.notification().create_time().unwrap().to_string(), at);
        assert_eq!(paid.notification().create_time_text(), Some(text.as_str()));
        assert_eq!(paid.unread(), [""; 0], "{value}");
    }
    for value in [json!("yesterday"), json!(true), json!({}), json!([1]), json!(1.5)] {
        let paid = created(value.clone());
        assert_eq!(paid.notification().create_time(), None, "{value}");
        assert_eq!(paid.unread(), ["envelope.create_time"], "{value}");
        assert!(paid.expect(&expectation()).is_ok());
    }
    assert_eq!(
        created(json!("yesterday")).notification().create_time_text(),
        Some("yesterday")
    );
    for value in [json!(""), Value::Null] {
        let paid = created(value);
        assert_eq!(
            (paid.notification().create_time(), paid.unread().len()),
            (None, 0)
        );
    }
}

// A payment.

#[test]
fn an_odd_member_that_decides_nothing_does_not_cost_the_payment() {
    let rig = Rig::new();
    type Change = fn(&mut Value);
    let cases: [(&str, Change, &[&str]); 23] = [
        (
            "an amount alone",
            |paid| paid["promotion_detail"] = json!([{ "amount": 1 }]),
            &[],
        ),
        (
            "a coupon alone",
            |paid| paid["promotion_detail"] = json!([{ "coupon_id": "1" }]),
            &[],
        ),
        (
            "goods without a discount",
            |paid| paid["promotion_detail"] = json!([{ "goods_detail": [{ "goods_id": "1" }] }]),
            &[],
        ),
        (
            "a promotion that is none",
            |paid| paid["promotion_detail"] = json!([7, { "amount": 1 }]),
            &["promotion_detail[0]"],
        ),
        (
            "promotions that are none",
            |paid| paid["promotion_detail"] = json!("none"),
            &["promotion_detail"],
        ),
        (
            "amounts as text",
            |paid| paid["promotion_detail"] = json!([{ "amount": "1", "wechatpay_contribute": " 2" }]),
            &[],
        ),
        (
            "a coupon that is a number",
            |paid| paid["promotion_detail"] = json!([{ "coupon_id": 109_519 }]),
            &[],
        ),
        (
            "one and a half",
            |paid| paid["promotion_detail"] = json!([{ "goods_detail": [{ "quantity": 1.5 }] }]),
            &["promotion_detail[0].goods_detail[0].quantity"],
        ),
        ("no instalments", |paid| paid["installment_info"] = json!({}), &[]),
        (
            "instalments without number",
            |paid| paid["installment_info"] = json!({ "use_subsidy": "true" }),
            &[],
        ),
        ("an empty payer", |paid| paid["payer"] = json!(""), &[]),
        (
            "a payer in a list",
            |paid| paid["payer"] = json!(["o"]),
            &["payer"],
        ),
        (
            "an openid with a blank",
            |paid| paid["payer"]["sp_openid"] = json!("a b"),
            &["payer.sp_openid"],
        ),
        (
            "a negative side amount",
            |paid| paid["amount"]["payer_total"] = json!(-1),
            &["amount.payer_total"],
        ),
        (
            "a side amount as text",
            |paid| paid["amount"]["payer_total"] = json!("100"),
            &[],
        ),
        (
            "a fraction",
            |paid| paid["amount"]["payer_total"] = json!(99.5),
            &["amount.payer_total"],
        ),
        (
            "no time",
            |paid| paid["success_time"] = json!("yesterday"),
            &["success_time"],
        ),
        (
            "a time that is an object",
            |paid| paid["success_time"] = json!({ "at": 1 }),
            &["success_time"],
        ),
        (
            "a device that is a number",
            |paid| paid["scene_info"]["device_id"] = json!(13),
            &[],
        ),
        (
            "a scene that is a text",
            |paid| paid["scene_info"] = json!("shop"),
            &["scene_info"],
        ),
        (
            "an attach that is an object",
            |paid| paid["attach"] = json!({ "order": 1 }),
            &["attach"],
        ),
        (
            "words that are a number",
            |paid| paid["trade_state_desc"] = json!(1),
            &[],
        ),
        (
            "a bank that is a list",
            |paid| paid["bank_type"] = json!(["CMC"]),
            &["bank_type"],
        ),
    ];
    for (case, change, unread) in cases {
        let paid = rig.changed(change);
        assert_eq!(paid.unread(), unread, "{case}");
        let verified = paid.clone().into_verified();
        assert_eq!(verified.unread(), unread, "{case}");
        assert_eq!(verified.unread_text().is_some(), !unread.is_empty(), "{case}");
        assert!(paid.notification().digest().is_ok(), "{case}");
        assert!(paid.expect(&expectation()).is_ok(), "{case}");
    }
}

#[test]
fn a_time_is_read_in_every_spelling() {
    let rig = Rig::new();
    for time in [
        json!("2018-06-08T10:34:56+08:00"),
        json!("2018-06-08T10:34:56 +08:00"),
        json!("2018-06-08T10:34:56"),
        json!("2018-06-08 10:34:56"),
        json!("20180608103456"),
        json!(20_180_608_103_456_u64),
        json!("1528425296"),
        json!(1_528_425_296),
        json!("2018-06-08T10:34:56+08:00 "),
    ] {
        let paid = rig.changed(|paid| paid["success_time"] = time.clone());
        let at = paid.success_time.unwrap().to_string();
        assert_eq!(
            (at.as_str(), paid.unread().len()),
            ("2018-06-08T10:34:56+08:00", 0),
            "{time}"
        );
    }
}

#[test]
fn a_member_that_stands_twice_is_absent_unless_it_decides() {
    let rig = Rig::new();
    let genuine = rig.platform.payment_resource(ORDER, 100).to_string();
    let twice = |member: &str| genuine.replacen('{', &format!("{{{member},"), 1);
    for (member, name) in [
        (r#""attach":"a""#, "attach"),
        (r#""payer":{}"#, "payer"),
        (r#""success_time":1"#, "success_time"),
        (r#""scene_info":{"device_id":"x"}"#, "scene_info"),
        (r#""sp_appid":"wx1""#, "sp_appid"),
    ] {
        let paid = rig.payment(&twice(member)).unwrap();
        assert_eq!(paid.unread(), [name]);
        assert!(paid.notification().digest().is_ok());
    }
    // The app is compared with the order: one that cannot be read confirms nothing.
    let paid = rig.payment(&twice(r#""sp_appid":"wx1""#)).unwrap();
    assert_eq!(paid.expect(&expectation()).unwrap_err().fields(), ["sp_appid"]);
    for (member, name) in [
        (format!(r#""out_trade_no":"{ORDER}""#), "out_trade_no"),
        (format!(r#""transaction_id":"{PAYMENT}""#), "transaction_id"),
        (r#""trade_state":"SUCCESS""#.into(), "trade_state"),
        (format!(r#""sp_mchid":"{DEMO_MCHID}""#), "sp_mchid"),
        (format!(r#""sub_mchid":"{DEMO_SUB_MCHID}""#), "sub_mchid"),
        (r#""amount":{"total":100}"#.into(), "amount"),
    ] {
        let error = rig.payment(&twice(&member)).unwrap_err();
        assert_eq!(error.code(), "payload_malformed", "{member}");
        assert!(
            with_cause(&error).contains(&format!("`{name}` stands twice")),
            "{}",
            with_cause(&error)
        );
    }
    let inside = |member: &str| genuine.replacen("\"amount\":{", &format!("\"amount\":{{{member},"), 1);
    assert_eq!(
        rig.payment(&inside(r#""payer_total":1"#)).unwrap().unread(),
        ["amount.payer_total"]
    );
    for (member, name) in [
        (r#""total":100"#, "amount.total"),
        (r#""currency":"CNY""#, "amount.currency"),
    ] {
        let error = rig.payment(&inside(member)).unwrap_err();
        assert!(
            with_cause(&error).contains(&format!("`{name}` stands twice")),
            "{}",
            with_cause(&error)
        );
    }
}

#[test]
fn half_a_surrogate_does_not_cost_the_payment() {
    let rig = Rig::new();
    let genuine = rig.platform.payment_resource(ORDER, 100).to_string();
    for half in ["\\ud83d", "\\ude00", "\\ud83dx"] {
        let paid = rig.payment(&genuine.replacen("自定义数据", half, 1)).unwrap();
        assert!(paid.attach.as_ref().unwrap().starts_with('\u{FFFD}'));
        assert!(paid.notification().digest().is_ok());
        assert!(paid.expect(&expectation()).is_ok());
    }
    // Also where the platform adds a member that nobody knows.
    let added = genuine.replacen('{', "{\"\\ud83d\":\"\\ud83d\",", 1);
    assert!(rig.payment(&added).unwrap().expect(&expectation()).is_ok());
}

#[test]
fn what_decides_is_refused_in_another_type_and_named() {
    let rig = Rig::new();
    let odd = [
        json!(1),
        json!(true),
        json!({}),
        json!([]),
        json!(["x"]),
        json!(1.5),
    ];
    for (pointer, path) in [
        ("/out_trade_no", "out_trade_no"),
        ("/transaction_id", "transaction_id"),
        ("/trade_state", "trade_state"),
        ("/sub_mchid", "sub_mchid"),
        ("/amount", "amount"),
        ("/amount/currency", "amount.currency"),
    ] {
        for value in &odd {
            let mut resource = rig.platform.payment_resource(ORDER, 100);
            *resource.pointer_mut(pointer).unwrap() = value.clone();
            let error = match rig.payment(&resource.to_string()) {
                Err(error) => with_cause(&error),
                Ok(_) => panic!("{path} {value} was taken"),
            };
            assert!(error.contains(&format!("`{path}")), "{path} {value}: {error}");
        }
    }
    for value in [
        json!("100"),
        json!("x"),
        json!(null),
        json!(-1),
        json!(100.5),
        json!({}),
        json!([100]),
    ] {
        let mut resource = rig.platform.payment_resource(ORDER, 100);
        resource["amount"]["total"] = value.clone();
        let error = rig.payment(&resource.to_string()).unwrap_err();
        assert!(with_cause(&error).contains("`amount.total`"), "{value}");
    }
    let mut resource = rig.platform.payment_resource(ORDER, 100);
    resource["amount"] = json!([100, 100, "CNY", "CNY"]);
    assert!(rig.payment(&resource.to_string()).is_err());
}

#[test]
fn what_is_missing_is_named_by_its_whole_path() {
    let rig = Rig::new();
    for (path, name) in [
        ("/out_trade_no", "`out_trade_no` is missing"),
        ("/transaction_id", "`transaction_id` is missing"),
        ("/trade_state", "`trade_state` is missing"),
        ("/sub_mchid", "`sub_mchid` is missing"),
        ("/amount", "`amount.total` is missing"),
        ("/amount/total", "`amount.total` is missing"),
    ] {
        let mut resource = rig.platform.payment_resource(ORDER, 100);
        without(&mut resource, path);
        let error = rig.payment(&resource.to_string()).unwrap_err();
        assert!(with_cause(&error).contains(name), "{}", with_cause(&error));
    }
    let mut resource = refund();
    without(&mut resource, "/amount/refund");
    let error = rig.decode::<RefundNotice>("REFUND.SUCCESS", "refund", &resource.to_string());
    assert!(with_cause(&error.unwrap_err()).contains("`amount.refund` is missing"));
}

fn without(value: &mut Value, pointer: &str) {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    value
        .pointer_mut(parent)
        .unwrap()
        .as_object_mut()
        .unwrap()
        .remove(key);
}

// Apps are listed: then they decide.

#[test]
fn an_app_that_cannot_be_read_is_refused_where_apps_are_listed() {
    let rig = Rig::new();
    let receiver = rig
        .platform
        .receiver_builder()
        .appid(DEMO_APPID.parse().unwrap())
        .build()
        .unwrap();
    let strict = Rig {
        platform: rig.platform.clone(),
        receiver,
    };
    for value in [json!({}), json!(true), json!([]), json!(7)] {
        let mut resource = rig.platform.payment_resource(ORDER, 100);
        resource["sp_appid"] = value.clone();
        assert!(strict.payment(&resource.to_string()).is_err(), "{value}");
        let paid = rig.payment(&resource.to_string()).unwrap();
        assert_eq!(paid.expect(&expectation()).unwrap_err().fields(), ["sp_appid"]);
    }
}

// Refunds, shares, combined payments.

fn refund() -> Value {
    json!({
        "sp_mchid": DEMO_MCHID, "sub_mchid": DEMO_SUB_MCHID, "out_trade_no": ORDER, "transaction_id": PAYMENT,
        "out_refund_no": "R1", "refund_id": "50", "refund_status": "SUCCESS", "user_received_account": "零钱",
        "amount": { "total": 2, "refund": 1, "payer_total": 2, "payer_refund": 1 },
    })
}

#[test]
fn a_refund_is_taken_without_what_decides_nothing() {
    let rig = Rig::new();
    let read = |change: &dyn Fn(&mut Value)| {
        let mut resource = refund();
        change(&mut resource);
        rig.decode::<RefundNotice>("REFUND.SUCCESS", "refund", &resource.to_string())
    };
    let notice = read(&|refund| {
        refund["amount"] = json!({ "total": 2, "refund": 1 });
    })
    .unwrap();
    assert_eq!(
        (notice.amount.payer_total, notice.amount.refund),
        (None, Fen::from(1))
    );
    let notice = read(&|refund| refund["amount"]["payer_refund"] = json!("1")).unwrap();
    assert_eq!(notice.amount.payer_refund, Some(Fen::from(1)));
    let notice = read(&|refund| refund["amount"]["payer_refund"] = json!(-1)).unwrap();
    assert_eq!(notice.unread(), ["amount.payer_refund"]);

    // A personal payee (个人收款) has no merchant id.
    let personal = |refund: &mut Value| {
        without(refund, "/sub_mchid");
        refund["individual_auth_id"] = json!("9876500000");
    };
    let notice = read(&personal).unwrap();
    assert_eq!(notice.individual_auth_id.as_ref().unwrap().as_str(), "9876500000");
    assert_eq!(notice.sub_mchid, None);
    assert!(!format!("{:?}", notice.resource()).contains("9876500000"));

    for (case, field) in [
        ("/refund_status", "`refund_status` is missing"),
        ("/out_refund_no", "`out_refund_no` is missing"),
        ("/sub_mchid", "`sub_mchid` is missing"),
        ("/amount", "`amount` is missing"),
        ("/amount/total", "`amount.total` is missing"),
    ] {
        let error = read(&|refund| without(refund, case)).unwrap_err();
        assert!(with_cause(&error).contains(field), "{}", with_cause(&error));
    }
    for amount in ["total", "refund"] {
        let error = read(&|refund| refund["amount"][amount] = json!("1")).unwrap_err();
        assert!(with_cause(&error).contains(&format!("`amount.{amount}`")));
    }
}

fn share() -> Value {
    json!({
        "sp_mchid": OTHERS, "sub_mchid": DEMO_SUB_MCHID, "transaction_id": PAYMENT, "order_id": "30",
        "out_order_no": "S1", "success_time": "2024-01-01T00:00:00+08:00",
        "receiver": { "type": "MERCHANT_ID", "account": DEMO_MCHID, "amount": 1, "description": "x" },
    })
}

#[test]
fn a_share_of_another_provider_is_ours_by_one_rule() {
    let rig = Rig::new();
    let take = |event: &str, original: Value, change: &dyn Fn(&mut Value)| {
        let mut resource = share();
        change(&mut resource);
        let delivery = rig
            .delivery(event, "profitsharing", &resource.to_string())
            .original_type(original)
            .build();
        rig.receive(&delivery)?.decode::<SharingNotice>()
    };
    let unchanged = |_: &mut Value| {};
    for event in ["PROFITSHARING.SUCCESS", "PROFITSHARING.RETURN"] {
        for original in [json!("profitsharing"), json!(""), Value::Null] {
            assert!(
                take(event, original.clone(), &unchanged).is_ok(),
                "{event} {original}"
            );
        }
    }
    for change in [
        |share: &mut Value| without(share, "/sub_mchid"),
        |share: &mut Value| without(share, "/success_time"),
        |share: &mut Value| without(share, "/receiver/type"),
        |share: &mut Value| without(share, "/receiver/description"),
        |share: &mut Value| share["receiver"]["description"] = json!({}),
        |share: &mut Value| share["success_time"] = json!("yesterday"),
    ] {
        assert!(take("PROFITSHARING.SUCCESS", Value::Null, &change).is_ok());
    }
    // A payment's event says that it is a share by the original type alone.
    assert!(take("TRANSACTION.SUCCESS", json!("profitsharing"), &unchanged).is_ok());
    let error = take("TRANSACTION.SUCCESS", Value::Null, &unchanged).unwrap_err();
    assert_eq!(error.code(), "wrong_merchant");
    // And it must be ours.
    let others = |share: &mut Value| share["receiver"]["account"] = json!("1900000334");
    let error = take("PROFITSHARING.SUCCESS", Value::Null, &others).unwrap_err();
    assert_eq!(error.code(), "wrong_merchant");
    for (member, value) in [("account", json!(["x"])), ("amount", json!("1"))] {
        assert!(
            take("PROFITSHARING.SUCCESS", Value::Null, &|share| share["receiver"]
                [member] =
                value.clone())
            .is_err()
        );
    }
}

fn combined() -> Value {
    let order = |number: &str, payment: &str| {
        json!({
            "mchid": DEMO_MCHID, "sub_mchid": DEMO_SUB_MCHID, "out_trade_no": number, "trade_state": "SUCCESS",
            "transaction_id": payment, "amount": { "total_amount": 10, "payer_amount": 10, "currency": "CNY" },
        })
    };
    json!({
        "combine_appid": DEMO_APPID, "combine_mchid": DEMO_MCHID, "combine_out_trade_no": "COMBINED-1",
        "sub_orders": [order("ORDER-1", "41"), order("ORDER-2", "42")],
    })
}

fn combined_expectation() -> CombinedExpectation {
    let order = |number: &str| {
        SubOrderExpectation::partner(
            number.parse().unwrap(),
            DEMO_MCHID.parse().unwrap(),
            DEMO_SUB_MCHID.parse().unwrap(),
            Fen::from(10),
            Currency::Cny,
        )
    };
    let whole = "COMBINED-1".parse().unwrap();
    CombinedExpectation::new(whole, DEMO_APPID.parse().unwrap(), DEMO_MCHID.parse().unwrap())
        .sub_order(order("ORDER-1"))
        .sub_order(order("ORDER-2"))
}

#[test]
fn a_combined_payment_is_as_lenient_and_as_strict_as_a_single_one() {
    let rig = Rig::new();
    type Change = fn(&mut Value);
    let read = |change: Change| {
        let mut resource = combined();
        change(&mut resource);
        rig.decode::<CombinedTransaction>("TRANSACTION.SUCCESS", "transaction", &resource.to_string())
    };
    let lenient: [(Change, &[&str]); 6] = [
        (
            |paid| paid["sub_orders"][0]["promotion_detail"] = json!([{ "name": "x", "amount": 1 }]),
            &[],
        ),
        (
            |paid| paid["sub_orders"][1]["promotion_detail"] = json!([7]),
            &["sub_orders[1].promotion_detail[0]"],
        ),
        (
            |paid| paid["sub_orders"][1]["success_time"] = json!("yesterday"),
            &["sub_orders[1].success_time"],
        ),
        (
            |paid| paid["sub_orders"][0]["amount"]["payer_amount"] = json!(-1),
            &["sub_orders[0].amount.payer_amount"],
        ),
        (
            |paid| paid["combine_payer_info"] = json!("nobody"),
            &["combine_payer_info"],
        ),
        (|paid| paid["installment_info"] = json!({}), &[]),
    ];
    for (change, unread) in lenient {
        let paid = read(change).unwrap();
        assert_eq!(paid.unread(), unread);
        assert!(paid.expect(&combined_expectation()).is_ok());
    }
    let strict: [(Change, &str); 7] = [
        (|paid| paid["sub_orders"][1] = json!("none"), "`sub_orders[1]`"),
        (
            |paid| paid["sub_orders"][1]["out_trade_no"] = json!(1),
            "`sub_orders[1].out_trade_no`",
        ),
        (
            |paid| paid["sub_orders"][1]["trade_state"] = json!([]),
            "`sub_orders[1].trade_state`",
        ),
        (
            |paid| paid["sub_orders"][1]["amount"]["total_amount"] = json!("10"),
            "`sub_orders[1].amount.total_amount`",
        ),
        (
            |paid| paid["sub_orders"][1]["amount"]["currency"] = json!({}),
            "`sub_orders[1].amount.currency`",
        ),
        (
            |paid| without(paid, "/sub_orders/1/mchid"),
            "`sub_orders[1].mchid` is missing",
        ),
        (
            |paid| without(paid, "/sub_orders/1/trade_state"),
            "`sub_orders[1].trade_state` is missing",
        ),
    ];
    for (change, named) in strict {
        let error = with_cause(&read(change).unwrap_err());
        assert!(error.contains(named), "{named}: {error}");
    }
    // The app is optional to read, and decides when it is compared.
    let paid = read(|paid| without(paid, "/combine_appid")).unwrap();
    assert!(paid.expect(&combined_expectation()).is_err());
}

#[test]
fn a_withdrawal_keeps_to_the_same_rules() {
    let rig = Rig::new();
    let withdrawal = json!({
        "sp_mchid": DEMO_MCHID, "sub_mchid": DEMO_SUB_MCHID, "status": "SUCCESS", "withdraw_id": "12",
        "out_request_no": "W1", "amount": 5, "create_time": "2024-01-01T00:00:00+08:00",
    });
    let read = |member: &str, value: Value| {
        let mut resource = withdrawal.clone();
        resource[member] = value;
        rig.decode::<WithdrawalNotice>("MCHWITHDRAW.CHANGE", "mch_withdraw", &resource.to_string())
    };
    for (member, value) in [
        ("create_time", json!("soon")),
        ("remark", json!([])),
        ("account_number", json!(7)),
    ] {
        assert!(read(member, value).is_ok(), "{member}");
    }
    for (member, value) in [
        ("amount", json!("5")),
        ("withdraw_id", json!(12)),
        ("status", json!({})),
        ("status", json!("")),
    ] {
        assert!(read(member, value).is_err(), "{member}");
    }
}

// A route that takes everything.

#[test]
fn a_route_for_all_kinds_refuses_none() {
    let rig = Rig::new();
    let take = |event: &str, original: &str, resource: &Value| {
        rig.decode::<AnyResource>(event, original, &resource.to_string())
    };
    let overseas = json!({
        "id": "1008450740201411110005820873", "appid": DEMO_APPID, "mchid": DEMO_MCHID, "out_trade_no": ORDER,
        "amount": { "total": 528_800, "currency": "HKD" }, "trade_state": "SUCCESS", "payer": { "openid": "o" },
    });
    let parking = json!({
        "appid": DEMO_APPID, "sp_mchid": DEMO_MCHID, "out_trade_no": ORDER, "trade_state": "SUCCESS",
        "transaction_id": PAYMENT, "trade_scene": "PARKING", "amount": { "total": 100, "currency": "CNY" },
    });
    let mut as_text = rig.platform.payment_resource(ORDER, 100);
    as_text["amount"]["total"] = json!("100");
    for (event, original, resource, reason) in [
        (
            "TRANSACTION.SUCCESS",
            "transaction",
            overseas,
            "`transaction_id` is missing",
        ),
        (
            "TRANSACTION.SUCCESS",
            "transaction",
            parking,
            "`sub_mchid` is missing",
        ),
        (
            "TRANSACTION.SUCCESS",
            "transaction",
            as_text,
            "`amount.total` has another JSON type",
        ),
        (
            "TRANSACTION.SUCCESS",
            "transaction",
            json!({}),
            "`out_trade_no` is missing",
        ),
        (
            "REFUND.SUCCESS",
            "refund",
            json!({ "mchid": DEMO_MCHID }),
            "`out_trade_no` is missing",
        ),
        (
            "MCHWITHDRAW.CHANGE",
            "mch_withdraw",
            json!({ "amount": {} }),
            "`amount`",
        ),
        (
            "SECURITY_ECHO.SUCCESS",
            "security",
            json!({}),
            "`echo_message` is missing",
        ),
    ] {
        let taken = take(event, original, &resource).unwrap();
        let AnyNotification::Other(raw) = taken.by_kind() else {
            panic!("{event} {resource} became a kind");
        };
        assert!(
            raw.reason().unwrap().to_string().contains(reason),
            "{event}: {:?}",
            raw.reason()
        );
        assert_eq!(serde_json::from_str::<Value>(raw.json()).unwrap(), resource);
    }
    let taken = take("TRANSACTION.SUCCESS", "transaction", &{
        let mut resource = rig.platform.payment_resource(ORDER, 100);
        resource["payer"] = json!(7);
        resource
    })
    .unwrap();
    assert_eq!(taken.unread(), ["payer"]);
    let AnyNotification::Transaction(paid) = taken.by_kind() else {
        panic!("a payment is a payment");
    };
    assert_eq!(paid.unread(), ["payer"]);

    // A kind without a type, with half a surrogate and a doubled member.
    let text = r#"{"mchid":"1900000001","x":"\ud83d","y":1,"y":2}"#.replace("1900000001", DEMO_MCHID);
    let taken = rig
        .decode::<AnyResource>("BRAND.NEW", "brand_new", &text)
        .unwrap();
    let AnyNotification::Other(raw) = taken.by_kind() else {
        panic!("nobody knows this kind");
    };
    assert_eq!((raw.json(), raw.reason()), (text.as_str(), None));
    #[derive(Debug, serde::Deserialize)]
    struct Own {
        mchid: String,
        y: Option<i64>,
    }
    let own: Own = raw.parse().unwrap();
    assert_eq!((own.mchid.as_str(), own.y), (DEMO_MCHID, None));
}

#[test]
fn the_merchant_of_a_resource_is_checked_however_it_is_written() {
    let rig = Rig::new();
    let ours: u64 = DEMO_MCHID.parse().unwrap();
    for (member, value, fits) in [
        ("mch_id", json!(DEMO_MCHID), true),
        ("mch_id", json!(ours), true),
        ("mch_id", json!("1999999999"), false),
        ("mch_id", json!(1_999_999_999_u64), false),
        ("mchid", json!(ours), true),
        ("mchid", json!(1_999_999_999_u64), false),
        ("sp_mchid", json!(ours), true),
        ("combine_mchid", json!(1_999_999_999_u64), false),
        ("sub_mchid", json!(1_999_999_999_u64), true),
    ] {
        let resource = json!({ member: value });
        let taken =
            rig.decode::<AnyResource>("MCHTRANSFER.BILL.FINISHED", "mch_payment", &resource.to_string());
        assert_eq!(taken.is_ok(), fits, "{resource}");
        if let Err(error) = taken {
            assert_eq!(error.code(), "wrong_merchant", "{resource}");
        }
    }
    for text in [
        format!(r#"{{"mch_id":"{DEMO_MCHID}","mch_id":"1999999999"}}"#),
        r#"{"mchid":{}}"#.to_owned(),
        r#"{"mchid":1.5}"#.to_owned(),
        r#"{"sp_mchid":["1900000001"]}"#.to_owned(),
        r#"{"mchid":true}"#.to_owned(),
    ] {
        let error = rig
            .decode::<AnyResource>("BRAND.NEW", "brand_new", &text)
            .unwrap_err();
        assert_eq!(error.code(), "payload_malformed", "{text}");
    }
}

// Types of the application's own.

#[derive(Debug, serde::Deserialize)]
struct Transfer {
    out_bill_no: String,
    transfer_amount: i64,
    update_time: Option<i64>,
}

impl Resource for Transfer {
    const DECIDES: &'static [&'static str] = &["out_bill_no", "transfer_amount"];

    fn accepts(notification: &VerifiedNotification) -> bool {
        notification.event_type().as_str() == "MCHTRANSFER.BILL.FINISHED"
    }

    fn read(notification: &VerifiedNotification) -> Result<Self, wechatpay_core::notify::Shape> {
        notification.json()
    }
}

#[test]
fn a_type_of_ones_own_says_what_decides() {
    let rig = Rig::new();
    let read = |resource: Value| {
        rig.decode::<Transfer>("MCHTRANSFER.BILL.FINISHED", "mch_payment", &resource.to_string())
    };
    let odd = read(json!({ "out_bill_no": "B1", "transfer_amount": 5, "update_time": "soon" })).unwrap();
    assert_eq!(
        (odd.unread(), odd.update_time),
        (&["update_time".to_owned()][..], None)
    );
    assert_eq!((odd.out_bill_no.as_str(), odd.transfer_amount), ("B1", 5));
    for resource in [
        json!({ "out_bill_no": "B1", "transfer_amount": "5" }),
        json!({ "out_bill_no": 1, "transfer_amount": 5 }),
        json!({ "transfer_amount": 5 }),
    ] {
        assert!(read(resource).is_err());
    }
}

// Responses.

#[test]
fn an_odd_member_does_not_hide_a_response() {
    let rig = Rig::new();
    let mut order = rig.platform.payment_resource(ORDER, 100);
    order["promotion_detail"] = json!([{ "amount": "1" }, 7]);
    order["success_time"] = json!("yesterday");
    order["amount"]["payer_total"] = json!(-1);
    let text = order.to_string();
    let found = rig.response::<Transaction>(&text).unwrap();
    assert_eq!(
        found.unread(),
        ["amount.payer_total", "promotion_detail[1]", "success_time"]
    );
    assert_eq!(found.unread_text(), Some(text.as_str()));
    assert_eq!(found.promotion_detail.len(), 1);
    assert!(found.expect(&expectation()).is_ok());
}

#[test]
fn what_decides_is_absent_in_a_response_and_confirms_nothing() {
    let rig = Rig::new();
    let found = |change: &dyn Fn(&mut Value)| {
        let mut order = rig.platform.payment_resource(ORDER, 100);
        change(&mut order);
        rig.response::<Transaction>(&order.to_string()).unwrap()
    };
    for (pointer, value, field) in [
        ("/trade_state", json!({}), "trade_state"),
        ("/transaction_id", json!([]), "transaction_id"),
        ("/amount/total", json!("100"), "amount.total"),
        ("/amount/total", json!(100.0), "amount.total"),
        ("/amount/currency", json!({}), "amount.currency"),
        ("/amount", json!([100, 100, "CNY", "CNY"]), "amount.total"),
        ("/sub_mchid", json!({}), "sub_mchid"),
    ] {
        let order = found(&|order| *order.pointer_mut(pointer).unwrap() = value.clone());
        let mismatch = order.expect(&expectation()).unwrap_err();
        assert!(
            mismatch.fields().contains(&field),
            "{pointer} {value}: {mismatch}"
        );
    }
    let order = found(&|order| without(order, "/trade_state"));
    assert!(order.trade_state.is_absent());
    assert_eq!(
        order.expect(&expectation()).unwrap_err().fields(),
        ["trade_state"]
    );
    // A second merchant that cannot be read is not one that is not there.
    let order = found(&|order| order["mchid"] = json!({}));
    assert_eq!(order.expect(&expectation()).unwrap_err().fields(), ["mchid"]);

    let error = rig
        .response::<Transaction>(r#"{"trade_state":"SUCCESS"}"#)
        .unwrap_err();
    assert_eq!(
        (error.path(), error.to_string().as_str()),
        ("out_trade_no", "`out_trade_no` is missing")
    );

    let combined_found = |change: &dyn Fn(&mut Value)| {
        let mut order = combined();
        change(&mut order);
        rig.response::<CombinedTransaction>(&order.to_string()).unwrap()
    };
    assert!(combined_found(&|_| {}).expect(&combined_expectation()).is_ok());
    let third = combined_found(&|order| {
        order["sub_orders"]
            .as_array_mut()
            .unwrap()
            .push(json!({ "mchid": 1 }));
    });
    assert_eq!(third.unread(), ["sub_orders[2]"]);
    assert!(third.expect(&combined_expectation()).is_err());
    let currency = combined_found(&|order| order["sub_orders"][0]["amount"]["currency"] = json!([]));
    assert!(currency.expect(&combined_expectation()).is_err());
}

#[test]
fn a_share_that_does_not_say_how_it_went_is_read_all_the_same() {
    let rig = Rig::new();
    let share = json!({
        "sub_mchid": DEMO_SUB_MCHID, "transaction_id": PAYMENT, "out_order_no": "P1", "order_id": "67",
        "receivers": [
            { "amount": 100, "type": "MERCHANT_ID", "receiver_account": DEMO_MCHID, "detail_id": "36" },
            { "amount": "5", "result": "SUCCESS", "finish_time": "soon" },
        ],
    });
    let share = rig
        .response::<ecommerce::profit_sharing::SharingOrder>(&share.to_string())
        .unwrap();
    let [unknown, done] = share.receivers.as_slice() else {
        panic!("{:?}", share.receivers);
    };
    assert!(unknown.result.is_absent());
    assert_eq!(
        (unknown.amount, done.amount),
        (Some(Fen::from(100)), Some(Fen::from(5)))
    );
    assert_eq!(done.result, ShareResult::Success);
    assert_eq!(share.unread(), ["receivers[1].finish_time"]);

    let created = format!(r#"{{"sub_mchid":"{DEMO_SUB_MCHID}","transaction_id":"{PAYMENT}"}}"#);
    let created = rig
        .response::<ecommerce::profit_sharing::CreatedAfterSalesOrder>(&created)
        .unwrap();
    assert_eq!(created.amount, None);
    let overdrawn = rig
        .response::<Balance>(r#"{"available_amount":-1,"pending_amount":5}"#)
        .unwrap();
    assert_eq!(
        (overdrawn.available_amount, overdrawn.pending_amount),
        (None, Some(Fen::from(5)))
    );
    assert_eq!(overdrawn.unread(), ["available_amount"]);
}

#[test]
fn an_empty_object_is_as_good_as_no_body() {
    let rig = Rig::new();
    assert!(rig.response::<()>("{}").is_ok());
    assert!(rig.response::<()>("").is_ok());
    assert!(rig.response::<()>("null").is_ok());
    assert!(
        rig.response::<()>(r#"{"code":"SYSTEM_ERROR","message":"x"}"#)
            .is_err()
    );
}

// Anything at all.

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[ -~中]{0,12}".prop_map(Value::from),
        "[0-9]{1,20}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z_]{1,10}", inner, 0..4)
                .prop_map(|members| members.into_iter().collect::<Value>()),
        ]
    })
}

/// A payment with every member that the type has.
fn full_payment(platform: &FakePlatform) -> Value {
    let mut resource = platform.payment_resource(ORDER, 100);
    resource["sub_appid"] = json!("wx2421b1c4370ec43b");
    resource["payer"]["sub_openid"] = json!("oSub");
    resource["installment_info"] = json!({ "use_subsidy": true, "selected_installment_number": 3 });
    resource["promotion_detail"] = json!([{
        "coupon_id": "109519", "name": "单品惠", "scope": "SINGLE", "type": "CASH", "amount": 1, "stock_id": "931386",
        "wechatpay_contribute": 1, "merchant_contribute": 0, "other_contribute": 0, "currency": "CNY",
        "goods_detail": [{ "goods_id": "M1", "quantity": 1, "unit_price": 100, "discount_amount": 1, "goods_remark": "x" }],
    }]);
    resource
}

const SIDE: [&str; 36] = [
    "/sub_appid",
    "/trade_type",
    "/trade_state_desc",
    "/bank_type",
    "/attach",
    "/success_time",
    "/payer",
    "/payer/sp_openid",
    "/payer/sub_openid",
    "/amount/payer_total",
    "/amount/payer_currency",
    "/scene_info",
    "/scene_info/device_id",
    "/installment_info",
    "/installment_info/use_subsidy",
    "/installment_info/selected_installment_number",
    "/promotion_detail",
    "/promotion_detail/0",
    "/promotion_detail/0/coupon_id",
    "/promotion_detail/0/name",
    "/promotion_detail/0/scope",
    "/promotion_detail/0/type",
    "/promotion_detail/0/amount",
    "/promotion_detail/0/stock_id",
    "/promotion_detail/0/wechatpay_contribute",
    "/promotion_detail/0/merchant_contribute",
    "/promotion_detail/0/other_contribute",
    "/promotion_detail/0/currency",
    "/promotion_detail/0/goods_detail",
    "/promotion_detail/0/goods_detail/0",
    "/promotion_detail/0/goods_detail/0/goods_id",
    "/promotion_detail/0/goods_detail/0/quantity",
    "/promotion_detail/0/goods_detail/0/unit_price",
    "/promotion_detail/0/goods_detail/0/discount_amount",
    "/promotion_detail/0/goods_detail/0/goods_remark",
    "/sp_appid",
];

const DECIDING: [&str; 8] = [
    "/out_trade_no",
    "/transaction_id",
    "/trade_state",
    "/sp_mchid",
    "/sub_mchid",
    "/amount",
    "/amount/total",
    "/amount/currency",
];

fn same_type(one: &Value, other: &Value) -> bool {
    std::mem::discriminant(one) == std::mem::discriminant(other)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(384))]

    #[test]
    fn any_value_of_any_member_that_does_not_decide_is_accepted(
        place in prop::sample::select(&SIDE[..]),
        value in any_json(),
        twice in any::<bool>(),
    ) {
        let rig = &*RIG;
        let mut resource = full_payment(&rig.platform);
        *resource.pointer_mut(place).unwrap() = value.clone();
        let mut text = resource.to_string();
        let key = &place[1..];
        if twice && !key.contains('/') {
            text = text.replacen('{', &format!("{{{}:{value},", json!(key)), 1);
        }
        let paid = match rig.payment(&text) {
            Ok(paid) => paid,
            Err(error) => panic!("{text}: {}", with_cause(&error)),
        };
        prop_assert!(paid.notification().digest().is_ok());
        let mismatch = paid.expect(&expectation());
        if place == "/sp_appid" {
            prop_assert_eq!(mismatch.unwrap_err().fields().to_vec(), ["sp_appid"]);
        } else {
            prop_assert!(mismatch.is_ok(), "{}: {:?}", text, mismatch);
        }
    }

    #[test]
    fn no_member_that_decides_is_accepted_in_another_type_or_twice(
        place in prop::sample::select(&DECIDING[..]),
        value in any_json(),
    ) {
        let rig = &*RIG;
        let mut resource = full_payment(&rig.platform);
        let member = resource.pointer_mut(place).unwrap();
        let genuine = member.clone();
        if !same_type(&genuine, &value) && !value.is_null() {
            *member = value.clone();
            prop_assert!(rig.payment(&resource.to_string()).is_err(), "{} {}", place, value);
        }
        let resource = full_payment(&rig.platform).to_string();
        let (parent, key) = place.rsplit_once('/').unwrap();
        let opening = if parent.is_empty() { "{".to_owned() } else { format!("{}:{{", json!(&parent[1..])) };
        let doubled = resource.replacen(&opening, &format!("{opening}{}:{value},", json!(key)), 1);
        prop_assert!(rig.payment(&doubled).is_err(), "{}", doubled);
    }
}
