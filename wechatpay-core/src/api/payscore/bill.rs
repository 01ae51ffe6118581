//! Bills of a service.

use wechatpay_macros::Endpoint;

use crate::{
    api::bills::{BillAlgorithm, EncryptedBills, TarType},
    types::BillDate,
};

/// Orders of a service on a day (商户申请获取对账单).
///
/// `GET /v3/payscore/merchant-bill`. Decrypt the file, then uncompress it.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(GET, "/v3/payscore/merchant-bill", response = EncryptedBills)]
#[request(new = "Creates the request for the bill of `bill_date`.")]
#[non_exhaustive]
pub struct GetBill {
    /// Day, in Beijing time, in the last three months.
    pub bill_date: BillDate,
    /// Number of the merchant's service.
    #[request(into)]
    pub service_id: String,
    /// Encryption of the file.
    pub encryption_algorithm: BillAlgorithm,
    /// Compression of the file.
    pub tar_type: Option<TarType>,
}
