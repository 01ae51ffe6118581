//! Recharges of sub-merchants (二级商户充值).

use wechatpay_core::{
    api::{
        Endpoint as _,
        funds::AccountType,
        sub_merchant_recharge::{
            AddEmployee, Apply, ApplyBankTransfer, Close, DeleteEmployee, ListEmployees, OutRechargeNo,
            Query, QueryBankTransfer, RechargeAmount, RechargeChannel, RechargeScene,
        },
    },
    types::{Currency, Fen, Mchid, Openid},
};

use super::Family;

#[test]
fn every_operation_has_the_members_of_its_page() {
    let mut family = Family::read(include_str!("../../data/pages/sub-merchant-recharge.json"));
    let merchant = || "1900000109".parse::<Mchid>().unwrap();
    let number = || "cz202407181234".parse::<OutRechargeNo>().unwrap();
    let employee = || "o-MYE42l80oelYMDE34nYD456Xoy".parse::<Openid>().unwrap();
    let amount = || {
        RechargeAmount::new()
            .amount(Fen::from(500_000_u32))
            .currency(Currency::Cny)
    };
    family.check(
        &Apply::new(
            merchant(),
            number(),
            RechargeScene::Deposit,
            AccountType::Deposit,
            amount(),
        )
        .notify_url("https://shop.example/notify")
        .available_recharge_channels(vec![RechargeChannel::BankTransfer])
        .remark("保证金"),
    );
    family.check(&Query::new(number(), merchant()));
    family.check(&Close::new(number(), merchant()));
    family.check(&ApplyBankTransfer::new(
        number(),
        RechargeScene::BankTransfer,
        AccountType::Basic,
        amount(),
    ));
    family.check(&QueryBankTransfer::new(number()));
    family.check(&AddEmployee::new(merchant(), employee()));
    family.check(&ListEmployees::new(merchant()));
    family.check(&DeleteEmployee::new(merchant(), employee()));
    family.end();
}

#[test]
fn the_employees_of_another_merchant_are_refused() {
    let list = ListEmployees::new("1900000109".parse().unwrap());
    let of = |merchant: &str| {
        serde_json::from_value(serde_json::json!({"employees": [{"sub_mchid": merchant}]})).unwrap()
    };
    assert!(list.check_echo(&of("1900000109")).is_ok());
    assert_eq!(
        list.check_echo(&of("1900000110")).unwrap_err().field(),
        "sub_mchid"
    );
}

#[test]
fn bank_details_are_not_printed() {
    let detail = serde_json::json!({"bank_card_tail": "1234", "bank_account_name": "张三"});
    let detail: wechatpay_core::api::sub_merchant_recharge::ReturnDetail =
        serde_json::from_value(detail).unwrap();
    let shown = format!("{detail:?}");
    assert!(!shown.contains("1234") && !shown.contains("张三"), "{shown}");
}
