//! Lints found while a request is handled.

use super::{Refusal, codes};
use crate::gateway::hints::RequestHint;
use crate::{
    gateway::traffic::Verdict,
    world::lints::{Finding, Lint},
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
    pub(crate) fn lint(&mut self, finding: Finding) -> Result<(), Refusal> {
        let kind = finding.kind();
        let refusal = (self.is_strict && kind.is_refused_in_production()).then(|| {
            let finding = finding.clone();
            Refusal::new(codes::INVALID_REQUEST).hint(RequestHint::Strict { kind, finding })
        });
        self.lints.push(Lint {
            finding,
            at: self.at,
            out_trade_no: self.out_trade_no.clone(),
        });
        refusal.map_or(Ok(()), Err)
    }
}
