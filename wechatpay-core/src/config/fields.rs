//! The list of settings.

use std::path::PathBuf;

use serde::Deserialize;

use super::variables::Variables;
use crate::types::SecretText;

/// Declares the settings once. A variable is the field in upper case with the prefix.
macro_rules! settings {
    ($(#[$about:meta])* pub struct Config { $($(#[$doc:meta])* pub $field:ident: $kind:ty,)* }) => {
        $(#[$about])*
        pub struct Config {
            $($(#[$doc])* pub $field: Option<$kind>,)*
            /// Variables that look like settings but are not.
            #[serde(skip)]
            pub(super) unknown: Vec<String>,
        }

        pub(super) const FIELDS: &[&str] = &[$(stringify!($field)),*];

        impl Config {
            pub(super) fn from_variables(variables: &mut Variables) -> Self {
                Self {
                    $($field: variables.read::<$kind>(stringify!($field)),)*
                    unknown: variables.unknown(FIELDS),
                }
            }
        }
    };
}

settings! {
    /// Settings of one merchant, as text.
    ///
    /// [`validate`](Self::validate) reads them and reports every problem at once.
    ///
    /// Field names are those of the configuration file. Environment variables are the same in upper case with the
    /// prefix `WECHATPAY_`. White space around a value is ignored. A value is given as text or as a file (`…_file`),
    /// not both.
    ///
    /// | Field | Needed |
    /// |---|---|
    /// | `mchid`, `api_v3_key`, `private_key` | always |
    /// | `serial_no`, or `certificate`, which holds it | always |
    /// | `public_key_id` and `public_key` | in public-key mode; without them platform certificates are downloaded |
    /// | `sub_mchid`, `appid` | in partner mode |
    ///
    /// ```
    /// use wechatpay_core::Config;
    ///
    /// let config: Config = serde_json::from_str(r#"{
    ///     "mchid": "1900000001",
    ///     "serial_no": "not hexadecimal",
    ///     "private_key_file": "/does/not/exist.pem",
    ///     "api_v3_key": "too short"
    /// }"#)?;
    /// let problems = config.validate().unwrap_err();
    /// assert_eq!(problems.iter().count(), 3);
    /// assert!(!problems.to_string().contains("too short"));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[derive(Clone, Default, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    #[non_exhaustive]
    pub struct Config {
        /// The calling merchant, in partner mode the service provider (`sp_mchid`).
        pub mchid: String,
        /// The sub-merchant that is paid, in partner mode.
        pub sub_mchid: String,
        /// The app, in partner mode `sp_appid`.
        pub appid: String,
        /// Serial of the merchant API certificate (商户API证书序列号), hexadecimal.
        ///
        /// The formats of `openssl` are accepted too.
        pub serial_no: String,
        /// The merchant API certificate as PEM text (`apiclient_cert.pem`).
        ///
        /// It holds the serial and the expiry, and is compared with the private key. A warning is logged before it
        /// expires.
        pub certificate: String,
        /// The file that holds the certificate.
        pub certificate_file: PathBuf,
        /// The merchant's private key as PEM text.
        pub private_key: SecretText,
        /// The file that holds the private key (`apiclient_key.pem`).
        pub private_key_file: PathBuf,
        /// The APIv3 key, 32 characters.
        pub api_v3_key: SecretText,
        /// The file that holds the APIv3 key.
        pub api_v3_key_file: PathBuf,
        /// Id of the WeChat Pay public key (微信支付公钥 ID), `PUB_KEY_ID_…`.
        pub public_key_id: String,
        /// The WeChat Pay public key (微信支付公钥) as PEM text.
        pub public_key: String,
        /// The file that holds the WeChat Pay public key (`pub_key.pem`).
        pub public_key_file: PathBuf,
        /// Downloads platform certificates too; for the migration to the public key.
        ///
        /// Defaults to `true` only if no public key is set.
        pub certificates: bool,
        /// The gateway. Defaults to `https://api.mch.weixin.qq.com`.
        ///
        /// Plain `http` is accepted for loopback addresses only.
        pub base_url: String,
        /// The URL for notifications.
        ///
        /// Plain `http` is accepted only if the gateway is on loopback.
        pub notify_url: String,
    }
}
