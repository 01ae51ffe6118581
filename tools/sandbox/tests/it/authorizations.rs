//! Authorisations to receive transfers without a confirmation, and transfers that need none.

use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};
use wechatpay_core::{
    api::transfers::{
        Authorization, AuthorizationInfo, AuthorizationState, Authorize, Cancel, CloseAuthorization,
        CloseReason, Create, CreateAndAuthorize, CreateAuthorized, OutAuthorizationNo, OutBillNo,
        QueryAuthorization, QueryByOutBillNo, ReportInfo, TransferState as State,
    },
    testing::{DEMO_APPID, DEMO_MCHID, DEMO_PUBLIC_KEY_ID, DEMO_SUB_MCHID},
    types::{Fen, Mchid, Openid},
};
use wechatpay_sandbox::{Account, Fault, RecordKind, Sandbox};

use crate::{
    support::{Merchant, Shop, opened, refusal},
    typed::Client,
};

const SETTLED: Duration = Duration::from_secs(3);
const TRANSFER: &str = "/v3/fund-app/mch-transfer/transfer-bills/transfer";
const WITH_TRANSFER: &str = "/v3/fund-app/mch-transfer/transfer-bills/pre-transfer-with-authorization";
const AUTHORIZE: &str = "/v3/fund-app/mch-transfer/user-confirm-authorization";
const URL: &str = "https://shop.example/notify";

fn number() -> OutAuthorizationNo {
    "PLFKA1".parse().unwrap()
}

fn bill(number: &str) -> OutBillNo {
    number.parse().unwrap()
}

fn openid() -> Openid {
    "o-MYE42l80oelYMDE34nYD456Xoy".parse().unwrap()
}

fn authorize(url: &str) -> Authorize {
    Authorize::new(
        number(),
        DEMO_APPID.parse().unwrap(),
        openid(),
        "1000",
        "wx_1",
        url,
    )
}

fn report() -> Vec<ReportInfo> {
    vec![ReportInfo::new("活动名称", "新会员有礼")]
}

fn authorized(out_bill_no: &str, fen: u32) -> CreateAuthorized {
    let appid = DEMO_APPID.parse().unwrap();
    CreateAuthorized::new(appid, bill(out_bill_no), Fen::from(fen), "有礼", "1000", report())
}

fn with_authorization(out_bill_no: &str, out_authorization_no: &str) -> CreateAndAuthorize {
    let appid = DEMO_APPID.parse().unwrap();
    let fen = Fen::from(100_u32);
    let info = AuthorizationInfo::new("wx_1", out_authorization_no.parse().unwrap(), URL);
    CreateAndAuthorize::new(appid, bill(out_bill_no), openid(), fen, "有礼", "1000", report())
        .authorization_info(info)
}

async fn state(client: &Client, number: &str) -> AuthorizationState {
    let query = QueryAuthorization::new(number.parse().unwrap());
    client.call(query).await.state
}

#[tokio::test]
async fn an_authorised_transfer_is_paid_once_without_a_confirmation() {
    let client = Client::start().await;
    let sandbox = &client.sandbox;
    sandbox.top_up(DEMO_MCHID, Account::Basic, Fen::from(1_000_u32));
    let asked = client.call(authorize(URL)).await;
    assert_eq!(asked, client.call(authorize(URL)).await);
    assert!(asked.package_info.is_some());
    let early = serde_json::to_value(authorized("T0", 100).out_authorization_no(number())).unwrap();
    let refused = client.merchant.post(TRANSFER, &early).await;
    assert_eq!(refusal(&refused), (400, "INVALID_REQUEST".to_owned()));
    sandbox.clock().advance(SETTLED).await.unwrap();
    let authorization = client.call(QueryAuthorization::new(number())).await;
    assert_eq!(authorization.state, AuthorizationState::TakingEffect);
    assert!(authorization.authorize_time.is_some() && authorization.package_info.is_none());

    // The response is lost, and the same number pays nothing more.
    let by_number = authorized("T1", 300).out_authorization_no(number());
    sandbox.fault(Fault::AcceptedBut(500).on("POST /v3/fund-app/**"));
    let lost = client
        .merchant
        .post(TRANSFER, &serde_json::to_value(&by_number).unwrap())
        .await;
    assert_eq!(lost.status, StatusCode::INTERNAL_SERVER_ERROR);
    let transfer = client.call(by_number.clone()).await;
    assert_eq!(
        (&transfer.state, transfer.openid),
        (&State::Accepted, Some(openid()))
    );
    assert_eq!(sandbox.balance(DEMO_MCHID, Account::Basic), 700);
    let id = authorization.authorization_id.unwrap();
    client.call(authorized("T2", 300).authorization_id(id)).await;
    for _ in 0..2 {
        sandbox.clock().advance(SETTLED).await.unwrap();
    }
    let paid = client.call(QueryByOutBillNo::new(bill("T1"))).await;
    assert_eq!((paid.state, paid.openid), (State::Success, Some(openid())));
    assert_eq!(sandbox.balance(DEMO_MCHID, Account::Basic), 400);

    // Closed twice is closed; a transfer from before is still the same one.
    let closed = client.call(CloseAuthorization::new(number())).await;
    assert_eq!(closed, client.call(CloseAuthorization::new(number())).await);
    let end = closed.close_info.unwrap();
    assert_eq!(end.close_reason, Some(CloseReason::Merchant));
    assert!(end.close_time.is_some());
    assert_eq!(client.call(by_number).await.state, State::Success);
    let late = serde_json::to_value(authorized("T3", 100).out_authorization_no(number())).unwrap();
    let refused = client.merchant.post(TRANSFER, &late).await;
    assert_eq!(refusal(&refused), (400, "INVALID_REQUEST".to_owned()));
    assert_eq!(sandbox.balance(DEMO_MCHID, Account::Basic), 400);
}

#[tokio::test]
async fn an_authorisation_with_a_transfer_begins_with_its_payment_or_never() {
    let client = Client::start().await;
    let sandbox = &client.sandbox;
    sandbox.top_up(DEMO_MCHID, Account::Basic, Fen::from(1_000_u32));
    let first = client.call(with_authorization("T1", "A1")).await;
    assert_eq!(first, client.call(with_authorization("T1", "A1")).await);
    assert_eq!(first.out_authorization_no, Some("A1".parse().unwrap()));
    assert_eq!(first.user_display_name.as_deref(), Some("wx_1"));
    client.call(with_authorization("T2", "A2")).await;
    client.call(Cancel::new(bill("T2"))).await;
    assert_eq!(state(&client, "A1").await, AuthorizationState::WaitUserConfirm);
    sandbox.clock().advance(SETTLED).await.unwrap();
    assert_eq!(state(&client, "A1").await, AuthorizationState::WaitUserConfirm);
    sandbox.clock().advance(SETTLED).await.unwrap();
    assert_eq!(state(&client, "A1").await, AuthorizationState::TakingEffect);
    let unused = client.call(QueryAuthorization::new("A2".parse().unwrap())).await;
    assert_eq!(unused.state, AuthorizationState::Closed);
    assert!(unused.authorization_id.is_none() && unused.authorize_time.is_none());
    assert_eq!(sandbox.balance(DEMO_MCHID, Account::Basic), 900);
    // The number of an authorisation stands for one, and a refused transfer moves nothing.
    let again = serde_json::to_value(with_authorization("T3", "A1")).unwrap();
    let refused = client.merchant.post(WITH_TRANSFER, &again).await;
    assert_eq!(refusal(&refused), (400, "INVALID_REQUEST".to_owned()));
    assert_eq!(sandbox.records(RecordKind::Transfer).len(), 2);
    assert_eq!(sandbox.balance(DEMO_MCHID, Account::Basic), 900);
}

#[tokio::test]
async fn the_merchant_is_told_when_an_authorisation_begins_and_ends() {
    let sandbox = Sandbox::builder().manual_clock().start().await.unwrap();
    let merchant = Merchant::new(&sandbox).asks_for(DEMO_PUBLIC_KEY_ID);
    let client = Client { sandbox, merchant };
    let shop = Shop::start(|_, _| 204).await;
    let sandbox = &client.sandbox;
    client.call(authorize(&shop.url)).await;
    sandbox.clock().advance(SETTLED).await.unwrap();
    let kind = RecordKind::TransferAuthorization;
    sandbox
        .settle_record(kind, number().as_str(), "CLOSED", Value::Null)
        .unwrap();
    shop.gets(2).await;
    for (arrival, event, state) in [
        (0, "CONFIRMED", AuthorizationState::TakingEffect),
        (1, "CLOSED", AuthorizationState::Closed),
    ] {
        let verified = opened(sandbox, &shop.arrivals()[arrival]).await;
        let event = format!("MCHTRANSFER.AUTHORIZATION.{event}");
        assert_eq!(verified.event_type().to_string(), event);
        let told: Authorization = serde_json::from_str(verified.plaintext()).unwrap();
        assert_eq!((told.state, told.out_authorization_no), (state, number()));
        assert!(told.authorization_id.is_some());
        let reason = told.close_info.and_then(|info| info.close_reason);
        assert_eq!(reason.is_some(), arrival == 1);
        assert!(reason.is_none_or(|reason| reason == CloseReason::User));
    }
    // Nobody is told of one that the user never confirmed.
    let mut unused = serde_json::to_value(authorize(&shop.url)).unwrap();
    unused["out_authorization_no"] = json!("A2");
    client.merchant.post(AUTHORIZE, &unused).await;
    let close = format!("{AUTHORIZE}/out-authorization-no/A2/close");
    let closed = client.merchant.post(&close, &json!({})).await;
    assert_eq!(closed.json()["state"], "CLOSED");
    sandbox.clock().advance(SETTLED).await.unwrap();
    assert_eq!(shop.arrivals().len(), 2);
}

#[tokio::test]
async fn wrong_authorised_transfers_are_refused_and_move_nothing() {
    let client = Client::start().await;
    let sandbox = &client.sandbox;
    sandbox.top_up(DEMO_MCHID, Account::Basic, Fen::from(1_000_u32));
    let good = authorized("T1", 100).out_authorization_no(number());
    let unknown = client
        .merchant
        .post(TRANSFER, &serde_json::to_value(&good).unwrap())
        .await;
    assert_eq!(refusal(&unknown), (404, "NOT_FOUND".to_owned()));
    client.call(authorize(URL)).await;
    sandbox.clock().advance(SETTLED).await.unwrap();
    for (change, status, code) in [
        (json!({ "out_authorization_no": null }), 400, "PARAM_ERROR"),
        (json!({ "authorization_id": "1" }), 400, "INVALID_REQUEST"),
        (json!({ "transfer_scene_id": "1005" }), 400, "INVALID_REQUEST"),
        (json!({ "transfer_amount": 1_001 }), 403, "NOT_ENOUGH"),
        (json!({ "transfer_amount": 200_000 }), 400, "PARAM_ERROR"),
        (json!({ "sponsor_mchid": "1900000110" }), 403, "NO_AUTH"),
        (json!({ "openid": "o-1" }), 400, "PARAM_ERROR"),
    ] {
        let mut body = serde_json::to_value(&good).unwrap();
        body.as_object_mut()
            .unwrap()
            .extend(change.as_object().unwrap().clone());
        let reply = client.merchant.post(TRANSFER, &body).await;
        assert_eq!(refusal(&reply), (status, code.to_owned()), "{change}");
    }
    assert!(sandbox.records(RecordKind::Transfer).is_empty());
    assert_eq!(sandbox.balance(DEMO_MCHID, Account::Basic), 1_000);
    let mut other = serde_json::to_value(authorize(URL)).unwrap();
    other["user_display_name"] = json!("wx_2");
    let reply = client.merchant.post(AUTHORIZE, &other).await;
    assert_eq!(refusal(&reply), (400, "INVALID_REQUEST".to_owned()));
    // A sub-merchant pays as the sponsor, and gets its money back.
    sandbox.top_up(DEMO_SUB_MCHID, Account::Basic, Fen::from(100_u32));
    client
        .call(good.sponsor_mchid(DEMO_SUB_MCHID.parse::<Mchid>().unwrap()))
        .await;
    assert_eq!(sandbox.balance(DEMO_SUB_MCHID, Account::Basic), 0);
    sandbox
        .settle_record(
            RecordKind::Transfer,
            "T1",
            "FAIL",
            json!({ "fail_reason": "OTHER_FAIL_REASON_TYPE" }),
        )
        .unwrap();
    assert_eq!(sandbox.balance(DEMO_SUB_MCHID, Account::Basic), 100);
    assert_eq!(sandbox.balance(DEMO_MCHID, Account::Basic), 1_000);
}

/// A transfer that the user confirms.
pub(crate) fn confirmed(out_bill_no: &str, fen: u32) -> Create {
    let appid = DEMO_APPID.parse().unwrap();
    Create::new(
        appid,
        bill(out_bill_no),
        openid(),
        Fen::from(fen),
        "有礼",
        "1000",
        report(),
    )
}
