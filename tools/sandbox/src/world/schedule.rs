//! Scheduled events when their time has come.

use super::{Event, World, clock::Due, orders, records, refunds, sharing, withdrawals};

/// Does what was scheduled. Notifications are the notifier's.
pub(crate) fn carry_out(world: &World, due: Due) {
    match due {
        Due::Notify { .. } | Due::Unpark(_) => {}
        Due::MissedQuery(key) => orders::missed_query(world, &key),
        Due::CloseOrder(key) => orders::expire(world, &key),
        Due::BillsReady(day) => world.tell(&Event::BillsReady(day)),
        Due::SettleShare(key) => sharing::settle(world, &key),
        Due::SettleReturn(key) => sharing::settle_return(world, &key),
        Due::SettleWithdrawal(key) => withdrawals::settle_planned(world, &key),
        Due::Proceed { key, from } => records::proceed(world, &key, &from),
        Due::ChangeSettlement(number) => world.settlements.finish(&number, world.clock.now()),
        Due::SettleRefund { key, round } => refunds::settle_planned(world, &key, round),
    }
}

/// Returns true if nothing is left that a scheduled event could happen to.
pub(crate) fn is_moot(world: &World, due: &Due) -> bool {
    match due {
        Due::MissedQuery(key) => world.orders.change(key, |_| ()).is_none(),
        Due::CloseOrder(key) => !world.orders.is_unpaid(key),
        Due::SettleShare(key) => world.shares.get(key).is_none(),
        Due::SettleReturn(key) => world.shares.get_return(key).is_none(),
        Due::SettleWithdrawal(key) => world.withdrawals.get(key).is_none(),
        Due::Proceed { key, from } => world.records.get(key).is_none_or(|record| record.state != *from),
        Due::SettleRefund { key, .. } => world.refunds.get(key).is_none(),
        Due::Notify { .. } | Due::Unpark(_) | Due::BillsReady(_) | Due::ChangeSettlement(_) => false,
    }
}
