//! Transfers to users (商家转账).

use wechatpay_core::api::transfers::{
    AuthorizationInfo, Authorize, Cancel, CloseAuthorization, Create, CreateAndAuthorize, CreateAuthorized,
    DeviceType, OutAuthorizationNo, OutBillNo, QueryAuthorization, QueryByOutBillNo, QueryByTransferBillNo,
    QueryReceiptByOutBillNo, QueryReceiptByTransferBillNo, ReceiveStyle, ReceiveStyleType, ReportInfo,
    RequestReceiptByOutBillNo, RequestReceiptByTransferBillNo, SceneInfo, TransferBillNo,
};
use wechatpay_core::api::{
    payscore::AuthorizationCode, personal_receivers::SettleBatchNo, sub_merchant_recharge::RechargeId,
};
use wechatpay_core::types::{Appid, Fen, Mchid, Openid, Sensitive};

use super::Family;

const URL: &str = "https://shop.example/notify";

#[test]
fn every_operation_has_the_members_of_its_page() {
    let appid: Appid = "wxf636efh567hg4356".parse().unwrap();
    let bill: OutBillNo = "PLFK2020042013".parse().unwrap();
    let platform_bill: TransferBillNo = "1330000071100999991182020".parse().unwrap();
    let authorization: OutAuthorizationNo = "plfk20200420130001".parse().unwrap();
    let openid: Openid = "o-MYE42l80oelYMDE34nYD456Xoy".parse().unwrap();
    let amount = Fen::from(400_u32);
    let name = || Sensitive::cipher("QUJD");
    let report = || vec![ReportInfo::new("活动名称", "新会员有礼")];
    let sponsor = || "1900000109".parse::<Mchid>().unwrap();
    let mut family = Family::read(include_str!("../../data/pages/transfers.json"));

    family.check(
        &Create::new(
            appid.clone(),
            bill.clone(),
            openid.clone(),
            amount,
            "有礼",
            "1000",
            report(),
        )
        .user_name(name())
        .notify_url(URL)
        .user_recv_perception("现金奖励")
        .user_recv_style(ReceiveStyle::new(ReceiveStyleType::RedPacket)),
    );
    let asked = AuthorizationInfo::new("小明", authorization.clone(), URL);
    family.check(
        &CreateAndAuthorize::new(
            appid.clone(),
            bill.clone(),
            openid.clone(),
            amount,
            "有礼",
            "1000",
            report(),
        )
        .user_name(name())
        .notify_url(URL)
        .user_recv_perception("现金奖励")
        .authorization_info(asked)
        .sponsor_mchid(sponsor()),
    );
    family.check(
        &CreateAuthorized::new(appid.clone(), bill.clone(), amount, "有礼", "1000", report())
            .user_name(name())
            .notify_url(URL)
            .user_recv_perception("现金奖励")
            .authorization_id("128")
            .out_authorization_no(authorization.clone())
            .sponsor_mchid(sponsor()),
    );
    family.check(&QueryByOutBillNo::new(bill.clone()));
    family.check(&QueryByTransferBillNo::new(platform_bill.clone()));
    family.check(&Cancel::new(bill.clone()));
    let device = SceneInfo::new()
        .client_ip("14.23.150.211")
        .device_id("devId-1")
        .device_type(DeviceType::Harmony);
    family.check(
        &Authorize::new(authorization.clone(), appid, openid, "1000", "小明", URL)
            .user_recv_perception("现金奖励")
            .scene_info(device),
    );
    family.check(&QueryAuthorization::new(authorization.clone()).is_display_authorization(true));
    family.check(&CloseAuthorization::new(authorization));
    family.check(&RequestReceiptByOutBillNo::new(bill.clone()));
    family.check(&RequestReceiptByTransferBillNo::new(platform_bill.clone()));
    family.check(&QueryReceiptByOutBillNo::new(bill));
    family.check(&QueryReceiptByTransferBillNo::new(platform_bill));
    family.end();
}

#[test]
fn a_number_is_never_a_step_in_a_path() {
    for step in [".", ".."] {
        assert!(step.parse::<TransferBillNo>().is_err());
        assert!(step.parse::<RechargeId>().is_err());
        assert!(step.parse::<AuthorizationCode>().is_err());
        assert!(step.parse::<SettleBatchNo>().is_err());
    }
}
