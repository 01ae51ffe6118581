//! Uploads of pictures and videos.

mod hints;

use serde_json::json;

use super::endpoint::{Endpoint, Family};
use crate::gateway::hints::Conflict;
use crate::gateway::{
    Answer, Refusal,
    call::Call,
    codes,
    multipart::{self, Part},
    validate::{self, Field, Kind, Location, field, limits::S256},
};
use crate::world::{
    lints::Finding,
    media::state::{Media, MediaKind, Picture},
};
use hints::UploadHint;

pub(super) static FAMILY: Family = Family::new(&[
    Endpoint::post(
        "/v3/merchant/media/upload",
        ("Upload a picture", "上传图片"),
        |call, _| upload(call, MediaKind::Picture),
    )
    .upload(),
    Endpoint::post(
        "/v3/merchant/media/video_upload",
        ("Upload a video", "上传视频"),
        |call, _| upload(call, MediaKind::Video),
    )
    .upload(),
]);

/// The part `meta` of an upload.
const META: &[Field] = &[
    field("filename", S256).required(),
    field("sha256", Kind::Text { min: 64, max: 64 }).required(),
];

const MIB: usize = 1024 * 1024;
const PICTURES: &[&str] = &["jpg", "jpeg", "png", "bmp"];
const VIDEOS: &[&str] = &[
    "avi", "wmv", "mpeg", "mp4", "mov", "mkv", "flv", "f4v", "m4v", "rmvb",
];

/// Handles the uploads.
pub(in crate::gateway::routes) fn upload(call: &mut Call<'_>, kind: MediaKind) -> Result<Answer, Refusal> {
    let broken = |hint: UploadHint| Refusal::new(codes::INVALID_REQUEST).hint(hint);
    let content_type = call.received.header("content-type").unwrap_or_default();
    let parts =
        multipart::parts(content_type, &call.received.body).ok_or_else(|| broken(UploadHint::NoForm))?;
    let find = |name: &str| parts.iter().find(|part| part.name == name);
    let (2, Some(meta), Some(file)) = (parts.len(), find("meta"), find("file")) else {
        return Err(broken(UploadHint::OtherParts));
    };
    if !multipart::has_boundary(content_type) {
        call.notes.lint(Finding::UploadWithoutBoundary)?;
    }
    let body = validate::check_all(&meta.content, &[META]).map_err(validate::Problem::refusal)?;
    let filename = body.text("/filename").unwrap_or_default();
    if file.filename.as_deref() != Some(filename) {
        call.notes.lint(Finding::UploadOtherFilename)?;
    }
    check_file(kind, filename, file)?;
    let digest = base16ct::lower::encode_string(&call.gateway.platform.provider().sha256(&file.content));
    if body.text("/sha256") != Some(digest.as_str()) {
        return Err(Refusal::new(codes::PARAMETER)
            .field(
                Location::Body,
                "/sha256",
                json!(body.text("/sha256")),
                Conflict::OtherFile,
            )
            .hint(UploadHint::OtherDigest));
    }
    let media_id = call.ids.media_id();
    if kind == MediaKind::ComplaintPicture {
        let picture = Picture {
            mchid: call.mchid(),
            content: file.content.clone(),
            content_type: content_type_of(filename),
        };
        call.gateway.world.media.keep_picture(media_id.clone(), picture);
    }
    call.gateway.world.media.keep(Media {
        media_id: media_id.clone(),
        mchid: call.mchid(),
        kind,
        filename: filename.to_owned(),
        sha256: digest,
        size: file.content.len(),
        at: call.now(),
    });
    Ok(Answer::Json(json!({ "media_id": media_id }).to_string().into()))
}

/// In lower case.
fn extension(filename: &str) -> String {
    filename
        .rsplit_once('.')
        .map_or_else(String::new, |(_, extension)| extension.to_ascii_lowercase())
}

fn content_type_of(filename: &str) -> &'static str {
    match extension(filename).as_str() {
        "png" => "image/png",
        "bmp" => "image/bmp",
        _ => "image/jpeg",
    }
}

/// The name tells the type, and the type how large it may be.
fn check_file(kind: MediaKind, filename: &str, file: &Part) -> Result<(), Refusal> {
    let extension = extension(filename);
    let extension = extension.as_str();
    let limit = match kind {
        MediaKind::ComplaintPicture if PICTURES.contains(&extension) => 2 * MIB,
        MediaKind::Picture if PICTURES.contains(&extension) => 5 * MIB,
        // 7.5 MB.
        MediaKind::Picture if extension == "pdf" => 7 * MIB + MIB / 2,
        MediaKind::Video if VIDEOS.contains(&extension) => 5 * MIB,
        _ => {
            return Err(Refusal::new(codes::PARAMETER)
                .field(Location::Body, "/filename", json!(filename), Conflict::OtherType)
                .hint(match kind {
                    MediaKind::Picture => UploadHint::NoPicture,
                    MediaKind::ComplaintPicture => UploadHint::NoComplaintPicture,
                    MediaKind::Video => UploadHint::NoVideo,
                }));
        }
    };
    if file.content.is_empty() || file.content.len() > limit {
        return Err(Refusal::new(codes::PARAMETER_RANGE)
            .field(Location::Body, "file", json!(null), Conflict::FileSize)
            .hint(UploadHint::Size {
                size: file.content.len(),
                limit,
            }));
    }
    Ok(())
}
