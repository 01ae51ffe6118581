//! Optional field in the path.
//~ a path segment cannot be omitted: `complaint_id` must not be an `Option`
use wechatpay_core::api::Endpoint;

#[derive(Clone, Endpoint)]
#[endpoint(GET, "/v3/complaints/{complaint_id}")]
struct QueryComplaint {
    complaint_id: Option<String>,
}

fn main() {}
