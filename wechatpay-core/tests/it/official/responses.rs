//! Responses: every documented one is read without loss.
//!
//! Each is tested with every optional member missing, `null` and empty.

use std::fmt::Debug;

use serde_json::json;
use wechatpay_core::api::{Endpoint, applyments, bills, certificates, combine, funds, prepay};
use wechatpay_core::api::{profit_sharing, refunds, security, settlement, subsidies, transactions};

use super::{
    operations,
    platform::{Platform, has_unnamed},
};
use crate::support::{
    json::changed,
    table::{Operation, Which, absent, document, places},
};

/// Operations without a response type, with the reason.
pub(crate) const OTHERS: [(&str, &str, &str); 3] = [
    ("GET", "/v3/billdownload/file", "responds with a file"),
    ("POST", "/v3/merchant/media/upload", "a form, tested in `media`"),
    (
        "POST",
        "/v3/merchant/media/video_upload",
        "a form, tested in `media`",
    ),
];

/// Members of an order query that the table copied from the order request.
///
/// No sample of a response contains them.
const OF_THE_REQUEST: [&str; 10] = [
    "description",
    "time_expire",
    "notify_url",
    "goods_tag",
    "limit_pay",
    "support_fapiao",
    "detail",
    "settle_info",
    "scene_info.payer_client_ip",
    "scene_info.store_info",
];

/// Members that identify a response or state its amount.
///
/// Only their absence may reject a response.
const DECIDING: [&str; 39] = [
    // Numbers and ids.
    "transaction_id",
    "out_trade_no",
    "combine_out_trade_no",
    "combine_mchid",
    "refund_id",
    "out_refund_no",
    "advance_return_id",
    "order_id",
    "out_order_no",
    "return_no",
    "return_id",
    "out_return_no",
    "return_mchid",
    "sub_mchid",
    "subsidy_id",
    "subsidy_refund_id",
    "withdraw_id",
    "out_request_no",
    "applyment_id",
    "application_no",
    // Amounts.
    "amount",
    "amount.total",
    "amount.refund",
    "return_amount",
    "total_amount",
    "available_amount",
    "unsplit_amount",
    "max_ratio",
    // What was asked for.
    "prepay_id",
    "h5_url",
    "code_url",
    "hash_type",
    "hash_value",
    "download_url",
    "download_bill_count",
    "data",
    "type",
    "account",
    "echo_message",
];

/// Members that identify an entry of a list.
///
/// An entry without one of them is left out.
const DECIDING_OF_PART: [&str; 14] = [
    "data.serial_no",
    "data.encrypt_certificate",
    "data.encrypt_certificate.algorithm",
    "data.encrypt_certificate.nonce",
    "data.encrypt_certificate.ciphertext",
    "download_bill_list.bill_sequence",
    "download_bill_list.download_url",
    "download_bill_list.encrypt_key",
    "download_bill_list.hash_type",
    "download_bill_list.hash_value",
    "download_bill_list.nonce",
    "sub_orders.mchid",
    "sub_orders.out_trade_no",
    "receivers.amount",
];

/// Values assigned to a member by a mistake of the table.
const MISPLACED: [(&str, &str, &str); 1] = [(
    "/v3/profitsharing/orders/{out_order_no}",
    "receivers.result",
    "the values are those of fail_reason",
)];

#[derive(Default)]
struct Tally {
    operations: usize,
    documents: usize,
    rejected: Vec<String>,
    lost: Vec<String>,
    left_out: Vec<String>,
    unnamed: Vec<String>,
}

impl Tally {
    async fn check<E>(&mut self, platform: &Platform, operations: &[Operation])
    where
        E: Endpoint<Response: PartialEq + Debug>,
    {
        let operation = operations
            .iter()
            .find(|operation| operation.method == E::METHOD.as_str() && operation.path == E::TEMPLATE)
            .unwrap_or_else(|| panic!("{} {} is not in the table", E::METHOD, E::TEMPLATE));
        self.operations += 1;
        let name = format!("{} {}", operation.method, operation.path);
        if operation.response.is_empty() {
            assert_eq!(size_of::<E::Response>(), 0, "{name} responds 204");
            return;
        }
        let full = document(&operation.response, Which::All);
        let parsed = match platform.respond::<E>(&full).await {
            Ok((parsed, false)) => parsed,
            Ok((_, true)) => panic!("{name} is not read whole"),
            Err(error) => {
                self.rejected.push(format!("{name} full: {error}"));
                return;
            }
        };
        self.documents += 2;
        let sparse = document(&operation.response, Which::Required);
        if let Err(error) = platform.respond::<E>(&sparse).await {
            self.rejected.push(format!("{name} required only: {error}"));
        }
        let of_the_request =
            |path: &str| operation.path.contains("transactions/") && belongs(path, &OF_THE_REQUEST);
        for place in places(&operation.response) {
            let path = place.path.as_str();
            for (how, variant) in absent(&full, path) {
                self.documents += 1;
                match platform.respond::<E>(&variant).await {
                    Ok((without, left_out)) if how == "missing" => {
                        if without == parsed && !of_the_request(path) {
                            self.lost.push(format!("{name}: {path}"));
                        }
                        if left_out && !DECIDING_OF_PART.contains(&path) {
                            self.left_out.push(format!("{name}: {path}"));
                        }
                    }
                    Ok(_) => {}
                    Err(_) if place.required && DECIDING.contains(&path) => {}
                    Err(error) => self.rejected.push(format!("{name}: {path} {how}: {error}")),
                }
            }
            if MISPLACED
                .iter()
                .any(|(of, at, _)| *of == operation.path && *at == path)
            {
                continue;
            }
            for value in place.values {
                self.documents += 1;
                match platform
                    .respond::<E>(&changed(&full, path, Some(json!(value))))
                    .await
                {
                    Ok((response, _)) if has_unnamed(&response, value) => {
                        self.unnamed.push(format!("{name}: {path} {value}"));
                    }
                    Ok(_) => {}
                    Err(error) => self.rejected.push(format!("{name}: {path} {value}: {error}")),
                }
            }
        }
    }
}

/// Returns true if a path is one of these, or below one.
fn belongs(path: &str, to: &[&str]) -> bool {
    to.iter()
        .any(|outer| path == *outer || path.strip_prefix(outer).is_some_and(|rest| rest.starts_with('.')))
}

macro_rules! calls {
    ($tally:ident, $platform:ident, $operations:ident: $( $call:ty, )*) => {
        $( $tally.check::<$call>(&$platform, &$operations).await; )*
    };
}

#[tokio::test]
async fn every_documented_response_is_read_without_loss() {
    let (platform, operations) = (Platform::new(), operations());
    let mut tally = Tally::default();
    calls!(tally, platform, operations:
        certificates::ListCertificates,
        combine::AppPrepay, combine::H5Prepay, combine::JsapiPrepay, combine::MiniProgramPrepay,
        combine::NativePrepay, combine::QueryByOutTradeNo, combine::QueryByTransactionId, combine::Close,
        refunds::Apply, refunds::Query, refunds::ApplyAbnormal,
        bills::GetFundFlowBill, bills::GetSubMerchantFundFlowBill, bills::GetTradeBill,
        bills::GetProfitSharingBill, bills::GetEcommerceFundFlowBill, bills::GetWithdrawalBill,
        prepay::AppPrepay, prepay::H5Prepay, prepay::JsapiPrepay, prepay::NativePrepay,
        prepay::PartnerAppPrepay, prepay::PartnerH5Prepay, prepay::PartnerJsapiPrepay,
        prepay::PartnerNativePrepay,
        prepay::AppPrepayWithContract, prepay::JsapiPrepayWithContract,
        prepay::PartnerAppPrepayWithContract, prepay::PartnerJsapiPrepayWithContract,
        transactions::QueryByOutTradeNo, transactions::QueryById, transactions::Close,
        transactions::PartnerQueryByOutTradeNo, transactions::PartnerQueryById, transactions::PartnerClose,
        settlement::ModifySettlement, settlement::QuerySettlement, settlement::QueryApplication,
        funds::WithdrawDayEndBalance, funds::QueryDayEndWithdrawal, funds::WithdrawForSub,
        funds::QuerySubDayEndBalance, funds::QuerySubBalance, funds::QuerySubWithdrawalById,
        funds::QuerySubWithdrawal, funds::Withdraw, funds::QueryDayEndBalance, funds::QueryBalance,
        funds::QueryWithdrawal, funds::QueryWithdrawalById,
        profit_sharing::Share, profit_sharing::ReturnShare, profit_sharing::QueryReturn,
        profit_sharing::QueryUnsplitAmount, profit_sharing::AddReceiver, profit_sharing::DeleteReceiver,
        profit_sharing::Unfreeze, profit_sharing::QueryShare, profit_sharing::QueryMerchantConfig,
        subsidies::Cancel, subsidies::Create, subsidies::Return,
        applyments::Submit, applyments::SubmitAccountHosting,
        applyments::SubmitSignVerifyInfo, applyments::QueryById,
        applyments::QueryByOutRequestNo, applyments::RevokeById,
        applyments::RevokeByOutRequestNo,
        refunds::ecommerce::Apply, refunds::ecommerce::QueryById, refunds::ecommerce::QueryByOutRefundNo,
        refunds::ecommerce::ApplyAbnormal, refunds::ecommerce::ReturnAdvance,
        refunds::ecommerce::QueryAdvanceReturn,
        profit_sharing::ecommerce::CreateAfterSalesOrder, profit_sharing::ecommerce::QueryAfterSalesOrder,
        profit_sharing::ecommerce::FinishOrder, profit_sharing::ecommerce::Share,
        profit_sharing::ecommerce::QueryShare, profit_sharing::ecommerce::ReturnShare,
        profit_sharing::ecommerce::QueryReturn, profit_sharing::ecommerce::AddReceiver,
        profit_sharing::ecommerce::DeleteReceiver, profit_sharing::ecommerce::QueryUnsplitAmount,
        security::Echo,
    );
    println!(
        "responses: {} operations, {} documents, {} rejected, {} members lost, {} values without a name",
        tally.operations,
        tally.documents,
        tally.rejected.len(),
        tally.lost.len(),
        tally.unnamed.len(),
    );
    assert_eq!(tally.operations + OTHERS.len(), operations.len());
    for (method, path, _) in OTHERS {
        let listed = |operation: &&Operation| operation.method == method && operation.path == path;
        assert!(operations.iter().find(listed).is_some(), "{path}");
    }
    assert!(tally.rejected.is_empty(), "rejected: {:#?}", tally.rejected);
    assert!(tally.lost.is_empty(), "lost: {:#?}", tally.lost);
    assert!(tally.left_out.is_empty(), "left out: {:#?}", tally.left_out);
    assert!(tally.unnamed.is_empty(), "unnamed: {:#?}", tally.unnamed);
}
