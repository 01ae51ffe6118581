//! The description of the API for machines, made of the handlers and their types.

use std::collections::BTreeMap;

use http::StatusCode;
use utoipa::{
    IntoResponses, OpenApi as _,
    openapi::{
        Components, Content, OpenApi, PathItem, Ref, RefOr, Required, Response, Schema, path::Operation,
        request_body::RequestBody,
    },
};

use super::{HOME, Problem};

/// The API without its calls.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "wechatpay-sandbox, admin API",
        description = "Presses the buttons of a sandbox. Unsigned; for programs on this machine. A page of another site is \
                       refused with 403, and so is a Host that is not this machine's."
    ),
    servers((url = HOME)),
    components(schemas(Problem), responses(Problem))
)]
struct Frame;

/// The description before any call is in it.
pub(super) fn frame() -> OpenApi {
    Frame::openapi()
}

/// Adds to all calls what follows from their form: ids, the usual description, the rejections.
///
/// Guard and extractors reject, and so does a call whose path names a thing that is not there.
pub(super) fn finish(mut document: OpenApi) -> OpenApi {
    let components = document.components.take().unwrap_or_default();
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            operation.operation_id = Some(id(method, path));
            for response in operation.responses.responses.values_mut() {
                if let RefOr::T(response) = response
                    && response.description.is_empty()
                {
                    "Done".clone_into(&mut response.description);
                }
            }
            rejects(operation, StatusCode::FORBIDDEN);
            if path.contains('{') {
                rejects(operation, StatusCode::NOT_FOUND);
            }
            if operation.parameters.as_ref().is_some_and(|list| !list.is_empty()) {
                rejects(operation, StatusCode::BAD_REQUEST);
            }
            let Some(RefOr::T(body)) = &mut operation.request_body else {
                continue;
            };
            // An empty body is read as `{}`.
            body.required = Some(match takes_empty(&components, body) {
                true => Required::False,
                false => Required::True,
            });
            for status in [
                StatusCode::BAD_REQUEST,
                StatusCode::PAYLOAD_TOO_LARGE,
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
            ] {
                rejects(operation, status);
            }
        }
    }
    document.components = Some(components);
    document
}

/// Returns true if an object without members fits the schema of the body.
fn takes_empty(components: &Components, body: &RequestBody) -> bool {
    body.content.values().any(|content| {
        let RefOr::T(Content { schema: Some(RefOr::Ref(schema)), .. }) = content else {
            return false;
        };
        let name = schema.ref_location.rsplit('/').next().unwrap_or_default();
        matches!(
            components.schemas.get(name),
            Some(RefOr::T(Schema::Object(object))) if object.required.is_empty() && object.min_properties.is_none()
        )
    })
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    [
        ("get", &mut item.get),
        ("put", &mut item.put),
        ("post", &mut item.post),
        ("patch", &mut item.patch),
        ("delete", &mut item.delete),
    ]
    .into_iter()
    .filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

/// `post-orders-out_trade_no-pay` for `POST /orders/{out_trade_no}/pay`.
fn id(method: &str, path: &str) -> String {
    let words = path.split('/').filter(|word| !word.is_empty());
    words.fold(method.to_owned(), |id, word| {
        format!("{id}-{}", word.trim_matches(['{', '}']))
    })
}

fn rejects(operation: &mut Operation, status: StatusCode) {
    operation.responses.responses.extend(rejection(status));
}

fn rejection(status: StatusCode) -> [(String, RefOr<Response>); 1] {
    [(
        status.as_str().to_owned(),
        RefOr::Ref(Ref::from_response_name("Problem")),
    )]
}

/// Rejection of a call that the present state does not allow.
pub(super) struct Conflict;

impl IntoResponses for Conflict {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        rejection(StatusCode::CONFLICT).into()
    }
}
