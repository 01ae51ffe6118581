//! Why a snapshot was not restored.

use std::fmt;

use super::upgrade::{OLDEST, VERSION};
use crate::language::{Language, Localize, Text, as_error, say, texts};

/// Why a snapshot was not restored. The sandbox is as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RestoreError {
    /// The document is no JSON, or not of this form.
    Malformed(String),
    /// The document is of a later version.
    Version {
        /// The version that it names.
        found: u64,
    },
    /// A statement of the document that cannot be true.
    Broken(Flaw),
    /// It is of a sandbox that signs with keys of another kind, see [`KeyMode`](crate::KeyMode).
    KeyMode {
        /// The kind in the snapshot.
        theirs: String,
        /// The kind here.
        ours: String,
    },
    /// It has a merchant that is not known here, or that has other keys here.
    Merchant {
        /// The merchant.
        mchid: String,
    },
    /// The snapshot is later than the system clock, which cannot be set.
    Clock {
        /// Difference in seconds.
        seconds: u64,
    },
    /// The clock is being turned.
    Turning,
}

impl Localize for RestoreError {
    fn in_language(&self, language: Language) -> String {
        match self {
            Self::Malformed(cause) => say!(
                language,
                "this is no snapshot of a sandbox: {cause}",
                "这不是沙箱的快照：{cause}"
            ),
            Self::Version { found } => {
                let oldest = OLDEST;
                say!(
                    language,
                    "the snapshot is of version {found}; this sandbox reads versions {oldest} to {VERSION}: restore it with the release of wechatpay-sandbox that took it, or take a new one",
                    "快照的版本是 {found}；此沙箱只能读取版本 {oldest} 至 {VERSION}：请用生成它的 wechatpay-sandbox 版本恢复，或重新生成快照"
                )
            }
            Self::Broken(flaw) => {
                let flaw = flaw.in_language(language);
                say!(language, "the snapshot is broken: {flaw}", "快照已损坏：{flaw}")
            }
            Self::KeyMode { theirs, ours } => say!(
                language,
                "the snapshot is of a sandbox with other keys: {theirs}, and here {ours}",
                "快照来自密钥模式不同的沙箱：{theirs}，此处是 {ours}"
            ),
            Self::Merchant { mchid } => say!(
                language,
                "the snapshot is of other merchants: {mchid} is unknown here or has other keys",
                "快照来自其他商户：{mchid} 在此处不存在或密钥不同"
            ),
            Self::Clock { seconds } => say!(
                language,
                "the snapshot was taken {seconds} s later than the clock of this sandbox shows; start it with a manual or scaled clock",
                "快照的时间比此沙箱的时钟晚 {seconds} 秒；请以手动或加速时钟启动"
            ),
            Self::Turning => say!(
                language,
                "the clock is being turned; wait until that is done",
                "时钟正在快进；请等待完成"
            ),
        }
    }
}

as_error!(RestoreError);

/// Statement of a snapshot that cannot be true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw(FlawKind);

texts! {
    pub(super) enum FlawKind {
        Certificates =>
            "its platform certificates cannot be issued",
            "其中的平台证书无法签发";
        Key =>
            "a key of a merchant cannot be read",
            "其中有商户的密钥无法读取";
        Merchant { problem: String } =>
            "a merchant cannot be restored: {problem}",
            "其中的商户无法恢复：{problem}";
        Twice { what: Text } =>
            "one {what} stands there twice",
            "有一个{what}重复出现";
        TooMany { what: Text } =>
            "there are too many of this: {what}",
            "数量过多：{what}";
        Amount { what: Text } =>
            "no {what} has such an amount",
            "{what}的金额不可能如此";
    }
}

impl From<FlawKind> for RestoreError {
    fn from(flaw: FlawKind) -> Self {
        Self::Broken(Flaw(flaw))
    }
}

impl Localize for Flaw {
    fn in_language(&self, language: Language) -> String {
        self.0.in_language(language)
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_language(Language::English))
    }
}
