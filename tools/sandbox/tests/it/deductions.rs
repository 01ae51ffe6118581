//! Deductions of combined orders by contract: signed, charged once, reversed, ended.

use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};
use wechatpay_core::{
    api::{
        combined_deduction::{
            ContractState, PreSignInApp, PreSignInMiniProgram, QueryContract, QueryDeduction, Reverse,
            Signed, Terminate, Terminated, TerminationMode,
        },
        transactions::TradeState,
    },
    testing::{DEMO_APPID, DEMO_MCHID, DEMO_SUB_MCHID},
    types::{Appid, CombineOutTradeNo},
};
use wechatpay_sandbox::{Account, Buyer, RecordKind, Sandbox};

use crate::{
    support::{Merchant, Shop, opened, refusal},
    typed::Client,
};

const SETTLED: Duration = Duration::from_secs(3);
const BASE: &str = "/v3/ecommerce/combine-papay";
const PLAN: u64 = 12_535;
const CODE: &str = "100000";

fn appid() -> Appid {
    DEMO_APPID.parse().unwrap()
}

fn number() -> CombineOutTradeNo {
    "COMBINED-0001".parse().unwrap()
}

fn order(contract_id: &str, number: &str) -> Value {
    let item = |out_trade_no: &str, total: i64| {
        json!({
            "mchid": DEMO_MCHID, "sub_mchid": DEMO_SUB_MCHID, "out_trade_no": out_trade_no, "description": "Tea",
            "amount": { "total_amount": total, "currency": "CNY" },
        })
    };
    json!({
        "combine_appid": DEMO_APPID, "combine_mchid": DEMO_MCHID, "combine_out_trade_no": number,
        "contract_id": contract_id,
        "sub_orders": [item(&format!("{number}-1"), 3_000), item(&format!("{number}-2"), 7_000)],
    })
}

/// A contract that a user has signed.
async fn signed(client: &Client) -> String {
    let sign = PreSignInMiniProgram::new(appid(), PLAN, CODE, "小明", "https://shop.example/notify");
    let prepared = client.call(sign.clone()).await;
    assert_eq!(client.call(sign).await, prepared);
    let path = format!("{BASE}/contracts/plan-id/{PLAN}/out-contract-code/{CODE}");
    assert_eq!(
        refusal(&client.merchant.get(&path).await).0,
        404,
        "nobody signed it"
    );
    client.sandbox.clock().advance(SETTLED).await.unwrap();
    let contract = client.call(QueryContract::new(PLAN, CODE)).await;
    assert_eq!(contract.contract_state, ContractState::Signed);
    contract.contract_id
}

async fn deduct(client: &Client, body: &Value) -> (u16, Value) {
    let reply = client.merchant.post(&format!("{BASE}/transactions"), body).await;
    (reply.status.as_u16(), reply.json())
}

#[tokio::test]
async fn a_contract_is_charged_once_and_the_order_reversed() {
    let client = Client::start().await;
    let contract = signed(&client).await;
    let (status, paid) = deduct(&client, &order(&contract, "COMBINED-0001")).await;
    assert_eq!(status, 200, "{paid}");
    let balance = client.sandbox.balance(DEMO_SUB_MCHID, Account::Basic);
    assert!(balance > 9_000, "{balance}: less the fee");
    assert_eq!(deduct(&client, &order(&contract, "COMBINED-0001")).await.1, paid);
    assert_eq!(client.sandbox.balance(DEMO_SUB_MCHID, Account::Basic), balance);

    let queried = client.call(QueryDeduction::new(number())).await;
    assert_eq!(queried.sub_orders.len(), 2);
    assert!(
        queried
            .sub_orders
            .iter()
            .all(|item| item.trade_state == TradeState::Success)
    );
    let reverse = Reverse::new(number(), appid());
    client.call(reverse.clone()).await;
    client.call(reverse).await;
    assert_eq!(client.sandbox.balance(DEMO_SUB_MCHID, Account::Basic), 0);
    let queried = client.call(QueryDeduction::new(number())).await;
    assert!(
        queried
            .sub_orders
            .iter()
            .all(|item| item.trade_state == TradeState::Revoked)
    );

    let ended = Terminate::new(PLAN, CODE, "不再使用");
    client.call(ended.clone()).await;
    client.call(ended).await;
    let contract_now = client.call(QueryContract::new(PLAN, CODE)).await;
    let info = contract_now.contract_terminate_info.unwrap();
    assert_eq!(info.contract_termination_mode, Some(TerminationMode::MerchantApi));
    let (status, refused) = deduct(&client, &order(&contract, "COMBINED-0002")).await;
    assert_eq!((status, &refused["code"]), (400, &json!("INVALID_REQUEST")));
    // The order that was reversed is still itself.
    let (status, reversed) = deduct(&client, &order(&contract, "COMBINED-0001")).await;
    let state = reversed.pointer("/sub_orders/0/trade_state");
    assert_eq!((status, state), (200, Some(&json!("REVOKED"))));
}

#[tokio::test]
async fn who_has_no_money_pays_nothing_and_wrong_deductions_are_refused() {
    let client = Client::start().await;
    let contract = signed(&client).await;
    let bob = json!({ "openid": Buyer::Bob.openid(DEMO_APPID) });
    let other = PreSignInApp::new(appid(), PLAN, "200000", "小红", "https://shop.example/notify");
    client.call(other).await;
    client
        .sandbox
        .settle_record(
            RecordKind::DeductionContract,
            &format!("{PLAN}/200000"),
            "SIGNED",
            bob,
        )
        .unwrap();
    let poor = client.call(QueryContract::new(PLAN, "200000")).await.contract_id;
    let (status, refused) = deduct(&client, &order(&poor, "COMBINED-0003")).await;
    assert_eq!((status, &refused["code"]), (403, &json!("NOT_ENOUGH")));
    let state = client
        .call(QueryDeduction::new("COMBINED-0003".parse().unwrap()))
        .await;
    assert!(
        state
            .sub_orders
            .iter()
            .all(|item| item.trade_state == TradeState::PayError)
    );
    assert_eq!(client.sandbox.balance(DEMO_SUB_MCHID, Account::Basic), 0);

    let with = |pointer: &str, value: Value| {
        let mut wrong = order(&contract, "COMBINED-0004");
        *wrong.pointer_mut(pointer).unwrap() = value;
        wrong
    };
    for (wrong, status, word) in [
        (with("/contract_id", json!("none")), 404, "RESOURCE_NOT_EXISTS"),
        (
            with("/combine_appid", json!("wx0000000000000000")),
            400,
            "APPID_MCHID_NOT_MATCH",
        ),
        (
            with("/sub_orders/0/sub_mchid", json!("1900000999")),
            403,
            "NO_AUTH",
        ),
        (
            with("/sub_orders/0/amount/total_amount", json!(0)),
            400,
            "PARAM_ERROR",
        ),
    ] {
        let (got, refused) = deduct(&client, &wrong).await;
        assert_eq!((got, &refused["code"]), (status, &json!(word)), "{wrong}");
    }
    deduct(&client, &order(&contract, "COMBINED-0004")).await;
    let differs = with("/sub_orders/0/amount/total_amount", json!(3_001));
    assert_ne!(deduct(&client, &differs).await.0, 200);
    let unknown = client
        .merchant
        .post(
            &format!("{BASE}/transactions/NONE-0001/reverse"),
            &json!({ "combine_appid": DEMO_APPID }),
        )
        .await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_platform_is_told_of_signature_and_end() {
    let sandbox = Sandbox::builder().manual_clock().start().await.unwrap();
    let merchant = Merchant::new(&sandbox);
    let shop = Shop::start(|_, _| 204).await;
    let sign = json!({
        "appid": DEMO_APPID, "plan_id": PLAN, "out_contract_code": CODE, "contract_display_account": "小明",
        "notify_url": shop.url,
    });
    let path = format!("{BASE}/contracts/pre-entrust-sign");
    assert_eq!(merchant.post(&path, &sign).await.status, StatusCode::OK);
    sandbox.clock().advance(SETTLED).await.unwrap();
    shop.gets(1).await;
    sandbox
        .settle_record(
            RecordKind::DeductionContract,
            &format!("{PLAN}/{CODE}"),
            "TERMINATED",
            Value::Null,
        )
        .unwrap();
    sandbox.clock().advance(SETTLED).await.unwrap();
    shop.gets(2).await;
    for arrival in shop.arrivals() {
        let verified = opened(&sandbox, &arrival).await;
        if verified.event_type().to_string() == "ECOMMERCE_ENTRUST.SIGN" {
            let notice: Signed = serde_json::from_str(verified.plaintext()).unwrap();
            assert_eq!((notice.plan_id, &*notice.out_contract_code), (PLAN, CODE));
        } else {
            let notice: Terminated = serde_json::from_str(verified.plaintext()).unwrap();
            assert_eq!(notice.contract_termination_mode, Some(TerminationMode::User));
        }
    }
}
