//! Insurers that may pay claims.

use wechatpay_macros::{Endpoint, RequestPart, Response};

use crate::types::{DateTime, Mchid};

/// Agreement that an insurer signed (签约协议).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[non_exhaustive]
pub struct Agreement {
    /// Code of the agreement.
    #[request(into)]
    pub agreement_code: String,
    /// Its version.
    #[request(into)]
    pub agreement_version: String,
    /// Organisation that signed.
    #[request(into)]
    pub sign_organization: String,
    /// Time of the signature.
    pub sign_time: DateTime,
}

/// Opens claims for an insurer (开通保险理赔功能).
///
/// `POST /v3/platsolution/ecommerce/insurance-compensation-contracts`.
///
/// Safe to retry unchanged: an insurer is opened once.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/platsolution/ecommerce/insurance-compensation-contracts",
    response = ClaimsContract, idempotency = ByNumber, echo(sub_mchid)
)]
#[request(new = "Creates the request for the insurer `sub_mchid`, with the agreements that it signed.")]
#[non_exhaustive]
pub struct OpenClaims {
    /// Merchant's number of the request.
    #[request(into)]
    pub out_apply_no: String,
    /// The insurer.
    pub sub_mchid: Mchid,
    /// Agreements that it signed.
    pub agreement_list: Vec<Agreement>,
}

/// Queries whether claims are open for an insurer (查询保险理赔功能开通状态).
///
/// `POST /v3/platsolution/ecommerce/insurance-compensation-contracts/sub-mchid/{sub_mchid}/check-opened`.
///
/// Safe to retry: it changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/platsolution/ecommerce/insurance-compensation-contracts/sub-mchid/{sub_mchid}/check-opened",
    response = ClaimsContract, idempotency = Safe, echo(sub_mchid)
)]
#[request(new = "Creates the request for the insurer `sub_mchid`.")]
#[non_exhaustive]
pub struct QueryClaimsContract {
    /// The insurer.
    pub sub_mchid: Mchid,
}

/// State of an insurer's claims.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct ClaimsContract {
    /// The insurer.
    pub sub_mchid: Mchid,
    /// True if claims are open.
    pub opened: bool,
    /// Time of the opening.
    pub success_time: Option<DateTime>,
}
