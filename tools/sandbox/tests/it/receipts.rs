//! Electronic receipts of transfers.

use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};
use wechatpay_core::{
    api::transfers::{
        QueryReceiptByOutBillNo, QueryReceiptByTransferBillNo, ReceiptHash, ReceiptState,
        RequestReceiptByOutBillNo, RequestReceiptByTransferBillNo,
    },
    testing::DEMO_MCHID,
    types::Fen,
};
use wechatpay_sandbox::{Account, Fault, RecordKind};

use crate::{
    authorizations::confirmed,
    support::{refusal, sha256},
    typed::Client,
};

const SETTLED: Duration = Duration::from_secs(3);
const PATH: &str = "/v3/fund-app/mch-transfer/elecsign/out-bill-no";

#[tokio::test]
async fn a_receipt_is_made_after_a_while_and_downloaded_by_its_digest() {
    let client = Client::start().await;
    let sandbox = &client.sandbox;
    sandbox.top_up(DEMO_MCHID, Account::Basic, Fen::from(1_000_u32));
    let bill = client.call(confirmed("T1", 500)).await;
    let ask = json!({ "out_bill_no": "T1" });
    let early = client.merchant.post(PATH, &ask).await;
    assert_eq!(refusal(&early), (400, "INVALID_REQUEST".to_owned()));
    sandbox
        .settle_record(RecordKind::Transfer, "T1", "SUCCESS", Value::Null)
        .unwrap();
    let none = client.merchant.get(&format!("{PATH}/T1")).await;
    assert_eq!(refusal(&none), (404, "NOT_FOUND".to_owned()));
    let asked = client
        .call(RequestReceiptByOutBillNo::new(bill.out_bill_no.clone()))
        .await;
    let again = client
        .call(RequestReceiptByTransferBillNo::new(bill.transfer_bill_no.clone()))
        .await;
    assert_eq!((&asked, &asked.state), (&again, &ReceiptState::Generating));
    let query = QueryReceiptByOutBillNo::new(bill.out_bill_no);
    assert_eq!(client.call(query.clone()).await.download_url, None);
    sandbox.clock().advance(SETTLED).await.unwrap();
    let receipt = client.call(query.clone()).await;
    assert_eq!(
        (&receipt.state, &receipt.hash_type),
        (&ReceiptState::Finished, &Some(ReceiptHash::Sha256))
    );
    let url = receipt.download_url.unwrap();
    let target = url
        .strip_prefix(&sandbox.base_url().to_string())
        .unwrap()
        .to_owned();
    let file = client.merchant.get(&target).await;
    assert_eq!(
        (file.status, file.header("content-type")),
        (StatusCode::OK, "application/pdf")
    );
    assert!(file.body.starts_with(b"%PDF-") && file.body.ends_with(b"%%EOF\n"));
    assert_eq!(receipt.hash_value, Some(sha256(&file.body)));
    let by_id = client
        .call(QueryReceiptByTransferBillNo::new(bill.transfer_bill_no))
        .await;
    assert_eq!(by_id.hash_value, receipt.hash_value);
    // Ten minutes later the address is dead; the next query has another one.
    sandbox.clock().advance(Duration::from_secs(601)).await.unwrap();
    assert_eq!(client.merchant.get(&target).await.code(), "INVALID_REQUEST");
    sandbox.fault(Fault::BillHashMismatch.on("GET /v3/fund-app/**"));
    assert_ne!(client.call(query).await.hash_value, receipt.hash_value);
}

#[tokio::test]
async fn a_receipt_that_failed_is_asked_for_again() {
    let client = Client::start().await;
    let sandbox = &client.sandbox;
    sandbox.top_up(DEMO_MCHID, Account::Basic, Fen::from(1_000_u32));
    let bill = client.call(confirmed("T1", 500)).await;
    sandbox
        .settle_record(RecordKind::Transfer, "T1", "SUCCESS", Value::Null)
        .unwrap();
    let ask = RequestReceiptByOutBillNo::new(bill.out_bill_no.clone());
    let query = QueryReceiptByOutBillNo::new(bill.out_bill_no);
    client.call(ask.clone()).await;
    let facts = json!({ "fail_reason": "系统繁忙" });
    sandbox
        .settle_record(RecordKind::TransferReceipt, "T1", "FAILED", facts)
        .unwrap();
    let failed = client.call(query.clone()).await;
    assert_eq!(
        (failed.state, failed.fail_reason.as_deref()),
        (ReceiptState::Failed, Some("系统繁忙"))
    );
    assert_eq!(client.call(ask).await.state, ReceiptState::Generating);
    sandbox.clock().advance(SETTLED).await.unwrap();
    let made = client.call(query).await;
    assert_eq!((made.state, made.fail_reason), (ReceiptState::Finished, None));
}
