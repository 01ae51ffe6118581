//! Recharges of sub-merchants (二级商户充值) (feature `sub-merchant-recharge`).
