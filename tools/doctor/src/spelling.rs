//! Correct signatures with a wrong text encoding.

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose::STANDARD},
};

use super::{Finding, Mistake, encoding::percent_decode, mistake::mistakes};

mistakes! {
    URL_SAFE = Signature "signature-url-safe",
        "the signature is in URL-safe base64; use the standard alphabet with + and /",
        "签名值使用了 URL 安全的 base64；请使用含 + 和 / 的标准字母表";
    NO_PADDING = Signature "signature-without-padding",
        "the signature lacks the = at its end; use base64 with padding",
        "签名值末尾缺少填充符 =；请使用带填充的 base64";
    NOT_CANONICAL = Signature "signature-not-canonical",
        "the last character of the signature has stray bits; do not truncate or edit the text of a signature",
        "签名值最后一个字符带有多余的比特；请勿截断或改动签名文本";
    LINE_WRAPPED = Signature "signature-line-wrapped",
        "the signature is wrapped into lines; encode it as one line (PHP chunk_split, Java MIME encoder, openssl base64 without -A)",
        "签名值被折成多行；请编码为一行（检查 chunk_split、MIME 编码器、未加 -A 的 openssl base64）";
    BLANKS_FOR_PLUSES = Signature "signature-blanks-for-pluses",
        "the + of the signature became spaces; it went through form decoding, so percent-encode it or send it as JSON",
        "签名值中的 + 变成了空格；它经过了表单解码，请先做百分号编码或以 JSON 传递";
    PERCENT_ENCODED = Signature "signature-percent-encoded",
        "the signature is percent-encoded; a header takes plain base64",
        "签名值被做了百分号编码；请求头中应直接放 base64";
    ESCAPED = Signature "signature-escaped",
        "the + / = of the signature are escaped as in JSON or HTML; use the text before it is escaped",
        "签名值中的 + / = 被 JSON 或 HTML 转义；请使用转义之前的文本";
    QUOTED = Signature "signature-quoted",
        "the signature has quotes or spaces around it; remove them",
        "签名值两端有引号或空格；请去掉";
    HEX = Signature "signature-hex",
        "the signature is in hexadecimal; encode its bytes in base64",
        "签名值是十六进制；请把签名字节用 base64 编码";
    HEX_IN_BASE64 = Signature "signature-hex-in-base64",
        "the signature was encoded as hexadecimal and then as base64; encode its bytes, not their text",
        "签名值先转成了十六进制再做 base64；请对签名字节本身编码";
    TWICE = Signature "signature-base64-twice",
        "the signature was encoded in base64 twice; once is enough (many libraries return base64 already)",
        "签名值做了两次 base64；一次即可（许多库返回的已经是 base64）";
    REVERSED = Signature "signature-byte-order",
        "the bytes of the signature are in reverse order, as Windows CryptoAPI returns them; reverse them",
        "签名字节顺序相反（Windows CryptoAPI 的小端序）；请先反转字节";
    LEADING_ZEROS = Signature "signature-length",
        "the signature lost or gained leading zeros, as big integers do; it is exactly as long as the modulus",
        "签名值丢失或多出了前导零（大整数转换所致）；其长度必须与模数相同";
}

/// Decoder that accepts the deviations of lenient decoders.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Interpretation of the text of a signature.
pub(super) struct Reading {
    pub(super) bytes: Vec<u8>,
    /// Mistakes in the text under this interpretation; empty for the correct spelling.
    pub(super) findings: Vec<Finding>,
}

/// Returns all different interpretations, the strict one first.
///
/// `length` is the length of the signatures in question.
pub(super) fn readings(text: &str, length: usize) -> Vec<Reading> {
    let mut readings = Readings(Vec::new());
    if let Ok(bytes) = STANDARD.decode(text) {
        readings.add(bytes, Vec::new());
    }
    for (text, findings) in spellings(text) {
        if let Some((bytes, own)) = decode(&text) {
            let findings = findings.iter().copied().chain(own).collect();
            readings.add(bytes, findings);
        }
        if let Some(bytes) = hex(text.as_bytes()) {
            readings.add(bytes, vec![HEX]);
        }
    }
    // The decoded bytes may themselves be the text of a signature.
    for outer in 0..readings.0.len() {
        let Some(reading) = readings.0.get(outer) else {
            break;
        };
        let Ok(inner) = std::str::from_utf8(&reading.bytes) else {
            continue;
        };
        let inner = inner.trim_ascii().to_owned();
        if let Some(bytes) = hex(inner.as_bytes()) {
            readings.add(bytes, vec![HEX_IN_BASE64]);
        } else if let Some((bytes, _)) = decode(&inner).or_else(|| decode(&url_safe(&inner))) {
            readings.add(bytes, vec![TWICE]);
        }
    }
    readings.resize(length);
    readings.0
}

struct Readings(Vec<Reading>);

impl Readings {
    fn add(&mut self, bytes: Vec<u8>, mistakes: Vec<Mistake>) {
        if !bytes.is_empty() && self.0.iter().all(|reading| reading.bytes != bytes) {
            self.0.push(Reading {
                bytes,
                findings: mistakes.into_iter().map(Finding::new).collect(),
            });
        }
    }

    /// Adds the interpretations in the other byte order and with corrected leading zeros.
    fn resize(&mut self, length: usize) {
        for place in 0..self.0.len() {
            let Some(Reading { bytes, findings }) = self.0.get(place) else {
                break;
            };
            let mut mistakes: Vec<_> = findings.iter().map(Finding::mistake).collect();
            if bytes.len() == length {
                mistakes.push(REVERSED);
                self.add(bytes.iter().rev().copied().collect(), mistakes);
                continue;
            }
            let number: Vec<u8> = bytes.iter().skip_while(|octet| **octet == 0).copied().collect();
            // A number a few bytes shorter than the modulus is common; a much shorter one is not a signature.
            let missing = length.checked_sub(number.len()).filter(|missing| *missing <= 4);
            if let Some(missing) = missing {
                mistakes.push(LEADING_ZEROS);
                self.add([vec![0; missing], number].concat(), mistakes);
            }
        }
    }
}

/// Returns texts that may have been meant, with the mistakes of the given one.
fn spellings(text: &str) -> Vec<(String, Vec<Mistake>)> {
    let trimmed =
        text.trim_matches(|letter: char| letter.is_ascii_whitespace() || matches!(letter, '"' | '\''));
    let mut mistakes = Vec::new();
    if trimmed != text {
        mistakes.push(QUOTED);
    }
    let mut current = trimmed.to_owned();
    let mut step = |next: String, current: &mut String, mistake| {
        if next != *current {
            mistakes.push(mistake);
            *current = next;
        }
    };
    step(unescape(&current), &mut current, ESCAPED);
    if current.contains('%') {
        step(percent_decode(&current), &mut current, PERCENT_ENCODED);
    }
    step(url_safe(&current), &mut current, URL_SAFE);
    let whole = (current.replace(' ', "+"), BLANKS_FOR_PLUSES);
    let joined = current.replace("\\r", "").replace("\\n", "");
    let joined: String = joined.split_ascii_whitespace().collect();
    [whole, (joined, LINE_WRAPPED)]
        .into_iter()
        .map(|(next, mistake)| {
            let mut mistakes = mistakes.clone();
            if next != current {
                mistakes.push(mistake);
            }
            (next, mistakes)
        })
        .collect()
}

fn url_safe(text: &str) -> String {
    text.replace('-', "+").replace('_', "/")
}

/// Decodes `\u002b`, `\/`, `&#43;` and `&#x2B;`.
fn unescape(text: &str) -> String {
    let mut text = text.replace("\\/", "/");
    for (letter, code, entity) in [
        ("+", "002b", ["&#43;", "&#x2b;", "&plus;"]),
        ("/", "002f", ["&#47;", "&#x2f;", "&sol;"]),
        ("=", "003d", ["&#61;", "&#x3d;", "&equals;"]),
    ] {
        text = text
            .replace(&format!("\\u{code}"), letter)
            .replace(&format!("\\u{}", code.to_ascii_uppercase()), letter);
        for entity in entity {
            text = text
                .replace(entity, letter)
                .replace(&entity.to_ascii_uppercase(), letter);
            // Both `x` and digits may be in either case.
            text = text.replace(
                &entity
                    .replace("x2b", "x2B")
                    .replace("x2f", "x2F")
                    .replace("x3d", "x3D"),
                letter,
            );
        }
    }
    text
}

fn hex(text: &[u8]) -> Option<Vec<u8>> {
    let text = text.strip_prefix(b"0x").unwrap_or(text);
    let is_digit = |letter: &u8| !letter.is_ascii_whitespace() && *letter != b':';
    let digits: Vec<u8> = text.iter().copied().filter(is_digit).collect();
    base16ct::mixed::decode_vec(digits)
        .ok()
        .filter(|bytes| !bytes.is_empty())
}

/// Decodes leniently, and names the mistake that a strict decoder rejects.
fn decode(text: &str) -> Option<(Vec<u8>, Option<Mistake>)> {
    let bytes = LENIENT.decode(text).ok()?;
    let strict = STANDARD.encode(&bytes);
    let mistake = if strict == text {
        None
    } else if strict.trim_end_matches('=') == text.trim_end_matches('=') {
        Some(NO_PADDING)
    } else {
        Some(NOT_CANONICAL)
    };
    Some((bytes, mistake))
}
