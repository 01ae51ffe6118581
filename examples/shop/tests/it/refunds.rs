//! Giving money back: never more than was paid, and never twice for one wish.

use crate::support::{Bench, Scripted, body, incoming};
use serde_json::json;

#[tokio::test]
async fn a_refund_is_applied_for_and_marks_the_order() {
    let bench = Bench::new();
    let number = bench.paid_order(100).await;
    let reply = bench.refund(&number, 40).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    let refund = body(&reply);
    assert_eq!(refund["status"], "PROCESSING");
    let sent = bench.gateway.last();
    assert_eq!(sent.target, "/v3/ecommerce/refunds/apply");
    assert_eq!(
        sent.body,
        json!({
            "sub_mchid": "1900000109", "sp_appid": "wxd678efh567hg6787", "out_trade_no": number,
            "out_refund_no": refund["out_refund_no"],
            "amount": {"refund": 40, "total": 100, "currency": "CNY"},
            "notify_url": "http://127.0.0.1:3000/wechatpay/notify",
        })
    );
    let state = bench.state(&number).await;
    assert_eq!(
        (&state["status"], &state["fulfilled"], &state["refunded"]),
        (&json!("REFUND"), &json!(1), &json!(40))
    );
    let receipt = body(&bench.shop.receipt(&number).await);
    assert_eq!(
        (&receipt["refunded"], &receipt["refundable"]),
        (&json!(40), &json!(60))
    );
}

#[tokio::test]
async fn refunds_never_exceed_the_payment() {
    let bench = Bench::new();
    let number = bench.paid_order(100).await;
    assert_eq!(bench.refund(&number, 101).await.status, 400);
    assert_eq!(bench.refund(&number, 0).await.status, 400);
    assert_eq!(bench.refund(&number, 60).await.status, 200);
    let reply = bench.refund(&number, 41).await;
    assert_eq!(
        (reply.status, body(&reply)["code"].clone()),
        (400, json!("PARAM_ERROR"))
    );
    assert_eq!(bench.refund(&number, 40).await.status, 200);
    assert_eq!(bench.refund(&number, 1).await.status, 400);
    let sent = bench.gateway.seen();
    assert_eq!(
        sent.iter().filter(|seen| seen.target.contains("refunds")).count(),
        2
    );
}

#[tokio::test]
async fn what_is_not_paid_is_not_refunded() {
    let bench = Bench::new();
    let number = bench.order("native", 100).await;
    let reply = bench.refund(&number, 1).await;
    assert_eq!(
        (reply.status, body(&reply)["code"].clone()),
        (409, json!("ORDER_NOT_PAID"))
    );
    let number = bench.paid_order(100).await;
    for bad in ["", "{}", r#"{"amount":"1"}"#, r#"{"amount":1.0}"#] {
        assert_eq!(
            bench.shop.refund_order(&number, incoming(bad)).await.status,
            400,
            "{bad}"
        );
    }
}

#[tokio::test]
async fn a_rejected_refund_frees_its_reserved_amount() {
    let bench = Bench::new();
    let number = bench.paid_order(100).await;
    bench.gateway.next(Scripted::refusal(403, "NOT_ENOUGH"));
    let reply = bench.refund(&number, 100).await;
    assert_eq!(reply.status, 502);
    assert_eq!(body(&reply)["code"], "NOT_ENOUGH");
    assert_eq!(body(&reply)["request_id"], "08F78BB6B20610EE-268435461");
    assert_eq!(bench.state(&number).await["status"], "SUCCESS");
    assert_eq!(bench.refund(&number, 70).await.status, 200);
}

#[tokio::test]
async fn a_refund_whose_outcome_is_unknown_is_repeated_under_its_number() {
    let bench = Bench::new();
    let number = bench.paid_order(100).await;
    bench.gateway.trouble(|| Scripted::refusal(500, "SYSTEM_ERROR"));
    let reply = bench.refund(&number, 60).await;
    bench.gateway.well();
    assert_eq!(reply.status, 502);
    let refund = body(&reply)["out_refund_no"].clone();
    assert_eq!(bench.state(&number).await["status"], "SUCCESS");
    // It may have happened, so it counts.
    assert_eq!(bench.refund(&number, 50).await.status, 400);
    let reply = bench.refund(&number, 60).await;
    assert_eq!(reply.status, 200);
    assert_eq!(body(&reply)["out_refund_no"], refund);
}

#[tokio::test]
async fn a_refusal_of_the_second_attempt_does_not_undo_the_first() {
    let bench = Bench::new();
    let number = bench.paid_order(100).await;
    bench.gateway.trouble(|| Scripted::refusal(500, "SYSTEM_ERROR"));
    assert_eq!(bench.refund(&number, 60).await.status, 502);
    bench.gateway.well();
    bench.gateway.next(Scripted::refusal(403, "NOT_ENOUGH"));
    assert_eq!(bench.refund(&number, 60).await.status, 502);
    assert_eq!(bench.refund(&number, 50).await.status, 400);
}

#[tokio::test]
async fn the_response_must_be_the_one_to_this_refund() {
    let bench = Bench::new();
    let number = bench.paid_order(100).await;
    bench.gateway.trouble(|| {
        Scripted::ok(json!({
            "refund_id": "50000000382019052709732678859", "out_refund_no": "ANOTHER",
            "create_time": "2024-01-01T12:00:00+08:00", "amount": {"refund": 60},
        }))
    });
    let reply = bench.refund(&number, 60).await;
    assert_eq!(
        (reply.status, body(&reply)["code"].clone()),
        (502, json!("OUTCOME_UNKNOWN"))
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn refunds_at_the_same_time_do_not_exceed_the_payment() {
    let bench = Bench::new();
    let number = bench.paid_order(100).await;
    let tasks: Vec<_> = (31..41)
        .map(|amount| {
            let (bench, number) = (bench.clone(), number.clone());
            tokio::spawn(async move { (bench.refund(&number, amount).await.status, amount) })
        })
        .collect();
    let mut given_back = 0;
    for task in tasks {
        let (status, amount) = task.await.unwrap();
        if status == 200 {
            given_back += amount;
        }
    }
    assert!((1..=100).contains(&given_back), "{given_back}");
}

fn notice(
    bench: &Bench,
    number: &str,
    refund: &str,
    amount: i64,
    total: i64,
    status: &str,
) -> wechatpay_core::testing::Delivery {
    let notice = json!({
        "sp_mchid": "1900000001", "sub_mchid": "1900000109", "out_trade_no": number,
        "transaction_id": "4200001234202401011234567890", "out_refund_no": refund,
        "refund_id": "50000000382019052709732678859", "refund_status": status,
        "user_received_account": "支付用户零钱",
        "amount": {"total": total, "refund": amount, "payer_total": total, "payer_refund": amount},
    });
    bench
        .platform
        .delivery(&format!("REFUND.{status}"), "refund", &notice)
        .build()
}

#[tokio::test]
async fn a_refund_notification_updates_the_refund() {
    let bench = Bench::new();
    let number = bench.paid_order(100).await;
    let refund = body(&bench.refund(&number, 40).await)["out_refund_no"].clone();
    let refund = refund.as_str().unwrap();
    for _ in 0..2 {
        bench
            .deliver(notice(&bench, &number, refund, 40, 100, "SUCCESS"))
            .await
            .unwrap();
    }
    let receipt = body(&bench.shop.receipt(&number).await);
    assert_eq!(
        receipt["refunds"],
        json!([{"out_refund_no": refund, "amount": 40, "state": "SUCCESS"}])
    );
    assert_eq!(receipt["status"], "REFUND");
    // One that was closed gives its money free again.
    let refund = body(&bench.refund(&number, 60).await)["out_refund_no"].clone();
    bench
        .deliver(notice(
            &bench,
            &number,
            refund.as_str().unwrap(),
            60,
            100,
            "CLOSED",
        ))
        .await
        .unwrap();
    assert_eq!(bench.refund(&number, 60).await.status, 200);
}

#[tokio::test]
async fn a_refund_notification_that_contradicts_the_order_is_refused() {
    let bench = Bench::new();
    let number = bench.paid_order(100).await;
    for delivery in [
        notice(&bench, &number, "R1", 40, 99, "SUCCESS"),
        notice(&bench, &number, "R1", 101, 100, "SUCCESS"),
    ] {
        assert_eq!(bench.deliver(delivery).await.unwrap_err().status(), 403);
    }
    assert_eq!(bench.state(&number).await["status"], "SUCCESS");
}

#[tokio::test]
async fn a_refund_may_be_notified_before_its_payment() {
    let bench = Bench::new();
    let number = bench.order("native", 100).await;
    bench
        .deliver(notice(&bench, &number, "R1", 40, 100, "SUCCESS"))
        .await
        .unwrap();
    bench.deliver(bench.platform.payment(&number, 100)).await.unwrap();
    let state = bench.state(&number).await;
    assert_eq!(
        (&state["status"], &state["fulfilled"]),
        (&json!("REFUND"), &json!(1))
    );

    // When all the money went back before the payment became known, the goods stay.
    let number = bench.order("native", 100).await;
    bench
        .deliver(notice(&bench, &number, "R2", 100, 100, "SUCCESS"))
        .await
        .unwrap();
    bench.deliver(bench.platform.payment(&number, 100)).await.unwrap();
    let state = bench.state(&number).await;
    assert_eq!(
        (&state["status"], &state["fulfilled"]),
        (&json!("REFUND"), &json!(0))
    );
}
