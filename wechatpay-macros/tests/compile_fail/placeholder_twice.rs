//! Placeholder used twice.
//~ `{complaint_id}` appears in the path twice
use wechatpay_core::api::Endpoint;

#[derive(Clone, Endpoint)]
#[endpoint(GET, "/v3/complaints/{complaint_id}/history/{complaint_id}")]
struct QueryHistory {
    complaint_id: String,
}

fn main() {}
