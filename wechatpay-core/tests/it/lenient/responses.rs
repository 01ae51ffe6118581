//! Responses with unexpected members.

use serde_json::{Value, json};
use wechatpay_core::{
    api::{
        combine::CombinedTransaction,
        funds::Balance,
        profit_sharing::{self, ShareResult},
        transactions::Transaction,
    },
    testing::{DEMO_MCHID, DEMO_SUB_MCHID},
    types::Fen,
};

use super::{ORDER, PAYMENT, Rig, combined, combined_expectation, expectation, without};

#[test]
fn an_unexpected_member_does_not_reject_a_response() {
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
    assert!(found.confirm(&expectation()).is_ok());
}

#[test]
fn an_unreadable_deciding_member_of_a_response_is_absent_and_not_confirmed() {
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
        let mismatch = order.confirm(&expectation()).unwrap_err();
        assert!(
            mismatch.fields().contains(&field),
            "{pointer} {value}: {mismatch}"
        );
    }
    let order = found(&|order| without(order, "/trade_state"));
    assert!(order.trade_state.is_absent());
    assert_eq!(
        order.confirm(&expectation()).unwrap_err().fields(),
        ["trade_state"]
    );
    // A second merchant that cannot be read is not one that is not there.
    let order = found(&|order| order["mchid"] = json!({}));
    assert_eq!(order.confirm(&expectation()).unwrap_err().fields(), ["mchid"]);

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
    assert!(combined_found(&|_| {}).confirm(&combined_expectation()).is_ok());
    let third = combined_found(&|order| {
        order["sub_orders"]
            .as_array_mut()
            .unwrap()
            .push(json!({ "mchid": 1 }));
    });
    assert_eq!(third.unread(), ["sub_orders[2]"]);
    assert!(third.confirm(&combined_expectation()).is_err());
    let currency = combined_found(&|order| order["sub_orders"][0]["amount"]["currency"] = json!([]));
    assert!(currency.confirm(&combined_expectation()).is_err());
}

#[test]
fn a_share_without_results_is_read() {
    let rig = Rig::new();
    let share = json!({
        "sub_mchid": DEMO_SUB_MCHID, "transaction_id": PAYMENT, "out_order_no": "P1", "order_id": "67",
        "receivers": [
            { "amount": 100, "type": "MERCHANT_ID", "receiver_account": DEMO_MCHID, "detail_id": "36" },
            { "amount": "5", "result": "SUCCESS", "finish_time": "soon" },
        ],
    });
    let share = rig
        .response::<profit_sharing::ecommerce::SharingOrder>(&share.to_string())
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
        .response::<profit_sharing::ecommerce::CreatedAfterSalesOrder>(&created)
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
fn an_empty_object_is_read_like_no_body() {
    let rig = Rig::new();
    assert!(rig.response::<()>("{}").is_ok());
    assert!(rig.response::<()>("").is_ok());
    assert!(rig.response::<()>("null").is_ok());
    assert!(
        rig.response::<()>(r#"{"code":"SYSTEM_ERROR","message":"x"}"#)
            .is_err()
    );
}
