//! Wrong layouts of a request.

use super::SignedRequest;
use crate::{
    Mistake, Part,
    body::Node,
    frame::{Frame, common, reordered},
    mistake::mistakes,
    slot::{Piece, Rank},
};

mistakes! {
    ANSWER_LAYOUT = Frame "layout-of-response",
        "the three lines of a response were signed (timestamp, nonce, body); a request has method and URL before them",
        "签名串用了应答验签的三行格式（时间戳、随机串、报文主体）；请求签名还需在前面加上方法和 URL";
    TIME_FIRST = Frame "layout-time-before-method",
        "timestamp and nonce were signed before method and URL; a request has method, URL, timestamp, nonce, body",
        "时间戳和随机串放在了方法和 URL 之前；正确顺序为 方法、URL、时间戳、随机串、报文主体";
    SWAPPED = Frame "layout-timestamp-nonce-swapped",
        "timestamp and nonce are swapped; the timestamp comes first",
        "时间戳与随机串的顺序颠倒；时间戳在前";
    INVOCATION_LAYOUT = Frame "layout-of-invocation",
        "the four lines of the payment sheet were signed (appid, timestamp, nonce, package); a request has method, URL, timestamp, nonce, body",
        "签名串用了调起支付的四行格式（appid、时间戳、随机串、package）；请求签名应为 方法、URL、时间戳、随机串、报文主体";
    V2_LAYOUT = Frame "layout-of-api-v2",
        "sorted pairs of API v2 (a=1&b=2) were signed; API v3 signs five lines",
        "签名串用了 API v2 的键值对排序格式（a=1&b=2）；API v3 是五行格式";
    BODY_ALONE = Frame "layout-body-alone",
        "the body alone was signed; a request has method, URL, timestamp and nonce before it",
        "只对报文主体签了名；前面还需 方法、URL、时间戳、随机串 四行";
}

pub(super) fn frames(request: &SignedRequest<'_>) -> Vec<Frame> {
    let mut frames = common(5);
    frames.extend(reordered(
        5,
        &[
            (ANSWER_LAYOUT, &[2, 3, 4]),
            (TIME_FIRST, &[2, 3, 0, 1, 4]),
            (TIME_FIRST, &[3, 2, 0, 1, 4]),
            (SWAPPED, &[0, 1, 3, 2, 4]),
            (BODY_ALONE, &[4]),
        ],
    ));
    let body = request.body;
    frames.push(Frame::fixed(
        Rank::Rare,
        BODY_ALONE,
        vec![Piece {
            part: Part::Body,
            bytes: body.to_vec(),
        }],
    ));
    if let Some(node) = std::str::from_utf8(body).ok().and_then(Node::read) {
        invocations(&mut frames, request, &node);
        pairs(&mut frames, request, &node);
    }
    frames
}

fn line(part: Part, text: &str) -> Piece {
    Piece {
        part,
        bytes: format!("{text}\n").into_bytes(),
    }
}

/// Adds the four lines of a payment sheet, with an app that the body names.
fn invocations(frames: &mut Vec<Frame>, request: &SignedRequest<'_>, node: &Node) {
    for key in ["appid", "sp_appid", "sub_appid", "combine_appid"] {
        let Some(appid) = node.member(key).and_then(Node::text) else {
            continue;
        };
        let head = [
            line(Part::Appid, appid),
            line(Part::Timestamp, request.timestamp),
            line(Part::Nonce, request.nonce),
        ];
        let body = Piece {
            part: Part::Body,
            bytes: [request.body, b"\n"].concat(),
        };
        for last in [body, line(Part::Package, "prepay_id="), line(Part::Package, "")] {
            let pieces = head.iter().cloned().chain([last]).collect();
            frames.push(Frame::fixed(Rank::Alone, INVOCATION_LAYOUT, pieces));
        }
    }
}

/// Adds `a=1&b=2`, with and without the values of `Authorization`.
fn pairs(frames: &mut Vec<Frame>, request: &SignedRequest<'_>, node: &Node) {
    let own = node.members().iter().filter_map(|(key, value)| {
        let value = match value {
            Node::Plain(text) | Node::Text(text) => text,
            Node::List(_) | Node::Map(_) => return None,
        };
        (!value.is_empty()).then(|| format!("{key}={value}"))
    });
    let own: Vec<String> = own.collect();
    let more = [
        format!("nonce_str={}", request.nonce),
        format!("timestamp={}", request.timestamp),
    ];
    for pairs in [own.clone(), own.into_iter().chain(more).collect()] {
        let mut pairs = pairs;
        pairs.sort_unstable();
        frames.push(pair_frame(V2_LAYOUT, &pairs));
    }
}

fn pair_frame(mistake: Mistake, pairs: &[String]) -> Frame {
    Frame::fixed(
        Rank::Alone,
        mistake,
        vec![Piece {
            part: Part::Body,
            bytes: pairs.join("&").into_bytes(),
        }],
    )
}
