//! Deposits, claims and compensation: typed calls, money, cancellation, refusals.

use std::time::Duration;

use http::{HeaderValue, Method};
use serde_json::{Value, json};
use wechatpay_core::{
    api::deposits::{
        Agreement, BusinessType, CancelClaim, CancelCompensation, Claim, Compensate, CompensateAfterSales,
        CompensateFreight, CompensateInsurer, CompensateMerchant, CompensationNo, CompensationState as State,
        Deduct, DeductionMerchant, DeductionReceiver, FreightReceiver, InsurerMerchant, InsurerPayment,
        InsurerReceiver, Merchant as PaidMerchant, MerchantReceiver, OpenClaims, PayerReceiver, Payment,
        PaymentType, PreClaim, PreCompensate, QueryAfterSalesByBillId, QueryAfterSalesByOutBillNo,
        QueryClaimByBillId, QueryClaimByOutBillNo, QueryClaimsContract, QueryCompensationByBillId,
        QueryCompensationByOutBillNo, QueryDeductionByBillId, QueryDeductionByOutBillNo, QueryFreight,
        QueryInsurer, QueryMerchantCompensation, ReceiverType, User, UserReceiver,
    },
    testing::{DEMO_APPID, DEMO_MCHID, DEMO_SUB_MCHID},
    types::{Appid, Fen, Mchid, Openid},
};
use wechatpay_sandbox::{Account, Buyer, MerchantChange, RecordError, RecordKind};

use crate::{
    support::{partner_order, refusal, send},
    typed::Client,
};

const SETTLED: Duration = Duration::from_secs(3);
const BASE: &str = "/v3/platsolution/ecommerce/mch-transfer";
const INSURER: &str = "1900000777";
const FUNDS: u32 = 10_000;

/// A platform with money and an insurer, and a paid order of its sub-merchant.
struct Rig {
    client: Client,
    transaction_id: String,
}

impl Rig {
    async fn start() -> Self {
        let client = Client::start().await;
        let sandbox = &client.sandbox;
        for (owner, account) in [
            (DEMO_MCHID, Account::Operation),
            (DEMO_SUB_MCHID, Account::Deposit),
            (INSURER, Account::Operation),
        ] {
            sandbox.top_up(owner, account, Fen::from(FUNDS));
        }
        let insurer = MerchantChange::new().sub_merchant(mchid(INSURER), []);
        sandbox.change_merchant(DEMO_MCHID, insurer).unwrap();
        let path = "/v3/pay/partner/transactions/native";
        let placed = client
            .merchant
            .post(path, &partner_order("native", "order-0001"))
            .await;
        assert!(placed.status.is_success(), "{}", placed.text());
        let paid = sandbox.pay("order-0001", Buyer::Alice).unwrap();
        let transaction_id = paid.transaction_id.unwrap();
        Self {
            client,
            transaction_id,
        }
    }

    fn payment(&self) -> Payment {
        Payment::new(&*self.transaction_id).payment_type(PaymentType::Wxpay)
    }

    fn payer(&self) -> PayerReceiver {
        PayerReceiver::new()
            .receiver_type(ReceiverType::TransactionUser)
            .transaction_info(self.payment())
    }

    fn compensate(&self, fen: u32) -> Compensate {
        Compensate::new(self.payer(), number("c1"), Fen::from(fen), "退货运费补偿")
    }

    fn pre_compensate(&self, name: &str) -> PreCompensate {
        PreCompensate::new(self.payer(), number(name), Fen::from(300), "退货运费补偿")
    }

    fn balance(&self, owner: &str, account: Account) -> i64 {
        self.client.sandbox.balance(owner, account)
    }

    async fn pass(&self) {
        self.client.sandbox.clock().advance(SETTLED).await.unwrap();
    }

    async fn refused(&self, path: &str, body: &Value) -> (u16, String) {
        refusal(&self.client.merchant.post(&format!("{BASE}{path}"), body).await)
    }
}

fn mchid(text: &str) -> Mchid {
    text.parse().unwrap()
}

fn sub() -> Mchid {
    mchid(DEMO_SUB_MCHID)
}

fn number(text: &str) -> CompensationNo {
    text.parse().unwrap()
}

fn body(request: &impl serde::Serialize) -> Value {
    serde_json::to_value(request).unwrap()
}

#[tokio::test]
async fn a_payer_is_compensated_once_however_often_the_platform_asks() {
    let rig = Rig::start().await;
    let first = rig.client.call(rig.compensate(300)).await;
    assert_eq!(
        (&first.state, first.amount),
        (&State::Accepted, Some(Fen::from(300)))
    );
    for _ in 0..2 {
        let again = rig.client.call(rig.compensate(300)).await;
        assert_eq!(again.bill_id, first.bill_id);
        assert_eq!(rig.balance(DEMO_MCHID, Account::Operation), 9_700);
        rig.pass().await;
    }
    let paid = rig
        .client
        .call(QueryCompensationByOutBillNo::new(number("c1")))
        .await;
    assert_eq!(paid.state, State::Success);
    assert!(paid.success_time.is_some() && paid.close_info.is_none());
    let by_id = QueryCompensationByBillId::new(first.bill_id);
    assert_eq!(rig.client.call(by_id).await, paid);
    assert_eq!(rig.balance(DEMO_MCHID, Account::Operation), 9_700);
}

#[tokio::test]
async fn a_lost_response_is_repeated_under_the_same_number_and_moves_nothing_more() {
    let rig = Rig::start().await;
    let path = format!("{BASE}/compensate-bills");
    let compensation = body(&rig.compensate(300));
    let mut request = rig
        .client
        .merchant
        .request(Method::POST, &path, compensation.to_string().as_bytes())
        .await;
    let fault = HeaderValue::from_static("accepted-but=500");
    request.headers_mut().insert("x-sandbox-fault", fault);
    assert_eq!(send(request).await.status.as_u16(), 500);
    assert_eq!(rig.balance(DEMO_MCHID, Account::Operation), 9_700);
    rig.client.call(rig.compensate(300)).await;
    assert_eq!(rig.balance(DEMO_MCHID, Account::Operation), 9_700);
    assert_eq!(rig.client.sandbox.records(RecordKind::Compensation).len(), 1);
}

#[tokio::test]
async fn a_closed_compensation_returns_its_money() {
    let rig = Rig::start().await;
    let sponsored = rig.compensate(300).sponsor_mchid(mchid(DEMO_MCHID));
    rig.client.call(sponsored).await;
    let facts = json!({ "close_reason": "转账失败" });
    rig.client
        .sandbox
        .settle_record(RecordKind::Compensation, "c1", "CLOSED", facts)
        .unwrap();
    let closed = rig
        .client
        .call(QueryCompensationByOutBillNo::new(number("c1")))
        .await;
    assert_eq!(closed.state, State::Closed);
    let end = closed.close_info.unwrap();
    assert_eq!(end.close_reason.as_deref(), Some("转账失败"));
    assert!(end.close_time.is_some());
    assert_eq!(rig.balance(DEMO_MCHID, Account::Operation), 10_000);
    let paid = rig
        .client
        .sandbox
        .settle_record(RecordKind::Compensation, "c1", "SUCCESS", Value::Null);
    assert!(matches!(paid, Err(RecordError::NoWay { .. })));
}

#[tokio::test]
async fn money_that_is_locked_leaves_when_the_payer_confirms_or_comes_back() {
    let rig = Rig::start().await;
    let locked = rig.client.call(rig.pre_compensate("c1")).await;
    assert!(locked.package_info.is_some());
    assert_eq!(rig.client.call(rig.pre_compensate("c1")).await, locked);
    rig.client.call(rig.pre_compensate("c2")).await;
    assert_eq!(rig.balance(DEMO_MCHID, Account::Operation), 9_400);
    let cancelled = rig.client.call(CancelCompensation::new(number("c2"))).await;
    assert_eq!(cancelled.state, State::Cancelling);
    assert_eq!(
        rig.client.call(CancelCompensation::new(number("c2"))).await,
        cancelled
    );
    rig.pass().await;
    let state = async |name: &str| {
        let query = QueryCompensationByOutBillNo::new(number(name));
        rig.client.call(query).await.state
    };
    assert_eq!(
        (state("c1").await, state("c2").await),
        (State::Success, State::Cancelled)
    );
    assert_eq!(rig.balance(DEMO_MCHID, Account::Operation), 9_700);
    // As the page says: what has come to its end is no longer prepared.
    for name in ["c1", "c2"] {
        let again = rig
            .refused("/compensate-bills/pre-transfer", &body(&rig.pre_compensate(name)))
            .await;
        assert_eq!(again, (400, "INVALID_REQUEST".to_owned()));
    }
    let late = rig
        .refused("/compensate-bills/out-bill-no/c1/cancel", &json!({}))
        .await;
    assert_eq!(late, (400, "INVALID_REQUEST".to_owned()));
    assert_eq!(rig.balance(DEMO_MCHID, Account::Operation), 9_700);
}

#[tokio::test]
async fn a_deposit_pays_the_payer_of_an_order_and_merchants() {
    let rig = Rig::start().await;
    let client = &rig.client;
    let openid: Openid = Buyer::Alice.openid(DEMO_APPID).parse().unwrap();
    let receiver = UserReceiver::new()
        .receiver_type(ReceiverType::TransactionUser)
        .transaction_info(rig.payment())
        .user_info(User::new().sp_openid(openid));
    let goods = CompensateAfterSales::new(receiver, number("goods"), Fen::from(100), "商品破损")
        .sub_mchid(sub())
        .sp_appid(DEMO_APPID.parse::<Appid>().unwrap());
    let goods = client.call(goods).await;
    // The order tells whose deposit pays.
    let receiver = FreightReceiver::new().transaction_info(rig.payment());
    let freight = CompensateFreight::new(receiver, number("freight"), Fen::from(200), "退货运费");
    assert_eq!(client.call(freight).await.sub_mchid, Some(sub()));
    let receiver = InsurerReceiver::new()
        .receiver_type(ReceiverType::Merchant)
        .mch_info(InsurerMerchant::new().mchid(mchid(INSURER)))
        .transaction_info(InsurerPayment::new(&*rig.transaction_id, PaymentType::Wxpay));
    let premium =
        CompensateInsurer::new(receiver, number("premium"), Fen::from(400), "保费").sub_mchid(sub());
    client.call(premium).await;
    let receiver = DeductionReceiver::new()
        .receiver_type(ReceiverType::Merchant)
        .mch_info(DeductionMerchant::new().mch_id(mchid(DEMO_MCHID)));
    let deduction = Deduct::new(
        BusinessType::Deposit,
        receiver,
        number("fine"),
        Fen::from(800),
        "直播违规扣罚",
    )
    .sub_mchid(sub());
    let deduction = client.call(deduction).await;
    assert_eq!(rig.balance(DEMO_SUB_MCHID, Account::Deposit), 8_500);
    assert_eq!(rig.balance(DEMO_MCHID, Account::Basic), 0);
    rig.pass().await;

    let states = [
        client
            .call(QueryAfterSalesByOutBillNo::new(number("goods")).sub_mchid(sub()))
            .await,
        client.call(QueryFreight::new(number("freight"))).await,
        client.call(QueryInsurer::new(number("premium"))).await,
        client.call(QueryDeductionByOutBillNo::new(number("fine"))).await,
    ];
    assert!(
        states.iter().all(|bill| bill.state == State::Success),
        "{states:?}"
    );
    let by_id = QueryAfterSalesByBillId::new(goods.bill_id);
    assert_eq!(client.call(by_id).await, states[0]);
    let by_id = QueryDeductionByBillId::new(deduction.bill_id).business_type(BusinessType::Deposit);
    assert_eq!(client.call(by_id).await, states[3]);
    assert_eq!(rig.balance(DEMO_SUB_MCHID, Account::Deposit), 8_500);
    assert_eq!(rig.balance(INSURER, Account::Basic), 400);
    assert_eq!(rig.balance(DEMO_MCHID, Account::Basic), 800);
}

#[tokio::test]
async fn a_platform_compensates_its_sub_merchant() {
    let rig = Rig::start().await;
    let before = rig.balance(DEMO_SUB_MCHID, Account::Basic);
    let receiver = MerchantReceiver::new(ReceiverType::Merchant, PaidMerchant::new(sub()));
    let request = CompensateMerchant::new(receiver, number("m1"), Fen::from(300), "赔付金发放");
    rig.client.call(request).await;
    assert_eq!(rig.balance(DEMO_SUB_MCHID, Account::Basic), before);
    rig.pass().await;
    let query = QueryMerchantCompensation::new(number("m1"));
    let paid = rig.client.call(query.clone()).await;
    assert_eq!(paid.state, State::Success);
    assert_eq!(rig.balance(DEMO_MCHID, Account::Operation), 9_700);
    assert_eq!(rig.balance(DEMO_SUB_MCHID, Account::Basic), before + 300);
    let path = format!("{BASE}/sub-mch-compensation-bills/m1?sponsor_mchid={INSURER}");
    assert_eq!(refusal(&rig.client.merchant.get(&path).await).0, 404);
}

#[tokio::test]
async fn an_insurer_pays_claims_once_it_is_opened() {
    let rig = Rig::start().await;
    let client = &rig.client;
    let claim =
        || Claim::new(rig.payer(), number("claim"), Fen::from(300), "退货运费险").sub_mchid(mchid(INSURER));
    let refused = rig.refused("/insurance-claim-bills", &body(&claim())).await;
    assert_eq!(refused, (403, "NO_AUTH".to_owned()));
    let contract = || QueryClaimsContract::new(mchid(INSURER));
    assert!(!client.call(contract()).await.opened);
    let agreement = Agreement::new(
        "A1",
        "1",
        "某保险公司",
        "2026-01-01T00:00:00+08:00".parse().unwrap(),
    );
    let open = OpenClaims::new("apply-1", mchid(INSURER), vec![agreement]);
    let opened = client.call(open.clone()).await;
    assert!(opened.opened && client.call(open).await == opened);
    assert_eq!(client.call(contract()).await, opened);

    let paid = client.call(claim()).await;
    let locked =
        PreClaim::new(rig.payer(), number("locked"), Fen::from(500), "退货运费险").sub_mchid(mchid(INSURER));
    assert_eq!(client.call(locked).await.sub_mchid, Some(mchid(INSURER)));
    assert_eq!(rig.balance(INSURER, Account::Operation), 9_200);
    let cancel = CancelClaim::new(number("locked")).sub_mchid(mchid(INSURER));
    assert_eq!(client.call(cancel).await.state, State::Cancelling);
    rig.pass().await;
    let ended = client.call(QueryClaimByOutBillNo::new(number("locked"))).await;
    assert_eq!(ended.state, State::Cancelled);
    // The page names this time otherwise than those of the others.
    assert!(ended.close_info.unwrap().accept_time.is_some());
    let query = QueryClaimByBillId::new(paid.bill_id).sub_mchid(mchid(INSURER));
    assert_eq!(client.call(query).await.state, State::Success);
    assert_eq!(rig.balance(INSURER, Account::Operation), 9_700);
}

#[tokio::test]
async fn wrong_compensations_are_refused_and_move_nothing() {
    let rig = Rig::start().await;
    let path = "/compensate-bills";
    let good = body(&rig.compensate(300));
    let with = |pointer: &str, value: Value| {
        let mut wrong = good.clone();
        wrong[pointer] = value;
        wrong
    };
    let stranger = json!({ "transaction_info": { "transaction_id": "4200000000000000000000000000" } });
    for (wrong, status, word) in [
        (with("amount", json!(20_000)), 403, "NOT_ENOUGH"),
        (with("amount", json!(0)), 400, "PARAM_ERROR"),
        (with("out_bill_no", json!("a-1")), 400, "PARAM_ERROR"),
        (with("transfer_remark", json!(null)), 400, "PARAM_ERROR"),
        (with("sub_mchid", json!(DEMO_SUB_MCHID)), 400, "PARAM_ERROR"),
        (with("sponsor_mchid", json!("1900000999")), 403, "NO_AUTH"),
        (
            with("user_recv_perception", json!("退货补偿")),
            400,
            "PARAM_ERROR",
        ),
        (with("receiver", stranger), 404, "RESOURCE_NOT_EXISTS"),
        (with("receiver", json!({})), 400, "PARAM_ERROR"),
    ] {
        assert_eq!(
            rig.refused(path, &wrong).await,
            (status, word.to_owned()),
            "{wrong}"
        );
    }
    let receiver = UserReceiver::new().transaction_info(rig.payment());
    let deposit = CompensateAfterSales::new(receiver, number("c1"), Fen::from(300), "商品破损");
    let mut other = body(&deposit);
    other["sub_mchid"] = json!(INSURER);
    let after_sales = "/deposit-after-sales-compensation-bills";
    assert_eq!(rig.refused(after_sales, &other).await.1, "INVALID_REQUEST");
    assert!(rig.client.sandbox.records(RecordKind::Compensation).is_empty());

    // A number stands for one compensation: one way, and one set of values.
    rig.client.call(rig.compensate(300)).await;
    let used = (400, "INVALID_REQUEST".to_owned());
    assert_eq!(rig.refused(path, &with("amount", json!(301))).await, used);
    assert_eq!(rig.refused(after_sales, &body(&deposit)).await, used);
    let locked = "/compensate-bills/pre-transfer";
    assert_eq!(rig.refused(locked, &body(&rig.pre_compensate("c1"))).await, used);
    assert_eq!(rig.balance(DEMO_MCHID, Account::Operation), 9_700);
    assert_eq!(rig.balance(DEMO_SUB_MCHID, Account::Deposit), 10_000);
    for path in [
        "/compensate-bills/out-bill-no/c2",
        "/compensate-bills/bill-id/1330",
        "/insurance-claim-bills/out-bill-no/c1",
        "/transfer-bills/out-bill-no/c1",
    ] {
        let reply = rig.client.merchant.get(&format!("{BASE}{path}")).await;
        assert_eq!(refusal(&reply), (404, "ORDER_NOT_EXIST".to_owned()), "{path}");
    }
}
