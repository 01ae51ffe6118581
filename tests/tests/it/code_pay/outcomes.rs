//! Each way in which a payment ends.

use std::time::Duration;

use tokio::time::Instant;
use wechatpay_core::{
    api::code_pay::PartnerPay,
    testing::{DEMO_APPID, DEMO_MCHID, DEMO_SUB_MCHID, FakePlatform},
    types::Fen,
    verify::Verifier,
};
use wechatpay_sandbox::{Buyer, Fault, OrderState, StubResponse};
use wechatpay_tower::{
    Client,
    code_pay::{CodePayError, CodePayment, CodePayments, NotPaid},
    hyper::HyperTransport,
    retry::RetryPolicy,
};

use super::{AT_ONCE, Kind, Loss, Till, WITH_PASSWORD, books, charge, name};

const PAID: OrderState = OrderState::Success;
const REVERSED: OrderState = OrderState::Revoked;

/// Charges order 1, and returns the result with the seconds that it took.
async fn pay(till: &Till, fen: u32) -> (Result<CodePayment, CodePayError>, u64) {
    let start = Instant::now();
    let result = till.payments.pay(&charge(1, fen)).await;
    (result, start.elapsed().as_secs())
}

fn paid(result: Result<CodePayment, CodePayError>) -> i64 {
    match result {
        Ok(CodePayment::Paid(paid)) => paid.total().get(),
        other => panic!("{other:?}"),
    }
}

fn not_paid(result: Result<CodePayment, CodePayError>) -> NotPaid {
    match result {
        Ok(CodePayment::NotPaid(reason)) => reason,
        other => panic!("{other:?}"),
    }
}

/// Asserts state and money of order 1, and the numbers of charges, queries and reversals.
fn check(till: &Till, state: Option<OrderState>, counts: [usize; 3]) {
    assert_eq!(till.order(&name(1)).map(|order| order.state), state);
    assert_eq!(till.counts(), counts);
    let has_money = till.balance() > 0;
    assert_eq!(has_money, state == Some(PAID), "{}", till.balance());
    assert!(till.balance() >= 0);
}

#[tokio::test(start_paused = true)]
async fn a_code_without_a_password_is_paid_by_one_call() {
    let till = Till::open().await;
    let (result, seconds) = pay(&till, AT_ONCE).await;
    assert_eq!((paid(result), seconds), (1_800, 0));
    check(&till, Some(PAID), [1, 0, 0]);
}

#[tokio::test(start_paused = true)]
async fn a_payer_enters_the_password_in_time() {
    let till = Till::open().await;
    till.after(12, |sandbox| drop(sandbox.pay(&name(1), Buyer::Alice).unwrap()));
    let (result, seconds) = pay(&till, WITH_PASSWORD).await;
    assert_eq!((paid(result), seconds), (200_000, 15));
    check(&till, Some(PAID), [1, 3, 0]);
}

#[tokio::test(start_paused = true)]
async fn a_payer_closes_the_page_of_the_password() {
    let till = Till::open().await;
    till.after(7, |sandbox| sandbox.cancel(&name(1)).unwrap());
    let (result, seconds) = pay(&till, WITH_PASSWORD).await;
    assert!(matches!(not_paid(result), NotPaid::Failed { refused: None }));
    assert_eq!(seconds, 10);
    check(&till, Some(OrderState::PayError), [1, 2, 0]);
}

#[tokio::test(start_paused = true)]
async fn an_order_is_reversed_when_the_patience_is_over() {
    let till = Till::open().await;
    let (result, seconds) = pay(&till, WITH_PASSWORD).await;
    let reason = not_paid(result);
    assert!(
        matches!(reason, NotPaid::Reversed { refused: None }),
        "{reason:?}"
    );
    assert_eq!(seconds, 45);
    check(&till, Some(REVERSED), [1, 10, 1]);
    // No lint: it was not too soon, and the state was queried.
    let payments = CodePayments::new(till.client.clone()).patience(Duration::ZERO);
    let start = Instant::now();
    let result = payments.pay(&charge(2, WITH_PASSWORD)).await;
    assert!(matches!(not_paid(result), NotPaid::Reversed { .. }));
    assert_eq!(start.elapsed().as_secs(), 15);
}

#[tokio::test(start_paused = true)]
async fn a_payment_whose_response_is_lost_is_found() {
    let till = Till::open().await;
    till.lose([(Kind::Charge, 1..=9, Loss::Response)]);
    let (result, seconds) = pay(&till, AT_ONCE).await;
    assert_eq!((paid(result), seconds), (1_800, 5));
    check(&till, Some(PAID), [1, 1, 0]);
}

#[tokio::test(start_paused = true)]
async fn a_charge_that_never_arrived_is_not_sent_again() {
    let till = Till::open().await;
    till.lose([(Kind::Charge, 1..=9, Loss::Request)]);
    let (result, seconds) = pay(&till, AT_ONCE).await;
    assert!(matches!(not_paid(result), NotPaid::NeverArrived));
    // Then the code is no longer valid, so a charge on its way cannot succeed any more.
    assert_eq!(seconds, 60);
    check(&till, None, [1, 13, 1]);
}

#[tokio::test(start_paused = true)]
async fn a_lost_reversal_is_repeated_until_it_is_certain() {
    for loss in [Loss::Request, Loss::Response] {
        let till = Till::open().await;
        till.lose([(Kind::Reversal, 1..=3, loss)]);
        let (result, seconds) = pay(&till, WITH_PASSWORD).await;
        assert!(matches!(not_paid(result), NotPaid::Reversed { .. }));
        let (sent, took) = match loss {
            Loss::Request => (4, 60),
            // The query after it shows the end.
            Loss::Response => (1, 45),
        };
        assert_eq!((till.counts()[2], seconds), (sent, took), "{loss:?}");
        check(&till, Some(REVERSED), till.counts());
    }
}

#[tokio::test(start_paused = true)]
async fn a_payment_in_the_moment_of_the_reversal_is_returned_once() {
    for loss in [None, Some(Loss::Response)] {
        let till = Till::open().await;
        till.lose(loss.map(|loss| (Kind::Reversal, 1..=2, loss)));
        till.before(Kind::Reversal, 1, |sandbox| {
            sandbox.pay(&name(1), Buyer::Alice).unwrap();
        });
        let (result, _) = pay(&till, WITH_PASSWORD).await;
        assert!(matches!(not_paid(result), NotPaid::Reversed { .. }), "{loss:?}");
        check(&till, Some(REVERSED), [1, 10, 1]);
        assert_eq!(till.balance(), 0);
        assert!(till.order(&name(1)).unwrap().transaction_id.is_some());
    }
}

/// It is reversed again because the first reversal may still arrive.
#[tokio::test(start_paused = true)]
async fn a_payment_after_a_lost_reversal_is_reversed_again() {
    let till = Till::open().await;
    till.lose([(Kind::Reversal, 1..=1, Loss::Request)]);
    till.before(Kind::Reversal, 1, |sandbox| {
        sandbox.pay(&name(1), Buyer::Alice).unwrap();
    });
    let (result, seconds) = pay(&till, WITH_PASSWORD).await;
    assert!(matches!(not_paid(result), NotPaid::Reversed { .. }));
    assert_eq!(seconds, 50);
    check(&till, Some(REVERSED), [1, 12, 2]);
    assert_eq!(till.balance(), 0);
}

/// The platform refuses to reverse while a payer types, and the payer pays then.
#[tokio::test(start_paused = true)]
async fn a_refused_reversal_is_asked_again_and_a_payment_stands() {
    let till = Till::open().await;
    let busy = serde_json::json!({ "code": "USERPAYING", "message": "正在支付中不能发起撤销" });
    let stub = till
        .sandbox
        .stub(
            http::Method::POST,
            "/v3/pay/transactions/out-trade-no/{out_trade_no}/reverse",
        )
        .times(2)
        .respond(StubResponse::json(400, busy))
        .unwrap();
    till.before(Kind::Reversal, 2, |sandbox| {
        sandbox.pay(&name(1), Buyer::Alice).unwrap();
    });
    let (result, seconds) = pay(&till, WITH_PASSWORD).await;
    assert_eq!((paid(result), seconds), (200_000, 50));
    assert_eq!(stub.requests().len(), 2);
    check(&till, Some(PAID), [1, 12, 2]);
}

#[tokio::test(start_paused = true)]
async fn a_gateway_that_is_down_leaves_the_order_unknown_until_it_is_settled() {
    for (fen, state) in [(AT_ONCE, PAID), (WITH_PASSWORD, REVERSED)] {
        let till = Till::open().await;
        till.lose([
            (Kind::Charge, 1..=9, Loss::Response),
            (Kind::Query, 1..=99, Loss::Response),
            (Kind::Reversal, 1..=99, Loss::Response),
        ]);
        let (result, seconds) = pay(&till, fen).await;
        let error = result.unwrap_err();
        assert!(matches!(error, CodePayError::StillUnknown(_)), "{error:?}");
        assert_eq!(seconds, 120);
        let text = error.to_string();
        for words in [
            "it is unknown whether order ORDER-0001 is paid",
            "POST /v3/pay/transactions/codepay was sent and its outcome is unknown",
            "call `settle` for this order until it returns",
        ] {
            assert!(text.contains(words), "{text}");
        }
        // Nothing is reversed without a query that shows what would be reversed.
        let [charges, queries, reversals] = till.counts();
        assert_eq!((charges, queries > 20, reversals), (1, true, 0));
        let again = till.payments.settle(&books(1, fen)).await.unwrap_err();
        assert!(matches!(again, CodePayError::StillUnknown(_)), "{again:?}");

        till.lose([]);
        let start = Instant::now();
        let settled = till.payments.settle(&books(1, fen)).await;
        match state {
            // Two queries, because a reversal may be on its way.
            PAID => assert_eq!((paid(settled), start.elapsed().as_secs()), (1_800, 5)),
            _ => {
                assert!(matches!(not_paid(settled), NotPaid::Reversed { .. }));
                assert_eq!(start.elapsed().as_secs(), 15);
            }
        }
        check(&till, Some(state), till.counts());
        assert_eq!(till.counts()[0], 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_refused_charge_ends_with_its_reason() {
    let till = Till::open().await;
    // A code of another order.
    let mut used = charge(2, AT_ONCE);
    paid(till.payments.pay(&used).await);
    used.out_trade_no = name(1).parse().unwrap();
    let reason = not_paid(till.payments.pay(&used).await);
    assert!(matches!(reason, NotPaid::Refused(_)), "{reason:?}");
    assert!(reason.refusal().unwrap().api().unwrap().is("AUTH_CODE_INVALID"));
    assert!(
        reason
            .to_string()
            .starts_with("the charge was refused: POST /v3/pay/transactions/codepay")
    );
    assert_eq!(till.order(&name(1)), None);

    till.sandbox.fault(Fault::PayFailBalance.about(&name(3)));
    let start = Instant::now();
    let reason = not_paid(till.payments.pay(&charge(3, AT_ONCE)).await);
    assert!(matches!(reason, NotPaid::Failed { .. }), "{reason:?}");
    assert!(reason.refusal().unwrap().api().unwrap().is("NOT_ENOUGH"));
    assert_eq!((start.elapsed().as_secs(), till.counts()[2]), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn another_order_under_the_number_is_never_reversed_nor_reported_as_paid() {
    let till = Till::open().await;
    paid(pay(&till, AT_ONCE).await.0);
    // The same again, by the next payer.
    let mut again = charge(1, AT_ONCE);
    again.payer.auth_code = "130000000000009999".into();
    let error = till.payments.pay(&again).await.unwrap_err();
    assert!(
        matches!(&error, CodePayError::AlreadyPaid { refused, .. } if refused.api().unwrap().is("ORDERPAID"))
    );
    assert!(
        error
            .to_string()
            .contains("order ORDER-0001 was refused, and the order is paid already")
    );

    // Of another price, paid and open.
    let waiting = charge(2, WITH_PASSWORD);
    let client = till.client.clone();
    client.call(&waiting).await.unwrap();
    for (number, fen) in [(1, 1), (2, WITH_PASSWORD + 1)] {
        for result in [
            till.payments.pay(&charge(number, fen)).await,
            till.payments.settle(&books(number, fen)).await,
        ] {
            let error = result.unwrap_err();
            let CodePayError::Mismatch { mismatch, .. } = &error else {
                panic!("{error:?}");
            };
            assert!(mismatch.fields().contains(&"amount.total"), "{error}");
        }
    }
    assert_eq!(till.counts()[2], 0);
    assert_eq!(till.order(&name(2)).unwrap().state, OrderState::UserPaying);

    // A refund that somebody started is not the end of a payment.
    let key = till.sandbox.order(&name(1)).unwrap().out_trade_no;
    till.sandbox.force_order(&key, OrderState::Refund).unwrap();
    let error = till.payments.settle(&books(1, AT_ONCE)).await.unwrap_err();
    assert!(error.to_string().contains("trade_state"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_partner_charges_for_its_sub_merchant_under_its_app() {
    let till = Till::open().await;
    let direct = charge(1, WITH_PASSWORD);
    let mut pay = PartnerPay::new(
        DEMO_MCHID.parse().unwrap(),
        DEMO_SUB_MCHID.parse().unwrap(),
        direct.description,
        direct.out_trade_no,
        direct.payer,
        direct.amount,
        direct.scene_info,
    );
    let error = till.payments.pay(&pay).await.unwrap_err();
    assert!(matches!(error, CodePayError::NoApp));
    assert_eq!(till.counts(), [0, 0, 0]);

    pay.sp_appid = Some(DEMO_APPID.parse().unwrap());
    let reason = not_paid(till.payments.pay(&pay).await);
    assert!(matches!(reason, NotPaid::Reversed { .. }), "{reason:?}");
    pay.out_trade_no = name(2).parse().unwrap();
    pay.payer.auth_code = "130000000000009999".into();
    pay.amount.total = Fen::from(AT_ONCE);
    assert_eq!(paid(till.payments.pay(&pay).await), 1_800);
}

/// Nothing was sent, so nothing is asked.
#[tokio::test]
async fn a_gateway_that_cannot_be_reached_has_charged_nothing() {
    let platform = FakePlatform::new();
    let unused = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = unused.local_addr().unwrap();
    drop(unused);
    let client = Client::builder(platform.request_signer())
        .base_url(format!("http://{address}"))
        .retry(RetryPolicy::none())
        .service(
            HyperTransport::new().unwrap(),
            Verifier::new(platform.key_store()),
        )
        .unwrap();
    let result = CodePayments::new(client).pay(&charge(1, AT_ONCE)).await;
    let reason = not_paid(result);
    assert!(matches!(reason, NotPaid::NotSent(_)), "{reason:?}");
    assert!(
        reason
            .to_string()
            .starts_with("nothing was charged: POST /v3/pay/transactions/codepay was not sent")
    );
}
