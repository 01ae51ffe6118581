//! Taking an application back.

use serde_json::json;

use super::hints::ApplymentHint;
use super::named::{Name, found};
use crate::{
    gateway::{Answer, Refusal, call::Call, codes},
    world::applyments::{
        self,
        state::{ApplymentError, ApplymentState},
    },
};

/// Handles both forms of the call.
pub(super) fn revoke(call: &mut Call<'_>, name: &Name) -> Result<Answer, Refusal> {
    let applyment = found(call, name)?;
    if applyment.state != ApplymentState::Canceled {
        applyments::go(&call.gateway.world, &applyment.key, ApplymentState::Canceled, &[])
            .map_err(refused)?;
    }
    let json = json!({
        "applyment_id": applyment.applyment_id,
        "out_request_no": applyment.key.out_request_no,
    });
    Ok(Answer::Json(json.to_string().into()))
}

fn refused(error: ApplymentError) -> Refusal {
    Refusal::new(codes::INVALID_REQUEST).hint(ApplymentHint::NotRevoked { error })
}
