//! Payment by a payer's code (付款码支付) that ends in a known state.
//!
//! The feature is `code-pay`. The response to a charge may say that the payer is entering a password, or be lost. Nobody is notified of the
//! result. [`CodePayments`] charges once, queries until the order has an end, and reverses it if it has none in time.
//!
//! # Contract
//! 1. [`pay`](CodePayments::pay) sends the charge once, unless it was certainly not sent. A code is never charged twice.
//! 2. Unless the response says that it is paid, the order is queried every five seconds until it is paid, failed, closed
//!    or reversed.
//! 3. When the [patience](CodePayments::patience) is over the order is reversed, not earlier than 15 seconds after the
//!    charge (撤销), and queried again. This is repeated under the same number until a query shows the end.
//! 4. An order that the platform does not know is reversed and given up after a minute. The code is no longer valid then,
//!    so a charge that is still on its way has no effect.
//! 5. The result is [`CodePayment::Paid`] with the confirmed payment, or [`CodePayment::NotPaid`]: nothing was charged,
//!    or the money goes back. Number, payee, app, total and currency are compared as by
//!    [`Expectation::check`](wechatpay_core::notify::Expectation::check). Another order under the number is an
//!    [error](CodePayError::Mismatch), and is not reversed.
//! 6. If the platform cannot be asked until the [limit](CodePayments::limit), the error is
//!    [`CodePayError::StillUnknown`]. Call [`settle`](CodePayments::settle) with the same order until it returns.
//!
//! # Deployment
//! - Store the order with number and amount before the call, and the result after it. At the start, call
//!   [`settle`](CodePayments::settle) for each order without a result: dropping the future of a call, or a crash, leaves
//!   an order in any state.
//! - Run one call for a number at a time. A second one may reverse what the first one reported as paid.
//! - Take a new number for each attempt. A code and a number are valid once.
//! - An order can be reversed within seven days of its payment. Do not register it with a
//!   [`Watch`](crate::watch::Watch): the platform does not close such orders.
//!
//! # Examples
//! ```no_run
//! use wechatpay_core::{
//!     api::code_pay::{Amount, Pay, Payer, SceneInfo, StoreInfo},
//!     types::Fen,
//! };
//! use wechatpay_tower::{Client, code_pay::{CodePayment, CodePayments}};
//!
//! # async fn hand_over_the_goods(_: &wechatpay_core::notify::Confirmed) {}
//! async fn charge(client: Client, code: &str) -> Result<(), Box<dyn std::error::Error>> {
//!     let pay = Pay::new(
//!         "wxd678efh567hg6787".parse()?, "1900000001".parse()?, "拿铁", "ORDER-0001".parse()?, Payer::new(code),
//!         Amount::new(Fen::new(1_800)?), SceneInfo::new(StoreInfo::new().out_id("SHOP-1")),
//!     );
//!     match CodePayments::new(client).pay(&pay).await? {
//!         CodePayment::Paid(paid) => hand_over_the_goods(&paid).await,
//!         CodePayment::NotPaid(reason) => println!("not paid: {reason}"),
//!     }
//!     Ok(())
//! }
//! ```

mod error;
mod order;
mod outcome;
mod payments;
mod step;

pub use error::{CodePayError, StillUnknown};
pub use order::CodePay;
pub use outcome::{CodePayment, NotPaid};
pub use payments::CodePayments;
