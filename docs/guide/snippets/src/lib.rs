//! The code of the guide.
//!
//! A page quotes the bodies of these functions; `tests/pages.rs` compares them.

pub mod actix;
pub mod bills;
pub mod combine;
pub mod idempotency;
pub mod keys;
pub mod merchants;
pub mod observe;
pub mod openid;
pub mod order;
pub mod receive;
pub mod refund;
pub mod rocket_app;
pub mod share;
pub mod shop;
pub mod watch;
