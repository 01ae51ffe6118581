//! New transfers.

use serde::Serialize;
use wechatpay_macros::{Endpoint, RequestPart, Response, open_enum};

use super::{OutAuthorizationNo, OutBillNo, Transfer, TransferBillNo, TransferState};
use crate::types::{Appid, DateTime, Fen, Mchid, Openid, Sensitive};

/// Item that a scene must report (转账场景报备信息).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[non_exhaustive]
pub struct ReportInfo {
    /// Type of the item, as the scene names it: `活动名称`.
    #[request(into)]
    pub info_type: String,
    /// Content, up to 32 characters.
    #[request(into)]
    pub info_content: String,
}

/// Page on which the user receives the money (用户收款样式类型).
#[open_enum]
pub enum ReceiveStyleType {
    /// Page with a button.
    ConfirmPage = "CONFIRM_PAGE",
    /// Red packet.
    RedPacket = "RED_PACKET",
}

/// Look of the receiving page (用户收款样式).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[non_exhaustive]
pub struct ReceiveStyle {
    /// Kind of page.
    #[serde(rename = "type")]
    pub style_type: ReceiveStyleType,
}

/// Creates a transfer that the user confirms (发起转账).
///
/// `POST /v3/fund-app/mch-transfer/transfer-bills`.
///
/// Safe to retry unchanged: the same `out_bill_no` is the same transfer.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/fund-app/mch-transfer/transfer-bills",
    response = TransferBill, idempotency = ByNumber, echo(out_bill_no)
)]
#[request(new = "Creates a transfer of `transfer_amount` to `openid`, for a scene and its reported items.")]
#[non_exhaustive]
pub struct Create {
    /// App of the merchant.
    pub appid: Appid,
    /// Merchant's number of the transfer.
    pub out_bill_no: OutBillNo,
    /// Payee under this app.
    pub openid: Openid,
    /// Amount in fen.
    pub transfer_amount: Fen,
    /// Remark that the user sees, up to 32 characters.
    #[request(into)]
    pub transfer_remark: String,
    /// Scene that the merchant applied for, such as `1000` for marketing.
    #[request(into)]
    pub transfer_scene_id: String,
    /// Items that the scene must report.
    pub transfer_scene_report_infos: Vec<ReportInfo>,
    /// Name of the payee, sent encrypted.
    ///
    /// Required from 2,000 yuan, and not allowed below 0.3 yuan.
    #[request(into)]
    pub user_name: Option<Sensitive>,
    /// Notification URL, up to 256 characters.
    pub notify_url: Option<String>,
    /// Reason that the user sees, one of the scene's.
    pub user_recv_perception: Option<String>,
    /// Look of the receiving page.
    pub user_recv_style: Option<ReceiveStyle>,
}

/// A transfer as its creation reports it.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct TransferBill {
    /// Merchant's number of the transfer.
    pub out_bill_no: OutBillNo,
    /// WeChat Pay's number of the transfer.
    pub transfer_bill_no: TransferBillNo,
    /// State.
    #[response(required)]
    pub state: TransferState,
    /// Time of creation.
    pub create_time: Option<DateTime>,
    /// Reason of a failure.
    pub fail_reason: Option<String>,
    /// Package for the page in which the user confirms, valid for 24 hours.
    pub package_info: Option<String>,
    /// Name under which the user sees the authorisation; with [`CreateAndAuthorize`].
    pub user_display_name: Option<String>,
    /// Merchant's number of the authorisation; with [`CreateAndAuthorize`].
    pub out_authorization_no: Option<OutAuthorizationNo>,
}

/// Authorisation that the user may give with a transfer (自动收款授权信息).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[non_exhaustive]
pub struct AuthorizationInfo {
    /// Name under which the user sees the authorisation, up to 32 characters.
    #[request(into)]
    pub user_display_name: String,
    /// Merchant's number of the authorisation.
    pub out_authorization_no: OutAuthorizationNo,
    /// Notification URL of the authorisation.
    #[request(into)]
    pub authorization_notify_url: String,
}

/// Creates a transfer, and asks for an authorisation beside it (发起转账并完成自动收款授权).
///
/// `POST /v3/fund-app/mch-transfer/transfer-bills/pre-transfer-with-authorization`.
///
/// Safe to retry unchanged: the same `out_bill_no` is the same transfer.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/fund-app/mch-transfer/transfer-bills/pre-transfer-with-authorization",
    response = TransferBill, idempotency = ByNumber, echo(out_bill_no)
)]
#[request(new = "Creates a transfer of `transfer_amount` to `openid`, for a scene and its reported items.")]
#[non_exhaustive]
pub struct CreateAndAuthorize {
    /// App of the merchant.
    pub appid: Appid,
    /// Merchant's number of the transfer.
    pub out_bill_no: OutBillNo,
    /// Payee under this app.
    pub openid: Openid,
    /// Amount in fen.
    pub transfer_amount: Fen,
    /// Remark that the user sees, up to 32 characters.
    #[request(into)]
    pub transfer_remark: String,
    /// Scene that the merchant applied for.
    #[request(into)]
    pub transfer_scene_id: String,
    /// Items that the scene must report.
    pub transfer_scene_report_infos: Vec<ReportInfo>,
    /// Name of the payee, sent encrypted; required from 2,000 yuan.
    #[request(into)]
    pub user_name: Option<Sensitive>,
    /// Notification URL of the transfer.
    pub notify_url: Option<String>,
    /// Reason that the user sees, one of the scene's.
    pub user_recv_perception: Option<String>,
    /// Authorisation to ask for.
    pub authorization_info: Option<AuthorizationInfo>,
    /// Merchant that pays instead of the caller.
    pub sponsor_mchid: Option<Mchid>,
}

/// Creates a transfer to a user who has authorised the merchant (用户授权后转账).
///
/// `POST /v3/fund-app/mch-transfer/transfer-bills/transfer`. The user confirms nothing.
///
/// Name the authorisation by one of its numbers. Safe to retry unchanged: the same `out_bill_no` is the same transfer.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/fund-app/mch-transfer/transfer-bills/transfer",
    response = Transfer, idempotency = ByNumber, echo(out_bill_no), echo_if_present(appid, transfer_amount)
)]
#[request(new = "Creates a transfer of `transfer_amount`, for a scene and its reported items.")]
#[non_exhaustive]
pub struct CreateAuthorized {
    /// App of the merchant.
    pub appid: Appid,
    /// Merchant's number of the transfer.
    pub out_bill_no: OutBillNo,
    /// Amount in fen.
    pub transfer_amount: Fen,
    /// Remark that the user sees, up to 32 characters.
    #[request(into)]
    pub transfer_remark: String,
    /// Scene that the merchant applied for.
    #[request(into)]
    pub transfer_scene_id: String,
    /// Items that the scene must report.
    pub transfer_scene_report_infos: Vec<ReportInfo>,
    /// Name of the payee, sent encrypted; required from 2,000 yuan.
    #[request(into)]
    pub user_name: Option<Sensitive>,
    /// Notification URL of the transfer.
    pub notify_url: Option<String>,
    /// Reason that the user sees, one of the scene's.
    pub user_recv_perception: Option<String>,
    /// WeChat Pay's number of the authorisation.
    pub authorization_id: Option<String>,
    /// Merchant's number of the authorisation.
    pub out_authorization_no: Option<OutAuthorizationNo>,
    /// Merchant that pays instead of the caller.
    pub sponsor_mchid: Option<Mchid>,
}

/// Parameters of `wx.requestMerchantTransfer`, with which the user confirms.
///
/// They need no signature: the package is bound to the transfer and its payee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ConfirmParameters {
    /// The merchant.
    pub mch_id: Mchid,
    /// App under which the payee's openid is known.
    pub app_id: Appid,
    /// Package of the transfer.
    pub package: String,
}

impl ConfirmParameters {
    /// Creates the parameters from [`TransferBill::package_info`].
    pub fn new(mch_id: Mchid, app_id: Appid, package_info: impl Into<String>) -> Self {
        Self {
            mch_id,
            app_id,
            package: package_info.into(),
        }
    }
}
