//! Type of each notification: the cross product of events, original types and shapes.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use wechatpay_core::{
    api::{
        combine::CombinedTransaction, funds::WithdrawalNotice, profit_sharing::SharingNotice,
        refunds::RefundNotice, security::EchoNotice, transactions::Transaction,
    },
    notify::{
        AnyNotification, AnyResource, NotificationError, NotificationReceiver, Resource, VerifiedNotification,
    },
    testing::{DEMO_APPID, DEMO_MCHID, DEMO_SUB_MCHID, Delivery, FakePlatform},
};

use crate::support::providers;

const ORDER: &str = "1217752501201407033233368018";

async fn receive(receiver: &NotificationReceiver, delivery: &Delivery) -> VerifiedNotification {
    let pending = receiver.begin(&delivery.method, delivery.pairs()).unwrap();
    let ready = pending.ready().await.unwrap();
    ready.finish(delivery.body.clone()).unwrap()
}

fn platforms() -> Vec<(&'static str, FakePlatform, NotificationReceiver)> {
    let platform = |(name, provider)| {
        let platform = FakePlatform::with_provider(provider);
        let receiver = platform.receiver();
        (name, platform, receiver)
    };
    providers().into_iter().map(platform).collect()
}

/// Kind of resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Payment,
    Combined,
    Refund,
    Sharing,
    Withdrawal,
    DayEnd,
    Echo,
    Unknown,
}

fn resources(platform: &FakePlatform) -> Vec<(Kind, Value)> {
    let withdrawal = json!({
        "sp_mchid": DEMO_MCHID, "sub_mchid": DEMO_SUB_MCHID, "status": "SUCCESS", "withdraw_id": "12", "out_request_no": "W1",
    });
    let with = |mut value: Value, key: &str| {
        value.as_object_mut().unwrap().insert(key.to_owned(), json!(1));
        value
    };
    vec![
        (Kind::Payment, platform.payment_resource(ORDER, 100)),
        (
            Kind::Combined,
            json!({
                "combine_appid": DEMO_APPID, "combine_mchid": DEMO_MCHID, "combine_out_trade_no": ORDER,
                "sub_orders": [{
                    "mchid": DEMO_MCHID, "sub_mchid": DEMO_SUB_MCHID, "out_trade_no": ORDER, "trade_state": "SUCCESS",
                    "transaction_id": "42", "amount": { "total_amount": 1, "currency": "CNY" },
                }],
            }),
        ),
        (
            Kind::Refund,
            json!({
                "sp_mchid": DEMO_MCHID, "sub_mchid": DEMO_SUB_MCHID, "out_trade_no": ORDER, "transaction_id": "42",
                "out_refund_no": "R1", "refund_id": "50", "refund_status": "SUCCESS",
                "amount": { "total": 1, "refund": 1, "payer_total": 1, "payer_refund": 1 },
            }),
        ),
        (
            Kind::Sharing,
            json!({
                "sp_mchid": DEMO_MCHID, "sub_mchid": DEMO_SUB_MCHID, "transaction_id": "42", "order_id": "30",
                "out_order_no": "S1", "success_time": "2024-01-01T00:00:00+08:00",
                "receiver": { "type": "MERCHANT_ID", "account": DEMO_MCHID, "amount": 1, "description": "x" },
            }),
        ),
        (Kind::Withdrawal, with(withdrawal.clone(), "amount")),
        (Kind::DayEnd, with(withdrawal, "total_amount")),
        (Kind::Echo, json!({ "echo_message": "hello" })),
        (Kind::Unknown, json!({ "recharge_id": "1" })),
    ]
}

/// Returns the type for an event of this original type, or `None`.
fn addressee(event: &str, original: &Value, shape: Kind) -> Option<Kind> {
    let original = original.as_str().filter(|text| !text.is_empty());
    let is = |wanted: &str| original.is_none_or(|original| original == wanted);
    match event {
        "TRANSACTION.SUCCESS" if original == Some("profitsharing") => Some(Kind::Sharing),
        "TRANSACTION.SUCCESS" if is("transaction") && shape == Kind::Combined => Some(Kind::Combined),
        "TRANSACTION.SUCCESS" if is("transaction") => Some(Kind::Payment),
        "REFUND.SUCCESS" | "REFUND.ABNORMAL" | "REFUND.CLOSED" if is("refund") => Some(Kind::Refund),
        "PROFITSHARING.SUCCESS" | "PROFITSHARING.RETURN" if is("profitsharing") => Some(Kind::Sharing),
        "MCHWITHDRAW.CHANGE" if is("mch_withdraw") => Some(Kind::Withdrawal),
        "SECURITY_ECHO.SUCCESS" if is("security") => Some(Kind::Echo),
        _ => None,
    }
}

/// Returns the type of a shape. The two forms of a withdrawal are one type.
fn type_of(shape: Kind) -> Kind {
    match shape {
        Kind::DayEnd => Kind::Withdrawal,
        other => other,
    }
}

fn outcome<T: Resource>(notification: &VerifiedNotification) -> Result<(), &'static str> {
    match notification.clone().decode::<T>() {
        Ok(_) => Ok(()),
        Err(error) => Err(error.code()),
    }
}

fn kind(notification: &AnyNotification) -> Kind {
    match notification {
        AnyNotification::Transaction(_) => Kind::Payment,
        AnyNotification::Combined(_) => Kind::Combined,
        AnyNotification::Refund(_) => Kind::Refund,
        AnyNotification::Sharing(_) => Kind::Sharing,
        AnyNotification::Withdrawal(notice) => match notice.resource() {
            WithdrawalNotice::Amount(_) => Kind::Withdrawal,
            WithdrawalNotice::DayEnd(_) => Kind::DayEnd,
            other => panic!("{other:?}"),
        },
        AnyNotification::Echo(_) => Kind::Echo,
        AnyNotification::Other(_) => Kind::Unknown,
        other => panic!("{other:?}"),
    }
}

const EVENTS: [&str; 13] = [
    "TRANSACTION.SUCCESS",
    "TRANSACTION.FAIL",
    "transaction.success",
    "REFUND.SUCCESS",
    "REFUND.ABNORMAL",
    "REFUND.CLOSED",
    "PROFITSHARING.SUCCESS",
    "PROFITSHARING.RETURN",
    "MCHWITHDRAW.CHANGE",
    "MCHWITHDRAW.CHANGED",
    "SECURITY_ECHO.SUCCESS",
    "RECHARGE.SUCCESS",
    "BRAND.NEW",
];

/// Checks T19: refunds, shares and combined payments are never read as payments.
#[tokio::test]
async fn a_route_takes_its_own_event_original_type_and_shape_and_nothing_else() {
    let originals = [
        json!("transaction"),
        json!("refund"),
        json!("profitsharing"),
        json!("mch_withdraw"),
        json!("security"),
        json!("recharge"),
        json!("TRANSACTION"),
        json!(""),
        Value::Null,
    ];
    for (name, platform, receiver) in platforms() {
        let mut read: BTreeMap<Kind, usize> = BTreeMap::new();
        for event in EVENTS {
            for original in &originals {
                for (shape, resource) in resources(&platform) {
                    let case = format!("{name}: {event} {original} {shape:?}");
                    let delivery = platform
                        .delivery(event, "x", &resource)
                        .original_type(original.clone());
                    let got = receive(&receiver, &delivery.build()).await;
                    assert_eq!(got.is_combined(), shape == Kind::Combined, "{case}");
                    let addressee = addressee(event, original, shape);

                    let expected = |wanted: Kind| match addressee {
                        Some(kind) if kind == wanted && type_of(shape) == wanted => Ok(()),
                        Some(kind) if kind == wanted => Err("payload_malformed"),
                        _ => Err("type_mismatch"),
                    };
                    for (wanted, outcome) in [
                        (Kind::Payment, outcome::<Transaction>(&got)),
                        (Kind::Combined, outcome::<CombinedTransaction>(&got)),
                        (Kind::Refund, outcome::<RefundNotice>(&got)),
                        (Kind::Sharing, outcome::<SharingNotice>(&got)),
                        (Kind::Withdrawal, outcome::<WithdrawalNotice>(&got)),
                        (Kind::Echo, outcome::<EchoNotice>(&got)),
                    ] {
                        assert_eq!(outcome, expected(wanted), "{case} as {wanted:?}");
                    }

                    match (addressee, got.decode::<AnyResource>()) {
                        (None, Ok(any)) => {
                            let AnyNotification::Other(raw) = any.by_kind() else {
                                panic!("{case} became a kind");
                            };
                            assert_eq!(raw.parse::<Value>().unwrap(), resource, "{case}");
                            *read.entry(Kind::Unknown).or_default() += 1;
                        }
                        (Some(wanted), Ok(any)) if wanted == type_of(shape) => {
                            let kind = kind(&any.by_kind());
                            assert_eq!(kind, shape, "{case} as anything");
                            *read.entry(kind).or_default() += 1;
                        }
                        // Another resource than the kind should have: nothing is rejected, and it says why.
                        (Some(_), Ok(any)) => {
                            let AnyNotification::Other(raw) = any.by_kind() else {
                                panic!("{case} became a kind");
                            };
                            assert!(raw.reason().is_some(), "{case}");
                            assert_eq!(raw.parse::<Value>().unwrap(), resource, "{case}");
                        }
                        (_, Err(error)) => panic!("{case}: {error}"),
                    }
                }
            }
        }
        let read: Vec<(Kind, usize)> = read.into_iter().collect();
        // Each is read under its own original type, under an empty one and under none; a share under one name more.
        assert_eq!(
            read,
            [
                (Kind::Payment, 3),
                (Kind::Combined, 3),
                (Kind::Refund, 3 * 3),
                (Kind::Sharing, 2 * 3 + 1),
                (Kind::Withdrawal, 3),
                (Kind::DayEnd, 3),
                (Kind::Echo, 3),
                (Kind::Unknown, 13 * 9 * 8 - 8 * (3 + 3 * 3 + 2 * 3 + 1 + 3 + 3)),
            ],
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_combined_payment_without_a_required_member_is_400() {
    for (name, platform, receiver) in platforms() {
        let full = resources(&platform)
            .into_iter()
            .find(|(kind, _)| *kind == Kind::Combined)
            .unwrap()
            .1;
        let cases: [(&str, fn(&mut Value)); 9] = [
            ("no sub-orders", |resource| resource["sub_orders"] = json!([])),
            ("null sub-orders", |resource| {
                resource["sub_orders"] = Value::Null;
            }),
            ("no number of the platform", |resource| {
                resource["sub_orders"][0]["transaction_id"] = Value::Null;
            }),
            ("an empty number of the platform", |resource| {
                resource["sub_orders"][0]["transaction_id"] = json!("");
            }),
            ("no amount", |resource| {
                resource["sub_orders"][0]["amount"] = Value::Null;
            }),
            ("an amount without total", |resource| {
                resource["sub_orders"][0]["amount"]["total_amount"] = Value::Null;
            }),
            ("an amount that is no integer", |resource| {
                resource["sub_orders"][0]["amount"]["total_amount"] = json!(1.5);
            }),
            ("a sub-order without number", |resource| {
                resource["sub_orders"][0]["out_trade_no"] = json!("");
            }),
            ("no initiator", |resource| {
                resource["combine_mchid"] = Value::Null;
            }),
        ];
        for (case, change) in cases {
            let mut resource = full.clone();
            change(&mut resource);
            let delivery = platform.delivery("TRANSACTION.SUCCESS", "transaction", &resource);
            let got = receive(&receiver, &delivery.build()).await;
            assert_eq!(
                outcome::<CombinedTransaction>(&got),
                Err("payload_malformed"),
                "{name}: {case}"
            );
        }
    }
}

#[tokio::test]
async fn a_share_names_a_merchant_like_a_payment_does() {
    for (name, platform, receiver) in platforms() {
        let full = resources(&platform)
            .into_iter()
            .find(|(kind, _)| *kind == Kind::Sharing)
            .unwrap()
            .1;
        let cases: [(&str, fn(&mut Value), bool); 4] = [
            ("partner", |_| {}, true),
            (
                "direct",
                |resource| {
                    resource["mchid"] = resource["sp_mchid"].take();
                    resource["sub_mchid"] = Value::Null;
                },
                true,
            ),
            ("nobody", |resource| resource["sp_mchid"] = Value::Null, false),
            ("both", |resource| resource["mchid"] = json!(DEMO_MCHID), false),
        ];
        for (case, change, fits) in cases {
            let mut resource = full.clone();
            change(&mut resource);
            let delivery = platform.delivery("PROFITSHARING.RETURN", "profitsharing", &resource);
            let got = receive(&receiver, &delivery.build()).await;
            let expected = if fits { Ok(()) } else { Err("payload_malformed") };
            assert_eq!(outcome::<SharingNotice>(&got), expected, "{name}: {case}");
        }
    }
}

/// Checks a notification to the receiver of a share, which names the sharing merchant.
///
/// Only the receiver's account makes it acceptable, and only in notifications of this kind.
#[tokio::test]
async fn a_share_of_another_merchant_is_accepted_by_its_receiver() {
    for (name, platform, receiver) in platforms() {
        let of_others = |account: &str| {
            let mut resource = resources(&platform)
                .into_iter()
                .find(|(kind, _)| *kind == Kind::Sharing)
                .unwrap()
                .1;
            resource["sp_mchid"] = json!("1900000333");
            resource["receiver"]["account"] = json!(account);
            resource
        };
        let cases = [
            ("profitsharing", of_others(DEMO_MCHID), None),
            ("profitsharing", of_others("1900000334"), Some("sp_mchid")),
            ("transaction", of_others(DEMO_MCHID), Some("sp_mchid")),
        ];
        for (original, resource, wrong) in cases {
            let delivery = platform
                .delivery("TRANSACTION.SUCCESS", original, &resource)
                .build();
            let pending = receiver.begin(&delivery.method, delivery.pairs()).unwrap();
            let outcome = pending.ready().await.unwrap().finish(delivery.body.clone());
            match wrong {
                None => assert_eq!(
                    self::outcome::<SharingNotice>(&outcome.unwrap()),
                    Ok(()),
                    "{name}"
                ),
                Some(wanted) => {
                    let error = outcome.unwrap_err();
                    assert!(
                        matches!(error, NotificationError::WrongMerchant { field } if field == wanted),
                        "{name}: {original}: {error}"
                    );
                }
            }
        }
    }
}
