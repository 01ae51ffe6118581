//! Coupons (代金券) (feature `coupons`).
