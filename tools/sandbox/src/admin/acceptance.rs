//! The acceptance run for programs in other languages.

use std::time::Duration;

use axum::{
    body::Body,
    extract::State,
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, header::CONTENT_TYPE};
use serde::Deserialize;
use serde_json::Value;

use super::{Problem, Reply, Sandbox, read, reply};
use crate::{
    Acceptance,
    acceptance::{AcceptanceError, AcceptanceReport},
    web::Language,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    url: Option<String>,
    merchant: Option<String>,
    order_url: Option<String>,
    order: Option<Value>,
    effect_url: Option<String>,
    query_within: Option<u64>,
    /// A private CA in PEM.
    ca: Option<String>,
    /// The language of the text, as a tag.
    lang: Option<String>,
    #[serde(default)]
    format: Format,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Format {
    #[default]
    Json,
    Text,
    Junit,
}

/// Tries a receiver and responds with the report. Takes some seconds.
pub(super) async fn run(State(engine): Sandbox, headers: HeaderMap, body: Bytes) -> Reply {
    let wanted: Wanted = read(&headers, &body)?;
    let url = wanted
        .url
        .ok_or_else(|| Problem::bad("url is the address of the receiver"))?;
    let mut acceptance = Acceptance::of(&engine, &url);
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
    Ok(answer(&report, wanted.format, language))
}

fn answer(report: &AcceptanceReport, format: Format, language: Language) -> Response {
    let (kind, text) = match format {
        Format::Json => return reply(&report.to_json()),
        Format::Text => ("text/plain; charset=utf-8", report.text(language)),
        Format::Junit => ("application/xml", report.to_junit()),
    };
    let mut response = Body::from(text).into_response();
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response.headers_mut().insert(
        super::FATAL,
        HeaderValue::from_static(if report.is_fatal() { "true" } else { "false" }),
    );
    response
}
