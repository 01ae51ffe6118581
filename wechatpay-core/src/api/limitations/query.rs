//! Limitations of a sub-merchant.

use wechatpay_macros::{Endpoint, Response, open_enum};

use crate::types::Mchid;

/// Function that was taken from a merchant (被管控能力).
#[open_enum]
pub enum LimitedFunction {
    /// Payments and recharges.
    TransactionAndRecharge = "NO_TRANSACTION_AND_RECHARGE",
    /// Payments to others from the balance.
    Payment = "NO_PAYMENT",
    /// Withdrawals.
    Withdrawal = "NO_WITHDRAWAL",
    /// Refunds.
    Refund = "NO_REFUND",
    /// Payments.
    Transaction = "NO_TRANSACTION",
    /// Profit sharing.
    ProfitSharing = "NO_PROFIT_SHARING",
    /// Completion of PayScore orders.
    PayScoreCompletion = "NO_PAYMENT_POINT_COMPLETE_ORDER",
}

/// Way to get a function back (解脱路径).
#[open_enum]
pub enum RecoverWay {
    /// There is none.
    Irrecoverable = "IRRECOVERABLE",
    /// Correct the subject's data.
    ModifySubjectInformation = "MODIFY_SUBJECT_INFORMATION",
    /// Correct the settlement account.
    ModifySettleAccountInformation = "MODIFY_SETTLE_ACCOUNT_INFORMATION",
    /// Verify the identity of the inactive merchant.
    VerifyInactiveMerchantIdentity = "VERIFY_INACTIVE_MERCHANT_IDENTITY",
    /// Submit the offline business.
    SubmitOfflineBusinessScenarioInformation = "SUBMIT_OFFLINE_BUSINESS_SCENARIO_INFORMATION",
    /// Appeal.
    SubmitInformationForAppeal = "SUBMIT_INFORMATION_FOR_APPEAL",
    /// Settle the payers' complaints.
    ResolveTransactionDisputes = "RESOLVE_TRANSACTION_DISPUTES",
    /// Correct the administrator's data.
    ModifyAdministratorInformation = "MODIFY_ADMINISTRATOR_INFORMATION",
    /// Call 95017.
    CallCustomerService = "CALL_CUSTOMER_SERVICE_AT_95017",
    /// Correct the business.
    UpdateBusinessScenarioInformation = "UPDATE_BUSINESS_SCENARIO_INFORMATION",
    /// Submit the due diligence (尽职调查).
    SubmitCddInformation = "SUBMIT_CDD_INFORMATION",
    /// Wait for the platform's review.
    WaitingForPlatformReview = "WAITING_FOR_PLATFORM_REVIEW",
    /// Submit the beneficial owner.
    SubmitUboInformation = "SUBMIT_UBO_INFORMATION",
    /// Sign the pledge against fraud, and show the face.
    SignAntiFraudPledgeAndVerifyFace = "SIGN_ANTI_FRAUD_PLEDGE_AND_VERIFY_FACE",
    /// Ask the authority.
    ContactAppropriateAuthority = "CONTACT_APPROPRIATE_AUTHORITY_FOR_CONSULTATION",
    /// Correct the short name.
    ModifyAbbreviationInformation = "MODIFY_ABBREVIATION_INFORMATION",
    /// Confirm the kind of business.
    ConfirmBusinessType = "CONFIRM_BUSINESS_TYPE",
    /// Submit the online business.
    SubmitOnlineBusinessScenarioInformation = "SUBMIT_ONLINE_BUSINESS_SCENARIO_INFORMATION",
    /// Ask the partner.
    ContactServiceProvider = "CONTACT_SERVICE_PROVIDER",
}

/// Time of a limitation (处置方式).
#[open_enum]
pub enum LimitationActionType {
    /// At once.
    Immediate = "LIMIT_ACTION_TYPE_IMMEDIATE_CONTROL",
    /// Later, unless it is settled before.
    Delayed = "LIMIT_ACTION_TYPE_DELAY_CONTROL",
}

/// Kind of reason (被管控原因类型).
#[open_enum]
pub enum LimitationReasonType {
    /// Abnormal licence.
    LicenseAbnormal = "LICENSE_ABNORMAL",
    /// No payments for long.
    NoTrade = "NO_TRADE",
    /// Abnormal settlement account.
    SettleAccountAbnormal = "SETTLE_ACCOUNT_ABNORMAL",
    /// Risk.
    RiskAbnormal = "RISK_ABNORMAL",
    /// Any other.
    AnyOther = "OTHER",
    /// Abnormal inspection.
    InspectAbnormal = "INSPECT_ABNORMAL",
    /// Invalid data of the legal representative.
    InvalidRepresentative = "INVALID_REPRESENTATIVE_INFORMATION",
    /// Invalid state of the business.
    InvalidBusinessStatus = "INVALID_BUSINESS_STATUS",
    /// Invalid business licence.
    InvalidBusinessLicense = "INVALID_BUSINESS_LICENSE",
    /// Invalid data of the beneficial owner.
    InvalidBeneficiary = "INVALID_BENEFICIARY_INFORMATION",
}

/// Queries the limitations of a sub-merchant (查询子商户管控情况).
///
/// `GET /v3/mch-operation-manage/merchant-limitations/sub-mchid/{sub_mchid}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/mch-operation-manage/merchant-limitations/sub-mchid/{sub_mchid}",
    response = Limitations
)]
#[request(new = "Creates the request for a sub-merchant.")]
#[non_exhaustive]
pub struct Query {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
}

/// Limitations of a sub-merchant.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Limitations {
    /// The merchant.
    pub mchid: Mchid,
    /// Functions that it lost.
    pub limited_functions: Vec<LimitedFunction>,
    /// Reasons, and the ways to get the functions back.
    pub recovery_specifications: Vec<RecoverySpecification>,
    /// Other functions that it lost, in words.
    pub other_limited_functions: Option<String>,
}

/// A reason, and the way to get its functions back (被管控原因及解脱路径).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct RecoverySpecification {
    /// Number of the limitation.
    pub limitation_case_id: Option<String>,
    /// Reason.
    pub limitation_reason: Option<String>,
    /// Description of the reason.
    pub limitation_reason_describe: Option<String>,
    /// Way to get the functions back.
    pub recover_way: Option<RecoverWay>,
    /// Parameter of the way, such as the number of a due diligence.
    pub recover_way_param: Option<String>,
    /// Page that explains the way.
    pub recover_help_url: Option<String>,
    /// Time of the limitation: at once or later.
    pub limitation_action_type: Option<LimitationActionType>,
    /// Expected time, if it comes later.
    pub limitation_start_date: Option<String>,
    /// Time of the limitation, as text.
    pub limitation_date: Option<String>,
    /// Kind of reason.
    pub limitation_reason_type: Option<LimitationReasonType>,
    /// Functions that it lost for this reason.
    pub relate_limitations: Vec<LimitedFunction>,
    /// Other functions that it lost for this reason, in words.
    pub other_relate_limitations: Option<String>,
}
