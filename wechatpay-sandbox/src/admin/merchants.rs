//! The merchants: who they are, and one more.

use axum::{
    extract::{Path, State},
    response::IntoResponse,
};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use super::{Problem, Reply, Sandbox, read, reply, value, with};
use crate::{
    StartError, credentials,
    shared::Shared,
    state::{
        merchant::Merchant,
        merchant_form::{CertificateForm, MerchantForm, MerchantView},
    },
};

pub(super) async fn list(State(shared): Sandbox) -> Reply {
    let merchants: Value = shared
        .merchants
        .iter()
        .map(|merchant| value(&MerchantView::of(merchant)))
        .collect();
    Ok(reply(&json!({ "merchants": merchants })))
}

pub(super) async fn one(State(shared): Sandbox, Path(mchid): Path<String>) -> Reply {
    let merchant = shared.merchants.get(&mchid);
    let merchant = merchant.ok_or_else(|| Problem::not_found("merchant", "nobody has this mchid"))?;
    Ok(reply(&shown(&shared, merchant)))
}

/// One more. What is not said is made: a name, an APIv3 key, a certificate.
pub(super) async fn add(State(shared): Sandbox, headers: HeaderMap, body: Bytes) -> Reply {
    let mut form: MerchantForm = read(&headers, &body)?;
    form.api_v3_key.get_or_insert_with(|| shared.secrets.token());
    if form.certificates.is_empty() {
        let serial = shared.secrets.uuid().replace('-', "").to_ascii_uppercase();
        form.certificates.push(CertificateForm::fresh(serial));
    }
    let spec = form.spec().map_err(Problem::bad)?;
    // Making a key takes a while.
    let added = tokio::task::spawn_blocking(move || {
        let merchant = shared.add_merchant(spec)?;
        Ok(shown(&shared, merchant))
    });
    let body = added.await.map_err(Problem::conflict)?;
    let body = body.map_err(|error: StartError| match error {
        StartError::MerchantTwice(_) => Problem::conflict("there is a merchant of this mchid"),
        StartError::TooManyMerchants => Problem::conflict(error),
        StartError::Key(error) => Problem::bad(format!("certificates: {error}")),
        other => Problem::bad(other),
    })?;
    let mut response = reply(&body).into_response();
    *response.status_mut() = StatusCode::CREATED;
    Ok(response)
}

/// With its settings as lines of a `.env` file, if its private key is known.
fn shown(shared: &Shared, merchant: &Merchant) -> Value {
    let env = credentials::config(shared, merchant).map(|config| credentials::env_lines_of(&config));
    with(value(&MerchantView::of(merchant)), [("env", json!(env))])
}
