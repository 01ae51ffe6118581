//! Envelopes and payments with unexpected members.

use serde_json::{Value, json};
use wechatpay_core::{
    api::{refunds::RefundNotice, transactions::Transaction},
    testing::{DEMO_APPID, DEMO_MCHID, DEMO_SUB_MCHID},
};

use super::{ORDER, PAYMENT, Rig, expectation, refund, with_cause, without};

#[test]
fn a_payment_is_accepted_with_any_time_in_its_envelope() {
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
        assert!(paid.confirm(&expectation()).is_ok());
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

#[test]
fn an_unexpected_member_that_does_not_decide_never_rejects_the_payment() {
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
        assert!(paid.confirm(&expectation()).is_ok(), "{case}");
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
fn a_repeated_member_is_absent_unless_it_decides() {
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
    assert_eq!(paid.confirm(&expectation()).unwrap_err().fields(), ["sp_appid"]);
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
fn a_lone_surrogate_does_not_reject_the_payment() {
    let rig = Rig::new();
    let genuine = rig.platform.payment_resource(ORDER, 100).to_string();
    for half in ["\\ud83d", "\\ude00", "\\ud83dx"] {
        let paid = rig.payment(&genuine.replacen("自定义数据", half, 1)).unwrap();
        assert!(paid.attach.as_ref().unwrap().starts_with('\u{FFFD}'));
        assert!(paid.notification().digest().is_ok());
        assert!(paid.confirm(&expectation()).is_ok());
    }
    // Also where the platform adds a member that nobody knows.
    let added = genuine.replacen('{', "{\"\\ud83d\":\"\\ud83d\",", 1);
    assert!(rig.payment(&added).unwrap().confirm(&expectation()).is_ok());
}

#[test]
fn a_deciding_member_of_another_type_is_rejected_and_named() {
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
fn a_missing_member_is_named_by_its_full_path() {
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

#[test]
fn an_unreadable_appid_is_rejected_if_apps_are_listed() {
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
        assert_eq!(paid.confirm(&expectation()).unwrap_err().fields(), ["sp_appid"]);
    }
}
