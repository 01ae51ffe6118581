//! The layer.

use std::{sync::Arc, time::Duration};

use tower_layer::Layer;
use wechatpay_core::ConfigError;

use super::{Base, Failover, hosts::Hosts};

/// Default time with a backup before the main host is tried again, 5 minutes.
///
/// It is longer than the platform's DNS entries live.
pub const DEFAULT_STAY: Duration = Duration::from_secs(5 * 60);

/// Layer that sends requests to a backup host if the main host is unreachable.
///
/// [The module](super) lists the rules. Clones share the host in use.
#[derive(Clone, Debug)]
pub struct FailoverLayer {
    hosts: Arc<Hosts>,
}

impl FailoverLayer {
    /// Switches from the platform's main host to its backup, `api2.mch.weixin.qq.com`.
    #[must_use]
    pub fn platform() -> Self {
        Self::of(Base::platform(), vec![Base::platform_backup()])
    }

    /// Switches from `main` to `backups`, in their order.
    ///
    /// Each is scheme and host. The main host is tried again every `stay`.
    ///
    /// # Errors
    /// Returns an error if a base URL has more than scheme and host, or less.
    pub fn new(
        main: &str,
        backups: impl IntoIterator<Item = impl AsRef<str>>,
        stay: Duration,
    ) -> Result<Self, ConfigError> {
        let backups = backups
            .into_iter()
            .map(|base| Base::parse(base.as_ref()))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            hosts: Arc::new(Hosts::new(Base::parse(main)?, backups, stay)),
        })
    }

    pub(crate) fn of(main: Base, backups: Vec<Base>) -> Self {
        Self {
            hosts: Arc::new(Hosts::new(main, backups, DEFAULT_STAY)),
        }
    }

    pub(crate) fn main(&self) -> String {
        self.hosts.main().map(ToString::to_string).unwrap_or_default()
    }
}

impl<S> Layer<S> for FailoverLayer {
    type Service = Failover<S>;

    fn layer(&self, inner: S) -> Failover<S> {
        Failover {
            inner,
            hosts: Arc::clone(&self.hosts),
        }
    }
}
