//! Uploads of pictures and videos, and the form of every other upload.

mod hints;

use bytes::Bytes;
use serde_json::{Value, json};

use super::endpoint::{Endpoint, Family};
use crate::gateway::hints::Conflict;
use crate::gateway::{
    Answer, Refusal,
    call::Call,
    codes,
    multipart::{self, Part},
    validate::{self, Checked, Field, Kind, Location, field, limits::S256},
};
use crate::world::{
    lints::Finding,
    media::state::{Media, MediaKind},
};
use hints::UploadHint;

pub(super) static FAMILY: Family = Family::new(&[
    Endpoint::post(
        "/v3/merchant/media/upload",
        ("Upload a picture", "上传图片"),
        |call, _| upload(call, &PICTURE),
    )
    .upload(),
    Endpoint::post(
        "/v3/merchant/media/video_upload",
        ("Upload a video", "上传视频"),
        |call, _| upload(call, &VIDEO),
    )
    .upload(),
]);

/// The part `meta` of an upload.
pub(super) const META: &[Field] = &[
    field("filename", S256).required(),
    field("sha256", DIGEST).required(),
];

/// A digest in hexadecimal digits.
pub(super) const DIGEST: Kind = Kind::Text { min: 64, max: 64 };

pub(super) const MIB: usize = 1024 * 1024;
pub(super) const PICTURES: &[&str] = &["jpg", "jpeg", "png", "bmp"];
const VIDEOS: &[&str] = &[
    "avi", "wmv", "mpeg", "mp4", "mov", "mkv", "flv", "f4v", "m4v", "rmvb",
];

/// A form with a file, as an endpoint wants it.
pub(super) struct Form {
    pub(super) kind: MediaKind,
    /// Name of the part with the file.
    pub(super) part: &'static str,
    /// Fields of the part `meta`.
    pub(super) meta: &'static [Field],
    /// JSON pointer of the file's name in `meta`.
    pub(super) filename: &'static str,
    /// JSON pointer of the file's digest in `meta`.
    pub(super) digest: &'static str,
    /// Allowed extensions, with the maximum size of each in bytes.
    pub(super) types: &'static [(&'static [&'static str], usize)],
}

impl Form {
    /// With a part `file`, and `meta` as pictures have it.
    pub(super) const fn of(kind: MediaKind, types: &'static [(&'static [&'static str], usize)]) -> Self {
        Self {
            kind,
            part: "file",
            meta: META,
            filename: "/filename",
            digest: "/sha256",
            types,
        }
    }
}

/// Pictures, and PDF files of up to 7.5 MB.
const PICTURE: Form = Form::of(
    MediaKind::Picture,
    &[(PICTURES, 5 * MIB), (&["pdf"], 7 * MIB + MIB / 2)],
);
const VIDEO: Form = Form::of(MediaKind::Video, &[(VIDEOS, 5 * MIB)]);

/// A file that came, and the part `meta` of its form.
pub(super) struct Upload {
    media: Media,
    pub(super) content: Bytes,
    pub(super) meta: Checked,
}

impl Upload {
    /// Keeps the facts of the file. Returns its id.
    pub(super) fn keep(self, call: &Call<'_>) -> String {
        let media_id = self.media.media_id.clone();
        call.gateway.world.media.keep(self.media);
        media_id
    }
}

/// Handles both uploads.
fn upload(call: &mut Call<'_>, form: &Form) -> Result<Answer, Refusal> {
    let media_id = read(call, form)?.keep(call);
    Ok(Answer::json(&json!({ "media_id": media_id })))
}

/// Reads a form, and checks it.
pub(super) fn read(call: &mut Call<'_>, form: &Form) -> Result<Upload, Refusal> {
    let broken = |hint: UploadHint| Refusal::new(codes::INVALID_REQUEST).hint(hint);
    let content_type = call.received.header("content-type").unwrap_or_default();
    let parts =
        multipart::parts(content_type, &call.received.body).ok_or_else(|| broken(UploadHint::NoForm))?;
    let find = |name: &str| parts.iter().find(|part| part.name == name);
    let (2, Some(meta), Some(file)) = (parts.len(), find("meta"), find(form.part)) else {
        let part = form.part.to_owned();
        return Err(broken(UploadHint::OtherParts { part }));
    };
    if !multipart::has_boundary(content_type) {
        call.notes.lint(Finding::UploadWithoutBoundary)?;
    }
    let meta = validate::check_all(&meta.content, &[form.meta]).map_err(validate::Problem::refusal)?;
    let filename = meta.text(form.filename).unwrap_or_default().to_owned();
    if file.filename.as_deref() != Some(&*filename) {
        call.notes.lint(Finding::UploadOtherFilename)?;
    }
    check_file(form, &filename, file)?;
    let digest = base16ct::lower::encode_string(&call.gateway.platform.provider().sha256(&file.content));
    if meta.text(form.digest) != Some(digest.as_str()) {
        let given = json!(meta.text(form.digest));
        return Err(Refusal::new(codes::PARAMETER)
            .field(Location::Body, form.digest, given, Conflict::OtherFile)
            .hint(UploadHint::OtherDigest));
    }
    let media = Media {
        media_id: call.ids.media_id(),
        mchid: call.mchid(),
        kind: form.kind,
        filename,
        sha256: digest,
        size: file.content.len(),
        at: call.now(),
    };
    Ok(Upload {
        media,
        content: file.content.clone(),
        meta,
    })
}

/// The end of a file's name, in lower case.
pub(super) fn extension(filename: &str) -> String {
    filename
        .rsplit_once('.')
        .map_or_else(String::new, |(_, extension)| extension.to_ascii_lowercase())
}

/// The name tells the type, and the type how large it may be.
fn check_file(form: &Form, filename: &str, file: &Part) -> Result<(), Refusal> {
    let extension = extension(filename);
    let found = form.types.iter().find(|(types, _)| types.contains(&&*extension));
    let Some((_, limit)) = found else {
        let types = form.types.iter().flat_map(|(types, _)| *types);
        let types = types.map(ToString::to_string).collect();
        return Err(Refusal::new(codes::PARAMETER)
            .field(
                Location::Body,
                form.filename,
                json!(filename),
                Conflict::OtherType,
            )
            .hint(UploadHint::OtherType { types }));
    };
    let (size, limit) = (file.content.len(), *limit);
    if size == 0 || size > limit {
        return Err(Refusal::new(codes::PARAMETER_RANGE)
            .field(Location::Body, form.part, Value::Null, Conflict::FileSize)
            .hint(UploadHint::Size { size, limit }));
    }
    Ok(())
}
