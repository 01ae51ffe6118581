//! The shop: its parts in one handle, and the operations of its HTTP interface.

use std::{net::SocketAddr, sync::Arc};

use http::Uri;
use serde::Serialize;
use tokio::sync::broadcast;
use wechatpay_core::types::{DateTime, Fen, Openid, OutTradeNo, TransactionId};
use wechatpay_tower::{WechatPay, watch::Watch};

use crate::{
    error::ShopError,
    event::ShopEvent,
    incoming::Incoming,
    order::{Order, OrderStatus, PaidTo},
    reply::Reply,
    sandbox,
    settings::StartError,
    store::ShopStore,
    watching::Watching,
};

/// Path at which notifications arrive.
pub const NOTIFY_PATH: &str = "/wechatpay/notify";

/// Capacity of the event channel; a slow console loses the oldest events.
const EVENTS: usize = 256;

/// The shop. Cheap to clone: one `Arc`.
///
/// Each operation takes what a framework read of a request and gives back a [`Reply`]; dropping its future leaves the
/// order in the state before or after, never between.
#[derive(Clone, Debug)]
pub struct Shop(pub(crate) Arc<Inner>);

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) wechatpay: WechatPay,
    pub(crate) store: ShopStore,
    /// Watch over orders and refunds, unless it is off.
    pub(crate) watch: Option<Watch>,
    pub(crate) watching: Watching,
    pub(crate) paid_to: PaidTo,
    pub(crate) notify_url: String,
    /// Scheme and host under which buyers see the shop.
    pub(crate) origin: String,
    /// The gateway, if it is a sandbox on this machine.
    pub(crate) sandbox: Option<String>,
    /// The payer of a JSAPI order without an openid; only with a sandbox.
    pub(crate) demo_openid: Option<Openid>,
    events: broadcast::Sender<ShopEvent>,
}

/// An order as the HTTP interface shows it.
#[derive(Serialize)]
struct OrderBody<'a> {
    out_trade_no: &'a OutTradeNo,
    status: &'static str,
    total: Fen,
    refunded: Fen,
    learned_by: Option<&'static str>,
    transaction_id: Option<&'a TransactionId>,
    fulfilled: u32,
}

impl Shop {
    /// The shop of one sub-merchant, serving at `listen`, its orders watched as `watching` says.
    ///
    /// # Errors
    /// Settings without an app or a sub-merchant.
    pub fn new(
        wechatpay: WechatPay,
        store: ShopStore,
        listen: SocketAddr,
        watching: Watching,
    ) -> Result<Self, StartError> {
        let settings = wechatpay.settings();
        let ids = settings.partner()?;
        let here = format!("http://{}", reachable(listen));
        let sandbox = settings.is_local().then(|| settings.base_url.clone());
        // A buyer of the real platform knows the shop by its public name, the sandbox's buyer sits at this machine.
        let public = settings.notify_url.as_deref().and_then(origin_of);
        let origin = match public {
            Some(public) if sandbox.is_none() => public,
            _ => here.clone(),
        };
        let notify_url = settings
            .notify_url
            .clone()
            .unwrap_or_else(|| format!("{here}{NOTIFY_PATH}"));
        let demo_openid = sandbox.as_ref().and_then(|_| sandbox::demo_openid(&ids.sp_appid));
        let paid_to = PaidTo {
            sp_appid: ids.sp_appid,
            sp_mchid: ids.sp_mchid,
            sub_mchid: ids.sub_mchid,
        };
        let watch = watching.watch(&wechatpay, &store);
        Ok(Self(Arc::new(Inner {
            watch,
            watching,
            store,
            paid_to,
            notify_url,
            origin,
            sandbox,
            demo_openid,
            events: broadcast::Sender::new(EVENTS),
            wechatpay,
        })))
    }

    /// URL for the gateway's notifications.
    #[must_use]
    pub fn notify_url(&self) -> &str {
        &self.0.notify_url
    }

    /// Scheme and host under which buyers see the shop.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.0.origin
    }

    /// Subscribes to the shop's events from now on.
    #[must_use]
    pub fn events(&self) -> broadcast::Receiver<ShopEvent> {
        self.0.events.subscribe()
    }

    /// `POST /orders`: creates an order and the client's payment parameters.
    pub async fn create_order(&self, incoming: Incoming<'_>) -> Reply {
        self.create(&incoming).await.unwrap_or_else(ShopError::into_reply)
    }

    /// `GET /orders/{out_trade_no}`: its state.
    pub async fn order(&self, number: &str) -> Reply {
        match self.find(number).await {
            Ok(order) => order_reply(&order),
            Err(error) => error.into_reply(),
        }
    }

    /// `POST /orders/{out_trade_no}/sync`: asks the gateway, and applies the response as if it were a notification.
    pub async fn sync_order(&self, number: &str) -> Reply {
        match self.sync(number).await {
            Ok(order) => order_reply(&order),
            Err(error) => error.into_reply(),
        }
    }

    /// `POST /orders/{out_trade_no}/close`: closes it at the gateway.
    pub async fn close_order(&self, number: &str) -> Reply {
        match self.close(number).await {
            Ok(order) => order_reply(&order),
            Err(error) => error.into_reply(),
        }
    }

    /// `POST /orders/{out_trade_no}/refunds`: gives money back.
    pub async fn refund_order(&self, number: &str, incoming: Incoming<'_>) -> Reply {
        self.refund(number, &incoming)
            .await
            .unwrap_or_else(ShopError::into_reply)
    }

    /// `GET /healthz`: the process serves.
    pub fn healthz(&self) -> Reply {
        Reply::json(200, &serde_json::json!({ "status": "ok" }))
    }

    /// `GET /readyz`: a platform key is trusted and the store responds.
    pub async fn readyz(&self) -> Reply {
        let keys = self.0.wechatpay.is_ready();
        let store = self.0.store.health().await;
        let status = if keys && store.is_ok() { 200 } else { 503 };
        Reply::json(
            status,
            &serde_json::json!({ "platform_key": keys, "store": store.is_ok(), "warnings": store.unwrap_or_default() }),
        )
    }

    pub(crate) async fn find(&self, number: &str) -> Result<Order, ShopError> {
        let number = OutTradeNo::parse(number).map_err(|_| ShopError::NoSuchOrder)?;
        let stored = self.0.store.orders().get(&number).await?;
        stored.map(|stored| stored.order).ok_or(ShopError::NoSuchOrder)
    }

    pub(crate) fn tell(&self, event: ShopEvent) {
        // Nobody has to listen.
        let _ = self.0.events.send(event);
    }
}

pub(crate) fn order_reply(order: &Order) -> Reply {
    Reply::json(
        200,
        &OrderBody {
            out_trade_no: &order.out_trade_no,
            status: OrderStatus::as_str(order.status),
            total: order.total,
            refunded: order.refunded(),
            learned_by: order
                .payment
                .as_ref()
                .map(|payment| payment.learned_from.as_str()),
            transaction_id: order.payment.as_ref().map(|payment| &payment.transaction_id),
            fulfilled: order.fulfilled,
        },
    )
}

/// The present, in whole seconds as the platform writes them.
pub(crate) fn now() -> DateTime {
    jiff::Timestamp::now().into()
}

/// Replaces `0.0.0.0`, which cannot be called, by this machine's loopback address.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let mut address = listen;
    match listen.ip() {
        std::net::IpAddr::V4(ip) if ip.is_unspecified() => {
            address.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
        }
        std::net::IpAddr::V6(ip) if ip.is_unspecified() => {
            address.set_ip(std::net::Ipv6Addr::LOCALHOST.into());
        }
        _ => {}
    }
    address
}

fn origin_of(url: &str) -> Option<String> {
    let uri = url.parse::<Uri>().ok()?;
    Some(format!("{}://{}", uri.scheme_str()?, uri.authority()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unspecified_addresses_are_replaced_by_loopback() {
        assert_eq!(
            reachable("0.0.0.0:3000".parse().unwrap()).to_string(),
            "127.0.0.1:3000"
        );
        assert_eq!(reachable("[::]:1".parse().unwrap()).to_string(), "[::1]:1");
        assert_eq!(
            reachable("192.0.2.1:1".parse().unwrap()).to_string(),
            "192.0.2.1:1"
        );
        assert_eq!(
            origin_of("https://shop.example/wechatpay/notify").as_deref(),
            Some("https://shop.example")
        );
    }
}
