//! Common parts of all bills: day, form, address.

use std::io::Write as _;

use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};
use wechatpay_core::crypto::Sha1;

use super::files::File;
use super::hints::BillHint;
use crate::gateway::hints::Conflict;
use crate::{
    faults::Fault,
    gateway::{
        Answer, Refusal,
        call::Call,
        codes,
        validate::{Location, parameters::Parameters},
    },
    world::{clock::Day, lints::Finding},
};

/// Files begin with it.
const BYTE_ORDER_MARK: char = '\u{feff}';
/// Bills are kept so long.
const MONTHS: i64 = 3;

/// The day of the bill, if its bill can be there.
pub(crate) fn day(call: &mut Call<'_>, parameters: &Parameters) -> Result<Day, Refusal> {
    let text = parameters.need("bill_date");
    let day: Day = text.parse().map_err(|_| {
        Refusal::new(codes::PARAMETER)
            .field(Location::Query, "bill_date", json!(text), Conflict::NoDate)
            .hint(BillHint::NoDate)
    })?;
    let now = call.now();
    let today = Day::of(now);
    let refuse = |hint: BillHint| {
        Refusal::new(codes::INVALID_REQUEST)
            .field(Location::Query, "bill_date", json!(text), Conflict::NoBill)
            .hint(hint)
    };
    if day > today {
        return Err(refuse(BillHint::Future));
    }
    if day < today.months_ago(MONTHS) {
        return Err(refuse(BillHint::TooOld));
    }
    match call.fired.file() {
        Some(Fault::BillNotReady) => return Err(Refusal::new(codes::STATEMENT_CREATING)),
        Some(Fault::BillNone) => return Err(Refusal::new(codes::NO_STATEMENT)),
        _ => {}
    }
    if now < day.next().at(10, 0) {
        call.notes.lint(Finding::BillTooEarly { day })?;
        return Err(Refusal::new(codes::STATEMENT_CREATING).hint(BillHint::TooEarly { day }));
    }
    Ok(day)
}

/// Time of the snapshot of a day's bills.
///
/// Later changes, a refund for instance, are not in the bill.
pub(crate) fn snapshot_of(day: Day) -> i64 {
    day.next().at(9, 0)
}

/// Returns true if the file is to be a gzip file.
pub(crate) fn wants_gzip(parameters: &Parameters) -> Result<bool, Refusal> {
    Ok(parameters.one_of("tar_type", &["GZIP"])?.is_some())
}

/// The refusal when nothing happened on that day.
pub(crate) fn nothing(day: Day) -> Refusal {
    Refusal::new(codes::NO_STATEMENT).hint(BillHint::Nothing { day })
}

/// Responds with the digest of the file and its short-lived address.
pub(crate) fn give_out(call: &Call<'_>, text: String, gzip: bool) -> Result<Answer, Refusal> {
    let (text, digest) = finished(call, text);
    let mut answer = json!({ "hash_type": "SHA1", "hash_value": digest });
    let content = if gzip { gzipped(&text)? } else { text };
    put(&mut answer, "download_url", json!(keep(call, content, gzip)));
    Ok(Answer::Json(answer.to_string().into()))
}

/// Keeps a bill and gives it an address.
pub(crate) fn keep(call: &Call<'_>, content: Bytes, gzip: bool) -> String {
    let life = call.gateway.bill_files.life(call.gateway.settings.strict);
    if gzip {
        keep_for(call, content, "application/x-gzip", life) + "&tartype=gzip"
    } else {
        keep_for(call, content, "text/plain; charset=utf-8", life)
    }
}

/// Keeps any file for so many seconds, and gives it an address.
pub(crate) fn keep_for(call: &Call<'_>, content: Bytes, content_type: &'static str, life: i64) -> String {
    let token = call.ids.token();
    call.gateway.bill_files.keep(
        token.clone(),
        File {
            mchid: call.mchid(),
            content,
            content_type,
            expires_at: call.now().saturating_add(life),
        },
        call.now(),
    );
    format!("{}/v3/billdownload/file?token={token}", call.gateway.base_url)
}

/// The file with the digest of its plain text.
pub(crate) fn finished(call: &Call<'_>, text: String) -> (Bytes, String) {
    let text = Bytes::from(match call.fired.file() {
        Some(Fault::BillNoBom) => text.trim_start_matches(BYTE_ORDER_MARK).to_owned(),
        _ => text,
    });
    let mut digest = Sha1::with(call.gateway.platform.provider());
    digest.update(if call.fired.has(Fault::BillHashMismatch) {
        b"another file"
    } else {
        &text
    });
    let digest = base16ct::lower::encode_string(&digest.finish());
    (text, digest)
}

pub(crate) fn put(json: &mut Value, key: &str, value: Value) {
    if let Some(object) = json.as_object_mut() {
        object.insert(key.to_owned(), value);
    }
}

pub(crate) fn gzipped(text: &[u8]) -> Result<Bytes, Refusal> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder
        .write_all(text)
        .and_then(|()| encoder.finish())
        .map(Bytes::from)
        .map_err(|_| Refusal::system_error())
}
