//! Who pays, and what is demanded of them.

use wechatpay_macros::{RequestPart, open_enum};

use crate::types::{Openid, Sensitive};

/// Document by which a payer is identified (证件类型).
#[open_enum]
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

/// Who must pay: a real-name restriction that needs a permission of its own (实名支付).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "The document of a person, in plain text; the client encrypts it.")]
#[non_exhaustive]
pub struct PayerIdentity {
    /// Kind of document.
    #[serde(rename = "type")]
    pub kind: IdentityType,
    /// Its number; travels encrypted.
    #[request(into)]
    pub number: Sensitive,
    /// The name; travels encrypted.
    #[request(into)]
    pub name: Sensitive,
}

/// The payer of a partner's JSAPI order: below the provider's app or the sub-merchant's.
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(no_new)]
#[non_exhaustive]
pub struct PartnerPayer {
    /// Below `sp_appid`.
    #[request(no_setter)]
    pub sp_openid: Option<Openid>,
    /// Below `sub_appid`, which the order must then have.
    #[request(no_setter)]
    pub sub_openid: Option<Openid>,
    /// Real-name restriction.
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
}

/// The payer of a direct merchant's JSAPI order.
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(no_new)]
#[non_exhaustive]
pub struct DirectPayer {
    /// Below `appid`.
    pub openid: Openid,
    /// Real-name restriction.
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
}

/// A real-name restriction alone, where the scene does not know the payer (APP, H5, Native).
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
