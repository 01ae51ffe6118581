//! Families of a few operations each.

use wechatpay_core::{
    api::{
        abnormal_funds::{Instruct, QueryInstruction, QueryReceipt, Receiver, TransferMode},
        capital::{
            FindBankOfCard, ListBranches, ListCities, ListCorporateBanks, ListPersonalBanks, ListProvinces,
        },
        sub_merchants::{ListOfSubject, OrganizationType},
        violations::{CreateNotifyUrl, DeleteNotifyUrl, QueryNotifyUrl, UpdateNotifyUrl},
    },
    types::{Appid, Mchid, Openid, Sensitive},
};

use super::Family;

const URL: &str = "https://shop.example/notify";

#[test]
fn capital() {
    let mut family = Family::read(include_str!("../../data/pages/capital.json"));
    family.check(&ListCorporateBanks::new(200).offset(1_u32));
    family.check(&ListPersonalBanks::new(200).offset(1_u32));
    family.check(&FindBankOfCard::new(Sensitive::cipher("QUJD")));
    family.check(&ListBranches::new("1000009561", 536, 200).offset(1_u32));
    family.check(&ListProvinces::new());
    family.check(&ListCities::new(22));
    family.end();
}

#[test]
fn plain_text_is_never_written_into_a_query() {
    use wechatpay_core::api::Endpoint as _;
    let path = FindBankOfCard::new("6222021234567890123").path();
    assert!(path.as_str().ends_with("?account_number="), "{path}");
}

#[test]
fn violations() {
    let mut family = Family::read(include_str!("../../data/pages/violations.json"));
    family.check(&CreateNotifyUrl::new().notify_url(URL));
    family.check(&QueryNotifyUrl::new());
    family.check(&UpdateNotifyUrl::new().notify_url(URL));
    family.check(&DeleteNotifyUrl::new());
    family.end();
}

#[test]
fn sub_merchants() {
    let mut family = Family::read(include_str!("../../data/pages/sub-merchants.json"));
    let certificate = Sensitive::cipher("QUJD");
    let list = ListOfSubject::new(OrganizationType::Enterprise, certificate);
    family.check(&list.limit(10_u32).offset(1_u32));
    family.end();
}

#[test]
fn abnormal_funds() {
    let mut family = Family::read(include_str!("../../data/pages/abnormal-funds.json"));
    let (receipt, number) = (|| "100200300", || "INSTRUCTION0001");
    let receiver = Receiver::new()
        .openid("o-MYE42l80oelYMDE34nYD456Xoy".parse::<Openid>().unwrap())
        .appid("wxf636efh567hg4356".parse::<Appid>().unwrap())
        .mchid("1900000109".parse::<Mchid>().unwrap());
    let instruct = Instruct::new(receipt(), number(), TransferMode::GivenMerchant);
    family.check(&instruct.receiver(receiver).notify_url(URL));
    family.check(&QueryReceipt::new(receipt()));
    family.check(&QueryInstruction::new(receipt(), number()));
    family.end();
}
