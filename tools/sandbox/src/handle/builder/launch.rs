//! The start of a sandbox: its parts are made and joined.

use std::{
    collections::HashSet,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64},
    },
};

use http::Uri;
use tokio::sync::watch;
use wechatpay_core::{
    Clock,
    crypto::{CryptoProvider, default_provider},
};

use super::SandboxBuilder;
use crate::{
    faults::Faults,
    gateway::{Files, Gateway, Nonces, stubs::Stubs, traffic::Requests},
    handle::{Running, Sandbox, driver, drop_report::OwnRuntime, engine::Engine, error::StartError, server},
    journal::{EventKind, Journal},
    notify::{Notifications, Notifier, Sender},
    platform::{Platform, PlatformKeys},
    world::{
        Listener, World,
        clock::{Agenda, Scaled, Source},
        merchants::{document::MerchantSpec, state::Merchant, table::Merchants},
        random::Ids,
    },
};

impl SandboxBuilder {
    pub(super) async fn launch(self, runtime: Option<OwnRuntime>) -> Result<Sandbox, StartError> {
        if self.factor.is_some_and(|factor| !Scaled::is_factor(factor)) {
            return Err(StartError::ClockFactor);
        }
        let provider = match self.provider {
            Some(provider) => provider,
            None => default_provider()?,
        };
        let secrets = Ids::from_system()?;
        let ids = match self.seed {
            Some(seed) => Ids::from_seed(seed),
            None => Ids::from_system()?,
        };
        let wire_clock = match (self.wire_clock, &self.source) {
            (Some(clock), _) => clock,
            (None, Some(_)) => Clock::system(),
            (None, None) => self.clock.clone(),
        };
        let (mode, percent, fresh) = (self.mode, self.public_key_percent, self.fresh_keys);
        let (clock, on_the_wire) = (self.clock.clone(), wire_clock);
        let keys_of = Arc::clone(&provider);
        let (merchants, platform, secrets) = off_the_workers(move || {
            let merchants = merchants(fresh, self.merchants, keys_of.as_ref(), &secrets)?;
            let keys = if fresh {
                PlatformKeys::fresh()?
            } else {
                PlatformKeys::demo()
            };
            let platform = Platform::new(mode, percent, &keys, keys_of, clock, on_the_wire)?;
            Ok((merchants, platform, secrets))
        })
        .await?;

        let listener = server::listen(self.address, self.or_free_port).await?;
        let address = listener.local_addr().map_err(|source| StartError::Listen {
            address: self.address,
            source,
        })?;
        let base_url = match self.public_url {
            Some(url) => checked(url)?,
            None => format!("http://{}", reachable(address)),
        };
        let (stop, stopping) = watch::channel(false);
        let sender = Sender::new(&self.roots).map_err(|_| StartError::Ca)?;
        let world = Arc::new(World::new(
            self.rules,
            self.clock.clone(),
            Agenda::new(self.source.unwrap_or_else(Source::running)),
            ids,
            secrets,
            provider,
            Merchants::new(merchants),
        ));
        let platform = Arc::new(platform);
        let faults = Arc::new(Faults::default());
        let journal = Arc::new(Journal::new(self.clock));
        let notifier = Arc::new(Notifier {
            world: Arc::clone(&world),
            platform: Arc::clone(&platform),
            faults: Arc::clone(&faults),
            journal: Arc::clone(&journal),
            settings: self.notify,
            notifications: Notifications::new(sender),
            is_enabled: AtomicBool::new(self.notify_enabled),
            attempts: AtomicU64::default(),
        });
        world.set_listeners(listeners(&journal, &notifier));
        let gateway = Arc::new(Gateway {
            world: Arc::clone(&world),
            platform: Arc::clone(&platform),
            faults: Arc::clone(&faults),
            journal: Arc::clone(&journal),
            notifier: Arc::clone(&notifier),
            settings: self.gateway,
            base_url: base_url.clone(),
            requests: Requests::default(),
            stubs: Stubs::default(),
            nonces: Nonces::default(),
            bill_files: Files::default(),
            arrivals: AtomicU64::default(),
            refused_signatures: AtomicU64::default(),
            certificate_downloads: AtomicU64::default(),
            stopping: stopping.clone(),
        });
        let engine = Arc::new(Engine {
            world,
            platform,
            faults,
            journal,
            notifier,
            gateway,
            base_url,
            lenient: self.lenient,
            turning: tokio::sync::Mutex::default(),
            stopping,
            roots: self.roots,
            language: self.language,
        });
        let is_new = self.snapshot.is_none();
        if let Some(snapshot) = self.snapshot {
            engine.restore(snapshot)?;
        }
        for rule in self.faults {
            if is_new {
                engine.faults.add(rule, engine.world.clock.now());
            } else {
                engine.faults.add_once(rule, engine.world.clock.now());
            }
        }
        tokio::spawn(driver::drive(Arc::clone(&engine)));
        let pages = self.pages.map(|pages| pages(Arc::clone(&engine)));
        let router = server::router(&engine.gateway, pages);
        let server = server::serve(listener, router.clone(), engine.stopping.clone());
        let running = Running::new(&engine, address, stop, router, server, runtime);
        Ok(Sandbox::new(engine, running))
    }
}

/// The log and the notifier listen to the world, in this order.
///
/// The notifier owns the world, so the world only knows it while it lives.
fn listeners(journal: &Arc<Journal>, notifier: &Arc<Notifier>) -> Vec<Listener> {
    let journal = Arc::clone(journal);
    let notifier = Arc::downgrade(notifier);
    vec![
        Box::new(move |_, event| {
            if let Some(kind) = EventKind::of(event) {
                journal.tell(kind);
            }
        }),
        Box::new(move |_, event| {
            if let Some(notifier) = notifier.upgrade() {
                notifier.on(event);
            }
        }),
    ]
}

/// New keys take long to make, some of them a second.
async fn off_the_workers<T: Send + 'static>(
    make: impl FnOnce() -> Result<T, StartError> + Send + 'static,
) -> Result<T, StartError> {
    tokio::task::spawn_blocking(make)
        .await
        .map_err(|error| StartError::Runtime(error.into()))?
}

/// The demo merchant and those that were added, each once.
fn merchants(
    fresh_keys: bool,
    added: Vec<MerchantSpec>,
    provider: &dyn CryptoProvider,
    secrets: &Ids,
) -> Result<Vec<Merchant>, StartError> {
    let mut known = HashSet::new();
    std::iter::once(MerchantSpec::demo(fresh_keys).ok_or(StartError::Demo)?)
        .chain(added)
        .map(|spec| {
            let merchant = spec.build(provider, secrets)?;
            if known.insert(merchant.mchid.clone()) {
                Ok(merchant)
            } else {
                Err(StartError::MerchantTwice(merchant.mchid.as_str().to_owned()))
            }
        })
        .collect()
}

/// A server that listens everywhere is reached by loopback.
fn reachable(address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => SocketAddr::new(Ipv4Addr::LOCALHOST.into(), address.port()),
        IpAddr::V6(ip) if ip.is_unspecified() => {
            SocketAddr::new(std::net::Ipv6Addr::LOCALHOST.into(), address.port())
        }
        _ => address,
    }
}

/// A public URL is scheme, host and port, and nothing behind them.
fn checked(url: String) -> Result<String, StartError> {
    let url = url.strip_suffix('/').map(str::to_owned).unwrap_or(url);
    let is_sound = url.parse::<Uri>().is_ok_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri.host().is_some_and(|host| !host.is_empty())
            && uri.path().trim_matches('/').is_empty()
            && uri.query().is_none()
    });
    if is_sound && !url.contains(['@', '#']) {
        Ok(url)
    } else {
        Err(StartError::PublicUrl)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_has_no_path() {
        assert_eq!(
            checked("http://pay.test:8640/".into()).unwrap(),
            "http://pay.test:8640"
        );
        for bad in [
            "",
            "pay.test",
            "ftp://pay.test",
            "http://pay.test/x",
            "http://pay.test?x",
            "http://a@pay.test",
        ] {
            assert!(checked(bad.into()).is_err(), "{bad}");
        }
    }

    #[test]
    fn who_listens_everywhere_is_reached_by_loopback() {
        let reach = |text: &str| reachable(text.parse().unwrap()).to_string();
        assert_eq!(reach("0.0.0.0:1"), "127.0.0.1:1");
        assert_eq!(reach("[::]:1"), "[::1]:1");
        assert_eq!(reach("127.0.0.1:1"), "127.0.0.1:1");
    }
}
