//! The fund bill (资金账单): the movements of an account.

use super::{ask, csv};
use crate::{
    gateway::Gateway,
    gateway::{Answer, Refusal, call::Call, validate::parties},
    world::{
        clock::Day,
        funds::{
            ledger::{Account, Entry},
            yuan,
        },
    },
};

pub(crate) const HEADER: &[&str] = &[
    "记账时间",
    "微信支付业务单号",
    "资金流水单号",
    "业务名称",
    "业务类型",
    "收支类型",
    "收支金额(元)",
    "账户结余(元)",
    "资金变更提交申请人",
    "备注",
    "业务凭证号",
];
pub(crate) const SUMMARY: &[&str] = &["资金流水总笔数", "收入笔数", "收入金额", "支出笔数", "支出金额"];

/// Handles `GET /v3/bill/fundflowbill`: the caller's own account, or that of a sub-merchant it names.
pub(crate) fn ask(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let parameters = call.parameters()?;
    let owner = match parameters.get("sub_mchid") {
        Some(sub_mchid) => parties::known_sub(call.merchant, sub_mchid)?.mchid.to_string(),
        None => call.mchid(),
    };
    let account = parameters
        .one_of("account_type", &["BASIC", "OPERATION", "FEES"])?
        .unwrap_or("BASIC");
    let gzip = ask::wants_gzip(&parameters)?;
    let day = ask::day(call, &parameters)?;
    let text = Account::from_name(account)
        .and_then(|account| text(call.gateway, &owner, account, day))
        .ok_or_else(|| ask::nothing(day))?;
    ask::give_out(call, text, gzip)
}

/// The file, or nothing if nothing happened.
pub(crate) fn text(gateway: &Gateway, owner: &str, account: Account, day: Day) -> Option<String> {
    let entries = gateway.world.funds.ledger.of_day(day, |movement| {
        movement.owner == owner && movement.account == account
    });
    let rows: Vec<Vec<String>> = entries.iter().map(row).collect();
    (!rows.is_empty()).then(|| csv::file(HEADER, &rows, SUMMARY, &summary(&entries)))
}

pub(crate) fn row(entry: &Entry) -> Vec<String> {
    let movement = &entry.movement;
    let direction = if movement.amount < 0 { "支出" } else { "收入" };
    vec![
        csv::time(movement.at),
        movement.business_no.clone(),
        entry.flow_no.clone(),
        movement.name.clone().into_owned(),
        movement.kind.clone().into_owned(),
        direction.to_owned(),
        yuan(movement.amount.saturating_abs()),
        yuan(entry.balance),
        movement.applicant.clone(),
        movement.note.clone(),
        movement.voucher.clone(),
    ]
}

/// Counts are written like amounts, with one decimal.
pub(crate) fn summary(entries: &[Entry]) -> [String; 5] {
    let of = |is_wanted: fn(i64) -> bool| {
        let amounts: Vec<i64> = entries
            .iter()
            .map(|entry| entry.movement.amount)
            .filter(|amount| is_wanted(*amount))
            .collect();
        let sum: i64 = amounts.iter().map(|amount| amount.saturating_abs()).sum();
        (format!("{}.0", amounts.len()), yuan(sum))
    };
    let (income, income_sum) = of(|amount| amount >= 0);
    let (expense, expense_sum) = of(|amount| amount < 0);
    [
        format!("{}.0", entries.len()),
        income,
        income_sum,
        expense,
        expense_sum,
    ]
}
