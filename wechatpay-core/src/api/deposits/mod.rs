//! Deposits, claims and compensation (保证金、理赔、赔付) (feature `deposits`).
