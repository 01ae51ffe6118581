//! A segment of the path that could be left out.
use wechatpay_core::api::Endpoint;

#[derive(Clone, Endpoint)]
#[endpoint(GET, "/v3/complaints/{complaint_id}")]
struct QueryComplaint {
    complaint_id: Option<String>,
}

fn main() {}
