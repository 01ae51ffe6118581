//! Query string inside the template.
//~ a path ends before its query
//~ fields of a GET that are not in the path are its query
use wechatpay_core::api::Endpoint;

#[derive(Clone, Endpoint)]
#[endpoint(GET, "/v3/complaints?limit=5")]
struct ListComplaints {}

fn main() {}
