//! Mistakes in the timestamp and the nonce.

use super::{
    Finding,
    mistake::mistakes,
    slot::{Rank, Slot},
};

mistakes! {
    READ_TWICE = Timestamp "timestamp-read-twice",
        "the clock was read twice; read it once, and sign and send the same timestamp",
        "时间戳取了两次；请只取一次，签名与请求头使用同一个值";
    MILLISECONDS = Timestamp "timestamp-in-milliseconds",
        "the timestamp is in milliseconds; sign and send seconds",
        "时间戳是毫秒；签名与请求头都应使用秒";
    SECONDS = Timestamp "timestamp-in-seconds",
        "seconds were signed and milliseconds sent; sign and send seconds",
        "签名用的是秒，发送的却是毫秒；两处都应使用秒";
    LOCAL_TIME = Timestamp "timestamp-local-time-as-utc",
        "the timestamp is off by the eight hours between Beijing and UTC; use Unix seconds, which have no time zone",
        "时间戳相差 8 小时（把北京时间当成了 UTC）；请使用与时区无关的 Unix 秒";
    TIMESTAMP_SPELLING = Timestamp "timestamp-spelling",
        "the timestamp was signed in another spelling (a fraction, quotes, spaces); sign the decimal digits as they are sent",
        "签名用的时间戳写法不同（小数、引号或空格）；请按发送的十进制数字签名";
    PREVIOUS = Nonce "nonce-of-an-earlier-request",
        "the nonce of an earlier request was signed; create one nonce per request, and sign and send the same",
        "签名用的是以前请求的随机串；每次请求生成一个，签名与发送使用同一个值";
    CASE = Nonce "nonce-letter-case",
        "the nonce was signed in another letter case; sign it exactly as it is sent",
        "签名用的随机串大小写不同；请按发送的原样签名";
    DASHES = Nonce "nonce-dashes",
        "the nonce was signed with its dashes and sent without them, or the reverse; sign it exactly as it is sent",
        "随机串的连字符在签名与发送时不一致；请按发送的原样签名";
    NONCE_SPELLING = Nonce "nonce-spelling",
        "the nonce was signed with spaces or quotes around it; sign it exactly as it is sent",
        "签名用的随机串两端多了空格或引号；请按发送的原样签名";
    TIMESTAMP_EMPTY = Timestamp "timestamp-empty",
        "the signed message has no timestamp; fill in its line before you sign",
        "签名串中没有时间戳；请先填入再签名";
    NONCE_EMPTY = Nonce "nonce-empty",
        "the signed message has no nonce; fill in its line before you sign",
        "签名串中没有随机串；请先填入再签名";
}

/// Largest distance of two readings of the clock, in seconds.
const APART: i64 = 120;
/// Distance up to which candidates are tried first, in seconds.
const SOON: i64 = 10;
/// Beijing is eight hours ahead of UTC, in seconds.
const EIGHT_HOURS: i64 = 8 * 3600;
/// Texts that programs write for a missing value.
pub(super) const NOTHING: [&str; 6] = ["", "undefined", "null", "None", "nil", "NaN"];

pub(super) fn timestamps(slot: &mut Slot<'_>) {
    let Ok(right) = std::str::from_utf8(slot.right) else {
        return;
    };
    let right = right.to_owned();
    if let Ok(seconds) = right.parse::<i64>() {
        if right.len() == 13 {
            slot.add(Rank::Common, SECONDS, seconds.saturating_div(1000).to_string());
        }
        for distance in 1..=APART {
            // A signature is made before the header more often than after it.
            for shift in [distance.saturating_neg(), distance] {
                let rank = if distance <= SOON {
                    Rank::Common
                } else {
                    Rank::Rare
                };
                let finding = Finding::with(READ_TWICE, format!("{shift:+} s"));
                slot.add(rank, finding, seconds.saturating_add(shift).to_string());
            }
        }
        slot.add(Rank::Common, MILLISECONDS, format!("{right}000"));
        for shift in [EIGHT_HOURS.saturating_neg(), EIGHT_HOURS] {
            let finding = Finding::with(LOCAL_TIME, format!("{:+} h", shift.saturating_div(3600)));
            slot.add(Rank::Rare, finding, seconds.saturating_add(shift).to_string());
        }
        for part in 1..1000 {
            slot.add(Rank::Alone, MILLISECONDS, format!("{right}{part:03}"));
        }
    }
    let scientific = match right.split_at_checked(1) {
        Some((first, rest)) => format!("{first}.{}e9", rest.trim_end_matches('0')),
        None => String::new(),
    };
    let spellings = [
        format!("{right}.0"),
        format!("\"{right}\""),
        format!("'{right}'"),
        format!(" {right}"),
        format!("{right} "),
        scientific.replace('e', "E"),
        scientific,
    ];
    for spelling in spellings {
        slot.add(Rank::Rare, TIMESTAMP_SPELLING, spelling);
    }
    for nothing in NOTHING {
        slot.add(Rank::Rare, TIMESTAMP_EMPTY, nothing);
    }
}

/// Adds candidates for the nonce.
///
/// `earlier` are nonces of the same merchant, the newest first.
pub(super) fn nonces(slot: &mut Slot<'_>, earlier: &[&str]) {
    let Ok(right) = std::str::from_utf8(slot.right) else {
        return;
    };
    let right = right.to_owned();
    for (place, nonce) in earlier.iter().enumerate() {
        let rank = if place < 4 { Rank::Common } else { Rank::Rare };
        slot.add(rank, PREVIOUS, *nonce);
    }
    slot.add(Rank::Common, CASE, right.to_ascii_lowercase());
    slot.add(Rank::Common, CASE, right.to_ascii_uppercase());
    slot.add(Rank::Rare, DASHES, right.replace('-', ""));
    if let Some(dashed) = dashed(&right) {
        for nonce in [dashed.to_ascii_lowercase(), dashed.to_ascii_uppercase(), dashed] {
            slot.add(Rank::Rare, DASHES, nonce);
        }
    }
    for spelling in [
        format!(" {right}"),
        format!("{right} "),
        format!("\"{right}\""),
        format!("'{right}'"),
    ] {
        slot.add(Rank::Rare, NONCE_SPELLING, spelling);
    }
    for nothing in NOTHING {
        slot.add(Rank::Rare, NONCE_EMPTY, nothing);
    }
}

/// Formats 32 digits as a UUID.
fn dashed(text: &str) -> Option<String> {
    if text.len() != 32 || !text.bytes().all(|letter| letter.is_ascii_hexdigit()) {
        return None;
    }
    let mut rest = text;
    let mut groups = Vec::new();
    for length in [8, 4, 4, 4, 12] {
        let (group, after) = rest.split_at_checked(length)?;
        groups.push(group);
        rest = after;
    }
    Some(groups.join("-"))
}
