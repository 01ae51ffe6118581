//! Deductions of several orders at once (合并扣款).
