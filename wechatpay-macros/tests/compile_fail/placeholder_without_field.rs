//! Placeholder without a field.
//~ no field fills `{complaint_id}`: add `complaint_id: …` to `QueryComplaint`
use wechatpay_core::api::Endpoint;

#[derive(Clone, Endpoint)]
#[endpoint(GET, "/v3/merchant-service/complaints-v2/{complaint_id}")]
struct QueryComplaint {
    id: String,
}

fn main() {}
