//! Coupons that reduce payments (代金券).

mod callbacks;
mod fields;
mod flows;
mod hints;
mod sent;
mod stocks;

use serde_json::json;

use super::{
    endpoint::{Endpoint, Family},
    media,
};
use crate::{
    gateway::Answer,
    world::records::kinds::coupon_stock::{INACTIVE, PAUSED, RUNNING, goods, merchants},
};

pub(super) static FAMILY: Family = Family::new(&[
    Endpoint::post(
        "/v3/marketing/favor/coupon-stocks",
        ("Create a stock of coupons", "创建代金券批次"),
        |call, _| stocks::create(call),
    )
    .body(&[fields::STOCK, fields::PATTERN, fields::USE_RULE]),
    Endpoint::get(
        "/v3/marketing/favor/stocks",
        ("List stocks of coupons", "条件查询批次列表"),
        |call, _| stocks::list(call),
    )
    .query(
        &["offset", "limit", "stock_creator_mchid"],
        &["create_start_time", "create_end_time", "status"],
    ),
    Endpoint::get(
        "/v3/marketing/favor/stocks/{stock_id}",
        ("Query a stock of coupons", "查询批次详情"),
        |call, path| stocks::query(call, path.get("stock_id")),
    )
    .query(&["stock_creator_mchid"], &[]),
    Endpoint::get(
        "/v3/marketing/favor/stocks/{stock_id}/items",
        ("List the goods of a stock", "查询代金券可用单品"),
        |call, path| stocks::texts(call, path.get("stock_id"), goods),
    )
    .query(&["offset", "limit", "stock_creator_mchid"], &[]),
    Endpoint::get(
        "/v3/marketing/favor/stocks/{stock_id}/merchants",
        ("List the merchants of a stock", "查询代金券可用商户"),
        |call, path| stocks::texts(call, path.get("stock_id"), merchants),
    )
    .query(&["offset", "limit", "stock_creator_mchid"], &[]),
    Endpoint::post(
        "/v3/marketing/favor/stocks/{stock_id}/start",
        ("Activate a stock", "激活代金券批次"),
        |call, path| stocks::go(call, path.get("stock_id"), (INACTIVE, RUNNING), "start_time"),
    )
    .body(&[fields::CREATOR]),
    Endpoint::post(
        "/v3/marketing/favor/stocks/{stock_id}/pause",
        ("Pause a stock", "暂停代金券批次"),
        |call, path| stocks::go(call, path.get("stock_id"), (RUNNING, PAUSED), "pause_time"),
    )
    .body(&[fields::CREATOR]),
    Endpoint::post(
        "/v3/marketing/favor/stocks/{stock_id}/restart",
        ("Restart a stock", "重启代金券批次"),
        |call, path| stocks::go(call, path.get("stock_id"), (PAUSED, RUNNING), "restart_time"),
    )
    .body(&[fields::CREATOR]),
    Endpoint::post(
        "/v3/marketing/favor/stocks/{stock_id}/modify-goods-id",
        ("Change the goods of a stock", "修改可用单品编码"),
        |call, path| stocks::change_goods(call, path.get("stock_id")),
    )
    .body(&[fields::CREATOR, fields::GOODS]),
    Endpoint::post(
        "/v3/marketing/favor/users/{openid}/coupons",
        ("Send a coupon to a user", "发放代金券"),
        |call, path| sent::send(call, path.get("openid")),
    )
    .body(&[fields::SEND, fields::CREATOR]),
    Endpoint::get(
        "/v3/marketing/favor/users/{openid}/coupons",
        ("List the coupons of a user", "根据商户号查用户的券"),
        |call, path| sent::list(call, path.get("openid")),
    )
    .query(
        &["appid"],
        &[
            "stock_id",
            "status",
            "creator_mchid",
            "sender_mchid",
            "available_mchid",
            "offset",
            "limit",
            "business_type",
        ],
    ),
    Endpoint::get(
        "/v3/marketing/favor/users/{openid}/coupons/{coupon_id}",
        ("Query a coupon", "查询代金券详情"),
        |call, path| sent::query(call, path.get("openid"), path.get("coupon_id")),
    )
    .query(&["appid"], &[]),
    Endpoint::get(
        "/v3/marketing/favor/stocks/{stock_id}/use-flow",
        USE_FLOW,
        |call, path| flows::used(call, path.get("stock_id")),
    ),
    Endpoint::get(
        "/v3/marketing/favor/stocks/{stock_id}/use-flow-by-day",
        USE_FLOW,
        |call, path| flows::used_on_day(call, path.get("stock_id")),
    )
    .query(&["bill_date"], &[]),
    Endpoint::get(
        "/v3/marketing/favor/stocks/{stock_id}/refund-flow",
        REFUND_FLOW,
        |call, path| flows::refunded(call, path.get("stock_id")),
    ),
    Endpoint::get(
        "/v3/marketing/favor/stocks/{stock_id}/refund-flow-by-day",
        REFUND_FLOW,
        |call, path| flows::refunded_on_day(call, path.get("stock_id")),
    )
    .query(&["bill_date"], &[]),
    Endpoint::get(
        "/v3/marketing/favor/callbacks",
        (
            "Query the notification URL of coupons",
            "获取已设置的消息通知地址",
        ),
        |call, _| callbacks::query(call),
    )
    .query(&["mchid"], &[]),
    Endpoint::post(
        "/v3/marketing/favor/callbacks",
        ("Set the notification URL of coupons", "设置消息通知地址"),
        |call, _| callbacks::set(call),
    )
    .body(&[fields::CALLBACK]),
    Endpoint::post(
        "/v3/marketing/favor/media/image-upload",
        ("Upload a picture of coupons", "（营销）图片上传"),
        |call, _| {
            let media_id = media::read(call, &fields::PICTURE)?.keep(call);
            let url = format!("https://qpic.cn/{media_id}");
            Ok(Answer::json(&json!({ "media_url": url })))
        },
    )
    .upload(),
]);

const USE_FLOW: (&str, &str) = ("Ask for the uses of a stock", "下载批次核销明细");
const REFUND_FLOW: (&str, &str) = ("Ask for the refunds of a stock", "下载批次退款明细");
