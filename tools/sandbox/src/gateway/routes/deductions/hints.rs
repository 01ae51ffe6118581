//! Deductions by contract.

use crate::language::texts;

texts! {
    pub(super) enum DeductionHint {
        NoContract =>
            "no contract of this merchant has this contract_id",
            "本商户没有此 contract_id 的协议";
        NotSigned { state: String } =>
            "the contract is {state}: a user must have signed it, and nobody ended it",
            "协议状态为 {state}：须用户已签约且未解约";
        OtherApp =>
            "combine_appid is not the one of the order",
            "combine_appid 与订单不一致";
        Shared =>
            "an order with profit shares is not reversed; return the shares first",
            "已分账的订单不能撤销，请先回退分账";
    }
}
