//! Selection of hosts, and the return to the main host.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use tower::{BoxError, Layer as _, ServiceExt as _, util::BoxCloneSyncService};
use wechatpay_core::{api::Idempotency, verify::Verifier};
use wechatpay_tower::{
    CallError, Client, Error, FailoverLayer, MaybeBuffered, NotSent, RequestBody, client::Outcome,
    retry::RetryPolicy,
};

use crate::bank::{Bank, Fault, ask, give_back};

const MAIN: &str = "api.mch.weixin.qq.com";
const BACKUP: &str = "api2.mch.weixin.qq.com";

/// Behaviour of a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Open,
    Closed,
    /// The request arrives, and the connection breaks before the response.
    Breaks,
    /// 502.
    Overloaded,
}

/// One bank behind several hosts.
#[derive(Clone)]
struct Network {
    bank: Bank,
    ways: Arc<Mutex<BTreeMap<String, Way>>>,
    visits: Arc<Mutex<Vec<String>>>,
}

impl Network {
    fn new() -> Self {
        Self {
            bank: Bank::failing([]),
            ways: Arc::default(),
            visits: Arc::default(),
        }
    }

    fn set(&self, host: &str, way: Way) {
        self.ways.lock().unwrap().insert(host.to_owned(), way);
    }

    /// Returns the hosts that were tried since the last call.
    fn visits(&self) -> Vec<String> {
        std::mem::take(&mut self.visits.lock().unwrap())
    }

    fn service(
        &self,
    ) -> BoxCloneSyncService<Request<MaybeBuffered<RequestBody>>, Response<Full<Bytes>>, BoxError> {
        let network = self.clone();
        let inner = self.bank.service::<MaybeBuffered<RequestBody>>();
        BoxCloneSyncService::new(tower::service_fn(
            move |request: Request<MaybeBuffered<RequestBody>>| {
                let (network, inner) = (network.clone(), inner.clone());
                async move {
                    let host = request.uri().host().unwrap().to_owned();
                    network.visits.lock().unwrap().push(host.clone());
                    let way = network.ways.lock().unwrap().get(&host).copied();
                    if way == Some(Way::Closed) {
                        return Err(NotSent("no route to host".into()).into());
                    }
                    let response = inner.oneshot(request).await?;
                    match way {
                        Some(Way::Breaks) => Err("connection reset by peer".into()),
                        Some(Way::Overloaded) => {
                            let mut page = Response::new(Full::new(Bytes::from_static(b"<html>")));
                            *page.status_mut() = http::StatusCode::BAD_GATEWAY;
                            Ok(page)
                        }
                        _ => Ok(response),
                    }
                }
            },
        ))
    }

    /// Makes a client without retries, so that each further visit is the layer's.
    fn client(&self) -> Client {
        self.build(|builder| builder.retry(RetryPolicy::none()))
    }

    fn build(
        &self,
        change: impl FnOnce(wechatpay_tower::client::ClientBuilder) -> wechatpay_tower::client::ClientBuilder,
    ) -> Client {
        let keys = self.bank.platform.key_store();
        change(self.bank.builder())
            .service(self.service(), Verifier::new(keys))
            .unwrap()
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_connection_the_backup_is_used_at_once_and_stays_in_use() {
    let network = Network::new();
    let client = network.client();
    client.call(&ask()).await.unwrap();
    assert_eq!(network.visits(), [MAIN]);

    network.set(MAIN, Way::Closed);
    client.call(&give_back()).await.unwrap();
    assert_eq!(network.visits(), [MAIN, BACKUP]);
    for _ in 0..3 {
        client.call(&ask()).await.unwrap();
    }
    assert_eq!(network.visits(), [BACKUP; 3]);
    assert_eq!(network.bank.moved().len(), 1);

    // What a clone knows, all know.
    client.clone().call(&ask()).await.unwrap();
    assert_eq!(network.visits(), [BACKUP]);
}

#[tokio::test(start_paused = true)]
async fn the_main_host_is_probed_by_one_request_and_used_when_it_responds() {
    let network = Network::new();
    let client = network.client();
    network.set(MAIN, Way::Closed);
    client.call(&ask()).await.unwrap();
    network.visits();

    // Still down: the request that tried it goes on to the backup, and the next ones stay there.
    tokio::time::advance(Duration::from_secs(301)).await;
    client.call(&ask()).await.unwrap();
    client.call(&ask()).await.unwrap();
    assert_eq!(network.visits(), [MAIN, BACKUP, BACKUP]);

    // Well again: the probe is answered, and all go back.
    tokio::time::advance(Duration::from_secs(301)).await;
    network.set(MAIN, Way::Open);
    client.call(&ask()).await.unwrap();
    client.call(&ask()).await.unwrap();
    assert_eq!(network.visits(), [MAIN, MAIN]);
}

#[tokio::test(start_paused = true)]
async fn one_request_probes_the_main_host_at_a_time() {
    let network = Network::new();
    let client = network.client();
    network.set(MAIN, Way::Closed);
    client.call(&ask()).await.unwrap();
    network.visits();
    tokio::time::advance(Duration::from_secs(301)).await;
    let calls: Vec<_> = (0..16)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.call(&ask()).await.map(drop) })
        })
        .collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    let visits = network.visits();
    assert_eq!(
        visits.iter().filter(|host| *host == MAIN).count(),
        1,
        "{visits:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn after_a_broken_connection_the_retry_goes_to_the_other_host() {
    let network = Network::new();
    network.set(MAIN, Way::Breaks);
    let client = network.build(|builder| builder);
    client.call(&ask()).await.unwrap();
    assert_eq!(network.visits(), [MAIN, BACKUP]);
    // The refund arrived at both, under one number, and moved once. The main host stays in use: it can be reached.
    client.call(&give_back()).await.unwrap();
    assert_eq!(network.visits(), [MAIN, BACKUP]);
    assert_eq!(network.bank.moved().values().sum::<i64>(), 300);

    // A host that is bad too is not asked twice in a row.
    network.set(BACKUP, Way::Overloaded);
    let error = client.call(&give_back()).await.unwrap_err();
    assert_eq!(network.visits(), [MAIN, BACKUP, MAIN]);
    assert_eq!(error.outcome(), Outcome::Unknown);

    // Sent once is sent once.
    let once = network.client();
    let error = once.call(&give_back()).await.unwrap_err();
    assert_eq!((error.outcome(), error.attempts().count()), (Outcome::Unknown, 1));
    once.call(&ask()).await.unwrap_err();
    assert_eq!(network.visits(), [MAIN, MAIN]);

    // The layer alone never sends again what may have arrived, whatever the request says of itself.
    let layer = FailoverLayer::platform();
    for (idempotency, visits) in [
        (None, 1),
        (Some(Idempotency::No), 1),
        (Some(Idempotency::ByNumber), 1),
        (Some(Idempotency::Safe), 1),
    ] {
        let mut request = Request::get(format!("https://{MAIN}/v3/x"))
            .body(RequestBody::default())
            .unwrap();
        if let Some(idempotency) = idempotency {
            request.extensions_mut().insert(idempotency);
        }
        let service = layer.layer(network.service_of_bodies());
        let outcome = service.oneshot(request).await;
        assert_eq!(network.visits().len(), visits, "{idempotency:?}");
        assert!(outcome.is_err(), "{idempotency:?}");
    }
}

impl Network {
    /// Makes the same service for unsigned requests, to test the layer alone.
    fn service_of_bodies(
        &self,
    ) -> BoxCloneSyncService<Request<RequestBody>, Response<Full<Bytes>>, BoxError> {
        let inner = self.service();
        BoxCloneSyncService::new(tower::service_fn(move |request: Request<RequestBody>| {
            inner.clone().oneshot(request.map(MaybeBuffered::stream))
        }))
    }
}

#[tokio::test(start_paused = true)]
async fn if_all_hosts_are_unreachable_nothing_was_sent() {
    let network = Network::new();
    network.set(MAIN, Way::Closed);
    network.set(BACKUP, Way::Closed);
    let error = network.client().call(&give_back()).await.unwrap_err();
    assert_eq!(network.visits(), [MAIN, BACKUP]);
    assert_eq!(error.outcome(), Outcome::NotSent);
    assert!(network.bank.moved().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_call_to_an_overloaded_host_is_repeated_at_the_other_one_and_the_host_stays_in_use() {
    let network = Network::new();
    network.set(MAIN, Way::Overloaded);
    let client = network.build(|builder| builder);
    client.call(&ask()).await.unwrap();
    assert_eq!(network.visits(), [MAIN, BACKUP]);
    network.set(MAIN, Way::Open);
    client.call(&ask()).await.unwrap();
    assert_eq!(network.visits(), [MAIN]);
}

#[tokio::test(start_paused = true)]
async fn an_error_response_does_not_switch_hosts() {
    let bank = Bank::always(Fault::Failed("SYSTEM_ERROR"));
    let client = bank.client(bank.builder().retry(RetryPolicy::none()));
    client.call(&ask()).await.unwrap_err();
    let hosts: Vec<_> = bank
        .requests()
        .iter()
        .map(|seen| seen.uri.host().map(str::to_owned))
        .collect();
    assert_eq!(hosts, [Some(MAIN.to_owned())]);
}

#[tokio::test(start_paused = true)]
async fn backups_are_the_platforms_or_the_callers_or_none() {
    let visits =
        |change: fn(wechatpay_tower::client::ClientBuilder) -> wechatpay_tower::client::ClientBuilder| {
            let network = Network::new();
            for host in [MAIN, BACKUP, "one.example", "two.example"] {
                network.set(host, Way::Closed);
            }
            async move {
                let client = network.build(|builder| change(builder).retry(RetryPolicy::none()));
                let error = client.call(&ask()).await.unwrap_err();
                assert!(
                    matches!(
                        error,
                        CallError::NotSent {
                            source: Error::Service(_),
                            ..
                        }
                    ),
                    "{error:?}"
                );
                network.visits()
            }
        };
    assert_eq!(visits(|builder| builder).await, [MAIN, BACKUP]);
    // Any spelling of the platform's address.
    assert_eq!(
        visits(|builder| builder.base_url("https://api.mch.weixin.qq.com/")).await,
        [MAIN, BACKUP]
    );
    assert_eq!(
        visits(|builder| builder.backups(Vec::<String>::new())).await,
        [MAIN]
    );
    // Another gateway has no backup that we know of.
    assert_eq!(
        visits(|builder| builder.base_url("https://one.example")).await,
        ["one.example"]
    );
    assert_eq!(
        visits(|builder| builder.backups(["https://one.example", "https://two.example"])).await,
        [MAIN, "one.example", "two.example"]
    );
    let network = Network::new();
    let wrong = network.bank.builder().backups(["https://one.example/path"]);
    let keys = network.bank.platform.key_store();
    assert!(wrong.service(network.service(), Verifier::new(keys)).is_err());
}

#[tokio::test]
async fn requests_to_other_hosts_pass_unchanged() {
    let network = Network::new();
    network.set("gateway.example", Way::Closed);
    let service = FailoverLayer::platform().layer(network.service_of_bodies());
    let request = Request::get("https://gateway.example/v3/x")
        .body(RequestBody::default())
        .unwrap();
    service.oneshot(request).await.unwrap_err();
    assert_eq!(network.visits(), ["gateway.example"]);
}

/// Real sockets: a closed port, a server without TLS, an unknown name.
#[tokio::test]
#[cfg(all(feature = "hyper", feature = "reqwest"))]
async fn refused_connections_broken_handshakes_and_unknown_names_switch_to_the_backup() {
    use axum::Router;
    use wechatpay_tower::{hyper::HyperTransport, reqwest::ReqwestService};

    let bank = Bank::failing([]);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let open = listener.local_addr().unwrap();
    let gateway = bank.service::<axum::body::Body>();
    let service = tower::service_fn(move |request| {
        let gateway = gateway.clone();
        async move { Ok::<_, std::convert::Infallible>(gateway.oneshot(request).await.unwrap()) }
    });
    tokio::spawn(async move {
        axum::serve(listener, Router::new().fallback_service(service))
            .await
            .unwrap();
    });
    let closed = {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap()
    };
    let redirects_off = ::reqwest::Client::builder()
        .no_proxy()
        .redirect(::reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    for main in [
        format!("http://{closed}"),
        format!("https://{open}"),
        "https://no-such-host.invalid".to_owned(),
    ] {
        let builder = || {
            bank.builder()
                .base_url(main.as_str())
                .backups([format!("http://{open}")])
                .retry(RetryPolicy::none())
        };
        let verifier = || Verifier::new(bank.platform.key_store());
        let hyper = builder()
            .service(HyperTransport::new().unwrap(), verifier())
            .unwrap();
        hyper
            .call(&ask())
            .await
            .unwrap_or_else(|error| panic!("hyper, {main}: {error:?}"));
        let reqwest = builder()
            .service(ReqwestService::new(redirects_off.clone()), verifier())
            .unwrap();
        reqwest
            .call(&ask())
            .await
            .unwrap_or_else(|error| panic!("reqwest, {main}: {error:?}"));
    }
    assert_eq!(bank.requests().len(), 6);
}
