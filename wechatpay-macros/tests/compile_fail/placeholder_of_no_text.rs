//! A value that is not one text in the path.
use wechatpay_core::api::Endpoint;

#[derive(Clone, Endpoint)]
#[endpoint(GET, "/v3/complaints/{complaint_id}")]
struct QueryComplaint {
    complaint_id: Vec<String>,
}

fn main() {}
