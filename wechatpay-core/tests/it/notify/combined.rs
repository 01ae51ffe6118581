//! Confirmation of a combined payment with exactly its orders.

use serde_json::{Value, json};
use wechatpay_core::{
    api::combine::CombinedTransaction,
    notify::{
        CombinedExpectation, CombinedMismatch, ConfirmedCombined, Notification, NotificationError,
        NotificationReceiver, SubOrderExpectation,
    },
    testing::{DEMO_APPID, DEMO_MCHID, DEMO_SUB_MCHID, FakePlatform},
    types::{Currency, Fen, Mchid},
};

use crate::support::providers;

const WHOLE: &str = "COMBINED-1";
const OTHER_SUB_MCHID: &str = "1900000110";

fn sub_order(number: &str, sub_mchid: &str, payment: &str, total: i64) -> Value {
    json!({
        "mchid": DEMO_MCHID, "sub_mchid": sub_mchid, "out_trade_no": number, "trade_state": "SUCCESS",
        "transaction_id": payment, "trade_type": "JSAPI", "bank_type": "CMC", "attach": "CANARY",
        "success_time": "2024-01-01T12:34:56+08:00", "sub_openid": "oCANARY",
        "amount": { "total_amount": total, "currency": "CNY", "payer_amount": total - 1, "payer_currency": "CNY" },
    })
}

fn payment() -> Value {
    json!({
        "combine_appid": DEMO_APPID, "combine_mchid": DEMO_MCHID, "combine_out_trade_no": WHOLE,
        "combine_payer_info": { "openid": "oCANARY" },
        "sub_orders": [
            sub_order("ORDER-A", DEMO_SUB_MCHID, "4200001", 100),
            sub_order("ORDER-B", OTHER_SUB_MCHID, "4200002", 250),
        ],
    })
}

fn expected(number: &str, sub_mchid: &str, total: u32) -> SubOrderExpectation {
    SubOrderExpectation::partner(
        number.parse().unwrap(),
        DEMO_MCHID.parse().unwrap(),
        sub_mchid.parse().unwrap(),
        Fen::from(total),
        Currency::Cny,
    )
}

fn nothing_expected() -> CombinedExpectation {
    CombinedExpectation::new(
        WHOLE.parse().unwrap(),
        DEMO_APPID.parse().unwrap(),
        DEMO_MCHID.parse().unwrap(),
    )
}

/// Expectation with the orders in another sequence than the payment.
fn expectation() -> CombinedExpectation {
    nothing_expected()
        .sub_order(expected("ORDER-B", OTHER_SUB_MCHID, 250))
        .sub_order(expected("ORDER-A", DEMO_SUB_MCHID, 100))
}

struct Rig {
    name: &'static str,
    platform: FakePlatform,
    receiver: NotificationReceiver,
}

fn rigs() -> Vec<Rig> {
    let rig = |(name, provider)| {
        let platform = FakePlatform::with_provider(provider);
        let receiver = platform.receiver();
        Rig {
            name,
            platform,
            receiver,
        }
    };
    providers().into_iter().map(rig).collect()
}

impl Rig {
    async fn notified(&self, resource: &Value) -> Notification<CombinedTransaction> {
        let delivery = self
            .platform
            .delivery("TRANSACTION.SUCCESS", "transaction", resource)
            .build();
        let pending = self.receiver.begin(&delivery.method, delivery.pairs()).unwrap();
        let ready = pending.ready().await.unwrap();
        ready.finish(delivery.body.clone()).unwrap().decode().unwrap()
    }

    async fn check(
        &self,
        expectation: &CombinedExpectation,
        change: impl FnOnce(&mut Value),
    ) -> Result<ConfirmedCombined, CombinedMismatch> {
        let mut resource = payment();
        change(&mut resource);
        self.notified(&resource).await.confirm(expectation)
    }

    /// Returns the differences, as `field` or `field of number`.
    async fn differing(
        &self,
        expectation: &CombinedExpectation,
        change: impl FnOnce(&mut Value),
    ) -> Vec<String> {
        let mismatch = self.check(expectation, change).await.unwrap_err();
        let texts: Vec<String> = mismatch.differences().iter().map(ToString::to_string).collect();
        let shown = format!("{mismatch} {mismatch:?}");
        assert!(!shown.contains("CANARY"), "{shown}");
        assert!(texts.iter().all(|text| shown.contains(text.as_str())), "{shown}");
        texts
    }
}

#[tokio::test]
async fn a_combined_payment_of_all_its_orders_is_confirmed_with_their_numbers_and_totals() {
    for rig in rigs() {
        let confirmed = rig.check(&expectation(), |_| {}).await.unwrap();
        let orders: Vec<(&str, &str, i64, Option<&str>)> = confirmed
            .sub_orders()
            .iter()
            .map(|order| {
                assert_eq!(order.mchid(), &DEMO_MCHID);
                (
                    order.out_trade_no().as_str(),
                    order.transaction_id().as_str(),
                    order.total().get(),
                    order.sub_mchid().map(Mchid::as_str),
                )
            })
            .collect();
        assert_eq!(
            orders,
            [
                ("ORDER-B", "4200002", 250, Some(OTHER_SUB_MCHID)),
                ("ORDER-A", "4200001", 100, Some(DEMO_SUB_MCHID)),
            ],
            "{}",
            rig.name
        );
        assert_eq!(
            confirmed.combine_out_trade_no,
            confirmed.payment().combine_out_trade_no
        );
        let shown = format!("{confirmed:?}");
        assert!(shown.contains("ORDER-A") && !shown.contains("CANARY"), "{shown}");
    }
}

#[tokio::test]
async fn orders_of_ordinary_merchants_have_no_sub_merchant() {
    for rig in rigs() {
        let expectation = nothing_expected().sub_order(SubOrderExpectation::direct(
            "ORDER-A".parse().unwrap(),
            DEMO_MCHID.parse().unwrap(),
            Fen::from(100),
            Currency::Cny,
        ));
        let alone = |resource: &mut Value| {
            resource["sub_orders"].as_array_mut().unwrap().truncate(1);
        };
        let confirmed = rig
            .check(&expectation, |resource| {
                alone(resource);
                resource["sub_orders"][0]["sub_mchid"] = Value::Null;
            })
            .await;
        assert!(confirmed.is_ok(), "{}", rig.name);
        assert_eq!(
            rig.differing(&expectation, alone).await,
            ["sub_mchid of ORDER-A"],
            "{}",
            rig.name
        );
    }
}

/// Name of the change, the change, and the expected differences.
type Case = (&'static str, fn(&mut Value), &'static [&'static str]);

#[tokio::test]
async fn each_field_that_differs_from_an_order_is_named_with_the_order() {
    let cases: [Case; 13] = [
        (
            "another whole",
            |resource| resource["combine_out_trade_no"] = json!("COMBINED-2"),
            &["combine_out_trade_no"],
        ),
        (
            "another app",
            |resource| resource["combine_appid"] = json!("wx0000000000000000"),
            &["combine_appid"],
        ),
        (
            "one is not paid",
            |resource| resource["sub_orders"][1]["trade_state"] = json!("NOTPAY"),
            &["trade_state of ORDER-B"],
        ),
        (
            "one is of an unknown state",
            |resource| resource["sub_orders"][0]["trade_state"] = json!("BRAND_NEW"),
            &["trade_state of ORDER-A"],
        ),
        (
            "one costs less",
            |resource| resource["sub_orders"][0]["amount"]["total_amount"] = json!(99),
            &["amount.total_amount of ORDER-A"],
        ),
        (
            "the amounts are swapped",
            |resource| {
                resource["sub_orders"][0]["amount"]["total_amount"] = json!(250);
                resource["sub_orders"][1]["amount"]["total_amount"] = json!(100);
            },
            &["amount.total_amount of ORDER-B", "amount.total_amount of ORDER-A"],
        ),
        (
            "another currency",
            |resource| resource["sub_orders"][1]["amount"]["currency"] = json!("HKD"),
            &["amount.currency of ORDER-B"],
        ),
        (
            "the payees are swapped",
            |resource| {
                resource["sub_orders"][0]["sub_mchid"] = json!(OTHER_SUB_MCHID);
                resource["sub_orders"][1]["sub_mchid"] = json!(DEMO_SUB_MCHID);
            },
            &["sub_mchid of ORDER-B", "sub_mchid of ORDER-A"],
        ),
        (
            "a payee is missing",
            |resource| resource["sub_orders"][0]["sub_mchid"] = json!(""),
            &["sub_mchid of ORDER-A"],
        ),
        (
            "another initiator of one",
            |resource| resource["sub_orders"][0]["mchid"] = json!("1900000002"),
            &["mchid of ORDER-A", "sub_orders of ORDER-A"],
        ),
        (
            "one is another order",
            |resource| resource["sub_orders"][0]["out_trade_no"] = json!("ORDER-C"),
            &["out_trade_no of ORDER-A", "sub_orders of ORDER-C"],
        ),
        (
            "one payment for two orders",
            |resource| resource["sub_orders"][0]["transaction_id"] = json!("4200002"),
            &["transaction_id of ORDER-A"],
        ),
        (
            "an order twice",
            |resource| resource["sub_orders"][1]["out_trade_no"] = json!("ORDER-A"),
            &["out_trade_no of ORDER-B", "sub_orders of ORDER-A"],
        ),
    ];
    for rig in rigs() {
        for (case, change, differing) in cases {
            assert_eq!(
                rig.differing(&expectation(), change).await,
                differing,
                "{}: {case}",
                rig.name
            );
        }
        // What the payer gave, and a currency that is left out, do not count.
        let confirmed = rig
            .check(&expectation(), |resource| {
                resource["sub_orders"][0]["amount"]["payer_amount"] = json!(1);
                resource["sub_orders"][0]["amount"]["currency"] = Value::Null;
            })
            .await;
        assert!(confirmed.is_ok(), "{}", rig.name);
    }
}

#[tokio::test]
async fn exactly_the_expected_orders_must_be_paid() {
    for rig in rigs() {
        let extra = |resource: &mut Value| {
            let orders = resource["sub_orders"].as_array_mut().unwrap();
            orders.push(sub_order("ORDER-C", DEMO_SUB_MCHID, "4200003", 1));
        };
        assert_eq!(
            rig.differing(&expectation(), extra).await,
            ["sub_orders of ORDER-C"],
            "{}",
            rig.name
        );
        let missing = |resource: &mut Value| {
            resource["sub_orders"].as_array_mut().unwrap().truncate(1);
        };
        assert_eq!(
            rig.differing(&expectation(), missing).await,
            ["out_trade_no of ORDER-B"],
            "{}",
            rig.name
        );
        let twice = expectation().sub_order(expected("ORDER-A", DEMO_SUB_MCHID, 100));
        assert_eq!(
            rig.differing(&twice, |_| {}).await,
            ["out_trade_no of ORDER-A"],
            "{}",
            rig.name
        );
        assert_eq!(
            rig.differing(&nothing_expected(), |_| {}).await,
            ["sub_orders", "sub_orders of ORDER-A", "sub_orders of ORDER-B"],
            "{}",
            rig.name
        );
        let mismatch = rig.check(&nothing_expected(), |_| {}).await.unwrap_err();
        let whole = &mismatch.differences()[0];
        assert_eq!((whole.out_trade_no(), whole.field()), (None, "sub_orders"));
    }
}

/// Checks the query of an unpaid order, which has neither amounts nor platform numbers.
#[tokio::test]
async fn an_unpaid_queried_combined_payment_is_only_unpaid() {
    let unpaid = |number: &str, sub_mchid: &str| {
        json!({
            "mchid": DEMO_MCHID, "sub_mchid": sub_mchid, "out_trade_no": number, "trade_state": "NOTPAY",
        })
    };
    let response = json!({
        "combine_appid": DEMO_APPID, "combine_mchid": DEMO_MCHID, "combine_out_trade_no": WHOLE,
        "sub_orders": [unpaid("ORDER-A", DEMO_SUB_MCHID), unpaid("ORDER-B", OTHER_SUB_MCHID)],
    });
    for rig in rigs() {
        let query = async |response: &Value| {
            let body = response.to_string();
            let headers = rig.platform.sign(body.as_bytes());
            let pairs = headers
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_slice()));
            let keyed = rig.receiver.verifier().begin(pairs).unwrap().key().await.unwrap();
            let order = keyed
                .verify(body.into())
                .unwrap()
                .json::<CombinedTransaction>()
                .unwrap();
            order.confirm(&expectation())
        };
        let mismatch = query(&response).await.unwrap_err();
        assert!(mismatch.is_only_unpaid(), "{}: {mismatch}", rig.name);
        let mut other = response.clone();
        other["sub_orders"][0]["sub_mchid"] = json!(OTHER_SUB_MCHID);
        let mismatch = query(&other).await.unwrap_err();
        assert!(!mismatch.is_only_unpaid(), "{}: {mismatch}", rig.name);
        let with = async |order: usize, field: &str, value: Value| {
            let mut response = response.clone();
            response["sub_orders"][order][field] = value;
            query(&response).await.unwrap_err().is_only_unpaid()
        };
        // What is there and differs is a difference, whatever the state; what is given back or of an unknown state was paid.
        assert!(with(1, "trade_state", json!("CLOSED")).await);
        assert!(with(0, "amount", json!({"total_amount": 100, "currency": "CNY"})).await);
        assert!(!with(0, "amount", json!({"total_amount": 99, "currency": "CNY"})).await);
        assert!(!with(0, "amount", json!({"total_amount": 100, "currency": "USD"})).await);
        assert!(!with(1, "trade_state", json!("REFUND")).await);
        assert!(!with(1, "trade_state", json!("SOMETHING_NEW")).await);
        let mut one_is_paid = response.clone();
        one_is_paid["sub_orders"][0] = payment()["sub_orders"][0].clone();
        let mismatch = query(&one_is_paid).await.unwrap_err();
        assert!(!mismatch.is_only_unpaid(), "{}: {mismatch}", rig.name);
        let mut other = payment();
        other["sub_orders"][0]["amount"]["total_amount"] = json!(99);
        let mismatch = query(&other).await.unwrap_err();
        assert!(!mismatch.is_only_unpaid(), "{}: {mismatch}", rig.name);
        assert!(query(&payment()).await.is_ok(), "{}", rig.name);
    }
}

/// Checks a receiver with a list of sub-merchants.
///
/// It rejects a combined payment with a part for any other sub-merchant.
#[tokio::test]
async fn each_part_of_a_combined_payment_is_for_a_sub_merchant_that_is_listed() {
    for rig in rigs() {
        let delivery = rig
            .platform
            .delivery("TRANSACTION.SUCCESS", "transaction", &payment())
            .build();
        for (listed, fits) in [
            (vec![], true),
            (vec![DEMO_SUB_MCHID], false),
            (vec![OTHER_SUB_MCHID], false),
            (vec![DEMO_SUB_MCHID, OTHER_SUB_MCHID], true),
        ] {
            let mut receiver = rig.platform.receiver_builder();
            for sub_mchid in &listed {
                receiver = receiver.sub_mchid(sub_mchid.parse().unwrap());
            }
            let receiver = receiver.build().unwrap();
            let pending = receiver.begin(&delivery.method, delivery.pairs()).unwrap();
            let outcome = pending.ready().await.unwrap().finish(delivery.body.clone());
            match outcome {
                Ok(_) => assert!(fits, "{}: {listed:?}", rig.name),
                Err(NotificationError::WrongMerchant { field }) => {
                    assert!(!fits, "{}: {listed:?}", rig.name);
                    assert_eq!(field, "sub_orders.sub_mchid");
                }
                Err(error) => panic!("{}: {listed:?}: {error}", rig.name),
            }
        }
    }
}
