//! Merchants: list, add, change.

use axum::{
    extract::{Path, State},
    response::IntoResponse,
};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use wechatpay_core::types::SerialNumber;

use super::{Problem, Reply, Sandbox, read, reply, value, with};
use crate::{
    MerchantError, StartError,
    handle::{credentials, shared::Shared},
    world::merchants::{
        self,
        change::ChangeForm,
        form::{CertificateForm, MerchantForm, MerchantView, NewCertificateForm},
        state::Merchant,
    },
};

pub(super) async fn list(State(shared): Sandbox) -> Reply {
    let merchants: Value = shared
        .merchants
        .iter()
        .map(|merchant| value(&MerchantView::of(&merchant)))
        .collect();
    Ok(reply(&json!({ "merchants": merchants })))
}

pub(super) async fn one(State(shared): Sandbox, Path(mchid): Path<String>) -> Reply {
    let merchant = shared.merchants.get(&mchid).ok_or_else(nobody)?;
    Ok(reply(&shown(&shared, &merchant)))
}

/// Adds a merchant. Missing name, APIv3 key and certificate are generated.
pub(super) async fn add(State(shared): Sandbox, headers: HeaderMap, body: Bytes) -> Reply {
    let mut form: MerchantForm = read(&headers, &body)?;
    form.api_v3_key.get_or_insert_with(|| shared.secrets.token());
    if form.certificates.is_empty() {
        form.certificates
            .push(CertificateForm::fresh(new_serial(&shared)));
    }
    let spec = form.spec().map_err(Problem::bad)?;
    // Making a key takes a while.
    let added = tokio::task::spawn_blocking(move || {
        let merchant = shared.add_merchant(spec)?;
        Ok(shown(&shared, &merchant))
    });
    let body = added.await.map_err(Problem::conflict)?;
    let body = body.map_err(|error: StartError| match error {
        StartError::MerchantTwice(_) => Problem::conflict("there is a merchant of this mchid"),
        StartError::TooManyMerchants => Problem::conflict(error),
        StartError::Key(error) => Problem::bad(format!("certificates: {error}")),
        other => Problem::bad(other),
    })?;
    Ok(created(&body))
}

/// Changes settings; missing members stay unchanged.
pub(super) async fn change(
    State(shared): Sandbox,
    Path(mchid): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Reply {
    let form: ChangeForm = read(&headers, &body)?;
    let change = form.change().map_err(Problem::bad)?;
    let merchant = merchants::change(&shared, &mchid, change)?;
    Ok(reply(&shown(&shared, &merchant)))
}

/// Registers an API certificate. Missing serial and key are generated.
pub(super) async fn register(
    State(shared): Sandbox,
    Path(mchid): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Reply {
    let form: NewCertificateForm = read(&headers, &body)?;
    let form = form.or_serial(|| new_serial(&shared));
    let certificate = form.certificate().map_err(Problem::bad)?;
    // Making a key takes a while.
    let registered = tokio::task::spawn_blocking(move || {
        let serial = certificate.serial().clone();
        let merchant = merchants::register(&shared, &mchid, certificate)?;
        let config = credentials::config_with(&shared, &merchant, &serial);
        let env = config.map(|config| credentials::env_lines_of(&config));
        Ok::<_, MerchantError>(with(
            value(&MerchantView::of(&merchant)),
            [("serial_no", json!(serial.as_str())), ("env", json!(env))],
        ))
    });
    let body = registered.await.map_err(Problem::conflict)??;
    Ok(created(&body))
}

/// Revokes an API certificate, for good.
pub(super) async fn revoke(
    State(shared): Sandbox,
    Path((mchid, serial_no)): Path<(String, String)>,
) -> Reply {
    // What is no serial is nobody's.
    let serial = SerialNumber::parse(&serial_no).map_err(|_| MerchantError::NoCertificate)?;
    let merchant = merchants::revoke(&shared, &mchid, &serial)?;
    Ok(reply(&shown(&shared, &merchant)))
}

impl From<MerchantError> for Problem {
    fn from(error: MerchantError) -> Self {
        match error {
            MerchantError::Unknown => nobody(),
            MerchantError::NoCertificate => Self::not_found("certificate", &error.to_string()),
            MerchantError::CertificateTwice
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

fn new_serial(shared: &Shared) -> String {
    shared.secrets.uuid().replace('-', "").to_ascii_uppercase()
}

fn created(body: &Value) -> axum::response::Response {
    let mut response = reply(body).into_response();
    *response.status_mut() = StatusCode::CREATED;
    response
}

/// With its settings as lines of a `.env` file, if its private key is known.
fn shown(shared: &Shared, merchant: &Merchant) -> Value {
    let env = credentials::config(shared, merchant).map(|config| credentials::env_lines_of(&config));
    with(value(&MerchantView::of(merchant)), [("env", json!(env))])
}
