//! Leniency: members that do not decide never reject a genuine message.

mod any_value;
mod other_kinds;
mod payment;
mod responses;
mod routes;

use std::sync::LazyLock;

use serde_json::{Value, json};
use wechatpay_core::{
    api::transactions::Transaction,
    notify::{
        CombinedExpectation, Expectation, Notification, NotificationError, NotificationReceiver, Payee,
        Resource, SubOrderExpectation, VerifiedNotification,
    },
    testing::{DEMO_APPID, DEMO_MCHID, DEMO_SUB_MCHID, Delivery, DeliveryBuilder, FakePlatform},
    types::{Currency, Fen},
    verify::{JsonError, Verified},
};

const ORDER: &str = "1217752501201407033233368018";
const PAYMENT: &str = "4200001234202401011234567890";
const OTHERS: &str = "1900000333";

struct Rig {
    platform: FakePlatform,
    receiver: NotificationReceiver,
}

impl Rig {
    fn new() -> Self {
        let platform = FakePlatform::new();
        let receiver = platform.receiver();
        Self { platform, receiver }
    }

    fn receive(&self, delivery: &Delivery) -> Result<VerifiedNotification, NotificationError> {
        let pending = self.receiver.begin(&delivery.method, delivery.pairs())?;
        let ready = pending.ready();
        let ready = futures_ready(ready)?;
        ready.finish(delivery.body.clone())
    }

    fn decode<T: Resource>(
        &self,
        event: &str,
        original: &str,
        text: &str,
    ) -> Result<Notification<T>, NotificationError> {
        self.receive(&self.delivery(event, original, text).build())?
            .decode()
    }

    fn delivery(&self, event: &str, original: &str, text: &str) -> DeliveryBuilder {
        self.platform
            .delivery(event, original, &Value::Null)
            .plaintext(text)
    }

    fn payment(&self, text: &str) -> Result<Notification<Transaction>, NotificationError> {
        self.decode("TRANSACTION.SUCCESS", "transaction", text)
    }

    fn changed(&self, change: impl FnOnce(&mut Value)) -> Notification<Transaction> {
        let mut resource = self.platform.payment_resource(ORDER, 100);
        change(&mut resource);
        self.payment(&resource.to_string())
            .unwrap_or_else(|error| panic!("{resource}: {}", with_cause(&error)))
    }

    /// Reads a signed response.
    fn response<T: serde::de::DeserializeOwned>(&self, text: &str) -> Result<Verified<T>, JsonError> {
        let headers = self.platform.sign(text.as_bytes());
        let pairs = headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_slice()));
        let pending = self.receiver.verifier().begin(pairs).unwrap();
        let body = futures_ready(pending.key()).unwrap();
        body.verify(text.to_owned().into()).unwrap().json()
    }
}

static RIG: LazyLock<Rig> = LazyLock::new(Rig::new);

/// Polls a future once; with a pinned key it is ready.
fn futures_ready<F: Future>(future: F) -> F::Output {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match future.as_mut().poll(&mut context) {
        std::task::Poll::Ready(output) => output,
        std::task::Poll::Pending => panic!("a pinned key is waited for"),
    }
}

fn with_cause(error: &NotificationError) -> String {
    let cause = std::error::Error::source(error).map(|cause| format!(": {cause}"));
    format!("{error}{}", cause.unwrap_or_default())
}

fn expectation() -> Expectation {
    let payee = Payee::Partner {
        sp_appid: DEMO_APPID.parse().unwrap(),
        sp_mchid: DEMO_MCHID.parse().unwrap(),
        sub_mchid: DEMO_SUB_MCHID.parse().unwrap(),
    };
    Expectation::new(ORDER.parse().unwrap(), payee, Fen::from(100), Currency::Cny)
}

fn without(value: &mut Value, pointer: &str) {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    value
        .pointer_mut(parent)
        .unwrap()
        .as_object_mut()
        .unwrap()
        .remove(key);
}

fn refund() -> Value {
    json!({
        "sp_mchid": DEMO_MCHID, "sub_mchid": DEMO_SUB_MCHID, "out_trade_no": ORDER, "transaction_id": PAYMENT,
        "out_refund_no": "R1", "refund_id": "50", "refund_status": "SUCCESS", "user_received_account": "零钱",
        "amount": { "total": 2, "refund": 1, "payer_total": 2, "payer_refund": 1 },
    })
}

fn combined() -> Value {
    let order = |number: &str, payment: &str| {
        json!({
            "mchid": DEMO_MCHID, "sub_mchid": DEMO_SUB_MCHID, "out_trade_no": number, "trade_state": "SUCCESS",
            "transaction_id": payment, "amount": { "total_amount": 10, "payer_amount": 10, "currency": "CNY" },
        })
    };
    json!({
        "combine_appid": DEMO_APPID, "combine_mchid": DEMO_MCHID, "combine_out_trade_no": "COMBINED-1",
        "sub_orders": [order("ORDER-1", "41"), order("ORDER-2", "42")],
    })
}

fn combined_expectation() -> CombinedExpectation {
    let order = |number: &str| {
        SubOrderExpectation::partner(
            number.parse().unwrap(),
            DEMO_MCHID.parse().unwrap(),
            DEMO_SUB_MCHID.parse().unwrap(),
            Fen::from(10),
            Currency::Cny,
        )
    };
    let whole = "COMBINED-1".parse().unwrap();
    CombinedExpectation::new(whole, DEMO_APPID.parse().unwrap(), DEMO_MCHID.parse().unwrap())
        .sub_order(order("ORDER-1"))
        .sub_order(order("ORDER-2"))
}
