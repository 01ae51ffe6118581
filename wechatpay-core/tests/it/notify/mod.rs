//! Receiving notifications: order of checks, responses, data for a handler.

mod combined;
mod confirm;
mod counters;
mod directory;
mod envelope;
mod kinds;
mod merchants;
mod order;
mod plaintext;
mod redaction;
mod request;
mod sealed;
mod signature;
mod unexpected;

use std::error::Error;

use serde_json::{Value, json};
use wechatpay_core::{
    Clock,
    api::transactions::Transaction,
    keys::PlatformKey,
    notify::{Nack, Notification, NotificationError, NotificationReceiver, VerifiedNotification},
    testing::{Delivery, DeliveryBuilder, DemoKey, FakePlatform},
};

use crate::support::providers;

const NOW: i64 = 1_700_000_000;
const ORDER: &str = "1217752501201407033233368018";

/// Text in every place that an error must not show.
const CANARY: &str = "CANARY";

/// Platform and a receiver that trusts it.
struct Rig {
    name: &'static str,
    platform: FakePlatform,
    receiver: NotificationReceiver,
}

fn rigs() -> Vec<Rig> {
    let rig = |(name, provider)| {
        let platform = FakePlatform::with_provider(provider).clock(Clock::fixed(NOW));
        let receiver = platform.receiver();
        Rig {
            name,
            platform,
            receiver,
        }
    };
    providers().into_iter().map(rig).collect()
}

async fn receive(
    receiver: &NotificationReceiver,
    delivery: &Delivery,
) -> Result<VerifiedNotification, NotificationError> {
    let pending = receiver.begin(&delivery.method, delivery.pairs())?;
    let ready = pending.ready().await?;
    ready.finish(delivery.body.clone())
}

async fn payment(
    receiver: &NotificationReceiver,
    delivery: &Delivery,
) -> Result<Notification<Transaction>, NotificationError> {
    receive(receiver, delivery).await?.decode()
}

/// Returns Display and Debug of an error and of its sources.
fn all_text(error: &(dyn Error + 'static)) -> String {
    let mut text = format!("{error} {error:?}");
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(&format!(" {cause} {cause:?}"));
        next = cause.source();
    }
    text
}

impl Rig {
    /// Creates a payment with the canary in every private member.
    fn canary_resource(&self) -> Value {
        let mut resource = self.platform.payment_resource(ORDER, 100);
        resource["payer"]["sp_openid"] = json!(format!("o{CANARY}"));
        resource["attach"] = json!(CANARY);
        resource["added_later"] = json!(CANARY);
        resource
    }

    fn builder(&self) -> DeliveryBuilder {
        self.platform
            .payment_builder(ORDER, 100)
            .plaintext(self.canary_resource().to_string())
            .header_nonce(&format!("{CANARY}nonce"))
            .envelope("summary", json!(CANARY))
    }

    fn with_resource(&self, change: impl FnOnce(&mut Value)) -> Delivery {
        let mut resource = self.canary_resource();
        change(&mut resource);
        self.builder().plaintext(resource.to_string()).build()
    }

    fn with_text(&self, plaintext: impl Into<Vec<u8>>) -> Delivery {
        self.builder().plaintext(plaintext).build()
    }

    fn genuine(&self) -> Delivery {
        self.builder().build()
    }

    fn certificate(&self, not_after: i64) -> PlatformKey {
        let mut spec = self.platform.certificate_spec(DemoKey::Platform1, &[0xAB, 0xCD]);
        spec.not_after = not_after;
        self.platform.platform_key(&self.platform.issue(&spec))
    }

    /// Delivers, and checks the properties of every rejection.
    async fn rejection(&self, case: &str, delivery: &Delivery) -> NotificationError {
        self.rejection_of(&self.receiver, case, delivery).await
    }

    async fn rejection_of(
        &self,
        receiver: &NotificationReceiver,
        case: &str,
        delivery: &Delivery,
    ) -> NotificationError {
        let before: u64 = receiver.counters().iter().map(|(_, count)| count).sum();
        let accepted = receiver.counters().get("accepted");
        let outcome = payment(receiver, delivery).await;
        let error = match outcome {
            Err(error) => error,
            Ok(_) => panic!("{}: {case} was accepted", self.name),
        };
        let code = error.code();
        assert!(!error.status().is_success(), "{}: {case}", self.name);
        assert!(
            !all_text(&error).contains(CANARY),
            "{}: {case} shows what it may not: {}",
            self.name,
            all_text(&error)
        );
        let rejection = Nack::from(&error);
        assert_eq!(rejection.status(), error.status(), "{}: {case}", self.name);
        let body: Value = serde_json::from_str(rejection.body()).unwrap();
        assert_eq!(body["code"], "FAIL", "{}: {case}", self.name);
        assert_eq!(
            rejection.content_type(),
            "application/json",
            "{}: {case}",
            self.name
        );
        // Counted once by its kind; what was verified and then did not decode has been counted as accepted too.
        let newly_accepted = receiver.counters().get("accepted") - accepted;
        let after: u64 = receiver.counters().iter().map(|(_, count)| count).sum();
        assert_eq!(
            after - before,
            1 + newly_accepted,
            "{}: {case}: {code} was not counted",
            self.name
        );
        assert!(
            receiver.counters().get(code) > 0,
            "{}: {case}: {code} was not counted",
            self.name
        );
        error
    }

    async fn expect(&self, status: u16, code: &str, cases: Vec<(&str, Delivery)>) {
        for (case, delivery) in cases {
            let error = self.rejection(case, &delivery).await;
            assert_eq!(
                (error.status().as_u16(), error.code()),
                (status, code),
                "{}: {case}: {error}",
                self.name
            );
        }
    }

    async fn accept(&self, cases: Vec<(&str, Delivery)>) {
        for (case, delivery) in cases {
            let outcome = payment(&self.receiver, &delivery).await;
            assert!(outcome.is_ok(), "{}: {case}: {}", self.name, outcome.unwrap_err());
        }
    }
}
