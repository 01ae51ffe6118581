//! Complaints of payers (消费者投诉).
