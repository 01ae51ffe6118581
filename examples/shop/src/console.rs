//! Terminal output: addresses first, then a line for each event.

use std::{io::Write as _, net::SocketAddr, time::Duration};

use tokio::sync::broadcast::{Receiver, error::RecvError};
use wechatpay_core::types::DateTime;
use wechatpay_tower::WechatPay;

use crate::{
    event::ShopEvent,
    sandbox::SandboxLines,
    settings::{Merchant, ShopSettings},
    shop::{Shop, now},
};

/// Maximum delay of the shop's line until the platform's line of the same delivery.
///
/// The platform's line ends with the shop's response, so it comes later.
const PATIENCE: Duration = Duration::from_millis(200);

/// Prints the shop's address, its merchant and the next step, at most 14 lines.
pub fn greet(
    settings: &ShopSettings,
    merchant: &Merchant,
    wechatpay: &WechatPay,
    shop: &Shop,
    at: SocketAddr,
) {
    let asked = settings.listen();
    let moved = if asked.port() != 0 && asked.port() != at.port() {
        format!("  (port {} is taken)", asked.port())
    } else {
        String::new()
    };
    let of_merchant = wechatpay.settings();
    let keys = match (&of_merchant.public_key, of_merchant.certificates) {
        (Some(_), false) => "public-key mode",
        (Some(_), true) => "public key and platform certificates",
        (None, _) => "platform certificates",
    };
    print(&format!(
        "  shop       http://{at}{moved}   ← open this, buy something"
    ));
    let (gateway, note) = match merchant.sandbox() {
        Some(sandbox) => {
            print(&format!(
                "  sandbox    {}   gateway and cashier, in this process",
                sandbox.base_url()
            ));
            print(&format!(
                "  dashboard  {}/_sandbox   ← watch every message, press its buttons",
                sandbox.base_url()
            ));
            ("", ", demo keys, nothing leaves this machine")
        }
        None => (of_merchant.base_url.as_str(), ""),
    };
    if !gateway.is_empty() {
        print(&format!("  gateway    {gateway}"));
    }
    print(&format!("  merchant   {}  ({keys}{note})", of_merchant.mchid));
    print(&format!("  notify     {}", shop.notify_url()));
    print(&format!("  store      {}", settings.store_name()));
    print("  waiting for an order…  (Ctrl-C to stop)");
}

/// Prints events until the shop is dropped.
///
/// Run it as a task; dropping it ends it.
pub async fn show_events(mut shop: Receiver<ShopEvent>, mut sandbox: Option<SandboxLines>) {
    loop {
        tokio::select! {
            event = shop.recv() => match event {
                Ok(event) => {
                    if let Some(lines) = &mut sandbox
                        && let Ok(Some(line)) = tokio::time::timeout(PATIENCE, lines.next()).await
                    {
                        print(&line);
                    }
                    let at = sandbox.as_ref().and_then(SandboxLines::now).unwrap_or_else(now);
                    print(&shop_line(&event, at));
                }
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return,
            },
            line = next(&mut sandbox) => match line {
                Some(line) => print(&line),
                None => sandbox = None,
            },
        }
    }
}

/// The sandbox's next line; without a sandbox, never.
async fn next(sandbox: &mut Option<SandboxLines>) -> Option<String> {
    match sandbox {
        Some(lines) => lines.next().await,
        None => std::future::pending().await,
    }
}

/// The time in Beijing, and the event below those of the sandbox.
fn shop_line(event: &ShopEvent, at: DateTime) -> String {
    let at = at.to_string();
    format!("{}       {event}", at.get(11..19).unwrap_or_default())
}

fn print(line: &str) {
    // A terminal that is gone is no reason to stop selling.
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}
