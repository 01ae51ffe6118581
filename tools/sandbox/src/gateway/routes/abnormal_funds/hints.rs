//! Payments that wait for an instruction.

use crate::language::texts;

texts! {
    pub(crate) enum AbnormalFundHint {
        NotWaiting { state: String } =>
            "the payment waits for no instruction; it is {state}",
            "该笔资金不在等待付款指令，当前状态为 {state}";
        NoReceiver =>
            "TRANSFER_MODE_TO_SPECIFIED_RECEIVE_MERCHANT needs receiver.mchid: the caller or one of its sub-merchants",
            "TRANSFER_MODE_TO_SPECIFIED_RECEIVE_MERCHANT 需要 receiver.mchid：调用方或其二级商户";
        OtherPayment =>
            "the instruction belongs to another payment",
            "该指令属于另一笔在途异常资金";
    }
}
