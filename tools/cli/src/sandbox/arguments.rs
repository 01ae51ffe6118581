//! Command-line flags, each also an environment variable, and the greeting.

use std::{
    fmt::Write as _,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    time::Duration,
};

use clap::{CommandFactory as _, FromArgMatches as _, Parser, ValueEnum};
use wechatpay_core::{
    Clock,
    testing::{DEMO_APPID, DEMO_MCHID, DEMO_SUB_MCHID},
};
use wechatpay_sandbox::{
    Event, EventKind, Fault, FaultRule, KeyMode, Language, MerchantSpec, RetrySchedule, Sandbox,
    SandboxBuilder,
};

use super::{
    config_file::{self, Problem},
    terminal::Qr,
};
use crate::{cli, language::Lang};

/// Examples at the end of the help.
const EXAMPLES: &str = "\
Examples:
  wechatpay sandbox --write-env .                      keys and settings of a demo merchant
  wechatpay sandbox --clock manual --keys mixed        days that pass when told, both kinds of keys
  wechatpay sandbox --fault 'status=503' --open        a bad day, watched in the browser";

/// Run a local gateway with a cashier and a dashboard
///
/// It signs as the platform does, moves no money, and lets nothing leave this machine.
#[derive(Debug, Parser)]
#[command(name = cli::SANDBOX, after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The port; a free one is taken if it is in use
    #[arg(long, env = "WECHATPAY_SANDBOX_PORT", default_value_t = 8640)]
    port: u16,

    /// The address to listen on; anyone who reaches it may pay, so stay on loopback
    #[arg(long, env = "WECHATPAY_SANDBOX_BIND", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    bind: IpAddr,

    /// Base URL for others, if it differs from the address above
    #[arg(long, value_name = "URL", env = "WECHATPAY_SANDBOX_PUBLIC_URL")]
    public_url: Option<String>,

    /// Which keys the platform signs with
    #[arg(long, value_enum, env = "WECHATPAY_SANDBOX_KEYS", default_value_t = Keys::Pubkey)]
    keys: Keys,

    /// With mixed keys, the percentage of notifications signed with the public key
    #[arg(
        long,
        value_name = "PERCENT",
        env = "WECHATPAY_SANDBOX_PUBKEY_PERCENT",
        default_value_t = 50.0
    )]
    pubkey_percent: f64,

    /// When a notification is tried again; `fast` is sixty times as fast as the platform
    #[arg(long, value_enum, env = "WECHATPAY_SANDBOX_RETRY", default_value_t = Retry::Real)]
    retry: Retry,

    /// The probability of a signature probe before a notification; a receiver must refuse it
    #[arg(
        long,
        value_name = "PROBABILITY",
        env = "WECHATPAY_SANDBOX_SIGNTEST",
        default_value_t = 0.05
    )]
    signtest: f64,

    /// Fix ids, nonces and probabilities, so that two runs differ in their times only
    #[arg(long, value_name = "NUMBER", env = "WECHATPAY_SANDBOX_SEED")]
    seed: Option<u64>,

    /// Seconds that a refund, a profit share or a withdrawal is under way
    #[arg(
        long,
        value_name = "SECONDS",
        env = "WECHATPAY_SANDBOX_SETTLE_DELAY",
        default_value_t = 3
    )]
    settle_delay: u32,

    /// Clock: `system`, `adjustable`, `manual`, or a factor such as `x60`
    ///
    /// `system` runs by itself; `adjustable` does too, and the dashboard or the admin API turns it forward; `manual`
    /// only moves when it is turned; `x60` runs sixty times as fast (from x1 to x1000000). Signatures follow the
    /// system's time in any case
    #[arg(
        long,
        value_name = "CLOCK",
        env = "WECHATPAY_SANDBOX_CLOCK",
        default_value = "system",
        value_parser = clock_kind
    )]
    clock: ClockKind,

    /// Refuse requests that production refuses, instead of printing a lint
    #[arg(long, env = "WECHATPAY_SANDBOX_STRICT")]
    strict: bool,

    /// Leave the hints (detail.sandbox) out of errors
    #[arg(long, env = "WECHATPAY_SANDBOX_PURE")]
    pure: bool,

    /// `code_url` of a Native order: WeChat's scheme, or the address of the cashier
    #[arg(long, value_enum, env = "WECHATPAY_SANDBOX_CODE_URL", default_value_t = CodeUrl::Wechat)]
    code_url: CodeUrl,

    /// Write the demo merchant's keys and .env.sandbox into this directory
    ///
    /// Those of other merchants go into directories below it
    #[arg(
        long,
        visible_alias = "init",
        value_name = "DIR",
        env = "WECHATPAY_SANDBOX_WRITE_ENV"
    )]
    pub(crate) write_env: Option<PathBuf>,

    /// Continue from this file and keep it up to date
    ///
    /// It is saved at the end, and every two seconds if something happened. A new one is made if there is none. Its
    /// random numbers and faults take precedence over --seed and --fault
    #[arg(long, value_name = "FILE", env = "WECHATPAY_SANDBOX_STATE")]
    pub(crate) state: Option<PathBuf>,

    /// Make new keys for platform and merchants instead of the public ones
    ///
    /// Not with --state
    #[arg(long, env = "WECHATPAY_SANDBOX_FRESH_KEYS")]
    fresh_keys: bool,

    /// A TOML file with flags, merchants and faults; see the README
    #[arg(long, value_name = "FILE", env = "WECHATPAY_SANDBOX_CONFIG")]
    pub(crate) config: Option<PathBuf>,

    /// Start also with the keys of a real merchant
    #[arg(long, env = "WECHATPAY_SANDBOX_I_KNOW")]
    pub(crate) i_know: bool,

    /// The merchants of the file
    #[arg(skip)]
    pub(crate) merchants: Vec<MerchantSpec>,

    /// Allow a host besides loopback for notifications and returns; may be repeated
    #[arg(
        long,
        value_name = "HOST",
        env = "WECHATPAY_SANDBOX_ALLOW_NOTIFY_HOST",
        value_delimiter = ','
    )]
    allow_notify_host: Vec<String>,

    /// A private CA of receivers over https, in PEM
    ///
    /// The usual roots are trusted anyway
    #[arg(long, value_name = "FILE", env = "WECHATPAY_SANDBOX_CA")]
    ca: Option<PathBuf>,

    /// The language of the cashier; default: the browser's preference
    #[arg(long, value_enum, env = "WECHATPAY_SANDBOX_LANG")]
    lang: Option<Lang>,

    /// A fault that fires whenever it can, such as `delay=2s`; may be repeated
    ///
    /// It may also be a rule as JSON. The names are at /_sandbox/api/faults/catalogue
    #[arg(long, value_name = "FAULT", value_parser = rule)]
    fault: Vec<FaultRule>,

    /// Output of events: a line for people, a line of JSON, or none
    #[arg(long, value_enum, env = "WECHATPAY_SANDBOX_LOG", default_value_t = Log::Pretty)]
    log: Log,

    /// Draw a QR code of the cashier's address for each Native order
    ///
    /// A telephone reaches it with --bind and --public-url
    #[arg(long, value_enum, env = "WECHATPAY_SANDBOX_QR", default_value_t = Qr::Auto)]
    qr: Qr,

    /// Open the dashboard in the browser
    #[arg(long, env = "WECHATPAY_SANDBOX_OPEN")]
    open: bool,

    /// Do not open it, even if the environment variable is set
    #[arg(long)]
    no_open: bool,

    /// The same as --log quiet
    #[arg(long, env = "WECHATPAY_SANDBOX_QUIET")]
    quiet: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Keys {
    Pubkey,
    Cert,
    Mixed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Retry {
    Real,
    Fast,
    None,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum CodeUrl {
    Wechat,
    Http,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum ClockKind {
    System,
    Adjustable,
    Manual,
    Scaled(f64),
}

fn clock_kind(text: &str) -> Result<ClockKind, String> {
    match text {
        "system" => Ok(ClockKind::System),
        "adjustable" => Ok(ClockKind::Adjustable),
        "manual" => Ok(ClockKind::Manual),
        _ => text
            .strip_prefix('x')
            .and_then(|factor| factor.parse().ok())
            .filter(|factor| (1.0..=1_000_000.0).contains(factor))
            .map(ClockKind::Scaled)
            .ok_or_else(|| {
                "a clock is system, adjustable, manual, or x1 to x1000000, x60 for instance".to_owned()
            }),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Log {
    Pretty,
    Json,
    Quiet,
}

/// A fault by its name fires whenever it can; JSON says all else.
fn rule(text: &str) -> Result<FaultRule, String> {
    if text.starts_with('{') {
        return serde_json::from_str(text).map_err(|error| error.to_string());
    }
    let fault: Fault = text.parse().map_err(|error| format!("{error}"))?;
    Ok(fault.always())
}

impl Arguments {
    /// Adds the values of the file, if one is named.
    ///
    /// The command line and the environment win. Ends the process for arguments that clap rejects.
    ///
    /// # Errors
    /// A file that cannot be used, or a key that looks real.
    pub(crate) fn with_file(self) -> Result<Self, Problem> {
        let Some(path) = &self.config else {
            return Ok(self);
        };
        let file = config_file::read(path, Self::command())?;
        let matches = cli::sandbox_matches(file.command);
        let mut arguments = Self::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
        if let Some(problem) = file.real.filter(|_| !arguments.i_know) {
            return Err(problem);
        }
        arguments.merchants = file.merchants;
        if arguments.fault.is_empty() {
            arguments.fault = file.faults;
        }
        Ok(arguments)
    }

    /// An event as it is to be printed; `None` if it is not.
    pub(crate) fn line(&self, sandbox: &Sandbox, event: &Event) -> Option<String> {
        match self.log {
            _ if self.quiet => None,
            Log::Pretty => {
                let code = self.code(sandbox, event).unwrap_or_default();
                Some(format!("{event}\n{code}"))
            }
            Log::Json => Some(format!("{}\n", event.to_json())),
            Log::Quiet => None,
        }
    }

    /// Returns true if the binary opens the dashboard.
    pub(crate) fn opens(&self) -> bool {
        self.open && !self.no_open
    }

    /// The code to scan, if this event is a Native order.
    fn code(&self, sandbox: &Sandbox, event: &Event) -> Option<String> {
        let EventKind::Request {
            path,
            status,
            out_trade_no: Some(number),
            ..
        } = &event.kind
        else {
            return None;
        };
        if !path.ends_with("/native") || !status.is_success() {
            return None;
        }
        let address = sandbox.cashier_url(number)?;
        Some(format!("{}  {address}\n", self.qr.draw(&address)?))
    }

    /// The sandbox that the flags ask for.
    ///
    /// # Errors
    /// A merchant of the file that cannot be, flags that do not go together.
    pub(crate) fn builder(&mut self) -> Result<SandboxBuilder, String> {
        if self.fresh_keys && self.state.is_some() {
            return Err(
                "--state and --fresh-keys do not go together: at the next start the keys would be others than those the state knows"
                    .to_owned(),
            );
        }
        let keys = match self.keys {
            Keys::Pubkey => KeyMode::PublicKey,
            Keys::Cert => KeyMode::Certificate,
            Keys::Mixed => KeyMode::Mixed,
        };
        let retry = match self.retry {
            Retry::Real => RetrySchedule::real(),
            Retry::Fast => RetrySchedule::fast(),
            Retry::None => RetrySchedule::none(),
        };
        let mut builder = Sandbox::builder()
            .pages(wechatpay_dashboard::pages)
            .lenient()
            .fresh_keys(self.fresh_keys)
            .address(SocketAddr::new(self.bind, self.port))
            .or_free_port(true)
            .keys(keys)
            .public_key_percent(self.pubkey_percent)
            .retry(retry)
            .signtest(self.signtest)
            .settle_delay(Duration::from_secs(self.settle_delay.into()))
            .strict(self.strict)
            .pure(self.pure)
            .http_code_url(self.code_url == CodeUrl::Http);
        builder = match self.clock {
            ClockKind::System => builder,
            ClockKind::Adjustable => builder.adjustable_clock(),
            ClockKind::Manual => builder.manual_clock_at(Clock::system().now()),
            ClockKind::Scaled(factor) => builder.scaled_clock(factor),
        };
        if let Some(seed) = self.seed {
            builder = builder.seed(seed);
        }
        if let Some(url) = &self.public_url {
            builder = builder.public_url(url);
        }
        if let Some(lang) = self.lang {
            builder = builder.language(match lang {
                Lang::En => Language::English,
                Lang::Zh => Language::Chinese,
            });
        }
        for rule in &self.fault {
            builder = builder.fault(rule.clone());
        }
        for host in &self.allow_notify_host {
            builder = builder.allow_notify_host(host);
        }
        if let Some(path) = &self.ca {
            let pem =
                std::fs::read_to_string(path).map_err(|error| format!("--ca {}: {error}", path.display()))?;
            builder = builder.ca(pem);
        }
        for merchant in self.merchants.drain(..) {
            builder = builder.merchant(config_file::with_key(merchant, self.fresh_keys)?);
        }
        Ok(builder)
    }

    /// The greeting of a started sandbox: its address, its merchants, the next step.
    pub(crate) fn greeting(&self, sandbox: &Sandbox, others: &[String], env_file: Option<&Path>) -> String {
        let base_url = sandbox.base_url();
        let port = sandbox.address().port();
        let taken = if self.port != 0 && port != self.port {
            format!("  (port {} is taken)", self.port)
        } else {
            String::new()
        };
        let keys = match self.keys {
            Keys::Pubkey => "WeChat Pay public key",
            Keys::Cert => "platform certificates",
            Keys::Mixed => "public key and platform certificates",
        };
        let retries = match self.retry {
            Retry::Real => "15 within 24 h, as on the platform",
            Retry::Fast => "15 within 24 min",
            Retry::None => "none",
        };
        let (env, next) = match env_file {
            Some(path) => {
                let path = path.display();
                (
                    path.to_string(),
                    format!("set -a; . '{path}'; set +a   then start your app"),
                )
            }
            None => (
                "none".to_owned(),
                "start again with --write-env DIR to get the merchant's keys".to_owned(),
            ),
        };
        let version = env!("CARGO_PKG_VERSION");
        let made = if self.fresh_keys { "new keys" } else { "demo keys" };
        let mut text =
            format!("wechatpay sandbox {version}: no real money, {made}, nothing leaves this machine\n");
        for (name, value) in [
            ("gateway", format!("{base_url}{taken}")),
            ("dashboard", format!("{base_url}/_sandbox")),
            ("cashier", format!("{base_url}/cashier/native")),
            ("admin api", format!("{base_url}/_sandbox/openapi.json")),
            (
                "merchant",
                format!("{DEMO_MCHID}, sub-merchant {DEMO_SUB_MCHID}, app {DEMO_APPID}"),
            ),
            ("others", others.join(", ")),
            ("keys", keys.to_owned()),
            ("retries", retries.to_owned()),
            ("env file", env),
            ("next", next),
        ] {
            if !value.is_empty() {
                // Writing to a string does not fail.
                let _ = writeln!(text, "  {name:<9} {value}");
            }
        }
        if let Some(path) = &self.state {
            let _ = writeln!(
                text,
                "  {:<9} {}, saved every two seconds and at the end",
                "state",
                path.display()
            );
        }
        if !self.bind.is_loopback() {
            text.push_str("  warning   others can reach this address, and whoever can may pay\n");
        }
        text.push_str("waiting for requests (Ctrl-C stops; times are Beijing time)\n");
        text
    }
}
