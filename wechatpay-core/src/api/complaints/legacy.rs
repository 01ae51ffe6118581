//! Complaints of the older interface, which names a complaint by its transaction.
//!
//! The other parts of [`complaints`](super) name it by its own number. Use those for new complaints.
//!
//! ```
//! use wechatpay_core::api::{Endpoint, complaints::legacy::Query};
//!
//! let query = Query::new("4200000404201909069117582536".parse()?);
//! assert_eq!(query.path().as_str(), "/v3/merchant-service/complaints/4200000404201909069117582536");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Pages: 查询投诉信息, 查询投诉详情, 查询投诉协商历史, 商户反馈.

use wechatpay_macros::{Endpoint, Response, open_enum};

use crate::types::{DateTime, Fen, Mchid, OutTradeNo, Redacted, TransactionId};

/// State of a complaint (投诉单状态).
#[open_enum]
pub enum ComplaintState {
    /// The payer complained.
    PayerComplained = "PAYER_COMPLAINTED",
    /// The money is frozen.
    Frozen = "FROZENED",
    /// The money is no longer frozen, its time is over.
    FrozenFinished = "FROZEN_FINISHED",
    /// The payer withdrew the complaint.
    PayerCancelled = "PAYER_CANCELED",
    /// The merchant refunded.
    MerchantRefunded = "MERCHANT_REFUNDED",
    /// The system refunded.
    SystemRefunded = "SYSTEM_REFUNDED",
    /// The money was released by hand.
    ManualUnfrozen = "MANUAL_UNFROZEN",
}

/// Kind of entry (操作类型).
#[open_enum]
pub enum OperateType {
    /// The payer complained.
    UserCreateComplaint = "USER_CREATE_COMPLAINT",
    /// The platform complained for the payer.
    CreateComplaintByPlatform = "CREATE_COMPLAINT_BY_PLATFORM",
    /// The payer complained again.
    UserContinueComplaint = "USER_CONTINUE_COMPLAINT",
    /// The payer withdrew the complaint.
    UserRevokeComplaint = "USER_REVOKE_COMPLAINT",
    /// The payer confirmed that it is settled.
    UserConfirmComplaint = "USER_CONFIRM_COMPLAINT",
    /// The merchant refunded.
    SellerRefund = "SELLER_REFUND",
    /// The merchant asked the payer to confirm.
    MerchantLaunchConfirmProcess = "MERCHANT_LAUNCH_CONFIRM_PROCESS",
    /// The payer wrote.
    UserResponse = "USER_RESPONSE",
    /// The merchant replied.
    MerchantResponse = "MERCHANT_RESPONSE",
    /// The platform wrote.
    ResponseByPlatform = "RESPONSE_BY_PLATFORM",
    /// The platform complained again for the payer.
    ContinueComplaintByPlatform = "CONTINUE_COMPLAINT_BY_PLATFORM",
    /// Message of the system: the payer complained.
    CreateComplaintSystemMessage = "CREATE_COMPLAINT_SYSTEM_MESSAGE",
    /// Message of the system: the time is over.
    ComplaintTimeoutSystemMessage = "COMPLAINT_TIMEOUT_SYSTEM_MESSAGE",
    /// Message of the system: the merchant refunded.
    SellerRefundSystemMessage = "SELLER_REFUND_SYSTEM_MESSAGE",
    /// Message of the system: the payer complained again.
    ContinueComplaintSystemMessage = "CONTINUE_COMPLAINT_SYSTEM_MESSAGE",
    /// Message of the system: the merchant asked the payer to confirm.
    LaunchConfirmProcessSystemMessage = "LAUNCH_CONFIRM_PROCESS_SYSTEM_MESSAGE",
}

/// Lists the complaints of a period (查询投诉信息).
///
/// `GET /v3/merchant-service/complaints`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(GET, "/v3/merchant-service/complaints", response = ComplaintPage)]
#[request(new = "Creates the request for the days from `begin_date` to `end_date`.")]
#[non_exhaustive]
pub struct List {
    /// First day, such as `2019-01-01`.
    #[request(into)]
    pub begin_date: String,
    /// Last day.
    #[request(into)]
    pub end_date: String,
    /// Maximum number of complaints.
    pub limit: Option<u32>,
    /// Number of complaints to skip.
    pub offset: Option<u32>,
    /// The sub-merchant.
    pub sub_mchid: Option<Mchid>,
}

/// A page of complaints.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct ComplaintPage {
    /// Complaints of this page.
    pub data: Vec<Complaint>,
    /// Maximum number of complaints.
    pub limit: Option<u64>,
    /// Offset of this page.
    pub offset: Option<u64>,
    /// Number of all complaints.
    pub total_count: Option<u64>,
}

/// A complaint about a transaction (投诉单).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Complaint {
    /// WeChat Pay's number of the order.
    pub transaction_id: TransactionId,
    /// Merchant's number of the order.
    pub out_trade_no: Option<OutTradeNo>,
    /// Time.
    pub complaint_time: Option<DateTime>,
    /// Amount of the order in fen.
    pub amount: Option<Fen>,
    /// Telephone number of the payer, encrypted with the merchant's certificate.
    pub payer_phone: Option<Redacted>,
    /// Text of the payer.
    pub complaint_detail: Option<Redacted>,
    /// State.
    pub complaint_state: Option<ComplaintState>,
    /// Progress of the merchant's work; in [`Query`] only.
    pub complaint_handle_state: Option<String>,
    /// Time when the money is released.
    pub frozen_end_time: Option<DateTime>,
    /// The sub-merchant.
    pub sub_mchid: Option<Mchid>,
}

/// Queries the complaint about a transaction (查询投诉详情).
///
/// `GET /v3/merchant-service/complaints/{transaction_id}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/merchant-service/complaints/{transaction_id}",
    response = Complaint, echo(transaction_id)
)]
#[request(new = "Creates the request for a transaction.")]
#[non_exhaustive]
pub struct Query {
    /// WeChat Pay's number of the order.
    pub transaction_id: TransactionId,
}

/// Lists the history of a complaint (查询投诉协商历史).
///
/// `GET /v3/merchant-service/complaints/{transaction_id}/negotiation-historys`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/merchant-service/complaints/{transaction_id}/negotiation-historys",
    response = History
)]
#[request(new = "Creates the request for a transaction.")]
#[non_exhaustive]
pub struct ListHistory {
    /// WeChat Pay's number of the order.
    pub transaction_id: TransactionId,
}

/// History of a complaint (投诉协商历史).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct History {
    /// Entries.
    pub complaint_negotiation_history: Vec<Entry>,
}

/// An entry of a history.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Entry {
    /// Kind.
    #[response(required)]
    pub operate_type: OperateType,
    /// Author.
    pub operate_user: Option<String>,
    /// Time.
    pub operate_time: Option<DateTime>,
    /// Text.
    pub operate_details: Option<Redacted>,
    /// Addresses of pictures.
    pub image_list: Vec<String>,
}

/// Replies to the complaint about a transaction (商户反馈).
///
/// `POST /v3/merchant-service/feedbacks`.
///
/// Not retried: the payer would see the reply twice. If the outcome is unknown, use [`ListHistory`].
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(POST, "/v3/merchant-service/feedbacks")]
#[request(new = "Creates the reply to the complaint about a transaction.")]
#[non_exhaustive]
pub struct Feedback {
    /// WeChat Pay's number of the order.
    pub transaction_id: TransactionId,
    /// Merchant that the complaint is about.
    pub complainted_mchid: Mchid,
    /// Text.
    #[request(into)]
    pub feedback_content: String,
    /// Kind of content.
    pub feedback_type: Option<i64>,
    /// Media ids of pictures.
    pub feedback_images: Option<Vec<String>>,
    /// True to ask the payer to confirm that it is settled.
    pub launch_confirm_process: Option<bool>,
}
