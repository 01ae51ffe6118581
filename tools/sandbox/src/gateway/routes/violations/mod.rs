//! Notification URL for punishments of sub-merchants (商户违规通知).

use super::{
    addresses,
    endpoint::{Endpoint, Family},
};
use crate::world::records::kinds::address::VIOLATIONS;

const PATH: &str = "/v3/merchant-risk-manage/violation-notifications";

pub(super) static FAMILY: Family = Family::new(&[
    Endpoint::post(
        PATH,
        ("Set the URL of violations", "创建商户违规通知回调地址"),
        |call, _| addresses::create(call, VIOLATIONS),
    )
    .body(&[addresses::FIELDS]),
    Endpoint::get(
        PATH,
        ("Query the URL of violations", "查询商户违规通知回调地址"),
        |call, _| addresses::query(call, VIOLATIONS),
    ),
    Endpoint::put(
        PATH,
        ("Change the URL of violations", "修改商户违规通知回调地址"),
        |call, _| addresses::update(call, VIOLATIONS),
    )
    .body(&[addresses::FIELDS]),
    Endpoint::delete(
        PATH,
        ("Delete the URL of violations", "删除商户违规通知回调地址"),
        |call, _| addresses::delete(call, VIOLATIONS),
    ),
])
.for_partners();
