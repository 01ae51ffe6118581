//! Payment by a code (付款码支付).

use wechatpay_core::{
    api::code_pay::{
        Amount, Detail, Goods, PartnerPay, PartnerReverse, Pay, Payer, Reverse, SceneInfo, SettleInfo,
        StoreInfo,
    },
    types::{Appid, Currency, Fen, Mchid, OutTradeNo},
};

use super::Family;

#[test]
fn every_operation_has_the_members_of_its_page() {
    let mut family = Family::read(include_str!("../../data/pages/code-pay.json"));
    let (appid, mchid) = (
        || "wxd678efh567hg6787".parse::<Appid>().unwrap(),
        || "1900000109".parse::<Mchid>().unwrap(),
    );
    let order = || "ORDER-0001".parse::<OutTradeNo>().unwrap();
    let payer = || Payer::new("130061098828009406");
    let amount = || Amount::new(Fen::from(1_800_u32)).currency(Currency::Cny);
    let scene = || {
        SceneInfo::new(StoreInfo::new().id("0001").out_id("SHOP-1"))
            .device_id("013467007045764")
            .device_ip("14.23.150.211")
    };
    let goods = || {
        Goods::new("1246464644", 1, Fen::from(1_800_u32))
            .wechatpay_goods_id("1001")
            .goods_name("拿铁")
    };
    let detail = || {
        Detail::new(vec![goods()])
            .cost_price(Fen::from(1_800_u32))
            .invoice_id("微信123")
    };
    let settle = || SettleInfo::new().profit_sharing(false);
    family.check(
        &Pay::new(appid(), mchid(), "拿铁", order(), payer(), amount(), scene())
            .attach("附加")
            .goods_tag("WXG")
            .support_fapiao(true)
            .detail(detail())
            .settle_info(settle()),
    );
    family.check(
        &PartnerPay::new(mchid(), mchid(), "拿铁", order(), payer(), amount(), scene())
            .sp_appid(appid())
            .sub_appid(appid())
            .attach("附加")
            .goods_tag("WXG")
            .support_fapiao(true)
            .detail(detail())
            .settle_info(settle()),
    );
    family.check(&Reverse::new(order(), appid(), mchid()));
    let reverse = PartnerReverse::new(order(), mchid(), mchid());
    family.check(&reverse.sp_appid(appid()).sub_appid(appid()));
    family.end();
}
