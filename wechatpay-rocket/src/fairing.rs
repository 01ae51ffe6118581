//! Fairing that receives notifications.

use std::{
    fmt,
    sync::{Mutex, PoisonError},
};

use rocket::{
    Build, Orbit, Request, Response, Rocket,
    fairing::{self, Fairing, Info, Kind},
};
use wechatpay_core::{
    keys::RefreshGuard,
    notify::{MerchantReceivers, NotificationReceiver},
};
use wechatpay_tower::WechatPay;

use crate::{
    rejected,
    source::{ReceiverSource, Select, by_path},
};

/// Manages the receiver, refreshes platform certificates, and shapes rejections.
///
/// It starts and stops with the rocket. Rejections get the platform's JSON. A handler's 2xx that is not
/// [`Ack`](crate::Ack) becomes 500, with one ERROR line.
///
/// | Made by | Receives for | `&State<WechatPay>` |
/// |---|---|---|
/// | `from_figment()` | the merchant of `[default.wechatpay]` in Rocket.toml or `ROCKET_WECHATPAY='{…}'` | yes |
/// | [`new`](Self::new) | the merchant of a `WechatPay` | yes |
/// | [`receiver`](Self::receiver) | one merchant | no |
/// | [`many`](Self::many) | the merchant that the path names | no |
pub struct NotificationFairing {
    setup: Mutex<Setup>,
    refresh: Mutex<Option<RefreshGuard>>,
}

/// State to manage at ignition, taken then because a fairing is only borrowed.
enum Setup {
    #[cfg(feature = "hyper")]
    Figment,
    WechatPay(WechatPay),
    Receiver(NotificationReceiver),
    Many(MerchantReceivers, Select),
    Done,
}

impl NotificationFairing {
    fn of(setup: Setup) -> Self {
        Self {
            setup: Mutex::new(setup),
            refresh: Mutex::new(None),
        }
    }

    /// Reads the section `wechatpay` of Rocket's configuration, with the fields of [`Config`](wechatpay_core::Config).
    ///
    /// Wrong settings abort launch; all of them are reported at once.
    #[cfg(feature = "hyper")]
    #[must_use]
    pub fn from_figment() -> Self {
        Self::of(Setup::Figment)
    }

    /// Takes a handle that exists already.
    #[must_use]
    pub fn new(wechatpay: WechatPay) -> Self {
        Self::of(Setup::WechatPay(wechatpay))
    }

    /// Takes a receiver only. The caller keeps its keys up to date.
    #[must_use]
    pub fn receiver(receiver: NotificationReceiver) -> Self {
        Self::of(Setup::Receiver(receiver))
    }

    /// Receives for many merchants, named by the route parameter `<mchid>` or `<_mchid>`.
    ///
    /// If the route has no such parameter, the last segment of the path names the merchant.
    ///
    /// In a handler, [`VerifiedNotification::receiver`](wechatpay_core::notify::VerifiedNotification::receiver) tells the
    /// merchant, not the path.
    #[must_use]
    pub fn many(directory: MerchantReceivers) -> Self {
        Self::many_by(directory, by_path)
    }

    /// Receives for many merchants, named by `select` from the request.
    ///
    /// It runs after the checks of method and headers.
    pub fn many_by(
        directory: MerchantReceivers,
        select: impl Fn(&Request<'_>) -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        Self::of(Setup::Many(directory, Box::new(select)))
    }
}

#[rocket::async_trait]
impl Fairing for NotificationFairing {
    fn info(&self) -> Info {
        Info {
            name: "WeChat Pay",
            kind: Kind::Ignite | Kind::Liftoff | Kind::Response | Kind::Shutdown,
        }
    }

    async fn on_ignite(&self, rocket: Rocket<Build>) -> fairing::Result {
        let setup = std::mem::replace(
            &mut *self.setup.lock().unwrap_or_else(PoisonError::into_inner),
            Setup::Done,
        );
        let wechatpay = match setup {
            #[cfg(feature = "hyper")]
            Setup::Figment => match from_figment(&rocket) {
                Ok(wechatpay) => wechatpay,
                Err(problem) => {
                    rocket::error!("WeChat Pay: {problem}");
                    return Err(rocket);
                }
            },
            Setup::WechatPay(wechatpay) => wechatpay,
            Setup::Receiver(receiver) => return Ok(rocket.manage(ReceiverSource::One(receiver))),
            Setup::Many(directory, select) => {
                return Ok(rocket.manage(ReceiverSource::Many { directory, select }));
            }
            Setup::Done => return Ok(rocket),
        };
        let source = ReceiverSource::One(wechatpay.receiver().clone());
        Ok(rocket.manage(source).manage(wechatpay))
    }

    async fn on_liftoff(&self, rocket: &Rocket<Orbit>) {
        if let Some(wechatpay) = rocket.state::<WechatPay>() {
            *self.refresh.lock().unwrap_or_else(PoisonError::into_inner) = wechatpay.spawn_refresh();
        }
    }

    async fn on_response<'r>(&self, request: &'r Request<'_>, response: &mut Response<'r>) {
        rejected::demand_ack(request, response);
        rejected::apply(request, response);
    }

    async fn on_shutdown(&self, _: &Rocket<Orbit>) {
        drop(self.refresh.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}

/// Section of Rocket's configuration.
#[cfg(feature = "hyper")]
const SECTION: &str = "wechatpay";

#[cfg(feature = "hyper")]
fn from_figment(rocket: &Rocket<Build>) -> Result<WechatPay, String> {
    use wechatpay_core::Config;
    let config: Config = rocket.figment().extract_inner(SECTION).map_err(|error| {
        let problems: Vec<String> = error.into_iter().map(|error| problem(&error)).collect();
        format!(
            "Rocket's configuration of WeChat Pay cannot be read: {}; see wechatpay_core::Config",
            problems.join("; ")
        )
    })?;
    let settings = config.validate().map_err(|problems| problems.to_string())?;
    WechatPay::new(&settings).map_err(|error| error.to_string())
}

/// Says where and what, but never a value: it may be a secret.
#[cfg(feature = "hyper")]
fn problem(error: &rocket::figment::Error) -> String {
    use rocket::figment::error::Kind;
    // figment puts the section behind the keys inside of it.
    let inner = error
        .path
        .iter()
        .map(String::as_str)
        .filter(|key| *key != SECTION);
    let path: Vec<&str> = std::iter::once(SECTION).chain(inner).collect();
    let what = match &error.kind {
        Kind::MissingField(field) if field == SECTION => "the section is missing".into(),
        Kind::MissingField(field) => format!("`{field}` is missing"),
        Kind::UnknownField(field, _) => format!("there is no setting `{field}`"),
        Kind::DuplicateField(field) => format!("`{field}` stands twice"),
        Kind::InvalidType(_, expected)
        | Kind::InvalidValue(_, expected)
        | Kind::InvalidLength(_, expected) => {
            format!("must be {expected}")
        }
        _ => "cannot be read".into(),
    };
    format!("{}: {what}", path.join("."))
}

impl fmt::Debug for NotificationFairing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NotificationFairing(..)")
    }
}

#[cfg(all(test, feature = "hyper"))]
mod tests {
    use rocket::figment::{Figment, providers::Serialized};

    use super::from_figment;

    #[test]
    fn a_setting_that_cannot_be_read_is_named_with_its_cause_and_without_its_value() {
        for (section, expected) in [
            (
                serde_json::json!({ "certificates": "CANARY" }),
                "wechatpay.certificates: must be a boolean",
            ),
            (
                serde_json::json!({ "serialno": "CANARY" }),
                "there is no setting `serialno`",
            ),
            (
                serde_json::json!({ "mchid": ["CANARY"] }),
                "wechatpay.mchid: must be a string",
            ),
        ] {
            let figment =
                Figment::from(rocket::Config::default()).merge(Serialized::default("wechatpay", section));
            let problem = from_figment(&rocket::custom(figment)).unwrap_err();
            assert!(problem.contains(expected), "{problem}");
            assert!(!problem.contains("CANARY"), "{problem}");
        }
        let nothing = from_figment(&rocket::custom(rocket::Config::default())).unwrap_err();
        assert!(nothing.contains("wechatpay: the section is missing"), "{nothing}");
    }
}
