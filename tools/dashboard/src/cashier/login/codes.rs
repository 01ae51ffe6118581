//! Codes: each is exchanged once, within five minutes.

use crate::web::Recent;
use wechatpay_sandbox::{handle::engine::Engine, world::orders::buyer::Buyer};

/// Life of a code in seconds.
const LIFE: i64 = 300;

/// A login that waits for its exchange.
#[derive(Clone)]
pub(super) struct Login {
    pub(super) appid: String,
    pub(super) buyer: Buyer,
    pub(super) scope: String,
}

struct Code {
    login: Login,
    given: i64,
    is_used: bool,
}

/// Why a code gives no openid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CodeProblem {
    /// Never given out, given to another app, or expired.
    Invalid,
    Used,
}

/// Codes that were given out.
#[derive(Default)]
pub(crate) struct Codes(Recent<Code>);

impl Codes {
    /// Gives out a code.
    pub(super) fn give(&self, engine: &Engine, login: Login) -> String {
        let code = engine.world.secrets.token();
        self.keep(code.clone(), engine, login);
        code
    }

    fn keep(&self, code: String, engine: &Engine, login: Login) {
        let kept = Code {
            login,
            given: engine.world.clock.now(),
            is_used: false,
        };
        self.0.put(code, kept);
    }

    /// Uses a code up.
    pub(super) fn take(&self, engine: &Engine, appid: &str, code: &str) -> Result<Login, CodeProblem> {
        let now = engine.world.clock.now();
        let taken = self.0.with(code, |code| {
            if code.login.appid != appid || now.saturating_sub(code.given) > LIFE {
                return Err(CodeProblem::Invalid);
            }
            if std::mem::replace(&mut code.is_used, true) {
                return Err(CodeProblem::Used);
            }
            Ok(code.login.clone())
        });
        taken.unwrap_or(Err(CodeProblem::Invalid))
    }

    /// Uses a code of a mini program up.
    ///
    /// It is a buyer's name, with anything behind a hyphen.
    pub(super) fn take_of_mini_program(
        &self,
        engine: &Engine,
        appid: &str,
        code: &str,
    ) -> Result<Login, CodeProblem> {
        let name = code.split('-').next().unwrap_or_default();
        let buyer = Buyer::from_name(name).ok_or(CodeProblem::Invalid)?;
        // Apart from the codes of pages, whose keys have no colon.
        let key = format!("{appid}:{code}");
        if self.0.with(&key, |_| ()).is_none() {
            let login = Login {
                appid: appid.to_owned(),
                buyer,
                scope: String::new(),
            };
            self.keep(key.clone(), engine, login);
        }
        self.take(engine, appid, &key)
    }
}
