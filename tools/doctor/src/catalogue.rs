//! All kinds of mistakes.

use super::{Mistake, claim, frame, invocation, lines, request, response, signing, spelling};

/// All kinds of mistakes, by the file that describes them.
const MISTAKES: &[&[Mistake]] = &[
    signing::MISTAKES,
    spelling::MISTAKES,
    frame::MISTAKES,
    lines::MISTAKES,
    claim::MISTAKES,
    request::METHOD_MISTAKES,
    request::URL_MISTAKES,
    request::BODY_MISTAKES,
    request::FRAME_MISTAKES,
    response::MISTAKES,
    invocation::MISTAKES,
];

impl Mistake {
    /// Returns all kinds, for a page that lists them.
    pub fn all() -> impl Iterator<Item = Self> {
        MISTAKES.iter().flat_map(|list| list.iter().copied())
    }
}
