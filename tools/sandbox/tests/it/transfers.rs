//! Transfers to users: typed calls, money, notification, cancellation.

use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};
use wechatpay_core::{
    api::transfers::{
        Cancel, Create, OutBillNo, QueryByOutBillNo, QueryByTransferBillNo, ReportInfo, TransferNotice,
        TransferState as State,
    },
    testing::{DEMO_APPID, DEMO_MCHID},
    types::Fen,
};
use wechatpay_sandbox::{Account, RecordError, RecordKind, Sandbox};

use crate::{
    support::{Merchant, Shop, opened, refusal},
    typed::Client,
};

const SETTLED: Duration = Duration::from_secs(3);
const PATH: &str = "/v3/fund-app/mch-transfer/transfer-bills";

fn number() -> OutBillNo {
    "PLFK2020042013".parse().unwrap()
}

fn transfer(fen: u32) -> Create {
    let report = vec![ReportInfo::new("活动名称", "新会员有礼")];
    let openid = "o-MYE42l80oelYMDE34nYD456Xoy".parse().unwrap();
    let appid = DEMO_APPID.parse().unwrap();
    Create::new(appid, number(), openid, Fen::from(fen), "有礼", "1000", report)
}

#[tokio::test]
async fn typed_calls_pay_a_user_once_and_cancel_what_is_not_confirmed() {
    let client = Client::start().await;
    client
        .sandbox
        .top_up(DEMO_MCHID, Account::Basic, Fen::from(500_000_u32));
    // The ciphertext of the name differs each time; the transfer is the same.
    let first = client.call(transfer(300_000).user_name("张三")).await;
    let again = client.call(transfer(300_000).user_name("张三")).await;
    assert_eq!(first, again);
    assert_eq!(
        (&first.state, first.package_info.is_some()),
        (&State::WaitUserConfirm, true)
    );
    assert_eq!(client.sandbox.balance(DEMO_MCHID, Account::Basic), 200_000);

    let cancelled = client.call(Cancel::new(number())).await;
    assert_eq!(cancelled.state, State::Cancelling);
    client.sandbox.clock().advance(SETTLED).await.unwrap();
    let mut queried = client.call(QueryByOutBillNo::new(number())).await;
    assert!(queried.user_name.take().is_some(), "it comes encrypted");
    assert_eq!(
        (&queried.state, queried.transfer_amount),
        (&State::Cancelled, Fen::from(300_000_u32))
    );
    let mut by_id = client
        .call(QueryByTransferBillNo::new(first.transfer_bill_no))
        .await;
    by_id.user_name = None;
    assert_eq!(by_id, queried);
    assert_eq!(client.sandbox.balance(DEMO_MCHID, Account::Basic), 500_000);
    assert!(matches!(
        client
            .sandbox
            .settle_record(RecordKind::Transfer, number().as_str(), "SUCCESS", Value::Null),
        Err(RecordError::NoWay { .. })
    ));
}

fn body(fen: u32, notify_url: &str) -> Value {
    let mut body = serde_json::to_value(transfer(fen)).unwrap();
    body["notify_url"] = json!(notify_url);
    body
}

#[tokio::test]
async fn the_merchant_is_told_of_the_end_and_of_nothing_before() {
    let sandbox = Sandbox::builder().manual_clock().start().await.unwrap();
    let merchant = Merchant::new(&sandbox);
    let shop = Shop::start(|_, _| 204).await;
    sandbox.top_up(DEMO_MCHID, Account::Basic, Fen::from(1_000_u32));
    let reply = merchant.post(PATH, &body(400, &shop.url)).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    sandbox.clock().advance(SETTLED).await.unwrap();
    assert_eq!(sandbox.records(RecordKind::Transfer)[0].state, "TRANSFERING");
    assert!(shop.arrivals().is_empty());
    sandbox.clock().advance(SETTLED).await.unwrap();
    let verified = opened(&sandbox, &shop.arrivals().pop().unwrap()).await;
    assert_eq!(verified.event_type().to_string(), "MCHTRANSFER.BILL.FINISHED");
    let notice: TransferNotice = serde_json::from_str(verified.plaintext()).unwrap();
    assert_eq!(
        (notice.state, notice.transfer_amount, notice.out_bill_no),
        (State::Success, Fen::from(400_u32), number())
    );
}

#[tokio::test]
async fn wrong_transfers_are_refused_and_move_nothing() {
    let sandbox = Sandbox::builder().manual_clock().start().await.unwrap();
    let merchant = Merchant::new(&sandbox);
    let url = "https://shop.example/notify";
    let refused = async |body: &Value| refusal(&merchant.post(PATH, body).await);
    assert_eq!(refused(&body(1, url)).await, (403, "NOT_ENOUGH".to_owned()));
    sandbox.top_up(DEMO_MCHID, Account::Basic, Fen::from(900_000_u32));
    assert_eq!(
        refused(&body(200_000, url)).await,
        (400, "PARAM_ERROR".to_owned())
    );
    let mut wrong = body(100, url);
    wrong["out_bill_no"] = json!("a-b");
    assert_eq!(refused(&wrong).await.1, "PARAM_ERROR");
    assert_eq!(merchant.post(PATH, &body(100, url)).await.status, StatusCode::OK);
    assert_eq!(
        refused(&body(101, url)).await,
        (400, "INVALID_REQUEST".to_owned())
    );
    let cancel = format!("{PATH}/out-bill-no/{}/cancel", number());
    sandbox
        .settle_record(RecordKind::Transfer, number().as_str(), "SUCCESS", Value::Null)
        .unwrap();
    let late = merchant.post(&cancel, &json!({})).await;
    assert_eq!(refusal(&late), (400, "INVALID_REQUEST".to_owned()));
    let none = merchant.get(&format!("{PATH}/out-bill-no/none")).await;
    assert_eq!(refusal(&none).0, 404);
    assert_eq!(sandbox.balance(DEMO_MCHID, Account::Basic), 899_900);
}
