//! The keys: what the platform signs with, changing its certificate, and the merchants with theirs.

use axum::response::Response;
use maud::{Markup, html};
use wechatpay_core::testing::DEMO_PUBLIC_KEY_ID;

use super::{Visit, button::button, frame::Tab, parts};
use crate::web::merchant_name;
use wechatpay_sandbox::{
    platform::{KeyMode, Listed},
    world::{
        clock::Day,
        merchants::state::{Merchant, MerchantKind},
    },
};

pub(super) async fn keys(visit: Visit) -> Response {
    let mode = visit.engine().platform.mode();
    let (name, text) = match mode {
        KeyMode::PublicKey => (
            visit.pick("WeChat Pay public key", "微信支付公钥模式"),
            visit.pick(
                "Everything is signed with one public key that does not change, as merchants have it that opened since late 2024. Start with --keys mixed or --keys cert to practise the rotation of certificates.",
                "所有签名都使用同一把微信支付公钥，2024 年底之后开户的商户即为此模式。用 --keys mixed 或 --keys cert 启动，可演练平台证书轮换。",
            ),
        ),
        KeyMode::Certificate => (
            visit.pick("Platform certificates", "平台证书模式"),
            visit.pick(
                "Everything is signed with the platform certificate, which is changed from time to time. Clients download the new one from GET /v3/certificates.",
                "所有签名都使用平台证书，证书会定期更换，客户端通过 GET /v3/certificates 下载新证书。",
            ),
        ),
        KeyMode::Mixed => (
            visit.pick("Public key and certificates", "公钥与证书并存"),
            visit.pick(
                "The change-over: a response is signed with what the request's Wechatpay-Serial asks for, notifications with either.",
                "灰度切换期：应答按请求头 Wechatpay-Serial 选择密钥，回调两种都会出现。",
            ),
        ),
    };
    visit.page(
        Some(Tab::Keys),
        visit.pick("Keys", "密钥"),
        &html! {
            section class="card" {
                p class="headline" { strong { (name) } " " code class="chip info" { (mode_word(mode)) } }
                p class="quiet" { (text) }
                @if mode.has_public_key() {
                    dl class="facts" { dt { (visit.pick("Public key", "公钥 ID")) } dd class="id" { (DEMO_PUBLIC_KEY_ID) } }
                    details id="public-key" {
                        summary { (visit.pick("As PEM", "PEM 文本")) }
                        (parts::code(&visit, &visit.engine().platform.public_key_pem()))
                    }
                }
            }
            @if mode.has_certificates() { (certificates(&visit)) }
            section aria-labelledby="merchants" {
                h2 id="merchants" { (visit.pick("Merchants", "商户")) }
                @for merchant in visit.engine().world.merchants.iter() { (merchant_card(&visit, &merchant)) }
            }
        },
    )
}

const fn mode_word(mode: KeyMode) -> &'static str {
    match mode {
        KeyMode::PublicKey => "--keys pubkey",
        KeyMode::Certificate => "--keys cert",
        KeyMode::Mixed => "--keys mixed",
    }
}

fn certificates(visit: &Visit) -> Markup {
    let platform = &visit.engine().platform;
    let (listed, share) = (platform.certificates(), platform.share_of_new_certificate());
    let is_under_way = listed.len() > 1;
    let step = |name: &str, label: &str, primary: bool| {
        button(
            visit,
            "rotate",
            &[("step", name)],
            &html! { button type="submit" class={ "button" (if primary { " primary" } else { "" }) } { (label) } },
        )
    };
    html! {
        section aria-labelledby="certificates" {
            h2 id="certificates" { (visit.pick("Platform certificates", "平台证书")) }
            div class="cards" {
                @for (index, certificate) in listed.iter().enumerate() {
                    @let is_new = index > 0;
                    @let percent = if is_new { share } else { 100.0 - share };
                    (certificate_card(visit, certificate, is_new, percent))
                }
            }
            div class="card" {
                p { strong { (visit.pick("Rotation", "证书轮换")) } }
                p class="quiet" {
                    (visit.pick(
                        "As in the merchant console: a new certificate is listed first, then it signs a share, then everything, then the old one goes.",
                        "与商户平台一致：先公布新证书，再逐步灰度签名，然后全量，最后旧证书下线。",
                    ))
                }
                div class="actions" {
                    @if !is_under_way {
                        (step("at-once", visit.pick("Rotate at once", "立即轮换"), true))
                        (step("announce", visit.pick("Only announce a new one", "仅公布新证书"), false))
                    } @else {
                        @if share < 100.0 {
                            @if share < 10.0 { (step("ramp-10", "10 %", false)) }
                            @if share < 50.0 { (step("ramp-50", "50 %", false)) }
                            (step("finish", visit.pick("Sign everything with the new one", "全部改用新证书"), true))
                        } @else {
                            (step("expire", visit.pick("Take the old one off the list", "下线旧证书"), true))
                        }
                    }
                }
            }
        }
    }
}

fn certificate_card(visit: &Visit, certificate: &Listed, is_new: bool, percent: f64) -> Markup {
    let now = visit.now();
    let days = certificate.not_after.saturating_sub(now) / (24 * 3600);
    html! {
        article class="card" {
            p class="headline" {
                strong {
                    (match (is_new, percent > 0.0) {
                        (true, _) => visit.pick("Successor", "新证书"),
                        (false, true) => visit.pick("In use", "当前证书"),
                        (false, false) => visit.pick("Old", "旧证书"),
                    })
                }
                " " (parts::chip(if percent > 0.0 { "good" } else { "calm" }, &format!("{percent} %")))
            }
            dl class="facts" {
                dt { (visit.pick("Serial", "序列号")) } dd class="id" { (certificate.serial) }
                dt { (visit.pick("From", "生效")) } dd { (Day::of(certificate.not_before)) }
                dt { (visit.pick("Until", "到期")) }
                dd { (Day::of(certificate.not_after)) " · " (parts::count(visit, days, "day", "days", "天")) }
            }
            meter min="0" max="100" value=(percent) aria-label=(visit.pick("Share of signatures", "签名占比")) {}
        }
    }
}

fn merchant_card(visit: &Visit, merchant: &Merchant) -> Markup {
    let kind = match merchant.kind {
        MerchantKind::Platform => visit.pick("e-commerce platform", "电商平台商户"),
        MerchantKind::ServiceProvider => visit.pick("service provider", "普通服务商"),
        MerchantKind::Direct => visit.pick("direct merchant", "普通商户"),
    };
    html! {
        article class="card" {
            p class="headline" { strong class="id" { (merchant.mchid) } " " (merchant_name(visit.language, merchant)) " " (parts::chip("calm", kind)) }
            dl class="facts" {
                dt { "appid" }
                dd { @for appid in &merchant.appids { span class="id" { (appid) } " " } }
                @if !merchant.sub_merchants.is_empty() {
                    dt { (visit.pick("Sub-merchants", "子商户")) }
                    dd { @for sub in &merchant.sub_merchants { span class="id" { (sub.mchid) } " " } }
                }
                dt { (visit.pick("API certificates", "API 证书")) }
                dd {
                    @for key in &merchant.keys {
                        span class="id" { (key.serial) } " "
                        @if key.is_revoked { (parts::chip("bad", visit.pick("revoked", "已作废"))) " " }
                    }
                }
            }
        }
    }
}
