//! Asking how a share stands.

use crate::{gateway::routes::sharing::named::Query, world::sharing::view};
use crate::{
    gateway::{Answer, Refusal, call::Call, codes},
    world::sharing::state::ShareFamily,
};

/// Handles `GET …/orders`, with the number in the path (ordinary) or in the query (platforms).
pub(crate) fn query(call: &mut Call<'_>, number: Option<&str>) -> Result<Answer, Refusal> {
    let Query {
        family,
        parameters,
        key,
    } = Query::read(call, number, "out_order_no")?;
    let share = call
        .gateway
        .world
        .shares
        .get(&key)
        .filter(|share| {
            share.family == family
                && share.transaction_id == parameters.need("transaction_id")
                && share.sub_mchid.as_deref() == parameters.get("sub_mchid")
        })
        .ok_or_else(|| Refusal::new(codes::NO_SUCH_SHARE))?;
    call.notes.out_trade_no = Some(share.order.out_trade_no.clone());
    let json = match family {
        ShareFamily::Ecommerce => view::ecommerce(&share),
        ShareFamily::Ordinary => view::ordinary(&share),
    };
    Ok(Answer::Json(json.to_string().into()))
}
