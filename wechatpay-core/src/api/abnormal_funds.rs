//! Money that could not be credited and waits for an instruction (在途异常资金) (feature `abnormal-funds`).
//!
//! WeChat Pay names the payment by its `receipt_id`; the platform instructs where the money goes. The same
//! `out_instruction_no` is the same instruction: if a response was lost, query it or send it again under its number.
//!
//! # Examples
//!
//! ```
//! use wechatpay_core::api::{Endpoint, Idempotency, abnormal_funds::{Instruct, Receiver, TransferMode}};
//! use wechatpay_core::types::{Appid, Openid};
//!
//! let (appid, openid): (Appid, Openid) = ("wxf636efh567hg4356".parse()?, "o-MYE42l80oelYMDE34nYD456Xoy".parse()?);
//! let instruct = Instruct::new("100200300", "INSTRUCTION0001", TransferMode::OriginalUser)
//!     .receiver(Receiver::new().appid(appid).openid(openid));
//! assert_eq!(instruct.idempotency(), Idempotency::ByNumber);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Pages: 查询在途异常资金付款结果, 发起在途异常资金付款指令, 查询在途异常资金付款指令执行结果, 异常转付处理结果回调.

use wechatpay_macros::{Endpoint, RequestPart, Resource, Response, open_enum};

use super::EchoMismatch;
use crate::types::{Appid, Currency, DateTime, Fen, Mchid, Openid};

/// Way of the money (付款方式).
#[open_enum]
pub enum TransferMode {
    /// To the user who was to receive it.
    OriginalUser = "TRANSFER_TO_ORIGINAL_RECEIVE_USER",
    /// To the merchant that was to receive it.
    OriginalMerchant = "TRANSFER_MODE_TO_ORIGINAL_RECEIVE_MERCHANT",
    /// To a merchant that the instruction names.
    GivenMerchant = "TRANSFER_MODE_TO_SPECIFIED_RECEIVE_MERCHANT",
}

/// State of a payment (在途异常资金付款状态).
#[open_enum]
pub enum ReceiptState {
    /// Waits for an instruction.
    Pending = "RECEIPT_STATE_PENDING",
    /// Being paid.
    Progress = "RECEIPT_STATE_PROGRESS",
    /// Completed.
    Completed = "RECEIPT_STATE_COMPLETED",
}

/// State of an instruction (在途异常资金付款指令状态).
#[open_enum]
pub enum InstructionState {
    /// Accepted.
    Pending = "INSTRUCTION_STATE_PENDING",
    /// Being carried out.
    InProgress = "INSTRUCTION_STATE_IN_PROGRESS",
    /// Closed without a payment.
    Closed = "INSTRUCTION_STATE_CLOSED",
    /// Paid.
    Success = "INSTRUCTION_STATE_SUCCESS",
}

/// Receiver that an instruction names (收款方).
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart)]
#[non_exhaustive]
pub struct Receiver {
    /// User under the app.
    pub openid: Option<Openid>,
    /// App of the merchant.
    pub appid: Option<Appid>,
    /// The merchant.
    pub mchid: Option<Mchid>,
}

/// Instructs where the money of a payment goes (发起在途异常资金付款指令).
///
/// `POST /v3/abnormal-fund-processing/receipts/{receipt_id}/transfer-instructions`.
///
/// Safe to retry unchanged: the same `out_instruction_no` is the same instruction.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/abnormal-fund-processing/receipts/{receipt_id}/transfer-instructions",
    response = Receipt, idempotency = ByNumber, echo(receipt_id), check = same_instruction
)]
#[request(new = "Creates the instruction for a payment.")]
#[non_exhaustive]
pub struct Instruct {
    /// WeChat Pay's number of the payment.
    #[request(into)]
    pub receipt_id: String,
    /// Merchant's number of the instruction.
    #[request(into)]
    pub out_instruction_no: String,
    /// Way of the money.
    pub transfer_mode: TransferMode,
    /// Receiver, if the way needs one.
    pub receiver: Option<Receiver>,
    /// Notification URL.
    pub notify_url: Option<String>,
}

fn same_instruction(request: &Instruct, response: &Receipt) -> Result<(), EchoMismatch> {
    match &response.instruction {
        Some(instruction) => EchoMismatch::compare(
            "out_instruction_no",
            &request.out_instruction_no,
            &instruction.out_instruction_no,
        ),
        None => Ok(()),
    }
}

/// Queries a payment (查询在途异常资金付款结果).
///
/// `GET /v3/abnormal-fund-processing/receipts/{receipt_id}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/abnormal-fund-processing/receipts/{receipt_id}",
    response = Receipt, echo(receipt_id)
)]
#[request(new = "Creates the request for a payment.")]
#[non_exhaustive]
pub struct QueryReceipt {
    /// WeChat Pay's number of the payment.
    #[request(into)]
    pub receipt_id: String,
}

/// Queries an instruction (查询在途异常资金付款指令执行结果).
///
/// `GET /v3/abnormal-fund-processing/receipts/{receipt_id}/transfer-instructions/{out_instruction_no}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/abnormal-fund-processing/receipts/{receipt_id}/transfer-instructions/{out_instruction_no}",
    response = Instruction, echo(out_instruction_no)
)]
#[request(new = "Creates the request for an instruction.")]
#[non_exhaustive]
pub struct QueryInstruction {
    /// WeChat Pay's number of the payment.
    #[request(into)]
    pub receipt_id: String,
    /// Merchant's number of the instruction.
    #[request(into)]
    pub out_instruction_no: String,
}

/// Amount of a payment (付款金额信息).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Amount {
    /// Amount in fen.
    pub total: Fen,
    /// Currency.
    pub currency: Option<Currency>,
}

/// A payment whose money waits; also the resource of its notification (在途异常资金付款).
#[derive(Clone, Debug, PartialEq, Eq, Response, Resource)]
#[resource(
    event("ABNORMAL_FUND_PROCESSING.TRANSFER.SUCCESS"),
    original_type = "abnormal_fund_processing",
    decides("receipt_id", "receipt_state", "transfer_amount.total")
)]
#[non_exhaustive]
pub struct Receipt {
    /// WeChat Pay's number of the payment.
    pub receipt_id: String,
    /// State.
    #[response(required)]
    pub receipt_state: ReceiptState,
    /// Amount.
    pub transfer_amount: Amount,
    /// Product, such as `C2C`.
    pub product_name: Option<String>,
    /// Time of creation.
    pub create_time: Option<DateTime>,
    /// Time of the last change.
    pub last_update_time: Option<DateTime>,
    /// Instruction, once there is one.
    pub instruction: Option<Instruction>,
}

/// Author of an instruction (指令的发起方).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Commander {
    /// Role, such as `MERCHANT`.
    pub operator: Option<String>,
    /// The merchant.
    pub mchid: Option<Mchid>,
}

/// An instruction (在途异常资金付款指令).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Instruction {
    /// Merchant's number of the instruction.
    pub out_instruction_no: String,
    /// Author.
    pub commander: Option<Commander>,
    /// Way of the money.
    pub transfer_mode: Option<TransferMode>,
    /// Receiver.
    pub receiver: Option<Received>,
    /// State; absent where only the payment has one.
    pub instruction_state: Option<InstructionState>,
    /// Time of creation.
    pub create_time: Option<DateTime>,
    /// Time of the credit.
    pub success_time: Option<DateTime>,
    /// Time of its end without a payment.
    pub close_time: Option<DateTime>,
    /// Notification URL.
    pub notify_url: Option<String>,
    /// WeChat Pay's number of the execution.
    pub instruction_instance_id: Option<String>,
    /// Apps of the merchant.
    pub appid: Vec<Appid>,
}

/// Receiver of an instruction (收款方).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Received {
    /// Kind of account.
    pub account_type: Option<String>,
    /// User under the app.
    pub openid: Option<Openid>,
    /// App of the merchant.
    pub appid: Option<Appid>,
    /// The merchant.
    pub mchid: Option<Mchid>,
}
