//! Mistakes in the body of a request: the signed text is not the sent one.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use memchr::memmem;
use sha2::{Digest as _, Sha256};

use crate::{
    Finding, Mistake,
    body::{Edit, Escapes, Node, Rewritten, Spacing, Style, edits, rewritings},
    encoding::{form_encode, percent_decode},
    mistake::mistakes,
    search::Limits,
    slot::{Rank, Slot},
};

mistakes! {
    LEFT_OUT = Body "body-left-out",
        "the body was left out of the signed message; sign exactly the bytes that are sent",
        "签名串中缺少报文主体；请对实际发送的字节签名";
    PRETTY = Body "body-pretty-printed",
        "the body was signed with indentation and sent in another form; serialise it once, and sign and send the same bytes",
        "签名用的报文带换行缩进，与发送的不同；请只序列化一次，签名与发送同一份字节";
    SPACED = Body "body-spaced",
        "the body was signed with spaces after commas or colons (the default of json.dumps) and sent in another form; serialise it once, and sign and send the same bytes",
        "签名用的报文在逗号或冒号后有空格（json.dumps 默认），与发送的不同；请只序列化一次，签名与发送同一份字节";
    COMPACT = Body "body-compact",
        "the body was signed without white space and sent with it; serialise it once, and sign and send the same bytes",
        "签名用的是紧凑 JSON，而发送的带空格或换行；请只序列化一次，签名与发送同一份字节";
    ESCAPED = Body "body-escaped",
        "the body was signed with \\/ or \\uXXXX and sent without (json_encode without JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE, json.dumps without ensure_ascii=False); serialise it once, and sign and send the same bytes",
        "签名用的报文含 \\/ 或 \\uXXXX 转义，与发送的不同（json_encode 未加 JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE，json.dumps 未加 ensure_ascii=False）；请只序列化一次";
    HTML_ESCAPED = Body "body-html-escaped",
        "the body was signed with < > & escaped as \\u003c and sent without (Go SetEscapeHTML(false), Gson disableHtmlEscaping()); serialise it once, and sign and send the same bytes",
        "签名用的报文把 < > & 转义成了 \\u003c，与发送的不同（Go 用 SetEscapeHTML(false)，Gson 用 disableHtmlEscaping()）；请只序列化一次";
    UNESCAPED = Body "body-unescaped",
        "the body was signed without escapes and sent with them; serialise it once, and sign and send the same bytes",
        "签名用的报文没有转义，而发送的有；请只序列化一次，签名与发送同一份字节";
    SORTED = Body "body-keys-sorted",
        "the body was signed with sorted keys and sent unsorted; API v3 does not sort, so sign the bytes that are sent",
        "签名用的报文按键名排了序，与发送的不同；API v3 不排序，请对实际发送的字节签名";
    REWRITTEN = Body "body-rewritten",
        "the body was parsed and serialised again before it was signed; serialise it once, and sign and send the same bytes",
        "签名前报文被解析后重新序列化；请只序列化一次，签名与发送同一份字节";
    NULLS_DROPPED = Body "body-nulls-dropped",
        "the body was signed without its null or empty members and sent with them; leave them out of both",
        "签名用的报文去掉了 null 或空字段，而发送的没有去掉；两处都应省略";
    NUMBERS = Body "body-numbers",
        "the numbers of the body were signed in another form (in quotes, or with .0); serialise it once, and sign and send the same bytes",
        "签名用的报文中数字写法不同（加了引号或 .0）；请只序列化一次，签名与发送同一份字节";
    END = Body "body-trailing-blank",
        "the body was signed with a line end or space at the end that was not sent; sign exactly the bytes that are sent",
        "签名用的报文末尾多了换行或空格；请对实际发送的字节签名";
    TRIMMED = Body "body-trimmed",
        "the body was sent with white space around it that was not signed; sign exactly the bytes that are sent",
        "签名用的报文去掉了首尾空白，而发送的没有；请对实际发送的字节签名";
    MARK = Body "body-byte-order-mark",
        "a byte order mark (U+FEFF) was signed and not sent, or sent and not signed; write UTF-8 without it",
        "BOM（U+FEFF）只出现在签名或发送其中之一；请使用不带 BOM 的 UTF-8";
    LINE_ENDS = Body "body-line-ends",
        "the line ends in the signed and the sent body differ; sign exactly the bytes that are sent",
        "报文内部的换行符在签名与发送时不同；请对实际发送的字节签名";
    GBK = Body "body-gbk",
        "the body was signed in GBK and sent in UTF-8; use UTF-8 for both (getBytes(StandardCharsets.UTF_8))",
        "签名用的报文是 GBK 编码，发送的是 UTF-8；两处都应使用 UTF-8（getBytes(StandardCharsets.UTF_8)）";
    SENT_IN_GBK = Body "body-sent-in-gbk",
        "the body was signed in UTF-8 and sent in GBK; send UTF-8",
        "签名用的是 UTF-8，而发送的报文是 GBK 编码；请以 UTF-8 发送";
    LATIN1 = Body "body-latin-1",
        "the body was signed in Latin-1, where each Chinese character is a question mark; encode it as UTF-8",
        "签名用的报文是 Latin-1 编码，汉字都变成了问号；请使用 UTF-8 字节";
    ENCODED_TWICE = Body "body-encoded-twice",
        "UTF-8 was read as Latin-1 and encoded again on one side; read and write the body as UTF-8",
        "UTF-8 被误当作 Latin-1 再次编码（签名或发送其中之一）；请始终按 UTF-8 读写";
    UTF16 = Body "body-utf-16",
        "the body was signed in UTF-16; encode it as UTF-8",
        "签名用的报文是 UTF-16 编码；请使用 UTF-8 字节";
    FORM = Body "body-form-encoded",
        "the body was signed as a form (a=1&b=2) and sent as JSON; sign exactly the bytes that are sent",
        "签名用的是表单格式（a=1&b=2），发送的是 JSON；请对实际发送的字节签名";
    QUOTED = Body "body-quoted",
        "the body was serialised as JSON twice, so a quoted text was signed; serialise it once",
        "报文被序列化了两次（签名的是带引号的字符串）；请只序列化一次";
    PRINTED = Body "body-printed",
        "the printed form of the value was signed instead of JSON; sign the JSON text that is sent",
        "签名的不是 JSON，而是语言对该对象的打印结果；请对实际发送的 JSON 文本签名";
    DIGEST = Body "body-digest",
        "a digest of the body was signed in its place; sign the body itself",
        "签名用的是报文的摘要；请直接放报文本身";
    BOUNDARY = Body "upload-boundary-missing",
        "Content-Type has no boundary, or another one than the body, so the signed part meta is not found; send multipart/form-data; boundary=... with the boundary of the body",
        "Content-Type 中没有 boundary，或与报文中的不一致，因此找不到被签名的 meta 部分；请发送 multipart/form-data; boundary=…，并与报文一致";
    WHOLE_UPLOAD = Body "upload-whole-form-signed",
        "the whole form of the upload was signed; of an upload only the JSON text of its part meta is signed",
        "上传接口签名了整个 multipart 表单；只应对 meta 部分的 JSON 文本签名";
    NOT_EMPTY = Body "body-of-get-not-empty",
        "a body was signed for a request without one; its line is empty",
        "无报文主体的请求却签了内容；该行应为空";
    QUERY_AS_BODY = Body "body-of-get-is-query",
        "the parameters of the query were signed as the body; they belong to the URL, and the last line is empty",
        "把查询参数当作报文主体签名了；参数属于 URL 行，最后一行应为空";
}

pub(super) fn variants(slot: &mut Slot<'_>, whole_form: Option<&[u8]>, query: &str, limits: Limits) {
    let body = slot.right;
    if body.len() > limits.body {
        return;
    }
    if let Some(form) = whole_form {
        if body.is_empty() {
            for part in small_parts(form) {
                slot.add(Rank::Common, BOUNDARY, part);
            }
        }
        slot.add(Rank::Common, WHOLE_UPLOAD, form);
        slot.add(Rank::Rare, WHOLE_UPLOAD, form.trim_ascii_end());
    }
    if body.is_empty() {
        return empty(slot, query);
    }
    let text = std::str::from_utf8(body).ok();
    let node = text.and_then(Node::read);
    // Byte edits are small; the many styles of JSON come last, in case memory runs out.
    for (edit, edited) in edits(body) {
        let (mistake, rank) = of_edit(edit);
        slot.add(rank, mistake, edited);
    }
    if let (Some(text), Some(node)) = (text, &node) {
        values(slot, node);
        for rewritten in rewritings(text, node, limits.memory) {
            if slot.is_full() {
                break;
            }
            add_rewritten(slot, rewritten);
        }
        slot.add(
            Rank::Rare,
            QUOTED,
            Style::PLAIN.write(&Node::Text(text.to_owned())),
        );
        printed(slot, node);
        // The sent body may itself be such a printed form of the signed one.
        if let Node::Text(inner) = node {
            slot.add(Rank::Common, QUOTED, inner.as_str());
        }
    }
    let digest = Sha256::digest(body);
    slot.add(Rank::Alone, DIGEST, base16ct::upper::encode_string(&digest));
    slot.add(Rank::Alone, DIGEST, base16ct::lower::encode_string(&digest));
    slot.add(Rank::Alone, DIGEST, STANDARD.encode(digest));
    slot.add(Rank::Alone, DIGEST, STANDARD.encode(body));
}

/// Returns parts of a form that may be `meta`, by the boundary at its start.
fn small_parts(form: &[u8]) -> Vec<&[u8]> {
    const MAX_META: usize = 4 << 10;
    const MAX_PARTS: usize = 4;
    let mut lines = form.trim_ascii_start().split(|byte| *byte == b'\n');
    let boundary = lines.next().unwrap_or_default().trim_ascii_end();
    if !boundary.starts_with(b"--") || boundary.len() < 3 {
        return Vec::new();
    }
    let delimiter = [b"\r\n".as_slice(), boundary].concat();
    let mut parts = Vec::new();
    for head in memmem::find_iter(form, b"\r\n\r\n").take(MAX_PARTS) {
        let content = form.get(head.saturating_add(4)..).unwrap_or_default();
        let end = memmem::find(content, &delimiter).unwrap_or(content.len());
        parts.extend(content.get(..end).filter(|part| part.len() <= MAX_META));
    }
    parts
}

fn of_edit(edit: Edit) -> (Mistake, Rank) {
    match edit {
        Edit::Emptied => (LEFT_OUT, Rank::Common),
        Edit::EndAdded => (END, Rank::Common),
        Edit::Trimmed => (TRIMMED, Rank::Common),
        Edit::MarkAdded | Edit::MarkRemoved => (MARK, Rank::Common),
        Edit::ReturnsAdded | Edit::ReturnsRemoved | Edit::LinesJoined => (LINE_ENDS, Rank::Rare),
        Edit::ToGbk => (GBK, Rank::Common),
        Edit::FromGbk => (SENT_IN_GBK, Rank::Common),
        Edit::ToLatin1 => (LATIN1, Rank::Common),
        Edit::EncodedTwice | Edit::DecodedTwice => (ENCODED_TWICE, Rank::Rare),
        Edit::ToUtf16 => (UTF16, Rank::Rare),
    }
}

fn add_rewritten(slot: &mut Slot<'_>, rewritten: Rewritten) {
    let mut findings = Vec::new();
    if let Some((_, to)) = rewritten.spacing {
        findings.push(match to {
            Spacing::Compact => COMPACT.into(),
            Spacing::Python | Spacing::Colons | Spacing::Commas => Finding::with(SPACED, to.name()),
            _ => Finding::with(PRETTY, to.name()),
        });
    }
    if let Some((_, to)) = rewritten.escapes {
        findings.push(match to {
            Escapes::Minimal => UNESCAPED.into(),
            Escapes::Html | Escapes::Gson => Finding::with(HTML_ESCAPED, to.name()),
            _ => Finding::with(ESCAPED, to.name()),
        });
    }
    if rewritten.is_sorted {
        findings.push(SORTED.into());
    }
    if findings.is_empty() {
        findings.push(REWRITTEN.into());
    }
    // A text file often ends in a line end.
    let with_end = format!("{}\n", rewritten.text);
    let findings_with_end = [findings.as_slice(), &[END.into()]].concat();
    slot.add_all(rewritten.rank, findings, rewritten.text.into_bytes());
    slot.add_all(Rank::Alone, findings_with_end, with_end.into_bytes());
}

/// Adds changes of the value itself.
fn values(slot: &mut Slot<'_>, node: &Node) {
    for empty in [false, true] {
        slot.add(
            Rank::Rare,
            NULLS_DROPPED,
            Style::PLAIN.write(&node.without_nulls(empty)),
        );
    }
    let numbers: [fn(&str) -> Node; 2] = [
        |number| Node::Text(number.to_owned()),
        |number| Node::Plain(format!("{number}.0")),
    ];
    for change in numbers {
        slot.add(
            Rank::Rare,
            NUMBERS,
            Style::PLAIN.write(&with_numbers(node, change)),
        );
    }
    let pairs: Vec<(&str, String)> = node
        .members()
        .iter()
        .map(|(key, value)| {
            let value = value
                .text()
                .map_or_else(|| Style::PLAIN.write(value), str::to_owned);
            (key.as_str(), value)
        })
        .collect();
    if pairs.is_empty() {
        return;
    }
    let mut sorted = pairs.clone();
    sorted.sort_unstable();
    for (number, pairs) in [pairs, sorted].iter().enumerate() {
        let rank = if number == 0 { Rank::Common } else { Rank::Rare };
        for encode in [true, false] {
            let pairs = pairs.iter().map(|(key, value)| match encode {
                true => format!("{}={}", form_encode(key), form_encode(value)),
                false => format!("{key}={value}"),
            });
            slot.add(rank, FORM, pairs.collect::<Vec<_>>().join("&"));
        }
    }
}

fn with_numbers(node: &Node, change: fn(&str) -> Node) -> Node {
    match node {
        Node::Plain(text) if text.bytes().all(|letter| letter.is_ascii_digit()) => change(text),
        Node::Plain(_) | Node::Text(_) => node.clone(),
        Node::List(items) => Node::List(items.iter().map(|item| with_numbers(item, change)).collect()),
        Node::Map(members) => Node::Map(
            members
                .iter()
                .map(|(key, value)| (key.clone(), with_numbers(value, change)))
                .collect(),
        ),
    }
}

/// Adds texts that languages print for a value in place of JSON.
fn printed(slot: &mut Slot<'_>, node: &Node) {
    for fixed in ["[object Object]", "Array", "undefined", "null", "{}", "[]"] {
        slot.add(Rank::Rare, Finding::with(PRINTED, fixed), fixed);
    }
    slot.add(Rank::Rare, Finding::with(PRINTED, "Python str()"), python(node));
    slot.add(
        Rank::Rare,
        Finding::with(PRINTED, "Java Map.toString()"),
        java(node),
    );
}

fn python(node: &Node) -> String {
    match node {
        Node::Plain(text) => match text.as_str() {
            "null" => "None".to_owned(),
            "true" => "True".to_owned(),
            "false" => "False".to_owned(),
            number => number.to_owned(),
        },
        // Python uses double quotes around text with single quotes, and escapes little else.
        Node::Text(text) if text.contains('\'') && !text.contains('"') => format!("\"{text}\""),
        Node::Text(text) => format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'")),
        Node::List(items) => {
            let items: Vec<String> = items.iter().map(python).collect();
            format!("[{}]", items.join(", "))
        }
        Node::Map(members) => {
            let members = members
                .iter()
                .map(|(key, value)| format!("{}: {}", python(&Node::Text(key.clone())), python(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
        }
    }
}

fn java(node: &Node) -> String {
    match node {
        Node::Plain(text) | Node::Text(text) => text.clone(),
        Node::List(items) => {
            let items: Vec<String> = items.iter().map(java).collect();
            format!("[{}]", items.join(", "))
        }
        Node::Map(members) => {
            let members = members
                .iter()
                .map(|(key, value)| format!("{key}={}", java(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
        }
    }
}

/// Adds candidates for a request without a body.
fn empty(slot: &mut Slot<'_>, query: &str) {
    for (rank, text) in [
        (Rank::Common, "{}"),
        (Rank::Common, "null"),
        (Rank::Rare, "[]"),
        (Rank::Rare, "\"\""),
        (Rank::Rare, "undefined"),
        (Rank::Rare, "None"),
        (Rank::Rare, "nil"),
        (Rank::Rare, "false"),
        (Rank::Rare, " "),
        (Rank::Rare, "{ }"),
        (Rank::Rare, "''"),
    ] {
        slot.add(rank, Finding::with(NOT_EMPTY, text), text);
    }
    if query.is_empty() {
        return;
    }
    slot.add(Rank::Common, QUERY_AS_BODY, query);
    let members = query.split('&').filter_map(|parameter| parameter.split_once('='));
    let members = members.map(|(name, value)| (percent_decode(name), Node::Text(percent_decode(value))));
    let node = Node::Map(members.collect());
    for spacing in [Spacing::Compact, Spacing::Python] {
        let style = Style {
            spacing,
            ..Style::PLAIN
        };
        slot.add(Rank::Common, QUERY_AS_BODY, style.write(&node));
        slot.add(Rank::Rare, QUERY_AS_BODY, style.write(&node.sorted()));
    }
}
