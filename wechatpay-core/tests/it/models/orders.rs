//! Orders of every scene, and their sensitive fields.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use wechatpay_core::{
    api::{
        Endpoint, certificates,
        prepay::{
            AppPrepay, CodeUrlResponse, DirectPayer, GoodsDetail, H5Info, H5Prepay, H5Scene, H5Type,
            H5UrlResponse, IdentityType, JsapiPrepay, LimitPay, NativePrepay, OrderAmount, OrderDetail,
            OrderScene, PartnerAppPrepay, PartnerH5Prepay, PartnerJsapiPrepay, PartnerNativePrepay,
            PartnerPayer, PayerIdentity, PrepayIdResponse, SettleInfo, StoreInfo, SubsidyDetail, SubsidyInfo,
            SubsidyPeriodType, SubsidyPlan,
        },
        transactions,
    },
    crypto::{CryptoProvider, EncryptError},
    testing::DemoKey,
    types::{Appid, DateTime, Fen, Openid, OutTradeNo, Sensitive, SensitiveFields, TransactionId},
};

use super::{
    APPID, MCHID, NOTIFY_URL, OPENID, ORDER, SUB_APPID, SUB_MCHID, appid, body, fen, mchid, merged, order,
    sub_mchid,
};
use crate::support::providers;

fn direct_ids() -> Value {
    json!({ "appid": APPID, "mchid": MCHID })
}

fn partner_ids() -> Value {
    json!({ "sp_appid": APPID, "sp_mchid": MCHID, "sub_mchid": SUB_MCHID })
}

/// Members of every order.
fn sparse() -> Value {
    json!({
        "description": "Image形象店",
        "out_trade_no": ORDER,
        "notify_url": NOTIFY_URL,
        "amount": { "total": 100, "currency": "CNY" },
    })
}

/// Optional members of every order.
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

/// Sets the optional fields of every order.
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

/// Creates the order of a direct merchant with required members and those of its scene.
macro_rules! direct {
    ($type:ident $(, $required:expr)?) => {
        $type::new(appid(), mchid(), "Image形象店", order(), NOTIFY_URL, fen(100) $(, $required)?)
    };
}

/// Creates the order of a service provider with required members and those of its scene.
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
fn the_currency_of_an_amount_is_optional() {
    let mut amount = OrderAmount::cny(fen(1));
    amount.currency = None;
    let order = NativePrepay::new(appid(), mchid(), "x", order(), NOTIFY_URL, amount);
    assert_eq!(body(&order)["amount"], json!({ "total": 1 }));
}

#[test]
fn the_payment_deadline_is_written_in_beijing_time_and_whole_seconds() {
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
            endpoint(&transactions::PartnerQueryByOutTradeNo::new(
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
            endpoint(&transactions::PartnerQueryById::new(mchid(), sub_mchid(), number)),
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
            endpoint(&transactions::PartnerClose::new(mchid(), sub_mchid(), odd)),
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
        transactions::PartnerClose::new(mchid(), sub_mchid(), order()),
    );
    assert_eq!(body(&direct), json!({ "mchid": MCHID }));
    assert_eq!(
        body(&partner),
        json!({ "sp_mchid": MCHID, "sub_mchid": SUB_MCHID })
    );
}

#[test]
fn responses_to_an_order_are_read_with_unknown_members() {
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

fn identity() -> PayerIdentity {
    PayerIdentity::new(IdentityType::IdCard, "110101199003071234", "张三")
}

/// Encrypts with the key of `provider` and returns the plaintexts.
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
fn an_identity_is_sent_encrypted_in_each_scene_that_accepts_one() {
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
fn an_order_without_sensitive_fields_visits_nothing() {
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
fn a_received_sensitive_field_is_ciphertext() {
    let field: Sensitive = serde_json::from_str("\"QUJD\"").unwrap();
    assert_eq!((field.as_cipher(), field.as_plain()), (Some("QUJD"), None));
    let plain = Sensitive::plain("张三");
    assert_eq!((plain.as_cipher(), plain.as_plain()), (None, Some("张三")));
}
