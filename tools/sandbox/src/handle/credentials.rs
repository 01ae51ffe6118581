//! A client's credentials for the sandbox: as a value, as lines, as files.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use wechatpay_core::{
    Config,
    testing::{DEMO_MCHID, DEMO_PUBLIC_KEY_ID},
    types::SerialNumber,
};

use crate::{
    handle::engine::Engine,
    platform::documents::issue_merchant_certificate,
    snapshot::write_private,
    world::merchants::state::{Merchant, MerchantKey},
};

/// Settings of a client for this merchant, if its private key is known.
pub fn config(engine: &Engine, merchant: &Merchant) -> Option<Config> {
    own_key(merchant)?;
    Some(settings(engine, merchant))
}

/// The same of a client that signs with this certificate.
pub fn config_with(engine: &Engine, merchant: &Merchant, serial: &SerialNumber) -> Option<Config> {
    let key = merchant.valid_keys().find(|key| key.serial == *serial)?;
    let private_key = key.private_pem.clone()?;
    let mut config = settings(engine, merchant);
    config.serial_no = Some(key.serial.as_str().to_owned());
    config.private_key = Some(private_key.into());
    Some(config)
}

/// The same, without the private key where only its owner has it.
pub fn settings(engine: &Engine, merchant: &Merchant) -> Config {
    let own = own_key(merchant);
    let key = own.map(|(key, _)| key).or_else(|| merchant.valid_keys().next());
    let mut config = Config::default();
    config.mchid = Some(merchant.mchid.as_str().to_owned());
    config.sub_mchid = merchant
        .sub_merchants
        .first()
        .map(|sub| sub.mchid.as_str().to_owned());
    config.appid = merchant.appids.first().map(|appid| appid.as_str().to_owned());
    config.serial_no = key.map(|key| key.serial.as_str().to_owned());
    config.private_key = own.map(|(_, private_key)| private_key.into());
    config.api_v3_key = Some(
        String::from_utf8_lossy(merchant.api_v3_key.expose())
            .as_ref()
            .into(),
    );
    config.base_url = Some(engine.base_url.clone());
    if engine.platform.mode().has_public_key() {
        config.public_key_id = Some(DEMO_PUBLIC_KEY_ID.to_owned());
        config.public_key = Some(engine.platform.public_key_pem());
    }
    if engine.platform.mode().has_certificates() {
        config.certificates = Some(true);
    }
    config
}

/// The same for the demo merchant as lines of a `.env` file, the keys inside.
pub fn env_lines(engine: &Engine) -> Vec<String> {
    env_lines_of(&demo_config(engine))
}

/// These settings as lines of a `.env` file, the keys inside.
pub fn env_lines_of(config: &Config) -> Vec<String> {
    let mut lines = plain_lines(config);
    push(
        &mut lines,
        "PRIVATE_KEY",
        config.private_key.as_ref().map(|key| one_line(key.expose())),
    );
    push(
        &mut lines,
        "PUBLIC_KEY",
        config.public_key.as_deref().map(one_line),
    );
    lines
}

/// The same of any merchant with the keys in files of their own.
pub(crate) fn write_env(engine: &Engine, mchid: &str, directory: &Path) -> io::Result<PathBuf> {
    let known = engine.world.merchants.get(mchid);
    let found = known.and_then(|merchant| config(engine, &merchant).map(|config| (merchant, config)));
    let Some((merchant, config)) = found else {
        return Err(io::Error::new(
            io::ErrorKind::NotFound,
            "there is no merchant of this mchid, or the private key of none of its valid certificates is known",
        ));
    };
    fs::create_dir_all(directory)?;
    let directory = directory.canonicalize()?;
    let mut lines = vec![
        "# Written by wechatpay sandbox. The keys are good for the sandbox, and for nothing else.".to_owned(),
    ];
    lines.extend(plain_lines(&config));
    if let Some(pem) = &config.private_key {
        let path = write_private(&directory, "apiclient_key.pem", pem.expose())?;
        push(&mut lines, "PRIVATE_KEY_FILE", Some(path.display().to_string()));
    }
    if let Some(pem) = &config.public_key {
        let path = write_private(&directory, "pub_key.pem", pem)?;
        push(&mut lines, "PUBLIC_KEY_FILE", Some(path.display().to_string()));
    }
    if let Some(pem) = certificate(engine, &merchant) {
        write_private(&directory, "apiclient_cert.pem", &pem)?;
    }
    if config.sub_mchid.is_some() {
        // A service provider or platform may also sell for itself.
        let own = lines.iter().filter(|line| !line.contains("_SUB_MCHID="));
        write_private(&directory, ".env.direct", &file(own))?;
    }
    write_private(&directory, ".env.sandbox", &file(&lines))
}

fn file<'l>(lines: impl IntoIterator<Item = &'l String>) -> String {
    let mut text = String::new();
    for line in lines {
        text.push_str(line);
        text.push('\n');
    }
    text
}

fn demo_config(engine: &Engine) -> Config {
    engine
        .world
        .merchants
        .get(DEMO_MCHID)
        .and_then(|merchant| config(engine, &merchant))
        .unwrap_or_default()
}

fn own_key(merchant: &Merchant) -> Option<(&MerchantKey, &str)> {
    merchant
        .valid_keys()
        .find_map(|key| Some((key, key.private_pem.as_deref()?)))
}

/// A merchant's API certificate.
///
/// Our client needs only its serial; others read it from the file.
fn certificate(engine: &Engine, merchant: &Merchant) -> Option<String> {
    let (key, _) = own_key(merchant)?;
    issue_merchant_certificate(
        &engine.platform,
        merchant.mchid.as_str(),
        &key.serial,
        &key.public_key_info,
    )
    .ok()
}

fn plain_lines(config: &Config) -> Vec<String> {
    let mut lines = Vec::new();
    push(&mut lines, "BASE_URL", config.base_url.clone());
    push(&mut lines, "MCHID", config.mchid.clone());
    push(&mut lines, "SUB_MCHID", config.sub_mchid.clone());
    push(&mut lines, "APPID", config.appid.clone());
    push(&mut lines, "SERIAL_NO", config.serial_no.clone());
    let api_v3_key = config.api_v3_key.as_ref().map(|key| key.expose().to_owned());
    push(&mut lines, "API_V3_KEY", api_v3_key);
    push(&mut lines, "PUBLIC_KEY_ID", config.public_key_id.clone());
    push(
        &mut lines,
        "CERTIFICATES",
        config.certificates.map(|on| on.to_string()),
    );
    lines
}

fn push(lines: &mut Vec<String>, name: &str, value: Option<String>) {
    let Some(value) = value else { return };
    let is_plain = value
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"-_./:".contains(&byte));
    // Single quotes keep a shell from touching the backslashes of a key.
    let quoted = if is_plain {
        value
    } else {
        format!("'{}'", value.replace('\'', "'\\''"))
    };
    lines.push(format!("WECHATPAY_{name}={quoted}"));
}

/// A PEM text in one line, with the two characters `\n` for each line end.
fn one_line(pem: &str) -> String {
    pem.replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_quoted_only_if_they_must_be() {
        let mut lines = Vec::new();
        push(&mut lines, "A", Some("http://127.0.0.1:1/x".into()));
        push(&mut lines, "B", Some("two words".into()));
        push(&mut lines, "C", Some("it's".into()));
        push(&mut lines, "D", None);
        assert_eq!(
            lines,
            [
                "WECHATPAY_A=http://127.0.0.1:1/x",
                "WECHATPAY_B='two words'",
                "WECHATPAY_C='it'\\''s'"
            ]
        );
    }
}
