//! Taking money out of accounts.

use serde_json::{Value, json};

use super::hints::FundHint;
use super::named::Name;
use crate::{
    gateway::{
        Answer, Refusal,
        call::Call,
        codes,
        validate::{self, Checked, parties},
    },
    world::{
        clock::Day,
        funds::ledger::Account,
        withdrawals::{
            self,
            state::{Withdrawal, WithdrawalKey, WithdrawalKind, WithdrawalState},
        },
    },
};

/// Handles the three ways to begin one.
pub(super) fn withdraw(call: &mut Call<'_>, kind: WithdrawalKind) -> Result<Answer, Refusal> {
    if kind != WithdrawalKind::Own {
        parties::platform(call.merchant)?;
    }
    let body = call.body()?;
    let owner = match kind {
        WithdrawalKind::Own => call.mchid(),
        WithdrawalKind::SubMerchant | WithdrawalKind::DayEnd => {
            let sub_mchid = body.text("/sub_mchid").unwrap_or_default().to_owned();
            parties::known_sub(call.merchant, &sub_mchid)?;
            sub_mchid
        }
    };
    validate::notify_url(&body, call.notes)?;
    let key = WithdrawalKey {
        mchid: call.mchid(),
        out_request_no: body.text("/out_request_no").unwrap_or_default().to_owned(),
    };
    if let Some(known) = call.gateway.world.withdrawals.get(&key) {
        // The same call again is the same withdrawal, whatever the account holds by now.
        if known.kind == kind && known.request == body.value.clone().into() {
            return Ok(answer(&known));
        }
        return Err(Refusal::new(codes::OTHER_PARAMETERS).hint(FundHint::Differs));
    }
    let account = body
        .text("/account_type")
        .and_then(Account::from_name)
        .unwrap_or(Account::Basic);
    let amount = amount(call, &body, kind, &owner, account)?;
    let now = call.now();
    let withdrawal = withdrawals::begin(
        &call.gateway.world,
        Withdrawal {
            key,
            kind,
            withdraw_id: call.ids.withdraw_id(now),
            owner,
            account,
            amount,
            notify_url: body.text("/notify_url").map(str::to_owned),
            request: body.value.into(),
            state: WithdrawalState::CreateSuccess,
            reason: None,
            created_at: now,
            updated_at: now,
        },
    );
    Ok(answer(&withdrawal))
}

/// Handles the queries of all three kinds.
pub(super) fn query(call: &mut Call<'_>, kind: WithdrawalKind, name: &Name) -> Result<Answer, Refusal> {
    let owner = match kind {
        WithdrawalKind::Own => {
            call.parameters()?;
            call.mchid()
        }
        WithdrawalKind::SubMerchant | WithdrawalKind::DayEnd => {
            parties::platform(call.merchant)?;
            let parameters = call.parameters()?;
            parameters.need("sub_mchid").to_owned()
        }
    };
    let key = match name {
        Name::ByNumber(number) => Some(WithdrawalKey {
            mchid: call.mchid(),
            out_request_no: number.clone(),
        }),
        Name::ById(id) => call
            .gateway
            .world
            .withdrawals
            .key_of_id(id)
            .filter(|key| call.merchant.mchid == key.mchid.as_str()),
    };
    let withdrawal = key
        .and_then(|key| call.gateway.world.withdrawals.get(&key))
        .filter(|withdrawal| withdrawal.kind == kind && withdrawal.owner == owner)
        .ok_or_else(|| Refusal::new(codes::ORDER_NOT_EXIST).hint(FundHint::NoWithdrawal))?;
    Ok(Answer::Json(withdrawals::view(&withdrawal).to_string().into()))
}

/// The amount, if the account has it.
fn amount(
    call: &Call<'_>,
    body: &Checked,
    kind: WithdrawalKind,
    owner: &str,
    account: Account,
) -> Result<i64, Refusal> {
    let available = withdrawals::available(&call.gateway.world, owner, account);
    let not_enough = || {
        Refusal::new(codes::NOT_ENOUGH).hint(FundHint::NotEnough {
            available,
            owner: owner.to_owned(),
        })
    };
    if kind != WithdrawalKind::DayEnd {
        let amount = body.integer("/amount").ok_or_else(Refusal::system_error)?;
        return if amount <= available {
            Ok(amount)
        } else {
            Err(not_enough())
        };
    }
    let reserve = body.integer("/reserve_amount").unwrap_or_default();
    let limit = if body.text("/calculate_amount_type") == Some("ALLOW_CURRENT_BALANCE") {
        available
    } else {
        let yesterday = Day::of(call.now()).previous();
        let at_day_end = call
            .gateway
            .world
            .funds
            .ledger
            .balance_after(owner, account, yesterday);
        available.min(at_day_end)
    };
    match limit.saturating_sub(reserve) {
        amount if amount > 0 => Ok(amount),
        _ => Err(not_enough()),
    }
}

fn answer(withdrawal: &Withdrawal) -> Answer {
    let json: Value = match withdrawal.kind {
        WithdrawalKind::SubMerchant => json!({
            "sub_mchid": withdrawal.owner,
            "withdraw_id": withdrawal.withdraw_id,
            "out_request_no": withdrawal.key.out_request_no,
        }),
        WithdrawalKind::Own => json!({
            "withdraw_id": withdrawal.withdraw_id,
            "out_request_no": withdrawal.key.out_request_no,
        }),
        WithdrawalKind::DayEnd => withdrawals::view(withdrawal),
    };
    Answer::Json(json.to_string().into())
}
