//! Pay after service, by score (微信支付分).
