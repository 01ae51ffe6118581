//! Coupons (代金券).
