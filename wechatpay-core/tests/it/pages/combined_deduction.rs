//! Combined deductions (合单委托代扣).

use wechatpay_core::{
    api::{
        combine::CombineAmount,
        combined_deduction::{
            Deduct, PreSignInApp, PreSignInMiniProgram, QueryContract, QueryDeduction, Reverse,
            ReversedSubOrder, SubOrder, Terminate,
        },
        prepay::SettleInfo,
    },
    types::{Appid, CombineOutTradeNo, Fen, Mchid, OutTradeNo},
};

use super::Family;

const URL: &str = "https://shop.example/notify";
const CODE: &str = "wxwtdk20200910100000";

#[test]
fn every_operation_has_the_members_of_its_page() {
    let mut family = Family::read(include_str!("../../data/pages/combined-deduction.json"));
    let appid = || "wxd678efh567hg6787".parse::<Appid>().unwrap();
    let (platform, shop) = (
        || "1900000109".parse::<Mchid>().unwrap(),
        || "1900000110".parse::<Mchid>().unwrap(),
    );
    let combined = || "P20150806125346".parse::<CombineOutTradeNo>().unwrap();
    let order = || "ORDER-0001".parse::<OutTradeNo>().unwrap();
    let fen = || Fen::from(10_u32);

    let sub_order = SubOrder::new(platform(), CombineAmount::cny(fen()), order(), shop(), "牛奶")
        .attach("附加")
        .sub_appid(appid())
        .settle_info(SettleInfo::profit_sharing().subsidy_amount(fen()))
        .sub_risk_info("{}");
    family.check(
        &Deduct::new(appid(), platform(), combined(), "Wx15463511252015071056489715")
            .sub_orders(vec![sub_order])
            .risk_info("{}"),
    );
    family.check(&QueryDeduction::new(combined()));
    let reversed = ReversedSubOrder::new(platform(), order(), shop()).sub_appid(appid());
    family.check(&Reverse::new(combined(), appid()).sub_orders(vec![reversed]));
    family.check(
        &PreSignInApp::new(appid(), 12_535, CODE, "用户A", URL)
            .return_app(true)
            .attach("附加"),
    );
    family.check(&PreSignInMiniProgram::new(appid(), 12_535, CODE, "用户A", URL));
    family.check(&QueryContract::new(12_535, CODE));
    family.check(&Terminate::new(12_535, CODE, "签约信息有误"));
    family.end();
}
