//! Closing of sub-merchants: states, money that is paid out, reasons against it, no payment afterwards.

use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};
use wechatpay_core::{
    api::sub_merchant_closing::{
        AccountType, Apply, ApplyPayout, BankAccount, ClosingApplyNo, ClosingRequestNo, ClosingState,
        Confirm, Material, MerchantState, Payee, PayoutState, Query, QueryPayoutByApplymentId,
        QueryPayoutByOutRequestNo, SimpleClosingState, Validate, ValidationResult,
    },
    testing::DEMO_SUB_MCHID,
    types::{Fen, Mchid},
};
use wechatpay_sandbox::{Account, RecordError, RecordKind};

use crate::{
    support::{partner_order, refusal},
    typed::Client,
};

const SETTLED: Duration = Duration::from_secs(3);
const BASE: &str = "/v3/ecommerce/account";

fn sub() -> Mchid {
    DEMO_SUB_MCHID.parse().unwrap()
}

fn number() -> ClosingRequestNo {
    "CLOSE0001".parse().unwrap()
}

fn with_payout() -> ApplyPayout {
    let bank = BankAccount::new("沙箱子商户有限公司", "招商银行", "6217000000000000");
    ApplyPayout::new(sub(), number(), Payee::new(AccountType::Corporate, bank))
}

async fn passed(client: &Client) {
    client.sandbox.clock().advance(SETTLED).await.unwrap();
}

fn settle(client: &Client, kind: RecordKind, number: &str, to: &str) -> Result<(), RecordError> {
    let settled = client.sandbox.settle_record(kind, number, to, Value::Null);
    settled.map(drop)
}

#[tokio::test]
async fn a_sub_merchant_is_closed_once_and_its_money_paid_out() {
    let client = Client::start().await;
    client
        .sandbox
        .top_up(DEMO_SUB_MCHID, Account::Basic, Fen::from(700));
    let valid = client.call(Validate::new(sub())).await;
    assert_eq!(valid.validate_result, ValidationResult::Allowed);
    assert_eq!(valid.account_info.first().unwrap().amount, Fen::from(700));

    let applied = client.call(with_payout()).await;
    // The ciphertexts differ each time; the application is the same.
    assert_eq!(client.call(with_payout()).await, applied);
    let query = async || client.call(QueryPayoutByOutRequestNo::new(number())).await;
    assert_eq!(query().await.cancel_state, ClosingState::Reviewing);
    passed(&client).await;
    let waiting = query().await;
    assert_eq!(waiting.cancel_state, ClosingState::WaitingMerchantConfirm);
    assert!(waiting.confirm_cancel.is_some());
    let time = "2026-01-05T09:00:00+08:00".parse().unwrap();
    let confirm = Confirm::new(sub(), "operator-1", time, "1.0").out_request_no(number());
    client.call(confirm.clone()).await;
    client.call(confirm).await;
    assert_eq!(client.sandbox.balance(DEMO_SUB_MCHID, Account::Basic), 700);
    passed(&client).await;
    assert_eq!(client.sandbox.balance(DEMO_SUB_MCHID, Account::Basic), 0);
    passed(&client).await;
    let id = applied.applyment_id.unwrap();
    let done = client.call(QueryPayoutByApplymentId::new(id)).await;
    assert_eq!(
        (&done.cancel_state, done.withdraw_state),
        (&ClosingState::Finish, Some(PayoutState::Succeed))
    );
    let closed = client.call(Validate::new(sub())).await;
    assert_eq!(closed.merchant_state, Some(MerchantState::Cancelled));

    // It takes no more payments, and is not closed again.
    let order = partner_order("native", "ORDER-0001");
    let refused = client
        .merchant
        .post("/v3/pay/partner/transactions/native", &order)
        .await;
    assert_eq!(refusal(&refused), (403, "NO_AUTH".to_owned()));
    let again = json!({ "sub_mchid": DEMO_SUB_MCHID, "out_apply_no": "A1", "application_info": [{}] });
    let refused = client
        .merchant
        .post(&format!("{BASE}/cancel-applications"), &again)
        .await;
    assert_eq!(refusal(&refused).0, 400);
}

#[tokio::test]
async fn a_sub_merchant_without_money_is_closed_with_its_pictures() {
    let client = Client::start().await;
    let apply_no: ClosingApplyNo = "APPLY0001".parse().unwrap();
    let apply = Apply::new(sub(), apply_no.clone(), vec![Material::default()]);
    client
        .sandbox
        .top_up(DEMO_SUB_MCHID, Account::Basic, Fen::from(1));
    let body = serde_json::to_value(&apply).unwrap();
    let path = format!("{BASE}/cancel-applications");
    let refused = async |body: &Value| refusal(&client.merchant.post(&path, body).await);
    assert_eq!(
        refused(&body).await,
        (400, "INVALID_REQUEST".to_owned()),
        "it has money"
    );
    let mut foreign = body.clone();
    foreign["application_info"] = json!([{ "application_media_id": "not-uploaded" }]);
    assert_eq!(refused(&foreign).await, (400, "PARAM_ERROR".to_owned()));

    let client = Client::start().await;
    let applied = client.call(apply.clone()).await;
    assert_eq!(applied.cancel_state, Some(SimpleClosingState::Reviewing));
    assert_eq!(client.call(apply).await, applied);
    passed(&client).await;
    let closed = client.call(Query::new(apply_no)).await;
    assert_eq!(closed.cancel_state, Some(SimpleClosingState::Success));
    let kind = RecordKind::Closing;
    assert!(matches!(
        settle(&client, kind, "APPLY0001", "REJECTED"),
        Err(RecordError::NoWay { .. })
    ));
}

#[tokio::test]
async fn a_limitation_stands_in_the_way_and_a_rejected_closing_does_not() {
    let client = Client::start().await;
    client.call(with_payout()).await;
    settle(&client, RecordKind::ClosingWithPayout, "CLOSE0001", "REJECTED").unwrap();
    let mut again = with_payout();
    again.out_request_no = "CLOSE0003".parse().unwrap();
    client.call(again).await;
    settle(&client, RecordKind::ClosingWithPayout, "CLOSE0003", "REJECTED").unwrap();

    client
        .sandbox
        .limit_sub_merchant(DEMO_SUB_MCHID, Value::Null)
        .unwrap();
    let blocked = client.call(Validate::new(sub())).await;
    assert_eq!(blocked.validate_result, ValidationResult::NotAllowed);
    assert_eq!(blocked.block_reasons.len(), 1);
    let apply = json!({ "sub_mchid": DEMO_SUB_MCHID, "out_apply_no": "A1", "application_info": [{}] });
    let refused = client
        .merchant
        .post(&format!("{BASE}/cancel-applications"), &apply)
        .await;
    assert_eq!(refusal(&refused), (400, "INVALID_REQUEST".to_owned()));
}

#[tokio::test]
async fn wrong_closings_are_refused() {
    let client = Client::start().await;
    let confirm = json!({
        "sub_mchid": DEMO_SUB_MCHID, "operator_identification": "o",
        "confirm_time": "2026-01-05T09:00:00+08:00", "cancel_contract_version": "1",
    });
    let path = format!("{BASE}/apply-cancel-withdraw/confirm");
    let refused = async |path: &str, body: &Value| refusal(&client.merchant.post(path, body).await);
    assert_eq!(refused(&path, &confirm).await, (400, "PARAM_ERROR".to_owned()));
    let mut unknown = confirm.clone();
    unknown["out_request_no"] = json!("none");
    assert_eq!(refused(&path, &unknown).await.0, 404);
    client.call(with_payout()).await;
    let mut early = confirm;
    early["out_request_no"] = json!(number());
    assert_eq!(
        refused(&path, &early).await,
        (400, "INVALID_REQUEST".to_owned()),
        "it is under review"
    );
    let foreign = format!("{BASE}/apply-cancel-withdraw/validate-cancel/1900000999");
    let reply = client.merchant.get(&foreign).await;
    assert_eq!(reply.status, StatusCode::FORBIDDEN);
    for missing in ["out-request-no/none", "applyment-id/none"] {
        let reply = client
            .merchant
            .get(&format!("{BASE}/apply-cancel-withdraw/{missing}"))
            .await;
        assert_eq!(refusal(&reply).0, 404);
    }
}
