//! All kinds of mistakes.

use super::{Mistake, answer, claim, frame, invocation, lines, request, signing, spelling};

/// Every kind of mistake, by the file that describes it.
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
    answer::MISTAKES,
    invocation::MISTAKES,
];

impl Mistake {
    /// All kinds, for a page that lists them.
    pub fn all() -> impl Iterator<Item = Self> {
        MISTAKES.iter().flat_map(|list| list.iter().copied())
    }
}
