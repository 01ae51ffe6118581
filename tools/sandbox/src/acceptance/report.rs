//! Results of an acceptance run: a table, JSON, JUnit.

use std::{fmt, fmt::Write as _, time::Duration};

use serde::Serialize;
use serde_json::Value;

use super::{Case, Observation, Severity, SkipReason, case::UNFINISHED};
use crate::language::{Language, Localize as _};

/// Result of one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// As it should be.
    Passed,
    /// Not as it should be.
    Failed,
    /// Nothing can be said, and why.
    Skipped(SkipReason),
}

/// One line of the report.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CaseResult {
    /// Which case.
    pub case: Case,
    /// The result.
    pub outcome: Outcome,
    /// Observed statuses, and how often the goods were delivered.
    pub seen: Observation,
    /// Duration of the case.
    pub took: Duration,
}

impl CaseResult {
    /// Returns true if the case failed.
    #[must_use]
    pub fn failed(&self) -> bool {
        self.outcome == Outcome::Failed
    }
}

/// Result of an acceptance run.
///
/// `Display` gives a table with advice below it, [`text`](Self::text) also in Chinese.
#[derive(Clone, Debug)]
#[must_use = "it says whether the receiver is safe"]
pub struct AcceptanceReport {
    pub(super) url: String,
    pub(super) results: Vec<CaseResult>,
}

/// The report as JSON.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = AcceptanceReport))]
pub struct ReportDocument {
    /// The receiver.
    url: String,
    passed: usize,
    /// Number of cases that could be judged.
    judged: usize,
    /// True if a failed case loses payments or lets money or goods be stolen.
    fatal: bool,
    /// True if genuine payments could not be judged.
    unfinished: bool,
    cases: Vec<CaseDocument>,
}

debug_only!(ReportDocument { url, passed, judged });

#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = AcceptanceCase))]
struct CaseDocument {
    id: &'static str,
    title: &'static str,
    severity: Severity,
    /// passed, failed or skipped.
    outcome: &'static str,
    expected: &'static str,
    /// Observed statuses, or why the case was skipped.
    seen: String,
    /// Only of a failed case.
    advice: Option<&'static str>,
    seconds: f64,
}

impl AcceptanceReport {
    /// The address that was tried.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// All results, in the order of the run.
    #[must_use]
    pub fn results(&self) -> &[CaseResult] {
        &self.results
    }

    /// The result of a case, unless it was not asked for.
    #[must_use]
    pub fn result(&self, case: Case) -> Option<&CaseResult> {
        self.results.iter().find(|result| result.case == case)
    }

    /// Those that failed.
    pub fn failures(&self) -> impl Iterator<Item = &CaseResult> {
        self.results.iter().filter(|result| result.failed())
    }

    /// Returns true if a failed case loses payments or lets money or goods be stolen.
    #[must_use]
    pub fn is_fatal(&self) -> bool {
        self.failures()
            .any(|result| result.case.severity() == Severity::Fatal)
    }

    /// Returns true if genuine payments could not be judged.
    ///
    /// No order was available that the shop knows.
    ///
    /// Then a report without failures says only that forgeries are refused.
    #[must_use]
    pub fn is_unfinished(&self) -> bool {
        self.result(Case::Genuine)
            .is_some_and(|result| matches!(result.outcome, Outcome::Skipped(_)))
    }

    /// Number of passed cases, and number of cases that could be judged.
    #[must_use]
    pub fn score(&self) -> (usize, usize) {
        let count = |outcome: &Outcome| {
            self.results
                .iter()
                .filter(|result| result.outcome == *outcome)
                .count()
        };
        let passed = count(&Outcome::Passed);
        (passed, passed.saturating_add(count(&Outcome::Failed)))
    }

    /// For tests.
    ///
    /// # Panics
    /// With the table, if a case of severity [`Fatal`](Severity::Fatal) failed.
    #[track_caller]
    pub fn assert_no_fatal(&self) {
        assert!(!self.is_fatal(), "the receiver is not safe\n\n{self}");
    }

    /// For tests.
    ///
    /// # Panics
    /// With the table, if any case failed.
    #[track_caller]
    pub fn assert_all_passed(&self) {
        assert!(
            self.failures().next().is_none(),
            "the receiver has flaws\n\n{self}"
        );
    }

    /// The report as JSON.
    ///
    /// Members: `url`, `passed`, `judged`, `fatal`, `unfinished`, and `cases` with `id`, `title`, `severity`,
    /// `outcome`, `expected`, `seen`, `advice`, `seconds`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        serde_json::to_value(self.document()).unwrap_or_default()
    }

    /// The report as a document.
    pub fn document(&self) -> ReportDocument {
        let (passed, judged) = self.score();
        let case = |result: &CaseResult| CaseDocument {
            id: result.case.id(),
            title: result.case.title().en,
            severity: result.case.severity(),
            outcome: match result.outcome {
                Outcome::Passed => "passed",
                Outcome::Failed => "failed",
                Outcome::Skipped(_) => "skipped",
            },
            expected: result.case.expected().en,
            seen: shown(result, Language::English),
            advice: result.failed().then(|| result.case.advice().en),
            seconds: result.took.as_secs_f64(),
        };
        ReportDocument {
            url: self.url.clone(),
            passed,
            judged,
            fatal: self.is_fatal(),
            unfinished: self.is_unfinished(),
            cases: self.results.iter().map(case).collect(),
        }
    }

    /// The report as JUnit XML, for a build server.
    #[must_use]
    pub fn to_junit(&self) -> String {
        let failures = self.failures().count();
        let (_, judged) = self.score();
        let skipped = self.results.len().saturating_sub(judged);
        let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        // Writing to a String does not fail.
        let _ = writeln!(
            xml,
            "<testsuite name=\"wechatpay callback acceptance\" tests=\"{}\" failures=\"{failures}\" skipped=\"{skipped}\">",
            self.results.len(),
        );
        for result in &self.results {
            let _ = write!(
                xml,
                "  <testcase classname=\"{}\" name=\"{}\" time=\"{:.3}\"",
                escaped(&self.url),
                escaped(&result.case.to_string()),
                result.took.as_secs_f64(),
            );
            let _ = match &result.outcome {
                Outcome::Passed => writeln!(xml, "/>"),
                Outcome::Failed => writeln!(
                    xml,
                    ">\n    <failure type=\"{}\" message=\"{}\">expected: {}\n{}</failure>\n  </testcase>",
                    result.case.severity(),
                    escaped(&result.seen.to_string()),
                    escaped(result.case.expected().en),
                    escaped(result.case.advice().en),
                ),
                Outcome::Skipped(why) => writeln!(
                    xml,
                    ">\n    <skipped message=\"{}\"/>\n  </testcase>",
                    escaped(why.text().en)
                ),
            };
        }
        xml.push_str("</testsuite>\n");
        xml
    }
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // Other control characters are not allowed in XML at all.
            letter if letter.is_control() && letter != '\n' => escaped.push('\u{fffd}'),
            letter => escaped.push(letter),
        }
    }
    escaped
}

impl AcceptanceReport {
    /// The table with advice below it, in a language.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let mut text = String::new();
        // Writing to a String does not fail.
        let _ = self.write(&mut text, language);
        text
    }

    fn write(&self, f: &mut impl fmt::Write, language: Language) -> fmt::Result {
        let pick = |english, chinese| language.pick(english, chinese);
        let url = &self.url;
        match language {
            Language::English => writeln!(f, "Acceptance of {url}\n")?,
            Language::Chinese => writeln!(f, "{url} 的验收结果\n")?,
        }
        for result in &self.results {
            let word = match result.outcome {
                Outcome::Passed => pick("ok", "通过"),
                Outcome::Failed => pick("FAILED", "失败"),
                Outcome::Skipped(_) => pick("skipped", "跳过"),
            };
            writeln!(
                f,
                "  {}{}{}{}{}",
                column(result.case.id(), 4),
                column(language.say(result.case.title()), 52),
                column(language.say(result.case.severity().text()), 9),
                column(word, 9),
                shown(result, language),
            )?;
        }
        let (passed, judged) = self.score();
        match language {
            Language::English => writeln!(f, "\n{passed} of {judged} passed")?,
            Language::Chinese => writeln!(f, "\n{judged} 项中通过 {passed} 项")?,
        }
        if self.is_unfinished() {
            writeln!(f, "{}", language.say(UNFINISHED))?;
        }
        for result in self.failures() {
            let case = result.case;
            let [title, expected, advice] =
                [case.title(), case.expected(), case.advice()].map(|text| language.say(text));
            writeln!(
                f,
                "\n{} {title}: {}",
                case.id(),
                language.say(case.severity().text())
            )?;
            for (label, line) in [
                (pick("expected", "预期"), expected),
                (pick("seen", "实际"), &shown(result, language)),
                (pick("advice", "建议"), advice),
            ] {
                writeln!(f, "  {}{line}", column(label, 10))?;
            }
        }
        Ok(())
    }
}

/// Observation, or the reason why nothing can be said.
pub fn shown(result: &CaseResult, language: Language) -> String {
    match result.outcome {
        Outcome::Skipped(why) => language.say(why.text()).to_owned(),
        Outcome::Passed | Outcome::Failed => result.seen.in_language(language),
    }
}

/// Pads a text with spaces to a width. A Chinese character counts two.
fn column(text: &str, width: usize) -> String {
    let wide = |letter: char| if letter.is_ascii() { 1_usize } else { 2 };
    let taken: usize = text.chars().map(wide).sum();
    let blanks = width.saturating_sub(taken);
    format!("{text}{:blanks$}", "")
}

impl fmt::Display for AcceptanceReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, Language::English)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{acceptance::seen::Seen, journal::SendFailure};

    fn report() -> AcceptanceReport {
        let result = |case, outcome, seen: &[Seen]| CaseResult {
            case,
            outcome,
            seen: Observation::of(seen.to_vec()),
            took: Duration::from_millis(12),
        };
        AcceptanceReport {
            url: "http://127.0.0.1:3000/notify?a=1&b=2".to_owned(),
            results: vec![
                result(Case::Genuine, Outcome::Passed, &[Seen::NoHttp]),
                result(
                    Case::Probe,
                    Outcome::Failed,
                    &[Seen::Broken(SendFailure::Other("200 <ok>".to_owned()))],
                ),
                result(Case::BothKeys, Outcome::Skipped(SkipReason::OneKindOfKey), &[]),
            ],
        }
    }

    #[test]
    fn a_report_counts_what_could_be_judged() {
        let report = report();
        assert_eq!(report.score(), (1, 2));
        assert!(report.is_fatal());
        assert_eq!(report.failures().count(), 1);
        assert_eq!(report.to_json()["cases"][1]["outcome"], "failed");
        assert_eq!(
            report.to_json()["cases"][2]["seen"],
            SkipReason::OneKindOfKey.text().en
        );
    }

    #[test]
    fn xml_holds_whatever_was_seen() {
        let xml = report().to_junit();
        assert!(xml.contains("message=\"200 &lt;ok&gt;\""), "{xml}");
        assert!(xml.contains("notify?a=1&amp;b=2"), "{xml}");
        assert!(xml.contains("tests=\"3\" failures=\"1\" skipped=\"1\""), "{xml}");
        assert_eq!(escaped("a\u{1}\n"), "a\u{fffd}\n");
    }

    #[test]
    fn the_table_has_a_line_for_each_case_and_advice_for_failures() {
        let table = report().to_string();
        assert!(table.contains("A4  the platform's signature probe"), "{table}");
        assert!(table.contains("advice    Signatures that begin"), "{table}");
        assert_eq!(table.matches("advice").count(), 1);
    }

    #[test]
    fn ids_are_a1_to_a17_each_once() {
        let mut ids: Vec<&str> = Case::ALL.iter().map(|case| case.id()).collect();
        ids.sort_by_key(|id| id[1..].parse::<u8>().unwrap());
        assert_eq!(
            ids,
            (1..=17).map(|number| format!("A{number}")).collect::<Vec<_>>()
        );
    }
}
