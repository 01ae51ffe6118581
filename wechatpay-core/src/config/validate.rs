//! Validation of settings.

use std::{fmt, sync::Arc};

use super::{
    Config, ConfigProblem, ConfigProblems, PartnerIds, Settings,
    check::{self, Check},
    fields::FIELDS,
    settings::is_local,
    variables::{self, Variables},
};
use crate::{
    crypto::{CryptoProvider, PrivateKey, default_provider, pem, x509::PlatformCertificate},
    sign::LocalSigner,
    types::{ApiV3Key, Appid, Mchid, PublicKeyId, SecretText, SerialNumber},
    verify::PlatformKey,
};

/// Default gateway.
const DEFAULT_BASE_URL: &str = "https://api.mch.weixin.qq.com";

impl Config {
    /// Reads the environment variables.
    ///
    /// A variable is the field in upper case with the prefix `WECHATPAY_`, such as `WECHATPAY_MCHID`. An empty variable
    /// counts as not set.
    ///
    /// # Errors
    /// Returns an error if a variable is not Unicode, or `WECHATPAY_CERTIFICATES` is neither `true` nor `false`.
    /// [`validate`](Self::validate) checks the values and names misspelt variables.
    pub fn from_env() -> Result<Self, ConfigProblems> {
        let mut variables = Variables::default();
        let config = Self::from_variables(&mut variables);
        variables.finish(config)
    }

    /// Returns true if any `WECHATPAY_…` variable that [`from_env`](Self::from_env) reads is set.
    #[must_use]
    pub fn is_in_env() -> bool {
        FIELDS.iter().any(|field| variables::is_set(field))
    }

    /// Validates every value, key files included, with the default backend.
    ///
    /// # Errors
    /// Returns **all** problems, each with its field, description and fix. No secret is printed.
    pub fn validate(&self) -> Result<Settings, ConfigProblems> {
        match default_provider() {
            Ok(provider) => self.validate_with(provider),
            Err(error) => Err(ConfigProblems(vec![ConfigProblem::new(
                "features",
                error,
                "see the crate documentation",
            )])),
        }
    }

    /// Validates the settings of a partner, which also need `appid` and `sub_mchid`.
    ///
    /// # Errors
    /// Returns the problems of [`validate`](Self::validate), missing ids included.
    pub fn validate_partner(&self) -> Result<(Settings, PartnerIds), ConfigProblems> {
        let (outcome, ids) = match self.validate() {
            Ok(settings) => {
                let ids = settings.partner().ok();
                (Ok(settings), ids)
            }
            Err(problems) => (Err(problems), None),
        };
        let mut check = Check::new(&self.unknown);
        match (outcome, ids) {
            (Ok(settings), Some(ids)) => return Ok((settings, ids)),
            (Ok(_), None) => {}
            (Err(problems), _) => check.problems = problems.0,
        }
        for (field, value, fix) in [
            ("appid", &self.appid, "set the app of the service provider"),
            ("sub_mchid", &self.sub_mchid, "set the sub-merchant that is paid"),
        ] {
            if value.is_none() {
                check.missing(field, &[field], "is missing", fix);
            }
        }
        Err(ConfigProblems(check.problems))
    }

    /// Validates every value with your own backend.
    ///
    /// # Errors
    /// Returns the problems of [`validate`](Self::validate).
    pub fn validate_with(&self, provider: Arc<dyn CryptoProvider>) -> Result<Settings, ConfigProblems> {
        let mut check = Check::new(&self.unknown);
        let mchid = check.id(
            "mchid",
            self.mchid.as_deref(),
            Mchid::parse,
            "the merchant id, digits only",
        );
        let sub_mchid = check.optional_id("sub_mchid", self.sub_mchid.as_deref(), Mchid::parse);
        let appid = check.optional_id("appid", self.appid.as_deref(), Appid::parse);
        let certificate = self.certificate(&mut check);
        let serial = self.serial(&mut check, certificate.as_ref());
        let key = check
            .pem(
                "private_key",
                self.private_key.as_ref().map(SecretText::expose),
                self.private_key_file.as_ref(),
                "apiclient_key.pem",
            )
            .and_then(|text| check.take("private_key", pem::private_key(&text, provider.as_ref())));
        if let (Some(certificate), Some(key)) = (&certificate, &key)
            && certificate.public_key_info() != key.public_key_info()
        {
            check.problem(
                "certificate",
                "does not belong to the private key",
                "use apiclient_cert.pem and apiclient_key.pem of the same download",
            );
        }
        let api_v3_key = check
            .text(
                "api_v3_key",
                self.api_v3_key.as_ref().map(SecretText::expose),
                self.api_v3_key_file.as_ref(),
                "the APIv3 key of the console",
            )
            .and_then(|text| check.take("api_v3_key", ApiV3Key::parse(&text)));
        let own = key.as_deref().map(PrivateKey::public_key_info);
        let public_key = self.public_key(&mut check, own, provider.as_ref());
        let certificates = self.certificates.unwrap_or(public_key.is_none());
        // An invalid public key has already been reported.
        if !certificates && !self.gives_public_key() && self.public_key_id.is_none() {
            check.problem(
                "certificates",
                "is false and no public key is set",
                "set public_key and public_key_id",
            );
        }
        let base_url = check::trim(self.base_url.as_deref().unwrap_or(DEFAULT_BASE_URL))
            .trim_end_matches('/')
            .to_owned();
        check.base_url(&base_url);
        let notify_url = self.notify_url.as_deref().map(check::trim);
        check.notify_url(notify_url, is_local(&base_url));
        if !is_local(&base_url) {
            check.demo_keys(
                provider.as_ref(),
                own,
                api_v3_key.as_ref(),
                public_key.as_ref().map(PlatformKey::public_key_info),
            );
        }
        check.warn_of_unknown();
        match (mchid, serial, key, api_v3_key) {
            (Some(mchid), Some(serial), Some(key), Some(api_v3_key)) if check.problems.is_empty() => {
                let mut signer = LocalSigner::of(serial, key, provider.as_ref());
                if let Some(certificate) = &certificate {
                    signer = signer.expiring(certificate.not_after());
                }
                Ok(Settings {
                    mchid,
                    sub_mchid,
                    appid,
                    signer: Arc::new(signer),
                    api_v3_key,
                    public_key: public_key.map(Arc::new),
                    certificates,
                    base_url,
                    notify_url: notify_url.map(ToOwned::to_owned),
                    provider,
                    observer: None,
                })
            }
            _ => Err(ConfigProblems(check.problems)),
        }
    }

    fn certificate(&self, check: &mut Check) -> Option<PlatformCertificate> {
        if self.certificate.is_none() && self.certificate_file.is_none() {
            return None;
        }
        let text = check.pem(
            "certificate",
            self.certificate.as_deref(),
            self.certificate_file.as_ref(),
            "apiclient_cert.pem",
        )?;
        check.take("certificate", PlatformCertificate::from_pem(&text))
    }

    /// Returns the serial that is set, else the one in the certificate.
    fn serial(&self, check: &mut Check, certificate: Option<&PlatformCertificate>) -> Option<SerialNumber> {
        let fix =
            "the serial of the merchant API certificate (openssl x509 -in apiclient_cert.pem -noout -serial)";
        let gives_certificate = self.certificate.is_some() || self.certificate_file.is_some();
        if self.serial_no.is_none() && gives_certificate {
            return certificate.map(|certificate| certificate.serial().clone());
        }
        let text = self.serial_no.as_deref().map(check::serial_digits);
        let serial = match text.as_deref() {
            Some(text) => check.id("serial_no", Some(text), SerialNumber::parse, fix),
            None => {
                let names = ["serial_no", "certificate", "certificate_file"];
                check.missing("serial_no", &names, "is missing", fix);
                None
            }
        }?;
        if certificate.is_some_and(|certificate| *certificate.serial() != serial) {
            check.problem(
                "serial_no",
                "is not the serial of the certificate",
                "leave it out: the certificate holds it",
            );
        }
        Some(serial)
    }

    fn gives_public_key(&self) -> bool {
        self.public_key.is_some() || self.public_key_file.is_some()
    }

    fn public_key(
        &self,
        check: &mut Check,
        own: Option<&[u8]>,
        provider: &dyn CryptoProvider,
    ) -> Option<PlatformKey> {
        match (&self.public_key_id, self.gives_public_key()) {
            (None, false) => None,
            (None, true) => {
                check.missing(
                    "public_key_id",
                    &["public_key_id"],
                    "is missing",
                    "set the PUB_KEY_ID_… that the console shows beside the key",
                );
                None
            }
            (Some(_), false) => {
                check.missing(
                    "public_key",
                    &["public_key", "public_key_file"],
                    "is missing",
                    "set public_key or public_key_file (pub_key.pem) too",
                );
                None
            }
            (Some(id), true) => {
                let id = check.optional_id("public_key_id", Some(id), PublicKeyId::parse);
                let text = check.pem(
                    "public_key",
                    self.public_key.as_deref(),
                    self.public_key_file.as_ref(),
                    "pub_key.pem",
                )?;
                let key = check.take("public_key", PlatformKey::public_key(id?, &text, provider))?;
                if own == Some(key.public_key_info()) {
                    check.problem(
                        "public_key",
                        "is the merchant's own certificate or key (apiclient_cert.pem), not WeChat Pay's",
                        "use the pub_key.pem that the console offers beside PUB_KEY_ID_…",
                    );
                } else if pem::is_certificate(&text) {
                    check.problem(
                        "public_key",
                        "is a certificate, not the WeChat Pay public key",
                        "use the pub_key.pem that the console offers beside PUB_KEY_ID_…; platform certificates are downloaded",
                    );
                }
                Some(key)
            }
        }
    }
}

/// Shows values that are not secret and have the expected format.
///
/// A key may be in the wrong field, so other text is not shown.
impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fn shown(text: Option<&String>, is_sound: impl Fn(&str) -> bool) -> Option<&str> {
            text.map(|text| if is_sound(text) { text } else { "(malformed)" })
        }
        let is_url = |text: &str| text.parse::<http::Uri>().is_ok() && !text.contains('@');
        f.debug_struct("Config")
            .field(
                "mchid",
                &shown(self.mchid.as_ref(), |text| {
                    Mchid::parse(check::trim(text)).is_ok()
                }),
            )
            .field(
                "sub_mchid",
                &shown(self.sub_mchid.as_ref(), |text| {
                    Mchid::parse(check::trim(text)).is_ok()
                }),
            )
            .field(
                "appid",
                &shown(self.appid.as_ref(), |text| {
                    Appid::parse(check::trim(text)).is_ok()
                }),
            )
            .field(
                "serial_no",
                &shown(self.serial_no.as_ref(), |text| {
                    SerialNumber::parse(&check::serial_digits(text)).is_ok()
                }),
            )
            .field(
                "public_key_id",
                &shown(self.public_key_id.as_ref(), |text| {
                    PublicKeyId::parse(check::trim(text)).is_ok()
                }),
            )
            .field("base_url", &shown(self.base_url.as_ref(), is_url))
            .field("notify_url", &shown(self.notify_url.as_ref(), is_url))
            .finish_non_exhaustive()
    }
}
