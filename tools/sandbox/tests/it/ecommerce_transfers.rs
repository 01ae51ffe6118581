//! Transfers of a platform's sub-merchants: authorisation, money of the sub-merchant, refusals.

use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};
use wechatpay_core::{
    api::{
        ecommerce_transfers::{
            Agreement, Authorize, Cancel, Create, OutBillNo, QueryAuthorization, QueryByOutBillNo,
            QueryByTransferBillNo, TransferState as State,
        },
        transfers::TransferNotice,
    },
    testing::{DEMO_APPID, DEMO_MCHID, DEMO_SUB_MCHID},
    types::{Fen, Mchid},
};
use wechatpay_sandbox::{Account, Fault, RecordKind, Sandbox};

use crate::{
    support::{Merchant, Shop, opened, refusal},
    typed::Client,
};

const SETTLED: Duration = Duration::from_secs(3);
const PATH: &str = "/v3/ecommerce/mch-transfer/transfer-bills";
const AUTHORIZE: &str = "/v3/ecommerce/mch-transfer/authorizations";

fn number() -> OutBillNo {
    "PLFK2020042013".parse().unwrap()
}

fn shop() -> Mchid {
    DEMO_SUB_MCHID.parse().unwrap()
}

fn authorize() -> Authorize {
    let time = "2015-05-20T13:29:35+08:00".parse().unwrap();
    let agreement = Agreement::new("1", "20230101", "示例有限责任公司", time);
    Authorize::new(shop(), vec![agreement])
}

fn transfer(fen: u32) -> Create {
    let openid = "o-MYE42l80oelYMDE34nYD456Xoy".parse().unwrap();
    let appid = DEMO_APPID.parse().unwrap();
    Create::new(shop(), appid, number(), "1000", openid, Fen::from(fen), "有礼")
}

async fn authorized(sandbox: &Sandbox, merchant: &Merchant) {
    let body = serde_json::to_value(authorize()).unwrap();
    let reply = merchant.post(AUTHORIZE, &body).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    sandbox.clock().advance(SETTLED).await.unwrap();
}

#[tokio::test]
async fn an_authorised_sub_merchant_pays_a_user_once() {
    let client = Client::start().await;
    let sandbox = &client.sandbox;
    sandbox.top_up(DEMO_SUB_MCHID, Account::Basic, Fen::from(500_000_u32));
    let asked = client.call(authorize()).await;
    assert_eq!(
        asked,
        client.call(authorize()).await,
        "there is one authorisation"
    );
    assert!(asked.authorize_time.is_none());
    sandbox.clock().advance(SETTLED).await.unwrap();
    let given = client.call(QueryAuthorization::new(shop())).await;
    assert!(given.authorize_time.is_some() && given.authorization_state == "AUTHORIZED");

    // The ciphertext of the name differs each time; the transfer is the same.
    let first = client.call(transfer(300_000).user_name("张三")).await;
    assert_eq!(first, client.call(transfer(300_000).user_name("张三")).await);
    assert_eq!(first.state, State::WaitUserConfirm);
    let balance = |mchid| sandbox.balance(mchid, Account::Basic);
    assert_eq!((balance(DEMO_SUB_MCHID), balance(DEMO_MCHID)), (200_000, 0));
    let by_id = client
        .call(QueryByTransferBillNo::new(first.transfer_bill_no, shop()))
        .await;
    assert!(by_id.user_name.is_some(), "the name is sealed to the merchant");
    assert_eq!(by_id.transfer_amount, Fen::from(300_000_u32));

    let cancelled = client.call(Cancel::new(number(), shop())).await;
    assert_eq!(cancelled.state, State::Cancelling);
    sandbox.clock().advance(SETTLED).await.unwrap();
    let ended = client.call(QueryByOutBillNo::new(number(), shop())).await;
    assert_eq!(
        (ended.state, balance(DEMO_SUB_MCHID)),
        (State::Cancelled, 500_000)
    );
}

#[tokio::test]
async fn a_transfer_whose_response_was_lost_is_the_same_one_when_it_is_repeated() {
    let client = Client::start().await;
    let sandbox = &client.sandbox;
    authorized(sandbox, &client.merchant).await;
    sandbox.top_up(DEMO_SUB_MCHID, Account::Basic, Fen::from(1_000_u32));
    sandbox.fault(Fault::AcceptedBut(500));
    let body = serde_json::to_value(transfer(400)).unwrap();
    let lost = client.merchant.post(PATH, &body).await;
    assert_eq!(lost.status, StatusCode::INTERNAL_SERVER_ERROR);
    let again = client.call(transfer(400)).await;
    assert_eq!(again.state, State::WaitUserConfirm);
    assert_eq!(sandbox.balance(DEMO_SUB_MCHID, Account::Basic), 600);
    assert_eq!(sandbox.records(RecordKind::EcommerceTransfer).len(), 1);
}

#[tokio::test]
async fn the_platform_is_told_of_the_end_with_the_sub_merchant() {
    let sandbox = Sandbox::builder().manual_clock().start().await.unwrap();
    let merchant = Merchant::new(&sandbox);
    let told = Shop::start(|_, _| 204).await;
    authorized(&sandbox, &merchant).await;
    sandbox.top_up(DEMO_SUB_MCHID, Account::Basic, Fen::from(1_000_u32));
    let body = serde_json::to_value(transfer(400).notify_url(told.url.clone())).unwrap();
    assert_eq!(merchant.post(PATH, &body).await.status, StatusCode::OK);
    sandbox.clock().advance(SETTLED).await.unwrap();
    sandbox.clock().advance(SETTLED).await.unwrap();
    let verified = opened(&sandbox, &told.arrivals().pop().unwrap()).await;
    assert_eq!(verified.event_type().to_string(), "MCHTRANSFER.BILL.FINISHED");
    let notice: TransferNotice = serde_json::from_str(verified.plaintext()).unwrap();
    assert_eq!((notice.state, notice.sub_mchid), (State::Success, Some(shop())));
    assert_eq!(notice.mchid.unwrap().as_str(), DEMO_MCHID);
}

#[tokio::test]
async fn wrong_transfers_are_refused_and_move_nothing() {
    let sandbox = Sandbox::builder().manual_clock().start().await.unwrap();
    let merchant = Merchant::new(&sandbox);
    let body = serde_json::to_value(transfer(400)).unwrap();
    let with = |key: &str, value: Value| {
        let mut body = body.clone();
        body[key] = value;
        body
    };
    let refused = async |body: &Value| refusal(&merchant.post(PATH, body).await);
    let query = async |sub_mchid: &str| {
        let path = format!("{PATH}/out-bill-no/{}?sub_mchid={sub_mchid}", number());
        merchant.get(&path).await
    };

    let unasked = merchant.get(&format!("{AUTHORIZE}/{DEMO_SUB_MCHID}")).await;
    assert_eq!(refusal(&unasked).0, 404);
    assert_eq!(
        refused(&body).await,
        (403, "NO_AUTH".to_owned()),
        "not authorised"
    );
    authorized(&sandbox, &merchant).await;
    assert_eq!(refused(&body).await, (403, "NOT_ENOUGH".to_owned()));
    sandbox.top_up(DEMO_SUB_MCHID, Account::Basic, Fen::from(900_000_u32));
    let stranger = with("sub_mchid", json!("1900009999"));
    assert_eq!(refused(&stranger).await, (403, "NO_AUTH".to_owned()));
    let unnamed = with("transfer_amount", json!(200_000));
    assert_eq!(refused(&unnamed).await, (400, "PARAM_ERROR".to_owned()));
    assert_eq!(query(DEMO_SUB_MCHID).await.status, StatusCode::NOT_FOUND);

    assert_eq!(merchant.post(PATH, &body).await.status, StatusCode::OK);
    let other = with("transfer_amount", json!(401));
    assert_eq!(refused(&other).await, (400, "INVALID_REQUEST".to_owned()));
    assert_eq!(refusal(&query("1900009999").await).0, 400);
    let cancel = format!("{PATH}/out-bill-no/{}/cancel", number());
    let by_stranger = merchant
        .post(&cancel, &json!({ "sub_mchid": "1900009999" }))
        .await;
    assert_eq!(refusal(&by_stranger).0, 400);
    sandbox
        .settle_record(
            RecordKind::EcommerceTransfer,
            number().as_str(),
            "SUCCESS",
            Value::Null,
        )
        .unwrap();
    let late = merchant
        .post(&cancel, &json!({ "sub_mchid": DEMO_SUB_MCHID }))
        .await;
    assert_eq!(refusal(&late), (400, "INVALID_REQUEST".to_owned()));
    assert_eq!(sandbox.balance(DEMO_SUB_MCHID, Account::Basic), 899_600);
}
