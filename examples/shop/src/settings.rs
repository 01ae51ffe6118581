//! Settings of the shop and of its merchant, from the environment.

use std::{
    env,
    net::{SocketAddr, TcpListener},
    sync::Arc,
};

use wechatpay_core::{Config, ConfigError, ConfigProblems, Settings};

use crate::{
    sandbox::EmbeddedSandbox,
    store::{MemoryStore, OrderStore},
};

/// Where the shop listens when nothing else is set.
const DEFAULT_LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 3000);

/// Why the shop does not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// `SHOP_LISTEN` is no address.
    #[error("SHOP_LISTEN is not an address with a port, such as 127.0.0.1:3000")]
    Listen,
    /// `SHOP_STORE` names no store.
    #[error("SHOP_STORE must be memory, redis://… or postgres://…")]
    UnknownStore,
    /// `SHOP_STORE` names a store that this version does not have.
    #[error("SHOP_STORE names {0}, which is not in this version; leave it out, or set memory")]
    StoreNotBuilt(&'static str),
    /// Neither the address nor any other port could be bound.
    #[error("{address} cannot be bound")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// The merchant's settings are not sound.
    #[error("{0}\nSet none of WECHATPAY_… and the shop brings a sandbox of its own.")]
    Merchant(#[from] ConfigProblems),
    /// Settings that are sound, and yet no client can be built of them.
    #[error(transparent)]
    Client(#[from] ConfigError),
    /// The embedded sandbox did not start.
    #[error("the embedded sandbox did not start")]
    Sandbox(#[source] wechatpay_core::BoxError),
    /// The server failed.
    #[error("the server failed")]
    Serve(#[from] std::io::Error),
}

/// Where the shop listens and keeps its orders.
#[derive(Clone, Debug)]
pub struct ShopSettings {
    listen: SocketAddr,
    store: StoreSetting,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum StoreSetting {
    Memory,
}

impl ShopSettings {
    /// Reads `SHOP_LISTEN` and `SHOP_STORE`.
    ///
    /// # Errors
    /// An address or a store that cannot be used.
    pub fn from_env() -> Result<Self, StartError> {
        let read = |name| env::var(name).ok().filter(|value| !value.is_empty());
        Self::parse(read("SHOP_LISTEN").as_deref(), read("SHOP_STORE").as_deref())
    }

    fn parse(listen: Option<&str>, store: Option<&str>) -> Result<Self, StartError> {
        let listen = match listen {
            Some(text) => text.parse().map_err(|_| StartError::Listen)?,
            None => DEFAULT_LISTEN,
        };
        // The text behind the scheme may hold a password: it is not repeated.
        let store = match store.map(|text| text.split(':').next().unwrap_or_default()) {
            None | Some("memory") => StoreSetting::Memory,
            Some("redis" | "rediss") => return Err(StartError::StoreNotBuilt("Redis")),
            Some("postgres" | "postgresql") => return Err(StartError::StoreNotBuilt("PostgreSQL")),
            Some(_) => return Err(StartError::UnknownStore),
        };
        Ok(Self { listen, store })
    }

    /// The address that was asked for.
    #[must_use]
    pub fn listen(&self) -> SocketAddr {
        self.listen
    }

    /// Binds the address, or a free port of the same host when it is taken. Non-blocking, as async runtimes want it.
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

    /// Opens the store.
    #[must_use]
    pub fn open_store(&self) -> Arc<dyn OrderStore> {
        match self.store {
            StoreSetting::Memory => Arc::new(MemoryStore::new()),
        }
    }

    /// The store in words.
    #[must_use]
    pub fn store_name(&self) -> &'static str {
        match self.store {
            StoreSetting::Memory => "memory (gone when the shop stops)",
        }
    }
}

/// The merchant: one of the environment, or the demo merchant of a sandbox in this process.
#[derive(Debug)]
pub struct Merchant {
    config: Config,
    sandbox: Option<EmbeddedSandbox>,
}

impl Merchant {
    /// Reads `WECHATPAY_…`; when none of it is set, starts a sandbox and takes its demo merchant. The sandbox runs until
    /// this is dropped.
    ///
    /// # Errors
    /// Text that is not Unicode, or a sandbox that does not start.
    pub async fn from_env_or_sandbox() -> Result<Self, StartError> {
        if Config::is_in_env() {
            let config = Config::from_env()?;
            return Ok(Self {
                config,
                sandbox: None,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stores_of_later_versions_are_named_and_passwords_are_not() {
        assert!(ShopSettings::parse(None, None).is_ok());
        assert!(ShopSettings::parse(Some("127.0.0.1:0"), Some("memory")).is_ok());
        for (store, word) in [
            ("redis://:hunter2@localhost", "Redis"),
            ("postgres://shop:hunter2@localhost/shop", "PostgreSQL"),
            ("sqlite:hunter2", "memory"),
        ] {
            let error = ShopSettings::parse(None, Some(store)).unwrap_err().to_string();
            assert!(error.contains(word) && !error.contains("hunter2"), "{error}");
        }
        assert!(matches!(
            ShopSettings::parse(Some("3000"), None),
            Err(StartError::Listen)
        ));
    }

    #[test]
    fn a_taken_port_is_replaced_by_a_free_one() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let settings = ShopSettings {
            listen: taken.local_addr().unwrap(),
            store: StoreSetting::Memory,
        };
        let free = settings.bind().unwrap().local_addr().unwrap();
        assert_eq!(free.ip(), settings.listen().ip());
        assert_ne!(free.port(), settings.listen().port());
    }

    #[test]
    fn everything_that_is_missing_is_told_at_once() {
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
