//! The acceptance run for programs in other languages.

use std::time::Duration;

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::HeaderValue;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{Conflict, Json, Problem, Sandbox, with_type};
use crate::web::Language;
use wechatpay_sandbox::{
    Acceptance,
    acceptance::{AcceptanceError, ReportDocument},
};

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AcceptanceRun)]
pub(super) struct Wanted {
    /// The receiver.
    url: String,
    /// The receiver's merchant; by default the demo merchant.
    merchant: Option<String>,
    /// Address that places an unpaid order; the response has an out_trade_no.
    order_url: Option<String>,
    /// The body that is posted there, as JSON.
    order: Option<Value>,
    /// Address of an order, with {out_trade_no} in it.
    ///
    /// The response has fulfilled, a number, or paid, a boolean.
    effect_url: Option<String>,
    /// Seconds within which the shop queries a payment without a notification; not tried if absent.
    query_within: Option<u64>,
    /// A private CA in PEM, for a receiver over https.
    ca: Option<String>,
    /// The language of the text: en, the default, or zh.
    lang: Option<String>,
    #[serde(default)]
    format: Format,
}

#[derive(Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Format {
    #[default]
    Json,
    Text,
    Junit,
}

/// Tries a receiver of notifications: seventeen cases, some seconds.
#[utoipa::path(
    post,
    path = "/acceptance",
    responses(
        (status = 200, description = "The report", content(
            (ReportDocument = "application/json"),
            (String = "text/plain"),
            (String = "application/xml")
        )),
        Conflict
    )
)]
pub(super) async fn run(State(engine): Sandbox, Json(wanted): Json<Wanted>) -> Result<Response, Problem> {
    let mut acceptance = Acceptance::of(&engine, &wanted.url);
    if let Some(merchant) = wanted.merchant {
        acceptance = acceptance.merchant(merchant);
    }
    match (wanted.order_url, wanted.order) {
        (Some(url), order) => acceptance = acceptance.order_url(url, order.unwrap_or_default()),
        (None, Some(_)) => return Err(Problem::bad("order is posted to order_url, which is missing")),
        (None, None) => {}
    }
    if let Some(url) = wanted.effect_url {
        acceptance = acceptance.effect_url(url);
    }
    if let Some(seconds) = wanted.query_within {
        acceptance = acceptance.query_within(Duration::from_secs(seconds));
    }
    if let Some(pem) = wanted.ca {
        acceptance = acceptance.ca(pem);
    }
    let language = match &wanted.lang {
        Some(tag) => Language::from_tag(tag).ok_or_else(|| Problem::bad("lang is en or zh"))?,
        None => Language::default(),
    };
    let report = acceptance.await.map_err(|error| match error {
        AcceptanceError::Url(_) | AcceptanceError::Ca => Problem::bad(error),
        error => Problem::conflict(error),
    })?;
    let mut response = match wanted.format {
        Format::Json => return Ok(Json(report.document()).into_response()),
        Format::Text => with_type("text/plain; charset=utf-8", report.text(language)),
        Format::Junit => with_type("application/xml", report.to_junit()),
    };
    let is_fatal = HeaderValue::from_static(if report.is_fatal() { "true" } else { "false" });
    response.headers_mut().insert(super::FATAL, is_fatal);
    Ok(response)
}
