//! One call of an endpoint, and what every endpoint does with it.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use wechatpay_core::types::SerialNumber;

use crate::gateway::{
    Notes, Received, Refusal,
    auth::signature,
    validate::{self, Checked, Fields, parameters::Parameters, sensitive},
};
use crate::{
    faults::Fired,
    gateway::Gateway,
    world::{
        lints::Finding,
        merchants::state::Merchant,
        orders::{
            key::{OrderKey, Space},
            scene::Scene,
            state::Order,
        },
        random::Ids,
    },
};

/// A request whose signature was good, and all that answering it needs.
pub(super) struct Call<'a> {
    pub(super) gateway: &'a Gateway,
    pub(super) merchant: &'a Arc<Merchant>,
    /// Of the merchant's certificate whose key signed.
    pub(super) serial: &'a SerialNumber,
    pub(super) received: &'a Received,
    /// Fields of its endpoint; none if only a stub can respond.
    pub(super) fields: Fields,
    /// Faults of the call.
    pub(super) fired: &'a Fired,
    pub(super) ids: &'a Ids,
    pub(super) notes: &'a mut Notes,
}

impl Call<'_> {
    pub(super) fn now(&self) -> i64 {
        self.notes.at
    }

    pub(super) fn mchid(&self) -> String {
        self.merchant.mchid.as_str().to_owned()
    }

    /// An order that the caller may name.
    pub(super) fn order(&self, key: &OrderKey) -> Option<Order> {
        self.gateway.world.orders.get(key, self.now())
    }

    /// The caller's order, not a combined one, that was paid under the platform's number.
    pub(super) fn order_of_transaction(&self, id: &str) -> Option<Order> {
        let key = self.key_of_transaction(id)?;
        self.order(&key).filter(|order| order.key.space == Space::Order)
    }

    /// Key of whatever the caller was paid for under the platform's number.
    pub(super) fn key_of_transaction(&self, id: &str) -> Option<OrderKey> {
        let key = self.gateway.world.orders.key_of_transaction(id)?;
        (self.merchant.mchid == key.mchid.as_str()).then_some(key)
    }

    /// The body, if it fits the fields of the endpoint.
    pub(super) fn body(&mut self) -> Result<Checked, Refusal> {
        // The scene is of no account where no row names one.
        self.body_of(Scene::Native)
    }

    /// The body of an order of this scene, by the fields of the endpoint.
    pub(super) fn body_of(&mut self, scene: Scene) -> Result<Checked, Refusal> {
        let body = validate::check(&self.received.body, self.fields.body, scene)
            .map_err(validate::Problem::refusal)?;
        if let Some(number) = body.text("/out_trade_no") {
            self.notes.out_trade_no = Some(number.to_owned());
        }
        for pointer in &body.empty {
            self.notes.lint(Finding::NullOrEmptyField {
                pointer: pointer.clone(),
            })?;
        }
        sensitive::check(self.gateway, self.received, &body)?;
        Ok(body)
    }

    /// The query parameters of the endpoint, and no others.
    pub(super) fn parameters(&self) -> Result<Parameters, Refusal> {
        Parameters::read(self.received.query(), self.fields.required, self.fields.optional)
    }

    /// Whoever is named as the caller must be the one that signed.
    pub(super) fn is_caller(&mut self, mchid: &str, field: &str) -> Result<(), Refusal> {
        if self.merchant.mchid == mchid {
            Ok(())
        } else {
            Err(signature::other_merchant(self.notes, field))
        }
    }

    /// A sensitive text, sealed to the merchant's certificate whose key signed the request, in base64.
    pub(super) fn sealed(&self, plaintext: &str) -> Result<String, Refusal> {
        self.merchant
            .key(self.serial)
            .and_then(|key| key.public.encrypt(plaintext.as_bytes()).ok())
            .map(|ciphertext| STANDARD.encode(ciphertext))
            .ok_or_else(Refusal::system_error)
    }
}
