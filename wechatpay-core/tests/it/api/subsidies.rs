//! Subsidies.

use serde_json::{Value, json};
use wechatpay_core::{
    api::{
        Idempotency,
        refunds::{FundsAccount, RefundSource},
        subsidies::{Cancel, CancelledSubsidy, Create, Return, Subsidy, SubsidyResult, SubsidyReturn},
    },
    types::{OutSubsidyNo, RefundId, SubsidyId},
};

use super::support::{PAYMENT, SUB_MCHID, TIME, fen, id, post, response, sent, sub_mchid, values};

fn create() -> Create {
    Create::new(sub_mchid(), id(PAYMENT), fen(10), "测试备注")
}

fn give_back() -> Return {
    Return::new(
        sub_mchid(),
        id("P20150806125346"),
        id(PAYMENT),
        fen(10),
        "测试备注",
    )
}

#[test]
fn a_subsidy_has_exactly_the_documented_keys_and_is_not_idempotent() {
    let path = "/v3/ecommerce/subsidies/create";
    assert_eq!(
        sent(&create()),
        post(
            path,
            json!({ "sub_mchid": SUB_MCHID, "transaction_id": PAYMENT, "amount": 10, "description": "测试备注" })
        )
        .repeated(Idempotency::No)
    );
    let full = create()
        .out_subsidy_no(id::<OutSubsidyNo>("S@1"))
        .refund_id(id::<RefundId>("300845"));
    assert_eq!(
        sent(&full),
        post(
            path,
            json!({
                "sub_mchid": SUB_MCHID, "transaction_id": PAYMENT, "amount": 10, "description": "测试备注",
                "out_subsidy_no": "S@1", "refund_id": "300845",
            })
        )
        .repeated(Idempotency::No)
    );
}

#[test]
fn its_return_and_its_cancellation_have_exactly_the_documented_keys() {
    let path = "/v3/ecommerce/subsidies/return";
    let sparse = json!({
        "sub_mchid": SUB_MCHID, "out_order_no": "P20150806125346", "transaction_id": PAYMENT, "amount": 10,
        "description": "测试备注",
    });
    assert_eq!(sent(&give_back()), post(path, sparse.clone()));
    let mut full = sparse;
    full["refund_id"] = json!("300845");
    full["subsidy_id"] = json!("300846");
    full["from"] = json!([{ "account": "UNAVAILABLE", "amount": 10 }]);
    assert_eq!(
        sent(
            &give_back()
                .refund_id(id::<RefundId>("300845"))
                .subsidy_id(id::<SubsidyId>("300846"))
                .from(vec![RefundSource::new(FundsAccount::Unavailable, fen(10))])
        ),
        post(path, full)
    );
    assert_eq!(
        sent(&Cancel::new(sub_mchid(), id(PAYMENT), "订单退款")),
        post(
            "/v3/ecommerce/subsidies/cancel",
            json!({ "sub_mchid": SUB_MCHID, "transaction_id": PAYMENT, "description": "订单退款" })
        )
    );
}

fn subsidy() -> Value {
    json!({
        "sub_mchid": SUB_MCHID, "transaction_id": PAYMENT, "subsidy_id": "300846", "description": "测试备注",
        "amount": 10, "result": "SUCCESS", "success_time": TIME, "out_subsidy_no": "S@1",
    })
}

fn returned() -> Value {
    json!({
        "sub_mchid": SUB_MCHID, "transaction_id": PAYMENT, "subsidy_refund_id": "300847", "refund_id": "300845",
        "out_order_no": "P20150806125346", "amount": 10, "description": "测试备注", "result": "FAIL",
        "success_time": TIME, "subsidy_id": "300846", "from": [{ "account": "AVAILABLE", "amount": 10 }],
    })
}

fn cancelled() -> Value {
    json!({ "sub_mchid": SUB_MCHID, "transaction_id": PAYMENT, "result": "SUCCESS", "description": "订单退款" })
}

#[test]
fn the_responses_are_read_at_their_fullest_and_sparsest() {
    let subsidy: Subsidy = response(&subsidy(), &["sub_mchid", "transaction_id", "subsidy_id"]);
    assert_eq!(subsidy.result, SubsidyResult::Success);
    let returned: SubsidyReturn = response(
        &returned(),
        &["sub_mchid", "transaction_id", "subsidy_refund_id", "out_order_no"],
    );
    assert_eq!(returned.result, SubsidyResult::Fail);
    let _: CancelledSubsidy = response(&cancelled(), &["sub_mchid", "transaction_id"]);
    values::<SubsidyResult>(&["SUCCESS", "FAIL", "REFUND"]);
}
