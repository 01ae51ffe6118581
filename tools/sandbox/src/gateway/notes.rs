//! Lints found while a request is handled.

use super::{Refusal, codes};
use crate::{
    gateway::traffic::Verdict,
    world::lints::{Lint, LintKind},
};

/// Collects lints and what the log line wants to know.
pub(crate) struct Notes {
    pub(crate) verdict: Verdict,
    pub(crate) mchid: Option<String>,
    pub(crate) out_trade_no: Option<String>,
    pub(crate) total: Option<i64>,
    /// The stub that responds.
    pub(crate) stub: Option<u64>,
    pub(crate) lints: Vec<Lint>,
    pub(crate) at: i64,
    is_strict: bool,
}

impl Notes {
    pub(crate) fn new(at: i64, is_strict: bool) -> Self {
        Self {
            verdict: Verdict::Unread,
            mchid: None,
            out_trade_no: None,
            total: None,
            stub: None,
            lints: Vec::new(),
            at,
            is_strict,
        }
    }

    /// Records a lint; a strict sandbox refuses the request where production would.
    ///
    /// Call it before anything is changed.
    pub(crate) fn lint(&mut self, kind: LintKind, text: impl Into<String>) -> Result<(), Refusal> {
        let text = text.into();
        let refusal = (self.is_strict && kind.is_refused_in_production())
            .then(|| Refusal::new(codes::INVALID_REQUEST).hint(format!("strict: {kind}: {text}")));
        self.lints.push(Lint {
            kind,
            at: self.at,
            text,
            out_trade_no: self.out_trade_no.clone(),
        });
        refusal.map_or(Ok(()), Err)
    }
}
