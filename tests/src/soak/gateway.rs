//! A gateway for Native orders with signed responses; the soak is about notifications.

use std::net::SocketAddr;

use axum::{
    Router,
    body::Body,
    extract::State,
    http::{HeaderName, HeaderValue, Response},
};
use tokio::{net::TcpListener, task::JoinHandle};
use wechatpay_core::testing::{
    DEMO_API_V3_KEY, DEMO_APPID, DEMO_MCHID, DEMO_PUBLIC_KEY_ID, DEMO_SUB_MCHID, DemoKey, FakePlatform,
    private_key_pem, public_key_pem,
};

/// The gateway. Ends when it is dropped.
#[derive(Debug)]
pub struct Gateway {
    address: SocketAddr,
    public_key: String,
    server: JoinHandle<()>,
}

impl Gateway {
    /// Starts one.
    ///
    /// # Panics
    /// When there is no port for it.
    pub async fn start(platform: FakePlatform) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let public_key = public_key_pem(platform.demo_key(DemoKey::PublicKey).public_key_info());
        let app = Router::new().fallback(placed).with_state(platform);
        let server = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self {
            address,
            public_key,
            server,
        }
    }

    /// The variables of a shop that sells through it.
    #[must_use]
    pub fn variables(&self) -> Vec<(String, String)> {
        [
            ("WECHATPAY_MCHID", DEMO_MCHID.to_owned()),
            ("WECHATPAY_SUB_MCHID", DEMO_SUB_MCHID.to_owned()),
            ("WECHATPAY_APPID", DEMO_APPID.to_owned()),
            (
                "WECHATPAY_SERIAL_NO",
                "5157F09EFDC096DE15EBE81A47057A7232F1B8E1".to_owned(),
            ),
            (
                "WECHATPAY_PRIVATE_KEY",
                private_key_pem(DemoKey::Merchant.pkcs8()),
            ),
            ("WECHATPAY_API_V3_KEY", DEMO_API_V3_KEY.to_owned()),
            ("WECHATPAY_PUBLIC_KEY_ID", DEMO_PUBLIC_KEY_ID.to_owned()),
            ("WECHATPAY_PUBLIC_KEY", self.public_key.clone()),
            ("WECHATPAY_BASE_URL", format!("http://{}", self.address)),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec()
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn placed(State(platform): State<FakePlatform>) -> Response<Body> {
    let body = r#"{"code_url":"weixin://wxpay/bizpayurl?pr=p4lpSuKzz"}"#;
    let mut response = Response::new(Body::from(body));
    for (name, value) in platform.sign(body.as_bytes()) {
        response.headers_mut().insert(
            HeaderName::from_bytes(name.as_bytes()).unwrap(),
            HeaderValue::from_bytes(&value).unwrap(),
        );
    }
    response
}
