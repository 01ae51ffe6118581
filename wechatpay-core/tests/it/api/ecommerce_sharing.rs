//! Profit sharing of e-commerce.

use serde_json::{Value, json};
use wechatpay_core::{
    api::{
        Idempotency,
        profit_sharing::ecommerce::{
            AbnormalStatus, AddReceiver, AddedReceiver, AfterSalesOrder, AfterSalesResult, AfterSalesScene,
            AfterSalesType, CreateAfterSalesOrder, CreatedAfterSalesOrder, DeleteReceiver, FinishOrder,
            FinishedOrder, FundsAbnormalReason, QueryAfterSalesOrder, QueryReturn, QueryShare,
            QueryUnsplitAmount, Receiver, RelationType, ReturnShare, Share, SharingOrder, SharingReturn,
        },
        profit_sharing::{
            ReceiverType, ReturnFailReason, ReturnResult, ShareFailReason, ShareResult, SharingStatus,
            UnsplitAmount,
        },
    },
    types::{OutOrderNo, RefundId, SharingOrderId, TransactionId},
};

use super::support::{
    APPID, MCHID, NOTIFY_URL, OPENID, PAYMENT, SUB_MCHID, TIME, appid, fen, get, id, mchid, post, response,
    sent, sub_mchid, values,
};

const SHARE: &str = "P_*-@|1";
const SHARE_ID: &str = "3008450740201411110007820472";
const RETURN: &str = "R20190516001";

fn share(receivers: Vec<Receiver>) -> Share {
    Share::new(sub_mchid(), id(PAYMENT), id(SHARE), receivers, false)
}

fn merchant() -> Receiver {
    Receiver::new(ReceiverType::MerchantId, MCHID, fen(190), "分给商户1900000001")
}

#[test]
fn sharing_has_exactly_the_documented_keys_and_names_are_sent_encrypted() {
    let path = "/v3/ecommerce/profitsharing/orders";
    let merchant_json = || {
        json!({
            "type": "MERCHANT_ID", "receiver_account": MCHID, "amount": 190, "description": "分给商户1900000001",
        })
    };
    assert_eq!(
        sent(&share(vec![merchant()])),
        post(
            path,
            json!({
                "sub_mchid": SUB_MCHID, "transaction_id": PAYMENT, "out_order_no": SHARE, "finish": false,
                "receivers": [merchant_json()],
            })
        )
    );
    let person = |name: &str| {
        Receiver::new(ReceiverType::PersonalOpenid, OPENID, fen(10), "分给个人").receiver_name(name)
    };
    let mut full = share(vec![merchant(), person("张三"), person("李四")])
        .appid(appid())
        .notify_url(NOTIFY_URL);
    full.finish = true;
    let person_json = |name: &str| {
        json!({
            "type": "PERSONAL_OPENID", "receiver_account": OPENID, "amount": 10, "description": "分给个人",
            "receiver_name": name,
        })
    };
    assert_eq!(
        sent(&full),
        post(
            path,
            json!({
                "appid": APPID, "sub_mchid": SUB_MCHID, "transaction_id": PAYMENT, "out_order_no": SHARE, "finish": true,
                "receivers": [merchant_json(), person_json("ENC(张三)"), person_json("ENC(李四)")],
                "notify_url": NOTIFY_URL,
            })
        )
    );
    let shown = format!("{full:?}");
    assert!(!shown.contains(OPENID) && !shown.contains("张三"), "{shown}");
}

#[test]
fn returning_names_the_share_by_one_of_its_numbers() {
    let path = "/v3/ecommerce/profitsharing/returnorders";
    let by_id = ReturnShare::new(
        sub_mchid(),
        id::<SharingOrderId>(SHARE_ID),
        id(RETURN),
        mchid(),
        fen(10),
        "用户退款",
    );
    assert_eq!(
        sent(&by_id),
        post(
            path,
            json!({
                "sub_mchid": SUB_MCHID, "order_id": SHARE_ID, "out_return_no": RETURN, "return_mchid": MCHID,
                "amount": 10, "description": "用户退款",
            })
        )
    );
    let by_number = ReturnShare::new(
        sub_mchid(),
        id::<OutOrderNo>(SHARE),
        id(RETURN),
        mchid(),
        fen(10),
        "用户退款",
    )
    .transaction_id(id::<TransactionId>(PAYMENT));
    assert_eq!(
        sent(&by_number),
        post(
            path,
            json!({
                "sub_mchid": SUB_MCHID, "out_order_no": SHARE, "out_return_no": RETURN, "return_mchid": MCHID,
                "amount": 10, "description": "用户退款", "transaction_id": PAYMENT,
            })
        )
    );
}

#[test]
fn queries_have_the_documented_parameters() {
    assert_eq!(
        sent(&QueryShare::new(sub_mchid(), id(PAYMENT), id(SHARE))),
        get(
            "/v3/ecommerce/profitsharing/orders?sub_mchid=1900000109&transaction_id=4208450740201411110007820472\
             &out_order_no=P_%2A-%40%7C1"
        )
    );
    let query = QueryReturn::new(sub_mchid(), id(RETURN));
    let path = "/v3/ecommerce/profitsharing/returnorders?sub_mchid=1900000109&out_return_no=R20190516001";
    assert_eq!(sent(&query), get(path));
    assert_eq!(
        sent(&query.clone().order_id(id::<SharingOrderId>(SHARE_ID))),
        get(&format!("{path}&order_id=3008450740201411110007820472"))
    );
    assert_eq!(
        sent(&query.out_order_no(id::<OutOrderNo>("P1"))),
        get(&format!("{path}&out_order_no=P1"))
    );
    assert_eq!(
        sent(&QueryUnsplitAmount::new(id(PAYMENT))),
        get("/v3/ecommerce/profitsharing/orders/4208450740201411110007820472/amounts")
    );
    let query = QueryAfterSalesOrder::new(sub_mchid());
    let path = "/v3/ecommerce/profitsharing/after-sales-orders?sub_mchid=1900000109";
    assert_eq!(sent(&query), get(path));
    assert_eq!(
        sent(&query.transaction_id(id::<TransactionId>("42"))),
        get(&format!("{path}&transaction_id=42"))
    );
}

#[test]
fn ending_the_sharing_has_exactly_the_documented_keys() {
    assert_eq!(
        sent(&FinishOrder::new(sub_mchid(), id(PAYMENT), id("F1"), "分账完结")),
        post(
            "/v3/ecommerce/profitsharing/finish-order",
            json!({
                "sub_mchid": SUB_MCHID, "transaction_id": PAYMENT, "out_order_no": "F1", "description": "分账完结",
            })
        )
    );
}

#[test]
fn a_person_is_added_under_an_encrypted_name_and_a_merchant_under_a_plain_one() {
    let path = "/v3/ecommerce/profitsharing/receivers/add";
    let add = AddReceiver::new(ReceiverType::MerchantId, MCHID, RelationType::Supplier);
    assert_eq!(
        sent(&add),
        post(
            path,
            json!({ "type": "MERCHANT_ID", "account": MCHID, "relation_type": "SUPPLIER" })
        )
    );
    let add = AddReceiver::new(ReceiverType::PersonalOpenid, OPENID, RelationType::Others)
        .appid(appid())
        .name("张三网络有限公司")
        .encrypted_name("张三");
    assert_eq!(
        sent(&add),
        post(
            path,
            json!({
                "appid": APPID, "type": "PERSONAL_OPENID", "account": OPENID, "relation_type": "OTHERS",
                "name": "张三网络有限公司", "encrypted_name": "ENC(张三)",
            })
        )
    );
    let path = "/v3/ecommerce/profitsharing/receivers/delete";
    let delete = DeleteReceiver::new(ReceiverType::MerchantId, MCHID);
    assert_eq!(
        sent(&delete),
        post(path, json!({ "type": "MERCHANT_ID", "account": MCHID }))
    );
    assert_eq!(
        sent(&delete.appid(appid())),
        post(
            path,
            json!({ "type": "MERCHANT_ID", "account": MCHID, "appid": APPID })
        )
    );
}

#[test]
fn a_service_fee_is_not_idempotent() {
    let path = "/v3/ecommerce/profitsharing/after-sales-orders";
    let fee = CreateAfterSalesOrder::new(
        sub_mchid(),
        id(PAYMENT),
        fen(10),
        AfterSalesType::ServiceFeeIncome,
        AfterSalesScene::RefundTicket,
    );
    let sparse = json!({
        "sub_mchid": SUB_MCHID, "transaction_id": PAYMENT, "amount": 10, "type": "SERVICE_FEE_INCOME",
        "scene": "REFUND_TICKET",
    });
    assert_eq!(sent(&fee), post(path, sparse.clone()).repeated(Idempotency::No));
    let mut full = sparse;
    full["refund_id"] = json!("50000");
    assert_eq!(
        sent(&fee.refund_id(id::<RefundId>("50000"))),
        post(path, full).repeated(Idempotency::No)
    );
}

fn full_share() -> Value {
    json!({
        "sub_mchid": SUB_MCHID, "transaction_id": PAYMENT, "out_order_no": SHARE, "order_id": SHARE_ID,
        "status": "FINISHED", "finish_amount": 100, "finish_description": "分账完结", "close_reason": "NO_AUTH",
        "receivers": [{
            "amount": 190, "description": "分给商户", "result": "CLOSED", "finish_time": TIME,
            "fail_reason": "NO_RELATION", "type": "PERSONAL_OPENID", "receiver_account": OPENID,
            "receiver_mchid": MCHID, "detail_id": "36011111111111111111111", "abnormal_status": "ABNORMAL_CLOSED",
            "funds_abnormal_closed_reason": "CLOSED_REASON_TIMEOUT", "funds_abnormal_redirect_id": "1",
            "funds_abnormal_receivers": [{ "mchid": MCHID }],
        }],
    })
}

#[test]
fn a_share_is_read_at_its_fullest_and_sparsest() {
    let share: SharingOrder = response(
        &full_share(),
        &["sub_mchid", "transaction_id", "out_order_no", "order_id"],
    );
    assert_eq!(share.status, Some(SharingStatus::Finished));
    let [receiver] = share.receivers.as_slice() else {
        panic!("{share:?}");
    };
    assert_eq!(receiver.result, ShareResult::Closed);
    assert_eq!(receiver.fail_reason, Some(ShareFailReason::NoRelation));
    assert!(!format!("{share:?}").contains(OPENID));
}

fn full_return() -> Value {
    json!({
        "sub_mchid": SUB_MCHID, "order_id": SHARE_ID, "out_order_no": SHARE, "out_return_no": RETURN,
        "return_no": "3008450740201411110007820473", "return_mchid": MCHID, "amount": 10, "description": "用户退款",
        "result": "FAILED", "fail_reason": "TIME_OUT_CLOSED", "finish_time": TIME, "transaction_id": PAYMENT,
    })
}

#[test]
fn a_return_is_read_at_its_fullest_and_sparsest() {
    let returned: SharingReturn = response(
        &full_return(),
        &["sub_mchid", "out_return_no", "return_no", "return_mchid"],
    );
    assert_eq!(returned.result, ReturnResult::Failed);
    assert_eq!(returned.fail_reason, Some(ReturnFailReason::TimeOutClosed));
}

fn finished() -> Value {
    json!({ "sub_mchid": SUB_MCHID, "transaction_id": PAYMENT, "out_order_no": "F1", "order_id": SHARE_ID })
}

fn added() -> Value {
    json!({ "type": "MERCHANT_ID", "account": MCHID })
}

fn after_sales() -> Value {
    json!({
        "sub_mchid": SUB_MCHID, "transaction_id": PAYMENT, "amount": 10, "result": "FAILED",
        "fail_reason": "RECEIVER_HIGH_RISK", "finish_time": TIME,
    })
}

#[test]
fn the_other_responses_are_read_at_their_fullest_and_sparsest() {
    let finished: FinishedOrder = response(&finished(), &[]);
    assert_eq!(finished.order_id.unwrap(), SHARE_ID);
    let added: AddedReceiver = response(&added(), &[]);
    assert_eq!(added.kind, Some(ReceiverType::MerchantId));
    let unsplit = json!({ "transaction_id": PAYMENT, "unsplit_amount": 1000 });
    let unsplit: UnsplitAmount = response(&unsplit, &["transaction_id", "unsplit_amount"]);
    assert_eq!(unsplit.unsplit_amount, fen(1000));
    let fee = json!({ "sub_mchid": SUB_MCHID, "transaction_id": PAYMENT, "amount": 10 });
    let fee: CreatedAfterSalesOrder = response(&fee, &["sub_mchid", "transaction_id"]);
    assert_eq!(fee.amount, Some(fen(10)));
    let fee: AfterSalesOrder = response(&after_sales(), &["sub_mchid"]);
    assert_eq!(fee.result, AfterSalesResult::Failed);
}

#[test]
fn unknown_enum_values_are_kept_verbatim() {
    values::<AbnormalStatus>(&["ABNORMAL_PENDING", "ABNORMAL_FINISHED", "ABNORMAL_CLOSED"]);
    values::<FundsAbnormalReason>(&["CLOSED_REASON_TIMEOUT", "CLOSED_REASON_RESTRICT_TRANSFER"]);
    values::<RelationType>(&[
        "SUPPLIER",
        "DISTRIBUTOR",
        "SERVICE_PROVIDER",
        "PLATFORM",
        "OTHERS",
    ]);
    values::<AfterSalesType>(&["SERVICE_FEE_INCOME"]);
    values::<AfterSalesScene>(&["REFUND_TICKET", "CHANGE_TICKET", "RETURN_GOODS"]);
    values::<AfterSalesResult>(&["PROCESSING", "SUCCESS", "FAILED"]);
}
