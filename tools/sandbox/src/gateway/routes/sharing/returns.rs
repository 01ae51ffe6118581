//! Giving shared money back.

use serde_json::{Map, Value, json};

use super::hints::SharingHint;
use super::{
    named::{Query, permitted},
    share,
};
use crate::{
    gateway::{
        Answer, Refusal,
        call::Call,
        codes,
        validate::{Checked, Location},
    },
    world::{
        clock::rfc3339,
        sharing::{
            self,
            state::{Share, ShareFamily, ShareKey, ShareResult, ShareReturn},
        },
    },
};

/// Money comes back so long after the payment.
const MAX_AGE: i64 = 180 * 24 * 3600;

/// Handles `POST …/returnorders` and `POST …/return-orders`.
pub(crate) fn give_back(call: &mut Call<'_>, family: ShareFamily) -> Result<Answer, Refusal> {
    let body = call.body()?;
    permitted(call, body.text("/sub_mchid"))?;
    let share = found(
        call,
        family,
        body.text("/order_id"),
        body.text("/out_order_no"),
        body.text("/sub_mchid"),
    )?;
    call.notes.out_trade_no = Some(share.order.out_trade_no.clone());
    let paid_at = call
        .order(&share.order)
        .and_then(|order| order.payment)
        .map_or(0, |payment| payment.at);
    if call.now().saturating_sub(paid_at) > MAX_AGE {
        return Err(Refusal::new(codes::INVALID_REQUEST).hint(SharingHint::TooOld));
    }
    let draft = draft(call, &body, family, &share)?;
    let given = sharing::give_back(&call.gateway.world, draft, family == ShareFamily::Ordinary).map_err(
        |refusal| match refusal {
            crate::world::sharing::table::ShareRefusal::TooMuch { left } => {
                Refusal::new(codes::NOT_ENOUGH).hint(SharingHint::MoreThanGot { left })
            }
            other => share::refused(other),
        },
    )?;
    Ok(answer(&given))
}

/// Handles the queries of both families.
pub(crate) fn query(call: &mut Call<'_>, number: Option<&str>) -> Result<Answer, Refusal> {
    let Query {
        family,
        parameters,
        key,
    } = Query::read(call, number, "out_return_no")?;
    let share = found(
        call,
        family,
        parameters.get("order_id"),
        parameters.get("out_order_no"),
        parameters.get("sub_mchid"),
    )?;
    let given = call
        .gateway
        .world
        .shares
        .get_return(&key)
        .filter(|given| given.share == share.key)
        .ok_or_else(|| Refusal::new(codes::NO_SUCH_SHARE))?;
    call.notes.out_trade_no = Some(share.order.out_trade_no.clone());
    Ok(answer(&given))
}

/// The share that is named by either number.
fn found(
    call: &Call<'_>,
    family: ShareFamily,
    order_id: Option<&str>,
    out_order_no: Option<&str>,
    sub_mchid: Option<&str>,
) -> Result<Share, Refusal> {
    let key = match (order_id, out_order_no) {
        (Some(id), _) => call
            .gateway
            .world
            .shares
            .key_of_id(id)
            .filter(|key| call.merchant.mchid == key.mchid.as_str()),
        (None, Some(number)) => Some(ShareKey {
            mchid: call.mchid(),
            number: number.to_owned(),
        }),
        (None, None) => {
            return Err(Refusal::new(codes::PARAMETER)
                .missing(Location::Body, "/order_id")
                .hint(SharingHint::NoNumber));
        }
    };
    key.and_then(|key| call.gateway.world.shares.get(&key))
        .filter(|share| share.family == family && share.sub_mchid.as_deref() == sub_mchid)
        .ok_or_else(|| Refusal::new(codes::NO_SUCH_SHARE))
}

fn draft(
    call: &Call<'_>,
    body: &Checked,
    family: ShareFamily,
    share: &Share,
) -> Result<ShareReturn, Refusal> {
    let text = |key: &str| body.text(&format!("/{key}")).unwrap_or_default().to_owned();
    // The share may be named by either number, and by the other one the next time.
    let mut request = body.value.clone();
    if let Some(object) = request.as_object_mut() {
        object.remove("order_id");
        object.remove("out_order_no");
    }
    Ok(ShareReturn {
        key: ShareKey {
            mchid: call.mchid(),
            number: text("out_return_no"),
        },
        family,
        return_no: call.ids.share_order_id(call.now()),
        share: share.key.clone(),
        order_id: share.order_id.clone(),
        sub_mchid: share.sub_mchid.clone(),
        transaction_id: share.transaction_id.clone(),
        return_mchid: text("return_mchid"),
        amount: body.integer("/amount").ok_or_else(Refusal::system_error)?,
        description: text("description"),
        request: request.into(),
        result: ShareResult::Pending,
        created_at: call.now(),
        finished_at: None,
    })
}

fn answer(given: &ShareReturn) -> Answer {
    let mut json = Map::new();
    let mut put = |key: &str, value: Value| {
        json.insert(key.to_owned(), value);
    };
    if let Some(sub_mchid) = &given.sub_mchid {
        put("sub_mchid", json!(sub_mchid));
    }
    put("order_id", json!(given.order_id));
    put("out_order_no", json!(given.share.number));
    // The ordinary pages hold a name of their own for the platform's number.
    match given.family {
        ShareFamily::Ecommerce => {
            put("return_no", json!(given.return_no));
            put("transaction_id", json!(given.transaction_id));
        }
        ShareFamily::Ordinary => {
            put("return_id", json!(given.return_no));
            put("create_time", json!(rfc3339(given.created_at)));
        }
    }
    put("out_return_no", json!(given.key.number));
    put("return_mchid", json!(given.return_mchid));
    put("amount", json!(given.amount));
    put("description", json!(given.description));
    let result = match given.result {
        ShareResult::Pending => "PROCESSING",
        ShareResult::Success => "SUCCESS",
        ShareResult::Closed => "FAILED",
    };
    put("result", json!(result));
    put(
        "finish_time",
        json!(rfc3339(given.finished_at.unwrap_or(given.created_at))),
    );
    Answer::Json(Value::Object(json).to_string().into())
}
