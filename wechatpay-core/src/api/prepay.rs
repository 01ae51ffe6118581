//! Ordering (下单): JSAPI, APP, H5 and Native, for direct merchants and for partners.
//!
//! Eight requests, one type each, so that a scene cannot miss what it needs: JSAPI asks for the payer, H5 for the scene.
//! Repeating a request with the same number and *identical* parameters renews the prepay id; any difference is refused.
//!
//! Pages: JSAPI/APP/H5/Native下单 of both modes.

use http::Method;
use serde::{Deserialize, Serialize};

use super::{Endpoint, Idempotency, Path};
use crate::{
    crypto::EncryptError,
    macros::{open_enum, setters},
    types::{
        Appid, Currency, DateTime, Fen, Mchid, Openid, OutTradeNo, PrepayId, PrivateText, Sensitive,
        SensitiveFields, SensitiveVisitor,
    },
};

open_enum! {
    /// A way of paying that is forbidden or demanded (指定支付方式). A restricted feature.
    pub enum LimitPay {
        /// Not from the purse.
        NoBalance = "no_balance",
        /// Not by credit card.
        NoCredit = "no_credit",
        /// Not by debit card.
        NoDebit = "no_debit",
        /// From the purse only.
        BalanceOnly = "balance_only",
    }
}

open_enum! {
    /// Document by which a payer is identified (证件类型).
    pub enum IdentityType {
        /// Mainland identity card.
        IdCard = "IDCARD",
        /// Home-return permit for Hong Kong and Macao.
        HongkongMacao = "HONGKONG_MACAO",
        /// Residence permit for Hong Kong and Macao.
        HongkongMacaoResident = "HONGKONG_MACAO_RESIDENT",
        /// Residence permit for Taiwan.
        TaiwanResident = "TAIWAN_RESIDENT",
        /// Permanent residence of a foreigner.
        ForeignResident = "FOREIGN_RESIDENT",
        /// Passport.
        OverseaPassport = "OVERSEA_PASSPORT",
        /// Telephone number.
        PhoneNumber = "PHONE_NUMBER",
    }
}

open_enum! {
    /// What the payer's browser runs on.
    pub enum H5Type {
        /// Apple.
        Ios = "iOS",
        /// Android.
        Android = "Android",
        /// Any mobile browser.
        Wap = "Wap",
    }
}

open_enum! {
    /// Unit of an instalment subsidy (微信分付).
    pub enum SubsidyPeriodType {
        /// By day.
        Daily = "DAILY",
        /// By period.
        Period = "PERIOD",
    }
}

/// What the order costs (订单金额).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct OrderAmount {
    /// In fen, at least 1.
    pub total: Fen,
    /// `CNY` when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
}

impl OrderAmount {
    /// An amount in yuan's hundredths, with the currency spelled out.
    #[must_use]
    pub fn cny(total: Fen) -> Self {
        Self {
            total,
            currency: Some(Currency::Cny),
        }
    }
}

impl From<Fen> for OrderAmount {
    fn from(total: Fen) -> Self {
        Self::cny(total)
    }
}

/// How the money is settled (结算信息).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SettleInfo {
    /// Freezes the money for profit sharing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profit_sharing: Option<bool>,
    /// Subsidy in fen, at most 500 000; partner mode of e-commerce only, needs `profit_sharing`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subsidy_amount: Option<Fen>,
}

impl SettleInfo {
    /// Money that is to be shared.
    #[must_use]
    pub fn profit_sharing() -> Self {
        Self {
            profit_sharing: Some(true),
            subsidy_amount: None,
        }
    }

    setters! {
        /// Subsidy in fen.
        subsidy_amount: Fen,
    }
}

/// Who must pay: a real-name restriction that needs a permission of its own (实名支付).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PayerIdentity {
    /// Kind of document.
    #[serde(rename = "type")]
    pub kind: IdentityType,
    /// Its number; travels encrypted.
    pub number: Sensitive,
    /// The name; travels encrypted.
    pub name: Sensitive,
}

impl PayerIdentity {
    /// The document of a person, in plain text; the client encrypts it.
    pub fn new(kind: IdentityType, number: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            kind,
            number: Sensitive::plain(number),
            name: Sensitive::plain(name),
        }
    }
}

impl SensitiveFields for PayerIdentity {
    fn visit_sensitive(&mut self, f: &mut SensitiveVisitor<'_>) -> Result<(), EncryptError> {
        self.number.visit_sensitive(f)?;
        self.name.visit_sensitive(f)
    }
}

/// The payer of a partner's JSAPI order: below the provider's app or the sub-merchant's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PartnerPayer {
    /// Below `sp_appid`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sp_openid: Option<Openid>,
    /// Below `sub_appid`, which the order must then have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_openid: Option<Openid>,
    /// Real-name restriction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<PayerIdentity>,
}

impl PartnerPayer {
    /// A payer of the provider's app.
    #[must_use]
    pub fn sp_openid(openid: Openid) -> Self {
        Self {
            sp_openid: Some(openid),
            sub_openid: None,
            identity: None,
        }
    }

    /// A payer of the sub-merchant's app.
    #[must_use]
    pub fn sub_openid(openid: Openid) -> Self {
        Self {
            sp_openid: None,
            sub_openid: Some(openid),
            identity: None,
        }
    }

    setters! {
        /// Real-name restriction.
        identity: PayerIdentity,
    }
}

impl SensitiveFields for PartnerPayer {
    fn visit_sensitive(&mut self, f: &mut SensitiveVisitor<'_>) -> Result<(), EncryptError> {
        self.identity.visit_sensitive(f)
    }
}

/// The payer of a direct merchant's JSAPI order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct DirectPayer {
    /// Below `appid`.
    pub openid: Openid,
    /// Real-name restriction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<PayerIdentity>,
}

impl DirectPayer {
    /// A payer of the merchant's app.
    #[must_use]
    pub fn openid(openid: Openid) -> Self {
        Self {
            openid,
            identity: None,
        }
    }

    setters! {
        /// Real-name restriction.
        identity: PayerIdentity,
    }
}

impl SensitiveFields for DirectPayer {
    fn visit_sensitive(&mut self, f: &mut SensitiveVisitor<'_>) -> Result<(), EncryptError> {
        self.identity.visit_sensitive(f)
    }
}

/// A real-name restriction alone, where the scene does not know the payer (APP, H5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct IdentityOnlyPayer {
    /// Real-name restriction.
    pub identity: PayerIdentity,
}

impl From<PayerIdentity> for IdentityOnlyPayer {
    fn from(identity: PayerIdentity) -> Self {
        Self { identity }
    }
}

impl SensitiveFields for IdentityOnlyPayer {
    fn visit_sensitive(&mut self, f: &mut SensitiveVisitor<'_>) -> Result<(), EncryptError> {
        self.identity.visit_sensitive(f)
    }
}

/// What is sold (优惠功能).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct OrderDetail {
    /// Original price of the receipt in fen; when it differs from the total there is no discount.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost_price: Option<Fen>,
    /// Number of the receipt, up to 32 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invoice_id: Option<String>,
    /// The goods, 1 to 6000.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub goods_detail: Vec<GoodsDetail>,
}

impl OrderDetail {
    /// These goods.
    #[must_use]
    pub fn goods(goods_detail: Vec<GoodsDetail>) -> Self {
        Self {
            goods_detail,
            ..Self::default()
        }
    }

    setters! {
        /// Original price in fen.
        cost_price: Fen,
        /// Number of the receipt.
        invoice_id: String,
    }
}

/// One kind of goods (单品).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct GoodsDetail {
    /// The merchant's number: letters, digits, `-` and `_`, up to 32.
    pub merchant_goods_id: String,
    /// The platform's number, up to 32 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wechatpay_goods_id: Option<String>,
    /// The name, up to 256 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goods_name: Option<String>,
    /// How many.
    pub quantity: i64,
    /// Price of one in fen, after the merchant's discounts.
    pub unit_price: Fen,
}

impl GoodsDetail {
    /// `quantity` of the goods `merchant_goods_id` at `unit_price` each.
    pub fn new(merchant_goods_id: impl Into<String>, quantity: i64, unit_price: Fen) -> Self {
        Self {
            merchant_goods_id: merchant_goods_id.into(),
            wechatpay_goods_id: None,
            goods_name: None,
            quantity,
            unit_price,
        }
    }

    setters! {
        /// The platform's number.
        wechatpay_goods_id: String,
        /// The name.
        goods_name: String,
    }
}

/// Where the order is made (场景信息).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct OrderScene {
    /// The payer's address, IPv4 or IPv6.
    pub payer_client_ip: PrivateText,
    /// Number of the device or shop, up to 32 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_id: Option<String>,
    /// The shop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub store_info: Option<StoreInfo>,
}

impl OrderScene {
    /// A payer at this address.
    pub fn new(payer_client_ip: impl Into<PrivateText>) -> Self {
        Self {
            payer_client_ip: payer_client_ip.into(),
            device_id: None,
            store_info: None,
        }
    }

    setters! {
        /// Number of the device.
        device_id: String,
        /// The shop.
        store_info: StoreInfo,
    }
}

/// Where an H5 order is made: [`OrderScene`] and the browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct H5Scene {
    /// The payer's address, IPv4 or IPv6. It must be the one with which the payer then opens the page.
    pub payer_client_ip: PrivateText,
    /// Number of the device or shop, up to 32 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_id: Option<String>,
    /// The shop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub store_info: Option<StoreInfo>,
    /// The browser or app.
    pub h5_info: H5Info,
}

impl H5Scene {
    /// A payer at this address with this browser.
    pub fn new(payer_client_ip: impl Into<PrivateText>, h5_info: H5Info) -> Self {
        Self {
            payer_client_ip: payer_client_ip.into(),
            device_id: None,
            store_info: None,
            h5_info,
        }
    }

    setters! {
        /// Number of the device.
        device_id: String,
        /// The shop.
        store_info: StoreInfo,
    }
}

/// The browser or app of an H5 payer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct H5Info {
    /// What it runs on.
    #[serde(rename = "type")]
    pub kind: H5Type,
    /// Name of the app.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_name: Option<String>,
    /// Its site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_url: Option<String>,
    /// Its bundle on Apple's systems.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bundle_id: Option<String>,
    /// Its package on Android.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub package_name: Option<String>,
}

impl H5Info {
    /// A browser of this kind.
    #[must_use]
    pub fn new(kind: H5Type) -> Self {
        Self {
            kind,
            app_name: None,
            app_url: None,
            bundle_id: None,
            package_name: None,
        }
    }

    setters! {
        /// Name of the app.
        app_name: String,
        /// Its site.
        app_url: String,
        /// Its bundle on Apple's systems.
        bundle_id: String,
        /// Its package on Android.
        package_name: String,
    }
}

/// A shop (门店信息).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct StoreInfo {
    /// The merchant's number of it, up to 32 characters.
    pub id: String,
    /// The name, up to 256 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Code of its district.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area_code: Option<String>,
    /// Its address, up to 512 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

impl StoreInfo {
    /// The shop of this number.
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            name: None,
            area_code: None,
            address: None,
        }
    }

    setters! {
        /// The name.
        name: String,
        /// Code of its district.
        area_code: String,
        /// Its address.
        address: String,
    }
}

/// Subsidies for instalments (微信分付), partner mode.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SubsidyInfo {
    /// One entry per unit.
    pub subsidy_detail: Vec<SubsidyDetail>,
}

impl SubsidyInfo {
    /// These subsidies.
    #[must_use]
    pub fn new(subsidy_detail: Vec<SubsidyDetail>) -> Self {
        Self { subsidy_detail }
    }
}

/// Subsidies of one unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SubsidyDetail {
    /// The unit.
    pub subsidy_period_type: SubsidyPeriodType,
    /// Plans by number of instalments.
    pub subsidy_plan: Vec<SubsidyPlan>,
}

impl SubsidyDetail {
    /// These plans.
    #[must_use]
    pub fn new(subsidy_period_type: SubsidyPeriodType, subsidy_plan: Vec<SubsidyPlan>) -> Self {
        Self {
            subsidy_period_type,
            subsidy_plan,
        }
    }
}

/// The subsidy for one number of instalments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SubsidyPlan {
    /// Number of instalments: 3, 6 or 12.
    pub subsidy_installment_num: u8,
    /// Share that is subsidised, in per cent: 0 or 100.
    pub subsidy_percent: u8,
}

impl SubsidyPlan {
    /// `subsidy_percent` of the interest of `subsidy_installment_num` instalments.
    #[must_use]
    pub fn new(subsidy_installment_num: u8, subsidy_percent: u8) -> Self {
        Self {
            subsidy_installment_num,
            subsidy_percent,
        }
    }
}

/// Answer of JSAPI and APP orders.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[non_exhaustive]
pub struct PrepayIdResponse {
    /// The session, valid for two hours.
    pub prepay_id: PrepayId,
}

/// Answer of H5 orders.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[non_exhaustive]
pub struct H5UrlResponse {
    /// The page to navigate to, valid for five minutes; see
    /// [`h5_url_with_redirect`](crate::sign::h5_url_with_redirect).
    pub h5_url: String,
}

/// Answer of Native orders.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[non_exhaustive]
pub struct CodeUrlResponse {
    /// The text to show as a QR code, unchanged; valid for two hours and dead once the order is placed again.
    pub code_url: String,
}

/// Writes one prepay request: the ids of its mode, the fields all eight share, and what its scene adds.
macro_rules! prepay {
    (
        $(#[$meta:meta])*
        pub struct $name:ident -> $response:ty, $path:literal {
            ids { $( $(#[$id_meta:meta])* $id:ident: $id_type:ty, )+ }
            optional_ids { $( $(#[$optional_id_meta:meta])* $optional_id:ident: $optional_id_type:ty, )* }
            required { $( $(#[$required_meta:meta])* $required:ident: $required_type:ty, )* }
            optional { $( $(#[$optional_meta:meta])* $optional:ident: $optional_type:ty, )* }
            sensitive { $($sensitive:ident)? }
        }
    ) => {
        $(#[$meta])*
        #[doc = concat!("\n\n`POST ", $path, "`.")]
        #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
        #[non_exhaustive]
        pub struct $name {
            $( $(#[$id_meta])* pub $id: $id_type, )+
            $(
                $(#[$optional_id_meta])*
                #[serde(skip_serializing_if = "Option::is_none")]
                pub $optional_id: Option<$optional_id_type>,
            )*
            /// What is bought, as the payer's bill shows it: up to 127 characters.
            pub description: String,
            /// The merchant's order number.
            pub out_trade_no: OutTradeNo,
            /// Last instant at which it can be paid; seven days when left out.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub time_expire: Option<DateTime>,
            /// Given back in query, notification and bill: up to 128 characters.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub attach: Option<String>,
            /// Where the notification goes: absolute, public, without a query; up to 255 characters.
            pub notify_url: String,
            /// Marker for coupons, up to 32 characters.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub goods_tag: Option<String>,
            /// Ways of paying that are forbidden or demanded.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub limit_pay: Option<Vec<LimitPay>>,
            /// Whether the payer's message offers an e-invoice.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub support_fapiao: Option<bool>,
            /// How the money is settled.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub settle_info: Option<SettleInfo>,
            /// What it costs.
            pub amount: OrderAmount,
            /// What is sold.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub detail: Option<OrderDetail>,
            $( $(#[$required_meta])* pub $required: $required_type, )*
            $(
                $(#[$optional_meta])*
                #[serde(skip_serializing_if = "Option::is_none")]
                pub $optional: Option<$optional_type>,
            )*
        }

        impl $name {
            /// An order with what every order must have.
            pub fn new(
                $( $id: $id_type, )+
                description: impl Into<String>,
                out_trade_no: OutTradeNo,
                notify_url: impl Into<String>,
                amount: impl Into<OrderAmount>,
                $( $required: $required_type, )*
            ) -> Self {
                Self {
                    $( $id, )+
                    $( $optional_id: None, )*
                    description: description.into(),
                    out_trade_no,
                    time_expire: None,
                    attach: None,
                    notify_url: notify_url.into(),
                    goods_tag: None,
                    limit_pay: None,
                    support_fapiao: None,
                    settle_info: None,
                    amount: amount.into(),
                    detail: None,
                    $( $required, )*
                    $( $optional: None, )*
                }
            }

            setters! {
                $( $(#[$optional_id_meta])* $optional_id: $optional_id_type, )*
                /// Last instant at which it can be paid.
                time_expire: DateTime,
                /// Given back in query, notification and bill.
                attach: String,
                /// Marker for coupons.
                goods_tag: String,
                /// Ways of paying that are forbidden or demanded.
                limit_pay: Vec<LimitPay>,
                /// Whether the payer's message offers an e-invoice.
                support_fapiao: bool,
                /// How the money is settled.
                settle_info: SettleInfo,
                /// What is sold.
                detail: OrderDetail,
                $( $(#[$optional_meta])* $optional: $optional_type, )*
            }
        }

        impl Endpoint for $name {
            const METHOD: Method = Method::POST;
            const TEMPLATE: &'static str = $path;
            prepay!(@sensitive $($sensitive)?);
            type Body<'a> = &'a Self;
            type Response = $response;

            fn path(&self) -> Path {
                Path::new($path)
            }

            fn body(&self) -> Option<&Self> {
                Some(self)
            }

            /// By `out_trade_no`: the same order again gives a fresh session of it.
            fn idempotency(&self) -> Idempotency {
                Idempotency::ByNumber
            }
        }
    };
    (@sensitive) => {};
    (@sensitive $field:ident) => {
        const SENSITIVE: bool = true;

        fn visit_sensitive(&mut self, f: &mut SensitiveVisitor<'_>) -> Result<(), EncryptError> {
            self.$field.visit_sensitive(f)
        }
    };
}

/// The same for both modes: expands to the four scenes with the ids of one mode.
macro_rules! prepay_family {
    (
        $mode:literal, $payer:ty,
        ids $ids:tt
        optional_ids $optional_ids:tt
        jsapi $jsapi:ident $jsapi_path:literal $jsapi_extra:tt
        app $app:ident $app_path:literal $app_extra:tt
        h5 $h5:ident $h5_path:literal
        native $native:ident $native_path:literal
    ) => {
        prepay_family! { @extra
            #[doc = concat!("Orders for a page or mini program inside WeChat (JSAPI下单), ", $mode, ".")]
            $jsapi -> PrepayIdResponse, $jsapi_path, $ids, $optional_ids,
            {
                /// Who pays.
                payer: $payer,
            }
            $jsapi_extra
            {
                /// Where the order is made.
                scene_info: OrderScene,
            }
            { payer }
        }
        prepay_family! { @extra
            #[doc = concat!("Orders for an app (APP下单), ", $mode, ".")]
            $app -> PrepayIdResponse, $app_path, $ids, $optional_ids, {}
            $app_extra
            {
                /// Real-name restriction.
                payer: IdentityOnlyPayer,
                /// Where the order is made.
                scene_info: OrderScene,
            }
            { payer }
        }
        prepay_family! { @extra
            #[doc = concat!("Orders for a mobile browser outside WeChat (H5下单), ", $mode, ".")]
            $h5 -> H5UrlResponse, $h5_path, $ids, $optional_ids,
            {
                /// Where the order is made.
                scene_info: H5Scene,
            }
            {}
            {
                /// Real-name restriction.
                payer: IdentityOnlyPayer,
            }
            { payer }
        }
        prepay_family! { @extra
            #[doc = concat!("Orders that are paid by scanning a code (Native下单), ", $mode, ".")]
            $native -> CodeUrlResponse, $native_path, $ids, $optional_ids, {}
            {}
            {
                /// Where the order is made.
                scene_info: OrderScene,
            }
            {}
        }
    };
    (@extra
        $(#[$meta:meta])*
        $name:ident -> $response:ty, $path:literal, $ids:tt, $optional_ids:tt, $required:tt
        { $($extra:tt)* } { $($optional:tt)* } $sensitive:tt
    ) => {
        prepay! {
            $(#[$meta])*
            pub struct $name -> $response, $path {
                ids $ids
                optional_ids $optional_ids
                required $required
                optional { $($optional)* $($extra)* }
                sensitive $sensitive
            }
        }
    };
}

prepay_family! {
    "by a direct merchant", DirectPayer,
    ids {
        /// The merchant's app.
        appid: Appid,
        /// The merchant.
        mchid: Mchid,
    }
    optional_ids {}
    jsapi JsapiPrepay "/v3/pay/transactions/jsapi" {}
    app AppPrepay "/v3/pay/transactions/app" {}
    h5 H5Prepay "/v3/pay/transactions/h5"
    native NativePrepay "/v3/pay/transactions/native"
}

prepay_family! {
    "by a service provider for a sub-merchant", PartnerPayer,
    ids {
        /// The provider's app.
        sp_appid: Appid,
        /// The provider, who signs.
        sp_mchid: Mchid,
        /// The sub-merchant, who is paid.
        sub_mchid: Mchid,
    }
    optional_ids {
        /// The sub-merchant's app; needed with `sub_openid`. Leave it out when it equals `sp_appid`.
        sub_appid: Appid,
    }
    jsapi PartnerJsapiPrepay "/v3/pay/partner/transactions/jsapi" {
        /// Subsidies for instalments.
        subsidy_info: SubsidyInfo,
    }
    app PartnerAppPrepay "/v3/pay/partner/transactions/app" {
        /// Subsidies for instalments.
        subsidy_info: SubsidyInfo,
    }
    h5 PartnerH5Prepay "/v3/pay/partner/transactions/h5"
    native PartnerNativePrepay "/v3/pay/partner/transactions/native"
}
