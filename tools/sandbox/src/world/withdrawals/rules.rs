//! Life of a withdrawal: it leaves the account, arrives, or is returned.

use serde_json::{Map, Value, json};

use crate::{
    handle::shared::Shared,
    journal::EventKind,
    notify::{self, Draft},
    world::{
        clock::Due,
        funds::{
            self,
            ledger::{Account, Movement},
        },
        orders::view::rfc3339,
        sharing,
        withdrawals::state::{Withdrawal, WithdrawalError, WithdrawalKey, WithdrawalKind, WithdrawalState},
    },
};

/// Amount that can be withdrawn: the balance without frozen money.
pub(crate) fn available(shared: &Shared, owner: &str, account: Account) -> i64 {
    let balance = shared.ledger.balance(owner, account);
    balance.saturating_sub(frozen(shared, owner, account))
}

/// Amount of an account that waits to be shared.
pub(crate) fn frozen(shared: &Shared, owner: &str, account: Account) -> i64 {
    match account {
        Account::Basic => sharing::frozen(shared, owner, shared.clock.now()),
        Account::Operation | Account::Fees | Account::Deposit => 0,
    }
}

/// Sends money on its way. Its number stands for no other one.
pub(crate) fn begin(shared: &Shared, draft: Withdrawal) -> Withdrawal {
    let (withdrawal, is_new) = shared.withdrawals.add(draft);
    if is_new {
        let out = withdrawal.amount.saturating_neg();
        enter(shared, &withdrawal, out, "提现", withdrawal.created_at);
        tell(shared, &withdrawal);
        let due = Due::SettleWithdrawal(withdrawal.key.clone());
        shared.agenda.after(shared.settings.settle_delay, due);
    }
    withdrawal
}

/// The money arrives, unless something else happened to it.
pub(crate) fn settle_planned(shared: &Shared, key: &WithdrawalKey) {
    // What was decided by hand stays.
    let _ = go(shared, key, WithdrawalState::Success, None);
}

/// Gives a withdrawal its next state and tells the merchant.
pub(crate) fn go(
    shared: &Shared,
    key: &WithdrawalKey,
    to: WithdrawalState,
    reason: Option<&str>,
) -> Result<Withdrawal, WithdrawalError> {
    let now = shared.clock.now();
    let withdrawal = shared
        .withdrawals
        .change(key, |withdrawal| {
            withdrawal.go(to, now)?;
            withdrawal.reason = reason.map(str::to_owned);
            Ok(withdrawal.clone())
        })
        .ok_or(WithdrawalError::NoSuchWithdrawal)??;
    if to != WithdrawalState::Success {
        enter(shared, &withdrawal, withdrawal.amount, "提现退回", now);
    }
    tell(shared, &withdrawal);
    if let Some(notify_url) = withdrawal.notify_url.clone() {
        notify::start(
            shared,
            Draft {
                mchid: withdrawal.key.mchid.clone(),
                order: None,
                subject: withdrawal.key.out_request_no.clone(),
                event_type: "MCHWITHDRAW.CHANGE".into(),
                notify_url,
                resource: view(&withdrawal),
                original_type: "mch_withdraw".into(),
                associated_data: "mch_withdraw".into(),
                summary: "提现状态变更".into(),
            },
        );
    }
    Ok(withdrawal)
}

fn enter(shared: &Shared, withdrawal: &Withdrawal, amount: i64, kind: &'static str, at: i64) {
    funds::add(
        shared,
        Movement {
            owner: withdrawal.owner.clone(),
            account: withdrawal.account,
            at,
            amount,
            business_no: withdrawal.withdraw_id.clone(),
            name: "提现".into(),
            kind: kind.into(),
            applicant: format!("{}API", withdrawal.key.mchid),
            note: withdrawal.text("/remark").unwrap_or_default().to_owned(),
            voucher: withdrawal.key.out_request_no.clone(),
        },
    );
}

fn tell(shared: &Shared, withdrawal: &Withdrawal) {
    shared.tell(EventKind::Withdrawal {
        out_request_no: withdrawal.key.out_request_no.clone(),
        amount: withdrawal.amount,
        state: withdrawal.state,
    });
}

/// A withdrawal as responses and notifications tell it.
pub(crate) fn view(withdrawal: &Withdrawal) -> Value {
    let mut json = Map::new();
    let mut put = |key: &str, value: Value| {
        json.insert(key.to_owned(), value);
    };
    if withdrawal.kind != WithdrawalKind::Own {
        put("sp_mchid", json!(withdrawal.key.mchid));
        put("sub_mchid", json!(withdrawal.owner));
    }
    put("withdraw_id", json!(withdrawal.withdraw_id));
    put("out_request_no", json!(withdrawal.key.out_request_no));
    put("create_time", json!(rfc3339(withdrawal.created_at)));
    put("update_time", json!(rfc3339(withdrawal.updated_at)));
    put("account_type", json!(withdrawal.account.as_str()));
    put("account_number", json!("0078"));
    put("account_bank", json!("工商银行"));
    for key in ["remark", "bank_memo"] {
        if let Some(text) = withdrawal.text(&format!("/{key}")) {
            put(key, json!(text));
        }
    }
    if let Some(reason) = &withdrawal.reason {
        put("reason", json!(reason));
    }
    if withdrawal.kind != WithdrawalKind::DayEnd {
        put("status", json!(withdrawal.state.as_str()));
        put("amount", json!(withdrawal.amount));
        return Value::Object(json);
    }
    // What takes the balance of a day has words of its own, and tells how much came to what.
    let amount = withdrawal.amount;
    let (status, success, fail, refund) = match withdrawal.state {
        WithdrawalState::CreateSuccess => ("PROCESSING", 0, 0, 0),
        WithdrawalState::Success => ("FINISHED", amount, 0, 0),
        WithdrawalState::Fail | WithdrawalState::Close => ("ABNORMAL", 0, amount, 0),
        WithdrawalState::Refund => ("ABNORMAL", 0, 0, amount),
    };
    put("status", json!(status));
    put("total_amount", json!(amount));
    put("success_amount", json!(success));
    put("fail_amount", json!(fail));
    put("refund_amount", json!(refund));
    Value::Object(json)
}
