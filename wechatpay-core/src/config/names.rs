//! Names of variables, and suggestions for misspelt ones.

/// Prefix of every variable.
pub(super) const PREFIX: &str = "WECHATPAY_";

/// Returns the variable of a field.
pub(super) fn name(field: &str) -> String {
    format!("{PREFIX}{}", field.to_ascii_uppercase())
}

/// Returns the field that a misspelt variable probably means.
pub(super) fn meant(variable: &str, fields: &[&'static str]) -> Option<&'static str> {
    let given = words(variable.get(PREFIX.len()..)?);
    fields
        .iter()
        .filter_map(|field| Some((distance(&given, &words(field))?, *field)))
        .min()
        .map(|(_, field)| field)
}

/// Splits a name into words and translates those of other SDKs.
///
/// Other SDKs write `MERCHANT_SERIAL_NUMBER` and `PUBKEY_ID`.
fn words(name: &str) -> Vec<String> {
    name.to_ascii_lowercase()
        .split('_')
        .map(|word| match word {
            "merchant" => "mch",
            "number" => "no",
            "path" => "file",
            "cert" => "certificate",
            "pub" => "public",
            "priv" => "private",
            "secret" => "key",
            "pubkey" => "public_key",
            "privkey" => "private_key",
            "apikey" => "api_key",
            word => word,
        })
        .flat_map(|words| words.split('_'))
        .map(str::to_owned)
        .collect()
}

/// Returns the distance between a name and a field, or `None` if they are unrelated.
fn distance(given: &[String], field: &[String]) -> Option<usize> {
    // All words of the field and possibly more, in any order.
    if given != field && field.iter().all(|word| given.contains(word)) {
        return Some(given.len().saturating_sub(field.len()).saturating_add(1));
    }
    let (given, field) = (given.concat(), field.concat());
    let longer = given.len().abs_diff(field.len());
    let is_part =
        (field.len() >= 5 && given.contains(&field)) || (given.len() >= 5 && field.contains(&given));
    if is_part {
        return Some(longer);
    }
    let edits = edits(given.as_bytes(), field.as_bytes());
    (edits <= field.len() / 4).then_some(edits)
}

/// Returns the Levenshtein distance.
fn edits(from: &[u8], to: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (deleted, one) in (1..).zip(from) {
        let mut diagonal = std::mem::replace(row.first_mut().unwrap_or(&mut 0), deleted);
        let mut left: usize = deleted;
        for (cell, other) in row.iter_mut().skip(1).zip(to) {
            let above = *cell;
            let changed = diagonal.saturating_add(usize::from(one != other));
            *cell = changed.min(above.saturating_add(1)).min(left.saturating_add(1));
            (diagonal, left) = (above, *cell);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::fields::FIELDS;

    #[test]
    fn edits_are_counted() {
        for (from, to, expected) in [
            ("", "", 0),
            ("", "abc", 3),
            ("abc", "", 3),
            ("kitten", "sitting", 3),
            ("mchid", "mchid", 0),
        ] {
            assert_eq!(edits(from.as_bytes(), to.as_bytes()), expected, "{from} {to}");
        }
    }

    #[test]
    fn the_names_of_other_sdks_lead_to_ours() {
        for (variable, field) in [
            ("WECHATPAY_APIV3_KEY", Some("api_v3_key")),
            ("WECHATPAY_API_V3_SECRET", Some("api_v3_key")),
            ("WECHATPAY_API_KEY_V3", Some("api_v3_key")),
            ("WECHATPAY_APIKEY", Some("api_v3_key")),
            ("WECHATPAY_API_V3KEY_FILE", Some("api_v3_key_file")),
            ("WECHATPAY_MCH_ID", Some("mchid")),
            ("WECHATPAY_MERCHANT_ID", Some("mchid")),
            ("WECHATPAY_SP_MCHID", Some("mchid")),
            ("wechatpay_mchid", Some("mchid")),
            ("WECHATPAY_SUBMCHID", Some("sub_mchid")),
            ("WECHATPAY_APP_ID", Some("appid")),
            ("WECHATPAY_SERIAL", Some("serial_no")),
            ("WECHATPAY_SERIALNO", Some("serial_no")),
            ("WECHATPAY_SERIAL_NUMBER", Some("serial_no")),
            ("WECHATPAY_MERCHANT_SERIAL_NUMBER", Some("serial_no")),
            ("WECHATPAY_MCH_CERT_SERIAL_NO", Some("serial_no")),
            ("WECHATPAY_PRIVATE_KEY_PATH", Some("private_key_file")),
            ("WECHATPAY_PRIVATEKEY", Some("private_key")),
            ("WECHATPAY_MCH_PRIVATE_KEY", Some("private_key")),
            ("WECHATPAY_PRIVAT_KEY", Some("private_key")),
            ("WECHATPAY_PUB_KEY_ID", Some("public_key_id")),
            ("WECHATPAY_PUBKEY_ID", Some("public_key_id")),
            ("WECHATPAY_PUBLIC_KEY_PATH", Some("public_key_file")),
            ("WECHATPAY_PLATFORM_PUBLIC_KEY", Some("public_key")),
            ("WECHATPAY_CERT_PATH", Some("certificate_file")),
            ("WECHATPAY_NOTIFYURL", Some("notify_url")),
            ("WECHATPAY_NOTIFY_URI", Some("notify_url")),
            ("WECHATPAY_BASE_URI", Some("base_url")),
            ("WECHATPAY_PROXY", None),
            ("WECHATPAY_", None),
            ("WECHATPAY_X", None),
            ("WECHATPAY_LOG_LEVEL", None),
        ] {
            assert_eq!(meant(variable, FIELDS), field, "{variable}");
        }
    }
}
