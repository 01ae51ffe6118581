//! Giving a file out. The request must be signed, and the response is not.

use super::hints::BillHint;
use crate::{
    faults::Fault,
    gateway::{Answer, Refusal, call::Call, codes},
};

/// Target of a redirect that a client must not follow with its signature.
///
/// The name cannot exist.
const ELSEWHERE: &str = "http://elsewhere.invalid/v3/billdownload/file";
/// Handles `GET /v3/billdownload/file`.
pub(crate) fn download(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let parameters = call.parameters()?;
    match call.fired.file() {
        Some(Fault::BillRedirect) => return Ok(Answer::Elsewhere(ELSEWHERE)),
        Some(Fault::BillExpiredUrl) => return Err(expired()),
        _ => {}
    }
    let file = call
        .gateway
        .bill_files
        .get(parameters.need("token"))
        .filter(|file| call.now() <= file.expires_at)
        .ok_or_else(expired)?;
    if call.merchant.mchid != file.mchid.as_str() {
        return Err(Refusal::new(codes::NO_AUTH).hint(BillHint::OtherMerchant));
    }
    let content = if call.fired.has(Fault::BillTruncated) {
        file.content.slice(..file.content.len() / 2)
    } else {
        file.content
    };
    Ok(Answer::File {
        content,
        content_type: file.content_type,
    })
}

fn expired() -> Refusal {
    Refusal::new(codes::LINK_EXPIRED).hint(BillHint::LinkExpired)
}
