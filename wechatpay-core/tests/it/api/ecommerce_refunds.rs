//! Refunds of an e-commerce platform's sub-merchants.

use serde_json::{Value, json};
use wechatpay_core::{
    api::{
        refunds::ecommerce::{
            AdvanceAccount, AdvanceReturn, AdvanceReturnResult, AppliedRefund, Apply, ApplyAbnormal,
            QueryAdvanceReturn, QueryById, QueryByOutRefundNo, Refund, RefundAmount, ReturnAdvance,
        },
        refunds::{AbnormalRefundType, FundsAccount, RefundAccount, RefundSource, RefundStatus},
    },
    types::{Currency, OutTradeNo, TransactionId},
};

use super::support::{
    APPID, MCHID, NOTIFY_URL, ORDER, PAYMENT, SUB_APPID, SUB_MCHID, TIME, appid, fen, get, id, post,
    response, sent, sub_appid, sub_mchid, values,
};

const REFUND: &str = "R_*-@|1";
const REFUND_ID: &str = "50000000382019052709732678859";

fn apply() -> Apply {
    Apply::new(
        sub_mchid(),
        appid(),
        id::<TransactionId>(PAYMENT),
        id(REFUND),
        RefundAmount::new(fen(60), fen(100)),
    )
}

#[test]
fn applying_has_exactly_the_documented_keys() {
    let path = "/v3/ecommerce/refunds/apply";
    assert_eq!(
        sent(&apply()),
        post(
            path,
            json!({
                "sub_mchid": SUB_MCHID, "sp_appid": APPID, "transaction_id": PAYMENT, "out_refund_no": REFUND,
                "amount": { "refund": 60, "total": 100 },
            })
        )
    );
    let amount =
        RefundAmount::cny(fen(60), fen(100)).from(vec![RefundSource::new(FundsAccount::Available, fen(60))]);
    assert_eq!(amount.currency, Some(Currency::Cny));
    let full = Apply::new(sub_mchid(), appid(), id::<OutTradeNo>(ORDER), id(REFUND), amount)
        .sub_appid(sub_appid())
        .reason("商品已售完")
        .notify_url(NOTIFY_URL)
        .refund_account(RefundAccount::SubMerchant)
        .funds_account(FundsAccount::Available);
    assert_eq!(
        sent(&full),
        post(
            path,
            json!({
                "sub_mchid": SUB_MCHID, "sp_appid": APPID, "sub_appid": SUB_APPID, "out_trade_no": ORDER,
                "out_refund_no": REFUND, "reason": "商品已售完", "notify_url": NOTIFY_URL,
                "refund_account": "REFUND_SOURCE_SUB_MERCHANT", "funds_account": "AVAILABLE",
                "amount": {
                    "refund": 60, "total": 100, "currency": "CNY", "from": [{ "account": "AVAILABLE", "amount": 60 }],
                },
            })
        )
    );
}

#[test]
fn queries_and_returns_of_an_advance_name_the_sub_merchant() {
    assert_eq!(
        sent(&QueryById::new(id(REFUND_ID), sub_mchid())),
        get("/v3/ecommerce/refunds/id/50000000382019052709732678859?sub_mchid=1900000109")
    );
    assert_eq!(
        sent(&QueryByOutRefundNo::new(id(REFUND), sub_mchid())),
        get("/v3/ecommerce/refunds/out-refund-no/R_*-@%7C1?sub_mchid=1900000109")
    );
    assert_eq!(
        sent(&QueryAdvanceReturn::new(id(REFUND_ID), sub_mchid())),
        get("/v3/ecommerce/refunds/50000000382019052709732678859/return-advance?sub_mchid=1900000109")
    );
    assert_eq!(
        sent(&ReturnAdvance::new(id(REFUND_ID), sub_mchid())),
        post(
            "/v3/ecommerce/refunds/50000000382019052709732678859/return-advance",
            json!({ "sub_mchid": SUB_MCHID })
        )
    );
}

#[test]
fn the_card_of_an_abnormal_refund_is_sent_encrypted() {
    let path = "/v3/ecommerce/refunds/50000000382019052709732678859/apply-abnormal-refund";
    let apply = ApplyAbnormal::new(
        id(REFUND_ID),
        sub_mchid(),
        id(REFUND),
        AbnormalRefundType::MerchantBankCard,
    );
    assert_eq!(
        sent(&apply),
        post(
            path,
            json!({ "sub_mchid": SUB_MCHID, "out_refund_no": REFUND, "type": "MERCHANT_BANK_CARD" })
        )
    );
    let apply = ApplyAbnormal::new(
        id(REFUND_ID),
        sub_mchid(),
        id(REFUND),
        AbnormalRefundType::UserBankCard,
    )
    .bank_type("ICBC_DEBIT")
    .bank_account("6222020000001111")
    .real_name("张三");
    assert_eq!(
        sent(&apply),
        post(
            path,
            json!({
                "sub_mchid": SUB_MCHID, "out_refund_no": REFUND, "type": "USER_BANK_CARD", "bank_type": "ICBC_DEBIT",
                "bank_account": "ENC(6222020000001111)", "real_name": "ENC(张三)",
            })
        )
    );
}

fn full_amount() -> Value {
    json!({
        "refund": 60, "payer_refund": 54, "discount_refund": 6, "currency": "CNY", "advance": 60,
        "from": [{ "account": "AVAILABLE", "amount": 60 }],
    })
}

fn promotion() -> Value {
    json!([{ "promotion_id": "109519", "scope": "GLOBAL", "type": "COUPON", "amount": 5, "refund_amount": 4 }])
}

fn applied() -> Value {
    json!({
        "refund_id": REFUND_ID, "out_refund_no": REFUND, "create_time": TIME, "amount": full_amount(),
        "promotion_detail": promotion(), "refund_account": "REFUND_SOURCE_SUB_MERCHANT",
    })
}

fn full_refund() -> Value {
    json!({
        "refund_id": REFUND_ID, "out_refund_no": REFUND, "transaction_id": PAYMENT, "out_trade_no": ORDER,
        "channel": "BALANCE", "user_received_account": "支付用户零钱", "success_time": TIME,
        "create_time": "2018-06-08T02:34:55Z", "status": "PROCESSING", "amount": full_amount(),
        "promotion_detail": promotion(), "refund_account": "REFUND_SOURCE_PARTNER_ADVANCE",
        "funds_account": "ECNY_BASIC",
    })
}

const AMOUNT: [&str; 2] = ["amount", "amount.refund"];

#[test]
fn an_accepted_refund_is_read_at_its_fullest_and_sparsest() {
    let required = [["refund_id", "out_refund_no"].as_slice(), &AMOUNT].concat();
    let refund: AppliedRefund = response(&applied(), &required);
    assert_eq!(refund.amount.advance, Some(fen(60)));
    assert_eq!(refund.refund_account, Some(RefundAccount::SubMerchant));
}

#[test]
fn a_refund_is_read_at_its_fullest_and_sparsest() {
    let ids = ["refund_id", "out_refund_no", "transaction_id", "out_trade_no"];
    let required = [ids.as_slice(), &AMOUNT].concat();
    let refund: Refund = response(&full_refund(), &required);
    assert_eq!(refund.status, RefundStatus::Processing);
    assert_eq!(refund.funds_account, Some(FundsAccount::EcnyBasic));
}

fn advance() -> Value {
    json!({
        "refund_id": REFUND_ID, "advance_return_id": "60000000382019052709732678859", "return_amount": 60,
        "payer_mchid": SUB_MCHID, "payer_account": "BASIC", "payee_mchid": MCHID, "payee_account": "OPERATION",
        "result": "SUCCESS", "success_time": TIME,
    })
}

#[test]
fn an_advance_is_read_at_its_fullest_and_sparsest() {
    let required = ["refund_id", "advance_return_id"];
    let advance: AdvanceReturn = response(&advance(), &required);
    assert_eq!(advance.result, AdvanceReturnResult::Success);
    assert_eq!(advance.payee_account, Some(AdvanceAccount::Operation));
    values::<AdvanceReturnResult>(&["SUCCESS", "FAILED", "PROCESSING"]);
    values::<AdvanceAccount>(&["BASIC", "OPERATION"]);
}
