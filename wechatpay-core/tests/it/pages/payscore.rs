//! Pay after service, by score (微信支付分).

use wechatpay_core::{
    api::{
        bills::{BillAlgorithm, TarType},
        payscore::{
            AssessUser, AuthorizationCode, Authorize, BillItem, Cancel, Collect, Complete, Create,
            CreateAndComplete, Device, EndLocation, GetBill, Location, Modify, PlannedDiscount, PostDiscount,
            PostPayment, Query, QueryAuthorizationByCode, QueryAuthorizationByOpenid, QueryUserServiceState,
            Report, RiskFund, RiskFundName, SendPendingMessage, SendPrepaidMessage, ServiceOrder,
            ServiceOrderNo, ServiceTime, ShoppingGoods, ShoppingInfo, SyncDetail, SyncType,
            TerminateAuthorizationByCode, TerminateAuthorizationByOpenid, TimeRange,
        },
    },
    types::{Appid, Fen, Openid},
};

use super::Family;

const URL: &str = "https://shop.example/notify";
const SERVICE: &str = "2002000000000558128851361561536";
const PLACE: &str = "某某餐厅";

fn appid() -> Appid {
    "wxd678efh567hg6787".parse().unwrap()
}

fn openid() -> Openid {
    "o-MYE42l80oelYMDE34nYD456Xoy".parse().unwrap()
}

fn number() -> ServiceOrderNo {
    "BORROW|0001".parse().unwrap()
}

fn code() -> AuthorizationCode {
    "1275342195190894594".parse().unwrap()
}

fn fen() -> Fen {
    Fen::from(400_u32)
}

fn payments() -> Vec<PostPayment> {
    let payment = PostPayment::new("租借费用");
    vec![payment.amount(fen()).description("两小时").count(1)]
}

fn items() -> Vec<BillItem> {
    let item = BillItem::new().name("租借费用").amount(fen());
    vec![item.description("两小时").count(1)]
}

fn location() -> Location {
    Location::new().start_location(PLACE).end_location(PLACE)
}

fn time() -> ServiceTime {
    ServiceTime::new()
        .start_time("20091225091010")
        .end_time("20091225121010")
        .start_time_remark("开始")
        .end_time_remark("结束")
}

fn device() -> Device {
    Device::new()
        .start_device_id("HG123456")
        .end_device_id("HG123456")
        .materiel_no("https://shop.example/code")
}

fn create() -> Create {
    let time = TimeRange::new("OnAccept")
        .end_time("20091225121010")
        .start_time_remark("开始")
        .end_time_remark("结束");
    let risk = RiskFund::new(RiskFundName::EstimatedCost, fen()).description("预估");
    Create::new(number(), appid(), SERVICE, "某某充电宝", time, risk, URL)
        .post_payments(payments())
        .post_discounts(vec![PlannedDiscount::new("满减", "满20减1元").count(1)])
        .location(location())
        .attach("附加")
        .openid(openid())
        .need_user_confirm(true)
        .device(device())
}

fn complete() -> Complete {
    let discount = PostDiscount::new("满减", fen()).description("满20减1元").count(1);
    Complete::new(number(), appid(), SERVICE, payments(), fen())
        .post_discounts(vec![discount])
        .time_range(time())
        .location(EndLocation::new().end_location(PLACE))
        .profit_sharing(true)
        .goods_tag("WXG")
        .device(device())
}

#[test]
fn every_operation_has_the_members_of_its_page() {
    let mut family = Family::read(include_str!("../../data/pages/payscore.json"));
    orders(&mut family);
    authorizations(&mut family);
    family.end();
}

fn orders(family: &mut Family) {
    family.check(&create());
    let query = Query::new(SERVICE, appid()).out_order_no(number());
    family.check(&query.query_id("15646546545165651651"));
    family.check(&Cancel::new(number(), appid(), SERVICE, "用户投诉"));
    family.check(&complete());
    family.check(
        &CreateAndComplete::new(number(), appid(), SERVICE, time())
            .post_payments(items())
            .post_discounts(items())
            .location(location())
            .service_introduction("某某充电宝")
            .attach("附加")
            .notify_url(URL)
            .openid(openid())
            .total_amount(fen())
            .profit_sharing(true)
            .goods_tag("WXG"),
    );
    family.check(
        &Modify::new(number(), appid(), SERVICE, payments(), fen(), "用户投诉")
            .post_discounts(items())
            .device(device()),
    );
    family.check(&Collect::new(number()).appid(appid()).service_id(SERVICE));
    let paid = SyncDetail::new("20091225091210");
    family.check(&Report::new(
        number(),
        appid(),
        SERVICE,
        SyncType::OrderPaid,
        paid,
    ));
    let pending = SendPendingMessage::new(number(), SERVICE, items(), fen(), "20231218");
    family.check(&pending.post_discounts(items()));
    let prepaid = SendPrepaidMessage::new(number(), SERVICE, items(), fen(), "20231218");
    family.check(&prepaid.post_discounts(items()));
    let day = "2026-08-20".parse().unwrap();
    let bill = GetBill::new(day, SERVICE, BillAlgorithm::Aes256Gcm);
    family.check(&bill.tar_type(TarType::Gzip));
}

fn authorizations(family: &mut Family) {
    family.check(&Authorize::new(SERVICE, appid(), code()).notify_url(URL));
    family.check(&QueryAuthorizationByCode::new(code(), SERVICE));
    family.check(&QueryAuthorizationByOpenid::new(openid(), SERVICE, appid()));
    family.check(&TerminateAuthorizationByCode::new(code(), SERVICE, "用户投诉"));
    family.check(&TerminateAuthorizationByOpenid::new(
        openid(),
        SERVICE,
        appid(),
        "用户投诉",
    ));
    family.check(&QueryUserServiceState::new(appid(), SERVICE, openid()));
    let goods = ShoppingGoods::new("杯子", "https://shop.example/cup.jpg", fen(), 1);
    let goods = goods.category_id(vec!["1001".to_owned()]);
    family.check(
        &AssessUser::new(SERVICE, appid())
            .authorization_code(code())
            .openid(openid())
            .shopping_info(ShoppingInfo::new(vec![goods])),
    );
}

#[test]
fn an_order_is_paid_when_its_money_was_collected() {
    let order = |collection: serde_json::Value| -> ServiceOrder {
        let order = serde_json::json!({
            "out_order_no": "BORROW-0001", "state": "DOING", "state_description": "MCH_COMPLETE",
            "collection": collection,
        });
        serde_json::from_value(order).unwrap()
    };
    assert!(!order(serde_json::json!(null)).is_paid());
    assert!(!order(serde_json::json!({ "state": "USER_PAYING", "paying_amount": 400 })).is_paid());
    // The platform writes these times without an offset.
    let paid = order(serde_json::json!({
        "state": "USER_PAID", "paid_amount": 400,
        "details": [{ "seq": 1, "amount": 400, "paid_time": "20091225091210" }],
    }));
    assert!(paid.is_paid());
    let at = paid.collection.unwrap().details[0].paid_time.unwrap();
    assert_eq!(at.to_string(), "2009-12-25T09:12:10+08:00");
}

#[test]
fn an_answer_about_another_order_is_refused() {
    use wechatpay_core::api::Endpoint as _;
    let answer = |number: &str, service: &str| -> ServiceOrder {
        let answer = serde_json::json!({ "out_order_no": number, "state": "DONE", "service_id": service });
        serde_json::from_value(answer).unwrap()
    };
    assert!(complete().check_echo(&answer("BORROW|0001", SERVICE)).is_ok());
    assert!(complete().check_echo(&answer("BORROW|0002", SERVICE)).is_err());
    assert!(complete().check_echo(&answer("BORROW|0001", "500001")).is_err());
}
