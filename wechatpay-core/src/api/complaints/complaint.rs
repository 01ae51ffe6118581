//! Complaints and their lists.

use wechatpay_macros::{Endpoint, Response, open_enum};

use crate::types::{DateTime, Fen, Mchid, Openid, OutTradeNo, Redacted, TransactionId};

/// State of a complaint (投诉单状态).
#[open_enum]
pub enum ComplaintState {
    /// Waits for the merchant's first reply.
    Pending = "PENDING",
    /// The merchant has replied.
    Processing = "PROCESSING",
    /// Completed.
    Processed = "PROCESSED",
}

/// Kind of problem (问题类型).
#[open_enum]
pub enum ProblemType {
    /// The payer asks for a refund.
    Refund = "REFUND",
    /// The service does not work.
    ServiceNotWork = "SERVICE_NOT_WORK",
    /// Any other.
    Others = "OTHERS",
}

/// Tag of a payer (用户标签).
#[open_enum]
pub enum UserTag {
    /// Trusted.
    Trusted = "TRUSTED",
    /// High risk.
    HighRisk = "HIGH_RISK",
}

/// Origin of a picture (媒体文件业务类型).
#[open_enum]
pub enum MediaType {
    /// Sent with the complaint.
    Complaint = "USER_COMPLAINT_IMAGE",
    /// Sent with a later message.
    Operation = "OPERATION_IMAGE",
}

/// State of a service order of PayScore (支付分服务单状态).
#[open_enum]
pub enum ServiceOrderState {
    /// In progress.
    Doing = "DOING",
    /// Cancelled.
    Revoked = "REVOKED",
    /// Waits for the payment.
    WaitPay = "WAITPAY",
    /// Paid.
    Done = "DONE",
}

/// Kind of additional information (补充信息类型).
#[open_enum]
pub enum AdditionalType {
    /// About a rented power bank.
    SharePower = "SHARE_POWER_TYPE",
}

/// An order that a complaint concerns (投诉单关联订单信息).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Order {
    /// WeChat Pay's number of the order.
    pub transaction_id: TransactionId,
    /// Merchant's number of the order.
    pub out_trade_no: Option<OutTradeNo>,
    /// Amount in fen.
    pub amount: Option<Fen>,
}

/// A service order that a complaint concerns (投诉单关联服务单信息).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct ServiceOrder {
    /// WeChat Pay's number of the service order.
    pub order_id: Option<String>,
    /// Merchant's number of the service order.
    pub out_order_no: Option<String>,
    /// State.
    pub state: Option<ServiceOrderState>,
}

/// Pictures of a complaint or of a message (投诉资料).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Media {
    /// Origin of the pictures.
    pub media_type: Option<MediaType>,
    /// Addresses of the pictures: of the path [`IMAGE`](super::IMAGE).
    pub media_url: Vec<String>,
}

/// Place where a power bank was returned (归还地点信息).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct ReturnAddress {
    /// Address.
    pub return_address: Option<Redacted>,
    /// Longitude.
    pub longitude: Option<Redacted>,
    /// Latitude.
    pub latitude: Option<Redacted>,
}

/// Return of a rented power bank (充电宝投诉相关信息).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct SharePowerInfo {
    /// Time.
    pub return_time: Option<DateTime>,
    /// Place.
    pub return_address_info: Option<ReturnAddress>,
    /// True if it was returned to the machine that it came from.
    pub is_returned_to_same_machine: Option<bool>,
}

/// Additional information (补充信息).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct AdditionalInfo {
    /// Kind.
    #[serde(rename = "type")]
    pub additional_type: Option<AdditionalType>,
    /// Return of a rented power bank.
    pub share_power_info: Option<SharePowerInfo>,
}

/// A complaint (投诉单).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Complaint {
    /// Number of the complaint.
    pub complaint_id: String,
    /// State.
    #[response(required)]
    pub complaint_state: ComplaintState,
    /// Time.
    pub complaint_time: Option<DateTime>,
    /// Text of the payer.
    pub complaint_detail: Option<Redacted>,
    /// Merchant that the complaint is about.
    pub complainted_mchid: Option<Mchid>,
    /// Telephone number of the payer, encrypted with the merchant's certificate.
    pub payer_phone: Option<Redacted>,
    /// Payer; in [`Query`] only.
    pub payer_openid: Option<Openid>,
    /// Orders.
    pub complaint_order_info: Vec<Order>,
    /// Service orders.
    pub service_order_info: Vec<ServiceOrder>,
    /// Pictures.
    pub complaint_media_list: Vec<Media>,
    /// True if its orders were refunded in full.
    pub complaint_full_refunded: Option<bool>,
    /// True if a message of the payer waits for an answer.
    pub incoming_user_response: Option<bool>,
    /// Problem that the payer chose.
    pub problem_description: Option<String>,
    /// Number of times that the payer complained about these orders.
    pub user_complaint_times: Option<i64>,
    /// Kind of problem.
    pub problem_type: Option<ProblemType>,
    /// Refund that the payer asks for, in fen.
    pub apply_refund_amount: Option<Fen>,
    /// Tags of the payer.
    pub user_tag_list: Vec<UserTag>,
    /// Additional information.
    pub additional_info: Option<AdditionalInfo>,
    /// True while the platform helps.
    pub in_platform_service: Option<bool>,
    /// True if the payer should be answered at once: [`ReplyAtOnce`](super::ReplyAtOnce).
    pub need_immediate_service: Option<bool>,
    /// True if an agent of the merchant may answer it.
    pub is_agent_mode: Option<bool>,
}

/// Lists the complaints of a period (查询投诉单列表).
///
/// `GET /v3/merchant-service/complaints-v2`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(GET, "/v3/merchant-service/complaints-v2", response = ComplaintPage)]
#[request(new = "Creates the request for the days from `begin_date` to `end_date`, at most 30.")]
#[non_exhaustive]
pub struct List {
    /// First day, such as `2019-01-01`.
    #[request(into)]
    pub begin_date: String,
    /// Last day.
    #[request(into)]
    pub end_date: String,
    /// Maximum number of complaints, up to 50.
    pub limit: Option<u32>,
    /// Number of complaints to skip.
    pub offset: Option<u32>,
    /// Merchant that the complaints are about; a partner's request without it lists all.
    pub complainted_mchid: Option<Mchid>,
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

/// Queries a complaint (查询投诉单详情).
///
/// `GET /v3/merchant-service/complaints-v2/{complaint_id}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/merchant-service/complaints-v2/{complaint_id}",
    response = Complaint, echo(complaint_id)
)]
#[request(new = "Creates the request for a complaint.")]
#[non_exhaustive]
pub struct Query {
    /// Number of the complaint.
    #[request(into)]
    pub complaint_id: String,
}
