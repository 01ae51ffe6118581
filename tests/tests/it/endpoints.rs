//! The table of all endpoints: types, support by the sandbox, notifications.
//!
//! Each documented endpoint has a type. `cargo test -p wechatpay-tests --test it endpoints -- --nocapture` prints the
//! table.

use std::collections::BTreeSet;

use bytes::Bytes;
use http::{Method, Request};
use http_body_util::Full;
use tower::{Service as _, ServiceBuilder, ServiceExt as _};
use wechatpay_core::api::{
    Endpoint, abnormal_funds, applyment4sub, applyments, bills, capital, certificates, code_pay, combine,
    combined_deduction, complaints, coupons, deposits, ecommerce_transfers, funds, limitations,
    media::MediaKind, payscore, personal_receivers, prepay, profit_sharing, refunds, security, settlement,
    sub_merchant_closing, sub_merchant_recharge, sub_merchants, subsidies, transactions, transfers,
    violations,
};
use wechatpay_sandbox::Sandbox;
use wechatpay_tower::{SignLayer, hyper::HyperTransport, sign::AllowedHosts};

/// One typed call.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Typed {
    method: String,
    template: &'static str,
    /// `refunds::Apply`, as one writes it below `wechatpay_core::api`.
    call: String,
}

fn typed<E: Endpoint>() -> Typed {
    let full = std::any::type_name::<E>();
    let below = full.strip_prefix("wechatpay_core::api::").unwrap_or(full);
    // Private modules of a family are not part of the name one writes.
    let segments: Vec<&str> = below.split("::").collect();
    let public = match segments.as_slice() {
        [family, part @ ("ecommerce" | "history" | "legacy"), .., name] => {
            format!("{family}::{part}::{name}")
        }
        [family, .., name] => format!("{family}::{name}"),
        _ => below.to_owned(),
    };
    Typed {
        method: E::METHOD.to_string(),
        template: E::TEMPLATE,
        call: public,
    }
}

macro_rules! calls {
    ($( $type:ty, )*) => { vec![$( typed::<$type>() ),*] };
}

/// Uploads: forms with a file, not JSON, whose path depends on the file's kind.
fn uploads() -> [Typed; 2] {
    [MediaKind::Picture, MediaKind::Video].map(|kind| Typed {
        method: "POST".to_owned(),
        template: kind.path(),
        call: format!("media::MediaKind::{kind:?}"),
    })
}

/// Forms with a file, and a picture without a signature, of other families.
fn files() -> [Typed; 5] {
    [
        (
            "POST",
            sub_merchant_closing::UPLOAD,
            "sub_merchant_closing::UPLOAD",
        ),
        ("POST", limitations::FILE_UPLOAD, "limitations::FILE_UPLOAD"),
        ("POST", complaints::IMAGE_UPLOAD, "complaints::IMAGE_UPLOAD"),
        ("GET", complaints::IMAGE, "complaints::IMAGE"),
        ("POST", coupons::IMAGE_UPLOAD, "coupons::IMAGE_UPLOAD"),
    ]
    .map(|(method, template, call)| Typed {
        method: method.to_owned(),
        template,
        call: call.to_owned(),
    })
}

/// Every endpoint that this crate has a type for.
fn all_typed() -> Vec<Typed> {
    let mut all = calls![
        certificates::ListCertificates,
        prepay::PartnerJsapiPrepay,
        prepay::PartnerAppPrepay,
        prepay::PartnerH5Prepay,
        prepay::PartnerNativePrepay,
        prepay::JsapiPrepay,
        prepay::AppPrepay,
        prepay::H5Prepay,
        prepay::NativePrepay,
        combine::JsapiPrepay,
        combine::AppPrepay,
        combine::H5Prepay,
        combine::NativePrepay,
        combine::MiniProgramPrepay,
        combine::QueryByOutTradeNo,
        combine::QueryByTransactionId,
        combine::Close,
        transactions::PartnerQueryById,
        transactions::PartnerQueryByOutTradeNo,
        transactions::PartnerClose,
        transactions::QueryById,
        transactions::QueryByOutTradeNo,
        transactions::Close,
        refunds::Apply,
        refunds::Query,
        refunds::ApplyAbnormal,
        refunds::ecommerce::Apply,
        refunds::ecommerce::QueryById,
        refunds::ecommerce::QueryByOutRefundNo,
        refunds::ecommerce::ReturnAdvance,
        refunds::ecommerce::QueryAdvanceReturn,
        refunds::ecommerce::ApplyAbnormal,
        profit_sharing::ecommerce::Share,
        profit_sharing::ecommerce::QueryShare,
        profit_sharing::ecommerce::ReturnShare,
        profit_sharing::ecommerce::QueryReturn,
        profit_sharing::ecommerce::FinishOrder,
        profit_sharing::ecommerce::QueryUnsplitAmount,
        profit_sharing::ecommerce::AddReceiver,
        profit_sharing::ecommerce::DeleteReceiver,
        profit_sharing::ecommerce::CreateAfterSalesOrder,
        profit_sharing::ecommerce::QueryAfterSalesOrder,
        profit_sharing::Share,
        profit_sharing::QueryShare,
        profit_sharing::Unfreeze,
        profit_sharing::ReturnShare,
        profit_sharing::QueryReturn,
        profit_sharing::QueryUnsplitAmount,
        profit_sharing::AddReceiver,
        profit_sharing::DeleteReceiver,
        profit_sharing::QueryMerchantConfig,
        subsidies::Create,
        subsidies::Return,
        subsidies::Cancel,
        applyments::Submit,
        applyments::SubmitAccountHosting,
        applyments::SubmitSignVerifyInfo,
        applyments::RevokeById,
        applyments::RevokeByOutRequestNo,
        applyments::QueryById,
        applyments::QueryByOutRequestNo,
        settlement::ModifySettlement,
        settlement::QuerySettlement,
        settlement::QueryApplication,
        funds::QuerySubBalance,
        funds::QuerySubDayEndBalance,
        funds::QueryBalance,
        funds::QueryDayEndBalance,
        funds::WithdrawForSub,
        funds::QuerySubWithdrawal,
        funds::QuerySubWithdrawalById,
        funds::Withdraw,
        funds::QueryWithdrawal,
        funds::QueryWithdrawalById,
        funds::WithdrawDayEndBalance,
        funds::QueryDayEndWithdrawal,
        bills::GetTradeBill,
        bills::GetFundFlowBill,
        bills::GetSubMerchantFundFlowBill,
        bills::GetEcommerceFundFlowBill,
        bills::GetProfitSharingBill,
        bills::GetWithdrawalBill,
        security::Echo,
        transfers::Create,
        transfers::CreateAndAuthorize,
        transfers::CreateAuthorized,
        transfers::QueryByOutBillNo,
        transfers::QueryByTransferBillNo,
        transfers::Cancel,
        transfers::Authorize,
        transfers::QueryAuthorization,
        transfers::CloseAuthorization,
        transfers::RequestReceiptByOutBillNo,
        transfers::RequestReceiptByTransferBillNo,
        transfers::QueryReceiptByOutBillNo,
        transfers::QueryReceiptByTransferBillNo,
        code_pay::Pay,
        code_pay::PartnerPay,
        code_pay::Reverse,
        code_pay::PartnerReverse,
        capital::ListCorporateBanks,
        capital::ListPersonalBanks,
        capital::FindBankOfCard,
        capital::ListBranches,
        capital::ListProvinces,
        capital::ListCities,
        violations::CreateNotifyUrl,
        violations::QueryNotifyUrl,
        violations::UpdateNotifyUrl,
        violations::DeleteNotifyUrl,
        sub_merchants::ListOfSubject,
        abnormal_funds::QueryReceipt,
        abnormal_funds::Instruct,
        abnormal_funds::QueryInstruction,
        personal_receivers::PrepareInMiniProgram,
        personal_receivers::PrepareInApp,
        personal_receivers::PrepareVerifiedInMiniProgram,
        personal_receivers::PrepareVerifiedInApp,
        personal_receivers::QueryByOpenid,
        personal_receivers::QueryByOutContractCode,
        personal_receivers::Settle,
        personal_receivers::QueryBatch,
        personal_receivers::ApplyAbnormal,
        sub_merchant_closing::Apply,
        sub_merchant_closing::Query,
        sub_merchant_closing::ApplyPayout,
        sub_merchant_closing::Confirm,
        sub_merchant_closing::QueryPayoutByOutRequestNo,
        sub_merchant_closing::QueryPayoutByApplymentId,
        sub_merchant_closing::Validate,
        sub_merchant_recharge::ApplyBankTransfer,
        sub_merchant_recharge::QueryBankTransfer,
        sub_merchant_recharge::AddEmployee,
        sub_merchant_recharge::DeleteEmployee,
        sub_merchant_recharge::ListEmployees,
        sub_merchant_recharge::Apply,
        sub_merchant_recharge::Query,
        sub_merchant_recharge::Close,
        deposits::CompensateAfterSales,
        deposits::QueryAfterSalesByOutBillNo,
        deposits::QueryAfterSalesByBillId,
        deposits::CompensateFreight,
        deposits::QueryFreight,
        deposits::CompensateInsurer,
        deposits::QueryInsurer,
        deposits::Claim,
        deposits::PreClaim,
        deposits::CancelClaim,
        deposits::QueryClaimByOutBillNo,
        deposits::QueryClaimByBillId,
        deposits::OpenClaims,
        deposits::QueryClaimsContract,
        deposits::Deduct,
        deposits::QueryDeductionByOutBillNo,
        deposits::QueryDeductionByBillId,
        deposits::Compensate,
        deposits::PreCompensate,
        deposits::CancelCompensation,
        deposits::QueryCompensationByOutBillNo,
        deposits::QueryCompensationByBillId,
        deposits::CompensateMerchant,
        deposits::QueryMerchantCompensation,
        combined_deduction::PreSignInApp,
        combined_deduction::PreSignInMiniProgram,
        combined_deduction::QueryContract,
        combined_deduction::Terminate,
        combined_deduction::Deduct,
        combined_deduction::QueryDeduction,
        combined_deduction::Reverse,
        ecommerce_transfers::Authorize,
        ecommerce_transfers::QueryAuthorization,
        ecommerce_transfers::Create,
        ecommerce_transfers::Cancel,
        ecommerce_transfers::QueryByOutBillNo,
        ecommerce_transfers::QueryByTransferBillNo,
        limitations::QueryDueDiligence,
        limitations::SubmitDueDiligence,
        limitations::Query,
        applyment4sub::QueryByBusinessCode,
        applyment4sub::QueryByApplymentId,
        applyment4sub::Submit,
        complaints::List,
        complaints::Query,
        complaints::Reply,
        complaints::Complete,
        complaints::UpdateRefundProgress,
        complaints::history::List,
        complaints::legacy::List,
        complaints::legacy::Query,
        complaints::legacy::ListHistory,
        complaints::legacy::Feedback,
        complaints::ReplyAtOnce,
        complaints::CreateNotifyUrl,
        complaints::QueryNotifyUrl,
        complaints::UpdateNotifyUrl,
        complaints::DeleteNotifyUrl,
        payscore::GetBill,
        payscore::Cancel,
        payscore::Complete,
        payscore::Modify,
        payscore::Collect,
        payscore::Report,
        payscore::Create,
        payscore::CreateAndComplete,
        payscore::SendPendingMessage,
        payscore::SendPrepaidMessage,
        payscore::Query,
        payscore::Authorize,
        payscore::QueryAuthorizationByCode,
        payscore::QueryAuthorizationByOpenid,
        payscore::TerminateAuthorizationByCode,
        payscore::TerminateAuthorizationByOpenid,
        payscore::QueryUserServiceState,
        payscore::AssessUser,
        coupons::QueryCallback,
        coupons::SetCallback,
        coupons::SendCoupon,
        coupons::ListUserCoupons,
        coupons::QueryCoupon,
        coupons::CreateStock,
        coupons::GetUseFlow,
        coupons::GetRefundFlow,
        coupons::GetUseFlowByDay,
        coupons::GetRefundFlowByDay,
        coupons::StartStock,
        coupons::PauseStock,
        coupons::RestartStock,
        coupons::ModifyGoods,
        coupons::ListStocks,
        coupons::QueryStock,
        coupons::ListItems,
        coupons::ListMerchants,
    ];
    all.extend(uploads());
    all.extend(files());
    all
}

/// Every endpoint that is documented for direct merchants, service providers and platforms, by family.
const DOCUMENTED: [(&str, &[(&str, &str)]); 34] = [
    ("platform certificates", &[("GET", "/v3/certificates")]),
    (
        "partner prepay",
        &[
            ("POST", "/v3/pay/partner/transactions/jsapi"),
            ("POST", "/v3/pay/partner/transactions/app"),
            ("POST", "/v3/pay/partner/transactions/h5"),
            ("POST", "/v3/pay/partner/transactions/native"),
        ],
    ),
    (
        "direct prepay",
        &[
            ("POST", "/v3/pay/transactions/jsapi"),
            ("POST", "/v3/pay/transactions/app"),
            ("POST", "/v3/pay/transactions/h5"),
            ("POST", "/v3/pay/transactions/native"),
        ],
    ),
    (
        "combined order",
        &[
            ("POST", "/v3/combine-transactions/jsapi"),
            ("POST", "/v3/combine-transactions/app"),
            ("POST", "/v3/combine-transactions/h5"),
            ("POST", "/v3/combine-transactions/native"),
            ("POST", "/v3/combine-transactions/miniprogram"),
            (
                "GET",
                "/v3/combine-transactions/out-trade-no/{combine_out_trade_no}",
            ),
            ("GET", "/v3/combine-transactions/id/{combine_transaction_id}"),
            (
                "POST",
                "/v3/combine-transactions/out-trade-no/{combine_out_trade_no}/close",
            ),
        ],
    ),
    (
        "query",
        &[
            ("GET", "/v3/pay/partner/transactions/id/{transaction_id}"),
            ("GET", "/v3/pay/partner/transactions/out-trade-no/{out_trade_no}"),
            ("GET", "/v3/pay/transactions/id/{transaction_id}"),
            ("GET", "/v3/pay/transactions/out-trade-no/{out_trade_no}"),
        ],
    ),
    (
        "close",
        &[
            (
                "POST",
                "/v3/pay/partner/transactions/out-trade-no/{out_trade_no}/close",
            ),
            ("POST", "/v3/pay/transactions/out-trade-no/{out_trade_no}/close"),
        ],
    ),
    (
        "ordinary refund",
        &[
            ("POST", "/v3/refund/domestic/refunds"),
            ("GET", "/v3/refund/domestic/refunds/{out_refund_no}"),
            (
                "POST",
                "/v3/refund/domestic/refunds/{refund_id}/apply-abnormal-refund",
            ),
        ],
    ),
    (
        "e-commerce refund",
        &[
            ("POST", "/v3/ecommerce/refunds/apply"),
            ("GET", "/v3/ecommerce/refunds/id/{refund_id}"),
            ("GET", "/v3/ecommerce/refunds/out-refund-no/{out_refund_no}"),
            ("POST", "/v3/ecommerce/refunds/{refund_id}/return-advance"),
            ("GET", "/v3/ecommerce/refunds/{refund_id}/return-advance"),
            ("POST", "/v3/ecommerce/refunds/{refund_id}/apply-abnormal-refund"),
        ],
    ),
    (
        "bills",
        &[
            ("GET", "/v3/bill/tradebill"),
            ("GET", "/v3/bill/fundflowbill"),
            ("GET", "/v3/bill/sub-merchant-fundflowbill"),
            ("GET", "/v3/ecommerce/bill/fundflowbill"),
            ("GET", "/v3/profitsharing/bills"),
            ("GET", "/v3/merchant/fund/withdraw/bill-type/{bill_type}"),
        ],
    ),
    (
        "e-commerce profit sharing",
        &[
            ("POST", "/v3/ecommerce/profitsharing/orders"),
            ("GET", "/v3/ecommerce/profitsharing/orders"),
            ("POST", "/v3/ecommerce/profitsharing/returnorders"),
            ("GET", "/v3/ecommerce/profitsharing/returnorders"),
            ("POST", "/v3/ecommerce/profitsharing/finish-order"),
            (
                "GET",
                "/v3/ecommerce/profitsharing/orders/{transaction_id}/amounts",
            ),
            ("POST", "/v3/ecommerce/profitsharing/receivers/add"),
            ("POST", "/v3/ecommerce/profitsharing/receivers/delete"),
            ("POST", "/v3/ecommerce/profitsharing/after-sales-orders"),
            ("GET", "/v3/ecommerce/profitsharing/after-sales-orders"),
        ],
    ),
    (
        "ordinary profit sharing",
        &[
            ("POST", "/v3/profitsharing/orders"),
            ("GET", "/v3/profitsharing/orders/{out_order_no}"),
            ("POST", "/v3/profitsharing/orders/unfreeze"),
            ("POST", "/v3/profitsharing/return-orders"),
            ("GET", "/v3/profitsharing/return-orders/{out_return_no}"),
            ("GET", "/v3/profitsharing/transactions/{transaction_id}/amounts"),
            ("POST", "/v3/profitsharing/receivers/add"),
            ("POST", "/v3/profitsharing/receivers/delete"),
            ("GET", "/v3/profitsharing/merchant-configs/{sub_mchid}"),
        ],
    ),
    (
        "subsidy",
        &[
            ("POST", "/v3/ecommerce/subsidies/create"),
            ("POST", "/v3/ecommerce/subsidies/return"),
            ("POST", "/v3/ecommerce/subsidies/cancel"),
        ],
    ),
    (
        "sub-merchant onboarding",
        &[
            ("POST", "/v3/ecommerce/applyments/"),
            (
                "POST",
                "/v3/ecommerce/applyments/submit-account-hosting-applyment",
            ),
            ("POST", "/v3/ecommerce/applyments/submit-sign-verify-info"),
            ("POST", "/v3/ecommerce/applyments/{applyment_id}/revoke"),
            (
                "POST",
                "/v3/ecommerce/applyments/out-request-no/{out_request_no}/revoke",
            ),
            ("GET", "/v3/ecommerce/applyments/{applyment_id}"),
            ("GET", "/v3/ecommerce/applyments/out-request-no/{out_request_no}"),
        ],
    ),
    (
        "media",
        &[
            ("POST", "/v3/merchant/media/upload"),
            ("POST", "/v3/merchant/media/video_upload"),
        ],
    ),
    (
        "settlement account",
        &[
            (
                "POST",
                "/v3/apply4sub/sub_merchants/{sub_mchid}/modify-settlement",
            ),
            ("GET", "/v3/apply4sub/sub_merchants/{sub_mchid}/settlement"),
            (
                "GET",
                "/v3/apply4sub/sub_merchants/{sub_mchid}/application/{application_no}",
            ),
        ],
    ),
    (
        "balances, withdrawals",
        &[
            ("GET", "/v3/ecommerce/fund/balance/{sub_mchid}"),
            ("GET", "/v3/ecommerce/fund/enddaybalance/{sub_mchid}"),
            ("GET", "/v3/merchant/fund/balance/{account_type}"),
            ("GET", "/v3/merchant/fund/dayendbalance/{account_type}"),
            ("POST", "/v3/ecommerce/fund/withdraw"),
            (
                "GET",
                "/v3/ecommerce/fund/withdraw/out-request-no/{out_request_no}",
            ),
            ("GET", "/v3/ecommerce/fund/withdraw/{withdraw_id}"),
            ("POST", "/v3/merchant/fund/withdraw"),
            (
                "GET",
                "/v3/merchant/fund/withdraw/out-request-no/{out_request_no}",
            ),
            ("GET", "/v3/merchant/fund/withdraw/withdraw-id/{withdraw_id}"),
            (
                "POST",
                "/v3/platsolution/ecommerce/withdraw/day-end-balance-withdraw",
            ),
            (
                "GET",
                "/v3/platsolution/ecommerce/withdraw/day-end-balance-withdraw/out-request-no/{out_request_no}",
            ),
        ],
    ),
    ("self-test", &[("POST", "/v3/security/echo")]),
    (
        "transfers",
        &[
            ("POST", "/v3/fund-app/mch-transfer/transfer-bills"),
            ("POST", "/v3/fund-app/mch-transfer/user-confirm-authorization"),
            (
                "POST",
                "/v3/fund-app/mch-transfer/transfer-bills/pre-transfer-with-authorization",
            ),
            ("POST", "/v3/fund-app/mch-transfer/transfer-bills/transfer"),
            (
                "GET",
                "/v3/fund-app/mch-transfer/transfer-bills/transfer-bill-no/{transfer_bill_no}",
            ),
            (
                "GET",
                "/v3/fund-app/mch-transfer/transfer-bills/out-bill-no/{out_bill_no}",
            ),
            (
                "POST",
                "/v3/fund-app/mch-transfer/transfer-bills/out-bill-no/{out_bill_no}/cancel",
            ),
            (
                "GET",
                "/v3/fund-app/mch-transfer/user-confirm-authorization/out-authorization-no/{out_authorization_no}",
            ),
            (
                "POST",
                "/v3/fund-app/mch-transfer/user-confirm-authorization/out-authorization-no/{out_authorization_no}/close",
            ),
            ("POST", "/v3/fund-app/mch-transfer/elecsign/out-bill-no"),
            ("POST", "/v3/fund-app/mch-transfer/elecsign/transfer-bill-no"),
            (
                "GET",
                "/v3/fund-app/mch-transfer/elecsign/transfer-bill-no/{transfer_bill_no}",
            ),
            (
                "GET",
                "/v3/fund-app/mch-transfer/elecsign/out-bill-no/{out_bill_no}",
            ),
        ],
    ),
    (
        "code pay",
        &[
            ("POST", "/v3/pay/transactions/codepay"),
            ("POST", "/v3/pay/transactions/out-trade-no/{out_trade_no}/reverse"),
            ("POST", "/v3/pay/partner/transactions/codepay"),
            (
                "POST",
                "/v3/pay/partner/transactions/out-trade-no/{out_trade_no}/reverse",
            ),
        ],
    ),
    (
        "banks, branches, areas",
        &[
            ("GET", "/v3/capital/capitallhh/banks/corporate-banking"),
            ("GET", "/v3/capital/capitallhh/banks/personal-banking"),
            ("GET", "/v3/capital/capitallhh/banks/search-banks-by-bank-account"),
            ("GET", "/v3/capital/capitallhh/banks/{bank_alias_code}/branches"),
            ("GET", "/v3/capital/capitallhh/areas/provinces"),
            (
                "GET",
                "/v3/capital/capitallhh/areas/provinces/{province_code}/cities",
            ),
        ],
    ),
    (
        "violations",
        &[
            ("POST", "/v3/merchant-risk-manage/violation-notifications"),
            ("GET", "/v3/merchant-risk-manage/violation-notifications"),
            ("PUT", "/v3/merchant-risk-manage/violation-notifications"),
            ("DELETE", "/v3/merchant-risk-manage/violation-notifications"),
        ],
    ),
    ("sub-merchants", &[("GET", "/v3/ecommerce/subject-sub-merchants")]),
    (
        "abnormal funds",
        &[
            ("GET", "/v3/abnormal-fund-processing/receipts/{receipt_id}"),
            (
                "POST",
                "/v3/abnormal-fund-processing/receipts/{receipt_id}/transfer-instructions",
            ),
            (
                "GET",
                "/v3/abnormal-fund-processing/receipts/{receipt_id}/transfer-instructions/{out_instruction_no}",
            ),
        ],
    ),
    (
        "personal receivers",
        &[
            (
                "POST",
                "/v3/ecommerce/individual-contracts/pre-entrust-sign/mini-program",
            ),
            ("POST", "/v3/ecommerce/individual-contracts/pre-entrust-sign/app"),
            (
                "POST",
                "/v3/ecommerce/individual-contracts/pre-entrust-sign-with-real-name-identity/mini-program",
            ),
            (
                "POST",
                "/v3/ecommerce/individual-contracts/pre-entrust-sign-with-real-name-identity/app",
            ),
            ("GET", "/v3/ecommerce/individual-contracts/{openid}"),
            (
                "GET",
                "/v3/ecommerce/individual-contracts/out-contract-code/{out_contract_code}",
            ),
            ("POST", "/v3/platsolution/ecommerce/settle/prepay-settle-orders"),
            (
                "GET",
                "/v3/platsolution/ecommerce/settle/prepay-settle-orders/{settle_batch_no}",
            ),
            (
                "POST",
                "/v3/platsolution/ecommerce/settle/prepay-settle-orders/{settle_batch_no}/apply-abnormal-settle",
            ),
        ],
    ),
    (
        "closing of sub-merchants",
        &[
            ("POST", "/v3/ecommerce/account/cancel-applications"),
            (
                "GET",
                "/v3/ecommerce/account/cancel-applications/out-apply-no/{out_apply_no}",
            ),
            ("POST", "/v3/ecommerce/account/apply-cancel-withdraw"),
            ("POST", "/v3/ecommerce/account/apply-cancel-withdraw/confirm"),
            (
                "GET",
                "/v3/ecommerce/account/apply-cancel-withdraw/out-request-no/{out_request_no}",
            ),
            (
                "GET",
                "/v3/ecommerce/account/apply-cancel-withdraw/applyment-id/{applyment_id}",
            ),
            (
                "GET",
                "/v3/ecommerce/account/apply-cancel-withdraw/validate-cancel/{sub_mchid}",
            ),
            ("POST", "/v3/ecommerce/account/cancel-applications/media"),
        ],
    ),
    (
        "recharges of sub-merchants",
        &[
            ("POST", "/v3/platsolution/ecommerce/bank-transfer-recharges/apply"),
            (
                "GET",
                "/v3/platsolution/ecommerce/bank-transfer-recharges/out-recharge-no/{out_recharge_no}",
            ),
            ("POST", "/v3/platsolution/ecommerce/recharge-employees"),
            (
                "POST",
                "/v3/platsolution/ecommerce/recharge-employees/sub-mchid/{sub_mchid}/sp-openid/{sp_openid}/delete",
            ),
            (
                "GET",
                "/v3/platsolution/ecommerce/recharge-employees/sub-mchid/{sub_mchid}",
            ),
            ("POST", "/v3/platsolution/ecommerce/recharges/apply"),
            (
                "GET",
                "/v3/platsolution/ecommerce/recharges/out-recharge-no/{out_recharge_no}",
            ),
            (
                "POST",
                "/v3/platsolution/ecommerce/recharges/out-recharge-no/{out_recharge_no}/close",
            ),
        ],
    ),
    (
        "deposits, claims, compensation",
        &[
            (
                "POST",
                "/v3/platsolution/ecommerce/mch-transfer/deposit-after-sales-compensation-bills",
            ),
            (
                "GET",
                "/v3/platsolution/ecommerce/mch-transfer/deposit-after-sales-compensation-bills/out-bill-no/{out_bill_no}",
            ),
            (
                "GET",
                "/v3/platsolution/ecommerce/mch-transfer/deposit-after-sales-compensation-bills/bill-id/{bill_id}",
            ),
            (
                "POST",
                "/v3/platsolution/ecommerce/mch-transfer/deposit-shipping-cost-compensation-bills",
            ),
            (
                "GET",
                "/v3/platsolution/ecommerce/mch-transfer/deposit-shipping-cost-compensation-bills/out-bill-no/{out_bill_no}",
            ),
            (
                "POST",
                "/v3/platsolution/ecommerce/mch-transfer/deposit-insurance-premiums-compensation-bills",
            ),
            (
                "GET",
                "/v3/platsolution/ecommerce/mch-transfer/deposit-insurance-premiums-compensation-bills/{out_bill_no}",
            ),
            (
                "POST",
                "/v3/platsolution/ecommerce/mch-transfer/insurance-claim-bills",
            ),
            (
                "POST",
                "/v3/platsolution/ecommerce/mch-transfer/insurance-claim-bills/pre-transfer",
            ),
            (
                "POST",
                "/v3/platsolution/ecommerce/mch-transfer/insurance-claim-bills/out-bill-no/{out_bill_no}/cancel",
            ),
            (
                "GET",
                "/v3/platsolution/ecommerce/mch-transfer/insurance-claim-bills/out-bill-no/{out_bill_no}",
            ),
            (
                "GET",
                "/v3/platsolution/ecommerce/mch-transfer/insurance-claim-bills/bill-id/{bill_id}",
            ),
            (
                "POST",
                "/v3/platsolution/ecommerce/insurance-compensation-contracts",
            ),
            (
                "POST",
                "/v3/platsolution/ecommerce/insurance-compensation-contracts/sub-mchid/{sub_mchid}/check-opened",
            ),
            ("POST", "/v3/platsolution/ecommerce/mch-transfer/transfer-bills"),
            (
                "GET",
                "/v3/platsolution/ecommerce/mch-transfer/transfer-bills/out-bill-no/{out_bill_no}",
            ),
            (
                "GET",
                "/v3/platsolution/ecommerce/mch-transfer/transfer-bills/bill-id/{bill_id}",
            ),
            ("POST", "/v3/platsolution/ecommerce/mch-transfer/compensate-bills"),
            (
                "POST",
                "/v3/platsolution/ecommerce/mch-transfer/compensate-bills/pre-transfer",
            ),
            (
                "POST",
                "/v3/platsolution/ecommerce/mch-transfer/compensate-bills/out-bill-no/{out_bill_no}/cancel",
            ),
            (
                "GET",
                "/v3/platsolution/ecommerce/mch-transfer/compensate-bills/out-bill-no/{out_bill_no}",
            ),
            (
                "GET",
                "/v3/platsolution/ecommerce/mch-transfer/compensate-bills/bill-id/{bill_id}",
            ),
            (
                "POST",
                "/v3/platsolution/ecommerce/mch-transfer/sub-mch-compensation-bills",
            ),
            (
                "GET",
                "/v3/platsolution/ecommerce/mch-transfer/sub-mch-compensation-bills/{out_bill_no}",
            ),
        ],
    ),
    (
        "combined deductions",
        &[
            ("POST", "/v3/ecommerce/combine-papay/contracts/pre-entrust-sign"),
            (
                "POST",
                "/v3/ecommerce/combine-papay/contracts/pre-entrust-sign/mini-program",
            ),
            (
                "GET",
                "/v3/ecommerce/combine-papay/contracts/plan-id/{plan_id}/out-contract-code/{out_contract_code}",
            ),
            (
                "POST",
                "/v3/ecommerce/combine-papay/contracts/plan-id/{plan_id}/out-contract-code/{out_contract_code}/terminate",
            ),
            ("POST", "/v3/ecommerce/combine-papay/transactions"),
            (
                "GET",
                "/v3/ecommerce/combine-papay/transactions/{combine_out_trade_no}",
            ),
            (
                "POST",
                "/v3/ecommerce/combine-papay/transactions/{combine_out_trade_no}/reverse",
            ),
        ],
    ),
    (
        "e-commerce transfers",
        &[
            ("POST", "/v3/ecommerce/mch-transfer/authorizations"),
            ("GET", "/v3/ecommerce/mch-transfer/authorizations/{sub_mchid}"),
            ("POST", "/v3/ecommerce/mch-transfer/transfer-bills"),
            (
                "POST",
                "/v3/ecommerce/mch-transfer/transfer-bills/out-bill-no/{out_bill_no}/cancel",
            ),
            (
                "GET",
                "/v3/ecommerce/mch-transfer/transfer-bills/out-bill-no/{out_bill_no}",
            ),
            (
                "GET",
                "/v3/ecommerce/mch-transfer/transfer-bills/transfer-bill-no/{transfer_bill_no}",
            ),
        ],
    ),
    (
        "limitations",
        &[
            (
                "GET",
                "/v3/mch-operation-manage/enhanced-due-diligence/{due_diligence_id}",
            ),
            (
                "POST",
                "/v3/mch-operation-manage/enhanced-due-diligence/{due_diligence_id}/submit",
            ),
            (
                "GET",
                "/v3/mch-operation-manage/merchant-limitations/sub-mchid/{sub_mchid}",
            ),
            (
                "POST",
                "/v3/mch-operation-manage/enhanced-due-diligence/{due_diligence_id}/upload",
            ),
        ],
    ),
    (
        "onboarding of a partner",
        &[
            ("GET", "/v3/applyment4sub/applyment/business_code/{business_code}"),
            ("GET", "/v3/applyment4sub/applyment/applyment_id/{applyment_id}"),
            ("POST", "/v3/applyment4sub/applyment/"),
        ],
    ),
    (
        "complaints",
        &[
            ("GET", "/v3/merchant-service/complaints-v2"),
            ("GET", "/v3/merchant-service/complaints-v2/{complaint_id}"),
            (
                "POST",
                "/v3/merchant-service/complaints-v2/{complaint_id}/response",
            ),
            (
                "POST",
                "/v3/merchant-service/complaints-v2/{complaint_id}/complete",
            ),
            (
                "POST",
                "/v3/merchant-service/complaints-v2/{complaint_id}/update-refund-progress",
            ),
            (
                "GET",
                "/v3/merchant-service/complaints-v2/{complaint_id}/negotiation-historys",
            ),
            ("GET", "/v3/merchant-service/complaints"),
            ("GET", "/v3/merchant-service/complaints/{transaction_id}"),
            (
                "GET",
                "/v3/merchant-service/complaints/{transaction_id}/negotiation-historys",
            ),
            ("POST", "/v3/merchant-service/feedbacks"),
            (
                "POST",
                "/v3/merchant-service/complaints-v2/{complaint_id}/response-immediate-service",
            ),
            ("POST", "/v3/merchant-service/complaint-notifications"),
            ("GET", "/v3/merchant-service/complaint-notifications"),
            ("PUT", "/v3/merchant-service/complaint-notifications"),
            ("DELETE", "/v3/merchant-service/complaint-notifications"),
            ("POST", "/v3/merchant-service/images/upload"),
            ("GET", "/v3/merchant-service/images/{media_id}"),
        ],
    ),
    (
        "payscore",
        &[
            ("GET", "/v3/payscore/merchant-bill"),
            ("POST", "/v3/payscore/serviceorder/{out_order_no}/cancel"),
            ("POST", "/v3/payscore/serviceorder/{out_order_no}/complete"),
            ("POST", "/v3/payscore/serviceorder/{out_order_no}/modify"),
            ("POST", "/v3/payscore/serviceorder/{out_order_no}/pay"),
            ("POST", "/v3/payscore/serviceorder/{out_order_no}/sync"),
            ("POST", "/v3/payscore/serviceorder"),
            ("POST", "/v3/payscore/serviceorder/direct-complete"),
            (
                "POST",
                "/v3/payscore/serviceorder/{out_order_no}/send-pendingmessage",
            ),
            (
                "POST",
                "/v3/payscore/serviceorder/{out_order_no}/send-prepaidmessage",
            ),
            ("GET", "/v3/payscore/serviceorder"),
            ("POST", "/v3/payscore/permissions"),
            (
                "GET",
                "/v3/payscore/permissions/authorization-code/{authorization_code}",
            ),
            ("GET", "/v3/payscore/permissions/openid/{openid}"),
            (
                "POST",
                "/v3/payscore/permissions/authorization-code/{authorization_code}/terminate",
            ),
            ("POST", "/v3/payscore/permissions/openid/{openid}/terminate"),
            ("GET", "/v3/payscore/user-service-state"),
            ("POST", "/v3/payscore/permissions/assess-user-risk-level"),
        ],
    ),
    (
        "coupons",
        &[
            ("GET", "/v3/marketing/favor/callbacks"),
            ("POST", "/v3/marketing/favor/callbacks"),
            ("POST", "/v3/marketing/favor/users/{openid}/coupons"),
            ("GET", "/v3/marketing/favor/users/{openid}/coupons"),
            ("GET", "/v3/marketing/favor/users/{openid}/coupons/{coupon_id}"),
            ("POST", "/v3/marketing/favor/coupon-stocks"),
            ("GET", "/v3/marketing/favor/stocks/{stock_id}/use-flow"),
            ("GET", "/v3/marketing/favor/stocks/{stock_id}/refund-flow"),
            ("GET", "/v3/marketing/favor/stocks/{stock_id}/use-flow-by-day"),
            ("GET", "/v3/marketing/favor/stocks/{stock_id}/refund-flow-by-day"),
            ("POST", "/v3/marketing/favor/stocks/{stock_id}/start"),
            ("POST", "/v3/marketing/favor/stocks/{stock_id}/pause"),
            ("POST", "/v3/marketing/favor/stocks/{stock_id}/restart"),
            ("POST", "/v3/marketing/favor/stocks/{stock_id}/modify-goods-id"),
            ("GET", "/v3/marketing/favor/stocks"),
            ("GET", "/v3/marketing/favor/stocks/{stock_id}"),
            ("GET", "/v3/marketing/favor/stocks/{stock_id}/items"),
            ("GET", "/v3/marketing/favor/stocks/{stock_id}/merchants"),
            ("POST", "/v3/marketing/favor/media/image-upload"),
        ],
    ),
];

/// The later notification about a call's outcome, below `wechatpay_core::api`.
fn notification(family: &str, method: &str, template: &str) -> Option<&'static str> {
    if method == "GET" {
        return None;
    }
    match family {
        "partner prepay" | "direct prepay" => Some("transactions::Transaction"),
        "combined order" if !template.ends_with("/close") => Some("combine::CombinedTransaction"),
        "ordinary refund" => Some("refunds::RefundNotice"),
        "e-commerce refund" if !template.ends_with("/return-advance") => Some("refunds::RefundNotice"),
        "e-commerce profit sharing" | "ordinary profit sharing" if template.ends_with("orders") => {
            Some("profit_sharing::SharingNotice")
        }
        "balances, withdrawals" => Some("funds::WithdrawalNotice"),
        "self-test" => Some("security::EchoNotice"),
        "transfers" if template.contains("/user-confirm-authorization") => Some("transfers::Authorization"),
        "transfers" if !template.contains("/elecsign/") => Some("transfers::TransferNotice"),
        "abnormal funds" => Some("abnormal_funds::Receipt"),
        _ => None,
    }
}

/// A row of the table.
struct Row {
    family: &'static str,
    method: &'static str,
    template: &'static str,
    call: Option<String>,
    notification: Option<&'static str>,
}

fn table() -> Vec<Row> {
    let typed = all_typed();
    let row = |family, (method, template): (&'static str, &'static str)| Row {
        family,
        method,
        template,
        call: typed
            .iter()
            .find(|typed| typed.method == method && typed.template == template)
            .map(|typed| typed.call.clone()),
        notification: notification(family, method, template),
    };
    DOCUMENTED
        .iter()
        .flat_map(|(family, rows)| rows.iter().map(move |documented| row(family, *documented)))
        .collect()
}

/// A path in which each parameter is something.
fn filled(template: &str) -> String {
    let mut path = String::new();
    let mut rest = template;
    while let Some((before, behind)) = rest.split_once('{') {
        path.push_str(before);
        path.push('1');
        rest = behind.split_once('}').map_or("", |(_, behind)| behind);
    }
    path + rest
}

/// Returns true if the sandbox emulates the endpoint.
///
/// It refuses an empty request with 501 if it does not, and otherwise with another status.
async fn emulated(sandbox: &Sandbox, row: &Row) -> bool {
    let settings = sandbox.config().validate().unwrap();
    let transport = HyperTransport::new().unwrap();
    let hosts = AllowedHosts::platform().and(sandbox.address().to_string().parse().unwrap());
    let mut client = ServiceBuilder::new()
        .layer(SignLayer::new(settings.request_signer()).hosts(hosts))
        .service(transport);
    let request = Request::builder()
        .method(Method::from_bytes(row.method.as_bytes()).unwrap())
        .uri(format!("{}{}", sandbox.base_url(), filled(row.template)))
        .header("accept", "application/json")
        .header("user-agent", "wechatpay-tests")
        .header("content-type", "application/json")
        .body(Full::new(Bytes::new()))
        .unwrap();
    let response = client.ready().await.unwrap().call(request).await.unwrap();
    assert!(
        response.status() != 401,
        "{}: the request was signed",
        row.template
    );
    response.status() != 501
}

#[tokio::test]
async fn no_documented_endpoint_is_without_a_typed_call() {
    let sandbox = Sandbox::builder()
        .pages(wechatpay_dashboard::pages)
        .start()
        .await
        .unwrap();
    let table = table();
    let mut answered = 0;
    println!("| family | endpoint | typed call | sandbox | notification |");
    println!("|---|---|---|---|---|");
    for row in &table {
        let emulated = emulated(&sandbox, row).await;
        answered += usize::from(emulated);
        println!(
            "| {} | {} {} | {} | {} | {} |",
            row.family,
            row.method,
            row.template,
            row.call.as_deref().unwrap_or("no"),
            if emulated { "yes" } else { "no" },
            row.notification.unwrap_or("no"),
        );
    }
    println!("{} endpoints, {answered} of them in the sandbox", table.len());
    let without: Vec<&str> = table
        .iter()
        .filter(|row| row.call.is_none())
        .map(|row| row.template)
        .collect();
    assert_eq!(without, [""; 0]);
    let count = format!(
        "{} operations have types; {answered} of them are in the sandbox",
        table.len()
    );
    assert!(
        include_str!("../../../README.md").contains(&count),
        "README.md lacks: {count}"
    );
    // Not emulated: after-sales orders of e-commerce profit sharing, two variants of onboarding, orders in a mini program
    // that pay persons, and the families that are typed only so far.
    let typed_only = [
        "transfers",
        "code pay",
        "violations",
        "sub-merchants",
        "abnormal funds",
        "personal receivers",
        "closing of sub-merchants",
        "recharges of sub-merchants",
        "deposits, claims, compensation",
        "combined deductions",
        "e-commerce transfers",
        "limitations",
        "onboarding of a partner",
        "complaints",
        "payscore",
        "coupons",
    ];
    let typed_only = table
        .iter()
        .filter(|row| typed_only.contains(&row.family))
        .count();
    // Of the transfers four are emulated: create, both queries, cancel.
    assert_eq!(answered, table.len() - 5 - typed_only + 4);
}

#[test]
fn every_typed_call_is_of_a_documented_endpoint_and_stands_once() {
    let documented: BTreeSet<(String, &str)> = DOCUMENTED
        .iter()
        .flat_map(|(_, rows)| *rows)
        .map(|(method, template)| ((*method).to_owned(), *template))
        .collect();
    let typed = all_typed();
    let endpoints: BTreeSet<(String, &str)> = typed
        .iter()
        .map(|typed| (typed.method.clone(), typed.template))
        .collect();
    assert_eq!(endpoints.len(), typed.len());
    let beyond: Vec<_> = endpoints.difference(&documented).collect();
    assert!(beyond.is_empty(), "{beyond:?}");
    let names: BTreeSet<&str> = typed.iter().map(|typed| typed.call.as_str()).collect();
    assert_eq!(names.len(), typed.len());
}
