//! Movements of money: payments with fees, refunds, shares, withdrawals, manual deposits.

use wechatpay_core::types::Fen;

use crate::{
    world::World,
    world::{
        clock::{Day, Due},
        funds::{
            FEE_RATE_TEXT, fee,
            ledger::{Account, Movement},
        },
        orders::state::Order,
        refunds::state::Refund,
    },
};

/// An order was paid: the money arrives, and the fee leaves.
pub(crate) fn paid(world: &World, order: &Order) {
    let Some(payment) = &order.payment else { return };
    let movement = Movement {
        owner: payee(order),
        account: Account::Basic,
        at: payment.at,
        amount: order.total,
        business_no: payment.transaction_id.clone(),
        name: "交易".into(),
        kind: "交易".into(),
        applicant: "system".to_owned(),
        note: String::new(),
        voucher: order.key.out_trade_no.clone(),
    };
    let fee = fee(order.total);
    add(world, movement.clone());
    if fee > 0 {
        add(
            world,
            Movement {
                amount: fee.saturating_neg(),
                kind: "扣除交易手续费".into(),
                note: format!("费率{FEE_RATE_TEXT}"),
                ..movement
            },
        );
    }
}

/// An order was reversed: the money leaves, less the fee that comes back.
pub(crate) fn reversed(world: &World, order: &Order, at: i64) {
    let Some(payment) = &order.payment else { return };
    let fee = fee(order.total);
    add(
        world,
        Movement {
            owner: payee(order).to_owned(),
            account: Account::Basic,
            at,
            amount: fee.saturating_sub(order.total),
            business_no: payment.transaction_id.clone(),
            name: "交易".into(),
            kind: "撤销".into(),
            applicant: format!("{}API", order.key.mchid),
            note: format!("撤销总金额{}元;含手续费{}元", yuan(order.total), yuan(fee)),
            voucher: order.key.out_trade_no.clone(),
        },
    );
}

/// A refund was accepted: the money leaves, less the fee that comes back.
pub(crate) fn refunded(world: &World, refund: &Refund) {
    add(world, of_refund(refund, refund.created_at, "退款", -1));
}

/// A refund was closed: the money comes back.
pub(crate) fn refund_closed(world: &World, refund: &Refund) {
    add(world, of_refund(refund, refund.changed_at, "退款失败退回", 1));
}

/// Money of an advance goes from the sub-merchant back to the platform.
pub(crate) fn advance_returned(world: &World, refund: &Refund, id: &str, at: i64) {
    let from = refund.sub_mchid.as_deref();
    transfer(
        world,
        from.map(|owner| (owner, Account::Basic)),
        Movement {
            owner: refund.key.mchid.clone(),
            account: Account::Operation,
            at,
            amount: refund.amount,
            business_no: id.to_owned(),
            name: "退款".into(),
            kind: "垫付退款回补".into(),
            applicant: format!("{}API", refund.key.mchid),
            note: String::new(),
            voucher: refund.key.out_refund_no.clone(),
        },
    );
}

/// Adds the platform's subsidy to an order; a negative amount takes it back.
pub(crate) fn subsidised(world: &World, order: &Order, id: &str, amount: i64, at: i64) {
    let platform = order.key.mchid.as_str();
    transfer(
        world,
        Some((platform, Account::Operation)),
        Movement {
            owner: payee(order),
            account: Account::Basic,
            at,
            amount,
            business_no: id.to_owned(),
            name: "补差".into(),
            kind: "补差".into(),
            applicant: format!("{platform}API"),
            note: String::new(),
            voucher: order.key.out_trade_no.clone(),
        },
    );
}

/// Moves an amount from an account to that of a movement.
fn transfer(world: &World, from: Option<(&str, Account)>, to: Movement) {
    if let Some((owner, account)) = from {
        add(
            world,
            Movement {
                owner: owner.to_owned(),
                account,
                amount: to.amount.saturating_neg(),
                ..to.clone()
            },
        );
    }
    add(world, to);
}

/// Puts money into an account by hand.
pub(crate) fn top_up(world: &World, owner: &str, account: Account, amount: Fen) {
    add(
        world,
        Movement {
            owner: owner.to_owned(),
            account,
            at: world.clock.now(),
            amount: amount.get(),
            business_no: String::from("0"),
            name: "充值".into(),
            kind: "充值".into(),
            applicant: "sandbox".to_owned(),
            note: String::new(),
            voucher: String::from("0"),
        },
    );
}

/// Records a movement. The first one of a day schedules that day's bill announcement.
pub(crate) fn add(world: &World, movement: Movement) {
    let now = movement.at;
    let day = Day::of(now);
    world.funds.ledger.add(movement);
    if world.funds.is_first_of(day) {
        let wait = day.next().at(10, 0).saturating_sub(world.clock.now());
        let wait = std::time::Duration::from_secs(u64::try_from(wait).unwrap_or_default());
        world.agenda.after(wait, Due::BillsReady(day));
    }
}

/// Whose money an order brings.
///
/// A person's is held under the authorisation id.
pub(crate) fn payee(order: &Order) -> String {
    match &order.sub {
        Some(sub) => sub.mchid.clone(),
        None => order.payee_auth_id().unwrap_or_else(|| order.key.mchid.clone()),
    }
}

fn of_refund(refund: &Refund, at: i64, kind: &'static str, sign: i64) -> Movement {
    let owner = match &refund.sub_mchid {
        Some(_) if refund.is_advanced() => refund.key.mchid.clone(),
        Some(sub_mchid) => sub_mchid.clone(),
        None => {
            let person = refund.request.text("/individual_auth_id");
            person.unwrap_or_else(|| refund.key.mchid.clone())
        }
    };
    let account = if refund.is_advanced() {
        Account::Operation
    } else {
        Account::Basic
    };
    Movement {
        owner,
        account,
        at,
        amount: refund.amount.saturating_sub(refund.fee).saturating_mul(sign),
        business_no: refund.refund_id.clone(),
        name: "退款".into(),
        kind: kind.into(),
        applicant: format!("{}API", refund.key.mchid),
        note: format!(
            "退款总金额{}元;含手续费{}元",
            yuan(refund.amount),
            yuan(refund.fee)
        ),
        voucher: refund.key.out_refund_no.clone(),
    }
}

/// Fen as yuan with two decimals.
pub fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let amount = Fen::new(fen.saturating_abs()).unwrap_or_default();
    format!("{sign}{}", amount.yuan())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yuan_has_two_decimals() {
        assert_eq!(yuan(990), "9.90");
        assert_eq!(yuan(-6), "-0.06");
        assert_eq!(yuan(0), "0.00");
    }
}
