//! Settings of the shop and of its merchant, from the environment.

use std::{
    env,
    ffi::OsString,
    net::{SocketAddr, TcpListener},
};

use wechatpay_core::{Config, ConfigError, ConfigProblems, Settings};

use crate::{
    sandbox::EmbeddedSandbox,
    store::{ShopStore, StoreError, StoreSetting},
    watching::Watching,
};

/// Default address of the shop.
const DEFAULT_LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 3000);

/// Why the shop does not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// `SHOP_LISTEN` is no address.
    #[error("SHOP_LISTEN is not an address with a port, such as 127.0.0.1:3000")]
    Listen,
    /// `SHOP_STORE` names no store.
    #[error("SHOP_STORE must be memory, redis://…, postgres://…, mysql://… or sqlite://…")]
    UnknownStore,
    /// `SHOP_WATCH` is none of its values.
    #[error("SHOP_WATCH must be on, fast or off")]
    Watch,
    /// The store that `SHOP_STORE` names is not there, or cannot be used.
    #[error("the store that SHOP_STORE names does not open")]
    Store(#[source] StoreError),
    /// Neither the address nor any other port could be bound.
    #[error("{address} cannot be bound")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// The merchant's settings are not sound.
    #[error("{0}\nUnset all of WECHATPAY_…, empty ones too, and the shop brings a sandbox of its own.")]
    Merchant(#[from] ConfigProblems),
    /// Settings that are sound, and yet no client can be built of them.
    #[error(transparent)]
    Client(#[from] ConfigError),
    /// Variables that set up another sandbox.
    #[error(
        "{names}: for the program `wechatpay sandbox`, not for the sandbox that runs inside this shop. Unset it: the clock of the one here can be turned and its keys rotated on the dashboard. Or start `wechatpay sandbox` with --write-env, and this shop with the settings that it writes"
    )]
    OtherSandbox {
        /// The variables.
        names: String,
    },
    /// The embedded sandbox did not start.
    #[error("the embedded sandbox did not start")]
    Sandbox(#[source] wechatpay_core::BoxError),
    /// The server failed.
    #[error("the server failed")]
    Serve(#[from] std::io::Error),
}

/// Address and store of the shop.
#[derive(Clone, Debug)]
pub struct ShopSettings {
    listen: SocketAddr,
    store: StoreSetting,
    watching: Watching,
}

impl ShopSettings {
    /// Reads `SHOP_LISTEN`, `SHOP_STORE` and `SHOP_WATCH`.
    ///
    /// # Errors
    /// A value that cannot be used.
    pub fn from_env() -> Result<Self, StartError> {
        let read = |name| env::var(name).ok().filter(|value| !value.is_empty());
        let mut settings = Self::parse(read("SHOP_LISTEN").as_deref(), read("SHOP_STORE").as_deref())?;
        if read("SHOP_STORE").is_none() && !names_a_merchant(env::vars_os().map(|(name, _)| name)) {
            settings.store = StoreSetting::of_demo(settings.listen);
        }
        let watching = match read("SHOP_WATCH") {
            Some(text) => Watching::parse(&text).ok_or(StartError::Watch)?,
            None => Watching::default(),
        };
        Ok(Self { watching, ..settings })
    }

    /// Parses the values of `SHOP_LISTEN` and `SHOP_STORE`.
    ///
    /// # Errors
    /// As [`from_env`](Self::from_env).
    pub fn parse(listen: Option<&str>, store: Option<&str>) -> Result<Self, StartError> {
        let listen = match listen {
            Some(text) => text.parse().map_err(|_| StartError::Listen)?,
            None => DEFAULT_LISTEN,
        };
        // The text may hold a password: it is not repeated.
        let store = match store {
            Some(text) => StoreSetting::parse(text).ok_or(StartError::UnknownStore)?,
            None => StoreSetting::Memory,
        };
        Ok(Self {
            listen,
            store,
            watching: Watching::default(),
        })
    }

    /// Mode of the watch over orders and refunds.
    #[must_use]
    pub fn watching(&self) -> Watching {
        self.watching
    }

    /// The address that was asked for.
    #[must_use]
    pub fn listen(&self) -> SocketAddr {
        self.listen
    }

    /// Binds the address, or a free port of the same host if it is taken.
    ///
    /// The socket is non-blocking, as async runtimes want it.
    ///
    /// # Errors
    /// When neither can be bound.
    pub fn bind(&self) -> Result<TcpListener, StartError> {
        let bind = |address: SocketAddr| -> std::io::Result<TcpListener> {
            let listener = TcpListener::bind(address)?;
            listener.set_nonblocking(true)?;
            Ok(listener)
        };
        match bind(self.listen) {
            Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
                bind(SocketAddr::new(self.listen.ip(), 0))
            }
            outcome => outcome,
        }
        .map_err(|source| StartError::Bind {
            address: self.listen,
            source,
        })
    }

    /// Opens the store, and makes its tables where they are missing.
    ///
    /// # Errors
    /// When it does not respond within five seconds, or does not let the shop do what it needs to.
    pub async fn open_store(&self) -> Result<ShopStore, StartError> {
        self.store.open().await.map_err(StartError::Store)
    }

    /// The store in words.
    #[must_use]
    pub fn store_name(&self) -> &'static str {
        self.store.name()
    }
}

/// The merchant of the environment, or the demo merchant of an embedded sandbox.
#[derive(Debug)]
pub struct Merchant {
    config: Config,
    sandbox: Option<EmbeddedSandbox>,
}

impl Merchant {
    /// Reads `WECHATPAY_…`; without any, starts a sandbox with its demo merchant.
    ///
    /// The sandbox runs until this is dropped.
    ///
    /// The keys of the demo merchant are public. So a name that is misspelt or a secret that came out empty counts as set: the
    /// shop then says what is missing, and does not sell with keys that everybody has.
    ///
    /// # Errors
    /// Text that is not Unicode, variables that would set up another sandbox, or a sandbox that does not start.
    pub async fn from_env_or_sandbox() -> Result<Self, StartError> {
        if names_a_merchant(env::vars_os().map(|(name, _)| name)) {
            let config = Config::from_env()?;
            return Ok(Self {
                config,
                sandbox: None,
            });
        }
        let names = of_another_sandbox(env::vars_os().map(|(name, _)| name));
        if !names.is_empty() {
            return Err(StartError::OtherSandbox {
                names: names.join(", "),
            });
        }
        let sandbox = EmbeddedSandbox::start().await.map_err(StartError::Sandbox)?;
        Ok(Self {
            config: sandbox.config(),
            sandbox: Some(sandbox),
        })
    }

    /// Reads every value.
    ///
    /// # Errors
    /// **All** problems at once, those that only the shop has included.
    pub fn settings(&self) -> Result<Settings, StartError> {
        Ok(self.config.validate_partner()?.0)
    }

    /// The sandbox, if there is one in this process.
    #[must_use]
    pub fn sandbox(&self) -> Option<&EmbeddedSandbox> {
        self.sandbox.as_ref()
    }
}

/// Returns true if one of these variables is a merchant's, sound or not.
///
/// Those of this repository's tools and tests are not.
fn names_a_merchant(names: impl IntoIterator<Item = OsString>) -> bool {
    names.into_iter().any(|name| {
        name.to_string_lossy()
            .strip_prefix("WECHATPAY_")
            .is_some_and(|name| {
                !["SANDBOX_", "TEST_", "MODEL_"]
                    .iter()
                    .any(|tool| name.starts_with(tool))
            })
    })
}

/// The variables of the stand-alone sandbox.
fn of_another_sandbox(names: impl IntoIterator<Item = OsString>) -> Vec<String> {
    names
        .into_iter()
        .map(|name| name.to_string_lossy().into_owned())
        .filter(|name| name.starts_with("WECHATPAY_SANDBOX_"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_merchant_is_used_only_without_any_merchant_setting() {
        let named = |names: &[&str]| names_a_merchant(names.iter().map(OsString::from));
        for none in [
            &[][..],
            &["PATH", "SHOP_STORE", "RUST_LOG"],
            &[
                "WECHATPAY_TEST_TOOLS",
                "WECHATPAY_SANDBOX_PORT",
                "WECHATPAY_MODEL_SEED",
            ],
        ] {
            assert!(!named(none), "{none:?}");
        }
        for one in [
            "WECHATPAY_MCHID",
            "WECHATPAY_API_V3_KEY",
            "WECHATPAY_MCH_ID",
            "WECHATPAY_APIV3_KEY_FILE",
        ] {
            assert!(named(&["PATH", one]), "{one}");
        }
    }

    #[test]
    fn settings_of_another_sandbox_are_named_and_not_ignored() {
        let names = [
            "PATH",
            "WECHATPAY_SANDBOX_CLOCK",
            "SHOP_STORE",
            "WECHATPAY_SANDBOX_KEYS",
        ];
        let names = of_another_sandbox(names.map(OsString::from)).join(", ");
        assert_eq!(names, "WECHATPAY_SANDBOX_CLOCK, WECHATPAY_SANDBOX_KEYS");
        let error = StartError::OtherSandbox { names }.to_string();
        assert!(error.starts_with("WECHATPAY_SANDBOX_CLOCK"), "{error}");
        assert!(of_another_sandbox(["WECHATPAY_TEST_TOOLS".into()]).is_empty());
    }

    #[test]
    fn each_store_is_known_by_its_scheme_and_passwords_are_not_shown() {
        for (store, word) in [
            (None, "memory"),
            (Some("memory"), "memory"),
            (Some("redis://:hunter2@localhost"), "Redis"),
            (Some("postgres://shop:hunter2@localhost/shop"), "PostgreSQL"),
            (Some("postgresql://shop:hunter2@localhost/shop"), "PostgreSQL"),
        ] {
            let settings = ShopSettings::parse(Some("127.0.0.1:0"), store).unwrap();
            assert!(settings.store_name().contains(word));
            assert!(!format!("{settings:?}").contains("hunter2"));
        }
        for store in [
            "sqlite:hunter2",
            "rediss://hunter2",
            "redis:hunter2",
            "memory://",
            "",
        ] {
            let error = ShopSettings::parse(None, Some(store)).unwrap_err().to_string();
            assert!(error.contains("memory") && !error.contains("hunter2"), "{error}");
        }
        assert!(matches!(
            ShopSettings::parse(Some("3000"), None),
            Err(StartError::Listen)
        ));
    }

    #[tokio::test]
    async fn a_missing_store_is_an_error_at_the_start_without_its_password() {
        // Bound and never accepted from would hang; a port that was free a moment ago refuses.
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        for scheme in ["redis", "postgres"] {
            let url = format!("{scheme}://shop:hunter2@{free}");
            let settings = ShopSettings::parse(None, Some(&url)).unwrap();
            let error = settings.open_store().await.unwrap_err();
            let text = crate::with_causes(&error);
            assert!(
                text.contains("SHOP_STORE") && text.contains("refused") && !text.contains("hunter2"),
                "{text}"
            );
        }
    }

    #[test]
    fn a_taken_port_is_replaced_by_a_free_one() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let settings = ShopSettings {
            listen: taken.local_addr().unwrap(),
            store: StoreSetting::Memory,
            watching: Watching::Off,
        };
        let free = settings.bind().unwrap().local_addr().unwrap();
        assert_eq!(free.ip(), settings.listen().ip());
        assert_ne!(free.port(), settings.listen().port());
    }

    #[test]
    fn all_missing_settings_are_reported_at_once() {
        let merchant = Merchant {
            config: Config::default(),
            sandbox: None,
        };
        let text = merchant.settings().unwrap_err().to_string();
        for variable in [
            "WECHATPAY_MCHID",
            "WECHATPAY_SERIAL_NO",
            "WECHATPAY_PRIVATE_KEY",
            "WECHATPAY_API_V3_KEY",
            "WECHATPAY_APPID",
            "WECHATPAY_SUB_MCHID",
        ] {
            assert!(text.contains(variable), "{variable} in {text}");
        }
    }
}
