//! Pictures of complaints: uploaded for a reply, and downloaded.

use super::{super::media, hints::ComplaintHint};
use crate::{
    gateway::{Answer, Refusal, call::Call, codes},
    world::media::state::MediaKind,
};

pub(super) fn upload(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    media::upload(call, MediaKind::ComplaintPicture)
}

/// Returns true if the caller uploaded this picture.
pub(super) fn is_uploaded(call: &Call<'_>, media_id: &str) -> bool {
    let media = &call.gateway.world.media;
    media.has(&call.mchid(), MediaKind::ComplaintPicture, media_id)
}

/// Gives a picture as it is, without a signature.
pub(super) fn download(call: &Call<'_>, media_id: &str) -> Result<Answer, Refusal> {
    call.parameters()?;
    let picture = call.gateway.world.media.picture(media_id);
    let picture = picture
        .filter(|picture| picture.mchid == call.mchid())
        .ok_or_else(|| Refusal::new(codes::NO_SUCH_PICTURE).hint(ComplaintHint::NoPicture))?;
    Ok(Answer::File {
        content: picture.content,
        content_type: picture.content_type,
    })
}
