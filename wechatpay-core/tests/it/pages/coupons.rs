//! Coupons (代金券).

use wechatpay_core::{
    api::coupons::{
        BackgroundColor, BusinessType, CouponAvailableTime, CouponStatus, CouponUseRule, CreateStock,
        DiscountCoupon, ExchangeCoupon, FixAvailableTime, FixedNormalCoupon, GetRefundFlow,
        GetRefundFlowByDay, GetUseFlow, GetUseFlowByDay, IMAGE_UPLOAD, JumpTarget, LimitCard, ListItems,
        ListMerchants, ListStocks, ListUserCoupons, ModifyGoods, OutRequestNo, PatternInfo, PauseStock,
        PaymentScene, QueryCallback, QueryCoupon, QueryStock, RestartStock, SendCoupon, SetCallback,
        StartStock, StockKind, StockPeriod, StockStatus, StockType, StockUseRule, UploadedImage,
    },
    types::{Appid, BillDate, DateTime, Fen, Mchid, Openid},
};

use super::{Family, read_all};

const URL: &str = "https://shop.example/notify";
const STOCK: &str = "9856000";

fn appid() -> Appid {
    "wxd678efh567hg6787".parse().unwrap()
}

fn mchid() -> Mchid {
    "1900000001".parse().unwrap()
}

fn openid() -> Openid {
    "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o".parse().unwrap()
}

fn number() -> OutRequestNo {
    "1900000001_20260901_0001".parse().unwrap()
}

fn time() -> DateTime {
    "2026-09-01T00:00:00+08:00".parse().unwrap()
}

fn fen() -> Fen {
    Fen::from(500_u32)
}

fn texts() -> Vec<String> {
    vec!["1".to_owned()]
}

fn use_rule() -> CouponUseRule {
    let fixed = FixAvailableTime::new()
        .available_week_day(vec![0_i64, 6])
        .begin_time(0)
        .end_time(3_600);
    let time = CouponAvailableTime::new()
        .available_begin_time(time())
        .available_end_time(time())
        .fix_available_time(fixed)
        .second_day_available(false)
        .available_time_after_receive(1_440);
    let discount = DiscountCoupon::new()
        .discount_amount_max(fen())
        .discount_percent(88)
        .transaction_minimum(fen());
    let exchange = ExchangeCoupon::new()
        .exchange_price(fen())
        .transaction_minimum(fen());
    CouponUseRule::new(time)
        .fixed_normal_coupon(FixedNormalCoupon::new(fen(), fen()))
        .discount_coupon(discount)
        .exchange_coupon(exchange)
        .goods_tag(texts())
        .limit_pay(texts())
        .limit_card(LimitCard::new().name("精粹卡").bin(texts()))
        .trade_type(vec![PaymentScene::App])
        .available_items(texts())
        .unavailable_items(texts())
        .available_merchants(vec![mchid()])
        .combine_use(false)
}

fn create() -> CreateStock {
    let rule = StockUseRule::new(100, fen(), 1, false, true).max_amount_by_day(fen());
    let pattern = PatternInfo::new()
        .description("说明")
        .merchant_logo(URL)
        .merchant_name("微信支付")
        .background_color(BackgroundColor::Color020)
        .coupon_image(URL)
        .jump_target(JumpTarget::MiniProgram)
        .mini_program_appid(appid())
        .mini_program_path("/pages/index");
    CreateStock::new(
        "新会员",
        StockPeriod::new(time(), time()),
        rule,
        StockKind::new(false, StockType::Normal),
        mchid(),
        use_rule(),
        number(),
    )
    .comment("备注")
    .pattern_info(pattern)
    .ext_info("{}")
}

#[test]
fn every_operation_has_the_members_of_its_page() {
    let mut family = Family::read(include_str!("../../data/pages/coupons.json"));
    let day: BillDate = "2026-09-01".parse().unwrap();
    family.check(&QueryCallback::new(mchid()));
    family.check(&SetCallback::new(mchid(), URL).switch(true));
    family.check(&create());
    family.check(
        &ListStocks::new(0, 10, mchid())
            .create_start_time(time())
            .create_end_time(time())
            .status(StockStatus::Running),
    );
    family.check(&QueryStock::new(STOCK, mchid()));
    family.check(&ListItems::new(STOCK, mchid(), 0, 10));
    family.check(&ListMerchants::new(STOCK, mchid(), 0, 10));
    family.check(&StartStock::new(STOCK, mchid()));
    family.check(&PauseStock::new(STOCK, mchid()));
    family.check(&RestartStock::new(STOCK, mchid()));
    family.check(
        &ModifyGoods::new(STOCK, mchid())
            .add_goods_id_list(texts())
            .delete_goods_id_list(texts()),
    );
    family.check(
        &SendCoupon::new(openid(), STOCK, number(), appid(), mchid())
            .coupon_value(fen())
            .coupon_minimum(fen()),
    );
    family.check(
        &ListUserCoupons::new(openid(), appid())
            .stock_id(STOCK)
            .status(CouponStatus::Used)
            .creator_mchid(mchid())
            .sender_mchid(mchid())
            .available_mchid(mchid())
            .offset(0_u32)
            .limit(20_u32)
            .business_type(BusinessType::MultiUse),
    );
    family.check(&QueryCoupon::new(openid(), "9867041", appid()));
    family.check(&GetUseFlow::new(STOCK));
    family.check(&GetRefundFlow::new(STOCK));
    family.check(&GetUseFlowByDay::new(STOCK, day));
    family.check(&GetRefundFlowByDay::new(STOCK, day));
    // The upload is a form with a file, not an endpoint; the library has its path and its response.
    let image = family.0.pop().unwrap();
    assert_eq!(
        (image.method.as_str(), image.path.as_str()),
        ("POST", IMAGE_UPLOAD)
    );
    read_all::<UploadedImage>(&image.response, IMAGE_UPLOAD);
    family.end();
}
