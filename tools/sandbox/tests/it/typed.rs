//! The client's typed endpoints against the gateway's own tables.
//!
//! Each accepts and reads the other's messages. Neither knows the other's transcript of the documentation.

use std::{str::FromStr, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use wechatpay_core::{
    api::{
        Endpoint, applyments, bills, combine, funds,
        prepay::{self, IdentityType, OrderScene, PayerIdentity, StoreInfo},
        profit_sharing::{self, ecommerce as sharing},
        refunds::{self, ecommerce as platform_refunds},
        security, settlement, subsidies, transactions,
    },
    crypto::default_provider,
    testing::{DEMO_APPID, DEMO_MCHID, DEMO_PUBLIC_KEY_ID, DEMO_SUB_MCHID, DemoKey},
    types::{Appid, CombineOutTradeNo, Currency, Fen, Mchid, OutTradeNo, Sensitive, TransactionId},
};
use wechatpay_sandbox::{Account, ApplymentState, Buyer, MerchantKind, RefundState, Sandbox};

use crate::support::{Merchant, direct_order, partner_order, send};

const SETTLED: Duration = Duration::from_secs(3);

/// A value of whatever type is wanted.
fn of<T: FromStr>(text: &str) -> T
where
    T::Err: std::fmt::Debug,
{
    text.parse().unwrap()
}

fn sub() -> Mchid {
    of(DEMO_SUB_MCHID)
}

fn appid() -> Appid {
    of(DEMO_APPID)
}

pub(crate) struct Client {
    pub(crate) sandbox: Sandbox,
    pub(crate) merchant: Merchant,
}

impl Client {
    pub(crate) async fn start() -> Self {
        let sandbox = Sandbox::builder()
            .manual_clock()
            .notify_enabled(false)
            .start()
            .await
            .unwrap();
        let merchant = Merchant::new(&sandbox).asks_for(DEMO_PUBLIC_KEY_ID);
        Self { sandbox, merchant }
    }

    /// Encrypts, signs, sends, verifies, reads, and compares what the response repeats.
    pub(crate) async fn call<E: Endpoint>(&self, mut endpoint: E) -> E::Response {
        let sent = endpoint.clone();
        let provider = default_provider().unwrap();
        let key = DemoKey::PublicKey.load(provider.as_ref()).unwrap();
        let public = provider.public_key(key.public_key_info()).unwrap();
        if E::SENSITIVE {
            endpoint
                .visit_sensitive(&mut |field| {
                    if let Some(plain) = field.as_plain() {
                        *field = Sensitive::cipher(STANDARD.encode(public.encrypt(plain.as_bytes())?));
                    }
                    Ok(())
                })
                .unwrap();
        }
        let body = endpoint
            .body()
            .map(|body| serde_json::to_vec(&body).unwrap())
            .unwrap_or_default();
        let path = endpoint.path();
        let request = self.merchant.request(E::METHOD, path.as_str(), &body).await;
        let reply = send(request).await;
        assert!(
            reply.status.is_success(),
            "{} {}: {} {}",
            E::METHOD,
            path.as_str(),
            reply.status,
            reply.text()
        );
        self.merchant.verify(&reply).await.unwrap();
        let text = if reply.body.is_empty() {
            "null".into()
        } else {
            reply.body
        };
        let response = serde_json::from_slice(&text)
            .unwrap_or_else(|error| panic!("{} {}: {error}: {text:?}", E::METHOD, E::TEMPLATE));
        sent.check_echo(&response).unwrap();
        response
    }

    async fn pay(&self, path: &str, order: &Value) -> TransactionId {
        let reply = self.merchant.post(path, order).await;
        assert!(reply.status.is_success(), "{}", reply.text());
        let number = order["out_trade_no"].as_str().unwrap();
        let order = self.sandbox.pay(number, Buyer::Alice).unwrap();
        of(&order.transaction_id.unwrap())
    }

    async fn pay_partner(&self, number: &str) -> TransactionId {
        let mut order = partner_order("native", number);
        order["amount"]["total"] = json!(10_000);
        order["settle_info"] = json!({ "profit_sharing": true, "subsidy_amount": 500 });
        self.pay("/v3/pay/partner/transactions/native", &order).await
    }

    pub(crate) async fn pass(&self, time: Duration) {
        self.sandbox.clock().advance(time).await.unwrap();
    }
}

#[tokio::test]
async fn orders_and_refunds_of_a_direct_merchant_are_typed() {
    let client = Client::start().await;
    let id = client
        .pay("/v3/pay/transactions/native", &direct_order("native", "direct-1"))
        .await;
    let amount = refunds::RefundAmount::new(Fen::from(300), Fen::from(990), Currency::Cny);
    let number: OutTradeNo = of("direct-1");
    let applied = client
        .call(refunds::Apply::new(number.clone(), of("refund-1"), amount).reason("不想要了"))
        .await;
    assert_eq!(applied.transaction_id, id);
    client
        .sandbox
        .settle_refund("refund-1", RefundState::Abnormal)
        .unwrap();
    let rerouted = client
        .call(
            refunds::ApplyAbnormal::new(
                applied.refund_id,
                of("refund-1"),
                refunds::AbnormalRefundType::UserBankCard,
            )
            .bank_type("ICBC_DEBIT")
            .bank_account("6222000000000000")
            .real_name("张三"),
        )
        .await;
    assert_eq!(rerouted.status, refunds::RefundStatus::Processing);
    client.pass(SETTLED).await;
    let done = client.call(refunds::Query::new(of("refund-1"))).await;
    assert_eq!(done.status, refunds::RefundStatus::Success);
    let mchid: Mchid = of(DEMO_MCHID);
    let order = client
        .call(transactions::QueryByOutTradeNo::new(mchid.clone(), number))
        .await;
    assert_eq!(order.trade_state, transactions::TradeState::Refund);
    client.call(transactions::QueryById::new(mchid, id)).await;
    let id = client.pay_partner("partner-1").await;
    client
        .call(transactions::PartnerQueryById::new(of(DEMO_MCHID), sub(), id))
        .await;
}

#[tokio::test]
async fn refunds_of_platforms_are_typed() {
    let client = Client::start().await;
    let id = client.pay_partner("partner-1").await;
    let amount = platform_refunds::RefundAmount::new(Fen::from(300), Fen::from(10_000));
    let applied = client
        .call(
            platform_refunds::Apply::new(sub(), appid(), id, of("refund-1"), amount)
                .refund_account(refunds::RefundAccount::PartnerAdvance),
        )
        .await;
    assert_eq!(applied.amount.refund, Fen::from(300));
    client.pass(SETTLED).await;
    let done = client
        .call(platform_refunds::QueryById::new(applied.refund_id.clone(), sub()))
        .await;
    assert_eq!(done.status, refunds::RefundStatus::Success);
    client
        .call(platform_refunds::QueryByOutRefundNo::new(of("refund-1"), sub()))
        .await;
    let returned = client
        .call(platform_refunds::ReturnAdvance::new(
            applied.refund_id.clone(),
            sub(),
        ))
        .await;
    assert_eq!(returned.result, platform_refunds::AdvanceReturnResult::Success);
    client
        .call(platform_refunds::QueryAdvanceReturn::new(
            applied.refund_id,
            sub(),
        ))
        .await;
}

#[tokio::test]
async fn combined_orders_are_typed() {
    let client = Client::start().await;
    let item = |number: &str, total: u32| {
        combine::SubOrder::new(
            of(DEMO_MCHID),
            "附加",
            combine::CombineAmount::cny(Fen::from(total)),
            of(number),
            "一件商品",
        )
        .sub_mchid(sub())
    };
    let order = combine::NativePrepay::new(
        appid(),
        of(DEMO_MCHID),
        of("whole-1"),
        vec![item("item-0001", 300), item("item-0002", 690)],
        "http://127.0.0.1:9/notify",
    );
    client.call(order).await;
    let unpaid = client.call(combine::QueryByOutTradeNo::new(of("whole-1"))).await;
    assert_eq!(unpaid.sub_orders.len(), 2);
    client.sandbox.pay("whole-1", Buyer::Alice).unwrap();
    let paid = client.call(combine::QueryByOutTradeNo::new(of("whole-1"))).await;
    let id = paid.combine_transaction_id.clone().unwrap();
    assert_eq!(client.call(combine::QueryByTransactionId::new(id)).await, paid);
    let other = combine::NativePrepay::new(
        appid(),
        of(DEMO_MCHID),
        of("whole-2"),
        vec![item("item-0003", 300)],
        "http://127.0.0.1:9/notify",
    );
    client.call(other).await;
    let closed = combine::ClosedSubOrder::new(of(DEMO_MCHID), of("item-0003")).sub_mchid(sub());
    client
        .call(combine::Close::new(of("whole-2"), appid(), vec![closed]))
        .await;
}

/// Personal receivers (个人收款): the order, its query, the refund, its query.
#[tokio::test]
async fn a_person_is_paid_and_the_order_is_refunded() {
    let client = Client::start().await;
    let auth_id = client.authorized_person().await;
    let amount = combine::CombineAmount::cny(Fen::from(300));
    let item = combine::SubOrder::new(of(DEMO_MCHID), "附加", amount, of("item-0001"), "二手书")
        .individual_auth_id(auth_id.as_str())
        .individual_name("李四")
        .order_service_type(combine::OrderServiceType::IndividualTrade);
    let url = "http://127.0.0.1:9/notify";
    let whole = || of::<CombineOutTradeNo>("whole-1");
    client
        .call(combine::AppPrepay::new(
            appid(),
            of(DEMO_MCHID),
            whole(),
            vec![item],
            url,
        ))
        .await;
    client.sandbox.pay("whole-1", Buyer::Alice).unwrap();
    let mut paid = client.call(combine::QueryByOutTradeNo::new(whole())).await;
    let paid = paid.sub_orders.remove(0);
    assert_eq!(paid.individual_auth_id, Some(auth_id.as_str().into()));
    assert_eq!(paid.individual_name, Some("李四".into()));

    let person = || platform_refunds::RefundedPayee::IndividualAuthId(auth_id.as_str().into());
    let amount = platform_refunds::RefundAmount::cny(Fen::from(100), Fen::from(300));
    let id = paid.transaction_id.unwrap();
    let applied = client
        .call(
            platform_refunds::Apply::new(person(), appid(), id, of("refund-1"), amount)
                .combine_mchid(of::<Mchid>(DEMO_MCHID))
                .combine_out_trade_no(whole())
                .funds_account(refunds::FundsAccount::Prepaid),
        )
        .await;
    let refund = client
        .call(platform_refunds::QueryByOutRefundNo::new(
            of("refund-1"),
            person(),
        ))
        .await;
    assert_eq!(refund.refund_id, applied.refund_id);
    let by_id = platform_refunds::QueryById::new(applied.refund_id, person());
    assert_eq!(client.call(by_id).await, refund);
    for stranger in ["?individual_auth_id=auth-2", "?sub_mchid=1900000109", ""] {
        let path = format!("/v3/ecommerce/refunds/out-refund-no/refund-1{stranger}");
        let reply = client.merchant.get(&path).await;
        assert!(!reply.status.is_success(), "{stranger}: {}", reply.text());
    }
}

#[tokio::test]
async fn newer_members_of_an_order_are_taken() {
    let client = Client::start().await;
    let scene = OrderScene::default()
        .device_id("1")
        .device_ip("10.0.0.1")
        .store_info(StoreInfo::default().out_id("1").name("总店"));
    let order = prepay::NativePrepay::new(
        appid(),
        of(DEMO_MCHID),
        "一件商品",
        of("native-1"),
        "http://127.0.0.1:9/notify",
        Fen::from(100),
    );
    let payer = PayerIdentity::new(IdentityType::IdCard, "110101199003071234", "张三");
    client.call(order.payer(payer).scene_info(scene)).await;
    let item = combine::SubOrder::new(
        of(DEMO_MCHID),
        "附加",
        combine::CombineAmount::cny(Fen::from(300)),
        of("item-0001"),
        "一件商品",
    )
    .sub_mchid(sub())
    .profit_sharing(true);
    let contract = combine::ContractInfo::new(
        of(DEMO_MCHID),
        appid(),
        "agreement-1",
        1,
        "张三",
        "http://127.0.0.1:9/notify",
    );
    let order = combine::AppPrepay::new(
        appid(),
        of(DEMO_MCHID),
        of("whole-1"),
        vec![item],
        "http://127.0.0.1:9/notify",
    );
    client.call(order.contract_info(contract)).await;
}

#[tokio::test]
async fn profit_sharing_and_subsidies_of_platforms_are_typed() {
    let client = Client::start().await;
    let id = client.pay_partner("partner-1").await;
    client
        .call(
            sharing::AddReceiver::new(
                profit_sharing::ReceiverType::PersonalOpenid,
                "oReceiver",
                sharing::RelationType::Supplier,
            )
            .appid(appid())
            .encrypted_name("张三"),
        )
        .await;
    let mut receivers = vec![
        sharing::Receiver::new(
            profit_sharing::ReceiverType::PersonalOpenid,
            "oReceiver",
            Fen::from(100),
            "分给个人",
        )
        .receiver_name("张三"),
    ];
    client
        .call(
            sharing::AddReceiver::new(
                profit_sharing::ReceiverType::MerchantId,
                "1900000003",
                sharing::RelationType::Supplier,
            )
            .name("某某有限公司"),
        )
        .await;
    receivers.push(sharing::Receiver::new(
        profit_sharing::ReceiverType::MerchantId,
        "1900000003",
        Fen::from(200),
        "分给商户",
    ));
    let accepted = client
        .call(sharing::Share::new(sub(), id.clone(), of("share-1"), receivers, false).appid(appid()))
        .await;
    assert_eq!(accepted.receivers.len(), 2);
    client.pass(SETTLED).await;
    let done = client
        .call(sharing::QueryShare::new(sub(), id.clone(), of("share-1")))
        .await;
    assert_eq!(done.receivers[0].result, profit_sharing::ShareResult::Success);
    let shared: wechatpay_core::types::OutOrderNo = of("share-1");
    client
        .call(sharing::ReturnShare::new(
            sub(),
            shared.clone(),
            of("return-1"),
            of("1900000003"),
            Fen::from(50),
            "退货",
        ))
        .await;
    client
        .call(sharing::QueryReturn::new(sub(), of("return-1")).out_order_no(shared))
        .await;
    let left = client.call(sharing::QueryUnsplitAmount::new(id.clone())).await;
    assert_eq!(left.unsplit_amount, Fen::from(9940 - 300));
    let paid = client
        .call(subsidies::Create::new(sub(), id.clone(), Fen::from(300), "补差"))
        .await;
    assert_eq!(paid.amount, Some(Fen::from(300)));
    client
        .call(subsidies::Return::new(
            sub(),
            of("back-1"),
            id.clone(),
            Fen::from(300),
            "退",
        ))
        .await;
    client
        .call(sharing::FinishOrder::new(
            sub(),
            id.clone(),
            of("finish-1"),
            "完结",
        ))
        .await;
    client
        .call(sharing::QueryShare::new(sub(), id, of("finish-1")))
        .await;
    client
        .call(sharing::DeleteReceiver::new(
            profit_sharing::ReceiverType::MerchantId,
            "1900000003",
        ))
        .await;
    let other = client.pay_partner("partner-2").await;
    client.call(subsidies::Cancel::new(sub(), other, "取消")).await;
}

#[tokio::test]
async fn ordinary_profit_sharing_is_typed() {
    let sandbox = Sandbox::builder()
        .manual_clock()
        .notify_enabled(false)
        .merchant(
            wechatpay_sandbox::MerchantSpec::new(
                of("1900000002"),
                wechatpay_core::types::ApiV3Key::parse("AnotherDemoApiV3Key0123456789abc").unwrap(),
            )
            .kind(MerchantKind::ServiceProvider)
            .appid(appid())
            .sub_merchant(of("1900000201"), [])
            .demo_key(of("4F2E"), DemoKey::OtherMerchant),
        )
        .start()
        .await
        .unwrap();
    let merchant =
        Merchant::with(&sandbox, "1900000002", "4F2E", DemoKey::OtherMerchant).asks_for(DEMO_PUBLIC_KEY_ID);
    let client = Client { sandbox, merchant };
    let sub: Mchid = of("1900000201");
    let mut order = partner_order("native", "provided-1");
    order["sp_mchid"] = json!("1900000002");
    order["sub_mchid"] = json!("1900000201");
    order["settle_info"] = json!({ "profit_sharing": true });
    let id = client.pay("/v3/pay/partner/transactions/native", &order).await;
    client
        .call(
            profit_sharing::AddReceiver::new(
                appid(),
                profit_sharing::ReceiverType::MerchantId,
                DEMO_MCHID,
                profit_sharing::RelationType::Partner,
            )
            .sub_mchid(sub.clone())
            .name("某某有限公司"),
        )
        .await;
    let receiver = profit_sharing::Receiver::new(
        profit_sharing::ReceiverType::MerchantId,
        DEMO_MCHID,
        Fen::from(100),
        "分",
    );
    client
        .call(
            profit_sharing::Share::new(id.clone(), of("share-1"), vec![receiver], false)
                .sub_mchid(sub.clone()),
        )
        .await;
    client.pass(SETTLED).await;
    let done = client
        .call(profit_sharing::QueryShare::new(of("share-1"), id.clone()).sub_mchid(sub.clone()))
        .await;
    assert_eq!(done.receivers[0].result, profit_sharing::ShareResult::Success);
    let shared: wechatpay_core::types::OutOrderNo = of("share-1");
    client
        .call(
            profit_sharing::ReturnShare::new(
                shared.clone(),
                of("return-1"),
                of(DEMO_MCHID),
                Fen::from(40),
                "退",
            )
            .sub_mchid(sub.clone()),
        )
        .await;
    client
        .call(profit_sharing::QueryReturn::new(of("return-1"), shared).sub_mchid(sub.clone()))
        .await;
    client
        .call(profit_sharing::QueryUnsplitAmount::new(id.clone()))
        .await;
    client
        .call(profit_sharing::QueryMerchantConfig::new(sub.clone()))
        .await;
    client
        .call(profit_sharing::Unfreeze::new(id, of("rest-1"), "解冻").sub_mchid(sub.clone()))
        .await;
    client
        .call(
            profit_sharing::DeleteReceiver::new(
                appid(),
                profit_sharing::ReceiverType::MerchantId,
                DEMO_MCHID,
            )
            .sub_mchid(sub),
        )
        .await;
}

#[tokio::test]
async fn bills_of_every_kind_are_typed() {
    let client = Client::start().await;
    client.pay_partner("partner-1").await;
    client
        .pay("/v3/pay/transactions/native", &direct_order("native", "direct-1"))
        .await;
    client.sandbox.clock().next_day_at("10:00").await.unwrap();
    let day = || of("2026-01-05");
    let trade = client
        .call(bills::GetTradeBill::new(day()).bill_type(bills::BillType::All))
        .await;
    assert_eq!(trade.hash_value.len(), 40);
    client.call(bills::GetFundFlowBill::new(day())).await;
    let sealed = client
        .call(bills::GetSubMerchantFundFlowBill::new(
            sub(),
            day(),
            bills::BillAccount::Basic,
            bills::BillAlgorithm::Aes256Gcm,
        ))
        .await;
    assert_eq!(sealed.download_bill_list.len(), 1);
    client
        .call(bills::GetEcommerceFundFlowBill::new(
            day(),
            bills::BillAccount::All,
            bills::BillAlgorithm::Aes256Gcm,
        ))
        .await;
}

#[tokio::test]
async fn balances_withdrawals_and_settlement_accounts_are_typed() {
    let client = Client::start().await;
    client
        .sandbox
        .top_up(DEMO_SUB_MCHID, Account::Basic, Fen::from(10_000));
    client
        .sandbox
        .top_up(DEMO_MCHID, Account::Operation, Fen::from(10_000));
    let balance = client.call(funds::QuerySubBalance::new(sub())).await;
    assert_eq!(balance.available_amount, Some(Fen::from(10_000)));
    client
        .call(funds::QueryBalance::new(funds::AccountType::Operation))
        .await;
    let taken = client
        .call(funds::WithdrawForSub::new(sub(), of("w1"), Fen::from(100)).remark("交易提现"))
        .await;
    client.pass(SETTLED).await;
    client.call(funds::QuerySubWithdrawal::new(of("w1"), sub())).await;
    client
        .call(funds::QuerySubWithdrawalById::new(taken.withdraw_id, sub()))
        .await;
    let taken = client
        .call(funds::Withdraw::new(
            of("w2"),
            Fen::from(100),
            funds::AccountType::Operation,
        ))
        .await;
    client.call(funds::QueryWithdrawal::new(of("w2"))).await;
    client
        .call(funds::QueryWithdrawalById::new(taken.withdraw_id))
        .await;
    client.sandbox.clock().next_day_at("10:00").await.unwrap();
    client
        .call(funds::QuerySubDayEndBalance::new(sub(), of("2026-01-05")))
        .await;
    client
        .call(funds::QueryDayEndBalance::new(
            funds::AccountType::Operation,
            of("2026-01-05"),
        ))
        .await;
    client
        .call(funds::WithdrawDayEndBalance::new(
            sub(),
            of("w3"),
            funds::CalculateAmountType::OnlyDayEndBalance,
        ))
        .await;
    client
        .call(funds::QueryDayEndWithdrawal::new(of("w3"), sub()))
        .await;
    let changed = client
        .call(
            settlement::ModifySettlement::new(
                sub(),
                settlement::SettlementAccountType::Business,
                "招商银行",
                "110000",
                "6214000000004321",
            )
            .account_name("某某有限公司"),
        )
        .await;
    client.call(settlement::QuerySettlement::new(sub())).await;
    client
        .call(settlement::QueryApplication::new(
            sub(),
            changed.unwrap().application_no,
        ))
        .await;
}

#[tokio::test]
async fn applications_and_the_echo_are_typed() {
    let client = Client::start().await;
    let application = applyments::Application::new(
        of("apply-0001"),
        applyments::OrganizationType::Micro,
        applyments::AccountInfo::new(
            applyments::BankAccountType::Personal,
            "招商银行",
            "张三",
            "6214000000004321",
        ),
        applyments::Contact::new(applyments::ContactType::LegalPerson, "张三", "13900000000"),
        applyments::SalesScene::new("某某小店").store_url("http://www.example.com"),
        "某某",
    )
    .id_card_info(applyments::IdCard::new(
        "media-1",
        "media-2",
        "张三",
        "320311770706001",
        "2019-06-06",
        "2026-06-06",
    ));
    let submitted = client.call(applyments::Submit::new(application)).await;
    for state in [
        ApplymentState::AccountNeedVerify,
        ApplymentState::Auditing,
        ApplymentState::NeedSign,
        ApplymentState::Finish,
    ] {
        client
            .call(applyments::QueryByOutRequestNo::new(of("apply-0001")))
            .await;
        client.sandbox.walk_applyment("apply-0001", state).unwrap();
    }
    let finished = client
        .call(applyments::QueryById::new(submitted.applyment_id))
        .await;
    assert_eq!(finished.applyment_state, applyments::ApplymentState::Finish);

    let echoed = client
        .call(security::Echo::new("hello").encrypted_echo_message("张三"))
        .await;
    assert_eq!(echoed.echo_message, "hello");
}
