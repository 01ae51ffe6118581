//! The embedded sandbox: everything that the shop has to do with it.

use wechatpay_core::{
    BoxError, Config,
    types::{Appid, DateTime, Openid},
};
use wechatpay_sandbox::{Buyer, Event, EventKind, Events, KeyMode, LintKind, Sandbox};

/// Preferred port of the sandbox.
const PORT: u16 = 8640;

/// A sandbox in this process. Stops when it is dropped.
#[derive(Debug)]
pub struct EmbeddedSandbox(Sandbox);

impl EmbeddedSandbox {
    /// Starts it, on port 8640 of this machine or a free one.
    ///
    /// # Errors
    /// When no port can be bound.
    pub async fn start() -> Result<Self, BoxError> {
        let sandbox = Sandbox::builder()
            .pages(wechatpay_dashboard::pages)
            .address((std::net::Ipv4Addr::LOCALHOST, PORT).into())
            .or_free_port(true)
            // The dashboard's buttons rotate the keys and turn the clock.
            .keys(KeyMode::Mixed)
            .adjustable_clock()
            // It is there to be looked at, wrongly signed requests included.
            .lenient()
            .start()
            .await?;
        Ok(Self(sandbox))
    }

    /// Settings of its demo merchant.
    #[must_use]
    pub fn config(&self) -> Config {
        self.0.config()
    }

    /// URL of the sandbox.
    #[must_use]
    pub fn base_url(&self) -> &str {
        self.0.base_url()
    }

    /// Events from now on, as lines.
    #[must_use]
    pub fn lines(&self) -> SandboxLines {
        SandboxLines {
            sandbox: self.0.clone(),
            events: self.0.events(),
        }
    }
}

/// Events of a sandbox, one line each. Keeps the sandbox running.
#[derive(Debug)]
pub struct SandboxLines {
    sandbox: Sandbox,
    events: Events,
}

impl SandboxLines {
    /// The next line; `None` once the sandbox is gone.
    ///
    /// No line is lost when the future is dropped.
    pub(crate) async fn next(&mut self) -> Option<String> {
        loop {
            let event = self.events.next().await?;
            if !is_known(&event) {
                return Some(self.line(&event));
            }
        }
    }

    /// The sandbox's time, which its dashboard turns.
    pub(crate) fn now(&self) -> Option<DateTime> {
        DateTime::from_unix_seconds(self.sandbox.clock().now()).ok()
    }

    fn line(&self, event: &Event) -> String {
        // Who has no telephone at hand pays a code at the cashier.
        let cashier = match &event.kind {
            EventKind::Request {
                path,
                status,
                out_trade_no: Some(number),
                ..
            } if path.ends_with("/native") && status.is_success() => self.sandbox.cashier_url(number),
            _ => None,
        };
        match cashier {
            Some(cashier) => format!("{event}\n               press Pay: {cashier}"),
            None => event.to_string(),
        }
    }
}

/// Returns true for lints that a demo on loopback cannot avoid.
fn is_known(event: &Event) -> bool {
    matches!(
        &event.kind,
        EventKind::Lint(lint) if matches!(lint.kind(), LintKind::NotifyUrlNotPublic | LintKind::PayerIpLoopback)
    )
}

/// The payer of a JSAPI order without an openid, when the gateway is a sandbox.
pub(crate) fn demo_openid(appid: &Appid) -> Option<Openid> {
    Openid::parse(&Buyer::Alice.openid(appid.as_str())).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// README and dashboard promise buttons for both.
    #[tokio::test]
    async fn the_clock_of_the_demo_is_turned_and_its_keys_are_rotated() {
        let EmbeddedSandbox(sandbox) = EmbeddedSandbox::start().await.unwrap();
        let today = sandbox.clock().today();
        sandbox.clock().next_day_at("10:05").await.unwrap();
        assert_eq!(sandbox.clock().yesterday(), today);
        // The shop's lines stand between the sandbox's, at the same time.
        let lines = EmbeddedSandbox(sandbox.clone()).lines();
        assert_eq!(&lines.now().unwrap().to_string()[11..16], "10:05");
        sandbox.rotation().announce().unwrap();
        assert_eq!(sandbox.rotation().listed().len(), 2);
    }
}
