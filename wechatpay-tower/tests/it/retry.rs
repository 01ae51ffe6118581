//! Retries: which requests are repeated, and that money moves once.

use std::{collections::BTreeSet, time::Duration};

use wechatpay_core::{
    api::{Endpoint, Idempotency, prepay::NativePrepay},
    testing::{DEMO_APPID, DEMO_MCHID},
    types::Fen,
};
use wechatpay_tower::{
    CallError,
    client::{Outcome, UnknownCause},
    retry::{RetryBudget, RetryPolicy},
};

use crate::bank::{Bank, Fault, ask, give_back, nonces};

/// A write without a business number.
#[derive(Clone, Endpoint)]
#[endpoint(POST, "/v3/unnumbered", response = serde_json::Value)]
struct Unnumbered {
    message: &'static str,
}

const UNNUMBERED: Unnumbered = Unnumbered { message: "x" };

fn native() -> NativePrepay {
    NativePrepay::new(
        DEMO_APPID.parse().unwrap(),
        DEMO_MCHID.parse().unwrap(),
        "Image形象店",
        "ORDER-0001".parse().unwrap(),
        "https://shop.example/notify",
        Fen::from(100),
    )
}

/// Calls one endpoint against a bank that fails once.
///
/// Returns the number of requests, the result and the bank.
async fn once<E: Endpoint>(fault: Fault, endpoint: &E) -> (usize, Result<(), CallError>, Bank) {
    let bank = Bank::failing([fault]);
    let result = bank.client(bank.builder()).call(endpoint).await.map(drop);
    let nonces = nonces(&bank);
    let fresh: BTreeSet<_> = nonces.iter().collect();
    assert_eq!(fresh.len(), nonces.len(), "every attempt is signed anew");
    let requests = bank.requests();
    assert!(
        requests
            .windows(2)
            .all(|pair| pair[0].body == pair[1].body && pair[0].uri.path() == pair[1].uri.path()),
        "a repeat is the same request"
    );
    (requests.len(), result, bank)
}

/// Expected retries of a read, a refund, an order and an unnumbered write.
#[tokio::test(start_paused = true)]
async fn each_fault_is_retried_by_the_table_and_money_moves_once() {
    const SYSTEM: Fault = Fault::Failed("SYSTEM_ERROR");
    let table: [(Fault, [bool; 4]); 14] = [
        (Fault::NotSent, [true, true, true, true]),
        (Fault::Throttled, [true, false, true, false]),
        (SYSTEM, [true, true, true, false]),
        (Fault::Failed("BANKERROR"), [true, true, true, false]),
        (
            Fault::Failed("INVALID_TRANSACTIONID"),
            [false, false, false, false],
        ),
        (Fault::Failed("OPENID_MISMATCH"), [false, false, false, false]),
        (Fault::Page(502), [true, true, true, false]),
        (Fault::Page(503), [true, true, true, false]),
        (Fault::Silence, [true, true, true, false]),
        (Fault::Reset, [true, true, true, false]),
        (Fault::Unsigned, [true, true, true, false]),
        (Fault::Probe, [true, true, true, false]),
        (Fault::Refused("NO_AUTH"), [false, false, false, false]),
        (Fault::Page(404), [false, false, false, false]),
    ];
    println!(
        "{:<36}{:>8}{:>8}{:>8}{:>8}   moved",
        "fault, once", "read", "refund", "order", "other"
    );
    for (fault, again) in table {
        let (read, read_result, _) = once(fault, &ask()).await;
        let (refund, refund_result, bank) = once(fault, &give_back()).await;
        let (order, order_result, _) = once(fault, &native()).await;
        let (other, other_result, _) = once(fault, &UNNUMBERED).await;
        let moved = bank.moved();
        println!(
            "{:<36}{read:>8}{refund:>8}{order:>8}{other:>8}   {moved:?}",
            format!("{fault:?}")
        );
        // A connection that broke is tried once more at the platform's other host, and that repeat is all there is.
        let expected = again.map(|again| 1 + usize::from(again));
        assert_eq!([read, refund, order, other], expected, "{fault:?}");
        for (again, result) in again
            .into_iter()
            .zip([read_result, refund_result, order_result, other_result])
        {
            assert_eq!(result.is_ok(), again, "{fault:?}: {result:?}");
        }
        assert!(
            moved.len() <= 1 && moved.values().all(|amount| *amount == 300),
            "{fault:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_response_to_another_request_is_retried() {
    // An order's response does not say which order it is for.
    let (sent, result, _) = once(Fault::Swapped, &ask()).await;
    assert!(sent == 2 && result.is_ok());
    let (sent, result, bank) = once(Fault::Swapped, &give_back()).await;
    assert!(sent == 2 && result.is_ok());
    assert_eq!(bank.moved().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_verified_malformed_response_is_not_retried() {
    let (sent, result, _) = once(Fault::Malformed, &give_back()).await;
    assert_eq!(sent, 1);
    assert!(matches!(
        result.unwrap_err(),
        CallError::OutcomeUnknown {
            cause: UnknownCause::Malformed(_),
            ..
        }
    ));
}

#[tokio::test(start_paused = true)]
async fn a_permanent_fault_ends_after_three_attempts_and_names_them() {
    for (fault, outcome) in [
        (Fault::Failed("SYSTEM_ERROR"), Outcome::Unknown),
        (Fault::Page(502), Outcome::Unknown),
        (Fault::Silence, Outcome::Unknown),
        (Fault::Unsigned, Outcome::Unknown),
    ] {
        let bank = Bank::always(fault);
        let error = bank.client(bank.builder()).call(&give_back()).await.unwrap_err();
        assert_eq!(
            (error.attempts().count(), bank.requests().len()),
            (3, 3),
            "{fault:?}"
        );
        assert_eq!(error.outcome(), outcome, "{fault:?}");
        assert!(error.to_string().contains("(3 attempts)"), "{error}");
        assert_eq!(bank.moved().len(), 1, "{fault:?}");
    }
    // Where there is no connection, each attempt knocks at both hosts.
    let bank = Bank::always(Fault::NotSent);
    let error = bank.client(bank.builder()).call(&give_back()).await.unwrap_err();
    assert_eq!((error.attempts().count(), bank.requests().len()), (3, 6));
    assert_eq!(error.outcome(), Outcome::NotSent);
    assert!(bank.moved().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_throttled_refund_is_not_retried() {
    let (sent, result, _) = once(Fault::Throttled, &give_back()).await;
    let error = result.unwrap_err();
    assert_eq!(sent, 1);
    assert_eq!(error.api().unwrap().status(), 429);
    assert_eq!(error.outcome(), Outcome::Unknown);
}

#[tokio::test(start_paused = true)]
async fn a_possible_effect_of_an_earlier_attempt_is_remembered() {
    // The first attempt was done and its response lost; then the network went away, or the platform refused.
    for last in [Fault::NotSent, Fault::Refused("NOT_ENOUGH")] {
        let bank = Bank::failing([Fault::Silence]);
        bank.set_always(Some(last));
        let error = bank.client(bank.builder()).call(&give_back()).await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Unknown, "{error:?}");
        assert!(error.attempts().unsettled());
        assert_eq!(bank.moved().len(), 1);
    }
    // A read leaves nothing behind: what the last response says holds.
    let bank = Bank::failing([Fault::Silence, Fault::Refused("NO_AUTH")]);
    let error = bank.client(bank.builder()).call(&ask()).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Refused);
    // And refused at once is refused.
    let bank = Bank::failing([Fault::Refused("NOT_ENOUGH")]);
    let error = bank.client(bank.builder()).call(&give_back()).await.unwrap_err();
    assert_eq!((error.outcome(), error.attempts().count()), (Outcome::Refused, 1));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_repeated_without_retries() {
    for fault in [Fault::Failed("SYSTEM_ERROR"), Fault::Throttled, Fault::Unsigned] {
        let bank = Bank::failing([fault]);
        let client = bank.client(bank.builder().retry(RetryPolicy::none()));
        let error = client.call(&ask()).await.unwrap_err();
        assert_eq!(
            (error.attempts().count(), bank.requests().len()),
            (1, 1),
            "{fault:?}"
        );
        assert!(!error.to_string().contains("attempts"));
    }
}

#[tokio::test(start_paused = true)]
async fn an_outage_does_not_multiply_the_traffic() {
    let budget = RetryBudget::new(20, 20);
    let bank = Bank::always(Fault::Page(502));
    let policy = RetryPolicy::default().budget(budget.clone());
    let client = bank.client(bank.builder().retry(policy));
    for _ in 0..100 {
        client.call(&ask()).await.unwrap_err();
    }
    // A hundred calls, and the twenty repeats there were.
    assert_eq!((bank.requests().len(), budget.left()), (120, 0));
    // Responses earn repeats again, five of them one.
    bank.set_always(None);
    for _ in 0..10 {
        client.call(&ask()).await.unwrap();
    }
    assert_eq!(budget.left(), 2);
    // A refusal is a response too.
    bank.set_always(Some(Fault::Refused("NO_AUTH")));
    for _ in 0..5 {
        client.call(&ask()).await.unwrap_err();
    }
    assert_eq!(budget.left(), 3);
}

#[tokio::test(start_paused = true)]
async fn the_deadline_covers_all_attempts() {
    let started = tokio::time::Instant::now();
    let bank = Bank::always(Fault::Silence);
    let client = bank.client(bank.builder().timeout(Duration::from_secs(12)));
    let error = client.call(&ask()).await.unwrap_err();
    // Ten seconds, a pause, and what was left.
    assert_eq!(bank.requests().len(), 2);
    assert!(
        started.elapsed() <= Duration::from_secs(12),
        "{:?}",
        started.elapsed()
    );
    assert!(matches!(
        error,
        CallError::Read {
            cause: UnknownCause::Timeout(_),
            ..
        }
    ));
    // A write that cannot be repeated has all the time there is.
    let started = tokio::time::Instant::now();
    let error = client.call(&UNNUMBERED).await.unwrap_err();
    assert_eq!(
        (error.attempts().count(), started.elapsed()),
        (1, Duration::from_secs(12))
    );
}

#[tokio::test(start_paused = true)]
async fn pauses_grow_and_are_longer_after_a_429() {
    for (fault, pauses) in [(Fault::Page(502), 200 + 400), (Fault::Throttled, 1000 + 2000)] {
        let bank = Bank::always(fault);
        let policy = RetryPolicy::default().jitter(|| 1.0);
        let client = bank.client(bank.builder().retry(policy));
        let started = tokio::time::Instant::now();
        client.call(&ask()).await.unwrap_err();
        assert_eq!(started.elapsed().as_millis(), pauses, "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_dropped_is_not_sent_again() {
    let bank = Bank::always(Fault::Page(502));
    let client = bank.client(bank.builder());
    let refund = give_back();
    let call = tokio::time::timeout(Duration::from_millis(50), client.call(&refund));
    call.await.unwrap_err();
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!((bank.requests().len(), bank.moved().len()), (1, 1));
}

#[test]
fn each_request_declares_its_idempotency() {
    assert_eq!(ask().idempotency(), Idempotency::Safe);
    assert_eq!(give_back().idempotency(), Idempotency::ByNumber);
    assert_eq!(native().idempotency(), Idempotency::ByNumber);
    assert_eq!(UNNUMBERED.idempotency(), Idempotency::No);
}
