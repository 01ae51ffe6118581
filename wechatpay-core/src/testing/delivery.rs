//! Notifications for tests, genuine or with defects.

use bytes::Bytes;
use serde_json::{Value, json};

use super::{DEMO_APPID, DEMO_SUB_MCHID, FakePlatform};
use crate::{base64, crypto::PrivateKey, types::KeyId};
use std::sync::Arc;

/// Delivery of one notification as an HTTP request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The HTTP method.
    pub method: String,
    /// Header pairs. A name may occur twice.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The raw body.
    pub body: Bytes,
}

impl Delivery {
    /// Returns the pairs that [`NotificationReceiver::begin`](crate::notify::NotificationReceiver::begin) takes.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &[u8])> + Clone {
        self.headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_slice()))
    }

    /// Returns the first value of a header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&[u8]> {
        self.headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_slice())
    }

    /// Replaces or adds a header.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: impl Into<Vec<u8>>) -> Self {
        self.headers.retain(|(key, _)| !key.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// Adds a header, even if it exists.
    #[must_use]
    pub fn and_header(mut self, name: &str, value: impl Into<Vec<u8>>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// Removes a header.
    #[must_use]
    pub fn without_header(mut self, name: &str) -> Self {
        self.headers.retain(|(key, _)| !key.eq_ignore_ascii_case(name));
        self
    }

    /// Replaces the body and keeps the signature.
    #[must_use]
    pub fn with_body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// Replaces the method.
    #[must_use]
    pub fn with_method(mut self, method: &str) -> Self {
        method.clone_into(&mut self.method);
        self
    }
}

/// Builds a [`Delivery`], genuine unless a part is changed.
///
/// Plaintext, encryption, envelope and signature can be changed.
#[derive(Clone, Debug)]
#[must_use = "call build()"]
pub struct DeliveryBuilder {
    platform: FakePlatform,
    id: String,
    event_type: String,
    original_type: Value,
    associated_data: Value,
    plaintext: Vec<u8>,
    nonce: String,
    algorithm: String,
    ciphertext: Option<String>,
    envelope_extra: Vec<(String, Value)>,
    body: Option<Bytes>,
    key: Option<(KeyId, Arc<dyn PrivateKey>)>,
    signed_at: Option<String>,
    header_nonce: String,
}

impl DeliveryBuilder {
    pub(super) fn new(
        platform: FakePlatform,
        event_type: &str,
        original_type: &str,
        plaintext: Vec<u8>,
    ) -> Self {
        let number = platform.next_number();
        Self {
            id: format!("00000000-0000-4000-8000-{number:012}"),
            event_type: event_type.to_owned(),
            original_type: json!(original_type),
            associated_data: json!(original_type),
            plaintext,
            nonce: format!("nonce{number:07}"),
            algorithm: "AEAD_AES_256_GCM".to_owned(),
            ciphertext: None,
            envelope_extra: Vec::new(),
            body: None,
            key: None,
            signed_at: None,
            header_nonce: format!("{number:032x}"),
            platform,
        }
    }

    /// Sets the id of the notification.
    pub fn id(mut self, id: &str) -> Self {
        id.clone_into(&mut self.id);
        self
    }

    /// Sets the kind of event.
    pub fn event_type(mut self, event_type: &str) -> Self {
        event_type.clone_into(&mut self.event_type);
        self
    }

    /// Sets `resource.original_type`, any JSON; `null` removes it.
    pub fn original_type(mut self, original_type: Value) -> Self {
        self.original_type = original_type;
        self
    }

    /// Sets `resource.associated_data`, any JSON; `null` removes it.
    pub fn associated_data(mut self, associated_data: Value) -> Self {
        self.associated_data = associated_data;
        self
    }

    /// Sets the plaintext that is encrypted.
    pub fn plaintext(mut self, plaintext: impl Into<Vec<u8>>) -> Self {
        self.plaintext = plaintext.into();
        self
    }

    /// Sets `resource.nonce`. A length other than 12 requires [`ciphertext`](Self::ciphertext).
    pub fn resource_nonce(mut self, nonce: &str) -> Self {
        nonce.clone_into(&mut self.nonce);
        self
    }

    /// Sets `resource.algorithm`.
    pub fn algorithm(mut self, algorithm: &str) -> Self {
        algorithm.clone_into(&mut self.algorithm);
        self
    }

    /// Sets `resource.ciphertext` instead of the encrypted plaintext.
    pub fn ciphertext(mut self, ciphertext: impl Into<String>) -> Self {
        self.ciphertext = Some(ciphertext.into());
        self
    }

    /// Adds or replaces a member of the envelope.
    pub fn envelope(mut self, key: &str, value: Value) -> Self {
        self.envelope_extra.push((key.to_owned(), value));
        self
    }

    /// Sets the whole body instead of the envelope. It is signed as it is.
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Signs with this key and names it by this id.
    pub fn signed_by(mut self, id: KeyId, key: Arc<dyn PrivateKey>) -> Self {
        self.key = Some((id, key));
        self
    }

    /// Sets the timestamp that is signed, as text.
    pub fn signed_at(mut self, timestamp: impl std::fmt::Display) -> Self {
        self.signed_at = Some(format!("{timestamp}"));
        self
    }

    /// Sets the nonce that is signed.
    pub fn header_nonce(mut self, nonce: &str) -> Self {
        nonce.clone_into(&mut self.header_nonce);
        self
    }

    /// Encrypts and signs the delivery.
    ///
    /// # Panics
    /// Panics if the resource nonce does not have 12 bytes and no ciphertext is set.
    #[must_use]
    pub fn build(self) -> Delivery {
        let body = self.body.clone().unwrap_or_else(|| self.envelope_body());
        let (id, key) = self.key.clone().unwrap_or_else(|| self.platform.signing_key());
        let timestamp = self
            .signed_at
            .clone()
            .unwrap_or_else(|| self.platform.now().to_string());
        let mut headers: Vec<(String, Vec<u8>)> = vec![
            ("Content-Type".into(), b"application/json".to_vec()),
            ("User-Agent".into(), b"Mozilla/4.0".to_vec()),
            ("Accept".into(), b"*/*".to_vec()),
        ];
        headers.extend(FakePlatform::sign_with(
            &id,
            key.as_ref(),
            &timestamp,
            &self.header_nonce,
            &body,
        ));
        Delivery {
            method: "POST".into(),
            headers,
            body,
        }
    }

    fn envelope_body(&self) -> Bytes {
        let ciphertext = self.ciphertext.clone().unwrap_or_else(|| {
            let associated_data = self.associated_data.as_str().unwrap_or_default();
            base64::encode(
                self.platform
                    .seal(&self.nonce, associated_data, self.plaintext.clone()),
            )
        });
        let mut resource =
            json!({ "algorithm": self.algorithm, "ciphertext": ciphertext, "nonce": self.nonce });
        let mut envelope = json!({
            "id": self.id,
            "create_time": "2018-06-08T10:34:56+08:00",
            "resource_type": "encrypt-resource",
            "event_type": self.event_type,
            "summary": "支付成功",
        });
        if let (Some(resource), Some(envelope)) = (resource.as_object_mut(), envelope.as_object_mut()) {
            for (key, value) in [
                ("original_type", &self.original_type),
                ("associated_data", &self.associated_data),
            ] {
                if !value.is_null() {
                    resource.insert(key.into(), value.clone());
                }
            }
            envelope.insert("resource".into(), Value::Object(resource.clone()));
            for (key, value) in &self.envelope_extra {
                envelope.insert(key.clone(), value.clone());
            }
        }
        envelope.to_string().into()
    }
}

/// Adds the members of an object to another one.
fn extend(object: &mut Value, members: Value) {
    if let (Value::Object(object), Value::Object(members)) = (object, members) {
        object.extend(members);
    }
}

impl FakePlatform {
    /// Creates a genuine payment notification: `total` fen for order `out_trade_no`.
    ///
    /// It is in partner mode, unless the platform is [`direct`](Self::direct).
    #[must_use]
    pub fn payment(&self, out_trade_no: &str, total: i64) -> Delivery {
        self.payment_builder(out_trade_no, total).build()
    }

    /// Starts a payment notification that can be changed before it is encrypted and signed.
    pub fn payment_builder(&self, out_trade_no: &str, total: i64) -> DeliveryBuilder {
        let plaintext = self.payment_resource(out_trade_no, total).to_string();
        DeliveryBuilder::new(
            self.clone(),
            "TRANSACTION.SUCCESS",
            "transaction",
            plaintext.into_bytes(),
        )
    }

    /// Returns the resource of such a payment as JSON.
    #[must_use]
    pub fn payment_resource(&self, out_trade_no: &str, total: i64) -> Value {
        let mut resource = json!({
            "out_trade_no": out_trade_no,
            "transaction_id": "4200001234202401011234567890",
            "trade_type": "JSAPI",
            "trade_state": "SUCCESS",
            "trade_state_desc": "支付成功",
            "bank_type": "CMC",
            "attach": "自定义数据",
            "success_time": "2024-01-01T12:34:56+08:00",
            "amount": { "total": total, "payer_total": total, "currency": "CNY", "payer_currency": "CNY" },
            "scene_info": { "device_id": "013467007045764" },
        });
        let openid = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o";
        let of_mode = if self.is_direct {
            json!({ "appid": DEMO_APPID, "payer": { "openid": openid } })
        } else {
            json!({ "sp_appid": DEMO_APPID, "payer": { "sp_openid": openid } })
        };
        extend(&mut resource, self.merchants());
        extend(&mut resource, of_mode);
        resource
    }

    /// Members that name the merchants.
    fn merchants(&self) -> Value {
        if self.is_direct {
            json!({ "mchid": self.mchid })
        } else {
            json!({ "sp_mchid": self.mchid, "sub_mchid": DEMO_SUB_MCHID })
        }
    }

    /// Creates a genuine refund notification: `refund` fen.
    ///
    /// It is in partner mode, unless the platform is [`direct`](Self::direct).
    #[must_use]
    pub fn refund(&self, out_trade_no: &str, out_refund_no: &str, refund: i64) -> Delivery {
        self.refund_builder(out_trade_no, out_refund_no, refund).build()
    }

    /// Starts a refund notification that can be changed before it is encrypted and signed.
    pub fn refund_builder(&self, out_trade_no: &str, out_refund_no: &str, refund: i64) -> DeliveryBuilder {
        let mut plaintext = json!({
            "out_trade_no": out_trade_no,
            "transaction_id": "4200001234202401011234567890",
            "out_refund_no": out_refund_no,
            "refund_id": "50000000382019052709732678859",
            "refund_status": "SUCCESS",
            "success_time": "2024-01-02T12:34:56+08:00",
            "user_received_account": "支付用户零钱",
            "amount": { "total": refund, "refund": refund, "payer_total": refund, "payer_refund": refund },
        });
        extend(&mut plaintext, self.merchants());
        DeliveryBuilder::new(
            self.clone(),
            "REFUND.SUCCESS",
            "refund",
            plaintext.to_string().into_bytes(),
        )
    }

    /// Starts a notification of any kind.
    pub fn delivery(&self, event_type: &str, original_type: &str, plaintext: &Value) -> DeliveryBuilder {
        DeliveryBuilder::new(
            self.clone(),
            event_type,
            original_type,
            plaintext.to_string().into_bytes(),
        )
    }
}
