//! Requests for bill files (账单): the response holds the file's URL and digest.
//!
//! `wechatpay-tower` downloads the file, [`crate::bills`] reads it.
//!
//! WeChat Pay creates the bill of a day from 09:00 of the next day (Beijing time) and keeps it for three months;
//! request it after 10:00. A day without transactions is rejected with `NO_STATEMENT_EXIST`, a bill that is not ready
//! with `STATEMENT_CREATING`. The URL is valid for 30 seconds to five minutes: request a new one instead of storing it.
//!
//! # Examples
//!
//! ```
//! use wechatpay_core::api::{Endpoint, bills::{BillFile, GetTradeBill, TarType}};
//!
//! let bill = GetTradeBill::new("2024-01-31".parse()?).tar_type(TarType::Gzip);
//! assert_eq!(bill.path().as_str(), "/v3/bill/tradebill?bill_date=2024-01-31&tar_type=GZIP");
//!
//! // The client returns a `BillFile`; `download` of `wechatpay-tower` fetches it and verifies the digest.
//! let file: BillFile = serde_json::from_str(r#"{"download_url":"https://api.mch.weixin.qq.com/v3/billdownload/file?token=…",
//!     "hash_type":"SHA1","hash_value":"79bb0f45fc4c42234a918000b2668d689e2bde04"}"#)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Pages: 申请交易账单, 申请资金账单, 申请分账账单, 下载提现异常文件, 申请单个子商户资金账单, 申请二级商户资金账单.

use std::{borrow::Cow, fmt};
use wechatpay_macros::{Endpoint, Response, open_enum};

use serde::{Deserialize, Deserializer};

use crate::{
    api::ResponseField,
    types::{BillDate, Mchid, Redacted},
};

/// Content of a trade bill (账单类型).
#[open_enum]
pub enum BillType {
    /// Payments and refunds.
    All = "ALL",
    /// Payments.
    Success = "SUCCESS",
    /// Refunds.
    Refund = "REFUND",
    /// Refunds of top-ups.
    RechargeRefund = "RECHARGE_REFUND",
    /// Payments and refunds with individually agreed columns.
    AllSpecial = "ALL_SPECIAL",
    /// Payments with individually agreed columns.
    SuccessSpecial = "SUC_SPECIAL",
    /// Refunds with individually agreed columns.
    RefundSpecial = "REF_SPECIAL",
}

/// Account whose movements a fund-flow bill lists (资金账户类型).
#[open_enum]
pub enum BillAccount {
    /// Basic account.
    Basic = "BASIC",
    /// Operating account.
    Operation = "OPERATION",
    /// Fee account.
    Fees = "FEES",
    /// Deposit account of a sub-merchant.
    Deposit = "DEPOSIT",
    /// All accounts; for sub-merchants of an e-commerce platform only.
    All = "ALL",
}

/// Compression of the file (压缩类型); none if omitted.
#[open_enum]
pub enum TarType {
    /// Gzip.
    Gzip = "GZIP",
}

/// Encryption of the file (加密算法).
#[open_enum]
pub enum BillAlgorithm {
    /// AES-256-GCM, supported by this library.
    Aes256Gcm = "AEAD_AES_256_GCM",
    /// SM4-GCM, not supported by this library.
    Sm4Gcm = "SM4_GCM",
}

/// Algorithm of `hash_value` (哈希类型).
#[open_enum]
pub enum HashType {
    /// SHA-1.
    Sha1 = "SHA1",
}

/// Selection of withdrawals (账单类型).
#[open_enum]
pub enum WithdrawalBillType {
    /// Failed withdrawals.
    NotSuccessful = "NO_SUCC",
}

/// Payments and refunds of a day (申请交易账单).
///
/// `GET /v3/bill/tradebill`.
///
/// Without `sub_mchid`, a service provider gets the trades of all its sub-merchants. Micro merchants have no bill of
/// their own.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(GET, "/v3/bill/tradebill", response = BillFile)]
#[request(new = "Creates the request for the bill of `bill_date`.")]
#[non_exhaustive]
pub struct GetTradeBill {
    /// Day, in Beijing time.
    pub bill_date: BillDate,
    /// Restricts the bill to one sub-merchant.
    pub sub_mchid: Option<Mchid>,
    /// Content of the bill; everything if omitted.
    pub bill_type: Option<BillType>,
    /// Compression of the file.
    pub tar_type: Option<TarType>,
}

/// Movements on an account of the merchant (申请资金账单).
///
/// `GET /v3/bill/fundflowbill`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(GET, "/v3/bill/fundflowbill", response = BillFile)]
#[request(new = "Creates the request for the bill of `bill_date`.")]
#[non_exhaustive]
pub struct GetFundFlowBill {
    /// Day, in Beijing time.
    pub bill_date: BillDate,
    /// Restricts the bill to one sub-merchant.
    pub sub_mchid: Option<Mchid>,
    /// Account; the basic account if omitted.
    pub account_type: Option<BillAccount>,
    /// Compression of the file.
    pub tar_type: Option<TarType>,
}

/// Profit sharing of a day (申请分账账单).
///
/// `GET /v3/profitsharing/bills`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(GET, "/v3/profitsharing/bills", response = BillFile)]
#[request(new = "Creates the request for the bill of `bill_date`.")]
#[non_exhaustive]
pub struct GetProfitSharingBill {
    /// Day, in Beijing time.
    pub bill_date: BillDate,
    /// Restricts the bill to one sub-merchant.
    pub sub_mchid: Option<Mchid>,
    /// Compression of the file.
    pub tar_type: Option<TarType>,
}

/// Failed withdrawals (下载提现异常文件).
///
/// `GET /v3/merchant/fund/withdraw/bill-type/{bill_type}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(GET, "/v3/merchant/fund/withdraw/bill-type/{bill_type}", response = BillFile)]
#[request(new = "Creates the request for the list of `bill_date`.")]
#[non_exhaustive]
pub struct GetWithdrawalBill {
    /// Selection of withdrawals.
    pub bill_type: WithdrawalBillType,
    /// Day, in Beijing time.
    pub bill_date: BillDate,
    /// Compression of the file.
    pub tar_type: Option<TarType>,
}

/// Movements on an account of one sub-merchant (申请单个子商户资金账单).
///
/// `GET /v3/bill/sub-merchant-fundflowbill`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(GET, "/v3/bill/sub-merchant-fundflowbill", response = EncryptedBills)]
#[request(new = "Creates the request for the bill of `bill_date`.")]
#[non_exhaustive]
pub struct GetSubMerchantFundFlowBill {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// Day, in Beijing time.
    pub bill_date: BillDate,
    /// Account.
    pub account_type: BillAccount,
    /// Encryption of the file.
    pub algorithm: BillAlgorithm,
    /// Compression of the file.
    pub tar_type: Option<TarType>,
}

/// Movements of all sub-merchants of an e-commerce platform (申请二级商户资金账单).
///
/// `GET /v3/ecommerce/bill/fundflowbill`. The product must be enabled.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(GET, "/v3/ecommerce/bill/fundflowbill", response = EncryptedBills)]
#[request(new = "Creates the request for the bill of `bill_date`.")]
#[non_exhaustive]
pub struct GetEcommerceFundFlowBill {
    /// Day, in Beijing time.
    pub bill_date: BillDate,
    /// [`BillAccount::All`], the only documented value.
    pub account_type: BillAccount,
    /// Encryption of the file.
    pub algorithm: BillAlgorithm,
    /// Compression of the file.
    pub tar_type: Option<TarType>,
}

/// URL and digest of a bill file.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct BillFile {
    /// Digest algorithm.
    #[response(required)]
    pub hash_type: HashType,
    /// Hexadecimal digest of the uncompressed file.
    pub hash_value: String,
    /// URL of the file.
    pub download_url: DownloadUrl,
}

/// Parts of an encrypted bill.
///
/// A bill of more than about 16 GB has several parts.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct EncryptedBills {
    /// Number of parts.
    pub download_bill_count: i64,
    /// Parts, in any order.
    pub download_bill_list: Vec<EncryptedBillFile>,
}

impl EncryptedBills {
    /// Returns all parts in order; `None` if one is missing or repeated.
    ///
    /// Each part is a file with its own key and digest. Start all downloads while the URLs are valid, and join the
    /// files in this order.
    #[must_use]
    pub fn parts(&self) -> Option<Vec<&EncryptedBillFile>> {
        let mut parts: Vec<_> = self.download_bill_list.iter().collect();
        parts.sort_by_key(|part| part.bill_sequence);
        let complete = i64::try_from(parts.len()) == Ok(self.download_bill_count)
            && parts
                .iter()
                .zip(1..)
                .all(|(part, number)| part.bill_sequence == number);
        complete.then_some(parts)
    }
}

/// URL and key of one part of an encrypted bill.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct EncryptedBillFile {
    /// Position of the part, counted from 1.
    pub bill_sequence: i64,
    /// Digest algorithm.
    #[response(required)]
    pub hash_type: HashType,
    /// Hexadecimal digest of the decrypted, uncompressed file.
    pub hash_value: String,
    /// URL of the file.
    pub download_url: DownloadUrl,
    /// Key of the file, encrypted to the merchant certificate, base64.
    pub encrypt_key: Redacted,
    /// Nonce of the file; the page shows 16 characters.
    pub nonce: String,
}

/// Download URL of a file.
///
/// It contains a token, so `Debug` does not print it.
#[derive(Clone, PartialEq, Eq)]
pub struct DownloadUrl(Box<str>);

impl DownloadUrl {
    /// Creates a URL from the platform's text, without surrounding white space.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.trim().into())
    }

    /// URL with its token.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for DownloadUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DownloadUrl(..)")
    }
}

impl<'de> Deserialize<'de> for DownloadUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<'_, str>::deserialize(deserializer).map(|text| Self::new(&text))
    }
}

impl ResponseField<'_> for DownloadUrl {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Endpoint as _;

    fn day() -> BillDate {
        "2024-01-31".parse().unwrap()
    }

    #[test]
    fn paths_hold_the_documented_keys_and_no_others() {
        let trade = GetTradeBill::new(day());
        assert_eq!(trade.path().as_str(), "/v3/bill/tradebill?bill_date=2024-01-31");
        let trade = trade
            .sub_mchid("1900000109".parse::<Mchid>().unwrap())
            .bill_type(BillType::Refund)
            .tar_type(TarType::Gzip);
        assert_eq!(
            trade.path().as_str(),
            "/v3/bill/tradebill?bill_date=2024-01-31&sub_mchid=1900000109&bill_type=REFUND&tar_type=GZIP"
        );
        assert_eq!(
            GetFundFlowBill::new(day())
                .account_type(BillAccount::Fees)
                .path()
                .as_str(),
            "/v3/bill/fundflowbill?bill_date=2024-01-31&account_type=FEES"
        );
        assert_eq!(
            GetProfitSharingBill::new(day()).path().as_str(),
            "/v3/profitsharing/bills?bill_date=2024-01-31"
        );
        assert_eq!(
            GetWithdrawalBill::new(WithdrawalBillType::NotSuccessful, day())
                .path()
                .as_str(),
            "/v3/merchant/fund/withdraw/bill-type/NO_SUCC?bill_date=2024-01-31"
        );
        let sub = GetSubMerchantFundFlowBill::new(
            "1900000109".parse().unwrap(),
            day(),
            BillAccount::Deposit,
            BillAlgorithm::Aes256Gcm,
        );
        assert_eq!(
            sub.path().as_str(),
            "/v3/bill/sub-merchant-fundflowbill?sub_mchid=1900000109&bill_date=2024-01-31&account_type=DEPOSIT&algorithm=AEAD_AES_256_GCM"
        );
        let all = GetEcommerceFundFlowBill::new(day(), BillAccount::All, BillAlgorithm::Aes256Gcm);
        assert_eq!(
            all.path().as_str(),
            "/v3/ecommerce/bill/fundflowbill?bill_date=2024-01-31&account_type=ALL&algorithm=AEAD_AES_256_GCM"
        );
    }

    #[test]
    fn an_address_is_trimmed_and_never_printed() {
        let bill: BillFile = serde_json::from_str(
            r#"{"hash_type":"SHA1","hash_value":"79bb0f45fc4c42234a918000b2668d689e2bde04","download_url":" https://api.mch.weixin.qq.com/v3/billdownload/file?token=secret","future":1}"#,
        )
        .unwrap();
        assert_eq!(bill.hash_type, HashType::Sha1);
        assert_eq!(
            bill.download_url.as_str(),
            "https://api.mch.weixin.qq.com/v3/billdownload/file?token=secret"
        );
        assert!(!format!("{bill:?}").contains("secret"));
    }

    #[test]
    fn parts_returns_all_parts_in_order_or_none() {
        let part = |number: i64| {
            format!(
                r#"{{"bill_sequence":{number},"hash_type":"SHA1","hash_value":"x","download_url":"https://x/y","encrypt_key":"secret","nonce":"fdasfjihihihlkja"}}"#
            )
        };
        let bills = |count: i64, numbers: &[i64]| -> EncryptedBills {
            let parts: Vec<_> = numbers.iter().map(|number| part(*number)).collect();
            serde_json::from_str(&format!(
                r#"{{"download_bill_count":{count},"download_bill_list":[{}]}}"#,
                parts.join(",")
            ))
            .unwrap()
        };
        let sequences = |bills: &EncryptedBills| {
            bills
                .parts()
                .map(|parts| parts.iter().map(|part| part.bill_sequence).collect::<Vec<_>>())
        };
        assert_eq!(sequences(&bills(3, &[3, 1, 2])), Some(vec![1, 2, 3]));
        for (count, numbers) in [
            (3, &[1, 2][..]),
            (2, &[1, 1]),
            (2, &[2, 3]),
            (1, &[1, 2]),
            (-1, &[]),
        ] {
            assert_eq!(sequences(&bills(count, numbers)), None, "{count} {numbers:?}");
        }
        assert!(!format!("{:?}", bills(1, &[1])).contains("secret"));
        let none: EncryptedBills = serde_json::from_str(r#"{"download_bill_count":0}"#).unwrap();
        assert_eq!(sequences(&none), Some(vec![]));
    }
}
