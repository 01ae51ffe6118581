//! Profit sharing of a direct merchant and of an ordinary service provider.

use serde_json::{Value, json};
use wechatpay_core::{
    api::profit_sharing::{
        AddReceiver, AddedReceiver, DeleteReceiver, DeletedReceiver, MerchantConfig, QueryMerchantConfig,
        QueryReturn, QueryShare, QueryUnsplitAmount, Receiver, ReceiverType, RelationType, ReturnFailReason,
        ReturnResult, ReturnShare, Share, ShareFailReason, ShareResult, SharingNotice, SharingOrder,
        SharingReturn, SharingStatus, Unfreeze,
    },
    types::{OutOrderNo, SharingOrderId},
};

use super::support::{
    APPID, MCHID, NOTIFY_URL, OPENID, PAYMENT, SUB_APPID, SUB_MCHID, TIME, appid, fen, get, id, mchid, post,
    response, sent, sub_appid, sub_mchid, values,
};

const SHARE: &str = "P_*-@|1";
const SHARE_ID: &str = "3008450740201411110007820472";
const RETURN: &str = "R20190516001";

fn merchant() -> Receiver {
    Receiver::new(ReceiverType::MerchantId, MCHID, fen(888), "分给商户A")
}

fn share(receivers: Vec<Receiver>) -> Share {
    Share::new(id(PAYMENT), id(SHARE), receivers, true)
}

#[test]
fn sharing_has_exactly_the_documented_keys_and_names_are_sent_encrypted() {
    let path = "/v3/profitsharing/orders";
    let merchant_json =
        || json!({ "type": "MERCHANT_ID", "account": MCHID, "amount": 888, "description": "分给商户A" });
    assert_eq!(
        sent(&share(vec![merchant()])),
        post(
            path,
            json!({
                "transaction_id": PAYMENT, "out_order_no": SHARE, "receivers": [merchant_json()],
                "unfreeze_unsplit": true,
            })
        )
    );
    let person = Receiver::new(ReceiverType::PersonalSubOpenid, OPENID, fen(1), "分给个人").name("张三");
    let full = share(vec![merchant(), person])
        .appid(appid())
        .sub_mchid(sub_mchid())
        .sub_appid(sub_appid())
        .notify_url(NOTIFY_URL);
    assert_eq!(
        sent(&full),
        post(
            path,
            json!({
                "sub_mchid": SUB_MCHID, "appid": APPID, "sub_appid": SUB_APPID, "transaction_id": PAYMENT,
                "out_order_no": SHARE, "unfreeze_unsplit": true, "notify_url": NOTIFY_URL,
                "receivers": [
                    merchant_json(),
                    {
                        "type": "PERSONAL_SUB_OPENID", "account": OPENID, "name": "ENC(张三)", "amount": 1,
                        "description": "分给个人",
                    },
                ],
            })
        )
    );
    assert!(!format!("{full:?}").contains(OPENID));
}

#[test]
fn queries_have_the_documented_parameters() {
    let query = QueryShare::new(id(SHARE), id("42"));
    let path = "/v3/profitsharing/orders/P_*-@%7C1?transaction_id=42";
    assert_eq!(sent(&query), get(path));
    assert_eq!(
        sent(&query.sub_mchid(sub_mchid())),
        get(&format!("{path}&sub_mchid=1900000109"))
    );
    let query = QueryReturn::new(id(RETURN), id("P1"));
    let path = "/v3/profitsharing/return-orders/R20190516001?out_order_no=P1";
    assert_eq!(sent(&query), get(path));
    assert_eq!(
        sent(&query.sub_mchid(sub_mchid())),
        get(&format!("{path}&sub_mchid=1900000109"))
    );
    assert_eq!(
        sent(&QueryUnsplitAmount::new(id("42"))),
        get("/v3/profitsharing/transactions/42/amounts")
    );
    assert_eq!(
        sent(&QueryMerchantConfig::new(sub_mchid())),
        get("/v3/profitsharing/merchant-configs/1900000109")
    );
}

#[test]
fn releasing_and_returning_have_exactly_the_documented_keys() {
    let unfreeze = Unfreeze::new(id(PAYMENT), id("F1"), "解冻全部剩余资金");
    let sparse =
        json!({ "transaction_id": PAYMENT, "out_order_no": "F1", "description": "解冻全部剩余资金" });
    let path = "/v3/profitsharing/orders/unfreeze";
    assert_eq!(sent(&unfreeze), post(path, sparse.clone()));
    let mut full = sparse;
    full["sub_mchid"] = json!(SUB_MCHID);
    assert_eq!(sent(&unfreeze.sub_mchid(sub_mchid())), post(path, full));

    let path = "/v3/profitsharing/return-orders";
    let by_id = ReturnShare::new(
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
                "order_id": SHARE_ID, "out_return_no": RETURN, "return_mchid": MCHID, "amount": 10,
                "description": "用户退款",
            })
        )
    );
    let by_number = ReturnShare::new(id::<OutOrderNo>(SHARE), id(RETURN), mchid(), fen(10), "用户退款")
        .sub_mchid(sub_mchid());
    assert_eq!(
        sent(&by_number),
        post(
            path,
            json!({
                "sub_mchid": SUB_MCHID, "out_order_no": SHARE, "out_return_no": RETURN, "return_mchid": MCHID,
                "amount": 10, "description": "用户退款",
            })
        )
    );
}

#[test]
fn receivers_are_added_under_encrypted_names() {
    let path = "/v3/profitsharing/receivers/add";
    let add = AddReceiver::new(appid(), ReceiverType::MerchantId, MCHID, RelationType::Store);
    assert_eq!(
        sent(&add),
        post(
            path,
            json!({ "appid": APPID, "type": "MERCHANT_ID", "account": MCHID, "relation_type": "STORE" })
        )
    );
    let add = AddReceiver::new(
        appid(),
        ReceiverType::PersonalSubOpenid,
        OPENID,
        RelationType::Custom,
    )
    .sub_mchid(sub_mchid())
    .sub_appid(sub_appid())
    .name("张三")
    .custom_relation("代理商");
    assert_eq!(
        sent(&add),
        post(
            path,
            json!({
                "sub_mchid": SUB_MCHID, "appid": APPID, "sub_appid": SUB_APPID, "type": "PERSONAL_SUB_OPENID",
                "account": OPENID, "name": "ENC(张三)", "relation_type": "CUSTOM", "custom_relation": "代理商",
            })
        )
    );
    let path = "/v3/profitsharing/receivers/delete";
    let delete = DeleteReceiver::new(appid(), ReceiverType::MerchantId, MCHID);
    assert_eq!(
        sent(&delete),
        post(
            path,
            json!({ "appid": APPID, "type": "MERCHANT_ID", "account": MCHID })
        )
    );
    assert_eq!(
        sent(&delete.sub_mchid(sub_mchid()).sub_appid(sub_appid())),
        post(
            path,
            json!({
                "appid": APPID, "type": "MERCHANT_ID", "account": MCHID, "sub_mchid": SUB_MCHID, "sub_appid": SUB_APPID,
            })
        )
    );
}

fn full_share() -> Value {
    json!({
        "sub_mchid": SUB_MCHID, "transaction_id": PAYMENT, "out_order_no": SHARE, "order_id": SHARE_ID,
        "state": "PROCESSING",
        "receivers": [{
            "amount": 888, "description": "分给商户A", "type": "MERCHANT_ID", "account": MCHID, "result": "PENDING",
            "fail_reason": "ACCOUNT_ABNORMAL", "detail_id": "36011111111111111111111", "create_time": TIME,
            "finish_time": "2018-06-08T10:35:56+08:00",
        }],
    })
}

#[test]
fn a_share_is_read_at_its_fullest_and_sparsest() {
    let share: SharingOrder = response(&full_share(), &["transaction_id", "out_order_no", "order_id"]);
    assert_eq!(share.state, SharingStatus::Processing);
    let results: Vec<&ShareResult> = share.receivers.iter().map(|receiver| &receiver.result).collect();
    assert_eq!(results, [&ShareResult::Pending]);
}

fn full_return() -> Value {
    json!({
        "sub_mchid": SUB_MCHID, "order_id": SHARE_ID, "out_order_no": SHARE, "out_return_no": RETURN,
        "return_id": "3008450740201411110007820473", "return_mchid": MCHID, "amount": 10, "description": "用户退款",
        "result": "SUCCESS", "fail_reason": "BALANCE_NOT_ENOUGH", "create_time": TIME, "finish_time": TIME,
    })
}

#[test]
fn a_return_is_read_at_its_fullest_and_sparsest() {
    let returned: SharingReturn = response(&full_return(), &["out_return_no", "return_id", "return_mchid"]);
    assert_eq!(returned.fail_reason, Some(ReturnFailReason::BalanceNotEnough));
}

fn added() -> Value {
    json!({
        "sub_mchid": SUB_MCHID, "type": "MERCHANT_ID", "account": MCHID, "name": "aHU4OW9odTg5b2h1ODlv",
        "relation_type": "SERVICE_PROVIDER", "custom_relation": "代理商",
    })
}

fn deleted() -> Value {
    json!({ "sub_mchid": SUB_MCHID, "type": "MERCHANT_ID", "account": MCHID })
}

fn config() -> Value {
    json!({ "sub_mchid": SUB_MCHID, "max_ratio": 2000 })
}

#[test]
fn the_other_responses_are_read_at_their_fullest_and_sparsest() {
    let added: AddedReceiver = response(&added(), &["type", "account"]);
    assert_eq!(added.name.unwrap().as_cipher(), Some("aHU4OW9odTg5b2h1ODlv"));
    let _: DeletedReceiver = response(&deleted(), &["type", "account"]);
    let config: MerchantConfig = response(&config(), &["max_ratio"]);
    assert_eq!(config.max_ratio, 2000);
}

#[test]
fn a_notification_is_read_at_its_fullest_and_sparsest() {
    let full = json!({
        "sp_mchid": MCHID, "sub_mchid": SUB_MCHID, "mchid": MCHID, "transaction_id": PAYMENT, "order_id": SHARE_ID,
        "out_order_no": SHARE, "success_time": TIME,
        "receiver": { "type": "MERCHANT_ID", "account": MCHID, "amount": 888, "description": "运费/交易分账/及时奖励" },
    });
    let notice: SharingNotice = response(
        &full,
        &[
            "transaction_id",
            "order_id",
            "out_order_no",
            "receiver",
            "receiver.account",
            "receiver.amount",
        ],
    );
    assert_eq!(notice.receiver.account.as_str(), MCHID);
    assert_eq!(notice.receiver.amount, fen(888));
}

#[test]
fn unknown_enum_values_are_kept_verbatim() {
    values::<ReceiverType>(&["MERCHANT_ID", "PERSONAL_OPENID", "PERSONAL_SUB_OPENID"]);
    values::<SharingStatus>(&[
        "PROCESSING",
        "FINISHED",
        "ACCEPTED",
        "CLOSED",
        "PENDING",
        "SUCCESS",
        "ADJUST",
        "RETURNED",
    ]);
    values::<ShareResult>(&["PENDING", "SUCCESS", "CLOSED", "ADJUST", "RETURNED"]);
    values::<ShareFailReason>(&[
        "ACCOUNT_ABNORMAL",
        "NO_RELATION",
        "RECEIVER_HIGH_RISK",
        "RECEIVER_REAL_NAME_NOT_VERIFIED",
        "NO_AUTH",
        "RECEIVER_RECEIPT_LIMIT",
        "PAYER_ACCOUNT_ABNORMAL",
        "INVALID_REQUEST",
    ]);
    values::<ReturnResult>(&["PROCESSING", "SUCCESS", "FAILED"]);
    values::<ReturnFailReason>(&[
        "ACCOUNT_ABNORMAL",
        "TIME_OUT_CLOSED",
        "PAYER_ACCOUNT_ABNORMAL",
        "INVALID_REQUEST",
        "BALANCE_NOT_ENOUGH",
    ]);
    values::<RelationType>(&[
        "SERVICE_PROVIDER",
        "STORE",
        "STAFF",
        "STORE_OWNER",
        "PARTNER",
        "HEADQUARTER",
        "BRAND",
        "DISTRIBUTOR",
        "USER",
        "SUPPLIER",
        "CUSTOM",
    ]);
}
