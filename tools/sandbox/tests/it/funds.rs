//! Subsidies, balances and withdrawals.

use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};
use wechatpay_core::{
    testing::{DEMO_MCHID, DEMO_SUB_MCHID},
    types::Fen,
};
use wechatpay_sandbox::{Account, Buyer, Sandbox, WithdrawalError, WithdrawalState};

use crate::support::{Merchant, Reply, Shop, opened, partner_order, refusal};

const SETTLED: Duration = Duration::from_secs(3);
const SUBSIDIES: &str = "/v3/ecommerce/subsidies";
const SUB_FUND: &str = "/v3/ecommerce/fund";
const FUND: &str = "/v3/merchant/fund";
const DAY_END: &str = "/v3/platsolution/ecommerce/withdraw/day-end-balance-withdraw";

async fn start() -> (Sandbox, Merchant) {
    let sandbox = Sandbox::builder().manual_clock().start().await.unwrap();
    let merchant = Merchant::new(&sandbox);
    (sandbox, merchant)
}

/// A paid order of 100.00.
async fn pay(sandbox: &Sandbox, merchant: &Merchant, number: &str, settle_info: Value) -> String {
    let mut order = partner_order("native", number);
    order["amount"]["total"] = json!(10_000);
    order["settle_info"] = settle_info;
    let reply = merchant.post("/v3/pay/partner/transactions/native", &order).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    sandbox.set_notify_enabled(false);
    let id = sandbox.pay(number, Buyer::Alice).unwrap().transaction_id.unwrap();
    sandbox.clock().run_until_idle().await.unwrap();
    sandbox.set_notify_enabled(true);
    id
}

fn invalid() -> (u16, String) {
    (400, "INVALID_REQUEST".to_owned())
}

#[tokio::test]
async fn a_subsidy_is_paid_once_given_back_in_parts_or_called_off() {
    let (sandbox, merchant) = start().await;
    let promised = json!({ "profit_sharing": true, "subsidy_amount": 500 });
    let id = pay(&sandbox, &merchant, "demo-0001", promised.clone()).await;
    let post = async |path: &str, body: &Value| -> Reply {
        let reply = merchant.post(&format!("{SUBSIDIES}/{path}"), body).await;
        merchant.verify(&reply).await.unwrap();
        reply
    };
    let create = |amount: i64| json!({ "sub_mchid": DEMO_SUB_MCHID, "transaction_id": id, "amount": amount, "description": "补差" });
    assert_eq!(refusal(&post("create", &create(501)).await), invalid());
    let paid = post("create", &create(300)).await;
    assert_eq!(paid.json()["result"], "SUCCESS", "{}", paid.text());
    assert_eq!(
        post("create", &create(300)).await.json(),
        paid.json(),
        "the same call again"
    );
    assert_eq!(refusal(&post("create", &create(201)).await), invalid());
    assert_eq!(sandbox.balance(DEMO_MCHID, Account::Operation), -300);
    assert_eq!(sandbox.balance(DEMO_SUB_MCHID, Account::Basic), 9940 + 300);

    let back = |number: &str, amount: i64| {
        json!({
            "sub_mchid": DEMO_SUB_MCHID, "out_order_no": number, "transaction_id": id, "amount": amount,
            "description": "退", "subsidy_id": paid.json()["subsidy_id"],
        })
    };
    let given = post("return", &back("back-1", 200)).await;
    assert_eq!(given.json()["amount"], 200, "{}", given.text());
    assert_eq!(post("return", &back("back-1", 200)).await.json(), given.json());
    assert_eq!(post("return", &back("back-1", 100)).await.number(), 268_498_688);
    assert_eq!(refusal(&post("return", &back("back-2", 101)).await), invalid());
    assert_eq!(sandbox.balance(DEMO_MCHID, Account::Operation), -100);
    let cancel = json!({ "sub_mchid": DEMO_SUB_MCHID, "transaction_id": id, "description": "取消" });
    assert_eq!(refusal(&post("cancel", &cancel).await), invalid(), "it was paid");

    let other = pay(&sandbox, &merchant, "demo-0002", promised).await;
    let cancel = json!({ "sub_mchid": DEMO_SUB_MCHID, "transaction_id": other, "description": "取消" });
    assert_eq!(post("cancel", &cancel).await.json()["result"], "SUCCESS");
    let mut late = create(1);
    late["transaction_id"] = json!(other);
    assert_eq!(refusal(&post("create", &late).await), invalid());
    let plain = pay(&sandbox, &merchant, "demo-0003", json!({})).await;
    late["transaction_id"] = json!(plain);
    assert_eq!(refusal(&post("create", &late).await), invalid());
}

#[tokio::test]
async fn a_balance_tells_what_is_frozen_from_what_is_not() {
    let (sandbox, merchant) = start().await;
    pay(&sandbox, &merchant, "demo-0001", json!({})).await;
    pay(
        &sandbox,
        &merchant,
        "demo-0002",
        json!({ "profit_sharing": true }),
    )
    .await;
    let reply = merchant
        .get(&format!("{SUB_FUND}/balance/{DEMO_SUB_MCHID}"))
        .await;
    merchant.verify(&reply).await.unwrap();
    assert_eq!(
        reply.json(),
        json!({
            "sub_mchid": DEMO_SUB_MCHID, "account_type": "BASIC", "available_amount": 9940, "pending_amount": 9940,
        })
    );
    let reply = merchant
        .get(&format!(
            "{SUB_FUND}/balance/{DEMO_SUB_MCHID}?account_type=DEPOSIT"
        ))
        .await;
    assert_eq!(reply.json()["available_amount"], 0);
    sandbox.top_up(DEMO_MCHID, Account::Operation, Fen::from(700));
    let reply = merchant.get(&format!("{FUND}/balance/OPERATION")).await;
    assert_eq!(
        reply.json(),
        json!({ "available_amount": 700, "pending_amount": 0 })
    );
    assert_eq!(
        merchant.get(&format!("{FUND}/balance/DEPOSIT")).await.code(),
        "PARAM_ERROR"
    );
    assert_eq!(
        refusal(&merchant.get(&format!("{SUB_FUND}/balance/1900000110")).await),
        (403, "NO_AUTH".to_owned())
    );

    // The balance of a day is there when its bill is.
    let end = format!("{SUB_FUND}/enddaybalance/{DEMO_SUB_MCHID}?date=2026-01-05");
    assert_eq!(refusal(&merchant.get(&end).await), invalid());
    sandbox.clock().next_day_at("10:00").await.unwrap();
    pay(&sandbox, &merchant, "demo-0003", json!({})).await;
    assert_eq!(merchant.get(&end).await.json()["available_amount"], 2 * 9940);
    let own = merchant
        .get(&format!("{FUND}/dayendbalance/OPERATION?date=2026-01-05"))
        .await;
    assert_eq!(own.json()["available_amount"], 700);
    for date in ["2026-01-06", "2025-10-07", "yesterday"] {
        let target = format!("{SUB_FUND}/enddaybalance/{DEMO_SUB_MCHID}?date={date}");
        assert_eq!(
            merchant.get(&target).await.status,
            StatusCode::BAD_REQUEST,
            "{date}"
        );
    }
}

#[tokio::test]
async fn money_of_a_sub_merchant_is_withdrawn_and_told() {
    let shop = Shop::start(|_, _| 204).await;
    let (sandbox, merchant) = start().await;
    pay(&sandbox, &merchant, "demo-0001", json!({})).await;
    let withdraw = |number: &str, amount: i64| {
        json!({
            "sub_mchid": DEMO_SUB_MCHID, "out_request_no": number, "amount": amount, "remark": "交易提现",
            "notify_url": shop.url,
        })
    };
    let path = format!("{SUB_FUND}/withdraw");
    assert_eq!(
        refusal(&merchant.post(&path, &withdraw("w1", 9941)).await),
        (403, "NOT_ENOUGH".to_owned())
    );
    let reply = merchant.post(&path, &withdraw("w1", 9000)).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    merchant.verify(&reply).await.unwrap();
    let withdraw_id = reply.json()["withdraw_id"].as_str().unwrap().to_owned();
    assert_eq!(
        merchant.post(&path, &withdraw("w1", 9000)).await.json(),
        reply.json()
    );
    assert_eq!(
        merchant.post(&path, &withdraw("w1", 1)).await.number(),
        268_498_688
    );
    assert_eq!(
        refusal(&merchant.post(&path, &withdraw("w-1", 1)).await).1,
        "PARAM_ERROR"
    );

    let by_number = format!("{path}/out-request-no/w1?sub_mchid={DEMO_SUB_MCHID}");
    let query = merchant.get(&by_number).await.json();
    assert_eq!(query["status"], "CREATE_SUCCESS");
    assert_eq!(
        (&query["sp_mchid"], &query["amount"]),
        (&json!(DEMO_MCHID), &json!(9000))
    );
    sandbox.clock().advance(SETTLED).await.unwrap();
    let done = merchant.get(&by_number).await.json();
    assert_eq!(done["status"], "SUCCESS");
    assert_eq!(done["update_time"], "2026-01-05T09:00:03+08:00");
    assert_eq!(
        merchant
            .get(&format!("{path}/{withdraw_id}?sub_mchid={DEMO_SUB_MCHID}"))
            .await
            .json(),
        done
    );
    let verified = opened(&sandbox, &shop.arrivals().pop().unwrap()).await;
    assert_eq!(verified.event_type().to_string(), "MCHWITHDRAW.CHANGE");
    assert_eq!(verified.original_type(), Some("mch_withdraw"));
    assert_eq!(serde_json::from_str::<Value>(verified.plaintext()).unwrap(), done);
    assert_eq!(sandbox.balance(DEMO_SUB_MCHID, Account::Basic), 940);

    // The bank may send it back.
    sandbox
        .settle_withdrawal("w1", WithdrawalState::Refund, Some("账户已销户"))
        .unwrap();
    assert_eq!(merchant.get(&by_number).await.json()["reason"], "账户已销户");
    assert_eq!(sandbox.balance(DEMO_SUB_MCHID, Account::Basic), 9940);
    assert!(matches!(
        sandbox.settle_withdrawal("w1", WithdrawalState::Success, None),
        Err(WithdrawalError::NoWay { .. })
    ));
    assert_eq!(
        sandbox.settle_withdrawal("w9", WithdrawalState::Success, None),
        Err(WithdrawalError::NoSuchWithdrawal)
    );
    let missing = merchant
        .get(&format!("{path}/out-request-no/w9?sub_mchid={DEMO_SUB_MCHID}"))
        .await;
    assert_eq!(refusal(&missing), (404, "ORDER_NOT_EXIST".to_owned()));
    assert_eq!(
        merchant.get(&format!("{path}/out-request-no/w1")).await.code(),
        "PARAM_ERROR"
    );
}

#[tokio::test]
async fn a_withdrawal_that_failed_by_hand_does_not_succeed_by_itself_and_stands_in_a_bill() {
    let (sandbox, merchant) = start().await;
    sandbox.top_up(DEMO_MCHID, Account::Basic, Fen::from(5000));
    let path = format!("{FUND}/withdraw");
    let body = json!({ "out_request_no": "own1", "amount": 5000, "account_type": "BASIC" });
    let reply = merchant.post(&path, &body).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    sandbox
        .settle_withdrawal("own1", WithdrawalState::Fail, Some("卡号有误"))
        .unwrap();
    sandbox.clock().advance(SETTLED).await.unwrap();
    let query = merchant.get(&format!("{path}/out-request-no/own1")).await.json();
    assert_eq!(query["status"], "FAIL");
    assert_eq!(query["sub_mchid"], Value::Null);
    let id = query["withdraw_id"].as_str().unwrap();
    assert_eq!(
        merchant.get(&format!("{path}/withdraw-id/{id}")).await.json(),
        query
    );
    assert_eq!(sandbox.balance(DEMO_MCHID, Account::Basic), 5000);

    let bill = format!("{path}/bill-type/NO_SUCC?bill_date=2026-01-05");
    assert_eq!(merchant.get(&bill).await.code(), "STATEMENT_CREATING");
    sandbox.clock().next_day_at("10:00").await.unwrap();
    let url = merchant.get(&bill).await.json()["download_url"]
        .as_str()
        .unwrap()
        .to_owned();
    let file = merchant
        .get(url.strip_prefix(&merchant.base_url).unwrap())
        .await
        .text();
    assert!(
        file.contains("`own1,") && file.contains("`50.00,`FAIL,`卡号有误\r\n"),
        "{file}"
    );
    let other = bill.replace("NO_SUCC", "ALL");
    assert_eq!(merchant.get(&other).await.code(), "PARAM_ERROR");
    let none = bill.replace("01-05", "01-04");
    assert_eq!(merchant.get(&none).await.code(), "NO_STATEMENT_EXIST");
}

#[tokio::test]
async fn what_a_day_left_is_withdrawn_whole() {
    let (sandbox, merchant) = start().await;
    pay(&sandbox, &merchant, "demo-0001", json!({})).await;
    let body = |number: &str, kind: &str, reserve: i64| {
        json!({
            "sub_mchid": DEMO_SUB_MCHID, "out_request_no": number, "calculate_amount_type": kind,
            "reserve_amount": reserve,
        })
    };
    // Yesterday there was nothing.
    let reply = merchant
        .post(DAY_END, &body("d1", "ONLY_DAY_END_BALANCE", 0))
        .await;
    assert_eq!(refusal(&reply), (403, "NOT_ENOUGH".to_owned()));
    sandbox.clock().next_day_at("11:00").await.unwrap();
    pay(&sandbox, &merchant, "demo-0002", json!({})).await;
    let reply = merchant
        .post(DAY_END, &body("d1", "ONLY_DAY_END_BALANCE", 940))
        .await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    assert_eq!(
        (&reply.json()["status"], &reply.json()["total_amount"]),
        (&json!("PROCESSING"), &json!(9000))
    );
    sandbox.clock().advance(SETTLED).await.unwrap();
    let target = format!("{DAY_END}/out-request-no/d1?sub_mchid={DEMO_SUB_MCHID}");
    let done = merchant.get(&target).await.json();
    assert_eq!(
        (&done["status"], &done["success_amount"]),
        (&json!("FINISHED"), &json!(9000))
    );
    let reply = merchant
        .post(DAY_END, &body("d2", "ALLOW_CURRENT_BALANCE", 0))
        .await;
    assert_eq!(reply.json()["total_amount"], 2 * 9940 - 9000);
    assert_eq!(sandbox.withdrawals().len(), 2);
}
