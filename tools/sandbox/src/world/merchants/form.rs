//! A merchant as a document: for the admin API, and in a snapshot.

use std::fmt;

use serde::{Deserialize, Serialize};
use wechatpay_core::{
    testing::public_key_pem,
    types::{ApiV3Key, Appid, Mchid, SerialNumber},
};

use crate::world::merchants::state::{
    Merchant, MerchantCertificate, MerchantKey, MerchantKind, MerchantSpec, SubMerchant,
};

/// A merchant, with its secrets: they are a sandbox's own.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MerchantForm {
    pub(crate) mchid: String,
    pub(crate) api_v3_key: Option<String>,
    #[serde(default)]
    kind: MerchantKind,
    name: Option<String>,
    #[serde(default)]
    appids: Vec<String>,
    #[serde(default)]
    sub_merchants: Vec<SubForm>,
    share_notify_url: Option<String>,
    #[serde(default)]
    pub(crate) certificates: Vec<CertificateForm>,
}

/// A sub-merchant and its apps.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SubForm {
    mchid: String,
    #[serde(default)]
    appids: Vec<String>,
}

impl SubForm {
    pub(crate) fn of(sub: &SubMerchant) -> Self {
        Self {
            mchid: sub.mchid.as_str().to_owned(),
            appids: texts(&sub.appids),
        }
    }

    /// The sub-merchant that it describes, or which field is wrong.
    pub(crate) fn sub(&self) -> Result<SubMerchant, String> {
        Ok(SubMerchant {
            mchid: field("sub_merchants.mchid", Mchid::parse(&self.mchid))?,
            appids: parsed(&self.appids)?,
        })
    }
}

/// An API certificate, by one of its keys as PEM; without one, a new key.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CertificateForm {
    serial_no: String,
    private_key: Option<String>,
    public_key: Option<String>,
}

impl CertificateForm {
    /// One whose key is to be made.
    pub(crate) fn fresh(serial_no: String) -> Self {
        Self {
            serial_no,
            private_key: None,
            public_key: None,
        }
    }

    pub(crate) fn of(key: &MerchantKey) -> Self {
        Self {
            serial_no: key.serial.as_str().to_owned(),
            public_key: key
                .private_pem
                .is_none()
                .then(|| public_key_pem(&key.public_key_info)),
            private_key: key.private_pem.clone(),
        }
    }

    /// The certificate that it describes, or which field is wrong.
    pub(crate) fn certificate(self) -> Result<MerchantCertificate, String> {
        let serial = field("certificates.serial_no", SerialNumber::parse(&self.serial_no))?;
        match (self.private_key, self.public_key) {
            (Some(pem), None) => Ok(MerchantCertificate::private_key_pem(serial, pem)),
            (None, Some(pem)) => Ok(MerchantCertificate::public_key_pem(serial, pem)),
            (None, None) => Ok(MerchantCertificate::fresh_key(serial)),
            (Some(_), Some(_)) => Err("certificates: a private_key or a public_key, not both".to_owned()),
        }
    }
}

/// A certificate to register. Missing members are generated.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewCertificateForm {
    serial_no: Option<String>,
    private_key: Option<String>,
    public_key: Option<String>,
}

impl NewCertificateForm {
    /// With this serial, if it names none.
    pub(crate) fn or_serial(self, serial_no: impl FnOnce() -> String) -> CertificateForm {
        CertificateForm {
            serial_no: self.serial_no.unwrap_or_else(serial_no),
            private_key: self.private_key,
            public_key: self.public_key,
        }
    }
}

impl MerchantForm {
    pub(crate) fn of(merchant: &Merchant) -> Self {
        Self {
            mchid: merchant.mchid.as_str().to_owned(),
            api_v3_key: Some(String::from_utf8_lossy(merchant.api_v3_key.expose()).into_owned()),
            kind: merchant.kind,
            name: Some(merchant.name.clone()),
            appids: texts(&merchant.appids),
            sub_merchants: merchant.own_subs().iter().map(SubForm::of).collect(),
            share_notify_url: merchant.share_notify_url.clone(),
            certificates: merchant.keys.iter().map(CertificateForm::of).collect(),
        }
    }

    /// The merchant that it describes, or which field is wrong.
    pub(crate) fn spec(self) -> Result<MerchantSpec, String> {
        let api_v3_key = self.api_v3_key.unwrap_or_default();
        let mut spec = MerchantSpec::new(
            field("mchid", Mchid::parse(&self.mchid))?,
            field("api_v3_key", ApiV3Key::parse(&api_v3_key))?,
        )
        .kind(self.kind);
        if let Some(name) = self.name {
            spec = spec.name(name);
        }
        if let Some(url) = self.share_notify_url {
            spec = spec.share_notify_url(url);
        }
        for appid in parsed(&self.appids)? {
            spec = spec.appid(appid);
        }
        for sub in self.sub_merchants {
            let SubMerchant { mchid, appids } = sub.sub()?;
            spec = spec.sub_merchant(mchid, appids);
        }
        for certificate in self.certificates {
            spec = spec.certificate(certificate.certificate()?);
        }
        Ok(spec)
    }
}

/// Public view of a merchant, without its secrets.
#[derive(Serialize)]
pub(crate) struct MerchantView {
    mchid: String,
    kind: MerchantKind,
    name: String,
    appids: Vec<String>,
    sub_merchants: Vec<SubForm>,
    /// Of the certificates that it may sign with.
    serial_nos: Vec<String>,
    revoked_serial_nos: Vec<String>,
    /// True if the sandbox has a valid private key, so that it can export settings.
    has_private_key: bool,
}

impl MerchantView {
    pub(crate) fn of(merchant: &Merchant) -> Self {
        let serial_nos = |is_revoked: bool| {
            let keys = merchant.keys.iter().filter(|key| key.is_revoked == is_revoked);
            keys.map(|key| key.serial.as_str().to_owned()).collect()
        };
        Self {
            mchid: merchant.mchid.as_str().to_owned(),
            kind: merchant.kind,
            name: merchant.name.clone(),
            appids: texts(&merchant.appids),
            sub_merchants: merchant.subs().iter().map(SubForm::of).collect(),
            serial_nos: serial_nos(false),
            revoked_serial_nos: serial_nos(true),
            has_private_key: merchant.valid_keys().any(|key| key.private_pem.is_some()),
        }
    }
}

pub(crate) fn texts(appids: &[Appid]) -> Vec<String> {
    appids.iter().map(|appid| appid.as_str().to_owned()).collect()
}

pub(crate) fn parsed(appids: &[String]) -> Result<Vec<Appid>, String> {
    appids
        .iter()
        .map(|appid| field("appids", Appid::parse(appid)))
        .collect()
}

/// Reads a field; errors name the expectation, and never repeat the value.
pub(crate) fn field<T, E: fmt::Display>(name: &str, parsed: Result<T, E>) -> Result<T, String> {
    parsed.map_err(|error| format!("{name}: {error}"))
}
