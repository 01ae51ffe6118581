//! Deductions of several orders at once (合并扣款) (feature `combined-deduction`).
