//! Faults requested by a client in any language, by a header or a keyword.
//!
//! `X-Sandbox-Fault: delay=2s, bad-signature;times=3` spoils the response to the request that carries it, or what follows from
//! the request: `X-Sandbox-Fault: lost;times=2` on an order loses the first two attempts at its notification. The keyword
//! `[[sandbox:pay-fail-balance]]` in any text of the body does the same for clients that cannot add a header; it is heeded once
//! for each number, so that the same call made again gets through.

use std::borrow::Cow;

use memchr::memmem;
use serde_json::Value;

use super::{
    Fault, FaultRule, Faults, Fired, UnknownFault,
    info::FaultPlace,
    rule::{Occasion, Scene},
};
use crate::{
    language::{texts, verbatim},
    world::{lock, random::Ids},
};

const KEYWORD: &str = "[[sandbox:";
const KEYWORD_END: &str = "]]";
/// Keywords that are remembered as heeded; as many as orders are kept.
const MAX_KEYWORDS: usize = 50_000;
/// Members that name the subject of a request, the most specific first.
const NUMBERS: [&str; 6] = [
    "/out_refund_no",
    "/out_return_no",
    "/out_order_no",
    "/combine_out_trade_no",
    "/out_trade_no",
    "/out_request_no",
];

/// A request, as far as faults look at it.
pub(crate) struct Request<'a> {
    pub(crate) method: &'a str,
    /// Path and query.
    pub(crate) target: &'a str,
    /// The merchant that it claims to come from.
    pub(crate) mchid: Option<&'a str>,
    /// `X-Sandbox-Fault`, or as the platform's old sandbox had it, `Wechatpay-Negative-Test`.
    pub(crate) header: Option<&'a str>,
    pub(crate) body: &'a [u8],
}

/// A fault that a client named in a request.
struct Named {
    fault: Fault,
    times: u64,
    event: Option<String>,
}

impl Request<'_> {
    fn path(&self) -> &str {
        self.target.split_once('?').map_or(self.target, |(path, _)| path)
    }

    /// Returns true if it names what has this number, in its address or its body.
    fn mentions(&self, number: &str) -> bool {
        !number.is_empty()
            && (self.target.contains(number) || memmem::find(self.body, number.as_bytes()).is_some())
    }

    /// The number of what it is about.
    fn number(&self) -> Option<String> {
        let body: Value = serde_json::from_slice(self.body).ok()?;
        NUMBERS
            .into_iter()
            .find_map(|pointer| body.pointer(pointer)?.as_str())
            .map(str::to_owned)
    }

    /// Texts of the body that may contain keywords.
    fn keywords(&self) -> Vec<Cow<'_, str>> {
        let mut found = Vec::new();
        let mut rest = self.body;
        while let Some(start) = memmem::find(rest, KEYWORD.as_bytes()) {
            rest = rest
                .get(start.saturating_add(KEYWORD.len())..)
                .unwrap_or_default();
            let Some(end) = memmem::find(rest, KEYWORD_END.as_bytes()) else {
                break;
            };
            found.push(String::from_utf8_lossy(rest.get(..end).unwrap_or_default()));
            rest = rest.get(end..).unwrap_or_default();
        }
        found
    }
}

impl Faults {
    /// Faults of a request: those that it names itself, and those of the rules.
    ///
    /// # Errors
    /// A sentence: it names a fault that does not exist, or that cannot spoil it.
    pub(crate) fn of_request(
        &self,
        request: &Request<'_>,
        now: i64,
        ids: &Ids,
    ) -> Result<Fired, HeaderProblem> {
        let mut fired = Fired::default();
        let occasion = Occasion {
            scene: Scene::Request {
                method: request.method,
                path: request.path(),
            },
            mchid: request.mchid,
            mentions: &|number| request.mentions(number),
        };
        let header = request.header.into_iter().flat_map(|header| header.split(','));
        let named = header.map(parse).collect::<Result<Vec<_>, _>>()?;
        let keywords = request.keywords();
        let number = if named.is_empty() && keywords.is_empty() {
            None
        } else {
            request.number()
        };
        let mut table = lock(&self.0);
        let mut all = named;
        for keyword in keywords {
            let heeded = (
                request.mchid.unwrap_or_default().to_owned(),
                number.clone().unwrap_or_default(),
                keyword.clone().into_owned(),
            );
            if table.keywords.len() >= MAX_KEYWORDS {
                // As orders are forgotten, so are the words in them.
                table.keywords.clear();
            }
            if table.keywords.insert(heeded) {
                all.push(parse(&keyword)?);
            }
        }
        for named in all {
            let Named { fault, times, event } = named;
            let follows =
                event.is_some() || matches!(fault.place(), FaultPlace::Notification | FaultPlace::Payment);
            let mut rule = FaultRule::from(fault).times(times);
            if follows {
                if let Some(event) = &event {
                    rule = rule.on_event(event);
                }
                if let Some(number) = &number {
                    rule = rule.about(number);
                }
                if let Some(mchid) = request.mchid {
                    rule = rule.mchid(mchid);
                }
                table.add(rule, now);
                continue;
            }
            if !rule.fits(&occasion) {
                return Err(HeaderProblem::OtherPlace { fault });
            }
            if fired.of(fault.slot()).is_none() {
                fired.0.push(fault);
            }
            if times > 1 {
                let same = format!("{} {}", request.method, request.path());
                table.add(rule.on(&same).times(times.saturating_sub(1)), now);
            }
        }
        // What the request asks for itself has taken its slots; the rules have the others.
        table.fire(&occasion, now, ids, &mut fired);
        Ok(fired)
    }
}

texts! {
    /// A header that names no fault.
    pub(crate) enum HeaderProblem {
        Unknown { error: UnknownFault } =>
            "{error}",
            "{error}";
        OtherPlace { fault: Fault } =>
            "the fault {fault} cannot spoil this request",
            "故障 {fault} 不能作用于此请求";
        Times =>
            "times is a number from 1 on",
            "times 应为从 1 起的整数";
        Part { part: String } =>
            "behind a fault may stand times= and event=, not {part:?}",
            "故障名之后只能有 times= 和 event=，不能是 {part:?}";
    }
}

verbatim!(Fault);

/// `name[=argument][;times=n][;event=PATTERN]`.
fn parse(text: &str) -> Result<Named, HeaderProblem> {
    let mut parts = text.split(';').map(str::trim);
    let fault: Fault = parts
        .next()
        .unwrap_or_default()
        .parse()
        .map_err(|error| HeaderProblem::Unknown { error })?;
    let mut named = Named {
        fault,
        times: 1,
        event: None,
    };
    for part in parts {
        match part.split_once('=') {
            Some(("times", times)) => {
                named.times = times
                    .parse()
                    .ok()
                    .filter(|times| *times > 0)
                    .ok_or(HeaderProblem::Times)?;
            }
            Some(("event", event)) => named.event = Some(event.to_owned()),
            _ => {
                return Err(HeaderProblem::Part {
                    part: part.to_owned(),
                });
            }
        }
    }
    Ok(named)
}

#[cfg(test)]
mod tests {
    use super::{super::NotificationOccasion, *};
    use crate::language::{Language, Localize as _};

    const PREPAY: &str = "/v3/pay/transactions/native";

    fn request<'a>(header: Option<&'a str>, body: &'a str) -> Request<'a> {
        Request {
            method: "POST",
            target: PREPAY,
            mchid: Some("1900000001"),
            header,
            body: body.as_bytes(),
        }
    }

    fn ask(faults: &Faults, request: &Request<'_>) -> Result<Vec<Fault>, HeaderProblem> {
        faults
            .of_request(request, 0, &Ids::from_seed(1))
            .map(|fired| fired.0)
    }

    #[test]
    fn a_header_spoils_its_own_answer_and_maybe_the_next_ones() {
        let faults = Faults::default();
        let order = r#"{"out_trade_no":"demo-0001"}"#;
        let spoiled = ask(&faults, &request(Some("delay=2s, bad-signature;times=2"), order));
        let delay = Fault::Delay(std::time::Duration::from_secs(2));
        assert_eq!(spoiled.unwrap(), [delay, Fault::BadSignature]);
        assert_eq!(
            ask(&faults, &request(None, order)).unwrap(),
            [Fault::BadSignature]
        );
        assert_eq!(ask(&faults, &request(None, order)).unwrap(), []);
    }

    #[test]
    fn a_header_spoils_what_follows() {
        let faults = Faults::default();
        let order = r#"{"out_trade_no":"demo-0001"}"#;
        let header = "lost;times=2, pay-fail-risk, changed-body;event=REFUND.*";
        assert_eq!(ask(&faults, &request(Some(header), order)).unwrap(), []);
        let ids = Ids::from_seed(1);
        let attempt = |mchid, number: &str| {
            let about = NotificationOccasion {
                mchid,
                event_type: "REFUND.SUCCESS",
                numbers: ["refund-1", number],
            };
            faults.of_attempt(&about, 0, &ids).0
        };
        assert_eq!(attempt("1900000001", "demo-0002"), []);
        assert_eq!(attempt("1900000002", "demo-0001"), []);
        assert_eq!(
            attempt("1900000001", "demo-0001"),
            [Fault::Lost, Fault::ChangedBody]
        );
        assert_eq!(attempt("1900000001", "demo-0001"), [Fault::Lost]);
        assert_eq!(attempt("1900000001", "demo-0001"), []);
        let payment = faults.of_payment("1900000001", &["demo-0001"], false, 0, &ids).0;
        assert_eq!(payment, [Fault::PayFailRisk]);
    }

    #[test]
    fn a_keyword_is_heeded_once_for_each_number() {
        let faults = Faults::default();
        let order = |number: &str| {
            format!(r#"{{"description":"Tee [[sandbox:500]] [[sandbox:lost]]","out_trade_no":"{number}"}}"#)
        };
        for number in ["demo-0001", "demo-0002"] {
            assert_eq!(
                ask(&faults, &request(None, &order(number))).unwrap(),
                [Fault::Status(500)]
            );
            assert_eq!(ask(&faults, &request(None, &order(number))).unwrap(), []);
        }
        assert_eq!(faults.all().len(), 2, "one rule for each notification");
    }

    #[test]
    fn what_is_no_fault_is_said() {
        let faults = Faults::default();
        for (header, words) in [
            ("nonsense", "is no fault"),
            ("hang;times=0", "times is a number"),
            ("hang;often", "may stand times="),
            ("bill-none", "cannot spoil this request"),
        ] {
            let error = ask(&faults, &request(Some(header), "{}")).unwrap_err();
            let error = error.in_language(Language::English);
            assert!(error.contains(words), "{header}: {error}");
        }
        let open = ask(&faults, &request(None, r#"{"attach":"[[sandbox:500"}"#));
        assert_eq!(open.unwrap(), []);
    }
}
