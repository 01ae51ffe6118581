//! Persons who receive money: contract, order, settlement, and what happens if they cannot receive it.

use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};
use wechatpay_core::{
    api::{
        abnormal_funds::{QueryReceipt, ReceiptState},
        combine::{CombineAmount, CombinePayer, IndividualSubOrder, MiniProgramPrepay, QueryByOutTradeNo},
        personal_receivers::{
            AbnormalSettleType, AbnormalType, ApplyAbnormal, AuthState, BatchState, CredentialType,
            PermissionType, PrepareInApp, PrepareInMiniProgram, PrepareVerifiedInMiniProgram, QueryBatch,
            QueryByOpenid, QueryByOutContractCode, Settle, SettleAmount, SettleBatch, SettleDetail,
            SettleInfo, SettleScenario,
        },
        transactions::TradeState,
    },
    testing::{DEMO_APPID, DEMO_MCHID},
    types::{Appid, Fen, Openid, TransactionId},
};
use wechatpay_sandbox::{Account, Buyer, Fault, RecordKind, Sandbox};

use crate::{
    support::{Merchant, Shop, opened, refusal},
    typed::Client,
};

const SETTLED: Duration = Duration::from_secs(3);
const CODE: &str = "CONTRACT-0001";
const BATCH: &str = "BATCH-0001";
const SETTLE: &str = "/v3/platsolution/ecommerce/settle/prepay-settle-orders";
/// An order of 10,000 fen without the fee of 0.6 %.
const LEFT: i64 = 9_940;

fn appid() -> Appid {
    DEMO_APPID.parse().unwrap()
}

fn person() -> Openid {
    Buyer::Bob.openid(DEMO_APPID).parse().unwrap()
}

impl Client {
    /// A person who authorised the demo merchant.
    pub(crate) async fn authorized_person(&self) -> String {
        self.call(PrepareInMiniProgram::new(
            appid(),
            CODE.parse().unwrap(),
            person(),
        ))
        .await;
        self.pass(SETTLED).await;
        let found = QueryByOpenid::new(person(), appid(), PermissionType::IndividualPayee);
        let found = self.call(found).await;
        assert_eq!(found.auth_state, AuthState::Authorized);
        found.individual_auth_id.unwrap().as_str().to_owned()
    }

    /// An order of 10,000 fen that this person was paid for.
    async fn paid_person(&self, auth_id: &str) -> TransactionId {
        let item = IndividualSubOrder::new(
            DEMO_MCHID.parse().unwrap(),
            auth_id,
            "附加",
            CombineAmount::cny(Fen::from(10_000_u32)),
            "item-0001".parse().unwrap(),
            "二手书",
        );
        let payer = CombinePayer::openid(Buyer::Alice.openid(DEMO_APPID).parse().unwrap());
        let number = "whole-1".parse().unwrap();
        let order = MiniProgramPrepay::new(appid(), DEMO_MCHID.parse().unwrap(), number, payer, vec![item]);
        self.call(order).await;
        self.sandbox.pay("whole-1", Buyer::Alice).unwrap();
        let paid = self
            .call(QueryByOutTradeNo::new("whole-1".parse().unwrap()))
            .await;
        assert_eq!(paid.sub_orders[0].trade_state, TradeState::Success);
        paid.sub_orders[0].transaction_id.clone().unwrap()
    }

    fn basic(&self, owner: &str) -> i64 {
        self.sandbox.balance(owner, Account::Basic)
    }

    async fn batch(&self, id: &wechatpay_core::api::personal_receivers::SettleBatchNo) -> SettleBatch {
        self.call(QueryBatch::new(id.clone())).await
    }
}

/// The platform keeps 100 fen, and the person gets the rest.
fn settle(auth_id: &str, number: &str, order: &TransactionId, url: &str) -> Settle {
    let amount = SettleAmount::new(Fen::from(100_u32));
    let fee = SettleDetail::new("FEE-0001", "RECEIVE", "MERCHANT", DEMO_MCHID, amount);
    let order = SettleInfo::new("SETTLE-0001", order.clone(), vec![fee]);
    Settle::new(
        appid(),
        number.parse().unwrap(),
        auth_id,
        url,
        "一笔订单, 平台服务费一元",
        SettleScenario::Recommerce,
        vec![order],
    )
}

const NO_SHOP: &str = "http://127.0.0.1:9/notify";

#[tokio::test]
async fn a_person_signs_once_and_may_end_it() {
    let client = Client::start().await;
    let sandbox = &client.sandbox;
    let prepare = || {
        PrepareVerifiedInMiniProgram::new(
            appid(),
            CODE.parse().unwrap(),
            person(),
            "张三",
            CredentialType::IdCard,
            "320311770706001",
        )
    };
    let prepared = client.call(prepare()).await;
    // The ciphertexts differ each time; the contract is the same.
    assert_eq!(prepared, client.call(prepare()).await);
    let query = || QueryByOutContractCode::new(CODE.parse().unwrap(), appid());
    let unsigned = client.call(query()).await;
    assert_eq!(
        (unsigned.auth_state, unsigned.individual_auth_id),
        (AuthState::Unauthorized, None)
    );
    let path = format!(
        "/v3/ecommerce/individual-contracts/{}?appid={DEMO_APPID}&permission_type=INDIVIDUAL_PAYEE",
        person().as_str()
    );
    assert_eq!(client.merchant.get(&path).await.status, StatusCode::NOT_FOUND);

    sandbox.clock().advance(SETTLED).await.unwrap();
    let signed = client.call(query()).await;
    assert_eq!(
        (signed.auth_state, signed.individual_openid),
        (AuthState::Authorized, Some(person()))
    );
    assert!(signed.signed_time.is_some());
    let access = signed.real_name_auth_result.unwrap();
    assert!(access.access_token.is_some() && access.access_token_expire_time.is_some());
    sandbox
        .settle_record(RecordKind::ReceiverContract, CODE, "UNAUTHORIZED", Value::Null)
        .unwrap();
    let ended = client.call(query()).await;
    assert_eq!(
        (ended.auth_state, ended.real_name_auth_result),
        (AuthState::Unauthorized, None)
    );
    assert_eq!(ended.individual_auth_id, signed.individual_auth_id);
    let by_openid = QueryByOpenid::new(person(), appid(), PermissionType::IndividualPayee);
    assert_eq!(client.call(by_openid).await.auth_state, AuthState::Unauthorized);
    let again = client
        .merchant
        .post(
            "/v3/ecommerce/individual-contracts/pre-entrust-sign/app",
            &json!({ "appid": DEMO_APPID, "out_contract_code": CODE }),
        )
        .await;
    assert_eq!(refusal(&again), (400, "INVALID_REQUEST".to_owned()));
    client
        .call(PrepareInApp::new(appid(), "CONTRACT-0002".parse().unwrap()))
        .await;
}

#[tokio::test]
async fn the_money_is_held_until_it_is_settled_once() {
    let client = Client::start().await;
    let auth_id = client.authorized_person().await;
    let order = client.paid_person(&auth_id).await;
    assert_eq!((client.basic(&auth_id), client.basic(DEMO_MCHID)), (LEFT, 0));

    client.sandbox.fault(Fault::AcceptedBut(500));
    let body = serde_json::to_value(settle(&auth_id, BATCH, &order, NO_SHOP)).unwrap();
    let lost = client.merchant.post(SETTLE, &body).await;
    assert_eq!(lost.status, StatusCode::INTERNAL_SERVER_ERROR);
    let batch = client.call(settle(&auth_id, BATCH, &order, NO_SHOP)).await;
    assert_eq!(batch.state, BatchState::Accepted);
    let second = serde_json::to_value(settle(&auth_id, "BATCH-0002", &order, NO_SHOP)).unwrap();
    let refused = client.merchant.post(SETTLE, &second).await;
    assert_eq!(
        refusal(&refused),
        (400, "INVALID_REQUEST".to_owned()),
        "a new number does not pay again"
    );

    client.pass(SETTLED).await;
    assert_eq!(
        client.batch(&batch.settle_batch_no).await.state,
        BatchState::Received
    );
    assert_eq!((client.basic(&auth_id), client.basic(DEMO_MCHID)), (100, 0));
    client.pass(SETTLED).await;
    let settled = client.batch(&batch.settle_batch_no).await;
    assert_eq!(settled.state, BatchState::Success);
    assert!(settled.finish_time.is_some());
    assert_eq!((client.basic(&auth_id), client.basic(DEMO_MCHID)), (0, 100));
    assert_eq!(client.sandbox.records(RecordKind::SettleBatch).len(), 1);
}

#[tokio::test]
async fn money_that_a_person_cannot_receive_waits_for_an_instruction() {
    let client = Client::start().await;
    let auth_id = client.authorized_person().await;
    let order = client.paid_person(&auth_id).await;
    client
        .sandbox
        .settle_record(RecordKind::ReceiverContract, CODE, "UNAUTHORIZED", Value::Null)
        .unwrap();
    let batch = client.call(settle(&auth_id, BATCH, &order, NO_SHOP)).await;
    let id = batch.settle_batch_no;
    let abnormal = client.batch(&id).await;
    assert_eq!(
        (abnormal.state, abnormal.abnormal_type),
        (BatchState::Abnormal, Some(AbnormalType::AuthorizationInvalid))
    );
    assert_eq!(client.basic(&auth_id), LEFT);

    let apply = || {
        ApplyAbnormal::new(
            id.clone(),
            auth_id.as_str(),
            "ABNORMAL-0001".parse().unwrap(),
            AbnormalSettleType::ToOriginalReceiver,
        )
    };
    let applied = client.call(apply()).await;
    assert_eq!(applied, client.call(apply()).await, "the same instruction");
    let receipt = applied
        .abnormal_settle_result
        .unwrap()
        .abnormal_fund_receipt_id
        .unwrap();
    let path = format!("{SETTLE}/{id}/apply-abnormal-settle");
    let other = json!({
        "individual_auth_id": auth_id,
        "out_abnormal_settle_batch_no": "ABNORMAL-0002",
        "abnormal_settle_type": "TRANSFER_TO_ORIGINAL_RECEIVE_USER",
    });
    assert_eq!(refusal(&client.merchant.post(&path, &other).await).0, 400);
    for _ in 0..2 {
        client.pass(SETTLED).await;
    }
    let waited = client.call(QueryReceipt::new(receipt)).await;
    assert_eq!(
        (waited.receipt_state, waited.transfer_amount.total.get()),
        (ReceiptState::Completed, LEFT - 100)
    );
    assert_eq!(client.batch(&id).await.state, BatchState::AbnormalSettled);
    assert_eq!((client.basic(&auth_id), client.basic(DEMO_MCHID)), (0, 100));
}

#[tokio::test]
async fn the_platform_is_told_of_the_end_of_a_batch() {
    let sandbox = Sandbox::builder().manual_clock().start().await.unwrap();
    let merchant = Merchant::new(&sandbox).asks_for(wechatpay_core::testing::DEMO_PUBLIC_KEY_ID);
    let client = Client { sandbox, merchant };
    let shop = Shop::start(|_, _| 204).await;
    let auth_id = client.authorized_person().await;
    let order = client.paid_person(&auth_id).await;
    client.call(settle(&auth_id, BATCH, &order, &shop.url)).await;
    client.pass(SETTLED).await;
    assert!(
        shop.arrivals().is_empty(),
        "neither of the order, which has no URL, nor of the way"
    );
    client.pass(SETTLED).await;
    let verified = opened(&client.sandbox, &shop.arrivals().pop().unwrap()).await;
    assert_eq!(verified.event_type().to_string(), "SETTLEMENT.SUCCESS");
    let notice: SettleBatch = serde_json::from_str(verified.plaintext()).unwrap();
    assert_eq!(
        (notice.state, notice.out_settle_batch_no.as_str()),
        (BatchState::Success, BATCH)
    );
}

#[tokio::test]
async fn wrong_orders_and_settlements_are_refused_and_move_nothing() {
    let client = Client::start().await;
    let auth_id = client.authorized_person().await;
    let order = client.paid_person(&auth_id).await;
    let held = client.basic(&auth_id);
    let body = serde_json::to_value(settle(&auth_id, BATCH, &order, NO_SHOP)).unwrap();
    let with = |pointer: &str, value: Value| {
        let mut body = body.clone();
        *body.pointer_mut(pointer).unwrap() = value;
        body
    };
    let refused = async |body: &Value| refusal(&client.merchant.post(SETTLE, body).await);
    let stranger = with("/individual_auth_id", json!("256322110225"));
    assert_eq!(refused(&stranger).await, (403, "NO_AUTH".to_owned()));
    let other = with(
        "/settle_info_list/0/transaction_id",
        json!("4200000000000000000000000000"),
    );
    assert_eq!(refused(&other).await.0, 404);
    let detail = "/settle_info_list/0/settle_detail_info_list/0";
    let much = with(&format!("{detail}/amount/amount"), json!(LEFT + 1));
    assert_eq!(refused(&much).await, (400, "INVALID_REQUEST".to_owned()));
    let foreign = with(&format!("{detail}/receiver_account"), json!("1900009999"));
    assert_eq!(refused(&foreign).await, (403, "NO_AUTH".to_owned()));
    let mut twice = body.clone();
    twice["settle_info_list"] = json!([body["settle_info_list"][0], body["settle_info_list"][0]]);
    assert_eq!(refused(&twice).await, (400, "INVALID_REQUEST".to_owned()));
    assert_eq!(client.basic(&auth_id), held);

    // None of these has taken the order.
    let batch = client.call(settle(&auth_id, BATCH, &order, NO_SHOP)).await;
    let changed = with("/description", json!("另一说明"));
    assert_eq!(refused(&changed).await, (400, "INVALID_REQUEST".to_owned()));
    let path = format!("{SETTLE}/{}/apply-abnormal-settle", batch.settle_batch_no);
    let early = json!({
        "individual_auth_id": auth_id,
        "out_abnormal_settle_batch_no": "ABNORMAL-0001",
        "abnormal_settle_type": "TRANSFER_TO_ORIGINAL_RECEIVE_USER",
    });
    let early = client.merchant.post(&path, &early).await;
    assert_eq!(refusal(&early), (400, "INVALID_REQUEST".to_owned()));
    let none = client.merchant.get(&format!("{SETTLE}/123")).await;
    assert_eq!(refusal(&none).0, 404);

    client
        .sandbox
        .settle_record(RecordKind::ReceiverContract, CODE, "UNAUTHORIZED", Value::Null)
        .unwrap();
    let order = json!({
        "combine_appid": DEMO_APPID, "combine_mchid": DEMO_MCHID, "combine_out_trade_no": "whole-2",
        "combine_payer_info": { "openid": Buyer::Alice.openid(DEMO_APPID) },
        "sub_orders": [{
            "mchid": DEMO_MCHID, "individual_auth_id": auth_id, "out_trade_no": "item-0002",
            "amount": { "total_amount": 100, "currency": "CNY" }, "attach": "附加", "description": "二手书",
        }],
    });
    let reply = client
        .merchant
        .post("/v3/combine-transactions/miniprogram", &order)
        .await;
    assert_eq!(
        refusal(&reply),
        (403, "NOAUTH".to_owned()),
        "the person has ended it"
    );
}
