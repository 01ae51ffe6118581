//! Wrong ways to combine correct lines.

use std::borrow::Cow;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest as _, Sha256};

use super::{
    Finding, Label, Mistake, Part,
    mistake::mistakes,
    permutations::permutations,
    slot::{Piece, Rank, Slot},
};

mistakes! {
    LAST_END_MISSING = Frame "last-line-end-missing",
        "the line end of the last line is missing; every line ends in LF, the last and an empty one too",
        "最后一行缺少换行符；每一行（包括最后一行和空行）都以 \\n 结尾";
    CARRIAGE_RETURNS = Frame "line-ends-crlf",
        "the lines end in CR LF; they must end in LF alone",
        "行尾使用了 \\r\\n；必须只用 \\n";
    CARRIAGE_RETURNS_AND_END = Frame "line-ends-crlf-last-missing",
        "the lines are joined by CR LF and the last has no end; every line ends in LF alone",
        "各行以 \\r\\n 连接且最后一行没有换行；每一行都必须以单个 \\n 结尾";
    ONLY_RETURNS = Frame "line-ends-cr",
        "the lines end in CR; they must end in LF",
        "行尾使用了 \\r；必须使用 \\n";
    LITERAL_BACKSLASH_N = Frame "line-ends-literal-backslash-n",
        "the lines end in the two characters \\n and not in a line end; in PHP and shells use double quotes or $'\\n'",
        "行尾是反斜杠加字母 n 两个字符，而不是换行符；在 PHP 或 shell 中请用双引号或 $'\\n'";
    NO_ENDS = Frame "line-ends-missing",
        "the lines have no line ends; put LF after each",
        "各行之间没有换行符；请在每一行后加 \\n";
    EXTRA_END = Frame "line-end-extra",
        "the message has an extra line end; the body is followed by exactly one LF",
        "末尾多了一个换行符；报文主体之后只能有一个 \\n";
    EMPTY_FIRST = Frame "line-empty-first",
        "the message begins with an empty line; it must begin with its first line",
        "开头多了一个空行；签名串应直接从第一行开始";
    OUTER_BLANKS = Frame "message-with-blanks",
        "the message has spaces before or after it; sign it as it is",
        "签名串前后有空格；请按原样签名";
    INDENTED = Frame "lines-indented",
        "the lines are indented, as in a multi-line template; remove the indentation",
        "各行带有缩进（多行模板字符串常见）；请去掉缩进";
    BLANKS_BEFORE_ENDS = Frame "line-ends-with-blanks",
        "each line end has a space before or after it; remove it",
        "每个换行符前或后有一个空格；请去掉";
    OTHER_SEPARATOR = Frame "line-ends-other-separator",
        "the lines are joined by another character than LF; every line ends in LF",
        "各行之间使用了别的分隔符；每一行都必须以 \\n 结尾";
    ORDER = Frame "lines-in-another-order",
        "the lines are in another order; a request has method, URL, timestamp, nonce, body",
        "各行顺序不对；请求签名串依次为 方法、URL、时间戳、随机串、报文主体";
    LINE_LEFT_OUT = Frame "line-left-out",
        "a line is missing; each line is required even if it is empty",
        "少了一行；即使内容为空，该行也必须存在";
    LINE_TWICE = Frame "line-twice",
        "a line occurs twice",
        "有一行重复了";
    HASHED_FIRST = Frame "message-hashed-first",
        "the message was hashed before it was signed, and signing hashes again; pass the message itself to the signature function",
        "签名前先对签名串做了摘要，而签名函数会再做一次；请把签名串本身交给签名函数";
    ENCODED_FIRST = Frame "message-encoded-first",
        "the message was encoded as base64 or hexadecimal before it was signed; sign its bytes",
        "签名前先把签名串做了 base64 或十六进制编码；请直接对其字节签名";
    QUOTED = Frame "message-quoted",
        "the message was signed as a JSON text in quotes; sign the text itself",
        "把签名串当作 JSON 字符串（带引号、转义）签名了；请对原文签名";
    UTF16 = Frame "message-utf-16",
        "the message was signed in UTF-16; encode it in UTF-8",
        "签名串以 UTF-16 编码签名；请使用 UTF-8";
    TERMINATED = Frame "message-with-nul",
        "a NUL byte was signed after the message; use the length of the text without its terminator",
        "签名串末尾多签了一个 NUL 字节；长度不应包含字符串结束符";
}

/// Wrong way to combine lines.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    pub(super) finding: Finding,
    pub(super) rank: Rank,
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    /// Lines in this order, with these ends.
    Lines {
        order: Vec<usize>,
        before: &'static [u8],
        end: &'static [u8],
        last_end: &'static [u8],
    },
    /// Function of the whole message.
    Whole(fn(&[u8]) -> Vec<u8>),
    /// Other lines.
    Fixed(Vec<Piece>),
}

impl Frame {
    /// Returns `true` if it contains the lines.
    ///
    /// It can then be combined with a wrong line.
    pub(super) fn takes_lines(&self) -> bool {
        !matches!(self.kind, Kind::Fixed(_))
    }

    pub(super) fn fixed(rank: Rank, finding: impl Into<Finding>, pieces: Vec<Piece>) -> Self {
        Self {
            finding: finding.into(),
            rank,
            kind: Kind::Fixed(pieces),
        }
    }

    /// Creates a frame of some lines in this order, each with its LF.
    pub(super) fn order(rank: Rank, finding: impl Into<Finding>, order: Vec<usize>) -> Self {
        Self {
            finding: finding.into(),
            rank,
            kind: Kind::Lines {
                order,
                before: b"",
                end: b"\n",
                last_end: b"\n",
            },
        }
    }

    fn ends(rank: Rank, mistake: Mistake, count: usize, end: &'static [u8], last_end: &'static [u8]) -> Self {
        Self {
            finding: mistake.into(),
            rank,
            kind: Kind::Lines {
                order: (0..count).collect(),
                before: b"",
                end,
                last_end,
            },
        }
    }

    fn whole(mistake: Mistake, make: fn(&[u8]) -> Vec<u8>) -> Self {
        Self {
            finding: mistake.into(),
            rank: Rank::Rare,
            kind: Kind::Whole(make),
        }
    }

    /// Returns the message in parts.
    pub(super) fn render(&self, slots: &[Slot<'_>], values: &[&[u8]]) -> Vec<Piece> {
        match &self.kind {
            Kind::Fixed(pieces) => pieces.clone(),
            Kind::Whole(make) => {
                let message: Vec<u8> = values.iter().flat_map(|line| [*line, b"\n"].concat()).collect();
                vec![Piece {
                    part: Part::Frame,
                    bytes: make(&message),
                }]
            }
            Kind::Lines {
                order,
                before,
                end,
                last_end,
            } => {
                let last = order.len().saturating_sub(1);
                let lines = order.iter().enumerate().filter_map(|(number, place)| {
                    let start: &[u8] = if number == 0 { before } else { b"" };
                    let end = if number == last { last_end } else { end };
                    Some(Piece {
                        part: slots.get(*place)?.part,
                        bytes: [start, values.get(*place)?, end].concat(),
                    })
                });
                lines.collect()
            }
        }
    }
}

/// Returns mistakes that are possible with any lines.
pub(super) fn common(count: usize) -> Vec<Frame> {
    use Rank::{Common, Rare};
    let mut frames = vec![
        Frame::ends(Common, LAST_END_MISSING, count, b"\n", b""),
        Frame::ends(Common, CARRIAGE_RETURNS, count, b"\r\n", b"\r\n"),
        Frame::ends(Common, LITERAL_BACKSLASH_N, count, b"\\n", b"\\n"),
        Frame::ends(Common, EXTRA_END, count, b"\n", b"\n\n"),
        Frame::ends(Common, CARRIAGE_RETURNS_AND_END, count, b"\r\n", b""),
        Frame::ends(Rare, LITERAL_BACKSLASH_N, count, b"\\n", b""),
        Frame::ends(Rare, NO_ENDS, count, b"", b""),
        Frame::ends(Rare, ONLY_RETURNS, count, b"\r", b"\r"),
        Frame::ends(Rare, ONLY_RETURNS, count, b"\r", b""),
        Frame::ends(Rare, CARRIAGE_RETURNS, count, b"\n", b"\r\n"),
        Frame::ends(Rare, CARRIAGE_RETURNS_AND_END, count, b"\r\n", b"\n"),
        Frame::ends(Rare, EXTRA_END, count, b"\n\n", b"\n\n"),
        Frame::ends(Rare, EXTRA_END, count, b"\n\n", b"\n"),
        Frame::ends(Rare, BLANKS_BEFORE_ENDS, count, b" \n", b" \n"),
        Frame::ends(Rare, BLANKS_BEFORE_ENDS, count, b"\n ", b"\n "),
        Frame::ends(Rare, BLANKS_BEFORE_ENDS, count, b"\n ", b"\n"),
        Frame::ends(Rare, OUTER_BLANKS, count, b"\n", b"\n "),
    ];
    for separator in [" ", "&", ",", "|", ";", "\t", "+", "<br>", "\u{2028}"] {
        let separator = separator.as_bytes();
        frames.push(Frame::ends(Rare, OTHER_SEPARATOR, count, separator, b""));
        frames.push(Frame::ends(Rare, OTHER_SEPARATOR, count, separator, separator));
    }
    for (mistake, before, end) in [
        (EMPTY_FIRST, b"\n".as_slice(), b"\n".as_slice()),
        (OUTER_BLANKS, b" ", b"\n"),
        (OUTER_BLANKS, b"\xEF\xBB\xBF", b"\n"),
        (INDENTED, b"    ", b"\n    "),
        (INDENTED, b"        ", b"\n        "),
        (INDENTED, b"\t", b"\n\t"),
    ] {
        frames.push(Frame {
            finding: mistake.into(),
            rank: Rare,
            kind: Kind::Lines {
                order: (0..count).collect(),
                before,
                end,
                last_end: b"\n",
            },
        });
    }
    frames.extend([
        Frame::whole(HASHED_FIRST, |message| Sha256::digest(message).to_vec()),
        Frame::whole(HASHED_FIRST, |message| {
            base16ct::lower::encode_string(&Sha256::digest(message)).into_bytes()
        }),
        Frame::whole(HASHED_FIRST, |message| {
            base16ct::upper::encode_string(&Sha256::digest(message)).into_bytes()
        }),
        Frame::whole(HASHED_FIRST, |message| {
            STANDARD.encode(Sha256::digest(message)).into_bytes()
        }),
        Frame::whole(HASHED_FIRST, |message| sha1::Sha1::digest(message).to_vec()),
        Frame::whole(ENCODED_FIRST, |message| STANDARD.encode(message).into_bytes()),
        Frame::whole(ENCODED_FIRST, |message| {
            base16ct::lower::encode_string(message).into_bytes()
        }),
        Frame::whole(ENCODED_FIRST, |message| {
            base16ct::upper::encode_string(message).into_bytes()
        }),
        Frame::whole(QUOTED, |message| {
            serde_json::to_vec(&String::from_utf8_lossy(message)).unwrap_or_default()
        }),
        Frame::whole(UTF16, |message| utf16(message, u16::to_le_bytes)),
        Frame::whole(UTF16, |message| utf16(message, u16::to_be_bytes)),
        Frame::whole(TERMINATED, |message| [message, b"\0"].concat()),
    ]);
    frames
}

fn utf16(message: &[u8], octets: fn(u16) -> [u8; 2]) -> Vec<u8> {
    let text: Cow<'_, str> = String::from_utf8_lossy(message);
    text.encode_utf16().flat_map(octets).collect()
}

/// Returns the correct lines in other orders, also with one line left out or doubled.
pub(super) fn reordered(count: usize, named: &[(Mistake, &[usize])]) -> Vec<Frame> {
    let right: Vec<usize> = (0..count).collect();
    let mut frames: Vec<Frame> = named
        .iter()
        .map(|(mistake, order)| Frame::order(Rank::Rare, *mistake, order.to_vec()))
        .collect();
    for place in 0..count {
        let without: Vec<usize> = right.iter().copied().filter(|other| *other != place).collect();
        let number = place.saturating_add(1);
        frames.push(Frame::order(
            Rank::Rare,
            Finding::with(
                LINE_LEFT_OUT,
                Label::new(format!("line {number}"), format!("第 {number} 行")),
            ),
            without,
        ));
        let twice: Vec<usize> = right
            .iter()
            .flat_map(|other| std::iter::repeat_n(*other, if *other == place { 2 } else { 1 }))
            .collect();
        frames.push(Frame::order(
            Rank::Alone,
            Finding::with(
                LINE_TWICE,
                Label::new(format!("line {number}"), format!("第 {number} 行")),
            ),
            twice,
        ));
    }
    for order in permutations(count) {
        if order != right && named.iter().all(|(_, other)| *other != order) {
            let numbers: Vec<String> = order
                .iter()
                .map(|place| place.saturating_add(1).to_string())
                .collect();
            frames.push(Frame::order(
                Rank::Alone,
                Finding::with(ORDER, numbers.join(", ")),
                order,
            ));
        }
    }
    frames
}
