//! Payers and real-name restrictions.

use wechatpay_macros::{RequestPart, open_enum};

use crate::types::{Openid, Sensitive};

/// Identity document of a payer (证件类型).
#[open_enum]
pub enum IdentityType {
    /// Mainland identity card.
    IdCard = "IDCARD",
    /// Home-return permit for Hong Kong and Macao residents.
    HongkongMacao = "HONGKONG_MACAO",
    /// Residence permit for Hong Kong and Macao residents.
    HongkongMacaoResident = "HONGKONG_MACAO_RESIDENT",
    /// Residence permit for Taiwan residents.
    TaiwanResident = "TAIWAN_RESIDENT",
    /// Permanent residence permit for foreigners.
    ForeignResident = "FOREIGN_RESIDENT",
    /// Passport.
    OverseaPassport = "OVERSEA_PASSPORT",
    /// Telephone number.
    PhoneNumber = "PHONE_NUMBER",
}

/// Real-name restriction on the payer (实名支付); needs its own permission.
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates a restriction from plain texts; the client encrypts them.")]
#[non_exhaustive]
pub struct PayerIdentity {
    /// Kind of document.
    #[serde(rename = "type")]
    pub kind: IdentityType,
    /// Document number; sent encrypted.
    #[request(into)]
    pub number: Sensitive,
    /// Name; sent encrypted.
    #[request(into)]
    pub name: Sensitive,
}

/// Payer of a partner's JSAPI order, by either app's openid.
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(no_new)]
#[non_exhaustive]
pub struct PartnerPayer {
    /// Openid under `sp_appid`.
    #[request(no_setter)]
    pub sp_openid: Option<Openid>,
    /// Openid under `sub_appid`, which the order must then contain.
    #[request(no_setter)]
    pub sub_openid: Option<Openid>,
    /// Real-name restriction.
    pub identity: Option<PayerIdentity>,
}

impl PartnerPayer {
    /// Creates a payer identified by an openid of the provider's app.
    #[must_use]
    pub fn sp_openid(openid: Openid) -> Self {
        Self {
            sp_openid: Some(openid),
            sub_openid: None,
            identity: None,
        }
    }

    /// Creates a payer identified by an openid of the sub-merchant's app.
    #[must_use]
    pub fn sub_openid(openid: Openid) -> Self {
        Self {
            sp_openid: None,
            sub_openid: Some(openid),
            identity: None,
        }
    }
}

/// Payer of a direct merchant's JSAPI order.
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(no_new)]
#[non_exhaustive]
pub struct DirectPayer {
    /// Openid under `appid`.
    pub openid: Openid,
    /// Real-name restriction.
    pub identity: Option<PayerIdentity>,
}

impl DirectPayer {
    /// Creates a payer identified by an openid of the merchant's app.
    #[must_use]
    pub fn openid(openid: Openid) -> Self {
        Self {
            openid,
            identity: None,
        }
    }
}

/// Real-name restriction alone, for scenes that do not identify the payer.
///
/// APP, H5 and Native.
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(no_new)]
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
