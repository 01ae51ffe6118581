//! Requests as such: headers, endpoints, stubs, faults.

use crate::{
    faults::HeaderProblem,
    gateway::stubs::StubError,
    language::texts,
    world::lints::{Finding, LintKind},
};

texts! {
    pub(crate) enum RequestHint {
        NoHeader { name: String } =>
            "the header {name} is missing; Accept and User-Agent must be there, Content-Type with a body too",
            "缺少请求头 {name}；必须有 Accept 和 User-Agent，有请求体时还要有 Content-Type";
        NotJson =>
            "Content-Type must be application/json",
            "Content-Type 必须是 application/json";
        WebPage { header: String } =>
            "the header {header} says that a web page sent this; call API v3 from the shop's server, where its key is",
            "请求头 {header} 表明请求来自网页；请从持有密钥的商户服务器调用 API v3";
        NotEmulated { method: String, path: String } =>
            "{method} {path} is not emulated; the README of wechatpay-sandbox lists what is. A stub responds in its place: Sandbox::stub, or POST /_sandbox/api/stubs",
            "沙箱没有模拟 {method} {path}；wechatpay-sandbox 的 README 列出了已模拟的接口。可以用桩（stub）代为应答：Sandbox::stub 或 POST /_sandbox/api/stubs";
        Stub { id: u64, problem: StubProblem } =>
            "stub {id}: {problem}",
            "桩 {id}：{problem}";
        Fault { problem: HeaderProblem } =>
            "{problem}",
            "{problem}";
        Strict { kind: LintKind, finding: Finding } =>
            "strict: {kind}: {finding}",
            "严格模式：{kind}：{finding}";
        PublicKeyMode =>
            "this sandbox runs in public-key mode: verify with the WeChat Pay public key, there are no certificates",
            "沙箱运行在公钥模式：请用微信支付公钥验签，没有平台证书";
    }
}

texts! {
    pub(crate) enum StubProblem {
        Panicked =>
            "its function panicked",
            "其函数发生了 panic";
        TooLong =>
            "a sensitive field is too long to be encrypted",
            "敏感字段过长，无法加密";
        Response { error: StubError } =>
            "{error}",
            "{error}";
    }
}
