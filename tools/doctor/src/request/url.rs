//! Mistakes in path and query.

use percent_encoding::AsciiSet;

use crate::{
    Finding, Mistake,
    encoding::{UNRESERVED, form_encode, percent_decode, percent_encode},
    lines::NOTHING,
    mistake::mistakes,
    permutations::permutations,
    slot::{Rank, Slot},
};

mistakes! {
    QUERY_DROPPED = Url "url-query-dropped",
        "the query was left out; sign path and query exactly as they are sent",
        "签名用的 URL 缺少查询串；请按实际发送的路径加查询串签名";
    PARAMETER_DROPPED = Url "url-query-parameter-dropped",
        "a parameter of the query was left out; sign path and query exactly as they are sent",
        "签名用的查询串少了参数；请按实际发送的路径加查询串签名";
    QUERY_ORDER = Url "url-query-order",
        "the parameters of the query were signed in another order; sign them in the order in which they are sent",
        "签名用的查询参数顺序不同；请按实际发送的顺序签名";
    DECODED = Url "url-decoded",
        "the URL was signed decoded; sign it percent-encoded, as it is sent",
        "签名用的 URL 已被解码；请按发送时的百分号编码形式签名";
    ENCODED = Url "url-encoded-otherwise",
        "the URL was signed in another percent-encoding than it was sent in; sign what the HTTP client sends",
        "签名用的 URL 与实际发送的百分号编码方式不同；请使用 HTTP 客户端实际发送的文本";
    ENCODED_TWICE = Url "url-encoded-twice",
        "the URL was encoded twice before it was signed; once is enough",
        "签名用的 URL 被编码了两次；一次即可";
    ABSOLUTE = Url "url-absolute",
        "scheme and host were signed; line 2 begins with the path",
        "签名用的 URL 含协议和域名；第 2 行应从路径开始";
    NO_V3 = Url "url-without-v3",
        "the path was signed without /v3; sign the whole path",
        "签名用的路径缺少 /v3；请签完整路径";
    NO_SLASH = Url "url-without-slash",
        "the path was signed without its first slash; sign it with the slash",
        "签名用的路径缺少开头的 /；请加上";
    PLACEHOLDER = Url "url-placeholder",
        "a placeholder of the path was signed in place of its value; fill it in before you sign",
        "签名用的 URL 中占位符未替换；请先填入实际值再签名";
    TRAILING_SLASH = Url "url-trailing-slash",
        "the path was signed with an extra or a missing slash at its end; sign it exactly as it is sent",
        "签名用的路径末尾多或少了 /；请按实际发送的路径签名";
    DANGLING_QUERY = Url "url-dangling-question-mark",
        "the URL was signed with an extra or a missing ? at its end; sign it exactly as it is sent",
        "签名用的 URL 末尾多或少了 ?；请按实际发送的 URL 签名";
    CASE = Url "url-letter-case",
        "the URL was signed in another letter case; sign it exactly as it is sent",
        "签名用的 URL 大小写不同；请按实际发送的 URL 签名";
    DOUBLE_SLASH = Url "url-double-slash",
        "the signed and the sent URL differ in a double slash; join base and path with one slash",
        "URL 中出现了双斜杠；拼接基础地址与路径时只用一个 /";
    SEGMENT_DROPPED = Url "url-segment-dropped",
        "the end of the path was left out; sign the whole path",
        "签名用的路径缺少结尾部分；请签完整路径";
    OTHER_FAMILY = Url "url-other-family",
        "the path of the partner (or of the direct) endpoint was signed and the other one called; sign the path that is called",
        "签名用的是服务商（或直连）接口的路径，而调用的是另一个；请签实际调用的路径";
    ESCAPED = Url "url-escaped",
        "the URL was signed escaped as in HTML or JSON (&amp;, \\/); sign it as it is sent",
        "签名用的 URL 被 HTML 或 JSON 转义；请按实际发送的文本签名";
    SPELLING = Url "url-spelling",
        "the URL was signed with spaces or quotes around it; sign the URL alone",
        "签名用的 URL 两端多了空格或引号；请只签 URL 本身";
    EMPTY = Url "url-empty",
        "the signed message has no URL; fill in its line before you sign",
        "签名串中没有 URL；请先填入再签名";
}

/// Hosts that a URL may name although the request reached this one.
const HOSTS: [&str; 2] = ["api.mch.weixin.qq.com", "api2.mch.weixin.qq.com"];

/// Largest number of parameters whose orders are all tried.
const MAX_ORDERS: usize = 4;

pub(super) fn variants(slot: &mut Slot<'_>, host: Option<&str>) {
    let Ok(target) = std::str::from_utf8(slot.right) else {
        return;
    };
    let target = target.to_owned();
    let (path, query) = match target.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (target.as_str(), None),
    };
    if let Some(query) = query {
        queries(slot, path, query);
    } else {
        slot.add(Rank::Rare, DANGLING_QUERY, format!("{target}?"));
    }
    encodings(slot, path, query);
    let behind = query.map_or_else(String::new, |query| format!("?{query}"));
    prefixes(slot, path, &behind, host);
    paths(slot, path, &behind);
    super::placeholder::variants(slot, PLACEHOLDER, path, query);
    slot.add(Rank::Rare, CASE, target.to_ascii_lowercase());
    slot.add(Rank::Rare, ESCAPED, target.replace('&', "&amp;"));
    slot.add(Rank::Rare, ESCAPED, target.replace('/', "\\/"));
    slot.add(Rank::Rare, ESCAPED, target.replace('&', "\\u0026"));
    for spelling in [
        format!(" {target}"),
        format!("{target} "),
        format!("\"{target}\""),
    ] {
        slot.add(Rank::Rare, SPELLING, spelling);
    }
    for nothing in NOTHING {
        slot.add(Rank::Rare, EMPTY, nothing);
    }
}

fn queries(slot: &mut Slot<'_>, path: &str, query: &str) {
    if query.is_empty() {
        slot.add(Rank::Common, DANGLING_QUERY, path);
        return;
    }
    slot.add(Rank::Common, QUERY_DROPPED, path);
    slot.add(Rank::Rare, QUERY_DROPPED, format!("{path}?"));
    let parameters: Vec<&str> = query.split('&').collect();
    let mut add = |rank, mistake: Mistake, parameters: &[&str]| {
        slot.add(rank, mistake, format!("{path}?{}", parameters.join("&")));
    };
    let mut sorted = parameters.clone();
    sorted.sort_unstable();
    add(Rank::Common, QUERY_ORDER, &sorted);
    sorted.reverse();
    add(Rank::Rare, QUERY_ORDER, &sorted);
    let reversed: Vec<&str> = parameters.iter().rev().copied().collect();
    add(Rank::Rare, QUERY_ORDER, &reversed);
    if parameters.len() <= MAX_ORDERS {
        for order in permutations(parameters.len()) {
            let parameters: Vec<&str> = order
                .iter()
                .filter_map(|place| parameters.get(*place).copied())
                .collect();
            add(Rank::Rare, QUERY_ORDER, &parameters);
        }
    }
    if parameters.len() > 1 {
        for left_out in 0..parameters.len() {
            let mut rest = parameters.clone();
            rest.remove(left_out);
            add(Rank::Rare, PARAMETER_DROPPED, &rest);
        }
    }
}

/// Characters that JavaScript's `encodeURIComponent` encodes.
const COMPONENT: &AsciiSet = &UNRESERVED
    .remove(b'!')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*');
/// Characters that JavaScript's `encodeURI` encodes.
const URI: &AsciiSet = &COMPONENT
    .remove(b';')
    .remove(b'/')
    .remove(b'?')
    .remove(b':')
    .remove(b'@')
    .remove(b'&')
    .remove(b'=')
    .remove(b'+')
    .remove(b'$')
    .remove(b',')
    .remove(b'#');

fn encodings(slot: &mut Slot<'_>, path: &str, query: Option<&str>) {
    let join = |path: &str, query: Option<String>| match query {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    let plain = |text: &str| percent_decode(&text.replace('+', " "));
    let whole = join(path, query.map(str::to_owned));
    slot.add(Rank::Common, DECODED, percent_decode(&whole));
    slot.add(Rank::Common, DECODED, join(path, query.map(percent_decode)));
    slot.add(
        Rank::Rare,
        DECODED,
        join(&percent_decode(path), query.map(str::to_owned)),
    );
    slot.add(Rank::Rare, DECODED, join(path, query.map(plain)));
    slot.add(Rank::Rare, DECODED, join(&percent_decode(path), query.map(plain)));

    // Names and values encoded again, by the rules of several libraries.
    let anew = |encode: &dyn Fn(&str) -> String| {
        let query = query.map(|query| {
            let parameters = query.split('&').map(|parameter| match parameter.split_once('=') {
                Some((name, value)) => format!("{}={}", encode(&plain(name)), encode(&plain(value))),
                None => encode(&plain(parameter)),
            });
            parameters.collect::<Vec<_>>().join("&")
        });
        let same_path = join(path, query.clone());
        let segments = path.split('/').map(|segment| encode(&percent_decode(segment)));
        [same_path, join(&segments.collect::<Vec<_>>().join("/"), query)]
    };
    let strict = |text: &str| percent_encode(text, UNRESERVED);
    let component = |text: &str| percent_encode(text, COMPONENT);
    let uri = |text: &str| percent_encode(text, URI);
    let python = |text: &str| strict(text).replace("%20", "+");
    let rules: [&dyn Fn(&str) -> String; 5] = [&strict, &form_encode, &component, &uri, &python];
    for (place, rule) in rules.into_iter().enumerate() {
        let rank = if place < 2 { Rank::Common } else { Rank::Rare };
        for target in anew(rule) {
            slot.add(rank, ENCODED, target);
        }
    }
    slot.add(Rank::Rare, ENCODED, hex_digits(&whole, u8::to_ascii_lowercase));
    slot.add(Rank::Rare, ENCODED, hex_digits(&whole, u8::to_ascii_uppercase));
    slot.add(Rank::Rare, ENCODED_TWICE, whole.replace('%', "%25"));
    slot.add(
        Rank::Rare,
        ENCODED_TWICE,
        join(path, query.map(|query| query.replace('%', "%25"))),
    );
    slot.add(Rank::Rare, ENCODED, strict(&whole));
    slot.add(Rank::Rare, ENCODED, uri(&whole));
}

/// Changes the case of the two digits after each `%`.
fn hex_digits(text: &str, change: fn(&u8) -> u8) -> String {
    let mut left = 0_u8;
    let letters = text.bytes().map(|letter| {
        if letter == b'%' {
            left = 2;
            letter
        } else if left > 0 {
            left = left.saturating_sub(1);
            change(&letter)
        } else {
            letter
        }
    });
    String::from_utf8(letters.collect()).unwrap_or_default()
}

fn prefixes(slot: &mut Slot<'_>, path: &str, behind: &str, host: Option<&str>) {
    let hosts = host.into_iter().chain(HOSTS);
    for (place, host) in hosts.enumerate() {
        let rank = if place < 2 { Rank::Common } else { Rank::Rare };
        for scheme in ["https://", "http://"] {
            slot.add(rank, ABSOLUTE, format!("{scheme}{host}{path}{behind}"));
            slot.add(Rank::Rare, ABSOLUTE, format!("{scheme}{host}{path}"));
            slot.add(Rank::Alone, ABSOLUTE, format!("{scheme}{host}/{path}{behind}"));
        }
        slot.add(Rank::Rare, ABSOLUTE, format!("{host}{path}{behind}"));
        slot.add(Rank::Rare, ABSOLUTE, format!("//{host}{path}{behind}"));
    }
    if let Some(rest) = path.strip_prefix("/v3") {
        slot.add(Rank::Common, NO_V3, format!("{rest}{behind}"));
        slot.add(
            Rank::Rare,
            NO_V3,
            format!("{}{behind}", rest.trim_start_matches('/')),
        );
        slot.add(Rank::Rare, NO_V3, rest);
    }
    if let Some(rest) = path.strip_prefix('/') {
        slot.add(Rank::Common, NO_SLASH, format!("{rest}{behind}"));
        slot.add(Rank::Rare, NO_SLASH, rest);
    }
}

fn paths(slot: &mut Slot<'_>, path: &str, behind: &str) {
    let trimmed = path.trim_end_matches('/');
    slot.add(Rank::Common, TRAILING_SLASH, format!("{trimmed}/{behind}"));
    slot.add(Rank::Common, TRAILING_SLASH, format!("{trimmed}{behind}"));
    slot.add(Rank::Rare, DOUBLE_SLASH, format!("/{path}{behind}"));
    let mut single = path.to_owned();
    while single.contains("//") {
        single = single.replace("//", "/");
    }
    slot.add(Rank::Common, DOUBLE_SLASH, format!("{single}{behind}"));
    slot.add(
        Rank::Rare,
        DOUBLE_SLASH,
        format!("/v3/{path}{behind}").replace("/v3//v3/", "/v3//"),
    );
    for (from, to) in [
        ("/pay/transactions/", "/pay/partner/transactions/"),
        ("/pay/partner/transactions/", "/pay/transactions/"),
    ] {
        slot.add(
            Rank::Rare,
            OTHER_FAMILY,
            format!("{}{behind}", path.replacen(from, to, 1)),
        );
    }
    if let Some((shorter, _)) = trimmed.rsplit_once('/')
        && shorter.len() > 3
    {
        slot.add(Rank::Rare, SEGMENT_DROPPED, format!("{shorter}{behind}"));
        slot.add(Rank::Alone, SEGMENT_DROPPED, format!("{shorter}/{behind}"));
        slot.add(Rank::Alone, Finding::from(SEGMENT_DROPPED), shorter);
    }
}
