//! Transfers of sub-merchants to users.

use crate::language::texts;

texts! {
    pub(super) enum EcommerceTransferHint {
        NotAuthorized { sub_mchid: String } =>
            "{sub_mchid} has not authorised transfers: POST /v3/ecommerce/mch-transfer/authorizations asks for it, \
             and it is given a moment later",
            "{sub_mchid} 尚未授权商家转账：请先调用 POST /v3/ecommerce/mch-transfer/authorizations，片刻后即授权";
        OtherSubMerchant =>
            "sub_mchid is not the sub-merchant that pays this transfer",
            "sub_mchid 不是这笔转账的付款二级商户";
    }
}
