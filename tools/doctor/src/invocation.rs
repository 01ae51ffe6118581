//! Signature of the payment sheet, `paySign` or `sign`: four lines.

use std::fmt;

use super::{
    Finding, Part,
    frame::{self, Frame},
    lines::{self, NOTHING},
    mistake::mistakes,
    search::Grid,
    slot::{Piece, Rank, Slot},
};

mistakes! {
    BARE_ID = Package "package-bare-id",
        "the bare prepay id was signed as in an app; a page and a mini program sign prepay_id= and the id, the text of package",
        "第四行签了裸的 prepay_id（APP 的写法）；JSAPI 和小程序应签 package 的值 prepay_id=…";
    PREFIXED = Package "package-with-prefix",
        "prepay_id= and the id were signed as in a page; an app signs the bare prepay id",
        "第四行签了 prepay_id=…（JSAPI 的写法）；APP 应只签 prepay_id 的值";
    APP_PACKAGE = Package "package-of-app",
        "Sign=WXPay was signed, which an app sends as package and does not sign; its fourth line is the bare prepay id",
        "第四行签了 Sign=WXPay；该值只随 APP 调起参数传递，不参与签名，第四行应为 prepay_id 的值";
    PACKAGE_SPELLING = Package "package-spelling",
        "the fourth line was signed in another spelling (its name, quotes, spaces, letter case); sign exactly the value",
        "第四行写法不同（带了字段名、引号、空格或大小写）；请只签该值本身";
    PACKAGE_EMPTY = Package "package-empty",
        "the signed message has no prepay id; fill it in before you sign",
        "签名串中没有 prepay_id；请先填入再签名";
    OTHER_APPID = Appid "appid-of-another-party",
        "another appid or a merchant number was signed in line 1; sign the appid that opens the payment sheet",
        "第 1 行签了别的 appid 或商户号；应签实际调起支付的 appid";
    APPID_SPELLING = Appid "appid-spelling",
        "the appid was signed in another spelling (letter case, spaces, quotes); sign it exactly as it is sent",
        "appid 写法不同（大小写、空格或引号）；请按发送的原样签名";
    APPID_EMPTY = Appid "appid-empty",
        "the signed message has no appid; fill in its line before you sign",
        "签名串中没有 appid；请先填入再签名";
    SWAPPED = Frame "layout-timestamp-nonce-swapped-in-sheet",
        "timestamp and nonce are swapped; line 2 is the timestamp, line 3 the nonce",
        "时间戳与随机串的顺序颠倒；第 2 行是时间戳，第 3 行是随机串";
    V2_LAYOUT = Frame "layout-of-api-v2-sheet",
        "sorted pairs of API v2 (appId=..&nonceStr=..) were signed; API v3 signs four lines, the values alone",
        "签名串用了 API v2 的键值对格式（appId=…&nonceStr=…）；API v3 是四行，只含值";
}

/// Place in which the sheet opens. It decides the fourth line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scene {
    Page,
    App,
}

/// Payment-sheet parameters whose signature does not match.
#[derive(Clone)]
pub struct SignedInvocation<'a> {
    scene: Scene,
    appid: &'a str,
    timestamp: &'a str,
    nonce: &'a str,
    last: &'a str,
    pub(super) signature: &'a str,
    others: Vec<&'a str>,
    pub(super) claimed: Option<&'a [u8]>,
}

impl<'a> SignedInvocation<'a> {
    /// Creates the parameters of a page (JSAPI) or a mini program.
    ///
    /// They are `appId`, `timeStamp`, `nonceStr`, `package` (`prepay_id=…`) and `paySign`.
    #[must_use]
    pub fn page(
        appid: &'a str,
        timestamp: &'a str,
        nonce: &'a str,
        package: &'a str,
        signature: &'a str,
    ) -> Self {
        Self {
            scene: Scene::Page,
            appid,
            timestamp,
            nonce,
            last: package,
            signature,
            others: Vec::new(),
            claimed: None,
        }
    }

    /// Creates the parameters of an app.
    ///
    /// They are `appid`, `timestamp`, `noncestr`, `prepayid` (the bare id) and `sign`.
    #[must_use]
    pub fn app(
        appid: &'a str,
        timestamp: &'a str,
        nonce: &'a str,
        prepay_id: &'a str,
        signature: &'a str,
    ) -> Self {
        Self {
            scene: Scene::App,
            ..Self::page(appid, timestamp, nonce, prepay_id, signature)
        }
    }

    /// Adds ids of the same order that may be in the place of the appid.
    ///
    /// They are appids and merchant ids.
    #[must_use]
    pub fn other_parties(mut self, others: impl IntoIterator<Item = &'a str>) -> Self {
        self.others = others.into_iter().collect();
        self
    }

    /// Sets the message that the client claims to have signed.
    #[must_use]
    pub fn claimed(mut self, message: &'a [u8]) -> Self {
        self.claimed = Some(message);
        self
    }

    pub(super) fn values(&self) -> [&'a [u8]; 4] {
        [self.appid, self.timestamp, self.nonce, self.last].map(str::as_bytes)
    }

    pub(super) fn grid(&self) -> Grid<'a> {
        let [appid, timestamp, nonce, package] = self.values();
        let mut appid = Slot::new(Part::Appid, appid);
        let mut timestamp = Slot::new(Part::Timestamp, timestamp);
        let mut nonce = Slot::new(Part::Nonce, nonce);
        let mut package = Slot::new(Part::Package, package);
        self.appids(&mut appid);
        lines::timestamps(&mut timestamp);
        lines::nonces(&mut nonce, &[]);
        self.packages(&mut package);
        let mut frames = frame::common(4);
        frames.extend(frame::reordered(4, &[(SWAPPED, &[0, 2, 1, 3])]));
        frames.extend(self.pairs());
        Grid {
            frames,
            slots: vec![appid, timestamp, nonce, package],
        }
    }

    fn appids(&self, slot: &mut Slot<'_>) {
        let appid = self.appid;
        for other in &self.others {
            slot.add(Rank::Common, OTHER_APPID, *other);
        }
        for spelling in [
            appid.to_ascii_lowercase(),
            appid.to_ascii_uppercase(),
            format!(" {appid}"),
            format!("{appid} "),
            format!("\"{appid}\""),
            format!("appId={appid}"),
            format!("appid={appid}"),
        ] {
            slot.add(Rank::Rare, APPID_SPELLING, spelling);
        }
        for nothing in NOTHING {
            slot.add(Rank::Rare, APPID_EMPTY, nothing);
        }
    }

    fn packages(&self, slot: &mut Slot<'_>) {
        let last = self.last;
        match self.scene {
            Scene::Page => slot.add(
                Rank::Common,
                BARE_ID,
                last.strip_prefix("prepay_id=").unwrap_or(last),
            ),
            Scene::App => slot.add(Rank::Common, PREFIXED, format!("prepay_id={last}")),
        }
        slot.add(Rank::Common, APP_PACKAGE, "Sign=WXPay");
        for spelling in [
            format!("package={last}"),
            format!("prepay_id={last}"),
            format!("\"{last}\""),
            format!(" {last}"),
            format!("{last} "),
            last.to_ascii_lowercase(),
            last.to_ascii_uppercase(),
            last.replacen('=', "%3D", 1),
            last.replacen('=', ":", 1),
            last.replacen('=', "= ", 1),
            last.replacen("prepay_id", "prepayid", 1),
            last.replacen("prepay_id", "prepayId", 1),
        ] {
            slot.add(Rank::Rare, PACKAGE_SPELLING, spelling);
        }
        slot.add(Rank::Rare, PACKAGE_EMPTY, "prepay_id=");
        for nothing in NOTHING {
            slot.add(Rank::Rare, PACKAGE_EMPTY, nothing);
            slot.add(Rank::Rare, PACKAGE_EMPTY, format!("prepay_id={nothing}"));
        }
    }

    /// Returns `a=1&b=2`, sorted by name as in API v2.
    fn pairs(&self) -> Vec<Frame> {
        let Self {
            appid,
            timestamp,
            nonce,
            last,
            ..
        } = self;
        let page = format!("appId={appid}&nonceStr={nonce}&package={last}");
        let partners = self.others.iter().map(|partner| {
            format!("appid={appid}&noncestr={nonce}&package=Sign=WXPay&partnerid={partner}&prepayid={last}&timestamp={timestamp}")
        });
        let texts =
            ["RSA", "MD5", "HMAC-SHA256"].map(|kind| format!("{page}&signType={kind}&timeStamp={timestamp}"));
        let texts = texts
            .into_iter()
            .chain([format!("{page}&timeStamp={timestamp}")])
            .chain(partners);
        let frame = |text: String| {
            let piece = Piece {
                part: Part::Package,
                bytes: text.into_bytes(),
            };
            Frame::fixed(Rank::Alone, Finding::new(V2_LAYOUT), vec![piece])
        };
        texts.map(frame).collect()
    }
}

/// Omits nonce and signature, which would open the payment sheet.
impl fmt::Debug for SignedInvocation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedInvocation")
            .field("appid", &self.appid)
            .field("timestamp", &self.timestamp)
            .finish_non_exhaustive()
    }
}
