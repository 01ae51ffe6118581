//! One table of deliveries: good, broken and hostile. Each entry point runs all of it.
//!
//! A row says once what goes over the wire, the required response, and whether the handler may run. Adding a row adds a test
//! of every entry point.

mod request;
mod resource;
mod signature;

use std::sync::Arc;

use serde_json::{Value, json};
use wechatpay_core::{
    Clock,
    keys::PinnedKeys,
    notify::NotificationReceiver,
    testing::{DEMO_APPID, DEMO_MCHID, DEMO_SUB_MCHID, Delivery, DeliveryBuilder, DemoKey, FakePlatform},
};

/// A delivery and its expected result.
#[derive(Clone, Debug)]
pub struct Row {
    /// A name for people.
    pub name: String,
    /// The request.
    pub delivery: Delivery,
    /// Expected status; the handler runs exactly when it is 204.
    pub status: u16,
    /// Expected code of the rejection, `accepted` for none.
    pub code: &'static str,
}

impl Row {
    /// Returns true if the `http` crate can hold the delivery's headers.
    ///
    /// Servers on that crate refuse all others before us.
    #[must_use]
    pub fn fits_http(&self) -> bool {
        self.delivery.headers.iter().all(|(_, value)| {
            value
                .iter()
                .all(|byte| *byte == b'\t' || (*byte >= 0x20 && *byte != 0x7F))
        })
    }
}

/// The platform of the table. Its clock is fixed, for rows at the window's edge.
#[must_use]
pub fn platform() -> FakePlatform {
    FakePlatform::new().clock(Clock::fixed(1_790_000_000))
}

/// The receiver of the table: the demo merchant with one app and one sub-merchant.
///
/// It trusts the demo public key, a certificate, and an expired one.
#[must_use]
pub fn receiver(platform: &FakePlatform) -> NotificationReceiver {
    let certificate = |key, serial: &[u8], shift: i64| {
        let mut spec = platform.certificate_spec(key, serial);
        spec.not_after += shift;
        platform.platform_key(&platform.issue(&spec))
    };
    let keys = PinnedKeys::new([
        platform.pinned_public_key(),
        certificate(DemoKey::Platform1, &CERTIFICATE, 0),
        certificate(DemoKey::Platform2, &EXPIRED, -4 * 365 * 24 * 3600),
    ]);
    NotificationReceiver::builder(
        DEMO_MCHID.parse().unwrap(),
        platform.api_v3_key().clone(),
        Arc::new(keys),
    )
    .provider(Arc::clone(platform.provider()))
    .clock(Clock::fixed(platform.now()))
    .appid(DEMO_APPID.parse().unwrap())
    .sub_mchid(DEMO_SUB_MCHID.parse().unwrap())
    .build()
    .unwrap()
}

const CERTIFICATE: [u8; 4] = [0x0A, 0xBC, 0xDE, 0xF0];
const EXPIRED: [u8; 4] = [0x5E, 0xAD, 0xBE, 0xEF];
const ORDER: &str = "1217752501201407033233368018";

struct Table {
    platform: FakePlatform,
    rows: Vec<Row>,
}

impl Table {
    fn add(&mut self, name: impl Into<String>, status: u16, code: &'static str, delivery: Delivery) {
        self.rows.push(Row {
            name: name.into(),
            delivery,
            status,
            code,
        });
    }

    fn payment(&self) -> Delivery {
        self.platform.payment(ORDER, 100)
    }

    fn builder(&self) -> DeliveryBuilder {
        self.platform.payment_builder(ORDER, 100)
    }

    /// A payment whose plaintext was changed before encryption.
    fn changed(&self, change: impl FnOnce(&mut Value)) -> Delivery {
        let mut resource = self.platform.payment_resource(ORDER, 100);
        change(&mut resource);
        self.builder().plaintext(resource.to_string()).build()
    }

    /// A payment whose envelope was changed before it was signed.
    fn enveloped(&self, change: impl FnOnce(&mut Value)) -> Delivery {
        let mut envelope: Value = serde_json::from_slice(&self.payment().body).unwrap();
        change(&mut envelope);
        self.builder().body(envelope.to_string()).build()
    }

    fn text(&self) -> String {
        String::from_utf8(self.payment().body.to_vec()).unwrap()
    }
}

/// The table.
#[must_use]
pub fn table(platform: &FakePlatform) -> Vec<Row> {
    let mut table = Table {
        platform: platform.clone(),
        rows: Vec::new(),
    };
    request::good(&mut table);
    request::method_and_media(&mut table);
    request::headers(&mut table);
    request::window_and_keys(&mut table);
    signature::signatures(&mut table);
    resource::envelopes(&mut table);
    resource::sealing(&mut table);
    resource::plaintexts(&mut table);
    resource::kinds_and_merchants(&mut table);
    table.rows
}

impl Table {
    fn resource_text(&self, change: impl FnOnce(String) -> String) -> Delivery {
        let text = self.platform.payment_resource(ORDER, 100).to_string();
        self.builder().plaintext(change(text)).build()
    }

    fn enveloped_null(&self, member: &str) -> Delivery {
        let body = self.builder().associated_data(json!("")).build().body;
        let mut envelope: Value = serde_json::from_slice(&body).unwrap();
        envelope["resource"][member] = Value::Null;
        self.builder().body(envelope.to_string()).build()
    }
}
