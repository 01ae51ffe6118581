//! Closings of sub-merchants (二级商户注销).
//!
//! One kind pays the balances out first, the other closes a merchant without money.

use serde_json::{Map, Value, json};

use crate::world::{
    World,
    clock::rfc3339,
    funds::ledger::Account,
    records::{
        machine::{Machine, Step, next, step},
        money::moved,
        state::{Record, RecordKind},
    },
};

pub(crate) const REVIEWING: &str = "REVIEWING";
const REJECTED: &str = "REJECTED";
/// Somebody must confirm it.
pub(crate) const WAITING: &str = "WAITING_MERCHANT_CONFIRM";
const REVOKED: &str = "REVOKED";
/// Confirmed.
pub(crate) const PROCESSING: &str = "SYSTEM_PROCESSING";
/// Closed; the money is on its way.
const FUND_PROCESSING: &str = "FUND_PROCESSING";
const FINISH: &str = "FINISH";
/// Closed, where no money is paid out.
const CANCEL_SUCCESS: &str = "CANCEL_SUCCESS";

/// With a payout of the balances.
pub(crate) const WITH_PAYOUT: Machine = Machine::new(&[
    next(REVIEWING, WAITING),
    step(REVIEWING, REJECTED),
    step(WAITING, PROCESSING),
    step(WAITING, REVOKED),
    next(PROCESSING, FUND_PROCESSING),
    next(FUND_PROCESSING, FINISH),
])
.entered(entered);

/// Without money.
pub(crate) const WITHOUT: Machine = Machine::new(STEPS);

const STEPS: &[Step] = &[next(REVIEWING, CANCEL_SUCCESS), step(REVIEWING, REJECTED)];

/// Accounts, as this family spells them.
const ACCOUNTS: &[(Account, &str)] = &[
    (Account::Basic, "BASIC_ACCOUNT"),
    (Account::Operation, "OPERATE_ACCOUNT"),
    (Account::Deposit, "MARGIN_ACCOUNT"),
    (Account::Fees, "TRADE_FEE_ACCOUNT"),
];

/// All money leaves once the sub-merchant is closed, if it was asked for.
fn entered(world: &World, closing: &Record) {
    if closing.state != FUND_PROCESSING || !pays_out(closing) {
        return;
    }
    let owner = closing.text("/sub_mchid").unwrap_or_default();
    for (account, _) in ACCOUNTS {
        let balance = world.funds.ledger.balance(&owner, *account);
        if balance > 0 {
            let out = balance.saturating_neg();
            moved(world, closing, &owner, *account, out, "注销提现", "提现");
        }
    }
}

fn pays_out(closing: &Record) -> bool {
    closing.text("/withdraw").as_deref() != Some("NOT_APPLY_WITHDRAW")
}

/// Balances of a sub-merchant, those without money left out.
pub(crate) fn balances(world: &World, sub_mchid: &str) -> Vec<Value> {
    let accounts = ACCOUNTS.iter().filter_map(|(account, name)| {
        let amount = world.funds.ledger.balance(sub_mchid, *account);
        (amount > 0).then(|| json!({ "out_account_type": name, "amount": amount }))
    });
    accounts.collect()
}

/// Returns true if a sub-merchant was closed.
pub(crate) fn is_closed(world: &World, mchid: &str, sub_mchid: &str) -> bool {
    any(world, mchid, sub_mchid, |state| {
        matches!(state, FUND_PROCESSING | FINISH | CANCEL_SUCCESS)
    })
}

/// Returns true if a closing of a sub-merchant is under way or has ended.
pub(crate) fn is_asked(world: &World, mchid: &str, sub_mchid: &str) -> bool {
    any(world, mchid, sub_mchid, |state| {
        !matches!(state, REJECTED | REVOKED)
    })
}

fn any(world: &World, mchid: &str, sub_mchid: &str, is_wanted: impl Fn(&str) -> bool) -> bool {
    let found = world.records.filtered(|record| {
        matches!(
            record.key.kind,
            RecordKind::Closing | RecordKind::ClosingWithPayout
        ) && record.key.mchid == mchid
            && record.text("/sub_mchid").as_deref() == Some(sub_mchid)
            && is_wanted(&record.state)
    });
    !found.is_empty()
}

/// A closing with a payout as queries tell it.
pub(crate) fn view(closing: &Record) -> Map<String, Value> {
    let mut json = closing.members(&["sub_mchid", "withdraw", "account_info"]);
    let mut put = |name: &str, value: Value| {
        json.insert(name.to_owned(), value);
    };
    put("applyment_id", json!(closing.id));
    put("out_request_no", json!(closing.key.number));
    put("cancel_state", json!(closing.state));
    let described = closing.text("/cancel_state_description");
    let described = described.unwrap_or_else(|| described_state(&closing.state).to_owned());
    put("cancel_state_description", json!(described));
    put("modify_time", json!(rfc3339(closing.updated_at)));
    if closing.state == WAITING {
        let url = format!("https://pay.weixin.qq.com/cancel/{}", closing.id);
        put("confirm_cancel", json!({ "confirm_cancel_url": url }));
    }
    if pays_out(closing) && matches!(closing.state.as_str(), FUND_PROCESSING | FINISH) {
        let (state, pay_state, description) = if closing.state == FINISH {
            ("WITHDRAW_SUCCEED", "PAY_SUCCEED", "付款成功")
        } else {
            ("WITHDRAW_PROCESSING", "PAY_PROCESSING", "付款中")
        };
        put("withdraw_state", json!(state));
        let accounts = closing.value("/account_info");
        let accounts = accounts.as_ref().and_then(Value::as_array);
        let results: Vec<Value> = accounts
            .into_iter()
            .flatten()
            .map(|account| {
                json!({
                    "out_account_type": account.get("out_account_type"),
                    "pay_state": pay_state,
                    "state_description": description,
                })
            })
            .collect();
        put("account_withdraw_result", json!(results));
    }
    json
}

/// A closing without money as queries tell it.
pub(crate) fn view_without(closing: &Record) -> Map<String, Value> {
    let mut json = closing.members(&["sub_mchid", "reject_reason"]);
    json.insert("out_apply_no".to_owned(), json!(closing.key.number));
    json.insert("cancel_state".to_owned(), json!(closing.state));
    json.insert("update_time".to_owned(), json!(rfc3339(closing.updated_at)));
    json
}

fn described_state(state: &str) -> &'static str {
    match state {
        REVIEWING => "审核中",
        REJECTED => "审核驳回",
        WAITING => "待商户确认",
        REVOKED => "已撤销",
        PROCESSING => "系统处理中",
        FUND_PROCESSING => "已注销，资金处理中",
        _ => "已完成",
    }
}
