//! Releasing what is not shared.

use serde_json::Value;

use super::hints::SharingHint;
use crate::{
    gateway::routes::sharing::{
        named::{order, permitted},
        share,
    },
    world::sharing::view,
};
use crate::{
    gateway::{Answer, Refusal, call::Call, codes},
    world::sharing::{
        self,
        state::{Share, ShareFamily},
    },
};

/// Handles `POST …/finish-order` and `POST …/orders/unfreeze`.
pub(crate) fn finish(call: &mut Call<'_>, family: ShareFamily) -> Result<Answer, Refusal> {
    let body = call.body()?;
    let sub_mchid = body.text("/sub_mchid");
    permitted(call, sub_mchid)?;
    let transaction_id = body.text("/transaction_id").unwrap_or_default();
    let order = order(call, transaction_id, sub_mchid, family)?;
    let mut draft = share::blank(call, &body, family, &order);
    if let Some(known) = call.gateway.world.shares.get(&draft.key) {
        // The platform responds success when the number of a share is taken for this, and releases nothing.
        let is_of_share = known.released.is_none() && known.order == order.key;
        if is_of_share || (known.order == order.key && known.request == draft.request) {
            return Ok(answer(&known));
        }
        return Err(share::refused(
            crate::world::sharing::table::ShareRefusal::Differs,
        ));
    }
    let left = sharing::left(&call.gateway.world, &order, call.now());
    if left == 0 {
        return Err(Refusal::new(codes::NOT_ENOUGH).hint(SharingHint::NothingLeft));
    }
    draft.released = Some(left);
    let released = sharing::share(&call.gateway.world, &order, draft, true).map_err(share::refused)?;
    Ok(answer(&released))
}

fn answer(share: &Share) -> Answer {
    let json = match share.family {
        ShareFamily::Ecommerce => Value::Object(view::numbers(share)),
        ShareFamily::Ordinary => view::ordinary(share),
    };
    Answer::Json(json.to_string().into())
}
