//! Observations of a case, worded in a language at the end.

use std::fmt;

use http::StatusCode;

use crate::{
    journal::SendFailure,
    language::{Language, Localize, Text, say},
};

/// Outcome of a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    Status(StatusCode),
    /// A deliberate rejection in the platform's documented form: `{"code":"FAIL","message":…}`.
    Refusal(StatusCode),
    TooLate,
    Broken(SendFailure),
    /// Bytes came back, and they are no HTTP.
    NoHttp,
    /// The receiver closed the connection after so many seconds.
    HungUp(u64),
}

impl Seen {
    pub(super) fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Status(status) | Self::Refusal(status) => Some(*status),
            Self::TooLate | Self::Broken(_) | Self::NoHttp | Self::HungUp(_) => None,
        }
    }

    pub(super) fn is(&self, test: impl FnOnce(&StatusCode) -> bool) -> bool {
        self.status().as_ref().is_some_and(test)
    }

    pub(super) fn is_success(&self) -> bool {
        self.is(StatusCode::is_success)
    }

    pub(super) fn is_acknowledged(&self) -> bool {
        self.is(|status| matches!(*status, StatusCode::OK | StatusCode::NO_CONTENT))
    }

    /// Returns true for a deliberate response.
    pub(super) fn is_meant(&self) -> bool {
        match self {
            Self::Status(status) => !status.is_server_error(),
            Self::Refusal(_) => true,
            Self::TooLate | Self::Broken(_) | Self::NoHttp | Self::HungUp(_) => false,
        }
    }
}

impl Localize for Seen {
    fn in_language(&self, language: Language) -> String {
        match self {
            Self::Status(status) | Self::Refusal(status) => status.as_u16().to_string(),
            Self::TooLate => say!(language, "no response in time", "超时未应答"),
            Self::Broken(failure) => failure.in_language(language),
            Self::NoHttp => say!(language, "no HTTP came back", "返回的不是 HTTP"),
            Self::HungUp(seconds) => say!(language, "hung up after {seconds} s", "{seconds} 秒后断开连接"),
        }
    }
}

/// Observed statuses of a case, and how often the goods were delivered.
///
/// `Display` has it in English.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Observation(Vec<Sight>);

#[derive(Clone, Debug, PartialEq)]
enum Sight {
    Deliveries(Vec<Seen>),
    Labelled(Text, Seen),
    AtOnce {
        acknowledged: usize,
        told: usize,
        others: usize,
        last: Seen,
    },
    Queried(f64),
    NotQueried(u64),
    Goods(u64),
}

impl Observation {
    /// Deliveries of the same message, one after the other.
    pub(super) fn of(seen: impl IntoIterator<Item = Seen>) -> Self {
        Self(vec![Sight::Deliveries(seen.into_iter().collect())])
    }

    /// Copies that were delivered at once, and one more after them.
    pub(super) fn at_once(acknowledged: usize, told: usize, others: usize, last: Seen) -> Self {
        Self(vec![Sight::AtOnce {
            acknowledged,
            told,
            others,
            last,
        }])
    }

    /// The shop queried the order after these seconds.
    pub(super) fn queried(seconds: f64) -> Self {
        Self(vec![Sight::Queried(seconds)])
    }

    /// The shop did not query the order within these seconds.
    pub(super) fn not_queried(seconds: u64) -> Self {
        Self(vec![Sight::NotQueried(seconds)])
    }

    /// Adds one delivery of several that differ.
    pub(super) fn and(mut self, label: Text, seen: Seen) -> Self {
        self.0.push(Sight::Labelled(label, seen));
        self
    }

    /// Adds how often the goods were delivered, if that is known.
    pub(super) fn goods(mut self, times: Option<u64>) -> Self {
        self.0.extend(times.map(Sight::Goods));
        self
    }
}

impl Localize for Sight {
    fn in_language(&self, language: Language) -> String {
        match self {
            Self::Deliveries(all) => {
                let all: Vec<String> = all.iter().map(|seen| seen.in_language(language)).collect();
                all.join(language.pick(", ", "，"))
            }
            Self::Labelled(label, seen) => {
                let (label, seen) = (language.say(*label), seen.in_language(language));
                say!(language, "{label}: {seen}", "{label}：{seen}")
            }
            Self::AtOnce {
                acknowledged,
                told,
                others,
                last,
            } => {
                let last = last.in_language(language);
                say!(
                    language,
                    "{acknowledged} acknowledged, {told} told to come again, {others} others; then {last}",
                    "应答成功 {acknowledged}，要求重试 {told}，其他 {others}；随后 {last}"
                )
            }
            Self::Queried(seconds) => say!(language, "queried after {seconds:.1} s", "{seconds:.1} 秒后查单"),
            Self::NotQueried(seconds) => {
                say!(language, "not queried within {seconds} s", "{seconds} 秒内未查单")
            }
            Self::Goods(0) => say!(language, "goods not handed over", "未发货"),
            Self::Goods(1) => say!(language, "goods handed over once", "发货一次"),
            Self::Goods(times) => say!(language, "goods handed over {times} times", "发货 {times} 次"),
        }
    }
}

impl Localize for Observation {
    fn in_language(&self, language: Language) -> String {
        let all: Vec<String> = self.0.iter().map(|sight| sight.in_language(language)).collect();
        all.join(language.pick("; ", "；"))
    }
}

impl fmt::Display for Observation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_language(Language::English))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_observation_is_worded_in_both_languages() {
        let old = Seen::Status(StatusCode::UNAUTHORIZED);
        let both = Observation::default()
            .and(Text::new("old", "过期"), old.clone())
            .and(Text::new("ahead", "超前"), Seen::TooLate)
            .goods(Some(1));
        let list = Observation::of([old, Seen::TooLate]).goods(Some(0));
        for (observation, english, chinese) in [
            (
                both,
                "old: 401; ahead: no response in time; goods handed over once",
                "过期：401；超前：超时未应答；发货一次",
            ),
            (
                list,
                "401, no response in time; goods not handed over",
                "401，超时未应答；未发货",
            ),
        ] {
            assert_eq!(observation.in_language(Language::English), english);
            assert_eq!(observation.in_language(Language::Chinese), chinese);
        }
    }
}
