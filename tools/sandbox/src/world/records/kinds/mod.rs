//! Kinds of records, a file for each.

pub(crate) mod abnormal_fund;
pub(crate) mod abnormal_fund_instruction;
pub(crate) mod address;
pub(crate) mod claims_contract;
pub(crate) mod closing;
pub(crate) mod compensation;
pub(crate) mod complaint;
pub(crate) mod coupon;
pub(crate) mod coupon_stock;
pub(crate) mod deduction_contract;
pub(crate) mod due_diligence;
pub(crate) mod limitation;
pub(crate) mod receiver_contract;
pub(crate) mod recharge;
pub(crate) mod recharge_employee;
pub(crate) mod service_order;
pub(crate) mod service_permission;
pub(crate) mod settle_batch;
pub(crate) mod transfer;
pub(crate) mod transfer_authorization;
pub(crate) mod transfer_receipt;
pub(crate) mod user_authorization;
pub(crate) mod violation;

use super::{machine::Machine, state::RecordKind};

/// The machine of a kind.
pub(crate) const fn machine(kind: RecordKind) -> &'static Machine {
    match kind {
        RecordKind::Address => &address::MACHINE,
        RecordKind::DueDiligence => &due_diligence::MACHINE,
        RecordKind::Limitation => &limitation::MACHINE,
        // They differ in who pays, and in nothing else.
        RecordKind::Transfer | RecordKind::EcommerceTransfer => &transfer::MACHINE,
        RecordKind::EcommerceTransferAuthorization => &transfer_authorization::MACHINE,
        RecordKind::AbnormalFund => &abnormal_fund::MACHINE,
        RecordKind::AbnormalFundInstruction => &abnormal_fund_instruction::MACHINE,
        RecordKind::ReceiverContract => &receiver_contract::MACHINE,
        RecordKind::SettleBatch => &settle_batch::MACHINE,
        RecordKind::Compensation => &compensation::MACHINE,
        RecordKind::ClaimsContract => &claims_contract::MACHINE,
        RecordKind::Recharge => &recharge::MACHINE,
        RecordKind::RechargeEmployee => &recharge_employee::MACHINE,
        RecordKind::Complaint => &complaint::MACHINE,
        RecordKind::ComplaintEntry => &complaint::ENTRIES,
        RecordKind::ComplaintNotifyUrl => &complaint::ADDRESSES,
        RecordKind::TransferAuthorization => &user_authorization::MACHINE,
        RecordKind::TransferReceipt => &transfer_receipt::MACHINE,
        RecordKind::DeductionContract => &deduction_contract::MACHINE,
        RecordKind::CouponStock => &coupon_stock::MACHINE,
        RecordKind::Coupon => &coupon::MACHINE,
        RecordKind::Closing => &closing::WITHOUT,
        RecordKind::ClosingWithPayout => &closing::WITH_PAYOUT,
        RecordKind::ServiceOrder => &service_order::MACHINE,
        RecordKind::ServicePermission => &service_permission::MACHINE,
        RecordKind::Violation => &violation::MACHINE,
    }
}
