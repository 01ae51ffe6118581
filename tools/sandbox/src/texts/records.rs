//! Kinds of records, and why one does not change its state.

use crate::{
    language::{Language, Localize, Text},
    world::{
        complaints::ComplainError,
        records::state::{RecordError, RecordKind},
    },
};

impl RecordKind {
    /// Name of the kind, for people.
    #[must_use]
    pub const fn name(self) -> Text {
        match self {
            Self::Address => Text::new("notification URL", "通知地址"),
            Self::Transfer => Text::new("transfer", "商家转账"),
            Self::EcommerceTransfer => Text::new("transfer of a sub-merchant", "电商平台转账"),
            Self::EcommerceTransferAuthorization => {
                Text::new("authorisation of transfers", "二级商户商家转账授权")
            }
            Self::AbnormalFund => Text::new("payment that waits", "在途异常资金"),
            Self::AbnormalFundInstruction => {
                Text::new("instruction for a payment that waits", "在途异常资金付款指令")
            }
            Self::ReceiverContract => Text::new("contract with a person", "个人收款方签约"),
            Self::SettleBatch => Text::new("batch of settlements", "个人收款结算批次"),
            Self::Compensation => Text::new("compensation", "赔付"),
            Self::ClaimsContract => Text::new("claims contract", "保险理赔开通申请"),
            Self::Recharge => Text::new("recharge", "充值"),
            Self::RechargeEmployee => Text::new("employee who may recharge", "可扫码充值员工"),
            Self::Complaint => Text::new("complaint", "投诉单"),
            Self::ComplaintEntry => Text::new("entry of a complaint", "投诉协商记录"),
            Self::ComplaintNotifyUrl => Text::new("notification URL of complaints", "投诉通知地址"),
            Self::TransferAuthorization => Text::new("transfer authorisation", "免确认收款授权"),
            Self::TransferReceipt => Text::new("transfer receipt", "转账电子回单"),
            Self::Violation => Text::new("violation", "商户违规"),
            Self::Limitation => Text::new("limitation", "商户管控"),
            Self::DeductionContract => Text::new("contract of deduction", "委托代扣协议"),
            Self::CouponStock => Text::new("stock of coupons", "代金券批次"),
            Self::Coupon => Text::new("coupon", "代金券"),
            Self::Closing => Text::new("closing of a sub-merchant", "二级商户注销申请"),
            Self::ClosingWithPayout => Text::new("closing with a payout", "二级商户注销提现申请"),
            Self::ServiceOrder => Text::new("service order", "支付分订单"),
            Self::ServicePermission => Text::new("authorisation of a service", "支付分授权"),
            Self::DueDiligence => Text::new("due diligence", "强化尽调"),
        }
    }
}

impl Localize for RecordError {
    fn in_language(&self, language: Language) -> String {
        match (language, self) {
            (Language::English, _) => self.to_string(),
            (Language::Chinese, Self::NoSuchRecord) => "没有这张单据，请检查类型和单号".to_owned(),
            (Language::Chinese, Self::NoSuchSubMerchant) => "该商户没有这个子商户".to_owned(),
            (Language::Chinese, Self::NoWay { from, to }) => format!("单据不能从 {from} 变为 {to}"),
        }
    }
}

impl Localize for ComplainError {
    fn in_language(&self, language: Language) -> String {
        match (language, self) {
            (Language::English, _) => self.to_string(),
            (Language::Chinese, Self::NoSuchOrder) => "没有这个订单，请检查订单号".to_owned(),
            (Language::Chinese, Self::NotPaid) => "订单未支付，请先支付".to_owned(),
        }
    }
}
