//! Optional field in the path.
//~ a segment of the path cannot be left out: `complaint_id` must not be an `Option`
use wechatpay_core::api::Endpoint;

#[derive(Clone, Endpoint)]
#[endpoint(GET, "/v3/complaints/{complaint_id}")]
struct QueryComplaint {
    complaint_id: Option<String>,
}

fn main() {}
