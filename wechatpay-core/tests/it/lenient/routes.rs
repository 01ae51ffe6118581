//! Routes for all kinds, and an application's own resource types.

use serde_json::{Value, json};
use wechatpay_core::{
    notify::{AnyNotification, AnyResource, Resource, VerifiedNotification},
    testing::{DEMO_APPID, DEMO_MCHID},
};

use super::{ORDER, PAYMENT, Rig};

#[test]
fn a_route_for_all_kinds_accepts_every_kind() {
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
fn the_merchant_of_a_resource_is_checked_under_every_name_and_type() {
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
fn a_custom_resource_type_declares_its_deciding_members() {
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
