//! Refunds, shares, withdrawals and combined payments with unexpected members.

use serde_json::{Value, json};
use wechatpay_core::{
    api::{
        combine::CombinedTransaction, funds::WithdrawalNotice, profit_sharing::SharingNotice,
        refunds::RefundNotice,
    },
    testing::{DEMO_MCHID, DEMO_SUB_MCHID},
    types::Fen,
};

use super::{OTHERS, PAYMENT, Rig, combined, combined_expectation, refund, with_cause, without};

#[test]
fn a_refund_is_accepted_without_members_that_do_not_decide() {
    let rig = Rig::new();
    let read = |change: &dyn Fn(&mut Value)| {
        let mut resource = refund();
        change(&mut resource);
        rig.decode::<RefundNotice>("REFUND.SUCCESS", "refund", &resource.to_string())
    };
    let notice = read(&|refund| {
        refund["amount"] = json!({ "total": 2, "refund": 1 });
    })
    .unwrap();
    assert_eq!(
        (notice.amount.payer_total, notice.amount.refund),
        (None, Fen::from(1))
    );
    let notice = read(&|refund| refund["amount"]["payer_refund"] = json!("1")).unwrap();
    assert_eq!(notice.amount.payer_refund, Some(Fen::from(1)));
    let notice = read(&|refund| refund["amount"]["payer_refund"] = json!(-1)).unwrap();
    assert_eq!(notice.unread(), ["amount.payer_refund"]);

    // A personal payee (个人收款) has no merchant id.
    let personal = |refund: &mut Value| {
        without(refund, "/sub_mchid");
        refund["individual_auth_id"] = json!("9876500000");
    };
    let notice = read(&personal).unwrap();
    assert_eq!(notice.individual_auth_id.as_ref().unwrap().as_str(), "9876500000");
    assert_eq!(notice.sub_mchid, None);
    assert!(!format!("{:?}", notice.resource()).contains("9876500000"));

    for (case, field) in [
        ("/refund_status", "`refund_status` is missing"),
        ("/out_refund_no", "`out_refund_no` is missing"),
        ("/sub_mchid", "`sub_mchid` is missing"),
        ("/amount", "`amount` is missing"),
        ("/amount/total", "`amount.total` is missing"),
    ] {
        let error = read(&|refund| without(refund, case)).unwrap_err();
        assert!(with_cause(&error).contains(field), "{}", with_cause(&error));
    }
    for amount in ["total", "refund"] {
        let error = read(&|refund| refund["amount"][amount] = json!("1")).unwrap_err();
        assert!(with_cause(&error).contains(&format!("`amount.{amount}`")));
    }
}

fn share() -> Value {
    json!({
        "sp_mchid": OTHERS, "sub_mchid": DEMO_SUB_MCHID, "transaction_id": PAYMENT, "order_id": "30",
        "out_order_no": "S1", "success_time": "2024-01-01T00:00:00+08:00",
        "receiver": { "type": "MERCHANT_ID", "account": DEMO_MCHID, "amount": 1, "description": "x" },
    })
}

#[test]
fn a_share_is_accepted_only_if_it_names_our_merchant() {
    let rig = Rig::new();
    let take = |event: &str, original: Value, change: &dyn Fn(&mut Value)| {
        let mut resource = share();
        change(&mut resource);
        let delivery = rig
            .delivery(event, "profitsharing", &resource.to_string())
            .original_type(original)
            .build();
        rig.receive(&delivery)?.decode::<SharingNotice>()
    };
    let unchanged = |_: &mut Value| {};
    for event in ["PROFITSHARING.SUCCESS", "PROFITSHARING.RETURN"] {
        for original in [json!("profitsharing"), json!(""), Value::Null] {
            assert!(
                take(event, original.clone(), &unchanged).is_ok(),
                "{event} {original}"
            );
        }
    }
    for change in [
        |share: &mut Value| without(share, "/sub_mchid"),
        |share: &mut Value| without(share, "/success_time"),
        |share: &mut Value| without(share, "/receiver/type"),
        |share: &mut Value| without(share, "/receiver/description"),
        |share: &mut Value| share["receiver"]["description"] = json!({}),
        |share: &mut Value| share["success_time"] = json!("yesterday"),
    ] {
        assert!(take("PROFITSHARING.SUCCESS", Value::Null, &change).is_ok());
    }
    // A payment's event says that it is a share by the original type alone.
    assert!(take("TRANSACTION.SUCCESS", json!("profitsharing"), &unchanged).is_ok());
    let error = take("TRANSACTION.SUCCESS", Value::Null, &unchanged).unwrap_err();
    assert_eq!(error.code(), "wrong_merchant");
    // And it must be ours.
    let others = |share: &mut Value| share["receiver"]["account"] = json!("1900000334");
    let error = take("PROFITSHARING.SUCCESS", Value::Null, &others).unwrap_err();
    assert_eq!(error.code(), "wrong_merchant");
    for (member, value) in [("account", json!(["x"])), ("amount", json!("1"))] {
        assert!(
            take("PROFITSHARING.SUCCESS", Value::Null, &|share| share["receiver"]
                [member] =
                value.clone())
            .is_err()
        );
    }
}

#[test]
fn a_combined_payment_is_as_lenient_and_as_strict_as_a_single_one() {
    let rig = Rig::new();
    type Change = fn(&mut Value);
    let read = |change: Change| {
        let mut resource = combined();
        change(&mut resource);
        rig.decode::<CombinedTransaction>("TRANSACTION.SUCCESS", "transaction", &resource.to_string())
    };
    let lenient: [(Change, &[&str]); 6] = [
        (
            |paid| paid["sub_orders"][0]["promotion_detail"] = json!([{ "name": "x", "amount": 1 }]),
            &[],
        ),
        (
            |paid| paid["sub_orders"][1]["promotion_detail"] = json!([7]),
            &["sub_orders[1].promotion_detail[0]"],
        ),
        (
            |paid| paid["sub_orders"][1]["success_time"] = json!("yesterday"),
            &["sub_orders[1].success_time"],
        ),
        (
            |paid| paid["sub_orders"][0]["amount"]["payer_amount"] = json!(-1),
            &["sub_orders[0].amount.payer_amount"],
        ),
        (
            |paid| paid["combine_payer_info"] = json!("nobody"),
            &["combine_payer_info"],
        ),
        (|paid| paid["installment_info"] = json!({}), &[]),
    ];
    for (change, unread) in lenient {
        let paid = read(change).unwrap();
        assert_eq!(paid.unread(), unread);
        assert!(paid.confirm(&combined_expectation()).is_ok());
    }
    let strict: [(Change, &str); 7] = [
        (|paid| paid["sub_orders"][1] = json!("none"), "`sub_orders[1]`"),
        (
            |paid| paid["sub_orders"][1]["out_trade_no"] = json!(1),
            "`sub_orders[1].out_trade_no`",
        ),
        (
            |paid| paid["sub_orders"][1]["trade_state"] = json!([]),
            "`sub_orders[1].trade_state`",
        ),
        (
            |paid| paid["sub_orders"][1]["amount"]["total_amount"] = json!("10"),
            "`sub_orders[1].amount.total_amount`",
        ),
        (
            |paid| paid["sub_orders"][1]["amount"]["currency"] = json!({}),
            "`sub_orders[1].amount.currency`",
        ),
        (
            |paid| without(paid, "/sub_orders/1/mchid"),
            "`sub_orders[1].mchid` is missing",
        ),
        (
            |paid| without(paid, "/sub_orders/1/trade_state"),
            "`sub_orders[1].trade_state` is missing",
        ),
    ];
    for (change, named) in strict {
        let error = with_cause(&read(change).unwrap_err());
        assert!(error.contains(named), "{named}: {error}");
    }
    // The app is optional to read, and decides when it is compared.
    let paid = read(|paid| without(paid, "/combine_appid")).unwrap();
    assert!(paid.confirm(&combined_expectation()).is_err());
}

#[test]
fn a_withdrawal_is_as_lenient_and_as_strict_as_a_payment() {
    let rig = Rig::new();
    let withdrawal = json!({
        "sp_mchid": DEMO_MCHID, "sub_mchid": DEMO_SUB_MCHID, "status": "SUCCESS", "withdraw_id": "12",
        "out_request_no": "W1", "amount": 5, "create_time": "2024-01-01T00:00:00+08:00",
    });
    let read = |member: &str, value: Value| {
        let mut resource = withdrawal.clone();
        resource[member] = value;
        rig.decode::<WithdrawalNotice>("MCHWITHDRAW.CHANGE", "mch_withdraw", &resource.to_string())
    };
    for (member, value) in [
        ("create_time", json!("soon")),
        ("remark", json!([])),
        ("account_number", json!(7)),
    ] {
        assert!(read(member, value).is_ok(), "{member}");
    }
    for (member, value) in [
        ("amount", json!("5")),
        ("withdraw_id", json!(12)),
        ("status", json!({})),
        ("status", json!("")),
    ] {
        assert!(read(member, value).is_err(), "{member}");
    }
}
