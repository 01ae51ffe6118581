//! Reconciliation of a trade bill with your own records (对账).
//!
//! Records and rows may be added in any order, also interleaved. [`Reconciler`] holds one entry of about 180 bytes for
//! every number on either side, so a day with a million orders takes about 180 MB. If that is too much, run several
//! passes with [`Reconciler::part`], each of which holds a part of the numbers, and add the reports with
//! [`Report::merge`].
//!
//! Add the orders that were paid and the refunds that were accepted on the day of the bill, in Beijing time. Unpaid
//! orders may be added too; a bill that contains one is a difference in state.
//!
//! ```
//! use wechatpay_core::bills::{BillFormatError, TradeBillReader, reconcile::{Reconciler, Record}};
//! use wechatpay_core::types::Fen;
//!
//! # let file = "交易时间,微信订单号,商户订单号,交易状态,订单金额\n\
//! #     `2024-01-01 09:00:00,`4200001,`ORDER-0001,`SUCCESS,`9.90\n\
//! #     `2024-01-01 09:10:00,`4200002,`ORDER-0002,`SUCCESS,`5.00\n\
//! #     总交易单数,订单总金额\n`2,`14.90\n";
//! let mut reconciler = Reconciler::new();
//! reconciler.extend([
//!     Record::payment("ORDER-0001", Fen::new(990)?),
//!     Record::payment("ORDER-0003", Fen::new(100)?),
//! ]);
//! let mut bill = TradeBillReader::new();
//! bill.feed(file.as_bytes(), |row| reconciler.row(row))?;
//! bill.finish()?;
//!
//! let report = reconciler.finish();
//! assert_eq!(report.payments().matched, 1);
//! assert_eq!((report.payments().missing_here, report.payments().missing_there), (1, 1));
//! assert!(!report.is_clean());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`Report::to_recheck`] lists what the bill has and the shop lacks, so that a [watch](crate::watch) asks the platform
//! for it.

mod display;
mod entry;
mod recheck;
mod reconciler;
mod record;
mod report;

pub use recheck::RefundFamily;
pub use reconciler::Reconciler;
pub use record::{InvalidRecord, Record, Subject};
pub use report::{Difference, DifferenceKind, Report, Tally};
