//! The bill of failed withdrawals (提现异常文件).
//!
//! The platform's pages name no columns, so these are ours.

use serde_json::json;

use super::hints::FundHint;
use crate::{
    gateway::{
        Answer, Refusal,
        call::Call,
        codes,
        routes::bills::{csv, day as bill_day, give_out, nothing, wants_gzip},
        validate::{Issue, Location},
    },
    world::{
        funds::yuan,
        withdrawals::state::{Withdrawal, WithdrawalState},
    },
};

const HEADER: &[&str] = &[
    "提现单发起时间",
    "状态更新时间",
    "电商平台商户号",
    "出款商户号",
    "商户提现单号",
    "微信支付提现单号",
    "提现金额",
    "提现状态",
    "失败原因",
];
const SUMMARY: &[&str] = &["总笔数", "提现总金额"];

/// Handles `GET /v3/merchant/fund/withdraw/bill-type/{bill_type}`.
pub(super) fn bill(call: &mut Call<'_>, kind: &str) -> Result<Answer, Refusal> {
    if kind != "NO_SUCC" {
        return Err(Refusal::new(codes::PARAMETER)
            .issue(Location::Path, "bill_type", json!(kind), Issue::Unlisted)
            .hint(FundHint::NoBillType));
    }
    let parameters = call.parameters()?;
    let gzip = wants_gzip(&parameters)?;
    let day = bill_day(call, &parameters)?;
    let withdrawals: Vec<Withdrawal> = call
        .gateway
        .world
        .withdrawals
        .all()
        .into_iter()
        .filter(|withdrawal| {
            // What was asked for on one day and failed on another stands in the bill of the other.
            call.merchant.mchid == withdrawal.key.mchid.as_str()
                && matches!(withdrawal.state, WithdrawalState::Fail | WithdrawalState::Refund)
                && day.has(withdrawal.updated_at)
        })
        .collect();
    if withdrawals.is_empty() {
        return Err(nothing(day));
    }
    let rows: Vec<Vec<String>> = withdrawals.iter().map(row).collect();
    let sum: i64 = withdrawals.iter().map(|withdrawal| withdrawal.amount).sum();
    let summary = [withdrawals.len().to_string(), yuan(sum)];
    give_out(call, csv::file(HEADER, &rows, SUMMARY, &summary), gzip)
}

fn row(withdrawal: &Withdrawal) -> Vec<String> {
    vec![
        csv::time(withdrawal.created_at),
        csv::time(withdrawal.updated_at),
        withdrawal.key.mchid.clone(),
        withdrawal.owner.clone(),
        withdrawal.key.out_request_no.clone(),
        withdrawal.withdraw_id.clone(),
        yuan(withdrawal.amount),
        withdrawal.state.as_str().to_owned(),
        withdrawal.reason.clone().unwrap_or_default(),
    ]
}
