//! Defects of a stub.

use http::Method;

use crate::language::{Language, Localize, Text, as_error, say};

/// A stub that cannot be. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StubError {
    /// The API has no endpoints of this method.
    Method(Method),
    /// The path is not valid.
    Path {
        /// The path.
        path: String,
        /// The rule that it breaks.
        problem: Text,
    },
    /// A stub that never responds.
    Times,
    /// The status is not that of a final response.
    Status(u16),
    /// A body where HTTP allows none.
    Body(u16),
    /// A header that cannot be sent, or that the sandbox sets itself.
    Header {
        /// The name.
        name: String,
        /// The reason.
        problem: Text,
    },
    /// The text is no path of a field.
    FieldPath(String),
    /// A sensitive field that the response does not have as a text.
    NoField(String),
    /// An older stub without `times` takes all requests of this one.
    Hidden {
        /// The older stub.
        id: u64,
        /// Its path.
        path: String,
    },
    /// There are a thousand stubs.
    Full,
}

impl Localize for StubError {
    fn in_language(&self, language: Language) -> String {
        match self {
            Self::Method(method) => say!(
                language,
                "a stub responds to GET, POST, PUT, PATCH or DELETE, not to {method}",
                "桩只应答 GET、POST、PUT、PATCH、DELETE，不应答 {method}"
            ),
            Self::Path { path, problem } => {
                let problem = language.say(*problem);
                say!(
                    language,
                    "`{path}` is not the path of a stub: {problem}",
                    "`{path}` 不是桩的路径：{problem}"
                )
            }
            Self::Times => say!(
                language,
                "times is at least 1; leave it out for always",
                "times 至少为 1；不限次数时请省略"
            ),
            Self::Status(status) => say!(
                language,
                "{status} is not the status of a response: 200 to 599 are",
                "{status} 不是应答的状态码；应为 200 至 599"
            ),
            Self::Body(status) => say!(
                language,
                "a response with status {status} has no body",
                "状态码为 {status} 的应答没有报文主体"
            ),
            Self::Header { name, problem } => {
                let problem = language.say(*problem);
                say!(
                    language,
                    "the header `{name}` cannot be set: {problem}",
                    "不能设置应答头 `{name}`：{problem}"
                )
            }
            Self::FieldPath(path) => say!(
                language,
                "`{path}` is not the path of a field: write `user_name`, `payer/phone` or `data/*/payer_phone`",
                "`{path}` 不是字段路径；应写作 `user_name`、`payer/phone` 或 `data/*/payer_phone`"
            ),
            Self::NoField(path) => say!(
                language,
                "the response has no text at `{path}` to encrypt",
                "应答的 `{path}` 处没有可加密的文本"
            ),
            Self::Hidden { id, path } => say!(
                language,
                "stub {id} for {path} takes all of these requests; remove it first, or limit it by times",
                "{path} 的桩 {id} 已应答所有这些请求；请先删除它，或用 times 限制其次数"
            ),
            Self::Full => say!(
                language,
                "there are a thousand stubs already; remove some",
                "已有一千个桩；请删除一些"
            ),
        }
    }
}

as_error!(StubError);
