//! The Connect page: settings in several forms, and programs that place a first order.

use std::fmt::Write as _;

use axum::response::Response;
use maud::{Markup, html};
use wechatpay_core::{
    Config,
    testing::{DEMO_APP_SECRET, DEMO_MCHID},
    types::SecretText,
};

use super::{
    Visit,
    frame::Tab,
    parts,
    quickstarts::{self, Quickstart, Seller},
};
use crate::web::merchant_name;
use wechatpay_sandbox::{handle::credentials, world::merchants::state::MerchantKind};

pub(super) async fn connect(visit: Visit) -> Response {
    let engine = visit.engine();
    let merchants: Vec<_> = engine.world.merchants.iter().collect();
    let named = |mchid: &str| merchants.iter().find(|merchant| merchant.mchid.as_str() == mchid);
    let chosen = visit
        .query
        .get("mchid")
        .and_then(named)
        .or_else(|| named(DEMO_MCHID))
        .or_else(|| merchants.first());
    let config = chosen
        .map(|merchant| credentials::settings(engine, merchant))
        .unwrap_or_default();
    let kind = chosen.map(|merchant| merchant.kind).unwrap_or_default();
    let mchid = config.mchid.as_deref().unwrap_or("–");
    visit.page(
        Some(Tab::Connect),
        visit.pick("Connect", "接入"),
        &html! {
            @if merchants.len() > 1 {
                nav class="tabs" aria-label=(visit.pick("Merchant", "商户")) {
                    @for merchant in &merchants {
                        a href=(visit.to(&format!("/connect?mchid={}", merchant.mchid)))
                            aria-current=[(merchant.mchid.as_str() == mchid).then_some("true")]
                        { (merchant_name(visit.language, merchant)) " " (merchant.mchid) }
                    }
                }
            }
            section class="card" {
                dl class="facts" {
                    dt { (visit.pick("Gateway", "网关")) } dd class="id" { (engine.base_url) }
                    dt { (visit.pick("Merchant", "商户号")) } dd class="id" { (mchid) }
                    dt { "appid" } dd class="id" { (config.appid.as_deref().unwrap_or("–")) }
                    dt { (visit.pick("AppSecret of every app", "AppSecret（所有应用相同）")) }
                    dd class="id" { (DEMO_APP_SECRET) }
                    dt { (visit.pick("JSAPI in a browser", "浏览器中的 JSAPI")) }
                    dd class="id" { "<script src=\"" (engine.base_url) "/js/wx-bridge.js\"></script>" }
                }
                p class="quiet note" {
                    (visit.pick(
                        "These keys are public: good for this sandbox, and for nothing else.",
                        "这些密钥是公开的，只能用于此沙箱。",
                    ))
                }
            }
            @for text in missing(&visit, &config, kind) {
                p class="told warn" { (text) }
            }
            h2 { (visit.pick("Settings", "配置")) }
            (settings(&visit, &config, kind))
            h2 { (visit.pick("A first order", "第一笔订单")) }
            p class="quiet" {
                (visit.pick(
                    "Complete programs. Run the commands in the folder where you saved the settings; \
                     for Rust, that is your clone of this repository.",
                    "均为完整程序。请在保存配置文件的目录中执行命令；Rust 示例请在本仓库的克隆目录中执行。",
                ))
            }
            @for (index, quickstart) in quickstarts::ALL.iter().filter(|it| sells(kind, it.seller)).enumerate() {
                (program(&visit, &config, index, quickstart))
            }
            p class="quiet" {
                (visit.pick(
                    "Any other client works too: same keys, same signatures, another address.",
                    "其他语言的客户端同样可用：密钥与签名都不变，只需更换网关地址。",
                ))
            }
        },
    )
}

/// Returns true if a merchant of this kind places orders for this seller.
fn sells(kind: MerchantKind, seller: Seller) -> bool {
    match seller {
        Seller::Direct => kind != MerchantKind::ServiceProvider,
        Seller::Sub => kind != MerchantKind::Direct,
    }
}

/// Settings that a program needs and that the sandbox does not have.
fn missing(visit: &Visit, config: &Config, kind: MerchantKind) -> Vec<&'static str> {
    let mut texts = Vec::new();
    if config.private_key.is_none() {
        texts.push(visit.language.pick(
            "The sandbox has this merchant's public key only: put the private key in yourself.",
            "沙箱只有该商户的公钥：私钥请自行填写。",
        ));
    }
    if config.appid.is_none() {
        texts.push(visit.language.pick(
            "This merchant has no appid: add yours as WECHATPAY_APPID.",
            "该商户没有 appid：请自行填写 WECHATPAY_APPID。",
        ));
    }
    if config.sub_mchid.is_none() && kind == MerchantKind::ServiceProvider {
        texts.push(visit.language.pick(
            "This service provider has no sub-merchant: add one as WECHATPAY_SUB_MCHID.",
            "该服务商没有子商户：请自行填写 WECHATPAY_SUB_MCHID。",
        ));
    }
    texts
}

/// Name of the file with the settings for this seller, as `--write-env` writes it.
fn env_file(config: &Config, seller: Seller) -> &'static str {
    match seller {
        Seller::Direct if config.sub_mchid.is_some() => ".env.direct",
        Seller::Direct | Seller::Sub => ".env.sandbox",
    }
}

/// The settings in each form; the first is open.
fn settings(visit: &Visit, config: &Config, kind: MerchantKind) -> Markup {
    let own = visit.pick("the merchant's own orders", "商户自己的订单");
    let mut forms = Vec::new();
    let mut all = own;
    if config.sub_mchid.is_some() {
        all = visit.pick("orders of the sub-merchant", "子商户的订单");
        if sells(kind, Seller::Direct) {
            let mut direct = config.clone();
            direct.sub_mchid = None;
            let file = env_file(config, Seller::Direct);
            forms.push((file, own, credentials::env_lines_of(&direct).join("\n")));
        }
    }
    forms.push((
        env_file(config, Seller::Sub),
        all,
        credentials::env_lines_of(config).join("\n"),
    ));
    let without = if forms.len() > 1 {
        visit.pick(
            "without sub_mchid for the merchant's own orders",
            "商户自己的订单请去掉 sub_mchid",
        )
    } else {
        ""
    };
    forms.push(("TOML", without, toml("wechatpay", config)));
    forms.push(("Rocket.toml", without, toml("default.wechatpay", config)));
    html! {
        p class="quiet" {
            (visit.pick("Save them as a file of this name. ", "请按文件名保存。"))
            code { "wechatpay sandbox --write-env ." }
            (visit.pick(
                " writes the same, with the keys in PEM files; for an added merchant, into a folder named by its mchid.",
                " 也会写出这些文件，密钥另存为 PEM；新增商户的文件在以其商户号命名的目录中。",
            ))
        }
        @for (index, (name, note, text)) in forms.iter().enumerate() {
            details class="card" id={ "form-" (name) } open[index == 0] {
                (summary(name, note))
                (parts::code(visit, text))
            }
        }
    }
}

fn summary(name: &str, note: &str) -> Markup {
    html! { summary { strong { (name) } " " span class="quiet" { (note) } } }
}

/// One program with its commands; the first is open.
fn program(visit: &Visit, config: &Config, index: usize, quickstart: &Quickstart) -> Markup {
    let file = env_file(config, quickstart.seller);
    let seller = match quickstart.seller {
        Seller::Direct => visit.pick("direct merchant", "直连商户"),
        Seller::Sub => visit.pick("service provider", "服务商"),
    };
    let run = format!("set -a; . ./{file}; set +a\n{}", quickstart.run);
    html! {
        details class="card" id={ "quickstart-" (index) } open[index == 0] {
            (summary(quickstart.name, &format!("{seller}{}{file}", visit.pick(", ", "，"))))
            @if quickstart.needs_public_key && config.public_key.is_none() {
                p class="told warn" {
                    (visit.pick(
                        "This package needs the public key: start the sandbox without --keys cert.",
                        "该 SDK 需要微信支付公钥：启动沙箱时请勿使用 --keys cert。",
                    ))
                }
            }
            p class="note" { (visit.pick("Install:", "安装：")) }
            (parts::code(visit, quickstart.install))
            p class="note" { code { (quickstart.file) } (visit.pick(":", "：")) }
            div class="program" { (parts::code(visit, quickstart.code)) }
            p class="note" { (visit.pick("Run:", "运行：")) }
            (parts::code(visit, &run))
            p class="note" {
                (visit.pick("Then pay the order under ", "然后在"))
                a href=(visit.to("/orders")) { (visit.pick("Orders", "订单")) }
                @if quickstart.refund.is_some() {
                    (visit.pick(", and refund it:", "页面支付，再退款："))
                } @else {
                    (visit.pick(".", "页面支付。"))
                }
            }
            @if let Some(refund) = quickstart.refund { (parts::code(visit, refund)) }
        }
    }
}

/// The settings as a table of a TOML file.
fn toml(table: &str, config: &Config) -> String {
    let mut text = format!("[{table}]\n");
    let mut line = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            let quoted = if value.contains('\n') {
                format!("\"\"\"\n{value}\"\"\"")
            } else {
                format!("{value:?}")
            };
            // Writing to a string does not fail.
            let _ = writeln!(text, "{name} = {quoted}");
        }
    };
    line("base_url", config.base_url.as_deref());
    line("mchid", config.mchid.as_deref());
    line("sub_mchid", config.sub_mchid.as_deref());
    line("appid", config.appid.as_deref());
    line("serial_no", config.serial_no.as_deref());
    line("api_v3_key", config.api_v3_key.as_ref().map(SecretText::expose));
    line("public_key_id", config.public_key_id.as_deref());
    line("private_key", config.private_key.as_ref().map(SecretText::expose));
    line("public_key", config.public_key.as_deref());
    if let Some(certificates) = config.certificates {
        let _ = writeln!(text, "certificates = {certificates}");
    }
    text
}
