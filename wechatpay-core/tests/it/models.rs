//! The models: what is sent has exactly the documented keys, what comes may be as full or as sparse as the platform likes.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use wechatpay_core::{
    api::{
        Endpoint, ErrorBody, RequestId, certificates, partner,
        prepay::{
            AppPrepay, CodeUrlResponse, DirectPayer, GoodsDetail, H5Info, H5Prepay, H5Scene, H5Type,
            H5UrlResponse, IdentityType, JsapiPrepay, LimitPay, NativePrepay, OrderAmount, OrderDetail,
            OrderScene, PartnerAppPrepay, PartnerH5Prepay, PartnerJsapiPrepay, PartnerNativePrepay,
            PartnerPayer, PayerIdentity, PrepayIdResponse, SettleInfo, StoreInfo, SubsidyDetail, SubsidyInfo,
            SubsidyPeriodType, SubsidyPlan,
        },
        refunds::{RefundAccount, RefundNotice, RefundStatus},
        transactions::{self, PromotionScope, PromotionType, TradeState, TradeType, Transaction},
    },
    crypto::{CryptoProvider, EncryptError},
    testing::DemoKey,
    types::{
        Appid, Currency, DateTime, Fen, Mchid, Openid, OutRefundNo, OutTradeNo, PrepayId, RefundId,
        Sensitive, SensitiveFields, TransactionId,
    },
};

use crate::support::providers;

const APPID: &str = "wxd678efh567hg6787";
const SUB_APPID: &str = "wx2421b1c4370ec43b";
const MCHID: &str = "1900000001";
const SUB_MCHID: &str = "1900000109";
const ORDER: &str = "1217752501201407033233368018";
const OPENID: &str = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o";
const NOTIFY_URL: &str = "https://shop.example/notify";

fn appid() -> Appid {
    APPID.parse().unwrap()
}

fn mchid() -> Mchid {
    MCHID.parse().unwrap()
}

fn sub_mchid() -> Mchid {
    SUB_MCHID.parse().unwrap()
}

fn order() -> OutTradeNo {
    ORDER.parse().unwrap()
}

fn fen(fen: u32) -> Fen {
    Fen::from(fen)
}

/// One object with the members of both.
fn merged(one: Value, other: Value) -> Value {
    let (Value::Object(mut one), Value::Object(other)) = (one, other) else {
        panic!("objects are merged");
    };
    one.extend(other);
    Value::Object(one)
}

fn without(mut value: Value, keys: &[&str]) -> Value {
    for key in keys {
        value.as_object_mut().unwrap().remove(*key).unwrap();
    }
    value
}

fn has_null(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.iter().any(has_null),
        Value::Object(members) => members.values().any(has_null),
        _ => false,
    }
}

/// The body as JSON; holds that nothing in it is `null`.
fn body<E: Endpoint>(request: &E) -> Value {
    let body = serde_json::to_value(request.body().unwrap()).unwrap();
    assert!(!has_null(&body), "{body}");
    body
}

// Orders.

fn direct_ids() -> Value {
    json!({ "appid": APPID, "mchid": MCHID })
}

fn partner_ids() -> Value {
    json!({ "sp_appid": APPID, "sp_mchid": MCHID, "sub_mchid": SUB_MCHID })
}

/// What every order has.
fn sparse() -> Value {
    json!({
        "description": "Image形象店",
        "out_trade_no": ORDER,
        "notify_url": NOTIFY_URL,
        "amount": { "total": 100, "currency": "CNY" },
    })
}

/// What every order may have.
fn common() -> Value {
    json!({
        "time_expire": "2018-06-08T10:34:56+08:00",
        "attach": "自定义数据",
        "goods_tag": "WXG",
        "limit_pay": ["no_balance", "no_credit", "no_debit", "balance_only", "brand_new"],
        "support_fapiao": true,
        "settle_info": { "profit_sharing": true, "subsidy_amount": 10 },
        "detail": {
            "cost_price": 608_800,
            "invoice_id": "微信123",
            "goods_detail": [
                {
                    "merchant_goods_id": "1246464644",
                    "wechatpay_goods_id": "1001",
                    "goods_name": "iPhoneX 256G",
                    "quantity": 1,
                    "unit_price": 528_800,
                },
                { "merchant_goods_id": "2", "quantity": 2, "unit_price": 0 },
            ],
        },
    })
}

fn store() -> Value {
    json!({ "id": "0001", "name": "腾讯大厦分店", "area_code": "440305", "address": "广东省深圳市南山区" })
}

fn scene() -> Value {
    json!({ "scene_info": { "payer_client_ip": "14.23.150.211", "device_id": "013467007045764", "store_info": store() } })
}

fn h5_scene() -> Value {
    json!({ "scene_info": {
        "payer_client_ip": "2001:db8::1",
        "device_id": "013467007045764",
        "store_info": store(),
        "h5_info": {
            "type": "iOS",
            "app_name": "王者荣耀",
            "app_url": "https://pay.qq.com",
            "bundle_id": "com.tencent.wzryiOS",
            "package_name": "com.tencent.tmgp.sgame",
        },
    } })
}

fn sparse_h5_scene() -> Value {
    json!({ "scene_info": { "payer_client_ip": "2001:db8::1", "h5_info": { "type": "Wap" } } })
}

fn subsidies() -> Value {
    json!({ "subsidy_info": { "subsidy_detail": [{
        "subsidy_period_type": "DAILY",
        "subsidy_plan": [
            { "subsidy_installment_num": 3, "subsidy_percent": 0 },
            { "subsidy_installment_num": 12, "subsidy_percent": 100 },
        ],
    }] } })
}

/// Sets the fields that every order may have.
macro_rules! fill {
    ($order:expr) => {
        $order
            .time_expire("2018-06-08T02:34:56Z".parse::<DateTime>().unwrap())
            .attach("自定义数据")
            .goods_tag("WXG")
            .limit_pay(vec![
                LimitPay::NoBalance,
                LimitPay::NoCredit,
                LimitPay::NoDebit,
                LimitPay::BalanceOnly,
                LimitPay::from("brand_new"),
            ])
            .support_fapiao(true)
            .settle_info(SettleInfo::profit_sharing().subsidy_amount(fen(10)))
            .detail(
                OrderDetail::goods(vec![
                    GoodsDetail::new("1246464644", 1, fen(528_800))
                        .wechatpay_goods_id("1001")
                        .goods_name("iPhoneX 256G"),
                    GoodsDetail::new("2", 2, Fen::ZERO),
                ])
                .cost_price(fen(608_800))
                .invoice_id("微信123"),
            )
    };
}

fn store_info() -> StoreInfo {
    StoreInfo::new("0001")
        .name("腾讯大厦分店")
        .area_code("440305")
        .address("广东省深圳市南山区")
}

fn order_scene() -> OrderScene {
    OrderScene::new("14.23.150.211")
        .device_id("013467007045764")
        .store_info(store_info())
}

fn full_h5_scene() -> H5Scene {
    let browser = H5Info::new(H5Type::Ios)
        .app_name("王者荣耀")
        .app_url("https://pay.qq.com")
        .bundle_id("com.tencent.wzryiOS")
        .package_name("com.tencent.tmgp.sgame");
    H5Scene::new("2001:db8::1".parse::<std::net::IpAddr>().unwrap(), browser)
        .device_id("013467007045764")
        .store_info(store_info())
}

fn subsidy_info() -> SubsidyInfo {
    let plans = vec![SubsidyPlan::new(3, 0), SubsidyPlan::new(12, 100)];
    SubsidyInfo::new(vec![SubsidyDetail::new(SubsidyPeriodType::Daily, plans)])
}

fn openid() -> Openid {
    OPENID.parse().unwrap()
}

/// An order of a direct merchant with what every order must have, and what its scene adds.
macro_rules! direct {
    ($type:ident $(, $required:expr)?) => {
        $type::new(appid(), mchid(), "Image形象店", order(), NOTIFY_URL, fen(100) $(, $required)?)
    };
}

/// The same of a service provider.
macro_rules! partner {
    ($type:ident $(, $required:expr)?) => {
        $type::new(appid(), mchid(), sub_mchid(), "Image形象店", order(), NOTIFY_URL, fen(100) $(, $required)?)
    };
}

#[test]
fn the_sparsest_order_of_each_scene_has_the_required_keys_and_no_others() {
    let payer = json!({ "payer": { "openid": OPENID } });
    let sp_payer = json!({ "payer": { "sp_openid": OPENID } });
    let browser = || H5Scene::new("2001:db8::1", H5Info::new(H5Type::Wap));
    let direct = || merged(direct_ids(), sparse());
    let partner = || merged(partner_ids(), sparse());
    let cases = [
        (
            body(&direct!(JsapiPrepay, DirectPayer::openid(openid()))),
            merged(direct(), payer),
        ),
        (body(&direct!(AppPrepay)), direct()),
        (
            body(&direct!(H5Prepay, browser())),
            merged(direct(), sparse_h5_scene()),
        ),
        (body(&direct!(NativePrepay)), direct()),
        (
            body(&partner!(PartnerJsapiPrepay, PartnerPayer::sp_openid(openid()))),
            merged(partner(), sp_payer),
        ),
        (body(&partner!(PartnerAppPrepay)), partner()),
        (
            body(&partner!(PartnerH5Prepay, browser())),
            merged(partner(), sparse_h5_scene()),
        ),
        (body(&partner!(PartnerNativePrepay)), partner()),
    ];
    for (sent, documented) in cases {
        assert_eq!(sent, documented);
    }
}

#[test]
fn the_fullest_order_of_each_scene_has_the_documented_keys_and_no_others() {
    let payer = json!({ "payer": { "openid": OPENID } });
    let sub_payer = json!({ "payer": { "sub_openid": OPENID }, "sub_appid": SUB_APPID });
    let sub_appid = || SUB_APPID.parse::<Appid>().unwrap();
    let direct = || merged(merged(direct_ids(), sparse()), common());
    let partner = || {
        merged(
            merged(merged(partner_ids(), sparse()), common()),
            json!({ "sub_appid": SUB_APPID }),
        )
    };
    let cases = [
        (
            body(&fill!(direct!(JsapiPrepay, DirectPayer::openid(openid()))).scene_info(order_scene())),
            merged(merged(direct(), payer), scene()),
        ),
        (
            body(&fill!(direct!(AppPrepay)).scene_info(order_scene())),
            merged(direct(), scene()),
        ),
        (
            body(&fill!(direct!(H5Prepay, full_h5_scene()))),
            merged(direct(), h5_scene()),
        ),
        (
            body(&fill!(direct!(NativePrepay)).scene_info(order_scene())),
            merged(direct(), scene()),
        ),
        (
            body(
                &fill!(partner!(PartnerJsapiPrepay, PartnerPayer::sub_openid(openid())))
                    .sub_appid(sub_appid())
                    .scene_info(order_scene())
                    .subsidy_info(subsidy_info()),
            ),
            merged(merged(merged(partner(), sub_payer), scene()), subsidies()),
        ),
        (
            body(
                &fill!(partner!(PartnerAppPrepay))
                    .sub_appid(sub_appid())
                    .scene_info(order_scene())
                    .subsidy_info(subsidy_info()),
            ),
            merged(merged(partner(), scene()), subsidies()),
        ),
        (
            body(&fill!(partner!(PartnerH5Prepay, full_h5_scene())).sub_appid(sub_appid())),
            merged(partner(), h5_scene()),
        ),
        (
            body(
                &fill!(partner!(PartnerNativePrepay))
                    .sub_appid(sub_appid())
                    .scene_info(order_scene()),
            ),
            merged(partner(), scene()),
        ),
    ];
    for (sent, documented) in cases {
        assert_eq!(sent, documented);
    }
}

#[test]
fn an_amount_may_leave_the_currency_to_the_platform() {
    let mut amount = OrderAmount::cny(fen(1));
    amount.currency = None;
    let order = NativePrepay::new(appid(), mchid(), "x", order(), NOTIFY_URL, amount);
    assert_eq!(body(&order)["amount"], json!({ "total": 1 }));
}

#[test]
fn the_last_instant_to_pay_is_written_in_beijing_time_and_whole_seconds() {
    for written in [
        "2018-06-08T02:34:56Z",
        "2018-06-08T02:34:56.999Z",
        "2018-06-07T22:34:56-04:00",
    ] {
        let order = direct!(NativePrepay).time_expire(written.parse::<DateTime>().unwrap());
        assert_eq!(
            body(&order)["time_expire"],
            "2018-06-08T10:34:56+08:00",
            "{written}"
        );
    }
}

#[test]
fn each_endpoint_knows_its_method_path_and_template() {
    fn endpoint<E: Endpoint>(request: &E) -> (String, &'static str, String, bool) {
        let path = request.path().as_str().to_owned();
        (E::METHOD.to_string(), E::TEMPLATE, path, request.body().is_some())
    }
    let browser = H5Scene::new("1.2.3.4", H5Info::new(H5Type::Android));
    let number: TransactionId = "4200001234".parse().unwrap();
    let odd: OutTradeNo = "a*b-c_d".parse().unwrap();
    let post = |path: &'static str| ("POST".to_owned(), path, path.to_owned(), true);
    let get = |template: &'static str, path: &str| ("GET".to_owned(), template, path.to_owned(), false);
    let cases = [
        (
            endpoint(&direct!(JsapiPrepay, DirectPayer::openid(openid()))),
            post("/v3/pay/transactions/jsapi"),
        ),
        (endpoint(&direct!(AppPrepay)), post("/v3/pay/transactions/app")),
        (
            endpoint(&direct!(H5Prepay, browser.clone())),
            post("/v3/pay/transactions/h5"),
        ),
        (
            endpoint(&direct!(NativePrepay)),
            post("/v3/pay/transactions/native"),
        ),
        (
            endpoint(&partner!(PartnerJsapiPrepay, PartnerPayer::sp_openid(openid()))),
            post("/v3/pay/partner/transactions/jsapi"),
        ),
        (
            endpoint(&partner!(PartnerAppPrepay)),
            post("/v3/pay/partner/transactions/app"),
        ),
        (
            endpoint(&partner!(PartnerH5Prepay, browser)),
            post("/v3/pay/partner/transactions/h5"),
        ),
        (
            endpoint(&partner!(PartnerNativePrepay)),
            post("/v3/pay/partner/transactions/native"),
        ),
        (
            endpoint(&transactions::QueryByOutTradeNo::new(mchid(), odd.clone())),
            get(
                "/v3/pay/transactions/out-trade-no/{out_trade_no}",
                "/v3/pay/transactions/out-trade-no/a*b-c_d?mchid=1900000001",
            ),
        ),
        (
            endpoint(&transactions::QueryById::new(mchid(), number.clone())),
            get(
                "/v3/pay/transactions/id/{transaction_id}",
                "/v3/pay/transactions/id/4200001234?mchid=1900000001",
            ),
        ),
        (
            endpoint(&partner::QueryByOutTradeNo::new(
                mchid(),
                sub_mchid(),
                odd.clone(),
            )),
            get(
                "/v3/pay/partner/transactions/out-trade-no/{out_trade_no}",
                "/v3/pay/partner/transactions/out-trade-no/a*b-c_d?sp_mchid=1900000001&sub_mchid=1900000109",
            ),
        ),
        (
            endpoint(&partner::QueryById::new(mchid(), sub_mchid(), number)),
            get(
                "/v3/pay/partner/transactions/id/{transaction_id}",
                "/v3/pay/partner/transactions/id/4200001234?sp_mchid=1900000001&sub_mchid=1900000109",
            ),
        ),
        (
            endpoint(&transactions::Close::new(mchid(), odd.clone())),
            (
                "POST".to_owned(),
                "/v3/pay/transactions/out-trade-no/{out_trade_no}/close",
                "/v3/pay/transactions/out-trade-no/a*b-c_d/close".to_owned(),
                true,
            ),
        ),
        (
            endpoint(&partner::Close::new(mchid(), sub_mchid(), odd)),
            (
                "POST".to_owned(),
                "/v3/pay/partner/transactions/out-trade-no/{out_trade_no}/close",
                "/v3/pay/partner/transactions/out-trade-no/a*b-c_d/close".to_owned(),
                true,
            ),
        ),
        (
            endpoint(&certificates::ListCertificates::new()),
            get("/v3/certificates", "/v3/certificates"),
        ),
    ];
    for (ours, documented) in cases {
        assert_eq!(ours, documented);
    }
    let (direct, partner) = (
        transactions::Close::new(mchid(), order()),
        partner::Close::new(mchid(), sub_mchid(), order()),
    );
    assert_eq!(body(&direct), json!({ "mchid": MCHID }));
    assert_eq!(
        body(&partner),
        json!({ "sp_mchid": MCHID, "sub_mchid": SUB_MCHID })
    );
}

#[test]
fn the_answers_to_an_order_are_read_with_whatever_else_they_hold() {
    let prepay: PrepayIdResponse =
        serde_json::from_str(r#"{"prepay_id":"wx201410272009395522657a690389285100","added_later":1}"#)
            .unwrap();
    assert_eq!(prepay.prepay_id, "wx201410272009395522657a690389285100");
    let h5: H5UrlResponse =
        serde_json::from_str(r#"{"h5_url":"https:\/\/wx.tenpay.com\/x?prepay_id=1&package=2"}"#).unwrap();
    assert_eq!(h5.h5_url, "https://wx.tenpay.com/x?prepay_id=1&package=2");
    let native: CodeUrlResponse =
        serde_json::from_str(r#"{"code_url":"weixin://wxpay/bizpayurl?pr=1"}"#).unwrap();
    assert_eq!(native.code_url, "weixin://wxpay/bizpayurl?pr=1");
    assert!(serde_json::from_str::<PrepayIdResponse>(r#"{"code":"SYSTEM_ERROR","message":"x"}"#).is_err());
    assert!(serde_json::from_str::<PrepayIdResponse>(r#"{"prepay_id":""}"#).is_err());
}

// Sensitive fields.

fn identity() -> PayerIdentity {
    PayerIdentity::new(IdentityType::IdCard, "110101199003071234", "张三")
}

/// Encrypts with the key of `provider` and gives back what was plain.
fn seal<E: Endpoint>(request: &mut E, provider: &dyn CryptoProvider) -> Vec<String> {
    let key = DemoKey::PublicKey.load(provider).unwrap();
    let key = provider.public_key(key.public_key_info()).unwrap();
    let mut plain = Vec::new();
    request
        .visit_sensitive(&mut |field| {
            let text = field.as_plain().unwrap().to_owned();
            *field = Sensitive::cipher(STANDARD.encode(key.encrypt(text.as_bytes())?));
            plain.push(text);
            Ok(())
        })
        .unwrap();
    plain
}

fn open(provider: &dyn CryptoProvider, field: &Value) -> String {
    let key = DemoKey::PublicKey.load(provider).unwrap();
    let ciphertext = STANDARD.decode(field.as_str().unwrap()).unwrap();
    assert_eq!(ciphertext.len(), 256);
    String::from_utf8(key.decrypt(&ciphertext).unwrap().to_vec()).unwrap()
}

#[test]
fn an_identity_travels_encrypted_in_each_scene_that_takes_one_and_never_in_clear() {
    fn check<E: Endpoint>(name: &str, mut request: E, provider: &dyn CryptoProvider) {
        const { assert!(E::SENSITIVE) };
        let forgotten = serde_json::to_string(&request.body().unwrap())
            .unwrap_err()
            .to_string();
        assert!(forgotten.contains("encrypt"), "{name}: {forgotten}");
        assert!(!forgotten.contains("110101199003071234"), "{name}");
        assert_eq!(
            seal(&mut request, provider),
            ["110101199003071234", "张三"],
            "{name}"
        );
        let sent = body(&request);
        let identity = &sent["payer"]["identity"];
        assert_eq!(identity["type"], "IDCARD", "{name}");
        assert_eq!(
            open(provider, &identity["number"]),
            "110101199003071234",
            "{name}"
        );
        assert_eq!(open(provider, &identity["name"]), "张三", "{name}");
        assert_eq!(identity.as_object().unwrap().len(), 3, "{name}");
        assert!(!sent.to_string().contains("张三"), "{name}");
    }
    let browser = || H5Scene::new("1.2.3.4", H5Info::new(H5Type::Wap));
    for (name, provider) in providers() {
        let provider = provider.as_ref();
        let payer = DirectPayer::openid(openid()).identity(identity());
        check(name, direct!(JsapiPrepay, payer), provider);
        check(name, direct!(AppPrepay).payer(identity()), provider);
        check(name, direct!(H5Prepay, browser()).payer(identity()), provider);
        check(name, direct!(NativePrepay).payer(identity()), provider);
        let payer = PartnerPayer::sp_openid(openid()).identity(identity());
        check(name, partner!(PartnerJsapiPrepay, payer), provider);
        check(name, partner!(PartnerAppPrepay).payer(identity()), provider);
        check(
            name,
            partner!(PartnerH5Prepay, browser()).payer(identity()),
            provider,
        );
        check(name, partner!(PartnerNativePrepay).payer(identity()), provider);
    }
}

#[test]
fn an_order_without_sensitive_fields_has_nothing_to_visit() {
    for (name, provider) in providers() {
        let mut order = direct!(JsapiPrepay, DirectPayer::openid(openid()));
        assert!(seal(&mut order, provider.as_ref()).is_empty(), "{name}");
        assert!(
            seal(&mut direct!(AppPrepay), provider.as_ref()).is_empty(),
            "{name}"
        );
    }
    const { assert!(!transactions::Close::SENSITIVE) };
}

#[test]
fn an_error_while_encrypting_ends_the_visit() {
    let mut many = vec![Some(identity()), None, Some(identity())];
    let mut seen = 0;
    let outcome = many.visit_sensitive(&mut |_| {
        seen += 1;
        if seen == 3 {
            Err(EncryptError::NoKey)
        } else {
            Ok(())
        }
    });
    assert_eq!((outcome, seen), (Err(EncryptError::NoKey), 3));
}

#[test]
fn a_sensitive_field_that_comes_is_ciphertext() {
    let field: Sensitive = serde_json::from_str("\"QUJD\"").unwrap();
    assert_eq!((field.as_cipher(), field.as_plain()), (Some("QUJD"), None));
    let plain = Sensitive::plain("张三");
    assert_eq!((plain.as_cipher(), plain.as_plain()), (None, Some("张三")));
}

// Transactions.

fn promotion() -> Value {
    json!({
        "coupon_id": "109519", "name": "单品惠-6", "scope": "SINGLE", "type": "CASH", "amount": 1, "stock_id": "931386",
        "wechatpay_contribute": 1, "merchant_contribute": 2, "other_contribute": 3, "currency": "CNY",
        "goods_detail": [{
            "goods_id": "M1006", "quantity": 1, "unit_price": 100, "discount_amount": 1, "goods_remark": "商品备注",
        }],
    })
}

/// Everything that is documented for a query or payment notification in partner mode.
fn full_transaction() -> Value {
    json!({
        "sp_appid": APPID, "sp_mchid": MCHID, "sub_appid": SUB_APPID, "sub_mchid": SUB_MCHID,
        "out_trade_no": ORDER, "transaction_id": "1217752501201407033233368018", "trade_type": "MWEB",
        "trade_state": "SUCCESS", "trade_state_desc": "支付成功", "bank_type": "CMC", "attach": "自定义数据",
        "success_time": "2018-06-08T10:34:56.123+08:00",
        "payer": { "sp_openid": OPENID, "sub_openid": "oSub" },
        "amount": { "total": 100, "payer_total": 99, "currency": "CNY", "payer_currency": "CNY" },
        "scene_info": { "device_id": "013467007045764" },
        "promotion_detail": [promotion()],
        "installment_info": { "use_subsidy": true, "selected_installment_number": 3 },
    })
}

fn read<T: DeserializeOwned>(value: &Value) -> T {
    serde_json::from_str(&value.to_string()).unwrap()
}

#[test]
fn every_documented_field_of_a_transaction_is_read() {
    let paid: Transaction = read(&full_transaction());
    assert_eq!(paid.sp_appid, Some(appid()));
    assert_eq!(paid.sp_mchid, Some(mchid()));
    assert_eq!(paid.sub_appid, Some(SUB_APPID.parse().unwrap()));
    assert_eq!(paid.sub_mchid, Some(sub_mchid()));
    assert_eq!((&paid.appid, &paid.mchid), (&None, &None));
    assert_eq!(paid.out_trade_no, order());
    assert_eq!(paid.transaction_id.unwrap(), "1217752501201407033233368018");
    assert_eq!(paid.trade_type, Some(TradeType::Mweb));
    assert_eq!(paid.trade_state, TradeState::Success);
    assert_eq!(paid.trade_state_desc, "支付成功");
    assert_eq!(paid.bank_type.as_deref(), Some("CMC"));
    assert_eq!(paid.attach.as_deref(), Some("自定义数据"));
    assert_eq!(
        paid.success_time.unwrap().to_string(),
        "2018-06-08T10:34:56+08:00"
    );
    let payer = paid.payer.unwrap();
    assert_eq!(payer.sp_openid.unwrap().as_str(), OPENID);
    assert_eq!(payer.sub_openid.unwrap().as_str(), "oSub");
    assert_eq!(payer.openid, None);
    let amount = paid.amount.unwrap();
    assert_eq!(
        (amount.total, amount.payer_total),
        (Some(fen(100)), Some(fen(99)))
    );
    assert_eq!(
        (amount.currency, amount.payer_currency),
        (Some(Currency::Cny), Some(Currency::Cny))
    );
    assert_eq!(
        paid.scene_info.unwrap().device_id.as_deref(),
        Some("013467007045764")
    );
    let promotion = &paid.promotion_detail[0];
    assert_eq!(promotion.coupon_id.as_deref(), Some("109519"));
    assert_eq!(promotion.name.as_deref(), Some("单品惠-6"));
    assert_eq!(promotion.scope, Some(PromotionScope::Single));
    assert_eq!(promotion.kind, Some(PromotionType::Cash));
    assert_eq!(promotion.amount, Some(fen(1)));
    assert_eq!(promotion.stock_id.as_deref(), Some("931386"));
    let contributions = [
        &promotion.wechatpay_contribute,
        &promotion.merchant_contribute,
        &promotion.other_contribute,
    ];
    assert_eq!(contributions, [&Some(fen(1)), &Some(fen(2)), &Some(fen(3))]);
    assert_eq!(promotion.currency, Some(Currency::Cny));
    let goods = &promotion.goods_detail[0];
    assert_eq!(
        (goods.goods_id.as_deref(), goods.quantity),
        (Some("M1006"), Some(1))
    );
    assert_eq!(
        (goods.unit_price, goods.discount_amount),
        (Some(fen(100)), Some(fen(1)))
    );
    assert_eq!(goods.goods_remark.as_deref(), Some("商品备注"));
    let instalments = paid.installment_info.unwrap();
    assert_eq!(
        (instalments.use_subsidy, instalments.selected_installment_number),
        (Some(true), Some(3))
    );
}

#[test]
fn the_sparsest_transaction_is_read_and_empty_null_and_missing_are_the_same() {
    let sparse = json!({ "mchid": MCHID, "out_trade_no": ORDER, "trade_state": "NOTPAY" });
    let missing: Transaction = read(&sparse);
    let optional = [
        "sp_appid",
        "sp_mchid",
        "sub_appid",
        "sub_mchid",
        "appid",
        "transaction_id",
        "trade_type",
        "trade_state_desc",
        "bank_type",
        "attach",
        "success_time",
    ];
    for empty in [json!(""), Value::Null] {
        let mut with_empty = sparse.clone();
        for key in optional {
            with_empty[key] = empty.clone();
        }
        assert_eq!(read::<Transaction>(&with_empty), missing, "{empty}");
    }
    let mut with_null = sparse.clone();
    for key in [
        "payer",
        "amount",
        "scene_info",
        "promotion_detail",
        "installment_info",
    ] {
        with_null[key] = Value::Null;
    }
    assert_eq!(read::<Transaction>(&with_null), missing);

    let mut hollow = full_transaction();
    hollow["payer"] = json!({});
    hollow["amount"] = json!({ "total": 1, "currency": "", "payer_currency": null });
    hollow["scene_info"] = json!({ "device_id": "" });
    hollow["promotion_detail"] = json!([{
        "coupon_id": "1", "amount": 0, "name": "", "scope": "", "type": "", "stock_id": "", "currency": "",
        "goods_detail": null,
    }]);
    let hollow: Transaction = read(&hollow);
    assert_eq!(hollow.payer, Some(transactions::Payer::default()));
    assert_eq!(hollow.amount.unwrap().currency, None);
    assert_eq!(hollow.scene_info.unwrap().device_id, None);
    let promotion = &hollow.promotion_detail[0];
    assert_eq!(
        (&promotion.name, &promotion.scope, &promotion.kind),
        (&None, &None, &None)
    );
    assert_eq!((&promotion.stock_id, &promotion.currency), (&None, &None));
}

#[test]
fn fields_that_were_added_later_are_passed_over() {
    let mut later = full_transaction();
    for key in ["added_later", "sub_orders"] {
        later[key] = json!({ "deep": [1, { "x": null }] });
    }
    for (path, key) in [
        ("/payer", "x"),
        ("/amount", "x"),
        ("/promotion_detail/0", "x"),
        ("/scene_info", "x"),
    ] {
        later.pointer_mut(path).unwrap()[key] = json!(true);
    }
    assert_eq!(
        read::<Transaction>(&later),
        read::<Transaction>(&full_transaction())
    );
}

#[test]
fn values_that_were_added_later_are_given_back_unchanged() {
    let mut later = full_transaction();
    later["trade_state"] = json!("BRAND_NEW");
    later["trade_type"] = json!("brand.new/支付");
    later["amount"]["currency"] = json!("HKD");
    later["promotion_detail"][0]["scope"] = json!("SOMETIMES");
    let paid: Transaction = read(&later);
    assert_eq!(paid.trade_state.as_str(), "BRAND_NEW");
    assert_eq!(paid.trade_type.as_ref().unwrap().as_str(), "brand.new/支付");
    assert_eq!(
        serde_json::to_value(&paid.trade_type).unwrap(),
        later["trade_type"]
    );
    assert_eq!(paid.amount.unwrap().currency.unwrap().as_str(), "HKD");
    assert_eq!(
        paid.promotion_detail[0].scope.as_ref().unwrap().to_string(),
        "SOMETIMES"
    );
    assert_eq!(TradeState::from("SUCCESS"), TradeState::Success);
    assert_eq!("NOTPAY".parse(), Ok(TradeState::NotPay));
    assert_ne!(TradeState::from("success"), TradeState::Success);
}

#[test]
fn a_transaction_without_number_is_none_and_one_without_state_is_in_no_state() {
    let text = without(full_transaction(), &["out_trade_no"]).to_string();
    assert!(serde_json::from_str::<Transaction>(&text).is_err());
    let found: Transaction = read(&without(full_transaction(), &["trade_state"]));
    assert!(found.trade_state.is_absent());
    assert_ne!(found.trade_state, TradeState::Success);
}

// T32: an answer that was swapped with another.

#[test]
fn an_answer_that_repeats_other_ids_than_were_asked_for_is_noticed() {
    let number: TransactionId = "1217752501201407033233368018".parse().unwrap();
    let by_number = partner::QueryByOutTradeNo::new(mchid(), sub_mchid(), order());
    let by_id = partner::QueryById::new(mchid(), sub_mchid(), number.clone());
    let answer: Transaction = read(&full_transaction());
    assert_eq!(by_number.check_echo(&answer), Ok(()));
    assert_eq!(by_id.check_echo(&answer), Ok(()));
    let differing = |key: &str, value: Value| {
        let mut other = full_transaction();
        other[key] = value;
        let other: Transaction = read(&other);
        let field =
            |outcome: Result<(), wechatpay_core::api::EchoMismatch>| outcome.err().map(|error| error.field());
        (
            field(by_number.check_echo(&other)),
            field(by_id.check_echo(&other)),
        )
    };
    assert_eq!(
        differing("out_trade_no", json!("ANOTHER-ORDER")),
        (Some("out_trade_no"), None)
    );
    assert_eq!(
        differing("transaction_id", json!("42")),
        (None, Some("transaction_id"))
    );
    assert_eq!(
        differing("transaction_id", Value::Null),
        (None, Some("transaction_id"))
    );
    assert_eq!(
        differing("sp_mchid", json!("1900000002")),
        (Some("sp_mchid"), Some("sp_mchid"))
    );
    assert_eq!(
        differing("sub_mchid", json!("1900000002")),
        (Some("sub_mchid"), Some("sub_mchid"))
    );
    assert_eq!(
        differing("sub_mchid", Value::Null),
        (Some("sub_mchid"), Some("sub_mchid"))
    );

    let mut direct = without(
        full_transaction(),
        &["sp_appid", "sp_mchid", "sub_appid", "sub_mchid"],
    );
    direct["mchid"] = json!(MCHID);
    let by_number = transactions::QueryByOutTradeNo::new(mchid(), order());
    let by_id = transactions::QueryById::new(mchid(), number);
    assert_eq!(by_number.check_echo(&read(&direct)), Ok(()));
    assert_eq!(by_id.check_echo(&read(&direct)), Ok(()));
    direct["mchid"] = json!("1900000002");
    assert_eq!(by_number.check_echo(&read(&direct)).unwrap_err().field(), "mchid");
    assert_eq!(by_id.check_echo(&read(&direct)).unwrap_err().field(), "mchid");
    assert_eq!(by_number.check_echo(&answer).unwrap_err().field(), "mchid");
}

// Refunds.

#[test]
fn a_refund_notice_is_read_at_its_fullest_and_sparsest() {
    let sparse = json!({
        "mchid": MCHID, "out_trade_no": ORDER, "transaction_id": "42", "out_refund_no": "R@1|2", "refund_id": "50",
        "refund_status": "CLOSED", "amount": { "total": 3, "refund": 2, "payer_total": 1, "payer_refund": 0 },
    });
    let missing: RefundNotice = read(&sparse);
    assert_eq!(missing.mchid, Some(mchid()));
    assert_eq!(missing.refund_status, RefundStatus::Closed);
    assert_eq!(
        (missing.success_time, &missing.user_received_account),
        (None, &None)
    );
    let amount = &missing.amount;
    assert_eq!((amount.total, amount.refund), (fen(3), fen(2)));
    assert_eq!(
        (amount.payer_total, amount.payer_refund),
        (Some(fen(1)), Some(fen(0)))
    );
    for empty in [json!(""), Value::Null] {
        let mut with_empty = sparse.clone();
        for key in [
            "sp_mchid",
            "sub_mchid",
            "success_time",
            "user_received_account",
            "refund_account",
            "individual_auth_id",
        ] {
            with_empty[key] = empty.clone();
        }
        assert_eq!(read::<RefundNotice>(&with_empty), missing, "{empty}");
    }

    let mut full = without(sparse, &["mchid"]);
    for (key, value) in [
        ("sp_mchid", MCHID),
        ("sub_mchid", SUB_MCHID),
        ("refund_status", "SUCCESS"),
        ("success_time", "2018-06-08T10:34:56+08:00"),
        ("user_received_account", "招商银行信用卡0403"),
        ("refund_account", "REFUND_SOURCE_SUB_MERCHANT"),
        ("added_later", "x"),
    ] {
        full[key] = json!(value);
    }
    let full: RefundNotice = read(&full);
    assert_eq!(
        (full.sp_mchid, full.sub_mchid),
        (Some(mchid()), Some(sub_mchid()))
    );
    assert_eq!(full.success_time.unwrap().unix_seconds(), 1_528_425_296);
    assert_eq!(full.user_received_account.unwrap().as_str(), "招商银行信用卡0403");
    assert_eq!(full.refund_account, Some(RefundAccount::SubMerchant));
    assert_eq!(full.out_refund_no, "R@1|2");
}

// Ids.

#[test]
fn each_id_keeps_to_its_grammar() {
    fn check<T: std::str::FromStr>(name: &str, good: &[&str], bad: &[&str]) {
        for text in good {
            assert!(text.parse::<T>().is_ok(), "{name}: {text:?}");
        }
        for text in bad.iter().chain(&["", " ", "a b", "x\n", "支付", "a\0"]) {
            assert!(text.parse::<T>().is_err(), "{name}: {text:?}");
        }
    }
    let n = |length: usize| "9".repeat(length);
    check::<Mchid>("mchid", &["1", MCHID, &n(32)], &[&n(33), "19000A", "-1", "１９"]);
    check::<Appid>("appid", &[APPID, "a-_B", &n(32)], &[&n(33), "wx/1", "wx\"1"]);
    check::<Openid>("openid", &[OPENID, "o", &n(128)], &[&n(129)]);
    check::<OutTradeNo>(
        "out_trade_no",
        &["123456", "a_b-c*", &n(32)],
        &["12345", &n(33), "a|bcdef", "a@bcdef"],
    );
    check::<TransactionId>("transaction_id", &["4", &n(32)], &[&n(33), "4-2"]);
    check::<PrepayId>("prepay_id", &["wx1", &n(64)], &[&n(65)]);
    check::<OutRefundNo>("out_refund_no", &["1", "a_b-c*d@e|f", &n(64)], &[&n(65), "a/b"]);
    check::<RefundId>("refund_id", &["5", &n(32)], &[&n(33)]);
}

#[test]
fn an_id_that_comes_is_visible_text_of_a_sane_length_and_goes_back_as_it_came() {
    for text in ["\"a|b\"", "\"1217752501201407033233368018\""] {
        let id: OutTradeNo = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&id).unwrap(), text);
    }
    for bad in [
        "\"\"",
        "\"a b\"",
        "\"支付\"",
        "1",
        "null",
        "[]",
        &format!("\"{}\"", "9".repeat(65)),
    ] {
        assert!(serde_json::from_str::<OutTradeNo>(bad).is_err(), "{bad}");
    }
    assert!(
        serde_json::from_str::<Mchid>("\"x1\"").is_ok(),
        "lenient in what comes"
    );
}

// Errors and certificates.

#[test]
fn an_error_body_is_read_however_little_it_holds() {
    for (text, code, message) in [
        (
            r#"{"code":"PARAM_ERROR","message":"参数错误"}"#,
            "PARAM_ERROR",
            "参数错误",
        ),
        (r#"{"code":"PARAM_ERROR"}"#, "PARAM_ERROR", ""),
        (
            r#"{"code":"PARAM_ERROR","message":null,"detail":null}"#,
            "PARAM_ERROR",
            "",
        ),
        ("{}", "", ""),
        (
            r#"{"code":"X","message":"y","detail":"free text","added_later":1}"#,
            "X",
            "y",
        ),
    ] {
        let body: ErrorBody = serde_json::from_str(text).unwrap();
        assert_eq!(
            (body.code.as_str(), body.message.as_str()),
            (code, message),
            "{text}"
        );
        assert!(body.is(code), "{text}");
    }
    let body: ErrorBody = serde_json::from_str(
        r#"{"code":"PARAM_ERROR","message":"x","detail":{"location":"body","value":1,"field":"/amount/total","issue":"too small"}}"#,
    )
    .unwrap();
    assert_eq!(
        (body.field(), body.issue()),
        (Some("/amount/total"), Some("too small"))
    );
    for (ours, theirs) in [
        ("NO_AUTH", "NOAUTH"),
        ("NOTENOUGH", "NOT_ENOUGH"),
        ("SYSTEM_ERROR", "SYSTEMERROR"),
        ("RESOURCE_NOT_EXISTS", "RESOURCE_NOT_EXISTS"),
    ] {
        let body: ErrorBody = serde_json::from_str(&format!("{{\"code\":\"{theirs}\"}}")).unwrap();
        assert!(body.is(ours), "{ours} {theirs}");
    }
    for no_body in ["", "<html>502</html>", "[]1", "\"text\""] {
        assert!(serde_json::from_str::<ErrorBody>(no_body).is_err(), "{no_body}");
    }
}

#[test]
fn a_request_id_is_fit_for_a_log_and_may_hold_a_code() {
    let id = RequestId::new("08F78BB6\r\nB206 支付10EE-268498688");
    assert_eq!(id.as_str(), "08F78BB6B20610EE-268498688");
    let code = id.gateway_code().unwrap();
    assert_eq!(
        (code.get(), code.meaning()),
        (268_498_688, Some("same number with other parameters"))
    );
    assert_eq!(RequestId::new("x-1").gateway_code().unwrap().meaning(), None);
    for none in ["", "x", "x-0", "x-", "x-y", "x-99999999999999999999999"] {
        assert_eq!(RequestId::new(none).gateway_code(), None, "{none}");
    }
    assert_eq!(RequestId::new(&"9".repeat(1000)).as_str().len(), 128);
}

#[test]
fn the_list_of_certificates_is_read_still_sealed() {
    let list: certificates::CertificateList = read(&json!({ "data": [{
        "serial_no": "00abcdef", "effective_time": "2018-06-08T10:34:56+08:00", "expire_time": "2028-06-08T10:34:56Z",
        "encrypt_certificate": { "algorithm": "AEAD_AES_256_GCM", "nonce": "61f9c719728a", "ciphertext": "sRvt" },
    }] }));
    let entry = &list.data[0];
    assert_eq!(entry.serial_no.as_str(), "00ABCDEF");
    assert_eq!(
        entry.expire_time.unwrap().to_string(),
        "2028-06-08T18:34:56+08:00"
    );
    assert_eq!(entry.encrypt_certificate.associated_data, None);
    assert_eq!(entry.encrypt_certificate.nonce, "61f9c719728a");
}
