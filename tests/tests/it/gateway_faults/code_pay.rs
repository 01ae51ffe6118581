//! Failures of a charge and of a reversal, by `CodePayments`.

use std::time::Duration;

use tokio::task::JoinSet;
use wechatpay_core::{
    api::code_pay::{Amount, Pay, Payer, SceneInfo, StoreInfo},
    testing::{DEMO_APPID, DEMO_MCHID},
    types::Fen,
};
use wechatpay_sandbox::{Account, Buyer, OrderState};
use wechatpay_tower::code_pay::{CodePayment, CodePayments, NotPaid};

use super::{Fault, World};

const FAULTS: [Fault; 11] = [
    Fault::SystemErrorAfter,
    Fault::SystemErrorBefore,
    Fault::SilenceAfter,
    Fault::SilenceBefore,
    Fault::CutAfter,
    Fault::Throttled,
    Fault::PageAfter(502),
    Fault::PageAfter(503),
    Fault::Unsigned,
    Fault::Changed,
    Fault::OtherResponse,
];

/// The request that fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Failing {
    /// The charge of a code without a password.
    Charge,
    /// The reversal of an order that the payer pays in this moment.
    Reversal,
}

impl Failing {
    const fn path(self) -> &'static str {
        match self {
            Self::Charge => "/codepay",
            Self::Reversal => "/reverse",
        }
    }

    const fn total(self) -> i64 {
        match self {
            Self::Charge => 990,
            Self::Reversal => 200_000,
        }
    }
}

#[derive(Debug)]
struct Row {
    charges: usize,
    reversals: usize,
    result: &'static str,
    moved: i64,
}

fn pay(number: &str, code: &str, total: i64) -> Pay {
    Pay::new(
        DEMO_APPID.parse().unwrap(),
        DEMO_MCHID.parse().unwrap(),
        "桂花乌龙",
        number.parse().unwrap(),
        Payer::new(code),
        Amount::new(Fen::new(total).unwrap()),
        SceneInfo::new(StoreInfo::new().id("1")),
    )
}

async fn run(fault: Fault, failing: Failing) -> Row {
    let world = World::new().await;
    let payments = CodePayments::new(world.client.clone())
        .patience(Duration::ZERO)
        .interval(Duration::from_secs(1));
    // The genuine response to another charge.
    let first = payments.pay(&pay("ORDER-0001", "130000000000000001", 990)).await;
    assert!(matches!(first, Ok(CodePayment::Paid(_))), "{first:?}");
    let before = world.sandbox.balance(DEMO_MCHID, Account::Basic);
    world.spoil(fault, 1);
    world.proxy.state.lock().unwrap().only = failing.path();

    let order = pay("ORDER-0002", "130000000000000002", failing.total());
    let paying = payments.pay(&order);
    // The payer enters the password when the first reversal is on its way.
    let entering = async {
        let is_reversed = || world.seen().iter().any(|seen| seen.target.ends_with("/reverse"));
        while failing == Failing::Reversal && !is_reversed() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        // The reversal may be faster.
        drop(world.sandbox.pay("ORDER-0002", Buyer::Alice));
    };
    let (result, ()) = tokio::join!(paying, entering);
    let result = match result.unwrap() {
        CodePayment::Paid(_) => "paid",
        CodePayment::NotPaid(NotPaid::NeverArrived) => "never arrived",
        CodePayment::NotPaid(NotPaid::Reversed { .. }) => "reversed",
        CodePayment::NotPaid(reason) => panic!("{fault:?} {failing:?}: {reason:?}"),
    };
    let state = world.sandbox.order("ORDER-0002").map(|order| order.state);
    let expected = match result {
        "paid" => Some(OrderState::Success),
        "reversed" => Some(OrderState::Revoked),
        _ => None,
    };
    assert_eq!(state, expected, "{fault:?} {failing:?}");
    let seen = world.seen();
    let count = |path: &str| seen.iter().filter(|seen| seen.target.ends_with(path)).count();
    Row {
        charges: count("/codepay"),
        reversals: count("/reverse"),
        result,
        moved: world.sandbox.balance(DEMO_MCHID, Account::Basic) - before,
    }
}

/// Counts the charges and reversals of each fault, and checks the money.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_fails_a_code_is_charged_once_or_its_money_is_back() {
    let mut worlds = JoinSet::new();
    for (index, fault) in FAULTS.into_iter().enumerate() {
        for failing in [Failing::Charge, Failing::Reversal] {
            worlds.spawn(async move { (index, fault, failing, run(fault, failing).await) });
        }
    }
    let mut rows = worlds.join_all().await;
    rows.sort_by_key(|(index, _, failing, _)| (*failing == Failing::Reversal, *index));
    println!(
        "{:<20}{:<10}{:>8}{:>10}{:>7}  result",
        "fault", "failing", "charges", "reversals", "moved"
    );
    for (_, fault, failing, row) in &rows {
        println!(
            "{:<20}{:<10}{:>8}{:>10}{:>7}  {}",
            format!("{fault:?}"),
            format!("{failing:?}"),
            row.charges,
            row.reversals,
            row.moved,
            row.result
        );
        let is_done = !matches!(
            fault,
            Fault::SystemErrorBefore | Fault::SilenceBefore | Fault::Throttled
        );
        let (result, moved) = match failing {
            // 0.60 % of 9.90 yuan stay with the platform.
            Failing::Charge if is_done => ("paid", 990 - 6),
            Failing::Charge => ("never arrived", 0),
            Failing::Reversal => ("reversed", 0),
        };
        assert_eq!((row.result, row.moved), (result, moved), "{fault:?} {row:?}");
        assert_eq!(row.charges, 1, "{fault:?} {row:?}");
        // The response of a query names the order, as that of a reversal does: the query after it decides.
        let reversals = match failing {
            Failing::Charge => usize::from(!is_done),
            Failing::Reversal if *fault == Fault::OtherResponse => 1,
            Failing::Reversal => 2,
        };
        assert_eq!(row.reversals, reversals, "{fault:?} {row:?}");
    }
}
