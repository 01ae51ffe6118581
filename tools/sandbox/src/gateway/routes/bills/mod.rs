//! Bills: asked for, made of what happened, given out for a short while.

mod ask;
pub(crate) mod csv;
mod download;
mod files;
mod flow;
mod hints;
mod sealed;
mod trade;

pub(crate) use ask::{day, finished, give_out, keep, keep_for, nothing, wants_gzip};
pub(crate) use files::Files;
pub(crate) use sealed::{algorithm, give_out as give_out_sealed};

use super::{
    endpoint::{Endpoint, Family},
    sharing,
};
use crate::{
    gateway::Gateway,
    world::{clock::Day, funds::ledger::Account},
};

pub(super) static FAMILY: Family = Family::new(&[
    Endpoint::get(
        "/v3/bill/tradebill",
        ("Ask for the trade bill", "申请交易账单"),
        |call, _| trade::ask(call),
    )
    .query(&["bill_date"], &["sub_mchid", "bill_type", "tar_type"]),
    Endpoint::get(
        "/v3/bill/fundflowbill",
        ("Ask for the fund flow bill", "申请资金账单"),
        |call, _| flow::ask(call),
    )
    .query(&["bill_date"], &["sub_mchid", "account_type", "tar_type"]),
    Endpoint::get(
        "/v3/bill/sub-merchant-fundflowbill",
        (
            "Ask for a sub-merchant's fund flow bill",
            "申请单个子商户资金账单",
        ),
        |call, _| sealed::of_sub_merchant(call),
    )
    .query(
        &["sub_mchid", "bill_date", "account_type", "algorithm"],
        &["tar_type"],
    ),
    Endpoint::get(
        "/v3/ecommerce/bill/fundflowbill",
        (
            "Ask for the sub-merchants' fund flow bill",
            "申请二级商户资金账单",
        ),
        |call, _| sealed::of_all(call),
    )
    .query(&["bill_date", "account_type", "algorithm"], &["tar_type"]),
    Endpoint::get(
        "/v3/profitsharing/bills",
        ("Ask for the sharing bill", "申请分账账单"),
        |call, _| sharing::bill::ask(call),
    )
    .query(&["bill_date"], &["sub_mchid", "tar_type"]),
    Endpoint::get(
        "/v3/billdownload/file",
        ("Download a bill", "下载账单"),
        |call, _| download::download(call),
    )
    .query(&["token"], &["tartype"]),
]);

/// A bill as its file, at any time.
///
/// `None` if nothing happened on that day, or the kind does not exist.
pub fn bill_text(gateway: &Gateway, mchid: &str, kind: &str, day: Day) -> Option<String> {
    match kind {
        "ALL" | "SUCCESS" | "REFUND" => trade::Bill {
            mchid,
            sub_mchid: None,
            bill_type: kind,
            day,
        }
        .text(gateway, None),
        account => flow::text(gateway, mchid, Account::from_name(account)?, day),
    }
}

/// Returns true if there is a bill of this kind, which [`bill_text`] writes.
pub fn has_bill(gateway: &Gateway, mchid: &str, kind: &str, day: Day) -> bool {
    let world = &gateway.world;
    let is_paid = || world.orders.has_paid_on(mchid, day);
    let is_refunded = || world.refunds.has_of_day(mchid, day);
    match kind {
        "ALL" => is_paid() || is_refunded(),
        "SUCCESS" => is_paid(),
        "REFUND" => is_refunded(),
        account => Account::from_name(account).is_some_and(|account| {
            let ledger = &world.funds.ledger;
            ledger.has_of_day(day, |movement| {
                movement.owner == mchid && movement.account == account
            })
        }),
    }
}
