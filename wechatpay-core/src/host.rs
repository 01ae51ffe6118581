//! Hosts that are this machine.

/// Returns `true` if the host of a URL is certainly this machine.
///
/// That is `localhost` or a loopback address, with or without brackets.
///
/// ```
/// use wechatpay_core::is_loopback;
///
/// assert!(is_loopback("127.0.0.1") && is_loopback("[::1]") && is_loopback("LocalHost"));
/// assert!(!is_loopback("127.0.0.1.example.com") && !is_loopback("10.0.0.1") && !is_loopback(""));
/// ```
#[must_use]
pub fn is_loopback(host: &str) -> bool {
    let bare = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(host);
    bare.eq_ignore_ascii_case("localhost")
        || bare
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}
