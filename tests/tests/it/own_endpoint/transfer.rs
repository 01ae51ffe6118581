/// Transfers to a user (发起转账).
#[derive(Clone, Endpoint)]
#[endpoint(
    POST, "/v3/fund-app/mch-transfer/transfer-bills",
    response = Transfer, idempotency = ByNumber, echo(out_bill_no)
)]
struct CreateTransfer {
    appid: String, out_bill_no: String, openid: String, transfer_scene_id: String,
    transfer_amount: Fen, transfer_remark: String, user_name: Option<Sensitive>,
}

#[derive(Response)]
struct Transfer { out_bill_no: String, state: String, user_name: Option<Sensitive> }

/// The end of a transfer (商家转账回调通知).
#[derive(Response, Resource)]
#[resource(event("MCHTRANSFER.BILL.FINISHED"), decides("mch_id", "out_bill_no", "state", "transfer_amount"))]
struct FinishedTransfer { mch_id: String, out_bill_no: String, state: String, transfer_amount: Fen }
