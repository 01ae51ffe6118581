//! Results of actions, and their messages on the next page.

use maud::{Markup, html};

use super::Visit;
use crate::web::{Text, with_parameter};
use wechatpay_sandbox::world::{orders::state::PayError, refunds::state::SettleError};

/// The parameter of a page that says what was done before it.
pub(super) const DONE: &str = "done";
/// The parameter with the text or amount that the message is about.
pub(super) const OF: &str = "of";
/// Longest text that a message repeats.
const MAX_OF: usize = 20;

/// Result of an action.
pub(super) struct Outcome {
    /// As a page's address names it.
    pub(super) code: &'static str,
    is_good: bool,
    text: Text,
    /// Stands for `{}` in the text.
    of: Option<String>,
}

impl Outcome {
    /// The same about this text or amount.
    pub(super) fn of(self, of: &str) -> Self {
        Self {
            of: Some(of.chars().take(MAX_OF).collect()),
            ..self
        }
    }

    /// The address of a page with this message.
    pub(super) fn on(&self, page: &str) -> String {
        let page = with_parameter(page, DONE, self.code);
        match &self.of {
            Some(of) => with_parameter(&page, OF, of),
            None => page,
        }
    }
}

/// Table of outcomes: name, success, code, text in English and Chinese.
macro_rules! outcomes {
    ($($name:ident = $kind:ident $code:literal $english:literal $chinese:literal;)+) => {
        impl Outcome {
            $(
                pub(super) const $name: Self = Self {
                    code: $code,
                    is_good: outcomes!(@$kind),
                    text: Text::new($english, $chinese),
                    of: None,
                };
            )+
            const ALL: &[Self] = &[$(Self::$name),+];
        }
    };
    (@good) => { true };
    (@bad) => { false };
}

outcomes! {
    PAID = good "paid"
        "Paid. The notification is on its way to the shop."
        "已支付，通知正在发往商户。";
    CANCELLED = good "cancelled"
        "The buyer cancelled; the order stays unpaid."
        "买家已取消，订单仍未支付。";
    CLOSED = good "closed"
        "The order is closed."
        "订单已关闭。";
    REFUNDED = good "refunded"
        "The refund was accepted; its notification follows when it is settled."
        "退款已受理，到账后会发送通知。";
    SETTLED = good "settled"
        "The refund has its new state, and the shop is told."
        "退款状态已更新，正在通知商户。";
    SENT = good "sent"
        "Sent once more, signed anew."
        "已重新签名并再次发送。";
    SENT_TWICE = good "sent-twice"
        "Sent two more times, one after the other."
        "已连续再发送两次。";
    SENT_BACKWARDS = good "sent-backwards"
        "All are sent once more, the newest first."
        "正在从新到旧再次发送全部通知。";
    STOPPED = good "stopped"
        "It will not be sent again by the schedule."
        "已停止，不再按计划重发。";
    NOT_PENDING = bad "not-pending"
        "There was nothing to stop: no attempt was to come."
        "没有可停止的重发。";
    CRAFTED = good "crafted"
        "Sealed, signed and on its way."
        "已加密、签名，正在发送。";
    REPLAYED = good "replayed"
        "Sent again; the newest request is the response."
        "已重放，最新一条请求即为结果。";
    ROTATED = good "rotated"
        "The keys have changed."
        "密钥已变更。";
    TURNED = good "turned"
        "The clock was turned, and what was due has happened."
        "时钟已快进，到期事项均已发生。";
    NOT_ROTATED = bad "not-rotated"
        "This step of the rotation is not possible now."
        "当前不能执行这一步轮换。";
    NOT_TURNED = bad "not-turned"
        "This clock runs by itself and cannot be turned."
        "此时钟自行前进，不能手动快进。";
    FAULT_SET = good "fault-set"
        "The fault fires at the next matching request."
        "故障已启用，下一次匹配的请求即触发。";
    FAULT_GONE = good "fault-gone"
        "Removed."
        "已撤销。";
    NO_FAULT = bad "no-fault"
        "There is no such fault, or its argument is wrong."
        "没有这个故障，或参数有误。";
    BEGUN = good "begun"
        "The run has begun; its report appears here."
        "验收已开始，报告将显示在此处。";
    NOT_ALLOWED = bad "not-allowed"
        "The sandbox sends to this machine only, and to hosts that it was allowed."
        "沙箱只会向本机及允许的主机发送请求。";
    KEPT = good "kept"
        "The snapshot is kept; restore it on the clock page."
        "快照已保存，可在时钟页恢复。";
    RESTORED = good "restored"
        "The snapshot is restored."
        "已恢复到快照的状态。";
    NOT_RESTORED = bad "not-restored"
        "Not restored: the clock is being turned, or was set back."
        "未能恢复：时钟正在快进或被调回。";
    NO_ORDER = bad "no-order"
        "There is no such order."
        "没有这个订单。";
    ALREADY_PAID = bad "already-paid"
        "The order is paid already."
        "订单已经支付。";
    IS_CLOSED = bad "is-closed"
        "The order is closed."
        "订单已经关闭。";
    EXPIRED = bad "expired"
        "The last moment to pay the order is over."
        "订单的支付时限已过。";
    NOT_ENOUGH = bad "not-enough"
        "The buyer has not enough money. The order stays unpaid."
        "买家余额不足，订单仍未支付。";
    BLOCKED = bad "blocked"
        "Risk control stopped the buyer. The order stays unpaid."
        "买家被风控拦截，订单仍未支付。";
    NOT_CLOSED = bad "not-closed"
        "A paid order cannot be closed, nor one that is paid by code."
        "已支付的订单和付款码支付的订单不能关闭。";
    NOT_AN_AMOUNT = bad "not-an-amount"
        "Not refunded: “{}” is not an amount. Write it like 3.50."
        "未退款：“{}”不是有效金额，请写成 3.50 的形式。";
    TOO_MUCH = bad "too-much"
        "Not refunded: at most {} is left."
        "未退款：最多可退 {}。";
    NOT_REFUNDED = bad "not-refunded"
        "Not refunded: the order is not paid, or the refund account is empty."
        "未退款：订单未支付，或退款账户余额不足。";
    NO_REFUND = bad "no-refund"
        "There is no such refund."
        "没有这笔退款。";
    REFUND_OVER = bad "refund-over"
        "The refund is over already."
        "这笔退款已经结束。";
    REFUND_BACK = bad "refund-back"
        "A refund does not go back."
        "退款状态不能回退。";
    GONE = bad "gone"
        "The sandbox has forgotten what this was about."
        "沙箱已经忘记了这条记录。";
}

impl From<PayError> for Outcome {
    fn from(error: PayError) -> Self {
        match error {
            PayError::NoSuchOrder => Self::NO_ORDER,
            PayError::AlreadyPaid => Self::ALREADY_PAID,
            PayError::Closed => Self::IS_CLOSED,
            PayError::Expired => Self::EXPIRED,
            PayError::NotEnough => Self::NOT_ENOUGH,
            PayError::Blocked => Self::BLOCKED,
        }
    }
}

impl From<SettleError> for Outcome {
    fn from(error: SettleError) -> Self {
        match error {
            SettleError::NoSuchRefund => Self::NO_REFUND,
            SettleError::Final => Self::REFUND_OVER,
            SettleError::Backwards => Self::REFUND_BACK,
        }
    }
}

/// Message about the preceding action.
pub(super) fn told(visit: &Visit) -> Markup {
    let code = visit.query.get(DONE).unwrap_or_default();
    let of = visit.query.get(OF).unwrap_or_default();
    let of: String = of.chars().take(MAX_OF).collect();
    let outcome = Outcome::ALL.iter().find(|outcome| outcome.code == code);
    html! {
        @if let Some(outcome) = outcome {
            p class={ "told " (if outcome.is_good { "good" } else { "bad" }) } role="status" {
                (visit.language.say(outcome.text).replace("{}", &of))
            }
        }
    }
}
