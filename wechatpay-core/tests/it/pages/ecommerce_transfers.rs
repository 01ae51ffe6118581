//! Transfers of a platform's sub-merchants to users (平台收付通商家转账).

use wechatpay_core::{
    api::ecommerce_transfers::{
        Agreement, Authorize, Cancel, Create, OutBillNo, QueryAuthorization, QueryByOutBillNo,
        QueryByTransferBillNo, TransferBillNo,
    },
    types::{Appid, Fen, Mchid, Openid, Sensitive},
};

use super::Family;

#[test]
fn every_operation_has_the_members_of_its_page() {
    let shop = || "1900001109".parse::<Mchid>().unwrap();
    let appid: Appid = "wxf636efh567hg4356".parse().unwrap();
    let bill = || "plfk2020042013".parse::<OutBillNo>().unwrap();
    let platform_bill: TransferBillNo = "1330000071100999991182020".parse().unwrap();
    let openid: Openid = "o-MYE42l80oelYMDE34nYD456Xoy".parse().unwrap();
    let time = "2015-05-20T13:29:35.120+08:00".parse().unwrap();
    let mut family = Family::read(include_str!("../../data/pages/ecommerce-transfers.json"));

    let agreement = Agreement::new("1", "20230101", "示例有限责任公司", time);
    family.check(&Authorize::new(shop(), vec![agreement]));
    family.check(&QueryAuthorization::new(shop()));
    let amount = Fen::from(400_u32);
    family.check(
        &Create::new(shop(), appid, bill(), "1000", openid, amount, "有礼")
            .user_name(Sensitive::cipher("QUJD"))
            .notify_url("https://shop.example/notify"),
    );
    family.check(&QueryByOutBillNo::new(bill(), shop()));
    family.check(&QueryByTransferBillNo::new(platform_bill, shop()));
    family.check(&Cancel::new(bill(), shop()));
    family.end();
}
