//! Asking for bill files (账单): the response names where a file lies and what its digest is. `wechatpay-tower` downloads it,
//! [`crate::bills`] reads it.
//!
//! The bill of a day is made from nine o'clock on of the next day and can be had for three months; ask after ten. A day
//! without a transaction is refused with `NO_STATEMENT_EXIST`, a bill that is not ready with `STATEMENT_CREATING`. The
//! address is good for 30 seconds to five minutes: ask for it anew rather than keep it.
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
    /// Payments and refunds with the columns that were agreed on.
    AllSpecial = "ALL_SPECIAL",
    /// Payments with the columns that were agreed on.
    SuccessSpecial = "SUC_SPECIAL",
    /// Refunds with the columns that were agreed on.
    RefundSpecial = "REF_SPECIAL",
}

/// Whose movements a fund-flow bill lists (资金账户类型).
#[open_enum]
pub enum BillAccount {
    /// The basic account.
    Basic = "BASIC",
    /// The operating account.
    Operation = "OPERATION",
    /// The account that fees are taken from.
    Fees = "FEES",
    /// The deposit of a sub-merchant.
    Deposit = "DEPOSIT",
    /// All of them: sub-merchants of an e-commerce platform only.
    All = "ALL",
}

/// Compression of the file (压缩类型); none when left out.
#[open_enum]
pub enum TarType {
    /// By gzip.
    Gzip = "GZIP",
}

/// Encryption of the file (加密算法).
#[open_enum]
pub enum BillAlgorithm {
    /// AES-256-GCM; what this library opens.
    Aes256Gcm = "AEAD_AES_256_GCM",
    /// SM4-GCM; this library does not open it.
    Sm4Gcm = "SM4_GCM",
}

/// Algorithm of `hash_value` (哈希类型).
#[open_enum]
pub enum HashType {
    /// SHA-1.
    Sha1 = "SHA1",
}

/// Which list of withdrawals (账单类型).
#[open_enum]
pub enum WithdrawalBillType {
    /// Those that failed.
    NotSuccessful = "NO_SUCC",
}

/// The payments and refunds of a day (申请交易账单): `GET /v3/bill/tradebill`.
///
/// A service provider gets those of all its sub-merchants unless it names one; micro merchants have no bill of their own.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(GET, "/v3/bill/tradebill", response = BillFile)]
#[request(new = "The bill of `bill_date`.")]
#[non_exhaustive]
pub struct GetTradeBill {
    /// The day, in Beijing.
    pub bill_date: BillDate,
    /// One sub-merchant.
    pub sub_mchid: Option<Mchid>,
    /// Content of the bill; everything when left out.
    pub bill_type: Option<BillType>,
    /// Compression of the file.
    pub tar_type: Option<TarType>,
}

/// The movements on an account of the merchant (申请资金账单): `GET /v3/bill/fundflowbill`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(GET, "/v3/bill/fundflowbill", response = BillFile)]
#[request(new = "The bill of `bill_date`.")]
#[non_exhaustive]
pub struct GetFundFlowBill {
    /// The day, in Beijing.
    pub bill_date: BillDate,
    /// One sub-merchant.
    pub sub_mchid: Option<Mchid>,
    /// Which account; the basic one when left out.
    pub account_type: Option<BillAccount>,
    /// Compression of the file.
    pub tar_type: Option<TarType>,
}

/// The shares of a day (申请分账账单): `GET /v3/profitsharing/bills`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(GET, "/v3/profitsharing/bills", response = BillFile)]
#[request(new = "The bill of `bill_date`.")]
#[non_exhaustive]
pub struct GetProfitSharingBill {
    /// The day, in Beijing.
    pub bill_date: BillDate,
    /// One sub-merchant.
    pub sub_mchid: Option<Mchid>,
    /// Compression of the file.
    pub tar_type: Option<TarType>,
}

/// Withdrawals that failed (下载提现异常文件): `GET /v3/merchant/fund/withdraw/bill-type/{bill_type}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(GET, "/v3/merchant/fund/withdraw/bill-type/{bill_type}", response = BillFile)]
#[request(new = "The list of `bill_date`.")]
#[non_exhaustive]
pub struct GetWithdrawalBill {
    /// Which list.
    pub bill_type: WithdrawalBillType,
    /// The day, in Beijing.
    pub bill_date: BillDate,
    /// Compression of the file.
    pub tar_type: Option<TarType>,
}

/// The movements on an account of one sub-merchant (申请单个子商户资金账单): `GET /v3/bill/sub-merchant-fundflowbill`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(GET, "/v3/bill/sub-merchant-fundflowbill", response = EncryptedBills)]
#[request(new = "The bill of `bill_date`.")]
#[non_exhaustive]
pub struct GetSubMerchantFundFlowBill {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// The day, in Beijing.
    pub bill_date: BillDate,
    /// Which account.
    pub account_type: BillAccount,
    /// Encryption of the file.
    pub algorithm: BillAlgorithm,
    /// Compression of the file.
    pub tar_type: Option<TarType>,
}

/// The movements of all sub-merchants of an e-commerce platform (申请二级商户资金账单):
/// `GET /v3/ecommerce/bill/fundflowbill`. The product must be enabled.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(GET, "/v3/ecommerce/bill/fundflowbill", response = EncryptedBills)]
#[request(new = "The bill of `bill_date`.")]
#[non_exhaustive]
pub struct GetEcommerceFundFlowBill {
    /// The day, in Beijing.
    pub bill_date: BillDate,
    /// [`BillAccount::All`]; nothing else is documented.
    pub account_type: BillAccount,
    /// Encryption of the file.
    pub algorithm: BillAlgorithm,
    /// Compression of the file.
    pub tar_type: Option<TarType>,
}

/// Address and digest of a bill.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct BillFile {
    /// Algorithm of the digest.
    #[response(required)]
    pub hash_type: HashType,
    /// The digest of the file when it is unpacked, hexadecimal.
    pub hash_value: String,
    /// Its address.
    pub download_url: DownloadUrl,
}

/// The parts of an encrypted bill. One of more than some 16 GB has several.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct EncryptedBills {
    /// Number of parts.
    pub download_bill_count: i64,
    /// The parts.
    pub download_bill_list: Vec<EncryptedBillFile>,
}

impl EncryptedBills {
    /// All parts in their order; `None` if one is missing or there twice.
    ///
    /// Each is a file of its own, with its own key and digest. Start all downloads while the addresses are good, and join
    /// the files in this order.
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

/// Address and key of a part of an encrypted bill.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct EncryptedBillFile {
    /// Its place among the parts, counted from 1.
    pub bill_sequence: i64,
    /// Algorithm of the digest.
    #[response(required)]
    pub hash_type: HashType,
    /// The digest of the file when it is decrypted and unpacked, hexadecimal.
    pub hash_value: String,
    /// Its address.
    pub download_url: DownloadUrl,
    /// The key of the file, encrypted to the merchant certificate, base64.
    pub encrypt_key: Redacted,
    /// The nonce of the file; the page shows 16 characters.
    pub nonce: String,
}

/// The address of a file. It holds a token, so nothing prints it whole.
#[derive(Clone, PartialEq, Eq)]
pub struct DownloadUrl(Box<str>);

impl DownloadUrl {
    /// Takes an address as the platform gives it; some have a blank in front.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.trim().into())
    }

    /// The address with its token.
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
    fn parts_are_complete_or_none() {
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
