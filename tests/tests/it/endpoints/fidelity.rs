//! Levels of fidelity in the README of the sandbox.

use wechatpay_tests::tools::workspace;

/// Endpoints of one pattern: `POST /v3/pay/transactions/{jsapi,app}`, `/v3/combine-transactions`, `GET …/id/{id}`.
///
/// A pattern is the beginning of a path, and `…` stands for anything.
struct Pattern {
    method: Option<String>,
    path: String,
    level: &'static str,
}

impl Pattern {
    fn matches(&self, method: &str, template: &str) -> bool {
        if self.method.as_deref().is_some_and(|of| of != method) {
            return false;
        }
        let mut parts = self.path.split('…');
        let Some(mut rest) = template.strip_prefix(parts.next().unwrap()) else {
            return false;
        };
        for part in parts {
            match rest.split_once(part) {
                Some((_, behind)) => rest = behind,
                None => return false,
            }
        }
        true
    }
}

/// Levels by endpoint.
pub(super) struct Levels(Vec<Pattern>);

impl Levels {
    /// Reads the table of the sandbox's README. Both languages have the same endpoints and levels.
    pub(super) fn read() -> Self {
        let [english, chinese] = ["README.md", "README.zh-CN.md"].map(|file| {
            let file = workspace().join("tools/sandbox").join(file);
            patterns(&std::fs::read_to_string(file).unwrap())
        });
        let pairs = |all: &[Pattern]| -> Vec<(Option<String>, String, &str)> {
            all.iter()
                .map(|pattern| (pattern.method.clone(), pattern.path.clone(), pattern.level))
                .collect()
        };
        assert_eq!(pairs(&english), pairs(&chinese));
        assert!(english.len() > 30, "{}", english.len());
        Self(english)
    }

    /// Level of an endpoint: that of the longest pattern.
    pub(super) fn of(&self, method: &str, template: &str) -> Option<&'static str> {
        let of = self.0.iter().filter(|pattern| pattern.matches(method, template));
        of.max_by_key(|pattern| pattern.path.len())
            .map(|pattern| pattern.level)
    }
}

/// Patterns of all rows that have a level.
fn patterns(readme: &str) -> Vec<Pattern> {
    let mut all = Vec::new();
    for row in readme.lines().filter(|line| line.starts_with("| ")) {
        let level = ["L1", "L2", "L3"]
            .into_iter()
            .find(|level| row.contains(&format!(" | {level} | ")));
        let Some(level) = level else { continue };
        let endpoints = row.split(" | ").next().unwrap();
        for code in endpoints.split('`').skip(1).step_by(2) {
            let (method, path) = match code.split_once(' ') {
                Some((method, path)) => (Some(method.to_owned()), path),
                None => (None, code),
            };
            // The rows about every endpoint say `/v3/…`.
            if path != "/v3/…" && path.starts_with(['/', '…']) {
                all.extend(expanded(path).into_iter().map(|path| Pattern {
                    method: method.clone(),
                    path,
                    level,
                }));
            }
        }
    }
    all
}

/// Each alternative of `{a,b}`. A parameter such as `{sub_mchid}` stays.
fn expanded(path: &str) -> Vec<String> {
    let alternatives = path.split('{').skip(1).find_map(|part| {
        let (inner, _) = part.split_once('}')?;
        inner.contains(',').then_some(inner)
    });
    match alternatives {
        Some(inner) => inner
            .split(',')
            .flat_map(|one| expanded(&path.replacen(&format!("{{{inner}}}"), one, 1)))
            .collect(),
        None => vec![path.to_owned()],
    }
}
