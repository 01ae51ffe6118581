//! A merchant as a document.
//!
//! The builder, the configuration file, the admin API and snapshots speak it.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use wechatpay_core::{
    crypto::CryptoProvider,
    testing::{
        DEMO_API_V3_KEY, DEMO_APPID, DEMO_MCHID, DEMO_SUB_MCHID, DemoKey, private_key_pem, public_key_pem,
    },
    types::{ApiV3Key, Appid, Mchid, SerialNumber},
};

use super::{
    error::MerchantError,
    state::{DEMO_MERCHANT_SERIAL, DEMO_NAME, DEMO_SUB_APPID, Merchant, MerchantKey, MerchantKind},
    strict,
};
use crate::world::random::Ids;

/// A merchant to be known besides the demo merchant.
///
/// By serde it is the document that the configuration file, the admin API and snapshots hold, with its secrets. Unknown
/// fields and ids that break their grammar are refused.
///
/// ```
/// use wechatpay_core::{testing::DemoKey, types::{ApiV3Key, Appid, Mchid, SerialNumber}};
/// use wechatpay_sandbox::MerchantSpec;
///
/// let merchant = MerchantSpec::new(
///     Mchid::parse("1900000002")?,
///     ApiV3Key::parse("AnotherDemoApiV3Key0123456789abc")?,
/// )
/// .appid(Appid::parse("wx0123456789abcdef")?)
/// .demo_key(SerialNumber::parse("4F2E")?, DemoKey::OtherMerchant);
/// # let _ = merchant;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", schema(as = Merchant))]
#[must_use = "give it to SandboxBuilder::merchant or Sandbox::add_merchant"]
#[non_exhaustive]
pub struct MerchantSpec {
    /// Merchant id.
    #[serde(deserialize_with = "strict::text")]
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub mchid: Mchid,
    /// APIv3 key. Default: a new one.
    #[serde(default, with = "strict::api_v3_key", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>))]
    pub api_v3_key: Option<ApiV3Key>,
    /// Kind of merchant. Default: an e-commerce platform.
    #[serde(default)]
    pub kind: MerchantKind,
    /// Name that the cashier shows. Default: one with the mchid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Apps bound to the merchant.
    #[serde(default, deserialize_with = "strict::list")]
    #[cfg_attr(feature = "schema", schema(value_type = Vec<String>))]
    pub appids: Vec<Appid>,
    /// Apps, also of sub-merchants, whose account may not use web authorisation (网页授权). Default: none.
    #[serde(
        default,
        deserialize_with = "strict::list",
        skip_serializing_if = "Vec::is_empty"
    )]
    #[cfg_attr(feature = "schema", schema(value_type = Vec<String>))]
    pub appids_without_oauth: Vec<Appid>,
    /// Sub-merchants of this service provider.
    #[serde(default, alias = "sub_merchant")]
    pub sub_merchants: Vec<SubMerchant>,
    /// URL for notifications of received shares (分账动账通知). Default: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share_notify_url: Option<String>,
    /// API certificates.
    #[serde(default, alias = "certificate", skip_serializing_if = "Vec::is_empty")]
    pub certificates: Vec<MerchantCertificate>,
}

/// A sub-merchant and the apps bound to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct SubMerchant {
    /// Merchant id.
    #[serde(deserialize_with = "strict::text")]
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub mchid: Mchid,
    /// Apps bound to it.
    #[serde(default, deserialize_with = "strict::list")]
    #[cfg_attr(feature = "schema", schema(value_type = Vec<String>))]
    pub appids: Vec<Appid>,
}

impl SubMerchant {
    pub(crate) fn new(mchid: Mchid, appids: impl IntoIterator<Item = Appid>) -> Self {
        Self {
            mchid,
            appids: appids.into_iter().collect(),
        }
    }
}

impl MerchantSpec {
    /// Takes the merchant id and its APIv3 key.
    pub fn new(mchid: Mchid, api_v3_key: ApiV3Key) -> Self {
        Self {
            mchid,
            api_v3_key: Some(api_v3_key),
            kind: MerchantKind::default(),
            name: None,
            appids: Vec::new(),
            appids_without_oauth: Vec::new(),
            sub_merchants: Vec::new(),
            share_notify_url: None,
            certificates: Vec::new(),
        }
    }

    /// The demo merchant, with the key that everybody has or a new one.
    ///
    /// `None` would be a bug of this crate.
    pub(crate) fn demo(has_fresh_key: bool) -> Option<Self> {
        let mchid = Mchid::parse(DEMO_MCHID).ok()?;
        let api_v3_key = ApiV3Key::parse(DEMO_API_V3_KEY).ok()?;
        let serial = SerialNumber::parse(DEMO_MERCHANT_SERIAL).ok()?;
        let demo = Self::new(mchid, api_v3_key)
            .name(DEMO_NAME)
            .appid(Appid::parse(DEMO_APPID).ok()?)
            .sub_merchant(
                Mchid::parse(DEMO_SUB_MCHID).ok()?,
                [Appid::parse(DEMO_SUB_APPID).ok()?],
            );
        Some(if has_fresh_key {
            demo.fresh_key(serial)
        } else {
            demo.demo_key(serial, DemoKey::Merchant)
        })
    }

    /// Sets the kind of merchant. Default: [`MerchantKind::Platform`].
    pub fn kind(mut self, kind: MerchantKind) -> Self {
        self.kind = kind;
        self
    }

    /// The name that the cashier shows.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// An app that is bound to the merchant.
    pub fn appid(mut self, appid: Appid) -> Self {
        self.appids.push(appid);
        self
    }

    /// An app, bound by [`appid`](Self::appid) too, whose account may not use web authorisation (网页授权).
    ///
    /// The authorisation page shows error 10005, as for a subscription account (订阅号).
    pub fn appid_without_oauth(mut self, appid: Appid) -> Self {
        self.appids_without_oauth.push(appid);
        self
    }

    /// A sub-merchant of this service provider, and the apps that are bound to it.
    pub fn sub_merchant(mut self, mchid: Mchid, appids: impl IntoIterator<Item = Appid>) -> Self {
        self.sub_merchants.push(SubMerchant::new(mchid, appids));
        self
    }

    /// Sets the URL for notifications of received shares (分账动账通知). Default: none.
    pub fn share_notify_url(mut self, url: impl Into<String>) -> Self {
        self.share_notify_url = Some(url.into());
        self
    }

    /// Adds an API certificate by its serial and its public key as PEM.
    ///
    /// The PEM may be the certificate itself.
    pub fn public_key_pem(self, serial: SerialNumber, pem: impl Into<String>) -> Self {
        self.certificate(MerchantCertificate::public_key_pem(serial, pem))
    }

    /// The same by its private key, so that [`Sandbox::config_of`](crate::Sandbox::config_of) can hold it.
    pub fn private_key_pem(self, serial: SerialNumber, pem: impl Into<String>) -> Self {
        self.certificate(MerchantCertificate::private_key_pem(serial, pem))
    }

    /// The same with a key that is public anyway.
    pub fn demo_key(self, serial: SerialNumber, key: DemoKey) -> Self {
        self.certificate(MerchantCertificate::demo_key(serial, key))
    }

    /// Adds an API certificate with a new key, made when the sandbox starts.
    ///
    /// For tests that must not use a public key.
    pub fn fresh_key(self, serial: SerialNumber) -> Self {
        self.certificate(MerchantCertificate::fresh_key(serial))
    }

    /// Adds an API certificate.
    pub fn certificate(mut self, certificate: MerchantCertificate) -> Self {
        self.certificates.push(certificate);
        self
    }

    /// The merchant of this document. A new key takes a moment to make.
    pub(crate) fn build(
        self,
        provider: &dyn CryptoProvider,
        secrets: &Ids,
    ) -> Result<Merchant, MerchantError> {
        let api_v3_key = match self.api_v3_key {
            Some(key) => key,
            None => ApiV3Key::parse(&secrets.token()).map_err(|_| MerchantError::FreshKey)?,
        };
        let keys = self.certificates.into_iter();
        let keys = keys.map(|certificate| MerchantKey::load(certificate, provider, secrets));
        Ok(Merchant {
            aead: provider.aead(&api_v3_key)?,
            kind: self.kind,
            name: self
                .name
                .unwrap_or_else(|| format!("Sandbox shop {}", self.mchid)),
            mchid: self.mchid,
            api_v3_key,
            appids: self.appids,
            appids_without_oauth: self.appids_without_oauth,
            sub_merchants: self.sub_merchants,
            share_notify_url: self.share_notify_url,
            keys: keys.collect::<Result<_, MerchantError>>()?,
        })
    }
}

impl From<&Merchant> for MerchantSpec {
    fn from(merchant: &Merchant) -> Self {
        Self {
            mchid: merchant.mchid.clone(),
            api_v3_key: Some(merchant.api_v3_key.clone()),
            kind: merchant.kind,
            name: Some(merchant.name.clone()),
            appids: merchant.appids.clone(),
            appids_without_oauth: merchant.appids_without_oauth.clone(),
            sub_merchants: merchant.sub_merchants.clone(),
            share_notify_url: merchant.share_notify_url.clone(),
            certificates: merchant.keys.iter().map(MerchantCertificate::from).collect(),
        }
    }
}

impl fmt::Debug for MerchantSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MerchantSpec")
            .field("mchid", &self.mchid)
            .field("appids", &self.appids)
            .finish_non_exhaustive()
    }
}

/// An API certificate of a merchant, by serial and key, for [`Sandbox::add_certificate`].
///
/// [`Sandbox::add_certificate`]: crate::Sandbox::add_certificate
#[derive(Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields, remote = "Self")]
#[must_use = "give it to MerchantSpec::certificate or Sandbox::add_certificate"]
pub struct MerchantCertificate {
    /// Generated if absent.
    #[serde(
        deserialize_with = "strict::optional",
        skip_serializing_if = "Option::is_none"
    )]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>))]
    pub(super) serial_no: Option<SerialNumber>,
    /// As PEM. A new one is made if both keys are absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) private_key: Option<String>,
    /// As PEM, of the key or of the certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) public_key: Option<String>,
}

impl MerchantCertificate {
    /// A certificate that can only be verified: its public key or itself, as PEM.
    pub fn public_key_pem(serial: SerialNumber, pem: impl Into<String>) -> Self {
        Self {
            public_key: Some(pem.into()),
            ..Self::fresh_key(serial)
        }
    }

    /// By its private key as PEM, so that [`Sandbox::config_with`](crate::Sandbox::config_with) can hold it.
    pub fn private_key_pem(serial: SerialNumber, pem: impl Into<String>) -> Self {
        Self {
            private_key: Some(pem.into()),
            ..Self::fresh_key(serial)
        }
    }

    /// The same with a key that is public anyway.
    pub fn demo_key(serial: SerialNumber, key: DemoKey) -> Self {
        Self::private_key_pem(serial, private_key_pem(key.pkcs8()))
    }

    /// The same with a key that is made now.
    pub fn fresh_key(serial: SerialNumber) -> Self {
        Self {
            serial_no: Some(serial),
            private_key: None,
            public_key: None,
        }
    }
}

impl From<&MerchantKey> for MerchantCertificate {
    fn from(key: &MerchantKey) -> Self {
        let serial = key.serial.clone();
        match &key.private_pem {
            Some(pem) => Self::private_key_pem(serial, pem),
            None => Self::public_key_pem(serial, public_key_pem(&key.public_key_info)),
        }
    }
}

impl Serialize for MerchantCertificate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, serializer)
    }
}

impl<'de> Deserialize<'de> for MerchantCertificate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let certificate = Self::deserialize(deserializer)?;
        if certificate.private_key.is_some() && certificate.public_key.is_some() {
            return Err(D::Error::custom(
                "a certificate has a private_key or a public_key, not both",
            ));
        }
        Ok(certificate)
    }
}

impl fmt::Debug for MerchantCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MerchantCertificate")
            .field("serial", &self.serial_no)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use wechatpay_core::crypto::default_provider;

    use super::*;

    fn read(json: &Value) -> Result<MerchantSpec, String> {
        serde_path_to_error::deserialize(json).map_err(|error| error.to_string())
    }

    #[test]
    fn a_document_is_read_strictly_and_the_error_names_the_field() {
        for (json, words) in [
            (json!({}), "missing field `mchid`"),
            (
                json!({ "mchid": "secret" }),
                "mchid: not a valid mchid: must have digits",
            ),
            (
                json!({ "mchid": "1", "api_v3_key": "secret" }),
                "api_v3_key: an APIv3 key has 32 bytes",
            ),
            (
                json!({ "mchid": "1", "appids": ["wx1", "sec ret"] }),
                "appids[1]: not a valid appid",
            ),
            (
                json!({ "mchid": "1", "kind": "bank" }),
                "kind: unknown variant `bank`",
            ),
            (json!({ "mchid": "1", "colour": 1 }), "unknown field `colour`"),
            (
                json!({ "mchid": "1", "sub_merchants": [{ "mchid": "2", "appids": [""] }] }),
                "sub_merchants[0].appids[0]: not a valid appid",
            ),
            (
                json!({ "mchid": "1", "certificates": [{ "serial_no": "sec ret" }] }),
                "certificates[0].serial_no: not a valid",
            ),
            (
                json!({ "mchid": "1", "certificates": [{ "private_key": "secret", "public_key": "secret" }] }),
                "certificates[0]: a certificate has a private_key or a public_key, not both",
            ),
        ] {
            let error = read(&json).unwrap_err();
            assert!(error.contains(words), "{json}: {error}");
            assert!(!error.contains("secret") && !error.contains("sec ret"), "{error}");
        }
    }

    #[test]
    fn a_merchant_is_its_document() {
        let (provider, secrets) = (default_provider().unwrap(), Ids::from_seed(1));
        let build = |spec: MerchantSpec| spec.build(provider.as_ref(), &secrets).unwrap();
        let written = |merchant: &Merchant| serde_json::to_value(MerchantSpec::from(merchant)).unwrap();
        let demo = written(&build(MerchantSpec::demo(false).unwrap()));
        assert_eq!(written(&build(read(&demo).unwrap())), demo);
        // Missing members are made.
        let made = build(read(&json!({ "mchid": "1", "certificates": [{}] })).unwrap());
        assert_eq!((made.name.as_str(), made.keys.len()), ("Sandbox shop 1", 1));
        assert!(made.keys.iter().all(|key| key.private_pem.is_some()));
        let again = written(&build(read(&written(&made)).unwrap()));
        assert_eq!(again, written(&made));
    }
}
