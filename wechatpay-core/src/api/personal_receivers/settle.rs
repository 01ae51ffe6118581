//! Settlements of paid orders to a person.

use wechatpay_macros::{Endpoint, RequestPart, Resource, Response, open_enum};

use super::{OutAbnormalSettleBatchNo, OutSettleBatchNo, SettleBatchNo};
use crate::{
    api::EchoMismatch,
    types::{Appid, Currency, DateTime, Fen, Redacted, TransactionId},
};

/// Trade scenario of a batch (交易场景).
#[open_enum]
pub enum SettleScenario {
    /// Second-hand goods.
    Recommerce = "RECOMMERCE",
    /// Trade of a person.
    IndividualTrade = "INDIVIDUALTRADE",
}

/// State of a batch (批次状态).
#[open_enum]
pub enum BatchState {
    /// Accepted.
    Accepted = "ACCEPTED",
    /// The person has received the money.
    Received = "RECEIVED",
    /// Settled, the platform's fee too.
    Success = "SUCCESS",
    /// The platform's fee could not be deducted.
    DeductFeeFail = "DEDUCT_FEE_FAIL",
    /// The money cannot be settled: [`ApplyAbnormal`] says where it goes.
    Abnormal = "ABNORMAL",
    /// The money of an abnormal batch was paid.
    AbnormalSettled = "ABNORMAL_SETTLE_SUCCESS",
}

/// Reason why a batch is abnormal (异常原因类型).
#[open_enum]
pub enum AbnormalType {
    /// The person has ended the authorisation.
    AuthorizationInvalid = "AUTH_RELATIONSHIP_INVALID",
    /// The person's account has reached its limit.
    QuotaLimit = "USER_PAY_QUOTA_LIMIT",
}

/// Way of the money of an abnormal batch (异常结算批次单处理方式).
#[open_enum]
pub enum AbnormalSettleType {
    /// To the person who was to receive it.
    ToOriginalReceiver = "TRANSFER_TO_ORIGINAL_RECEIVE_USER",
}

/// Amount of a part (金额).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates an amount in fen.")]
#[non_exhaustive]
pub struct SettleAmount {
    /// Amount in fen.
    pub amount: Fen,
    /// Currency, `CNY`.
    pub currency: Option<Currency>,
}

/// Part of an order's money, and its receiver (结算明细单).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates the part `out_settle_detail_no` for a receiver.")]
#[non_exhaustive]
pub struct SettleDetail {
    /// Platform's number of the part.
    #[request(into)]
    pub out_settle_detail_no: String,
    /// Kind of settlement, such as `RECEIVE`.
    #[request(into)]
    pub settle_type: String,
    /// Kind of receiver, such as `MERCHANT`.
    #[request(into)]
    pub receiver_type: String,
    /// Receiver: a merchant or a person.
    #[request(into)]
    pub receiver_account: Redacted,
    /// Amount.
    pub amount: SettleAmount,
}

/// An order that is settled (结算信息).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates the settlement `out_settle_no` of a paid order.")]
#[non_exhaustive]
pub struct SettleInfo {
    /// Platform's number of the settlement.
    #[request(into)]
    pub out_settle_no: String,
    /// WeChat Pay's number of the order.
    pub transaction_id: TransactionId,
    /// Parts.
    pub settle_detail_info_list: Vec<SettleDetail>,
}

/// Settles orders to a person, in one batch (个人收款-申请批量结算).
///
/// `POST /v3/platsolution/ecommerce/settle/prepay-settle-orders`.
///
/// Not retried: no page promises that a repeated number is the same batch. If the outcome is unknown, wait for the
/// notification, and never use a new number.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/platsolution/ecommerce/settle/prepay-settle-orders",
    response = SettleBatch, echo(out_settle_batch_no),
    echo_if_present(individual_auth_id)
)]
#[request(new = "Creates a batch of orders that pay the person `individual_auth_id`.")]
#[non_exhaustive]
pub struct Settle {
    /// App of the platform.
    pub appid: Appid,
    /// Platform's number of the batch.
    pub out_settle_batch_no: OutSettleBatchNo,
    /// Authorisation id of the person.
    #[request(into)]
    pub individual_auth_id: Redacted,
    /// Notification URL.
    #[request(into)]
    pub notify_url: String,
    /// Description that the person sees.
    #[request(into)]
    pub description: String,
    /// Trade scenario.
    pub trade_scenario: SettleScenario,
    /// Orders.
    pub settle_info_list: Vec<SettleInfo>,
    /// Template of the receipt: 1 or 2.
    pub receive_type_template_id: Option<i64>,
}

/// A batch; also the resource of its notification (结算批次).
#[derive(Clone, Debug, PartialEq, Eq, Response, Resource)]
#[resource(
    event("SETTLEMENT.SUCCESS"),
    decides("out_settle_batch_no", "settle_batch_no", "individual_auth_id", "state")
)]
#[non_exhaustive]
pub struct SettleBatch {
    /// Platform's number of the batch.
    pub out_settle_batch_no: OutSettleBatchNo,
    /// WeChat Pay's number of the batch.
    pub settle_batch_no: SettleBatchNo,
    /// State.
    #[response(required)]
    pub state: BatchState,
    /// Authorisation id of the person.
    pub individual_auth_id: Option<Redacted>,
    /// Description that the person sees.
    pub description: Option<String>,
    /// Trade scenario.
    pub trade_scenario: Option<SettleScenario>,
    /// Time of creation.
    pub create_time: Option<DateTime>,
    /// Time of the end.
    pub finish_time: Option<DateTime>,
    /// Reason why the batch is abnormal.
    pub abnormal_type: Option<AbnormalType>,
    /// Instruction for an abnormal batch.
    pub abnormal_settle_result: Option<AbnormalSettleResult>,
}

/// Instruction for an abnormal batch, as the batch reports it (异常结算处理结果).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct AbnormalSettleResult {
    /// Platform's number of the instruction.
    pub out_abnormal_settle_batch_no: Option<OutAbnormalSettleBatchNo>,
    /// Way of the money.
    pub abnormal_settle_type: Option<AbnormalSettleType>,
    /// Time at which the instruction was accepted.
    pub apply_success_time: Option<DateTime>,
    /// WeChat Pay's number of the payment that waits (异常资金付款单号).
    pub abnormal_fund_receipt_id: Option<String>,
}

/// Queries a batch (个人收款-查询批量结算信息).
///
/// `GET /v3/platsolution/ecommerce/settle/prepay-settle-orders/{settle_batch_no}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/platsolution/ecommerce/settle/prepay-settle-orders/{settle_batch_no}",
    response = SettleBatch, echo(settle_batch_no)
)]
#[request(new = "Creates the request for the batch `settle_batch_no`.")]
#[non_exhaustive]
pub struct QueryBatch {
    /// WeChat Pay's number of the batch.
    pub settle_batch_no: SettleBatchNo,
}

/// Instructs where the money of an abnormal batch goes (个人收款-申请异常结算批次单处理).
///
/// `POST /v3/platsolution/ecommerce/settle/prepay-settle-orders/{settle_batch_no}/apply-abnormal-settle`.
///
/// Not retried: no page promises that a repeated number is the same instruction. Query the batch instead.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/platsolution/ecommerce/settle/prepay-settle-orders/{settle_batch_no}/apply-abnormal-settle",
    response = SettleBatch, echo(settle_batch_no),
    echo_if_present(individual_auth_id), check = same_instruction
)]
#[request(new = "Creates the instruction `out_abnormal_settle_batch_no` for the batch `settle_batch_no`.")]
#[non_exhaustive]
pub struct ApplyAbnormal {
    /// WeChat Pay's number of the batch.
    pub settle_batch_no: SettleBatchNo,
    /// Authorisation id of the person.
    #[request(into)]
    pub individual_auth_id: Redacted,
    /// Platform's number of the instruction.
    pub out_abnormal_settle_batch_no: OutAbnormalSettleBatchNo,
    /// Way of the money.
    pub abnormal_settle_type: AbnormalSettleType,
    /// Explanation.
    pub description: Option<String>,
}

fn same_instruction(request: &ApplyAbnormal, response: &SettleBatch) -> Result<(), EchoMismatch> {
    let result = response.abnormal_settle_result.as_ref();
    match result.and_then(|result| result.out_abnormal_settle_batch_no.as_ref()) {
        Some(returned) => EchoMismatch::compare(
            "out_abnormal_settle_batch_no",
            &request.out_abnormal_settle_batch_no,
            returned,
        ),
        None => Ok(()),
    }
}
