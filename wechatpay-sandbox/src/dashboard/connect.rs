//! The Connect page: credentials in several forms, and the first lines of code.

use std::fmt::Write as _;

use axum::response::Response;
use maud::{Markup, html};
use wechatpay_core::{Config, testing::DEMO_MCHID, types::SecretText};

use super::{Visit, frame::Tab, parts};
use crate::credentials;

const AXUM: &str = r#"// cargo add wechatpay-axum wechatpay-core
async fn paid(notification: Notification<Transaction>) -> Result<Ack, Refusal> {
    // Verified and decrypted. Compare order, payee, amount and currency before the goods leave.
    let order = expected(notification.out_trade_no.as_str()).ok_or(Refusal::failed())?;
    notification.0.confirm(&order).map_err(|_| Refusal::contradicted())?;
    Ok(Ack)
}

let wechatpay = WechatPay::new(&Config::from_env()?.validate()?)?;
let layer = NotificationLayer::new(wechatpay.receiver().clone());
Router::new().route("/wechatpay/notify", post(paid)).route_layer(layer)"#;

const ACTIX: &str = r#"// cargo add wechatpay-actix wechatpay-core
async fn paid(notification: Notification<Transaction>) -> Result<Ack, Refusal> {
    // Verified and decrypted. Compare order, payee, amount and currency before the goods leave.
    let order = expected(notification.out_trade_no.as_str()).ok_or(Refusal::failed())?;
    notification.0.confirm(&order).map_err(|_| Refusal::contradicted())?;
    Ok(Ack)
}

let wechatpay = WechatPay::new(&Config::from_env()?.validate()?)?;
let verify = NotificationMiddleware::new(wechatpay.receiver().clone());
App::new().service(web::resource("/wechatpay/notify").wrap(verify).post(paid))"#;

const ROCKET: &str = r#"// cargo add wechatpay-rocket wechatpay-core; the credentials stand in Rocket.toml
#[post("/wechatpay/notify", data = "<notification>")]
fn paid(notification: Notification<Transaction>) -> Result<Ack, Refusal> {
    // Verified and decrypted. Compare order, payee, amount and currency before the goods leave.
    let order = expected(notification.out_trade_no.as_str()).ok_or(Refusal::failed())?;
    notification.0.confirm(&order).map_err(|_| Refusal::contradicted())?;
    Ok(Ack)
}

rocket::build().attach(NotificationFairing::from_figment()).mount("/", routes![paid])"#;

const PYTHON: &str = r#"# pip install wechatpayv3
pay = WeChatPay(
    wechatpay_type=WeChatPayType.NATIVE,
    mchid=os.environ["WECHATPAY_MCHID"],
    private_key=open(os.environ["WECHATPAY_PRIVATE_KEY_FILE"]).read(),
    cert_serial_no=os.environ["WECHATPAY_SERIAL_NO"],
    apiv3_key=os.environ["WECHATPAY_API_V3_KEY"],
    appid=os.environ["WECHATPAY_APPID"],
    notify_url="http://127.0.0.1:3000/wechatpay/notify",
    public_key=open(os.environ["WECHATPAY_PUBLIC_KEY_FILE"]).read(),
    public_key_id=os.environ["WECHATPAY_PUBLIC_KEY_ID"],
)
pay._core._gate_way = os.environ["WECHATPAY_BASE_URL"]"#;

const NODE: &str = r#"// npm install wechatpay-axios-plugin
const env = process.env;
const wxpay = new Wechatpay({
  baseURL: env.WECHATPAY_BASE_URL + '/',
  mchid: env.WECHATPAY_MCHID,
  serial: env.WECHATPAY_SERIAL_NO,
  privateKey: readFileSync(env.WECHATPAY_PRIVATE_KEY_FILE),
  certs: { [env.WECHATPAY_PUBLIC_KEY_ID]: readFileSync(env.WECHATPAY_PUBLIC_KEY_FILE) },
});"#;

pub(super) async fn connect(visit: Visit) -> Response {
    let shared = visit.shared();
    let merchants: Vec<_> = shared.merchants.iter().collect();
    let named = |mchid: &str| merchants.iter().find(|merchant| merchant.mchid.as_str() == mchid);
    let chosen = visit
        .query
        .get("mchid")
        .and_then(named)
        .or_else(|| named(DEMO_MCHID))
        .or_else(|| merchants.first());
    let config = chosen
        .map(|merchant| credentials::settings(shared, merchant))
        .unwrap_or_default();
    let mchid = config.mchid.as_deref().unwrap_or("–");
    let env = credentials::env_lines_of(&config).join("\n");
    visit.page(
        Some(Tab::Connect),
        visit.pick("Connect", "接入"),
        &html! {
            @if merchants.len() > 1 {
                nav class="tabs" aria-label=(visit.pick("Merchant", "商户")) {
                    @for merchant in &merchants {
                        a href=(visit.to(&format!("/connect?mchid={}", merchant.mchid)))
                            aria-current=[(merchant.mchid.as_str() == mchid).then_some("true")]
                        { (merchant.name) " " (merchant.mchid) }
                    }
                }
            }
            section class="card" {
                dl class="facts" {
                    dt { (visit.pick("Gateway", "网关")) } dd class="id" { (shared.base_url) }
                    dt { (visit.pick("Merchant", "商户号")) } dd class="id" { (mchid) }
                    dt { "appid" } dd class="id" { (config.appid.as_deref().unwrap_or("–")) }
                    dt { (visit.pick("JSAPI in a browser", "浏览器中的 JSAPI")) }
                    dd class="id" { "<script src=\"" (shared.base_url) "/js/wx-bridge.js\"></script>" }
                }
                p class="quiet note" {
                    (visit.pick(
                        "These keys are public: good for this sandbox, and for nothing else.",
                        "这些密钥是公开的，只能用于此沙箱。",
                    ))
                }
            }
            @if config.private_key.is_none() {
                p class="told warn" {
                    (visit.pick(
                        "The sandbox has this merchant's public key only: put the private key in yourself.",
                        "沙箱只有该商户的公钥：私钥请自行填写。",
                    ))
                }
            }
            (forms(&visit, &[
                (".env", env),
                ("TOML", toml("wechatpay", &config)),
                ("Rocket.toml", toml("default.wechatpay", &config)),
            ]))
            h2 { (visit.pick("The first lines", "最初几行代码")) }
            (forms(&visit, &[
                ("axum", AXUM.to_owned()),
                ("actix-web", ACTIX.to_owned()),
                ("Rocket", ROCKET.to_owned()),
                ("Python", PYTHON.to_owned()),
                ("Node.js", NODE.to_owned()),
            ]))
            p class="quiet" {
                (visit.pick(
                    "Any other client works too: same keys, same signatures, another address.",
                    "其他语言的客户端同样可用：密钥与签名都不变，只需更换网关地址。",
                ))
            }
        },
    )
}

/// Texts behind their names; the first is open.
fn forms(visit: &Visit, forms: &[(&str, String)]) -> Markup {
    html! {
        @for (index, (name, text)) in forms.iter().enumerate() {
            details class="card" id={ "form-" (name) } open[index == 0] {
                summary { strong { (name) } }
                (parts::code(visit, text))
            }
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
