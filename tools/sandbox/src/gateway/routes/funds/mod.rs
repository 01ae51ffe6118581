//! Balances and withdrawals.

mod balance;
mod exceptions;
mod fields;
mod hints;
mod named;
mod withdraw;

use super::endpoint::{Endpoint, Family};
use crate::world::withdrawals::state::WithdrawalKind;
use named::Name;

pub(super) static FAMILY: Family = Family::new(&[
    Endpoint::get(
        "/v3/ecommerce/fund/balance/{sub_mchid}",
        ("Query a sub-merchant's balance", "查询二级商户余额"),
        |call, path| balance::of_sub(call, path.get("sub_mchid")),
    )
    .query(&[], &["account_type"]),
    Endpoint::get(
        "/v3/ecommerce/fund/enddaybalance/{sub_mchid}",
        (
            "Query a sub-merchant's end-of-day balance",
            "查询二级商户日终余额",
        ),
        |call, path| balance::of_sub_at_day_end(call, path.get("sub_mchid")),
    )
    .query(&["date"], &["account_type"]),
    Endpoint::get(
        "/v3/merchant/fund/balance/{account_type}",
        ("Query the balance", "查询平台账户余额"),
        |call, path| balance::own(call, path.get("account_type")),
    ),
    Endpoint::get(
        "/v3/merchant/fund/dayendbalance/{account_type}",
        ("Query the end-of-day balance", "查询平台账户日终余额"),
        |call, path| balance::own_at_day_end(call, path.get("account_type")),
    )
    .query(&["date"], &[]),
    Endpoint::post(
        "/v3/ecommerce/fund/withdraw",
        ("Withdraw for a sub-merchant", "二级商户提现"),
        |call, _| withdraw::withdraw(call, WithdrawalKind::SubMerchant),
    )
    .body(&[fields::WITHDRAW_OF_SUB]),
    Endpoint::get(
        "/v3/ecommerce/fund/withdraw/out-request-no/{out_request_no}",
        QUERY,
        |call, path| {
            let name = Name::ByNumber(path.get("out_request_no").to_owned());
            withdraw::query(call, WithdrawalKind::SubMerchant, &name)
        },
    )
    .query(&["sub_mchid"], &[]),
    Endpoint::get(
        "/v3/ecommerce/fund/withdraw/{withdraw_id}",
        QUERY,
        |call, path| {
            let name = Name::ById(path.get("withdraw_id").to_owned());
            withdraw::query(call, WithdrawalKind::SubMerchant, &name)
        },
    )
    .query(&["sub_mchid"], &[]),
    Endpoint::post(
        "/v3/merchant/fund/withdraw",
        ("Withdraw", "平台提现"),
        |call, _| withdraw::withdraw(call, WithdrawalKind::Own),
    )
    .body(&[fields::WITHDRAW]),
    Endpoint::get(
        "/v3/merchant/fund/withdraw/bill-type/{bill_type}",
        ("Ask for failed withdrawals", "下载提现异常文件"),
        |call, path| exceptions::bill(call, path.get("bill_type")),
    )
    .query(&["bill_date"], &["tar_type"]),
    Endpoint::get(
        "/v3/merchant/fund/withdraw/out-request-no/{out_request_no}",
        QUERY,
        |call, path| {
            let name = Name::ByNumber(path.get("out_request_no").to_owned());
            withdraw::query(call, WithdrawalKind::Own, &name)
        },
    ),
    Endpoint::get(
        "/v3/merchant/fund/withdraw/withdraw-id/{withdraw_id}",
        QUERY,
        |call, path| {
            let name = Name::ById(path.get("withdraw_id").to_owned());
            withdraw::query(call, WithdrawalKind::Own, &name)
        },
    ),
    Endpoint::post(
        "/v3/platsolution/ecommerce/withdraw/day-end-balance-withdraw",
        ("Withdraw the balance of a day", "按日终余额提现"),
        |call, _| withdraw::withdraw(call, WithdrawalKind::DayEnd),
    )
    .body(&[fields::WITHDRAW_DAY_END]),
    Endpoint::get(
        "/v3/platsolution/ecommerce/withdraw/day-end-balance-withdraw/out-request-no/{out_request_no}",
        QUERY,
        |call, path| {
            let name = Name::ByNumber(path.get("out_request_no").to_owned());
            withdraw::query(call, WithdrawalKind::DayEnd, &name)
        },
    )
    .query(&["sub_mchid"], &[]),
]);

const QUERY: (&str, &str) = ("Query a withdrawal", "查询提现");
