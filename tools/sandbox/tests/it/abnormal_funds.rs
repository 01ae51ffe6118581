//! Payments that could not be credited: instructed once, and paid once.

use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};
use wechatpay_core::{
    api::abnormal_funds::{
        Instruct, InstructionState, QueryInstruction, QueryReceipt, Receipt, ReceiptState, Receiver,
        TransferMode,
    },
    testing::{DEMO_APPID, DEMO_MCHID, DEMO_SUB_MCHID},
    types::{Fen, Openid},
};
use wechatpay_sandbox::{Account, Fault, RecordKind, Sandbox};

use crate::{
    support::{Merchant, Shop, opened, refusal},
    typed::Client,
};

const SETTLED: Duration = Duration::from_secs(3);
const NUMBER: &str = "INSTRUCTION0001";

fn path(receipt_id: &str) -> String {
    format!("/v3/abnormal-fund-processing/receipts/{receipt_id}/transfer-instructions")
}

fn to_shop(receipt_id: &str, number: &str) -> Instruct {
    let receiver = Receiver::default().mchid(DEMO_SUB_MCHID.parse::<wechatpay_core::types::Mchid>().unwrap());
    Instruct::new(receipt_id, number, TransferMode::GivenMerchant).receiver(receiver)
}

#[tokio::test]
async fn the_money_goes_where_the_instruction_says_once() {
    let client = Client::start().await;
    let sandbox = &client.sandbox;
    let id = sandbox.open_abnormal_fund(Fen::from(700_u32)).id;
    let waiting = client.call(QueryReceipt::new(id.clone())).await;
    assert_eq!(
        (waiting.receipt_state, waiting.transfer_amount.total),
        (ReceiptState::Pending, Fen::from(700_u32))
    );
    assert!(waiting.instruction.is_none());

    sandbox.fault(Fault::AcceptedBut(500));
    let body = json!({
        "out_instruction_no": NUMBER,
        "transfer_mode": "TRANSFER_MODE_TO_SPECIFIED_RECEIVE_MERCHANT",
        "receiver": { "mchid": DEMO_SUB_MCHID },
    });
    let lost = client.merchant.post(&path(&id), &body).await;
    assert_eq!(lost.status, StatusCode::INTERNAL_SERVER_ERROR);
    let again = client.call(to_shop(&id, NUMBER)).await;
    assert_eq!(again.receipt_state, ReceiptState::Progress);
    let instruction = again.instruction.unwrap();
    assert_eq!(instruction.instruction_state, Some(InstructionState::Pending));

    for _ in 0..3 {
        sandbox.clock().advance(SETTLED).await.unwrap();
    }
    let paid = client.call(QueryReceipt::new(id.clone())).await;
    assert_eq!(paid.receipt_state, ReceiptState::Completed);
    let ended = client.call(QueryInstruction::new(id.clone(), NUMBER)).await;
    assert_eq!(ended.instruction_state, Some(InstructionState::Success));
    assert!(ended.success_time.is_some() && paid.instruction.unwrap().success_time.is_some());
    assert_eq!(sandbox.balance(DEMO_SUB_MCHID, Account::Basic), 700);
    assert_eq!(
        client.call(to_shop(&id, NUMBER)).await.receipt_state,
        ReceiptState::Completed
    );
    assert_eq!(sandbox.balance(DEMO_SUB_MCHID, Account::Basic), 700);
}

#[tokio::test]
async fn a_closed_instruction_leaves_the_payment_to_another_one() {
    let client = Client::start().await;
    let sandbox = &client.sandbox;
    let id = sandbox.open_abnormal_fund(Fen::from(700_u32)).id;
    client.call(to_shop(&id, NUMBER)).await;
    sandbox
        .settle_record(
            RecordKind::AbnormalFundInstruction,
            NUMBER,
            "INSTRUCTION_STATE_CLOSED",
            Value::Null,
        )
        .unwrap();
    let closed = client.call(QueryInstruction::new(id.clone(), NUMBER)).await;
    assert_eq!(closed.instruction_state, Some(InstructionState::Closed));
    assert!(closed.close_time.is_some());
    let waiting = client.call(QueryReceipt::new(id.clone())).await;
    assert!(waiting.receipt_state == ReceiptState::Pending && waiting.instruction.is_none());

    let openid: Openid = "o-MYE42l80oelYMDE34nYD456Xoy".parse().unwrap();
    let receiver = Receiver::default()
        .appid(DEMO_APPID.parse::<wechatpay_core::types::Appid>().unwrap())
        .openid(openid);
    client
        .call(Instruct::new(id.clone(), "INSTRUCTION0002", TransferMode::OriginalUser).receiver(receiver))
        .await;
    for _ in 0..2 {
        sandbox.clock().advance(SETTLED).await.unwrap();
    }
    let paid = client.call(QueryReceipt::new(id)).await;
    assert_eq!(paid.receipt_state, ReceiptState::Completed);
    let balances = [DEMO_MCHID, DEMO_SUB_MCHID].map(|mchid| sandbox.balance(mchid, Account::Basic));
    assert_eq!(balances, [0, 0], "a user's money is in no account");
}

#[tokio::test]
async fn the_merchant_is_told_that_the_money_arrived() {
    let sandbox = Sandbox::builder().manual_clock().start().await.unwrap();
    let merchant = Merchant::new(&sandbox);
    let shop = Shop::start(|_, _| 204).await;
    let id = sandbox.open_abnormal_fund(Fen::from(700_u32)).id;
    let body = json!({
        "out_instruction_no": NUMBER,
        "transfer_mode": "TRANSFER_MODE_TO_ORIGINAL_RECEIVE_MERCHANT",
        "notify_url": shop.url,
    });
    let reply = merchant.post(&path(&id), &body).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    for _ in 0..2 {
        sandbox.clock().advance(SETTLED).await.unwrap();
    }
    let verified = opened(&sandbox, &shop.arrivals().pop().unwrap()).await;
    assert_eq!(
        verified.event_type().to_string(),
        "ABNORMAL_FUND_PROCESSING.TRANSFER.SUCCESS"
    );
    let notice: Receipt = serde_json::from_str(verified.plaintext()).unwrap();
    let instruction = notice.instruction.unwrap();
    assert_eq!(
        (notice.receipt_id, notice.receipt_state),
        (id, ReceiptState::Completed)
    );
    assert!(instruction.instruction_instance_id.is_some() && instruction.success_time.is_some());
    assert_eq!(sandbox.balance(DEMO_MCHID, Account::Basic), 700);
}

#[tokio::test]
async fn wrong_instructions_are_refused_and_the_payment_waits() {
    let client = Client::start().await;
    let (sandbox, merchant) = (&client.sandbox, &client.merchant);
    let id = sandbox.open_abnormal_fund(Fen::from(700_u32)).id;
    let other = sandbox.open_abnormal_fund(Fen::from(1_u32)).id;
    let refused = async |id: &str, body: &Value| refusal(&merchant.post(&path(id), body).await);
    let to = |mode: &str, mchid: Option<&str>| {
        let mut body = json!({ "out_instruction_no": NUMBER, "transfer_mode": mode });
        if let Some(mchid) = mchid {
            body["receiver"] = json!({ "mchid": mchid });
        }
        body
    };
    let given = "TRANSFER_MODE_TO_SPECIFIED_RECEIVE_MERCHANT";
    assert_eq!(
        refused(&id, &to(given, None)).await,
        (400, "PARAM_ERROR".to_owned())
    );
    let stranger = to(given, Some("1900009999"));
    assert_eq!(refused(&id, &stranger).await, (403, "NO_AUTH".to_owned()));
    assert_eq!(refused(&id, &to("SOMEWHERE", None)).await.0, 400);
    let good = to(given, Some(DEMO_SUB_MCHID));
    assert_eq!(refused("none", &good).await.0, 404);
    let waiting = client.call(QueryReceipt::new(id.clone())).await;
    assert_eq!(waiting.receipt_state, ReceiptState::Pending);

    client.call(to_shop(&id, NUMBER)).await;
    let mut second = good.clone();
    second["out_instruction_no"] = json!("INSTRUCTION0002");
    assert_eq!(refused(&id, &second).await, (400, "INVALID_REQUEST".to_owned()));
    let elsewhere = to(given, Some(DEMO_MCHID));
    assert_eq!(
        refused(&id, &elsewhere).await,
        (400, "INVALID_REQUEST".to_owned())
    );
    assert_eq!(refused(&other, &good).await, (400, "INVALID_REQUEST".to_owned()));
    let of_other = merchant.get(&format!("{}/{NUMBER}", path(&other))).await;
    assert_eq!(refusal(&of_other).0, 404);
}
