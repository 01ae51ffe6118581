//! Recharges: typed calls, money, notifications, employees, refusals.

use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};
use wechatpay_core::{
    api::{
        funds::AccountType,
        sub_merchant_recharge::{
            AddEmployee, Apply, ApplyBankTransfer, Close, DeleteEmployee, EmployeeState, ListEmployees,
            OutRechargeNo, Query, QueryBankTransfer, RechargeAmount, RechargeChannel, RechargeNotice,
            RechargeScene, RechargeState as State, ReturnNotice,
        },
    },
    testing::{DEMO_MCHID, DEMO_SUB_MCHID},
    types::{Fen, Mchid, Openid},
};
use wechatpay_sandbox::{Account, RecordError, RecordKind, Sandbox};

use crate::{
    support::{Merchant, Shop, opened, refusal},
    typed::Client,
};

const SETTLED: Duration = Duration::from_secs(3);
const BASE: &str = "/v3/platsolution/ecommerce";

fn sub() -> Mchid {
    DEMO_SUB_MCHID.parse().unwrap()
}

fn number() -> OutRechargeNo {
    "cz202407181234".parse().unwrap()
}

fn amount(fen: u32) -> RechargeAmount {
    RechargeAmount::new().amount(Fen::from(fen))
}

fn apply(fen: u32) -> Apply {
    Apply::new(
        sub(),
        number(),
        RechargeScene::Deposit,
        AccountType::Deposit,
        amount(fen),
    )
    .remark("保证金")
}

fn body(fen: u32, notify_url: &str) -> Value {
    serde_json::to_value(apply(fen).notify_url(notify_url)).unwrap()
}

#[tokio::test]
async fn a_sub_merchant_fills_its_deposit_once() {
    let client = Client::start().await;
    let applied = client.call(apply(500)).await;
    assert!(applied.recharge_url.is_some());
    assert_eq!(client.call(apply(500)).await, applied);
    let query = || Query::new(number(), sub());
    let waiting = client.call(query()).await;
    assert_eq!(waiting.recharge_state, State::Recharging);
    assert!(waiting.recharge_channel.is_none() && waiting.success_time.is_none());
    for _ in 0..2 {
        client.sandbox.clock().advance(SETTLED).await.unwrap();
        let done = client.call(query()).await;
        assert_eq!(done.recharge_state, State::Success);
        assert_eq!(done.recharge_channel, Some(RechargeChannel::BankTransfer));
        assert!(done.bank_transfer_info.unwrap().memo.is_some() && done.success_time.is_some());
        assert_eq!(client.sandbox.balance(DEMO_SUB_MCHID, Account::Deposit), 500);
        client.call(apply(500)).await;
    }
    let path = format!("{BASE}/recharges/out-recharge-no/{}", number());
    let late = client
        .merchant
        .post(&format!("{path}/close?sub_mchid={DEMO_SUB_MCHID}"), &json!({}))
        .await;
    assert_eq!(refusal(&late), (400, "INVALID_REQUEST".to_owned()));
}

#[tokio::test]
async fn a_closed_recharge_takes_no_money() {
    let client = Client::start().await;
    client
        .call(apply(500).available_recharge_channels(vec![RechargeChannel::Qr]))
        .await;
    let closed = client.call(Close::new(number(), sub())).await;
    assert_eq!(closed.recharge_state, State::Closed);
    assert!(closed.close_time.is_some());
    client.sandbox.clock().advance(SETTLED).await.unwrap();
    assert_eq!(client.call(Close::new(number(), sub())).await, closed);
    assert_eq!(client.sandbox.balance(DEMO_SUB_MCHID, Account::Deposit), 0);
    let late = client
        .sandbox
        .settle_record(RecordKind::Recharge, number().as_str(), "SUCCESS", Value::Null);
    assert!(matches!(late, Err(RecordError::NoWay { .. })));
}

#[tokio::test]
async fn the_platform_fills_its_own_accounts_by_bank_transfer() {
    let client = Client::start().await;
    let apply = ApplyBankTransfer::new(
        number(),
        RechargeScene::BankTransfer,
        AccountType::Operation,
        amount(800),
    );
    let applied = client.call(apply.clone()).await;
    assert!(applied.transfer_in_account.is_some());
    assert_eq!(client.call(apply).await, applied);
    client.sandbox.clock().advance(SETTLED).await.unwrap();
    let done = client.call(QueryBankTransfer::new(number())).await;
    assert_eq!(
        (&done.recharge_state, done.recharge_amount.amount),
        (&State::Success, Some(Fen::from(800)))
    );
    assert_eq!(done.mchid.unwrap().as_str(), DEMO_MCHID);
    assert_eq!(client.sandbox.balance(DEMO_MCHID, Account::Operation), 800);
    // The other kind knows it not.
    let path = format!(
        "{BASE}/recharges/out-recharge-no/{}?sub_mchid={DEMO_SUB_MCHID}",
        number()
    );
    assert_eq!(refusal(&client.merchant.get(&path).await).0, 404);
}

#[tokio::test]
async fn employees_come_and_go_and_come_back() {
    let client = Client::start().await;
    let openid = || -> Openid { "o-MYE42l80oelYMDE34nYD456Xoy".parse().unwrap() };
    let list = async || client.call(ListEmployees::new(sub())).await.employees;
    let added = client.call(AddEmployee::new(sub(), openid())).await;
    assert_eq!(added.state, Some(EmployeeState::Effective));
    assert_eq!(client.call(AddEmployee::new(sub(), openid())).await, added);
    assert_eq!(list().await, [added]);
    for _ in 0..2 {
        let deleted = client.call(DeleteEmployee::new(sub(), openid())).await;
        assert_eq!(deleted.state, Some(EmployeeState::Deleted));
    }
    assert!(list().await.is_empty());
    let back = client.call(AddEmployee::new(sub(), openid())).await;
    assert_eq!(back.state, Some(EmployeeState::Effective));
    assert_eq!(list().await, [back]);
    let known = client.sandbox.records(RecordKind::RechargeEmployee);
    assert_eq!(known.len(), 1);
    assert!(
        !format!("{known:?}").contains(openid().as_str()),
        "a person is not in the journal"
    );
    let unknown = format!("{BASE}/recharge-employees/sub-mchid/{DEMO_SUB_MCHID}/sp-openid/o-other/delete");
    let reply = client.merchant.post(&unknown, &json!({})).await;
    assert_eq!(refusal(&reply).0, 404);
}

#[tokio::test]
async fn the_platform_is_told_of_the_credit_and_of_money_that_went_back() {
    let sandbox = Sandbox::builder().manual_clock().start().await.unwrap();
    let merchant = Merchant::new(&sandbox);
    let shop = Shop::start(|_, _| 204).await;
    let reply = merchant
        .post(&format!("{BASE}/recharges/apply"), &body(400, &shop.url))
        .await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    let facts = json!({ "recharge_returned_id": "R1", "return_reason": "付款户名不一致" });
    sandbox
        .settle_record(RecordKind::Recharge, number().as_str(), "RECHARGING", facts)
        .unwrap();
    assert_eq!(sandbox.balance(DEMO_SUB_MCHID, Account::Deposit), 0);
    sandbox.clock().advance(SETTLED).await.unwrap();
    shop.gets(2).await;
    let mut kinds = Vec::new();
    for arrival in shop.arrivals() {
        let verified = opened(&sandbox, &arrival).await;
        let kind = verified.event_type().to_string();
        if kind == "RECHARGE.FUND_RETURNED" {
            let notice: ReturnNotice = serde_json::from_str(verified.plaintext()).unwrap();
            let detail = notice.detail.unwrap();
            assert_eq!(
                (&*notice.recharge_returned_id, detail.amount),
                ("R1", Some(Fen::from(400)))
            );
            assert_eq!(detail.return_reason.as_deref(), Some("付款户名不一致"));
        } else {
            let notice: RechargeNotice = serde_json::from_str(verified.plaintext()).unwrap();
            assert_eq!(
                (&notice.recharge_state, notice.recharge_amount.amount),
                (&State::Success, Fen::from(400))
            );
            assert_eq!(notice.remark.as_deref(), Some("保证金"));
        }
        kinds.push(kind);
    }
    kinds.sort();
    assert_eq!(kinds, ["RECHARGE.FUND_RETURNED", "RECHARGE.SUCCESS"]);
    assert_eq!(sandbox.balance(DEMO_SUB_MCHID, Account::Deposit), 400);
}

#[tokio::test]
async fn wrong_recharges_are_refused() {
    let client = Client::start().await;
    let url = "https://shop.example/notify";
    let path = format!("{BASE}/recharges/apply");
    let refused = async |body: &Value| refusal(&client.merchant.post(&path, body).await);
    let with = |name: &str, value: Value| {
        let mut wrong = body(100, url);
        wrong[name] = value;
        wrong
    };
    for (wrong, status, word) in [
        (with("sub_mchid", json!("1900000999")), 403, "NO_AUTH"),
        (with("account_type", json!("OPERATION")), 400, "PARAM_ERROR"),
        (with("account_type", json!("BASIC")), 400, "PARAM_ERROR"),
        (with("out_recharge_no", json!("a-1")), 400, "PARAM_ERROR"),
        (with("recharge_amount", json!({})), 400, "PARAM_ERROR"),
        (
            with("recharge_amount", json!({ "amount": 1, "currency": "USD" })),
            400,
            "PARAM_ERROR",
        ),
        (
            with("remark", json!("二十一个字的备注二十一个字的备注二十一个字")),
            400,
            "PARAM_ERROR",
        ),
    ] {
        assert_eq!(refused(&wrong).await, (status, word.to_owned()), "{wrong}");
    }
    let good = client.merchant.post(&path, &body(100, url)).await;
    assert_eq!(good.status, StatusCode::OK, "{}", good.text());
    assert_eq!(
        refused(&body(101, url)).await,
        (400, "INVALID_REQUEST".to_owned())
    );
    let bank = json!({
        "out_recharge_no": number(),
        "recharge_scene": "ECOMMERCE_BANK_TRANSFER",
        "account_type": "BASIC",
        "recharge_amount": { "amount": 100 },
    });
    let used = client
        .merchant
        .post(&format!("{BASE}/bank-transfer-recharges/apply"), &bank)
        .await;
    assert_eq!(refusal(&used), (400, "INVALID_REQUEST".to_owned()));
}
