//! A call that is dropped at any await, and settled.

use std::{pin::pin, task::Poll, time::Duration};

use wechatpay_sandbox::{Buyer, OrderState};
use wechatpay_tower::code_pay::CodePayment;

use super::{AT_ONCE, Kind, Loss, Rule, Script, Till, WITH_PASSWORD, books, charge, name};

/// A payment: price, second of the payer's password, lost messages.
struct Life {
    name: &'static str,
    fen: u32,
    pays_at: Option<u64>,
    lost: fn() -> Vec<Rule>,
}

const LIVES: [Life; 6] = [
    Life {
        name: "paid at once",
        fen: AT_ONCE,
        pays_at: None,
        lost: Vec::new,
    },
    Life {
        name: "paid at once, and the response is lost",
        fen: AT_ONCE,
        pays_at: None,
        lost: || vec![(Kind::Charge, 1..=1, Loss::Response)],
    },
    Life {
        name: "password in time",
        fen: WITH_PASSWORD,
        pays_at: Some(12),
        lost: Vec::new,
    },
    Life {
        name: "no password",
        fen: WITH_PASSWORD,
        pays_at: None,
        lost: Vec::new,
    },
    Life {
        name: "password at the last moment",
        fen: WITH_PASSWORD,
        pays_at: Some(46),
        lost: Vec::new,
    },
    Life {
        name: "no password, and the reversal is lost",
        fen: WITH_PASSWORD,
        pays_at: Some(48),
        lost: || vec![(Kind::Reversal, 1..=1, Loss::Request)],
    },
];

/// Polls a future up to so many times, and drops it then.
async fn poll_up_to<T>(times: u32, future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    let mut left = times;
    std::future::poll_fn(move |context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        match future.as_mut().poll(context) {
            Poll::Ready(value) => Poll::Ready(Some(value)),
            Poll::Pending => {
                if left == 0 {
                    // It waits for something that would wake this task: dropped in this state.
                    context.waker().wake_by_ref();
                }
                Poll::Pending
            }
        }
    })
    .await
}

/// Plays a life that is dropped after so many polls.
///
/// Returns false if it ended before. A request on its way when the call is dropped `arrives` later, or never.
async fn play(till: &Till, number: u32, life: &Life, polls: u32, arrives: bool) -> bool {
    let context = format!("{}, {polls} polls, arrives: {arrives}", life.name);
    *till.script.lock().unwrap() = Script {
        rules: (life.lost)(),
        // Queries overtake what has an effect.
        latency: |kind| Duration::from_secs(if kind == Kind::Query { 1 } else { 4 }),
        arrives,
        ..Script::default()
    };
    let before = till.balance();
    if let Some(at) = life.pays_at {
        // It may be over by then.
        till.after(at, move |sandbox| drop(sandbox.pay(&name(number), Buyer::Alice)));
    }
    let charge = charge(number, life.fen);
    let (dropped, result) = match poll_up_to(polls, till.payments.pay(&charge)).await {
        Some(result) => (false, result),
        None => (true, till.payments.settle(&books(number, life.fen)).await),
    };
    let is_paid = match result {
        Ok(CodePayment::Paid(_)) => true,
        Ok(CodePayment::NotPaid(_)) => false,
        Err(error) => panic!("{context}: {error}"),
    };
    // The result holds, whatever is still on its way and whatever the payer does then.
    for _ in 0..2 {
        let state = till.order(&name(number)).map(|order| order.state);
        assert_eq!(
            is_paid,
            state == Some(OrderState::Success),
            "{context}: {state:?}"
        );
        let is_over = matches!(state, None | Some(OrderState::Success | OrderState::Revoked));
        assert!(is_over, "{context}: {state:?}");
        let moved = till.balance() - before;
        assert_eq!(is_paid, moved > 0, "{context}: {moved}");
        assert!(is_paid || moved == 0, "{context}: {moved}");
        assert!(till.counts()[0] <= 1, "{context}: charged {:?}", till.counts());
        tokio::time::sleep(Duration::from_secs(60)).await;
    }
    dropped
}

#[tokio::test(start_paused = true)]
async fn a_call_may_be_dropped_at_any_await() {
    let till = Till::open().await;
    let (mut number, mut drops) = (0, 0);
    for life in &LIVES {
        for arrives in [false, true] {
            let mut polls = 0;
            loop {
                (number, polls) = (number + 1, polls + 1);
                if !play(&till, number, life, polls, arrives).await {
                    break;
                }
                drops += 1;
            }
        }
    }
    println!(
        "{} payments, dropped {drops} times: each settled in a state that holds, none charged twice",
        LIVES.len()
    );
    assert!(drops > 100, "{drops}");
}
