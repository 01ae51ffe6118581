//! Recharges of sub-merchants (二级商户充值).
