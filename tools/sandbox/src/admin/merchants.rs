//! Merchants: list, add, change.

use axum::{
    extract::{Path, State},
    response::IntoResponse,
};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::Serialize;
use serde_json::{Value, json};
use wechatpay_core::types::SerialNumber;

use super::{Problem, Reply, Sandbox, parsed, read, reply, value, with};
use crate::{
    MerchantCertificate, MerchantChange, MerchantError, MerchantSpec,
    handle::{credentials, engine::Engine},
    world::merchants::{self, state::Merchant},
};

/// Settings that no change reaches, and the advice.
const FIXED: [(&str, &str); 4] = [
    ("mchid", "a merchant keeps its number; add another merchant"),
    (
        "kind",
        "a merchant keeps its kind, for orders under way depend on it; add another merchant",
    ),
    (
        "certificates",
        "POST /merchants/{mchid}/certs registers one, and …/certs/{serial_no}/revoke revokes one",
    ),
    (
        "revoked",
        "POST /merchants/{mchid}/certs/{serial_no}/revoke revokes one",
    ),
];

/// A merchant as the API shows it.
#[derive(Serialize)]
struct MerchantView {
    /// Without its secrets.
    #[serde(flatten)]
    merchant: MerchantSpec,
    /// Of the certificates that it may sign with.
    serial_nos: Vec<SerialNumber>,
    revoked_serial_nos: Vec<SerialNumber>,
    /// True if the sandbox has a valid private key, so that it can export settings.
    has_private_key: bool,
}

impl MerchantView {
    fn of(merchant: &Merchant) -> Self {
        let serial_nos = |is_revoked: bool| {
            let keys = merchant.keys.iter().filter(|key| key.is_revoked == is_revoked);
            keys.map(|key| key.serial.clone()).collect()
        };
        Self {
            merchant: MerchantSpec::public(merchant),
            serial_nos: serial_nos(false),
            revoked_serial_nos: serial_nos(true),
            has_private_key: merchant.valid_keys().any(|key| key.private_pem.is_some()),
        }
    }
}

pub(super) async fn list(State(engine): Sandbox) -> Reply {
    let merchants: Value = engine
        .world
        .merchants
        .iter()
        .map(|merchant| value(&MerchantView::of(&merchant)))
        .collect();
    Ok(reply(&json!({ "merchants": merchants })))
}

pub(super) async fn one(State(engine): Sandbox, Path(mchid): Path<String>) -> Reply {
    let merchant = engine.world.merchants.get(&mchid).ok_or_else(nobody)?;
    Ok(reply(&shown(&engine, &merchant)))
}

/// Adds a merchant. Missing name, APIv3 key and certificate are generated.
pub(super) async fn add(State(engine): Sandbox, headers: HeaderMap, body: Bytes) -> Reply {
    let mut spec: MerchantSpec = read(&headers, &body)?;
    if spec.certificates.is_empty() {
        spec.certificates.push(MerchantCertificate::default());
    }
    // Making a key takes a while.
    let added = tokio::task::spawn_blocking(move || {
        let merchant = merchants::add(&engine.world, spec)?;
        Ok::<_, MerchantError>(shown(&engine, &merchant))
    });
    let body = added.await.map_err(Problem::conflict)??;
    Ok(created(&body))
}

/// Changes settings; missing members stay unchanged.
pub(super) async fn change(
    State(engine): Sandbox,
    Path(mchid): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Reply {
    let body: Value = read(&headers, &body)?;
    for (field, advice) in FIXED {
        if body.get(field).is_some() {
            return Err(Problem::bad(format!("{field}: {advice}")));
        }
    }
    let change: MerchantChange = parsed(body)?;
    if change.is_empty() {
        return Err(Problem::bad(
            "nothing is to change: name, appids, sub_merchants, share_notify_url and api_v3_key can",
        ));
    }
    let merchant = merchants::change(&engine.world, &mchid, change)?;
    Ok(reply(&shown(&engine, &merchant)))
}

/// Registers an API certificate. Missing serial and key are generated.
pub(super) async fn register(
    State(engine): Sandbox,
    Path(mchid): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Reply {
    let certificate: MerchantCertificate = read(&headers, &body)?;
    let change = MerchantChange::new().certificate(certificate);
    // Making a key takes a while.
    let registered = tokio::task::spawn_blocking(move || {
        let merchant = merchants::change(&engine.world, &mchid, change)?;
        let serial = merchant.keys.last().map(|key| &key.serial);
        let config = serial.and_then(|serial| credentials::config_with(&engine, &merchant, serial));
        let env = config.map(|config| credentials::env_lines_of(&config));
        Ok::<_, MerchantError>(with(
            value(&MerchantView::of(&merchant)),
            [("serial_no", json!(serial)), ("env", json!(env))],
        ))
    });
    let body = registered.await.map_err(Problem::conflict)??;
    Ok(created(&body))
}

/// Revokes an API certificate, for good.
pub(super) async fn revoke(
    State(engine): Sandbox,
    Path((mchid, serial_no)): Path<(String, String)>,
) -> Reply {
    // What is no serial is nobody's.
    let serial = SerialNumber::parse(&serial_no).map_err(|_| MerchantError::NoCertificate)?;
    let merchant = merchants::change(&engine.world, &mchid, MerchantChange::new().revoke(serial))?;
    Ok(reply(&shown(&engine, &merchant)))
}

impl From<MerchantError> for Problem {
    fn from(error: MerchantError) -> Self {
        match error {
            MerchantError::Unknown => nobody(),
            MerchantError::NoCertificate => Self::not_found("certificate", &error.to_string()),
            MerchantError::Twice(_)
            | MerchantError::TooMany
            | MerchantError::CertificateTwice
            | MerchantError::TooManyCertificates
            | MerchantError::RevokedAlready => Self::conflict(error),
            MerchantError::OwnSub => Self::bad(format!("sub_merchants: {error}")),
            MerchantError::Key(error) => Self::bad(format!("certificates: {error}")),
            MerchantError::FreshKey => Self::bad(error),
        }
    }
}

fn nobody() -> Problem {
    Problem::not_found("merchant", "nobody has this mchid")
}

fn created(body: &Value) -> axum::response::Response {
    let mut response = reply(body).into_response();
    *response.status_mut() = StatusCode::CREATED;
    response
}

/// With its settings as lines of a `.env` file, if its private key is known.
fn shown(engine: &Engine, merchant: &Merchant) -> Value {
    let env = credentials::config(engine, merchant).map(|config| credentials::env_lines_of(&config));
    with(value(&MerchantView::of(merchant)), [("env", json!(env))])
}
