//! Mistakes in the method.

use crate::{
    Finding,
    lines::NOTHING,
    mistake::mistakes,
    slot::{Rank, Slot},
};

mistakes! {
    CASE = Method "method-letter-case",
        "the method was signed in another letter case; sign it in upper case",
        "签名用的方法大小写不对；请使用大写";
    OTHER = Method "method-differs",
        "another method was signed than was sent; sign the method of the request itself",
        "签名用的方法与实际请求的方法不同；请使用实际请求的方法";
    SPELLING = Method "method-spelling",
        "the method was signed with spaces or quotes around it; sign the method alone",
        "签名用的方法两端多了空格或引号；请只签方法本身";
    EMPTY = Method "method-empty",
        "the signed message has no method; fill in its line before you sign",
        "签名串中没有方法；请先填入再签名";
}

pub(super) fn variants(slot: &mut Slot<'_>) {
    let right = String::from_utf8_lossy(slot.right).into_owned();
    let lower = right.to_ascii_lowercase();
    let title: String = lower
        .split_at_checked(1)
        .map_or_else(String::new, |(first, rest)| {
            format!("{}{rest}", first.to_ascii_uppercase())
        });
    slot.add(Rank::Common, CASE, lower);
    slot.add(Rank::Common, CASE, title);
    slot.add(Rank::Common, CASE, right.to_ascii_uppercase());
    for (rank, other) in [
        (Rank::Common, "GET"),
        (Rank::Common, "POST"),
        (Rank::Rare, "PUT"),
        (Rank::Rare, "PATCH"),
        (Rank::Rare, "DELETE"),
        (Rank::Alone, "HEAD"),
        (Rank::Alone, "OPTIONS"),
    ] {
        slot.add(rank, Finding::with(OTHER, other), other);
        slot.add(Rank::Alone, CASE, other.to_ascii_lowercase());
    }
    for spelling in [format!(" {right}"), format!("{right} "), format!("\"{right}\"")] {
        slot.add(Rank::Rare, SPELLING, spelling);
    }
    for nothing in NOTHING {
        slot.add(Rank::Rare, EMPTY, nothing);
    }
}
