/// Completes a complaint (反馈处理完成).
#[derive(Clone, Endpoint)]
#[endpoint(POST, "/v3/merchant-service/complaints-v2/{complaint_id}/complete")]
struct CompleteComplaint { complaint_id: String, complainted_mchid: String }
