//! Consistency checks of a snapshot, which may have been written by hand.

use std::{collections::HashSet, hash::Hash};

use super::{
    error::{FlawKind, RestoreError},
    world::World,
};
use crate::language::Text;

/// More fen than any order costs; sums of many of these fit.
const MAX_AMOUNT: i64 = 10_000_000_000_000;
/// More entries than any table keeps.
const MAX_ENTRIES: usize = 500_000;

const ORDER: Text = Text::new("order", "订单");
const REFUND: Text = Text::new("refund", "退款");
const SHARE: Text = Text::new("share", "分账");
const RETURN: Text = Text::new("return", "分账回退");
const SUBSIDY: Text = Text::new("subsidy", "补差");
const WITHDRAWAL: Text = Text::new("withdrawal", "提现");
const RECORD: Text = Text::new("record", "业务单");

/// Numbers stand for one thing each, and amounts can be added up.
pub(super) fn sound(world: &World) -> Result<(), RestoreError> {
    unique(
        Text::new("merchant", "商户"),
        world.merchants.iter().map(|merchant| &merchant.mchid),
    )?;
    unique(
        Text::new("changed merchant", "变更过的商户"),
        world.merchant_changes.iter().map(|(mchid, _)| mchid),
    )?;
    unique(ORDER, world.orders.iter().map(|order| &order.key))?;
    unique(REFUND, world.refunds.iter().map(|refund| &refund.key))?;
    unique(SHARE, world.shares.shares.iter().map(|share| &share.key))?;
    unique(RETURN, world.shares.returns.iter().map(|returned| &returned.key))?;
    unique(SUBSIDY, world.subsidies.iter().map(|(order, _)| order))?;
    let applyments = &world.applyments.applyments;
    unique(
        Text::new("application", "申请单"),
        applyments.iter().map(|applyment| &applyment.key),
    )?;
    unique(
        Text::new("application id", "申请单号"),
        applyments.iter().map(|applyment| applyment.applyment_id),
    )?;
    unique(
        WITHDRAWAL,
        world.withdrawals.iter().map(|withdrawal| &withdrawal.key),
    )?;
    unique(RECORD, world.records.iter().map(|record| &record.key))?;
    let notifications = &world.notifications.notifications;
    unique(
        Text::new("notification", "通知"),
        notifications.iter().map(|notification| &notification.id),
    )?;
    few(Text::new("movement", "资金流水"), world.ledger.entries.len())?;
    few(Text::new("file", "文件"), world.media.len())?;
    few(Text::new("lint", "lint 记录"), world.lints.len())?;
    few(Text::new("thing to come", "待办事项"), world.agenda.len())?;

    amounts(ORDER, world.orders.iter().map(|order| order.total))?;
    amounts(
        REFUND,
        world
            .refunds
            .iter()
            .flat_map(|refund| [refund.amount, refund.total, refund.fee]),
    )?;
    let details = world.shares.shares.iter().flat_map(|share| &share.details);
    amounts(SHARE, details.flat_map(|detail| [detail.amount, detail.returned]))?;
    amounts(
        RETURN,
        world.shares.returns.iter().map(|returned| returned.amount),
    )?;
    let subsidies = world.subsidies.iter().flat_map(|(_, of)| {
        let paid = of.paid.iter().map(|subsidy| subsidy.amount);
        paid.chain(of.returned.iter().map(|subsidy| subsidy.amount))
    });
    amounts(SUBSIDY, subsidies)?;
    amounts(
        WITHDRAWAL,
        world.withdrawals.iter().map(|withdrawal| withdrawal.amount),
    )?;
    amounts(RECORD, world.records.iter().map(|record| record.amount))?;
    Ok(())
}

fn unique<T: Eq + Hash>(what: Text, keys: impl Iterator<Item = T>) -> Result<(), RestoreError> {
    let mut known = HashSet::new();
    for key in keys {
        if !known.insert(key) {
            return Err(FlawKind::Twice { what }.into());
        }
    }
    few(what, known.len())
}

fn few(what: Text, count: usize) -> Result<(), RestoreError> {
    if count > MAX_ENTRIES {
        return Err(FlawKind::TooMany { what }.into());
    }
    Ok(())
}

fn amounts(what: Text, mut amounts: impl Iterator<Item = i64>) -> Result<(), RestoreError> {
    if amounts.any(|amount| !(0..=MAX_AMOUNT).contains(&amount)) {
        return Err(FlawKind::Amount { what }.into());
    }
    Ok(())
}
