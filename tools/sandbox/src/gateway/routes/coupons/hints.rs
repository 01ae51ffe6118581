//! Coupons.

use crate::language::texts;

texts! {
    pub(super) enum CouponHint {
        NotRunning { state: String } =>
            "the stock is {state}: POST …/start activates it, …/restart ends a pause",
            "批次状态为 {state}：激活请用 POST …/start，暂停后恢复请用 …/restart";
        NotInTime =>
            "now is before or after the period of the stock",
            "当前不在批次的可用时间内";
        NoneLeft { max: i64 } =>
            "the stock has given out its {max} coupons",
            "批次的 {max} 张代金券已发完";
        NoBudget { left: i64 } =>
            "the budget of the stock has {left} fen left",
            "批次预算剩余 {left} 分";
        UserHasAll { max: i64 } =>
            "the user has {max} coupons of this stock, which is the limit",
            "该用户已领取此批次 {max} 张，达到上限";
        ValueOfRandomOnly =>
            "coupon_value and coupon_minimum are for stocks without an amount of their own",
            "coupon_value 与 coupon_minimum 仅用于未指定面额的批次";
    }
}
