//! Grammars of the merchant and WeChat Pay numbers.

use std::str::FromStr;

use wechatpay_core::types::{
    AdvanceReturnId, ApplymentRequestNo, CombineOutTradeNo, CombineTransactionId, OutOrderNo, OutReturnNo,
    OutSubsidyNo, SettlementApplicationNo, SharingOrderId, SharingReturnId, SubsidyId, SubsidyRefundId,
    WithdrawId, WithdrawRequestNo,
};

fn check<T: FromStr>(name: &str, good: &[&str], bad: &[&str]) {
    for text in good {
        assert!(text.parse::<T>().is_ok(), "{name}: {text:?}");
    }
    for text in bad.iter().chain(&["", " ", "a b", "x\n", "支付", "a\0"]) {
        assert!(text.parse::<T>().is_err(), "{name}: {text:?}");
    }
}

#[test]
fn each_number_is_parsed_by_its_grammar() {
    let n = |length: usize| "9".repeat(length);
    check::<CombineOutTradeNo>(
        "combine_out_trade_no",
        &["123456", "a_b-c*", &n(32)],
        &["12345", &n(33), "a|bcdef", "a@bcdef"],
    );
    let merchants = ["1", "a_b-c*d@e|f", &n(64)];
    let not_merchants = [&n(65), "a/b"];
    check::<OutOrderNo>("out_order_no", &merchants, &not_merchants);
    check::<OutReturnNo>("out_return_no", &merchants, &not_merchants);
    check::<OutSubsidyNo>("out_subsidy_no", &merchants, &not_merchants);
    check::<WithdrawRequestNo>("out_request_no", &["1", "aB9", &n(32)], &[&n(33), "a_b", "a-b"]);
    check::<ApplymentRequestNo>("out_request_no", &["1", "a/b", &n(124)], &[&n(125)]);
    check::<CombineTransactionId>("combine_transaction_id", &["1", &n(32)], &[&n(33)]);
    check::<AdvanceReturnId>("advance_return_id", &["1", &n(32)], &[&n(33)]);
    check::<SharingOrderId>("order_id", &["1", &n(64)], &[&n(65)]);
    check::<SharingReturnId>("return_no", &["1", &n(64)], &[&n(65)]);
    check::<SubsidyId>("subsidy_id", &["1", &n(64)], &[&n(65)]);
    check::<SubsidyRefundId>("subsidy_refund_id", &["1", &n(64)], &[&n(65)]);
    check::<WithdrawId>("withdraw_id", &["1", &n(128)], &[&n(129)]);
    check::<SettlementApplicationNo>("application_no", &["1", &n(64)], &[&n(65)]);
}
