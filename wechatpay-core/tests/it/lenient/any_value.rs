//! Payments with any JSON value in each member.

use proptest::prelude::*;
use serde_json::{Value, json};
use wechatpay_core::testing::FakePlatform;

use super::{ORDER, RIG, expectation, with_cause};

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

/// Returns a payment with every member of the type.
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
        let mismatch = paid.confirm(&expectation());
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
