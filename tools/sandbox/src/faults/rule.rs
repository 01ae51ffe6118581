//! A rule: which fault, when, and how often.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use super::{Fault, FaultPlace, pattern};
use crate::world::clock::span;

/// When a fault fires. Made of a [`Fault`]; give it to [`Sandbox::fault`](crate::Sandbox::fault).
///
/// A rule fires once, unless [`times`](Self::times), [`always`](Self::always), [`probability`](Self::probability) or
/// [`ttl`](Self::ttl) says otherwise. Of several rules that would do the same kind of harm, the oldest fires.
///
/// As JSON, for the admin API: `{"do": "status=503", "when": {"method": "POST", "path": "/v3/refund/**", "nth": [2]},
/// "times": 3}`, with `times` 0 for always.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, remote = "Self")]
#[must_use = "give it to Sandbox::fault"]
pub struct FaultRule {
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(read_only))]
    pub(super) id: u64,
    /// The fault with its argument: delay=2s, accepted-but=500; see /faults/catalogue.
    #[serde(rename = "do")]
    #[cfg_attr(feature = "schema", schema(value_type = String, example = "status=503"))]
    pub(super) fault: Fault,
    #[serde(default)]
    when: When,
    /// Number of times; 0 is always. Default: 1, or always with a probability or ttl.
    #[serde(default = "unsaid")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<u64>))]
    times: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(minimum = 0, maximum = 1))]
    probability: Option<f64>,
    #[serde(default, with = "span::optional", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>, example = "30m"))]
    ttl: Option<Duration>,
    /// By the sandbox's clock, once the rule is in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(read_only))]
    pub(super) expires_at: Option<i64>,
    /// Number of matching occasions so far.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(read_only))]
    seen: u64,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(read_only))]
    fired: u64,
}

/// Stands for missing `times` until the rest of the rule is known.
const fn unsaid() -> u64 {
    u64::MAX
}

impl Serialize for FaultRule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, serializer)
    }
}

impl<'de> Deserialize<'de> for FaultRule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut rule = Self::deserialize(deserializer)?;
        if rule
            .probability
            .is_some_and(|chance| !(0.0..=1.0).contains(&chance))
        {
            return Err(D::Error::custom("probability is between 0 and 1"));
        }
        if rule.times == unsaid() {
            rule.times = u64::from(rule.probability.is_none() && rule.ttl.is_none());
        }
        Ok(rule)
    }
}

/// Conditions of an occasion; omitted ones always hold.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", schema(as = Occasion))]
struct When {
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<String>,
    /// `*` is one segment, `**` all that follow.
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mchid: Option<String>,
    /// The kind of a notification; * at the end is anything: REFUND.*.
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<String>,
    /// out_trade_no, out_refund_no and the like.
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<String>,
    /// Only at these occasions, counted from 1.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    nth: Vec<u64>,
}

impl From<Fault> for FaultRule {
    fn from(fault: Fault) -> Self {
        Self {
            id: 0,
            fault,
            when: When::default(),
            times: 1,
            probability: None,
            ttl: None,
            expires_at: None,
            seen: 0,
            fired: 0,
        }
    }
}

/// # Rules
impl Fault {
    /// Limits the rule to requests with this path, or method and path.
    ///
    /// `*` stands for one segment, `**` for all that follow: `POST /v3/refund/**`.
    pub fn on(self, request: &str) -> FaultRule {
        FaultRule::from(self).on(request)
    }

    /// Limits the rule to notifications of this kind, for instance `REFUND.*`.
    ///
    /// A `*` at the end stands for anything. A fault that can spoil both responses and notifications spoils notifications only with
    /// this condition.
    pub fn on_event(self, event: &str) -> FaultRule {
        FaultRule::from(self).on_event(event)
    }

    /// Limits the rule to an order, a refund and so on, by the merchant's number.
    pub fn about(self, number: &str) -> FaultRule {
        FaultRule::from(self).about(number)
    }

    /// Fires this number of times.
    pub fn times(self, times: u64) -> FaultRule {
        FaultRule::from(self).times(times)
    }

    /// A rule that fires whenever it can.
    pub fn always(self) -> FaultRule {
        FaultRule::from(self).always()
    }
}

impl FaultRule {
    /// As of [`Fault::on`].
    pub fn on(mut self, request: &str) -> Self {
        let (method, path) = request
            .split_once(' ')
            .map_or((None, request), |(method, path)| (Some(method), path));
        self.when.method = method.map(str::to_ascii_uppercase);
        self.when.path = Some(path.trim().to_owned());
        self
    }

    /// As of [`Fault::on_event`].
    pub fn on_event(mut self, event: &str) -> Self {
        self.when.event = Some(event.to_owned());
        self
    }

    /// As of [`Fault::about`].
    pub fn about(mut self, number: &str) -> Self {
        self.when.number = Some(number.to_owned());
        self
    }

    /// Only of this merchant.
    pub fn mchid(mut self, mchid: &str) -> Self {
        self.when.mchid = Some(mchid.to_owned());
        self
    }

    /// Fires only at these matching occasions, counted from 1.
    ///
    /// `[1, 3]` is the first and the third.
    pub fn nth(mut self, occasions: impl IntoIterator<Item = u64>) -> Self {
        self.when.nth = occasions.into_iter().collect();
        self
    }

    /// Fires this number of times, and then never again.
    pub fn times(mut self, times: u64) -> Self {
        self.times = times;
        self.expires_at = (times == 0).then_some(i64::MIN);
        self
    }

    /// Whenever it can.
    pub fn always(mut self) -> Self {
        (self.times, self.expires_at) = (0, None);
        self
    }

    /// Whenever it can, by chance. With a seed, chance is the same every time.
    pub fn probability(mut self, probability: f64) -> Self {
        self.probability = Some(probability);
        self.always()
    }

    /// Fires whenever possible for this time, by the sandbox's clock.
    pub fn ttl(mut self, ttl: Duration) -> Self {
        self.ttl = Some(ttl);
        self.always()
    }

    /// Its number, once it is in force.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }

    /// The fault.
    #[must_use]
    pub fn fault(&self) -> Fault {
        self.fault
    }

    /// Number of times that the rule fired.
    #[must_use]
    pub fn fired(&self) -> u64 {
        self.fired
    }

    /// Returns true if it will not fire any more.
    pub fn is_spent(&self, now: i64) -> bool {
        (self.times != 0 && self.fired >= self.times) || self.expires_at.is_some_and(|at| now > at)
    }

    /// Returns true if the other one asks for the same, however often either fired.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.fault == other.fault
            && self.when == other.when
            && (self.times, self.is_never()) == (other.times, other.is_never())
            && self.probability == other.probability
            && self.ttl == other.ttl
    }

    fn is_never(&self) -> bool {
        self.expires_at == Some(i64::MIN)
    }

    pub(super) fn begin(&mut self, id: u64, now: i64) {
        self.id = id;
        if let Some(ttl) = self.ttl {
            let seconds = i64::try_from(ttl.as_secs()).unwrap_or(i64::MAX);
            self.expires_at.get_or_insert(now.saturating_add(seconds));
        }
    }

    /// Returns true if the conditions match, regardless of probability and count.
    pub(super) fn fits(&self, occasion: &Occasion<'_>) -> bool {
        let When {
            method,
            path,
            mchid,
            event,
            number,
            nth: _,
        } = &self.when;
        let is_merchant = mchid.as_deref().is_none_or(|mchid| occasion.mchid == Some(mchid));
        let is_about = number.as_deref().is_none_or(|number| (occasion.mentions)(number));
        let is_place = match &occasion.scene {
            Scene::Request {
                method: had,
                path: at,
            } => {
                event.is_none()
                    && method.as_deref().is_none_or(|method| method == *had)
                    && path.as_deref().is_none_or(|path| pattern::path(path, at))
                    && could_spoil(self.fault, had, at)
            }
            Scene::Payment { by_code } => {
                let asks = self.fault != Fault::AskPassword || *by_code;
                self.fault.place() == FaultPlace::Payment && path.is_none() && asks
            }
            Scene::Start(had) | Scene::Attempt(had) => {
                let is_kind = match self.fault.place() {
                    FaultPlace::Notification => {
                        event.as_deref().is_none_or(|event| pattern::event(event, had))
                    }
                    FaultPlace::Message => event.as_deref().is_some_and(|event| pattern::event(event, had)),
                    _ => false,
                };
                let is_start = matches!(self.fault, Fault::Late(_) | Fault::OutOfOrder);
                is_kind && path.is_none() && is_start == matches!(occasion.scene, Scene::Start(_))
            }
        };
        is_merchant && is_about && is_place
    }

    /// Counts a matching occasion. Returns true if the rule fires; `chance` decides randomly.
    pub(super) fn fire(&mut self, chance: impl FnOnce(f64) -> bool) -> bool {
        self.seen = self.seen.saturating_add(1);
        let is_turn = self.when.nth.is_empty() || self.when.nth.contains(&self.seen);
        let fires = is_turn && self.probability.is_none_or(chance);
        if fires {
            self.fired = self.fired.saturating_add(1);
        }
        fires
    }
}

/// An occasion at which a fault may fire.
pub(super) enum Scene<'a> {
    Request {
        method: &'a str,
        path: &'a str,
    },
    Payment {
        /// The payer shows a code, and is not at the cashier.
        by_code: bool,
    },
    /// A notification of this kind was created.
    Start(&'a str),
    /// An attempt at one is about to be made.
    Attempt(&'a str),
}

/// Something that may go wrong.
pub(super) struct Occasion<'a> {
    pub(super) scene: Scene<'a>,
    pub(super) mchid: Option<&'a str>,
    /// True if it is about what has this number.
    pub(super) mentions: &'a dyn Fn(&str) -> bool,
}

/// Returns true if the fault can spoil such a request.
///
/// A bill's digest, for instance, is only in the response that has one.
fn could_spoil(fault: Fault, method: &str, path: &str) -> bool {
    let is_download = path == "/v3/billdownload/file";
    match fault {
        Fault::BeforeApiResponse => {
            method == "POST"
                && (path.starts_with("/v3/pay/")
                    || path.contains("refund")
                    || path.starts_with("/v3/combine-transactions/"))
        }
        Fault::BillExpiredUrl | Fault::BillTruncated | Fault::BillRedirect => is_download,
        Fault::RotateNow => true,
        _ => match fault.place() {
            FaultPlace::Response | FaultPlace::Message => true,
            FaultPlace::Bill => path.contains("bill") && !is_download,
            FaultPlace::Keys => path == "/v3/certificates",
            FaultPlace::Notification | FaultPlace::Payment => false,
        },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn request<'a>(method: &'a str, path: &'a str) -> Occasion<'a> {
        Occasion {
            scene: Scene::Request { method, path },
            mchid: Some("1900000001"),
            mentions: &|number| number == "demo-0001",
        }
    }

    #[test]
    fn a_rule_fits_what_it_names_and_nothing_else() {
        let occasion = request("POST", "/v3/refund/domestic/refunds");
        let fault = Fault::Status(503);
        assert!(FaultRule::from(fault).fits(&occasion));
        assert!(fault.on("POST /v3/refund/**").fits(&occasion));
        assert!(
            fault
                .on("/v3/refund/**")
                .mchid("1900000001")
                .about("demo-0001")
                .fits(&occasion)
        );
        for other in [
            fault.on("GET /v3/refund/**"),
            fault.on("/v3/pay/**"),
            fault.times(1).mchid("1"),
            fault.about("demo-0002"),
            fault.on_event("REFUND.*"),
            Fault::Lost.into(),
            Fault::BillNone.into(),
            Fault::CertsExpired.into(),
            Fault::PayFailRisk.into(),
        ] {
            assert!(!other.fits(&occasion), "{other:?}");
        }
        let attempt = Occasion {
            scene: Scene::Attempt("REFUND.SUCCESS"),
            ..request("", "")
        };
        assert!(FaultRule::from(Fault::Lost).fits(&attempt));
        assert!(Fault::BadSignature.on_event("REFUND.*").fits(&attempt));
        // Not told that notifications are meant.
        assert!(!FaultRule::from(Fault::BadSignature).fits(&attempt));
        assert!(!Fault::Lost.on_event("TRANSACTION.*").fits(&attempt));
        assert!(!FaultRule::from(Fault::OutOfOrder).fits(&attempt));
    }

    #[test]
    fn a_rule_counts_what_it_saw_and_what_it_did() {
        let mut rule = Fault::Hang.times(2).nth([2, 3, 5]);
        let mut fired = Vec::new();
        for turn in 1..=6 {
            if !rule.is_spent(0) && rule.fire(|_| true) {
                fired.push(turn);
            }
        }
        assert_eq!(fired, [2, 3]);
        assert_eq!(rule.fired(), 2);
        let mut rule = Fault::Hang.always().ttl(Duration::from_secs(60));
        rule.begin(1, 100);
        assert!(!rule.is_spent(160) && rule.is_spent(161));
    }

    #[test]
    fn a_rule_is_json() {
        let json = json!({ "do": "status=503", "when": { "method": "POST", "path": "/v3/**", "nth": [2] }, "times": 3 });
        let rule: FaultRule = serde_json::from_value(json).unwrap();
        assert_eq!(rule, Fault::Status(503).on("POST /v3/**").nth([2]).times(3));
        let back: FaultRule = serde_json::from_value(serde_json::to_value(&rule).unwrap()).unwrap();
        assert_eq!(back, rule);
        let once: FaultRule = serde_json::from_value(json!({ "do": "hang" })).unwrap();
        assert_eq!(once.times, 1);
        let chance: FaultRule = serde_json::from_value(json!({ "do": "hang", "probability": 0.2 })).unwrap();
        assert_eq!(chance.times, 0);
        let always: FaultRule = serde_json::from_value(json!({ "do": "hang", "times": 0 })).unwrap();
        assert_eq!(always.times, 0);
        for bad in [
            json!({ "do": "nonsense" }),
            json!({ "do": "hang", "probability": 2 }),
            json!({ "do": "hang", "ttl": "soon" }),
            json!({ "do": "hang", "when": { "url": "/" } }),
            json!({}),
        ] {
            assert!(serde_json::from_value::<FaultRule>(bad.clone()).is_err(), "{bad}");
        }
    }
}
