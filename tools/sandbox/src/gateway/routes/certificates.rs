//! `GET /v3/certificates`.

use serde_json::json;

use crate::gateway::{
    Answer, Refusal,
    call::Call,
    codes,
    validate::{Issue, Location},
};
use crate::{faults::Fault, platform::sealed_list, world::count};

pub(crate) fn list(call: &Call<'_>) -> Result<Answer, Refusal> {
    let gateway = call.gateway;
    for (key, value) in form_urlencoded::parse(call.received.query().as_bytes()) {
        let is_known = key == "algorithm_type" && matches!(&*value, "RSA" | "ALL");
        if !is_known {
            return Err(Refusal::new(codes::PARAMETER)
                .issue(Location::Query, &key, json!(value), Issue::Unlisted)
                .hint("the one query parameter is algorithm_type, with RSA or ALL; this sandbox has no SM2 certificates"));
        }
    }
    count(&gateway.certificate_downloads);
    if !gateway.platform.mode().has_certificates() {
        return Err(Refusal::new(codes::RESOURCE_NOT_EXISTS)
            .hint("this sandbox runs in public-key mode: verify with the WeChat Pay public key, there are no certificates"));
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
