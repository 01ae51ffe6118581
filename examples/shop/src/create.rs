//! Making an order: kept first, then placed at the gateway, then signed for its client.

use std::net::IpAddr;

use qrcode::{QrCode, render::svg};
use serde::Serialize;
use wechatpay_core::{
    api::prepay::{
        H5Info, H5Scene, H5Type, OrderScene, PartnerAppPrepay, PartnerH5Prepay, PartnerJsapiPrepay,
        PartnerNativePrepay, PartnerPayer,
    },
    sign::{AppParameters, JsapiParameters, h5_url_with_redirect},
    types::{Fen, OutTradeNo},
};
use wechatpay_tower::client::Outcome;

use crate::{
    error::{ShopError, with_causes},
    incoming::{Incoming, NewOrder},
    number::order_number,
    order::{Order, Scene},
    reply::Reply,
    shop::{Shop, now},
    store::{ChangeError, StoreError, change},
};

/// Edge of the picture of a Native order's code, in pixels.
const QR_EDGE: u32 = 240;

/// Parameters for the client's payment.
#[derive(Serialize)]
#[serde(untagged)]
enum Invoke {
    Jsapi(JsapiParameters),
    App(AppParameters),
    H5 { h5_url: String },
    Native { code_url: String, qr_svg: String },
}

#[derive(Serialize)]
struct Created<'a> {
    out_trade_no: &'a OutTradeNo,
    scene: Scene,
    total: Fen,
    invoke: &'a Invoke,
}

impl Shop {
    pub(crate) async fn create(&self, incoming: &Incoming<'_>) -> Result<Reply, ShopError> {
        let wish = NewOrder::read(incoming)?;
        let openid = wish.openid.clone().or_else(|| self.0.demo_openid.clone());
        let payer = match (wish.scene, openid) {
            (Scene::Jsapi, None) => {
                return Err(ShopError::bad("openid", "is missing: JSAPI needs the payer"));
            }
            (Scene::Jsapi, Some(openid)) => Some(PartnerPayer::sp_openid(openid)),
            _ => None,
        };
        let address = wish.payer_client_ip.or(incoming.peer);
        if wish.scene == Scene::H5 && address.is_none() {
            return Err(ShopError::bad("payer_client_ip", "is missing: H5 needs it"));
        }
        let order = Order::new(
            order_number(now())?,
            wish.scene,
            wish.description.clone(),
            wish.total,
            self.0.paid_to.clone(),
            now(),
        );
        // Kept before the gateway hears of it: its notification may be faster than its response.
        if !self.0.store.orders().insert(order.clone()).await? {
            return Err(StoreError("a random number came twice".into()).into());
        }
        self.watch_order(&order).await?;
        let placed = self
            .place(&order, &wish, payer, address, h5_kind(incoming.user_agent))
            .await;
        if let Err(ShopError::Gateway { error, .. }) = &placed
            && matches!(error.outcome(), Outcome::Refused | Outcome::NotSent)
        {
            // The gateway has no such order. One whose outcome is unknown stays open, to be asked for later.
            let closed = change(self.0.store.orders(), &order.out_trade_no, |order| {
                order.close();
                Ok::<_, ShopError>(())
            });
            if let Err(ChangeError::Store(error)) = closed.await {
                tracing::error!(target: "shop", "{}", with_causes(&error));
            }
        }
        Ok(Reply::json(
            201,
            &Created {
                out_trade_no: &order.out_trade_no,
                scene: order.scene,
                total: order.total,
                invoke: &placed?,
            },
        ))
    }

    /// Places the order at the gateway and signs the client's parameters.
    async fn place(
        &self,
        order: &Order,
        wish: &NewOrder,
        payer: Option<PartnerPayer>,
        address: Option<IpAddr>,
        h5_kind: H5Type,
    ) -> Result<Invoke, ShopError> {
        let client = self.0.wechatpay.client();
        let signer = self.0.wechatpay.signer();
        let appid = order.paid_to.sp_appid.clone();
        let mchid = order.paid_to.sp_mchid.clone();
        let sub_mchid = order.paid_to.sub_mchid.clone();
        let description = order.description.clone();
        let number = order.out_trade_no.clone();
        let notify_url = self.0.notify_url.clone();
        let total = order.total;
        let gateway = |error| ShopError::gateway(error, &order.out_trade_no);
        let scene_info = wish.payer_client_ip.map(OrderScene::new);
        match (order.scene, payer, address) {
            (Scene::Jsapi, Some(payer), _) => {
                let mut prepay = PartnerJsapiPrepay::new(
                    appid.clone(),
                    mchid,
                    sub_mchid,
                    description,
                    number,
                    notify_url,
                    total,
                    payer,
                );
                prepay.attach.clone_from(&wish.attach);
                prepay.scene_info = scene_info;
                let response = client.call(&prepay).await.map_err(gateway)?;
                Ok(Invoke::Jsapi(signer.jsapi(&appid, &response.prepay_id).await?))
            }
            (Scene::App, ..) => {
                let mut prepay = PartnerAppPrepay::new(
                    appid.clone(),
                    mchid,
                    sub_mchid,
                    description,
                    number,
                    notify_url,
                    total,
                );
                prepay.attach.clone_from(&wish.attach);
                prepay.scene_info = scene_info;
                let response = client.call(&prepay).await.map_err(gateway)?;
                Ok(Invoke::App(signer.app(&appid, &response.prepay_id).await?))
            }
            (Scene::H5, _, Some(address)) => {
                let scene_info = H5Scene::new(address, H5Info::new(h5_kind));
                let mut prepay = PartnerH5Prepay::new(
                    appid,
                    mchid,
                    sub_mchid,
                    description,
                    number,
                    notify_url,
                    total,
                    scene_info,
                );
                prepay.attach.clone_from(&wish.attach);
                let response = client.call(&prepay).await.map_err(gateway)?;
                let back = format!("{}/?order={}", self.0.origin, order.out_trade_no);
                let h5_url = h5_url_with_redirect(&response.h5_url, &back)?;
                Ok(Invoke::H5 { h5_url })
            }
            (Scene::Native, ..) => {
                let mut prepay =
                    PartnerNativePrepay::new(appid, mchid, sub_mchid, description, number, notify_url, total);
                prepay.attach.clone_from(&wish.attach);
                prepay.scene_info = scene_info;
                let response = client.call(&prepay).await.map_err(gateway)?;
                let code_url = response.into_inner().code_url;
                let qr_svg = qr_svg(&code_url)?;
                Ok(Invoke::Native { code_url, qr_svg })
            }
            (Scene::Jsapi, None, _) => Err(ShopError::bad("openid", "is missing")),
            (Scene::H5, _, None) => Err(ShopError::bad("payer_client_ip", "is missing")),
        }
    }
}

/// The code as a picture in black on white, with its quiet zone.
///
/// Scanners fail without either, whatever the page looks like.
fn qr_svg(code_url: &str) -> Result<String, ShopError> {
    let code = QrCode::new(code_url).map_err(ShopError::QrCode)?;
    Ok(code
        .render::<svg::Color<'_>>()
        .min_dimensions(QR_EDGE, QR_EDGE)
        .build())
}

/// The buyer's platform, as far as the browser names it.
fn h5_kind(user_agent: Option<&str>) -> H5Type {
    let user_agent = user_agent.unwrap_or_default();
    if user_agent.contains("Android") {
        H5Type::Android
    } else if ["iPhone", "iPad", "iPod"]
        .iter()
        .any(|device| user_agent.contains(device))
    {
        H5Type::Ios
    } else {
        H5Type::Wap
    }
}
