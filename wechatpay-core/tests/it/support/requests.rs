//! Every typed request of the library, with all members set.

use std::{fmt::Debug, str::FromStr};

use wechatpay_core::{
    api::{
        Endpoint,
        applyments::{
            self, AccountInfo, Application, BankAccountType, Beneficiary, BusinessLicense, BusinessTime,
            Contact, ContactType, FinanceInstitution, FinanceType, IdCard, IdDocument, IdDocumentType,
            IdHolderType, MediaList, OrganizationType, ProxyVerification, SalesScene, SettlementRule,
            VerifyIdentityType,
        },
        bills::{
            BillAccount, BillAlgorithm, BillType, GetEcommerceFundFlowBill, GetFundFlowBill,
            GetProfitSharingBill, GetSubMerchantFundFlowBill, GetTradeBill, GetWithdrawalBill, TarType,
            WithdrawalBillType,
        },
        certificates::{CertificateAlgorithm, ListCertificates},
        combine,
        funds::{self, AccountType, CalculateAmountType},
        prepay::{
            self, ContractInfo, DirectPayer, GoodsDetail, H5Info, H5Scene, H5Type, IdentityType,
            JsapiContractInfo, LimitPay, OrderDetail, OrderScene, PartnerPayer, PayerIdentity, SettleInfo,
            StoreInfo, SubsidyDetail, SubsidyInfo, SubsidyPeriodType, SubsidyPlan,
        },
        profit_sharing::{
            self, ReceiverType, RelationType,
            ecommerce::{AfterSalesScene, AfterSalesType},
        },
        refunds::{
            self, AbnormalRefundType, FundsAccount, RefundAccount, RefundGoods, RefundSource, RefundedOrder,
            ecommerce::RefundedPayee,
        },
        security::Echo,
        settlement::{self, AccountNumberRule, ModifyMode, SettlementAccountType},
        subsidies, transactions,
    },
    types::{
        Appid, CombineOutTradeNo, DateTime, Fen, Mchid, Openid, OutOrderNo, OutTradeNo, SharingOrderId,
        TransactionId,
    },
};

const URL: &str = "https://shop.example/notify";

fn id<T: FromStr<Err: Debug>>(text: &str) -> T {
    text.parse().unwrap()
}

fn appid() -> Appid {
    id("wxd678efh567hg6787")
}

fn mchid() -> Mchid {
    id("1900000001")
}

fn order() -> OutTradeNo {
    id("ORDER-000001")
}

fn whole() -> CombineOutTradeNo {
    id("COMBINED-000001")
}

fn openid() -> Openid {
    id("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o")
}

fn payment() -> TransactionId {
    id("4208450740201411110007820472")
}

fn time() -> DateTime {
    id("2024-01-01T12:34:56+08:00")
}

fn fen() -> Fen {
    Fen::from(100)
}

fn identity() -> PayerIdentity {
    PayerIdentity::new(IdentityType::IdCard, "110101199003071234", "张三")
}

fn subsidies_of_instalments() -> SubsidyInfo {
    let plan = vec![SubsidyPlan::new(3, 100)];
    SubsidyInfo::new(vec![SubsidyDetail::new(SubsidyPeriodType::Daily, plan)])
}

fn store() -> StoreInfo {
    StoreInfo::new("0001").name("x").area_code("440305").address("x")
}

/// Visitor of every request.
pub(crate) trait RequestVisitor: Sized {
    /// Visits one request.
    fn visit<E: Endpoint + 'static>(&mut self, request: E);

    /// Visits all requests.
    fn visit_all(&mut self) {
        self.prepay();
        self.combined();
        self.refunds();
        self.bills();
        self.sharing();
        self.money();
        self.onboarding();
    }

    fn prepay(&mut self) {
        let goods = || {
            OrderDetail::goods(vec![
                GoodsDetail::new("1", 1, fen())
                    .wechatpay_goods_id("1")
                    .goods_name("x"),
            ])
            .cost_price(fen())
            .invoice_id("x")
        };
        macro_rules! contracted {
            ($order:expr) => {
                $order
                    .time_expire(time())
                    .attach("x")
                    .goods_tag("x")
                    .support_fapiao(true)
                    .settle_info(SettleInfo::profit_sharing())
                    .detail(goods())
            };
        }
        macro_rules! filled {
            ($order:expr) => {
                $order
                    .time_expire(time())
                    .attach("x")
                    .goods_tag("x")
                    .limit_pay(vec![LimitPay::NoCredit])
                    .support_fapiao(true)
                    .settle_info(SettleInfo::profit_sharing().subsidy_amount(fen()))
                    .detail(goods())
            };
        }
        macro_rules! direct {
            ($type:ident $(, $required:expr)?) => {
                filled!(prepay::$type::new(appid(), mchid(), "x", order(), URL, fen() $(, $required)?))
            };
        }
        macro_rules! partner {
            ($type:ident $(, $required:expr)?) => {
                filled!(prepay::$type::new(appid(), mchid(), mchid(), "x", order(), URL, fen() $(, $required)?))
                    .sub_appid(appid())
            };
        }
        let scene = || OrderScene::new("1.2.3.4").device_id("x").store_info(store());
        let browser = || {
            let app = H5Info::new(H5Type::Wap)
                .app_name("x")
                .app_url("x")
                .bundle_id("x")
                .package_name("x");
            H5Scene::new("1.2.3.4", app).device_id("x").store_info(store())
        };
        self.visit(
            direct!(JsapiPrepay, DirectPayer::openid(openid()).identity(identity()))
                .scene_info(scene())
                .subsidy_info(subsidies_of_instalments()),
        );
        self.visit(
            direct!(AppPrepay)
                .payer(identity())
                .scene_info(scene())
                .subsidy_info(subsidies_of_instalments()),
        );
        self.visit(direct!(H5Prepay, browser()).payer(identity()));
        self.visit(direct!(NativePrepay).payer(identity()).scene_info(scene()));
        let mut payer = PartnerPayer::sp_openid(openid()).identity(identity());
        payer.sub_openid = Some(openid());
        self.visit(
            partner!(PartnerJsapiPrepay, payer)
                .scene_info(scene())
                .subsidy_info(subsidies_of_instalments()),
        );
        self.visit(
            partner!(PartnerAppPrepay)
                .payer(identity())
                .scene_info(scene())
                .subsidy_info(subsidies_of_instalments()),
        );
        self.visit(partner!(PartnerH5Prepay, browser()).payer(identity()));
        self.visit(
            partner!(PartnerNativePrepay)
                .payer(identity())
                .scene_info(scene()),
        );
        let contract = || ContractInfo::new("123", mchid(), appid(), "x", "1", "x").contract_notify_url(URL);
        let signing = || {
            // The three ways exclude each other; a request with all members has all.
            let mut signing = JsapiContractInfo::from(contract());
            signing.token = Some("x".into());
            signing.password_free_contract_id = Some("x".to_owned());
            signing
        };
        self.visit(
            contracted!(prepay::JsapiPrepayWithContract::new(
                appid(),
                mchid(),
                "x",
                order(),
                URL,
                fen(),
                DirectPayer::openid(openid()),
                signing()
            ))
            .scene_info(scene()),
        );
        self.visit(
            contracted!(prepay::AppPrepayWithContract::new(
                appid(),
                mchid(),
                "x",
                order(),
                URL,
                fen(),
                contract()
            ))
            .scene_info(scene()),
        );
        let mut payer = PartnerPayer::sp_openid(openid());
        payer.sub_openid = Some(openid());
        self.visit(
            contracted!(prepay::PartnerJsapiPrepayWithContract::new(
                appid(),
                mchid(),
                mchid(),
                "x",
                order(),
                URL,
                fen(),
                payer,
                signing()
            ))
            .sub_appid(appid())
            .scene_info(scene()),
        );
        self.visit(
            contracted!(prepay::PartnerAppPrepayWithContract::new(
                appid(),
                mchid(),
                mchid(),
                "x",
                order(),
                URL,
                fen(),
                contract()
            ))
            .sub_appid(appid())
            .scene_info(scene()),
        );
        self.visit(transactions::QueryByOutTradeNo::new(mchid(), order()));
        self.visit(transactions::QueryById::new(mchid(), payment()));
        self.visit(transactions::Close::new(mchid(), order()));
        self.visit(transactions::PartnerQueryByOutTradeNo::new(
            mchid(),
            mchid(),
            order(),
        ));
        self.visit(transactions::PartnerQueryById::new(mchid(), mchid(), payment()));
        self.visit(transactions::PartnerClose::new(mchid(), mchid(), order()));
    }

    fn combined(&mut self) {
        let sub_order = || {
            combine::SubOrder::new(mchid(), "x", fen().into(), order(), "x")
                .sub_mchid(mchid())
                .sub_appid(appid())
                .individual_auth_id("x")
                .individual_name("x")
                .order_service_type(combine::OrderServiceType::IndividualTrade)
                .detail("x")
                .goods_tag("x")
                .settle_info(SettleInfo::profit_sharing().subsidy_amount(fen()))
                .profit_sharing(true)
        };
        let payer = || {
            let mut payer = combine::CombinePayer::openid(openid()).identity(identity());
            payer.sub_openid = Some(openid());
            payer
        };
        let scene = || combine::CombineScene::new("1.2.3.4").device_id("x");
        let app = H5Info::new(H5Type::Wap)
            .app_name("x")
            .app_url("x")
            .bundle_id("x")
            .package_name("x");
        let browser = combine::CombineH5Scene::new("1.2.3.4", app).device_id("x");
        let contract = combine::ContractInfo::new(mchid(), appid(), "x", 1, "x", URL);
        macro_rules! combined {
            ($type:ident $(, $required:expr)?) => {
                combine::$type::new(appid(), mchid(), whole(), vec![sub_order()], URL $(, $required)?)
                    .time_start(time())
                    .time_expire(time())
                    .limit_pay(vec![LimitPay::NoDebit])
                    .trade_scenario(combine::TradeScenario::Recommerce)
            };
        }
        self.visit(
            combined!(JsapiPrepay, payer())
                .scene_info(scene())
                .subsidy_info(subsidies_of_instalments()),
        );
        self.visit(
            combined!(AppPrepay)
                .combine_payer_info(payer())
                .scene_info(scene())
                .subsidy_info(subsidies_of_instalments())
                .prepay_id(id::<wechatpay_core::types::PrepayId>("x"))
                .contract_info(contract),
        );
        self.visit(combined!(H5Prepay, browser).combine_payer_info(payer()));
        self.visit(
            combined!(NativePrepay)
                .combine_payer_info(payer())
                .scene_info(scene()),
        );
        let person = combine::IndividualSubOrder::new(mchid(), "x", "x", fen().into(), order(), "x")
            .individual_name("x")
            .order_service_type(combine::OrderServiceType::IndividualTrade);
        self.visit(
            combine::MiniProgramPrepay::new(
                appid(),
                mchid(),
                whole(),
                combine::CombinePayer::openid(openid()),
                vec![person],
            )
            .scene_info(scene())
            .time_expire(time())
            .notify_url(URL)
            .trade_scenario(combine::TradeScenario::Recommerce),
        );
        self.visit(combine::QueryByOutTradeNo::new(whole()));
        self.visit(combine::QueryByTransactionId::new(id("42")));
        let closed = combine::ClosedSubOrder::new(mchid(), order())
            .individual_auth_id("x")
            .sub_mchid(mchid())
            .sub_appid(appid());
        self.visit(combine::Close::new(whole(), appid(), vec![closed]));
    }

    fn refunds(&mut self) {
        let source = || vec![RefundSource::new(FundsAccount::Available, fen())];
        for by in [RefundedOrder::from(payment()), RefundedOrder::from(order())] {
            let goods = RefundGoods::new("1", fen(), fen(), 1)
                .wechatpay_goods_id("1")
                .goods_name("x");
            let amount = refunds::RefundAmount::cny(fen(), fen()).from(source());
            self.visit(
                refunds::Apply::new(by, id("R1"), amount)
                    .sub_mchid(mchid())
                    .reason("x")
                    .notify_url(URL)
                    .funds_account(FundsAccount::Available)
                    .goods_detail(vec![goods]),
            );
        }
        self.visit(refunds::Query::new(id("R1")).sub_mchid(mchid()));
        self.visit(
            refunds::ApplyAbnormal::new(id("50"), id("R1"), AbnormalRefundType::UserBankCard)
                .sub_mchid(mchid())
                .bank_type("CMB_DEBIT")
                .bank_account("x")
                .real_name("x"),
        );
        let person = || RefundedPayee::IndividualAuthId("x".into());
        for (payee, by) in [
            (person(), RefundedOrder::from(payment())),
            (RefundedPayee::from(mchid()), RefundedOrder::from(order())),
        ] {
            let amount = refunds::ecommerce::RefundAmount::cny(fen(), fen()).from(source());
            self.visit(
                refunds::ecommerce::Apply::new(payee.clone(), appid(), by, id("R1"), amount)
                    .sub_appid(appid())
                    .combine_mchid(mchid())
                    .combine_out_trade_no(whole())
                    .combine_transaction_id(id::<wechatpay_core::types::CombineTransactionId>("42"))
                    .reason("x")
                    .notify_url(URL)
                    .refund_account(RefundAccount::SubMerchant)
                    .funds_account(FundsAccount::Prepaid),
            );
            self.visit(refunds::ecommerce::QueryById::new(id("50"), payee.clone()));
            self.visit(refunds::ecommerce::QueryByOutRefundNo::new(
                id("R1"),
                payee.clone(),
            ));
            self.visit(
                refunds::ecommerce::ApplyAbnormal::new(
                    id("50"),
                    payee,
                    id("R1"),
                    AbnormalRefundType::UserBankCard,
                )
                .bank_type("CMB_DEBIT")
                .bank_account("x")
                .real_name("x"),
            );
        }
        self.visit(refunds::ecommerce::ReturnAdvance::new(id("50"), mchid()));
        self.visit(refunds::ecommerce::QueryAdvanceReturn::new(id("50"), mchid()));
    }

    fn bills(&mut self) {
        let day = || id("2024-01-31");
        self.visit(ListCertificates::new().algorithm_type(CertificateAlgorithm::All));
        self.visit(
            GetTradeBill::new(day())
                .sub_mchid(mchid())
                .bill_type(BillType::All)
                .tar_type(TarType::Gzip),
        );
        self.visit(
            GetFundFlowBill::new(day())
                .sub_mchid(mchid())
                .account_type(BillAccount::Basic)
                .tar_type(TarType::Gzip),
        );
        self.visit(
            GetProfitSharingBill::new(day())
                .sub_mchid(mchid())
                .tar_type(TarType::Gzip),
        );
        self.visit(
            GetSubMerchantFundFlowBill::new(mchid(), day(), BillAccount::Basic, BillAlgorithm::Aes256Gcm)
                .tar_type(TarType::Gzip),
        );
        self.visit(
            GetEcommerceFundFlowBill::new(day(), BillAccount::All, BillAlgorithm::Aes256Gcm)
                .tar_type(TarType::Gzip),
        );
        self.visit(GetWithdrawalBill::new(WithdrawalBillType::NotSuccessful, day()).tar_type(TarType::Gzip));
    }

    fn sharing(&mut self) {
        let receiver = profit_sharing::Receiver::new(ReceiverType::PersonalOpenid, "x", fen(), "x").name("x");
        self.visit(
            profit_sharing::Share::new(payment(), id("S1"), vec![receiver], true)
                .appid(appid())
                .sub_mchid(mchid())
                .sub_appid(appid()),
        );
        self.visit(profit_sharing::QueryShare::new(id("S1"), payment()).sub_mchid(mchid()));
        self.visit(profit_sharing::Unfreeze::new(payment(), id("S1"), "x").sub_mchid(mchid()));
        self.visit(profit_sharing::QueryReturn::new(id("R1"), id("S1")).sub_mchid(mchid()));
        self.visit(profit_sharing::QueryUnsplitAmount::new(payment()));
        self.visit(profit_sharing::QueryMerchantConfig::new(mchid()));
        self.visit(
            profit_sharing::AddReceiver::new(
                appid(),
                ReceiverType::PersonalOpenid,
                "x",
                RelationType::Custom,
            )
            .sub_mchid(mchid())
            .sub_appid(appid())
            .name("x")
            .custom_relation("x"),
        );
        self.visit(
            profit_sharing::DeleteReceiver::new(appid(), ReceiverType::PersonalOpenid, "x")
                .sub_mchid(mchid())
                .sub_appid(appid()),
        );
        for share in [
            profit_sharing::SharedOrder::from(id::<SharingOrderId>("3008")),
            profit_sharing::SharedOrder::from(id::<OutOrderNo>("S1")),
        ] {
            self.visit(
                profit_sharing::ReturnShare::new(share.clone(), id("R1"), mchid(), fen(), "x")
                    .sub_mchid(mchid()),
            );
            self.visit(
                profit_sharing::ecommerce::ReturnShare::new(mchid(), share, id("R1"), mchid(), fen(), "x")
                    .transaction_id(payment()),
            );
        }
        let receiver =
            profit_sharing::ecommerce::Receiver::new(ReceiverType::PersonalOpenid, "x", fen(), "x")
                .receiver_name("x");
        self.visit(
            profit_sharing::ecommerce::Share::new(mchid(), payment(), id("S1"), vec![receiver], true)
                .appid(appid()),
        );
        self.visit(profit_sharing::ecommerce::QueryShare::new(
            mchid(),
            payment(),
            id("S1"),
        ));
        self.visit(profit_sharing::ecommerce::FinishOrder::new(
            mchid(),
            payment(),
            id("S1"),
            "x",
        ));
        self.visit(profit_sharing::ecommerce::QueryUnsplitAmount::new(payment()));
        self.visit(
            profit_sharing::ecommerce::QueryReturn::new(mchid(), id("R1"))
                .order_id(id::<SharingOrderId>("3008"))
                .out_order_no(id::<OutOrderNo>("S1")),
        );
        self.visit(
            profit_sharing::ecommerce::AddReceiver::new(
                ReceiverType::PersonalOpenid,
                "x",
                profit_sharing::ecommerce::RelationType::Others,
            )
            .appid(appid())
            .name("x")
            .encrypted_name("x"),
        );
        self.visit(
            profit_sharing::ecommerce::DeleteReceiver::new(ReceiverType::PersonalOpenid, "x").appid(appid()),
        );
        self.visit(
            profit_sharing::ecommerce::CreateAfterSalesOrder::new(
                mchid(),
                payment(),
                fen(),
                AfterSalesType::ServiceFeeIncome,
                AfterSalesScene::RefundTicket,
            )
            .refund_id(id::<wechatpay_core::types::RefundId>("50")),
        );
        self.visit(profit_sharing::ecommerce::QueryAfterSalesOrder::new(mchid()).transaction_id(payment()));
    }

    fn money(&mut self) {
        self.visit(
            funds::WithdrawForSub::new(mchid(), id("W1"), fen())
                .remark("x")
                .bank_memo("x")
                .account_type(AccountType::Basic)
                .notify_url(URL),
        );
        self.visit(
            funds::Withdraw::new(id("W1"), fen(), AccountType::Basic)
                .remark("x")
                .bank_memo("x")
                .notify_url(URL),
        );
        self.visit(
            funds::WithdrawDayEndBalance::new(mchid(), id("W1"), CalculateAmountType::AllowCurrentBalance)
                .remark("x")
                .bank_memo("x")
                .notify_url(URL)
                .reserve_amount(fen()),
        );
        self.visit(funds::QueryDayEndWithdrawal::new(id("W1"), mchid()));
        self.visit(funds::QuerySubWithdrawal::new(id("W1"), mchid()));
        self.visit(funds::QuerySubWithdrawalById::new(id("12"), mchid()));
        self.visit(funds::QueryWithdrawal::new(id("W1")));
        self.visit(funds::QueryWithdrawalById::new(id("12")));
        self.visit(funds::QuerySubBalance::new(mchid()).account_type(AccountType::Basic));
        self.visit(
            funds::QuerySubDayEndBalance::new(mchid(), id("2024-01-31")).account_type(AccountType::Basic),
        );
        self.visit(funds::QueryBalance::new(AccountType::Basic));
        self.visit(funds::QueryDayEndBalance::new(
            AccountType::Basic,
            id("2024-01-31"),
        ));
        self.visit(
            subsidies::Create::new(mchid(), payment(), fen(), "x")
                .out_subsidy_no(id::<wechatpay_core::types::OutSubsidyNo>("S1"))
                .refund_id(id::<wechatpay_core::types::RefundId>("50")),
        );
        self.visit(
            subsidies::Return::new(mchid(), id("R1"), payment(), fen(), "x")
                .refund_id(id::<wechatpay_core::types::RefundId>("50"))
                .subsidy_id(id::<wechatpay_core::types::SubsidyId>("30"))
                .from(vec![RefundSource::new(FundsAccount::Available, fen())]),
        );
        self.visit(subsidies::Cancel::new(mchid(), payment(), "x"));
        self.visit(Echo::new("x").encrypted_echo_message("x").notify_url(URL));
    }

    fn onboarding(&mut self) {
        let document = IdDocumentType::OverseaPassport;
        let licence = BusinessLicense::new("x", "x", "x", "x")
            .cert_type("CERTIFICATE_TYPE_2388")
            .company_address("x")
            .business_time(BusinessTime::new("2014-01-01", "长期"));
        let owner = Beneficiary::new(document.clone(), "x", "x", "x")
            .ubo_id_doc_copy_back("x")
            .ubo_id_doc_address("x")
            .ubo_period_begin("x")
            .ubo_period_end("x")
            .ubo_id_doc_period_begin("x")
            .ubo_id_doc_period_end("x");
        let account = AccountInfo::new(BankAccountType::Corporate, "x", "x", "x")
            .bank_address_code("x")
            .bank_branch_id("x")
            .bank_name("x");
        let contact = Contact::new(ContactType::Agent, "x", "x")
            .contact_id_doc_type(document.clone())
            .contact_id_card_number("x")
            .contact_id_doc_copy("x")
            .contact_id_doc_copy_back("x")
            .contact_period_begin("x")
            .contact_period_end("x")
            .contact_id_doc_period_begin("x")
            .contact_id_doc_period_end("x")
            .business_authorization_letter("x");
        let scene = SalesScene::new("x")
            .store_url("x")
            .store_qr_code("x")
            .mini_program_sub_appid(appid());
        let application = Application::new(id("A1"), OrganizationType::Company, account, contact, scene, "x")
            .finance_institution(true)
            .business_license_info(licence)
            .finance_institution_info(FinanceInstitution::new(FinanceType::BankAgent, vec!["x".into()]))
            .id_holder_type(IdHolderType::Legal)
            .id_doc_type(document)
            .authorize_letter_copy("x")
            .id_card_info(IdCard::new("x", "x", "x", "x", "x", "x"))
            .id_doc_info(IdDocument::new("x", "x", "x", "x", "x").id_doc_copy_back("x"))
            .owner(true)
            .ubo_info_list(vec![owner])
            .settlement_info(SettlementRule::new().settlement_id("x").qualification_type("x"))
            .qualifications(MediaList::from(vec!["x".into()]))
            .business_addition_pics(MediaList::from(vec!["x".into()]))
            .business_addition_desc("x");
        self.visit(applyments::Submit::new(application.clone()));
        self.visit(
            applyments::SubmitAccountHosting::new(application)
                .proxy_sign_verify_mode(true)
                .id_card_complete_statement("x"),
        );
        self.visit(
            applyments::SubmitSignVerifyInfo::new(id("A1"))
                .applyment_id(1)
                .pre_sign_time(time())
                .proxy_verify_identity_info(ProxyVerification::new(VerifyIdentityType::Remote, true)),
        );
        self.visit(applyments::QueryById::new(1.into()));
        self.visit(applyments::QueryByOutRequestNo::new(id("A1")));
        self.visit(applyments::RevokeById::new(1.into()));
        self.visit(applyments::RevokeByOutRequestNo::new(id("A1")));
        self.visit(
            settlement::ModifySettlement::new(mchid(), SettlementAccountType::Business, "x", "x", "x")
                .modify_mode(ModifyMode::Async)
                .bank_name("x")
                .bank_branch_id("x")
                .account_name("x"),
        );
        self.visit(settlement::QuerySettlement::new(mchid()).account_number_rule(AccountNumberRule::MaskV2));
        self.visit(
            settlement::QueryApplication::new(mchid(), id("1"))
                .account_number_rule(AccountNumberRule::MaskV2),
        );
    }
}
