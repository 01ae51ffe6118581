//! Payment by a payer's code: charged at once, with a password, reversed.

use std::time::Duration;

use serde_json::{Value, json};
use wechatpay_core::{
    api::{
        code_pay::{Amount, PartnerPay, PartnerReverse, Pay, Payer, Reverse, SceneInfo, StoreInfo},
        transactions::{PartnerQueryByOutTradeNo, QueryByOutTradeNo, TradeState, TradeType},
    },
    testing::{DEMO_APPID, DEMO_MCHID, DEMO_SUB_MCHID},
    types::{Fen, Mchid, OutTradeNo},
};
use wechatpay_sandbox::{Account, Buyer, EventKind, Fault, Lint, LintKind, OrderState, PayError, Step};

use crate::{
    support::{Merchant, refusal},
    typed::Client,
};

const PATH: &str = "/v3/pay/transactions/codepay";
const CODE: &str = "130061098828009406";
/// Until a lint about a reversal that comes too soon.
const SOON: Duration = Duration::from_secs(15);
/// 0.60 % of 18.00 yuan stay with the platform.
const FEE: i64 = 11;

fn number(text: &str) -> OutTradeNo {
    text.parse().unwrap()
}

fn mchid() -> Mchid {
    DEMO_MCHID.parse().unwrap()
}

fn place() -> SceneInfo {
    SceneInfo::new(StoreInfo::new().out_id("SHOP-1"))
}

fn pay(order: &str, fen: u32, code: &str) -> Pay {
    let amount = Amount::new(Fen::from(fen));
    let appid = DEMO_APPID.parse().unwrap();
    Pay::new(
        appid,
        mchid(),
        "拿铁",
        number(order),
        Payer::new(code),
        amount,
        place(),
    )
}

fn reverse(order: &str) -> Reverse {
    Reverse::new(number(order), DEMO_APPID.parse().unwrap(), mchid())
}

fn query(order: &str) -> QueryByOutTradeNo {
    QueryByOutTradeNo::new(mchid(), number(order))
}

fn body(pay: &Pay) -> Value {
    serde_json::to_value(pay).unwrap()
}

fn steps(client: &Client, order: &str) -> Vec<Step> {
    let timeline = client.sandbox.order(order).unwrap().timeline;
    timeline.into_iter().map(|entry| entry.step).collect()
}

#[tokio::test]
async fn a_code_is_charged_at_once_and_nobody_is_notified() {
    let client = Client::start().await;
    client.sandbox.set_notify_enabled(true);
    let paid = client.call(pay("order-1", 1_800, CODE)).await;
    assert_eq!(
        (&paid.trade_state, &paid.trade_type),
        (&TradeState::Success, &Some(TradeType::Micropay))
    );
    assert_eq!(paid.amount.as_ref().unwrap().total, Some(Fen::from(1_800_u32)));
    assert_eq!(client.call(query("order-1")).await, paid);
    assert_eq!(client.sandbox.balance(DEMO_MCHID, Account::Basic), 1_800 - FEE);
    client
        .sandbox
        .clock()
        .advance(Duration::from_secs(900))
        .await
        .unwrap();
    assert!(client.sandbox.notifications().is_empty());
    // The response said it, so nobody has to ask.
    assert!(client.sandbox.lints().is_empty(), "{:?}", client.sandbox.lints());
    assert_eq!(client.sandbox.cashier_url("order-1"), None);
}

#[tokio::test]
async fn a_number_and_a_code_are_each_charged_once() {
    let client = Client::start().await;
    client.call(pay("order-1", 1_800, CODE)).await;
    let refused = async |pay: Pay| refusal(&client.merchant.post(PATH, &body(&pay)).await);
    let other = "130061098828009407";
    for (again, expected) in [
        (pay("order-1", 1_800, CODE), (400, "ORDERPAID")),
        (pay("order-1", 1_800, other), (400, "ORDERPAID")),
        (pay("order-2", 1_800, CODE), (400, "AUTH_CODE_INVALID")),
        (
            pay("order-2", 1_800, "2800000000000000"),
            (400, "AUTH_CODE_INVALID"),
        ),
        (
            pay("order-2", 1_800, "160061098828009406"),
            (400, "AUTH_CODE_INVALID"),
        ),
    ] {
        assert_eq!(refused(again).await, (expected.0, expected.1.to_owned()));
    }
    assert_eq!(client.sandbox.orders().len(), 1);

    // While the payer types, the same call is the same order, and another one is refused.
    let first = client.call(pay("order-3", 100_001, other)).await;
    assert_eq!(client.call(pay("order-3", 100_001, other)).await, first);
    let next = pay("order-3", 100_001, "130061098828009408");
    assert_eq!(refused(next).await, (400, "INVALID_REQUEST".to_owned()));
    assert_eq!(client.sandbox.balance(DEMO_MCHID, Account::Basic), 1_800 - FEE);
}

#[tokio::test]
async fn a_payer_who_must_enter_a_password_pays_or_turns_back() {
    let client = Client::start().await;
    // Above 1,000 yuan always, and else by a fault.
    client.sandbox.fault(Fault::AskPassword.about("order-2"));
    for (order, fen, code) in [
        ("order-1", 100_001, "130000000000000001"),
        ("order-2", 1, "130000000000000002"),
        ("order-3", 100_000, "130000000000000003"),
    ] {
        let asked = client.call(pay(order, fen, code)).await;
        let is_asked = order != "order-3";
        let state = if is_asked {
            TradeState::UserPaying
        } else {
            TradeState::Success
        };
        assert_eq!(asked.trade_state, state, "{order}");
        assert_eq!(asked.transaction_id.is_none(), is_asked, "{order}");
    }
    // An empty wallet leaves the page open.
    let sandbox = &client.sandbox;
    assert_eq!(sandbox.pay("order-1", Buyer::Bob), Err(PayError::NotEnough));
    assert_eq!(
        client.call(query("order-1")).await.trade_state,
        TradeState::UserPaying
    );
    sandbox.pay("order-1", Buyer::Alice).unwrap();
    assert_eq!(
        client.call(query("order-1")).await.trade_state,
        TradeState::Success
    );
    assert_eq!(
        steps(&client, "order-1"),
        [
            Step::Placed,
            Step::PasswordAsked,
            Step::PaymentFailed {
                buyer: Buyer::Bob,
                reason: PayError::NotEnough
            },
            Step::Queried,
            Step::Paid { buyer: Buyer::Alice },
        ]
    );

    sandbox.cancel("order-2").unwrap();
    let failed = client.call(query("order-2")).await;
    assert_eq!(failed.trade_state, TradeState::PayError);
    assert_eq!(sandbox.pay("order-2", Buyer::Alice), Err(PayError::Closed));
}

#[tokio::test]
async fn a_payment_that_fails_ends_its_order() {
    let client = Client::start().await;
    for (order, fault, code, expected) in [
        (
            "order-1",
            Fault::PayFailBalance,
            "130000000000000001",
            (403, "NOT_ENOUGH"),
        ),
        (
            "order-2",
            Fault::PayFailRisk,
            "130000000000000002",
            (403, "TRADE_ERROR"),
        ),
    ] {
        client.sandbox.fault(fault.about(order));
        let reply = client.merchant.post(PATH, &body(&pay(order, 100, code))).await;
        assert_eq!(refusal(&reply), (expected.0, expected.1.to_owned()));
        assert_eq!(client.call(query(order)).await.trade_state, TradeState::PayError);
    }
    assert_eq!(client.sandbox.balance(DEMO_MCHID, Account::Basic), 0);
}

#[tokio::test]
async fn a_reversal_returns_the_money_once_and_ends_the_order() {
    let client = Client::start().await;
    let sandbox = &client.sandbox;
    client.call(pay("order-1", 1_800, CODE)).await;
    client.call(pay("order-2", 100_001, "130061098828009407")).await;
    sandbox.clock().advance(SOON).await.unwrap();
    for _ in 0..2 {
        for order in ["order-1", "order-2"] {
            let reversed = client.call(reverse(order)).await;
            assert_eq!(
                (reversed.out_trade_no, reversed.mchid),
                (number(order), Some(mchid()))
            );
            assert_eq!(client.call(query(order)).await.trade_state, TradeState::Revoked);
        }
        assert_eq!(sandbox.balance(DEMO_MCHID, Account::Basic), 0);
    }
    assert!(sandbox.lints().is_empty(), "{:?}", sandbox.lints());
    let returned: Vec<Option<i64>> = sandbox
        .events_after(0)
        .into_iter()
        .filter_map(|event| match event.kind {
            EventKind::Reversed { returned, .. } => Some(returned),
            _ => None,
        })
        .collect();
    assert_eq!(returned, [Some(1_800), None]);
    // Nothing of it can be paid or refunded any more.
    assert_eq!(sandbox.pay("order-2", Buyer::Alice), Err(PayError::Closed));
    let refund = json!({
        "out_trade_no": "order-1", "out_refund_no": "r-1", "amount": { "refund": 1, "total": 1_800, "currency": "CNY" },
    });
    let reply = client.merchant.post("/v3/refund/domestic/refunds", &refund).await;
    assert_eq!(refusal(&reply), (400, "INVALID_REQUEST".to_owned()));
}

#[tokio::test]
async fn reversals_that_the_platform_refuses_change_nothing() {
    let client = Client::start().await;
    let sandbox = &client.sandbox;
    let merchant = &client.merchant;
    let refused = async |path: String, body: Value| refusal(&merchant.post(&path, &body).await);
    let direct = |order: &str| format!("/v3/pay/transactions/out-trade-no/{order}/reverse");
    let who = json!({ "appid": DEMO_APPID, "mchid": DEMO_MCHID });

    let none = refused(direct("order-0"), who.clone()).await;
    assert_eq!(none, (404, "ORDER_NOT_EXIST".to_owned()));
    // An order of the cashier is closed, one by code is reversed.
    merchant.place("native", "order-1").await;
    let wrong = refused(
        "/v3/pay/partner/transactions/out-trade-no/order-1/reverse".to_owned(),
        json!({ "sp_mchid": DEMO_MCHID, "sub_mchid": DEMO_SUB_MCHID }),
    );
    assert_eq!(wrong.await, (400, "INVALID_REQUEST".to_owned()));
    client.call(pay("order-2", 100_001, CODE)).await;
    let close = "/v3/pay/transactions/out-trade-no/order-2/close";
    let reply = merchant.post(close, &json!({ "mchid": DEMO_MCHID })).await;
    assert_eq!((reply.status.as_u16(), reply.number()), (400, 268_449_641));
    assert_eq!(sandbox.order("order-2").unwrap().state, OrderState::UserPaying);

    // Too soon is a lint.
    client.call(reverse("order-2")).await;
    let lints: Vec<LintKind> = sandbox.take_lints().iter().map(Lint::kind).collect();
    assert!(lints.contains(&LintKind::ReverseTooSoon), "{lints:?}");

    // What is refunded or too old is no longer reversed.
    client.call(pay("order-3", 1_800, "130061098828009407")).await;
    client.call(pay("order-4", 1_800, "130061098828009408")).await;
    let refund = json!({
        "out_trade_no": "order-3", "out_refund_no": "r-1", "amount": { "refund": 1, "total": 1_800, "currency": "CNY" },
    });
    let reply = merchant.post("/v3/refund/domestic/refunds", &refund).await;
    assert!(reply.status.is_success(), "{}", reply.text());
    sandbox
        .clock()
        .advance(Duration::from_secs(8 * 24 * 3600))
        .await
        .unwrap();
    for order in ["order-3", "order-4"] {
        let late = refused(direct(order), who.clone()).await;
        assert_eq!(late, (400, "INVALID_REQUEST".to_owned()), "{order}");
    }
}

#[tokio::test]
async fn a_partner_charges_for_its_sub_merchant_with_or_without_an_app() {
    let client = Client::start().await;
    let sub: Mchid = DEMO_SUB_MCHID.parse().unwrap();
    for (order, code, app) in [
        ("order-1", "130000000000000001", Some(DEMO_APPID.parse().unwrap())),
        ("order-2", "130000000000000002", None),
    ] {
        let amount = Amount::new(Fen::from(1_800_u32));
        let payer = Payer::new(code);
        let mut pay = PartnerPay::new(
            mchid(),
            sub.clone(),
            "拿铁",
            number(order),
            payer,
            amount,
            place(),
        );
        pay.sp_appid.clone_from(&app);
        let paid = client.call(pay).await;
        assert_eq!((&paid.trade_state, &paid.sp_appid), (&TradeState::Success, &app));
        let query = PartnerQueryByOutTradeNo::new(mchid(), sub.clone(), number(order));
        assert_eq!(client.call(query).await, paid);
    }
    assert_eq!(
        client.sandbox.balance(DEMO_SUB_MCHID, Account::Basic),
        2 * (1_800 - FEE)
    );
    let reversal = PartnerReverse::new(number("order-1"), mchid(), sub.clone());
    let reversed = client.call(reversal).await;
    assert_eq!(reversed.sub_mchid, Some(sub));
    assert_eq!(
        client.sandbox.balance(DEMO_SUB_MCHID, Account::Basic),
        1_800 - FEE
    );
}

/// Each cell of a row, without its back-tick.
fn rows(bill: &str) -> Vec<Vec<&str>> {
    let rows = bill.lines().filter(|line| line.starts_with('`'));
    rows.map(|line| line.split(',').map(|cell| cell.trim_start_matches('`')).collect())
        .collect()
}

#[tokio::test]
async fn a_reversal_is_a_row_of_the_bill_of_its_day() {
    let client = Client::start().await;
    client.call(pay("order-1", 1_800, CODE)).await;
    client.call(pay("order-2", 1_800, "130061098828009407")).await;
    client.sandbox.clock().advance(SOON).await.unwrap();
    client.call(reverse("order-1")).await;
    let mut days = vec![client.sandbox.clock().today()];
    client.sandbox.clock().next_day_at("09:00").await.unwrap();
    client.call(reverse("order-2")).await;
    days.push(client.sandbox.clock().today());
    let mut found = Vec::new();
    // Of the first day, and of the second when it is over.
    for _ in 0..2 {
        client.sandbox.clock().next_day_at("10:05").await.unwrap();
        let day = days.remove(0);
        let bill = bill(&client.merchant, &day).await;
        let of_day = rows(&bill);
        let (sums, entries) = of_day.split_last().unwrap();
        found.push((
            entries
                .iter()
                .map(|row| [row[6], row[9], row[12], row[16]].map(str::to_owned))
                .collect::<Vec<_>>(),
            [sums[0], sums[1], sums[2]].map(str::to_owned),
        ));
    }
    let row = |cells: [&str; 4]| cells.map(str::to_owned);
    assert_eq!(
        found,
        [
            (
                vec![
                    row(["order-1", "SUCCESS", "18.00", "0.00"]),
                    row(["order-2", "SUCCESS", "18.00", "0.00"]),
                    row(["order-1", "REVOKED", "0.00", "18.00"]),
                ],
                ["3", "36.00", "18.00"].map(str::to_owned),
            ),
            (
                vec![row(["order-2", "REVOKED", "0.00", "18.00"])],
                ["1", "0.00", "18.00"].map(str::to_owned),
            ),
        ]
    );
}

async fn bill(merchant: &Merchant, date: &str) -> String {
    let asked = merchant
        .get(&format!("/v3/bill/tradebill?bill_date={date}"))
        .await;
    let url = asked.json()["download_url"].as_str().unwrap().to_owned();
    let path = url.strip_prefix(&merchant.base_url).unwrap().to_owned();
    merchant.get(&path).await.text()
}
