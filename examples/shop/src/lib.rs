//! The reference shop without a framework.
//!
//! What the shop sells, stores and shows is here, once; `axum-shop` and its siblings hold what their framework needs and
//! nothing else. Each operation of the HTTP interface is a method of [`Shop`] that takes what was read of a request and
//! gives back a [`Reply`].
//!
//! | File | Subject |
//! |---|---|
//! | `order`, `refund` | states and what may follow upon what; no I/O |
//! | `store` | where orders are kept, in memory, Redis or PostgreSQL, and how a notification is handled once there |
//! | `notified` | every notification, taken once |
//! | `create` | making an order in each of the four scenes |
//! | `settle` | **the one way from a verified payment to the goods**, for notifications and queries alike |
//! | `refunds` | giving money back |
//! | `settings`, `sandbox` | the environment, and the sandbox that runs when it says nothing |
//! | `page` | the page that buyers see |
//! | `console` | what the terminal shows |

mod catalogue;
pub mod console;
mod create;
mod error;
mod event;
mod incoming;
mod learned;
mod logging;
mod notified;
mod number;
mod order;
mod page;
mod receipt;
mod refund;
mod refunds;
mod reply;
mod sandbox;
mod settings;
mod settle;
mod shop;
mod store;
mod texts;
mod watching;

pub use error::with_causes;
pub use event::ShopEvent;
pub use incoming::{BODY_LIMIT, Incoming};
pub use logging::log_as_rust_log_says;
pub use order::{Heard, LearnedFrom, Order, OrderStatus, Overtaken, Paid, PaidTo, PaidTwice, Payment, Scene};
pub use page::PageRequest;
pub use refund::{Refund, RefundMismatch, RefundRefused, RefundState};
pub use reply::Reply;
pub use sandbox::{EmbeddedSandbox, SandboxLines};
pub use settings::{Merchant, ShopSettings, StartError};
pub use shop::{NOTIFY_PATH, Shop};
pub use store::{MemoryOrders, OrderStore, ShopStore, StoreError, StoreFuture, Stored, Version};
pub use watching::Watching;
