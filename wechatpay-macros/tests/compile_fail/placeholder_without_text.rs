//! Path placeholder whose type is not a single text.
//~ `Vec<String>` cannot be used in a path, in a query or in an echo check
//~ use a text, a number, an id or an open enum, or implement `Scalar` for it
use wechatpay_core::api::Endpoint;

#[derive(Clone, Endpoint)]
#[endpoint(GET, "/v3/complaints/{complaint_id}")]
struct QueryComplaint {
    complaint_id: Vec<String>,
}

fn main() {}
