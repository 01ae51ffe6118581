//! Responses and notifications of the platform: three lines.
//!
//! The platform signs the bytes that it sends. The candidates are bodies that it may have sent, derived from the
//! verified one.

use std::{fmt, io::Read as _};

use super::{
    Finding, Label, Mistake, Part, Text,
    body::{Edit, Node, Rewritten, Style, edits, rewritings},
    encoding::percent_decode,
    frame,
    mistake::mistakes,
    permutations::permutations,
    search::{Grid, Limits},
    slot::{Rank, Slot},
};

mistakes! {
    REWRITTEN = Body "body-changed-rewritten",
        "your framework parsed the body and serialised it again before it was verified; verify the raw bytes as received, before any JSON step",
        "验签前报文被框架解析后重新序列化；请在任何 JSON 处理之前，用收到的原始字节验签";
    REORDERED = Body "body-changed-key-order",
        "the keys of the body were reordered before it was verified (an unordered map); verify the raw bytes as received",
        "验签前报文的键顺序被改变（无序 Map）；请用收到的原始字节验签";
    NUMBERS = Body "body-changed-numbers",
        "the numbers of the body were written in another form (1 as 1.0) before it was verified; verify the raw bytes as received",
        "验签前报文中的数字写法被改变（1 变成 1.0）；请用收到的原始字节验签";
    TRIMMED = Body "body-changed-trimmed",
        "the line end or space at the end of the body was removed before it was verified; verify the raw bytes as received",
        "验签前报文末尾的换行或空格被去掉；请用收到的原始字节验签";
    END_ADDED = Body "body-changed-end-added",
        "line ends or spaces were added around the body before it was verified; verify the raw bytes as received",
        "验签前报文首尾多出了换行或空格；请用收到的原始字节验签";
    MARK = Body "body-changed-byte-order-mark",
        "a byte order mark (U+FEFF) was added to or removed from the body before it was verified; verify the raw bytes as received",
        "验签前报文的 BOM（U+FEFF）被加上或去掉；请用收到的原始字节验签";
    LINE_ENDS = Body "body-changed-line-ends",
        "the line ends inside the body were changed before it was verified; verify the raw bytes as received",
        "验签前报文内部的换行符被改变；请用收到的原始字节验签";
    CHARSET = Body "body-changed-charset",
        "the body was decoded in another charset than UTF-8 before it was verified; verify the raw bytes as received",
        "验签前报文被以非 UTF-8 的字符集解码；请用收到的原始字节验签";
    COMPRESSED = Body "body-changed-still-compressed",
        "the body was verified while still compressed; let the HTTP client decode Content-Encoding first",
        "验签时报文仍是压缩状态；请先按 Content-Encoding 解压";
    HTML_ESCAPED = Body "body-changed-html-escaped",
        "a filter escaped the body for HTML (&quot;) before it was verified; exempt this path from the filter",
        "验签前报文被 XSS 过滤器做了 HTML 转义（&quot;）；请让该路径绕过过滤器";
    FORM_DECODED = Body "body-changed-form-decoded",
        "the body was parsed as a form before it was verified; read the raw body, not the parameters",
        "验签前报文被当作表单解析；请读取原始报文，而不是请求参数";
    QUOTED = Body "body-changed-quoted",
        "the body was written as a JSON text in quotes before it was verified; verify the raw bytes as received",
        "验签前报文又被序列化成带引号的字符串；请用收到的原始字节验签";
    NOT_EMPTY = Body "body-changed-not-empty",
        "an empty body was signed but other text was verified; verify a response without a body with an empty line",
        "平台签名的是空报文，而验签时放入了内容；无报文的应答请用空行验签";
    CONSUMED = Body "body-changed-consumed",
        "the body was empty when it was verified; other code had read it before, so keep the raw bytes for verification",
        "验签时报文为空，很可能已被其他代码读取；请保留原始字节用于验签";
    REPLACED = Body "body-changed-replaced",
        "a placeholder was verified instead of the body (an empty object, null, [object Object]); other code had read it before, so keep the raw bytes for verification",
        "验签用的是占位内容（空对象、null、[object Object] 等）而不是报文；报文很可能已被其他代码读取，请保留原始字节用于验签";
    SWAPPED = Frame "headers-swapped",
        "the values of Wechatpay-Timestamp and Wechatpay-Nonce are swapped; check the code that reads the headers",
        "Wechatpay-Timestamp 与 Wechatpay-Nonce 的值互换了；请检查读取请求头的代码";
    TIMESTAMP = Timestamp "header-timestamp-differs",
        "the timestamp is not the one that was signed; use the text of Wechatpay-Timestamp of the same message, unchanged",
        "时间戳不是被签名的那个；请原样使用同一消息的 Wechatpay-Timestamp";
    NONCE = Nonce "header-nonce-differs",
        "the nonce is not the one that was signed; use the text of Wechatpay-Nonce of the same message, unchanged",
        "随机串不是被签名的那个；请原样使用同一消息的 Wechatpay-Nonce";
}

/// Response or notification whose signature does not match, as it was verified.
///
/// It has the values of `Wechatpay-Timestamp`, `-Nonce` and `-Signature`, and the body.
#[derive(Clone)]
pub struct SignedResponse<'a> {
    timestamp: &'a str,
    nonce: &'a str,
    pub(super) body: &'a [u8],
    pub(super) signature: &'a str,
    pub(super) claimed: Option<&'a [u8]>,
}

impl<'a> SignedResponse<'a> {
    /// Creates a response from the three headers and the body.
    #[must_use]
    pub fn new(timestamp: &'a str, nonce: &'a str, body: &'a [u8], signature: &'a str) -> Self {
        Self {
            timestamp,
            nonce,
            body,
            signature,
            claimed: None,
        }
    }

    /// Sets the message that is claimed to be signed.
    #[must_use]
    pub fn claimed(mut self, message: &'a [u8]) -> Self {
        self.claimed = Some(message);
        self
    }

    /// Returns the mistake behind an empty or replaced body, which leaves nothing to search.
    pub(super) fn lost_body(&self) -> Option<Mistake> {
        let body = self.body.trim_ascii();
        if body.is_empty() {
            return Some(CONSUMED);
        }
        let is_stand_in = STAND_INS.iter().any(|other| body == other.as_bytes());
        is_stand_in.then_some(REPLACED)
    }

    pub(super) fn values(&self) -> [&'a [u8]; 3] {
        [self.timestamp.as_bytes(), self.nonce.as_bytes(), self.body]
    }

    pub(super) fn grid(&self, limits: Limits) -> Grid<'a> {
        let [timestamp, nonce, body] = self.values();
        let mut timestamp = Slot::new(Part::Timestamp, timestamp);
        let mut nonce = Slot::new(Part::Nonce, nonce);
        let mut body = Slot::new(Part::Body, body).within(limits.memory);
        header_values(&mut timestamp, &mut nonce, self);
        bodies(&mut body, limits);
        // The platform combines its lines correctly; only an imitation may not.
        let mut frames = frame::common(3);
        for frame in &mut frames {
            frame.rank = Rank::Alone;
        }
        frames.extend(frame::reordered(3, &[(SWAPPED, &[1, 0, 2])]));
        Grid {
            frames,
            slots: vec![timestamp, nonce, body],
        }
    }
}

/// Omits body and signature.
impl fmt::Debug for SignedResponse<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedResponse")
            .field("timestamp", &self.timestamp)
            .field("body_length", &self.body.len())
            .finish_non_exhaustive()
    }
}

fn header_values(timestamp: &mut Slot<'_>, nonce: &mut Slot<'_>, response: &SignedResponse<'_>) {
    timestamp.add(Rank::Common, TIMESTAMP, response.timestamp.trim());
    if let Ok(seconds) = response.timestamp.parse::<i64>() {
        for distance in 1..=120_i64 {
            for shift in [distance.saturating_neg(), distance] {
                let finding = Finding::with(TIMESTAMP, format!("{shift:+} s"));
                timestamp.add(Rank::Rare, finding, seconds.saturating_add(shift).to_string());
            }
        }
        timestamp.add(Rank::Rare, TIMESTAMP, seconds.saturating_div(1000).to_string());
        timestamp.add(Rank::Rare, TIMESTAMP, seconds.to_string());
    }
    nonce.add(Rank::Common, NONCE, response.nonce.trim());
    nonce.add(Rank::Common, NONCE, response.nonce.to_ascii_lowercase());
    nonce.add(Rank::Common, NONCE, response.nonce.to_ascii_uppercase());
    nonce.add(Rank::Rare, NONCE, response.nonce.replace(' ', "+"));
}

/// Texts that frameworks pass on without a body, or for one that they cannot print.
const STAND_INS: [&str; 12] = [
    "{}",
    "{ }",
    "[]",
    "null",
    "\"\"",
    "''",
    "undefined",
    "[object Object]",
    "\"[object Object]\"",
    "None",
    "nil",
    "Array",
];

/// Adds candidates for the body that the platform sent.
fn bodies(slot: &mut Slot<'_>, limits: Limits) {
    let body = slot.right;
    if body.len() > limits.body {
        return;
    }
    for (edit, edited) in edits(body) {
        if let Some((mistake, rank)) = of_edit(edit) {
            slot.add(rank, mistake, edited);
        }
    }
    if let Some(plain) = decompress(body, limits.memory) {
        slot.add(Rank::Common, COMPRESSED, plain);
    }
    let Ok(text) = std::str::from_utf8(body) else {
        return;
    };
    slot.add(Rank::Common, HTML_ESCAPED, unescape_html(text));
    for restored in with_phrases(text) {
        slot.add(Rank::Rare, CHARSET, restored);
    }
    let decoded = percent_decode(&text.replace('+', " "));
    slot.add(
        Rank::Rare,
        FORM_DECODED,
        decoded.strip_suffix('=').unwrap_or(&decoded),
    );
    slot.add(Rank::Rare, FORM_DECODED, text.strip_suffix('=').unwrap_or(text));
    // The plus signs of base64, read as the spaces of a form.
    let pluses = text.replace(' ', "+");
    slot.add(
        Rank::Rare,
        FORM_DECODED,
        pluses.strip_suffix('=').unwrap_or(&pluses),
    );
    slot.add(Rank::Rare, FORM_DECODED, pluses.as_str());
    let Some(node) = Node::read(text) else { return };
    if let Node::Text(inner) = &node {
        slot.add(Rank::Common, QUOTED, inner.as_str());
    }
    let integers = with_integers(&node);
    if integers != node {
        slot.add(Rank::Common, NUMBERS, Style::PLAIN.write(&integers));
    }
    for rewritten in rewritings(text, &node, limits.memory) {
        if slot.is_full() {
            return;
        }
        add_rewritten(slot, rewritten);
    }
    for ordered in orders(&node) {
        if slot.is_full() {
            return;
        }
        slot.add(Rank::Rare, REORDERED, Style::PLAIN.write(&ordered));
    }
}

/// Returns the mistake that this edit undoes.
fn of_edit(edit: Edit) -> Option<(Mistake, Rank)> {
    Some(match edit {
        Edit::Emptied => (NOT_EMPTY, Rank::Common),
        Edit::EndAdded => (TRIMMED, Rank::Common),
        Edit::Trimmed => (END_ADDED, Rank::Common),
        Edit::MarkAdded | Edit::MarkRemoved => (MARK, Rank::Common),
        Edit::ReturnsAdded | Edit::ReturnsRemoved => (LINE_ENDS, Rank::Common),
        Edit::LinesJoined => (LINE_ENDS, Rank::Rare),
        Edit::FromGbk | Edit::DecodedTwice => (CHARSET, Rank::Common),
        // The platform sends UTF-8 and nothing else.
        Edit::ToGbk | Edit::ToLatin1 | Edit::EncodedTwice | Edit::ToUtf16 => return None,
    })
}

fn add_rewritten(slot: &mut Slot<'_>, rewritten: Rewritten) {
    let spacing = rewritten
        .spacing
        .map(|(here, signed)| (here.name(), signed.name()));
    let escapes = rewritten
        .escapes
        .map(|(here, signed)| (here.name(), signed.name()));
    let changes: Vec<(Text, Text)> = spacing.into_iter().chain(escapes).collect();
    let mut finding = match rewritten.is_sorted {
        true => Finding::new(REORDERED),
        false => Finding::new(REWRITTEN),
    };
    if !changes.is_empty() {
        let changes = changes.iter();
        let (en, zh): (Vec<String>, Vec<String>) = changes
            .map(|(here, signed)| {
                let en = format!("{} became {}", signed.en, here.en);
                (en, format!("“{}”变成了“{}”", signed.zh, here.zh))
            })
            .unzip();
        finding = Finding::with(finding.mistake(), Label::new(en.join("; "), zh.join("；")));
    }
    let with_end = format!("{}\n", rewritten.text);
    slot.add(rewritten.rank, finding.clone(), rewritten.text);
    slot.add_all(Rank::Alone, vec![finding, TRIMMED.into()], with_end.into_bytes());
}

/// Chinese texts that the platform sends unencrypted.
///
/// They are summaries of notifications, states and messages of responses.
const PHRASES: [&str; 17] = [
    "支付成功",
    "退款成功",
    "退款异常",
    "退款关闭",
    "订单未支付",
    "订单已关闭",
    "已撤销",
    "转入退款",
    "用户支付中",
    "支付失败",
    "分账",
    "分账动账通知",
    "分账回退",
    "商户提现",
    "投诉通知",
    "解约成功",
    "签约成功",
];

/// Largest number of bodies restored from one.
const MAX_RESTORED: usize = 64;

/// Restores known phrases in a text that lost its Chinese characters.
///
/// A charset without Chinese left `?` or U+FFFD: one for each character, or one for each of its three bytes.
fn with_phrases(text: &str) -> Vec<String> {
    const MARKS: [char; 2] = ['?', '\u{fffd}'];
    if !text.contains(MARKS) {
        return Vec::new();
    }
    let mut restored = vec![String::with_capacity(text.len())];
    let mut rest = text;
    while let Some(start) = rest.find(MARKS) {
        let (plain, marks) = rest.split_at_checked(start).unwrap_or((rest, ""));
        let behind = marks.trim_start_matches(MARKS);
        let run = marks.strip_suffix(behind).unwrap_or(marks);
        rest = behind;
        let count = run.chars().count();
        let fits = |phrase: &&str| phrase.chars().count() == count || phrase.len() == count;
        let phrases: Vec<&str> = PHRASES.into_iter().filter(fits).collect();
        // A question mark may be a real one.
        let options = if phrases.is_empty() { vec![run] } else { phrases };
        restored = restored
            .iter()
            .flat_map(|before| {
                options
                    .iter()
                    .map(move |option| [before.as_str(), plain, *option].concat())
            })
            .take(MAX_RESTORED)
            .collect();
    }
    for text in &mut restored {
        text.push_str(rest);
    }
    restored
}

/// Replaces `1.0` with `1`.
fn with_integers(node: &Node) -> Node {
    match node {
        Node::Plain(text) => Node::Plain(text.strip_suffix(".0").unwrap_or(text).to_owned()),
        Node::Text(text) => Node::Text(text.clone()),
        Node::List(items) => Node::List(items.iter().map(with_integers).collect()),
        Node::Map(members) => {
            let members = members
                .iter()
                .map(|(key, value)| (key.clone(), with_integers(value)));
            Node::Map(members.collect())
        }
    }
}

/// Member orders of known notifications.
const ENVELOPES: [[&str; 6]; 3] = [
    [
        "id",
        "create_time",
        "resource_type",
        "event_type",
        "summary",
        "resource",
    ],
    [
        "id",
        "create_time",
        "event_type",
        "resource_type",
        "resource",
        "summary",
    ],
    [
        "id",
        "create_time",
        "resource_type",
        "event_type",
        "resource",
        "summary",
    ],
];

/// Largest number of members whose orders are all tried.
const MAX_ORDERS: usize = 5;

/// Returns the value in other orders.
///
/// A notification has the known orders, with its resource in any order. Other objects have any order.
fn orders(node: &Node) -> Vec<Node> {
    let Node::Map(members) = node else {
        return Vec::new();
    };
    let Some(resource) = node.member("resource") else {
        return permuted(members);
    };
    let resources = permuted(resource.members());
    let mut orders = Vec::new();
    for keys in ENVELOPES {
        for resource in &resources {
            let mut members = members.clone();
            for (key, value) in &mut members {
                if key == "resource" {
                    *value = resource.clone();
                }
            }
            members.sort_by_key(|(key, _)| keys.iter().position(|other| other == key).unwrap_or(keys.len()));
            orders.push(Node::Map(members));
        }
    }
    orders
}

fn permuted(members: &[(String, Node)]) -> Vec<Node> {
    if members.len() > MAX_ORDERS {
        return vec![Node::Map(members.to_vec())];
    }
    let orders = permutations(members.len()).into_iter().map(|order| {
        let members = order.iter().filter_map(|place| members.get(*place).cloned());
        Node::Map(members.collect())
    });
    orders.collect()
}

/// Returns the content of gzip or zlib data, up to `limit` bytes.
fn decompress(body: &[u8], limit: usize) -> Option<Vec<u8>> {
    let limit = u64::try_from(limit).unwrap_or(u64::MAX);
    let mut plain = Vec::new();
    let read = match body {
        [0x1F, 0x8B, ..] => flate2::read::GzDecoder::new(body)
            .take(limit)
            .read_to_end(&mut plain),
        [0x78, ..] => flate2::read::ZlibDecoder::new(body)
            .take(limit)
            .read_to_end(&mut plain),
        _ => return None,
    };
    read.ok().map(|_| plain)
}

fn unescape_html(text: &str) -> String {
    let pairs = [
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#x27;", "'"),
        ("&#39;", "'"),
        ("&#x2F;", "/"),
        ("&#x2f;", "/"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&amp;", "&"),
    ];
    pairs.into_iter().fold(text.to_owned(), |text, (escaped, plain)| {
        text.replace(escaped, plain)
    })
}
