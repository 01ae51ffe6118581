//! A merchant as a document: for the admin API, and in a snapshot.

use std::fmt;

use serde::{Deserialize, Serialize};
use wechatpay_core::{
    testing::public_key_pem,
    types::{ApiV3Key, Appid, Mchid, SerialNumber},
};

use super::merchant::{Merchant, MerchantKind, MerchantSpec, SubMerchant};

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

/// An API certificate, by one of its keys as PEM. With neither, a new one is made.
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
}

impl MerchantForm {
    pub(crate) fn of(merchant: &Merchant) -> Self {
        let certificates = merchant.keys.iter().map(|key| CertificateForm {
            serial_no: key.serial.as_str().to_owned(),
            public_key: key
                .private_pem
                .is_none()
                .then(|| public_key_pem(&key.public_key_info)),
            private_key: key.private_pem.clone(),
        });
        Self {
            mchid: merchant.mchid.as_str().to_owned(),
            api_v3_key: Some(String::from_utf8_lossy(merchant.api_v3_key.expose()).into_owned()),
            kind: merchant.kind,
            name: Some(merchant.name.clone()),
            appids: texts(&merchant.appids),
            sub_merchants: merchant.own_subs().iter().map(SubForm::of).collect(),
            share_notify_url: merchant.share_notify_url.clone(),
            certificates: certificates.collect(),
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
            let serial = field(
                "certificates.serial_no",
                SerialNumber::parse(&certificate.serial_no),
            )?;
            spec = match (certificate.private_key, certificate.public_key) {
                (Some(pem), None) => spec.private_key_pem(serial, pem),
                (None, Some(pem)) => spec.public_key_pem(serial, pem),
                (None, None) => spec.fresh_key(serial),
                (Some(_), Some(_)) => {
                    return Err("certificates: a private_key or a public_key, not both".to_owned());
                }
            };
        }
        Ok(spec)
    }
}

/// How a merchant is shown, without its secrets.
#[derive(Serialize)]
pub(crate) struct MerchantView {
    mchid: String,
    kind: MerchantKind,
    name: String,
    appids: Vec<String>,
    sub_merchants: Vec<SubForm>,
    serial_nos: Vec<String>,
    /// Whether the sandbox has a private key of it, so that it can give out its settings.
    has_private_key: bool,
}

impl MerchantView {
    pub(crate) fn of(merchant: &Merchant) -> Self {
        Self {
            mchid: merchant.mchid.as_str().to_owned(),
            kind: merchant.kind,
            name: merchant.name.clone(),
            appids: texts(&merchant.appids),
            sub_merchants: merchant.subs().iter().map(SubForm::of).collect(),
            serial_nos: merchant
                .keys
                .iter()
                .map(|key| key.serial.as_str().to_owned())
                .collect(),
            has_private_key: merchant.keys.iter().any(|key| key.private_pem.is_some()),
        }
    }
}

fn texts(appids: &[Appid]) -> Vec<String> {
    appids.iter().map(|appid| appid.as_str().to_owned()).collect()
}

fn parsed(appids: &[String]) -> Result<Vec<Appid>, String> {
    appids
        .iter()
        .map(|appid| field("appids", Appid::parse(appid)))
        .collect()
}

/// Errors of these types say what is expected, and never repeat the value.
fn field<T, E: fmt::Display>(name: &str, parsed: Result<T, E>) -> Result<T, String> {
    parsed.map_err(|error| format!("{name}: {error}"))
}
