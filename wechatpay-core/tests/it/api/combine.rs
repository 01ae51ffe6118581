//! Combined orders.

use serde_json::{Value, json};
use wechatpay_core::{
    api::{
        combine::{
            AppPrepay, Close, ClosedSubOrder, CombineAmount, CombineH5Scene, CombinePayer, CombineScene,
            CombinedTransaction, H5Prepay, JsapiPrepay, NativePrepay, QueryByOutTradeNo,
            QueryByTransactionId, SubOrder, TradeScenario,
        },
        prepay::{H5Info, H5Type, IdentityType, LimitPay, PayerIdentity, SettleInfo},
        transactions::{TradeState, TradeType},
    },
    types::{DateTime, Openid},
};

use super::support::{
    APPID, MCHID, NOTIFY_URL, OPENID, ORDER, PAYMENT, SUB_APPID, SUB_MCHID, TIME, appid, fen, get, id, mchid,
    merged, post, response, sent, sub_appid, sub_mchid, values,
};

const WHOLE: &str = "COMBINE-1*_";

fn sub_order() -> SubOrder {
    SubOrder::new(
        mchid(),
        "深圳分店",
        fen(100).into(),
        id(ORDER),
        "腾讯充值中心-QQ会员充值",
    )
}

fn full_sub_order() -> SubOrder {
    sub_order()
        .sub_mchid(sub_mchid())
        .sub_appid(sub_appid())
        .detail("买单费用")
        .goods_tag("WXG")
        .settle_info(SettleInfo::profit_sharing().subsidy_amount(fen(10)))
}

fn sparse_sub_order_json() -> Value {
    json!({
        "mchid": MCHID, "attach": "深圳分店", "amount": { "total_amount": 100, "currency": "CNY" },
        "out_trade_no": ORDER, "description": "腾讯充值中心-QQ会员充值",
    })
}

fn full_sub_order_json() -> Value {
    merged(
        sparse_sub_order_json(),
        json!({
            "sub_mchid": SUB_MCHID, "sub_appid": SUB_APPID, "detail": "买单费用", "goods_tag": "WXG",
            "settle_info": { "profit_sharing": true, "subsidy_amount": 10 },
        }),
    )
}

fn sparse_json() -> Value {
    json!({
        "combine_appid": APPID, "combine_mchid": MCHID, "combine_out_trade_no": WHOLE,
        "sub_orders": [sparse_sub_order_json()], "notify_url": NOTIFY_URL,
    })
}

fn full_json() -> Value {
    json!({
        "combine_appid": APPID, "combine_mchid": MCHID, "combine_out_trade_no": WHOLE,
        "sub_orders": [full_sub_order_json(), sparse_sub_order_json()], "notify_url": NOTIFY_URL,
        "time_start": TIME, "time_expire": "2018-06-08T11:34:56+08:00",
        "limit_pay": ["no_balance", "no_debit", "balance_only"], "trade_scenario": "RECOMMERCE",
    })
}

fn identity_json() -> Value {
    json!({ "type": "IDCARD", "number": "ENC(110101199003071234)", "name": "ENC(张三)" })
}

fn identity() -> PayerIdentity {
    PayerIdentity::new(IdentityType::IdCard, "110101199003071234", "张三")
}

macro_rules! order {
    ($type:ident, $sub_orders:expr $(, $required:expr)?) => {
        $type::new(appid(), mchid(), id(WHOLE), $sub_orders, NOTIFY_URL $(, $required)?)
    };
}

macro_rules! fill {
    ($order:expr) => {
        $order
            .time_start(id::<DateTime>(TIME))
            .time_expire(id::<DateTime>("2018-06-08T03:34:56Z"))
            .limit_pay(vec![
                LimitPay::NoBalance,
                LimitPay::NoDebit,
                LimitPay::BalanceOnly,
            ])
            .trade_scenario(TradeScenario::Recommerce)
    };
}

#[test]
fn the_sparsest_order_of_each_scene_has_the_required_keys_and_no_others() {
    let payer = CombinePayer::openid(id::<Openid>(OPENID));
    let browser = CombineH5Scene::new("1.2.3.4", H5Info::new(H5Type::Wap));
    let path = |scene: &str| format!("/v3/combine-transactions/{scene}");
    assert_eq!(
        sent(&order!(JsapiPrepay, vec![sub_order()], payer)),
        post(
            &path("jsapi"),
            merged(
                sparse_json(),
                json!({ "combine_payer_info": { "openid": OPENID } })
            )
        )
    );
    assert_eq!(
        sent(&order!(AppPrepay, vec![sub_order()])),
        post(&path("app"), sparse_json())
    );
    assert_eq!(
        sent(&order!(H5Prepay, vec![sub_order()], browser)),
        post(
            &path("h5"),
            merged(
                sparse_json(),
                json!({ "scene_info": { "payer_client_ip": "1.2.3.4", "h5_info": { "type": "Wap" } } })
            )
        )
    );
    assert_eq!(
        sent(&order!(NativePrepay, vec![sub_order()])),
        post(&path("native"), sparse_json())
    );
}

#[test]
fn the_fullest_order_of_each_scene_has_the_documented_keys_and_no_others() {
    let sub_orders = || vec![full_sub_order(), sub_order()];
    let path = |scene: &str| format!("/v3/combine-transactions/{scene}");
    let scene = || CombineScene::new("14.23.150.211").device_id("POS1:1");
    let scene_json =
        || json!({ "scene_info": { "payer_client_ip": "14.23.150.211", "device_id": "POS1:1" } });
    let h5_info = H5Info::new(H5Type::Ios)
        .app_name("王者荣耀")
        .app_url("https://pay.qq.com")
        .bundle_id("com.tencent.wzryiOS")
        .package_name("com.tencent.tmgp.sgame");
    let h5_json = json!({ "scene_info": {
        "payer_client_ip": "2001:db8::1", "device_id": "POS1:1",
        "h5_info": {
            "type": "iOS", "app_name": "王者荣耀", "app_url": "https://pay.qq.com",
            "bundle_id": "com.tencent.wzryiOS", "package_name": "com.tencent.tmgp.sgame",
        },
    } });
    let restricted = || json!({ "combine_payer_info": { "identity": identity_json() } });

    let payer = CombinePayer::sub_openid(id::<Openid>(OPENID)).identity(identity());
    let payer_json = json!({ "combine_payer_info": { "sub_openid": OPENID, "identity": identity_json() } });
    assert_eq!(
        sent(&fill!(order!(JsapiPrepay, sub_orders(), payer)).scene_info(scene())),
        post(
            &path("jsapi"),
            merged(merged(full_json(), payer_json), scene_json())
        )
    );
    assert_eq!(
        sent(
            &fill!(order!(AppPrepay, sub_orders()))
                .scene_info(scene())
                .combine_payer_info(identity())
        ),
        post(
            &path("app"),
            merged(merged(full_json(), restricted()), scene_json())
        )
    );
    let browser = CombineH5Scene::new("2001:db8::1", h5_info).device_id("POS1:1");
    assert_eq!(
        sent(&fill!(order!(H5Prepay, sub_orders(), browser)).combine_payer_info(identity())),
        post(&path("h5"), merged(merged(full_json(), restricted()), h5_json))
    );
    assert_eq!(
        sent(&fill!(order!(NativePrepay, sub_orders())).scene_info(scene())),
        post(&path("native"), merged(full_json(), scene_json()))
    );
    assert_eq!(CombineAmount::cny(fen(1)), fen(1).into());
    values::<TradeScenario>(&["RECOMMERCE"]);
}

#[test]
fn queries_name_the_order_in_the_path_and_nothing_else() {
    assert_eq!(
        sent(&QueryByOutTradeNo::new(id(WHOLE))),
        get("/v3/combine-transactions/out-trade-no/COMBINE-1*_")
    );
    assert_eq!(
        sent(&QueryByTransactionId::new(id("4200001234"))),
        get("/v3/combine-transactions/id/4200001234")
    );
}

#[test]
fn closing_lists_the_sub_orders_and_keeps_the_number_in_the_path() {
    let path = "/v3/combine-transactions/out-trade-no/COMBINE-1*_/close";
    let sub_order = || ClosedSubOrder::new(mchid(), id(ORDER));
    assert_eq!(
        sent(&Close::new(id(WHOLE), appid(), vec![sub_order()])),
        post(
            path,
            json!({ "combine_appid": APPID, "sub_orders": [{ "mchid": MCHID, "out_trade_no": ORDER }] })
        )
    );
    let full = sub_order().sub_mchid(sub_mchid()).sub_appid(sub_appid());
    assert_eq!(
        sent(&Close::new(id(WHOLE), appid(), vec![full, sub_order()])),
        post(
            path,
            json!({
                "combine_appid": APPID,
                "sub_orders": [
                    { "mchid": MCHID, "out_trade_no": ORDER, "sub_mchid": SUB_MCHID, "sub_appid": SUB_APPID },
                    { "mchid": MCHID, "out_trade_no": ORDER },
                ],
            })
        )
    );
}

fn full_transaction() -> Value {
    json!({
        "combine_appid": APPID, "combine_mchid": MCHID, "combine_out_trade_no": WHOLE,
        "combine_transaction_id": "4200009999", "trade_scenario": "RECOMMERCE",
        "scene_info": { "device_id": "POS1:1" },
        "combine_payer_info": { "openid": OPENID, "sub_openid": "oSub" },
        "installment_info": { "use_subsidy": true, "selected_installment_number": 3 },
        "sub_orders": [{
            "mchid": MCHID, "trade_type": "MWEB", "trade_state": "SUCCESS", "bank_type": "CMC", "attach": "深圳分店",
            "success_time": "2015-05-20T13:29:35.120+08:00", "transaction_id": PAYMENT, "out_trade_no": ORDER,
            "sub_mchid": SUB_MCHID, "sub_appid": SUB_APPID, "sub_openid": OPENID,
            "amount": {
                "total_amount": 10, "currency": "CNY", "payer_amount": 9, "payer_currency": "CNY",
                "settlement_rate": 100_000_000,
            },
            "promotion_detail": [{
                "coupon_id": "109519", "name": "单品惠-6", "scope": "SINGLE", "type": "CASH", "amount": 1,
                "stock_id": "931386", "wechatpay_contribute": 1, "merchant_contribute": 2, "other_contribute": 3,
                "currency": "CNY",
                "goods_detail": [{
                    "goods_id": "M1006", "quantity": 1, "unit_price": 100, "discount_amount": 1, "goods_remark": "备注",
                }],
            }],
            "individual_auth_id": "1234", "individual_name": "李四",
        }],
    })
}

#[test]
fn a_combined_order_is_read_at_its_fullest_and_sparsest() {
    let full = full_transaction();
    let order: CombinedTransaction = response(
        &full,
        &[
            "combine_mchid",
            "combine_out_trade_no",
            "sub_orders.mchid",
            "sub_orders.out_trade_no",
        ],
    );
    let [sub_order] = order.sub_orders.as_slice() else {
        panic!("{order:?}");
    };
    assert_eq!(sub_order.trade_type, Some(TradeType::Mweb));
    assert_eq!(sub_order.trade_state, TradeState::Success);
    assert_eq!(sub_order.success_time.unwrap().unix_seconds(), 1_432_099_775);
    let amount = sub_order.amount.as_ref().unwrap();
    assert_eq!(amount.total_amount, Some(fen(10)));
    assert_eq!(amount.payer_amount, Some(fen(9)));
    assert_eq!(amount.settlement_rate, Some(100_000_000));
    let shown = format!("{order:?}");
    for private in [OPENID, "oSub", "李四", "1234,"] {
        assert!(!shown.contains(private), "{private} is shown");
    }
}
