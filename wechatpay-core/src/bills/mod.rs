//! Bill files (账单): rows, totals and reconciliation (对账) with your own records.
//!
//! No I/O: feed bytes in pieces of any size; memory does not grow with the file.
//!
//! [`TradeBillReader`] reads trade bills (交易账单), [`FundFlowReader`] fund-flow bills (资金账单), and [`RowReader`]
//! every bill of the same form, such as the profit-sharing bill. Columns are found by name, because the platform has
//! added some and will add more. [`reconcile`] compares a trade bill with your orders and refunds.
//!
//! ```
//! use wechatpay_core::bills::{BillFormatError, TradeBillReader};
//!
//! let file = "\u{feff}交易时间,微信订单号,商户订单号,交易状态,订单金额,手续费,商品名称\r\n\
//!     `2024-01-01 09:00:00,`4200001,`ORDER-0001,`SUCCESS,`9.90,`0.05940,`tea, green\r\n\
//!     总交易单数,订单总金额,手续费总金额\r\n`1,`9.90,`0.05940\r\n";
//!
//! let mut bill = TradeBillReader::new();
//! for piece in file.as_bytes().chunks(10) {
//!     bill.feed(piece, |row| {
//!         assert_eq!(row.out_trade_no(), "ORDER-0001");
//!         assert_eq!(row.get("商品名称"), Some("tea, green"));
//!         assert_eq!(row.amounts().fee.map(|fee| fee.to_string()).as_deref(), Some("0.0594"));
//!         Ok::<_, BillFormatError>(())
//!     })?;
//! }
//! // Compares the computed totals with the summary row; a truncated file has none.
//! assert_eq!(bill.finish()?.totals().count, 1);
//! # Ok::<(), BillFormatError>(())
//! ```

mod amount;
mod error;
mod fund_flow;
mod header;
pub mod reconcile;
mod rows;
mod summary;
mod trade;
mod trade_totals;

pub use amount::{BillAmount, InvalidBillAmount};
pub use error::{BillFormatError, BillProblem};
pub use fund_flow::{FundFlowBill, FundFlowReader, FundFlowRow, FundFlowTotals};
pub use rows::{MAX_LINE, Row, RowReader};
pub use summary::Summary;
pub use trade::{TradeAmounts, TradeBillReader, TradeRow};
pub use trade_totals::{TradeBill, TradeTotals};
