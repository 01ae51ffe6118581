//! Closing of sub-merchants (二级商户注销) (feature `sub-merchant-closing`).
