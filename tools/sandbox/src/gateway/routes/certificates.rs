//! `GET /v3/certificates`.

use super::endpoint::{Endpoint, Family};
use serde_json::json;

use crate::gateway::hints::{FieldHint, RequestHint};
use crate::gateway::{
    Answer, Refusal,
    call::Call,
    codes,
    validate::{Issue, Location},
};
use crate::{faults::Fault, platform::documents::sealed_list, world::count};

pub(super) static FAMILY: Family = Family::new(&[Endpoint::get(
    "/v3/certificates",
    ("Download certificates", "下载平台证书"),
    |call, _| list(call),
)]);

pub(crate) fn list(call: &Call<'_>) -> Result<Answer, Refusal> {
    let gateway = call.gateway;
    for (key, value) in form_urlencoded::parse(call.received.query().as_bytes()) {
        let is_known = key == "algorithm_type" && matches!(&*value, "RSA" | "ALL");
        if !is_known {
            return Err(Refusal::new(codes::PARAMETER)
                .issue(Location::Query, &key, json!(value), Issue::Unlisted)
                .hint(FieldHint::AlgorithmType));
        }
    }
    count(&gateway.certificate_downloads);
    if !gateway.platform.mode().has_certificates() {
        return Err(Refusal::new(codes::RESOURCE_NOT_EXISTS).hint(RequestHint::PublicKeyMode));
    }
    let fault = call.fired.keys();
    let foreign = match fault {
        Some(Fault::CertsWrongKey) => gateway.platform.foreign_aead(),
        _ => None,
    };
    let aead = foreign.as_ref().unwrap_or(&call.merchant.aead);
    sealed_list(&gateway.platform, aead.as_ref(), fault, call.ids)
        .map(Answer::Json)
        .map_err(|_| Refusal::system_error())
}
