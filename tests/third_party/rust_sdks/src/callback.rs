//! The merchant's notification route: responds to each delivery as the SDK judges it.

use axum::{
    Router,
    body::Bytes,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use tokio::sync::{mpsc, oneshot};

/// One delivery. The sender waits for [`Delivery::response`].
pub(crate) struct Delivery {
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    accepted: oneshot::Sender<bool>,
}

impl Delivery {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    fn response(self, accepted: bool) {
        self.accepted.send(accepted).unwrap();
    }
}

/// A listener on a free port, and its deliveries.
pub(crate) struct Callback {
    pub(crate) url: String,
    deliveries: mpsc::Receiver<Delivery>,
}

impl Callback {
    pub(crate) async fn listen() -> Self {
        let (sender, deliveries) = mpsc::channel(16);
        let notify = move |headers: HeaderMap, body: Bytes| {
            let sender = sender.clone();
            async move {
                let (accepted, response) = oneshot::channel();
                let delivery = Delivery {
                    headers,
                    body,
                    accepted,
                };
                sender.send(delivery).await.unwrap();
                match response.await.unwrap() {
                    true => StatusCode::NO_CONTENT,
                    false => StatusCode::UNAUTHORIZED,
                }
            }
        };
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://{}/wechatpay/notify", listener.local_addr().unwrap());
        let router = Router::new().route("/wechatpay/notify", post(notify));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, deliveries }
    }

    /// The first delivery that `verify` accepts.
    ///
    /// Rejected ones (signature probes) get 401.
    pub(crate) async fn accept<T>(&mut self, verify: impl AsyncFn(&Delivery) -> Result<T, String>) -> T {
        let accepted = async {
            loop {
                let delivery = self.deliveries.recv().await.unwrap();
                match verify(&delivery).await {
                    Ok(value) => {
                        delivery.response(true);
                        return value;
                    }
                    Err(error) => {
                        crate::say(&format!("REFUSED {error}"));
                        delivery.response(false);
                    }
                }
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(30), accepted)
            .await
            .expect("no notification that the SDK accepts")
    }
}
