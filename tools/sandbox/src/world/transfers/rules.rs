//! Life of a transfer: it waits for the user, arrives, or goes back.

use crate::world::{
    Event, World,
    clock::Due,
    funds::{
        self,
        ledger::{Account, Movement},
    },
    transfers::state::{Transfer, TransferError, TransferKey, TransferState},
};

/// Takes the money and waits for the user. Its number stands for no other one.
pub(crate) fn begin(world: &World, draft: Transfer) -> Transfer {
    let (transfer, is_new) = world.transfers.add(draft);
    if is_new {
        let out = transfer.amount.saturating_neg();
        enter(world, &transfer, out, "商家转账", transfer.created_at);
        plan(world, &transfer.key);
        world.tell(&Event::Transfer(&transfer));
    }
    transfer
}

/// Cancels a transfer; repeating it changes nothing.
pub(crate) fn cancel(world: &World, key: &TransferKey) -> Result<Transfer, TransferError> {
    let known = world.transfers.get(key).ok_or(TransferError::NoSuchTransfer)?;
    if matches!(known.state, TransferState::Canceling | TransferState::Cancelled) {
        return Ok(known);
    }
    go(world, key, TransferState::Canceling, None)
}

/// Takes the next planned step: the user confirms, the money arrives, the cancellation is certain.
pub(crate) fn proceed(world: &World, key: &TransferKey) {
    let Some(transfer) = world.transfers.get(key) else {
        return;
    };
    let (to, reason) = match transfer.state {
        TransferState::WaitUserConfirm => (TransferState::Transferring, None),
        TransferState::Transferring => (TransferState::Success, None),
        TransferState::Canceling => (TransferState::Cancelled, Some("MERCHANT_REJECT")),
        TransferState::Success | TransferState::Fail | TransferState::Cancelled => return,
    };
    // What was decided by hand meanwhile stays.
    let _ = go(world, key, to, reason);
}

/// Gives a transfer its next state, and tells the merchant of an end.
pub(crate) fn go(
    world: &World,
    key: &TransferKey,
    to: TransferState,
    reason: Option<&str>,
) -> Result<Transfer, TransferError> {
    let now = world.clock.now();
    let transfer = world
        .transfers
        .change(key, |transfer| {
            transfer.go(to, now)?;
            transfer.fail_reason = reason.map(str::to_owned);
            Ok(transfer.clone())
        })
        .ok_or(TransferError::NoSuchTransfer)??;
    match to {
        TransferState::Fail | TransferState::Cancelled => {
            enter(world, &transfer, transfer.amount, "商家转账退回", now);
        }
        TransferState::Success => {}
        _ => plan(world, key),
    }
    world.tell(&Event::Transfer(&transfer));
    Ok(transfer)
}

fn plan(world: &World, key: &TransferKey) {
    let due = Due::ProceedTransfer(key.clone());
    world.agenda.after(world.rules.settle_delay, due);
}

fn enter(world: &World, transfer: &Transfer, amount: i64, kind: &'static str, at: i64) {
    funds::add(
        world,
        Movement {
            owner: transfer.key.mchid.clone(),
            account: Account::Basic,
            at,
            amount,
            business_no: transfer.transfer_bill_no.clone(),
            name: "商家转账".into(),
            kind: kind.into(),
            applicant: format!("{}API", transfer.key.mchid),
            note: transfer.request.text("/transfer_remark").unwrap_or_default(),
            voucher: transfer.key.out_bill_no.clone(),
        },
    );
}
