//! Pictures of complaints: uploaded for a reply, and downloaded.

use serde_json::json;

use super::{
    super::media::{self, Form, MIB, PICTURES},
    hints::ComplaintHint,
};
use crate::{
    gateway::{Answer, Refusal, call::Call, codes},
    world::media::state::{MediaKind, Picture},
};

const PICTURE: Form = Form::of(MediaKind::ComplaintPicture, &[(PICTURES, 2 * MIB)]);

pub(super) fn upload(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let upload = media::read(call, &PICTURE)?;
    let picture = Picture {
        mchid: call.mchid(),
        content: upload.content.clone(),
        content_type: content_type_of(upload.meta.text("/filename").unwrap_or_default()),
    };
    let media_id = upload.keep(call);
    let media = &call.gateway.world.media;
    media.keep_picture(media_id.clone(), picture);
    Ok(Answer::json(&json!({ "media_id": media_id })))
}

fn content_type_of(filename: &str) -> &'static str {
    match media::extension(filename).as_str() {
        "png" => "image/png",
        "bmp" => "image/bmp",
        _ => "image/jpeg",
    }
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
