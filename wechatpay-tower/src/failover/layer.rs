//! The layer.

use std::{sync::Arc, time::Duration};

use tower_layer::Layer;
use wechatpay_core::ConfigError;

use super::{Base, Failover, hosts::Hosts};

/// How long requests stay with a backup before the main host is tried again. Longer than the platform's DNS entries live,
/// shorter than anyone wants to be on the longer way.
pub const DEFAULT_STAY: Duration = Duration::from_secs(5 * 60);

/// Sends requests to another host when theirs cannot be reached: see [the module](super). Clones share what they know.
#[derive(Clone, Debug)]
pub struct FailoverLayer {
    hosts: Arc<Hosts>,
}

impl FailoverLayer {
    /// From the platform's main host to its backup, `api2.mch.weixin.qq.com`.
    #[must_use]
    pub fn platform() -> Self {
        Self::of(Base::platform(), vec![Base::platform_backup()])
    }

    /// From `main` to `backups` in their order, each scheme and host; back to `main` is tried every `stay`.
    ///
    /// # Errors
    /// One that is not scheme and host.
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
