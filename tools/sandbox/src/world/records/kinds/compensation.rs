//! Compensations: money for the payer of an order, or for a merchant (赔付、理赔).

use crate::world::{
    World,
    funds::ledger::Account,
    records::{
        machine::{Machine, Step, next, step},
        money::moved,
        state::Record,
    },
};

pub(crate) const ACCEPTED: &str = "ACCEPTED";
pub(crate) const SUCCESS: &str = "SUCCESS";
pub(crate) const CLOSED: &str = "CLOSED";
/// The money is locked until the payer of the order confirms.
pub(crate) const WAIT: &str = "WAIT_USER_CONFIRM";
/// The platform cancelled it; not certain yet.
pub(crate) const CANCELING: &str = "CANCELING";
pub(crate) const CANCELLED: &str = "CANCELLED";

/// The payer may have confirmed in the moment of a cancellation.
const STEPS: &[Step] = &[
    next(ACCEPTED, SUCCESS),
    step(ACCEPTED, CLOSED),
    next(WAIT, SUCCESS),
    step(WAIT, CLOSED),
    step(WAIT, CANCELING),
    next(CANCELING, CANCELLED),
    step(CANCELING, SUCCESS),
];

/// No page describes its notification.
pub(crate) const MACHINE: Machine = Machine::new(STEPS).entered(entered);

/// The money leaves at once, and comes back if nobody gets it.
///
/// Users have no account.
fn entered(world: &World, compensation: &Record) {
    let amount = compensation.amount;
    let book = |owner: &str, account: Account, amount: i64, kind: &'static str| {
        moved(world, compensation, owner, account, amount, "赔付", kind);
    };
    let (sponsor, account) = (sponsor(compensation), account(compensation));
    match compensation.state.as_str() {
        ACCEPTED | WAIT => book(&sponsor, account, amount.saturating_neg(), "赔付"),
        CLOSED | CANCELLED => book(&sponsor, account, amount, "赔付退回"),
        SUCCESS => {
            if let Some(payee) = compensation.text("/payee") {
                book(&payee, Account::Basic, amount, "赔付收入");
            }
        }
        _ => {}
    }
}

/// The merchant whose money it is.
pub(crate) fn sponsor(compensation: &Record) -> String {
    let names = ["/sub_mchid", "/sponsor_mchid"];
    let sponsor = names.iter().find_map(|name| compensation.text(name));
    sponsor.unwrap_or_else(|| compensation.key.mchid.clone())
}

fn account(compensation: &Record) -> Account {
    let name = compensation.text("/account").unwrap_or_default();
    Account::from_name(&name).unwrap_or(Account::Operation)
}
