//! Transactions and refund notices.

use serde_json::{Value, json};
use wechatpay_core::{
    api::{
        Endpoint,
        refunds::{RefundAccount, RefundNotice, RefundStatus},
        transactions::{self, PromotionScope, PromotionType, TradeState, TradeType, Transaction},
    },
    types::{Currency, TransactionId},
};

use super::{
    APPID, MCHID, OPENID, ORDER, SUB_APPID, SUB_MCHID, appid, fen, mchid, order, read, sub_mchid, without,
};

fn promotion() -> Value {
    json!({
        "coupon_id": "109519", "name": "单品惠-6", "scope": "SINGLE", "type": "CASH", "amount": 1, "stock_id": "931386",
        "wechatpay_contribute": 1, "merchant_contribute": 2, "other_contribute": 3, "currency": "CNY",
        "goods_detail": [{
            "goods_id": "M1006", "quantity": 1, "unit_price": 100, "discount_amount": 1, "goods_remark": "商品备注",
        }],
    })
}

/// Every documented member of a query or payment notification in partner mode.
fn full_transaction() -> Value {
    json!({
        "sp_appid": APPID, "sp_mchid": MCHID, "sub_appid": SUB_APPID, "sub_mchid": SUB_MCHID,
        "out_trade_no": ORDER, "transaction_id": "1217752501201407033233368018", "trade_type": "MWEB",
        "trade_state": "SUCCESS", "trade_state_desc": "支付成功", "bank_type": "CMC", "attach": "自定义数据",
        "success_time": "2018-06-08T10:34:56.123+08:00",
        "payer": { "sp_openid": OPENID, "sub_openid": "oSub" },
        "amount": { "total": 100, "payer_total": 99, "currency": "CNY", "payer_currency": "CNY" },
        "scene_info": { "device_id": "013467007045764" },
        "promotion_detail": [promotion()],
        "installment_info": { "use_subsidy": true, "selected_installment_number": 3 },
    })
}

#[test]
fn every_documented_field_of_a_transaction_is_read() {
    let paid: Transaction = read(&full_transaction());
    assert_eq!(paid.sp_appid, Some(appid()));
    assert_eq!(paid.sp_mchid, Some(mchid()));
    assert_eq!(paid.sub_appid, Some(SUB_APPID.parse().unwrap()));
    assert_eq!(paid.sub_mchid, Some(sub_mchid()));
    assert_eq!((&paid.appid, &paid.mchid), (&None, &None));
    assert_eq!(paid.out_trade_no, order());
    assert_eq!(paid.transaction_id.unwrap(), "1217752501201407033233368018");
    assert_eq!(paid.trade_type, Some(TradeType::Mweb));
    assert_eq!(paid.trade_state, TradeState::Success);
    assert_eq!(paid.trade_state_desc.as_deref(), Some("支付成功"));
    assert_eq!(paid.bank_type.as_deref(), Some("CMC"));
    assert_eq!(paid.attach.as_deref(), Some("自定义数据"));
    assert_eq!(
        paid.success_time.unwrap().to_string(),
        "2018-06-08T10:34:56+08:00"
    );
    let payer = paid.payer.unwrap();
    assert_eq!(payer.sp_openid.unwrap().as_str(), OPENID);
    assert_eq!(payer.sub_openid.unwrap().as_str(), "oSub");
    assert_eq!(payer.openid, None);
    let amount = paid.amount.unwrap();
    assert_eq!(
        (amount.total, amount.payer_total),
        (Some(fen(100)), Some(fen(99)))
    );
    assert_eq!(
        (amount.currency, amount.payer_currency),
        (Some(Currency::Cny), Some(Currency::Cny))
    );
    assert_eq!(
        paid.scene_info.unwrap().device_id.as_deref(),
        Some("013467007045764")
    );
    let promotion = &paid.promotion_detail[0];
    assert_eq!(promotion.coupon_id.as_deref(), Some("109519"));
    assert_eq!(promotion.name.as_deref(), Some("单品惠-6"));
    assert_eq!(promotion.scope, Some(PromotionScope::Single));
    assert_eq!(promotion.kind, Some(PromotionType::Cash));
    assert_eq!(promotion.amount, Some(fen(1)));
    assert_eq!(promotion.stock_id.as_deref(), Some("931386"));
    let contributions = [
        &promotion.wechatpay_contribute,
        &promotion.merchant_contribute,
        &promotion.other_contribute,
    ];
    assert_eq!(contributions, [&Some(fen(1)), &Some(fen(2)), &Some(fen(3))]);
    assert_eq!(promotion.currency, Some(Currency::Cny));
    let goods = &promotion.goods_detail[0];
    assert_eq!(
        (goods.goods_id.as_deref(), goods.quantity),
        (Some("M1006"), Some(1))
    );
    assert_eq!(
        (goods.unit_price, goods.discount_amount),
        (Some(fen(100)), Some(fen(1)))
    );
    assert_eq!(goods.goods_remark.as_deref(), Some("商品备注"));
    let instalments = paid.installment_info.unwrap();
    assert_eq!(
        (instalments.use_subsidy, instalments.selected_installment_number),
        (Some(true), Some(3))
    );
}

#[test]
fn the_sparsest_transaction_is_read_and_empty_null_and_missing_are_the_same() {
    let sparse = json!({ "mchid": MCHID, "out_trade_no": ORDER, "trade_state": "NOTPAY" });
    let missing: Transaction = read(&sparse);
    let optional = [
        "sp_appid",
        "sp_mchid",
        "sub_appid",
        "sub_mchid",
        "appid",
        "transaction_id",
        "trade_type",
        "trade_state_desc",
        "bank_type",
        "attach",
        "success_time",
    ];
    for empty in [json!(""), Value::Null] {
        let mut with_empty = sparse.clone();
        for key in optional {
            with_empty[key] = empty.clone();
        }
        assert_eq!(read::<Transaction>(&with_empty), missing, "{empty}");
    }
    let mut with_null = sparse.clone();
    for key in [
        "payer",
        "amount",
        "scene_info",
        "promotion_detail",
        "installment_info",
    ] {
        with_null[key] = Value::Null;
    }
    assert_eq!(read::<Transaction>(&with_null), missing);

    let mut hollow = full_transaction();
    hollow["payer"] = json!({});
    hollow["amount"] = json!({ "total": 1, "currency": "", "payer_currency": null });
    hollow["scene_info"] = json!({ "device_id": "" });
    hollow["promotion_detail"] = json!([{
        "coupon_id": "1", "amount": 0, "name": "", "scope": "", "type": "", "stock_id": "", "currency": "",
        "goods_detail": null,
    }]);
    let hollow: Transaction = read(&hollow);
    assert_eq!(hollow.payer, Some(transactions::Payer::default()));
    assert_eq!(hollow.amount.unwrap().currency, None);
    assert_eq!(hollow.scene_info.unwrap().device_id, None);
    let promotion = &hollow.promotion_detail[0];
    assert_eq!(
        (&promotion.name, &promotion.scope, &promotion.kind),
        (&None, &None, &None)
    );
    assert_eq!((&promotion.stock_id, &promotion.currency), (&None, &None));
}

#[test]
fn unknown_fields_are_ignored() {
    let mut later = full_transaction();
    for key in ["added_later", "sub_orders"] {
        later[key] = json!({ "deep": [1, { "x": null }] });
    }
    for (path, key) in [
        ("/payer", "x"),
        ("/amount", "x"),
        ("/promotion_detail/0", "x"),
        ("/scene_info", "x"),
    ] {
        later.pointer_mut(path).unwrap()[key] = json!(true);
    }
    assert_eq!(
        read::<Transaction>(&later),
        read::<Transaction>(&full_transaction())
    );
}

#[test]
fn unknown_enum_values_are_kept_verbatim() {
    let mut later = full_transaction();
    later["trade_state"] = json!("BRAND_NEW");
    later["trade_type"] = json!("brand.new/支付");
    later["amount"]["currency"] = json!("HKD");
    later["promotion_detail"][0]["scope"] = json!("SOMETIMES");
    let paid: Transaction = read(&later);
    assert_eq!(paid.trade_state.as_str(), "BRAND_NEW");
    assert_eq!(paid.trade_type.as_ref().unwrap().as_str(), "brand.new/支付");
    assert_eq!(
        serde_json::to_value(&paid.trade_type).unwrap(),
        later["trade_type"]
    );
    assert_eq!(paid.amount.unwrap().currency.unwrap().as_str(), "HKD");
    assert_eq!(
        paid.promotion_detail[0].scope.as_ref().unwrap().to_string(),
        "SOMETIMES"
    );
    assert_eq!(TradeState::from("SUCCESS"), TradeState::Success);
    assert_eq!("NOTPAY".parse(), Ok(TradeState::NotPay));
    assert_ne!(TradeState::from("success"), TradeState::Success);
}

#[test]
fn a_transaction_needs_its_number_and_has_no_state_if_it_is_missing() {
    let text = without(full_transaction(), &["out_trade_no"]).to_string();
    assert!(serde_json::from_str::<Transaction>(&text).is_err());
    let found: Transaction = read(&without(full_transaction(), &["trade_state"]));
    assert!(found.trade_state.is_absent());
    assert_ne!(found.trade_state, TradeState::Success);
}

#[test]
fn a_response_that_repeats_other_ids_is_detected() {
    let number: TransactionId = "1217752501201407033233368018".parse().unwrap();
    let by_number = transactions::PartnerQueryByOutTradeNo::new(mchid(), sub_mchid(), order());
    let by_id = transactions::PartnerQueryById::new(mchid(), sub_mchid(), number.clone());
    let response: Transaction = read(&full_transaction());
    assert_eq!(by_number.check_echo(&response), Ok(()));
    assert_eq!(by_id.check_echo(&response), Ok(()));
    let differing = |key: &str, value: Value| {
        let mut other = full_transaction();
        other[key] = value;
        let other: Transaction = read(&other);
        let field =
            |outcome: Result<(), wechatpay_core::api::EchoMismatch>| outcome.err().map(|error| error.field());
        (
            field(by_number.check_echo(&other)),
            field(by_id.check_echo(&other)),
        )
    };
    assert_eq!(
        differing("out_trade_no", json!("ANOTHER-ORDER")),
        (Some("out_trade_no"), None)
    );
    assert_eq!(
        differing("transaction_id", json!("42")),
        (None, Some("transaction_id"))
    );
    assert_eq!(
        differing("transaction_id", Value::Null),
        (None, Some("transaction_id"))
    );
    assert_eq!(
        differing("sp_mchid", json!("1900000002")),
        (Some("sp_mchid"), Some("sp_mchid"))
    );
    assert_eq!(
        differing("sub_mchid", json!("1900000002")),
        (Some("sub_mchid"), Some("sub_mchid"))
    );
    assert_eq!(
        differing("sub_mchid", Value::Null),
        (Some("sub_mchid"), Some("sub_mchid"))
    );

    let mut direct = without(
        full_transaction(),
        &["sp_appid", "sp_mchid", "sub_appid", "sub_mchid"],
    );
    direct["mchid"] = json!(MCHID);
    let by_number = transactions::QueryByOutTradeNo::new(mchid(), order());
    let by_id = transactions::QueryById::new(mchid(), number);
    assert_eq!(by_number.check_echo(&read(&direct)), Ok(()));
    assert_eq!(by_id.check_echo(&read(&direct)), Ok(()));
    direct["mchid"] = json!("1900000002");
    assert_eq!(by_number.check_echo(&read(&direct)).unwrap_err().field(), "mchid");
    assert_eq!(by_id.check_echo(&read(&direct)).unwrap_err().field(), "mchid");
    assert_eq!(by_number.check_echo(&response).unwrap_err().field(), "mchid");
}

#[test]
fn a_refund_notice_is_read_at_its_fullest_and_sparsest() {
    let sparse = json!({
        "mchid": MCHID, "out_trade_no": ORDER, "transaction_id": "42", "out_refund_no": "R@1|2", "refund_id": "50",
        "refund_status": "CLOSED", "amount": { "total": 3, "refund": 2, "payer_total": 1, "payer_refund": 0 },
    });
    let missing: RefundNotice = read(&sparse);
    assert_eq!(missing.mchid, Some(mchid()));
    assert_eq!(missing.refund_status, RefundStatus::Closed);
    assert_eq!(
        (missing.success_time, &missing.user_received_account),
        (None, &None)
    );
    let amount = &missing.amount;
    assert_eq!((amount.total, amount.refund), (fen(3), fen(2)));
    assert_eq!(
        (amount.payer_total, amount.payer_refund),
        (Some(fen(1)), Some(fen(0)))
    );
    for empty in [json!(""), Value::Null] {
        let mut with_empty = sparse.clone();
        for key in [
            "sp_mchid",
            "sub_mchid",
            "success_time",
            "user_received_account",
            "refund_account",
            "individual_auth_id",
        ] {
            with_empty[key] = empty.clone();
        }
        assert_eq!(read::<RefundNotice>(&with_empty), missing, "{empty}");
    }

    let mut full = without(sparse, &["mchid"]);
    for (key, value) in [
        ("sp_mchid", MCHID),
        ("sub_mchid", SUB_MCHID),
        ("refund_status", "SUCCESS"),
        ("success_time", "2018-06-08T10:34:56+08:00"),
        ("user_received_account", "招商银行信用卡0403"),
        ("refund_account", "REFUND_SOURCE_SUB_MERCHANT"),
        ("added_later", "x"),
    ] {
        full[key] = json!(value);
    }
    let full: RefundNotice = read(&full);
    assert_eq!(
        (full.sp_mchid, full.sub_mchid),
        (Some(mchid()), Some(sub_mchid()))
    );
    assert_eq!(full.success_time.unwrap().unix_seconds(), 1_528_425_296);
    assert_eq!(full.user_received_account.unwrap().as_str(), "招商银行信用卡0403");
    assert_eq!(full.refund_account, Some(RefundAccount::SubMerchant));
    assert_eq!(full.out_refund_no, "R@1|2");
}
